"""The numbers of the noise, and its map."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import ndimage

from core import ImageBuffer, Settings, compare
from core.format import verdict
from core.map_kinds import KINDS
from core.measures.noise import MEASURE, typical
from core.types import MapKind
from tests.core.measures.samples import mapped, run
from tests.core.noise.scenes import capture, prepared, scene

ON = {"noise": {"enabled": True}}


def pair(size=(400, 900), channels=1, quiet=2.0, loud=5.0, seed=1):
    rng = np.random.default_rng(seed)
    clean = scene("ramp", *size, channels)
    return capture(clean, 0.0, quiet, rng), capture(clean, 0.0, loud, rng)


def numbers(a, b, **settings):
    result = compare(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b), Settings.from_dict(settings),
        measures=MEASURE.names,
    )  # fmt: skip
    return {name: v.value for name, v in result.measures.items()}


@pytest.mark.parametrize("channels", [1, 3])
def test_sigma_of_each_picture(channels):
    a, b = pair(channels=channels)
    there, back = numbers(a, b), numbers(b, a)
    assert there["noise_sigma_a"] == pytest.approx(np.sqrt(4 + 1 / 12), rel=0.05)
    assert there["noise_sigma_b"] == pytest.approx(np.sqrt(25 + 1 / 12), rel=0.05)
    assert back["noise_sigma_a"] == pytest.approx(there["noise_sigma_b"], rel=1e-3)
    assert back["noise_sigma_b"] == pytest.approx(there["noise_sigma_a"], rel=1e-3)


def test_threshold_and_expected_false_pixels_are_those_of_the_rate():
    a, b = pair()
    few = numbers(a, b, noise={"control": "pixels", "false_pixels": 1e-4})
    many = numbers(a, b, noise={"control": "pixels", "false_pixels": 1e-2})
    assert few["noise_threshold"] > many["noise_threshold"] + 1
    assert few["noise_expected_false"] == pytest.approx(1e-4 * a.size, rel=0.3)
    assert many["noise_expected_false"] == pytest.approx(1e-2 * a.size, rel=0.3)


def test_a_picture_against_itself():
    a, _ = pair()
    found = numbers(a, a)
    assert found["noise_sigma_a"] == found["noise_sigma_b"] == 0
    assert found["noise_expected_false"] < 0.06
    noise = prepared(a, a)
    assert not mapped(MEASURE, MapKind.NOISE, a, a, state=lambda _: noise).any()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_depth_changes_nothing(dtype):
    factor = {np.uint8: 1, np.uint16: 257, np.float32: np.float32(1 / 255)}[dtype]
    a, b = pair()
    found = numbers(*((x.astype(dtype) * dtype(factor)) for x in (a, b)))
    plain = numbers(a, b)
    for name in ("noise_sigma_a", "noise_sigma_b"):
        assert found[name] == pytest.approx(plain[name], rel=1e-3)
    assert found["noise_threshold"] == pytest.approx(plain["noise_threshold"], abs=0.3)


def test_no_pixel_no_number():
    a, b = pair((40, 90))
    none = np.zeros(a.shape, np.uint8)
    noise = prepared(a, b, valid=none)
    assert all(
        math.isnan(v.value) for v in run(MEASURE, a, b, none, state=lambda _: noise).values()
    )
    tiny = numbers(a[:1, :1], a[:1, :1])
    assert math.isnan(tiny["noise_sigma_a"])  # no place is flat
    assert math.isfinite(tiny["noise_threshold"])


@pytest.mark.parametrize("channels", [1, 3])
def test_the_map_is_the_largest_z(channels):
    a, b = pair((60, 170), channels, 3.0, 3.0)
    valid = np.full(a.shape[:2], 255, np.uint8)
    valid[10:20, 30:50] = 0
    noise = prepared(a, b)
    found = mapped(MEASURE, MapKind.NOISE, a, b, valid, state=lambda _: noise)
    expected = np.zeros((60, 170))
    for c in range(channels):
        x, y = (np.atleast_3d(p)[:, :, c].astype(float) for p in (a, b))
        own = np.rint((x + y) / 2).astype(int)
        level = ndimage.median_filter(own, size=3, mode="nearest")
        level = np.where(ndimage.minimum_filter(valid, size=3, mode="nearest") > 0, level, own)
        z = np.abs(x - y) / noise.curves.difference[c][level]
        expected = np.maximum(expected, z)
    assert found == pytest.approx(np.where(valid > 0, expected, 0), rel=1e-4)
    strips = mapped(MEASURE, MapKind.NOISE, a, b, valid, cuts=(7, 31), state=lambda _: noise)
    assert (strips == found).all()


def test_the_map_is_painted_by_the_engine():
    a, b = pair(channels=3)
    b = np.clip(b.astype(int), 0, 255).astype(np.uint8)
    b[100:110, 400:420] = 255
    result = compare(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b),
        Settings.from_dict({"difference": {"map": "noise"}}),
    )  # fmt: skip
    assert (result.map.low, result.map.high, result.map.unit) == (0, KINDS[MapKind.NOISE].high, "σ")
    z = result.map.levels[0] * (result.map.high / 255)
    assert np.median(z) == pytest.approx(1.39, abs=0.2)  # the largest of three
    assert z[104, 410] > 15


def test_the_family_comes_with_the_switch():
    a, b = (ImageBuffer.from_array(x) for x in pair((100, 300)))
    assert "noise_threshold" not in compare(a, b).measures
    result = compare(a, b, Settings.from_dict(ON))
    assert set(MEASURE.names) <= set(result.measures)


def test_the_verdict_says_beyond_what():
    a, b = pair(quiet=4.0, loud=4.0)
    a, b = (ImageBuffer.from_array(x) for x in (a, b))
    both = {**ON, "difference": {"tolerance": 90.0}}
    strict = {"noise": {"enabled": True, "rate": 0.0001}}
    assert verdict(compare(a, b, Settings.from_dict(strict))) == "No difference beyond the noise."
    assert (
        verdict(compare(a, b, Settings.from_dict(both)))
        == "No difference beyond the tolerance of 90 and the noise."
    )
    changed = pair(quiet=4.0, loud=4.0)[1]
    changed[100:110, 200:220] = 250
    result = compare(a, ImageBuffer.from_array(changed), Settings.from_dict(ON))
    assert "differ beyond the noise, in " in verdict(result)


def test_typical_is_a_median_over_intensities_and_channels():
    sigma = np.array([np.arange(256.0), np.full(256, 7.0), np.full(256, 1.0)])
    weights = np.zeros((3, 256))
    weights[:, 10:21] = 1 / 11
    assert typical(sigma, weights) == 7
    assert math.isnan(typical(sigma, np.zeros((3, 256))))
