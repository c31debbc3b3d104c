"""From arrays to Qt's images: the only file of the window that touches numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ArrayImage(QImage):
    """A QImage that looks at an array's memory and keeps the array alive.

    A C++ copy of it shares the memory without keeping it: whoever stores the pixels beyond the
    life of this object takes ``copy()`` or ``convertToFormat()``, as `to_screen` does.
    """

    def __init__(self, rgb: NDArray[np.uint8]) -> None:
        height, width = rgb.shape[:2]
        super().__init__(rgb.data, width, height, rgb.strides[0], QImage.Format.Format_RGB888)
        self.array = rgb


def to_qimage(rgb: NDArray[np.uint8]) -> ArrayImage:
    """Return an image over the pixels of an array, without a copy.

    Parameters
    ----------
    rgb
        (h, w, 3) uint8, C-contiguous; may be read-only.

    Raises
    ------
    ValueError
        When shape, dtype or memory layout is another one.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"a picture must be uint8 (h, w, 3), not {rgb.dtype} {rgb.shape}")
    if not rgb.flags.c_contiguous:
        raise ValueError(f"a picture must be contiguous, not a cut-out with strides {rgb.strides}")
    return ArrayImage(rgb)


def to_screen(rgb: NDArray[np.uint8]) -> QImage:
    """Return an own 32-bit copy of (h, w, 3) uint8 pixels.

    QPainter scales 32-bit images three to four times faster than 24-bit ones; the copy costs
    about 1 ms per megapixel, once.
    """
    return to_qimage(rgb).convertToFormat(QImage.Format.Format_RGB32)


def to_overlay(rgba: NDArray[np.uint8]) -> QImage:
    """Return an own copy of (h, w, 4) uint8 pixels whose alpha is not multiplied in, for painting.

    Raises
    ------
    ValueError
        When shape, dtype or memory layout is another one.
    """
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4:
        raise ValueError(f"an overlay must be uint8 (h, w, 4), not {rgba.dtype} {rgba.shape}")
    if not rgba.flags.c_contiguous:
        raise ValueError(f"an overlay must be contiguous, not one with strides {rgba.strides}")
    height, width = rgba.shape[:2]
    seen = QImage(rgba.data, width, height, rgba.strides[0], QImage.Format.Format_RGBA8888)
    return seen.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def lut_image(lut: Any) -> QImage:
    """Return a colour map as a picture one pixel wide, its last colour on top.

    Parameters
    ----------
    lut
        (n, 3) RGB values 0...255: an array or a list of triples.
    """
    column = np.ascontiguousarray(np.asarray(lut, dtype=np.uint8)[::-1, None, :])
    return to_screen(column)
