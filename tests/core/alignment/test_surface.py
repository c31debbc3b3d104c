from __future__ import annotations

import numpy as np
import pytest

from core.alignment._surface import bandpass, evened, surface
from core.types import Rect
from tests.make import photo


def test_the_surface_is_the_correlation_of_every_overlap():
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal((30, 44)).astype(np.float32) for _ in range(2))
    ncc = surface(a, b).ncc
    ny, nx = ncc.shape[0] // 2, ncc.shape[1] // 2
    for dy, dx in ((0, 0), (5, -7), (-9, 3), (4, 12)):
        common = Rect(0, 0, 30, 44).intersect(Rect(dy, dx, 30, 44))
        p, q = a[common.slices].astype(float), b[common.shift(-dy, -dx).slices].astype(float)
        expected = (p * q).sum() / np.sqrt((p * p).sum() * (q * q).sum())
        assert ncc[ny + dy, nx + dx] == pytest.approx(expected, abs=1e-5)  # float32 transforms


def test_structure_ignores_brightness_slopes_and_what_is_invalid():
    gray = photo(120, 200, seed=14, channels=1).astype(np.float32)
    slope = np.linspace(-40, 40, 200, dtype=np.float32)
    inner = slice(25, -25), slice(25, -25)
    # Both blurs are symmetric, so a slope passes through both unchanged.
    assert np.allclose(
        bandpass(gray + slope + 9, None)[inner], bandpass(gray, None)[inner], atol=1e-3
    )
    valid = np.full((120, 200), 255, np.uint8)
    valid[40:60, 50:90] = 0
    broken = gray.copy()
    broken[40:60, 50:90] = 1e4
    assert np.array_equal(bandpass(broken, valid), bandpass(np.where(valid > 0, gray, 0), valid))


def test_evened_structure_keeps_signs_and_order_within_one():
    values = np.linspace(-300, 300, 121, dtype=np.float32).reshape(11, 11)
    even = evened(values)
    assert np.abs(even).max() < 1
    assert (np.diff(even.ravel()) > 0).all()
    assert np.array_equal(np.sign(even), np.sign(values))
    assert not evened(np.zeros((11, 11), np.float32)).any()
