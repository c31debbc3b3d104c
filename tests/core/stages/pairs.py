"""A pair as the `prepare` of a stage sees it, and pictures without structure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.stages.normalize import STAGE, NormalizeParams
from core.types import Rect, Tile, Token


@dataclass
class Pair:
    """The whole pair as a stage's `prepare` sees it, in strips of some rows."""

    a: np.ndarray
    b: np.ndarray
    valid: np.ndarray | None = None
    rows: int = 10**6
    level: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        return self.a.shape[:2]

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        assert level in (None, self.level)
        valid = None if self.valid is None else self.valid[rect.slices]
        return Tile(self.a[rect.slices], self.b[rect.slices], valid, rect, self.level)

    def strips(self) -> Iterator[Tile]:
        for row in range(0, self.shape[0], self.rows):
            yield self.tile(Rect(row, 0, min(self.rows, self.shape[0] - row), self.shape[1]))


def noise(height=60, width=141, channels=1, seed=0, low=3, high=240):
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(low, high, shape).astype(np.uint8)


def right_half(shape):
    valid = np.zeros(shape, np.uint8)
    valid[:, shape[1] // 2 :] = 255
    return valid


def normalized(a, b, method, valid=None, rows=10**6, **more):
    """Return both pictures after the stage, and its state."""
    params = NormalizeParams(method=method, **more)
    pair = Pair(a, b, valid, rows)
    state = STAGE.prepare(pair, params, Token())
    done = STAGE.apply(pair.tile(Rect.of(a)), params, state)
    return done.a, done.b, state


def codes(state):
    return [n.code for n in state.notices]
