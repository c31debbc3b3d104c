"""Reads a picture through any invertible projective map, and through a field of displacements.

Positions are exact to rounding in float64 and weights to that of the pixels; both depend only on
the absolute place on the canvas, so strips equal the whole bit for bit, however it is cut. Where
the map shrinks, one factor makes the kernel wider all over the canvas (`core._view`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core._gather import BLOCK, WHOLE, Taps, block
from core._view import View, view
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from core.field import Field
    from core.geometry import Kernel, Matrix
    from core.types import Mask, Pixels

_WIDTH: Final = 512
"""Width of a block, about: what it sees of a picture that is turned is not much larger than it."""
_SPREAD: Final = 3.0
"""A piece is cut in two where what it sees is so many times as large as what it needs."""
_SMALL: Final = 1 << 17
"""What a piece sees is not too large if it has no more pixels than this."""


def warped(
    read: Callable[[Rect, int], Pixels],
    source_shape: tuple[int, int],
    matrix: Matrix,
    rect: Rect,
    level: int,
    kernel: Kernel,
    field: Field | None = None,
) -> tuple[Pixels, Mask | None]:
    """Return a source's pixels over a rectangle of the canvas, and where they are valid.

    Parameters
    ----------
    read, source_shape, matrix, rect, level, kernel
        As for `core.resample.fetch`; any matrix that can be inverted. Where it shrinks by more than
        `core._view.SHRINKS` in the middle of the source, the kernel is made as many times as wide,
        in both directions, to antialias; by more than four times, an overview of it is read.
    field
        Displacements on the canvas, before the inverse of the matrix.

    Returns
    -------
    pixels
        (rect.height, rect.width[, C]) float32, or float64 from float64.
    valid
        (h, w) mask, or None when all is valid: where the whole footprint of the kernel (as wide as
        it is without antialiasing) lies in the source, and in front of the camera. On a pixel's
        centre the footprint is that pixel. Where it is not valid, pixels hold repeated edges near
        the source and 0 farther away.

    Raises
    ------
    ValueError
        When the matrix is singular.
    """
    seen = view(source_shape, matrix, level, kernel, field)
    out: Pixels | None = None
    valid: Mask | None = None
    for piece, source in _pieces(seen, rect):
        pixels = read(source or Rect(0, 0, 1, 1), level + seen.deeper)
        if out is None:
            shape = (rect.height, rect.width, *pixels.shape[2:])
            out = np.zeros(shape, _real(pixels))
        if source is None:
            good: Mask | None = np.zeros((piece.height, piece.width), np.uint8)
        else:
            good = _piece(seen, pixels, source, piece, out[piece.within(rect)])
        if good is not None:
            if valid is None:
                valid = np.full((rect.height, rect.width), 255, np.uint8)
            valid[piece.within(rect)] = good
    assert out is not None
    return out, valid


def _pieces(seen: View, rect: Rect) -> Iterator[tuple[Rect, Rect | None]]:
    """Cut a rectangle so that what each piece sees of the source is not much more than it needs."""
    source = seen.needs(rect)
    small = source is None or source.area <= max(_SPREAD * seen.density * rect.area, _SMALL)
    if small or rect.area <= BLOCK:
        yield rect, source
        return
    if rect.height > rect.width:
        half = rect.height // 2
        parts = [Rect(rect.row, rect.col, half, rect.width)]
        parts.append(Rect(rect.row + half, rect.col, rect.height - half, rect.width))
    else:
        half = rect.width // 2
        parts = [Rect(rect.row, rect.col, rect.height, half)]
        parts.append(Rect(rect.row, rect.col + half, rect.height, rect.width - half))
    for part in parts:
        yield from _pieces(seen, part)


def _piece(seen: View, pixels: Pixels, source: Rect, piece: Rect, out: Pixels) -> Mask | None:
    """Fill one piece, block by block, and return where it is valid."""
    valid: Mask | None = None
    wide = -(-piece.width // max(round(piece.width / _WIDTH), 1))
    tall = max(BLOCK // wide, 1)
    for row in range(piece.row, piece.bottom, tall):
        for col in range(piece.col, piece.right, wide):
            part = Rect(row, col, tall, wide).intersect(piece)
            u, v = seen.positions(part)
            place = part.within(piece)
            good = block(pixels, source, seen.shape, u, v, seen.taps, out[place])
            if good is not None:
                if valid is None:
                    valid = np.full((piece.height, piece.width), 255, np.uint8)
                valid[place] = good
    return valid


def covers(
    source_shape: tuple[int, int], matrix: Matrix, canvas: tuple[int, int], kernel: Kernel
) -> bool:
    """Whether every pixel of the canvas is surely valid under a matrix alone.

    The picture without its margin is convex and stays so on the canvas, so the four corners tell.
    """
    seen = view(source_shape, matrix, 0, kernel)
    if seen.deeper:
        return False
    least = seen.taps.half - 1.0 - WHOLE
    bottom, right = canvas[0] - 1.0, canvas[1] - 1.0
    for corner in ((0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)):
        u, v, w = seen.back @ (*corner, 1.0)
        if w <= 0.0:
            return False
        ends = ((u / w, source_shape[1]), (v / w, source_shape[0]))
        if not all(least <= at <= length - 1.0 - least for at, length in ends):
            return False
    return True


def _real(pixels: Pixels) -> np.dtype[Any]:
    return np.dtype(np.float64 if pixels.dtype == np.float64 else np.float32)


def sampled(
    pixels: Pixels, u: NDArray[np.float64], v: NDArray[np.float64], kernel: Kernel
) -> tuple[Pixels, Mask | None]:
    """Return a picture's values at any positions.

    Parameters
    ----------
    pixels
        (H, W) or (H, W, C) finite pixels of any dtype.
    u, v
        (h, w) float64 positions, x (columns) and y (rows), pixel centres at integers. They may lie
        outside and need not be finite.
    kernel
        Is not widened: nothing is antialiased.

    What lies between a block of rows of positions is looked at as a whole: fast where neighbours in
    `u`, `v` are neighbours in the picture, as they are in a window that is moved, turned or bent.

    Returns
    -------
    values
        (h, w[, C]) float32, or float64 from float64 pixels.
    inside
        (h, w) mask: 255 where the whole footprint of the kernel lies in the picture; None when it
        does everywhere. Other values repeat the edges, or are 0 far away.
    """
    out = np.empty((*u.shape, *pixels.shape[2:]), _real(pixels))
    taps, area = Taps(kernel), Rect.of(pixels)
    valid: Mask | None = None
    step = max(1, BLOCK // max(1, u.shape[1]))
    for row in range(0, u.shape[0], step):
        rows = slice(row, row + step)
        good = block(pixels, area, pixels.shape[:2], u[rows], v[rows], taps, out[rows])
        if good is not None:
            if valid is None:
                valid = np.full(u.shape, 255, np.uint8)
            valid[rows] = good
    return out, valid
