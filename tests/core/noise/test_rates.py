"""The share found is the share asked for, and a small faint change is found."""

from __future__ import annotations

import numpy as np
import pytest

from core import ImageBuffer, Settings, compare
from core.noise.notices import notices
from core.noise.params import NoiseParams
from tests.core.noise.scenes import blurred, capture, jpeg, prepared, scene, sigma

FACTOR = 1.5
GAUSSIAN, POISSON = (0.0, 4.0), (0.3, 1.5)
CAMERAS = pytest.mark.parametrize("camera", [GAUSSIAN, POISSON], ids=["gaussian", "poisson"])


def shares(a, b, wanted):
    noise = prepared(a, b)
    found = {}
    for share in wanted:
        threshold = noise.threshold(NoiseParams(control="pixels", false_pixels=share))
        found[share] = threshold.found / noise.counts.sum() / share
        assert threshold.found == np.count_nonzero(noise.evidence >= threshold.code)
    return found, {n.code for n in notices(noise, NoiseParams())}


@CAMERAS
@pytest.mark.parametrize("kind", ["flat", "ramp", "texture"])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_share_found_is_the_share_asked_for(kind, channels, camera):
    rng = np.random.default_rng(11)
    clean = scene(kind, 700, 1300, channels)
    found, said = shares(*(capture(clean, *camera, rng) for _ in range(2)), (1e-2, 1e-3))
    assert all(1 / FACTOR <= f <= FACTOR for f in found.values()), found
    assert not said


@CAMERAS
def test_it_is_so_at_one_in_ten_thousand(camera):
    rng = np.random.default_rng(12)
    clean = scene("ramp", 1600, 2600)
    found, said = shares(*(capture(clean, *camera, rng) for _ in range(2)), (1e-3, 1e-4))
    assert all(1 / FACTOR <= f <= FACTOR for f in found.values()), found
    assert not said


@CAMERAS
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("after", [blurred, jpeg])
def test_it_is_so_after_blur_and_after_jpeg(after, channels, camera):
    """Blur ties neighbours together, JPEG also makes the noise depend on place a little."""
    rng = np.random.default_rng(13)
    clean = scene("ramp", 900, 1700, channels)
    found, said = shares(*(after(capture(clean, *camera, rng)) for _ in range(2)), (1e-2, 1e-3))
    assert all(1 / FACTOR <= f <= FACTOR for f in found.values()), found
    assert not said


@pytest.mark.parametrize("kind", ["ramp", "texture"])
def test_where_jpeg_drowns_the_noise_it_is_said(kind):
    """Noise of one level is below the steps of quality 95, so what is left of it is patchy."""
    rng = np.random.default_rng(14)
    clean = scene(kind, 800, 1500, 3)
    found, said = shares(*(jpeg(capture(clean, 0.0, 1.0, rng)) for _ in range(2)), (1e-3,))
    assert found[1e-3] > FACTOR  # else there were nothing to say
    assert "noise_uneven" in said


def planted(camera, patch, size, share, rng, amount=3.0):
    """Return two captures, and where the second has patches that are `amount` σ off."""
    clean = scene("ramp", *size)
    changed, where = clean.copy(), np.zeros(size, bool)
    for _ in range(int(share * clean.size / (patch[0] * patch[1]))):
        row, col = (int(rng.integers(0, n - p)) for n, p in zip(size, patch, strict=True))
        part = np.s_[row : row + patch[0], col : col + patch[1]]
        if not where[part].any():
            where[part] = True
            off = amount * np.sqrt(2 * sigma(clean[part], *camera) ** 2 + 1 / 6)
            changed[part] += off * rng.choice([-1, 1])
    return capture(clean, *camera, rng), capture(changed, *camera, rng), where


@CAMERAS
@pytest.mark.parametrize(
    ("patch", "amount", "power"), [((4, 5), 3.0, 0.6), ((20, 30), 3.0, 0.6), ((30, 9), 10.0, 0.98)]
)
def test_of_what_is_found_no_more_is_noise_than_asked_for(camera, patch, amount, power):
    rng = np.random.default_rng(15)
    a, b, where = planted(camera, patch, (800, 1400), 0.01, rng, amount)
    noise = prepared(a, b)
    threshold = noise.threshold(NoiseParams(rate=0.05))
    found = noise.evidence >= threshold.code
    false = np.count_nonzero(found & ~where) / np.count_nonzero(found)
    assert false <= FACTOR * 0.05
    assert np.count_nonzero(found & where) / np.count_nonzero(where) >= power
    assert threshold.expected_false <= 0.05 * threshold.found


@CAMERAS
@pytest.mark.parametrize("patch", [(4, 5), (1, 20), (20, 1)], ids=["patch", "row", "column"])
def test_a_change_of_three_sigma_over_twenty_pixels_is_found(patch, camera):
    """Forty trials, of which 38 must find it: twenty pixels of 240,000."""
    rng = np.random.default_rng(16)
    hits = 0
    for _ in range(40):
        size = (400, 600)
        share = 1.5 * patch[0] * patch[1] / (size[0] * size[1])  # one patch
        a, b, where = planted(camera, patch, size, share, rng)
        noise = prepared(a, b)
        code = noise.threshold(NoiseParams(rate=0.05)).code
        hits += bool((noise.evidence[where] >= code).any())
    assert hits >= 38


def test_with_the_switch_on_only_what_is_beyond_the_noise_counts():
    rng = np.random.default_rng(17)
    clean = scene("ramp", 300, 900, 3)
    changed = clean.copy()
    changed[200:212, 700:720] += 30
    a, b = (ImageBuffer.from_array(capture(s, *POISSON, rng)) for s in (clean, changed))
    plain = compare(a, b)
    over = compare(a, b, Settings.from_dict({"noise": {"enabled": True}}))
    assert plain.over > 0.8 * plain.pixels
    assert 200 <= over.over <= 260
    assert over.measures["l0"].value == over.over
    region = over.regions[0].rect
    assert abs(region.row - 200) <= 2
    assert abs(region.col - 700) <= 2
    assert plain.measures["l1"].value == over.measures["l1"].value
    both = {"noise": {"enabled": True}, "difference": {"tolerance": 255.0}}
    assert compare(a, b, Settings.from_dict(both)).over == 0
