"""The camera that looks at a scene: one bounce of light, mirrors, and a lens with a focus."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from tracer import EPS, F, Scene, column, dot, unit

EYE: Final = (0.35, 3.35, -8.6)
AIM: Final = (0.30, 0.80, 0.0)
FIELD: Final = 0.30  # half the height of the picture at distance 1
APERTURE: Final = 0.055
FOCUS: Final = 8.6
SAMPLE_DIMS: Final = 12
ROWS: Final = 24  # rows traced at a time: temporaries that fit the cache


def radiance(scene: Scene, o: F, d: F, u: F, depth: int = 0, *, window: bool = False) -> F:
    """Return the light that comes back along rays; `u` are numbers in 0...1, two a choice.

    The window itself is seen by mirrored rays alone: for scattered ones its light is summed apart.
    """
    t, which = scene.first(o, d)
    sky = np.clip(0.75 + 0.5 * d[1], 0.2, 1.2) * column(scene.ambient)
    colour: F = sky.astype(np.float32)
    if window:
        lit = scene.window_at(o, d) < t
        colour[:, lit] = column(scene.light)
        which[lit] = -1
    seen = np.flatnonzero(which >= 0)
    if seen.size:
        at = o[:, seen] + t[seen] * d[:, seen]
        colour[:, seen] = _surfaces(scene, which[seen], at, d[:, seen], u[:, seen], depth)
    return colour


def _surfaces(scene: Scene, which: Any, p: F, d: F, u: F, depth: int) -> F:
    """Return the light that leaves points on shapes towards where the rays came from."""
    n, own = np.empty_like(p), np.empty_like(p)
    mirror, rough = np.zeros_like(p[0]), np.zeros_like(p[0])
    for number in np.unique(which):
        rays = np.flatnonzero(which == number)
        shape = scene.shapes[number]
        n[:, rays], own[:, rays] = shape.normal(p[:, rays]), shape.material.at(p[:, rays])
        mirror[rays], rough[rays] = shape.material.mirror, shape.material.rough
    n = np.where(dot(n, d) > 0, -n, n)
    light = scene.direct(p, n, u[6:8] if depth else u[:2])
    if depth:
        return np.asarray(own * (light + 0.75 * column(scene.ambient)))
    start = p + 2 * EPS * n
    light += radiance(scene, start, _scattered(n, u[2:4], 1.0), u, 1)
    light *= own
    shiny = np.flatnonzero(mirror)
    if shiny.size:
        n, d, own, mirror, rough = (
            n[:, shiny],
            d[:, shiny],
            own[:, shiny],
            mirror[shiny],
            rough[shiny],
        )
        cosine = np.clip(-dot(d, n), 0, 1)
        share = (mirror + (1 - mirror) * (1 - cosine) ** 5) * (1 - rough)  # Schlick 1994
        way = unit(d - 2 * dot(d, n) * n)
        way = unit(way + rough * _scattered(n, u[4:6][:, shiny], 0.0))
        tint = np.where(mirror > 0.5, own / 0.5, np.float32(1))
        back = radiance(scene, start[:, shiny], way, u[:, shiny], 1, window=True)
        light[:, shiny] += share * (tint * back - light[:, shiny])
    return light


def _scattered(n: F, u: F, lift: float) -> F:
    """Return random directions: with lift 1 cosine-weighted about n, with 0 all around."""
    y = 1 - 2 * u[0]
    r, turn = np.sqrt(np.maximum(1 - y * y, 0)), np.float32(2 * math.pi) * u[1]
    ball = np.stack([r * np.cos(turn), y, r * np.sin(turn)])
    return unit(ball * np.float32(0.999) + np.float32(lift) * n) if lift else ball


def frame() -> tuple[F, F, F]:
    """Return the camera's unit vectors forward, right and up."""
    forward = unit(column(AIM) - column(EYE))
    right = unit(np.cross(column((0, 1, 0)), forward, axis=0).astype(np.float32))
    return forward, right, np.cross(forward, right, axis=0).astype(np.float32)


def project(points: F, height: int, width: int) -> NDArray[np.float64]:
    """Return where (3, N) points lie in a picture of A: (2, N) of x and y in pixels."""
    forward, right, up = frame()
    v = points - column(EYE)
    scale = height / (2 * FIELD) / dot(v, forward)
    x, y = dot(v, right) * scale + width / 2, -dot(v, up) * scale + height / 2
    return np.stack([x, y]).astype(np.float64) - 0.5  # pixel centres are at whole numbers


def render(scene: Scene, height: int, width: int, samples: int, shift: tuple[float, float]) -> F:
    """Return linear light, (H, W, 3); content moves by `shift` = (rows, cols) pixels.

    The shift is made where rays leave the camera: exact, and with true content at the borders.
    """
    start = np.random.default_rng(2).random((SAMPLE_DIMS, height, width), np.float32)
    root = 1.0
    for _ in range(60):  # solves x**(dims + 1) = x + 1: the golden ratio of that many dimensions
        root = (1 + root) ** (1 / (SAMPLE_DIMS + 1))
    golden = (root ** -np.arange(1, SAMPLE_DIMS + 1)) % 1
    forward, right, up = frame()

    def strip(top: int) -> F:
        rows, cols = np.mgrid[top : min(top + ROWS, height), 0:width].astype(np.float32)
        total = np.zeros((3, rows.size), np.float32)
        for sample in range(samples):
            step = (golden * (sample + 1)).astype(np.float32)[:, None]
            u = (start[:, top : top + ROWS].reshape(SAMPLE_DIMS, -1) + step) % 1
            x = (cols.ravel() - shift[1] + u[8] - width / 2) * (2 * FIELD / height)
            y = (rows.ravel() - shift[0] + u[9] - height / 2) * (2 * FIELD / height)
            focus = column(EYE) + FOCUS * (forward + x * right - y * up)
            r, turn = APERTURE * np.sqrt(u[10]), np.float32(2 * math.pi) * u[11]
            eye = column(EYE) + r * np.cos(turn) * right + r * np.sin(turn) * up
            light = radiance(scene, eye, unit(focus - eye), u)
            total += np.minimum(light, 6)  # a rare bright path must not leave a speck
        total /= samples
        return np.moveaxis(total.reshape(3, *rows.shape), 0, -1)

    with ThreadPoolExecutor(2, thread_name_prefix="strip") as pool:
        return np.concatenate(list(pool.map(strip, range(0, height, ROWS))))
