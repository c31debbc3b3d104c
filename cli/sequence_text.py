"""A sequence as lines of text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from core.format import count, number
from core.sequence.tally import early
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.result import FrameResult
    from core.sequence.starts import Start
    from core.sequence.tally import Tally


def clock(seconds: float) -> str:
    """Return a time as 0:12.3 or 1:02:03.4; empty where there is none."""
    if not math.isfinite(seconds):
        return ""
    tenths = round(seconds * 10)
    sign, tenths = "−" if tenths < 0 else "", abs(tenths)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    long = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{sign}{long}:{rest // 10:02}.{rest % 10}"


def _line(time: float, index: int, what: str) -> str:
    return "  ".join(filter(None, (clock(time), f"#{index}", what)))


def start_line(start: Start) -> str:
    """Return the line of an event that begins."""
    return _line(start.time, start.index, start.kind)


def unreadable_line(result: FrameResult) -> str:
    """Return the line of a frame that could not be read, or compared."""
    return _line(result.time, result.index, f"unreadable: {result.name}: {result.problem}")


def summary(
    tally: Tally, *, ended: str, seconds: float, kept: int | None, before: int = 0
) -> list[str]:
    """Return what is said at the end; `before` frames were done by an earlier run."""
    new = tally.frames - before
    rate = new / seconds if new and seconds > 0 else math.nan
    made = [count(tally.frames, "frame", "frames")]
    if tally.unreadable:
        made.append(f"{number(tally.unreadable)} unreadable")
    if tally.unpaired:
        made.append(f"{number(tally.unpaired)} without a partner in B")
    if math.isfinite(rate) and seconds >= 0.1:
        made.append(f"{rate:.1f} frames a second")
    lines = [", ".join(made)]
    named = [
        f"{v} {number(n)}"
        for v in Verdict
        if v not in (Verdict.OK, Verdict.UNREADABLE) and (n := tally.verdicts[v])
    ]
    if named:
        lines.append("Named: " + ", ".join(named))
    changed = count(tally.changed, "frame changed", "frames changed")
    events = count(tally.events.total(), "event", "events")
    lines.append(f"{changed}, {events}" if tally.differs else "No change, no event.")
    if kept is not None:
        lines.append(f"{count(kept, 'frame', 'frames')} kept")
    if ended != "finished":
        lines.append(early(ended))
    return lines


def progress(tally: Tally, total: int | None, rate: float) -> str:
    """Return the line that stands below the others while frames come."""
    of = f" of {number(total)}" if total else ""
    made = f"{number(tally.frames)}{of} frames, {rate:.1f} a second"
    return f"{made}, {count(tally.events.total(), 'event', 'events')}"


def told(values: Any) -> str:
    """Return a CSV cell's text: empty for nan, all digits of other numbers."""
    return "" if isinstance(values, float) and math.isnan(values) else str(values)
