"""Finds the line below which a frame is not its own: torn, or decoded in part.

Everything is said of samples of frames (`core.sequence.pixels.Picture.thumb`), row by row. x is the
frame, s the last sound one before it. A line at row r is believed when at least `BAND` of the rows
lie below it, and as many above, and one of three holds:

filled
    Each row from r on equals the row above it (mean difference at most `FLAT` levels), so the rest
    is one colour or the last row repeated. In s it was not so in more than half of these rows.
copied
    Each row from r on equals that of s exactly, and at most `STRAY` of the rows above do, nor more
    than `SKIPPED` of the values above: a coding that saves its bits leaves whole blocks as they
    were, and at times all those of the lowest rows. Known only once `LEARNED` sound frames have
    shown that such rows usually differ: sensor noise does it.
jumped
    The profile p of x against s steps up at r and stays up: a fifth of p below r is over twice
    nine tenths of p above it, plus `STEP` levels. p of a row is what `WIDE` of its `BLOCKS` blocks
    of columns reach in the mean |x - s| (of the channel where it is largest), so things that cover
    less of the width, before and after, do not count; r is the cut that parts p best (the largest
    variance between the parts: Otsu 1979, DOI 10.1109/TSMC.1979.4310076), and half of the step must
    be made within `EDGE` rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

BAND: Final = 0.05
FLAT: Final = 0.5
STRAY: Final = 0.3
SKIPPED: Final = 0.55
LEARNED: Final = 5
STEP: Final = 3.0
BLOCKS: Final = 16
WIDE: Final = 0.7
EDGE: Final = 3


class Torn:
    """Looks for a line in each frame; remembers how often rows stay exactly as they were."""

    def __init__(self) -> None:
        self._same: Floats = np.zeros(0)
        self._frames = 0

    def learn(self, x: Mask, s: Mask) -> None:
        """Take a sound frame and the sound one before it."""
        same = (_rows(cv2.absdiff(x, s)) == 0).astype(np.float64)
        if self._same.size != same.size:
            self._same, self._frames = np.zeros(same.size), 0
        self._frames += 1
        self._same += (same - self._same) / min(self._frames, 50)

    def line(self, x: Mask, s: Mask) -> float | None:
        """Return where the line is, as a share of the height; None when there is none."""
        height = x.shape[0]
        band = max(int(BAND * height), 3)
        if height < 4 * band:
            return None
        away = cv2.absdiff(x, s)
        found = _filled(x, s, band)
        if found is None:
            found = self._copied(away, band)
        if found is None:
            found = _jumped(away, band)
        return None if found is None else found / height

    def _copied(self, away: Pixels, band: int) -> int | None:
        rows = _rows(away)
        r = _run_below(rows == 0)
        if not band <= r <= rows.size - band or self._frames < LEARNED:
            return None
        if self._same.size != rows.size or self._same[r:].mean() > STRAY:
            return None
        if (rows[:r] == 0).mean() > STRAY or (away[:r] == 0).mean() > SKIPPED:
            return None
        return r


def _filled(x: Mask, s: Mask, band: int) -> int | None:
    like = _steps(x) <= FLAT
    r = _run_below(like)
    if not band <= r <= like.size + 1 - band:
        return None
    return r if (_steps(s)[r:] <= FLAT).mean() < 0.5 else None


def _jumped(away: Pixels, band: int) -> int | None:
    blocks = cv2.resize(away, (BLOCKS, away.shape[0]), interpolation=cv2.INTER_AREA)
    largest = blocks.reshape(*blocks.shape[:2], -1).max(axis=2)
    profile = np.quantile(largest, 1 - WIDE, axis=1)
    n, total = profile.size, np.cumsum(profile)
    cuts = np.arange(band, n - band + 1)
    above = total[cuts - 1] / cuts
    below = (total[-1] - total[cuts - 1]) / (n - cuts)
    gain = np.where(below > above, (below - above) ** 2 * cuts * (n - cuts), 0)
    r = int(cuts[int(gain.argmax())])
    low, high = float(np.quantile(profile[:r], 0.9)), float(np.quantile(profile[r:], 0.2))
    if high <= 2 * low + STEP:
        return None
    before = float(np.median(profile[max(r - EDGE, 0) : r]))
    after = float(np.median(profile[r : r + EDGE]))
    step = float(np.median(profile[r:]) - np.median(profile[:r]))
    return r if after - before >= step / 2 else None


def _rows(away: Pixels) -> Floats:
    """Return the largest difference of each row."""
    return np.asarray(away.reshape(away.shape[0], -1).max(axis=1), np.float64)


def _steps(x: Mask) -> Floats:
    """Return how far each row but the first is from the one above it, on average."""
    away = cv2.absdiff(np.ascontiguousarray(x[1:]), np.ascontiguousarray(x[:-1]))
    return np.asarray(away.reshape(away.shape[0], -1).mean(axis=1), np.float64)


def _run_below(yes: NDArray[np.bool_]) -> int:
    """Return the row from which on it is so down to the last; the height when it is not there."""
    no = np.flatnonzero(~yes)
    return int(no[-1]) + 1 if no.size else 0
