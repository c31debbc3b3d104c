"""What a comparison asks, and what it answers. All frozen: they cross threads."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from core.alignment.overlap import share_of
from core.buffer import ImageBuffer, PictureInfo
from core.histograms import Histograms
from core.jury import Disagreement, Verdict, disagreements, verdicts
from core.maps import DifferenceMap
from core.settings import Settings
from core.types import MeasureValue, Notice, Pixels, Region, Tile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.alignment.types import Alignment
    from core.places.results import PlaceResult

VERSION: Final = "0.1.0"
SCHEMA: Final = 1
"""Version of the JSON document that `Result.to_dict` makes."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question: two pictures and the settings.

    Attributes
    ----------
    a, b
        The pictures.
    settings
        Everything else that decides the answer.
    measures
        Names of exactly the measures wanted; None for the usual ones and those of
        `core.wanted.MeasuresParams`. Leaving some out changes no other number.
    regions
        Whether the list of regions is wanted.
    histograms
        Whether the histograms of A and B are wanted (that of the difference is always made).
    preview
        Whether a `Preview` comes before the exact answer.
    region_measures
        Whether the largest regions are measured one by one.
    intervals
        Whether means come with the interval in which they vary between parts of the scene. Without,
        every number is the same.
    """

    a: ImageBuffer
    b: ImageBuffer
    settings: Settings = field(default_factory=Settings)
    measures: frozenset[str] | None = None
    regions: bool = True
    histograms: bool = True
    preview: bool = False
    region_measures: bool = False
    intervals: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """What decides the answer; equal keys have equal answers."""
        pair = self.a.key, self.b.key
        wanted = self.measures, self.regions, self.histograms, self.region_measures
        return (*pair, self.settings, *wanted, self.intervals)


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The chain on overviews: for the eye, never for numbers.

    Attributes
    ----------
    tile
        Both pictures after the stages at the tile's level, over the whole canvas.
    codes
        (h, w) uint8 codes of the difference map at the same level.
    low, high
        What codes 0 and 255 stand for.
    """

    tile: Tile
    codes: Pixels
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the exact answer is done, 0...1, and what is being done."""

    share: float
    doing: str


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """The exact answer is there."""

    result: Result


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The exact answer to one `Request`.

    Attributes
    ----------
    a, b
        What is said of the pictures.
    settings
        The settings that made it.
    shape
        (height, width) of the canvas, the frame of A's coordinates.
    pixels
        Pixels at which both pictures exist and are finite, of those that count (`core.places`):
        every number stands on these.
    over
        How many of them count as different.
    measures
        Name -> value, in the order of the table.
    histograms, map
        Exact, over all valid pixels.
    regions
        Largest area first; at most `core.regions.rule.MAX_LISTED`.
    region_count
        How many there are in all.
    alignment
        None when align is off.
    notices
        Everything a person must be told.
    summaries
        Name of a Params group -> a few words for beside its toggle.
    differs
        Whether any pixel is over the tolerance, or the sizes differ.
    timings
        Seconds by part of the work.
    values
        ``"linear light"`` or ``"sRGB-encoded"``: what the numbers are those of; empty where
        neither picture says it.
    places
        The numbers of each place, as listed in the settings.
    region_measures
        Name -> value over the rectangle of each of the largest regions, in their order; empty
        unless asked for.
    """

    a: PictureInfo
    b: PictureInfo
    settings: Settings
    shape: tuple[int, int]
    pixels: int
    over: int
    measures: Mapping[str, MeasureValue]
    histograms: Histograms
    map: DifferenceMap
    regions: tuple[Region, ...]
    region_count: int
    alignment: Alignment | None
    notices: tuple[Notice, ...]
    summaries: Mapping[str, str]
    differs: bool
    timings: Mapping[str, float]
    values: str = ""
    places: tuple[PlaceResult, ...] = ()
    region_measures: tuple[Mapping[str, MeasureValue], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document: plain values, infinities and nan as strings."""
        return {
            "pairlens": VERSION,
            "schema": SCHEMA,
            "a": _picture(self.a),
            "b": _picture(self.b),
            "settings": self.settings.to_dict(),
            "values": self.values or "as stored",
            "pixels": self.pixels,
            "over": self.over,
            "differs": self.differs,
            "measures": _measures(self.measures),
            "disagreements": [
                _disagreement(d) for d in disagreements(self.measures, self.settings)
            ],
            "alignment": None if self.alignment is None else _alignment(self.alignment, self.a),
            "regions": [
                _region(r, self.region_measures[k] if k < len(self.region_measures) else None)
                for k, r in enumerate(self.regions)
            ],
            "region_count": self.region_count,
            "places": [_place(p) for p in self.places],
            "notices": [n.text for n in self.notices],
            "timings": dict(self.timings),
        }


def plain(value: float) -> float | str:
    """Return a JSON number; inf, -inf and nan become strings."""
    return value if math.isfinite(value) else str(value)


def _picture(info: PictureInfo) -> dict[str, Any]:
    frame = info.contents.frame
    return {
        "path": info.path,
        "sha256": info.sha256,
        "width": info.width,
        "height": info.height,
        "dtype": info.dtype,
        "channels": info.channels,
        "bits": info.bits,
        "encoding": info.encoding,
        "alpha": info.alpha,
        "address": info.address,
        "page": info.contents.page + 1,
        "pages": info.contents.pages,
        "layer": info.contents.layer,
        **({"frame": frame} if frame >= 0 else {}),
        "meta": dict(info.meta),
    }


def _measures(measures: Mapping[str, MeasureValue]) -> dict[str, Any]:
    said = verdicts(measures)
    return {name: _measure(m, said.get(name)) for name, m in measures.items()}


def _measure(m: MeasureValue, said: Verdict | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "value": plain(m.value),
        "unit": m.unit,
        "better": m.better,
        "pixels": m.pixels,
    }
    if m.at is not None:
        document["x"], document["y"] = m.at[1], m.at[0]
    if m.interval is not None:
        document["interval"] = [plain(x) for x in m.interval]
    if said is not None:
        document["verdict"] = said.word
    return document


def _disagreement(d: Disagreement) -> dict[str, Any]:
    place = None if d.map is None else str(d.map)
    return {"text": d.text, "calm": d.calm, "alarmed": d.alarmed, "map": place}


def _alignment(a: Alignment, picture: PictureInfo) -> dict[str, Any]:
    moved = a.motion
    return {
        "model": a.model,
        "matrix": [list(row) for row in a.matrix],
        "confidence": a.confidence,
        "expected_error_px": plain(a.expected_error_px),
        "accepted": a.accepted,
        "reason": a.reason,
        "asked": a.asked or a.model,
        "motion": None if moved is None else {n: plain(v) for n, v in asdict(moved).items()},
        "overlap": [list(point) for point in a.overlap],
        "overlap_share": share_of(a.overlap, (picture.height, picture.width)),
        "iterations": a.iterations,
        "nudge": list(a.nudge),
        "pins": [plain(d) for d in a.pins],
        "arrows": [
            {"x": r.x, "y": r.y, "dx": r.dx, "dy": r.dy, "counted": r.counted} for r in a.arrows
        ],
    }


def _place(p: PlaceResult) -> dict[str, Any]:
    return {
        "name": p.name,
        "shape": p.shape,
        "tolerance": p.tolerance,
        "pixels": p.pixels,
        "measures": _measures(p.measures),
    }


def _region(r: Region, measures: Mapping[str, MeasureValue] | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "x": r.rect.col,
        "y": r.rect.row,
        "width": r.rect.width,
        "height": r.rect.height,
        "area": r.area,
        "peak": plain(r.peak),
        "mean": plain(r.mean),
    }
    if measures is not None:
        document["measures"] = _measures(measures)
    return document
