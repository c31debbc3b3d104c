"""Counts what the noise of a pair is estimated from, strip by strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.noise.zscore import intensity, plane
from core.types import SCALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import Mask, Pixels, Tile

BLOCK: Final = 16
"""Side of the blocks for flat places: 256 pixels give a variance within 9 %."""
BINS: Final = 64
"""Bins of intensity, four levels each."""
ZERO: Final = 128
"""The bin of A − B in which 0 is."""
LEAST: Final = 1e-3
"""Levels: values that are not whole are not told apart below this, as float files cannot hold whole
levels more exactly."""
_FINE: Final = 12.0
"""Steps a σ in which differences that are not whole are counted."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is known before anything is counted.

    Attributes
    ----------
    step
        Levels a bin of A − B.
    low, high
        Values at or beyond these are cut off; infinite where there are values beyond.
    whole
        Whether values are whole levels.
    """

    step: float
    low: float
    high: float
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """What one strip says of its noise.

    Attributes
    ----------
    counts
        (C, BINS, 256) pixels by intensity and by A − B, in steps from −128.
    blocks
        (C, n, 4): mean of (A + B) / 2, var(A + B), var(A − B) and their covariance, of each block
        that is valid and not cut off.
    """

    counts: NDArray[np.int64]
    blocks: NDArray[np.float32]


def look(tiles: Sequence[Tile]) -> Look:
    """Return how to count, from a few tiles of the pair."""
    differences = np.concatenate(
        [cv2.subtract(t.a, t.b, dtype=cv2.CV_32F)[_mask(t) > 0].ravel() for t in tiles]
    )
    spread = 0.0
    if differences.size:
        spread = float(np.median(np.abs(differences - np.median(differences)))) / 0.6745
    whole = all(t.a.dtype == np.uint8 for t in tiles)
    least = 1.0 if whole else LEAST
    step = least if whole and spread <= 2 * _FINE else max(spread / _FINE, least)
    ends = [_ends(t) for t in tiles if t.a.size]
    low = -np.inf if min((e[0] for e in ends), default=0.0) < -LEAST else 0.0
    high = np.inf if max((e[1] for e in ends), default=0.0) > SCALE + LEAST else SCALE
    return Look(step, low, high, whole)


def _ends(tile: Tile) -> tuple[float, float]:
    """Return the smallest and the largest valid value of both pictures; (0, 0) where none is."""
    valid = _mask(tile)
    channels = 1 if tile.a.ndim == 2 else tile.a.shape[2]
    found = [
        cv2.minMaxLoc(plane(x, c), valid)[:2] for x in (tile.a, tile.b) for c in range(channels)
    ]
    return min(low for low, _ in found), max(high for _, high in found)


def survey(tile: Tile, known: Look) -> Survey:
    """Return what one strip says; pure and thread-safe."""
    channels = 1 if tile.a.ndim == 2 else tile.a.shape[2]
    made = [
        _surveyed(plane(tile.a, c), plane(tile.b, c), tile.valid, known) for c in range(channels)
    ]
    return Survey(np.stack([m[0] for m in made]), np.stack([m[1] for m in made]))


def _surveyed(
    a: Pixels, b: Pixels, valid: Mask | None, known: Look
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return `Survey.counts` and `Survey.blocks` of one channel."""
    usable = _usable(a, b, valid, known)
    apart = cv2.addWeighted(a, 1 / known.step, b, -1 / known.step, ZERO, dtype=cv2.CV_8U)
    counts = cv2.calcHist(
        [intensity(a, b, valid), apart], [0, 1], usable, [BINS, 256], [0, 256, 0, 256]
    )
    return counts.astype(np.int64), _blocks(a, b, usable)


def _mask(tile: Tile) -> Mask:
    shape = tile.a.shape[:2]
    return np.full(shape, 255, np.uint8) if tile.valid is None else tile.valid


def _usable(a: Pixels, b: Pixels, valid: Mask | None, known: Look) -> Mask:
    """Return where neither picture is cut off at the ends of the scale."""
    eps = 1.0 if known.whole else LEAST
    low, high = max(known.low + eps, -1e30), min(known.high - eps, 1e30)
    inside = cv2.bitwise_and(cv2.inRange(a, low, high), cv2.inRange(b, low, high))
    return np.asarray(inside if valid is None else cv2.bitwise_and(inside, valid), np.uint8)


def _blocks(a: Pixels, b: Pixels, usable: Mask) -> NDArray[np.float32]:
    """Return `Survey.blocks` of one channel; a block that is not whole or not usable has nan."""
    rows, cols = a.shape[0] // BLOCK, a.shape[1] // BLOCK
    found = np.full((rows * cols, 4), np.nan, np.float32)
    if rows == 0 or cols == 0:
        return found
    cut = (slice(rows * BLOCK), slice(cols * BLOCK))

    def means(pixels: Pixels) -> Pixels:
        out = cv2.resize(pixels, (cols, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(out.reshape(rows * cols), np.float32)

    s, d = cv2.add(a[cut], b[cut], dtype=cv2.CV_32F), cv2.subtract(a[cut], b[cut], dtype=cv2.CV_32F)
    mean_s, mean_d = means(s), means(d)
    found[:, 0] = mean_s / 2
    found[:, 3] = means(cv2.multiply(s, d)) - mean_s * mean_d
    found[:, 1] = means(cv2.multiply(s, s, s)) - mean_s**2
    found[:, 2] = means(cv2.multiply(d, d, d)) - mean_d**2
    found[:, 1:] *= BLOCK**2 / (BLOCK**2 - 1)
    found[means(usable[cut].astype(np.float32)) < SCALE] = np.nan
    return found
