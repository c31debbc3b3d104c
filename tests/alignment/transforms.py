"""Random transforms of each model. A matrix maps the pixel centre (x, y, 1) of B to that in A."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

Size = tuple[int, int]
"""(height, width)"""

FARTHEST = 0.15
"""A translation moves by at most this share of the width; corners by this share of each side."""
DRIFT = 0.08
"""What turns or scales is also moved, by at most this share of the width."""
ANGLE = 30.0
SCALES = (0.7, 1.4)


def corners(size: Size) -> NDArray[np.float64]:
    """Return the centres of the four corner pixels as (4, 2) x and y, clockwise."""
    right, bottom = size[1] - 1.0, size[0] - 1.0
    return np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float64)


def moved(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 2) points after a matrix."""
    return np.asarray(cv2.perspectiveTransform(points[None], matrix)[0])


def shift(x: float, y: float) -> Matrix:
    """Return a translation."""
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def translation(rng: np.random.Generator, a: Size, b: Size) -> Matrix:
    """Return a translation from the top left corners on each other, by up to 15 % of the width."""
    del b
    return _drift(rng, FARTHEST * a[1])


def rigid(rng: np.random.Generator, a: Size, b: Size) -> Matrix:
    """Return a turn by up to 30 degrees, with a translation."""
    return _about_centres(rng, a, b, _turn(rng.uniform(-ANGLE, ANGLE)))


def similarity(rng: np.random.Generator, a: Size, b: Size) -> Matrix:
    """Return the same with a scale of 0.7 to 1.4."""
    scale = np.exp(rng.uniform(*np.log(SCALES)))
    return _about_centres(rng, a, b, scale * _turn(rng.uniform(-ANGLE, ANGLE)))


def affine(rng: np.random.Generator, a: Size, b: Size) -> Matrix:
    """Return a turn by up to 20 degrees, two scales of 0.82 to 1.22, and a shear of up to 0.15."""
    across, down = np.exp(rng.uniform(-0.2, 0.2, 2))
    shear = np.array([[1.0, rng.uniform(-0.15, 0.15)], [0.0, 1.0]])
    return _about_centres(rng, a, b, _turn(rng.uniform(-20, 20)) @ shear @ np.diag([across, down]))


def homography(rng: np.random.Generator, a: Size, b: Size) -> Matrix:
    """Return what moves each corner on its own by up to 15 % of each side."""
    middle = (np.array([a[1], a[0]]) - np.array([b[1], b[0]])) / 2
    reach = FARTHEST * np.array([b[1], b[0]])
    start = corners(b)
    end = start + middle + rng.uniform(-1, 1, (4, 2)) * reach
    matrix = cv2.getPerspectiveTransform(start.astype(np.float32), end.astype(np.float32))
    return np.asarray(matrix / matrix[2, 2], np.float64)


MODELS: dict[str, Callable[[np.random.Generator, Size, Size], Matrix]] = {
    "translation": translation,
    "rigid": rigid,
    "similarity": similarity,
    "affine": affine,
    "homography": homography,
}


def _turn(degrees: float) -> NDArray[np.float64]:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _drift(rng: np.random.Generator, farthest: float) -> Matrix:
    """Return a translation in any direction, all distances alike."""
    angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0, farthest)
    return shift(far * np.cos(angle), far * np.sin(angle))


def _about_centres(
    rng: np.random.Generator, a: Size, b: Size, linear: NDArray[np.float64]
) -> Matrix:
    """Return what lays the centre of B on that of A, turns about it, and drifts."""
    whole = np.eye(3)
    whole[:2, :2] = linear
    (ax, ay), (bx, by) = ((np.array([s[1], s[0]]) - 1) / 2 for s in (a, b))
    return _drift(rng, DRIFT * a[1]) @ shift(ax, ay) @ whole @ shift(-bx, -by)


def overlap(matrix: Matrix, a: Size, b: Size) -> float:
    """Return the common area as a share of the smaller of both frames, in A's pixels."""
    frame, other = corners(a), moved(matrix, corners(b))
    own, its = (cv2.contourArea(p.astype(np.float32)) for p in (frame, other))
    common, _ = cv2.intersectConvexConvex(frame.astype(np.float32), other.astype(np.float32))
    return float(common / min(own, its))


def with_overlap(
    rng: np.random.Generator, matrix: Matrix, a: Size, b: Size, share: float
) -> Matrix:
    """Return a matrix moved on in some direction until only a share of the frames is common."""
    angle = rng.uniform(0, 2 * np.pi)
    step = np.array([np.cos(angle) * a[1], np.sin(angle) * a[0]])
    low, high = 0.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        enough = overlap(shift(*(middle * step)) @ matrix, a, b) > share
        low, high = (middle, high) if enough else (low, middle)
    return shift(*(low * step)) @ matrix


def corner_error(found: NDArray[np.float64], truth: NDArray[np.float64], size: Size) -> float:
    """Return by how many pixels of A the corners of B's frame are off, on average."""
    off = moved(found, corners(size)) - moved(truth, corners(size))
    return float(np.hypot(*off.T).mean())
