"""How often noise alone reaches an evidence.

Noise is seldom white: demosaicing, blur and JPEG tie neighbours together, and channels to each
other. So Gaussian noise of the same spectrum and correlation is made and looked at in the same way
as the pictures. The spectrum is the median, frequency by frequency, of many small blocks (Welch's
method, doi:10.1109/TAU.1967.1161901, with medians instead of means), which a minority of changed
blocks does not move.

Where the noise made does not reach, the share over t is taken to be 2 Q(t) times a factor that
grows from the gate on and settles (`_SETTLES`); Q is the upper tail of the normal distribution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.noise.zscore import CLIP, GATE, WINDOWS, codes, evidence, least

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import Mask, Pixels

SIDE: Final = 32
"""Side of the blocks for the spectrum: ties over more than half of it are not seen."""
_REACH: Final = 9
"""Neighbours on each side that are tied together at most in the noise that is made."""
MADE: Final = (640, 960)
"""(height, width) of the noise that is made, about: 600,000 pixels."""
_COUNTED: Final = 3000
"""Pixels over a threshold from which on their number is taken as it is: within about 3 %."""
_LEAST: Final = 60
"""The same for the factor beyond: it is fitted to thresholds that so many are over."""
_SETTLES: Final = 1.2
"""How many σ over the gate log(share / 2 Q) settles in: windows add less and less. Measured on 12
million pixels of white and of blurred noise up to 5 σ, where it is within a tenth."""
_WHITE: Final = 0.04
"""Ties between neighbours (and channels) below this are not told from none."""
_SEED: Final = 20240229


@dataclass(frozen=True, slots=True, eq=False)
class Null:
    """What noise alone does.

    Attributes
    ----------
    spread
        As in `core.noise.zscore.Scale`.
    share
        (256,) share of pixels whose code of evidence is at least k; 1 at k = 0.
    field
        Codes of the noise that was made.
    tied
        Largest correlation of neighbours that lie three and more apart, in any channel.
    """

    spread: NDArray[np.float32]
    share: NDArray[np.float64]
    field: Mask
    tied: float


def blocks_of(planes: Sequence[Pixels]) -> NDArray[np.float32]:
    """Return the (n, C, SIDE, SIDE) blocks of a tile's z, cut at `CLIP`."""
    rows, cols = (n // SIDE for n in planes[0].shape)
    cut = np.stack([p[: rows * SIDE, : cols * SIDE] for p in planes])
    grid = cut.reshape(len(planes), rows, SIDE, cols, SIDE).transpose(1, 3, 0, 2, 4)
    flat = grid.reshape(rows * cols, len(planes), SIDE, SIDE)
    return np.asarray(np.clip(flat, -CLIP, CLIP), np.float32)


def null_of(blocks: NDArray[np.float32], channels: int) -> Null:
    """Return what noise like that of the blocks does by itself; white noise without any block."""
    kernels: list[Pixels | None] = [None] * channels
    mixing, tied = np.eye(channels), 0.0
    if len(blocks):
        found = [_correlation(blocks[:, c]) for c in range(channels)]
        tied = max(_far(f) for f in found)
        kernels = [_kernel(f) for f in found]
        mixing = _mixing(blocks)
    random = np.random.default_rng(_SEED)
    margin = 2 * _REACH
    shape = (MADE[0] + margin, MADE[1] + margin)
    white = [random.standard_normal(shape, dtype=np.float32) for _ in range(channels)]
    planes = []
    for row, kernel in zip(mixing, kernels, strict=True):
        field: Pixels = np.zeros(shape, np.float32)
        for share, own in zip(row, white, strict=True):
            cv2.scaleAdd(own, float(share), field, field)
        field = field if kernel is None else cv2.filter2D(field, -1, kernel)
        field = np.ascontiguousarray(field[_REACH:-_REACH, _REACH:-_REACH])
        planes.append(field / np.float32(field.std()))
    spread = np.array([_spread(p) for p in planes], np.float32)
    made = codes(evidence(planes, spread))
    return Null(spread, _share(made), made, tied)


def _spread(plane: Pixels) -> list[float]:
    """Return the standard deviation of the sums over each window."""
    cut = np.clip(plane, -CLIP, CLIP)
    sums = (
        cv2.boxFilter(cut, -1, size, normalize=False, borderType=cv2.BORDER_REFLECT)
        for size in WINDOWS
    )
    return [float(np.sqrt(np.mean(np.square(s, dtype=np.float64)))) for s in sums]


def _correlation(blocks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the (SIDE, SIDE) autocorrelation of blocks (n, SIDE, SIDE), lag 0 at [0, 0]."""
    one = np.hanning(SIDE + 2)[1:-1]
    window = np.outer(one, one)
    own = blocks - blocks.mean(axis=(1, 2), keepdims=True)
    power = np.abs(np.fft.rfft2(own * window.astype(np.float32))) ** 2
    typical = np.median(power, axis=0) if len(blocks) >= 16 else power.mean(axis=0)
    typical[0, 0] = (typical[0, 1] + typical[1, 0]) / 2  # what an offset would change
    taper = np.fft.irfft2(np.abs(np.fft.rfft2(window)) ** 2, (SIDE, SIDE))
    lags = np.minimum(np.arange(SIDE), SIDE - np.arange(SIDE))
    near = (lags[:, None] <= _REACH) & (lags[None, :] <= _REACH)
    found = np.fft.irfft2(typical, (SIDE, SIDE)) / np.maximum(taper, 1e-9)
    found = np.where(near, found, 0.0)
    return np.asarray(found / max(found[0, 0], 1e-12))


def _far(correlation: NDArray[np.float64]) -> float:
    """Return the largest tie between neighbours along a row or a column three and more apart."""
    sides = (correlation[0, 3 : _REACH + 1], correlation[3 : _REACH + 1, 0])
    return float(max(np.abs(s).max() for s in sides))


def _kernel(correlation: NDArray[np.float64]) -> Pixels | None:
    """Return the filter that gives white noise this autocorrelation; None when it is white."""
    off = correlation.copy()
    off[0, 0] = 0.0
    if np.abs(off).max() < _WHITE:
        return None
    power = np.maximum(np.fft.rfft2(correlation).real, 0.0)
    kernel = np.fft.fftshift(np.fft.irfft2(np.sqrt(power), (SIDE, SIDE)))
    middle, reach = SIDE // 2, _REACH
    cut = slice(middle - reach, middle + reach + 1)
    return np.asarray(kernel[cut, cut], np.float32)


def _mixing(blocks: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the (C, C) mixing of independent channels that ties them as those of the blocks."""
    flat = blocks.reshape(*blocks.shape[:2], -1).astype(np.float64)
    flat -= flat.mean(axis=2, keepdims=True)
    own = np.sqrt(np.maximum((flat**2).mean(axis=2), 1e-12))
    ties = np.einsum("nip,njp->nij", flat, flat) / flat.shape[2]
    matrix = np.median(ties / (own[:, :, None] * own[:, None, :]), axis=0)
    matrix = np.where(np.abs(matrix) < _WHITE, 0.0, matrix)
    np.fill_diagonal(matrix, 1.0)
    values, vectors = np.linalg.eigh(matrix)
    if np.allclose(matrix, np.eye(len(matrix))):
        return np.eye(len(matrix))
    return np.asarray(vectors * np.sqrt(np.maximum(values, 1e-6)))


def normal_tail(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of a normal distribution that is beyond t standard deviations, one side."""
    return np.array([0.5 * math.erfc(x / math.sqrt(2)) for x in np.ravel(t)]).reshape(np.shape(t))


def _share(made: Mask) -> NDArray[np.float64]:
    """Return `Null.share` from the codes of the noise that was made."""
    counts = cv2.calcHist([made], [0], None, [256], [0, 256]).ravel().astype(np.float64)
    over = np.cumsum(counts[::-1])[::-1]
    share = over / made.size
    ks = np.arange(1, 256)
    at, tail = least(ks), 2 * normal_tail(least(ks))
    fit = (over[1:] >= _LEAST) & (at >= GATE + 0.5)
    last = int(np.flatnonzero(over >= _COUNTED)[-1])
    if fit.sum() < 2 or last == 0:
        return np.concatenate([[1.0], tail])
    rise, weights = 1 - np.exp(-np.maximum(at - GATE, 0.0) / _SETTLES), np.sqrt(over[1:][fit])
    line = np.polyfit(rise[fit], np.log(share[1:][fit] / tail[fit]), 1, w=weights)
    beyond = tail * np.exp(np.polyval(line, rise))
    return np.concatenate([share[: last + 1], beyond[last:]])
