"""What is said where the assumptions do not hold; that nothing is said where they do is tested
with the rates."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core import ImageBuffer, Settings, compare
from tests.core.noise.scenes import capture, scene

CAMERA = (0.3, 1.5)


def said(a, b, **noise):
    settings = Settings.from_dict({"noise": {"enabled": True, **noise}})
    result = compare(ImageBuffer.from_array(a), ImageBuffer.from_array(b), settings)
    found = [n for n in result.notices if n.code.startswith("noise_")]
    assert all(n.severity == "warning" for n in found)
    return {n.code for n in found}


def pair(size=(500, 900), camera=CAMERA, seed=1):
    rng = np.random.default_rng(seed)
    clean = scene("ramp", *size)
    return capture(clean, *camera, rng), capture(clean, *camera, rng)


def test_nothing_is_said_of_two_captures():
    assert said(*pair()) == set()


def test_no_noise():
    a = scene("texture", 200, 500).astype(np.uint8)
    assert said(a, a) == {"noise_none"}
    b = a.copy()
    b[20:30, 40:60] ^= 8
    assert said(a, b) == {"noise_none"}


def test_noise_below_rounding():
    assert "noise_floor" in said(*pair(camera=(0.0, 0.22)))


def test_steps_too_wide_for_a_share():
    a, b = pair(camera=(0.0, 0.8))
    assert "noise_steps" in said(a, b, control="pixels", false_pixels=0.001)
    assert "noise_steps" not in said(*pair(), control="pixels", false_pixels=0.001)


def test_another_scene():
    a, _ = pair()
    rng = np.random.default_rng(2)
    other = capture(scene("ramp", 900, 500).T.copy(), *CAMERA, rng)
    assert "noise_scene" in said(a, other)


def test_one_is_brighter():
    a, b = pair()
    found = said(a, np.clip(b.astype(int) + 3, 0, 255).astype(np.uint8))
    assert "noise_offset" in found


def test_fat_tails():
    a, b = (p.astype(int) for p in pair((900, 1500)))
    specks = np.random.default_rng(3).random(a.shape) < 0.02
    b[specks] += 30
    assert "noise_tails" in said(a.astype(np.uint8), np.clip(b, 0, 255).astype(np.uint8))


def test_noise_in_patches():
    """As where something smooths only what it takes to be flat."""
    a, b = pair((900, 1500))
    smooth = [cv2.GaussianBlur(p, (0, 0), 2) for p in (a, b)]
    for plain, soft in zip((a, b), smooth, strict=True):
        for row in range(0, 900, 128):
            plain[row : row + 64] = soft[row : row + 64]
    assert "noise_uneven" in said(a, b)


def test_noise_of_a_wide_blur():
    a, b = (cv2.GaussianBlur(p.astype(np.float32), (0, 0), 4) for p in pair())
    assert "noise_tied" in said(a / 255, b / 255)


@pytest.mark.parametrize("size", [(1, 1), (7, 31), (60, 90)])
def test_few_pixels(size):
    if size == (1, 1):
        a = b = np.full(size, 9, np.uint8)
        assert said(a, b) == {"noise_none"}
    else:
        assert "noise_few" in said(*pair(size, camera=(0.0, 5.0)))
