"""What a camera and a file do to the two views of a scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Random = np.random.Generator

Size = tuple[int, int]
"""(height, width)"""

ALL = (
    *("plain", "noise", "ev", "noise+ev", "blur", "occlusion", "overlap", "gray", "depth", "sizes"),
)
HARD = ("dim", "soft", "hidden", "murky")
"""What goes beyond what align is asked for, to see whether it knows that it is lost: much noise,
much blur of B, much of B hidden, and both of the first two."""
NOISY = ("noise", "noise+ev")
SIGMA = 10.0
"""Deviation of the noise of each picture, in levels of 255."""
EV = 0.5
BIAS = 8.0
BLUR = (0.8, 2.0)
DIM = (20.0, 70.0)
SOFT = (2.0, 6.0)
SMALLEST = (200, 320)
LARGE = ((400, 640), (480, 720), (500, 800), (640, 960))
SIZES = (SMALLEST, (256, 384), (280, 448), (320, 512), *LARGE)


def of(kind: str) -> tuple[str, ...]:
    """Return the conditions that the cases of a kind go through in turn."""
    if kind in ("flat", "repeating", "noise"):
        return ("plain",)
    if kind in ("unrelated", "apart"):
        return ("plain", "noise+ev", "blur", "gray")
    return ALL


def any_size(rng: Random, *, quick: bool = False) -> Size:
    """Return a size of pictures for which no scene is needed."""
    return SMALLEST if quick else LARGE[int(rng.integers(len(LARGE)))]


def other_sizes(rng: Random, size: Size) -> tuple[Size, Size]:
    """Return the size, and a smaller one of another shape, in either order."""
    height, width = (int(n * u) for n, u in zip(size, rng.uniform(0.7, 0.97, 2), strict=True))
    return ((height, width), size) if rng.random() < 0.5 else (size, (height, width))


def seen(rng: Random, condition: str, a: Pixels, b: Pixels) -> tuple[Pixels, Pixels]:
    """Return two views, floats from 0 to 255, as a camera gives them under a condition."""
    if condition == "blur":
        b = cv2.GaussianBlur(b, (0, 0), float(rng.uniform(*BLUR)))
    if condition in ("ev", "noise+ev"):
        b = exposed(b, float(rng.uniform(-EV, EV)), float(rng.uniform(-BIAS, BIAS)))
    if condition in ("soft", "murky"):
        b = cv2.GaussianBlur(b, (0, 0), float(rng.uniform(*SOFT)))
    if condition in ("dim", "murky"):
        sigma = float(rng.uniform(*DIM))
        a, b = (x + sigma * rng.standard_normal(x.shape).astype(np.float32) for x in (a, b))
    if condition in NOISY:
        a, b = (x + SIGMA * rng.standard_normal(x.shape).astype(np.float32) for x in (a, b))
    depths = ("uint8", "uint8")
    if condition == "depth":
        depths = ("uint16", "uint8") if rng.random() < 0.5 else ("uint8", "uint16")
    a, b = (stored(x, depth) for x, depth in zip((a, b), depths, strict=True))
    if condition == "gray":
        a, b = (a, _gray(b)) if rng.random() < 0.5 else (_gray(a), b)
    return a, b


def exposed(view: Pixels, ev: float, bias: float) -> Pixels:
    """Return a view with another exposure (of light, not of the encoded values), and a bias."""
    encoded = np.clip(view, 0, 255) / np.float32(255)
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    light = np.clip(light * 2**ev, 0, 1)
    again = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (255 * again + bias).astype(np.float32)


def stored(view: Pixels, depth: str) -> Pixels:
    """Return a view as a file of that depth holds it."""
    most = np.iinfo(depth).max
    return np.clip(np.rint(view * (most / 255)), 0, most).astype(depth)


def _gray(picture: Pixels) -> Pixels:
    return picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
