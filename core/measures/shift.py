"""Shift-tolerant difference: what no small shift of either picture explains.

For a pixel p of A the smallest difference to any pixel q of B within r pixels is taken (in rows and
in columns, so from a square), where a difference is that of the largest channel; the same from B to
A; and of both the larger. A picture moved by up to r pixels thus has no difference from itself, and
neither has an edge that moved; a colour that was not nearby before has one. (The larger of both
ways, as in the Hausdorff distance: what is gone from A counts as much as what is new in B.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import cv2
import numpy as np

from core.difference import DifferenceParams, codes_of, over_tolerance
from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval
from core.measures._windows import cut, there, tiles
from core.settings import Params, ui
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.settings import Settings
    from core.types import Mask, Pixels

_TILE: Final = (256, 2048)
"""In smaller ones threads spend more time on waiting for each other between short calls."""
_HELP: Final = {
    "shift_l0": "How many pixels are off by more than the tolerance ({tolerance:g}) from everything"
    " within {radius} px in the other picture. In fine texture almost every value is nearby, so"
    " a change there may be missed.",
    "shift_l0_share": "The share of pixels, 0 to 1, that are off by more than the tolerance"
    " ({tolerance:g}) from everything within {radius} px in the other picture. A defect of a few"
    " pixels in a large picture hardly moves it.",
    "shift_mae": "How far off a pixel is on average from the most similar one within {radius} px in"
    " the other picture. In fine texture almost every value is nearby, so a change there may be"
    " missed.",
}
_LABEL: Final = {
    "shift_l0": "Shift-tolerant count",
    "shift_l0_share": "Shift-tolerant count, share",
    "shift_mae": "Shift-tolerant mean error",
}
_UNIT: Final = {"shift_l0": "px", "shift_l0_share": "share", "shift_mae": "levels"}
_SUM, _OVER, _PIXELS = range(3)


@dataclass(frozen=True, kw_only=True)
class ShiftParams(Params):
    """What counts as a small shift."""

    name: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift-tolerant difference"
    about: ClassVar[str] = "How far something may have moved without being a change."
    toggle: ClassVar[bool] = False

    radius: int = field(
        default=1,
        metadata=ui(
            "Radius",
            "What moved by up to this much is no change; a larger one misses more small changes,"
            " and takes longer by its square.",
            1,
            8,
            step=1,
            unit="px",
            primary=True,
        ),
    )


class Shift(Measure):
    """Count over the tolerance, and mean, of the shift-tolerant difference.

    Always of the values as they are compared, alpha included where it is, in levels: also when the
    difference is taken in Lab, whose tolerance then is taken as one in levels. Invalid pixels match
    nothing and take no part; only pixels on the canvas match. Swapping A and B changes nothing, and
    no pixel has more than its plain difference. The work grows with (2 r + 1)².
    """

    names = ("shift_l0", "shift_l0_share", "shift_mae")
    order = 62
    group = "Counts"
    default = False
    uses_tolerance = True
    maps = (MapKind.SHIFT,)
    params = ShiftParams

    def halo(self, settings: Settings) -> int:
        """Return the radius."""
        return settings[ShiftParams].radius

    def partial(self, sample: Sample) -> BlockSums:
        """Return the sum, the count over the tolerance and the valid pixels, by block."""
        left, valid = _left(sample), sample.inner_valid
        tolerance = sample.settings[DifferenceParams].tolerance
        over = over_tolerance(left, codes_of(left), tolerance)

        def of(where: tuple[slice, slice]) -> tuple[float, ...]:
            part = left[where]
            pixels = part.size if valid is None else cv2.countNonZero(valid[where])
            return cv2.sumElems(part)[0], cv2.countNonZero(over[where]), pixels

        return BlockSums.made(sample, of)

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the count, its share, and the mean; all nan when there is no valid pixel."""
        n, radius = totals.pixels, totals.settings[ShiftParams].radius
        tolerance = totals.settings[DifferenceParams].tolerance
        values = dict.fromkeys(self.names, math.nan)
        between: dict[str, tuple[float, float] | None] = {}
        if n > 0:
            blocks = gathered(partials, totals.grid.count)
            total, count, _ = (float(x) for x in blocks.sum(axis=0))
            values = {"shift_l0": count, "shift_l0_share": count / n, "shift_mae": total / n}
            between = {
                "shift_l0_share": interval(blocks[:, _OVER], blocks[:, _PIXELS]),
                "shift_mae": interval(blocks[:, _SUM], blocks[:, _PIXELS]),
            }
        return tuple(
            MeasureValue(
                name=name,
                label=_LABEL[name],
                value=values[name],
                unit=_UNIT[name],
                better="lower",
                pixels=n,
                help=_HELP[name].format(tolerance=tolerance, radius=radius),
                interval=between.get(name),
            )
            for name in self.names
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return the shift-tolerant difference in levels."""
        if kind is not MapKind.SHIFT:
            return super().map(kind, sample)
        return _left(sample).astype(np.float32)


def _left(sample: Sample) -> Pixels:
    """Return the shift-tolerant difference over a strip, (h, w), of the pictures' dtype."""
    return sample.once("shift", lambda: _made(sample))


def _made(sample: Sample) -> Pixels:
    radius = sample.settings[ShiftParams].radius
    out: Pixels = np.zeros(sample.magnitude.shape, sample.a.dtype)
    kept: dict[str, Pixels] = {}
    for rect in tiles(out.shape, _TILE):
        a, b = (cut(p, rect, sample, 0) for p in (sample.a, sample.b))
        # No pixel has more than its plain difference: without one there is nothing to do.
        if cv2.norm(a, b, cv2.NORM_INF) > 0:
            a, b = (cut(p, rect, sample, radius) for p in (sample.a, sample.b))
            _fill(out[rect.slices], a, b, there(rect, sample, radius), radius, kept)
    return out


def _fill(
    out: Pixels, a: Pixels, b: Pixels, exist: Mask | None, radius: int, kept: dict[str, Pixels]
) -> None:
    """Fill one tile with the difference that is left.

    Parameters
    ----------
    out
        (h, w), all 0.
    a, b, exist
        Both pictures and what exists (None: all) with `radius` pixels more on each side.
    kept
        Working memory, kept from one tile to the next.
    """
    height, width = out.shape
    p, q = list(cv2.split(a)), list(cv2.split(b))
    never = None if exist is None else _never(exist, a.dtype)
    d, spare = (_plane(kept, name, a.shape[:2], a.dtype) for name in ("d", "spare"))
    from_a, from_b = (_plane(kept, name, out.shape, a.dtype) for name in ("a", "b"))
    found = [from_a[:height, :width], from_b[:height, :width]]
    for down, right in _steps(radius):
        # D at x is |A(x) - B(x + step)|: what A finds at x, and B at x + step.
        top, left = radius - max(down, 0), radius - max(right, 0)
        h, w = height + abs(down), width + abs(right)
        here = (slice(top, top + h), slice(left, left + w))
        other = (slice(top + down, top + down + h), slice(left + right, left + right + w))
        apart, next_one = d[:h, :w], spare[:h, :w]
        cv2.absdiff(p[0][here], q[0][other], apart)
        for x, y in zip(p[1:], q[1:], strict=True):
            cv2.absdiff(x[here], y[other], next_one)
            cv2.max(apart, next_one, apart)
        if never is not None:
            cv2.max(apart, never[here], apart)
            cv2.max(apart, never[other], apart)
        for best, row, col in (
            (found[0], max(down, 0), max(right, 0)),
            (found[1], max(-down, 0), max(-right, 0)),
        ):
            part = apart[row : row + height, col : col + width]
            if down == right == 0:
                np.copyto(best, part)
            else:
                cv2.min(best, part, best)
    cv2.max(found[0], found[1], out)
    if exist is not None:
        out[exist[radius:-radius, radius:-radius] == 0] = 0


def _steps(radius: int) -> list[tuple[int, int]]:
    """Return all (rows, cols) within a radius, (0, 0) first."""
    span = range(-radius, radius + 1)
    return sorted(((r, c) for r in span for c in span), key=lambda s: max(abs(s[0]), abs(s[1])))


def _never(exist: Mask, dtype: np.dtype[Any]) -> Pixels:
    """Return a plane of 0 where a pixel exists, else of more than any difference.

    For bytes of the largest one: a pixel that exists is never found further apart than from the one
    at its own place.
    """
    most = 255 if dtype == np.uint8 else np.inf
    return np.where(exist > 0, 0, most).astype(dtype)


def _plane(
    kept: dict[str, Pixels], name: str, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Pixels:
    """Return working memory of at least (rows, cols) `shape`."""
    found = kept.get(name)
    if found is None or found.shape[0] < shape[0] or found.shape[1] < shape[1]:
        kept[name] = found = np.empty(shape, dtype)
    return found


MEASURE: Final = Shift()
