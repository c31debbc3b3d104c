"""CIE L*a*b* of working values."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from core.light import byte_table, decode
from core.types import SCALE, Encoding, Pixels


def to_lab(pixels: Pixels, *, linear: bool = False) -> Pixels:
    """Return CIE L*a*b* (D65, sRGB primaries) of working RGB pixels, float32, L* in 0...100.

    Parameters
    ----------
    pixels
        (h, w, C >= 3), 0...255; channels after the third are left out. Clipped to 0...255: Lab has
        no meaning for colours outside the primaries' range that all its users share.
    linear
        The pixels are linear light; otherwise they are sRGB-encoded (IEC 61966-2-1).

    Notes
    -----
    L*, a* and b* are within 0.04 of the formulas (ISO/CIE 11664-4), a distance of two colours
    within 0.02: only the cube root is approximated. OpenCV's own way from encoded values is a
    coarse table, off by 0.4.
    """
    rgb = np.ascontiguousarray(pixels[:, :, :3])
    light: Pixels
    if rgb.dtype == np.uint8:
        light = cv2.LUT(rgb, _table(linear=linear))
    else:
        light = np.clip(rgb.astype(np.float32), 0.0, SCALE)
        light = (light if linear else decode(light)) / np.float32(SCALE)
    return cv2.cvtColor(light, cv2.COLOR_LRGB2Lab)


@cache
def _table(*, linear: bool) -> Pixels:
    """Return the light, 0...1, of each 8-bit level, (256,) float32."""
    levels = np.arange(256.0) if linear else byte_table(Encoding.LINEAR, wide=True)
    return (levels / SCALE).astype(np.float32)
