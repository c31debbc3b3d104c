"""Densest window: where changed pixels stand closest together.

Of all windows of N x N pixels on the canvas the one with the most changed pixels, those over the
tolerance. Noise that is left over a tolerance is scattered and fills no window, a defect does. (The
idea of the option `windowSize` of the program pixelmatch.)

With the default of 9 noise at 1 % of the pixels is expected to reach a share of 0.11 somewhere in
12 megapixels (binomial distribution, 81 draws), while a spot of 5 x 5 pixels is at 0.31.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import SettingsError
from core.measures import Measure
from core.measures._seams import Part, joined, part_of
from core.settings import Params, ui
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.settings import Settings

_HELP: Final = {
    "densest_window": "The largest share, 0 to 1, of pixels over the tolerance in any window of"
    " {height} × {width}: scattered noise stays low, a spot does not. It says nothing about how"
    " many such spots there are, nor how far off their values.",
    "densest_count": "How many pixels are over the tolerance in the window of {height} × {width}"
    " that has the most of them. It says nothing about the rest of the picture.",
}


@dataclass(frozen=True, kw_only=True)
class DensityParams(Params):
    """The window in which changed pixels are counted."""

    name: ClassVar[str] = "density"
    title: ClassVar[str] = "Densest window"
    about: ClassVar[str] = "In which window changed pixels have to stand close together."
    toggle: ClassVar[bool] = False

    window: int = field(
        default=9,
        metadata=ui(
            "Window",
            "The side of the window: an odd number. A small one finds small spots, a large one is"
            " less impressed by noise.",
            3,
            101,
            step=2,
            unit="px",
            primary=True,
        ),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.window % 2 == 0:
            raise SettingsError(f"{self.name}.window must be an odd number, not {self.window}.")


class Density(Measure):
    """The densest window: its share of changed pixels, their count, and its place.

    The window lies on the canvas as a whole; where the canvas is smaller, it is as large as that.
    The share is one of all pixels of the window: invalid ones count as not changed. `at` is the
    pixel in the middle, of the first such window row by row; None when nothing changed. What is
    over the tolerance does not depend on which picture is A, and neither does this.
    """

    names = ("densest_window", "densest_count")
    order = 64
    group = "Counts"
    looks_at_pictures = False
    uses_tolerance = True
    params = DensityParams

    def partial(self, sample: Sample) -> Part:
        """Return the densest window within one strip, and what its sides hold."""
        canvas = sample.canvas
        return part_of(sample.over, sample.rect, _window(sample.settings, canvas), canvas)

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the share and the count; nan when there is no valid pixel."""
        window = height, width = _window(totals.settings, totals.canvas)
        share = count = math.nan
        at = None
        if totals.pixels > 0:
            best = joined(partials, window, totals.canvas)
            count, share = float(best.count), best.count / (height * width)
            if best.count:
                at = best.at[0] + (height - 1) // 2, best.at[1] + (width - 1) // 2
        texts = {name: text.format(height=height, width=width) for name, text in _HELP.items()}
        return (
            MeasureValue(
                "densest_window", "Densest window", share, "share", "lower", totals.pixels, at,
                texts["densest_window"],
            ),
            MeasureValue(
                "densest_count", "Densest window, count", count, "px", "lower", totals.pixels, at,
                texts["densest_count"],
            ),
        )  # fmt: skip


def _window(settings: Settings, canvas: tuple[int, int]) -> tuple[int, int]:
    side = settings[DensityParams].window
    return min(side, canvas[0]), min(side, canvas[1])


MEASURE: Final = Density()
