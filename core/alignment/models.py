"""What B may have undergone: the models, their freedom, and fitting them to pairs of points.

Every model is a group: increments are composed from the left, in coordinates that are centred and
scaled to about -1...1, so that a matrix never leaves its model and equations stay well conditioned.
Fitting uses those of the points themselves, wherever in a large picture they lie close together;
covariances are told in those of the whole picture A. A homography is fitted like the others, by
Gauss-Newton on the distances in A; the start of it is the linear solution (Hartley & Zisserman,
Multiple View Geometry, 2004, 4.4).

Distances are counted in A alone: B's points are taken as exact, as those of a grid are whose places
in the other picture are looked for. So the fit of A's points to B's is not the inverse of that of
B's to A's, unless the model keeps lengths (translation, rigid; with equal weights) or the points
agree exactly.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.alignment._linear import SMALL, centred, projective, root, turned

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
"""Parameters of the models that are one matrix, the simplest first; half of it, rounded up, is the
number of pairs of points that fix it."""
GLOBAL: Final = tuple(FREEDOM)
"""The models that are one matrix, the simplest first."""
_STEPS: Final = 60
_ENOUGH: Final = 1e-13
"""A step this small, in coordinates of the points, changes nothing."""
_CLOSE: Final = 1e-9
_FLAT: Final = 1e-7
"""Singular values of the equations further apart than this leave a direction open. Points on one
line give 1e-16; being 0.1 px off a line of 30,000 px gives 1e-6."""


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


def inverted(matrix: Floats) -> Floats:
    """Return the inverse of a matrix, or of each of several."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def mapped(matrix: Floats, points: Floats) -> Floats:
    """Return (n, 2) points (x, y) under a 3x3 matrix; nan where they are behind the camera."""
    with np.errstate(divide="ignore", invalid="ignore"):
        made = points @ matrix[:, :2].T + matrix[:, 2]
        w = np.where(made[:, 2:] > SMALL, made[:, 2:], np.nan)
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
        (n, 2) points (x, y), pixel centres at integers; a[i] belongs to b[i].
    shape
        (height, width) of A, in whose normalised coordinates the covariance is told.
    information
        (n, 2, 2) inverse covariances of the points of A in px⁻²; a matrix of rank 1 says that a
        point is known across an edge alone. None counts all alike (1 px in each direction).
    start
        A matrix of the model near the answer; made from the points when None.

    Returns
    -------
    matrix
        3x3, its last entry 1.
    covariance
        (freedom, freedom) of the increments in normalised coordinates of A, see `spread`; what the
        information says, whatever the residuals are.

    Raises
    ------
    DegenerateError
        When the points do not fix the model, or B's first pixel would lie behind the camera.
    """
    b, a = np.asarray(b, np.float64), np.asarray(a, np.float64)
    _check(model, b, a)
    weight = np.broadcast_to(np.eye(2), (len(b), 2, 2)) if information is None else information
    if model is AlignModel.TRANSLATION:
        return _shifted(b, a, shape, weight)
    own = centred(a)
    heavy = root(weight) / own[0, 0]
    matrix = own @ (_start(model, b, a, weight) if start is None else start)
    # Points that contradict each other may drive a homography beyond all numbers: it is refused.
    with np.errstate(over="ignore", invalid="ignore"):
        matrix, spanned = _descended(model, matrix, b, mapped(own, a), heavy)
        found: Floats = np.linalg.inv(own) @ matrix
    if not np.isfinite(found).all() or not found[2, 2] > SMALL * np.abs(found[2]).max():
        raise DegenerateError("The points put B's first pixel behind the camera.")
    between = _between(model, own, normalising(shape)) @ spanned
    return found / found[2, 2], between @ between.T


def _check(model: AlignModel, b: Floats, a: Floats) -> None:
    need = (FREEDOM[model] + 1) // 2
    if len(b) < need:
        points = "1 point is" if len(b) == 1 else f"{len(b)} points are"
        raise DegenerateError(f"{points} too few to fix the model “{model}”; it takes {need}.")
    if not (np.isfinite(b).all() and np.isfinite(a).all()):
        raise DegenerateError("Some points have no place.")


def _shifted(b: Floats, a: Floats, shape: tuple[int, int], weight: Floats) -> tuple[Floats, Floats]:
    """Return `fit` of a translation: a weighted mean, which is exact where all points agree."""
    total, apart = weight.sum(axis=0), a - b
    values = np.linalg.eigvalsh(total)
    if not values[0] > _FLAT**2 * values[1]:
        raise DegenerateError("The points are known in one direction only.")
    off = np.linalg.solve(total, np.einsum("nij,nj->i", weight, apart - apart[0]))
    made = np.eye(3)
    made[:2, 2] = apart[0] + off
    covariance: Floats = np.linalg.inv(total) * normalising(shape)[0, 0] ** 2
    return made, covariance


def _descended(
    model: AlignModel, matrix: Floats, b: Floats, target: Floats, heavy: Floats
) -> tuple[Floats, Floats]:
    """Return the best matrix from B to the targets, and S: the increments' covariance is S Sᵀ.

    Gauss-Newton; a step that makes it worse is halved.
    """
    left, cost = _left(matrix, b, target, heavy)
    if not math.isfinite(cost):
        raise DegenerateError("Some points lie behind the camera.")
    for _ in range(_STEPS):
        step, spanned = _solved(model, mapped(matrix, b), left, heavy)
        size, share = float(np.abs(step).max()), 1.0
        while share * size > _ENOUGH:
            trial = increment(model, share * step) @ matrix
            left_then, cost_then = _left(trial, b, target, heavy)
            if cost_then <= cost:
                matrix, left, cost = trial, left_then, cost_then
                break
            share = share / 2.0 if size > _CLOSE else 0.0  # so close, only rounding is in the way
        else:
            break
    return matrix, spanned


def _left(matrix: Floats, b: Floats, target: Floats, heavy: Floats) -> tuple[Floats, float]:
    """Return the weighted residuals and the sum of their squares; nan behind the camera."""
    left = np.einsum("nij,nj->ni", heavy, target - mapped(matrix, b)).ravel()
    return left, float(left @ left)


def _solved(model: AlignModel, now: Floats, left: Floats, heavy: Floats) -> tuple[Floats, Floats]:
    """Return the step, and S: the covariance is S Sᵀ."""
    slope = np.einsum("nij,njk->nik", heavy, jacobian(model, now)).reshape(-1, FREEDOM[model])
    if not np.isfinite(slope).all():
        raise DegenerateError("The points contradict each other.")
    u, values, vt = np.linalg.svd(slope, full_matrices=False)
    if not values[-1] > _FLAT * values[0]:
        raise DegenerateError("The points lie on one line, or on each other.")
    spanned: Floats = vt.T / values
    return spanned @ (u.T @ left), spanned


def _between(model: AlignModel, own: Floats, norm: Floats) -> Floats:
    """Return the matrix that tells increments in coordinates `own` in coordinates `norm`.

    Both differ by a shift and a scale, under which the movements that a model allows stay the same
    set, so that movements at nine places say it exactly.
    """
    places = np.array([[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
    there = mapped(own @ np.linalg.inv(norm), places)
    count = FREEDOM[model]
    moved = jacobian(model, there).reshape(-1, count) * (norm[0, 0] / own[0, 0])
    found, *_ = np.linalg.lstsq(jacobian(model, places).reshape(-1, count), moved, rcond=None)
    return np.asarray(found, np.float64)


def _start(model: AlignModel, b: Floats, a: Floats, weight: Floats) -> Floats:
    """Return a matrix of the model, near the least squares solution."""
    if model is AlignModel.HOMOGRAPHY:
        found = projective(b, a)
        if np.isfinite(mapped(found, b)).all():
            return found
    trace = np.einsum("nii->n", weight)
    share = (trace / trace.sum())[:, None]
    centre_a, centre_b = (a * share).sum(0), (b * share).sum(0)
    turn, growth = turned(b - centre_b, a - centre_a, share)
    if growth == 0.0 or math.isinf(growth):
        raise DegenerateError("The points lie on each other.")
    if turn is None:
        if model in (AlignModel.RIGID, AlignModel.SIMILARITY):
            raise DegenerateError("No turn of the points is better than another.")
        turn = np.eye(2)
    made = np.eye(3)
    made[:2, :2] = turn if model is AlignModel.RIGID else turn * growth
    made[:2, 2] = centre_a - made[:2, :2] @ centre_b
    return made


def spread(model: AlignModel, covariance: Floats, points: Floats, shape: tuple[int, int]) -> Floats:
    """Return the expected distance in px, root mean square, at points (x, y) of A: (n,)."""
    norm = normalising(shape)
    slope = jacobian(model, mapped(norm, points))
    variance: Any = np.einsum("nik,kl,nil->n", slope, covariance, slope)
    found: Floats = np.sqrt(np.maximum(variance, 0.0)) / norm[0, 0]
    return found
