"""The squared YIQ difference of two colours, and their brightness in whole numbers.

δ = 0.5053 ΔY² + 0.299 ΔI² + 0.1957 ΔQ² in the YIQ space of NTSC television: Kotsarenko, Ramos,
Measuring perceived color difference using YIQ NTSC transmission color space in mobile applications,
Programación Matemática y Software 2 (2), 2010, pages 27-43. Gray has Y only, as equal R, G and B.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.light import encode
from core.types import SCALE

if TYPE_CHECKING:
    from core.measures._antialiasing import Whole
    from core.types import Pixels

Floats = NDArray[np.float64]

LARGEST: Final = 35215.0
"""Above the largest δ, which red and cyan have: 35214.75."""
UNITS: Final = 1024
"""Units a level."""
_TO_Y: Final = (29889531, 58662247, 11448223)
"""Weights of R, G, B in Y, in 1e-8: with whole numbers Y is exact, and two colours of whole levels
have the same Y only when they are the same."""
_TO_YIQ: Final = np.array([
    [0.29889531, 0.58662247, 0.11448223],
    [0.59597799, -0.27417610, -0.32180189],
    [0.21147017, -0.52261711, 0.31114694],
])  # fmt: skip
_WEIGHTS: Final = (0.5053, 0.299, 0.1957)
_ROOTED: Final = np.sqrt(_WEIGHTS)[:, None] * _TO_YIQ / UNITS
_GRAY: Final = float(_ROOTED[0].sum())
_SUM: Final = np.ones((1, 3))


def levels(pixels: Pixels, *, linear: bool) -> Floats:
    """Return sRGB-encoded values, clipped to 0...255 and rounded to whole `UNITS`, float64."""
    if pixels.dtype == np.uint8 and not linear:
        return np.multiply(pixels, float(UNITS), dtype=np.float64)
    kind = np.float64 if pixels.dtype == np.float64 else np.float32
    values: Any = np.clip(pixels, 0, SCALE, dtype=kind)
    if linear:
        values = encode(values)
    return np.asarray(np.rint(values * kind(UNITS)), np.float64)


def squared(a: Floats, b: Floats) -> Floats:
    """Return δ of each pixel from `levels`, (h, w)."""
    d: Floats = a - b
    if d.ndim == 2:
        d *= _GRAY
        return d * d
    rooted = cv2.transform(d, _ROOTED)
    return np.asarray(cv2.transform(cv2.multiply(rooted, rooted), _SUM), np.float64)


def brightness(values: Floats) -> Whole:
    """Return Y of each pixel from `levels`, (h, w), in whole 1e-8 units: below 2**45."""
    if values.ndim == 2:
        return values.astype(np.int64) * sum(_TO_Y)
    return cv2.transform(values, np.array([_TO_Y], np.float64)).astype(np.int64)
