from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.difference import DifferenceParams, difference
from core.map_kinds import KINDS
from core.measures.color_distances import MEASURE
from core.types import MapKind, Rect, Tile
from tests.core.measures.samples import mapped, noise, run, speckled
from tests.core.measures.test_color import same_white

euclidean = partial(mapped, MEASURE, MapKind.DELTA_E_76)
hyab = partial(mapped, MEASURE, MapKind.HYAB)


def numbers(values):
    return [values[name].value for name in MEASURE.names]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_agree_with_a_plain_script(dtype):
    a, b = noise(83, 211, 3), noise(83, 211, 3, seed=1)
    d = same_white(a) - same_white(b)
    right = np.linalg.norm(d, axis=2), np.abs(d[..., 0]) + np.hypot(d[..., 1], d[..., 2])
    x, y = a.astype(dtype), b.astype(dtype)
    # 1e-4 in float32, and 2e-4 for scikit-image's rounded constants in dark colours.
    for found, expected in zip((euclidean(x, y), hyab(x, y)), right, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=4e-4)
    values = run(MEASURE, x, y, cuts=(20, 60))
    assert numbers(values) == pytest.approx([r.mean() for r in right], abs=1e-4)
    assert all(v.unit == "ΔE" and v.pixels == 83 * 211 for v in values.values())
    low, high = values["hyab_mean"].interval
    assert low < values["hyab_mean"].value < high


def test_the_euclidean_one_is_that_of_the_difference_in_lab():
    a, b = noise(40, 70, 3), noise(40, 70, 3, seed=1)
    tile = Tile(a, b, None, Rect.of(a))
    other = difference(tile, (slice(None), slice(None)), DifferenceParams(space="lab"))
    # The difference is within 0.02 by its own account.
    np.testing.assert_allclose(euclidean(a, b), other.magnitude, rtol=0, atol=0.02)


@given(st.integers(0, 2**32), st.integers(1, 3))
def test_gray_equal_colors_swapping(seed, channels):
    a, b = (noise(7, 19, channels, seed=seed + k) for k in (0, 1))
    assert numbers(run(MEASURE, a, a.copy())) == [0.0, 0.0]
    assert numbers(run(MEASURE, a, b)) == numbers(run(MEASURE, b, a))
    if channels == 1:
        np.testing.assert_array_equal(euclidean(a, b), hyab(a, b))
        rgb = [np.repeat(x[:, :, None], 3, axis=2) for x in (a, b)]
        np.testing.assert_allclose(hyab(a, b), hyab(*rgb), rtol=1e-6)


def test_neither_is_less_than_the_other_part():
    a, b = noise(31, 57, 3), noise(31, 57, 3, seed=1)
    assert (hyab(a, b) >= euclidean(a, b) - 1e-4).all()
    assert (hyab(a, b) <= euclidean(a, b) * np.sqrt(2) + 1e-4).all()


def test_invalid_pixels_have_no_influence():
    a, b = (noise(31, 57, 3, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(31, 57, 5)
    clean = run(MEASURE, a, b, valid)
    assert clean["delta_e_76_mean"].value == pytest.approx(
        euclidean(a, b)[valid > 0].mean(dtype=np.float64), rel=1e-9
    )
    b[valid == 0] = 1e30
    assert run(MEASURE, a, b, valid) == clean
    assert not hyab(a, b, valid)[valid == 0].any()


def test_nan_without_pixels_and_without_colors():
    a, b = noise(5, 11, 3), noise(5, 11, 3, seed=1)
    for values in (run(MEASURE, a, b, np.zeros((5, 11), np.uint8)), run(MEASURE, a, b, seen=False)):
        assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())
    assert not hyab(a, b, seen=False).any()


def test_the_scale_of_the_maps_holds_every_pair():
    # The corners of the cube are the most different colours: both distances are convex there.
    corners = np.array([[[255 * (i >> k & 1) for k in range(3)] for i in range(8)]], np.uint8)
    a, b = np.repeat(corners, 8, axis=0), np.repeat(corners, 8, axis=0).swapaxes(0, 1)
    for found, kind in ((euclidean(a, b), MapKind.DELTA_E_76), (hyab(a, b), MapKind.HYAB)):
        assert 255 < found.max() < KINDS[kind].high


def test_is_made_on_demand():
    assert not MEASURE.default
    with pytest.raises(ValueError, match="flip"):
        mapped(MEASURE, MapKind.FLIP, noise(2, 3, 3), noise(2, 3, 3))
