"""YIQ count: pixels that differ to the eye, rendered edges left out.

The squared difference of two colours is δ = 0.5053 ΔY² + 0.299 ΔI² + 0.1957 ΔQ² in the YIQ space of
NTSC television, after Kotsarenko, Ramos, Measuring perceived color difference using YIQ NTSC
transmission color space in mobile applications, Programación Matemática y Software 2 (2), 2010,
pages 27-43. Its largest value between two colours of 0...255 is below 35215; a pixel counts where
δ > 35215 t² for the threshold t. What is anti-aliasing (`core.measures._antialiasing`) is left out.

Working values are clipped to 0...255 (so HDR highlights are alike), linear light is sRGB-encoded,
and values that are not whole are rounded to 1/1024 level: 8-bit values are exact whatever file they
come from, and 16-bit ones keep all their steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

import cv2
import numpy as np

from core.measures import Measure
from core.measures._antialiasing import MARGIN, antialiased
from core.measures._bootstrap import BlockSums, gathered, interval
from core.measures._windows import cut, there, tiles
from core.measures._yiq import LARGEST, brightness, levels, squared
from core.settings import Params, ui
from core.types import SCALE, MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.measures._antialiasing import Bools
    from core.settings import Settings
    from core.types import Mask, Pixels

_FEW: Final = 0.02
"""Up to this share of a tile the pixels are looked at one by one, with their neighbours."""
_TILE: Final = (128, 512)
"""Smaller ones fit the cache better, but threads then wait for each other between short calls."""
_HELP: Final = {
    "yiq_count": "How many pixels differ by more than the YIQ threshold ({threshold:g}) to the eye;"
    " {edges}. A change that is thin and smooth, like a hairline, may be taken for anti-aliasing.",
    "yiq_share": "The share of pixels, 0 to 1, that differ by more than the YIQ threshold"
    " ({threshold:g}) to the eye; {edges}. A defect of a few pixels in a large picture hardly moves"
    " it.",
    "yiq_antialiased": "How many pixels are over the YIQ threshold ({threshold:g}) but left out as"
    " anti-aliasing. Many of them mean text or lines that were rendered anew, or moved a little.",
}
_LABEL: Final = {
    "yiq_count": "YIQ count",
    "yiq_share": "YIQ count, share",
    "yiq_antialiased": "Left out as anti-aliasing",
}
_ALPHA: Final = " Colours are compared as seen over black, and alpha by itself is not."


@dataclass(frozen=True, kw_only=True)
class YiqParams(Params):
    """What the YIQ count counts."""

    name: ClassVar[str] = "yiq"
    title: ClassVar[str] = "YIQ count"
    about: ClassVar[str] = "From which difference to the eye on a pixel counts, and which do not."
    toggle: ClassVar[bool] = False

    threshold: float = field(
        default=0.1,
        metadata=ui(
            "Threshold",
            "From 0, where everything counts, to 1, the difference of red and cyan: pixels that"
            " differ by more count.",
            0.0,
            1.0,
            step=0.01,
            primary=True,
        ),
    )
    antialiasing: bool = field(
        default=True,
        metadata=ui(
            "Leave anti-aliasing out",
            "Whether pixels of a smoothed edge, in either picture, do not count.",
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds: by block the pixels that count, that are left out, and that are valid.

    `sums` is None where the channels are no colour.
    """

    sums: BlockSums | None
    alpha: bool


class Yiq(Measure):
    """Pixels over a threshold of YIQ difference, without those that are anti-aliasing.

    Gray pictures have Y only, with the threshold of colour ones. Invalid pixels take no part, also
    not as neighbours: beside them is as at the border. Pictures of other than one or three colour
    channels, and those after edges, are no colours: the values are nan. Swapping A and B changes
    nothing.
    """

    names = ("yiq_count", "yiq_share", "yiq_antialiased")
    order = 60
    group = "Counts"
    default = False
    maps = (MapKind.YIQ,)
    params = YiqParams

    def halo(self, settings: Settings) -> int:
        """Return how far the rules of anti-aliasing look."""
        return MARGIN if settings[YiqParams].antialiasing else 0

    def partial(self, sample: Sample) -> Part:
        """Return the counts of one strip, by block."""
        if not _colors(sample):
            return Part(None, sample.alpha)
        (counted, left_out), valid = _marks(sample), sample.inner_valid

        def of(where: tuple[slice, slice]) -> tuple[float, ...]:
            part = counted[where]
            pixels = part.size if valid is None else cv2.countNonZero(valid[where])
            return cv2.countNonZero(part), cv2.countNonZero(left_out[where]), pixels

        return Part(BlockSums.made(sample, of), sample.alpha)

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the three counts; nan when there is no valid pixel, or no colour."""
        own = totals.settings[YiqParams]
        found = [p.sums for p in partials if p.sums is not None]
        n = totals.pixels if totals.seen and found else 0
        values, between = dict.fromkeys(self.names, math.nan), None
        if n > 0:
            blocks = gathered(found, totals.grid.count)
            count, left_out = (float(x) for x in blocks.sum(axis=0)[:2])
            values = dict(zip(self.names, (count, count / n, left_out), strict=True))
            between = interval(blocks[:, 0], blocks[:, 2])
        edges = "smoothed edges are left out" if own.antialiasing else "smoothed edges count too"
        note = _ALPHA if any(p.alpha for p in partials) else ""
        return tuple(
            MeasureValue(
                name=name,
                label=_LABEL[name],
                value=values[name],
                unit="share" if name == "yiq_share" else "px",
                better="lower",
                pixels=n,
                help=_HELP[name].format(threshold=own.threshold, edges=edges) + note,
                interval=between if name == "yiq_share" else None,
            )
            for name in self.names
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:
        """Return √(δ / 35215), 0...1; 0 for what is left out as anti-aliasing."""
        if kind is not MapKind.YIQ:
            return super().map(kind, sample)
        out: Pixels = np.zeros(sample.magnitude.shape, np.float32)
        if not _colors(sample):
            return out
        for rect in tiles(out.shape, _TILE):
            x, y = (cut(p, rect, sample, 0) for p in sample.colors)
            if cv2.norm(x, y, cv2.NORM_INF) == 0:
                continue
            delta = squared(*(levels(p, linear=sample.linear) for p in (x, y)))
            out[rect.slices] = np.sqrt(delta / LARGEST)
        out[_marks(sample)[1] > 0] = 0
        if sample.inner_valid is not None:
            out[sample.inner_valid == 0] = 0
        return out


def _colors(sample: Sample) -> bool:
    """Whether the values are colours or gray."""
    shape = sample.colors[0].shape
    return sample.seen and (len(shape) == 2 or shape[2] == 3)


def _marks(sample: Sample) -> tuple[Mask, Mask]:
    """Return the masks over a strip of what counts, and of what is left out as anti-aliasing."""
    return sample.once("yiq", lambda: _marked(sample))


def _marked(sample: Sample) -> tuple[Mask, Mask]:
    own = sample.settings[YiqParams]
    margin = MARGIN if own.antialiasing else 0
    counted: Mask = np.zeros(sample.magnitude.shape, np.uint8)
    left_out = np.zeros_like(counted)
    # δ is at most that of the largest channel in all three, and clipping brings values no further
    # apart: as long as the magnitude is one of levels, most pixels need not be looked at.
    by_level = sample.space == "rgb" and not sample.linear
    safe = max(SCALE * own.threshold - 0.01, 0.0) if by_level else 0.0
    for rect in tiles(counted.shape, _TILE):
        place = rect.slices
        suspects = (sample.magnitude[place] > safe).view(np.uint8)
        count = cv2.countNonZero(suspects)
        if count == 0:
            continue
        x, y = (cut(p, rect, sample, margin) for p in sample.colors)
        exist = there(rect, sample, margin)
        if count > _FEW * rect.area:
            over, edge = _decided(x, y, exist, own, linear=sample.linear)
            over &= suspects > 0
            counted[place], left_out[place] = over & ~edge, over & edge
            continue
        at: tuple[Any, ...] = np.nonzero(suspects)
        size = 2 * margin + 1
        x, y = _side_by_side(x, at, size), _side_by_side(y, at, size)
        exist = None if exist is None else _side_by_side(exist, at, size)
        over, edge = (p[0, ::size] for p in _decided(x, y, exist, own, linear=sample.linear))
        counted[place][at], left_out[place][at] = over & ~edge, over & edge
    return counted, left_out


def _decided(
    x: Pixels, y: Pixels, exist: Mask | None, own: YiqParams, *, linear: bool
) -> tuple[Bools, Bools]:
    """Return which pixels are over the threshold, and which are anti-aliasing, without a margin."""
    a, b = levels(x, linear=linear), levels(y, linear=linear)
    if not own.antialiasing:
        over = np.asarray(squared(a, b) > LARGEST * own.threshold**2)
        return over, np.zeros_like(over)
    inner = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    over = np.asarray(squared(a[inner], b[inner]) > LARGEST * own.threshold**2)
    return over, antialiased(brightness(a), brightness(b), exist)


def _side_by_side(pixels: Pixels, at: tuple[Any, ...], size: int) -> Pixels:
    """Return the windows that begin at n places, as one picture of (size, n * size)."""
    step = np.arange(size)
    rows = step[:, None] + np.repeat(at[0], size)
    cols = (at[1][:, None] + step).reshape(1, -1)
    out: Pixels = pixels[rows, cols]
    return out


MEASURE: Final = Yiq()
