"""Fitting the models to pairs of points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares

from core.alignment.models import (
    FREEDOM,
    GLOBAL,
    AlignModel,
    DegenerateError,
    fit,
    increment,
    jacobian,
    mapped,
    normalising,
    spread,
)

SHAPE = 900, 1600
SHIFT, RIGID, AFFINE = AlignModel.TRANSLATION, AlignModel.RIGID, AlignModel.AFFINE
SIMILARITY, HOMOGRAPHY = AlignModel.SIMILARITY, AlignModel.HOMOGRAPHY
every_model = pytest.mark.parametrize("model", GLOBAL)


def turn(angle, scale=1.0):
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    return np.array([[c, -s], [s, c]])


def matrix(model, rng, shape=SHAPE):
    """Return a strong, believable matrix of a model, from B to A."""
    made = np.eye(3)
    made[:2, 2] = rng.uniform(-0.3, 0.3, 2) * shape[1]
    if model in (RIGID, SIMILARITY):
        grown = rng.uniform(0.5, 2.0) if model is SIMILARITY else 1.0
        made[:2, :2] = turn(rng.uniform(-math.pi, math.pi), grown)
    if model in (AFFINE, HOMOGRAPHY):
        made[:2, :2] += rng.uniform(-0.4, 0.4, (2, 2))
    if model is HOMOGRAPHY:
        made[2, :2] = rng.uniform(-0.2, 0.2, 2) / shape[1]
    return made


def points(rng, count, shape=SHAPE):
    return rng.uniform(0, 1, (count, 2)) * (shape[1] - 1, shape[0] - 1)


def apart(one, other, shape=SHAPE):
    """Return the largest distance in px between two matrices, at the corners of B."""
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)
    return np.hypot(*(mapped(one, corners) - mapped(other, corners)).T).max()


@every_model
@given(seed=st.integers(0, 10_000), more=st.integers(0, 30))
def test_exact_points_give_the_matrix_back(model, seed, more):
    rng = np.random.default_rng(seed)
    true = matrix(model, rng)
    # Four points in the corners' quarters: no chance puts them on one line.
    b = np.concatenate([points(rng, 4) / 4 + np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
                        * (1200, 660), points(rng, more)])  # fmt: skip
    found, covariance = fit(model, b, mapped(true, b), SHAPE)
    assert apart(found, true) < 1e-9
    assert found[2, 2] == 1.0
    assert covariance.shape == (FREEDOM[model], FREEDOM[model])


@every_model
def test_the_least_number_of_points_is_enough(model):
    true = matrix(model, np.random.default_rng(1))
    b = np.array([[100, 80], [1500, 200], [1400, 850], [60, 700]])[: (FREEDOM[model] + 1) // 2]
    assert apart(fit(model, b, mapped(true, b), SHAPE)[0], true) < 1e-9


@every_model
def test_a_matrix_never_leaves_its_model(model):
    rng = np.random.default_rng(2)
    for _ in range(20):
        b = points(rng, 12)
        a = mapped(matrix(HOMOGRAPHY, rng), b) + rng.normal(0, 5, b.shape)
        m = fit(model, b, a, SHAPE)[0]
        linear = m[:2, :2]
        if model is not HOMOGRAPHY:
            assert tuple(m[2]) == (0, 0, 1)
        if model is SHIFT:
            assert np.array_equal(linear, np.eye(2))
        if model is RIGID:
            assert np.abs(linear @ linear.T - np.eye(2)).max() < 1e-12
            assert np.linalg.det(linear) == pytest.approx(1, abs=1e-12)
        if model is SIMILARITY:
            square = linear @ linear.T / np.linalg.det(linear)
            assert np.abs(square - np.eye(2)).max() < 1e-12


def weighted_oracle(model, b, a, information, start):
    """Return the matrix of least weighted squares, by a general solver and its own parameters."""
    root = np.linalg.cholesky(information).transpose(0, 2, 1)

    def made(p):
        m = np.array([[1, 0, p[0]], [0, 1, p[1]], [0, 0, 1.0]])
        if model in (RIGID, SIMILARITY):
            m[:2, :2] = turn(p[2], p[3] if model is SIMILARITY else 1.0)
        if model in (AFFINE, HOMOGRAPHY):
            m[:2, :2] = p[2:6].reshape(2, 2)
        m[2, :2] = p[6:8] / 1000 if model is HOMOGRAPHY else 0
        return m

    def left(p):
        return np.einsum("nij,nj->ni", root, mapped(made(p), b) - a).ravel()

    first = [*start[:2, 2], math.atan2(start[1, 0], start[0, 0]),
             math.sqrt(np.linalg.det(start[:2, :2]))]  # fmt: skip
    if model in (AFFINE, HOMOGRAPHY):
        first[2:] = [*start[:2, :2].ravel(), *(start[2, :2] * 1000)]
    how = {"jac": "3-point", "x_scale": "jac", "xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    return made(least_squares(left, first[: FREEDOM[model]], **how).x)


def informations(rng, count):
    """Return inverse covariances: ellipses of 0.3...3 px, turned anyhow."""
    turns = np.stack([turn(angle) for angle in rng.uniform(0, math.pi, count)])
    sizes = rng.uniform(0.3, 3.0, (count, 2)) ** -2.0
    return np.einsum("nij,nj,nkj->nik", turns, sizes, turns)


@every_model
@pytest.mark.parametrize("seed", range(6))
def test_weighted_fits_are_those_of_a_general_solver(model, seed):
    rng = np.random.default_rng(seed)
    true, b, information = matrix(model, rng), points(rng, 25), informations(rng, 25)
    a = mapped(true, b) + rng.normal(0, 1 + 5 * (seed % 2), b.shape)
    found, _ = fit(model, b, a, SHAPE, information)
    assert apart(found, weighted_oracle(model, b, a, information, true)) < 1e-6
    # The weights had a say.
    assert apart(found, fit(model, b, a, SHAPE)[0]) > 0.01


@every_model
def test_the_start_does_not_decide(model):
    rng = np.random.default_rng(3)
    b = points(rng, 15)
    a = mapped(matrix(model, rng), b) + rng.normal(0, 2, b.shape)
    found, _ = fit(model, b, a, SHAPE)
    assert apart(fit(model, b, a, SHAPE, start=np.eye(3))[0], found) < 1e-7


@every_model
def test_what_the_covariance_says_is_how_far_fits_scatter(model):
    rng = np.random.default_rng(4)
    true, b, information = matrix(model, rng), points(rng, 14), informations(rng, 14)
    exact, looked = (
        mapped(true, b),
        np.array([[0, 0], [1599, 0], [800, 450], [0, 899], [1599, 899]]),
    )
    noise = np.linalg.cholesky(np.linalg.inv(information))
    there, said = mapped(np.linalg.inv(true), looked), []
    off, runs = np.zeros(len(looked)), 1500
    for _ in range(runs):
        a = exact + np.einsum("nij,nj->ni", noise, rng.standard_normal(b.shape))
        found, covariance = fit(model, b, a, SHAPE, information)
        said.append(covariance)
        off += np.square(mapped(found, there) - looked).sum(axis=1) / runs
    expected = spread(model, np.mean(said, axis=0), looked, SHAPE)
    # 1500 draws of a sum of at least two squares: a deviation of 1.3...1.9 % of the root.
    assert np.sqrt(off) == pytest.approx(expected, rel=0.08)


@every_model
def test_the_covariance_is_told_in_coordinates_of_the_picture(model):
    """What is fitted around the points is told as if it were fitted in A's own coordinates."""
    rng = np.random.default_rng(5)
    b, information = points(rng, 9) / 3 + (900, 40), informations(rng, 9)
    found, covariance = fit(model, b, b, SHAPE, information)
    assert apart(found, np.eye(3)) < 1e-9
    norm = normalising(SHAPE)
    slope = jacobian(model, mapped(norm, b))
    normal = np.einsum("nik,nij,njl->kl", slope, information / norm[0, 0] ** 2, slope)
    assert covariance == pytest.approx(np.linalg.inv(normal), rel=1e-6)


def test_a_point_known_across_an_edge_alone_counts_there_alone():
    b = np.array([[10, 10], [900, 40], [500, 800.0]])
    a = b + np.array([[5, 99], [5, -99], [-99, 3]])
    across, along = np.diag([4.0, 0.0]), np.diag([0.0, 4.0])
    found, _ = fit(SHIFT, b, a, SHAPE, np.stack([across, across, along]))
    assert tuple(found[:2, 2]) == (5, 3)
    with pytest.raises(DegenerateError, match="one direction only"):
        fit(SHIFT, b, a, SHAPE, np.stack([across] * 3))


@every_model
def test_increments_are_what_the_jacobian_says(model):
    places = np.random.default_rng(6).uniform(-1, 1, (7, 2))
    for k in range(FREEDOM[model]):
        step = np.zeros(FREEDOM[model])
        step[k] = 1e-6
        moved = (mapped(increment(model, step), places) - places) / 1e-6
        assert moved == pytest.approx(jacobian(model, places)[:, :, k], abs=1e-5)


@every_model
def test_large_coordinates_keep_their_digits(model):
    shape = 20_000, 30_000
    rng = np.random.default_rng(7)
    true = matrix(model, rng, shape)
    everywhere = points(rng, 12, shape)
    assert apart(fit(model, everywhere, mapped(true, everywhere), shape)[0], true, shape) < 1e-6
    close = points(rng, 12, (60, 100)) + np.array([29_000, 19_000])
    found, _ = fit(model, close, mapped(true, close), shape)
    assert np.abs(mapped(found, close) - mapped(true, close)).max() < 1e-6


@every_model
def test_an_exact_shift_is_exact_or_nearly(model):
    b = np.array([[12.5, 40], [1300, 77], [400, 801], [1111, 640]])
    found, _ = fit(model, b, b + np.array([-37.25, 12]), SHAPE)
    assert apart(found, np.array([[1, 0, -37.25], [0, 1, 12], [0, 0, 1]])) < 1e-9
    if model is SHIFT:
        assert tuple(found[:2, 2]) == (-37.25, 12)


def test_shifts_and_rigid_fits_turn_round_and_others_do_not():
    rng = np.random.default_rng(8)
    b = points(rng, 20)
    a = mapped(matrix(RIGID, rng), b) + rng.normal(0, 20, b.shape)
    for model in GLOBAL:
        there, back = fit(model, b, a, SHAPE)[0], fit(model, a, b, SHAPE)[0]
        off = apart(back @ there, np.eye(3))
        if model in (SHIFT, RIGID):
            assert off < 1e-8
        else:
            assert off > 0.1  # noise in A shrinks what is fitted to it
    # A similarity shrinks by the same factor both ways: the turn is the same, and the mean.
    there, back = fit(SIMILARITY, b, a, SHAPE)[0], fit(SIMILARITY, a, b, SHAPE)[0]
    both = (back @ there)[:2, :2]
    assert both == pytest.approx(both[0, 0] * np.eye(2), abs=1e-9)
    assert 0.9 < both[0, 0] < 1.0
    assert mapped(there, b.mean(axis=0)[None])[0] == pytest.approx(a.mean(axis=0))


LINE = np.array([[10, 20], [500, 265], [990, 510], [1480, 755.0]])
SLAB = np.array([[100, 100], [900, 100], [900, 700], [100, 700.0]])


@pytest.mark.parametrize(
    ("model", "b", "a", "words"),
    [
        (SHIFT, LINE[:0], LINE[:0], "0 points are too few to fix .*“translation”; it takes 1"),
        (RIGID, LINE[:1], LINE[:1], "1 point is too few to fix the model “rigid”; it takes 2"),
        (AFFINE, LINE[:2], LINE[:2], "2 points are too few to fix the model “affine”; it takes 3"),
        (HOMOGRAPHY, SLAB[:3], SLAB[:3], "3 points are too few to fix .*“homography”; it takes 4"),
        (RIGID, LINE[[0, 0]], LINE[:2], "on each other"),
        (RIGID, LINE[:2], LINE[[0, 0]], "on each other"),
        (SIMILARITY, LINE[:2], LINE[[0, 0]], "on each other"),
        (RIGID, SLAB * (3, 4), SLAB[[1, 0, 3, 2]] * (3, 4), "No turn of the points is better"),
        (AFFINE, LINE, LINE + 3, "on one line"),
        (AFFINE, LINE[:3], SLAB[:3], "on one line"),
        (AFFINE, SLAB[:3], LINE[:3], "on one line"),
        (AFFINE, SLAB[[0, 1, 1]], SLAB[[0, 1, 1]], "on one line"),
        (HOMOGRAPHY, LINE, LINE + 3, "on one line"),
        (HOMOGRAPHY, np.vstack([LINE[:3], SLAB[1]]), np.vstack([LINE[:3], SLAB[1]]), "on one line"),
        (HOMOGRAPHY, SLAB[[0, 1, 2, 2]], SLAB[[0, 1, 2, 2]], "on one line"),
        (SIMILARITY, SLAB, SLAB * (1, np.nan), "no place"),
        (AFFINE, SLAB * (np.inf, 1), SLAB, "no place"),
    ],
)  # fmt: skip
def test_points_that_do_not_fix_a_model_are_refused(model, b, a, words):
    with pytest.raises(DegenerateError, match=words) as caught:
        fit(model, b, a, SHAPE)
    assert str(caught.value).endswith(".")


def test_nothing_is_behind_the_camera():
    tilted = np.array([[1, 0, 0], [0, 1, 0], [-1 / 500, 0, 1.0]])  # the horizon is at x = 500
    assert np.isnan(mapped(tilted, np.array([[600.0, 10]]))).all()
    with pytest.raises(DegenerateError, match="Some points lie behind the camera"):
        fit(HOMOGRAPHY, SLAB, SLAB, SHAPE, start=tilted)
    # Seen from beyond the horizon: the points go together, but B's first pixel has no place in A.
    beyond = np.array([[1, 0, 0], [0, 1, 0], [1 / 500, 0, -1.0]])
    far = SLAB + np.array([600, 0])
    assert np.isfinite(mapped(beyond, far)).all()
    with pytest.raises(DegenerateError, match="B's first pixel behind the camera"):
        fit(HOMOGRAPHY, far, mapped(beyond, far), SHAPE)
