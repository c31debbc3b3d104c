"""The desk of the sample pair: its things and their colours."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from tracer import (
    Box,
    Capsule,
    F,
    Floor,
    Marched,
    Material,
    Scene,
    Sphere,
    Triple,
    Wall,
    column,
    turned,
)

MARBLE: Final = ((-0.28, 0.24, -1.55), (0.62, 0.24, -1.95))
"""Where the blue marble lies in A and in B."""
MARBLE_RADIUS: Final = 0.24
BOOK: Final = ((-2.25, 0.60, 1.05), (1.18, 0.16, 0.80), -0.10)
"""Centre, half size and angle of the book that changes colour."""
BOOK_COLOURS: Final = ((0.04, 0.26, 0.20), (0.42, 0.10, 0.30))


def noise(p: F, scale: Triple, seed: int) -> F:
    """Return smooth noise in -1...1: a few waves of random direction and phase."""
    rng = np.random.default_rng(seed)
    waves = rng.standard_normal((9, 3)) * np.array(scale)
    phases = rng.uniform(0, 2 * math.pi, 9)
    total = np.zeros(p.shape[1], np.float32)
    for wave, phase in zip(waves.astype(np.float32), phases.astype(np.float32), strict=True):
        total += np.sin(wave[0] * p[0] + wave[1] * p[1] + wave[2] * p[2] + phase)
    return total / np.float32(4.5)


def mix(a: Triple, b: Triple, share: F) -> F:
    """Return colours between a (share 0) and b (share 1)."""
    return np.asarray(column(a) + (column(b) - column(a)) * np.clip(share, 0, 1))


def wood(p: F) -> F:
    """Planks that run left to right, with grain and dark joints."""
    plank = np.floor(p[2] / 1.45 + 0.4)
    q = np.stack([p[0] + 3.7 * plank, plank * 2.3, p[2]])
    warp = noise(q, (0.35, 1.0, 1.3), 1)
    grain = 0.5 + 0.5 * np.sin(26 * q[2] + 9 * warp + 1.3 * plank)
    fine = noise(q, (1.2, 1.0, 34.0), 2)
    tone = 0.42 + 0.26 * grain + 0.16 * fine + 0.13 * np.sin(4.1 * plank)
    joint = np.abs(p[2] / 1.45 + 0.4 - np.round(p[2] / 1.45 + 0.4)) < 0.008
    return mix((0.17, 0.075, 0.032), (0.50, 0.27, 0.125), tone) * np.where(joint, 0.35, 1)


def cloth(p: F) -> F:
    """A woven check: where two bands of thread cross, the colour is deepest."""
    v = turned(p - column((2.15, 0, -0.35)), 0.22)
    bands = (np.floor(v[0] / 0.36) % 2) * 0.5 + (np.floor(v[2] / 0.36) % 2) * 0.5
    weave = 0.06 * np.sin(95 * v[0]) * np.sin(95 * v[2])
    return mix((0.80, 0.76, 0.68), (0.055, 0.16, 0.30), bands + weave)


def paper(p: F) -> F:
    """A ruled page with a red margin."""
    v = turned(p - column((-1.75, 0, -1.25)), -0.28)
    ruled = np.abs(v[2] / 0.13 - np.round(v[2] / 0.13)) < 0.05
    base = mix((0.82, 0.80, 0.74), (0.30, 0.45, 0.70), 0.6 * ruled)
    margin = (np.abs(v[0] + 0.72) < 0.008)[None]
    return np.where(margin, column((0.70, 0.16, 0.15)), base)


def peel(p: F) -> F:
    """An orange: nearly one colour, with fine pores."""
    tone = 0.5 + 0.25 * noise(p, (5, 5, 5), 8) + 0.35 * noise(p, (42, 42, 42), 9)
    return mix((0.74, 0.20, 0.012), (0.90, 0.34, 0.03), tone)


def painting(p: F) -> F:
    """A landscape on the wall: evening sky, sun, two ranges of hills."""
    x, y = p[0] - 0.9, p[1] - 2.42
    sky = mix((0.80, 0.45, 0.22), (0.30, 0.42, 0.52), 0.5 + 0.7 * y)
    sun = np.hypot(x - 0.30, y - 0.12) < 0.22
    far = y < -0.10 + 0.16 * np.sin(2.3 * x + 0.6)
    near = y < -0.42 + 0.12 * np.sin(3.4 * x - 1.0)
    sky = np.where(sun, column((0.90, 0.62, 0.30)), sky)
    sky = np.where(far, column((0.16, 0.24, 0.28)), sky)
    return np.where(near, column((0.06, 0.10, 0.11)), sky)


def book(centre: Triple, half: Triple, angle: float, cover: Triple, *, spine: bool) -> Box:
    """Return a closed book: covers above and below, and its spine or its pages to the front."""

    def colour(p: F) -> F:
        v = turned(p - column(centre), angle)
        edge = np.abs(v[1]) > half[1] - 0.035
        back = (v[2] < -half[2] + 0.02) if spine else (v[2] > half[2] - 0.02)
        band = back & (np.abs(np.abs(v[0]) - 0.72 * half[0]) < 0.035)
        pages = mix((0.62, 0.57, 0.46), (0.80, 0.76, 0.65), 0.5 + 0.5 * np.sin(220 * v[1]))
        worn = column(cover) * (1 + 0.10 * noise(v, (5.0, 5.0, 5.0), 7))
        bound = np.where(band, column((0.75, 0.58, 0.25)), worn)
        return np.where(edge | back, bound, pages)

    return Box(centre, half, angle, Material(colour, 0.035, 0.25))


def mug(centre: Triple) -> tuple[Marched, Marched]:
    """Return a mug with a handle, and the coffee in it."""
    c, radius, height = column(centre), np.float32(0.56), np.float32(1.16)

    def distance(p: F) -> F:
        v = p - c
        r = np.sqrt(v[0] ** 2 + v[2] ** 2)
        y = v[1] - height / 2
        wall_r, wall_y = np.abs(r - radius + 0.045) - 0.025, np.abs(y) - height / 2 + 0.03
        wall = np.minimum(np.maximum(wall_r, wall_y), 0) + np.hypot(
            np.maximum(wall_r, 0), np.maximum(wall_y, 0)
        )
        base = np.maximum(r - radius + 0.06, np.abs(v[1] - 0.05) - 0.03)
        h = turned(v, -0.45)
        ring = np.hypot((h[0] - radius - 0.02) / 0.86, h[1] - 0.60) - 0.30
        handle = (np.hypot(ring, h[2] * 0.8) - 0.065) * 0.85
        handle = np.where(r < radius - 0.03, np.float32(0.2), handle)  # not on the inside
        body = np.minimum(wall, base) - 0.02
        blend = np.clip(0.5 + 0.5 * (body - handle) / 0.06, 0, 1)
        joined = body + (handle - body) * blend - 0.06 * blend * (1 - blend)
        return np.asarray(joined * 0.9, np.float32)

    def glaze(p: F) -> F:
        v = p - c
        dip = v[1] > 0.72 + 0.03 * np.sin(5 * np.arctan2(v[2], v[0])) + 0.02 * noise(
            v, (6.0, 1.0, 6.0), 4
        )
        speck = noise(v, (60.0, 60.0, 60.0), 5) > 0.62
        clay = np.where(speck, column((0.25, 0.17, 0.12)), column((0.72, 0.66, 0.56)))
        return np.where(dip, column((0.045, 0.22, 0.23)), clay)

    def coffee(p: F) -> F:
        v = p - c
        r = np.hypot(v[0], v[2])
        return mix((0.055, 0.024, 0.011), (0.30, 0.17, 0.08), 14 * (r - 0.42))

    middle = (centre[0] + 0.15, centre[1] + 0.58, centre[2])
    shell = Marched(middle, 1.12, distance, Material(glaze, 0.05))

    def level(p: F) -> F:
        v = p - c
        r = np.hypot(v[0], v[2])
        return np.asarray(np.maximum(r - 0.50, np.abs(v[1] - 0.96) - 0.02), np.float32)

    return shell, Marched((centre[0], 0.96, centre[2]), 0.56, level, Material(coffee, 0.03))


def bottle(centre: Triple) -> Marched:
    """Return a bellied bottle with an open neck."""
    c = column(centre)

    def distance(p: F) -> F:
        v = p - c
        r = np.hypot(v[0], v[2])
        belly = np.hypot(r, v[1] - 0.80) - 0.82
        flare = 0.20 + 0.10 * np.clip((v[1] - 1.75) / 0.5, 0, 1) ** 2
        neck = np.maximum(np.abs(r - flare + 0.03) - 0.03, np.abs(v[1] - 1.8) - 0.45)
        blend = np.clip(0.5 + 0.5 * (neck - belly) / 0.22, 0, 1)
        joined = neck + (belly - neck) * blend - 0.22 * blend * (1 - blend)
        return np.asarray(0.75 * np.maximum(joined, -v[1]), np.float32)

    middle = (centre[0], 1.15, centre[2])
    return Marched(middle, 1.3, distance, Material((0.09, 0.22, 0.26), 0.05, 0.06))


def desk(*, changed: bool) -> Scene:
    """Return the scene of picture A, or with `changed` that of picture B.

    In B the blue marble has rolled to another place and the upper book has another colour.
    """
    yellow, blue = Material((0.80, 0.42, 0.03), 0.04, 0.1), Material((0.02, 0.09, 0.42), 0.07)
    rubber = Material((0.70, 0.12, 0.10), 0.02, 0.3)
    shapes = (
        Floor(Material(wood, 0.035, 0.10)),
        Wall(5.2, Material((0.34, 0.37, 0.36))),
        Box((2.15, 0.012, -0.35), (2.2, 0.012, 1.45), 0.22, Material(cloth)),
        book((-2.35, 0.22, 1.05), (1.35, 0.22, 0.90), 0.16, (0.34, 0.055, 0.045), spine=True),
        book(*BOOK, BOOK_COLOURS[changed], spine=True),
        book((-2.42, 0.89, 1.10), (0.98, 0.13, 0.68), 0.30, (0.62, 0.45, 0.16), spine=False),
        Sphere((-2.40, 1.40, 1.05), 0.38, Material((0.50, 0.31, 0.12), 0.72, 0.05)),
        Box((-1.75, 0.03, -1.25), (0.95, 0.03, 0.66), -0.28, Material(paper)),
        Capsule((-2.25, 0.13, -1.05), (-1.05, 0.13, -1.62), 0.065, yellow),
        Capsule((-1.04, 0.13, -1.625), (-0.97, 0.13, -1.658), 0.066, rubber),
        *mug((0.25, 0.0, 0.95)),
        Sphere((2.05, 0.565, 0.15), 0.54, Material(peel, 0.04, 0.22)),
        Sphere((1.55, 0.445, -0.85), 0.42, Material((0.56, 0.022, 0.025), 0.05)),
        Sphere((3.05, 0.465, -0.45), 0.44, Material((0.16, 0.36, 0.045), 0.045, 0.04)),
        Sphere(MARBLE[changed], MARBLE_RADIUS, blue),
        Sphere((2.52, 0.204, -1.35), 0.18, Material((0.78, 0.56, 0.06), 0.06)),
        Box((0.9, 2.42, 5.1), (1.20, 0.92, 0.06), 0.0, Material((0.09, 0.06, 0.045), 0.04, 0.2)),
        Box((0.9, 2.42, 5.03), (1.06, 0.78, 0.02), 0.0, Material(painting)),
        bottle((4.0, 0.0, 3.4)),
    )
    return Scene(
        shapes,
        window=((-7.5, 1.6, -5.0), (0.0, 5.0, 0.0), (0.0, 0.0, 5.5)),
        light=(15.5, 14.0, 12.0),
        ambient=(0.24, 0.29, 0.36),
    )


def changed_places() -> dict[str, F]:
    """Return the corners of boxes around what differs in B, in the scene's own lengths."""
    corners = np.stack(np.meshgrid(*[[-1, 1]] * 3)).reshape(3, -1).astype(np.float32)
    centre, half, angle = BOOK
    return {
        "marble gone": column(MARBLE[0]) + MARBLE_RADIUS * corners,
        "marble arrived": column(MARBLE[1]) + MARBLE_RADIUS * corners,
        "book recoloured": column(centre) + turned(column(half) * corners, -angle),
    }
