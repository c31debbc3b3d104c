"""Windows: where their content lies in B, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest

from core.alignment._ties import Ties, Windows, together
from core.alignment.models import mapped
from core.types import Rect, Token

HEIGHT, WIDTH = 220, 360
WAVES = [(0.31, 0.17, 0.4), (-0.12, 0.29, 1.3), (0.07, -0.21, 2.2), (0.43, 0.05, 0.9)]


def scene(x, y):
    """Return the brightness of an endless scene at any places."""
    return 120.0 + sum(14.0 * np.sin(u * x + v * y + p) for u, v, p in WAVES)


def side_of(a, b, valid=None):
    """Return how an estimator looks at two arrays that fill the canvas."""

    def side(index, rect, level):
        assert level == 0
        picture = (a, b)[index]
        inside = rect.intersect(Rect.of(picture))
        pixels = np.zeros((rect.height, rect.width), np.float32)
        known = np.zeros(pixels.shape, np.uint8)
        place = inside.within(rect)
        pixels[place] = picture[inside.slices]
        known[place] = 255 if valid is None or index == 0 else valid[inside.slices]
        return pixels, None if known.all() else known

    return side


def rendered(matrix=None):
    """Return the scene as seen by A, or by B that a matrix lays on A."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    if matrix is not None:
        there = mapped(matrix, np.stack([x.ravel(), y.ravel()], axis=1))
        x, y = there.T.reshape(2, HEIGHT, WIDTH)
    return scene(x, y).astype(np.float32)


CENTRES = np.array([[60, 50], [180, 60], [300, 110], [100, 150], [240, 170]], np.intp)


def measured(a, b, start, steps=6, valid=None, search=0):
    windows = Windows(side_of(a, b, valid), 0, CENTRES, 41)
    windows.look(start, 4 + search)
    off = windows.search(start, search) if search else np.zeros((len(CENTRES), 2))
    return windows.measure(start, off, steps, Token())


def test_ties_find_a_shift_of_a_fraction_of_a_pixel():
    truth = np.array([[1.0, 0.0, 3.3], [0.0, 1.0, -1.7], [0.0, 0.0, 1.0]])
    start = np.array([[1.0, 0.0, 4.0], [0.0, 1.0, -2.0], [0.0, 0.0, 1.0]])
    ties = measured(rendered(), rendered(truth), start)
    assert ties.good.all()
    # Cubic interpolation of waves of 15 to 25 px is off by some thousandths of their height.
    assert np.abs(mapped(truth, ties.b) - ties.a).max() < 0.004
    assert (ties.ncc > 0.999).all()


def test_exposure_makes_no_difference():
    truth = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.3], [0.0, 0.0, 1.0]])
    plain = measured(rendered(), rendered(truth), np.eye(3))
    other = measured(rendered(), 0.6 * rendered(truth) + 40.0, np.eye(3))
    assert np.abs(plain.b - other.b).max() < 1e-3


def test_a_search_brings_windows_from_afar():
    truth = np.array([[1.0, 0.0, 5.2], [0.0, 1.0, -4.4], [0.0, 0.0, 1.0]])
    ties = measured(rendered(), rendered(truth), np.eye(3), search=7)
    assert np.abs(mapped(truth, ties.b) - ties.a).max() < 0.004


def test_windows_follow_a_projective_map():
    truth = np.array([[1.02, -0.05, 6.0], [0.06, 0.97, -3.0], [4e-5, -3e-5, 1.0]])
    start = truth + np.array([[0.0, 0.0, 0.7], [0.0, 0.0, -0.4], [0.0, 0.0, 0.0]])
    ties = measured(rendered(), rendered(truth), start)
    assert ties.good.all()
    assert np.abs(mapped(truth, ties.b) - ties.a).max() < 0.01


def test_the_information_is_that_of_noise():
    """Under white noise the places scatter as the equations say."""
    rng = np.random.default_rng(3)
    found, said = [], []
    for _ in range(60):
        a, b = (rendered() + 12.0 * rng.standard_normal((HEIGHT, WIDTH)) for _ in range(2))
        ties = measured(a.astype(np.float32), b.astype(np.float32), np.eye(3), steps=3)
        assert ties.good.all()
        found.append(ties.b - ties.a)
        said.append(np.linalg.inv(ties.information))
    scatter = np.var(np.array(found), axis=0)
    told = np.mean(np.array(said), axis=0)[:, [0, 1], [0, 1]]
    # A variance of 60 trials is off by 18 % (one deviation); the neighbours that share noise are a
    # number for weak gradients, where smoothing takes nothing of them.
    ratio = scatter.mean() / told.mean()
    assert 0.5 < ratio < 2.0


def test_along_an_edge_nothing_is_known():
    stripes = np.tile(120.0 + 60.0 * np.sin(np.arange(WIDTH) / 5.0), (HEIGHT, 1)).astype(np.float32)
    ties = measured(stripes, stripes, np.eye(3))
    across, along = ties.information[:, 0, 0], ties.information[:, 1, 1]
    assert (along < 1e-3 * across).all()


def test_windows_that_leave_the_picture_or_are_flat_do_not_count():
    moved = np.array([[1.0, 0.0, 90.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    ties = measured(rendered(), rendered(moved), moved)
    assert ties.good.tolist() == [False, True, True, False, True]
    flat = np.full((HEIGHT, WIDTH), 80.0, np.float32)
    assert not measured(rendered(), flat, np.eye(3)).good.any()


def test_what_is_missing_from_b_does_not_count():
    valid = np.full((HEIGHT, WIDTH), 255, np.uint8)
    valid[55:60, 175:180] = 0
    ties = measured(rendered(), rendered(), np.eye(3), valid=valid)
    assert ties.good.tolist() == [True, False, True, True, True]


def test_ties_of_levels_come_together_in_full_pixels():
    one = Ties(
        np.array([[3.0, 5.0]]), np.array([[2.0, 5.5]]), np.eye(2)[None], np.ones(1),
        np.ones(1, np.bool_), np.array([0.1]),
    )  # fmt: skip
    both = together([(one, 0), (one, 2)])
    # The middle of pixel 3 of level 2 is the middle of pixels 12...15 of the picture.
    assert both.a.tolist() == [[3.0, 5.0], [13.5, 21.5]]
    assert both.b.tolist() == [[2.0, 5.5], [9.5, 23.5]]
    assert both.information[1] == pytest.approx(np.eye(2) / 16)
    assert both.moved.tolist() == [0.1, 0.4]


def test_no_tie_is_better_than_the_floor():
    sure = Ties(
        np.zeros((2, 2)), np.zeros((2, 2)), np.stack([np.eye(2) * 1e9, np.diag([4.0, 0.0])]),
        np.ones(2), np.ones(2, np.bool_), np.zeros(2),
    ).floored()  # fmt: skip
    assert np.sqrt(1 / sure.information[0, 0, 0]) == pytest.approx(0.03, rel=1e-3)
    assert sure.information[1, 0, 0] == pytest.approx(1 / (0.25 + 0.03**2), rel=1e-6)
    assert sure.information[1, 1, 1] < 1e-8
