"""A page for people: everything in one file, nothing fetched, nothing to install."""

from __future__ import annotations

import math
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core import device, metadata
from core.format import (
    NONE,
    count,
    direction,
    headlines,
    interval_text,
    measure_text,
    number,
    over_tolerance,
    picture_text,
    tolerance_of,
    verdict,
    with_unit,
)
from core.jury import Aspect, disagreements, verdicts, words_of
from core.places.results import MAIN
from core.regions.rule import RegionParams
from core.registry import all_params
from core.reports import _alignment, _charts, _json, _pictures
from core.threshold import knee, otsu, points_at, region_curve
from core.types import Token

if TYPE_CHECKING:
    from core.buffer import PictureInfo
    from core.reports import Report
    from core.result import Result
    from core.settings import Params, Ui
    from core.threshold import RegionPoint
    from core.types import MeasureValue, Pixels

SUFFIX: Final = ".html"
TITLE: Final = "Page for people (HTML)"
FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "report"
MAX_ROWS: Final = 100
"""Regions in the table; the embedded document has all that are listed."""
CURVE_PIXELS: Final = 1 << 24
"""Of larger pictures the curve has no regions: they would take many seconds."""
SMALL: Final = 480
"""Pictures narrower than this are enlarged with hard pixel edges, not smoothed."""


def write(report: Report, path: Path) -> None:
    """Write the page, UTF-8."""
    path.write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    """Return the page as text; every text that comes from outside is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow to load
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    result = report.result
    tolerance, over = tolerance_of(result), over_tolerance(result)
    ends = {k: result.histograms.value_text(k) for k in (0, 255)}
    charts = [
        (name, Markup(_charts.channel_chart(name, a.tolist(), b.tolist(), ends)))
        for name, a, b in zip(
            result.histograms.channels, result.histograms.a, result.histograms.b, strict=True
        )
    ]
    points = _region_points(result)
    rows = metadata.rows(result.a, result.b)
    # "<" inside a script element could end it; in JSON it can always be written as an escape.
    document = _json.text(result).replace("<", "\\u003c")
    return environment.get_template(
        "report.html.jinja"
    ).render(
        report=report,
        result=result,
        style=Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
        document=Markup(document),
        verdict=verdict(result).replace(" %", "\u00a0%"),  # no line break inside a number
        headlines=headlines(result),
        pictures=[
            _picture("A", result.a, report.a, report.tone),
            _picture("B", result.b, report.b, report.tone),
        ],
        small=report.heat.shape[1] < SMALL,
        heat={
            "uri": _pictures.data_uri(report.heat, exact=True),
            "width": report.heat.shape[1],
            "height": report.heat.shape[0],
            "boxes": [box._asdict() for box in _pictures.boxes(report)[:MAX_ROWS]],
        },
        legend=_legend(report, tolerance),
        charts=charts,
        difference_chart=Markup(_charts.difference_chart(result.histograms, tolerance, over)),
        threshold_chart=Markup(_charts.threshold_chart(result.histograms, tolerance, points)),
        region_points=points,
        jury=_jury(result),
        verdicts=verdicts(result.measures),
        disagreements=disagreements(result.measures, result.settings),
        regions=result.regions[:MAX_ROWS],
        places=result.places,
        bare=_bare,
        place_unit=next(
            (p.measures["rmse"].unit for p in result.places if "rmse" in p.measures), "levels"
        ),
        place_measures=[
            name for name in MAIN if result.places and name in result.places[0].measures
        ],
        headings=MAIN,
        alignment=_alignment.section(result),
        groups=[
            _group(result.settings[kind], result.summaries.get(kind.name, ""))
            for kind in all_params()
        ],
        device=device.verdict(result.a, result.b).text,
        fields=[(name, list(made)) for name, made in groupby(rows, key=lambda row: row.group)],
        missing=NONE,
        number=number,
        count=count,
        measure_text=measure_text,
        interval_text=interval_text,
        direction=direction,
        tolerance=number(tolerance),
    )


def _bare(measure: MeasureValue) -> str:
    """Return a value for a table whose text names the unit, but for shares and decibels."""
    return measure_text(measure) if measure.unit in ("share", "dB") else number(measure.value)


def _picture(letter: str, info: PictureInfo, rgb: Pixels, tone: str) -> dict[str, Any]:
    return {
        "letter": letter,
        "name": info.name,
        "size": ", ".join(filter(None, (picture_text(info), tone))),
        "uri": _pictures.data_uri(rgb),
        "width": rgb.shape[1],
        "height": rgb.shape[0],
    }


def _legend(report: Report, tolerance: float) -> dict[str, Any]:
    """Stops of the colour bar, and where the tolerance lies on it (None: not on it)."""
    span = report.high - report.low
    place = (tolerance - report.low) / span if span else math.nan
    stops = [(k / 32, "#" + bytes(report.ramp[round(k * 255 / 32)]).hex()) for k in range(33)]
    ticks = [(q / 4, number(report.low + span * q / 4)) for q in range(5)]
    ticks = [(0.0, report.ends[0] or ticks[0][1]), *ticks[1:-1], (1.0, report.ends[1])]
    return {
        "stops": stops,
        "ticks": ticks,
        "unit": report.unit,
        "tolerance": place if 0 < place <= 1 and report.unit == "levels" else None,
    }


def _region_points(result: Result) -> list[RegionPoint]:
    """The curve of regions, where it takes no more than a second or two."""
    if math.prod(result.shape) > CURVE_PIXELS:
        return []
    wanted = points_at(result.histograms, knee(result.histograms), otsu(result.histograms))
    return list(region_curve(result.map, result.settings[RegionParams], wanted, Token()))


def _jury(result: Result) -> list[dict[str, Any]]:
    """The measures that have a verdict, those of one aspect together."""
    said = verdicts(result.measures)
    rows = [
        {
            "aspect": verdict.aspect,
            "measure": result.measures[name],
            "level": int(verdict.level),
            "words": words_of(verdict.aspect),
        }
        for name, verdict in said.items()
    ]
    return sorted(rows, key=lambda row: list(Aspect).index(row["aspect"]))


def _group(params: Params, summary: str) -> dict[str, Any]:
    default = type(params)()
    fields = []
    for name, control in type(params).ui_fields().items():
        value = getattr(params, name)
        fields.append(
            {
                "label": control.label,
                "help": control.help,
                "text": _value(value, control),
                "changed": value != getattr(default, name),
            }
        )
    return {
        "title": params.title,
        "about": params.about,
        "on": params.enabled or not params.toggle,
        "toggle": params.toggle,
        "summary": summary,
        "fields": fields,
    }


def _value(value: Any, control: Ui) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return with_unit(value, control.unit)
    return control.choices.get(str(value), str(value)) or NONE
