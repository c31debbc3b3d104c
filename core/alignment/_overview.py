"""Both pictures, small: their structure, and how well they agree under a matrix."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment._surface import Surface, bandpass, evened, surface
from core.alignment.models import mapped
from core.parallel import both
from core.pyramid import level_shape, preview_level
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.alignment._surface import Peak
    from core.alignment.models import Floats
    from core.alignment.sides import Heeded, Side
    from core.types import Mask, Pixels, Token

ROOM: Final = 3
"""Pixels at the border of a picture that no window may reach."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture at the overview's level, over the whole canvas.

    Attributes
    ----------
    structure
        Bandpassed, float32; 0 where the picture does not exist.
    even
        The same with strong edges brought down, within -1...1.
    valid
        Where it exists; None: everywhere.
    strength
        Deviation of the structure, in levels, over where it exists.
    frame
        The smallest rectangle around the picture, with what of it is ignored.
    area
        Pixels that there are to look at: those of the frame, or those in it that are not ignored.
    room
        Side of the largest square in which there is something to look at, px.
    ignores
        Whether some of it is ignored; it is not valid there.
    """

    structure: Pixels
    even: Pixels
    valid: Mask | None
    strength: float
    frame: Rect
    area: int
    room: int
    ignores: bool


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Both pictures at one level."""

    a: Picture
    b: Picture
    level: int

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the canvas at the level."""
        height, width = self.a.structure.shape
        return height, width

    @property
    def ignores(self) -> bool:
        """Whether some of a picture is ignored."""
        return self.a.ignores or self.b.ignores

    def surface(self, matrix: Floats | None, searched: float) -> Surface:
        """Return how well the pictures agree at every shift on top of a matrix (None: at rest)."""
        if not self.ignores:
            moved = self.b.even if matrix is None else self.warped(matrix)[0]
            return surface(self.a.even, moved, searched)
        # What is ignored of A lies elsewhere on B at every shift, so B is kept as a whole.
        moved, there = (self.b.even, self.b.valid) if matrix is None else self._brought(matrix)
        return surface(self.a.even, moved, searched, (self.a.valid, there))

    def warped(self, matrix: Floats) -> tuple[Pixels, Mask]:
        """Return B's evened structure brought onto A, and where both exist."""
        moved, there = self._brought(matrix)
        if self.a.valid is not None:
            there = np.asarray(cv2.bitwise_and(there, self.a.valid), np.uint8)
        return cv2.copyTo(moved, there), there

    def _brought(self, matrix: Floats) -> tuple[Pixels, Mask]:
        """Return B's evened structure brought onto the canvas, and where B exists."""
        height, width = self.shape
        valid = np.full(self.shape, 255, np.uint8) if self.b.valid is None else self.b.valid
        size = (width, height)
        moved = cv2.warpPerspective(self.b.even, matrix, size, flags=cv2.INTER_LINEAR)
        there = cv2.warpPerspective(valid, matrix, size, flags=cv2.INTER_NEAREST)
        if matrix[2, 0] or matrix[2, 1]:  # what lies behind the camera is painted upside down
            back = np.linalg.inv(matrix)
            x, y = np.arange(width), np.arange(height)[:, None]
            there[(back[2, 0] * x + back[2, 1] * y + back[2, 2]) <= 0] = 0
        return cv2.copyTo(moved, there), np.asarray(there, np.uint8)

    def agreement(self, matrix: Floats) -> tuple[float, float]:
        """Return how well the structures agree under a matrix, and the share of A that B covers.

        The first is the normalised cross-correlation of the evened structures over what both
        cover, -1...1; the second is of the smaller picture's area, without what is ignored of it.
        """
        moved, there = self.warped(matrix)
        area = cv2.countNonZero(there)
        smaller = min(self.a.area, self._area(matrix))
        mine = cv2.copyTo(self.a.even, there)
        size = cv2.norm(mine) * cv2.norm(moved)
        if area < 64 or size < 1e-6:
            return 0.0, area / max(smaller, 1)
        return float(np.vdot(mine, moved)) / size, area / max(smaller, 1)

    def _area(self, matrix: Floats) -> float:
        """Return how large B is on A, px, without what is ignored of it."""
        around = mapped(matrix, corners(self.b.frame))
        if not np.isfinite(around).all():
            return 1e9
        return cv2.contourArea(around.astype(np.float32)) * (self.b.area / self.b.frame.area)

    def peaks(self, matrix: Floats, searched: float) -> list[Peak]:
        """Return the two best shifts on top of a matrix."""
        return self.surface(matrix, searched).peaks(2)

    def places(self, matrix: Floats, ratio: int, size: int, count: int) -> NDArray[np.intp]:
        """Return where to look: centres of windows in A that B covers, spread and textured.

        Parameters
        ----------
        matrix
            B to A, at the overview's level.
        ratio
            Pixels of the level that is looked at per pixel of the overview, in each direction.
        size
            Side of the windows at that level.
        count
            About so many.

        Returns
        -------
        centres
            (n, 2) x, y at that level.
        """
        _, there = self.warped(matrix)
        reach = math.ceil((size // 2 + 1) / ratio) + ROOM
        edged = cv2.copyMakeBorder(there, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
        inner = cv2.erode(
            edged, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0
        )[1:-1, 1:-1]  # fmt: skip
        if not cv2.countNonZero(inner):
            return np.zeros((0, 2), np.intp)
        block = max(size // ratio, 3)
        energy = cv2.cornerMinEigenVal(self.a.even, block, ksize=3)
        energy = np.where(inner > 0, energy, np.float32(-1.0))
        col, row, width, height = cv2.boundingRect(inner)
        cell = max(math.sqrt(width * height / count), 1.0)
        rows, cols = max(round(height / cell), 1), max(round(width / cell), 1)
        ys = np.linspace(row, row + height, rows + 1).round().astype(int)
        xs = np.linspace(col, col + width, cols + 1).round().astype(int)
        found = []
        for top, bottom in pairwise(ys):
            for left, right in pairwise(xs):
                part = energy[top:bottom, left:right]
                if not part.size:
                    continue
                _, high, _, (x, y) = cv2.minMaxLoc(part)
                if high > 0.0:
                    found.append((left + x, top + y))
        centres = np.array(found, np.float64).reshape(-1, 2)
        return np.asarray(np.rint((centres + 0.5) * ratio - 0.5), np.intp)


def overview(
    side: Side, shape: tuple[int, int], level: int, pixels: int, token: Token,
    heeded: Heeded | None = None,
) -> Overview:  # fmt: skip
    """Return both pictures at the largest level of at most so many pixels, at least `level`."""
    coarse = max(level, preview_level(shape, pixels))
    whole = Rect(0, 0, *level_shape(shape, coarse))
    known = None if heeded is None else heeded(whole, coarse)
    # A large picture may have no overviews yet: they are made of both at once.
    a, b = both(
        lambda: _picture(side, 0, whole, coarse, known),
        lambda: _picture(side, 1, whole, coarse, None),
        token,
    )
    return Overview(a, b, coarse)


def _picture(side: Side, index: int, whole: Rect, level: int, heeded: Mask | None) -> Picture:
    gray, valid = side(index, whole, level)
    if valid is not None and cv2.countNonZero(valid) == valid.size:
        valid = None
    frame = Rect.of(gray) if valid is None else _around(valid)
    area, room = frame.area, min(frame.height, frame.width)
    if heeded is not None:
        gray = cv2.copyTo(gray, heeded)
        valid = np.asarray(heeded if valid is None else cv2.bitwise_and(valid, heeded), np.uint8)
        area, room = cv2.countNonZero(valid), _room(valid)
    structure = bandpass(gray, valid)
    pixels = valid.size if valid is not None else structure.size
    count = cv2.countNonZero(valid) if valid is not None else pixels
    strength = cv2.norm(structure) / math.sqrt(max(count, 1))
    even = evened(structure, None if heeded is None else count)
    return Picture(structure, even, valid, strength, frame, area, room, heeded is not None)


def _around(valid: Mask) -> Rect:
    col, row, width, height = cv2.boundingRect(valid)
    return Rect(row, col, height, width)


def _room(valid: Mask) -> int:
    """Return the side of the largest square of odd side in which all is valid, px."""
    edged = cv2.copyMakeBorder(valid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    _, far, _, _ = cv2.minMaxLoc(cv2.distanceTransform(edged, cv2.DIST_C, 3))
    return max(2 * round(far) - 1, 0)


def corners(rect: Rect) -> Floats:
    """Return the pixel centres (x, y) in the corners of a rectangle, (4, 2)."""
    left, top, right, bottom = rect.col, rect.row, rect.right - 1, rect.bottom - 1
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def moved_by(matrix: Floats, rect: Rect) -> float:
    """Return how far a matrix moves the middle of a rectangle, px."""
    middle = np.array([[rect.col + (rect.width - 1) / 2.0, rect.row + (rect.height - 1) / 2.0]])
    return float(np.hypot(*(mapped(matrix, middle) - middle)[0]))
