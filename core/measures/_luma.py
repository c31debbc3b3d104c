"""Luma of the pictures of a sample: Rec. 709 weights of the values as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.color import GrayMethod, row_blocks, to_gray

if TYPE_CHECKING:
    from core.measures import Sample
    from core.types import Pixels

_BLOCK: Final = 1 << 18
"""Pixels of which a float copy is made in one go."""


def luma_of(pixels: Pixels) -> Pixels:
    """Return (h, w) luma: gray pixels as they are, of colour float32, or float64 for float64.

    Parameters
    ----------
    pixels
        (h, w) or (h, w, C) without alpha.
    """
    if pixels.ndim == 2:
        return pixels
    wide = pixels.dtype == np.float64
    out: Pixels = np.empty(pixels.shape[:2], np.float64 if wide else np.float32)
    for rows in row_blocks(out.shape[0], out.shape[1], _BLOCK):
        to_gray(pixels[rows].astype(out.dtype, copy=False), GrayMethod.REC709, out[rows])
    return out


def bytes_of(sample: Sample) -> tuple[Pixels, Pixels] | None:
    """Return both pictures over a strip where they are RGB bytes, side by side; else None.

    What is made of luma is then made of these in less time than luma itself takes.
    """
    a, b = (x[sample.inner] for x in sample.colors)
    if all(x.dtype == np.uint8 and x.ndim == 3 and x.strides[1:] == (3, 1) for x in (a, b)):
        return a, b
    return None
