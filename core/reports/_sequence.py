"""A page for people about a sequence: curves, events with small pictures, counts."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.atomic import replacing
from core.format import NONE, count, number, percent, with_unit
from core.reports import _curves, now, versions
from core.sequence.curves import LIMIT, Curves
from core.sequence.pixels import as_bytes
from core.sequence.tally import early
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.events import Event
    from core.sequence.params import SequenceParams
    from core.sequence.result import FrameResult
    from core.sequence.selection import Selection
    from core.sequence.starts import Start
    from core.sequence.tally import Tally
    from core.sequence.types import Frame
    from core.types import Mask

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "report"
MOST_ROWS: Final = 500
MOST_PICTURES: Final = 60
_SIDE: Final = 160
_QUALITY: Final = 80
_TITLES: Final = {
    "l1_per_pixel": ("Manhattan norm / px", "levels; how far off a frame is on the average"),
    "changed_share": ("Changed pixels", "share of the pixels beyond the tolerance"),
    "foreground_share": ("Foreground", "share of the pixels that stand out from the background"),
    "hist_kl": (
        "Histogram",
        "Kullback–Leibler divergence of its histogram, nats",
    ),
    "flow_mean_px": ("Motion", "pixels from frame to frame, the mean"),
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where an event begins."""

    index: int
    kind: str
    uri: str


class Page:
    """Collects what the page shows, in memory that does not grow with the sequence.

    Parameters
    ----------
    params
        How frames were compared.
    chosen
        Which frames were looked at.
    limit
        Share over which a frame has changed.
    """

    def __init__(self, params: SequenceParams, chosen: Selection, limit: float) -> None:
        self._params, self._chosen, self._limit = params, chosen, limit
        self._curves = Curves(params)
        self._marks: list[_Mark] = []
        self._events: list[Event] = []
        self._pictures = 0

    def add(self, result: FrameResult, begun: list[Start], frame: Frame | None) -> None:
        """Take a frame, and the events that began with it."""
        self._curves.add(result)
        for start in begun:
            if len(self._marks) >= MOST_ROWS:
                return
            uri = ""
            if frame is not None and frame.image is not None and self._pictures < MOST_PICTURES:
                uri = _small(as_bytes(frame.image))
                self._pictures += 1
            self._marks.append(_Mark(start.index, start.kind, uri))

    def event(self, event: Event) -> None:
        """Take an event that is over."""
        if len(self._events) < MOST_ROWS:
            self._events.append(event)

    def write(
        self, path: str | Path, tally: Tally, head: dict[str, Any], *, command: str, ended: str
    ) -> None:
        """Write the page, UTF-8, whole or not at all.

        Raises
        ------
        WriteError
            When the system refuses.
        """
        text = self._text(tally, head, command, ended)
        with replacing(path, "report") as temporary:
            temporary.write_text(text, encoding="utf-8", errors="backslashreplace")

    def _text(self, tally: Tally, head: dict[str, Any], command: str, ended: str) -> str:
        from jinja2 import (  # noqa: PLC0415 - slow to load
            Environment,
            FileSystemLoader,
            StrictUndefined,
        )
        from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

        environment = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        styles = [(FOLDER / f"{n}.css").read_text(encoding="utf-8") for n in ("report", "sequence")]
        made: str = environment.get_template("sequence.html.jinja").render(
            style=Markup("\n".join(styles)),
            versions=versions(),
            created=now(),
            verdict=_verdict(tally),
            differs=tally.differs,
            names=[s["name"] for s in (head["source"], head["source_b"]) if s],
            headlines=_headlines(tally),
            notices=[] if ended == "finished" else [early(ended)],
            charts=[(*_TITLES[name], Markup(svg)) for name, svg in self._charts()],
            step=self._curves.step,
            number=number,
            count=count,
            events=self._rows(),
            more=tally.events.total() - len(self._events),
            verdicts=[(str(v), number(n)) for v in Verdict if (n := tally.verdicts[v])],
            settings=_settings(self._params),
            limit=percent(self._limit),
            command=command,
        )
        return made

    def _charts(self) -> list[tuple[str, str]]:
        made, curves = [], self._curves
        span = max(curves.frames, 1) * self._chosen.every
        marks = [
            ((m.index - curves.first + 0.5) / span, f"#{m.index} {m.kind}") for m in self._marks
        ]
        marks = [(place, text) for place, text in marks if 0 <= place <= 1]
        for name in _TITLES:
            if math.isnan(curves.largest(name)):
                continue
            limits, beside = [], []
            if name in ("changed_share", "foreground_share"):
                limits = [(self._limit, f"changed over {percent(self._limit)}")]
            if name == "hist_kl":
                limit = self._params.kl_limit
                limits, beside = [(limit, f"corrupted over {number(limit)}")], curves.points[LIMIT]
            made.append((
                name,
                _curves.curve(
                    _TITLES[name][0], curves.points[name], frames=(curves.first, curves.last),
                    limits=limits, beside=beside, marks=marks,
                ),
            ))  # fmt: skip
        return made

    def _rows(self) -> list[dict[str, Any]]:
        uris = {(m.index, m.kind): m.uri for m in self._marks}
        return [
            {
                "kind": e.kind, "what": e.what, "start": e.start, "end": e.end,
                "time": with_unit(round(e.start_time, 3), "s")
                if math.isfinite(e.start_time) else NONE,
                "frames": number(e.frames), "uri": uris.get((e.start, e.kind), ""),
            }
            for e in sorted(self._events, key=lambda e: e.start)
        ]  # fmt: skip


def _verdict(tally: Tally) -> str:
    if not tally.differs:
        return "No change, no event."
    changed = count(tally.changed, "frame changed", "frames changed")
    return f"{changed}, {count(tally.events.total(), 'event', 'events')}."


def _headlines(tally: Tally) -> list[tuple[str, str]]:
    made = [("Frames", number(tally.frames)), ("Changed", number(tally.changed))]
    made += [("Events", number(tally.events.total())), ("Unreadable", number(tally.unreadable))]
    if tally.unpaired:
        made.append(("Without a partner", number(tally.unpaired)))
    return made


def _settings(params: SequenceParams) -> list[tuple[str, str, bool, str]]:
    """Return label, value, whether it is not the default, and help, of what has an effect."""
    default, made = type(params)(), []
    for name, control in type(params).ui_fields().items():
        value = getattr(params, name)
        if not params.has_effect(name):
            continue
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, int | float):
            text = with_unit(value, control.unit)
        else:
            text = control.choices.get(str(value), str(value))
        made.append((control.label, text, value != getattr(default, name), control.help))
    return made


def _small(pixels: Mask) -> str:
    """Return a picture, made small, as a ``data:`` address."""
    scale = min(_SIDE / max(pixels.shape[:2]), 1.0)
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    if small.ndim == 3:
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(bytes(data.data)).decode('ascii')}"
