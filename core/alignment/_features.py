"""Where the search may start: features of both pictures that are each other's best match.

SIFT (Lowe 2004, DOI 10.1023/B:VISI.0000029664.99615.94) with the square root of its descriptors
(Arandjelović & Zisserman 2012, DOI 10.1109/CVPR.2012.6248018), and MAGSAC++ for the matrix (Barath
et al. 2020, DOI 10.1109/CVPR42600.2020.00138).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.alignment.models import AlignModel

if TYPE_CHECKING:
    from core.alignment.models import Floats
    from core.types import Mask, Pixels

COUNT: Final = 1500
"""Features of each picture."""
RATIO: Final = 0.92
"""A match is taken when the next best is farther by this factor."""
NEAR: Final = 2.5
"""How far a match may lie from where the matrix puts it, px of the overview."""
_RANSAC: Final[dict[str, Any]] = {
    "ransacReprojThreshold": 2.0 * NEAR, "maxIters": 4000, "confidence": 0.9999,
}  # fmt: skip
LEAST: Final = 8
"""Matches that must agree."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Points (n, 2) x, y, and their unit descriptors (n, 128)."""

    points: Floats
    descriptors: Pixels


def features(structure: Pixels, valid: Mask | None) -> Features:
    """Return the features of an overview.

    Parameters
    ----------
    structure
        (h, w) float32 within -1...1 (`core.alignment._surface.evened`): exposure and contrast are
        gone, so faint and strong places give features alike.
    valid
        Where the picture exists.
    """
    picture = cv2.convertScaleAbs(structure, alpha=127.0, beta=128.0)
    mask = None if valid is None else cv2.erode(valid, np.ones((9, 9), np.uint8))
    finder = cv2.SIFT.create(nfeatures=COUNT, contrastThreshold=0.02, edgeThreshold=12)
    points, found = finder.detectAndCompute(picture, mask)
    if found is None or not len(points):
        return Features(np.zeros((0, 2)), np.zeros((0, 128), np.float32))
    rooted = np.sqrt(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9))
    at = np.array([p.pt for p in points], np.float64)
    return Features(at, rooted.astype(np.float32))


def matches(a: Features, b: Features) -> tuple[Floats, Floats]:
    """Return (n, 2) points of A and of B that are each other's best match."""
    if min(len(a.points), len(b.points)) < 2:
        return np.zeros((0, 2)), np.zeros((0, 2))
    close = a.descriptors @ b.descriptors.T
    best = close.argmax(axis=1)
    mutual = close.argmax(axis=0)[best] == np.arange(len(best))
    top = np.take_along_axis(close, best[:, None], 1)[:, 0]
    np.put_along_axis(close, best[:, None], -1.0, 1)
    second = close.max(axis=1)
    # Distances of unit vectors: |x - y|² = 2 - 2 x·y.
    clear = (1.0 - top) < RATIO**2 * (1.0 - second)
    keep = mutual & clear
    return a.points[keep], b.points[best[keep]]


def candidates(a: Floats, b: Floats, model: AlignModel) -> list[Floats]:
    """Return matrices (B to A) that many matches agree on, of the freest model asked for first."""
    found: list[Floats] = []
    free = model in (AlignModel.AUTO, AlignModel.HOMOGRAPHY, AlignModel.ELASTIC)
    if free and len(a) >= LEAST:
        matrix, inliers = cv2.findHomography(
            b, a, cv2.USAC_MAGSAC, NEAR, maxIters=4000, confidence=0.9999
        )
        if matrix is not None and inliers.sum() >= LEAST:
            found.append(np.asarray(matrix, np.float64))
    if (free or model is AlignModel.AFFINE) and len(a) >= LEAST:
        half, inliers = cv2.estimateAffine2D(b, a, method=cv2.USAC_MAGSAC, **_RANSAC)
        if half is not None and inliers.sum() >= LEAST:
            found.append(np.vstack([half, [0.0, 0.0, 1.0]]))
    if len(a) >= 4:
        half, inliers = cv2.estimateAffinePartial2D(b, a, method=cv2.RANSAC, **_RANSAC)
        if half is not None and inliers.sum() >= 4:
            found.append(np.vstack([half, [0.0, 0.0, 1.0]]))
    return [m for m in found if plausible(m, a)]


def plausible(matrix: Floats, near: Floats) -> bool:
    """Whether a matrix neither mirrors nor blows up what lies around points of A."""
    try:
        back = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return False
    x, y = near.mean(axis=0)
    w = back[2] @ (x, y, 1.0)
    if abs(w) < 1e-9:
        return False
    # The Jacobian of a projective map at a point.
    u, v = (back[:2] @ (x, y, 1.0)) / w
    slope = (back[:2, :2] - np.outer((u, v), back[2, :2])) / w
    area = float(np.linalg.det(slope))
    sizes = np.linalg.svd(slope, compute_uv=False)
    return area > 0.0 and sizes[1] > 0.05 and sizes[0] < 20.0 and sizes[0] < 6.0 * sizes[1]
