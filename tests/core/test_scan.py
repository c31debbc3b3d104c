"""One strip, and the counting of bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.cache import Cache
from core.counting import counted, histogram, to_byte
from core.difference import DifferenceParams
from core.engine import difference_params
from core.measures import Measure, Sample
from core.pipeline import Pipeline
from core.scan import Scan, everywhere
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.edges import EdgesParams
from core.stages.fit import FitMethod, FitParams
from core.types import Rect
from tests.make import photo, with_noise

SHAPES = [(1, 1), (1, 700), (9, 1), (37, 61), (301, 999), (700, 801)]


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_counts_are_numpys(shape, masked):
    for zeros in (0.0, 0.4, 0.9, 1.0):
        rng = np.random.default_rng(1)
        codes = rng.integers(0, 256, shape, dtype=np.uint8)
        codes[rng.random(shape) < zeros] = 0
        mask = np.where(rng.random(shape) < 0.5, 0, 255).astype(np.uint8) if masked else None
        counts = counted(codes, mask)
        kept = codes if mask is None else codes[mask > 0]
        assert counts.dtype == np.int64
        np.testing.assert_array_equal(counts, np.bincount(kept.ravel(), minlength=256))


def test_counts_of_one_value_up_to_the_limit():
    codes = np.full((4096, 4096), 200, np.uint8)
    counts = counted(codes, None)
    assert counts[200] == counts.sum() == 2**24


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_a_histogram_counts_the_nearest_levels(channels, dtype):
    rng = np.random.default_rng(2)
    shape = (60, 131) if channels == 1 else (60, 131, channels)
    low, high = (0, 256) if dtype is np.uint8 else (-20, 280)
    pixels = rng.uniform(low, high, shape).astype(dtype)
    mask = np.where(rng.random((60, 131)) < 0.5, 0, 255).astype(np.uint8)
    nearest = np.clip(np.rint(pixels.astype(np.float64)), 0, 255).astype(np.int64)
    for m, kept in ((None, nearest), (mask, nearest[mask > 0])):
        counts = histogram(pixels, m)
        assert counts.shape == (channels, 256)
        for c, plane in enumerate(kept.reshape(-1, channels).T):
            np.testing.assert_array_equal(counts[c], np.bincount(plane, minlength=256))


def test_bytes_are_rounded_and_clipped():
    pixels = np.array([[-7.0, 0.49, 0.51, 254.4, 254.6, 1e9]], np.float32)
    assert to_byte(pixels)[0].tolist() == [0, 0, 1, 254, 255, 255]
    byte = np.zeros((2, 3), np.uint8)
    assert to_byte(byte) is byte


def pipeline(a, b, *params):
    pipe = Pipeline(ImageBuffer.from_array(a), ImageBuffer.from_array(b), Settings(params), Cache())
    pipe.prepare()
    return pipe


def test_everywhere_is_known_from_the_borders():
    a, b = photo(40, 90, 1), photo(30, 70, 2)
    assert everywhere(pipeline(a, a))
    assert everywhere(pipeline(a, b, FitParams(method=FitMethod.CROP)))
    assert everywhere(pipeline(a, b, FitParams(method=FitMethod.RESIZE)))
    assert not everywhere(pipeline(a, b))
    assert not everywhere(pipeline(a, np.roll(a, 3, axis=1), AlignParams(enabled=True)))
    real = a.astype(np.float32)
    real[20, 33] = np.nan
    assert not everywhere(pipeline(a, real))
    assert everywhere(pipeline(a[:1, :1], a[:1, :1]))


class Recorder(Measure):
    """A measure that keeps what it is shown."""

    names = ("seen",)
    order = 1

    def __init__(self, halo):
        self.reach = halo

    def halo(self, _settings):
        return self.reach

    def partial(self, sample: Sample):
        return sample

    def finish(self, *_):
        return ()


@hypothesis_settings(max_examples=40)
@given(st.integers(0, 25), st.integers(1, 40), st.integers(0, 9))
def test_a_strip_fills_its_rows_and_shows_its_halo(row, height, halo):
    rect = Rect(row, 0, min(height, 40 - row), 90)
    a = np.random.default_rng(1).integers(0, 256, (40, 90, 3), dtype=np.uint8)
    b = with_noise(a, 6.0)[:33]
    pipe = pipeline(a, b)
    params = DifferenceParams(tolerance=4.5, map="signed")
    scan = Scan(pipe, [Recorder(0), Recorder(halo)], params, regions=True, histograms=True)
    part = scan.strip(rect)
    padded = np.zeros_like(a)
    padded[:33] = b
    d = np.abs(a.astype(int) - padded).max(axis=2)
    d[33:] = 0
    rows = rect.slices
    np.testing.assert_array_equal(scan.codes[rows], d[rows])
    assert part.changed is None  # the codes are the magnitudes
    both = np.broadcast_to(np.arange(40)[rows[0], None] < 33, d[rows].shape)
    np.testing.assert_array_equal(scan.valid[rows] > 0, both)
    assert part.pixels == max(min(rect.bottom, 33) - row, 0) * 90
    assert part.over == np.count_nonzero(d[rows] > 4)
    right = np.bincount(d[row : min(rect.bottom, 33)].ravel(), minlength=256)
    np.testing.assert_array_equal(part.difference, right)
    assert part.a.sum() == part.b.sum() == 3 * part.pixels
    for sample in part.partials:
        grown = rect.grow(halo).intersect(Rect(0, 0, 40, 90))
        np.testing.assert_array_equal(sample.a, a[grown.slices])
        np.testing.assert_array_equal(sample.a[sample.inner], a[rows])
        assert sample.rect == rect
        assert sample.pixels == part.pixels
        assert sample.space == "rgb"
        assert sample.absolute.shape == (rect.height, 90, 3)
        np.testing.assert_array_equal(sample.magnitude, d[rows])


@pytest.mark.parametrize(
    ("params", "channels", "space"),
    [([], 3, "lab"), ([], 4, "lab"), ([], 1, "rgb"), ([], 5, "rgb"), ([], 2, "rgb"),
     ([EdgesParams(enabled=True)], 3, "rgb")],
)  # fmt: skip
def test_the_space_that_is_said_is_the_space_that_was_taken(params, channels, space):
    rng = np.random.default_rng(0)
    shape = (40, 90) if channels == 1 else (40, 90, channels)
    a, b = (rng.integers(0, 256, shape, dtype=np.uint8) for _ in "ab")
    pipe = pipeline(a, b, *params, DifferenceParams(space="lab"))
    scan = Scan(pipe, [Recorder(0)], difference_params(pipe), regions=False, histograms=False)
    part = scan.strip(Rect(0, 0, 40, 90))
    (sample,) = part.partials
    assert sample.space == space
    assert (part.a, part.b, part.changed) == (None, None, None)
    many = 1 if sample.absolute.ndim == 2 else sample.absolute.shape[2]
    assert many == (3 if space == "lab" else channels)
    largest = sample.absolute.reshape(40, 90, many).max(axis=2)
    assert np.array_equal(sample.magnitude, largest) == (space == "rgb")
