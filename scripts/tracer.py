"""A small ray tracer in NumPy: spheres, capsules, boxes, a mug, a lens and one window of light.

Vectors are float32 arrays of shape (3, N), one column a ray. y points up; lengths are decimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

F = NDArray[np.float32]
Triple = tuple[float, float, float]
FAR = np.float32(1e9)
EPS = np.float32(1e-3)


def column(v: Triple) -> F:
    """Return a vector as a (3, 1) column."""
    return np.array(v, np.float32)[:, None]


def dot(a: F, b: F) -> F:
    """Return the scalar product, column by column."""
    return np.asarray(a[0] * b[0] + a[1] * b[1] + a[2] * b[2])


def unit(v: F) -> F:
    """Return the columns at length 1."""
    return np.asarray(v / np.sqrt(dot(v, v)))


def turned(p: F, angle: float) -> F:
    """Return the columns turned about the y axis by `angle` radians."""
    c, s = np.cos(angle), np.sin(angle)
    return np.asarray(np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float32) @ p)


@dataclass(frozen=True)
class Material:
    """What a surface does with light.

    Attributes
    ----------
    colour
        Share of light it scatters, linear: one triple, or a function of the (3, N) points.
    mirror
        Reflectance seen head-on: 0 matt, 0.04 glaze, 0.6 and more metal.
    rough
        How far a reflection spreads, 0...1.
    """

    colour: Triple | Callable[[F], F]
    mirror: float = 0.0
    rough: float = 0.0

    def at(self, p: F) -> F:
        """Return the colour at points."""
        if callable(self.colour):
            return self.colour(p)
        return np.broadcast_to(column(self.colour), p.shape)


class Shape(Protocol):
    """Something a ray can hit."""

    material: Material

    def hit(self, o: F, d: F) -> F:
        """Return the distance to the first hit beyond EPS; FAR where there is none."""

    def normal(self, p: F) -> F:
        """Return the outward unit normals at points on the surface."""


def _ball(o: F, d: F, centre: F, radius: float) -> tuple[F, F]:
    """Return where rays enter and leave a ball; FAR where they miss."""
    v = o - centre
    b = dot(v, d)
    h = b * b - dot(v, v) + np.float32(radius * radius)
    root = np.sqrt(np.maximum(h, 0))
    return np.where(h > 0, -b - root, FAR), np.where(h > 0, -b + root, FAR)


@dataclass(frozen=True)
class Floor:
    """The plane y = 0."""

    material: Material

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        t = -o[1] / np.where(np.abs(d[1]) < 1e-9, np.float32(1e-9), d[1])
        return np.where(t > EPS, t, FAR)

    def normal(self, p: F) -> F:
        """See `Shape`."""
        return np.broadcast_to(column((0, 1, 0)), p.shape)


@dataclass(frozen=True)
class Wall:
    """The plane z = `depth`, facing the camera."""

    depth: float
    material: Material

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        t = (np.float32(self.depth) - o[2]) / np.where(np.abs(d[2]) < 1e-9, np.float32(1e-9), d[2])
        return np.where(t > EPS, t, FAR)

    def normal(self, p: F) -> F:
        """See `Shape`."""
        return np.broadcast_to(column((0, 0, -1)), p.shape)


@dataclass(frozen=True)
class Sphere:
    """A ball."""

    centre: Triple
    radius: float
    material: Material

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        near, far = _ball(o, d, column(self.centre), self.radius)
        return np.where(near > EPS, near, np.where(far > EPS, far, FAR))

    def normal(self, p: F) -> F:
        """See `Shape`."""
        return np.asarray((p - column(self.centre)) / np.float32(self.radius))


@dataclass(frozen=True)
class Capsule:
    """A rod with round ends."""

    start: Triple
    end: Triple
    radius: float
    material: Material

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        a, b = column(self.start), column(self.end)
        axis, v = b - a, o - a
        dd, ad, av = dot(axis, axis), dot(axis, d), dot(axis, v)
        qa = dd - ad * ad
        qb = dd * dot(v, d) - av * ad
        qc = dd * dot(v, v) - av * av - np.float32(self.radius**2) * dd
        h = qb * qb - qa * qc
        t = (-qb - np.sqrt(np.maximum(h, 0))) / np.maximum(qa, np.float32(1e-9))
        along = av + t * ad
        side = np.where((h > 0) & (along > 0) & (along < dd) & (t > EPS), t, FAR)
        caps = np.minimum(_ball(o, d, a, self.radius)[0], _ball(o, d, b, self.radius)[0])
        return np.minimum(side, np.where(caps > EPS, caps, FAR))

    def normal(self, p: F) -> F:
        """See `Shape`."""
        a, b = column(self.start), column(self.end)
        share = np.clip(dot(p - a, b - a) / dot(b - a, b - a), 0, 1)
        return unit(p - a - share * (b - a))


@dataclass(frozen=True)
class Box:
    """A block, turned about the vertical."""

    centre: Triple
    half: Triple
    angle: float
    material: Material

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        v, e = turned(o - column(self.centre), self.angle), turned(d, self.angle)
        slow = np.where(np.abs(e) < 1e-9, np.float32(1e-9), e)
        middle, reach = -v / slow, column(self.half) / np.abs(slow)
        near, far = (middle - reach).max(axis=0), (middle + reach).min(axis=0)
        return np.where((near < far) & (near > EPS), near, FAR)

    def normal(self, p: F) -> F:
        """See `Shape`."""
        v = turned(p - column(self.centre), self.angle) / column(self.half)
        side = np.abs(v) >= np.abs(v).max(axis=0)
        return turned(unit(np.where(side, np.sign(v), 0).astype(np.float32)), -self.angle)


@dataclass(frozen=True)
class Marched:
    """A shape given by its distance field, walked along inside a ball that holds it."""

    centre: Triple
    reach: float
    distance: Callable[[F], F]
    material: Material
    steps: int = field(default=64)

    def hit(self, o: F, d: F) -> F:
        """See `Shape`."""
        near, far = _ball(o, d, column(self.centre), self.reach)
        result = np.full(o.shape[1], FAR, np.float32)
        rays = np.flatnonzero((far > EPS) & (far < FAR))
        t: F = np.maximum(near[rays], 4 * EPS)
        for _ in range(self.steps):
            gap = self.distance(o[:, rays] + t * d[:, rays])
            done = gap < EPS * 0.5
            result[rays[done]] = t[done]
            t += gap
            going = ~done & (t < far[rays])
            rays, t = rays[going], t[going]
            if not rays.size:
                break
        return result

    def normal(self, p: F) -> F:
        """See `Shape`."""
        h = np.float32(1e-3)
        axes = np.eye(3, dtype=np.float32)[:, :, None] * h
        return unit(np.stack([self.distance(p + e) - self.distance(p - e) for e in axes]))


@dataclass(frozen=True)
class Scene:
    """Shapes, a rectangular window of light, and what lies beyond."""

    shapes: tuple[Any, ...]
    window: tuple[Triple, Triple, Triple]  # a corner and its two edges
    light: Triple
    ambient: Triple

    def first(self, o: F, d: F) -> tuple[F, NDArray[np.intp]]:
        """Return the distance to the first shape and its number (-1 for none)."""
        best = np.full(o.shape[1], FAR, np.float32)
        which = np.full(o.shape[1], -1, np.intp)
        for number, shape in enumerate(self.shapes):
            t = shape.hit(o, d)
            closer = t < best
            best, which = np.where(closer, t, best), np.where(closer, number, which)
        return best, which

    def window_at(self, o: F, d: F) -> F:
        """Return the distance at which rays would go through the window; FAR where they miss."""
        corner, e1, e2 = (column(v) for v in self.window)
        n = np.cross(e1[:, 0], e2[:, 0]).astype(np.float32)[:, None]
        t = dot(corner - o, n) / dot(d, n)
        p = o + t * d - corner
        u, v = dot(p, e1) / dot(e1, e1), dot(p, e2) / dot(e2, e2)
        # Two bars divide the window in four, as a glazing does.
        glass = (np.abs(u - 0.5) > 0.03) & (np.abs(v - 0.5) > 0.03)
        return np.where((t > EPS) & (u > 0) & (u < 1) & (v > 0) & (v < 1) & glass, t, FAR)

    def direct(self, p: F, n: F, u: F) -> F:
        """Return the light that arrives from one random place (u: (2, N)) on the window."""
        corner, e1, e2 = (column(v) for v in self.window)
        to = corner + u[0] * e1 + u[1] * e2 - p
        distance2 = dot(to, to)
        way = to / np.sqrt(distance2)
        cross = np.cross(e1[:, 0], e2[:, 0]).astype(np.float32)
        area = np.float32(np.linalg.norm(cross))
        facing = np.abs(dot(way, (cross / area)[:, None]))
        amount = np.maximum(dot(way, n), 0) * facing * area / (np.float32(np.pi) * distance2)
        lit = np.flatnonzero(amount > 0)
        start = p[:, lit] + EPS * 2 * n[:, lit]
        blocked = np.zeros(lit.size, bool)
        for shape in self.shapes:
            if not isinstance(shape, Floor | Wall):  # those end the room
                blocked |= shape.hit(start, way[:, lit]) ** 2 < distance2[lit]
        amount[lit[blocked]] = 0
        return np.asarray(amount * column(self.light))
