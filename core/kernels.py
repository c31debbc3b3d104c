"""Weights of the kernels that find values between pixel centres."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.geometry import Kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Plane = NDArray[np.floating[Any]]
    """One number for each of many positions, float32 or float64."""

SUPPORT: Final = {Kernel.LINEAR: 1, Kernel.CUBIC: 2, Kernel.LANCZOS: 3}
"""Half widths of the kernels, in source pixels."""
_TINY: Final = 1e-12
"""Stands for 0 where a sine is divided by its angle."""


def weight(kernel: Kernel, distance: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Return a kernel's weight at distances in source pixels (before normalisation).

    LINEAR is the triangle; CUBIC is Keys' with a = -1/2, the one that is exact for quadratic
    pictures (Keys 1981, DOI 10.1109/TASSP.1981.1163711); LANCZOS is the sinc windowed by a sinc
    three pixels wide (Duchon 1979, DOI 10.1175/1520-0450(1979)018<1016:LFIOAT>2.0.CO;2).
    """
    t = np.abs(np.asarray(distance, np.float64))
    if kernel is Kernel.LINEAR:
        return np.maximum(1.0 - t, 0.0)
    if kernel is Kernel.LANCZOS:
        return np.where(t < 3.0, np.sinc(t) * np.sinc(t / 3.0), 0.0)
    near = (1.5 * t - 2.5) * t * t + 1.0
    far = ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0
    return np.where(t < 1.0, near, np.where(t < 2.0, far, 0.0))


def planes(kernel: Kernel, fraction: Plane) -> list[Plane]:
    """Return the weights of many positions at once, one plane a tap; they sum to 1.

    Parameters
    ----------
    kernel
        As wide as it is (no shrinking).
    fraction
        Position minus its whole part, 0...1. At exactly 0 and 1 one weight is exactly 1 and the
        others are 0.

    Returns
    -------
    list
        For the taps 1 - half ... half from the whole part, in the dtype of `fraction`. Equal to
        `weight` but for the rounding of that dtype; each element depends on its own fraction alone.
    """
    f = fraction
    if kernel is Kernel.LINEAR:
        return [1.0 - f, f]
    if kernel is Kernel.CUBIC:
        squared = f * f
        outer = ((1.0 - 0.5 * f) * f - 0.5) * f
        inner = (1.5 * f - 2.5) * squared + 1.0
        last = (0.5 * f - 0.5) * squared
        return [outer, inner, 1.0 - outer - inner - last, last]
    return _lanczos(f)


def _lanczos(f: Plane) -> list[Plane]:
    """Return the six weights from five sines and cosines, in place of twenty-four.

    ``sin(pi t)`` of all taps is the same but for its sign, and ``sin(pi t / 3)`` follows from that
    of the nearest tap on the same side by the sum of angles. Each side has its own, measured from
    its nearest tap, so that what is divided by a small angle is a small sine and no difference.
    """
    g = 1.0 - f
    both = np.minimum(f, g)
    sine = np.sin(np.maximum(both, _TINY) * math.pi)
    left, right = _side(f, sine), _side(g, sine)
    weights = [*reversed(left), *right]
    total = weights[0] + weights[1]
    for more in weights[2:]:
        total += more
    np.divide(1.0, total, out=total)
    for plane in weights:
        np.multiply(plane, total, out=plane)
    whole = both <= 0.0
    if whole.any():
        first = whole & (f <= 0.0)
        for tap, plane in enumerate(weights):
            plane[whole] = 0.0
            if tap == 2:
                plane[first] = 1.0
            elif tap == 3:
                plane[whole & ~first] = 1.0
    return weights


def _side(distance: Plane, sine: Plane) -> list[Plane]:
    """Return the weights of the taps at `distance`, `distance` + 1 and + 2."""
    t = np.maximum(distance, _TINY)
    third = t * (math.pi / 3.0)
    s, c = np.sin(third), np.cos(third)
    made: list[Plane] = []
    for tap, (cosine, other) in enumerate(((1.0, 0.0), (0.5, 3**0.5 / 2), (-0.5, 3**0.5 / 2))):
        turned = s if tap == 0 else s * cosine + c * other
        far = t if tap == 0 else t + float(tap)
        share = turned * sine
        share /= far * far
        share *= (-1) ** tap * 3.0 / math.pi**2
        made.append(share)
    return made


def widened(kernel: Kernel, offset: Plane, count: int, factor: float) -> list[Plane]:
    """Return the weights of a kernel made wider, to antialias; one plane a tap, summing to 1.

    Parameters
    ----------
    kernel
        Which one.
    offset
        First tap minus position, in source pixels (negative).
    count
        How many taps there are.
    factor
        How many times as wide.
    """
    made = [weight(kernel, (offset + tap) / factor) for tap in range(count)]
    total = made[0].copy()
    for more in made[1:]:
        total += more
    return [(plane / total).astype(offset.dtype, copy=False) for plane in made]
