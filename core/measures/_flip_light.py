"""What FLIP looks at: light of both pictures, for HDR as it is shown at some exposure.

HDR: Andersson, Nilsson, Shirley, Akenine-Möller, Visualizing Errors in Rendered High Dynamic Range
Images, 2021, DOI 10.2312/sr.20211317. Pictures are shown at several exposures, each through a tone
mapper, and the largest difference counts. The darkest exposure brings the brightest light of the
reference to 0.85 of the screen's white, the brightest one its median light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.color import LUMA_709
from core.light import byte_table
from core.types import SCALE, Encoding

if TYPE_CHECKING:
    from core.types import Mask, Pixels

_DARK, _SLOPE, _OFFSET, _GAMMA = 0.04045, 12.92, 0.055, 2.4
"""Constants of sRGB, IEC 61966-2-1."""
_LARGEST: Final = 1e18
"""Light beyond this is taken as this: its square still is a float32."""
_LEAST: Final = 2.0**-23
"""A median below this is taken as this, so that mostly black pictures have an exposure."""
_SHOWN: Final = 0.85
"""Share of the screen's white to which exposures bring light."""
_DROPPED: Final = 10
"""Bits of a float32 that do not count when a median is searched for: it is off by 2**-13 at most,
less what is interpolated."""
_FIRST: Final = int(np.float32(_LEAST).view(np.uint32)) >> _DROPPED
_BINS: Final = (int(np.float32(math.inf).view(np.uint32)) >> _DROPPED) - _FIRST + 1


class ToneMapper(StrEnum):
    """What brings light of any strength to a screen."""

    ACES = "aces"
    REINHARD = "reinhard"
    HABLE = "hable"


_CURVES: Final[dict[ToneMapper, tuple[float, ...]]] = {
    ToneMapper.ACES: (0.36 * 2.51, 0.6 * 0.03, 0.0, 0.36 * 2.43, 0.6 * 0.59, 0.14),
    ToneMapper.HABLE: (0.231683, 0.013791, 0.0, 0.18, 0.3, 0.018),
    ToneMapper.REINHARD: (0.0, 1.0, 0.0, 0.0, 1.0, 1.0),
}
"""(a x² + b x + c) / (d x² + e x + f). ACES: Narkowicz' fit at 0.6 of the light; Hable: the film
curve of Uncharted 2 with white at 11.2; Reinhard: all channels are divided by 1 + luminance."""


@dataclass(frozen=True, slots=True)
class Exposures:
    """At which exposures, in stops, HDR pictures are shown.

    Attributes
    ----------
    start, stop
        The darkest and the brightest.
    count
        How many, at equal distances: one where both are the same.
    """

    start: float
    stop: float
    count: int

    @property
    def factors(self) -> tuple[float, ...]:
        """What light is multiplied by, one after another."""
        return tuple(2.0 ** float(s) for s in np.linspace(self.start, self.stop, self.count))


def exposures(brightest: float, median: float, mapper: ToneMapper) -> Exposures:
    """Return the exposures for a reference with these luminances (1 is white).

    With no light at all it is shown as it is.
    """
    if not brightest > 0.0:
        return Exposures(0.0, 0.0, 1)
    a, b, c, d, e, f = _CURVES[mapper]
    a, b, c = a - _SHOWN * d, b - _SHOWN * e, c - _SHOWN * f
    light = -c / b if a == 0 else (-b + math.copysign(math.sqrt(b * b - 4 * a * c), a)) / (2 * a)
    start, stop = (math.log2(light / max(x, _LEAST)) for x in (brightest, median))
    if not stop > start:
        return Exposures(start, start, 1)
    return Exposures(start, stop, max(2, math.ceil(stop - start)))


class Luminances:
    """Collects the luminances of a picture, strip by strip."""

    def __init__(self) -> None:
        self.brightest = 0.0
        self.peak = 0.0
        """The largest value of any channel; 1 is white."""
        self._counts = np.zeros(_BINS, np.int64)

    def add(self, pixels: Pixels, valid: Mask | None, *, encoded: bool) -> None:
        """Add a strip: working pixels, gray or RGB; see `planes` for how they are taken."""
        channels = light(pixels, encoded=encoded, hdr=True)
        seen = channels if valid is None else [c[valid > 0] for c in channels]
        if seen[0].size == 0:
            return
        self.peak = max(self.peak, *(float(c.max()) for c in seen))
        luminance = seen[0] if len(seen) == 1 else _luminance(seen)
        self.brightest = max(self.brightest, float(luminance.max()))
        bits = np.maximum(luminance, np.float32(_LEAST)).ravel().view(np.uint32) >> _DROPPED
        np.add.at(self._counts, bits - np.uint32(_FIRST), 1)

    @property
    def median(self) -> float:
        """The median luminance: of an even number the upper one of the two in the middle."""
        upto = np.cumsum(self._counts)
        if upto[-1] == 0:
            return 0.0
        rank = int(upto[-1]) // 2
        at = int(np.searchsorted(upto, rank, side="right"))
        if at == 0:
            return _LEAST
        inside = (rank - (int(upto[at]) - int(self._counts[at])) + 0.5) / int(self._counts[at])
        low, high = (
            float(np.uint32((at + k + _FIRST) << _DROPPED).view(np.float32)) for k in (0, 1)
        )
        return low + inside * (high - low)


def light(
    pixels: Pixels, *, encoded: bool, hdr: bool, out: list[Pixels] | None = None
) -> list[Pixels]:
    """Return the light of working pixels, a float32 plane for each channel, 1 for white.

    Parameters
    ----------
    pixels
        (h, w) gray or (h, w, 3) RGB, 0...255.
    encoded
        Whether they are sRGB-encoded; otherwise they are linear light.
    hdr
        Whether light above white is kept. Light below 0 is none.
    out
        Where to put the planes.
    """
    channels = [pixels] if pixels.ndim == 2 else list(cv2.split(pixels))
    out = [np.empty(c.shape, np.float32) for c in channels] if out is None else out
    for channel, plane in zip(channels, out, strict=True):
        if channel.dtype == np.uint8:
            cv2.LUT(channel, _table(encoded=encoded), plane)
            continue
        np.multiply(channel, 1.0 / SCALE, out=plane, casting="same_kind")
        np.clip(plane, 0.0, _LARGEST if hdr else 1.0, out=plane)
        if encoded:
            _decode(plane)
            if hdr:
                np.minimum(plane, np.float32(_LARGEST), out=plane)
    return out


def shown(planes: list[Pixels], factor: float, mapper: ToneMapper, out: list[Pixels]) -> None:
    """Put light at an exposure through a tone mapper and clip it to what a screen shows, 0...1."""
    a, b, c, d, e, f = (np.float32(x) for x in _CURVES[mapper])
    for plane, into in zip(planes, out, strict=True):
        np.multiply(plane, np.float32(factor), out=into)
        np.minimum(into, np.float32(_LARGEST), out=into)
    if mapper is ToneMapper.REINHARD:
        below = 1 + (out[0] if len(out) == 1 else _luminance(out))
        for plane in out:
            np.divide(plane, below, out=plane)
            np.minimum(plane, np.float32(1), out=plane)
        return
    for plane in out:
        above = (plane * a + b) * plane + c
        below = (plane * d + e) * plane + f
        np.divide(above, below, out=plane)
        np.minimum(plane, np.float32(1), out=plane)


def _luminance(planes: list[Pixels]) -> Pixels:
    red, green, blue = (np.float32(w) for w in LUMA_709)
    total: Pixels = planes[0] * red + planes[1] * green + planes[2] * blue
    return total


def _decode(plane: Pixels) -> None:
    """Turn sRGB-encoded values, at least 0, into light, in place.

    The curve is a power above its dark end and a straight line below. Where one ends the other
    begins, so it is the power of what is at least that, plus the line of what is less.
    """
    below = np.minimum(plane, np.float32(_DARK))
    below -= np.float32(_DARK)
    np.maximum(plane, np.float32(_DARK), out=plane)
    plane += np.float32(_OFFSET)
    plane *= np.float32(1 / (1 + _OFFSET))
    cv2.log(plane, plane)
    plane *= np.float32(_GAMMA)
    cv2.exp(plane, plane)
    cv2.scaleAdd(below, 1 / _SLOPE, plane, plane)


@cache
def _table(*, encoded: bool) -> Pixels:
    """Return the light of each 8-bit level, (256,) float32."""
    levels: Any = byte_table(Encoding.LINEAR, wide=True) if encoded else np.arange(256.0)
    return np.asarray(levels / SCALE, np.float32)
