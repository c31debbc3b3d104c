"""What is seen of curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from gui.timeline.curves import Curve


def curve(values, name="a", **more) -> Curve:
    return Curve(name, name.upper(), "px", 0, values, **more)


def like(colour: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(colour.getRgb(), other.getRgb(), strict=True))


def furthest(image: QImage, other: QImage) -> int:
    """Return how far two pictures lie apart, in any channel of any pixel."""
    bytes_of = [
        np.frombuffer(i.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
        for i in (image, other)
    ]
    assert image.size() == other.size()
    return int(np.abs(bytes_of[0].astype(int) - bytes_of[1]).max())


def columns_with(timeline, colour: QColor, number=0) -> set[int]:
    """Return the columns in which a colour is seen in one plot, below its words."""
    area = timeline.tracks.curves.plot(number).area.toAlignedRect()
    image = timeline.tracks.curves.grab().toImage()
    return {
        x
        for x in range(area.left(), area.right())
        if any(like(image.pixelColor(x, y), colour) for y in range(area.top(), area.bottom()))
    }
