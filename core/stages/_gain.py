"""Fits A = gain * B + bias, not dragged by a change in part of the picture.

A sample on a grid gives a first line: of many lines, each through two pixels, the one with the
smallest sum of capped distances (MSAC: Torr and Zisserman 2000, doi:10.1006/cviu.1999.0832). Least
squares over the pixels near the line, whose width follows their spread, settles it; then one pass
over all pixels near that line gives the exact least squares answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.stages import Upstream
    from core.types import Pixels, Tile, Token

    Floats = NDArray[np.float64]

MANY: Final = 0.25
"""Fewer pixels than this share near the line make it unsure."""
_GAINS: Final = (1 / 16, 16.0)
"""A gain outside is refused: a negative picture is a difference, not an exposure."""
_SAMPLE: Final = 1 << 16
_SCORED: Final = 1 << 11
_LINES: Final = 128
_CAP: Final = 0.08
"""Distances are capped at this share of A's deviation."""
_WIDTH: Final = 2.5
"""Pixels within this many standard deviations of the line count as near it."""


@dataclass(frozen=True, slots=True)
class Gain:
    """One channel's line.

    Attributes
    ----------
    gain, bias
        Exactly 1 and 0 when all pixels near the line are equal, or when refused.
    kept
        Share of the valid pixels near the line.
    refused
        Whether there was nothing to go by.
    """

    gain: float = 1.0
    bias: float = 0.0
    kept: float = 1.0
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """``a - b = slope * b + bias`` within `width`: so equal pictures give exactly 0 and 0."""

    slope: float
    bias: float
    width: float


def fit_gain(upstream: Upstream, token: Token) -> tuple[Gain, ...]:
    """Return the line of each channel; takes two passes over the pictures."""
    height, width = upstream.shape
    step = max(round((height * width / _SAMPLE) ** 0.5), 1)
    samples: list[list[tuple[Floats, Floats]]] = []
    for tile in upstream.strips():
        token.check()
        samples.append(_sample(tile, step))
    lines: list[_Line | None] = []
    for channel in zip(*samples, strict=True):
        token.check()
        a, b = (np.concatenate(parts) for parts in zip(*channel, strict=True))
        lines.append(_rough(a, b))
    sums = np.zeros((len(lines), 6))
    if any(line is not None for line in lines):
        for tile in upstream.strips():
            token.check()
            sums += _sums(tile, lines)
    return tuple(_gain(line, s) for line, s in zip(lines, sums, strict=True))


def _planes(pixels: Pixels) -> list[Pixels]:
    return [pixels] if pixels.ndim == 2 else list(cv2.split(pixels))


def _sample(tile: Tile, step: int) -> list[tuple[Floats, Floats]]:
    """Return the valid pixels of every step-th row and column of the canvas, for each channel."""
    grid = slice(-tile.rect.row % step, None, step), slice(-tile.rect.col % step, None, step)
    keep = None if tile.valid is None else tile.valid[grid] > 0

    def picked(plane: Pixels) -> Floats:
        values = plane[grid].astype(np.float64)
        return values.ravel() if keep is None else values[keep]

    pairs = zip(_planes(tile.a), _planes(tile.b), strict=True)
    return [(picked(a), picked(b)) for a, b in pairs]


def _rough(a: Floats, b: Floats) -> _Line | None:
    """Return the line of a sample; None when there is nothing to go by."""
    spread = min(float(np.std(a)), float(np.std(b))) if a.size > 1 else 0.0
    if spread == 0.0:
        return None
    cap = _CAP * float(np.std(a))
    rest = a - b
    rng = np.random.default_rng(0)  # seeded: the same pictures always give the same answer
    one, other = rng.integers(0, a.size, (2, _LINES))
    run = b[other] - b[one]
    far = np.abs(run) > spread / 4
    slope = (rest[other][far] - rest[one][far]) / run[far]
    slope = np.append(slope, 0.0)  # equal exposure, the likeliest of all, is always tried
    bias = np.append(rest[one][far] - slope[:-1] * b[one][far], 0.0)
    good = (slope + 1 >= _GAINS[0]) & (slope + 1 <= _GAINS[1])
    slope, bias = slope[good], bias[good]
    some = rng.integers(0, a.size, min(_SCORED, a.size))
    away = np.abs(rest[some] - slope[:, None] * b[some] - bias[:, None])
    best = int(np.minimum(away, cap).sum(axis=1).argmin())
    line = _Line(float(slope[best]), float(bias[best]), cap)
    for _ in range(12):
        near = np.abs(rest - line.slope * b - line.bias) <= line.width
        x, r = b[near], rest[near]
        moved = _least_squares(x.size, x.sum(), r.sum(), _dot(x, x), _dot(x, r))
        if moved is None:
            break
        left = r - moved[0] * x - moved[1]
        width = _WIDTH * float(np.sqrt(_dot(left, left) / x.size))
        line = _Line(*moved, min(max(width, 1e-9 * spread), cap))
    return line


def _dot(x: Floats, y: Floats) -> float:
    """Return the sum of products, without BLAS, whose own threads would fight with the engine's."""
    return float(np.einsum("i,i->", x.ravel(), y.ravel()))


def _least_squares(
    n: float, x: float, r: float, xx: float, xr: float
) -> tuple[float, float] | None:
    """Return slope and bias from sums; None when the pixels lie on too few values."""
    if n < 2 or xx - x * x / n <= 1e-9 * xx:
        return None
    slope = (xr - x * r / n) / (xx - x * x / n)
    return float(slope), float((r - slope * x) / n)


def _sums(tile: Tile, lines: list[_Line | None]) -> Floats:
    """Return (C, 6): n, x, r, xx, xr of the pixels near the line, and n of all valid ones."""
    out = np.zeros((len(lines), 6))
    for c, (a, b) in enumerate(zip(_planes(tile.a), _planes(tile.b), strict=True)):
        line = lines[c]
        if line is None:
            continue
        x = b.astype(np.float64)
        rest = a - x
        away = rest - line.slope * x
        away -= line.bias
        near = (np.abs(away, out=away) <= line.width).astype(np.float64)
        if tile.valid is not None:
            near *= tile.valid > 0
        kept = np.multiply(x, near, out=away)
        sums = (
            near.sum(), kept.sum(), _dot(near, rest), _dot(kept, x), _dot(kept, rest),
            near.size if tile.valid is None else np.count_nonzero(tile.valid),
        )  # fmt: skip
        out[c] = sums
    return out


def _gain(line: _Line | None, sums: Floats) -> Gain:
    if line is None:
        return Gain(refused=True)
    n, x, r, xx, xr, total = (float(v) for v in sums)
    found = _least_squares(n, x, r, xx, xr) or (line.slope, line.bias)
    gain = 1.0 + found[0]
    if not _GAINS[0] <= gain <= _GAINS[1]:
        return Gain(refused=True)
    return Gain(gain, found[1], n / total if total else 0.0)
