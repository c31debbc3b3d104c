"""Where the general resampler's pixels are valid, and what it reads."""

from __future__ import annotations

import numpy as np
import pytest

from core.field import Field
from core.geometry import IDENTITY, Kernel, as_matrix, multiply, scaling, translation
from core.kernels import SUPPORT
from core.types import Rect
from core.warp import covers, warped
from tests.make import photo
from tests.warping import MAPS, direct, looked_at, turned, warp

KERNELS = list(Kernel)
GRAY = photo(90, 160, seed=4, channels=1)
AROUND = Rect(-40, -70, 200, 330)
HORIZON = as_matrix(np.array([[4, 0.4, 12], [0.2, 4, -28], [0.004, 0.009, 1]]))
"""Its horizon crosses the canvas, below and right of what is seen of the picture."""


def footprint(at, length, half):
    """Return where the taps from 1 - half to half around a position exist, or its one pixel."""
    at = np.where(np.abs(at - np.rint(at)) <= 1e-9, np.rint(at), at)  # rounding
    below = np.floor(at)
    inside = (below + 1 - half >= 0) & (below + half <= length - 1)
    return inside | ((at == below) & (at >= 0) & (at <= length - 1))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", MAPS)
def test_valid_is_where_the_footprint_lies_in_the_source(name, kernel):
    values, valid = warp(GRAY, MAPS[name], AROUND, kernel)
    u, v, _ = looked_at(MAPS[name], AROUND)
    half = SUPPORT[kernel]
    expected = footprint(u, 160, half) & footprint(v, 90, half)
    assert 0.05 < expected.mean() < 0.95
    assert np.array_equal(valid > 0, expected)
    assert np.isfinite(values).all()


def test_what_is_not_valid_repeats_the_edges_and_ends():
    values, valid = warp(GRAY, turned(5), Rect(-60, -60, 210, 280), Kernel.CUBIC)
    u, v, _ = looked_at(turned(5), Rect(-60, -60, 210, 280))
    beside = (v > 10) & (v < 80) & (u > -15) & (u < -3)
    assert beside.any()
    assert not valid[beside].any()
    edge = direct(GRAY, np.zeros_like(u), v, Kernel.CUBIC)
    assert np.abs(values - edge)[beside].max() < 1e-3
    assert not values[(u < -20) | (v > 110)].any()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("field", [False, True])
def test_what_is_behind_the_camera_is_not_valid(kernel, field):
    bent = Field(np.zeros((3, 4, 2)), 64, 31.5) if field else None
    values, valid = warp(GRAY, HORIZON, Rect(-300, -300, 900, 900), kernel, field=bent)
    u, v, w = looked_at(HORIZON, Rect(-300, -300, 900, 900))
    front = w > 0  # which w of the inverse is where that of the matrix is, and it is 1 at (0, 0)
    assert 0.2 < front.mean() < 0.8
    half = SUPPORT[kernel]
    expected = front & footprint(u, 160, half) & footprint(v, 90, half)
    assert expected.any()
    assert np.array_equal(valid > 0, expected)
    assert np.isfinite(values).all()
    sums = direct(GRAY, u[expected], v[expected], kernel)
    assert np.abs(values[expected] - sums).max() < 2e-4


def test_pieces_beyond_the_horizon_read_next_to_nothing():
    seen: list[Rect] = []
    values, valid = warp(GRAY, HORIZON, Rect(900, 900, 50, 60), Kernel.CUBIC, seen=seen)
    assert sum(r.area for r in seen) == 1  # one pixel tells the dtype
    assert not values.any()
    assert not valid.any()


@pytest.mark.parametrize("matrix", [translation(5000, 0), turned(40, about=(-9e5, 1e6))])
def test_nothing_of_the_source_in_reach(matrix):
    values, valid = warp(GRAY, multiply(matrix, MAPS["shear"]), Rect(0, 0, 90, 160), Kernel.CUBIC)
    assert values.dtype == np.float32
    assert not values.any()
    assert not valid.any()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (5, 1), (2, 3)])
def test_the_smallest_sources(shape, kernel):
    source = photo(9, 9, seed=1, channels=1)[: shape[0], : shape[1]].copy()
    values, valid = warp(source, IDENTITY, Rect(0, 0, *shape), kernel)
    assert np.array_equal(values, source)
    assert valid is None
    values, valid = warp(source, turned(30, 1.2, about=(0.2, 0.3)), Rect(-9, -9, 20, 22), kernel)
    assert np.isfinite(values).all()
    assert valid.mean() < 10
    u, v, _ = looked_at(turned(30, 1.2, about=(0.2, 0.3)), Rect(-9, -9, 20, 22))
    near = (np.abs(u) < 10) & (np.abs(v) < 10)
    assert np.abs(values - direct(source, u, v, kernel))[near].max() < 2e-4


@pytest.mark.parametrize("degrees", [45, 90.3, 3])
def test_what_is_read_is_not_much_more_than_what_is_needed(degrees):
    source = np.zeros((2400, 4100), np.uint8)
    seen: list[Rect] = []
    strip = Rect(1200, 0, 128, 4100)
    warp(source, turned(degrees, about=(2049.5, 1199.5)), strip, Kernel.CUBIC, seen=seen)
    assert sum(r.area for r in seen) < 4 * strip.area
    assert max(r.area for r in seen) < 3.5 * strip.area


def test_the_finest_sources_are_read_as_overviews():
    fine = np.tile(np.array([0, 255], np.uint8), (4096, 2048))
    levels = []

    def read(rect, level):
        levels.append(level)
        assert rect.intersect(Rect(0, 0, 4096 >> level, 4096 >> level)) == rect
        return np.full((rect.height, rect.width), 127, np.uint8)

    matrix = multiply(turned(10, about=(63.5, 63.5)), scaling(1 / 32, 1 / 32))
    values, valid = warped(read, fine.shape, matrix, Rect(40, 40, 50, 60), 0, Kernel.LANCZOS)
    assert set(levels) == {3}  # 32 times as fine: 8 by the overview, 4 by the kernel
    assert valid is None
    assert np.abs(values - 127).max() < 1e-4


def test_places_in_overviews_are_the_same_places():
    y, x = np.mgrid[0:1024, 0:2048].astype(np.float64)
    ramp = 0.05 * x + 0.11 * y

    def read(rect, level):
        step = 1 << level
        small = ramp.reshape(1024 // step, step, 2048 // step, step).mean(axis=(1, 3))
        return small[rect.slices]

    matrix = multiply(turned(10, about=(63.5, 31.5)), scaling(1 / 16, 1 / 16))
    rect = Rect(20, 30, 20, 60)
    values, _ = warped(read, (1024, 2048), matrix, rect, 0, Kernel.CUBIC)
    u, v, _ = looked_at(matrix, rect)
    # Cubic is exact on a slope, four times as wide it is off by rounding of its weights' sum.
    assert np.abs(values - (0.05 * u + 0.11 * v)).max() < 0.02


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_canvas_is_covered_when_its_corners_are(kernel):
    shape, canvas = (90, 160), (70, 130)
    wide = multiply(translation(-15, -10), turned(3, 1.1))
    tight = multiply(translation(-15, -10), turned(20, 1.1))
    for matrix, yes in ((wide, True), (tight, False), (HORIZON, False)):
        _, valid = warp(GRAY, matrix, Rect(0, 0, *canvas), kernel)
        assert (valid is None) == yes
        assert covers(shape, matrix, canvas, kernel) == yes
    # The last pixel looks at 3.25 + its own place, and its footprint ends `half` after the whole.
    high, broad = 87 - SUPPORT[kernel], 157 - SUPPORT[kernel]
    for rows, cols, yes in (
        (high, broad, True),
        (high + 1, broad, False),
        (high, broad + 1, False),
    ):
        assert covers(shape, translation(-3.25, -3.25), (rows, cols), kernel) == yes
    for away in ((40, 0), (-60, 0), (0, 40), (0, -40)):
        assert not covers(shape, multiply(translation(*away), wide), canvas, kernel)
    assert not covers(shape, multiply(scaling(0.1, 0.1), wide), (7, 13), kernel)  # an overview


def test_a_corner_that_is_seen_from_behind_is_not_covered():
    # The corners in order; the last one lies in the picture, but behind the camera.
    one, two, three = (np.array(c) for c in ((50.0, 45, 1), (180.0, 135, 3), (60.0, 40, 1)))
    u, v, w = one + three - two
    assert w < 0 < min(u / w - 3, v / w - 3)
    back = np.column_stack([(two - one) / 159, (three - two) / 89, one])
    assert not covers((90, 160), as_matrix(np.linalg.inv(back)), (90, 160), Kernel.CUBIC)
