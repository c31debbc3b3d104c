"""What an alignment is in words and numbers that a person can check."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import mapped

if TYPE_CHECKING:
    from core.geometry import Matrix

_TURNED: Final = 5e-4
"""Degrees below which no angle is named."""
_SCALED: Final = 5e-6
_BENT: Final = 5e-3
"""What a matrix does beyond turning and scaling, px at the corners, below which it is unnamed."""


@dataclass(frozen=True, slots=True)
class Motion:
    """How a matrix moves a picture: in its middle, and around it.

    Attributes
    ----------
    dx, dy
        Right and down, px, in the middle of the picture.
    angle
        Degrees, clockwise as seen (y points down).
    scale
        1 for none: the geometric mean of both directions.
    bent
        What is left beyond shift, angle and scale: the largest distance at the four corners, px.
    """

    dx: float
    dy: float
    angle: float
    scale: float
    bent: float


def motion(matrix: Matrix, shape: tuple[int, int]) -> Motion:
    """Return how a 3x3 matrix moves a picture of (height, width), pixel centres at integers."""
    height, width = shape
    m = np.asarray(matrix, np.float64)
    x, y = (width - 1) / 2.0, (height - 1) / 2.0
    near = 0.5
    around = np.array([[x, y], [x + near, y], [x - near, y], [x, y + near], [x, y - near]])
    there = mapped(m, around)
    (centre, right, left, low, high) = there
    ax, ay = right - left, low - high
    turn, grow = ax[0] + ay[1], ax[1] - ay[0]
    angle = math.atan2(grow, turn)
    scale = math.sqrt(abs(ax[0] * ay[1] - ax[1] * ay[0]))
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    corners = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1.0]])
    off = corners - (x, y)
    plain = off @ np.array([[c, s], [-s, c]]) + centre
    bent = float(np.hypot(*(mapped(m, corners) - plain).T).max())
    return Motion(
        float(centre[0] - x), float(centre[1] - y), math.degrees(angle), scale, bent
    )  # fmt: skip


def summary(matrix: Matrix, shape: tuple[int, int], error: float = math.nan) -> str:
    """Return a few words for beside the toggle, e.g. ``"−3.20, +0.40 px, 1.25°, ×1.010"``."""
    found = motion(matrix, shape)
    words = [f"{_signed(found.dx)}, {_signed(found.dy)} px"]
    if abs(found.angle) >= _TURNED:
        words.append(f"{found.angle:+.2f}°" if abs(found.angle) >= 0.05 else f"{found.angle:+.3f}°")
    if abs(found.scale - 1.0) >= _SCALED:
        words.append(f"×{found.scale:.4f}")
    if found.bent >= _BENT and math.isfinite(found.bent):
        words.append(f"bent {found.bent:.1f} px")
    if len(words) == 1 and found.dx == 0.0 and found.dy == 0.0:
        words = ["no shift"]
    if math.isfinite(error):
        words.append(f"±{error:.2f} px")
    return ", ".join(words).replace("-", "−")


def _signed(value: float) -> str:
    return f"{0.0 if abs(value) < 0.005 else value:+.2f}"
