"""Linear light and its sRGB encoding, and in which of them two pictures are compared.

Both directions work on the 0...255 scale of working values, go on beyond its ends (negative values
are mirrored, nothing is clipped), and are each other's inverse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import ClassVar, Final

import cv2
import numpy as np

from core.settings import Params, ui
from core.types import SCALE, Encoding, Pixels

_BLOCK: Final = 1 << 15
"""Values that are worked on in one go: their in-betweens stay in a core's own cache."""
_SLOPE, _OFFSET, _GAMMA = 12.92, 0.055, 2.4
_DARK_LIGHT, _DARK_CODE = 0.0031308, 0.04045
"""Constants of IEC 61966-2-1: below these the curve is a straight line."""


class Values(StrEnum):
    """In which values two pictures are compared."""

    FILE = "file"
    ENCODED = "encoded"
    LINEAR = "linear"


@dataclass(frozen=True, kw_only=True)
class LightParams(Params):
    """Whether values are proportional to light, or to what the eye makes of it."""

    name: ClassVar[str] = "light"
    title: ClassVar[str] = "Values"
    about: ClassVar[str] = (
        "Whether numbers are those of light (half the light is half the value) or sRGB-encoded as"
        " in everyday files, where a step in the shadows counts as much as the eye sees of it."
    )
    toggle: ClassVar[bool] = False

    values: Values = field(
        default=Values.FILE,
        metadata=ui(
            "Values",
            "As in the files: nothing is converted, unless one picture is linear light and the"
            " other sRGB-encoded; then the linear one is encoded. Encoded, linear light: both"
            " pictures are brought to that by the sRGB curve.",
            choices={
                "file": "as in the files",
                "encoded": "sRGB-encoded",
                "linear": "linear light",
            },
            primary=True,
        ),
    )


PARAMS: Final = LightParams


def encode(light: Pixels) -> Pixels:
    """Return the sRGB encoding of light, both 0...255 for black to white (IEC 61966-2-1).

    Parameters
    ----------
    light
        float32 or float64, any shape and any finite value; a negative one is encoded as the
        mirror image of the positive one, and one above 255 goes on along the curve.

    Returns
    -------
    Pixels
        New, of the same shape and dtype. In float32 within 1e-6 of the value in float64.
    """
    return _by_blocks(light, _encoded)


def decode(encoded: Pixels) -> Pixels:
    """Return the light of sRGB-encoded values: the inverse of `encode`, for the same dtypes."""
    return _by_blocks(encoded, _light)


def _encoded(x: Pixels) -> Pixels:
    size = np.abs(x)
    dark = size * x.dtype.type(_SLOPE)
    steep = cv2.pow(size / x.dtype.type(SCALE), 1 / _GAMMA)
    steep *= x.dtype.type((1 + _OFFSET) * SCALE)
    steep -= x.dtype.type(_OFFSET * SCALE)
    out: Pixels = np.where(size <= x.dtype.type(_DARK_LIGHT * SCALE), dark, steep)
    return np.copysign(out, x, out)


def _light(x: Pixels) -> Pixels:
    size = np.abs(x)
    dark = size / x.dtype.type(_SLOPE)
    base = size / x.dtype.type(SCALE)
    base += x.dtype.type(_OFFSET)
    base /= x.dtype.type(1 + _OFFSET)
    steep = cv2.pow(base, _GAMMA)
    steep *= x.dtype.type(SCALE)
    out: Pixels = np.where(size <= x.dtype.type(_DARK_CODE * SCALE), dark, steep)
    return np.copysign(out, x, out)


def _by_blocks(pixels: Pixels, curve: Callable[[Pixels], Pixels]) -> Pixels:
    flat = np.ascontiguousarray(pixels).reshape(1, -1)
    out = np.empty_like(flat)
    for start in range(0, flat.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        out[:, part] = curve(flat[:, part])
    return out.reshape(pixels.shape)


def convert(pixels: Pixels, to: Encoding) -> Pixels:
    """Return float working values as linear light (`Encoding.LINEAR`) or encoded (`SRGB`)."""
    return decode(pixels) if to is Encoding.LINEAR else encode(pixels)


@cache
def byte_table(to: Encoding, *, wide: bool) -> Pixels:
    """Return what `convert` makes of the values 0...255: (256,) float32, or float64 when `wide`."""
    levels = np.arange(256, dtype=np.float64 if wide else np.float32)
    table = convert(levels, to)
    table.setflags(write=False)
    return table


def wanted(values: Values, own: Encoding, other: Encoding) -> Encoding | None:
    """Return to what a picture's values must be brought; None: they stay as they are.

    Linear light and encoded values are never compared with each other: under `Values.FILE` the
    linear picture beside an sRGB one is encoded. An unknown encoding is taken as encoded when a
    conversion is asked for, and left alone otherwise.
    """
    linear = own is Encoding.LINEAR
    if values is Values.LINEAR:
        return None if linear else Encoding.LINEAR
    if values is Values.ENCODED or other is Encoding.SRGB:
        return Encoding.SRGB if linear else None
    return None
