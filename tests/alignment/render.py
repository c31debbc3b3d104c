"""Photographs a scene: the picture of a known pose, each pixel the mean of its area.

A scene is a raster of which cubic interpolation makes a continuous function. A pixel is the mean of
that function over 4 x 4 points spread evenly over the pixel's square, so A and B are made alike and
neither is the other resampled. Beyond its border a scene is mirrored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Matrix = NDArray[np.float64]

POINTS = 4
"""Points a pixel, along each axis."""
_MARGIN = 4
"""Pixels of the scene that cubic interpolation may reach for, and some more."""


def offsets() -> list[tuple[float, float]]:
    """Return where the points of a pixel lie, as (x, y) from its centre."""
    steps = (np.arange(POINTS) + 0.5) / POINTS - 0.5
    return [(float(x), float(y)) for y in steps for x in steps]


def render(scene: Pixels, pose: Matrix, height: int, width: int) -> NDArray[np.float32]:
    """Return a picture of a scene, in the scene's own values.

    Parameters
    ----------
    scene
        (H, W) or (H, W, 3) of any real dtype.
    pose
        3x3; maps the pixel centre (x, y, 1) of the picture to a point of the scene, whose own pixel
        centres are at integers too.
    height, width
        Of the picture.
    """
    part, moved = _part(scene, pose, height, width)
    values = part.astype(np.float32)
    total = np.zeros((height, width, *scene.shape[2:]), np.float32)
    for dx, dy in offsets():
        x, y = _grid(moved, height, width, dx, dy)
        total += cv2.remap(values, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    return total / np.float32(POINTS * POINTS)


def _grid(
    pose: Matrix, height: int, width: int, dx: float, dy: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return x and y in the scene of one point of every pixel."""
    x, y = np.arange(width) + dx, (np.arange(height) + dy)[:, None]
    across, down, depth = (row[0] * x + (row[1] * y + row[2]) for row in pose)
    return (across / depth).astype(np.float32), (down / depth).astype(np.float32)


def _part(scene: Pixels, pose: Matrix, height: int, width: int) -> tuple[Pixels, Matrix]:
    """Return the part of a scene that a picture shows, and the pose over that part.

    Small coordinates keep float32 exact, and the copy as floats small. A picture that looks beyond
    the border gets the whole scene, so that the mirror stands where the scene ends.
    """
    corners = np.array([[-1, -1], [width, -1], [width, height], [-1, height]], np.float64)
    seen = cv2.perspectiveTransform(corners[None], pose)[0]
    left, top = np.floor(seen.min(axis=0)).astype(int) - _MARGIN
    right, bottom = np.ceil(seen.max(axis=0)).astype(int) + _MARGIN
    if left < 0 or top < 0 or right > scene.shape[1] or bottom > scene.shape[0]:
        return scene, pose
    back = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float64)
    return scene[top:bottom, left:right], back @ pose
