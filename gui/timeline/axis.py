"""Where frames lie on the one axis that all parts of the timeline share."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

LEFT: Final = 58
"""Logical pixels left of the axis, for names and values."""
RIGHT: Final = 14
CLOSEST: Final = 8
"""No fewer frames are spread over the width by zooming in."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A part of a sequence, laid out from left to right.

    Frame i has the place i, and takes the room from i − ½ to i + ½.

    Attributes
    ----------
    count
        Number of frames; at least 1.
    start, end
        The place at the left and at the right end.
    left, width
        Where the left end lies, and how long the axis is, in logical pixels.
    """

    count: int
    start: float
    end: float
    left: float
    width: float

    @classmethod
    def whole(cls, count: int, width: float, left: float = LEFT) -> Axis:
        """Return the axis on which all frames are seen."""
        count = max(count, 1)
        return cls(count, -0.5, count - 0.5, left, max(width, 1.0))

    @property
    def span(self) -> float:
        """How many frames are seen."""
        return self.end - self.start

    @property
    def scale(self) -> float:
        """Logical pixels a frame takes."""
        return self.width / self.span

    @property
    def right(self) -> float:
        """Where the right end lies."""
        return self.left + self.width

    @property
    def is_whole(self) -> bool:
        """Whether all frames are seen."""
        return self.span >= self.count

    def x_of(self, place: float) -> float:
        """Return where a frame's middle lies; perhaps outside."""
        return self.left + (place - self.start) * self.scale

    def place_at(self, x: float) -> float:
        """Return what lies at x: not rounded, perhaps outside."""
        return self.start + (x - self.left) / self.scale

    def frame_at(self, x: float) -> int:
        """Return the frame that is seen at x; the first or the last one outside of them."""
        return min(max(math.floor(self.place_at(x) + 0.5), 0), self.count - 1)

    def sees(self, frame: int) -> bool:
        """Whether the middle of a frame is on the axis."""
        return self.start <= frame <= self.end

    def visible(self) -> tuple[int, int]:
        """Return the first and the last frame of which something is seen."""
        first = max(math.floor(self.start + 0.5), 0)
        last = min(math.ceil(self.end - 0.5), self.count - 1)
        return first, max(first, last)

    def resized(self, width: float) -> Axis:
        """Return the same part at another width."""
        return replace(self, width=max(width, 1.0))

    def zoomed(self, factor: float, x: float) -> Axis:
        """Return the axis `factor` times as close; what lies at x stays where it is.

        At either end it may move, as nothing outside of the frames is shown.
        """
        span = min(max(self.span / factor, min(CLOSEST, self.count)), self.count)
        share = (x - self.left) / self.width
        return self._from(self.place_at(x) - share * span, span)

    def panned(self, dx: float) -> Axis:
        """Return the axis moved with the mouse by so many pixels to the right."""
        return self._from(self.start - dx / self.scale, self.span)

    def from_place(self, start: float) -> Axis:
        """Return the axis with another left end."""
        return self._from(start, self.span)

    def showing(self, first: float, last: float) -> Axis:
        """Return the axis on which the frames from one to another fill the width."""
        span = min(max(last - first + 1, min(CLOSEST, self.count)), self.count)
        return self._from((first + last - span) / 2, span)

    def following(self, frame: int, *, playing: bool) -> Axis:
        """Return the axis on which a frame is seen: this one when it is.

        While playing the next page is turned to; else it moves no further than it must.
        """
        if self.sees(frame):
            return self
        near = 0.08 * self.span
        if playing or frame < self.start:
            return self._from(frame - near, self.span)
        return self._from(frame + near - self.span, self.span)

    def _from(self, start: float, span: float) -> Axis:
        start = min(max(start, -0.5), self.count - 0.5 - span)
        return replace(self, start=start, end=start + span)


def step_of(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … that is at least so large."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10


def ticks(axis: Axis, least_gap: float) -> tuple[int, list[int]]:
    """Return the step of 1, 2, 5 … frames that lie at least so many pixels apart, and its frames.

    Only those whose middle is seen.
    """
    step = step_of(least_gap / axis.scale)
    first = max(math.ceil(axis.start / step), 0) * step
    last = min(math.floor(axis.end), axis.count - 1)
    return step, list(range(first, last + 1, step))


def time_text(seconds: float, digits: int = 3) -> str:
    """Return a time as ``"01:04.680"``, with hours when there are any; ``"–"`` when unknown."""
    if not math.isfinite(seconds):
        return "–"
    units = 10**digits
    whole, part = divmod(round(abs(seconds) * units), units)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
    sign = "−" if seconds < 0 and (whole or part) else ""
    return f"{sign}{text}.{part:0{digits}}" if digits else f"{sign}{text}"
