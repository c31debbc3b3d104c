"""z and evidence, against ten lines of float64 NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from core.noise import zscore
from core.noise.zscore import CLIP, GATE, HALO, WINDOWS


def inverse(channels):
    levels = np.arange(256)
    return np.stack([1 / (2 + 0.02 * (c + 1) * levels) for c in range(channels)]).astype(np.float32)


def script(planes, spread):
    found = np.abs(planes).max(axis=0)
    for z, sums in zip(planes, spread, strict=True):
        cut = np.clip(z, -CLIP, CLIP)
        for (width, height), one in zip(WINDOWS, sums, strict=True):
            kernel = np.ones((height, width))
            mean = ndimage.convolve(cut, kernel, mode="constant") / one
            for sign in (1, -1):
                gated = np.minimum(sign * mean, 8 * (sign * z - GATE))
                found = np.maximum(found, gated)
    return found


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_z_is_the_difference_over_sigma_at_the_median_intensity(channels, dtype):
    rng = np.random.default_rng(1)
    shape = (23, 61) if channels == 1 else (23, 61, channels)
    a, b = (rng.integers(0, 256, shape).astype(dtype) for _ in range(2))
    table = inverse(channels)
    found = zscore.zscores(a, b, None, table)
    for c, z in enumerate(found):
        x, y = (np.atleast_3d(p)[:, :, c].astype(np.float64) for p in (a, b))
        level = ndimage.median_filter(np.rint((x + y) / 2), size=3, mode="nearest")
        expected = (x - y) * table[c][level.astype(int)]
        assert z.dtype == np.float32
        assert z == pytest.approx(expected, rel=1e-5)
    assert zscore.largest(found) == pytest.approx(np.abs(found).max(axis=0))


def test_z_is_zero_where_invalid_and_turns_its_sign_when_the_pictures_are_swapped():
    rng = np.random.default_rng(2)
    a, b = (rng.integers(0, 256, (20, 50, 3), np.uint8) for _ in range(2))
    valid = np.full((20, 50), 255, np.uint8)
    valid[3:9, 11:30] = 0
    there, back = (zscore.zscores(*p, valid, inverse(3)) for p in ((a, b), (b, a)))
    for x, y in zip(there, back, strict=True):
        assert (x == -y).all()
        assert (x[valid == 0] == 0).all()
        assert (x != 0).any()


@pytest.mark.parametrize("channels", [1, 3])
def test_evidence_is_that_of_the_pixel_or_of_a_window(channels):
    rng = np.random.default_rng(3)
    planes = list(rng.standard_normal((channels, 40, 90)).astype(np.float32))
    planes[0][10:16, 60:68] += 3
    planes[-1][30, 5:30] -= 3
    spread = np.tile(np.float32([3, 5, 3.4, 3.2]), (channels, 1))
    found = zscore.evidence(planes, spread)
    assert found == pytest.approx(script(np.array(planes), spread), abs=1e-4)
    assert found[12, 63] > np.abs([p[12, 63] for p in planes]).max() + 1  # a window did it
    assert zscore.evidence([-p for p in planes], spread) == pytest.approx(found, abs=1e-5)


def test_one_strong_pixel_does_not_carry_its_neighbours_along():
    z = np.zeros((21, 41), np.float32)
    z[10, 20] = 60
    z[9:12, 19:22] += 2.5
    found = zscore.evidence([z], np.float32([[3, 5, 3.3, 3.3]]))
    assert found[10, 20] == 62.5
    assert np.sort(found.ravel())[-2] < 4.8  # with z uncut it were over 20


def test_evidence_of_a_part_is_that_of_the_whole():
    rng = np.random.default_rng(4)
    a, b = (rng.integers(0, 256, (70, 90), np.uint8) for _ in range(2))
    spread = np.float32([[3, 5, 3.3, 3.3]])
    whole = zscore.evidence(zscore.zscores(a, b, None, inverse(1)), spread)
    cut = np.s_[20 - HALO : 50 + HALO, 30 - HALO : 70 + HALO]
    part = zscore.evidence(zscore.zscores(a[cut], b[cut], None, inverse(1)), spread)
    inner = np.s_[HALO:-HALO, HALO:-HALO]
    assert part[inner] == pytest.approx(whole[20:50, 30:70], abs=1e-5)


def test_codes_are_steps_of_evidence_rounded_down():
    values = np.float32([[0, 0.999, 1.0, 1.03, 1.0625, 4.0, 8.93, 9.2, 500.0]])
    codes = zscore.codes(values)
    assert codes.tolist() == [[0, 0, 1, 1, 3, 97, 254, 255, 255]]
    for code, value in zip(codes[0], values[0], strict=True):
        if 0 < code < 255:
            assert zscore.least(int(code)) <= value < zscore.least(int(code) + 1)
