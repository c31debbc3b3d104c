"""Scenes without noise, and cameras that add it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.noise.model import Noise, prepare
from core.types import Rect, Tile, Token


@dataclass(frozen=True)
class Arrays:
    """A pair of arrays as a `core.noise.model.Source`."""

    a: np.ndarray
    b: np.ndarray
    valid: np.ndarray | None = None
    wanted: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.a.shape[:2]

    def tile(self, rect: Rect) -> Tile:
        valid = None if self.valid is None else self.valid[rect.slices]
        return Tile(self.a[rect.slices], self.b[rect.slices], valid, rect)

    def counted(self, rect: Rect) -> np.ndarray | None:
        return None if self.wanted is None else self.wanted[rect.slices]


def prepared(a, b, **more) -> Noise:
    return prepare(Arrays(a, b, **more), Token())


def scene(kind: str, height: int, width: int, channels: int = 1) -> np.ndarray:
    """Return float32 intensities from 25 to 230: flat, a ramp, or texture down to two pixels."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    if kind == "flat":
        made = np.full((height, width), 120, np.float32)
    elif kind == "ramp":
        made = 25 + 205 * x / np.float32(width - 1)
    else:
        fine = np.sin(x / 2.3) * np.sin(y / 3.1) * 35 + np.sin(x * y / 900) * 25
        made = np.clip(130 + fine + 60 * np.sin(x / 211), 25, 230)
    if channels == 1:
        return made.astype(np.float32)
    others = [made, made[::-1], 255 - made, made[:, ::-1]]
    return np.dstack(others[:channels]).astype(np.float32)


def sigma(values: np.ndarray, gain: float, read: float) -> np.ndarray:
    """Return σ of one capture: σ² = gain · x + read², Poisson–Gaussian; Gaussian for gain 0."""
    return np.sqrt(gain * values + read * read)


def capture(values: np.ndarray, gain: float, read: float, rng: np.random.Generator) -> np.ndarray:
    """Return what a camera makes of a scene: real Poisson counts, then read noise, whole levels."""
    seen = values if gain == 0 else gain * rng.poisson(np.maximum(values, 0) / gain)
    noisy = seen + read * rng.standard_normal(values.shape, dtype=np.float32)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def blurred(picture: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 1.0)


def jpeg(picture: np.ndarray) -> np.ndarray:
    flags = [cv2.IMWRITE_JPEG_QUALITY, 95]
    return cv2.imdecode(cv2.imencode(".jpg", picture, flags)[1], cv2.IMREAD_UNCHANGED)
