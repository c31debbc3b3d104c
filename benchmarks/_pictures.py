"""The pictures that are measured: like photographs, of any size."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.buffer import ImageBuffer
from tests.make import photo

SHAPES = {12: (3000, 4000), 24: (4000, 6000), 100: (8160, 12240)}
"""Megapixels -> (height, width)."""
_NOISE_ROWS = 509


@cache
def arrays(megapixels: int, channels: int = 3) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return two shots of one scene: noise of their own, and an object that was put into B."""
    height, width = SHAPES[megapixels]
    scene = photo(1125, 1500, seed=7, channels=channels)
    clean = cv2.resize(scene, (width, height), interpolation=cv2.INTER_CUBIC)
    a, b = (noisy(clean, seed) for seed in (1, 2))
    top, left = height // 3, width // 2
    part = b[top : top + height // 12, left : left + width // 11]
    np.subtract(255, part, out=part)
    return a, b


def noisy(clean: NDArray[Any], seed: int) -> NDArray[np.uint8]:
    """Add noise of one level; a strip of it is repeated, whose height no power of two divides."""
    shape = (_NOISE_ROWS, *clean.shape[1:])
    noise = np.random.default_rng(seed).standard_normal(shape, np.float32)
    grain = np.rint(noise).astype(np.int16)
    out = np.empty_like(clean)
    for row in range(0, len(clean), _NOISE_ROWS):
        rows = slice(row, min(row + _NOISE_ROWS, len(clean)))
        cv2.add(clean[rows], grain[: rows.stop - row], out[rows], dtype=cv2.CV_8U)
    return out


@cache
def pair(megapixels: int, channels: int = 3) -> tuple[ImageBuffer, ImageBuffer]:
    """Return the same as pictures that the engine takes."""
    a, b = arrays(megapixels, channels)
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b)
