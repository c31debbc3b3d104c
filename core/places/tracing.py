"""Makes places of a mask picture: rectangles that together are its pixels exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import SettingsError
from core.places.shapes import Kind, Shape

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.types import Mask

MOST: Final = 4000
"""So many rectangles are places; their text still fits into one argument of a command line."""


def marked(picture: ImageBuffer) -> Mask:
    """Return the mask of what is marked in a picture: where it is at least half white and opaque.

    uint8, 0 or 255. In colour pictures every colour channel must be; for 8 bits from 128 on. What
    is not finite is not marked.
    """
    data = picture.data
    pixels = data if data.ndim == 3 else data[:, :, None]
    white = np.greater_equal(pixels, picture.peak / 2.0).all(axis=2)
    return np.where(white, 255, 0).astype(np.uint8)


def rectangles(mask: Mask) -> tuple[Shape, ...]:
    """Return rectangles that cover exactly the pixels of a mask that are not 0.

    Runs of pixels that lie in the same columns of rows below one another are one rectangle.

    Raises
    ------
    SettingsError
        When there would be more than `MOST`.
    """
    made: list[Shape] = []
    begun: dict[tuple[int, int], int] = {}  # columns of a run -> its first row
    for row in range(mask.shape[0] + 1):
        line = mask[row] != 0 if row < mask.shape[0] else np.zeros(mask.shape[1], np.bool_)
        edges = np.flatnonzero(np.diff(line, prepend=False, append=False)).tolist()
        runs = set(zip(edges[::2], edges[1::2], strict=True))
        for run in [run for run in begun if run not in runs]:
            top = begun.pop(run)
            made.append(Shape(Kind.RECT, ((top, run[0]), (row, run[1]))))
        begun.update(dict.fromkeys(runs - begun.keys(), row))
        if len(made) + len(begun) > MOST:
            raise SettingsError(
                f"The mask is too ragged: it would take more than {MOST:,} rectangles; smooth its"
                " edges, or draw it coarser."
            )
    return tuple(sorted(made, key=lambda shape: shape.points))
