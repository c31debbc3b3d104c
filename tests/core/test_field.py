from __future__ import annotations

import numpy as np
import pytest

from core.field import Field
from core.geometry import Kernel, Placement, multiply, translation
from core.types import Rect
from tests.make import photo
from tests.warping import MAPS, direct, looked_at, turned, warp

RNG = np.random.default_rng(2)
SHIFT = RNG.uniform(-4, 4, (12, 21, 2)).astype(np.float32)
BENT = Field(SHIFT, 8, 3.5)
GRAY = photo(90, 160, seed=4, channels=1)
WHOLE = Rect(0, 0, 90, 160)


def at(field, x, y):
    """Return (dx, dy) at one point of the full canvas: bilinear, constant beyond the nodes."""
    rows, cols = field.shift.shape[:2]
    j = min(max((x - field.origin) / field.step, 0), cols - 1)
    i = min(max((y - field.origin) / field.step, 0), rows - 1)
    total = np.zeros(2)
    for row in range(rows):
        for col in range(cols):
            share = max(1 - abs(i - row), 0) * max(1 - abs(j - col), 0)
            total += share * field.shift[row, col].astype(np.float64)
    return total


@pytest.mark.parametrize("level", [0, 1, 3])
@pytest.mark.parametrize("field", [BENT, Field(SHIFT[:1], 5.5, -2), Field(SHIFT[:, :1], 20, 7)])
def test_between_nodes_it_is_bilinear(field, level):
    rect, step = Rect(-3, -5, 9, 24), 1 << level
    dx, dy = field.over(rect, level)
    assert dx.shape == dy.shape == (9, 24)
    for i in range(9):
        for j in range(24):
            x, y = ((k + 0.5) * step - 0.5 for k in (rect.col + j, rect.row + i))
            expected = at(field, x, y) / step
            assert (dx[i, j], dy[i, j]) == pytest.approx(expected, abs=1e-12)


def test_nodes_have_their_own_shifts():
    field = Field(SHIFT, 8, 4)
    dx, dy = field.over(WHOLE)
    assert np.array_equal(dx[4::8, 4::8], SHIFT[:11, :20, 0])
    assert np.array_equal(dy[4::8, 4::8], SHIFT[:11, :20, 1])


def test_a_single_node_shifts_all_alike():
    dx, dy = Field(np.array([[[1.5, -2.25]]]), 8, 0).over(Rect(-4, 7, 5, 6), 1)
    assert (dx == 0.75).all()
    assert (dy == -1.125).all()


@pytest.mark.parametrize("level", [0, 2])
def test_bounds_hold_all_shifts(level):
    for rect in (Rect(-20, -30, 200, 300), Rect(13, 17, 5, 40), Rect(40, 60, 1, 1)):
        dx, dy = BENT.over(rect, level)
        low_x, high_x, low_y, high_y = BENT.bounds(rect, level)
        assert low_x <= dx.min() <= dx.max() <= high_x
        assert low_y <= dy.min() <= dy.max() <= high_y


def test_equal_fields_are_equal_keys():
    same = Field(SHIFT.copy(), 8.0, 3.5)
    assert (same, hash(same)) == (BENT, hash(BENT))
    assert Field(-0.0 * SHIFT, 8, 0) == Field(0.0 * SHIFT, 8, 0)
    changed = SHIFT.copy()
    changed[3, 5, 1] += np.float32(1e-6)
    others = (Field(changed, 8, 3.5), Field(SHIFT, 9, 3.5), Field(SHIFT, 8, 3),
              Field(SHIFT.reshape(21, 12, 2), 8, 3.5))  # fmt: skip
    for other in others:
        assert other != BENT
        assert hash(other) != hash(BENT)
    one = Placement((90, 160), field=BENT)
    assert (one, hash(one)) == (Placement((90, 160), field=same), hash(one.replace(field=same)))
    assert one != Placement((90, 160)) != one.replace(field=others[0])


def test_nobody_can_change_it():
    mine = SHIFT.copy()
    field = Field(mine, 8, 3.5)
    mine[...] = 0
    assert field == BENT
    with pytest.raises(ValueError, match="read-only"):
        field.shift[0, 0, 0] = 1


@pytest.mark.parametrize(
    ("shift", "step", "message"),
    [
        (SHIFT[:, :, 0], 8, "at least one node"),
        (SHIFT[:0], 8, "at least one node"),
        (SHIFT, 0, "positive step"),
        (SHIFT, np.nan, "positive step"),
        (SHIFT * np.float32(np.inf), 8, "must be finite"),
    ],
)
def test_what_is_no_field_is_refused(shift, step, message):
    with pytest.raises(ValueError, match=message), np.errstate(invalid="ignore"):
        Field(shift, step, 0)


# -- pictures through a field


@pytest.mark.parametrize("kernel", list(Kernel))
@pytest.mark.parametrize("name", MAPS)
def test_a_field_without_shifts_changes_nothing(name, kernel):
    still = Field(np.zeros((3, 4, 2)), 60, 10)
    one, valid = warp(GRAY, MAPS[name], WHOLE, kernel)
    other, other_valid = warp(GRAY, MAPS[name], WHOLE, kernel, field=still)
    assert np.array_equal(one, other)
    assert np.array_equal(valid, other_valid)


def test_the_same_shift_everywhere_is_a_translation():
    # p shows what the inverse takes p + (3, -1.25) to: the picture moves by (-3, 1.25).
    field = Field(np.full((5, 4, 2), (3.0, -1.25)), 40, 0)
    moved = multiply(translation(-3, 1.25), MAPS["shear"])
    one, valid = warp(GRAY.astype(float), MAPS["shear"], WHOLE, Kernel.CUBIC, field=field)
    other, other_valid = warp(GRAY.astype(float), moved, WHOLE, Kernel.CUBIC)
    assert np.abs(one - other).max() < 1e-9
    assert np.array_equal(valid, other_valid)


@pytest.mark.parametrize("far", [(40, 0), (-40, 0), (0, 25), (0, -25)])
def test_what_is_read_is_where_the_field_points(far):
    field, rect = Field(np.full((5, 4, 2), far), 40, 0), Rect(30, 60, 9, 11)
    one, _ = warp(GRAY, MAPS["shear"], rect, Kernel.CUBIC, field=field)
    other, _ = warp(GRAY, MAPS["shear"], rect.shift(far[1], far[0]), Kernel.CUBIC)
    assert np.abs(one - other).max() < 2e-4


@pytest.mark.parametrize("kernel", list(Kernel))
def test_what_is_bent_is_the_weighted_sums(kernel):
    matrix, rect = turned(-4, 1.1, tilt=(1.1e-3, -6e-4)), Rect(30, 40, 30, 70)
    dx, dy = BENT.over(rect)
    y, x = np.mgrid[rect.row : rect.bottom, rect.col : rect.right].astype(np.float64)
    u, v, w = np.einsum("ij,jhw->ihw", np.linalg.inv(matrix), [x + dx, y + dy, np.ones_like(x)])
    values, valid = warp(GRAY, matrix, rect, kernel, field=BENT)
    assert valid is None
    assert np.abs(values - direct(GRAY, u / w, v / w, kernel)).max() < 2e-4
    plain = direct(GRAY, *looked_at(matrix, rect)[:2], kernel)
    assert np.abs(values - plain).max() > 10
