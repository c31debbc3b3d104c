"""How far the histogram of each frame of a sequence is from that of each other one.

KL(i‖j), the mean over the channels, in nats, as `core.sequence._looks.hist_kl` has it of two
frames: with p of frame i and q of frame j, both smoothed, it is Σ p log p − Σ p log q. The first
sum belongs to one frame, the second is a product of matrices, so that all pairs of thousands of
frames are had in seconds. It is not symmetric: a row is the frame that is known to be sound, a
column the one that is judged by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.colormaps import lut
from core.measures import _distances as of
from core.measures.histogram import KL_LIMIT, SMOOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from core.types import Mask, Token

    Floats = NDArray[np.float64]

MOST: Final = 600
"""Cells along a side of the map, at most."""
COLORS: Final = "inferno"
TICKS: Final = (0.0, 0.02, 0.05, 0.1, KL_LIMIT, 0.5, 1.0, 3.0)
"""Distances that a legend names; the middle of the colours is `KL_LIMIT`."""
_PAIRS: Final = 1 << 20
"""Pairs that are held at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class DistanceMap:
    """Distances of all pairs of frames; a cell stands for one pair, or for those of two groups.

    Attributes
    ----------
    values
        (n, n) float64, nats: the largest distance of the pairs of a cell, rows are i, columns j.
    where
        (n, n): which pair of the cell that is, i · step + j counted within it.
    step
        Frames of a group.
    frames
        (N,) numbers of the frames, ascending.
    """

    values: Floats
    where: NDArray[np.int32]
    step: int
    frames: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Cells along a side."""
        return len(self.values)

    def pair_at(self, row: int, col: int) -> tuple[int, int]:
        """Return the numbers (i, j) of the frames whose distance a cell shows."""
        i, j = divmod(int(self.where[row, col]), self.step)
        return int(self.frames[row * self.step + i]), int(self.frames[col * self.step + j])

    def cell_of(self, i: int, j: int) -> tuple[int, int] | None:
        """Return the cell (row, col) that a pair of frames lies in; None for other numbers."""
        places = np.searchsorted(self.frames, (i, j))
        if any(p == len(self.frames) for p in places) or tuple(self.frames[places]) != (i, j):
            return None
        return int(places[0]) // self.step, int(places[1]) // self.step

    def along(self, number: int) -> float:
        """Return where along an axis a frame of this number begins, or would, in cells."""
        return float(np.searchsorted(self.frames, number)) / self.step

    @property
    def span(self) -> tuple[int, int]:
        """The numbers of the first and the last frame."""
        return int(self.frames[0]), int(self.frames[-1])


def distance_map(
    counts: NDArray[np.integer],
    most: int = MOST,
    *,
    token: Token | None = None,
    frames: NDArray[np.int64] | None = None,
) -> DistanceMap:
    """Return the distances of all pairs of frames; the same as the last of `mapped`."""
    *_, found = mapped(counts, most, token=token, frames=frames)
    assert isinstance(found, DistanceMap)
    return found


def mapped(
    counts: NDArray[np.integer],
    most: int = MOST,
    *,
    token: Token | None = None,
    frames: NDArray[np.int64] | None = None,
) -> Iterator[float | DistanceMap]:
    """Yield the share 0...1 that is done, again and again, then the distances of all pairs.

    Parameters
    ----------
    counts
        (N, C, 256): how often each level occurs; no channel is empty.
    most
        Cells along a side; of more frames several share a cell.
    token
        Checked between blocks of at most about a million pairs.
    frames
        (N,) numbers of the frames, ascending; 0, 1, 2 … when None.

    Raises
    ------
    ValueError
        When there is no frame, or a shape is another one.
    """
    if counts.ndim != 3 or not counts.size:
        raise ValueError(f"counts must be (N, C, 256) of at least one frame, not {counts.shape}")
    n, channels, bins = counts.shape
    numbers = np.arange(n) if frames is None else np.asarray(frames, np.int64)
    if numbers.shape != (n,):
        raise ValueError(f"{n} frames need as many numbers, not {numbers.shape}")
    shares = of.shares(counts.reshape(n * channels, bins).astype(np.int64))
    smooth = ((shares + SMOOTHING) / (1 + bins * SMOOTHING)).reshape(n, channels, bins)
    planes = [np.ascontiguousarray(smooth[:, c]) for c in range(channels)]
    logs = [np.log(p) for p in planes]
    own = [(p * q).sum(axis=1) for p, q in zip(planes, logs, strict=True)]
    step = -(-n // most)
    size = -(-n // step)
    values, where = np.empty((size, size)), np.empty((size, size), np.int32)
    rows = max(_PAIRS // (n * step), 1)  # of cells
    for start in range(0, size, rows):
        if token is not None:
            token.check()
        part = slice(start * step, min((start + rows) * step, n))
        block = np.zeros((part.stop - part.start, n))
        for p, q, entropy in zip(planes, logs, own, strict=True):
            block += np.maximum(entropy[part, None] - p[part] @ q.T, 0.0)
        block /= channels
        block[np.arange(len(block)), np.arange(part.start, part.stop)] = 0.0  # exactly
        cells = slice(start, min(start + rows, size))
        values[cells], where[cells] = _largest(block, step, size)
        yield cells.stop / size
    for array in (values, where):
        array.setflags(write=False)
    yield DistanceMap(values, where, step, numbers)


def _largest(block: Floats, step: int, size: int) -> tuple[Floats, NDArray[np.int32]]:
    """Return the largest value of each cell of some rows, and where in the cell it is."""
    if step == 1:
        return block, np.zeros(block.shape, np.int32)
    rows = -(-len(block) // step)
    whole = np.full((rows * step, size * step), -np.inf)
    whole[: len(block), : block.shape[1]] = block
    cells = whole.reshape(rows, step, size, step).swapaxes(1, 2).reshape(rows, size, step * step)
    at = cells.argmax(axis=2)
    return np.take_along_axis(cells, at[..., None], 2)[..., 0], at.astype(np.int32)


def place(distance: float) -> float:
    """Return where a distance lies in the colours, 0...1: d / (d + `KL_LIMIT`).

    So 0 has the first colour, the limit the middle one, and the last is for what is infinitely far:
    small steps are seen among frames that are alike, and large ones beside them.
    """
    return distance / (distance + KL_LIMIT)


def picture(found: DistanceMap) -> Mask:
    """Return the map in colours, (n, n, 3) uint8."""
    codes = np.rint(255.0 * found.values / (found.values + KL_LIMIT)).astype(np.uint8)
    return np.ascontiguousarray(lut(COLORS)[codes])
