"""Estimates the noise of two pictures of one scene as a function of intensity.

What decides is the noise of the *difference*: where nothing changed, the scene cancels in A − B, in
texture too, so the spread of A − B at an intensity is that of the noise. It is taken between the
16th and the 84th percentile about their own middle, which a minority of changed pixels and an
offset between the pictures hardly move.

Where the pictures do not show the same scene, or not in the same place, nothing cancels. So the
spread is held against that of flat places: blocks of 16 × 16 pixels in which the sum of
the pictures hardly varies (Foi et al. 2008, doi:10.1109/TIP.2008.2001399, take flat places too),
and the curve is never above them by more than `_CAP`. There the part of each picture is told apart
as well: with d = A − B and s = A + B the variances are (var d ± cov(s, d)) / 2, in which what both
pictures have in common is gone.

Values at 0 and 255 are cut, and their noise with them: they are left out, and what is within three
σ of the ends gets the noise found there. Rounding to whole levels is part of the noise. It adds
1 / 12 to the variance of each picture; the share of A − B that reaches a whole level is that of a
Gaussian of 1 / 12 more beyond half a level less, and that is what σ of A − B is here. Below about
0.3 levels a picture's noise cannot be told from rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from core.noise.survey import BINS, BLOCK, LEAST, ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.noise.survey import Look, Survey

FLOOR: Final = 0.25
"""Levels: σ of the difference where whole levels show no noise; a step of one is then four σ."""
_CAP: Final = 1.25
_LOOSER: Final = 32.0
"""Levels beyond the intensities of flat places at which σ may be twice as far above them."""
_GROUP: Final = 1000
"""Pixels that a σ is taken of at least: it is then within 4 %."""
_WIDTH: Final = 6.0
"""Levels: the curve is a straight line over about this far on each side."""
_ENOUGH: Final = 6000.0
"""Pixels under that line at least; where there are fewer it reaches further."""
_AROUND: Final = 0.35
"""σ on either side of a percentile in which the distribution is taken to be Gaussian."""
_LOW: Final = 0.05
"""Share of a distribution on either side that is not looked at."""
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Noise by intensity, in levels; each (C, 256) float64.

    Attributes
    ----------
    difference
        σ of A − B, as z is made with.
    a, b
        σ of each picture in flat places; nan where there are none.
    weights
        Share of the pixels at each intensity.
    capped
        Share of pixels at whose intensity A − B spreads far more than in flat places.
    quiet
        Whether there is no noise to speak of in any channel.
    floor
        Whether it is at the limit of what rounding lets one see, in any channel.
    offset
        How far the middle of A − B is from 0 at the intensities of the pictures, on average, in σ;
        that of the channel where it is furthest.
    pixels
        How many pixels the curves stand on.
    whole
        Whether values are whole levels.
    """

    difference: NDArray[np.float64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    weights: NDArray[np.float64]
    capped: float
    quiet: bool
    floor: bool
    offset: float
    pixels: int
    whole: bool


def fitted(surveys: Sequence[Survey], known: Look) -> Curves:
    """Return the curves that all strips together give."""
    counts = np.sum([s.counts for s in surveys], axis=0)
    blocks = np.concatenate([s.blocks for s in surveys], axis=1)
    floor = FLOOR if known.whole else LEAST
    made = [_channel(c, b, known, floor) for c, b in zip(counts, blocks, strict=True)]
    difference, a, b, capped, offset = (np.stack([m[k] for m in made]) for k in range(5))
    totals = counts.sum(axis=2)
    share = totals / np.maximum(totals.sum(axis=1, keepdims=True), 1)
    typical = np.sum(np.repeat(share, 256 // BINS, axis=1) * BINS / 256 * difference, axis=1)
    limit = (2 * 0.3**2 + 1 / 12) ** 0.5 if known.whole else 2 * floor
    return Curves(
        difference=difference, a=a, b=b,
        weights=np.repeat(share, 256 // BINS, axis=1) * BINS / 256,
        capped=float((capped * share).sum(axis=1).max()),
        quiet=bool((typical <= 1.001 * floor).all()),
        floor=bool(((typical < limit) & (typical > 1.001 * floor)).any()),
        offset=float(offset.max()), pixels=int(totals.sum(axis=1).max()), whole=known.whole,
    )  # fmt: skip


def _channel(
    counts: NDArray[np.int64], blocks: NDArray[np.float32], known: Look, floor: float
) -> tuple[NDArray[np.float64], ...]:
    """Return σ of the difference, of A and of B, which bins were capped, and the offset."""
    flat = _flat(blocks[np.isfinite(blocks[:, 0])].astype(np.float64))
    capped = np.zeros(BINS)
    places, sigmas, sizes, offsets = [], [], [], []
    for first, last in _groups(counts.sum(axis=1)):
        part = counts[first:last]
        size = int(part.sum())
        levels = (np.arange(first, last) + 0.5) * 256 / BINS - 0.5
        place = float((part.sum(axis=1) * levels).sum() / size)
        middle, sigma = (x * known.step for x in spread(part.sum(axis=0)))
        if flat is not None:
            limit = flat.limit(place, floor)
            if sigma > limit:
                capped[first:last], sigma = 1.0, limit
        places.append(place)
        sigmas.append(max(sigma, floor))
        offsets.append(abs(middle - ZERO * known.step) / sigmas[-1])
        sizes.append(float(size))
    if not places:  # nothing is usable: everything is cut off, or invalid
        empty = np.full(256, np.nan)
        return np.full(256, floor), empty, empty, capped, np.zeros(1)
    curve = smoothed(np.array(places), np.array(sigmas), np.array(sizes))
    curve = np.maximum(_held(curve, known), floor)
    none = np.full(256, np.nan)
    offset = np.array([np.average(offsets, weights=sizes)])
    return curve, *((none, none) if flat is None else (flat.a, flat.b)), capped, offset


def _groups(totals: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return ranges of bins that hold enough pixels each; what is left joins the last one."""
    groups: list[tuple[int, int]] = []
    first, held = 0, 0
    for k, n in enumerate(totals):
        held += int(n)
        if held >= _GROUP:
            groups.append((first, k + 1))
            first, held = k + 1, 0
    if groups:
        groups[-1] = (groups[-1][0], len(totals))
    elif held >= 2:
        groups.append((0, len(totals)))
    return groups


def spread(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Return the middle of the 16th and 84th percentile and half their distance, in bins.

    Between two edges of bins the distribution is taken to be Gaussian, so that for Gaussian values
    the answer is exact however wide the bins are.
    """
    below = (np.cumsum(counts) + 0.5) / (counts.sum() + 1)  # never 0 nor 1
    first, last = np.searchsorted(below, [_LOW, 1 - _LOW])
    some = slice(max(int(first) - 1, 0), int(last) + 2)
    edges, normal = np.arange(len(counts))[some] + 0.5, _normal(below[some])
    low, high = (_at(normal, edges, z) for z in (-1.0, 1.0))
    return (low + high) / 2, (high - low) / 2


def _normal(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([_NORMAL.inv_cdf(float(p)) for p in shares])


def _at(normal: NDArray[np.float64], edges: NDArray[np.floating], z: float) -> float:
    """Return where a distribution reaches z: along the line through the edges around it.

    Through all within `_AROUND`, so that where values stand on a grid of their own it does not
    matter how the bins lie on it; with few of them through the nearest on either side.
    """
    near = np.abs(normal - z) < _AROUND
    off = normal[near] - normal[near].mean() if near.any() else np.zeros(1)
    if near.sum() >= 4 and off.any():
        slope = float((off * edges[near]).sum() / (off**2).sum())
        return float(edges[near].mean() + slope * (z - normal[near].mean()))
    k = int(np.clip(np.searchsorted(normal, z), 1, len(normal) - 1))
    rise = normal[k] - normal[k - 1]
    return float(edges[k - 1] + (z - normal[k - 1]) / max(rise, 1e-12) * (edges[k] - edges[k - 1]))


def smoothed(
    places: NDArray[np.float64], sigmas: NDArray[np.float64], sizes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return σ at 0...255 from σ at some intensities: log σ² along local straight lines."""
    levels = np.arange(256.0)
    away = places[None, :] - np.clip(levels, places.min(), places.max())[:, None]
    values = 2 * np.log(sigmas)
    out = np.full(256, np.average(values, weights=sizes))
    for width in _WIDTH * 2.0 ** np.arange(7, -1, -1):  # the narrowest with enough pixels stays
        weights = sizes * np.exp(-0.5 * (away / width) ** 2)
        total = weights.sum(axis=1)
        enough = total >= min(_ENOUGH, sizes.sum() / 2)
        mean_x = (weights * away).sum(axis=1) / np.maximum(total, 1e-9)
        mean_y = (weights * values).sum(axis=1) / np.maximum(total, 1e-9)
        off = away - mean_x[:, None]
        slope = (weights * off * values).sum(axis=1) / ((weights * off**2).sum(axis=1) + total)
        out = np.where(enough, mean_y - slope * mean_x, out)
    return np.asarray(np.exp(out / 2))


def _held(curve: NDArray[np.float64], known: Look) -> NDArray[np.float64]:
    """Return the curve with what is within three σ of an end replaced by what is found there."""
    levels, reach = np.arange(256.0), 3 * curve / 2**0.5
    inside = (levels >= known.low + reach) & (levels <= known.high - reach)
    kept = np.flatnonzero(inside)
    if kept.size == 0:
        return curve
    return np.asarray(curve[np.clip(np.arange(256), kept[0], kept[-1])])


@dataclass(frozen=True, slots=True, eq=False)
class _Flat:
    """σ of A − B, of A and of B in flat places by intensity, and from where to where there are."""

    difference: NDArray[np.float64]
    a: NDArray[np.float64]
    b: NDArray[np.float64]
    first: float
    last: float

    def limit(self, place: float, floor: float) -> float:
        """Return what σ of A − B can be at an intensity; looser the further flat places are."""
        beyond = max(self.first - place, place - self.last, 0.0)
        own = float(np.interp(place, np.arange(256.0), self.difference))
        return max(own, floor) * _CAP * (1 + beyond / _LOOSER)


def _flat(blocks: NDArray[np.float64]) -> _Flat | None:
    """Return what flat places say; None without enough blocks."""
    if len(blocks) < 8:
        return None
    blocks = blocks[np.argsort(blocks[:, 0])]
    parts = np.array_split(blocks, max(min(len(blocks) // 40, 32), 1))
    places, found, sizes = [], [], []
    for part in parts:
        flattest = part[np.argsort(part[:, 1])[: (len(part) + 1) // 2]]
        d, both = flattest[:, 2], flattest[:, 3]
        places.append(float(flattest[:, 0].mean()))
        found.append([np.median(d), np.median(d + both) / 2, np.median(d - both) / 2])
        sizes.append(float(len(flattest) * BLOCK**2))
    at, weights = np.array(places), np.array(sizes)
    variances = np.maximum(np.array(found), 1e-12)
    d, a, b = (smoothed(at, np.sqrt(variances[:, k]), weights) for k in range(3))
    return _Flat(d, a, b, places[0], places[-1])
