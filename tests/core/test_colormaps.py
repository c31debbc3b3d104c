"""Colour maps: all there, each with one colour of zero, bright where the difference is large."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.color

from core.colormaps import NAMES, is_diverging, lut


def lightness(name):
    return skimage.color.rgb2lab(lut(name)[None])[0, :, 0]


def test_the_maps_in_the_order_shown():
    assert NAMES == (
        "inferno", "magma", "plasma", "viridis", "cividis", "gray", "blue-orange",
        "blue-white-orange",
    )  # fmt: skip
    assert [n for n in NAMES if is_diverging(n)] == ["blue-orange", "blue-white-orange"]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_rgb_read_only_and_the_same_each_time(name):
    table = lut(name)
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    assert table is lut(name)
    with pytest.raises(ValueError, match="read-only"):
        table[0, 0] = 1


def test_an_unknown_map():
    with pytest.raises(KeyError):
        lut("rainbow")


@pytest.mark.parametrize("name", [n for n in NAMES if not is_diverging(n)])
def test_a_sequential_map_grows_lighter_all_the_way(name):
    steps = np.diff(lightness(name))
    # 8-bit colours wobble by a fraction of a unit of L*.
    assert steps.min() > -0.6
    assert lightness(name)[-1] - lightness(name)[0] > 60
    assert not np.array_equal(lut(name)[0], lut(name)[1])


def test_inferno_is_that_of_its_authors():
    # First, middle and last colour of the published table.
    table = lut("inferno").astype(int)
    np.testing.assert_allclose(
        table[[0, 128, 255]], [[0, 0, 4], [188, 55, 84], [252, 255, 164]], atol=1
    )


@pytest.mark.parametrize("name", [n for n in NAMES if is_diverging(n)])
def test_a_diverging_map_is_neutral_in_the_middle_and_goes_out_evenly(name):
    table = lut(name).astype(int)
    light = lightness(name)
    assert np.ptp(table[128]) <= 3  # gray
    np.testing.assert_array_equal(table[0], table[1])
    assert len({tuple(c) for c in table[126:131]}) == 5
    # Blue below, orange above; as far from the middle in lightness on both sides.
    assert table[64, 2] > table[64, 0]
    assert table[192, 0] > table[192, 2]
    outward = np.abs(light - light[128])
    down, up = outward[127:0:-1], outward[129:]
    assert np.diff(down).min() > -1.5
    assert np.diff(up).min() > -1.5
    assert np.abs(down - up).max() < 15
