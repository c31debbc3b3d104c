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

from core.alignment._surface import bandpass
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
SMOOTH: Final = 0.025
"""Sigma of the field, as a share of the diagonal."""
APART: Final = 1.0
"""Flow forth and back may contradict each other by so much, px of its level."""
SPACING: Final = 8
"""Nodes are so many pixels of the flow's level apart."""
SIZE: Final = 41
COUNT: Final = 300
"""Windows at the finest level."""
LEAST: Final = 0.3
"""Share of the overlap in which the flow must be believed."""
_EMPTY: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Elastic:
    """A field, what windows say of it, and how much of the overlap it stands on.

    Attributes
    ----------
    field
        Displacements on the canvas.
    at, left
        (n, 2) places of A on the canvas, and what is left there, px.
    agreed
        (n,) which of them had a say.
    share
        Of the overlap, 0...1.
    """

    field: Field
    at: Floats
    left: Floats
    agreed: NDArray[np.bool_]
    share: float


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
    share = float(trust.sum()) / max(cv2.countNonZero(both), 1)
    if share < LEAST:
        return None
    sigma = SMOOTH * math.hypot(whole.height, whole.width)
    smooth = _robust(flow, trust, sigma, token)
    step = SPACING << at
    origin = (step - 1) / 2.0
    nodes = _nodes(smooth, SPACING) * np.float32(1 << at)
    field = Field(nodes, float(step), origin)
    return _finished(side, seen, shape, level, matrix, field, share, token)


def _structures(side: Side, whole: Rect, level: int, matrix: Floats) -> tuple[Pixels, Pixels, Mask]:
    """Return both pictures as bytes without lighting, B brought onto A, and where both exist."""
    size = (whole.width, whole.height)
    made: list[Pixels] = []
    both: Mask = np.full((whole.height, whole.width), 255, np.uint8)
    for index in (0, 1):
        gray, valid = side(index, whole, level)
        structure = bandpass(gray, valid)
        mask = np.full_like(both, 255) if valid is None else valid
        if index:
            structure = cv2.warpPerspective(structure, matrix, size, flags=cv2.INTER_CUBIC)
            moved = cv2.warpPerspective(mask, matrix, size, flags=cv2.INTER_NEAREST)
            mask = np.asarray(moved, np.uint8)
        made.append(structure)
        both &= mask
    both = np.asarray(cv2.erode(both, np.ones((5, 5), np.uint8)), np.uint8)
    return _bytes(made[0], both), _bytes(made[1], both), both


def _bytes(structure: Pixels, valid: Mask) -> Pixels:
    """Return structure with about the same strength everywhere, 128 for none."""
    energy = cv2.GaussianBlur(cv2.multiply(structure, structure), (0, 0), 12.0)
    floor = 0.1 * cv2.mean(energy, valid)[0] + 1e-6
    even = structure / np.sqrt(energy + np.float32(floor))
    return cv2.convertScaleAbs(cv2.copyTo(even, valid), alpha=40.0, beta=128.0)


def _flow(a: Pixels, b: Pixels, both: Mask, token: Token) -> tuple[Pixels, Pixels]:
    """Return the flow (A(p) shows B(p + flow)), and how far it is believed, 0...1."""
    nothing = np.zeros((*a.shape, 2), np.float32)
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    forth = np.asarray(finder.calc(a, b, nothing))
    token.check()
    back = np.asarray(finder.calc(b, a, nothing))
    token.check()
    h, w = a.shape
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    returned = cv2.remap(back, x + forth[..., 0], y + forth[..., 1], cv2.INTER_LINEAR)
    off = np.hypot(forth[..., 0] + returned[..., 0], forth[..., 1] + returned[..., 1])
    texture = cv2.cornerMinEigenVal(a, 9, ksize=3)
    level = 0.05 * cv2.mean(texture, both)[0] + 1e-12
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
        smooth = _convolved(flow, trust * np.maximum(1.0 - (off / cut) ** 2, 0.0) ** 2, sigma)
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
    share: float, token: Token,
) -> Elastic:  # fmt: skip
    """Take away what windows at the finest level find on top of a field."""
    ratio = 1 << (seen.level - level)
    coarse = np.array(at_level(as_matrix(matrix), seen.level))
    here = np.array(at_level(as_matrix(matrix), level))
    centres = seen.places(coarse, ratio, SIZE, COUNT)
    scale = float(1 << level)
    if len(centres) < 12:
        none = np.zeros((0, 2))
        return Elastic(field, none, none, np.zeros(0, np.bool_), share)
    windows = Windows(side, level, centres, SIZE)
    guess = -_at(field, centres, level)
    windows.look(here, int(np.abs(guess).max()) + 6)
    ties = windows.measure(here, guess, 4, token)
    left = ties.a - mapped(here, ties.b) - guess
    good = ties.good & (ties.moved < 0.15) & (ties.ncc > 0.4)
    found = Field(field.shift, field.step, field.origin)
    if good.sum() >= 12:
        typical = float(np.median(np.hypot(*left[good].T)))
        good &= np.hypot(*left.T) < 4.0 * max(typical, 0.05)
        found = _corrected(field, centres, left, good, shape, scale)
    after = ties.a - mapped(here, ties.b) + _at(found, centres, level)
    places = np.asarray((centres + 0.5) * scale - 0.5, np.float64)
    return Elastic(found, places, after * scale, good, share)


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
