"""Edges: replaces both pictures by the strength of their edges, so that structure is compared.

Gradients and the Laplacian are taken of each channel; Canny of one 8-bit gray value a pixel, and
written to every channel. Beyond the border of a tile its pixels are mirrored, without repeating the
outermost one. Pixels that are uint8 become float32 (uint8 under Canny); float64 stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

import cv2
import numpy as np

from core.color import GrayMethod, to_gray
from core.errors import CompareError
from core.settings import Params, ui
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.stages import Upstream
    from core.types import Mask, Notice, Pixels, Tile, Token

_CANNY_HIGH: Final = 50.0
"""Canny's high threshold when none is set, in levels."""
_CANNY_LOW: Final = 0.4
"""Canny's low threshold as a share of the high one; Canny advises a ratio of 2 to 3."""


class Method(StrEnum):
    """What finds the edges."""

    SOBEL = "sobel"
    PREWITT = "prewitt"
    SCHARR = "scharr"
    LAPLACIAN = "laplacian"
    CANNY = "canny"


_ACROSS: Final[Mapping[Method, tuple[float, float, float]]] = {
    Method.SOBEL: (1.0, 2.0, 1.0),
    Method.PREWITT: (1.0, 1.0, 1.0),
    Method.SCHARR: (3.0, 10.0, 3.0),
}
"""Weights across the direction of the derivative, which is (-1, 0, 1)."""
_PEAK: Final[Mapping[Method, float]] = {
    Method.SOBEL: math.sqrt(20.0),
    Method.PREWITT: math.sqrt(10.0),
    Method.SCHARR: math.sqrt(356.0),
    Method.LAPLACIAN: 4.0,
}
"""The largest magnitude that any 3 x 3 pixels of 0...1 give; magnitudes are divided by it.

A test tries all 512 patches of zeros and ones, among which the largest must be.
"""


@dataclass(frozen=True, kw_only=True)
class EdgesParams(Params):
    """How edges are found."""

    name: ClassVar[str] = "edges"
    title: ClassVar[str] = "Edges"
    about: ClassVar[str] = (
        "Replaces both pictures by the strength of their edges, so that only structure is compared."
    )

    method: Method = field(
        default=Method.SOBEL,
        metadata=ui(
            "Operator",
            "Sobel, Prewitt and Scharr give each pixel the steepness of brightness around it, the "
            "Laplacian its contrast with its neighbours, Canny 255 on thin edge lines and 0 "
            "elsewhere.",
            choices={
                "sobel": "Sobel",
                "prewitt": "Prewitt",
                "scharr": "Scharr",
                "laplacian": "Laplacian",
                "canny": "Canny",
            },
            primary=True,
        ),
    )
    threshold: float = field(
        default=0.0,
        metadata=ui(
            "Threshold",
            "Edges weaker than this become 0; Canny starts its lines at this strength (0 means 50) "
            "and follows them down to 40 % of it.",
            0.0,
            255.0,
            step=1.0,
            unit="levels",
        ),
    )


MOST_CANNY: Final = 1 << 27
"""Lines are found on whole pictures of at most so many pixels: that takes 1.3 GB."""


@dataclass(frozen=True, slots=True, eq=False)
class CannyMaps:
    """The edge lines of both whole pictures at one level, one bit a pixel.

    Attributes
    ----------
    level
        The pyramid level they are for.
    shape
        (height, width) of the canvas at that level.
    a, b
        (height, ceil(width / 8)) uint8, packed along the rows.
    """

    level: int
    shape: tuple[int, int]
    a: Mask
    b: Mask

    def cut(self, packed: Mask, rect: Rect) -> Mask:
        """Return the (h, w) map, 0 or 255, over a rectangle; 0 outside the canvas."""
        out = np.zeros((rect.height, rect.width), np.uint8)
        inside = rect.intersect(Rect(0, 0, *self.shape))
        if not inside.empty:
            first = inside.col // 8
            part = packed[inside.row : inside.bottom, first : -(-inside.right // 8)]
            bits = np.unpackbits(part, axis=1)
            skip = inside.col - first * 8
            out[inside.within(rect)] = bits[:, skip : skip + inside.width] * np.uint8(255)
        return out


class EdgesStage:
    """See `core.stages.Stage`.

    Magnitudes are ``sqrt(gx**2 + gy**2)`` (``|laplacian|``), divided by the largest that pixels of
    0...255 can give over 255: so values stay within 0...255. A straight step of 255 along rows or
    columns gives 228 (Sobel), 242 (Prewitt), 216 (Scharr) or 64 (Laplacian); 255 is reached by the
    worst slanted step, for the Laplacian by a lone pixel.

    Canny (1986, doi:10.1109/TPAMI.1986.4767851; Sobel gradients with the Euclidean magnitude on
    the scale above) follows lines as far as they go, so it is not local: the lines are found once
    on the whole pictures, kept at one bit a pixel, and cut out for each tile. Finding them takes 10
    bytes a pixel for a while. Nothing is found within 1 pixel of where a picture does not exist.
    """

    order = 50
    params: type[Params] = EdgesParams
    keeps_color = False
    """Edge strengths of channels are no colour."""

    def prepare(self, upstream: Upstream, params: EdgesParams, token: Token) -> CannyMaps | None:
        """Return the lines of both whole pictures for Canny, else nothing."""
        if params.method is not Method.CANNY:
            return None
        canvas = Rect(0, 0, *upstream.shape)
        if canvas.area > MOST_CANNY:
            raise CompareError(
                "Canny follows lines through whole pictures, and these are too large for it"
                f" (more than {MOST_CANNY / 1e6:.0f} megapixels); choose another method of Edges."
            )
        a, b = np.zeros(upstream.shape, np.uint8), np.zeros(upstream.shape, np.uint8)
        valid: Mask | None = None
        for tile in upstream.strips():
            token.check()
            inside = tile.rect.intersect(canvas)
            part = inside.within(tile.rect)
            a[inside.slices] = _gray8(tile.a)[part]
            b[inside.slices] = _gray8(tile.b)[part]
            if tile.valid is not None:
                valid = np.full(upstream.shape, 255, np.uint8) if valid is None else valid
                valid[inside.slices] = tile.valid[part]
        packed = []
        for gray in (a, b):
            token.check()
            packed.append(np.packbits(_canny(gray, valid, params.threshold), axis=1))
        return CannyMaps(upstream.level, upstream.shape, *packed)

    def halo(self, params: EdgesParams, level: int) -> int:  # noqa: ARG002 - same at every level
        """Return 1, the radius of every kernel; 2 for Canny, which also compares gradients."""
        return 2 if params.method is Method.CANNY else 1

    def apply(self, tile: Tile, params: EdgesParams, state: CannyMaps | None) -> Tile:
        """Return the tile with both pictures replaced by their edges."""
        if params.method is not Method.CANNY:
            return replace(tile, a=_magnitude(tile.a, params), b=_magnitude(tile.b, params))
        if state is not None and state.level == tile.level:
            lines = [state.cut(packed, tile.rect) for packed in (state.a, state.b)]
        else:  # a view at another level: only for the eye
            lines = [_canny(_gray8(p), tile.valid, params.threshold) for p in (tile.a, tile.b)]
        if tile.a.ndim == 3:
            many = tile.a.shape[2]
            return replace(tile, a=cv2.merge([lines[0]] * many), b=cv2.merge([lines[1]] * many))
        return replace(tile, a=lines[0], b=lines[1])

    def notices(self, params: EdgesParams, state: Any) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def summary(self, params: EdgesParams, state: Any) -> str:  # noqa: ARG002 - protocol
        """Return the threshold in force, if any."""
        if params.method is Method.CANNY:
            high = params.threshold or _CANNY_HIGH
            return f"from {high:g}, down to {_CANNY_LOW * high:g} levels"
        return f"from {params.threshold:g} levels" if params.threshold else ""


def _magnitude(pixels: Pixels, params: EdgesParams) -> Pixels:
    double = pixels.dtype == np.float64
    depth = cv2.CV_64F if double else cv2.CV_32F
    border = cv2.BORDER_REFLECT_101
    size: Pixels
    if params.method is Method.LAPLACIAN:
        size = cv2.Laplacian(pixels, depth, ksize=1, borderType=border)
        np.abs(size, out=size)
    else:
        along, across = (_kernel(w, double) for w in ((-1.0, 0.0, 1.0), _ACROSS[params.method]))
        dx = cv2.sepFilter2D(pixels, depth, along, across, borderType=border)
        dy = cv2.sepFilter2D(pixels, depth, across, along, borderType=border)
        # Not cv2.magnitude: it rounds the ends of rows otherwise, so strips would differ.
        np.multiply(dx, dx, out=dx)
        np.multiply(dy, dy, out=dy)
        size = np.add(dx, dy, out=dx)
        np.sqrt(size, out=size)
    # Divided, not folded into the kernel: so whole numbers give the same in every dtype.
    np.divide(size, size.dtype.type(_PEAK[params.method]), out=size)
    if params.threshold > 0:
        below = float(np.nextafter(size.dtype.type(params.threshold), size.dtype.type(0)))
        size = cv2.threshold(size, below, 0, cv2.THRESH_TOZERO)[1]
    return size


def _kernel(weights: tuple[float, float, float], double: bool) -> Pixels:
    return np.asarray(weights, np.float64 if double else np.float32)


def _gray8(pixels: Pixels) -> Mask:
    """Return one 8-bit value a pixel: Rec. 709 luma of three channels, rounded and clipped."""
    if pixels.ndim == 2 and pixels.dtype == np.uint8:
        return pixels
    wide = np.float64 if pixels.dtype == np.float64 else np.float32
    gray = to_gray(pixels.astype(wide, copy=False), GrayMethod.REC709)
    clipped: Mask = np.clip(np.rint(gray), 0, 255).astype(np.uint8)
    return clipped


def _canny(gray: Mask, valid: Mask | None, threshold: float) -> Mask:
    """Return the edge lines, 0 or 255; the gradient counts as 0 next to what is not valid."""
    dx, dy = (
        cv2.Sobel(gray, cv2.CV_16S, x, 1 - x, borderType=cv2.BORDER_REFLECT_101) for x in (1, 0)
    )
    if valid is not None:
        near = cv2.erode(valid, np.ones((3, 3), np.uint8)) == 0
        dx[near] = 0
        dy[near] = 0
    high = (threshold or _CANNY_HIGH) * _PEAK[Method.SOBEL]
    lines = cv2.Canny(dx, dy, _CANNY_LOW * high, high, L2gradient=True)
    return lines.astype(np.uint8, copy=False)


PARAMS: Final = EdgesParams
STAGE: Final = EdgesStage()
