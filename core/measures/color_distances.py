"""Distances of colours in CIE L*a*b*: ΔE 1976, and HyAB for large differences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.lab import Planes, put_length
from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval, mean_sums
from core.measures._lab import painted
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.types import Pixels

_LABEL: Final = {"delta_e_76_mean": "ΔE 1976, mean", "hyab_mean": "HyAB, mean"}
_HELP: Final = {
    "delta_e_76_mean": "How far apart the colours lie in CIE Lab, on average: the older, plainer"
    " colour difference. It makes too much of differences between saturated colours; for small"
    " differences ΔE 2000 is closer to the eye.",
    "hyab_mean": "How different the colours are on average when they are very different: lightness"
    " and colour are judged apart and added. For differences that one can hardly see, ΔE 2000 is"
    " the better one.",
}


class ColorDistances(Measure):
    """The means of ΔE 1976 and of HyAB.

    ΔE 1976 is the Euclidean distance in CIE L*a*b* (ISO/CIE 11664-4); HyAB is |ΔL*| plus the
    Euclidean distance of (a*, b*) (Abasi, Amani Tehran, Fairchild, Distance metrics for very large
    color differences, 2020, DOI 10.1002/col.22451).

    Values are sRGB-encoded or linear light, as the sample says, clipped to 0...255. Gray is neutral
    colour; of more than three channels the first three are red, green and blue. Alpha is left out,
    so that premultiplied colours are what is seen over black. Invalid pixels take no part. After
    the edges stage values are no colours, and both are nan. Equal colours give exactly 0; swapping
    A and B changes nothing.
    """

    names = tuple(_LABEL)
    order = 41
    group = "Colour"
    default = False
    maps = (MapKind.DELTA_E_76, MapKind.HYAB)

    def partial(self, sample: Sample) -> tuple[BlockSums, ...]:
        """Return the sums of both over one strip; none where the values are no colours."""
        if not sample.seen:
            return ()
        valid = sample.inner_valid
        return tuple(BlockSums.made(sample, mean_sums(d, valid)) for d in _distances(sample))

    def finish(
        self, partials: Sequence[tuple[BlockSums, ...]], totals: Totals
    ) -> tuple[MeasureValue, ...]:
        """Return both means; nan with no valid pixel, or where values are no colours."""
        out = []
        for i, name in enumerate(self.names):
            value, sure = math.nan, None
            if totals.seen and totals.pixels > 0:
                blocks = gathered([p[i] for p in partials], totals.grid.count)
                value = float(blocks[:, 0].sum() / totals.pixels)
                sure = interval(blocks[:, 0], blocks[:, 1])
            out.append(
                MeasureValue(
                    name=name,
                    label=_LABEL[name],
                    value=value,
                    unit="ΔE",
                    better="lower",
                    pixels=totals.pixels if totals.seen else 0,
                    help=_HELP[name],
                    interval=sure,
                )
            )
        return tuple(out)

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return ΔE 1976 or HyAB over the strip; 0 where the values are no colours."""
        if kind not in self.maps:
            return super().map(kind, sample)
        if not sample.seen:
            return np.zeros((sample.rect.height, sample.rect.width), np.float32)
        return _distances(sample)[self.maps.index(kind)]


def _distances(sample: Sample) -> tuple[Pixels, ...]:
    """Return ΔE 1976 and HyAB, (h, w) float32 each, of a strip; 0 where invalid."""
    return sample.once("color_distances", lambda: painted(sample, 2, _of_tile))


def _of_tile(lab: Planes) -> tuple[Pixels, Pixels]:
    n = lab.count
    lightness = cv2.absdiff(lab.lightness[:1], lab.lightness[1:])
    if lab.a is None or lab.b is None:
        return lightness[0, :n], lightness[0, :n]
    da, db = (cv2.subtract(each[:1], each[1:]) for each in (lab.a, lab.b))
    chroma = np.empty_like(da)
    put_length(da, db, chroma)
    euclidean = np.empty_like(da)
    put_length(lightness, chroma, euclidean)
    return euclidean[0, :n], (lightness + chroma)[0, :n]


MEASURE: Final = ColorDistances()
