"""What B may have undergone: the models, their freedom, and fitting them to pairs of points.

Every model is a group: increments are composed from the left, in coordinates of A that are centred
and scaled to about -1...1, so that a matrix never leaves its model and equations stay well
conditioned. A homography is fitted like the others, by Gauss-Newton on the distances in A; the
start of it is the linear solution (Hartley & Zisserman, Multiple View Geometry, 2004, 4.4).
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class AlignModel(StrEnum):
    """What B may have undergone against A."""

    AUTO = "auto"
    TRANSLATION = "translation"
    RIGID = "rigid"
    SIMILARITY = "similarity"
    AFFINE = "affine"
    HOMOGRAPHY = "homography"
    ELASTIC = "elastic"
    MANUAL = "manual"


FREEDOM: Final = {
    AlignModel.TRANSLATION: 2,
    AlignModel.RIGID: 3,
    AlignModel.SIMILARITY: 4,
    AlignModel.AFFINE: 6,
    AlignModel.HOMOGRAPHY: 8,
}
"""Parameters of the models that are one matrix, the simplest first; half of it is the number of
pairs of points that fix it."""
GLOBAL: Final = tuple(FREEDOM)
"""The models that are one matrix, the simplest first."""
_STEPS: Final = 12
_SMALL: Final = 1e-12


class DegenerateError(ValueError):
    """The points do not fix a matrix of the model: too few, or on one line."""


def normalising(shape: tuple[int, int]) -> Floats:
    """Return the matrix that brings pixel centres of an (h, w) picture to about -1...1."""
    height, width = shape
    scale = 2.0 / math.hypot(height, width)
    return np.array(
        [
            [scale, 0.0, -scale * (width - 1) / 2.0],
            [0.0, scale, -scale * (height - 1) / 2.0],
            [0.0, 0.0, 1.0],
        ]
    )


def mapped(matrix: Floats, points: Floats) -> Floats:
    """Return (n, 2) points (x, y) under a 3x3 matrix; nan where they are behind the camera."""
    with np.errstate(divide="ignore", invalid="ignore"):
        made = points @ matrix[:, :2].T + matrix[:, 2]
        w = np.where(made[:, 2:] > _SMALL, made[:, 2:], np.nan)
        found: Floats = made[:, :2] / w
    return found


def jacobian(model: AlignModel, points: Floats) -> Floats:
    """Return how normalised points move with a model's increments: (n, 2, freedom).

    The columns are: right, down, turn, grow (rigid and similarity); right, down and the four
    entries of the linear part (affine); and the two of the vanishing line (homography).
    """
    x, y = points.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    columns = [(one, zero), (zero, one)]
    if model in (AlignModel.RIGID, AlignModel.SIMILARITY):
        columns.append((-y, x))
    if model is AlignModel.SIMILARITY:
        columns.append((x, y))
    if model in (AlignModel.AFFINE, AlignModel.HOMOGRAPHY):
        columns += [(x, zero), (y, zero), (zero, x), (zero, y)]
    if model is AlignModel.HOMOGRAPHY:
        columns += [(-x * x, -x * y), (-x * y, -y * y)]
    return np.stack([np.stack(c, axis=1) for c in columns], axis=2)


def increment(model: AlignModel, step: Floats) -> Floats:
    """Return the 3x3 matrix of the model that a small step stands for, to first order."""
    made = np.eye(3)
    made[:2, 2] = step[:2]
    if model is AlignModel.RIGID:
        made[:2, :2] = _turn(step[2])
    elif model is AlignModel.SIMILARITY:
        made[:2, :2] = _turn(step[2]) * math.exp(step[3])
    elif model in (AlignModel.AFFINE, AlignModel.HOMOGRAPHY):
        made[:2, :2] += step[2:6].reshape(2, 2)
    if model is AlignModel.HOMOGRAPHY:
        made[2, :2] = step[6:8]
    return made


def _turn(angle: float) -> Floats:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def fit(
    model: AlignModel,
    b: Floats,
    a: Floats,
    shape: tuple[int, int],
    information: Floats | None = None,
    start: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return the matrix of a model that maps points of B onto points of A best.

    Parameters
    ----------
    model
        One of `GLOBAL`.
    b, a
        (n, 2) float64 points (x, y), pixel centres at integers; a[i] belongs to b[i].
    shape
        (height, width) of A, for the conditioning.
    information
        (n, 2, 2) inverse covariances of the points of A in px⁻²; None counts all alike (1 px).
    start
        A matrix near the answer; made from the points when None.

    Returns
    -------
    matrix
        3x3, its last entry 1.
    covariance
        (freedom, freedom) of the increments in normalised coordinates of A, see `spread`.

    Raises
    ------
    DegenerateError
        When the points do not fix the model.
    """
    need = FREEDOM[model] // 2 + FREEDOM[model] % 2
    if len(b) < need:
        raise DegenerateError(f"{len(b)} points do not fix a {model}; it takes {need}.")
    norm = normalising(shape)
    scale = norm[0, 0]
    weight = np.broadcast_to(np.eye(2), (len(b), 2, 2)) if information is None else information
    weight = weight / scale**2
    target = mapped(norm, np.asarray(a, np.float64))
    matrix = norm @ (_start(model, b, a, weight) if start is None else start)
    cost = math.inf
    for _ in range(_STEPS):
        step, cost_now, covariance = _solved(model, matrix, b, target, weight)
        matrix = increment(model, step) @ matrix
        if float(np.abs(step).max()) < 1e-11 or cost_now > cost * (1.0 + 1e-6):
            break
        cost = cost_now
    found: Floats = np.linalg.inv(norm) @ matrix
    if not np.isfinite(found).all() or abs(found[2, 2]) < _SMALL:
        raise DegenerateError("The points do not fix a matrix.")
    return found / found[2, 2], covariance


def _solved(
    model: AlignModel, matrix: Floats, b: Floats, target: Floats, weight: Floats
) -> tuple[Floats, float, Floats]:
    """Return the Gauss-Newton step, the weighted cost before it, and the covariance."""
    now = mapped(matrix, b)
    if not np.isfinite(now).all():
        raise DegenerateError("Some points lie behind the camera.")
    slope, left = jacobian(model, now), target - now
    heavy = np.einsum("nik,nij->nkj", slope, weight)
    normal = np.einsum("nkj,njl->kl", heavy, slope)
    right = np.einsum("nkj,nj->k", heavy, left)
    values = np.linalg.eigvalsh(normal)
    if not values[0] > 1e-10 * values[-1]:
        raise DegenerateError("The points lie on a line, or too close together.")
    cost = float(np.einsum("ni,nij,nj->", left, weight, left))
    covariance = np.linalg.inv(normal)
    return covariance @ right, cost, covariance


def _start(model: AlignModel, b: Floats, a: Floats, weight: Floats) -> Floats:
    """Return a matrix near the least squares solution."""
    if model is AlignModel.HOMOGRAPHY and len(b) >= 4:
        found, _ = cv2.findHomography(b, a, 0)
        if found is not None and np.isfinite(mapped(np.asarray(found, np.float64), b)).all():
            return np.asarray(found, np.float64)
    trace = np.einsum("nii->n", weight)
    share = (trace / trace.sum())[:, None]
    centre_a, centre_b = (a * share).sum(0), (b * share).sum(0)
    made = np.eye(3)
    if model in (AlignModel.AFFINE, AlignModel.HOMOGRAPHY):
        linear, *_ = np.linalg.lstsq((b - centre_b) * share, (a - centre_a) * share, rcond=None)
        made[:2, :2] = linear.T
    elif model is not AlignModel.TRANSLATION:
        made[:2, :2] = _turned(b - centre_b, a - centre_a, share, model)
    made[:2, 2] = centre_a - made[:2, :2] @ centre_b
    return made


def _turned(b: Floats, a: Floats, share: Floats, model: AlignModel) -> Floats:
    """Return the rotation, with its scale in a similarity, that brings centred B onto A."""
    along = float((b * a * share).sum())
    across = float(((b[:, 0] * a[:, 1] - b[:, 1] * a[:, 0]) * share[:, 0]).sum())
    energy = float((b * b * share).sum())
    length = math.hypot(along, across)
    if length < _SMALL or energy < _SMALL:
        return np.eye(2)
    turn = np.array([[along, -across], [across, along]])
    return turn / (length if model is AlignModel.RIGID else energy)


def spread(model: AlignModel, covariance: Floats, points: Floats, shape: tuple[int, int]) -> Floats:
    """Return the expected distance in px, root mean square, at points (x, y) of A: (n,)."""
    norm = normalising(shape)
    slope = jacobian(model, mapped(norm, points))
    variance: Any = np.einsum("nik,kl,nil->n", slope, covariance, slope)
    found: Floats = np.sqrt(np.maximum(variance, 0.0)) / norm[0, 0]
    return found
