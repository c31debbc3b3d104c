"""The one place that turns numbers into text for people.

The window, the command line and every report call these functions, so the same number has the same
digits everywhere. Files for programs (JSON) hold the numbers themselves.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from core.buffer import PictureInfo
    from core.result import Result
    from core.types import Contents, MeasureValue

NONE: Final = "–"
"""What stands where there is no number."""
DIGITS: Final = (6, 9, 12)
"""Significant digits: six, and more where six would turn a value that is not whole into a whole
number (0.9999999 is not 1, and a share of 0.99999999 is not all)."""

HEADLINES: Final = ("l1_per_pixel", "l0_per_pixel", "psnr", "ssim")
"""Far off, how many, how noisy, how alike in structure: the four that most questions end in."""


def number(value: float) -> str:
    """Return a number as text: six significant digits, thousands separated by commas.

    All digits before the decimal point are always given. ``∞`` stands for infinity, ``–`` for nan,
    and the minus is the typographic one.

    Examples
    --------
    >>> number(1234567), number(34.30000001), number(0.99999999), number(float("inf"))
    ('1,234,567', '34.3', '0.99999999', '∞')
    """
    if math.isnan(value):
        return NONE
    sign = "−" if value < 0 else ""
    size = abs(value)
    if math.isinf(size):
        return f"{sign}∞"
    if size == int(size) and size < 1e15:
        return f"{sign}{int(size):,}"
    return sign + _fractional(size)


def _fractional(size: float) -> str:
    """Text of a positive finite number that is not whole, or is huge."""
    exponent = math.floor(math.log10(size))
    if exponent < -4 or exponent >= 15:
        mantissa, _, power = f"{size:.5e}".partition("e")
        return f"{_trim(mantissa)}e{'−' if power[0] == '-' else ''}{int(power[1:])}"
    text = ""
    for digits in DIGITS:
        text = _trim(f"{size:,.{max(digits - 1 - exponent, 0)}f}")
        if "." in text:
            break
    return text


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """Return a share 0...1 as a percentage, scaled in decimal so that no binary noise appears.

    Examples
    --------
    >>> percent(0.07), percent(1e-8)
    ('7 %', '1e−6 %')
    """
    if not math.isfinite(share):
        return number(share)
    return f"{number(float(Decimal(repr(float(share))) * 100))} %"


def measure_text(measure: MeasureValue) -> str:
    """Return a measure's value with its unit; a share is given as a percentage."""
    if measure.unit == "share":
        return percent(measure.value)
    return with_unit(measure.value, measure.unit)


def interval_text(measure: MeasureValue) -> str:
    """Return a measure's interval, e.g. ``"12.31 … 14.06"``; empty where none is known.

    Four significant digits, more where low and high would read the same; a share as percentages.
    The unit is that of the value beside it.
    """
    if measure.interval is None:
        return ""
    factor, unit = (100.0, " %") if measure.unit == "share" else (1.0, "")
    low, high = (bound * factor for bound in measure.interval)
    texts = ("", "")
    for digits in (4, *DIGITS):
        texts = number(float(f"{low:.{digits}g}")), number(float(f"{high:.{digits}g}"))
        if texts[0] != texts[1] or low == high:
            break
    return f"{texts[0]} … {texts[1]}{unit}"


def with_unit(value: float, unit: str) -> str:
    """Return a number and its unit; nan has none."""
    text = number(value)
    return text if not unit or text == NONE else f"{text} {unit}"


def direction(measure: MeasureValue) -> str:
    """Return an arrow that says which way means "more alike"."""
    return "↓" if measure.better == "lower" else "↑"


def size_text(width: int, height: int) -> str:
    """Return a size in pixels, width first."""
    return f"{width} × {height}"


def picture_text(info: PictureInfo) -> str:
    """Return size and part of a picture, e.g. ``"900 × 600, page 3 of 10"``."""
    part = part_text(info.contents)
    size = size_text(info.width, info.height)
    return f"{size}, {part}" if part else size


def part_text(contents: Contents) -> str:
    """Return which picture of its file it is, e.g. ``"page 3 of 10"``; empty for the only one."""
    words = [f"frame {contents.frame}"] if contents.frame >= 0 else []
    words += [f"page {contents.page + 1} of {contents.pages}"] if contents.pages > 1 else []
    words += [contents.layer] if contents.layer and len(contents.layers) > 1 else []
    return ", ".join(words)


def count(amount: int, one: str, many: str) -> str:
    """Return an amount with its noun, e.g. ``"1 region"``, ``"1,204 regions"``."""
    return f"{number(amount)} {one if amount == 1 else many}"


def headlines(result: Result) -> list[MeasureValue]:
    """Return the few measures that stand in large type, of those that were computed."""
    return [result.measures[name] for name in HEADLINES if name in result.measures]


def tolerance_of(result: Result) -> float:
    """Return the tolerance that a result was made with."""
    from core.difference import DifferenceParams  # noqa: PLC0415 - only a result needs the stages

    return result.settings[DifferenceParams].tolerance


def over_noise(result: Result) -> bool:
    """Return whether only what is beyond the pictures' noise counts as different."""
    from core.noise.params import NoiseParams  # noqa: PLC0415 - only a result needs it

    return result.settings[NoiseParams].enabled


def verdict(result: Result) -> str:
    """Return one sentence: whether the pictures differ, and by how much."""
    tolerance, over = tolerance_of(result), result.over
    a, b = result.a, result.b
    own = _own_tolerances(result)
    limits = [f"by more than {number(tolerance)}{own}"] if tolerance or own else []
    limits += ["beyond the noise"] if over_noise(result) else []
    beyond = f" {' and '.join(limits)}" if limits else ""
    if (a.width, a.height) != (b.width, b.height):
        sizes = f"{size_text(a.width, a.height)} and {size_text(b.width, b.height)}"
        return f"They differ in size, {sizes}; {_where(result, over, beyond)}."
    if result.pixels == 0:
        return f"They cannot be compared: there is no pixel {_existing(result)}."
    if result.differs:
        return f"They differ: {_where(result, over, beyond)}."
    if limits and int(result.histograms.difference[1:].sum()):
        limits = [f"the tolerance of {number(tolerance)}{own}"] if tolerance or own else []
        limits += ["the noise"] if over_noise(result) else []
        return f"No difference beyond {' and '.join(limits)}."
    if result.pixels == 1:
        return "No difference: the only pixel is equal."
    return f"No difference: all {number(result.pixels)} pixels are equal."


def _where(result: Result, over: int, beyond: str) -> str:
    if result.pixels == 0:
        return f"there is no pixel {_existing(result)}"
    if over == 0:
        return f"where both exist, no pixel differs{beyond}"
    share = percent(over / result.pixels)
    verb = "differs" if over == 1 else "differ"
    regions = f", in {count(result.region_count, 'region', 'regions')}"
    where = regions if result.region_count else ""
    of_all = count(result.pixels, "pixel", "pixels")
    return f"{number(over)} of {of_all} ({share}) {verb}{beyond}{where}"


def _own_tolerances(result: Result) -> str:
    from core.places.params import PlacesParams  # noqa: PLC0415 - only a result needs the places

    own = len(result.settings[PlacesParams].own)
    return "" if own == 0 else f" ({count(own, 'place has its', 'places have their')} own)"


def _existing(result: Result) -> str:
    from core.places.params import PlacesParams  # noqa: PLC0415 - the same

    places = result.settings[PlacesParams]
    return "that counts" if places.only or places.ignore else "where both pictures exist"


def over_tolerance(result: Result) -> int | None:
    """Return how many pixels are over the tolerance, whatever else decides which of them count.

    None where a result does not hold it: for a tolerance that is no whole number, while something
    else decides too.
    """
    tolerance = tolerance_of(result)
    if not decided_otherwise(result):
        return result.over
    return result.histograms.over(int(tolerance)) if tolerance == int(tolerance) else None


def decided_otherwise(result: Result) -> bool:
    """Whether more than one tolerance decides which pixels count: noise, tolerances of places."""
    return over_noise(result) or bool(_own_tolerances(result))
