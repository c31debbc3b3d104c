"""Converts pixels of a known colour space into the working space.

The result is float32, 1.0 = white. Nothing is clipped: colours outside sRGB have values below 0 or
above 1 and stay as different from each other as they were. NaN and infinities stay without being
finite. Alpha is only scaled to 0...1; a colour that is premultiplied is divided by its alpha,
converted, and multiplied again, and one whose alpha is 0 is converted as it stands.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import cv2
import numpy as np

from core.io.color.curves import HLG_PEAK, IDENTITY, REFERENCE_WHITE, srgb_encode
from core.io.color.encode import encode
from core.io.color.spaces import Space
from core.types import Alpha, Encoding, Pixels

_HALF_LEVEL: Final = 0.5 / 255.0
OUTSIDE: Final = (-_HALF_LEVEL / 12.92, ((1.0 + _HALF_LEVEL + 0.055) / 1.055) ** 2.4)
"""Light below the one or above the other is outside sRGB by over half an 8-bit level."""
_HLG_GAMMA: Final = 1.2  # for a display of 1000 cd/m²: BT.2100-2, table 5, note 5f
_LANES: Final = 64
"""Blocks hold a multiple of this: what is left over after whole vectors is rounded otherwise."""
_TABLED: Final = (np.uint8, np.uint16)


@dataclass(frozen=True, eq=False)
class ColorTransform(ABC):
    """How the pixels of one picture become values of the working space; pure and thread-safe.

    Attributes
    ----------
    name
        What a person calls the space that the file is in.
    linear
        Whether the result is light; else it is sRGB-encoded.
    peak
        The value in the file that means white.
    alpha
        What the last channel of the picture is.
    """

    name: str
    linear: bool
    peak: float
    alpha: Alpha
    _step: ClassVar[int] = 1 << 15
    """Pixels converted in one go: they stay in a core's own cache; 0: all."""

    @property
    def encoding(self) -> Encoding:
        """How the values of the result relate to light."""
        return Encoding.LINEAR if self.linear else Encoding.SRGB

    @property
    def describe(self) -> str:
        """What is done, in words: ``"Display P3 converted to sRGB"``."""
        return f"{self.name} converted to {self.target}"

    @property
    def target(self) -> str:
        """What a person calls the space of the result."""
        return "linear light of sRGB primaries" if self.linear else "sRGB"

    def apply(self, pixels: Pixels) -> Pixels:
        """Return a part of the picture, of any size, in the working space: float32, same shape."""
        return self.convert(pixels)[0]

    def convert(self, pixels: Pixels, out: Pixels | None = None) -> tuple[Pixels, int]:
        """Return the same, and how many pixels lie outside sRGB by over half an 8-bit level.

        A pixel comes to the same bits whatever part it is handed over in. Of light only values
        below 0 count: above 1 it is bright, not colourful.

        Parameters
        ----------
        pixels
            As they are in the file.
        out
            Where the result goes: float32, C-contiguous, of the same shape; a new array if None.
        """
        out = np.empty(pixels.shape, np.float32) if out is None else out
        shape = (1, -1, *pixels.shape[2:])
        flat, made = np.ascontiguousarray(pixels).reshape(shape), out.reshape(shape)
        step = self._step or max(flat.shape[1], 1)
        outside = sum(
            self._block(flat[:, at : at + step], made[:, at : at + step])
            for at in range(0, flat.shape[1], step)
        )
        return out, outside

    def _block(self, block: Pixels, out: Pixels) -> int:
        count = block.shape[1]
        if missing := -count % _LANES:
            more = np.repeat(block[:, :1], missing, axis=1)
            padded = np.empty((1, count + missing, *out.shape[2:]), np.float32)
            outside = self._whole(np.concatenate([block, more], axis=1), padded, count)
            out[...] = padded[:, :count]
            return outside
        return self._whole(block, out, count)

    def _whole(self, block: Pixels, out: Pixels, count: int) -> int:
        """Write the result into `out`; return how many of the first `count` pixels lie outside."""
        if self.alpha is Alpha.NONE:
            return self._finish(self._light(block), out, count)
        last = block.shape[2] - 1
        color = np.ascontiguousarray(block[:, :, 0] if last == 1 else block[:, :, :last])
        share = np.divide(block[:, :, last], np.float32(self.peak), dtype=np.float32)
        divide = self.alpha is Alpha.PREMULTIPLIED and not self._proportional
        opacity = np.where(share > 0.0, share, np.float32(1.0))
        opacity = opacity if last == 1 else cv2.merge([opacity] * last)
        if divide:
            color = color.astype(np.float32) / opacity
        done = np.empty(color.shape, np.float32)
        outside = self._finish(self._light(color), done, count)
        if divide:
            done *= opacity
        out[...] = cv2.merge([done, share])
        return outside

    @property
    def _proportional(self) -> bool:
        """Whether twice the values always give twice the result."""
        return False

    @abstractmethod
    def _light(self, color: Pixels) -> Pixels:
        """Return linear light of sRGB primaries as a new float32 array of the same shape."""

    def _finish(self, light: Pixels, out: Pixels, count: int) -> int:
        low, high = OUTSIDE
        high = float(np.finfo(np.float32).max) if self.linear else high
        outside = 0
        with np.errstate(invalid="ignore"):  # NaN is not inside
            some = not (light.min() >= low and light.max() <= high)
        if some:
            inside = cv2.inRange(light[:, :count], (low,) * 4, (high,) * 4)
            outside = count - cv2.countNonZero(inside)
        if self.linear:
            out[...] = light
        else:
            encode(light, out)
        return outside


@dataclass(frozen=True, eq=False)
class MatrixTransform(ColorTransform):
    """By curves and a matrix: within 0.002 of an 8-bit level of the formulas, for values to 1.

    Attributes
    ----------
    space
        What the values mean.
    """

    space: Space

    @property
    def _proportional(self) -> bool:
        return self.linear and self.space.luminance is None and self.space.curves == (IDENTITY,)

    @property
    def _direct(self) -> bool:
        return self.space.has_srgb_primaries and not self.linear

    @cached_property
    def _light8(self) -> Pixels:
        return self._table(256)

    @cached_property
    def _light16(self) -> Pixels:
        return self._table(65536)

    @cached_property
    def _encoded8(self) -> Pixels:
        return srgb_encode(self._light8).astype(np.float32)

    @cached_property
    def _encoded16(self) -> Pixels:
        return srgb_encode(self._light16).astype(np.float32)

    def _whole(self, block: Pixels, out: Pixels, count: int) -> int:
        if self._direct and self.alpha is Alpha.NONE and block.dtype in _TABLED:
            table = self._encoded8 if block.dtype == np.uint8 else self._encoded16
            out[...] = _look_up(np.ascontiguousarray(block), table)
            return 0
        return super()._whole(block, out, count)

    def _table(self, size: int) -> Pixels:
        x = np.arange(float(size)).reshape(1, size) / self.peak
        tables = [curve(x).astype(np.float32) for curve in self.space.curves]
        return tables[0] if len(tables) == 1 else cv2.merge(tables)

    def _light(self, color: Pixels) -> Pixels:
        if color.dtype in _TABLED:
            table = self._light8 if color.dtype == np.uint8 else self._light16
            light = _look_up(color, table)
        else:
            light = self._formula(color)
        if self.space.luminance is not None:
            light = _shown(light, self.space.luminance)
        if light.ndim == 3 and not self.space.has_srgb_primaries:
            light = _mixed(light, self.space.matrix)
        return light

    def _formula(self, color: Pixels) -> Pixels:
        values = color.astype(np.float64) / self.peak
        curves = self.space.curves
        if len(curves) == 1 or values.ndim == 2:
            return curves[0](values).astype(np.float32)
        planes = [curve(values[:, :, i]) for i, curve in enumerate(curves)]
        return cv2.merge([plane.astype(np.float32) for plane in planes])


def _mixed(light: Pixels, matrix: Pixels) -> Pixels:
    """Return light of other primaries; OpenCV rounds the last pixels of a row otherwise."""
    count = light.shape[1]
    wide = np.zeros((1, count + _LANES, light.shape[2]), np.float32)
    wide[:, :count] = light
    return cv2.transform(wide, matrix, wide)[:, :count]


def _look_up(values: Pixels, table: Pixels) -> Pixels:
    if table.ndim == 3 and values.ndim == 3:
        return cv2.LUT(values, table)
    one = table if table.ndim == 2 else np.ascontiguousarray(table[:, :, 0])
    return cv2.LUT(values.reshape(1, -1), one).reshape(values.shape)


def _shown(scene: Pixels, weights: tuple[float, float, float]) -> Pixels:
    """Return what a display of `HLG_PEAK` shows of a scene: BT.2100-2, table 5, the OOTF."""
    luminance = scene if scene.ndim == 2 else cv2.transform(scene, np.asarray([weights]))
    gain = np.abs(luminance) ** np.float32(_HLG_GAMMA - 1.0)
    gain *= np.float32(HLG_PEAK / REFERENCE_WHITE)
    scene *= gain if scene.ndim == 2 else cv2.merge([gain] * 3)
    return scene
