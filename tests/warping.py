"""Maps and direct sums for the tests of the general resampler."""

from __future__ import annotations

import numpy as np

from core.geometry import as_matrix, multiply, scaling, translation
from core.kernels import SUPPORT, weight
from core.warp import warped


def direct(source, u, v, kernel, widen=1.0):
    """Return the weighted sums at positions, in float64; edges repeated."""
    half = int(np.ceil(SUPPORT[kernel] * widen))
    x0, y0 = np.floor(u).astype(int), np.floor(v).astype(int)
    total = share = 0.0
    for i in range(-half, half + 2):
        for j in range(-half, half + 2):
            w = weight(kernel, (v - y0 - i) / widen) * weight(kernel, (u - x0 - j) / widen)
            rows = np.clip(y0 + i, 0, source.shape[0] - 1)
            taken = source[rows, np.clip(x0 + j, 0, source.shape[1] - 1)].astype(np.float64)
            total = total + taken * (w if source.ndim == 2 else w[..., None])
            share = share + w
    return total / (share if source.ndim == 2 else share[..., None])


def looked_at(matrix, rect):
    """Return where in the source the pixels of a rectangle of the canvas look: u, v, w."""
    y, x = np.mgrid[rect.row : rect.bottom, rect.col : rect.right].astype(np.float64)
    u, v, w = np.einsum("ij,jhw->ihw", np.linalg.inv(matrix), [x, y, np.ones_like(x)])
    w = np.where(w == 0, np.nan, w)
    return u / w, v / w, w


def turned(degrees, scale=1.0, about=(79.5, 44.5), tilt=(0.0, 0.0)):
    """Return a rotation with a scale, and a perspective, about a point (x, y)."""
    c, s = np.cos(np.radians(degrees)) * scale, np.sin(np.radians(degrees)) * scale
    middle = as_matrix(np.array([[c, -s, 0.0], [s, c, 0.0], [*tilt, 1.0]]))
    x, y = about
    return multiply(translation(x, y), multiply(middle, translation(-x, -y)))


def warp(source, matrix, rect, kernel, level=0, field=None, seen=None):
    """Warp an array that stands for the given level; `seen` collects what is read of it."""
    shape = source.shape[0] << level, source.shape[1] << level

    def read(area, at):
        assert at == level
        assert 0 <= area.row < area.bottom <= source.shape[0]
        assert 0 <= area.col < area.right <= source.shape[1]
        if seen is not None:
            seen.append(area)
        return source[area.slices]

    return warped(read, shape, matrix, rect, level, kernel, field)


SHEAR = as_matrix(np.array([[1.05, 0.21, -9.3], [-0.13, 1.1, 8.2], [0, 0, 1]]))
MIRROR = as_matrix(np.array([[-1.02, 0.05, 160.7], [0.03, 1.01, -1.4], [0, 0, 1]]))
MAPS = {
    "rotation": turned(7),
    "half turn": turned(181.5, 1.03),
    "shear": SHEAR,
    "mirror": MIRROR,
    "homography": turned(-4, 1.1, tilt=(1.1e-3, -6e-4)),
    "enlarged": multiply(scaling(2.3, 1.7), turned(30)),
    "of another sign": as_matrix(-3.5 * np.asarray(turned(12, 1.05, tilt=(-4e-4, 5e-4)))),
}
"""Maps of a picture of 90 x 160 that shrink nothing in its middle."""
