"""Fits of which some ties contradict the rest, and the choice of a model."""

from __future__ import annotations

import numpy as np
import pytest

from core.alignment._choose import choose
from core.alignment._robust import robust
from core.alignment._ties import Ties
from core.alignment.models import (
    FREEDOM,
    GLOBAL,
    AlignModel,
    DegenerateError,
    increment,
    inverted,
    mapped,
    normalising,
)

SHAPE = (400, 700)
CORNERS = np.array([[0, 0], [699, 0], [699, 399], [0, 399]], np.float64)


def truth(model, size=0.05, seed=0):
    """Return a matrix of a model, and of no simpler one."""
    norm = normalising(SHAPE)
    step = np.random.default_rng(seed).uniform(0.5, 1.0, FREEDOM[model]) * size
    made = inverted(norm) @ increment(model, step) @ norm
    return made / made[2, 2]


def ties(matrix, n=80, sigma=0.1, lost=0.0, seed=1):
    """Return ties of a matrix with noise, a share of which are somewhere else."""
    rng = np.random.default_rng(seed)
    b = rng.uniform((20, 20), (680, 380), (n, 2))
    a = mapped(matrix, b) + sigma * rng.standard_normal((n, 2))
    wrong = np.arange(n) < lost * n
    a[wrong] += rng.uniform(3, 25, (n, 2))[wrong]
    information = np.broadcast_to(np.eye(2) / sigma**2, (n, 2, 2)).copy()
    return Ties(a, b, information, np.ones(n), np.ones(n, np.bool_), np.zeros(n)), wrong


def apart(one, other):
    return np.hypot(*(mapped(one, CORNERS) - mapped(other, CORNERS)).T).max()


@pytest.mark.parametrize("model", GLOBAL)
@pytest.mark.parametrize("lost", [0.0, 0.4])
def test_two_in_five_may_contradict(model, lost):
    matrix = truth(model)
    given, wrong = ties(matrix, lost=lost)
    fit = robust(model, given, SHAPE)
    assert fit.model is model
    assert apart(fit.matrix, matrix) < 0.25  # 5 deviations of a corner of a homography of 48 ties
    assert not (fit.agreed & wrong).any()
    assert (fit.agreed | wrong).mean() > 0.95
    assert 0.7 <= fit.scale < 1.5


def test_ties_that_scatter_more_than_they_say_are_believed_less():
    matrix = truth(AlignModel.SIMILARITY)
    given, _ = ties(matrix, sigma=0.4)
    told = Ties(given.a, given.b, given.information * 16.0, given.ncc, given.good, given.moved)
    plain, bold = robust(AlignModel.SIMILARITY, given, SHAPE), robust(
        AlignModel.SIMILARITY, told, SHAPE
    )  # fmt: skip
    assert bold.scale / plain.scale == pytest.approx(4.0, rel=0.01)
    assert np.allclose(bold.covariance, plain.covariance, rtol=0.02)


def test_windows_that_did_not_settle_have_no_say():
    matrix = truth(AlignModel.TRANSLATION)
    given, wrong = ties(matrix, lost=0.7)
    sorted_out = Ties(
        given.a, given.b, given.information, given.ncc, ~wrong, given.moved
    )  # fmt: skip
    assert apart(robust(AlignModel.TRANSLATION, sorted_out, SHAPE).matrix, matrix) < 0.1


def test_too_few_ties_are_refused():
    given, _ = ties(np.eye(3), n=4)
    with pytest.raises(DegenerateError):
        robust(AlignModel.HOMOGRAPHY, given, SHAPE)
    none = Ties(given.a, given.b, given.information, given.ncc, ~given.good, given.moved)
    with pytest.raises(DegenerateError):
        choose(none, SHAPE, CORNERS, 1.0, GLOBAL)


@pytest.mark.parametrize("model", GLOBAL)
@pytest.mark.parametrize("seed", range(6))
def test_the_model_that_is_there_is_chosen(model, seed):
    matrix = truth(model, seed=seed)
    given, _ = ties(matrix, lost=0.2, seed=seed)
    fit, why = choose(given, SHAPE, CORNERS, 1.0, GLOBAL)
    assert fit.model is model
    assert apart(fit.matrix, matrix) < 0.25
    assert why


def test_noise_does_not_ask_for_freedom():
    """A shift under noise is a shift, in nearly all trials."""
    chosen = [
        choose(ties(truth(AlignModel.TRANSLATION), sigma=0.5, seed=s)[0], SHAPE, CORNERS, 1.0,
               GLOBAL)[0].model
        for s in range(40)
    ]  # fmt: skip
    assert chosen.count(AlignModel.TRANSLATION) >= 39


def test_what_makes_no_difference_is_left_out():
    """A turn that moves no corner by a twentieth of a pixel is none."""
    matrix = truth(AlignModel.TRANSLATION)
    c, s = np.cos(4e-5), np.sin(4e-5)
    turned = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) @ matrix
    given, _ = ties(turned, sigma=1e-4)
    fit, _ = choose(given, SHAPE, CORNERS, 1.0, GLOBAL)
    assert fit.model is AlignModel.TRANSLATION
