"""Peaks and means are those of the differences themselves, not of their one-byte codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.color import deltaE_cie76, rgb2lab

from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import SLACK, DifferenceParams, difference
from core.engine import compare, difference_params
from core.linear import tail
from core.pipeline import Pipeline
from core.regions import cells, find, finder
from core.regions.rule import RegionParams
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from core.types import Rect, Token
from tests.make import photo, with_noise


def oracle(size, tolerance, gap):
    """Label the pixels over a tolerance with SciPy; look at each component's sizes in float64."""
    over = size > (tolerance + SLACK if tolerance else 0)
    near = ndimage.maximum_filter(over, size=max(gap, 1), mode="constant")
    labels, count = ndimage.label(near, structure=np.ones((3, 3)))
    found = []
    for number in range(1, count + 1):
        rows, cols = np.nonzero((labels == number) & over)
        values = size[rows, cols].astype(np.float64)
        k = int(values.argmax())
        box = (rows.min(), cols.min(), np.ptp(rows) + 1, np.ptp(cols) + 1)
        place = (int(rows[k]), int(cols[k]))
        found.append((-rows.size, *map(int, box), values[k], place, values.mean()))
    return sorted(found)


def check(regions, expected):
    made = sorted(
        (-r.area, r.rect.row, r.rect.col, r.rect.height, r.rect.width, r.peak, r.peak_at, r.mean)
        for r in regions
    )
    assert [m[:-1] for m in made] == [e[:-1] for e in expected]  # the peaks to the last bit
    # Both sum in float64, in other orders: of n pixels that is at most n * 2**-53.
    assert [m[-1] for m in made] == pytest.approx([e[-1] for e in expected], rel=1e-9)


@st.composite
def sizes(draw):
    """Magnitudes from a thousandth of a level to far beyond white."""
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 90))
    share = draw(st.sampled_from([0.01, 0.1, 0.4]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = 10.0 ** rng.uniform(-3, 5, (height, width))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    return np.where(rng.random((height, width)) < share, values, 0).astype(dtype)


@settings(max_examples=80, deadline=None)
@given(size=sizes(), gap=st.integers(0, 5), pieces=st.integers(1, 17), small=st.booleans())
def test_bands_of_any_height_give_the_numbers_of_the_whole(size, gap, pieces, small):
    with pytest.MonkeyPatch.context() as patch:
        if small:  # strips of one row of cells, and batches of few cells: every seam is met
            patch.setattr(finder, "STRIP_PIXELS", 1)
            patch.setattr(cells, "BATCH", 60)
        bands = find.Bands(size.shape, RegionParams(gap=gap), Token())
        half = size.shape[1] // 2
        for row in range(0, size.shape[0], pieces):
            for col, width in ((0, half), (half, size.shape[1] - half)):
                rect = Rect(row, col, min(pieces, size.shape[0] - row), width)
                if width:
                    bands.add(size[rect.slices], rect)
        regions, count = bands.finish()
    expected = oracle(size, 0, gap)
    assert count == len(expected)
    check(regions, expected)


def test_numbers_with_more_digits_than_those_before_are_not_cut_off():
    bands = find.Bands((20, 30), RegionParams(), Token())
    bands.add(np.ones((10, 30), np.float32), Rect(0, 0, 10, 30))
    with pytest.raises(TypeError, match="safe"):
        bands.add(np.ones((10, 30), np.float64), Rect(10, 0, 10, 30))


@st.composite
def pairs(draw):
    """Float pictures that differ here and there: below zero, beyond white, and by fractions."""
    height, width = draw(st.integers(2, 40)), draw(st.integers(2, 90))
    channels = draw(st.sampled_from([1, 3]))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    a = rng.uniform(-500, 3000, (height, width, channels)).astype(dtype)
    changed = rng.random((height, width, 1)) < draw(st.sampled_from([0.02, 0.2]))
    by = rng.normal(0, 1, a.shape) * 10.0 ** rng.uniform(-2, 4, (height, width, 1))
    b = np.where(changed, a + by, a).astype(dtype)
    return (a[..., 0], b[..., 0]) if channels == 1 else (a, b)


def asked(a, b, *params, **options):
    pictures = [ImageBuffer.from_array(p, **options) for p in (a, b)]
    return compare(*pictures, Settings(params), measures=["max_abs", "l0"], histograms=False)


@settings(max_examples=60, deadline=None)
@given(pair=pairs(), gap=st.integers(0, 5), tolerance=st.sampled_from([0, 0.5, 2, 17.25, 255]))
def test_the_engine_gives_the_numbers_of_the_pictures(pair, gap, tolerance):
    a, b = pair
    params = DifferenceParams(tolerance=tolerance), RegionParams(gap=gap)
    result = asked(a, b, *params, peak=255.0)
    size = np.abs(a - b)  # in the dtype of the tiles, where one subtraction rounds as ours does
    size = size if size.ndim == 2 else size.max(axis=2)
    expected = oracle(size, tolerance, gap)
    assert result.region_count == len(expected)
    check(result.regions, expected)
    assert sum(r.area for r in result.regions) == result.measures["l0"].value
    assert asked(b, a, *params, peak=255.0).regions == result.regions
    if expected:
        largest = max(result.regions, key=lambda r: r.peak)
        assert largest.peak == result.measures["max_abs"].value
    else:
        assert result.measures["max_abs"].value <= tolerance + SLACK


def scene(kind):
    a = photo(180, 330, seed=4, dtype=np.uint16 if kind == "deep" else np.uint8)
    b = a.copy()
    for k, (row, col) in enumerate(((20, 40), (90, 250), (150, 100), (101, 262))):
        part = b[row : row + 7 + k, col : col + 12]
        part[:] = with_noise(part, 9.0, seed=k)
    return a, b


QUESTIONS = {
    "deep": (),
    "blur": (BlurParams(enabled=True, sigma=1.7),),
    "bilateral": (
        BlurParams(enabled=True, method="bilateral"), DifferenceParams(tolerance=1.25),
    ),
    "edges": (EdgesParams(enabled=True),),
    "normalize": (NormalizeParams(enabled=True, method="meanstd"),),
    "lab": (DifferenceParams(space="lab", tolerance=0.3),),
}  # fmt: skip


@pytest.mark.parametrize("gap", [0, 3, 8])
@pytest.mark.parametrize("name", QUESTIONS)
def test_after_the_stages_they_are_those_of_the_whole_difference(name, gap):
    a, b = (ImageBuffer.from_array(p) for p in scene(name))
    chosen = Settings([*QUESTIONS[name], RegionParams(gap=gap)])
    result = compare(a, b, chosen, measures=["max_abs"])
    pipeline = Pipeline(a, b, chosen, Cache())
    pipeline.prepare()
    whole = Rect(0, 0, *pipeline.shape)
    params = difference_params(pipeline)
    end = tail(pipeline, params)
    signed = None if end is None else end.difference(whole)
    tile = pipeline.tile(whole, 0)
    size = difference(tile, (slice(None), slice(None)), params, signed).magnitude
    expected = oracle(size, params.tolerance, gap)
    assert size.dtype.kind == "f"
    assert expected
    check(result.regions, expected[: len(result.regions)])
    assert result.measures["max_abs"].value == max(r.peak for r in result.regions)


def test_sixteen_bits_keep_their_fractions():
    a, b = scene("deep")
    regions = asked(a, b, RegionParams(gap=8)).regions
    size = np.abs(a.astype(np.float64) - b).max(axis=2) / 257
    expected = oracle(size, 0, 8)
    assert any(e[5] % 1 > 0.01 for e in expected)
    # Working values are float32: each is within half a unit of its last place, 2**-17 at 255.
    for region, right in zip(sorted(regions, key=lambda r: r.rect.row), sorted(
        expected, key=lambda e: e[1]), strict=True,
    ):  # fmt: skip
        assert region.area == -right[0]
        assert region.peak == pytest.approx(right[5], abs=2**-16)
        assert region.mean == pytest.approx(right[7], abs=2**-16)


def test_lab_is_the_colour_difference_and_no_whole_number():
    a, b = scene("lab")
    (largest, *_) = asked(a, b, DifferenceParams(space="lab")).regions
    right = deltaE_cie76(rgb2lab(a), rgb2lab(b))
    # Twice the error of one L*a*b* value in float32 against scikit-image (see test_difference).
    assert largest.peak == pytest.approx(right[largest.rect.slices].max(), abs=0.04)
    assert largest.peak % 1 > 0


@pytest.mark.parametrize("tolerance", [0.0, 7.0, 7.4, 7.9995, 254.9995, 255.0])
def test_whole_levels_are_over_as_many_levels_as_are_counted(tolerance):
    a, b = scene("bytes")
    b[5, 9], a[5, 9] = 255, 0
    result = asked(a, b, DifferenceParams(tolerance=tolerance))
    size = np.abs(a.astype(np.float64) - b).max(axis=2)
    check(result.regions, oracle(size, tolerance, 8))
    assert sum(r.area for r in result.regions) == result.measures["l0"].value
