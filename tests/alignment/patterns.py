"""Pictures on which nothing can be laid with certainty: flat ones, patterns that repeat, noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from tests.alignment.render import offsets

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Random = np.random.Generator
    Values = NDArray[np.float32]

Size = tuple[int, int]


def flat(rng: Random, a: Size, b: Size, number: int) -> tuple[Values, Values]:
    """Return pictures of which at least one has nothing to hold on to."""
    level, other = rng.uniform(40, 215, 2)
    first, second = np.full(a, level, np.float32), np.full(b, level, np.float32)
    if number % 5 == 1:
        second[...] = other
    elif number % 5 == 2:
        sigma = rng.uniform(2, 10)
        return noisy(rng, first, sigma), noisy(rng, second, sigma)
    elif number % 5 == 3:  # a slope alone says how far across it, but not along it
        slope = rng.uniform(-0.1, 0.1, 2)
        rows, cols = np.mgrid[0 : a[0], 0 : a[1]]
        ramp = (level / 2 + 60 + slope[0] * rows + slope[1] * cols).astype(np.float32)
        return noisy(rng, ramp, 2), noisy(rng, ramp[: b[0], : b[1]] + 3, 2)
    elif number % 5 == 4:
        second = noisy(rng, second, 6)
        cv2.circle(second, (b[1] // 2, b[0] // 2), b[0] // 5, float(other), -1)
    return first, second


def noise(rng: Random, a: Size, b: Size, number: int) -> tuple[Values, Values]:
    """Return two pictures of noise that have nothing in common but their kind."""
    soft, sigma = (0.0, 1.0, 2.5)[number % 3], rng.uniform(10, 40)
    made = []
    for size in (a, b):
        grain = rng.standard_normal(size).astype(np.float32)
        grain = cv2.GaussianBlur(grain, (0, 0), soft) if soft else grain
        made.append((128 + sigma * grain / grain.std()).astype(np.float32))
    return made[0], made[1]


def repeating(rng: Random, a: Size, b: Size, number: int) -> tuple[Values, Values]:
    """Return a pattern that goes on forever, twice, at some distance and with a little noise."""
    pattern = PATTERNS[number % len(PATTERNS)]
    period, turn = rng.uniform(10, 36), np.deg2rad(rng.choice([0.0, 0.0, rng.uniform(0, 90)]))
    dark, light = rng.uniform(20, 90), rng.uniform(150, 235)
    angle, far = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 4) * period
    made = []
    for size, x, y in ((a, 0.0, 0.0), (b, far * np.cos(angle), far * np.sin(angle))):
        total = np.zeros(size, np.float32)
        for dx, dy in offsets():
            rows, cols = (
                np.mgrid[0 : size[0], 0 : size[1]] + np.array([dy + y, dx + x])[:, None, None]
            )
            u = (cols * np.cos(turn) + rows * np.sin(turn)) / period
            v = (rows * np.cos(turn) - cols * np.sin(turn)) / period
            total += pattern(u, v)
        made.append(noisy(rng, dark + (light - dark) * total / len(offsets()), rng.uniform(0, 5)))
    return made[0], made[1]


def _checkers(u: Any, v: Any) -> Any:
    return (np.floor(u) + np.floor(v)) % 2


def _stripes(u: Any, v: Any) -> Any:
    del v
    return u % 1 < 0.5


def _bricks(u: Any, v: Any) -> Any:
    row = np.floor(2 * v)
    return ((2 * v) % 1 > 0.12) & ((u + 0.5 * (row % 2)) % 1 > 0.06)


def _dots(u: Any, v: Any) -> Any:
    return (u % 1 - 0.5) ** 2 + (v % 1 - 0.5) ** 2 < 0.09


def _weave(u: Any, v: Any) -> Any:
    return 0.5 + 0.25 * (np.sin(2 * np.pi * u) + np.sin(2 * np.pi * v))


PATTERNS: tuple[Callable[[Any, Any], Any], ...] = (_checkers, _stripes, _bricks, _dots, _weave)
KINDS = {"flat": flat, "repeating": repeating, "noise": noise}


def noisy(rng: Random, values: Values, sigma: float) -> Values:
    """Return a copy with Gaussian noise."""
    return values + rng.standard_normal(values.shape).astype(np.float32) * np.float32(sigma)
