"""The difference of two tiles: absolute values first, then one number a pixel, then one byte.

The byte ("code") of a magnitude m is 0 only when m is exactly 0, else m rounded up to a whole
number, where up to 0.001 above a whole number still counts as that number: float files cannot hold
whole levels exactly (k/255 in float32 comes back as k within 3e-5). The same 0.001 is granted when
a magnitude is compared with a tolerance above 0, so for a whole-numbered tolerance t, "over the
tolerance" and "code > t" are the same thing. At tolerance 0 every difference that is not exactly 0
counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

import cv2
import numpy as np

from core.absolute import largest_channel, subtracted
from core.color import AlphaMode, Background, Transparent, row_blocks
from core.lab import to_lab
from core.map_kinds import KINDS
from core.scratch import Scratch
from core.settings import Params, ui
from core.types import SCALE, MapKind, Mask, Pixels, Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.blocks import Cell

SLACK: Final = 0.001
"""A magnitude this little over a whole number or a tolerance is not over it."""


class Space(StrEnum):
    """Where the difference is taken."""

    RGB = "rgb"
    LAB = "lab"


@dataclass(frozen=True, kw_only=True)
class DifferenceParams(Params):
    """How the two pictures are subtracted, and what counts as different."""

    name: ClassVar[str] = "difference"
    title: ClassVar[str] = "Difference"
    about: ClassVar[str] = "What is painted, and from which size on a difference counts."
    toggle: ClassVar[bool] = False

    map: MapKind = field(
        default=MapKind.ABSOLUTE,
        metadata=ui(
            "Map",
            "What the difference map shows; the measures stay those of A − B.",
            choices={str(kind): info.label for kind, info in KINDS.items()},
            primary=True,
        ),
    )
    tolerance: float = field(
        default=0.0,
        metadata=ui(
            "Tolerance",
            "Pixels that differ by more than this count as different: the zero norm, the regions"
            " and the verdict depend on it, the other measures do not.",
            0.0,
            255.0,
            step=1.0,
            flag="tolerance",
        ),
    )
    space: Space = field(
        default=Space.RGB,
        metadata=ui(
            "Colour space",
            "RGB takes the largest difference of a channel; Lab the CIE 1976 colour difference ΔE,"
            " which is closer to what the eye sees. Lab needs colour: not with Gray or Edges.",
            choices={"rgb": "RGB", "lab": "CIE Lab (ΔE 1976)"},
        ),
    )
    alpha: AlphaMode = field(
        default=AlphaMode.PREMULTIPLIED,
        metadata=ui(
            "Transparency",
            "As seen: colour counts as much as it is opaque, and alpha is one more channel."
            " Straight: colour counts in full, and alpha is one more channel. Over a background:"
            " what is seen there. Ignored: colour hidden behind transparency counts as if it were"
            " seen.",
            choices={
                "premultiplied": "as seen, and alpha",
                "straight": "straight, and alpha",
                "over": "over a background",
                "ignore": "ignored",
            },
        ),
    )
    background: Background = field(
        default=Background.BLACK,
        metadata=ui(
            "Background",
            "What both pictures are laid over. Gray is the sRGB level 128 of 255; a level is"
            " sRGB-encoded too.",
            choices={"black": "black", "white": "white", "gray": "gray", "level": "a level"},
            only_when=("alpha", "over"),
        ),
    )
    background_level: float = field(
        default=128.0,
        metadata=ui(
            "Background level",
            "The gray that both pictures are laid over when the background is a level.",
            0.0,
            SCALE,
            step=1.0,
            only_when=("background", "level"),
        ),
    )
    transparent: Transparent = field(
        default=Transparent.COUNT,
        metadata=ui(
            "Fully transparent",
            "Whether pixels at which nothing is seen of either picture count. Left out, every"
            " average is one over the pixels at which something is.",
            choices={"count": "counts", "leave-out": "left out"},
        ),
    )

    @property
    def over_level(self) -> float:
        """The sRGB-encoded level, 0...255, of the background."""
        named = {Background.BLACK: 0.0, Background.WHITE: SCALE, Background.GRAY: 128.0}
        return named.get(self.background, self.background_level)


PARAMS: Final = DifferenceParams


@dataclass(frozen=True, slots=True, eq=False)
class Signed:
    """A − B over a rectangle (arbitrary where invalid), and where both exist (None: everywhere)."""

    pixels: Pixels
    valid: Mask | None


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """The difference over one rectangle; see `core.measures.Sample` for the fields."""

    absolute: Pixels | None  # None where its sums were taken at once
    magnitude: Pixels
    over: Mask  # anything but 0 where over the tolerance
    codes: Mask  # of the magnitude
    map_codes: Mask  # of the painted map; those of the magnitude where a measure makes the map
    pixels: int
    sums: NDArray[np.float64] | None = None


def difference(
    tile: Tile,
    inner: tuple[slice, slice],
    params: DifferenceParams,
    signed: Signed | None = None,
    *,
    linear: bool = False,
    scratch: Scratch | None = None,
    codes: Mask | None = None,
    cells: Sequence[Cell] | None = None,
) -> Difference:
    """Subtract the inner part of a tile; invalid pixels come out as exactly 0.

    `signed` is A − B over the inner part when it is known already (see `core.linear`); its pixels
    are used up. The pictures themselves are then only looked at for the signed and the relative
    map. `linear` says that the pictures are linear light, for Lab. What comes out may lie in
    `scratch`, but for the codes, which are put into `codes` where that is given. Of bytes that are
    all valid the sums of `cells` of the inner part are made in place of their `absolute`.
    """
    a, b = tile.a[inner], tile.b[inner]
    valid = None if tile.valid is None else np.ascontiguousarray(tile.valid[inner])
    lab = params.space is Space.LAB and a.ndim == 3 and a.shape[2] >= 3
    if lab:
        a, b = to_lab(a, b, linear=linear)
    scratch = scratch or Scratch()
    pixels = a.shape[0] * a.shape[1]
    absolute: Pixels | None
    sums = None
    if signed is None and valid is None and not lab:
        absolute, magnitude, sums = subtracted(a, b, scratch, codes, cells)
    else:
        absolute = cv2.absdiff(a, b) if signed is None else np.abs(signed.pixels, signed.pixels)
        if valid is not None:
            absolute = cv2.copyTo(absolute, valid)
            pixels = cv2.countNonZero(valid)
        magnitude = _euclidean(absolute) if lab else largest_channel(absolute, scratch)
    codes = codes_of(magnitude, codes)
    # A code is 0 for an exact 0 alone, so at tolerance 0 the codes are the mask already.
    zero = params.tolerance == 0.0
    over = codes if zero else over_tolerance(magnitude, codes, params.tolerance, scratch)
    kind = params.map
    own = kind in (MapKind.SIGNED, MapKind.SQUARED, MapKind.RELATIVE)
    map_codes = _map_codes(kind, a, b, magnitude, valid) if own else codes
    return Difference(absolute, magnitude, over, codes, map_codes, pixels, sums)


def _euclidean(absolute: Pixels) -> Pixels:
    planes = cv2.split(absolute)
    total = cv2.multiply(planes[0], planes[0])
    for plane in planes[1:]:
        total = cv2.accumulateSquare(plane, total)
    return cv2.sqrt(total)


def codes_of(magnitude: Pixels, out: Mask | None = None) -> Mask:
    """Return the one-byte codes of a magnitude (see the module's text); 255 holds all above 254.

    They are put into `out`, if any; without, those of bytes are the magnitude itself.
    """
    if magnitude.dtype == np.uint8:
        if out is None or out is magnitude:
            return magnitude
        np.copyto(out, magnitude)
        return out
    out = np.empty(magnitude.shape, np.uint8) if out is None else out
    for rows in row_blocks(*magnitude.shape):
        part = magnitude[rows]
        # Rounding m + 0.499 to the nearest whole number takes (k - 0.999, k + 0.001] to k, up to
        # ties.
        codes = cv2.convertScaleAbs(part, alpha=1.0, beta=0.5 - SLACK)
        cv2.max(codes, np.greater(part, 0).view(np.uint8), out[rows])
    return out


def over_tolerance(
    magnitude: Pixels, codes: Mask, tolerance: float, scratch: Scratch | None = None
) -> Mask:
    """Return the mask of pixels whose magnitude is over the tolerance; it may lie in `scratch`."""
    if tolerance == int(tolerance) and tolerance < SCALE:
        out = (scratch or Scratch()).array("over", codes.shape, np.uint8)
        cv2.threshold(codes, int(tolerance), 255, cv2.THRESH_BINARY, out)
        return out
    over: Mask = np.greater(magnitude, tolerance + SLACK).view(np.uint8) * np.uint8(255)
    return over


def _map_codes(kind: MapKind, a: Pixels, b: Pixels, magnitude: Pixels, valid: Mask | None) -> Mask:
    """Codes of the painted maps other than the absolute one."""
    if kind is MapKind.SQUARED:
        square = cv2.multiply(magnitude, magnitude, scale=1 / SCALE, dtype=cv2.CV_32F)
        return codes_of(square)
    if kind is MapKind.RELATIVE:
        wide_a, wide_b = a.astype(np.float32), b.astype(np.float32)
        larger = np.maximum(np.maximum(np.abs(wide_a), np.abs(wide_b)), np.float32(1e-6))
        share = cv2.divide(cv2.absdiff(wide_a, wide_b), larger, scale=SCALE)
        codes = codes_of(largest_channel(share))
        return codes if valid is None else np.asarray(cv2.copyTo(codes, valid), np.uint8)
    return _signed_codes(a, b, valid)


def _signed_codes(a: Pixels, b: Pixels, valid: Mask | None) -> Mask:
    """128 is exactly 0, above is A brighter, below is B brighter; the channel that differs most."""
    up = largest_channel(np.maximum(cv2.subtract(a, b, dtype=cv2.CV_32F), 0))
    down = largest_channel(np.maximum(cv2.subtract(b, a, dtype=cv2.CV_32F), 0))
    scale = 127.0 / SCALE
    above, below = codes_of(up * np.float32(scale)), codes_of(down * np.float32(scale))
    signed = np.where(
        up >= down, 128 + np.minimum(above, 127), 128 - np.minimum(below, 127)
    ).astype(np.uint8)
    return signed if valid is None else np.where(valid > 0, signed, 128).astype(np.uint8)
