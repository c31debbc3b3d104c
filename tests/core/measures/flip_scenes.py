"""What the tests of FLIP share: the authors' evaluator, scenes, and changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flip_evaluator
import numpy as np

from core.buffer import ImageBuffer
from core.measures.flip import FlipParams
from core.settings import Settings
from core.types import Encoding

if TYPE_CHECKING:
    from core.types import Pixels

MAP = 1e-4
MEAN = 5e-5
"""All that float32 leaves; 5.5e-5 and 2.9e-5 are the largest seen on photographs."""


def evaluated(a: Pixels, b: Pixels, kind: str = "LDR", **parameters: Any) -> tuple[Pixels, float]:
    """Return the evaluator's map and mean of pictures in 0...1, or light."""
    found, mean, _ = flip_evaluator.evaluate(
        np.ascontiguousarray(a, np.float32), np.ascontiguousarray(b, np.float32), kind,
        applyMagma=False, parameters=parameters,
    )  # fmt: skip
    return found[:, :, 0], mean


def params(**changes: Any) -> Settings:
    return Settings([FlipParams(**changes)])


def patch(a: Pixels) -> Pixels:
    b = a.copy()
    b[50:90, 100:180] = 255 - b[50:90, 100:180]
    return b


def grain(a: Pixels) -> Pixels:
    noise = np.random.default_rng(5).normal(0, 6, a.shape)
    return np.clip(np.rint(a + noise), 0, 255).astype(np.uint8)


def rendering(height: int, width: int, seed: int) -> Pixels:
    """Return light with lamps in it, float32, 1 for white, up to some hundred whites."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    glow = np.exp(2.5 * np.sin(x / 17 + seed) + 1.5 * np.cos(y / 23))
    light = glow[..., None] * [1.0, 0.8, 0.5] * (1 + 0.3 * rng.random((height, width, 3)))
    for _ in range(6):
        row, col = rng.integers(0, height), rng.integers(0, width)
        lamp = np.exp(-((y - row) ** 2 + (x - col) ** 2) / 30) * rng.uniform(5, 300)
        light += lamp[..., None] * rng.uniform(0.2, 1, 3)
    return light.astype(np.float32)


def linear(light: Pixels) -> ImageBuffer:
    return ImageBuffer.from_array(light, peak=1.0, encoding=Encoding.LINEAR)
