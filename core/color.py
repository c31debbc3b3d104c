"""The one place that turns a file's own values into working values.

Working values are on the 0...255 scale: a value v of a picture whose white is `peak` becomes
``v / (peak / 255)``; dividing (not multiplying by a rounded reciprocal) keeps 16-bit pictures that
hold 257 times 8-bit values exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

import cv2
import numpy as np

from core.light import byte_table, convert
from core.numbers import usable
from core.settings import Params, ui
from core.types import SCALE, Alpha, Encoding, Pixels

LUMA_709: Final = (0.2126, 0.7152, 0.0722)
"""Weights of R'G'B' in luma, Rec. ITU-R BT.709-6."""
_BLOCK: Final = 1 << 15
"""Pixels made gray in one go: their float channels stay in a core's own cache (halves the time)."""
_LEAST_ALPHA: Final = 2.0**-24
"""The smallest alpha that a 16-bit float holds; colour is not divided by less."""


class GrayMethod(StrEnum):
    """How colour channels become one."""

    MEAN = "mean"
    REC709 = "rec709"


class AlphaMode(StrEnum):
    """How transparency takes part in a comparison.

    Colours are multiplied, and laid over a background, in the values that are compared: in light
    when those are linear, else sRGB-encoded, as browsers and image editors do it.
    """

    PREMULTIPLIED = "premultiplied"  # colour counts as much as it is opaque; alpha is a channel
    STRAIGHT = "straight"  # colour counts in full, however transparent it is; alpha is a channel
    OVER = "over"  # what is seen over a background; alpha is no channel
    IGNORE = "ignore"  # colour as if it were opaque; alpha is no channel


class Background(StrEnum):
    """What transparent pictures are laid over."""

    BLACK = "black"
    WHITE = "white"
    GRAY = "gray"
    LEVEL = "level"


class Transparent(StrEnum):
    """Whether pixels that are fully transparent in both pictures count."""

    COUNT = "count"
    LEAVE_OUT = "leave-out"


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
        Whether alpha takes part as a last channel; otherwise it is dropped in the end.
    channels
        Channels of the result without alpha; a gray picture is repeated to match a colour one.
    wide
        Work in float64 instead of float32.
    transfer
        What the colours are brought to, LINEAR or SRGB (`core.light.convert`); None: as they are.
    mode
        What is done with transparency. PREMULTIPLIED multiplies straight colour only where
        `keep_alpha` is set too.
    background
        Working value, in what is compared, that OVER lays the picture over.

    Notes
    -----
    Premultiplied colour is divided by alpha for STRAIGHT and IGNORE, and around a transfer. Where
    alpha is 0 it is left as it is: 0 in a proper file, and light that is added to the background
    (a glow) in a rendering, which thus stays finite and is seen in every mode.
    """

    divisor: float
    gray: GrayMethod | None
    alpha: Alpha
    keep_alpha: bool
    channels: int
    wide: bool
    transfer: Encoding | None = None
    mode: AlphaMode = AlphaMode.PREMULTIPLIED
    background: float = 0.0

    @property
    def plain(self) -> bool:
        """Whether 8-bit pixels are working pixels as they are, as far as colour goes."""
        divides = self._divides or self._multiplies or self._covers
        return self.divisor == 1.0 and not self.wide and self.transfer is None and not divides

    @property
    def _divides(self) -> bool:
        straight = self.mode in (AlphaMode.STRAIGHT, AlphaMode.IGNORE)
        return self.alpha is Alpha.PREMULTIPLIED and (straight or self.transfer is not None)

    @property
    def _multiplies(self) -> bool:
        wanted = self.mode is AlphaMode.OVER or (
            self.mode is AlphaMode.PREMULTIPLIED and self.keep_alpha
        )
        return wanted and (self.alpha is Alpha.STRAIGHT or self._divides)

    @property
    def _covers(self) -> bool:
        real = self.alpha in (Alpha.STRAIGHT, Alpha.PREMULTIPLIED)
        return self.mode is AlphaMode.OVER and real

    def __call__(self, pixels: Pixels) -> Pixels:
        """Return working pixels: uint8 where nothing is lost by it, else float32 or float64."""
        color, alpha = split_alpha(pixels, self.alpha)
        share = None
        if alpha is not None and (self._divides or self._multiplies or self._covers):
            share = self._scaled(alpha) / SCALE
        one = color.ndim == 2
        if self.plain and pixels.dtype == np.uint8 and (one or self.gray is None):
            result = color
        else:
            solid = solid_share(share) if share is not None and self._divides else None
            result = (
                self._light(color, solid)
                if one or self.gray is None
                else (self._gray(color, solid))
            )
            if share is not None:
                result = self._laid(result, share, solid)
        if result.ndim == 2 and self.channels > 1:
            result = cv2.merge([result] * self.channels)
        if self.keep_alpha:
            last = np.full(pixels.shape[:2], SCALE) if alpha is None else self._scaled(alpha)
            result = np.dstack([result, last.astype(result.dtype)])
        return result

    def _laid(self, color: Pixels, share: Pixels, solid: Pixels | None) -> Pixels:
        """Return straight colour times alpha, and over the background, as far as is wanted."""
        if self._multiplies:
            color = color * _spread(share if solid is None else solid, color)
        if self._covers and self.background:
            color = color + _spread((1 - share) * color.dtype.type(self.background), color)
        return color

    def _gray(self, color: Pixels, solid: Pixels | None) -> Pixels:
        height, width = color.shape[:2]
        out = np.empty((height, width), np.float64 if self.wide else np.float32)
        for rows in row_blocks(height, width):
            part = self._light(color[rows], None if solid is None else solid[rows])
            to_gray(part, self.gray or GrayMethod.REC709, out[rows])
        return out

    def _light(self, color: Pixels, solid: Pixels | None) -> Pixels:
        """Return float colour on the scale, divided by alpha and transferred where that is due."""
        if self.transfer is None:
            out = self._scaled(color)
            return out if solid is None else np.divide(out, _spread(solid, out), out)
        if color.dtype == np.uint8 and self.divisor == 1.0 and solid is None:
            return cv2.LUT(color, byte_table(self.transfer, wide=self.wide))
        out = self._scaled(color)
        if solid is not None:
            np.divide(out, _spread(solid, out), out)
        return convert(out, self.transfer)

    def _scaled(self, pixels: Pixels) -> Pixels:
        out: Pixels = pixels.astype(np.float64 if self.wide else np.float32)
        return out if self.divisor == 1.0 else np.divide(out, out.dtype.type(self.divisor), out)


def solid_share(share: Pixels) -> Pixels:
    """Return alpha, 0...1, as a divisor: 1 where it is 0, or next to it."""
    return np.where(share <= _LEAST_ALPHA, share.dtype.type(1), share)


def _spread(plane: Pixels, like: Pixels) -> Pixels:
    """Return a plane repeated to the channels of `like`; NumPy is slow over an axis of three."""
    return plane if like.ndim == 2 else cv2.merge([plane] * like.shape[2])


def row_blocks(height: int, width: int, pixels: int = _BLOCK) -> Iterator[slice]:
    """Yield slices of rows, each of about so many pixels."""
    step = max(pixels // max(width, 1), 1)
    for top in range(0, height, step):
        yield slice(top, top + step)


def split_alpha(pixels: Pixels, alpha: Alpha) -> tuple[Pixels, Pixels | None]:
    """Return colour, and the last channel where it is alpha; both C-contiguous then."""
    if alpha is Alpha.NONE or pixels.ndim == 2:
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


def finite(pixels: Pixels, limit: float = math.inf) -> Pixels:
    """Return the pixels with 0 for NaN, infinities and what is over a limit.

    The same array if it has none.
    """
    if pixels.dtype.kind != "f":
        return pixels
    good = usable(pixels, limit)
    return pixels if good.all() else np.where(good, pixels, pixels.dtype.type(0))
