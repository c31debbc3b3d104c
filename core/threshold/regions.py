"""How many regions there are at each tolerance.

Changed pixels and their area never grow as the tolerance rises, and every region at the higher
tolerance lies inside one at the lower (the rule of `core.regions.finder`). Their *number* may rise
all the same: a region splits where its weakest link is taken away. So a curve that climbs says that
large regions fall into many, one that falls says that small ones vanish; `RegionPoint.share` tells
the two apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.regions.find import find_above
from core.threshold.counts import changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.histograms import Histograms
    from core.maps import DifferenceMap
    from core.regions.rule import RegionParams
    from core.types import Mask, Token

HIGHEST: Final = 254
"""The last whole tolerance that the one-byte magnitudes of a map can be held against: 255 stands
for all above 254."""
USUAL: Final = (0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181)
"""Tolerances that grow by half powers of two once they are large enough."""
TOUCHING_PIXELS: Final = 1 << 25
"""Up to so many pixels, regions of touching pixels are labelled in one go, with 5 bytes each."""


@dataclass(frozen=True, slots=True)
class RegionPoint:
    """One place on the curve.

    Attributes
    ----------
    tolerance
        Whole level, 0...254.
    regions
        How many there are.
    area
        Changed pixels in all of them.
    largest
        Changed pixels in the largest.
    """

    tolerance: int
    regions: int
    area: int
    largest: int

    @property
    def share(self) -> float:
        """How much of the changed area the largest region has, 0...1; nan where there is none."""
        return self.largest / self.area if self.area else math.nan


def points_at(histograms: Histograms, *marked: float | None) -> tuple[int, ...]:
    """Return the tolerances worth a point, rising: at most 18, and those marked.

    They end with the first that no pixel exceeds. Where no pixel lies between two tolerances their
    masks are the same, and so are the regions: of such only the lowest is given, and the last with
    any. A marked one is given in any case, as the whole level at or below it; None and those over
    254 are left out.
    """
    counts = changed(histograms)
    none_left = int(np.argmax(counts == 0)) if counts[-1] == 0 else HIGHEST + 1
    usual = [t for t in USUAL if t < none_left]
    fresh = [t for k, t in enumerate(usual) if k == 0 or counts[t] != counts[usual[k - 1]]]
    chosen = {*fresh, max(none_left - 1, 0), min(none_left, HIGHEST)}
    chosen |= {int(m) for m in marked if m is not None and 0 <= m < HIGHEST + 1}
    return tuple(sorted(chosen))


def region_curve(
    difference: DifferenceMap, rule: RegionParams, tolerances: Iterable[int], token: Token
) -> Iterator[RegionPoint]:
    """Count the regions at some tolerances, exactly; one by one, in the order asked for.

    Parameters
    ----------
    difference
        The whole difference. Its one-byte magnitudes serve, whatever the pixels are: a magnitude is
        over a whole tolerance exactly when its byte is (`core.difference`).
    rule
        How pixels are put together; `min_area` plays no part, since it is about what is listed.
    tolerances
        Whole levels 0...254.
    token
        Checked at least at every tolerance.

    Yields
    ------
    point
        Nothing for a map that is too large to be kept at full resolution.

    Raises
    ------
    ValueError
        For a tolerance that is not one of 0...254.
    Cancelled
        When the token is cancelled.
    """
    every = rule.replace(min_area=1)
    for tolerance in tolerances:
        if not 0 <= tolerance <= HIGHEST or tolerance != int(tolerance):
            raise ValueError(f"a tolerance of this curve is one of 0…{HIGHEST}, not {tolerance}")
        token.check()
        if difference.magnitude is not None:
            yield _point(difference.magnitude, int(tolerance), every, token)


def _point(magnitude: Mask, tolerance: int, rule: RegionParams, token: Token) -> RegionPoint:
    over = cv2.threshold(magnitude, tolerance, 255, cv2.THRESH_BINARY)[1]
    area = cv2.countNonZero(over)
    if area == 0:
        return RegionPoint(tolerance, 0, 0, 0)
    if rule.gap <= 1 and magnitude.size <= TOUCHING_PIXELS:
        count, _, stats, _ = cv2.connectedComponentsWithStats(
            over, connectivity=8, ltype=cv2.CV_32S
        )
        largest = int(np.asarray(stats)[1:, cv2.CC_STAT_AREA].max())
        return RegionPoint(tolerance, count - 1, area, largest)
    del over
    found, count = find_above(magnitude, tolerance, rule, token)
    return RegionPoint(tolerance, count, area, found[0].area)
