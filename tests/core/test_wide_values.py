"""Values below black and above white, up to those that are no picture's any more."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.ndimage

from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.engine import compare
from core.numbers import LARGEST, usable
from core.pipeline import Pipeline
from core.registry import all_params
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Encoding, Rect
from tests.make import photo

SHAPE = (60, 131)
KINDS = {kind.name: kind for kind in all_params()}


def scene(dtype=np.float32):
    """Light from -0.5 to 60 whites, and the same with two changes."""
    a = (photo(*SHAPE, 3, dtype=np.float64) ** 3 * 60 - 0.5).astype(dtype)
    b = a.copy()
    b[20:30, 50:80] *= 1.3
    b[5, 7] = -20
    return a, b


def buffer(array):
    return ImageBuffer.from_array(array, encoding=Encoding.LINEAR)


def test_sums_and_the_largest_difference_are_exact_and_never_clamped():
    a, b = scene()
    apart = np.abs(a.astype(np.float64) - b) * 255
    result = compare(buffer(a), buffer(b))
    m = {n: v.value for n, v in result.measures.items()}
    # Each value was rounded once to float32.
    assert m["max_abs"] == pytest.approx(apart.max(), rel=1e-6)
    assert apart.max() > 2000
    assert m["l1"] == pytest.approx(apart.sum(), rel=1e-6)
    assert m["l2"] == pytest.approx(math.sqrt((apart**2).sum()), rel=1e-6)
    assert m["l0"] == np.count_nonzero(apart.max(axis=2))


def test_codes_and_histograms_hold_what_is_beyond_in_their_last_bins():
    a, b = scene()
    result = compare(buffer(a), buffer(b))
    largest = (np.abs(a.astype(np.float64) - b) * 255).max(axis=2)
    assert result.histograms.difference[255] == np.count_nonzero(largest > 254.001)
    for c in range(3):
        counts = result.histograms.a[c]
        assert counts[0] == np.count_nonzero(a[..., c] * np.float32(255) < 0.5)
        assert counts[255] == np.count_nonzero(a[..., c] * np.float32(255) >= 254.5)
    assert result.measures["max_abs"].at == (5, 7)
    over = compare(
        buffer(a), buffer(b), Settings([DifferenceParams(tolerance=255)]), measures=["l0"]
    )
    assert over.measures["l0"].value == np.count_nonzero(largest > 255.001)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *(("normalize", {"method": m})
          for m in ("minmax", "percentile", "meanstd", "gainbias", "histogram")),
        *(("blur", {"method": m, "radius": 3}) for m in ("gaussian", "median", "bilateral")),
        *(("edges", {"method": m}) for m in ("sobel", "laplacian", "canny")),
        *(("fit", {"method": m}) for m in ("resize", "crop", "pad")),
        *(("light", {"values": v}) for v in ("encoded", "linear")),
        ("align", {}), ("gray", {}), ("difference", {"space": "lab"}),
    ],
)  # fmt: skip
def test_every_stage_takes_them_and_nothing_differs_from_itself(name, values):
    a, b = (buffer(x) for x in scene())
    kind = KINDS[name]
    settings = Settings([kind(**({"enabled": True} if kind.toggle else {}), **values)])
    same, other = compare(a, a, settings), compare(a, b, settings)
    assert not same.differs
    assert same.measures["l1"].value == 0
    assert other.differs
    unseen = ("delta_e", "phash") if name == "edges" else ()  # edges are no colours
    seen = {n: m.value for n, m in other.measures.items() if not n.startswith(tuple(unseen))}
    assert [n for n, value in seen.items() if not math.isfinite(value)] == []
    assert other.measures["ssim"].value <= 1


@pytest.mark.parametrize("radius", [1, 2, 4])
def test_a_median_is_not_clipped(radius):
    a, _ = scene()
    blur = BlurParams(enabled=True, method="median", radius=radius)
    pipeline = Pipeline(buffer(a), buffer(a), Settings([blur]), Cache())
    pipeline.prepare()
    got = pipeline.tile(Rect(0, 0, *SHAPE), 0).a[..., 0]
    right = scipy.ndimage.median_filter(
        a[..., 0].astype(np.float64) * 255, size=2 * radius + 1, mode="mirror"
    )
    np.testing.assert_allclose(got, right, rtol=2e-7, atol=1e-5)  # float32


@pytest.mark.parametrize("value", [1e9, 1e30, 3.4e38, -3.4e38, np.inf, np.nan])
def test_marks_for_nothing_here_are_left_out_like_nan(value):
    a, b = scene()
    marked = a.copy()
    marked[40:44, 100:110] = value
    result = compare(buffer(marked), buffer(b))
    clean = compare(buffer(a), buffer(b))
    assert result.pixels == SHAPE[0] * SHAPE[1] - 40
    assert result.measures["l1"].value == clean.measures["l1"].value
    assert all(math.isfinite(m.value) for m in result.measures.values())
    (text,) = [n.text for n in result.notices if n.code == "nonfinite"]
    assert ("times white" in text) == bool(np.isfinite(value))


def test_what_counts_as_a_value():
    for dtype in (np.float16, np.float32, np.float64):
        x = np.array([0, -65000, 65000, np.nan, np.inf, -np.inf], dtype)
        assert usable(x, LARGEST).tolist() == [True] * 3 + [False] * 3
    assert usable(np.array([1e8, 1.1e8, -1.1e8]), LARGEST).tolist() == [True, False, False]
