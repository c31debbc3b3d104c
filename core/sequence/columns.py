"""Curves for the eye: the least and the largest value in each column of pixels.

However many frames lie in a column, a peak of a single one of them is its largest value: it is
never lost, as it would be if every n-th frame was drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Values = Sequence[float] | NDArray[np.float64]
    Reals = NDArray[np.float64]


def columns(values: Values, start: float, end: float, pixels: int) -> tuple[Reals, Reals]:
    """Return the least and the largest value in each of `pixels` equal columns.

    Parameters
    ----------
    values
        (n,) one value a frame, nan where there is none; that of frame i lies at i.
    start, end
        Left edge of the first column and right edge of the last one, in frames; may lie outside of
        the values. A frame on the edge of two columns lies in the right one; one at `end` itself in
        the last.
    pixels
        Number of columns.

    Returns
    -------
    low, high
        (pixels,) float64; nan where no frame with a value lies in a column.

    Raises
    ------
    ValueError
        When there is no column, or the range is empty or not finite.
    """
    if pixels < 1 or not (np.isfinite(start) and np.isfinite(end) and start < end):
        raise ValueError("columns need at least one pixel, and a start that lies before the end")
    real = np.asarray(values, np.float64)
    low, high = np.full(pixels, np.nan), np.full(pixels, np.nan)
    edges = start + np.arange(1, pixels) * ((end - start) / pixels)
    ends = (np.ceil(start), *np.ceil(edges), np.floor(end) + 1)
    bounds = np.clip(ends, 0, real.size).astype(np.intp)
    filled = np.flatnonzero(bounds[1:] > bounds[:-1])
    if filled.size:
        seen, begins = real[: bounds[-1]], bounds[filled]
        low[filled] = np.fmin.reduceat(seen, begins)
        high[filled] = np.fmax.reduceat(seen, begins)
    return low, high


def window(values: Values, start: float, end: float) -> tuple[int, list[float]]:
    """Return the first frame that lies from `start` to `end`, and the values of all of them."""
    real = np.asarray(values, np.float64)
    first = int(np.clip(np.ceil(start), 0, real.size))
    last = int(np.clip(np.floor(end), -1, real.size - 1))
    return first, real[first : last + 1].tolist()


def over(values: Values, limits: Sequence[float], usual: Values | None = None) -> Reals:
    """Return the values that are over a limit, and nan in place of all others.

    Parameters
    ----------
    values
        (n,) one value a frame.
    limits
        Fixed ones: a value is over when it is over any.
    usual
        A limit for each frame of its own, nan where it has none; frames after its end have none.

    Returns
    -------
    over
        (n,) float64.
    """
    real = np.asarray(values, np.float64)
    is_over = real > min(limits) if len(limits) else np.zeros(real.shape, np.bool_)
    if usual is not None:
        own = np.asarray(usual, np.float64)[: real.size]
        is_over[: own.size] |= real[: own.size] > own
    return np.where(is_over, real, np.nan)


def under(values: Values, limits: Sequence[float], usual: Values | None = None) -> Reals:
    """Return the values that are under a limit, and nan in place of all others; see `over`."""
    own = None if usual is None else -np.asarray(usual, np.float64)
    return -over(-np.asarray(values, np.float64), [-limit for limit in limits], own)


def extent(values: Values) -> tuple[float, float, float]:
    """Return the least, the largest and the least positive finite value; nan where there is none.

    Infinite values are left out: no axis reaches them.
    """
    real = np.asarray(values, np.float64)
    real = real[np.isfinite(real)]
    if not real.size:
        return (np.nan, np.nan, np.nan)
    positive = real[real > 0]
    return float(real.min()), float(real.max()), float(positive.min()) if positive.size else np.nan


def peak(values: Values, start: float, end: float) -> int | None:
    """Return the first frame with the largest value from `start` to before `end`.

    None where no frame there has a value.
    """
    real = np.asarray(values, np.float64)
    first, last = (int(np.clip(np.ceil(edge), 0, real.size)) for edge in (start, end))
    part = real[first:last]
    known = np.flatnonzero(~np.isnan(part))  # nan is no -inf, as which nanargmax would take it
    return first + int(known[np.argmax(part[known])]) if known.size else None


def dip(values: Values, start: float, end: float) -> int | None:
    """Return the first frame with the least value from `start` to before `end`; see `peak`."""
    return peak(-np.asarray(values, np.float64), start, end)


def shares(values: Values, low: float, high: float, *, log: bool) -> Reals:
    """Return how high values lie between `low` (0) and `high` (1); beyond them they are at the end.

    Parameters
    ----------
    values
        (n,) float64, nan stays nan.
    low, high
        ``low < high``; above 0 when `log`.
    log
        Whether equal factors, not equal differences, are equal distances.
    """
    real = np.clip(np.asarray(values, np.float64), low, high)
    if log:
        return np.asarray(np.log(real / low) / np.log(high / low), np.float64)
    return np.asarray((real - low) / (high - low), np.float64)


def first_change(before: Values | None, after: Values | None) -> int | None:
    """Return the first frame whose value is another one; None when all are the same.

    A value that is nan in both is the same; what is missing in one of them is another one.
    """
    old, new = (np.zeros(0) if v is None else np.asarray(v, np.float64) for v in (before, after))
    size = min(old.size, new.size)
    same = (old[:size] == new[:size]) | (np.isnan(old[:size]) & np.isnan(new[:size]))
    if not same.all():
        return int(np.argmin(same))
    return None if old.size == new.size else size
