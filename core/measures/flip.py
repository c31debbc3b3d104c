"""FLIP: the difference that is noticed when two pictures take turns in one place.

LDR-FLIP: Andersson, Nilsson, Akenine-Möller, Oskarsson, Åström, Fairchild, FLIP: A Difference
Evaluator for Alternating Images, 2020, DOI 10.1145/3406183. HDR-FLIP: Andersson, Nilsson, Shirley,
Akenine-Möller, Visualizing Errors in Rendered High Dynamic Range Images, 2021, DOI
10.2312/sr.20211317: the largest LDR-FLIP over exposures that are chosen by the light of A.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from core.color import row_blocks
from core.measures import Measure, without_alpha
from core.measures._bootstrap import BlockSums, gathered, interval, mean_sums
from core.measures._flip_field import Field, channels_of, field_of
from core.measures._flip_filters import radius
from core.measures._flip_light import Exposures, Luminances, ToneMapper, exposures
from core.settings import Params, ui
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals, Whole
    from core.settings import Settings
    from core.types import Pixels, Token

_STEPS: Final = 4096
"""Values are counted in so many steps, for the median and the 95th percentile."""


class DynamicRange(StrEnum):
    """How far light may reach."""

    AUTO = "auto"
    LDR = "ldr"
    HDR = "hdr"


@dataclass(frozen=True, kw_only=True)
class FlipParams(Params):
    """From where, and how, pictures are looked at."""

    name: ClassVar[str] = "flip"
    title: ClassVar[str] = "FLIP"
    about: ClassVar[str] = "From where, and how, FLIP takes the pictures to be looked at."
    toggle: ClassVar[bool] = False

    dynamic_range: DynamicRange = field(
        default=DynamicRange.AUTO,
        metadata=ui(
            "Range",
            "Low: as shown on a screen, light beyond white is cut off. High: shown at several"
            " exposures, of which the one with the largest difference counts. Automatic: high when"
            " values are linear light and A reaches beyond white.",
            choices={"auto": "automatic", "ldr": "low (LDR)", "hdr": "high (HDR)"},
            primary=True,
        ),
    )
    pixels_per_degree: float = field(
        default=67.0206,
        metadata=ui(
            "Viewing distance",
            "How many pixels one degree of sight spans; the further away, the more, and the less"
            " fine detail counts. 67 is 0.7 m from a 4K screen 0.7 m wide.",
            10.0,
            200.0,
            step=1.0,
            unit="px/°",
        ),
    )
    tone_mapper: ToneMapper = field(
        default=ToneMapper.ACES,
        metadata=ui(
            "Tone mapper",
            "What brings high dynamic range to the screen before it is looked at.",
            choices={"aces": "ACES", "reinhard": "Reinhard", "hable": "Hable"},
            only_for=("auto", "hdr"),
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds.

    Attributes
    ----------
    sums
        Sums of FLIP, and pixels, by block.
    counts
        (_STEPS + 1,) pixels by value, in steps rounded up: the first are those of exactly 0.
    pixels
        How many count.
    shown
        The exposures; None for low dynamic range.
    """

    sums: BlockSums
    counts: NDArray[np.int64]
    pixels: int
    shown: Exposures | None


class Flip(Measure):
    """Mean, median and 95th percentile of FLIP, and its map.

    Each value, 0...1, says how much a person notices at that place who sees the pictures in turn,
    at a distance (`FlipParams.pixels_per_degree`). sRGB-encoded values, and those of which nobody
    knows, are decoded; LDR takes light as 0...1, HDR all that is not negative. Gray is R = G = B,
    alpha is left out (premultiplied colour: over black). Where pictures are no colours any more
    (after edges), or have another number of channels than one or three, all is nan.

    Only pixels count whose whole neighbourhood, as far as the filters reach, is valid; at the
    border of the canvas it is repeated, and they count. `MeasureValue.pixels` is their number. The
    work is done in float32, whatever the dtype, and differences of less than 2e-5 in L* are none.

    Swapping A and B changes nothing in LDR. HDR is directed: exposures are chosen by the light of A
    over its valid pixels, from the one that shows its brightest light at 0.85 of white to the one
    that shows its median so, at most a stop apart, and at least two where they differ. A reference
    without any light is shown as it is.
    """

    names = ("flip", "flip_median", "flip_p95")
    order = 50
    group = "Perceptual"
    default = False
    maps = (MapKind.FLIP,)
    params = FlipParams

    def halo(self, settings: Settings) -> int:
        """Return how far the widest filter reaches."""
        return radius(settings[FlipParams].pixels_per_degree)

    def prepare(self, whole: Whole, token: Token) -> Exposures | None:
        """Return the exposures to look at; None for low dynamic range."""
        params = whole.settings[FlipParams]
        automatic = params.dynamic_range is DynamicRange.AUTO
        if params.dynamic_range is DynamicRange.LDR or (automatic and not whole.linear):
            return None
        found = Luminances()
        for tile in whole.strips():
            token.check()
            pixels = without_alpha(tile.a, whole.alpha)
            if not whole.seen or channels_of(pixels) is None:
                return None
            found.add(pixels, tile.valid, encoded=not whole.linear)
        if automatic and not found.peak > 1.0:
            return None
        return exposures(found.brightest, found.median, params.tone_mapper)

    def partial(self, sample: Sample) -> Part:
        """Return sums and counts of one strip."""
        found = self._field(sample)
        sums = BlockSums.made(sample, mean_sums(found.values, found.whole))
        return Part(sums, _counted(found), found.pixels, sample.state(self))

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the three numbers; nan where no pixel counts."""
        pixels = sum(p.pixels for p in partials)
        values, sure = [math.nan] * 3, None
        if pixels > 0:
            sums = gathered((p.sums for p in partials), totals.grid.count)
            counts = np.sum([p.counts for p in partials], axis=0)
            mean = float(sums[:, 0].sum()) / pixels
            values = [mean, _quantile(counts, 0.5), _quantile(counts, 0.95)]
            sure = interval(sums[:, 0], sums[:, 1])
        how = _how(partials[0].shown if partials else None)
        return tuple(
            MeasureValue(
                name, _LABEL[name], value, "", "lower", pixels, help=_HELP[name] + how,
                interval=sure if name == "flip" else None,
            )
            for name, value in zip(self.names, values, strict=True)
        )  # fmt: skip

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return FLIP over the strip."""
        return self._field(sample).values if kind is MapKind.FLIP else super().map(kind, sample)

    def _field(self, sample: Sample) -> Field:
        params = sample.settings[FlipParams]
        return sample.once(
            "flip",
            lambda: field_of(
                sample, params.pixels_per_degree, sample.state(self), params.tone_mapper
            ),
        )


def _counted(found: Field) -> NDArray[np.int64]:
    """Return how many pixels that count have which value, in steps rounded up."""
    counts = np.zeros(_STEPS + 1, np.int64)
    for rows in row_blocks(*found.values.shape):
        steps = np.ceil(found.values[rows] * np.float32(_STEPS)).astype(np.uint16)
        if found.whole is not None:
            steps = steps[found.whole[rows] > 0]
        counts += np.bincount(steps.ravel(), minlength=_STEPS + 1)
    return counts


def _quantile(counts: NDArray[np.int64], share: float) -> float:
    """Return the value below which a share of the pixels lies: 0, or the middle of a step."""
    upto = np.cumsum(counts)
    step = int(np.searchsorted(upto, max(math.ceil(share * int(upto[-1])), 1)))
    return max(step - 0.5, 0.0) / _STEPS


def _how(exposed: Exposures | None) -> str:
    if exposed is None:
        return ""
    return (
        f" Light as shown at {exposed.count} exposures from {exposed.start:+.1f} to"
        f" {exposed.stop:+.1f} stops."
    )


_LABEL: Final = {
    "flip": "FLIP",
    "flip_median": "FLIP, median",
    "flip_p95": "FLIP, 95th percentile",
}
_HELP: Final = {
    "flip": "How much of the difference is noticed, from 0 to 1, when the pictures are shown in"
    " turn: the mean over all pixels. It holds for one viewing distance, and a small defect in a"
    " large picture hardly moves it.",
    "flip_median": "What half of the pixels stay below. It is 0 when most of the picture is the"
    " same, whatever happens to the rest.",
    "flip_p95": "What all but the worst twentieth of the pixels stay below. A defect smaller than"
    " that twentieth does not show in it.",
}

MEASURE: Final = Flip()
