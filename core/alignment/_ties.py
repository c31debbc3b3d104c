"""Ties: where the content of a window of A lies in B, to a fraction of a pixel, and how sure.

Each window is compared with B, brought there by the matrix of the moment; the equations of
`core.alignment._equations` give a step, B is brought there anew, and so on. All windows are worked
on at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment._equations import SMOOTH, Half, fade, solved
from core.alignment.models import inverted, mapped
from core.alignment.sides import Atlas, Side, cut
from core.geometry import Kernel
from core.warp import sampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.alignment.models import Floats
    from core.types import Pixels, Token

ENOUGH: Final = 0.02
"""A window whose step is shorter, px, is where the next one would leave it."""
MARGIN: Final = 4
"""What the smoothing reaches, px."""
LONGEST: Final = 1.5
"""Longest single step that is believed, px: beyond, gradients say nothing."""
FLOOR: Final = 0.03
"""What no tie is better than, px of the level: aliasing, interpolation, lenses."""


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Pairs of points that show the same content.

    Attributes
    ----------
    a, b
        (n, 2) float64 x, y in A and in B, on the canvas of the level.
    information
        (n, 2, 2) inverse covariance of the place in A, px⁻².
    ncc
        (n,) normalised cross-correlation of the windows where they are laid on each other now.
    good
        (n,) bool: whether the window lies in both pictures and its equations could be solved.
    moved
        (n,) length of the last step, px: below some hundredths where it has settled.
    """

    a: Floats
    b: Floats
    information: Floats
    ncc: Floats
    good: NDArray[np.bool_]
    moved: Floats

    def floored(self) -> Ties:
        """Return the same ties, none better than `FLOOR`."""
        covariance = np.linalg.inv(self.information + np.eye(2) * 1e-9)
        information = inverted(covariance + np.eye(2) * FLOOR**2)
        return replace(self, information=information)


def together(parts: list[tuple[Ties, int]]) -> Ties:
    """Return the ties of several levels, each with its level, in px of the full picture."""
    made = []
    for ties, level in parts:
        step = float(1 << level)
        made.append(
            Ties(
                a=(ties.a + 0.5) * step - 0.5,
                b=(ties.b + 0.5) * step - 0.5,
                information=ties.information / step**2,
                ncc=ties.ncc,
                good=ties.good,
                moved=ties.moved * step,
            )
        )
    names = [f.name for f in fields(Ties)]
    return Ties(**{name: np.concatenate([getattr(t, name) for t in made]) for name in names})


class Windows:
    """Square windows of A at one level, and the parts of B that are looked at for them.

    Parameters
    ----------
    side
        The pictures.
    level
        Pyramid level.
    centres
        (n, 2) int x, y on the canvas of the level.
    size
        Side of the windows, odd.
    """

    def __init__(self, side: Side, level: int, centres: NDArray[np.intp], size: int) -> None:
        self._side, self._level, self.size = side, level, size
        self.centres = centres.astype(np.float64)
        reach = size // 2 + 1
        atlas = cut(side, 0, centres - (reach + MARGIN), size + 2 + 2 * MARGIN, level)
        self._whole = _whole(atlas)
        smooth = _smooth(atlas.pixels).reshape(atlas.stacked.shape)
        self._a = np.ascontiguousarray(smooth[:, MARGIN:-MARGIN, MARGIN:-MARGIN])
        offsets = np.arange(-reach, reach + 1, dtype=np.float64)
        self._dx, self._dy = np.meshgrid(offsets, offsets)
        self._fade = fade(size)
        self._half = Half.of(self._a, self._fade)
        self._b: Atlas | None = None

    def look(self, matrix: Floats, spare: int) -> None:
        """Read the parts of B where a matrix (B to A) says the windows lie, and `spare` px more."""
        reach = self.size // 2 + 1
        corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * reach
        there = mapped(inverted(matrix), (self.centres[:, None] + corner).reshape(-1, 2)).reshape(
            -1, 4, 2
        )
        lost = ~np.isfinite(there).all(axis=(1, 2))
        there[lost] = 0.0
        low, high = there.min(axis=1), there.max(axis=1)
        size = int(np.ceil((high - low)[~lost].max(initial=1.0))) + 2 * (spare + MARGIN) + 2
        size = min(size, 4 * self.size + 2 * spare)
        corners = np.floor((low + high) / 2.0 - size / 2.0).astype(np.intp)
        atlas = cut(self._side, 1, corners, size, self._level)
        self._lost = lost
        valid = atlas.valid
        if valid is not None:  # what the smoothing draws over from where nothing is
            valid = np.asarray(cv2.erode(valid, np.ones((MARGIN + 3,) * 2, np.uint8)), np.uint8)
        self._b = Atlas(_smooth(atlas.pixels), corners, valid, size)

    def at(self, matrix: Floats, off: Floats, grow: int = 0) -> tuple[Pixels, NDArray[np.bool_]]:
        """Return B over the windows, grown by some pixels, and which of them lie in what was read.

        `off` (n, 2): how far B's content is moved on top of the matrix.
        """
        assert self._b is not None, "look comes first"
        b, n = self._b, len(self.centres)
        dx, dy = self._dx, self._dy
        if grow:
            reach = self.size // 2 + 1 + grow
            steps = np.arange(-reach, reach + 1, dtype=np.float64)
            dx, dy = np.meshgrid(steps, steps)
        x = self.centres[:, 0, None, None] - off[:, 0, None, None] + dx
        y = self.centres[:, 1, None, None] - off[:, 1, None, None] + dy
        u, v = _through(inverted(matrix), x, y)
        u -= b.corners[:, 0, None, None]
        v -= b.corners[:, 1, None, None]
        inside = np.isfinite(u).all(axis=(1, 2)) & np.isfinite(v).all(axis=(1, 2))
        for place in (u, v):
            place[~inside] = 0.0
            inside &= (place.min(axis=(1, 2)) >= 2.0) & (place.max(axis=(1, 2)) <= b.size - 3.0)
        v += (np.arange(n) * b.size)[:, None, None]
        k = u.shape[1]
        values, _ = sampled(b.pixels, u.reshape(n * k, k), v.reshape(n * k, k), Kernel.CUBIC)
        inside &= self._whole & ~self._lost
        if b.valid is not None:
            u[~inside] = v[~inside] = 0.0
            there = b.valid[np.rint(v).astype(np.intp), np.rint(u).astype(np.intp)]
            inside = inside & (there > 0).all(axis=(1, 2))
        return values.reshape(n, k, k), inside

    def search(self, matrix: Floats, radius: int) -> Floats:
        """Return the whole shift of each window at which B correlates best, (n, 2) px."""
        nothing = np.zeros((len(self.centres), 2))
        wide, inside = self.at(matrix, nothing, radius)
        found = nothing
        for i in np.flatnonzero(inside):
            scores = cv2.matchTemplate(wide[i], self._a[i], cv2.TM_CCOEFF_NORMED)
            _, _, _, (x, y) = cv2.minMaxLoc(scores)
            # B's content at p + (x - radius) looks like A's at p, so it has to go back that far.
            found[i] = radius - x, radius - y
        return found

    def measure(self, matrix: Floats, off: Floats, steps: int, token: Token) -> Ties:
        """Return the ties after some steps that start from `off`, (n, 2) px."""
        off = off.copy()
        for _ in range(steps):
            token.check()
            b, good = self.at(matrix, off)
            other = Half.of(b, self._fade)
            step, information, ncc, fine = solved(self._half, other, self._fade)
            good &= fine
            step[~good] = 0.0
            length = np.hypot(step[:, 0], step[:, 1])
            step *= np.minimum(1.0, LONGEST / np.maximum(length, 1e-12))[:, None]
            off += step
            if not good.any() or float(length[good].max()) < ENOUGH:
                break
        there = mapped(inverted(matrix), self.centres - off)
        good &= np.isfinite(there).all(axis=1)
        return Ties(self.centres, there, information, ncc, good, length)


def _whole(atlas: Atlas) -> NDArray[np.bool_]:
    """Return in which cuts the picture exists, but for a border of `MARGIN`."""
    n = atlas.stacked.shape[0]
    if atlas.valid is None:
        return np.ones(n, np.bool_)
    inner = slice(MARGIN, -MARGIN)
    known = atlas.valid.reshape(n, atlas.size, atlas.size)[:, inner, inner]
    return np.asarray((known > 0).all(axis=(1, 2)), np.bool_)


def _smooth(pixels: Pixels) -> Pixels:
    return cv2.GaussianBlur(pixels, (2 * MARGIN + 1, 2 * MARGIN + 1), SMOOTH)


def _through(matrix: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return positions under a matrix, for arrays of any shape; not finite behind the camera."""
    w = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
    u = matrix[0, 0] * x + matrix[0, 1] * y + matrix[0, 2]
    v = matrix[1, 0] * x + matrix[1, 1] * y + matrix[1, 2]
    if matrix[2, 0] or matrix[2, 1] or matrix[2, 2] != 1.0:
        with np.errstate(divide="ignore", invalid="ignore"):
            w = np.where(w > 1e-9, w, np.nan)
            u /= w
            v /= w
    return u, v
