from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import compare
from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.measures import shift
from core.measures.shift import MEASURE, ShiftParams
from core.settings import Settings
from core.types import MapKind
from tests.core.measures.samples import mapped, noise, run, speckled


def chosen(radius=1, tolerance=0.0):
    return Settings([ShiftParams(radius=radius), DifferenceParams(tolerance=tolerance)])


def script(a, b, radius=1, valid=None):
    """What is left of each pixel, looked for one by one in float64."""
    x, y = (np.atleast_3d(p).astype(np.float64) for p in (a, b))
    height, width = x.shape[:2]
    exist = np.full((height, width), True) if valid is None else valid > 0
    out = np.zeros((height, width))
    for row, col in np.argwhere(exist):
        near = (
            slice(max(row - radius, 0), row + radius + 1),
            slice(max(col - radius, 0), col + radius + 1),
        )
        ways = (np.abs(other[near] - one[row, col]) for one, other in ((x, y), (y, x)))
        out[row, col] = max(d.max(axis=2)[exist[near]].min() for d in ways)
    return out


def left(a, b, radius=1, valid=None, **more):
    return mapped(MEASURE, MapKind.SHIFT, a, b, valid, settings=chosen(radius), **more)


@given(
    st.integers(0, 2**32),
    st.sampled_from([(1, np.uint8), (3, np.uint8), (4, np.float32), (3, np.float64)]),
    st.integers(1, 3),
    st.booleans(),
    st.lists(st.integers(1, 18), max_size=2),
)
def test_agrees_with_a_plain_script(seed, kind, radius, holes, cuts):
    a, b = (noise(19, 33, kind[0], seed=s, dtype=kind[1]) for s in (seed, seed + 1))
    b[4:9, 11:29] = a[4:9, 11:29]  # what is equal too
    valid = speckled(19, 33, seed, 0.1) if holes else None
    expected = script(a, b, radius, valid)
    # The values are sixty-fourths below 256: every difference is exact.
    assert np.array_equal(left(a, b, radius, valid, cuts=cuts), expected)
    tolerance = 30.0
    values = run(
        MEASURE, a, b, valid, cuts=cuts, margin=seed % 2, settings=chosen(radius, tolerance)
    )
    n = 19 * 33 if valid is None else np.count_nonzero(valid)
    assert values["shift_l0"].value == np.count_nonzero(expected > tolerance)
    assert values["shift_l0_share"].value == values["shift_l0"].value / n
    assert values["shift_mae"].value == pytest.approx(expected.sum() / n, rel=1e-12)
    assert all(v.pixels == n and v.better == "lower" for v in values.values())
    assert [v.unit for v in values.values()] == ["px", "share", "levels"]


def test_several_tiles_are_one(monkeypatch):
    a, b = noise(61, 97, 3), noise(61, 97, 3, seed=1)
    valid = speckled(61, 97, 2)
    whole = left(a, b, 4, valid)
    monkeypatch.setattr(shift, "_TILE", (16, 20))
    assert np.array_equal(left(a, b, 4, valid), whole)
    assert np.array_equal(left(a, b, 4, valid, cuts=(7, 30)), whole)


def page(shift=0, recolour=False):
    """Return 12 lines of smoothed text beside a block of 40 x 40 with a letter on it."""
    large = np.full((270 * 4, 480 * 4, 3), (250, 250, 247), np.uint8)
    for i in range(12):
        text, at = f"Line {i}: quick waltz, {i * 37} jugs", (4 * (20 + shift), 4 * (28 + 20 * i))
        cv2.putText(large, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.9, (35, 30, 60), 5, cv2.LINE_8)
    top, side = slice(4 * 180, 4 * 220), slice(4 * 400, 4 * 440)
    large[top, side] = (40, 120, 60) if recolour else (40, 60, 120)
    cv2.putText(large, "A", (4 * 413, 4 * 208), 0, 2.4, (255, 255, 255), 9, cv2.LINE_8)
    return cv2.resize(large, (480, 270), interpolation=cv2.INTER_AREA)


def test_moved_text_is_no_change_and_a_recolouring_is():
    text, colour = (page(), page(shift=1)), (page(), page(recolour=True))
    plain = [np.count_nonzero((a != b).any(axis=2)) for a, b in (text, colour)]
    assert plain[0] > 2825  # the page has the trouble: plain counts put the shift first
    assert 1400 <= plain[1] <= 1600
    assert run(MEASURE, *text)["shift_l0"].value == 0
    assert not left(*text).any()
    assert run(MEASURE, *colour)["shift_l0"].value >= 1400
    both = run(MEASURE, page(), page(shift=1, recolour=True))
    assert both["shift_l0"].value == run(MEASURE, *colour)["shift_l0"].value


@pytest.mark.parametrize(("rows", "cols"), [(0, 2), (-2, 1), (2, -2)])
def test_a_shift_up_to_the_radius_is_explained(rows, cols):
    scene = noise(60, 110, 3)
    a, b = scene[10:50, 10:100], scene[10 + rows : 50 + rows, 10 + cols : 100 + cols]
    inner = (slice(2, -2), slice(2, -2))
    assert not left(a, b, 2)[inner].any()
    assert left(a, b, 1)[inner].any()


def test_only_pixels_on_the_canvas_that_are_valid_match():
    a = np.zeros((6, 9), np.uint8)
    b = a.copy()
    a[0, 0], b[0, 1] = 90, 90
    valid = np.full_like(a, 255)
    assert not left(a, b, 1, valid).any()
    valid[0, 1] = 0
    found = left(a, b, 1, valid)
    assert np.argwhere(found).tolist() == [[0, 0]]
    assert found[0, 0] == 90
    b[:, -1], a[:, 0] = 200, 200  # the right border is no neighbour of the left one
    assert np.count_nonzero(left(a, b, 1, valid) == 200) == 12


@given(st.integers(0, 2**32), st.sampled_from([np.uint8, np.float32]))
def test_less_is_left_within_a_larger_radius(seed, dtype):
    a, b = noise(17, 40, 3, seed=seed, dtype=dtype), noise(17, 40, 3, seed=seed + 1, dtype=dtype)
    valid = speckled(17, 40, seed)
    plain = np.where(valid > 0, np.abs(a.astype(float) - b).max(axis=2), 0)
    before = plain
    for radius in (1, 2, 5, 8):
        now = left(a, b, radius, valid)
        assert (now <= before).all()
        assert np.array_equal(now, left(b, a, radius, valid))
        before = now


def test_the_tolerance_is_that_of_the_comparison():
    a = np.zeros((20, 50), np.float32)
    b = a.copy()
    b[3:6, 10:30], b[9:12, 10:30] = 4.5, 7.0
    counts = [
        run(MEASURE, a, b, settings=chosen(1, t))["shift_l0"].value for t in (0, 4, 4.5, 6.9995, 8)
    ]
    # A value within 0.001 of the tolerance is not over it.
    assert counts == [120, 120, 60, 0, 0]
    assert "(4.5)" in run(MEASURE, a, b, settings=chosen(1, 4.5))["shift_l0"].help


def test_values_beyond_white_are_not_clipped():
    a = np.full((10, 30, 3), 100.0, np.float32)
    b = a.copy()
    b[4, 20, 1] = 5100.0
    assert left(a, b)[4, 20] == 5000
    assert run(MEASURE, a, b)["shift_mae"].value == 5000 / 300


def test_without_a_valid_pixel_there_is_no_number():
    a, b = noise(8, 30), noise(8, 30, seed=1)
    values = run(MEASURE, a, b, np.zeros((8, 30), np.uint8))
    assert all(math.isnan(v.value) for v in values.values())
    same = run(MEASURE, a, a)
    assert [v.value for v in same.values()] == [0, 0, 0]


def test_through_the_engine():
    a, b = noise(400, 700, 3), noise(400, 700, 3, seed=1)
    settings = chosen(2, 20)
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    found = compare(*pair, settings, measures=MEASURE.names).measures
    expected = run(MEASURE, a, b, settings=settings)
    assert {n: v.value for n, v in found.items()} == pytest.approx(
        {n: v.value for n, v in expected.items()}, rel=1e-12
    )
    for name in ("shift_l0_share", "shift_mae"):
        low, high = found[name].interval
        assert low <= found[name].value <= high
