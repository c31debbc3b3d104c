"""How others align: OpenCV's own functions, used as its documentation does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Found = tuple[Any, float] | None
"""A 3x3 from B to A with the peer's own figure of trust, or None."""

_MOTIONS: Final = {
    "translation": cv2.MOTION_TRANSLATION,
    "rigid": cv2.MOTION_EUCLIDEAN,
    "similarity": cv2.MOTION_AFFINE,  # the smallest model of ECC that holds a scale
    "affine": cv2.MOTION_AFFINE,
    "homography": cv2.MOTION_HOMOGRAPHY,
    "auto": cv2.MOTION_HOMOGRAPHY,
}
_STEPS: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 200, 1e-6)
_RATIO: Final = 0.75
"""Lowe's: the best match must be so much nearer than the second."""
_REACH: Final = 3.0
"""Pixels within which a match agrees."""
_AGREEING: Final = 12
"""Matches that must agree for an answer."""
_CORRELATED: Final = 0.5
_PEAK: Final = 0.05


def gray(pixels: NDArray[Any]) -> Gray:
    """Return 8-bit gray."""
    eight = pixels if pixels.dtype == np.uint8 else np.rint(pixels / 257).astype(np.uint8)
    return eight if eight.ndim == 2 else np.asarray(cv2.cvtColor(eight, cv2.COLOR_RGB2GRAY))


def ecc(a: Gray, b: Gray, model: str, start: Any = None) -> Found:
    """Refine from the identity (or a start) at full size, until the steps are small."""
    motion = _MOTIONS[model]
    whole = np.eye(3) if start is None else np.asarray(start)
    rows = 3 if motion == cv2.MOTION_HOMOGRAPHY else 2
    warp = np.ascontiguousarray(whole[:rows], np.float32)
    try:  # the warp maps the template onto the other: from B to A with B as the template
        trust, warp = cv2.findTransformECC(b, a, warp, motion, _STEPS, None, 5)
    except cv2.error:  # it does not converge
        return None
    return (_whole(warp), float(trust)) if trust >= _CORRELATED else None


def phase(a: Gray, b: Gray, model: str) -> Found:
    """Find the peak of the phase correlation under a Hann window."""
    if model != "translation":
        return None
    rows, cols = (max(n, m) for n, m in zip(a.shape, b.shape, strict=True))
    large = [
        cv2.copyMakeBorder(
            x, 0, rows - x.shape[0], 0, cols - x.shape[1], cv2.BORDER_REPLICATE
        ).astype(np.float64)
        for x in (b, a)
    ]
    (x, y), trust = cv2.phaseCorrelate(*large, cv2.createHanningWindow((cols, rows), cv2.CV_64F))
    return (np.array([[1, 0, x], [0, 1, y], [0, 0, 1]]), trust) if trust >= _PEAK else None


def orb(a: Gray, b: Gray, model: str) -> Found:
    """Match ORB features, and let RANSAC choose."""
    return _by_features(cv2.ORB_create(4000), cv2.NORM_HAMMING, a, b, model)


def sift(a: Gray, b: Gray, model: str) -> Found:
    """Match SIFT features, and let RANSAC choose."""
    return _by_features(cv2.SIFT_create(4000), cv2.NORM_L2, a, b, model)


def _by_features(finder: Any, norm: int, a: Gray, b: Gray, model: str) -> Found:
    (at_a, of_a), (at_b, of_b) = (finder.detectAndCompute(x, None) for x in (a, b))
    if of_a is None or of_b is None or len(of_a) < 2:
        return None
    pairs = cv2.BFMatcher(norm).knnMatch(of_b, of_a, k=2)
    good = [m for m, second in pairs if m.distance < _RATIO * second.distance]
    if len(good) < _AGREEING:
        return None
    source = np.array([at_b[m.queryIdx].pt for m in good], np.float32)
    target = np.array([at_a[m.trainIdx].pt for m in good], np.float32)
    cv2.setRNGSeed(0)
    found, agreeing = _chosen(source, target, model)
    if found is None or int(agreeing.sum()) < _AGREEING or not np.isfinite(found).all():
        return None
    return _whole(found), float(agreeing.mean())


def _chosen(source: Any, target: Any, model: str) -> tuple[Any, Any]:
    """Return the matrix that most matches agree with, and which do."""
    if model == "translation":
        return _translation(source, target)
    if model in ("rigid", "similarity"):
        return cv2.estimateAffinePartial2D(source, target, None, cv2.RANSAC, _REACH)
    if model == "affine":
        return cv2.estimateAffine2D(source, target, None, cv2.RANSAC, _REACH)
    return cv2.findHomography(source, target, cv2.RANSAC, _REACH)


def _translation(source: Any, target: Any) -> tuple[Any, Any]:
    """Return the mean of the shifts that agree with the one that most agree with."""
    shifts = (target - source).astype(np.float64)
    near = [np.hypot(*(shifts - s).T) < _REACH for s in shifts]
    agreeing = max(near, key=np.count_nonzero)
    x, y = shifts[agreeing].mean(axis=0)
    return np.array([[1, 0, x], [0, 1, y]]), agreeing


def _whole(matrix: Any) -> NDArray[np.float64]:
    whole = np.eye(3)
    whole[: len(matrix)] = matrix
    return whole


PEERS: Final[dict[str, Callable[[Gray, Gray, str], Found]]] = {
    "ECC": ecc,
    "ORB + RANSAC": orb,
    "SIFT + RANSAC": sift,
    "phase correlation": phase,
}
