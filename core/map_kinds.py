"""What each kind of difference map shows, and on which scale.

A map that a measure makes (`core.measures.Measure.maps`) has its row here: the window, the command
line and every report take its name and its scale from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.types import SCALE, MapKind


@dataclass(frozen=True, slots=True)
class MapInfo:
    """One kind of map.

    Attributes
    ----------
    label
        What a person chooses.
    low, high
        The values that codes 0 and 255 stand for.
    unit
        Their unit.
    start
        The value that gets the last colour until a person chooses another.
    help
        One sentence: what is bright in it.
    """

    label: str
    low: float
    high: float
    unit: str
    start: float
    help: str

    @property
    def signed(self) -> bool:
        """Whether zero is in the middle."""
        return self.low < 0


KINDS: Final[dict[MapKind, MapInfo]] = {
    MapKind.ABSOLUTE: MapInfo(
        "|A − B|", 0.0, SCALE, "levels", 64.0, "How far apart the values are."
    ),
    MapKind.SIGNED: MapInfo(
        "A − B", -128.0 * SCALE / 127.0, SCALE, "levels", 64.0, "Which of the two is brighter."
    ),
    MapKind.SQUARED: MapInfo(
        "(A − B)²", 0.0, SCALE * SCALE, "levels²", 64.0 * 64.0,
        "How far apart the values are, with large differences standing out.",
    ),
    MapKind.RELATIVE: MapInfo(
        "|A − B| / max", 0.0, 1.0, "share", 0.5,
        "How far apart the values are, as a share of the larger one.",
    ),
    MapKind.NOISE: MapInfo(
        "noise z", 0.0, 64.0, "σ", 8.0,
        "How many standard deviations of the pictures' own noise the values are apart.",
    ),
    MapKind.SSIM: MapInfo(
        "1 − SSIM", 0.0, 2.0, "", 0.5, "Where the pattern around a pixel is another one."
    ),
    MapKind.MS_SSIM: MapInfo(
        "1 − MS-SSIM", 0.0, 1.0, "", 0.5, "Where patterns differ, fine and coarse ones together."
    ),
    MapKind.GMSD: MapInfo(
        "1 − gradient similarity", 0.0, 1.0, "", 0.5, "Where edges are weaker or stronger."
    ),
    MapKind.GRADIENT: MapInfo(
        "gradient difference", 0.0, SCALE, "levels", 64.0,
        "Where an edge is gone, new or turned.",
    ),
    MapKind.DELTA_E_2000: MapInfo(
        "ΔE 2000", 0.0, 127.5, "ΔE", 10.0, "Where the eye sees another colour."
    ),
    MapKind.DELTA_E_76: MapInfo(
        "ΔE 1976", 0.0, 318.75, "ΔE", 20.0, "How far apart two colours lie in CIE Lab."
    ),
    MapKind.HYAB: MapInfo(
        "ΔE HyAB", 0.0, 318.75, "ΔE", 20.0,
        "How far apart two colours lie, for differences larger than those ΔE 2000 was made for.",
    ),
    MapKind.FLIP: MapInfo(
        "FLIP", 0.0, 1.0, "", 0.5, "What is noticed when the pictures are flipped in place."
    ),
    MapKind.YIQ: MapInfo(
        "YIQ", 0.0, 1.0, "", 0.5,
        "How far apart two colours are to the eye, where it is not anti-aliasing.",
    ),
    MapKind.SHIFT: MapInfo(
        "shift-tolerant", 0.0, SCALE, "levels", 64.0,
        "What no small shift of a pixel explains.",
    ),
}  # fmt: skip
"""Every kind there is, in the order in which they are offered."""
