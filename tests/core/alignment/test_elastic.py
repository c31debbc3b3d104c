"""Elastic: a smooth bend is taken away, what moved by itself is not."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.engine import compare
from core.settings import Settings
from core.stages.align import AlignParams
from tests.make import photo

HEIGHT, WIDTH = 480, 760


def bent(picture, amount):
    """Return a picture as a lens shows it, off by up to `amount` px, and the displacements."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u, v = (x - WIDTH / 2) / (WIDTH / 2), (y - HEIGHT / 2) / (WIDTH / 2)
    far = amount * (u * u + v * v)
    dx, dy = far * u + 2.0 * np.sin(y / 90), far * v - 1.5 * np.cos(x / 110)
    return cv2.remap(picture, x + dx, y + dy, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@cache
def scene():
    return photo(HEIGHT, WIDTH, seed=21, channels=3)


def asked(b, model, **params):
    pictures = (ImageBuffer.from_array(p) for p in (scene(), b))
    settings = Settings([AlignParams(enabled=True, model=model, **params)])
    return compare(*pictures, settings, measures=("l1_per_pixel", "psnr"))


def test_a_bend_is_taken_away():
    b = bent(scene(), 6.0)
    flat, soft = asked(b, "homography"), asked(b, "elastic")
    assert soft.alignment.model == "elastic"
    assert "bent by up to" in soft.alignment.reason
    assert soft.measures["psnr"].value > flat.measures["psnr"].value + 6.0
    assert soft.measures["l1_per_pixel"].value < 0.5 * flat.measures["l1_per_pixel"].value
    assert soft.alignment.expected_error_px < 0.35


def test_what_moved_by_itself_is_not_bent_back():
    b = bent(scene(), 6.0)
    patch = b[200:260, 300:380].copy()
    b[200:260, 300:380] = b[100:160, 80:160]
    b[330:390, 560:640] = patch
    found = asked(b, "elastic")
    assert found.alignment.model == "elastic"
    big = max(found.regions, key=lambda r: r.mean * r.area)
    assert big.peak > 60.0
    lost = [r for r in found.alignment.arrows if not r.counted]
    assert lost


def test_a_picture_on_itself_is_not_bent():
    found = asked(scene(), "elastic")
    assert found.alignment.accepted
    assert (
        found.measures["psnr"].value > 48.0
    )  # less than a level: nothing moves by a tenth of a px
    assert all(np.hypot(r.dx, r.dy) < 0.1 for r in found.alignment.arrows)


def test_a_refusal_is_not_bent():
    other = photo(HEIGHT, WIDTH, seed=77, channels=3)
    found = asked(other, "elastic")
    assert not found.alignment.accepted
    assert found.alignment.matrix == ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@pytest.mark.parametrize("gain", [0.7, 1.3])
def test_exposure_makes_little_difference(gain):
    b = np.clip(bent(scene(), 5.0).astype(np.float32) * gain, 0, 255).astype(np.uint8)
    found = asked(b, "elastic")
    assert found.alignment.model == "elastic"
    assert found.alignment.expected_error_px < 0.4


def test_what_a_matrix_explains_is_not_bent():
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 4.0, 1.03)
    b = cv2.warpAffine(scene(), turn, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    found = asked(b, "elastic")
    assert found.alignment.model == "affine"
    assert "It was not bent" in found.alignment.reason
