"""σ by intensity, against the σ that the scenes were made with."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from core.noise import curve, survey
from core.noise.survey import BLOCK
from core.types import Rect, Tile
from tests.core.noise.scenes import capture, jpeg, scene, sigma

LEVELS = np.arange(256.0)


def curves(a, b, valid=None):
    tile = Tile(a, b, valid, Rect.of(a))
    known = survey.look([tile])
    return curve.fitted([survey.survey(tile, known)], known)


def captures(clean, camera, other=None, seed=1):
    rng = np.random.default_rng(seed)
    return capture(clean, *camera, rng), capture(clean, *(other or camera), rng)


@pytest.mark.parametrize("kind", ["ramp", "texture"])
@pytest.mark.parametrize("camera", [(0.0, 3.0), (0.3, 1.5), (1.0, 1.0)])
def test_noise_of_the_difference_within_two_percent(kind, camera):
    found = curves(*captures(scene(kind, 700, 1300), camera))
    true = np.sqrt(2 * sigma(LEVELS, *camera) ** 2 + 1 / 12)
    off = found.difference[0] / true - 1
    common = found.weights[0] > 1e-3
    common[:40] = common[216:] = False  # near the ends the curve is held
    assert np.abs(off[common]).max() < 0.09
    assert np.sqrt(np.average(off**2, weights=found.weights[0])) < 0.025


def test_each_picture_has_its_own():
    quiet, loud = (0.05, 1.0), (0.5, 2.0)
    found = curves(*captures(scene("ramp", 700, 1300), quiet, loud))
    common = np.flatnonzero(found.weights[0] > 1e-3)[10:-10]
    for own, camera in ((found.a, quiet), (found.b, loud)):
        true = np.sqrt(sigma(LEVELS, *camera) ** 2 + 1 / 12)
        assert np.abs(own[0] / true - 1)[common].max() < 0.08


def test_rounding_adds_a_twelfth_to_the_difference_and_to_each_picture():
    """P(A − B >= k) is that of a Gaussian of variance 2 · 0.49 + 1 / 12 beyond k − 1 / 2."""
    rng = np.random.default_rng(2)
    clean = rng.uniform(60, 180, (400, 700))
    a, b = (np.rint(clean + rng.normal(0, 0.7, clean.shape)).astype(np.uint8) for _ in range(2))
    found = curves(a, b)
    d = np.abs(a.astype(int) - b)
    true = np.sqrt(2 * 0.49 + 1 / 12)
    assert found.difference[0][60:180] == pytest.approx(true, rel=0.03)
    for k in (1, 2, 3):
        assert np.mean(d >= k) == pytest.approx(2 * norm.sf((k - 0.5) / true), rel=0.04)


def test_an_offset_and_a_minority_of_changes_are_no_noise():
    a, b = captures(scene("ramp", 700, 1300) * 0.8, (0.0, 4.0))
    plain = curves(a, b).difference[0]
    other = b.copy()
    other[100:300, 200:300] = 7  # 2 % of the pixels
    other = np.clip(other + 9.0, 0, 255).astype(np.uint8)
    moved = curves(a, other)
    assert moved.difference[0][40:190] == pytest.approx(plain[40:190], rel=0.08)
    assert moved.offset == pytest.approx(9 / (4 * np.sqrt(2)), rel=0.05)


def test_pictures_of_other_scenes_have_the_noise_of_their_flat_places():
    y, x = np.mgrid[:700, :1300]
    rng = np.random.default_rng(3)
    a, b = (
        capture((120 + 60 * np.sin(t)).astype(np.float32), 0.0, 4.0, rng) for t in (x / 90, y / 70)
    )
    found = curves(a, b)
    assert found.capped > 0.5
    typical = float(np.sum(found.weights[0] * found.difference[0]))
    assert 4 * np.sqrt(2) < typical < 1.6 * 4 * np.sqrt(2)  # A − B itself spreads over 60 levels


def test_what_is_cut_off_is_left_out():
    """At 250 noise of σ 6 is cut: what is left spreads less, but keeps the σ of a little below."""
    rng = np.random.default_rng(4)
    clean = 150 + 105 * np.mgrid[:500, :1200][1].astype(np.float32) / 1199
    a, b = (capture(clean, 0.0, 6.0, rng) for _ in range(2))
    found = curves(a, b).difference[0]
    assert found[245:] == pytest.approx(np.full(11, 6 * np.sqrt(2)), rel=0.05)


def test_pictures_without_noise_are_quiet():
    a = scene("texture", 300, 500).astype(np.uint8)
    found = curves(a, a)
    assert found.quiet
    assert found.difference == pytest.approx(curve.FLOOR, rel=1e-9)
    a = a.astype(np.float32)
    assert curves(a, a).difference == pytest.approx(survey.LEAST, rel=1e-9)


def test_scale_does_not_matter():
    """Values of a float picture may be thousandths of a level, or beyond 255."""
    a, b = (x.astype(np.float32) for x in captures(scene("ramp", 500, 900), (0.0, 8.0)))
    plain = curves(a, b).difference[0][128]
    assert plain == pytest.approx(8 * np.sqrt(2), rel=0.02)
    small = curves(a * 0.01, b * 0.01).difference[0][1]
    assert small == pytest.approx(plain * 0.01, rel=0.02)
    large = curves(a * 100, b * 100).difference[0][255]
    assert large == pytest.approx(plain * 100, rel=0.02)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 5), (BLOCK, 2 * BLOCK)])
def test_tiny_pictures_have_some_answer(size):
    a = np.full(size, 100, np.uint8)
    found = curves(a, a)
    assert np.isfinite(found.difference).all()
    assert np.isnan(found.a).all()
    nothing = curves(a, a, np.zeros(size, np.uint8))
    assert nothing.pixels == 0
    assert np.isfinite(nothing.difference).all()


def test_channels_and_gray_agree():
    clean = scene("ramp", 400, 700)
    a, b = captures(clean, (0.3, 1.5))
    gray = curves(a, b)
    color = curves(np.dstack([a, b, a]), np.dstack([b, a, b]))
    assert color.difference[0] == pytest.approx(gray.difference[0], rel=1e-12)
    assert color.difference[1] == pytest.approx(gray.difference[0], rel=0.01)
    assert color.a[1] == pytest.approx(gray.b[0], rel=1e-3)


def test_percentiles_of_wide_bins_are_exact_for_gaussian_values():
    for true in (0.45, 1.0, 3.0, 20.0):
        edges = np.arange(257) - 128.5
        counts = np.diff(norm.cdf(edges, loc=0.2, scale=true)) * 1e7
        middle, half = curve.spread(counts.astype(np.int64))
        assert half == pytest.approx(true, rel=2e-3)
        assert middle - 128 == pytest.approx(0.2, abs=2e-3)


def test_jpeg_blocks_do_not_fool_the_flat_places():
    a, b = (jpeg(p) for p in captures(scene("ramp", 700, 1300), (0.0, 6.0)))
    found = curves(a, b)
    assert found.capped == 0
    assert found.a[0][60:200] == pytest.approx(found.difference[0][60:200] / np.sqrt(2), rel=0.1)
