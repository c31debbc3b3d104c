"""Colour differences as the eye sees them: CIEDE2000.

The formula and its source stand in `core.measures._ciede`, the way to Lab in `core.lab`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.lab import TILE
from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval
from core.measures._ciede import Quick, exact
from core.measures._lab import exact_at, painted
from core.measures._quantiles import Counts, Quantiles
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.types import Pixels

NOTICED: Final = 1.0
"""The unit of ΔE00 was made so that this is just noticeable side by side."""
JND: Final = 2.3
"""The just noticeable difference that Mahy, Van Eycken, Oosterlinck found, 1994, DOI
10.1111/j.1520-6378.1994.tb00070.x; of ΔE 1976, but by custom it is asked of ΔE00, too."""
PER_UNIT: Final = 128.0
"""Bins per ΔE: median and 95th percentile are within 1/128. In sRGB no ΔE00 is above 120."""

_SUM, _NOTICED, _JND, _PIXELS = range(4)
_LABEL: Final = {
    "delta_e_2000_mean": "ΔE 2000, mean",
    "delta_e_2000_median": "ΔE 2000, median",
    "delta_e_2000_p95": "ΔE 2000, 95th percentile",
    "delta_e_2000_over_1": "ΔE 2000 over 1, share",
    "delta_e_2000_over_2_3": "ΔE 2000 over 2.3, share",
}
_HELP: Final = {
    "delta_e_2000_mean": "How different the colours look on average; about 1 is just noticeable"
    " side by side. It takes pixel by pixel, so fine noise that blends to the eye counts in full,"
    " and above 10 or so it only says “quite different”.",
    "delta_e_2000_median": "The colour difference that half of the pixels stay below; a few bad"
    " places do not move it. It is 0 as long as more than half of the pixels are the same.",
    "delta_e_2000_p95": "The colour difference that 95 of 100 pixels stay below: how bad the bad"
    " places are. A defect smaller than a twentieth of the picture is not in it.",
    "delta_e_2000_over_1": "The share of pixels, 0 to 1, whose colour differs by more than 1: by"
    " what a trained eye notices on two large patches side by side. In busy or noisy places nobody"
    " sees that much.",
    "delta_e_2000_over_2_3": "The share of pixels, 0 to 1, whose colour differs by more than 2.3:"
    " what is commonly taken as just noticeable. It does not say by how much more.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds; nothing where the values are no colours.

    Attributes
    ----------
    sums
        By block: the sum of ΔE00, the pixels over `NOTICED` and over `JND`, the valid pixels.
    counts
        How often its values occur.
    """

    sums: BlockSums
    counts: Counts


class Color(Measure):
    """CIEDE2000: mean, median, 95th percentile, and the shares over 1 and over 2.3.

    Values are sRGB-encoded or linear light, as the sample says, with sRGB's primaries and white
    (D65). They are clipped to 0...255: a display has no white beyond its own, so in HDR pictures
    what is brighter than that differs by nothing. Gray is neutral colour; of more than three
    channels the first three are red, green and blue. Alpha is left out, so that premultiplied
    colours are what is seen over black. Invalid pixels take no part. After the edges stage values
    are no colours, and every number is nan. Equal colours give exactly 0; swapping A and B changes
    nothing.
    """

    names = tuple(_LABEL)
    order = 40
    group = "Colour"
    maps = (MapKind.DELTA_E_2000,)

    def partial(self, sample: Sample) -> Part | None:
        """Return the sums and counts of one strip; None where the values are no colours."""
        if not sample.seen:
            return None
        values, valid = _delta_e(sample), sample.inner_valid
        over = [np.greater(values, limit).view(np.uint8) for limit in (NOTICED, JND)]

        def of(where: tuple[slice, slice]) -> tuple[float, ...]:
            part = values[where]
            return (
                cv2.sumElems(part)[0],
                *(cv2.countNonZero(each[where]) for each in over),
                part.size if valid is None else cv2.countNonZero(valid[where]),
            )

        return Part(BlockSums.made(sample, of), Counts.made(values, sample.pixels, PER_UNIT))

    def finish(self, partials: Sequence[Part | None], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the five numbers; nan with no valid pixel, or where values are no colours."""
        values = dict.fromkeys(self.names, math.nan)
        intervals: dict[str, tuple[float, float] | None] = {}
        found = [p for p in partials if p is not None]
        if found and totals.seen and totals.pixels > 0:
            blocks = gathered([p.sums for p in found], totals.grid.count)
            quantiles = Quantiles([p.counts for p in found], PER_UNIT)
            pixels = blocks[:, _PIXELS]
            for name, column in (
                ("delta_e_2000_mean", _SUM),
                ("delta_e_2000_over_1", _NOTICED),
                ("delta_e_2000_over_2_3", _JND),
            ):
                values[name] = float(blocks[:, column].sum() / totals.pixels)
                intervals[name] = interval(blocks[:, column], pixels)
            values["delta_e_2000_median"] = quantiles.at(0.5)
            values["delta_e_2000_p95"] = quantiles.at(0.95)
        return tuple(
            MeasureValue(
                name=name,
                label=_LABEL[name],
                value=values[name],
                unit="share" if "over" in name else "ΔE",
                better="lower",
                pixels=totals.pixels if totals.seen else 0,
                help=_HELP[name],
                interval=intervals.get(name),
            )
            for name in self.names
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return ΔE00 over the strip; 0 where the values are no colours."""
        if kind not in self.maps:
            return super().map(kind, sample)
        if not sample.seen:
            return np.zeros((sample.rect.height, sample.rect.width), np.float32)
        return _delta_e(sample)


def _delta_e(sample: Sample) -> Pixels:
    """Return ΔE00, (h, w) float32, of a strip; 0 where invalid."""
    return sample.once("delta_e_2000", lambda: _made(sample))


def _made(sample: Sample) -> Pixels:
    pixels = min(TILE, sample.rect.area)
    quick = sample.scratch.once(("ciede2000", pixels), lambda: Quick(pixels))
    values = painted(sample, 1, lambda lab: (quick.of(lab),))[0]
    if values.min() < 0:
        turned = np.flatnonzero(values < 0)  # ten times as fast as over rows and columns
        values.reshape(-1)[turned] = exact(*exact_at(sample, turned))
    return values


MEASURE: Final = Color()
