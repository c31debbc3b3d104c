"""Transfer functions: from encoded values to light and back, in float64.

All take and give 0...1 for black to white, and go on outside it: an odd function below 0, its own
formula above 1. That is how light that sRGB has no place for stays apart from light it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

REFERENCE_WHITE: Final = 203.0
"""cd/m² that count as 1.0 in PQ and HLG: the diffuse white of Report ITU-R BT.2408-7, 2.1."""
HLG_PEAK: Final = 1000.0
"""cd/m² of the display that HLG is shown on: Rec. ITU-R BT.2100-2, table 5, note 5e."""


class Curve(Protocol):
    """From encoded values to light."""

    def __call__(self, x: Values) -> Values:
        """Return the light, float64, of encoded values of the same shape; NaN stays NaN."""
        ...


@dataclass(frozen=True)
class Parametric:
    """``(a x + b)^g + e`` from `d` on, ``c x + f`` below (ICC.1:2022, 10.18, all types)."""

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    f: float = 0.0

    def __call__(self, x: Values) -> Values:
        """Return the light of encoded values."""
        size = np.abs(x)
        with np.errstate(all="ignore"):  # what overflows is infinite, and judged by its callers
            steep = np.maximum(self.a * size + self.b, 0.0) ** self.g + self.e
            light = np.where(size >= self.d, steep, self.c * size + self.f)
            return np.asarray(np.where(np.isnan(x), x, np.copysign(1.0, x) * light))


@dataclass(frozen=True, eq=False)
class Sampled:
    """Straight lines between samples at equal steps; the last two go on beyond 1."""

    table: Values

    def __call__(self, x: Values) -> Values:
        """Return the light of encoded values."""
        last = self.table.size - 1
        size = np.abs(x)
        inside = np.interp(size * last, np.arange(last + 1.0), self.table)
        slope = (self.table[-1] - self.table[-2]) * last
        with np.errstate(invalid="ignore"):  # infinity times a slope of 0
            light = np.where(size > 1.0, self.table[-1] + slope * (size - 1.0), inside)
        return np.asarray(np.copysign(1.0, x) * light)


class PQ:
    """The EOTF of Rec. ITU-R BT.2100-2, table 4 (SMPTE ST 2084), 1.0 = `REFERENCE_WHITE`."""

    def __call__(self, x: Values) -> Values:
        """Return the light of encoded values."""
        m1, m2 = 2610 / 16384, 2523 / 4096 * 128
        c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
        root = np.minimum(np.abs(x), 1.0) ** (1 / m2)
        light = (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)
        return np.asarray(np.copysign(light * (10_000.0 / REFERENCE_WHITE), x))


class HLG:
    """The inverse OETF of Rec. ITU-R BT.2100-2, table 5: light of the scene, 0...1."""

    def __call__(self, x: Values) -> Values:
        """Return the light of encoded values."""
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        size = np.abs(x)
        steep = (np.exp((np.minimum(size, 2.0) - c) / a) + b) / 12.0
        return np.asarray(np.copysign(np.where(size <= 0.5, size * size / 3.0, steep), x))


IDENTITY: Final = Parametric(1.0)
SRGB_CURVE: Final = Parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""IEC 61966-2-1, 5.2."""

_ROUNDING: Final = 1e-4
"""By how much light may fall where the parts of a curve meet: their numbers are rounded."""

ENCODE_KNEE: Final = 0.0031308
"""Light below which sRGB is a straight line: IEC 61966-2-1, 5.2."""


def srgb_encode(light: NDArray[Any]) -> Values:
    """Return sRGB-encoded values of light: IEC 61966-2-1, 5.2, odd below 0 and going on above 1."""
    size = np.abs(np.asarray(light, np.float64))
    steep = 1.055 * np.maximum(size, ENCODE_KNEE) ** (1 / 2.4) - 0.055
    return np.asarray(np.copysign(np.where(size <= ENCODE_KNEE, 12.92 * size, steep), light))


def is_srgb_curve(curve: Curve) -> bool:
    """Whether values of this curve are those of sRGB within a quarter of an 8-bit level."""
    x = np.arange(256.0) / 255.0
    return bool((np.abs(srgb_encode(curve(x)) - x) <= 0.25 / 255.0).all())


def is_linear_curve(curve: Curve) -> bool:
    """Whether encoded values are light themselves, to a quarter of an 8-bit level of sRGB."""
    x = np.arange(256.0) / 255.0
    return bool((np.abs(srgb_encode(curve(x)) - srgb_encode(x)) <= 0.25 / 255.0).all())


def is_sound(curve: Curve) -> bool:
    """Whether a curve is finite, never falls, and leads from about black to about white."""
    light = curve(np.arange(1025.0) / 1024.0)
    if not np.isfinite(light).all():
        return False
    rises = bool((np.diff(light) >= -_ROUNDING).all())
    return rises and -0.1 <= light[0] < light[-1] - 0.1 and light[-1] <= 4.0
