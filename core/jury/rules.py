"""Where two measures contradict each other, and what that usually means.

Measures of different aspects may differ by a step of the scale without any meaning. Two steps are a
finding: each rule here is a pair of aspects that come apart in a known way, with what it usually
means and what to try next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.format import measure_text
from core.jury.scale import LIMITS, Level, Verdict, verdicts
from core.map_kinds import KINDS
from core.types import MapKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from core.settings import Settings
    from core.types import MeasureValue

APART: Final = 2
"""Steps of the scale from which on two measures disagree."""
MOST: Final = 3
"""At most so many sentences."""
OUTLYING: Final = 25.0
"""How many times the RMSE a largest difference must be to be a spot: noise has some 5.6 times, and
compression up to some 20."""

_STRUCTURE: Final = ("ssim", "ms_ssim", "gmsd")
_COLOR: Final = ("delta_e_2000_p95", "delta_e_2000_mean")
_VALUE: Final = ("psnr", "rmse")
_SPREAD: Final = ("hist_emd", "hist_kl")
_SEEN: Final = (*_COLOR, "flip", "psnr")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One finding.

    Attributes
    ----------
    text
        Who says what, what it usually means, what to try next: plain sentences.
    calm, alarmed
        Names of the two measures.
    map
        The map that shows where.
    """

    text: str
    calm: str
    alarmed: str
    map: MapKind | None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pair of aspects that come apart.

    Of `calm` and of `alarmed` the first measure that has a verdict speaks. A rule holds when the
    alarmed one is at least `APART` steps above the calm one, within `at_most` and `at_least`, and
    `also` holds. Of the rules of one `story` the first that holds is told.
    """

    story: str
    calm: tuple[str, ...]
    alarmed: tuple[str, ...]
    meaning: str
    advice: str
    map: MapKind | None
    shows: str = "where"
    at_most: Level = Level.SLIGHT
    at_least: Level = Level.VISIBLE
    also: Callable[[Mapping[str, MeasureValue], Mapping[str, Verdict]], bool] | None = None


def _everywhere(_: Mapping[str, MeasureValue], said: Mapping[str, Verdict]) -> bool:
    return "l0_per_pixel" in said and said["l0_per_pixel"].level is Level.STRONG


def _outlying(measures: Mapping[str, MeasureValue], _: Mapping[str, Verdict]) -> bool:
    rmse = measures.get("rmse")
    return rmse is None or measures["max_abs"].value > OUTLYING * rmse.value


_RULES: Final = (
    _Rule(
        "color", _STRUCTURE, _SPREAD,
        "the values moved as a whole while the patterns stayed, as after another exposure, gamma or"
        " white balance",
        "Switch normalize on to see what is left.",
        MapKind.SIGNED, also=_everywhere,
    ),
    _Rule(
        "color", _STRUCTURE, _COLOR,
        "colours changed, structure did not",
        "Trust the colour measure here: another hue leaves patterns as they are.",
        MapKind.DELTA_E_2000,
    ),
    _Rule(
        "spot", _VALUE, ("max_abs",),
        "few pixels differ far more than all others, and an average hides them",
        "Go through the regions, the tolerance set above the rest.",
        MapKind.ABSOLUTE, also=_outlying,
    ),
    _Rule(
        "spot", ("l0_per_pixel",), ("densest_window",),
        "what changed stands close together, as noise never does",
        "Go through the regions: one of them is a spot.",
        MapKind.ABSOLUTE, at_most=Level.INVISIBLE,
    ),
    _Rule(
        "moved", ("shift_mae",), _VALUE,
        "what differs is found close by in the other picture, so a small shift explains most of it",
        "Switch align on.",
        MapKind.SHIFT, shows="what no shift explains",
    ),
    _Rule(
        "moved", ("flip",), _VALUE,
        "the values differ, but at the viewing distance that is set the eye does not notice: fine"
        " grain or dither",
        "Switch blur on to compare what is left for the eye.",
        MapKind.ABSOLUTE, at_most=Level.INVISIBLE,
    ),
    _Rule(
        "moved", _SPREAD, _VALUE,
        "the same values stand in other places, so something moved, or a grain of noise or"
        " compression came in",
        "Switch align on to see whether a shift explains it.",
        MapKind.ABSOLUTE, at_most=Level.INVISIBLE,
    ),
    _Rule(
        "texture", _VALUE, _STRUCTURE,
        "the values are close but fine patterns are others: faint texture, dark parts, or a shift"
        " by a pixel",
        "Switch align on; what stays is texture that was added, lost or smoothed.",
        MapKind.SSIM,
    ),
    _Rule(
        "veil", _SEEN, ("l0_per_pixel",),
        "almost nothing can be seen of it, as after recompression, or with noise or a faint veil",
        "Raise the tolerance until only what matters is counted.",
        MapKind.ABSOLUTE, at_most=Level.INVISIBLE,
    ),
)  # fmt: skip


def disagreements(
    measures: Mapping[str, MeasureValue], settings: Settings | None = None
) -> tuple[Disagreement, ...]:
    """Return what the measures contradict each other in: at most `MOST`, the widest gap first.

    Only measures that were made take part; two that are wide apart in the same way are not told
    twice. With the settings that made them, nothing is advised that is switched on already.
    """
    on = frozenset(p.name for p in settings.params if p.enabled) if settings else frozenset[str]()
    said = verdicts(measures)
    found: dict[str, tuple[int, Disagreement]] = {}
    for rule, calm, alarmed in _holding(measures, said):
        if rule.story not in found:
            gap = said[alarmed].level - said[calm].level
            text = _text(rule, (calm, alarmed), said, measures, on)
            found[rule.story] = (gap, Disagreement(text, calm, alarmed, rule.map))
    ordered = sorted(found.values(), key=lambda pair: -pair[0])  # equal ones in the rules' order
    return tuple(one for _, one in ordered[:MOST])


def _holding(
    measures: Mapping[str, MeasureValue], said: Mapping[str, Verdict]
) -> Iterator[tuple[_Rule, str, str]]:
    for rule in _RULES:
        calm = next((n for n in rule.calm if n in said), None)
        alarmed = next((n for n in rule.alarmed if n in said), None)
        if calm is None or alarmed is None:
            continue
        low, high = said[calm].level, said[alarmed].level
        wide = high - low >= APART and low <= rule.at_most and high >= rule.at_least
        if wide and (rule.also is None or rule.also(measures, said)):
            yield rule, calm, alarmed


def _text(
    rule: _Rule,
    names: tuple[str, str],
    said: Mapping[str, Verdict],
    measures: Mapping[str, MeasureValue],
    on: frozenset[str],
) -> str:
    voices = [f"{LIMITS[n].short} says {said[n].word} ({measure_text(measures[n])})" for n in names]
    text = f"{voices[0]}, {voices[1]}: {rule.meaning}."
    if not any(f"Switch {stage} on" in rule.advice for stage in on):
        text += f" {rule.advice}"
    if rule.map is not None:
        text += f" The {KINDS[rule.map].label} map shows {rule.shows}."
    return text[0].upper() + text[1:]
