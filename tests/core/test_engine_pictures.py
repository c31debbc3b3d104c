"""The whole engine on pictures of any size, dtype and number of channels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.engine import compare, iterate, preview
from core.errors import CompareError
from core.registry import measures as all_measures
from core.result import Request
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import FitMethod, FitParams
from core.stages.normalize import NormalizeParams
from core.types import Token
from tests.make import photo

NAMES = [n for m in all_measures() if m.default for n in m.names]


def buffers(*arrays, **more):
    return [ImageBuffer.from_array(x, **more) for x in arrays]


# -- sizes


SMALL = [(1, 1), (1, 2), (1, 70), (70, 1), (2, 1), (3, 2)]
EVERY_STAGE = [
    [
        AlignParams(enabled=True), GrayParams(enabled=True, method=gray),
        NormalizeParams(enabled=True, method=normalize), BlurParams(enabled=True, **blur),
        EdgesParams(enabled=True, method=edges), DifferenceParams(map=kind),
    ]
    for gray, normalize, blur, edges, kind in (
        ("mean", "minmax", {"sigma": 1.5}, "sobel", "absolute"),
        ("rec709", "percentile", {"sigma": 30.0}, "canny", "signed"),
        ("mean", "gainbias", {"method": "median", "radius": 2}, "laplacian", "squared"),
        ("rec709", "histogram", {"method": "bilateral", "radius": 4}, "scharr", "relative"),
        ("mean", "meanstd", {"sigma": 0.1}, "prewitt", "absolute"),
    )
]  # fmt: skip


@pytest.mark.parametrize("chain", [[], [DifferenceParams(space="lab")], *EVERY_STAGE])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_smallest_pictures_go_through_every_stage(channels, chain):
    for shape in SMALL:
        rng = np.random.default_rng(3)
        full = shape if channels == 1 else (*shape, channels)
        a, b = buffers(*(rng.integers(0, 256, full, dtype=np.uint8) for _ in "ab"))
        request = Request(a, b, Settings(chain), preview=True)
        first, *_, last = list(iterate(request, Token(), Cache()))
        assert first.codes.shape == shape
        result = last.result
        assert list(result.measures) == NAMES
        assert result.pixels == shape[0] * shape[1]
        assert result.map.levels[0].shape == shape
        itself = compare(a, a, Settings(chain))
        assert not itself.differs
        assert itself.measures["l1"].value == 0.0
        assert itself.map.magnitude.max() == 0


@hypothesis_settings(max_examples=40)
@given(
    st.tuples(st.integers(1, 12), st.integers(1, 25)),
    st.tuples(st.integers(1, 12), st.integers(1, 25)),
    st.sampled_from(list(FitMethod)),
    st.sampled_from(["top_left", "center"]),
)
def test_any_two_sizes(one, other, method, anchor):
    rng = np.random.default_rng(3)
    a, b = buffers(*(rng.integers(0, 256, s, dtype=np.uint8) for s in (one, other)))
    settings = Settings([FitParams(method=method, anchor=anchor)])
    result = compare(a, b, settings)
    low = tuple(min(x) for x in zip(one, other, strict=True))
    high = tuple(max(x) for x in zip(one, other, strict=True))
    shape = {"pad": high, "crop": low, "resize": one}[str(method)]
    assert result.shape == shape
    assert result.map.levels[0].shape == shape
    if method is not FitMethod.RESIZE:
        assert result.pixels == low[0] * low[1]
    assert ("size_mismatch" in [n.code for n in result.notices]) == (one != other)
    assert result.differs == (one != other or bool((a.data != b.data).any()))
    assert result.histograms.difference.sum() == result.pixels
    assert result.histograms.a.sum() == result.pixels


def test_sizes_that_differ_with_fit_off_are_refused_and_say_both():
    a, b = buffers(photo(48, 99), photo(41, 90))
    with pytest.raises(CompareError, match="A is 99 × 48 and B is 90 × 41 px"):
        compare(a, b, Settings([FitParams(enabled=False)]))
    with pytest.raises(CompareError):
        preview(Request(a, b, Settings([FitParams(enabled=False)])), Token(), Cache())


def test_pictures_that_do_not_overlap_have_no_number_and_say_so():
    real = np.full((9, 21), np.nan, np.float32)
    a, b = buffers(np.zeros((9, 21), np.float32), real)
    result = compare(a, b)
    assert result.pixels == 0
    assert "no_overlap" in [n.code for n in result.notices]
    assert all(np.isnan(m.value) for m in result.measures.values())
    assert not result.map.valid.any()


# -- dtypes and channels


def native(dtype, channels, rng, shape=(24, 51)):
    kind = np.dtype(dtype)
    full = shape if channels == 1 else (*shape, channels)
    if kind.kind == "b":
        return rng.random(full) < 0.5, 1.0
    if kind.kind == "f":
        return rng.random(full).astype(kind), 1.0
    info = np.iinfo(kind)
    return rng.integers(info.min, info.max, full, kind, endpoint=True), float(info.max)


@pytest.mark.parametrize(
    "dtype",
    ["bool", "uint8", "uint16", "uint32", "int16", "int32", "float16", "float32", "float64"],
)
def test_numbers_of_every_dtype_are_those_of_a_float64_script(dtype):
    for channels in (1, 2, 3, 4, 5):
        rng = np.random.default_rng(5)
        (a, peak), (b, _) = native(dtype, channels, rng), native(dtype, channels, rng)
        b = np.where(rng.random(a.shape[:2] + (1,) * (a.ndim - 2)) < 0.5, a, b)
        result = compare(*buffers(a, b))
        x, y = (v.astype(np.float64) * 255 / peak for v in (a, b))
        if channels in (2, 4):
            x, y = (np.dstack([v[..., :-1] * (v[..., -1:] / 255), v[..., -1:]]) for v in (x, y))
        d = np.abs(x - y).reshape(*a.shape[:2], -1)
        m = result.measures
        # Working values are float32 for all but the widest: 2**-24 of 255 twice, for each value.
        assert m["l1"].value == pytest.approx(d.sum(), rel=1e-6)
        assert m["l2"].value == pytest.approx(np.sqrt((d**2).sum()), rel=1e-6)
        assert m["max_abs"].value == pytest.approx(d.max(), rel=1e-6)
        assert m["l0"].value == np.count_nonzero(d.max(axis=2))
        row, col = m["max_abs"].at
        assert d[row, col].max() == pytest.approx(d.max(), rel=1e-6)


@pytest.mark.parametrize(("a", "b"), [(3, 5), (4, 5), (5, 3)])
def test_channels_that_do_not_go_together(a, b):
    rng = np.random.default_rng(0)
    pictures = buffers(*(rng.integers(0, 256, (9, 21, n), dtype=np.uint8) for n in (a, b)))
    with pytest.raises(CompareError, match="different numbers of channels"):
        compare(*pictures)
    gray = GrayParams(enabled=True, method=GrayMethod.MEAN)
    assert list(compare(*pictures, Settings([gray])).measures) == NAMES
