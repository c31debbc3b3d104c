"""The curve of regions: exact at every point, and monotone where it is said to be."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.errors import Cancelled
from core.histograms import Histograms
from core.maps import DifferenceMap, Levels
from core.regions.rule import RegionParams
from core.settings import Settings
from core.threshold import RegionPoint, changed, points_at, region_curve, regions
from core.types import MapKind, Token
from tests.make import photo, with_noise, with_patch

NOTHING = np.zeros((1, 256), np.int64)


def map_of(codes):
    return DifferenceMap(
        MapKind.ABSOLUTE,
        Levels(codes, MapKind.ABSOLUTE),
        codes,
        None,
        0.0,
        255.0,
        "levels",
        codes.shape,
    )


def curve(codes, tolerances, gap=8):
    return list(region_curve(map_of(codes), RegionParams(gap=gap), tolerances, Token()))


def oracle(codes, tolerance, gap):
    """Dilate by a box of `gap`, label with 8 neighbours, count the pixels of each label."""
    over = codes > tolerance
    near = ndimage.maximum_filter(over, size=max(gap, 1), mode="constant")
    labels, count = ndimage.label(near, structure=np.ones((3, 3)))
    areas = np.bincount(labels[over], minlength=1)
    return RegionPoint(tolerance, count, int(over.sum()), int(areas.max()) if count else 0)


@st.composite
def scenes(draw):
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 90))
    share = draw(st.sampled_from([0.02, 0.1, 0.4]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = rng.exponential(12.0, (height, width)).round()
    return np.where(rng.random((height, width)) < share, size, 0).clip(0, 255).astype(np.uint8)


@settings(max_examples=80)
@given(codes=scenes(), gap=st.integers(0, 9), small=st.booleans())
def test_every_point_is_that_of_a_whole_labelling(codes, gap, small):
    tolerances = (0, 1, 2, 5, 9, 14, 31, 254)
    with pytest.MonkeyPatch.context() as patch:
        if small:  # as for pictures too large to be labelled in one go
            patch.setattr(regions, "TOUCHING_PIXELS", 0)
        found = curve(codes, tolerances, gap)
    assert found == [oracle(codes, t, gap) for t in tolerances]


@settings(max_examples=60)
@given(codes=scenes(), gap=st.integers(0, 9))
def test_a_higher_tolerance_only_takes_away(codes, gap):
    tolerances = range(0, 40, 3)
    found = curve(codes, tolerances, gap)
    for below, above in pairwise(found):
        assert above.area <= below.area
        assert above.largest <= below.largest
        assert above.regions == 0 or below.regions > 0
    # Each region at the higher tolerance lies inside one at the lower.
    for low, high in pairwise(tolerances):
        outer, inner = (
            ndimage.label(
                ndimage.maximum_filter(codes > t, size=max(gap, 1), mode="constant"),
                structure=np.ones((3, 3)),
            )[0]
            for t in (low, high)
        )
        over = codes > high
        pairs = np.unique(np.stack([inner[over], outer[over]]), axis=1)
        assert np.unique(pairs[0]).size == pairs.shape[1]


def test_the_number_may_rise_where_a_region_splits():
    codes = np.zeros((12, 60), np.uint8)
    codes[4:7, 5:15] = codes[4:7, 20:50] = 90
    codes[5, 15:20] = 10  # the bridge
    whole, split, gone = curve(codes, (9, 10, 90), gap=1)
    assert whole == RegionPoint(9, 1, 125, 125)
    assert split == RegionPoint(10, 2, 120, 90)
    assert (whole.share, split.share) == (1.0, 0.75)
    assert gone == RegionPoint(90, 0, 0, 0)
    assert math.isnan(gone.share)


def test_small_regions_count_whatever_is_listed():
    codes = np.zeros((20, 60), np.uint8)
    codes[3, 50] = 9
    rule = RegionParams(gap=2, min_area=100)
    assert list(region_curve(map_of(codes), rule, [0], Token())) == [RegionPoint(0, 1, 1, 1)]


@pytest.mark.parametrize("kind", ["uint8", "uint16", "float32", "lab"])
def test_the_points_are_the_answers_at_those_tolerances(kind):
    """The bytes of the map serve for magnitudes that are no whole numbers, too."""
    a = photo(90, 160, seed=6, dtype=np.float64)
    b = with_patch(with_noise(a, 1.3 / 255, seed=3), 20, 100, 7, 19, by=40 / 255)
    dtype = np.dtype("uint8" if kind == "lab" else kind)
    unit = 1.0 if dtype.kind == "f" else np.iinfo(dtype).max
    pair = [ImageBuffer.from_array((np.clip(x, 0, 1) * unit).astype(dtype)) for x in (a, b)]
    params = DifferenceParams(space="lab" if kind == "lab" else "rgb")
    rule = RegionParams(gap=3)

    def answer(tolerance):
        made = params.replace(tolerance=tolerance)
        return compare(*pair, Settings([made, rule]), measures=[])

    result = answer(0)
    wanted = (0, 1, 2, 3, 5, 12, 60)
    for point in region_curve(result.map, rule, wanted, Token()):
        there = answer(point.tolerance)
        assert (point.regions, point.area) == (there.region_count, there.over)
        assert point.largest == (there.regions[0].area if there.regions else 0)
        assert point.area == changed(result.histograms)[point.tolerance]


def test_a_map_without_its_finest_level_gives_nothing():
    codes = np.ones((10, 30), np.uint8)
    huge = DifferenceMap(
        MapKind.ABSOLUTE,
        Levels(codes, MapKind.ABSOLUTE),
        None,
        None,
        0.0,
        255.0,
        "levels",
        (40, 120),
        2,
    )
    assert list(region_curve(huge, RegionParams(), [0, 1], Token())) == []


def test_stops_between_two_points():
    token = Token()
    made = region_curve(map_of(np.ones((9, 30), np.uint8)), RegionParams(), [0, 1], token)
    assert next(made).regions == 1
    token.cancel()
    with pytest.raises(Cancelled):
        next(made)


@pytest.mark.parametrize("tolerance", [-1, 255, 2.5])
def test_other_tolerances_are_refused(tolerance):
    with pytest.raises(ValueError, match="0…254"):
        curve(np.ones((9, 30), np.uint8), [tolerance])


def histograms(levels):
    counts = np.bincount(np.minimum(levels, 255), minlength=256)
    return Histograms(("gray",), NOTHING, NOTHING, counts, int((np.asarray(levels) > 255).sum()))


def test_points_end_with_the_first_that_no_pixel_exceeds():
    assert points_at(histograms([0] * 50 + [2] * 9 + [40])) == (0, 2, 39, 40)
    assert points_at(histograms([0] * 50)) == (0,)
    assert points_at(histograms([300] * 5))[-1] == 254


def test_marked_ones_are_always_there():
    made = histograms([0] * 50 + [2] * 9 + [40])
    assert points_at(made, 7.9, None, 254, 255, 120) == (0, 2, 7, 39, 40, 120, 254)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), marks=st.floats(0, 255))
def test_points_are_few_and_leave_nothing_out(seed, marks):
    counts = np.random.default_rng(seed).integers(0, 3, 256)
    made = Histograms(("gray",), NOTHING, NOTHING, counts, 0)
    over = changed(made)
    points = points_at(made, marks)
    assert list(points) == sorted(set(points))
    assert len(points) <= 19
    assert {over[t] for t in regions.USUAL} <= {over[t] for t in points}
