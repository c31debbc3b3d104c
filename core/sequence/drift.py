"""Takes slow changes of light, and the camera's own movement, out of a frame.

Everything is found on overviews against one reference (the first frame, a reference picture or the
background), so nothing adds up over time.

Light: reference = gain · frame + bias, per channel, by the robust line of `core.stages._gain` on
overviews of about `LIGHT` pixels: areas are averaged there, so noise and a shake of pixels hardly
matter, and a thing that covers less than half of the picture does not drag the line.

Camera: corners of the reference (Shi, Tomasi 1994, DOI 10.1109/CVPR.1994.323794) are looked for in
the frame by pyramidal Lucas-Kanade (`core.sequence._points`) on overviews of at most `CAMERA`
pixels. One global model is put through their displacements by RANSAC (Fischler, Bolles 1981, DOI
10.1145/358669.358692). What follows it within `NEAR` px of the overview is the camera; the rest
moves by itself, which is what `Camera.moving` counts. The model is refused, and the frame left as
it is, when fewer than `FEWEST` points or `SHARE` of them follow it: then nothing tells camera from
things.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.sequence._points import Points, overview
from core.sequence.params import Shake
from core.stages._gain import fit_gain
from core.types import Rect, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from core.sequence.params import SequenceParams
    from core.stages._gain import Gain
    from core.types import Mask, Pixels, Token

    Floats = NDArray[np.float64]

LIGHT: Final = 1 << 13
CAMERA: Final = 1 << 17
NEAR: Final = 1.0
FEWEST: Final = 8
SHARE: Final = 0.3
STILL: Final = 0.02
"""A camera that moved less than this many px did not move: the frame stays exactly as it is."""


@dataclass(frozen=True, slots=True)
class Camera:
    """How the camera moved against the reference.

    Attributes
    ----------
    matrix
        (2, 3): maps a place (x, y) of the reference to where it is in the frame.
    moving
        Share of the points that do not follow it.
    accepted
        Whether there was a model; otherwise the matrix is the identity.
    """

    matrix: Floats
    moving: float
    accepted: bool

    @property
    def shift(self) -> float:
        """How far the origin of the picture moved, in px."""
        return math.hypot(self.matrix[0, 2], self.matrix[1, 2])


@dataclass(frozen=True, slots=True, eq=False)
class Steady:
    """A frame as the reference's light and camera would have shown it.

    Attributes
    ----------
    pixels
        uint8; where the camera showed nothing, the reference's own pixels.
    gains
        One for each channel; empty when light is not followed.
    camera
        None when the camera is not followed.
    """

    pixels: Mask
    gains: tuple[Gain, ...] = ()
    camera: Camera | None = None


class Steadier:
    """Brings frames to the light and the place of a reference.

    Parameters
    ----------
    reference
        (H, W) or (H, W, 3) uint8.
    params
        Whether light and camera are followed.
    """

    def __init__(self, reference: Mask, params: SequenceParams) -> None:
        self._reference, self._params = reference, params
        self._small = overview(reference, LIGHT)
        self._points = Points(reference, CAMERA) if params.shake is not Shake.NONE else None

    def __call__(self, pixels: Mask, token: Token) -> Steady:
        """Return a frame in the reference's light, where the reference's camera stood."""
        gains: tuple[Gain, ...] = ()
        if self._params.light:
            gains = fit_gain(_Small(self._small, overview(pixels, LIGHT)), token)
            pixels = lit(pixels, gains)
        token.check()
        if self._points is None:
            return Steady(pixels, gains)
        camera = camera_of(*self._points.found(pixels), self._points.scale, self._params.shake)
        return Steady(self._moved(pixels, camera.matrix), gains, camera)

    def _moved(self, pixels: Mask, matrix: Floats) -> Mask:
        height, width = pixels.shape[:2]
        corners = np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]], float)
        if np.abs(corners @ matrix.T - corners[:, :2]).max() < STILL:
            return pixels
        out = self._reference.copy()
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(
            pixels, matrix, (width, height), out, flags, borderMode=cv2.BORDER_TRANSPARENT
        )
        return out


def camera_of(at: Floats, to: Floats, scale: float, shake: Shake) -> Camera:
    """Return the camera's movement that most points follow.

    Parameters
    ----------
    at, to
        (N, 2) places (x, y) of points in the reference, and in the frame.
    scale
        Pixels of the frame for one of the overview that they were found in.
    shake
        What the camera may do; not `Shake.NONE`.
    """
    none = Camera(np.eye(2, 3), 1.0, accepted=False)
    if len(at) < FEWEST:
        return none
    near = NEAR * scale
    if shake is Shake.TRANSLATION:
        matrix, follow = _shift(at, to, near)
    else:
        matrix, follow = _similarity(at, to, near)
    share = float(follow.mean())
    if follow.sum() < FEWEST or share < SHARE:
        return none
    return Camera(matrix, 1 - share, accepted=True)


def lit(pixels: Mask, gains: tuple[Gain, ...]) -> Mask:
    """Return gain · pixels + bias for each channel, rounded, 0...255."""
    if all(g.gain == 1 and g.bias == 0 for g in gains):
        return pixels
    levels = np.arange(256)
    table = np.stack([np.clip(np.rint(g.gain * levels + g.bias), 0, 255) for g in gains], axis=-1)
    return np.asarray(cv2.LUT(pixels, table.astype(np.uint8)[np.newaxis]), np.uint8)


def _shift(at: Floats, to: Floats, near: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the shift that most points share: mean of those near the one with most near it."""
    move = to - at
    apart = np.hypot(*(move[:, None] - move[None]).transpose(2, 0, 1))
    follow = apart[int((apart <= near).sum(axis=1).argmax())] <= near
    for _ in range(2):
        mean = move[follow].mean(axis=0)
        follow = np.hypot(*(move - mean).T) <= near
    matrix = np.eye(2, 3)
    matrix[:, 2] = move[follow].mean(axis=0)
    return matrix, follow


def _similarity(at: Floats, to: Floats, near: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the shift, turn and scale that most points share."""
    opencv: Any = cv2  # its stubs do not know that there may be no matrix
    matrix, follow = opencv.estimateAffinePartial2D(
        at, to, method=cv2.RANSAC, ransacReprojThreshold=near, maxIters=500, confidence=0.995,
        refineIters=10,
    )  # fmt: skip
    if matrix is None:
        return np.eye(2, 3), np.zeros(len(at), np.bool_)
    return matrix, np.asarray(follow).ravel() > 0


@dataclass(frozen=True, slots=True)
class _Small:
    """Two overviews, as `fit_gain` looks at a pair."""

    a: Pixels
    b: Pixels
    level: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        return self.a.shape[0], self.a.shape[1]

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        del level
        return Tile(self.a[rect.slices], self.b[rect.slices], None, rect)

    def strips(self) -> Iterator[Tile]:
        yield self.tile(Rect.of(self.a))
