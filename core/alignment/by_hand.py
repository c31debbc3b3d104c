"""What a person does to the alignment with mouse and keys, as changes of its parameters.

While align is off B lies where fit put it. The first thing that is done by hand then switches it
on *by hand*, so that nothing moves but what was moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.alignment.models import AlignModel
from core.alignment.pins import fitted, pins_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.alignment.pins import Pin
    from core.stages.align import AlignParams

_DIGITS: Final = 3
_FARTHEST: Final = 100_000.0
_FIXES: Final = {
    AlignModel.TRANSLATION: "where B lies",
    AlignModel.SIMILARITY: "how B is shifted, turned and scaled",
    AlignModel.AFFINE: "how B is shifted, turned, scaled and sheared",
    AlignModel.HOMOGRAPHY: "the perspective of B",
}
_EXACT: Final = {
    AlignModel.TRANSLATION: 1,
    AlignModel.SIMILARITY: 2,
    AlignModel.AFFINE: 3,
    AlignModel.HOMOGRAPHY: 4,
}


def nudge_of(params: AlignParams) -> tuple[float, float]:
    """Return (right, down): how far B is moved by hand now, in px of the canvas."""
    return params.nudge if params.enabled else (0.0, 0.0)


def nudged(params: AlignParams, right: float, down: float) -> AlignParams:
    """Return the parameters with B moved so far by hand, in all; it begins when align is off."""
    x, y = (min(max(round(v, _DIGITS), -_FARTHEST), _FARTHEST) for v in (right, down))
    if params.enabled:
        return params.replace(nudge_x=x, nudge_y=y)
    if not (x or y):
        return params
    return params.replace(
        enabled=True, model=AlignModel.MANUAL, nudge_x=x, nudge_y=y, pins=""
    )  # fmt: skip


def pinned(params: AlignParams, pins: Sequence[Pin]) -> AlignParams:
    """Return the parameters with these pins.

    Where B is laid by hand, one more pin says where it lies: what was moved before is forgotten.
    """
    text = text_of(pins)
    if not params.enabled:
        return params.replace(
            enabled=True, model=AlignModel.MANUAL, nudge_x=0.0, nudge_y=0.0, pins=text
        )
    more = len(pins) > len(pins_of(params.pins))
    if more and params.model is AlignModel.MANUAL:
        return params.replace(nudge_x=0.0, nudge_y=0.0, pins=text)
    return params.replace(pins=text)


def said_of_pins(params: AlignParams, shape_a: tuple[int, int], shape_b: tuple[int, int]) -> str:
    """Return a sentence for a person: what the pins do to B; shapes are (height, width)."""
    pins = params.pinned
    if not pins:
        return "Click a feature in A, and the same feature in B."
    count = "1 pin" if len(pins) == 1 else f"{len(pins)} pins"
    if not params.enabled:
        return f"Align is off, so {count} {'does' if len(pins) == 1 else 'do'} nothing."
    if params.model is not AlignModel.MANUAL:
        return f"The search begins at {count}."
    found = fitted(pins, shape_a, shape_b)
    fix = "fixes" if len(pins) == 1 else "fix"
    text = f"{count} {fix} {_FIXES[found.model]}"
    if found.why:
        return f"{text}: they {found.why}."
    if len(pins) > _EXACT[found.model]:
        return f"{text}, by least squares."
    return f"{text} ({found.model})."
