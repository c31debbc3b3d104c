"""Elastic: what a matrix leaves, as a smooth field of displacements.

1. Dense inverse search flow (Kroeger et al. 2016, DOI 10.1007/978-3-319-46493-0_29) between the
   structures of an overview, forth and back; where the two contradict each other, or nothing is to
   be seen, it has no say.
2. Normalised convolution (Knutsson & Westin 1993, DOI 10.1109/CVPR.1993.341081) with a wide
   Gaussian: the field can follow a lens or a bent page, but not a thing that moved by itself, which
   would hide just what is looked for.
3. Ties on windows at full resolution take away what the overview could not see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment._ties import Windows
from core.alignment.models import mapped
from core.field import Field
from core.geometry import as_matrix, at_level
from core.pyramid import level_shape, preview_level
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.alignment._overview import Overview
    from core.alignment.models import Floats
    from core.alignment.sides import Side
    from core.types import Mask, Pixels, Token

PIXELS: Final = 600_000
"""The flow is looked for on the largest level of at most so many pixels."""
SMOOTH: Final = 0.02
"""Sigma of the field, as a share of the diagonal."""
AGAIN: Final = 2
"""So often what the smoothing took away is smoothed and added: slow bends are then not flattened
(twicing; Tukey 1977, Exploratory Data Analysis)."""
APART: Final = 1.0
"""Flow forth and back may contradict each other by so much, px of its level."""
BLUR: Final = 0.7
"""Sigma of the Gaussian both are seen through, px of the flow's level."""
SPACING: Final = 8
"""Nodes are so many pixels of the flow's level apart."""
SIZE: Final = 41
COUNT: Final = 300
"""Windows at the finest level."""
HELPS: Final = 0.7
"""A bend that leaves more than this share of what the matrix left is none."""
FINE: Final = 0.1
"""Px of the finest level: where a matrix leaves less, there is nothing to bend."""
LEAST: Final = 0.15
"""Share of the overlap in which the flow must be believed; half is the most, as half of it has less
texture than the rest."""
_EMPTY: Final = 0.006


@dataclass(frozen=True, slots=True, eq=False)
class Elastic:
    """A field, and what windows say of it.

    Attributes
    ----------
    field
        Displacements on the canvas.
    at, left
        (n, 2) places of A on the canvas, and what is left there, px.
    agreed
        (n,) which of them had a say.
    bend
        Longest displacement at a window that had a say, px.
    """

    field: Field
    at: Floats
    left: Floats
    agreed: NDArray[np.bool_]
    bend: float


def elastic(
    side: Side, seen: Overview, shape: tuple[int, int], level: int, matrix: Floats, token: Token
) -> Elastic | None:
    """Return the field that lies on top of a matrix, or None when there is no telling.

    Parameters
    ----------
    side, seen
        The pictures.
    shape
        (height, width) of the canvas at full resolution.
    level
        Pyramid level to finish at.
    matrix
        B to A on the canvas at full resolution.
    token
        Checked between the pieces of work.
    """
    at = max(level, preview_level(shape, PIXELS))
    here = np.array(at_level(as_matrix(matrix), at))
    whole = Rect(0, 0, *level_shape(shape, at))
    a, b, both = _structures(side, whole, at, here)
    token.check()
    if cv2.countNonZero(both) < 1000:
        return None
    flow, trust = _flow(a, b, both, token)
    if float(trust.sum()) < LEAST * cv2.countNonZero(both):
        return None
    sigma = SMOOTH * math.hypot(whole.height, whole.width)
    smooth = _robust(flow, trust, sigma, token)
    step = SPACING << at
    origin = (step - 1) / 2.0
    nodes = _nodes(smooth, SPACING) * np.float32(1 << at)
    field = Field(nodes, float(step), origin)
    return _finished(side, seen, shape, level, matrix, field, token)


def _structures(side: Side, whole: Rect, level: int, matrix: Floats) -> tuple[Pixels, Pixels, Mask]:
    """Return both pictures as bytes, B brought onto A, and where both exist."""
    size = (whole.width, whole.height)
    made: list[Pixels] = []
    both: Mask = np.full((whole.height, whole.width), 255, np.uint8)
    for index in (0, 1):
        gray, valid = side(index, whole, level)
        gray = cv2.GaussianBlur(gray, (0, 0), BLUR)
        mask = np.full_like(both, 255) if valid is None else valid
        if index:
            gray = cv2.warpPerspective(gray, matrix, size, flags=cv2.INTER_CUBIC)
            moved = cv2.warpPerspective(mask, matrix, size, flags=cv2.INTER_NEAREST)
            mask = np.asarray(moved, np.uint8)
        made.append(gray)
        both &= mask
    both = np.asarray(cv2.erode(both, np.ones((5, 5), np.uint8)), np.uint8)
    return _bytes(made[0], both), _bytes(made[1], both), both


def _bytes(gray: Pixels, valid: Mask) -> Pixels:
    """Return brightness as bytes, spread so that exposure makes no difference."""
    seen = gray[valid > 0]
    low, high = np.quantile(seen[:: max(seen.size // 100_000, 1)], (0.01, 0.99))
    scale = 215.0 / max(float(high - low), 1.0)
    spread = np.clip((gray - np.float32(low)) * np.float32(scale) + 20.0, 0.0, 255.0)
    return cv2.copyTo(spread.astype(np.uint8), valid)


def _flow(a: Pixels, b: Pixels, both: Mask, token: Token) -> tuple[Pixels, Pixels]:
    """Return the flow (A(p) shows B(p + flow)), and how far it is believed, 0...1."""
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    forth = finder.calc(a, b, np.zeros((*a.shape, 2), np.float32))
    token.check()
    back = finder.calc(b, a, np.zeros((*a.shape, 2), np.float32))
    token.check()
    h, w = a.shape
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    returned = cv2.remap(back, x + forth[..., 0], y + forth[..., 1], cv2.INTER_LINEAR)
    off = np.hypot(forth[..., 0] + returned[..., 0], forth[..., 1] + returned[..., 1])
    texture = cv2.cornerMinEigenVal(a, 9, ksize=3)
    level = float(np.median(texture[both > 0])) + 1e-12
    trust = texture / (texture + np.float32(level))
    trust *= (off < APART) & (both > 0)
    return forth, trust.astype(np.float32)


def _robust(flow: Pixels, trust: Pixels, sigma: float, token: Token) -> Pixels:
    """Return the smooth field; what is far from it loses its say, twice."""
    smooth = _convolved(flow, trust, sigma)
    for _ in range(3):
        token.check()
        off = np.hypot(*(flow - smooth).transpose(2, 0, 1))
        typical = float(np.median(off[trust > 0.1])) if (trust > 0.1).any() else 1.0
        cut = np.float32(3.0 * max(typical, 0.15))
        believed = trust * np.maximum(1.0 - (off / cut) ** 2, 0.0) ** 2
        smooth = _convolved(flow, believed, sigma)
        for _ in range(AGAIN):
            smooth = smooth + _convolved(flow - smooth, believed, sigma)
    return smooth


def _convolved(values: Pixels, weight: Pixels, sigma: float) -> Pixels:
    """Return normalised convolution; far from any weight it goes over into the mean."""
    mean = [float((values[..., k] * weight).sum() / max(weight.sum(), 1e-9)) for k in (0, 1)]
    total = cv2.GaussianBlur(weight, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    out = np.empty_like(values)
    for k in (0, 1):
        part = cv2.GaussianBlur(
            (values[..., k] - np.float32(mean[k])) * weight, (0, 0), sigma,
            borderType=cv2.BORDER_CONSTANT,
        )  # fmt: skip
        out[..., k] = part / (total + np.float32(_EMPTY)) + np.float32(mean[k])
    return out


def _nodes(smooth: Pixels, spacing: int) -> Pixels:
    """Return the field at the middles of squares of `spacing` pixels."""
    h, w = smooth.shape[:2]
    rows, cols = -(-h // spacing), -(-w // spacing)
    padded = cv2.copyMakeBorder(
        smooth, 0, rows * spacing - h, 0, cols * spacing - w, cv2.BORDER_REPLICATE
    )
    found: Pixels = padded.reshape(rows, spacing, cols, spacing, 2).mean(axis=(1, 3))
    return found.astype(np.float32)


def _finished(
    side: Side, seen: Overview, shape: tuple[int, int], level: int, matrix: Floats, field: Field,
    token: Token,
) -> Elastic | None:  # fmt: skip
    """Take away what windows at the finest level find on top of a field."""
    ratio = 1 << (seen.level - level)
    coarse = np.array(at_level(as_matrix(matrix), seen.level))
    here = np.array(at_level(as_matrix(matrix), level))
    centres = seen.places(coarse, ratio, SIZE, COUNT)
    scale = float(1 << level)
    if len(centres) < 12:
        return None
    windows = Windows(side, level, centres, SIZE)
    guess = -_at(field, centres, level)
    windows.look(here, int(np.abs(guess).max()) + 6)
    ties = windows.measure(here, guess, 4, token)
    left = ties.a - mapped(here, ties.b) - guess
    good = ties.good & (ties.moved < 0.15) & (ties.ncc > 0.4)
    if good.sum() < 12:
        return None
    typical = float(np.median(np.hypot(*left[good].T)))
    good &= np.hypot(*left.T) < 4.0 * max(typical, 0.05)
    found = _corrected(field, centres, left, good, shape, scale)
    there = _at(found, centres, level)
    after = ties.a - mapped(here, ties.b) + there
    places = np.asarray((centres + 0.5) * scale - 0.5, np.float64)
    before, rest = (float(np.median(np.hypot(*v[good].T))) for v in (after - there, after))
    if before < FINE or rest > HELPS * before:
        return None
    bend = float(np.hypot(*there[good].T).max(initial=0.0)) * scale
    return Elastic(found, places, after * scale, good, bend)


def _corrected(
    field: Field, centres: NDArray[np.intp], left: Floats, good: NDArray[np.bool_],
    shape: tuple[int, int], scale: float,
) -> Field:  # fmt: skip
    """Return the field less what is left at windows, spread as wide as the field is smooth."""
    rows, cols = field.shift.shape[:2]
    values = np.zeros((rows, cols, 2), np.float32)
    weight = np.zeros((rows, cols), np.float32)
    full = (centres + 0.5) * scale - 0.5
    at = np.rint((full - field.origin) / field.step).astype(int)
    for (x, y), off in zip(np.clip(at[good], 0, (cols - 1, rows - 1)), left[good], strict=True):
        values[y, x] += off * scale
        weight[y, x] += 1.0
    mean = values / np.maximum(weight, 1.0)[..., None]
    sigma = max(SMOOTH * math.hypot(*shape) / field.step, 1.0)
    # B's content has to be moved by what is left, so that much is taken off where it is looked for.
    return Field(field.shift - _convolved(mean, weight, sigma), field.step, field.origin)


def _at(field: Field, places: NDArray[np.intp], level: int) -> Floats:
    """Return the field at pixels (x, y) of a level, in px of it."""
    found = [[p[0, 0] for p in field.over(Rect(int(y), int(x), 1, 1), level)] for x, y in places]
    return np.array(found, np.float64).reshape(-1, 2)
