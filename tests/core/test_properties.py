"""What every change must keep: the properties that make a number believable."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from core.tiles import strip_rects
from tests.make import classic_script, exposed, photo, with_noise, with_patch

CLASSIC = Settings(
    [
        GrayParams(enabled=True, method="mean"),
        NormalizeParams(enabled=True, method="minmax"),
    ]
)
ZERO = [
    "l1",
    "l1_per_pixel",
    "l0",
    "l0_per_pixel",
    "l2",
    "mae",
    "mse",
    "rmse",
    "max_abs",
    "hist_l1",
    "hist_l2",
    "hist_chi2",
    "hist_bhattacharyya",
    "hist_js",
    "hist_kl",
    "hist_emd",
]
ONE = ("ssim", "hist_correlation", "hist_intersection")


def buffer(array):
    return ImageBuffer.from_array(array)


def pair(height=150, width=262, seed=5):
    a = photo(height, width, seed)
    b = with_noise(exposed(a, 1.04, 2.0), 2.0, seed)
    return a, with_patch(b, 31, 147, 22, 35, by=60)


def every_setting():
    stages = [
        [AlignParams(enabled=True)],
        [GrayParams(enabled=True), GrayParams(enabled=True, method="mean")],
        [
            NormalizeParams(enabled=True, method=m)
            for m in ("minmax", "percentile", "meanstd", "gainbias", "histogram")
        ],
        [BlurParams(enabled=True, method=m) for m in ("gaussian", "median", "bilateral")],
        [
            EdgesParams(enabled=True, method=m)
            for m in ("sobel", "prewitt", "scharr", "laplacian", "canny")
        ],
        [DifferenceParams(map=m) for m in ("signed", "squared", "relative")],
        [DifferenceParams(space="lab")],
    ]
    alone = [Settings([p]) for group in stages for p in group]
    together = [Settings(c) for c in product(*(g[:1] for g in stages[:6]))]
    return [Settings(), CLASSIC, *alone, *together]


def name(settings):
    words = [f"{p.name}-{getattr(p, 'method', getattr(p, 'map', ''))}" for p in settings.params]
    return "+".join(words) or "plain"


@pytest.mark.parametrize("settings", every_setting(), ids=name)
def test_a_picture_against_itself_is_exactly_nothing(settings):
    a = buffer(photo(150, 262, 3))
    result = compare(a, a, settings)
    assert not result.differs
    assert result.region_count == 0
    assert [n for n in ZERO if result.measures[n].value != 0.0] == []
    assert [n for n in ONE if result.measures[n].value != 1.0] == []
    assert result.measures["psnr"].value == math.inf
    assert result.map.magnitude.max() == 0


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_classic_recipe_is_the_float64_script(seed):
    a, b = pair(seed=seed)
    l1, l1_px, l0, l0_px = classic_script(a, b)
    m = compare(buffer(a), buffer(b), CLASSIC).measures
    assert m["l1"].value == pytest.approx(l1, rel=1e-9)
    assert m["l1_per_pixel"].value == pytest.approx(l1_px, rel=1e-9)
    assert m["l0"].value == l0
    assert m["l0_per_pixel"].value == pytest.approx(l0_px, rel=1e-9)


@pytest.mark.parametrize("picture", ["astronaut", "coffee", "chelsea", "rocket"])
def test_the_classic_recipe_on_photographs(picture):
    a = getattr(skimage.data, picture)()
    b = np.roll(a, 2, axis=1)
    l1, _, l0, _ = classic_script(a, b)
    m = compare(buffer(a), buffer(b), CLASSIC, measures=["l1", "l0"]).measures
    assert m["l1"].value == pytest.approx(l1, rel=1e-9)
    assert m["l0"].value == l0


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        CLASSIC,
        Settings([GrayParams(enabled=True), BlurParams(enabled=True, sigma=1.5)]),
        Settings([EdgesParams(enabled=True)]),
        Settings([DifferenceParams(space="lab")]),
        Settings([NormalizeParams(enabled=True, method="percentile")]),
    ],
    ids=name,
)
def test_swapping_changes_only_signs(settings):
    a, b = (buffer(x) for x in pair())
    there, back = compare(a, b, settings), compare(b, a, settings)
    for n, value in there.measures.items():
        if n not in ("hist_kl", "nrmse"):  # the directed ones
            expected = pytest.approx(value.value, rel=1e-12, abs=1e-12, nan_ok=True)
            assert back.measures[n].value == expected, n
    np.testing.assert_array_equal(there.map.magnitude, back.map.magnitude)


def test_swapping_mirrors_the_signed_map():
    a, b = (buffer(x) for x in pair())
    signed = Settings([DifferenceParams(map="signed")])
    there, back = (compare(*p, signed).map.levels[0].astype(int) for p in ((a, b), (b, a)))
    decided = there != 128
    # Where two channels differ equally far in opposite directions either sign is right.
    assert np.mean((there - 128 == 128 - back)[decided]) > 0.98
    np.testing.assert_array_equal(abs(there - 128), abs(back - 128))


@pytest.mark.parametrize("tolerance", [0.0, 4.0, 4.5])
@pytest.mark.parametrize(
    "chain",
    [[], [GrayParams(enabled=True)], [BlurParams(enabled=True, sigma=1.2)]],
    ids=["plain", "gray", "blur"],
)
def test_depth_does_not_matter(chain, tolerance):
    a, b = pair()
    settings = Settings([*chain, DifferenceParams(tolerance=tolerance)])
    byte = compare(buffer(a), buffer(b), settings)
    word = compare(buffer(a.astype(np.uint16) * 257), buffer(b.astype(np.uint16) * 257), settings)
    real = compare(
        buffer((a / 255).astype(np.float32)), buffer((b / 255).astype(np.float32)), settings
    )
    for other in (word, real):
        for n, value in byte.measures.items():
            # l0 at 0 after a blur counts rounding, which is what "exactly 0" means for floats.
            if n.startswith("l0") and chain and tolerance == 0.0:
                continue
            # Values are k / 255 in float32: 6e-8 relative on up to 255, seen by all sums. Gray
            # values that are a half level within that fall into either of two bins.
            wide = 1e-2 if n.startswith("hist") and chain else 2e-5
            assert other.measures[n].value == pytest.approx(value.value, rel=wide, abs=2e-5), n
        if not chain:
            assert other.measures["l0"].value == byte.measures["l0"].value
            np.testing.assert_array_equal(other.map.magnitude, byte.map.magnitude)


def test_off_on_off_gives_the_same_answer():
    a, b = (buffer(x) for x in pair())
    before = compare(a, b, Settings([BlurParams(sigma=2.0)]))
    compare(a, b, Settings([BlurParams(enabled=True, sigma=2.0)]))
    after = compare(a, b, Settings([BlurParams(sigma=2.0)]))
    assert {n: m.value for n, m in before.measures.items()} == {
        n: m.value for n, m in after.measures.items()
    }


@pytest.mark.parametrize("up", [True, False])
def test_darker_and_brighter_count_alike(up):
    a = np.full((60, 130, 3), 100, np.uint8)
    b = a.copy()
    b[17:20, 90:97, 1] = 130 if up else 70
    result = compare(buffer(a), buffer(b))
    assert result.measures["l1"].value == 30 * 21
    assert result.measures["l0"].value == 21
    assert result.measures["max_abs"].at == (17, 90)


def test_one_bad_pixel_survives_to_the_smallest_overview():
    a = photo(1234, 2345, 8, channels=1)
    b = a.copy()
    b[777, 1801] = 255 - b[777, 1801] if abs(255 - 2 * int(b[777, 1801])) > 9 else 0
    size = abs(int(a[777, 1801]) - int(b[777, 1801]))
    result = compare(buffer(a), buffer(b))
    assert result.measures["l0"].value == 1
    for k, level in enumerate(result.map.levels):
        assert level[777 >> k, 1801 >> k] == size
        assert np.count_nonzero(level) == 1
    assert len(result.map.levels) > 3


@pytest.mark.parametrize(
    "chain",
    [
        [],
        [GrayParams(enabled=True), BlurParams(enabled=True, sigma=2.3)],
        [NormalizeParams(enabled=True, method="gainbias"), EdgesParams(enabled=True)],
        [AlignParams(enabled=True), BlurParams(enabled=True, method="bilateral")],
        [EdgesParams(enabled=True, method="canny")],
        [BlurParams(enabled=True, method="median"), DifferenceParams(map="signed")],
    ],
    ids=["plain", "blur", "edges", "bilateral", "canny", "median"],
)
@pytest.mark.parametrize("rows", [37, 128])
def test_strips_equal_the_whole(monkeypatch, chain, rows):
    a, b = (buffer(x) for x in pair(333, 262))
    whole = compare(a, b, Settings(chain))
    # No tile is kept whole and every strip is small, so each is made with its own halo.
    monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
    monkeypatch.setattr("core.engine.strip_rects", lambda shape: strip_rects(shape, rows * 262))
    monkeypatch.setattr(
        "core.pipeline.strip_rects", lambda shape, _: strip_rects(shape, rows * 262)
    )
    strips = compare(a, b, Settings(chain))
    for n, value in whole.measures.items():
        expected = pytest.approx(value.value, rel=1e-6, abs=1e-6, nan_ok=True)
        assert strips.measures[n].value == expected, n
    apart = abs(strips.map.magnitude.astype(int) - whole.map.magnitude)
    assert apart.max() <= 1  # a code may round the other way
    assert np.count_nonzero(apart) <= apart.size // 1000


@hypothesis_settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 90), st.integers(0, 2**32 - 1), st.integers(0, 30))
def test_counts_agree_with_numpy_for_any_shape(height, width, seed, tolerance):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    b = np.clip(a + rng.integers(-20, 21, a.shape), 0, 255).astype(np.uint8)
    d = abs(a.astype(int) - b)
    result = compare(buffer(a), buffer(b), Settings([DifferenceParams(tolerance=tolerance)]))
    assert result.measures["l1"].value == d.sum()
    assert result.measures["l0"].value == (d.max(axis=2) > tolerance).sum()
    assert result.histograms.difference[tolerance + 1 :].sum() == result.measures["l0"].value
    assert result.differs == bool((d.max(axis=2) > tolerance).any())
    assert sum(r.area for r in result.regions) <= result.measures["l0"].value
