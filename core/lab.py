"""CIE L*a*b* of working values, plane by plane, within 1e-4 of the formulas (ISO/CIE 11664-4).

Colours are compared in it, and CIEDE2000 and others start from it. OpenCV's own way approximates
the cube root by splines and is off by 0.04, from 8-bit values by 0.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.light import byte_table, decode
from core.types import SCALE, Encoding, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.types import Pixels

TILE: Final = 1 << 17
"""Pixels that are worked on in one go."""
GRAIN: Final = 64
"""Planes are whole multiples of this long. What OpenCV does with the last few values of an array
that do not fill a vector may differ in the last bit; so filled up, a pixel's value does not depend
on its place."""

TO_XYZ: Final = (
    (0.412453, 0.357580, 0.180423),
    (0.212671, 0.715160, 0.072169),
    (0.019334, 0.119193, 0.950227),
)
"""Linear sRGB (ITU-R BT.709 primaries, D65) to CIE XYZ. Its white, the sums of its rows, is the
white that Lab is taken against, so that R = G = B is neutral: a* = b* = 0."""

_KNEE: Final = (6 / 29) ** 3
_SLOPE: Final = (29 / 6) ** 2 / 3
"""CIE 15: f(t) is the cube root above the knee, and below it the straight line slope t + 4/29 that
goes on from there: root(knee) + slope (t - knee), as slope x knee = 2/29."""
_CURVE: Final = (0.04045, 12.92, 0.055, 2.4)
"""IEC 61966-2-1: end of the straight part, its divisor, offset, and exponent."""


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """Lab of some pixels of two pictures.

    Attributes
    ----------
    count
        Number of pixels, in any order.
    lightness, a, b
        (2, n >= count) float32 each, row 0 of picture A, row 1 of picture B; a and b are None for
        gray, which is neutral. What is beyond the pixels is finite and means nothing.
    """

    count: int
    lightness: Pixels
    a: Pixels | None
    b: Pixels | None


class LabPair:
    """Makes Lab of up to `pixels` pixels at a time, in memory that it keeps.

    Parameters
    ----------
    pixels
        At most so many at a time.
    color
        Of RGB; otherwise of gray.
    linear
        The values are linear light; otherwise sRGB-encoded (IEC 61966-2-1).
    """

    def __init__(self, pixels: int, *, color: bool, linear: bool) -> None:
        count = padded(pixels)
        self._color, self._linear = color, linear
        size = (6 if color else 2) * count
        self._bytes = np.zeros(size, np.uint8)
        self._x, self._y = np.zeros(size, np.float32), np.zeros(size, np.float32)
        self._knee = np.full(2 * count, _KNEE, np.float32)

    @cached_property
    def _dark(self) -> Pixels:
        return np.full(self._knee.size, _CURVE[0], np.float32)

    def of(self, a: Pixels, b: Pixels) -> Planes:
        """Return Lab of all pixels of A and B, row by row; used up by the next call.

        Parameters
        ----------
        a, b
            (h, w) for gray, else (h, w, C >= 3), whose first three channels are R, G, B; uint8,
            float32 or float64, 0...255, clipped to that: the display has no other colours.
        """
        count = a.shape[0] * a.shape[1]
        n = padded(count)
        x, y, levels = (
            [half.reshape(2, n) for half in plane.reshape(-1, self._knee.size)[:, : 2 * n]]
            for plane in (self._x, self._y, self._bytes)
        )
        knee = self._knee[: 2 * n].reshape(2, n)
        # One channel of both pictures at a time: more would not stay in a core's own cache.
        if a.dtype == np.uint8:
            _put(a, b, levels, count)
            table = _light_of_bytes(linear=self._linear)
            for of_bytes, light in zip(levels, x, strict=True):
                cv2.LUT(of_bytes, table, light)
        else:
            _put(a, b, x, count)
            for light, spare in zip(x, y, strict=True):
                dark = self._dark[: 2 * n].reshape(2, n)
                _to_light(light, spare, dark, linear=self._linear)
        if not self._color:
            return Planes(count, _lightness(_curve(x[0], y[0], knee)), None, None)
        _put_xyz(x, y)
        fx, fy, fz = (_curve(t, out, knee) for t, out in zip(y, x, strict=True))
        cv2.subtract(fx, fy, fx)
        cv2.subtract(fy, fz, fz)
        fx *= 500.0
        fz *= 200.0
        return Planes(count, _lightness(fy), fx, fz)


def to_lab(a: Pixels, b: Pixels, *, linear: bool = False) -> tuple[Pixels, Pixels]:
    """Return Lab (D65, sRGB primaries) of two pictures, (h, w, 3) float32 each, L* in 0...100.

    Parameters
    ----------
    a, b
        (h, w, C >= 3), uint8, float32 or float64, 0...255; channels after the third are left out.
        Clipped to 0...255: Lab has no meaning for colours outside the primaries' range that all its
        users share.
    linear
        The values are linear light; otherwise they are sRGB-encoded (IEC 61966-2-1).
    """
    shape = a.shape[:2]
    one, other = (np.empty((*shape, 3), np.float32) for _ in "ab")
    pair = LabPair(min(TILE, max(shape[0] * shape[1], 1)), color=True, linear=linear)
    for tile in tiles(*shape):
        where = tile.slices
        found = pair.of(a[where], b[where])
        for i, out in enumerate((one, other)):
            channels = (found.lightness, found.a, found.b)
            cv2.merge([_of(c, i, found.count, tile) for c in channels], out[where])
    return one, other


def _of(plane: Pixels | None, picture: int, count: int, tile: Rect) -> Pixels:
    assert plane is not None  # it is colour
    return plane[picture, :count].reshape(tile.height, tile.width)


def tiles(height: int, width: int) -> Iterator[Rect]:
    """Yield rectangles of about `TILE` pixels that cover a picture, row by row."""
    w = max(min(width, TILE), 1)
    h = max(TILE // w, 1)
    for row in range(0, height, h):
        for col in range(0, width, w):
            yield Rect(row, col, min(h, height - row), min(w, width - col))


def padded(count: int) -> int:
    """Return the length of planes of so many pixels."""
    return max(-(-count // GRAIN) * GRAIN, GRAIN)


def put_length(x: Pixels, y: Pixels, out: Pixels) -> None:
    """Put sqrt(x² + y²) into `out`.

    What `cv2.magnitude` makes of a value depends on where it is in memory.
    """
    cv2.multiply(x, x, out)
    cv2.accumulateSquare(y, out)
    cv2.sqrt(out, out)


def _put(a: Pixels, b: Pixels, planes: Sequence[Pixels], count: int) -> None:
    """Fill a pair of planes, of A and of B, for each channel: R, G, B, or gray."""
    for i, pixels in enumerate((a, b)):
        into = [pair[i, :count].reshape(pixels.shape[:2]) for pair in planes]
        if pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == planes[0].dtype:
            cv2.split(pixels, into)
            continue
        channels = [pixels] if pixels.ndim == 2 else [pixels[:, :, i] for i in range(3)]
        with np.errstate(over="ignore"):  # what float32 cannot hold is clipped later
            for channel, plane in zip(channels, into, strict=True):
                plane[...] = channel


@cache
def _light_of_bytes(*, linear: bool) -> Pixels:
    """Return the light, 0...1, of each 8-bit level, (256,) float32."""
    levels = np.arange(256.0) if linear else byte_table(Encoding.LINEAR, wide=True)
    return (levels / SCALE).astype(np.float32)


def _to_light(x: Pixels, spare: Pixels, dark: Pixels, *, linear: bool) -> None:
    """Turn values, 0...255, into light, 0...1, in place."""
    cv2.threshold(x, SCALE, 0.0, cv2.THRESH_TRUNC, x)
    cv2.threshold(x, 0.0, 0.0, cv2.THRESH_TOZERO, x)
    x *= 1.0 / SCALE
    if linear:
        return
    # The curve of what is above the straight part, and the straight part of what is below its end.
    _, divisor, offset, exponent = _CURVE
    cv2.max(x, dark, spare)
    cv2.subtract(x, spare, x)
    spare += offset
    spare *= 1.0 / (1.0 + offset)
    _power(spare, exponent)
    cv2.scaleAdd(x, 1.0 / divisor, spare, x)


def _put_xyz(rgb: Sequence[Pixels], xyz: Sequence[Pixels]) -> None:
    """Make X/Xn, Y/Yn, Z/Zn of light, whose planes are used up.

    With weights of sum 1 it is G + r (R - G) + b (B - G): exactly G where R = G = B.
    """
    red, green, blue = rgb
    cv2.subtract(red, green, red)
    cv2.subtract(blue, green, blue)
    for row, out in zip(TO_XYZ, xyz, strict=True):
        cv2.scaleAdd(red, row[0] / sum(row), green, out)
        cv2.scaleAdd(blue, row[2] / sum(row), out, out)


def _curve(t: Pixels, out: Pixels, knee: Pixels) -> Pixels:
    """Return f(t) in `out`, where t is 0...1 and used up."""
    cv2.max(t, knee, out)
    cv2.subtract(t, out, t)
    _power(out, 1.0 / 3.0)
    return np.asarray(cv2.scaleAdd(t, _SLOPE, out, out))


def _power(x: Pixels, exponent: float) -> None:
    """Raise positive values to a power, in place: as exact as `cv2.pow`, in half its time."""
    cv2.log(x, x)
    x *= exponent
    cv2.exp(x, x)


def exact_lab(pixels: Pixels, *, linear: bool) -> Pixels:
    """Return Lab, (k, 3) float64, of (k, C >= 3) values, 0...255, clipped to that."""
    light = np.clip(pixels[:, :3].astype(np.float64), 0.0, SCALE)
    light = (light if linear else decode(light)) / SCALE
    weights = np.array(TO_XYZ) / np.sum(TO_XYZ, axis=1, keepdims=True)
    t = light @ weights.T
    f = np.cbrt(np.maximum(t, _KNEE)) + _SLOPE * np.minimum(t - _KNEE, 0.0)
    return np.stack(
        [116.0 * f[:, 1] - 16.0, 500.0 * (f[:, 0] - f[:, 1]), 200.0 * (f[:, 1] - f[:, 2])], -1
    )


def _lightness(f: Pixels) -> Pixels:
    """Return L* of f(Y/Yn), in place."""
    return np.asarray(cv2.addWeighted(f, 116.0, f, 0.0, -16.0, f))
