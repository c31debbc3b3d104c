"""Choosing a tolerance: what each one would let through, and two proposals.

`changed` and `region_curve` are the curve; `knee` and `otsu` mark places on it. They answer
different scenes: Otsu's value needs a change that is a good part of all that differs, the knee one
that is a small part of it. Where neither says anything there is nothing to separate.
"""

from core.threshold.counts import changed, knee, otsu
from core.threshold.regions import RegionPoint, points_at, region_curve

__all__ = ["RegionPoint", "changed", "knee", "otsu", "points_at", "region_curve"]
