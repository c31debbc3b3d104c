"""FLIP of two pictures' light: how much of a difference is noticed when one replaces the other.

After Andersson and others, DOI 10.1145/3406183. Light goes to opponent channels, which are blurred
as the eye does it (`core.measures._flip_filters`), then to CIE Lab in which vivid colours are
damped in the dark (Hunt), where the distance is HyAB, compressed to 0...1 (section 4.1). Where
edges or points appear or vanish (section 4.2), the compressed distance is raised (section 4.3).

Opponent channels here are the achromatic Y and the two that are exactly 0 for gray, X - Y and
Y - Z, all of them divided by those of white. They are those of the paper (YyCxCz) without factors
and offsets, which blurs keep. All work is done in float32, on tiles whose planes of both pictures
lie below one another. Lengths are made by squares and a root: the last digit of `cv2.magnitude`
depends on where in memory its arrays are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from core.measures._flip_filters import Filters
    from core.types import Pixels

_XYZ: Final = np.array(
    [
        [10135552, 8788810, 4435075],
        [2 * 2613072, 2 * 8788810, 2 * 887015],
        [1425312 / 3, 8788810 / 3, 70074185 / 3],
    ]
) / 24577794  # fmt: skip
"""sRGB primaries to CIE XYZ (IEC 61966-2-1, white D65), in the exact fractions of the paper's
tools."""
_TO_XYZ: Final = _XYZ / _XYZ.sum(axis=1, keepdims=True)
"""To X, Y and Z divided by those of white: each row sums to 1."""
_TO_OPPONENT: Final = np.array([[0, 1, 0], [1, -1, 0], [0, 1, -1]]) @ _TO_XYZ
_FROM_OPPONENT: Final = np.linalg.inv(_TO_OPPONENT)
"""Its first column is 1, 1, 1."""

_DELTA: Final = 6 / 29
_LINE: Final = 1 / (3 * _DELTA**2)
_HUNT: Final = 0.01
_POWER, _KNEE, _KNEE_AT = 0.7, 0.4, 0.95
"""q_c, p_c and p_t of the paper: distances to the power of q_c; the share p_c of the largest is
brought to p_t, and what is beyond shares the rest."""
_HALF_ROOT: Final = math.sqrt(0.5)
"""Lengths of gradients are divided by the largest there is, that of two weights of 1."""
_WHITE: Final = np.float32(1.0)
_SMALL: Final = np.float32(-100)
_NOISE: Final = 2e-5
"""Distances of less than this are rounding of L*, and taken as 0."""


def _lab(xyz: Pixels) -> Pixels:
    """Return Hunt-adjusted Lab in float64 of one XYZ divided by white."""
    root = np.where(xyz > _DELTA**3, np.cbrt(xyz), _LINE * xyz + 4 / 29)
    lightness = 116 * root[1] - 16
    damped = _HUNT * lightness * np.array([500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
    return np.array([lightness, *damped])


def _largest() -> float:
    """Return the largest compressed distance, that of green and blue."""
    green, blue = _lab(_TO_XYZ[:, 1]), _lab(_TO_XYZ[:, 2])
    distance = abs(green[0] - blue[0]) + np.hypot(green[1] - blue[1], green[2] - blue[2])
    return float(distance**_POWER)


_MOST: Final = _largest()


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of a tile.

    Attributes
    ----------
    height, width
        Of the inner part.
    radius
        How much more the planes hold on each side.
    """

    height: int
    width: int
    radius: int

    @property
    def outer(self) -> tuple[int, int]:
        """(height, width) of a plane of one picture."""
        return self.height + 2 * self.radius, self.width + 2 * self.radius

    def parts(self, plane: Pixels) -> tuple[Pixels, Pixels]:
        """Return the inner parts of A and of B of a plane with margins."""
        height, r = self.outer[0], self.radius
        cols = slice(r, r + self.width)
        return plane[r : r + self.height, cols], plane[height + r : height + r + self.height, cols]


class Work:
    """Working memory for tiles up to a size, of gray or RGB; for one thread.

    Planes hold A, and B below it. Those of one shape lie below one another, so that one call can
    work on several.
    """

    def __init__(self, largest: Shape, channels: int) -> None:
        height, width = largest.outer
        self.channels = channels
        self._wide = np.empty((2 * channels + 2) * 2 * height * width, np.float32)
        inner = 2 * largest.height * largest.width
        self._narrow = np.empty((2 * channels + 2) * inner, np.float32)

    def light(self, shape: Shape) -> list[Pixels]:
        """Return the planes that `flip` takes: one for gray, three for RGB; (2 h, w)."""
        return [self.wide(self.channels + i, shape) for i in range(self.channels)]

    def wide(self, index: int, shape: Shape) -> Pixels:
        """Return a plane with margins."""
        height, width = shape.outer
        size = 2 * height * width
        return self._wide[index * size : (index + 1) * size].reshape(2 * height, width)

    def narrow(self, index: int, shape: Shape, count: int = 1) -> Pixels:
        """Return planes without margins."""
        size = 2 * shape.height * shape.width
        return self._narrow[index * size : (index + count) * size].reshape(-1, shape.width)


def flip(kernels: Filters, shape: Shape, work: Work) -> Pixels:
    """Return FLIP of a tile, (h, w) float32, 0...1; exactly 0 where nothing near differs.

    The planes of ``work.light(shape)`` hold light, 0...1, with margins. They are overwritten.
    """
    planes = work.light(shape)
    if work.channels == 3:
        made = [work.wide(i, shape) for i in range(3)]
        _mixed(_TO_OPPONENT, planes, made)
        planes = made
    features = _features(planes[0], kernels, shape, work)
    return _combined(_distance(planes, kernels, shape, work), features)


def _mixed(matrix: Pixels, planes: list[Pixels], into: list[Pixels]) -> None:
    """Multiply a matrix with the channels of each pixel."""
    for row, out in zip(matrix, into, strict=True):
        np.multiply(planes[0], np.float32(row[0]), out=out)
        for weight, plane in zip(row[1:], planes[1:], strict=True):
            if weight:
                cv2.scaleAdd(plane, float(weight), out, out)


def _features(plane: Pixels, kernels: Filters, shape: Shape, work: Work) -> Pixels:
    """Return how much edges and points differ: (h, w), 0...1, the square root already taken."""
    n = 2 * work.channels
    along, across = work.wide(n, shape), work.wide(n + 1, shape)
    size, found = work.narrow(0, shape), []
    h = shape.height
    for kernel in (kernels.edge, kernels.point):
        cv2.sepFilter2D(plane, -1, kernel, kernels.smooth, along)
        cv2.sepFilter2D(plane, -1, kernels.smooth, kernel, across)
        both = zip(shape.parts(along), shape.parts(across), (size[:h], size[h:]), strict=True)
        for x, y, out in both:
            np.multiply(x, x, out=out)
            np.multiply(y, y, out=y)
            cv2.add(out, y, out)
        cv2.sqrt(size, size)
        found.append(cv2.absdiff(size[:h], size[h:]))
    larger = cv2.max(found[0], found[1], found[0])
    np.multiply(larger, np.float32(_HALF_ROOT), out=larger)
    return cv2.sqrt(larger, larger)


def _distance(planes: list[Pixels], kernels: Filters, shape: Shape, work: Work) -> Pixels:
    """Return HyAB of what the eye resolves: (h, w)."""
    n, h = work.channels, shape.height
    lightness = work.wide(n, shape)
    cv2.sepFilter2D(planes[0], -1, kernels.light, kernels.light, lightness)
    if n == 1:
        block = work.narrow(0, shape)
        for part, out in zip(shape.parts(lightness), (block[:h], block[h:]), strict=True):
            np.clip(part, 0.0, 1.0, out=out)
        root = _root(block, work.narrow(1, shape))
        distance: Pixels = cv2.absdiff(root[:h], root[h:])
        return np.multiply(distance, np.float32(116), out=distance)

    red_green, blue_yellow, other = (work.wide(n + i, shape) for i in (1, 2, 3))
    cv2.sepFilter2D(planes[1], -1, kernels.red_green, kernels.red_green, red_green)
    for kernel, out in zip(kernels.blue_yellow, (blue_yellow, other), strict=True):
        cv2.sepFilter2D(planes[2], -1, kernel, kernel, out)
    cv2.add(blue_yellow, other, blue_yellow)

    rgb, xyz = work.narrow(3, shape, 3), work.narrow(0, shape, 3)
    parts = [shape.parts(p) for p in (lightness, red_green, blue_yellow)]
    for i, row in enumerate(_FROM_OPPONENT):
        for k in (0, 1):
            out = rgb[(2 * i + k) * h : (2 * i + k + 1) * h]
            cv2.scaleAdd(parts[1][k], float(row[1]), parts[0][k], out)
            cv2.scaleAdd(parts[2][k], float(row[2]), out, out)
    np.clip(rgb, 0.0, 1.0, out=rgb)
    _mixed(_TO_XYZ, np.split(rgb, 3), np.split(xyz, 3))
    x, y, z = np.split(_root(xyz, rgb), 3)
    return _hyab(x, y, z, h)


def _root(xyz: Pixels, into: Pixels) -> Pixels:
    """Return f of CIE Lab of values 0...1, overwriting them: a cube root, and a line in the dark.

    The line touches the root where it ends, so f is the root of what is at least that, plus the
    line of what is less.
    """
    dark = np.float32(_DELTA**3)
    np.clip(xyz, dark, _WHITE, out=into)
    cv2.log(into, into)
    into *= np.float32(1 / 3)
    cv2.exp(into, into)
    np.clip(xyz, np.float32(0), dark, out=xyz)
    xyz -= dark
    return cv2.scaleAdd(xyz, _LINE, into, into)


def _hyab(x: Pixels, y: Pixels, z: Pixels, h: int) -> Pixels:
    """Return the distance of A and B from their f; overwrites them."""
    cv2.subtract(x, y, x)
    cv2.subtract(y, z, z)
    y *= np.float32(116)
    y -= np.float32(16)
    cv2.multiply(x, y, x, scale=500 * _HUNT)
    cv2.multiply(z, y, z, scale=200 * _HUNT)
    for plane in (x, y, z):
        cv2.subtract(plane[:h], plane[h:], plane[:h])
    colour: Pixels = np.multiply(x[:h], x[:h], out=x[:h])
    cv2.add(colour, cv2.multiply(z[:h], z[:h], z[:h]), colour)
    cv2.sqrt(colour, colour)
    return np.add(np.abs(y[:h], out=y[:h]), colour, out=colour)


def _combined(distance: Pixels, features: Pixels) -> Pixels:
    """Return the compressed distance, raised where features differ."""
    same = distance < np.float32(_NOISE)
    distance[same] = 1
    cv2.log(distance, distance)
    distance *= np.float32(_POWER)
    cv2.exp(distance, distance)
    # Two lines, the second one less steep: the lower one counts.
    slope, start = (1 - _KNEE_AT) / (1 - _KNEE) / _MOST, _KNEE * _MOST
    beyond = distance * np.float32(slope)
    beyond += np.float32(_KNEE_AT - slope * start)
    distance *= np.float32(_KNEE_AT / start)
    cv2.min(distance, beyond, distance)
    cv2.log(distance, distance)
    np.clip(distance, _SMALL, np.float32(0), out=distance)
    np.subtract(np.float32(1), features, out=features)
    cv2.multiply(distance, features, distance)
    cv2.exp(distance, distance)
    distance[same] = 0
    return distance
