"""The finder against a whole-picture labelling by SciPy, and the rule's properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.errors import Cancelled
from core.regions import cells, find, finder
from core.regions.rule import MAX_LISTED, RegionParams
from core.types import Rect, Token


def masked(codes, over, params, token=None):
    """The regions of the codes in a mask, handed over as one strip."""
    bands = find.Bands(codes.shape, params, token or Token())
    bands.add(np.bitwise_and(codes, over), Rect.of(codes))
    return bands.finish()


def oracle(codes, over, gap):
    """Dilate by a box of `gap`, label with 8 neighbours, look at each region's pixels."""
    side = max(gap, 1)
    labels, count = ndimage.label(
        ndimage.maximum_filter(over, size=side, mode="constant"), structure=np.ones((3, 3))
    )
    labels = labels * (over > 0)
    found = []
    for number in range(1, count + 1):
        rows, cols = np.nonzero(labels == number)
        values = codes[rows, cols].astype(np.int64)
        k = int(values.argmax())
        box = (rows.min(), cols.min(), np.ptp(rows) + 1, np.ptp(cols) + 1)
        peak_at = (int(rows[k]), int(cols[k]))
        mean = int(values.sum()) / rows.size
        found.append((-rows.size, *map(int, box), float(values[k]), mean, peak_at))
    return sorted(found)


def plain(regions):
    return [
        (-r.area, r.rect.row, r.rect.col, r.rect.height, r.rect.width, r.peak, r.mean, r.peak_at)
        for r in regions
    ]


@st.composite
def scenes(draw):
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 120))
    share = draw(st.sampled_from([0.01, 0.05, 0.2, 0.45, 0.7]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shown = rng.random((height, width)) < share
    return np.where(shown, rng.integers(1, 256, shown.shape), 0).astype(np.uint8)


def mask_of(codes, tolerance=0):
    return np.where(codes > tolerance, 255, 0).astype(np.uint8)


@pytest.fixture
def small_pieces(monkeypatch):
    """Strips of one row of cells, and batches of few cells, so that every seam is met."""
    monkeypatch.setattr(finder, "STRIP_PIXELS", 1)
    monkeypatch.setattr(cells, "BATCH", 100)


everything = RegionParams(min_area=1)


@pytest.mark.usefixtures("small_pieces")
@settings(max_examples=150, deadline=None)
@given(codes=scenes(), gap=st.integers(0, 12))
def test_same_as_labelling_the_dilated_mask_in_strips(codes, gap):
    check(codes, gap)


@settings(max_examples=80, deadline=None)
@given(codes=scenes(), gap=st.integers(0, 64))
def test_same_as_labelling_the_dilated_mask(codes, gap):
    check(codes, gap)


def check(codes, gap):
    over = mask_of(codes)
    regions, count = masked(codes, over, everything.replace(gap=gap))
    expected = oracle(codes, over, gap)
    assert count == len(expected)
    assert sorted(plain(regions)) == expected[:MAX_LISTED]
    assert [r[:3] for r in plain(regions)] == sorted(r[:3] for r in plain(regions))


@pytest.mark.parametrize("gap", [1, 2, 5, 8])
@pytest.mark.parametrize("step", [(0, 1), (1, 0), (1, 1), (1, -1), (1, 0.5), (0.5, -1)])
@pytest.mark.parametrize("start", [(9, 31), (10, 33), (17, 40), (18, 45)])
def test_two_pixels_join_up_to_the_gap_and_not_beyond(gap, step, start):
    for away, expected in ((gap, 1), (gap + 1, 2)):
        codes = np.zeros((40, 90), np.uint8)
        codes[start] = 7
        codes[start[0] + int(step[0] * away), start[1] + int(step[1] * away)] = 9
        params = everything.replace(gap=gap)
        regions, count = masked(codes, mask_of(codes), params)
        assert (count, len(regions)) == (expected, expected)


@settings(max_examples=60, deadline=None)
@given(codes=scenes(), gap=st.integers(0, 9), data=st.data())
def test_raising_the_tolerance_only_takes_away(codes, gap, data):
    low = data.draw(st.integers(0, 200))
    high = data.draw(st.integers(low, 254))
    params = everything.replace(gap=gap)
    before, _ = find.find_above(codes, low, params, Token())
    after, _ = find.find_above(codes, high, params, Token())
    labels, _ = ndimage.label(
        ndimage.maximum_filter(mask_of(codes, low), size=max(gap, 1), mode="constant"),
        structure=np.ones((3, 3)),
    )
    home = {labels[r.peak_at]: r for r in before}
    assert sum(r.area for r in after) <= sum(r.area for r in before)
    # Every pixel of a region at the higher tolerance lies in one and the same at the lower.
    finer, _ = ndimage.label(
        ndimage.maximum_filter(mask_of(codes, high), size=max(gap, 1), mode="constant"),
        structure=np.ones((3, 3)),
    )
    finer = finer * (mask_of(codes, high) > 0)
    for region in after:
        homes = np.unique(labels[finer == finer[region.peak_at]])
        assert homes.size == 1
        if len(before) < MAX_LISTED:
            outer = home[int(homes[0])].rect
            assert region.rect.intersect(outer) == region.rect


@settings(max_examples=40, deadline=None)
@given(codes=scenes(), gap=st.integers(0, 9), tolerance=st.floats(0, 255))
def test_above_a_tolerance_is_the_mask_of_codes_above_its_whole_part(codes, gap, tolerance):
    params = everything.replace(gap=gap)
    expected = masked(codes, mask_of(codes, int(tolerance)), params)
    assert find.find_above(codes, tolerance, params, Token()) == expected


@settings(max_examples=30, deadline=None)
@given(codes=scenes(), gap=st.integers(0, 9), rows=st.integers(0, 11), cols=st.integers(0, 11))
def test_place_does_not_matter(codes, gap, rows, cols):
    params = everything.replace(gap=gap)
    moved = np.zeros((codes.shape[0] + 11, codes.shape[1] + 11), np.uint8)
    moved[rows : rows + codes.shape[0], cols : cols + codes.shape[1]] = codes
    here, count = masked(codes, mask_of(codes), params)
    there, again = masked(moved, mask_of(moved), params)
    assert count == again
    assert [r.rect.shift(rows, cols) for r in here] == [r.rect for r in there]


def test_small_regions_are_counted_but_not_listed():
    codes = np.zeros((60, 150), np.uint8)
    codes[5, 20] = 200
    codes[30:33, 100:104] = 50
    regions, count = masked(codes, mask_of(codes), RegionParams(gap=3, min_area=4))
    assert count == 2
    assert [(r.area, r.peak, r.mean) for r in regions] == [(12, 50.0, 50.0)]


def test_only_the_largest_are_listed_and_all_are_counted():
    codes = np.zeros((200, 300), np.uint8)
    codes[::4, ::5] = 9
    codes[101, 151:153] = 3  # beside (100, 150): the only one of three pixels
    regions, count = masked(codes, mask_of(codes), everything.replace(gap=1))
    assert count == 50 * 60
    assert len(regions) == MAX_LISTED
    assert (regions[0].area, regions[0].rect.row, regions[0].rect.col) == (3, 100, 150)


def test_an_unchanged_pair_has_no_region():
    nothing = np.zeros((70, 200), np.uint8)
    assert masked(nothing, nothing, RegionParams()) == ((), 0)


def test_codes_outside_the_mask_do_not_count():
    codes = np.full((40, 90), 250, np.uint8)
    over = np.zeros_like(codes)
    over[7:9, 60:64] = 255
    codes[7:9, 60:64] = 20
    (region,), count = masked(codes, over, RegionParams())
    assert (count, region.peak, region.mean, region.peak_at) == (1, 20.0, 20.0, (7, 60))


def test_stops_when_no_longer_wanted():
    token = Token()
    token.cancel()
    codes = np.ones((10, 30), np.uint8)
    with pytest.raises(Cancelled):
        masked(codes, mask_of(codes), RegionParams(), token)


def test_one_pixel_in_a_large_picture_is_found():
    codes = np.zeros((3000, 5000), np.uint8)
    codes[2998, 4321] = 1
    (region,), count = masked(codes, mask_of(codes), everything)
    assert (count, region.area, region.peak_at) == (1, 1, (2998, 4321))
