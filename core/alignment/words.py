"""What an alignment is in words and numbers that a person can check."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import mapped
from core.alignment.types import Motion

if TYPE_CHECKING:
    from core.geometry import Matrix

NOTHING: Final = 1e-6
"""Px: less is what floating-point numbers leave of no shift at all."""
TURNED: Final = 5e-4
"""Degrees below which no angle is named."""
SCALED: Final = 5e-6
"""Growth below which no scale is named."""
BENT: Final = 5e-3
"""What a matrix does beyond turning and scaling, px at the corners, below which it is unnamed."""


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
    bent = math.inf if math.isnan(bent) else bent
    return Motion(float(centre[0] - x), float(centre[1] - y), math.degrees(angle), scale, bent)


def summary(matrix: Matrix, shape: tuple[int, int], error: float = math.nan) -> str:
    """Return a few words for beside the toggle, e.g. ``"−3.20, +0.40 px, +1.25°, ×1.0100"``."""
    found = motion(matrix, shape)
    words = [shift_text(found.dx, found.dy)]
    if abs(found.angle) >= TURNED:
        words.append(angle_text(found.angle))
    if abs(found.scale - 1.0) >= SCALED:
        words.append(scale_text(found.scale))
    if found.bent >= BENT:
        words.append(f"bent {bent_text(found.bent)}")
    if len(words) == 1 and max(abs(found.dx), abs(found.dy)) < NOTHING:
        words = ["no shift"]
    if math.isfinite(error):
        words.append(error_text(error))
    return ", ".join(words)


def shift_text(dx: float, dy: float) -> str:
    """Return a shift to the right and down, e.g. ``"−3.20, +0.40 px"``."""
    return f"{_signed(dx)}, {_signed(dy)} px"


def angle_text(degrees: float) -> str:
    """Return an angle with its sign, plus for clockwise, e.g. ``"+1.25°"``, ``"−0.012°"``."""
    return f"{_signed(degrees, 2 if abs(degrees) >= 0.05 else 3)}°"


def scale_text(scale: float) -> str:
    """Return a scale, e.g. ``"×1.0100"``; with another digit where it is next to 1."""
    return f"×{scale:.5f}" if abs(scale - 1.0) < 1e-3 else f"×{scale:.4f}"


def bent_text(bent: float) -> str:
    """Return what is beyond shift, angle and scale, e.g. ``"1.2 px"``."""
    if not math.isfinite(bent):
        return "without end"
    return f"{bent:.2f} px" if bent < 1.0 else f"{bent:.1f} px"


def error_text(error: float) -> str:
    """Return an expected error, e.g. ``"±0.05 px"``; never ±0, which nobody knows."""
    return f"±{error:.2f} px" if error >= 0.0095 else f"±{max(error, 0.001):.3f} px"


def _signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign; without one where nothing but zeros is shown."""
    text = f"{value:+.{digits}f}"
    return text[1:] if not text.strip("+-0.") else text.replace("-", "−")
