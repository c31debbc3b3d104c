"""From a number to a word: one table of limits.

A word is a help for people who do not know a measure's numbers, never a measurement: limits are
those of published experiments where there are any, and otherwise chosen so that measures of one
aspect agree on plain Gaussian noise. They are about sRGB-encoded pictures at a usual viewing
distance; after *edges*, or in linear light, the same words are about those values, not the picture.

References
----------
PSNR and SSIM
    The grades of a mean opinion score, excellent to poor: Zinner, Hohlfeld, Abboud, Hoßfeld, Impact
    of frame rate and resolution on objective QoE metrics, 2010, DOI 10.1109/QOMEX.2010.5518277.
ΔE
    2.3 is a just noticeable difference: Mahy, Van Eycken, Oosterlinck, Evaluation of uniform color
    spaces developed after the adoption of CIELAB and CIELUV, 1994,
    DOI 10.1111/j.1520-6378.1994.tb00070.x. 1 is the step that the formulas' scale was made for.
Kullback-Leibler
    0.2 is the line above which two histograms are taken for those of different pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.types import MeasureValue

Ends = tuple[float, float, float]

_MEAN_OF_NOISE: Final = math.sqrt(2.0 / math.pi)
"""Mean of |x| where x is Gaussian with deviation 1."""


class Level(IntEnum):
    """How much a measure says there is, from nothing to a lot."""

    IDENTICAL = 0
    INVISIBLE = 1
    SLIGHT = 2
    VISIBLE = 3
    STRONG = 4


class Aspect(StrEnum):
    """What a measure looks at."""

    VALUE = "value error"
    STRUCTURE = "structure"
    COLOR = "colour"
    PERCEIVED = "perceived"
    EXTENT = "extent"
    DISTRIBUTION = "distribution"


_WORDS: Final = ("identical", "invisible", "slight", "visible", "strong")
_OTHER_WORDS: Final = {
    Aspect.EXTENT: ("none", "few", "some", "many", "most"),
    Aspect.DISTRIBUTION: ("same", "alike", "slight", "different", "far apart"),
}


def words_of(aspect: Aspect) -> tuple[str, ...]:
    """Return the five words of an aspect, in the order of `Level`.

    How many pixels changed is no question of how visible it is, nor is how values are spread: those
    two have words of their own.
    """
    return _OTHER_WORDS.get(aspect, _WORDS)


@dataclass(frozen=True, slots=True)
class Limits:
    """One row of the table: how a measure's number becomes a level.

    Attributes
    ----------
    name
        Of the measure.
    short
        What the jury calls it.
    aspect
        What it looks at.
    best
        The value that alone means `Level.IDENTICAL`.
    ends
        The last values of `Level.INVISIBLE`, `Level.SLIGHT` and `Level.VISIBLE`; beyond is
        `Level.STRONG`. Whether they rise or fall says which way is better.
    unit
        The unit they hold in; in another (Lab, the file's own) the measure has no word.
    """

    name: str
    short: str
    aspect: Aspect
    best: float
    ends: Ends
    unit: str = ""

    def level(self, value: float) -> Level:
        """Return the level of a value that is not nan."""
        if value == self.best:
            return Level.IDENTICAL
        sign = 1.0 if self.ends[-1] > self.ends[0] else -1.0
        return Level(1 + sum(sign * value > sign * end for end in self.ends))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one measure says.

    Attributes
    ----------
    level
        0...4.
    word
        One word for it, in the words of its aspect.
    aspect
        What the measure looks at.
    """

    level: Level
    word: str
    aspect: Aspect


_GRADES: Final[Ends] = (45.0, 33.0, 27.4)  # dB; Zinner et al.
_ALIKE: Final[Ends] = (0.99, 0.95, 0.88)  # SSIM; Zinner et al.
_DELTA: Final[Ends] = (1.0, 2.3, 5.0)  # a step of the scale, Mahy et al., and twice that
_SHARES: Final[Ends] = (0.001, 0.05, 0.5)


def _of_grades(make: Callable[[float], float]) -> Ends:
    """Return limits made of the root mean squared errors, in levels, of `_GRADES`."""
    first, second, third = (make(255.0 * 10.0 ** (-decibels / 20.0)) for decibels in _GRADES)
    return first, second, third


_MEANS: Final = _of_grades(lambda x: _MEAN_OF_NOISE * x)
_VALUE: Final = (
    Limits("mae", "MAE", Aspect.VALUE, 0.0, _MEANS, "levels"),
    Limits("mse", "MSE", Aspect.VALUE, 0.0, _of_grades(lambda x: x * x), "levels²"),
    Limits("rmse", "RMSE", Aspect.VALUE, 0.0, _of_grades(lambda x: x), "levels"),
    Limits("psnr", "PSNR", Aspect.VALUE, math.inf, _GRADES, "dB"),
    # The largest of millions of Gaussian values is some 5.6 times their deviation, so noise gets
    # the same word as from the RMSE.
    Limits("max_abs", "the largest difference", Aspect.VALUE, 0.0, (8.0, 32.0, 64.0), "levels"),
    Limits("shift_mae", "the shift-tolerant error", Aspect.VALUE, 0.0, _MEANS, "levels"),
)
_SEEN: Final = (
    Limits("ssim", "SSIM", Aspect.STRUCTURE, 1.0, _ALIKE),
    # No published grades: those of SSIM, which it is where one scale decides.
    Limits("ms_ssim", "MS-SSIM", Aspect.STRUCTURE, 1.0, _ALIKE),
    # No published grades: JPEG of quality 90 stays within the first, of 50 within the second and of
    # 15 within the third.
    Limits("gmsd", "GMSD", Aspect.STRUCTURE, 0.0, (0.005, 0.02, 0.06)),
    Limits("delta_e_2000_mean", "ΔE 2000 (mean)", Aspect.COLOR, 0.0, _DELTA, "ΔE"),
    Limits("delta_e_2000_median", "ΔE 2000 (median)", Aspect.COLOR, 0.0, _DELTA, "ΔE"),
    Limits("delta_e_2000_p95", "ΔE 2000 (95 %)", Aspect.COLOR, 0.0, _DELTA, "ΔE"),
    # The formula that the just noticeable difference was measured with.
    Limits("delta_e_76_mean", "ΔE 1976 (mean)", Aspect.COLOR, 0.0, _DELTA, "ΔE"),
    # No published grades: read off JPEG as for GMSD.
    Limits("flip", "FLIP", Aspect.PERCEIVED, 0.0, (0.05, 0.1, 0.2)),
)
_COUNTED: Final = (
    Limits("l0_per_pixel", "the share of changed pixels", Aspect.EXTENT, 0.0, _SHARES, "share"),
    # Noise at a pixel in a hundred reaches 0.11 somewhere in a large picture (see the measure).
    Limits("densest_window", "the densest window", Aspect.EXTENT, 0.0, (0.05, 0.15, 0.5), "share"),
    *(
        Limits(name, short, Aspect.EXTENT, 0.0, _SHARES, "share")
        for name, short in (
            ("yiq_share", "the share of visible pixels"),
            ("delta_e_2000_over_1", "the share over ΔE 1"),
            ("delta_e_2000_over_2_3", "the share over ΔE 2.3"),
            ("shift_l0_share", "the shift-tolerant share"),
        )
    ),
)
# Of histograms that lie close together, the Kullback-Leibler divergence is four times that of
# Jensen and Shannon, and four times the square of Bhattacharyya's distance in Hellinger's form.
_SPREAD: Final = (
    Limits(
        "hist_intersection", "histogram intersection", Aspect.DISTRIBUTION, 1.0, (0.95, 0.85, 0.6)
    ),
    Limits("hist_bhattacharyya", "Bhattacharyya", Aspect.DISTRIBUTION, 0.0, (0.07, 0.22, 0.5)),
    Limits("hist_js", "Jensen–Shannon", Aspect.DISTRIBUTION, 0.0, (0.005, 0.05, 0.25), "nats"),
    Limits("hist_kl", "Kullback–Leibler", Aspect.DISTRIBUTION, 0.0, (0.02, 0.2, 1.0), "nats"),
    Limits(  # the sum of both directions
        "hist_kl_symmetric", "symmetric Kullback–Leibler", Aspect.DISTRIBUTION, 0.0,
        (0.04, 0.4, 2.0), "nats",
    ),
    Limits(
        "hist_emd", "the histograms’ distance", Aspect.DISTRIBUTION, 0.0, (1.0, 3.0, 10.0), "levels"
    ),
)  # fmt: skip

LIMITS: Final[dict[str, Limits]] = {row.name: row for row in (*_VALUE, *_SEEN, *_COUNTED, *_SPREAD)}
"""Every measure that has a word."""


def limits_of(name: str, unit: str, *, lab: bool) -> Limits | None:
    """Return the limits of a measure, where they mean something.

    Parameters
    ----------
    name, unit
        Of the measure, as its value has them.
    lab
        Whether the difference is taken in Lab.

    Returns
    -------
    Limits or None
        None for a measure without limits, for one in another unit than its limits (Lab units, the
        file's own), and for a PSNR of Lab units, whose peak is another.
    """
    row = LIMITS.get(name)
    if row is None or row.unit != unit or (lab and name == "psnr"):
        return None
    return row


def verdicts(measures: Mapping[str, MeasureValue]) -> dict[str, Verdict]:
    """Return name -> verdict for the measures that have one, in the order of `measures`.

    None for a value that is nan, and where `limits_of` has none.
    """
    lab = any(m.unit.startswith("Lab") for m in measures.values())
    made = {}
    for name, measure in measures.items():
        row = limits_of(name, measure.unit, lab=lab)
        if row is None or math.isnan(measure.value):
            continue
        level = row.level(measure.value)
        made[name] = Verdict(level, words_of(row.aspect)[level], row.aspect)
    return made
