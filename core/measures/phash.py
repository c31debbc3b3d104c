"""Perceptual hash: how many bits of a fingerprint of the coarse pattern differ.

The hash of the discrete cosine transform (Zauner, Implementation and benchmarking of perceptual
image hash functions, 2010, section 3.2.1, in the form with all of the 8 x 8 block):

1. luma (Rec. 709) is averaged over 32 x 32 equal cells of the canvas. Averages are exact: a pixel
   that lies in two cells counts in each by the share of it that does. In a picture of less than 32
   rows or columns several cells show the same pixel. Only valid pixels count; a cell without one is
   given the mean of all.
2. The orthonormal DCT-II of these; the 8 x 8 coefficients of the lowest frequencies are kept, the
   constant one among them.
3. A bit is set where a coefficient is above the median of the 64. The constant one takes part in
   the median, and its own bit is set in any picture that is not black: brightness is not seen.

Coefficients are rounded to 1/1024 of a level first, so that what is 0 but for rounding (of a flat
or a striped picture) is 0 and sets no bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.color import LUMA_709
from core.measures import Measure
from core.measures._luma import bytes_of
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

CELLS: Final = 32
KEPT: Final = 8
_STEP: Final = 1024.0

_HELP: Final = (
    "How many of the 64 bits of a fingerprint of the coarse pattern differ: a few for another size,"
    " compression or brightness of one picture, about 32 for two unrelated ones. It does not see"
    " small things, nor colour, and for a picture with hardly any pattern it is left to chance."
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds: (32, 32) sums of the luma of A and of B, and the area they stand on."""

    a: Floats
    b: Floats
    area: Floats


class PerceptualHash(Measure):
    """Hamming distance of the DCT hashes of A and B, 0...64 bits.

    Luma is taken of the values as they are, encoded or linear, without alpha. After edges, which
    leave nothing that an eye saw, it is nan. Swapping A and B changes nothing.
    """

    names = ("phash_distance",)
    order = 52
    group = "Perceptual"

    def partial(self, sample: Sample) -> Part | None:
        """Return the sums over the cells of one strip; None where nothing is seen."""
        if not sample.seen:
            return None
        # Sums of bytes are quick and exact, and the luma of sums is the sum of luma.
        a, b = bytes_of(sample) or tuple(plane[sample.inner] for plane in sample.luma)
        valid = sample.inner_valid
        if valid is not None and cv2.countNonZero(valid) == valid.size:
            valid = None
        rect, (height, width) = sample.rect, sample.canvas
        places = (height, rect.row, rect.height), (width, rect.col, rect.width)
        rows, cols = (runs(*place) for place in places)
        if valid is None:
            area = np.outer(_lengths(rows), _lengths(cols))
        else:
            a, b = (np.asarray(cv2.copyTo(plane, valid)) for plane in (a, b))
            area = _summed(valid & 1, rows, cols)
        return Part(_summed(a, rows, cols), _summed(b, rows, cols), area)

    def finish(self, partials: Sequence[Part | None], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the distance; nan when there is no valid pixel, or nothing is seen."""
        parts = [p for p in partials if p is not None]
        pixels = totals.pixels if parts else 0
        value = math.nan
        if pixels > 0:
            area = _sum([p.area for p in parts])
            one, other = (
                bits(means(_sum(sums), area))
                for sums in ([p.a for p in parts], [p.b for p in parts])
            )
            value = float(np.count_nonzero(one != other))
        label = "Perceptual hash"
        return (
            MeasureValue("phash_distance", label, value, "bits", "lower", pixels, help=_HELP),
        )  # fmt: skip


def means(sums: Floats, area: Floats) -> Floats:
    """Return the mean of each cell; that of everything where a cell has no area."""
    out = np.full(sums.shape, sums.sum() / area.sum())
    return np.asarray(np.divide(sums, area, out=out, where=area > 0))


def bits(cells: Floats) -> NDArray[np.bool_]:
    """Return the (8, 8) bits of the hash of (32, 32) means."""
    low = _cosines() @ cells @ _cosines().T
    low = np.rint(low * _STEP) / _STEP
    return np.asarray(low > np.median(low))


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """Return the first rows, (8, 32), of the matrix of the orthonormal DCT-II."""
    k, n = np.mgrid[0:KEPT, 0:CELLS]
    rows = np.cos(math.pi * k * (2 * n + 1) / (2 * CELLS)) * math.sqrt(2 / CELLS)
    rows[0] /= math.sqrt(2)
    return np.asarray(rows)


def overlaps(length: int, first: int, count: int) -> Floats:
    """Return (32, count): how much of pixel ``first + i`` of `length` lies in each cell, 0...1.

    Multiples of 1/32, which are exact.
    """
    cells, pixels = np.arange(CELLS)[:, None], np.arange(first, first + count)[None, :]
    begin = np.maximum(cells * length, pixels * CELLS)
    end = np.minimum((cells + 1) * length, (pixels + 1) * CELLS)
    return np.asarray(np.maximum(end - begin, 0) / CELLS)


@dataclass(frozen=True, slots=True)
class Run:
    """The pixels in a row that touch a cell: all lie in it whole, but perhaps the ends."""

    cell: int
    first: int
    last: int
    ends: tuple[tuple[int, float], ...]  # which pixels do not, and how much of each lies elsewhere


@lru_cache(maxsize=64)
def runs(length: int, first: int, count: int) -> tuple[Run, ...]:
    """Return the run of each cell that the pixels of a strip touch, one cell after the other."""
    weights, found = overlaps(length, first, count), []
    for k in np.flatnonzero(weights.any(axis=1)):
        touched = np.flatnonzero(weights[k])
        one, last = int(touched[0]), int(touched[-1])
        ends = tuple((i, 1.0 - float(weights[k, i])) for i in {one, last} if weights[k, i] < 1.0)
        found.append(Run(int(k), one, last, ends))
    return tuple(found)


def _lengths(cells: Sequence[Run]) -> Floats:
    """Return (32,): how many pixels lie in each cell."""
    out = np.zeros(CELLS)
    for run in cells:
        out[run.cell] = run.last + 1 - run.first - sum(elsewhere for _, elsewhere in run.ends)
    return out


def _summed(pixels: Pixels | Mask, rows: Sequence[Run], cols: Sequence[Run]) -> Floats:
    """Return the (32, 32) sums of luma, or of a mask, over the cells, float64."""
    sums = _by_row(pixels.reshape(pixels.shape[0], -1), rows)
    if pixels.ndim == 3:
        red, green, blue = (w * sums[:, i::3] for i, w in enumerate(LUMA_709))
        sums = red + green + blue
    out = np.zeros((CELLS, CELLS))
    if rows and cols:
        # A product of matrices that small starts BLAS's own threads, which would be in the way.
        found = _by_row(np.ascontiguousarray(sums.T), cols).T
        out[rows[0].cell : rows[-1].cell + 1, cols[0].cell : cols[-1].cell + 1] = found
    return out


def _by_row(plane: Pixels | Mask, cells: Sequence[Run]) -> Floats:
    """Return (len(cells), w): the sums of rows over each cell, float64."""
    out = np.zeros((len(cells), plane.shape[1]))
    depth = cv2.CV_32S if plane.dtype == np.uint8 else cv2.CV_64F
    for i, run in enumerate(cells):
        rows = plane[run.first : run.last + 1]
        out[i] = cv2.reduce(rows, 0, cv2.REDUCE_SUM, dtype=depth)[0]
        for end, elsewhere in run.ends:
            out[i] -= elsewhere * plane[end].astype(np.float64)
    return out


def _sum(parts: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(parts, axis=0))


MEASURE: Final = PerceptualHash()
