"""Which frame of one sequence belongs to which of another, found by what they show.

A signature is a frame's luma, averaged over 32 x 18 cells, less its own mean, divided by its own
deviation (a flat frame is all 0): so gain, bias and size do not matter. Two frames are as alike as
the mean product of their signatures, which is Pearson's correlation, -1...1.

Offset. Frame i of A belongs to frame i + offset of B, for sequences of one rate; of different rates
the signatures are first brought to the higher one by time, linearly between neighbours. Each
offset for which at least `overlap` of the shorter sequence lies in the other one has a score: of
the parts that lie in both, each less its mean signature over time (what stays the same says nothing
about time, and two cameras need not see it alike), the correlation as one long vector. The best
score wins.

It is refused, since a wrong offset is worse than none, when

- either sequence has fewer than `FEWEST` frames,
- either hardly changes: its signatures' deviation over time is less than `STILL` of their own,
- the best score is below `SCORE`: the sequences do not show the same,
- the score `NEAR` frames beside the best is not lower by `FALL`: they change too slowly,
- another offset, more than `NEAR` frames away and with a dip between, has a score within `MARGIN`
  of the best: a repeating scene fits more than once.

Errors in time of a part of a frame are not told: for one rate the answer is a whole frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.sequence.pixels import as_bytes, to_gray

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from core.sequence.types import Frame
    from core.types import Mask, Token

    Floats = NDArray[np.float32]

WIDTH: Final = 32
HEIGHT: Final = 18
FEWEST: Final = 8
STILL: Final = 0.01
SCORE: Final = 0.3
MARGIN: Final = 0.05
NEAR: Final = 2
FALL: Final = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Signatures:
    """The signatures of a sequence.

    Attributes
    ----------
    values
        (N, 576) float32. Frames that could not be read repeat the one before; before the first that
        could, they are 0.
    times
        (N,) seconds; nan where nobody knows.
    """

    values: Floats
    times: NDArray[np.float64]

    @property
    def rate(self) -> float:
        """Frames a second: one over the median step of time; nan without times."""
        steps = np.diff(self.times)
        steps = steps[np.isfinite(steps) & (steps > 0)]
        return float(1 / np.median(steps)) if steps.size else math.nan


@dataclass(frozen=True, slots=True)
class Pairing:
    """How two sequences lie in time.

    Attributes
    ----------
    accepted
        Whether there is an answer; if not, `reason` says why, and the offset is 0.
    offset
        Frame i of A belongs to frame i + offset of B, at the common rate.
    seconds
        Time of a frame in B less its time in A, both from their first frames; nan without times.
    score
        Correlation at the offset.
    runner_up
        The best score anywhere else.
    rate_a, rate_b
        Frames a second of A and of B; nan without times.
    reason
        One sentence; empty when it is accepted.
    """

    accepted: bool
    offset: int = 0
    seconds: float = math.nan
    score: float = math.nan
    runner_up: float = math.nan
    rate_a: float = math.nan
    rate_b: float = math.nan
    reason: str = ""

    def of_a(self, index: int) -> int:
        """Return which frame of B belongs to one of A: the nearest in time; may be outside B."""
        if math.isnan(self.seconds) or self.rate_a == self.rate_b:
            return index + self.offset
        return round((index / self.rate_a + self.seconds) * self.rate_b)


def signature(pixels: Mask) -> Floats:
    """Return (576,) float32: what a frame shows, small; see the module."""
    gray = to_gray(pixels) if pixels.ndim == 2 else pixels
    small = cv2.resize(gray, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    cells = to_gray(np.asarray(small, np.uint8)).astype(np.float32).ravel()
    cells -= cells.mean()
    deviation = float(cells.std())
    return cells / np.float32(deviation) if deviation >= 0.5 else np.zeros_like(cells)


def signatures(frames: Iterable[Frame], token: Token) -> Signatures:
    """Return the signatures of frames, which are taken one at a time."""
    values, times = [], []
    last = np.zeros(WIDTH * HEIGHT, np.float32)
    for frame in frames:
        token.check()
        if frame.image is not None:
            last = signature(as_bytes(frame.image))
        values.append(last)
        times.append(frame.time)
    stacked = np.stack(values) if values else np.zeros((0, WIDTH * HEIGHT), np.float32)
    return Signatures(stacked, np.array(times, np.float64))


def distances(some: Signatures, others: Signatures | None = None) -> Floats:
    """Return (N, M) float32: 1 - correlation of each frame with each, 0 alike, 1 unrelated, 2.

    Of one sequence with itself when `others` is None; a flat frame is 1 from all, itself included.
    """
    a, b = some.values, (others or some).values
    out: Floats = 1 - (a @ b.T) / np.float32(WIDTH * HEIGHT)
    return np.clip(out, 0, 2, out=out)


def pair(a: Signatures, b: Signatures, overlap: float = 0.25) -> Pairing:
    """Return how two sequences lie in time, or why nobody can tell.

    Parameters
    ----------
    a, b
        The sequences.
    overlap
        At least this share of the shorter one lies in the other one.
    """
    none = Pairing(accepted=False, rate_a=a.rate, rate_b=b.rate)
    if min(len(a.values), len(b.values)) < FEWEST:
        return replace(none, reason=f"There are fewer than {FEWEST} frames.")
    rate = max(a.rate, b.rate)
    timed = math.isfinite(a.rate) and math.isfinite(b.rate)
    one, other = a.values, b.values
    if timed and abs(a.rate / b.rate - 1) > 1e-3:
        one, other = _at_rate(a, rate), _at_rate(b, rate)
    for x, word in ((one, "A"), (other, "B")):
        if float(x.var(axis=0).mean()) <= STILL**2 * float(np.square(x).mean()):
            return replace(none, reason=f"Sequence {word} hardly changes.")
    offsets, scores = _scores(one, other, overlap)
    best = int(scores.argmax())
    score, second = float(scores[best]), _runner_up(scores, best)
    none = replace(none, score=score, runner_up=second)
    if score < SCORE:
        return replace(none, reason="The sequences do not show the same at any offset.")
    if score - _beside(scores, best) < FALL:
        return replace(none, reason="They change too slowly to tell one frame from the next.")
    if second > score - MARGIN:
        return replace(none, reason="They show the same at more than one offset.")
    offset = int(offsets[best])
    seconds = offset / rate if timed else math.nan
    return replace(none, accepted=True, offset=offset, seconds=seconds)


def _at_rate(some: Signatures, rate: float) -> Floats:
    """Return signatures at even steps of time, from that of the first frame."""
    known = np.isfinite(some.times)
    times, values = some.times[known] - some.times[known][0], some.values[known]
    wanted = np.arange(0, times[-1] + 0.5 / rate, 1 / rate)
    after = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
    span = np.maximum(times[after] - times[after - 1], 1e-9)
    share = np.clip((wanted - times[after - 1]) / span, 0, 1).astype(np.float32)[:, None]
    return np.asarray(values[after - 1] * (1 - share) + values[after] * share, np.float32)


def _scores(a: Floats, b: Floats, overlap: float) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the offsets that overlap enough, and the correlation at each.

    The sums of products over all offsets are the diagonals of a · bᵀ, taken by Fourier transform;
    the means and energies of the parts that overlap come from running sums.
    """
    n, m = len(a), len(b)
    center = a.mean(axis=0)  # whatever is taken out of both changes nothing, but less is rounded
    x, y = (np.asarray(v - center, np.float64) for v in (a, b))
    size = 1 << (n + m - 1).bit_length()
    fx, fy = (np.fft.rfft(v, size, axis=0) for v in (x, y))
    products = np.fft.irfft((np.conj(fx) * fy).sum(axis=1), size)
    offsets = np.arange(-(n - 1), m)
    first, last = np.maximum(-offsets, 0), np.minimum(n, m - offsets)
    enough = last - first >= max(int(overlap * min(n, m)), FEWEST)
    offsets, first, last = offsets[enough], first[enough], last[enough]
    length = last - first
    (sum_x, square_x), (sum_y, square_y) = _running(x), _running(y)
    all_x, all_y = sum_x[last] - sum_x[first], sum_y[last + offsets] - sum_y[first + offsets]
    common = products[offsets % size] - (all_x * all_y).sum(axis=1) / length
    energy = np.ones(len(offsets))
    for total, squares, low, high in (
        (all_x, square_x, first, last), (all_y, square_y, first + offsets, last + offsets)
    ):  # fmt: skip
        energy *= squares[high] - squares[low] - np.square(total).sum(axis=1) / length
    return offsets, common / np.sqrt(np.maximum(energy, 1e-6))


def _running(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums of the first 0, 1, 2... signatures, and of their squares."""
    nothing = np.zeros((1, x.shape[1]))
    squares = np.square(x).sum(axis=1)
    return np.concatenate([nothing, np.cumsum(x, axis=0)]), np.append(0.0, np.cumsum(squares))


def _beside(scores: NDArray[Any], best: int) -> float:
    """Return the better of the two scores `NEAR` offsets from the best."""
    some = [scores[i] for i in (best - NEAR, best + NEAR) if 0 <= i < scores.size]
    return float(max(some)) if some else -math.inf


def _runner_up(scores: NDArray[Any], best: int) -> float:
    """Return the best score that is not on the slopes of the best peak."""
    left, right = best, best
    while left > 0 and (best - left < NEAR or scores[left - 1] <= scores[left]):
        left -= 1
    while right < scores.size - 1 and (right - best < NEAR or scores[right + 1] <= scores[right]):
        right += 1
    rest = np.concatenate([scores[:left], scores[right + 1 :]])
    return float(rest.max()) if rest.size else -math.inf
