"""What is said about places: the numbers of each, and how a table names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.types import MeasureValue, Rect

MAIN: Final[Mapping[str, str]] = {
    "l1_per_pixel": "l1 / px",
    "l0": "l0",
    "l0_per_pixel": "l0 share",
    "rmse": "RMSE",
    "psnr": "PSNR",
    "max_abs": "max",
    "ssim": "SSIM",
    "delta_e_2000_mean": "ΔE 2000",
}
"""Measures of each place -> their headings, in the order of the table."""


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """The numbers of one place alone.

    Attributes
    ----------
    name
        Its own name, or ``"place 2"`` for the second one in the table.
    shape
        Its text (`core.places.text`), without name and tolerance.
    rect
        The smallest rectangle of whole pixels that holds it.
    tolerance
        What it was measured against: its own tolerance, or that of the comparison.
    pixels
        Pixels in it that count: both pictures exist there, and nothing is ignored.
    measures
        Name -> value, in the order of `MAIN`; nan where there are no pixels, and SSIM where no
        whole window lies in the place.
    """

    name: str
    shape: str
    rect: Rect
    tolerance: float
    pixels: int
    measures: Mapping[str, MeasureValue]
