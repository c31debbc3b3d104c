"""PNM files of OpenCV and Pillow, and drawings of Qt."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path


def pnm(path: Path, dtype: str, channels: int, text: bool = False) -> Pixels:
    data = noise(7, 23, *((channels,) if channels > 1 else ()), dtype=np.dtype(dtype))
    pixels = cv2.cvtColor(data, cv2.COLOR_RGB2BGR) if channels == 3 else data
    assert cv2.imwrite(str(path), pixels, [cv2.IMWRITE_PXM_BINARY, int(not text)])
    return data


def bitmap(path: Path) -> Pixels:
    data = noise(7, 23) > 99
    Image.fromarray(data).save(path)
    return data * np.uint8(255)


def drawing(path: Path) -> Pixels:
    """Draw a box with Qt, whose corners lie on whole pixels."""
    from PySide6.QtCore import QRect, QSize
    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtSvg import QSvgGenerator

    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(QSize(60, 40))
    generator.setViewBox(QRect(0, 0, 60, 40))
    generator.setResolution(96)  # an inch of CSS; the size is written in mm
    painter = QPainter(generator)
    painter.fillRect(10, 5, 20, 10, QColor(64, 128, 192))
    painter.end()
    truth = np.zeros((40, 60, 4), np.uint8)
    truth[5:15, 10:30] = (64, 128, 192, 255)
    return truth


CASES = (
    Case("pnm-bitmap", "PNM", "1–4 bit", "bitmap", "Pillow", bitmap, ".pbm"),
    *(Case(f"pnm-{name.lower()}-{bits}{'-text' * text}", "PNM", f"{bits} bit",
           f"{name}{', as text' * text}", "OpenCV",
           partial(pnm, dtype=f"uint{bits}", channels=n, text=text), suffix)
      for bits in (8, 16)
      for name, n, suffix, text in (("gray", 1, ".pgm", False), ("RGB", 3, ".ppm", False),
                                    ("RGB", 3, ".ppm", True))),
    Case("svg", "SVG", "8 bit", "RGBA", "Qt", drawing, ".svg", alpha=Alpha.STRAIGHT),
)  # fmt: skip
