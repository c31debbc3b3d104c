from __future__ import annotations

import numpy as np
import pytest

from core.lab import GRAIN, TO_XYZ, LabPair, to_lab
from tests.core.measures.samples import noise


def script(picture, linear):
    """CIE 15 and IEC 61966-2-1 as they are written, in float64."""
    v = np.clip(picture.astype(np.float64), 0, 255) / 255
    if not linear:
        v = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    xyz = v @ np.array(TO_XYZ).T / np.sum(TO_XYZ, axis=1)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), (29 / 6) ** 2 / 3 * xyz + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("linear", [False, True])
def test_agrees_with_the_formulas(dtype, linear):
    a, b = noise(101, 307, 3, dtype=dtype), noise(101, 307, 3, seed=1, dtype=dtype)
    a[:30] //= 16  # the straight parts
    pair = LabPair(a.shape[0] * a.shape[1], color=True, linear=linear)
    pair.of(b[:50], a[:50])  # what memory holds of an earlier call does not matter
    lab = pair.of(a, b)
    assert lab.count == 101 * 307
    assert lab.lightness.shape[1] % GRAIN == 0
    planes = [each[:, : lab.count].reshape(2, 101, 307) for each in (lab.lightness, lab.a, lab.b)]
    for i, picture in enumerate((a, b)):
        found, right = np.stack([plane[i] for plane in planes]), script(picture, linear)
        # Roots are within 1e-7 and a* is 500 times their difference.
        np.testing.assert_allclose(found, right, rtol=0, atol=1e-4)


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_equal_channels_are_exactly_neutral(dtype, linear):
    gray = np.arange(256).reshape(4, 64).astype(dtype)
    rgb = np.repeat(gray[:, :, None], 3, axis=2)
    lab = LabPair(256, color=True, linear=linear).of(rgb, rgb[::-1])
    assert lab.a is not None
    assert lab.b is not None
    assert not lab.a.any()
    assert not lab.b.any()
    alone = LabPair(256, color=False, linear=linear).of(gray, gray[::-1])
    assert alone.a is None
    assert alone.b is None
    np.testing.assert_array_equal(alone.lightness, lab.lightness)


def test_beyond_0_and_255_is_clipped():
    a = np.array([[[-3.0, 300, 1e30], [7, 8, 9]]], np.float32)
    b = np.array([[[0.0, 255, 255], [7, 8, 9]]], np.float32)
    lab = LabPair(2, color=True, linear=False).of(a, b)
    for plane in (lab.lightness, lab.a, lab.b):
        np.testing.assert_array_equal(plane[0, :2], plane[1, :2])
        assert np.isfinite(plane).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("shape", [(3, 5), (301, 407), (2, 70_001)])
def test_whole_pictures_are_those_of_the_formulas(shape, dtype, linear):
    a, b = noise(*shape, 4, dtype=dtype), noise(*shape, 4, seed=1, dtype=dtype)
    for found, picture in zip(to_lab(a, b, linear=linear), (a, b), strict=True):
        assert (found.dtype, found.shape) == (np.float32, (*shape, 3))
        right = np.moveaxis(script(picture[..., :3], linear), 0, -1)
        np.testing.assert_allclose(found, right, rtol=0, atol=1e-4)


def test_equal_colours_have_equal_lab_wherever_they_stand():
    a = noise(64, 1031, 3)
    b = np.roll(a, 1, axis=1)
    one, other = to_lab(a, b)
    np.testing.assert_array_equal(one[:, :-1], other[:, 1:])
