"""Subtracting first gives what subtracting last gives, only closer."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare, difference_params
from core.linear import tail
from core.pipeline import Pipeline
from core.probe import probe
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import FitParams
from core.stages.normalize import NormalizeParams
from core.types import Rect
from tests.make import photo, with_noise

GRAY, BLUR = GrayParams(enabled=True), BlurParams(enabled=True, sigma=2.0)
MEAN = GrayParams(enabled=True, method="mean")
SHAPE = (90, 211)


def pair(dtype=np.uint8, channels=3, shape_b=SHAPE):
    a = photo(*SHAPE, 3, channels, dtype)
    b = with_noise(photo(*SHAPE, 3, channels, dtype), 0.02 if np.dtype(dtype).kind == "f" else 3.0)
    return a, np.ascontiguousarray(b[: shape_b[0], : shape_b[1]])


def end_of(a, b, *params):
    pictures = (ImageBuffer.from_array(x) for x in (a, b))
    pipeline = Pipeline(*pictures, Settings(params), Cache())
    pipeline.prepare()
    return pipeline, tail(pipeline, difference_params(pipeline))


@pytest.mark.parametrize(
    ("params", "dtype", "channels", "raw"),
    [
        ([GRAY, BLUR], np.uint8, 3, True),
        ([MEAN, BLUR], np.uint8, 3, True),
        ([GRAY, BLUR], np.uint16, 3, False),
        ([GRAY, BLUR], np.float32, 3, False),
        ([GRAY, BLUR], np.uint8, 4, False),
        ([GRAY, BLUR], np.uint8, 1, False),
        ([BLUR], np.uint8, 3, False),
        ([BLUR], np.float64, 1, False),
        ([GRAY, NormalizeParams(enabled=True), BLUR], np.uint8, 3, False),
        ([FitParams(method="resize"), GRAY, BLUR], np.uint8, 3, False),
        ([FitParams(anchor="center"), GRAY, BLUR], np.uint8, 3, True),
    ],
)
@pytest.mark.parametrize("rect", [Rect(0, 0, *SHAPE), Rect(37, 101, 22, 61), Rect(80, 0, 5, 211)])
def test_subtracting_first_is_subtracting_last(params, dtype, channels, raw, rect):
    shape_b = (81, 200) if isinstance(params[0], FitParams) else SHAPE
    pipeline, end = end_of(*pair(dtype, channels, shape_b), *params)
    assert end.raw == raw
    signed = end.difference(rect)
    tile = pipeline.tile(rect, 0)
    valid, same = (
        np.full(tile.a.shape[:2], 255, np.uint8) if v is None else v
        for v in (tile.valid, signed.valid)
    )
    np.testing.assert_array_equal(valid, same)
    last = tile.a.astype(np.float64) - tile.b
    # Two float32 values of up to 255, rounded a few times on their way: 2**-24 of 255 each time.
    np.testing.assert_allclose(signed.pixels[valid > 0], last[valid > 0], rtol=0, atol=1e-4)


def test_it_is_closer_to_the_float64_script_than_subtracting_last():
    a, b = pair()
    pipeline, end = end_of(a, b, GRAY, BLUR)
    rect = Rect(20, 20, 50, 171)
    x = np.arange(-8, 9)
    kernel = np.exp(-0.5 * (x / 2.0) ** 2)
    kernel /= kernel.sum()
    gray = (a.astype(np.float64) - b) @ [0.2126, 0.7152, 0.0722]
    tall = sum(k * gray[12 + i : 62 + i] for i, k in enumerate(kernel))
    right = sum(k * tall[:, 12 + i : 183 + i] for i, k in enumerate(kernel))
    tile = pipeline.tile(rect, 0)
    first = abs(end.difference(rect).pixels - right).max()
    last = abs(tile.a.astype(np.float64) - tile.b - right).max()
    assert first < last / 4
    # Weights rounded to float32 are off by 2**-24 at most, and so is each of some 40 sums.
    assert first < 40 * 2**-24 * abs(gray).max()


@pytest.mark.parametrize(
    "params",
    [
        [GRAY],
        [BlurParams(enabled=True, method="median")],
        [BLUR, EdgesParams(enabled=True)],
        [BLUR, DifferenceParams(space="lab")],
    ],
)
def test_only_a_linear_end_is_subtracted_first(params):
    _, end = end_of(*pair(), *params)
    assert end is None


def test_equal_values_cancel_exactly_and_nan_is_left_out():
    a = photo(*SHAPE, 3, 3, np.float32)
    b = a.copy()
    b[40:45, 150:160] += 0.1
    b[11, 30] = np.nan
    _, end = end_of(a, b, BLUR)
    signed = end.difference(Rect(0, 0, *SHAPE))
    assert signed.pixels[40:45, 150:160].max() < -1
    assert np.isfinite(signed.pixels).all()
    far = np.ones(SHAPE, bool)
    far[40 - 8 : 45 + 8, 150 - 8 : 160 + 8] = False
    assert not signed.pixels[far & (signed.valid > 0)].any()
    assert np.count_nonzero(signed.valid == 0) == 17 * 17


@pytest.mark.parametrize("kind", ["absolute", "signed", "squared", "relative"])
def test_the_map_that_is_painted_changes_no_number(kind):
    pictures = [ImageBuffer.from_array(x) for x in pair()]
    plain = compare(*pictures, Settings([GRAY, BLUR]), measures=["l1", "l2", "max_abs"])
    painted = compare(*pictures, Settings([GRAY, BLUR, DifferenceParams(map=kind)]))
    for name, value in plain.measures.items():
        assert painted.measures[name] == value
    np.testing.assert_array_equal(plain.map.magnitude, painted.map.magnitude)


def test_the_cursor_reads_what_is_counted():
    pipeline, _ = end_of(*pair(), GRAY, BLUR)
    codes = compare(pipeline.a, pipeline.b, pipeline.settings).map.magnitude
    for row, col in ((3, 4), (51, 180), (89, 210)):
        assert int(np.ceil(probe(pipeline, row, col).magnitude - 0.001)) == codes[row, col]
