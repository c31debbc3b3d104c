"""What can be said about pairs of points in closed form: where a fit begins."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from core.alignment.models import Floats

SMALL: Final = 1e-12


def centred(points: Floats) -> Floats:
    """Return the 3x3 matrix that brings points to the mean 0 and the mean square distance 1."""
    centre = points.mean(axis=0)
    radius = math.sqrt(float(np.square(points - centre).sum(axis=1).mean()))
    scale = 1.0 / radius if radius > SMALL else 1.0
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1.0]])


def root(weight: Floats) -> Floats:
    """Return (n, 2, 2) matrices r with rᵀr = weight, also of weights that are singular."""
    values, vectors = np.linalg.eigh(weight)
    found: Floats = np.sqrt(np.maximum(values, 0.0))[:, :, None] * np.swapaxes(vectors, 1, 2)
    return found


def turned(b: Floats, a: Floats, share: Floats) -> tuple[Floats | None, float]:
    """Return how points turn and grow about their mean to come near others.

    Parameters
    ----------
    b, a
        (n, 2) points, their weighted mean at 0.
    share
        (n, 1) weights, their sum 1.

    Returns
    -------
    turn
        The 2x2 rotation of least squares; None when all are equally good.
    growth
        Quotient of the root mean square distances; 0 or infinite when points lie on each other.
    """
    along = float((b * a * share).sum())
    across = float(((b[:, 0] * a[:, 1] - b[:, 1] * a[:, 0]) * share[:, 0]).sum())
    from_b, from_a = (math.sqrt(float((p * p * share).sum())) for p in (b, a))
    if min(from_b, from_a) < SMALL:
        return None, 0.0 if from_a < SMALL else math.inf
    length = math.hypot(along, across)
    growth = from_a / from_b
    if length < 1e-9 * from_b * from_a:
        return None, growth
    return np.array([[along, -across], [across, along]]) / length, growth


def projective(b: Floats, a: Floats) -> Floats:
    """Return the linear solution for a homography of B to A.

    Its scale is such that the points lie at the depth 1 in the mean, so in front of the camera
    where that can be.
    """
    own_b, own_a = centred(b), centred(a)
    x, y = (b @ own_b[:2, :2].T + own_b[:2, 2]).T
    u, v = (a @ own_a[:2, :2].T + own_a[:2, 2]).T
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate([
        np.stack([x, y, one, zero, zero, zero, -u * x, -u * y, -u], axis=1),
        np.stack([zero, zero, zero, x, y, one, -v * x, -v * y, -v], axis=1),
    ])  # fmt: skip
    _, vectors = np.linalg.eigh(rows.T @ rows)
    made: Floats = np.linalg.inv(own_a) @ vectors[:, 0].reshape(3, 3) @ own_b
    depth = float((b @ made[2, :2] + made[2, 2]).mean())
    return made / (depth if abs(depth) > SMALL else 1.0)
