"""Distances between the histograms of A and B: how the values are spread, not where they are.

Each is taken per channel between two histograms whose shares add up to 1 (p of A, q of B), then
averaged over the channels. The histograms are exact counts over all valid pixels; working values
fall into the level that they round to, values outside 0...255 into the end levels; with fewer than
256 bins level k falls into bin ``k * bins // 256``.

A joint histogram counts combinations of the colour channels instead (without alpha), so that it
sees colours that changed partners: its bins are cells, one for each combination of bins. There are
at most `MOST_CELLS`, so each of three channels has at most 32 bins. Pictures of more than
`MOST_CHANNELS` channels are compared per channel. So is the earth mover's distance always, which
needs bins in a row. For gray it is the ordinary histogram.

The formulas and their sources are in `core.measures._distances`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from core.counting import to_byte
from core.measures import Measure
from core.measures import _distances as of
from core.measures._counts import Counts, added, joint
from core.settings import Params, ui
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.measures import Sample, Totals

    Distance = Callable[[of.Shares, of.Shares], float]

SMOOTHING: Final = 1e-8
"""Added to every share before the Kullback-Leibler distance is taken, or an empty bin of B would
make it infinite: as little as one pixel in a hundred million."""
KL_LIMIT: Final = 0.2
"""A Kullback-Leibler distance (nats) over this is the verdict "a corrupted frame"."""
MOST_CELLS: Final = 1 << 15
"""Cells of a joint histogram: 32 bins for each of three channels."""
MOST_CHANNELS: Final = 10
"""Dimensions that OpenCV can count in; two bins each is all that `MOST_CELLS` then allow."""


class Direction(StrEnum):
    """Which way round the Kullback-Leibler distance is taken."""

    A_TO_B = "a_to_b"
    B_TO_A = "b_to_a"


@dataclass(frozen=True, kw_only=True)
class HistogramParams(Params):
    """How histograms are made and compared."""

    name: ClassVar[str] = "histogram"
    title: ClassVar[str] = "Histogram distances"
    about: ClassVar[str] = "How the histograms are made whose distances are measured."
    toggle: ClassVar[bool] = False

    bins: int = field(
        default=256,
        metadata=ui(
            "Bins",
            "Bins of each channel; with fewer, small changes of value stay within one bin and are"
            " not seen. A joint histogram of three channels has at most 32 for each.",
            2,
            256,
            step=1,
            primary=True,
        ),
    )
    joint: bool = field(
        default=False,
        metadata=ui(
            "Joint",
            "One histogram of the combinations of all colour channels, which also sees colours that"
            " changed partners; otherwise one for each channel, and the average over them.",
        ),
    )
    direction: Direction = field(
        default=Direction.A_TO_B,
        metadata=ui(
            "Kullback–Leibler",
            "Which way round: KL(A‖B) asks how A's values surprise somebody who expects B's,"
            " KL(B‖A) how B's surprise somebody who expects A's.",
            choices={"a_to_b": "A‖B", "b_to_a": "B‖A"},
        ),
    )
    smoothing: float = field(
        default=SMOOTHING,
        metadata=ui(
            "Smoothing",
            "Added to the share of every bin before the Kullback–Leibler distances, which an empty"
            " bin would make infinite; more of it makes them smaller.",
            1e-12,
            0.01,
            step=1e-8,
        ),
    )

    def joint_bins(self, channels: int) -> int:
        """Return the bins of each channel of a joint histogram: no more than `MOST_CELLS` allow."""
        return min(self.bins, max(n for n in range(1, 257) if n**channels <= MOST_CELLS))


_Row = tuple["Distance | None", str, str, Literal["lower", "higher"], str]
_TABLE: Final[dict[str, _Row]] = {
    "hist_l1": (
        of.l1, "Manhattan", "", "lower",
        "Twice the share of pixels that would have to change their value to make the histograms"
        " equal. It is 0 for any rearrangement of the same pixels, and large for a brightness step"
        " of one level.",
    ),
    "hist_l2": (
        of.l2, "Euclidean", "", "lower",
        "How far apart the histograms are, tall bins weighing more. One flat background that moves"
        " by a single level decides it.",
    ),
    "hist_chi2": (
        of.chi2, "χ²", "", "lower",
        "How far apart the histograms are, each bin measured against its own height, 0 to 2. Sparse"
        " bins at the ends count as much as full ones, so noise there shows.",
    ),
    "hist_correlation": (
        of.correlation, "correlation", "", "higher",
        "Whether the same bins are tall and low in both histograms: 1 alike, 0 unrelated. One very"
        " tall bin, such as a black border in both, makes any two pictures look alike.",
    ),
    "hist_intersection": (
        of.intersection, "intersection", "", "higher",
        "The share of pixels that the histograms have in common: 1 alike, 0 nothing in common. It"
        " does not see where pixels are, and a brightness step of one level can bring it to 0.",
    ),
    "hist_bhattacharyya": (
        of.bhattacharyya, "Bhattacharyya", "", "lower",
        "How little the histograms overlap, in Hellinger's form: 0 alike, 1 nothing in common. It"
        " does not see where pixels are, nor how far apart the values lie.",
    ),
    "hist_js": (
        of.jensen_shannon, "Jensen–Shannon", "nats", "lower",
        "How surely one pixel's value tells which picture it came from: 0 not at all, 0.693 always."
        " It does not see how far apart the values lie.",
    ),
    "hist_kl": (
        None, "Kullback–Leibler {p}‖{q}", "nats", "lower",
        "KL({p}‖{q}): how much {p}'s values would surprise somebody who expects {q}'s, with"
        " {smoothing:g} added to every share; over {limit:g} counts as a corrupted frame. Values"
        " that only {p} has make it large: gaps in a stretched histogram do so without any change"
        " in the scene.",
    ),
    "hist_kl_symmetric": (
        None, "Kullback–Leibler, both ways", "nats", "lower",
        "KL(A‖B) + KL(B‖A), Jeffreys' divergence, with {smoothing:g} added to every share; swapping"
        " A and B does not change it. Values that only one picture has make it large, however few"
        " levels they have moved.",
    ),
    "hist_emd": (
        of.earth_movers, "earth mover's", "levels", "lower",
        "How many levels a pixel's value has to move on average to turn one histogram into the"
        " other, always by channel. It does not see where pixels are: a change that keeps the"
        " histogram gives 0.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds to the joint histograms: counts, bins of a channel, and channels."""

    a: Counts
    b: Counts
    bins: int
    channels: int


class HistogramDistances(Measure):
    """Ten distances between the histograms of A and B.

    Only valid pixels are counted. All but `hist_kl` stay the same when A and B are swapped: it is
    KL(A‖B), p of A and q of B, unless its direction is set the other way round. Identical
    histograms give exactly 0, or exactly 1 where higher is better. Differences that stay within a
    bin are not seen.
    """

    names = tuple(_TABLE)
    order = 90
    group = "Histograms"
    needs_histograms = True
    params = HistogramParams

    def partial(self, sample: Sample) -> Part | None:
        """Return the joint counts of one strip; None without them: the engine counts the others."""
        params = sample.settings[HistogramParams]
        channels = 1 if sample.colors[0].ndim == 2 else sample.colors[0].shape[2]
        if not params.joint or channels > MOST_CHANNELS:
            return None
        a, b = (to_byte(x[sample.inner]) for x in sample.colors)
        bins = params.joint_bins(channels)
        valid = sample.inner_valid
        return Part(joint([a], bins, valid), joint([b], bins, valid), bins, channels)

    def finish(self, partials: Sequence[Part | None], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the ten distances; all nan when there is no valid pixel."""
        params = totals.settings[HistogramParams]
        parts = [p for p in partials if p is not None]
        values = dict.fromkeys(self.names, math.nan)
        if totals.pixels > 0:
            if totals.histograms is None:
                raise ValueError("histogram distances need Totals.histograms, which is None")
            single = [
                of.shares(of.rebinned(counts, params.bins))
                for counts in (totals.histograms.a, totals.histograms.b)
            ]
            whole = _joint(parts) if parts else single
            for name, distance in _distances(params).items():
                a, b = single if name == "hist_emd" else whole
                each = [distance(p, q) for p, q in zip(a, b, strict=True)]
                values[name] = sum(each) / len(each)
        p, q = "AB" if params.direction is Direction.A_TO_B else "BA"
        words = {"p": p, "q": q, "smoothing": params.smoothing, "limit": KL_LIMIT}
        return tuple(
            MeasureValue(
                name, f"{_title(name, bool(parts))}, {label.format(**words)}", values[name], unit,
                better, totals.pixels, help=text.format(**words),
            )
            for name, (_, label, unit, better, text) in _TABLE.items()
        )  # fmt: skip


def _title(name: str, joint: bool) -> str:
    return "Joint histogram" if joint and name != "hist_emd" else "Histogram"


def _distances(params: HistogramParams) -> dict[str, Distance]:
    """Return all distances, in the order of the table, as functions of p of A and q of B."""

    def kl(p: of.Shares, q: of.Shares) -> float:
        p, q = (p, q) if params.direction is Direction.A_TO_B else (q, p)
        return of.kullback_leibler(p, q, params.smoothing)

    def both(p: of.Shares, q: of.Shares) -> float:
        return of.jeffreys(p, q, params.smoothing)

    own = {"hist_kl": kl, "hist_kl_symmetric": both}
    return {name: row[0] or own[name] for name, row in _TABLE.items()}


def _joint(parts: Sequence[Part]) -> list[of.Shares]:
    """Return the shares of A and of B, (1, cells) each."""
    size = parts[0].bins ** parts[0].channels
    counts = (added((p.a for p in parts), size), added((p.b for p in parts), size))
    return [of.shares(c[np.newaxis]) for c in counts]


MEASURE: Final = HistogramDistances()
