"""The one place that turns a file's own values into working values, and working values into Lab.

Working values are on the 0...255 scale: a value v of a picture whose white is `peak` becomes
``v / (peak / 255)``; dividing (not multiplying by a rounded reciprocal) keeps 16-bit pictures that
hold 257 times 8-bit values exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import ClassVar, Final

import cv2
import numpy as np

from core.settings import Params, ui
from core.types import SCALE, Alpha, Pixels

LUMA_709: Final = (0.2126, 0.7152, 0.0722)
"""Weights of R'G'B' in luma, Rec. ITU-R BT.709-6."""
_BLOCK: Final = 1 << 15
"""Pixels made gray in one go: their float channels stay in a core's own cache (halves the time)."""


class GrayMethod(StrEnum):
    """How colour channels become one."""

    MEAN = "mean"
    REC709 = "rec709"


class AlphaMode(StrEnum):
    """How transparency takes part in a comparison."""

    PREMULTIPLIED = "premultiplied"
    IGNORE = "ignore"


@dataclass(frozen=True, kw_only=True)
class GrayParams(Params):
    """Whether colour takes part."""

    name: ClassVar[str] = "gray"
    title: ClassVar[str] = "Gray"
    about: ClassVar[str] = "Compares brightness only. A change of hue alone is then not seen."

    method: GrayMethod = field(
        default=GrayMethod.REC709,
        metadata=ui(
            "Weights",
            "How the colour channels are weighed into one gray value.",
            choices={"rec709": "Rec. 709 luma", "mean": "plain mean"},
            primary=True,
        ),
    )


PARAMS: Final = GrayParams


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one picture's values become working values.

    Attributes
    ----------
    divisor
        File values are divided by this.
    gray
        None for all channels.
    alpha
        What the picture's last channel means.
    keep_alpha
        Whether alpha takes part as a last channel (RGB is then premultiplied by it); otherwise an
        alpha channel is dropped.
    channels
        Channels of the result without alpha; a gray picture is repeated to match a colour one.
    wide
        Work in float64 instead of float32.
    """

    divisor: float
    gray: GrayMethod | None
    alpha: Alpha
    keep_alpha: bool
    channels: int
    wide: bool

    def __call__(self, pixels: Pixels) -> Pixels:
        """Return working pixels: uint8 where nothing is lost by it, else float32 or float64."""
        has_alpha = self.alpha is not Alpha.NONE
        color, alpha = _split_alpha(pixels, has_alpha)
        exact = pixels.dtype == np.uint8 and self.divisor == 1.0 and not self.wide
        multiply = self.keep_alpha and self.alpha is Alpha.STRAIGHT
        one = color.ndim == 2
        if exact and not multiply and (one or self.gray is None):
            result = color
        else:
            result = self._scaled(color) if one or self.gray is None else self._gray(color)
            if multiply and alpha is not None:
                share = self._scaled(alpha) / SCALE
                result = result * (share if result.ndim == 2 else share[:, :, None])
        if result.ndim == 2 and self.channels > 1:
            result = cv2.merge([result] * self.channels)
        if self.keep_alpha:
            last = np.full(pixels.shape[:2], SCALE) if alpha is None else self._scaled(alpha)
            result = np.dstack([result, last.astype(result.dtype)])
        return result

    def _gray(self, color: Pixels) -> Pixels:
        height, width = color.shape[:2]
        out = np.empty((height, width), np.float64 if self.wide else np.float32)
        for rows in row_blocks(height, width):
            to_gray(self._scaled(color[rows]), self.gray or GrayMethod.REC709, out[rows])
        return out

    def _scaled(self, pixels: Pixels) -> Pixels:
        out: Pixels = pixels.astype(np.float64 if self.wide else np.float32)
        return out if self.divisor == 1.0 else np.divide(out, out.dtype.type(self.divisor), out)


def row_blocks(height: int, width: int) -> Iterator[slice]:
    """Yield slices of rows, each of about `_BLOCK` pixels."""
    step = max(_BLOCK // max(width, 1), 1)
    for top in range(0, height, step):
        yield slice(top, top + step)


def _split_alpha(pixels: Pixels, has_alpha: bool) -> tuple[Pixels, Pixels | None]:
    if not has_alpha or pixels.ndim == 2:
        return pixels, None
    if pixels.shape[2] == 2:
        return np.ascontiguousarray(pixels[:, :, 0]), np.ascontiguousarray(pixels[:, :, 1])
    color = cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB) if _simple(pixels) else pixels[:, :, :-1]
    return np.ascontiguousarray(color), np.ascontiguousarray(pixels[:, :, -1])


def _simple(pixels: Pixels) -> bool:
    return pixels.shape[2] == 4 and pixels.dtype in (np.uint8, np.uint16, np.float32)


def to_gray(pixels: Pixels, method: GrayMethod, out: Pixels | None = None) -> Pixels:
    """Return one channel of working pixels (float32 or float64), in `out` if it is given.

    The plain mean is the sum of the channels, left to right, divided by their number, in the dtype
    of the pixels: for float64 bit for bit what ``numpy.mean(axis=2)`` gives. Luma takes the first
    three channels; a picture with any other number of channels is averaged.
    """
    if pixels.ndim == 2:
        return pixels
    if method is GrayMethod.REC709 and pixels.shape[2] == 3:
        return cv2.transform(pixels, np.asarray([LUMA_709], np.float64), out)
    planes = cv2.split(pixels)
    total = planes[0]
    for plane in planes[1:]:
        total = cv2.add(total, plane)
    return np.divide(total, total.dtype.type(len(planes)), out)


def to_lab(pixels: Pixels) -> Pixels:
    """Return CIE L*a*b* (D65, sRGB primaries) of working RGB pixels, float32, L* in 0...100.

    Values are taken as sRGB-encoded (IEC 61966-2-1) and clipped to 0...255. L*, a* and b* are
    within 0.04 of the formulas (ISO/CIE 11664-4), a distance of two colours within 0.02: only the
    cube root is approximated. OpenCV's own way from encoded values is a coarse table, off by 0.4.
    """
    rgb = np.ascontiguousarray(pixels[:, :, :3])
    linear: Pixels
    if rgb.dtype == np.uint8:
        linear = cv2.LUT(rgb, _linear_table())
    else:
        linear = _linear(np.clip(rgb.astype(np.float32), 0.0, SCALE) / np.float32(SCALE))
    return cv2.cvtColor(linear, cv2.COLOR_LRGB2Lab)


@cache
def _linear_table() -> Pixels:
    """Return the light of each 8-bit level, (256,) float32."""
    table: Pixels = _linear(np.arange(256).reshape(1, 256) / SCALE).astype(np.float32)
    return table.ravel()


def _linear(encoded: Pixels) -> Pixels:
    """Return the light, 0...1, of sRGB-encoded values 0...1, in their dtype (IEC 61966-2-1)."""
    kind = encoded.dtype.type
    steep = cv2.pow((encoded + kind(0.055)) / kind(1.055), 2.4)
    light: Pixels = np.where(encoded <= kind(0.04045), encoded / kind(12.92), steep)
    return light


def finite(pixels: Pixels) -> Pixels:
    """Return the pixels with NaN and infinities replaced by 0 (the same array if it has none)."""
    if pixels.dtype.kind != "f" or np.isfinite(pixels).all():
        return pixels
    return np.nan_to_num(pixels, nan=0.0, posinf=0.0, neginf=0.0)
