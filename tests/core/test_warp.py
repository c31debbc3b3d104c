"""The general resampler against direct sums, written another way."""

from __future__ import annotations

import numpy as np
import pytest

from core.geometry import Kernel
from core.kernels import SUPPORT, weight
from core.warp import sampled
from tests.make import photo

KERNELS = list(Kernel)
PHOTO = photo(90, 160, seed=3)
GRAY = photo(90, 160, seed=4, channels=1)


def direct(source, u, v, kernel, widen=1.0):
    """Return the weighted sums at positions; edges repeated."""
    half = int(np.ceil(SUPPORT[kernel] * widen))
    x0, y0 = np.floor(u).astype(int), np.floor(v).astype(int)
    total = share = 0.0
    for i in range(-half, half + 2):
        for j in range(-half, half + 2):
            w = weight(kernel, (v - y0 - i) / widen) * weight(kernel, (u - x0 - j) / widen)
            rows = np.clip(y0 + i, 0, source.shape[0] - 1)
            taken = source[rows, np.clip(x0 + j, 0, source.shape[1] - 1)].astype(np.float64)
            total = total + taken * (w if source.ndim == 2 else w[..., None])
            share = share + w
    return total / (share if source.ndim == 2 else share[..., None])


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("source", [GRAY, PHOTO])
def test_samples_are_the_weighted_sums(source, kernel):
    y, x = np.mgrid[0:50, 0:70].astype(np.float64)
    u, v = 40.3 + 1.02 * x - 0.3 * y, 31.7 + 0.2 * x + 0.8 * y
    expected = direct(source, u, v, kernel)
    values, _ = sampled(source, u, v, kernel)
    assert values.dtype == np.float32
    # Positions and weights rounded to 6e-8, sums of 36 terms up to 255.
    assert np.abs(values - expected).max() < 2e-4
    values, _ = sampled(source.astype(np.float64), u, v, kernel)
    assert values.dtype == np.float64
    assert np.abs(values - expected).max() < 1e-9


@pytest.mark.parametrize("kernel", KERNELS)
def test_samples_on_pixel_centres_are_the_pixels(kernel):
    y, x = np.mgrid[0:90, 0:160].astype(np.float64)
    for nudge in (0.0, 4e-10, -4e-10):
        values, inside = sampled(GRAY, x + nudge, y - nudge, kernel)
        assert np.array_equal(values, GRAY)
        assert inside is None or inside.all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_positions_need_not_be_finite_or_near(kernel):
    u = np.array([[np.nan, np.inf, -np.inf, 1e300, -1e18, 50.5, 50.5, 50.5]])
    v = np.array([[40.5, 40.5, 40.5, 40.5, 40.5, np.nan, 1e9, 40.5]])
    values, inside = sampled(PHOTO, u, v, kernel)
    assert np.isfinite(values).all()
    assert inside.tolist() == [[0, 0, 0, 0, 0, 0, 0, 255]]
