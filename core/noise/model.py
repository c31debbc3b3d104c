"""The noise of one pair: prepared once, asked for any rate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import cv2
import numpy as np

from core.noise import curve, survey, zscore
from core.noise.null import SIDE, Null, blocks_of, null_of
from core.noise.threshold import HIGH, LOW, Tail, Threshold, chosen, stepped, tail
from core.noise.zscore import HALO, Scale
from core.tiles import both
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from core.noise.curve import Curves
    from core.noise.params import NoiseParams
    from core.types import Mask, Tile, Token

T = TypeVar("T")

PIXELS: Final = 1 << 18
"""Pixels of a strip."""
_WIDEST: Final = 1 << 13
"""Columns of a strip at most."""
SURVEYED: Final = 1 << 24
"""Of larger canvases every so many strips are looked at for the curves, about so many pixels."""
KEPT: Final = 1 << 24
"""Pixels of a canvas up to which evidence is kept, a byte a pixel, instead of made again."""
OFFSET: Final = 0.15
"""How many σ all of A may be brighter or darker than B before that is taken for a change."""
_PATCH: Final = 128
"""Side of the patches that the spectrum of the noise is taken from."""
_PATCHES: Final = 24


class Source(Protocol):
    """The pair after all stages."""

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the canvas."""

    def tile(self, rect: Rect) -> Tile:
        """Return the pair over a rectangle inside the canvas."""

    def counted(self, rect: Rect) -> Mask | None:
        """Return which pixels of a rectangle are wanted; None for all."""


class Many(Protocol):
    """Does the same work on many rectangles, in order; `core.parallel.in_order` is one."""

    def __call__(
        self, work: Callable[[Rect], T], rects: Sequence[Rect], token: Token
    ) -> Iterator[T]:
        """Yield the answers."""


def one_by_one(work: Callable[[Rect], T], rects: Sequence[Rect], token: Token) -> Iterator[T]:
    """Do `work` on every rectangle on the thread that asks."""
    for rect in rects:
        token.check()
        yield work(rect)


@dataclass(frozen=True, eq=False)
class Noise:
    """What is known of the noise of one pair.

    Attributes
    ----------
    curves
        Its size by intensity.
    scale
        What makes differences multiples of it.
    null
        What noise alone does.
    tail
        How the pictures' tail is beside it.
    counts
        (256,) valid pixels by code of evidence.
    evidence
        (h, w) codes over the canvas; None for a large one.
    """

    curves: Curves
    scale: Scale
    null: Null
    tail: Tail
    counts: NDArray[np.int64]
    evidence: Mask | None

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """(256,) share of unchanged pixels that noise brings to each code or beyond."""
        plain = expected_share(self.null, self.curves)
        at = zscore.least(np.arange(256))
        return np.asarray(np.minimum(plain * self.tail.factor(at), 1.0))

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps."""
        kept = 0 if self.evidence is None else self.evidence.nbytes
        return kept + self.null.field.nbytes + 65536

    def threshold(self, params: NoiseParams) -> Threshold:
        """Return from where on a pixel counts."""
        return chosen(params, self.share, self.counts)


def expected_share(null: Null, curves: Curves) -> NDArray[np.float64]:
    """Return the (256,) share over each code that Gaussian noise has at this depth."""
    return stepped(null.share, curves) if curves.whole else null.share


def prepare(source: Source, token: Token, many: Many = one_by_one) -> Noise:
    """Look at the whole pair and return its noise.

    Its size is taken from the whole canvas; how often which evidence is found, from what is wanted.

    Parameters
    ----------
    source
        The pair after all stages.
    many
        How strips are worked on.

    Raises
    ------
    Cancelled
        Soon after the token says so.
    """
    rects = strips(source.shape)
    known = survey.look([source.tile(r) for r in patches(source.shape, 9, 96)])
    every = max(-(-source.shape[0] * source.shape[1] // SURVEYED), 1)
    seen = many(lambda r: survey.survey(source.tile(r), known), rects[::every], token)
    curves = curve.fitted(list(seen), known)
    inverse = (1 / curves.difference).astype(np.float32)
    null = _null(source, inverse, token, many)
    scale = Scale(inverse, null.spread)
    plain = expected_share(null, curves)
    limits = tuple(int(np.argmax(plain <= s)) for s in (LOW, HIGH))
    kept = np.zeros(source.shape, np.uint8) if np.prod(source.shape) <= KEPT else None

    def work(rect: Rect) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        found, valid = evidence(source, rect, scale)
        valid = both(valid, source.counted(rect))
        if kept is not None:
            kept[rect.slices] = found
        return _counts(found, valid), _over(found, valid, limits)

    parts = list(many(work, rects, token))
    counts = np.sum([p[0] for p in parts], axis=0)
    real = np.concatenate([p[1] for p in parts])
    made = _over(null.field, None, limits)
    found = tail(real, made, (limits[0], limits[1]), plain, null.share)
    if curves.offset > OFFSET:  # a change everywhere, no tail
        found = replace(found, ratio=(1.0, 1.0))
    return Noise(curves, scale, null, found, counts, kept)


def evidence(source: Source, rect: Rect, scale: Scale) -> tuple[Mask, Mask | None]:
    """Return the codes of evidence over a rectangle of the canvas, and where they are valid."""
    tile = source.tile(rect.grow(HALO).intersect(Rect(0, 0, *source.shape)))
    return evidence_of(tile, rect.within(tile.rect), scale)


def evidence_of(
    tile: Tile, inner: tuple[slice, slice], scale: Scale
) -> tuple[Mask, Mask | None]:  # fmt: skip
    """Return the codes of evidence over the inner part of a tile, and where they are valid."""
    planes = zscore.zscores(tile.a, tile.b, tile.valid, scale.inverse)
    found = np.ascontiguousarray(zscore.codes(zscore.evidence(planes, scale.spread))[inner])
    if tile.valid is None:
        return found, None
    valid = np.ascontiguousarray(tile.valid[inner])
    return np.asarray(cv2.copyTo(found, valid), np.uint8), valid


def strips(shape: tuple[int, int]) -> list[Rect]:
    """Cut a canvas into strips whose places are multiples of the side of a block."""
    height, width = shape
    cols = width if width <= _WIDEST else _WIDEST // 2
    rows = max(PIXELS // max(cols, 1) // SIDE * SIDE, SIDE)
    return [
        Rect(r, c, min(rows, height - r), min(cols, width - c))
        for r in range(0, height, rows)
        for c in range(0, width, cols)
    ]


def patches(shape: tuple[int, int], count: int, side: int) -> list[Rect]:
    """Return up to about `count` squares, evenly spread over a canvas; they do not overlap."""
    height, width = shape
    aspect = max(width, 1) / max(height, 1)
    rows = max(round((count / aspect) ** 0.5), 1)
    rows, cols = (
        max(min(n, -(-size // side)), 1)
        for n, size in ((rows, height), (max(count // rows, 1), width))
    )
    tops = [height * (2 * k + 1) // (2 * rows) - side // 2 for k in range(rows)]
    lefts = [width * (2 * k + 1) // (2 * cols) - side // 2 for k in range(cols)]
    canvas = Rect(0, 0, height, width)
    return [Rect(r, c, side, side).intersect(canvas) for r in tops for c in lefts]


def _null(source: Source, inverse: NDArray[np.float32], token: Token, many: Many) -> Null:
    """Return what noise does that is like that of a few patches."""

    def work(rect: Rect) -> NDArray[np.float32]:
        tile = source.tile(rect)
        planes = zscore.zscores(tile.a, tile.b, tile.valid, inverse)
        blocks = blocks_of(planes)
        if tile.valid is None:
            return blocks
        whole = blocks_of([tile.valid.astype(np.float32)]).min(axis=(1, 2, 3)) > 0
        return np.asarray(blocks[whole], np.float32)

    found = list(many(work, patches(source.shape, _PATCHES, _PATCH), token))
    return null_of(np.concatenate(found), len(inverse))


def _counts(codes: Mask, valid: Mask | None) -> NDArray[np.int64]:
    counts = cv2.calcHist([codes], [0], valid, [256], [0, 256])
    return np.asarray(counts.ravel(), np.int64)


def _over(codes: Mask, valid: Mask | None, limits: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the share of each whole valid block that is over each limit, (n, limits)."""
    rows, cols = (n // SIDE for n in codes.shape)
    if rows == 0 or cols == 0:
        return np.zeros((0, len(limits)))
    cut = (slice(rows * SIDE), slice(cols * SIDE))

    def shares(mask: Mask) -> NDArray[np.float64]:
        small = cv2.resize(mask.astype(np.float32), (cols, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(small.ravel() / 255, np.float64)

    found = np.stack(
        [shares(np.asarray(cv2.inRange(codes[cut], k, 255), np.uint8)) for k in limits], axis=1
    )
    return found if valid is None else found[shares(valid[cut]) > 1 - 1e-6]
