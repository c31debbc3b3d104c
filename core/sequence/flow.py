"""Where everything in one picture has gone in another: dense flow, and how far to trust it.

Flow is found as `core.sequence.motion` finds it, on overviews of at most `DENSE` pixels, from A to
B and from B to A; `core.sequence._flow_trust` says which vectors can be trusted.

The camera is told from things twice: by the median of trusted vectors along each axis, and by the
similarity that points which are good to follow share (`core.sequence.drift`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.errors import CompareError
from core.pyramid import level_shape, preview_level
from core.sequence._flow_trust import trusted_of
from core.sequence._points import Points, overview
from core.sequence.drift import camera_of
from core.sequence.motion import CHECK, DENSE, LEAST, Dense, Motion, dense_motion
from core.sequence.params import Preset, Shake
from core.sequence.pixels import as_bytes, to_gray
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.buffer import ImageBuffer
    from core.types import Mask, Token

    Vectors = NDArray[np.float32]
    Trusted = NDArray[np.bool_]

MOST: Final = 1 << 24
"""Larger pictures are looked at in overviews of at most so many pixels."""
NOISE: Final = 0.25
"""Px of the overviews below which movement cannot be told from the noise of flow."""
MOVING: Final = 1.0
"""Px: what moves farther counts as moving, unless a person says otherwise."""


@dataclass(frozen=True, slots=True)
class CameraMove:
    """What the camera did between two pictures, as far as points tell.

    Attributes
    ----------
    matrix
        2x3 rows: maps a place (x, y) of A, pixel centres at integers, to where it is in B.
    length
        How far that moves the picture: the mean over its places, px.
    otherwise
        Share of the picture that is trusted and went elsewhere than the camera alone would have put
        it, by more than the limit and `NOISE`.
    """

    matrix: tuple[tuple[float, float, float], tuple[float, float, float]]
    length: float
    otherwise: float


@dataclass(frozen=True, slots=True, eq=False)
class FlowField:
    """Movement from A to B, in cells of the overviews.

    Attributes
    ----------
    vectors
        (h, w, 2) float32: how far (down, right) what each cell of A shows has moved, in px of the
        full pictures.
    arrived
        The same for what each cell of B shows: by how much it came there.
    trusted, trusted_b
        (h, w): whether `vectors`, and `arrived`, can be trusted: the way back leads home, and there
        is something to follow.
    shape
        (height, width) of the pictures.
    scale
        Full px for one cell, (down, right). Cell (r, c) covers rows from r · down to
        (r + 1) · down, and columns alike.
    limit
        Px over which something counts as moving.
    motion
        Magnitudes of what is trusted in A, as `Mover` has them of the same two frames.
    median
        (down, right) px: of trusted vectors along each axis, before anything was taken out; 0 where
        none is trusted.
    steady
        Whether the median was taken out of `vectors`, `arrived` and `motion`.
    camera
        None where too few points agree to tell camera from things.
    """

    vectors: Vectors
    arrived: Vectors
    trusted: Trusted
    trusted_b: Trusted
    shape: tuple[int, int]
    scale: tuple[float, float]
    limit: float
    motion: Motion
    median: tuple[float, float]
    steady: bool
    camera: CameraMove | None

    @property
    def lengths(self) -> NDArray[np.float32]:
        """(h, w) lengths of `vectors`, px."""
        return np.asarray(np.hypot(self.vectors[..., 0], self.vectors[..., 1]))


def flow_between(
    a: ImageBuffer,
    b: ImageBuffer,
    token: Token,
    *,
    preset: Preset = Preset.MEDIUM,
    steady: bool = False,
    moving: float = MOVING,
) -> FlowField:
    """Return how what A shows has moved in B.

    Parameters
    ----------
    a, b
        Two pictures of one size.
    token
        Checked between the pieces of work.
    preset
        How much time it takes for its accuracy.
    steady
        Takes the median of the movement, the camera's, out of it.
    moving
        Px over which something counts as moving.

    Raises
    ------
    CompareError
        When the pictures have different sizes, or are too small or too narrow.
    """
    if a.shape != b.shape:
        raise CompareError(
            f"Motion needs two pictures of one size; A has {_size(a.shape)}, B {_size(b.shape)}."
        )
    one, step = _bytes(a)
    other, _ = _bytes(b)
    token.check()
    points = Points(one, DENSE)
    small, there = points.small, to_gray(overview(other, DENSE))
    if min(small.shape) < LEAST:
        raise CompareError(f"Pictures of {_size(a.shape)} are too small to find motion in.")
    token.check()
    # On this thread alone: those for strips may be busy with a whole sequence.
    find = Dense(preset)
    forth = find(small, there)
    token.check()
    back = find(there, small)
    token.check()
    trusted, trusted_b = (
        trusted_of(small, there, forth, back), trusted_of(there, small, back, forth)
    )  # fmt: skip
    token.check()
    scale = step * one.shape[0] / small.shape[0], step * one.shape[1] / small.shape[1]
    check = back if preset is CHECK else Dense(CHECK)(there, small)
    motion = dense_motion(small, there, forth, check, scale, moving, steady=steady)
    vectors, arrived = _full(forth, scale), -_full(back, scale)
    some = vectors[trusted] if trusted.any() else np.zeros((1, 2), np.float32)
    median = float(np.median(some[:, 0])), float(np.median(some[:, 1]))
    camera = _camera(points, there, vectors, trusted, step, scale, moving)
    if steady:
        shift = np.asarray(median, np.float32)
        vectors, arrived = vectors - shift, arrived - shift
    return FlowField(
        vectors, arrived, trusted, trusted_b, a.shape, scale, moving, motion, median, steady, camera
    )


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[1]} × {shape[0]} px"


def _bytes(image: ImageBuffer) -> tuple[Mask, int]:
    """Return the picture's bytes, or an overview's, and how many pixels one of these stands for."""
    level = preview_level(image.shape, MOST)
    if level:
        whole = Rect(0, 0, *level_shape(image.shape, level))
        image = replace(image, source=image.read(whole, level))
    return as_bytes(image), 1 << level


def _full(flow: Any, scale: tuple[float, float]) -> Vectors:
    """Return (right, down) px of the overview as (down, right) px of the full picture."""
    return np.ascontiguousarray(flow[..., ::-1] * np.asarray(scale, np.float32))


def _camera(
    points: Points,
    there: Mask,
    vectors: Vectors,
    trusted: Trusted,
    step: int,
    scale: tuple[float, float],
    limit: float,
) -> CameraMove | None:
    """Return the camera's movement, and how much of what is trusted does not follow it."""
    at, to = points.found_in(there)
    found = camera_of(at, to, points.scale, Shake.SIMILARITY)
    if not found.accepted:
        return None
    matrix = found.matrix.copy()
    # A pixel of an overview that stands for a large picture, p, is there at (p + 1/2) step - 1/2.
    half = (step - 1) / 2
    matrix[:, 2] = step * matrix[:, 2] + half - half * matrix[:, :2].sum(axis=1)
    rows = [(float(r[0]), float(r[1]), float(r[2])) for r in matrix]
    down, right = _moved(matrix, trusted.shape, scale)
    left = np.hypot(vectors[..., 0] - down, vectors[..., 1] - right)
    over = max(limit, NOISE * max(scale))
    otherwise = np.count_nonzero((left > over) & trusted) / trusted.size
    return CameraMove((rows[0], rows[1]), float(np.hypot(down, right).mean()), otherwise)


def _moved(
    matrix: NDArray[np.float64], shape: tuple[int, ...], scale: tuple[float, float]
) -> tuple[Vectors, Vectors]:
    """Return how far a camera moves the middles of cells down, and right: two (h, w) planes."""
    y = ((np.arange(shape[0]) + 0.5) * scale[0] - 0.5)[:, None]
    x = (np.arange(shape[1]) + 0.5) * scale[1] - 0.5
    (a, b, c), (d, e, f) = matrix
    down = (d * x + f) + (e - 1) * y
    right = ((a - 1) * x + c) + b * y
    return down.astype(np.float32), right.astype(np.float32)
