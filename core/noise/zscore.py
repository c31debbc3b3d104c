"""Differences as multiples of the noise, pixel by pixel and over small windows.

For each channel z = (A − B) / σ_d(x), where x is the intensity and σ_d the noise of the difference
(`core.noise.curve`). An offset between the pictures is not taken out: it is a change.

A change of three σ cannot be told from noise by one pixel among millions, but by twenty together it
can. So a pixel's *evidence* is the largest of |z| and, where |z| > `GATE`, of the means of z over
small windows around it, of the same sign and scaled to unit variance. The gate keeps what counts
close to the change: a window that reaches over a border marks unchanged pixels only where their own
noise is large and of the right sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.tiles import eroded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import Mask, Pixels

WINDOWS: Final = ((3, 3), (5, 5), (11, 1), (1, 11))
"""(width, height) of the windows: spots, patches, and thin lines along rows and columns."""
HALO: Final = 6
"""Neighbours that the evidence of a pixel depends on: half a window, and one for the median."""
GATE: Final = 2.0
"""A window lets only pixels count whose own |z| is over this."""
_STEEP: Final = 8.0
"""How fast the gate opens: evidence is at most this times what |z| is over the gate."""
CLIP: Final = 4.0
"""In windows |z| is cut here, so that one pixel far off does not carry its neighbours along."""

FIRST: Final = 1.0
STEPS: Final = 32
"""Evidence is kept in a byte: code k >= 1 says it is at least FIRST + (k − 1) / STEPS."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """How differences become multiples of the noise.

    Attributes
    ----------
    inverse
        (C, 256) float32: 1 / σ_d of each channel by intensity.
    spread
        (C, windows): standard deviation of the sum of z over each window, as noise alone has it.
    """

    inverse: NDArray[np.float32]
    spread: NDArray[np.float32]


def intensity(a: Pixels, b: Pixels, valid: Mask | None = None) -> Mask:
    """Return the whole level 0...255 at which a pixel's noise is looked up.

    The median of 3 × 3 pixels of (A + B) / 2: it keeps edges where they are, and hardly knows the
    noise of the pixel itself. Beside a pixel that is not valid it is the pixel's own.
    """
    middle = cv2.addWeighted(a, 0.5, b, 0.5, 0.0, dtype=cv2.CV_8U)
    level = cv2.medianBlur(middle, 3)
    if (surrounded := eroded(valid, 1)) is not None:
        level = cv2.copyTo(level, surrounded, middle)
    return np.asarray(level, np.uint8)


def zscores(a: Pixels, b: Pixels, valid: Mask | None, inverse: NDArray[np.float32]) -> list[Pixels]:
    """Return z of each channel, (h, w) float32; 0 where invalid.

    Parameters
    ----------
    a, b
        (h, w) or (h, w, C), 0...255 scale, any working dtype.
    valid
        Mask over the same pixels; None means everywhere.
    inverse
        As in `Scale`.
    """
    planes: list[Pixels] = []
    for channel, table in enumerate(inverse):
        x, y = plane(a, channel), plane(b, channel)
        d = cv2.subtract(x, y, dtype=cv2.CV_32F)
        cv2.multiply(d, cv2.LUT(intensity(x, y, valid), table), d)
        planes.append(d if valid is None else cv2.copyTo(d, valid))
    return planes


def plane(pixels: Pixels, channel: int) -> Pixels:
    """Return one channel of gray or colour pixels, contiguous."""
    return pixels if pixels.ndim == 2 else cv2.extractChannel(pixels, channel)


def largest(planes: Sequence[Pixels]) -> Pixels:
    """Return the largest |z| over the channels, (h, w) float32."""
    out: Pixels = np.abs(planes[0])
    for z in planes[1:]:
        np.maximum(out, np.abs(z), out=out)
    return out


def evidence(planes: Sequence[Pixels], spread: NDArray[np.float32]) -> Pixels:
    """Return the evidence of each pixel, (h, w) float32; see the module's text.

    Beyond the border of the planes z is taken to be 0.
    """
    out = largest(planes)
    cut, up, down, mean = (np.empty_like(out) for _ in range(4))
    for z, sums in zip(planes, spread, strict=True):
        np.clip(z, -CLIP, CLIP, out=cut)
        for k, ((width, height), one) in enumerate(zip(WINDOWS, sums, strict=True)):
            row, col = np.ones(width, np.float32), np.full(height, 1 / one, np.float32)
            cv2.sepFilter2D(cut, -1, row, col, mean, borderType=cv2.BORDER_CONSTANT)
            if k == 0:
                up[...] = down[...] = mean
            else:
                np.maximum(up, mean, out=up)
                np.minimum(down, mean, out=down)
        gate = np.multiply(z, np.float32(_STEEP), out=cut)
        np.minimum(up, np.subtract(gate, np.float32(_STEEP * GATE), out=mean), out=up)
        np.maximum(down, np.add(gate, np.float32(_STEEP * GATE), out=mean), out=down)
        np.maximum(out, up, out=out)
        np.maximum(out, np.negative(down, out=down), out=out)
    return out


def codes(found: Pixels) -> Mask:
    """Return evidence as bytes; 0 below `FIRST`, 255 for all that is beyond the scale."""
    # Rounding to nearest then rounds down, and counts from 1; ties go up.
    beta = 0.501 - STEPS * FIRST
    return np.asarray(cv2.addWeighted(found, STEPS, found, 0.0, beta, dtype=cv2.CV_8U), np.uint8)


def least(code: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """Return the least evidence that has a code (of at least 1)."""
    return np.asarray(FIRST + (np.asarray(code, np.float64) - 1) / STEPS)
