"""The readout equals the arrays: what the file holds, and the difference that is counted."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.pipeline import Pipeline
from core.probe import probe
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import Anchor, FitParams
from core.stages.normalize import NormalizeParams
from tests.make import photo, shifted, with_noise

SPOTS = [(0, 0), (3, 60), (41, 7), (47, 98)]


def buffers(*arrays):
    return [ImageBuffer.from_array(x) for x in arrays]


def probed(a, b, row, col, *params):
    return probe(Pipeline(a, b, Settings(params), Cache()), row, col)


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "uint32", "int16", "int32", "float16", "float32", "float64"]
)
def test_values_are_the_files_own_to_the_last_digit(dtype):
    rng = np.random.default_rng(1)
    kind = np.dtype(dtype)
    low, high = (0.0, 1.0) if kind.kind == "f" else (np.iinfo(kind).min, np.iinfo(kind).max)
    arrays = [(low + rng.random((48, 99, 3)) * (float(high) - low)).astype(kind) for _ in "ab"]
    a, b = buffers(*arrays)
    for row, col in SPOTS:
        p = probed(a, b, row, col)
        assert p.channels == ("R", "G", "B")
        assert p.a == tuple(arrays[0][row, col].astype(np.float64))
        assert p.b == tuple(arrays[1][row, col].astype(np.float64))
        apart = np.abs(arrays[0][row, col].astype(np.float64) - arrays[1][row, col]) / high * 255
        # float32 rounds the scale, both values (up to 255) and their difference (up to 510).
        assert p.difference == pytest.approx(apart, abs=1e-4)
        assert p.magnitude == max(p.difference)
        assert (p.row, p.col) == (row, col)


def test_one_channel():
    a, b = buffers(photo(48, 99, 1, channels=1), photo(48, 99, 2, channels=1))
    p = probed(a, b, 41, 7)
    assert p.channels == ("gray",)
    assert p.a == (float(a.data[41, 7]),)
    assert p.difference == (abs(float(a.data[41, 7]) - float(b.data[41, 7])),)


def test_gray_beside_colour_and_opaque_beside_transparent():
    rgba = photo(48, 99, 1, channels=4)
    rgba[41, 7] = (200, 100, 50, 51)
    gray = np.full((48, 99), 9, np.uint16)
    p = probed(*buffers(gray, rgba), 41, 7)
    assert p.channels == ("R", "G", "B", "alpha")
    assert p.a == (9.0, 9.0, 9.0, 65535.0)
    assert p.b == (200.0, 100.0, 50.0, 51.0)
    # 9 of 65535 is 0.035; a fifth of 200 is 40.
    assert p.difference == pytest.approx((39.965, 19.965, 9.965, 204.0), abs=1e-3)
    la = np.dstack([gray, gray])
    assert probed(*buffers(la, gray), 41, 7).channels == ("gray", "alpha")


def test_hidden_colour_is_shown_as_the_file_has_it():
    rgba = np.zeros((48, 99, 4), np.uint8)
    rgba[41, 7] = (7, 8, 9, 0)
    p = probed(*buffers(rgba, np.zeros_like(rgba)), 41, 7)
    assert p.a == (7.0, 8.0, 9.0, 0.0)
    assert p.magnitude == 0.0


def test_other_numbers_of_channels_under_gray():
    rng = np.random.default_rng(1)
    five = rng.integers(0, 256, (48, 99, 5), dtype=np.uint8)
    three = rng.integers(0, 256, (48, 99, 3), dtype=np.uint8)
    gray = GrayParams(enabled=True, method=GrayMethod.MEAN)
    p = probed(*buffers(five, three), 41, 7, gray)
    assert p.a == tuple(float(v) for v in five[41, 7])
    assert p.b == tuple(float(v) for v in three[41, 7])
    assert len(p.channels) == 5
    assert p.difference == pytest.approx([abs(five[41, 7].mean() - three[41, 7].mean())], rel=1e-5)


def test_outside_the_canvas_there_is_nothing():
    a, b = buffers(photo(48, 99), photo(48, 99, 1))
    for row, col in [(-1, 0), (0, -1), (48, 0), (0, 99), (10**7, 10**7)]:
        p = probed(a, b, row, col, BlurParams(enabled=True))
        assert (p.a, p.b, p.difference, p.magnitude) == (None, None, None, None)
        assert p.channels == ("R", "G", "B")


def test_where_one_picture_ends_the_other_is_still_read():
    large, small = photo(48, 99), photo(40, 90, 1)
    a, b = buffers(large, small)
    p = probed(a, b, 44, 30)
    assert p.a == tuple(float(v) for v in large[44, 30])
    assert (p.b, p.difference, p.magnitude) == (None, None, None)
    p = probed(a, b, 10, 95, FitParams(anchor=Anchor.CENTER))
    assert p.b is None
    p = probed(a, b, 10, 93, FitParams(anchor=Anchor.CENTER))
    assert p.b == tuple(float(v) for v in small[6, 89])


def test_where_a_picture_is_not_finite_there_is_nothing_to_read():
    array = np.zeros((48, 99), np.float32)
    bad = array.copy()
    bad[41, 7] = np.nan
    p = probed(*buffers(array, bad), 41, 7)
    assert p.a == (0.0,)
    assert (p.b, p.difference, p.magnitude) == (None, None, None)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_under_align_by_whole_pixels_b_is_read_where_it_lies(dtype):
    a, b = shifted(3, -7, 90, 160, dtype=dtype)
    align = AlignParams(enabled=True)
    pipeline = Pipeline(*buffers(a, b), Settings([align]), Cache())
    (dx, dy) = pipeline.placement.alignment.shift
    assert (dx, dy) == (7.0, -3.0)
    p = probe(pipeline, 31, 97)
    assert p.a == tuple(a[31, 97].astype(np.float64))
    assert p.b == tuple(b[34, 90].astype(np.float64))


def test_under_align_by_part_of_a_pixel_b_is_between_its_neighbours():
    a, b = shifted(1.5, -2.25, 90, 160)
    p = probed(*buffers(a, b), 31, 97, AlignParams(enabled=True))
    around = b[30:35, 92:98].reshape(-1, 3).astype(np.float64)
    assert p.b is not None
    # A cubic kernel may overshoot its neighbours by an eighth of their range a direction.
    reach = np.ptp(around, axis=0) / 4
    assert np.all(p.b >= around.min(axis=0) - reach)
    assert np.all(p.b <= around.max(axis=0) + reach)
    assert p.a == tuple(a[31, 97].astype(np.float64))


CHAINS = {
    "plain": [],
    "lab": [DifferenceParams(space="lab")],
    "gray": [GrayParams(enabled=True)],
    "normalize": [NormalizeParams(enabled=True)],
    "blur": [BlurParams(enabled=True, sigma=2.0)],
    "edges": [EdgesParams(enabled=True)],
    "canny": [EdgesParams(enabled=True, method="canny")],
    "all": [
        AlignParams(enabled=True), GrayParams(enabled=True), NormalizeParams(enabled=True),
        BlurParams(enabled=True), EdgesParams(enabled=True), DifferenceParams(map="signed"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "tile"])
def test_the_number_read_is_the_number_counted(chain, whole, monkeypatch):
    first = photo(48, 99)
    a, b = buffers(first, with_noise(first, 9.0))
    result = compare(a, b, Settings(chain))
    if not whole:
        monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
    pipeline = Pipeline(a, b, Settings(chain), Cache())
    for row, col in SPOTS:
        p = probe(pipeline, row, col)
        assert p.a == tuple(first[row, col].astype(np.float64))
        code = int(result.map.magnitude[row, col])
        if p.magnitude is None:
            assert result.map.valid[row, col] == 0
        else:
            assert (code == 0) == (p.magnitude == 0)
            # A code holds what is above the one before and up to itself; see core.difference.
            assert code - 1 < p.magnitude < code + 0.0011
