"""Finds a place in a scene for both pictures of a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from tests.alignment import conditions
from tests.alignment.transforms import corners, moved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Matrix = NDArray[np.float64]

LEAST = 1.5
"""Pixels of the scene for each of A's, at least."""
SCALES = (2.15, 2.6)
"""The same where a scene is large enough."""
MOST_BELOW = 1.85
"""The same where it is not quite: at 2 sharp the points of all pixels would lie alike between those
of the scene, and what interpolation does there (0.003 pixels) would add up."""
_EDGE = 4.0
_TRIES = 12
_CELLS = (5, 6)
"""Rows and columns that A is divided into when its detail is looked at."""
_DETAIL = 4.0
"""Squared levels a pixel: the mean squared slope that a cell has in its flattest direction, at
least, to hold on to. With noise of 10 levels, ten such cells still give 0.03 pixels."""


def size_for(rng: np.random.Generator, scene: Pixels, *, quick: bool = False) -> tuple[int, int]:
    """Return (height, width) of pictures of a scene: as large as it has detail for."""
    if quick:
        return conditions.SMALLEST
    sizes = [s for s in conditions.SIZES if fits(s, scene, room=1.1)] or [conditions.SMALLEST]
    chosen = [s for s in sizes if s in conditions.LARGE] or sizes[-1:]
    return chosen[int(rng.integers(len(chosen)))]


def fits(size: tuple[int, int], scene: Pixels, room: float = 1.0) -> bool:
    """Return whether a scene has enough pixels for a picture of a size, and for some more."""
    return all(room * LEAST * n <= m for n, m in zip(size, scene.shape[:2], strict=True))


def placed(
    rng: np.random.Generator, scene: Pixels, a: tuple[int, int], b: tuple[int, int], truth: Matrix
) -> tuple[Matrix, bool]:
    """Return a pose of A (see `render`), and whether both pictures lie in the scene.

    Of some random places the first is taken whose common part has detail in a third of its area;
    else the best.
    """
    frame = np.vstack([corners(a), moved(truth, corners(b))])
    low, high = frame.min(axis=0), frame.max(axis=0)
    room = np.array(scene.shape[1::-1]) - 2 * _EDGE
    largest = float((room / (high - low)).min())
    inside = largest >= LEAST
    low_scale, high_scale = SCALES
    if largest > low_scale:
        scale = float(rng.uniform(low_scale, min(largest, high_scale)))
    else:
        scale = min(max(largest, LEAST), MOST_BELOW)
    if not inside:  # then A lies inside, and B as much as it can
        low, high = np.zeros(2), np.array([a[1], a[0]]) - 1.0
    free = np.maximum(room - scale * (high - low), 0)
    common = cv2.fillConvexPoly(
        np.zeros(a, np.uint8), np.rint(moved(truth, corners(b))).astype(np.int32), 1
    )
    best, pose = -1.0, np.eye(3)
    for _ in range(_TRIES):
        corner = _EDGE + rng.uniform(0, 1, 2) * free - scale * low
        tried = np.array([[scale, 0, corner[0]], [0, scale, corner[1]], [0, 0, 1]])
        found = _detail(scene, tried, a, common)
        if found > best:
            best, pose = found, tried
        if best >= 1 / 3:
            break
    return pose, inside


def _detail(scene: Pixels, pose: Matrix, size: tuple[int, int], common: NDArray[np.uint8]) -> float:
    """Return in which share of the common part of A there is detail in every direction."""
    left, top = np.maximum(np.rint(pose[:2, 2]).astype(int), 0)
    right, bottom = left + int(pose[0, 0] * size[1]), top + int(pose[1, 1] * size[0])
    seen = scene[top:bottom, left:right]
    small = cv2.resize(seen, size[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    gray = cv2.GaussianBlur(small if small.ndim == 2 else small.mean(axis=2), (0, 0), 1.0)
    down, across = np.gradient(gray)
    rows, cols = _CELLS
    xx, xy, yy, part = (
        cv2.resize(v.astype(np.float32), (cols, rows), interpolation=cv2.INTER_AREA)
        for v in (across * across, across * down, down * down, common)
    )
    weakest = (xx + yy) / 2 - np.sqrt((xx - yy) ** 2 / 4 + xy**2)
    return float((part * (weakest > _DETAIL)).sum() / max(float(part.sum()), 1e-9))
