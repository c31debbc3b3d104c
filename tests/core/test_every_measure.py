"""What every measure and every map must keep, also those that are only made when asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import registry
from core.buffer import ImageBuffer
from core.catalogue import entries
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.light import LightParams
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from core.tiles import strip_rects
from core.types import Alpha, Encoding, MapKind, Rect
from core.wanted import MeasuresParams
from tests.make import exposed, photo, with_noise, with_patch

ALL = MeasuresParams(also="all")
BEST = {
    "psnr": math.inf, "ssim": 1.0, "ms_ssim": 1.0, "ncc": 1.0, "nmi": 2.0,
    "hist_correlation": 1.0, "hist_intersection": 1.0,
}  # fmt: skip
"""Of measures of which more is better; of all others 0 is best."""
OWN = {
    "mutual_information",
    "noise_sigma_a",
    "noise_sigma_b",
    "noise_threshold",
    "noise_expected_false",
}
"""What says something of one picture alone, or of what is asked."""
DIRECTED = {"hist_kl", "nrmse", "noise_sigma_a", "noise_sigma_b"}
ESTIMATED = {"noise_threshold", "noise_expected_false"}
"""Where a rounding the other way moves a step."""
COUNTS = {n for n, e in entries().items() if e.unit == "px"}
CHAINS = {
    "plain": [],
    "gray": [GrayParams(enabled=True)],
    "classic": [GrayParams(enabled=True, method="mean"), NormalizeParams(enabled=True)],
    "blur": [BlurParams(enabled=True, sigma=1.5)],
    "edges": [EdgesParams(enabled=True)],
    "lab": [DifferenceParams(space="lab")],
    "align": [AlignParams(enabled=True)],
    "linear light": [LightParams(values="linear")],
}


def buffer(array, **more):
    return ImageBuffer.from_array(array, **more)


def pair(height=150, width=262, seed=5, channels=3):
    a = photo(height, width, seed, channels=channels)
    b = with_noise(exposed(a, 1.04, 2.0), 2.0, seed)
    return a, with_patch(b, 31, 147, 22, 35, by=60)


def measured(a, b, chain=(), **more):
    return compare(a, b, Settings([ALL, *chain]), **more).measures


def values(measures):
    return {n: m.value for n, m in measures.items()}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_against_itself(chain, channels):
    a = buffer(photo(190, 262, 3, channels=channels), encoding=Encoding.SRGB)  # all scales fit
    found = measured(a, a, chain)
    assert list(found) == list(entries())
    wrong = {
        n: m.value
        for n, m in found.items()
        if n not in OWN and not math.isnan(m.value) and m.value != BEST.get(n, 0.0)
    }
    assert wrong == {}
    silent = {n for n, m in found.items() if math.isnan(m.value)}
    unseen = {"Colour", "Perceptual"} if chain and isinstance(chain[0], EdgesParams) else set()
    groups = {entries()[n].group for n in silent}
    assert groups <= {*unseen, "Noise", "Counts"}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS.keys())
def test_swapping_changes_only_what_is_directed(chain):
    a, b = (buffer(x, encoding=Encoding.SRGB) for x in pair())
    there, back = measured(a, b, chain), measured(b, a, chain)
    for name, m in there.items():
        if name not in DIRECTED:
            rel = 2e-3 if name in ESTIMATED else 1e-9
            expected = pytest.approx(m.value, rel=rel, abs=1e-9, nan_ok=True)
            assert back[name].value == expected, name


@pytest.mark.parametrize("chain", [[], CHAINS["blur"]], ids=["plain", "blur"])
def test_depth_does_not_matter(chain):
    a, b = pair()
    byte = measured(buffer(a), buffer(b), chain)
    word = measured(*(buffer(x.astype(np.uint16) * 257) for x in (a, b)), chain)
    real = measured(*(buffer((x / 255).astype(np.float32)) for x in (a, b)), chain)
    for other in (word, real):
        for name, m in byte.items():
            if name in ESTIMATED:
                continue  # whole levels come in steps, fractions do not
            if name in COUNTS:  # k / 255 in float32 comes back as k within 3e-5
                close = pytest.approx(m.value, rel=1e-3, abs=2)
            elif entries()[name].group == "Noise":  # an estimate; fractions fall into other bins
                close = pytest.approx(m.value, rel=1e-2, nan_ok=True)
            elif chain and entries()[name].group in ("Histograms", "Statistics"):
                close = pytest.approx(m.value, rel=1e-2, abs=2e-4, nan_ok=True)  # bins of bytes
            elif name in ("l0", "l0_per_pixel") and chain:
                continue  # counts rounding, which is what "exactly 0" means for floats
            else:
                close = pytest.approx(m.value, rel=1e-4, abs=5e-5, nan_ok=True)
            assert other[name].value == close, name


@pytest.mark.parametrize("cut", ["rows", "blocks"])
@pytest.mark.parametrize("chain", [[], CHAINS["blur"], CHAINS["edges"]], ids=["0", "blur", "edges"])
def test_strips_equal_the_whole(monkeypatch, chain, cut):
    a, b = (buffer(x) for x in pair(333, 262))
    whole = compare(a, b, Settings([ALL, *chain]))
    monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)

    def rows(shape, *_):
        return strip_rects(shape, 37 * 262)

    def blocks(shape, *_):
        height, width = shape
        return [
            Rect(r, c, min(64, height - r), min(128, width - c))
            for r in range(0, height, 64)
            for c in range(0, width, 128)
        ]

    monkeypatch.setattr("core.engine.strip_rects", {"rows": rows, "blocks": blocks}[cut])
    monkeypatch.setattr("core.pipeline.strip_rects", rows)
    strips = compare(a, b, Settings([ALL, *chain]))
    for name, m in whole.measures.items():
        other = strips.measures[name]
        assert other.value == pytest.approx(m.value, rel=1e-6, abs=1e-6, nan_ok=True), name
        assert other.pixels == m.pixels, name
        assert other.at == m.at, name
        if m.interval is not None:
            assert other.interval == pytest.approx(m.interval, rel=1e-5, abs=1e-6), name


KINDS = [k for m in registry.measures() for k in m.maps]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_map_is_zero_where_nothing_differs_and_shows_what_does(kind):
    a, b = (buffer(x) for x in pair())
    settings = Settings([DifferenceParams(map=kind)])
    same, other = compare(a, a, settings), compare(a, b, settings)
    assert same.map.levels[0].max() == 0
    around = other.map.levels[0][27:57, 143:186]
    assert around.max() > 3 * max(np.median(other.map.levels[0]), 1)
    assert other.map.kind is kind
    assert not other.map.beyond
    assert other.measures["l1"].value == compare(a, b).measures["l1"].value  # those of A - B


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_maps_of_strips_are_those_of_the_whole(monkeypatch, kind):
    a, b = (buffer(x) for x in pair(333, 262))
    settings = Settings([DifferenceParams(map=kind)])
    whole = compare(a, b, settings).map.levels[0]
    monkeypatch.setattr("core.engine.strip_rects", lambda shape: strip_rects(shape, 37 * 262))
    strips = compare(a, b, settings).map.levels[0]
    apart = abs(whole.astype(int) - strips)
    assert apart.max() <= 1  # a code may round the other way
    assert np.count_nonzero(apart) <= apart.size // 500


@pytest.mark.parametrize("kind", list(MapKind), ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 1), (5, 4), (13, 12), (3, 300)])
def test_tiny_pictures_have_an_answer_for_everything(shape, kind):
    rng = np.random.default_rng(3)
    a, b = (buffer(rng.integers(0, 256, (*shape, 3), dtype=np.uint8)) for _ in "ab")
    result = compare(a, b, Settings([ALL, DifferenceParams(map=kind)]))
    assert list(result.measures) == list(entries())
    for name, m in result.measures.items():
        assert m.pixels <= shape[0] * shape[1]
        assert math.isnan(m.value) or not (m.value < 0 and m.better == "lower"), name


def test_without_a_pixel_every_number_is_nan():
    nothing = buffer(np.full((40, 60, 3), np.nan, np.float32))
    found = measured(nothing, nothing)
    assert {n for n, m in found.items() if not math.isnan(m.value)} == set()
    assert {m.pixels for m in found.values()} == {0}


@pytest.mark.parametrize("kind", [None, *KINDS], ids=str)
def test_what_is_not_valid_has_no_say(kind):
    a, b = (x.astype(np.float32) / 255 for x in pair())
    chain = [] if kind is None else [DifferenceParams(map=kind)]
    a[60:70, 20:50] = np.nan
    left_out = compare(buffer(a, peak=1.0), buffer(b, peak=1.0), Settings([ALL, *chain]))
    wild = b.copy()
    wild[60:70, 20:50] = 9000.0
    other = compare(buffer(a, peak=1.0), buffer(wild, peak=1.0), Settings([ALL, *chain]))
    for name, m in left_out.measures.items():
        expected = pytest.approx(m.value, rel=1e-9, abs=1e-9, nan_ok=True)
        assert other.measures[name].value == expected, name
    np.testing.assert_array_equal(left_out.map.levels[0], other.map.levels[0])
    assert left_out.pixels == 150 * 262 - 300


def test_alpha_and_high_dynamic_range_have_an_answer():
    a, b = pair(height=190)  # all scales of MS-SSIM fit
    cover = np.linspace(0, 255, 262).astype(np.uint8)
    rgba = [np.dstack([x, np.broadcast_to(cover, x.shape[:2])]) for x in (a, b)]
    seen = measured(*(buffer(x, alpha=Alpha.STRAIGHT) for x in rgba))
    light = [(x / 255.0).astype(np.float32) * 40.0 for x in (a, b)]
    bright = measured(*(buffer(x, encoding=Encoding.LINEAR) for x in light))
    for found in (seen, bright):
        silent = {n for n, m in found.items() if math.isnan(m.value)}
        assert {entries()[n].group for n in silent} <= {"Noise"}
