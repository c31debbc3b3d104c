"""The CIEDE2000 colour difference ΔE00, with kL = kC = kH = 1.

CIE 142-2001; ISO/CIE 11664-6; here as Sharma, Wu, Dalal, The CIEDE2000 color-difference formula:
implementation notes, supplementary test data, and mathematical observations, 2005, DOI
10.1002/col.20070, settle what the standard leaves open: the mean of two hues is that of their
shorter arc; of exactly opposite ones half the sum; a neutral colour has no hue, and the mean is
then the other's.

There are two implementations. `exact` is the formula, in float64. `Quick` is for whole pictures, in
float32 and without angles: of hues only sines and cosines occur, so the mean hue is the direction
of the sum of the unit vectors of both, and the weight T a polynomial of its sine and cosine.
"""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.lab import Planes, padded, put_length

if TYPE_CHECKING:
    from core.types import Mask, Pixels

# T = 1 - 0.17 cos(h - 30°) + 0.24 cos(2 h) + 0.32 cos(3 h + 6°) - 0.20 cos(4 h - 63°), as
# sums of a_k cos(k h) + b_k sin(k h).
_WAVES: Final = ((1, -0.17, 30.0), (2, 0.24, 0.0), (3, 0.32, -6.0), (4, -0.20, 63.0))
_A: Final = {k: weight * cos(radians(phase)) for k, weight, phase in _WAVES}
_B: Final = {k: weight * sin(radians(phase)) for k, weight, phase in _WAVES}
# The same as P(cos h) + sin h Q(cos h), constant first, by the formulas of multiple angles.
_P: Final = (1 - _A[2] + _A[4], _A[1] - 3 * _A[3], 2 * _A[2] - 8 * _A[4], 4 * _A[3], 8 * _A[4])
_Q: Final = (_B[1] - _B[3], 2 * _B[2] - 4 * _B[4], 4 * _B[3], 8 * _B[4])

# The hue of the rotation term. With u = 1 - cos(h - 275°), -((h - 275°) / 25°)² is u times this
# polynomial of u. Least squares, weighted so that the sine that it ends in is within 6e-7; within
# 1.1e-5 from 0° to 30°, where the formula does not go round the circle.
_BLUE: Final = (cos(radians(275.0)), sin(radians(275.0)))
_BUMP: Final = (-10.504909301544458, -1.7532956795259804, -0.44424438296995, -0.21931892260611724)

_TURNED: Final = 0.02
"""Hues nearer to opposite than this, in radians, are left to `exact`: the sum of their unit vectors
is too short for float32 to hold its direction."""
_ROUNDING: Final = 1e-12
"""How far off a* and b* may be in float64."""
_FAINT: Final = 1e-12  # too little to change a chroma of float32 that is not 0
_NONE: Final = 1e-30  # keeps two neutral colours from 0 / 0


def exact(lab_a: Pixels, lab_b: Pixels) -> Pixels:
    """Return ΔE00 of each pair of colours, (...,) float64.

    Parameters
    ----------
    lab_a, lab_b
        (..., 3) CIE L*a*b*, float64.
    """
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(each, -1, 0) for each in (lab_a, lab_b))
    g = 1.5 - 0.5 * _blend((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2)
    a1, a2 = a1 * g, a2 * g
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360.0 for a, b in ((a1, b1), (a2, b2)))
    h1, h2 = np.where(c1 == 0, 0.0, h1), np.where(c2 == 0, 0.0, h2)
    no_hue = (c1 == 0) | (c2 == 0)
    # What is opposite up to rounding is opposite: the formula jumps there.
    slack = np.degrees(_ROUNDING * (c1 + c2) / np.where(no_hue, 1.0, c1 * c2)) + _ROUNDING
    far = (np.abs(h1 - h2) > 180.0 + slack) & ~no_hue
    turn = np.where(h1 + h2 < 360.0, 360.0, -360.0)
    h = np.where(no_hue, h1 + h2, (h1 + h2 + np.where(far, turn, 0.0)) / 2)
    dh = np.where(no_hue, 0.0, h2 - h1)
    dh = np.where(far, dh - np.copysign(360.0, dh), dh)
    c, l = (c1 + c2) / 2, (l1 + l2) / 2 - 50.0  # noqa: E741 - the letter of the formula

    t = 1.0 + sum(w * np.cos(np.radians(k * h - phase)) for k, w, phase in _WAVES)
    x = (l2 - l1) / (1.0 + 0.015 * l**2 / np.sqrt(20.0 + l**2))
    y = (c2 - c1) / (1.0 + 0.045 * c)
    z = 2.0 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2)) / (1.0 + 0.015 * c * t)
    turned = np.radians(60.0 * np.exp(-(((h - 275.0) / 25.0) ** 2)))
    rotation = -2.0 * _blend(c) * np.sin(turned)
    return np.asarray(np.sqrt(np.maximum(x**2 + y**2 + z**2 + rotation * y * z, 0.0)))


def _blend(chroma: Pixels) -> Pixels:
    power = (chroma / 25.0) ** 7
    return np.asarray(np.sqrt(power / (power + 1.0)))


class Quick:
    """ΔE00 of planes of Lab in float32, in memory that it keeps.

    Within 1e-3 of `exact` for colours of sRGB, nearly always within 1e-4. Exactly 0 for equal
    colours, and the same when both are swapped.

    Parameters
    ----------
    pixels
        At most so many at a time, filled up to a multiple of `core.lab.GRAIN`.
    """

    def __init__(self, pixels: int) -> None:
        self._memory = np.empty(_PLANES * padded(pixels), np.float32)
        self._mask = np.empty((1, padded(pixels)), np.uint8)

    def of(self, lab: Planes) -> Pixels:
        """Return ΔE00, (count,), which the next call uses up; the planes stay as they are.

        -1 stands where hues are so nearly opposite that only `exact` can tell.
        """
        n = lab.lightness.shape[1]
        planes = self._memory[: _PLANES * n].reshape(_PLANES, n)
        total, rest, turned = planes[:1], planes[1:], self._mask[:, :n]
        _put_lightness(lab.lightness, total, rest)
        if lab.a is None or lab.b is None:
            return np.asarray(cv2.sqrt(total, total))[0, : lab.count]
        pairs = rest.reshape(6, 2, n)
        _put_hues(lab.a, lab.b, pairs, turned)
        _add_color(pairs, total)
        cv2.sqrt(total, total)
        if cv2.countNonZero(turned):
            total[0, np.flatnonzero(turned)] = -1.0
        return total[0, : lab.count]


_PLANES: Final = 13


def _put_lightness(lightness: Pixels, out: Pixels, spare: Pixels) -> None:
    """Put (ΔL / SL)² into `out`."""
    mean, root = spare[:1], spare[1:2]
    cv2.add(lightness[:1], lightness[1:], mean)
    mean -= 100.0
    cv2.multiply(mean, mean, mean, scale=0.25)
    np.add(mean, 20.0, root)
    cv2.sqrt(root, root)
    cv2.divide(mean, root, mean, scale=0.015)
    mean += 1.0
    cv2.subtract(lightness[1:], lightness[:1], out)
    cv2.divide(out, mean, out)
    cv2.multiply(out, out, out)


def _put_hues(a: Pixels, b: Pixels, pairs: Pixels, turned: Mask) -> None:
    """Put C1' and C2' into pair 0, cosine and sine of the mean hue into 1, ΔH' / 2 into 2.

    `turned` becomes 255 where hues are nearly opposite, and what is put is not exact; else 0.
    """
    chroma, hue, t, s, wide, rest = pairs
    s0, s1, t0, t1, product, length = s[:1], s[1:], t[:1], t[1:], rest[:1], rest[1:]

    # a' = (1 + G) a, and chroma with it.
    put_length(a, b, chroma)
    cv2.add(chroma[:1], chroma[1:], s0)
    _put_blend(s0, s1, 0.5)
    np.subtract(1.5, s0, s0)
    np.multiply(a, s0, wide)
    put_length(wide, b, chroma)

    # The sum of both unit vectors, times the product of the chromas. Where one of them is 0 the
    # faint addition leaves the direction of the other.
    np.add(chroma, _FAINT, t)
    for axis, out in ((wide, hue[:1]), (b, hue[1:])):
        cv2.multiply(axis[:1], t1, s0)
        cv2.multiply(axis[1:], t0, s1)
        cv2.add(s0, s1, out)
    cv2.multiply(chroma[:1], chroma[1:], product)
    put_length(hue[:1], hue[1:], length)
    np.multiply(product, _TURNED, s0)
    cv2.compare(length, s0, cv2.CMP_LT, turned)
    length += _NONE
    np.divide(hue, length, hue)

    # Half of ΔH' is sqrt(C1 C2) sin(Δh / 2); the sine of Δh is in the cross product, and what
    # makes that of its half of it is in the length.
    cv2.multiply(wide[:1], b[1:], t0)
    cv2.multiply(wide[1:], b[:1], t1)
    cv2.subtract(t0, t1, t0)
    cv2.sqrt(product, product)
    cv2.multiply(t0, product, t0)
    cv2.divide(t0, length, t0)


def _add_color(pairs: Pixels, total: Pixels) -> None:
    """Add the squared terms of chroma and hue, and that of the rotation, to `total`."""
    chroma, hue, t, s, wide, rest = pairs
    cosine, sine, step, both, change = hue[:1], hue[1:], t[:1], rest[:1], rest[1:]
    spare, weight = (wide[:1], wide[1:]), s[:1]

    _put_weight(cosine, sine, weight, spare)
    cv2.add(chroma[:1], chroma[1:], both)
    cv2.subtract(chroma[1:], chroma[:1], change)
    cv2.multiply(weight, both, weight, scale=0.015 / 2)
    weight += 1.0
    cv2.divide(step, weight, step, scale=2.0)
    np.multiply(both, 0.045 / 2, weight)
    weight += 1.0
    cv2.divide(change, weight, change)

    turn = s[1:]
    _put_turn(cosine, sine, turn, spare)
    _put_blend(both, weight, 2.0)
    for factor in (both, change, step):
        cv2.multiply(turn, factor, turn)

    cv2.accumulateSquare(change, total)
    cv2.accumulateSquare(step, total)
    cv2.subtract(total, turn, total)


def _put_blend(both: Pixels, spare: Pixels, times: float) -> None:
    """Turn C1 + C2 into sqrt(C^7 / (C^7 + 25^7)), C their mean, times a number; in place."""
    cv2.pow(both, 7, both)
    np.add(both, 50.0**7, spare)
    cv2.divide(both, spare, both, scale=times * times)
    cv2.sqrt(both, both)


def _put_weight(cosine: Pixels, sine: Pixels, out: Pixels, spare: tuple[Pixels, Pixels]) -> None:
    """Put T into `out`."""
    square, sines = spare
    cv2.multiply(cosine, cosine, square)
    cv2.addWeighted(cosine, _P[3], square, _P[4], _P[2], out)
    cv2.multiply(out, square, out)
    cv2.addWeighted(cosine, _P[1], out, 1.0, _P[0], out)
    cv2.addWeighted(cosine, _Q[1], square, _Q[2], _Q[0], sines)
    cv2.multiply(square, cosine, square)
    cv2.scaleAdd(square, _Q[3], sines, sines)
    cv2.multiply(sines, sine, sines)
    cv2.add(out, sines, out)


def _put_turn(cosine: Pixels, sine: Pixels, out: Pixels, spare: tuple[Pixels, Pixels]) -> None:
    """Put sin(2 Δθ) of the rotation term into `out`."""
    u, square = spare
    cv2.addWeighted(cosine, -_BLUE[0], sine, -_BLUE[1], 1.0, u)
    cv2.multiply(u, u, square)
    cv2.addWeighted(u, _BUMP[2], square, _BUMP[3], _BUMP[1], out)
    cv2.multiply(out, square, out)
    cv2.scaleAdd(u, _BUMP[0], out, out)
    cv2.exp(out, out)
    out *= pi / 3
    np.sin(out, out)
