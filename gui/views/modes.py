"""The view modes: a table, and for each a pure function that says what every pane shows.

A new mode is one member of `Mode`, one function and one row of `MODES`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.render import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

A, B, DIFFERENCE = Side.A, Side.B, Side.DIFFERENCE


class Mode(StrEnum):
    """A way to look at two pictures, in the order of the tool bar."""

    SIDE_BY_SIDE = "side_by_side"
    SWIPE = "swipe"
    BLINK = "blink"
    BLEND = "blend"
    A = "a"
    B = "b"
    DIFFERENCE = "difference"


class Corner(StrEnum):
    """Where a name stands in a pane."""

    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"


@dataclass(frozen=True, slots=True)
class Part:
    """One side in one pane; parts are painted in order, later ones on top.

    Attributes
    ----------
    side
        Whose picture.
    opacity
        0...1.
    window
        (left, top, right, bottom) of what is painted, as shares 0...1 of the pane.
    corner
        Where its name stands.
    takes_drop
        Whether a file dropped on it is meant for this side.
    """

    side: Side
    opacity: float = 1.0
    window: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    corner: Corner = Corner.TOP_LEFT
    takes_drop: bool = True


Pane = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ViewState:
    """All that decides what the panes show, apart from the pictures and the camera.

    Attributes
    ----------
    mode
        The view mode.
    blink
        The side that BLINK shows now.
    blend
        Share of B in BLEND, 0...1.
    split
        Where the divider of SWIPE is, as a share of the pane.
    horizontal
        Whether the divider is a horizontal line (A above B) instead of a vertical one.
    held
        The side shown in place while a key is held, and the index of the pane it is shown in.
    flicker
        Whether B and the difference take turns with how they were opened. BLINK then rests on B:
        two kinds of turns at once tell nothing.
    opened
        Whether they are shown as they were opened now.
    """

    mode: Mode = Mode.SIDE_BY_SIDE
    blink: Side = Side.A
    blend: float = 0.5
    split: float = 0.5
    horizontal: bool = False
    held: tuple[Side, int] | None = None
    flicker: bool = False
    opened: bool = False


def _side_by_side(_: ViewState) -> tuple[Pane, ...]:
    return (Part(A),), (Part(B),), (Part(DIFFERENCE),)


def _swipe(state: ViewState) -> tuple[Pane, ...]:
    at = state.split
    if state.horizontal:
        above, below = (0.0, 0.0, 1.0, at), (0.0, at, 1.0, 1.0)
        return ((Part(A, window=above), Part(B, window=below, corner=Corner.BOTTOM_LEFT)),)
    left, right = (0.0, 0.0, at, 1.0), (at, 0.0, 1.0, 1.0)
    return ((Part(A, window=left), Part(B, window=right, corner=Corner.TOP_RIGHT)),)


def _blink(state: ViewState) -> tuple[Pane, ...]:
    return ((Part(B if state.flicker else state.blink, takes_drop=False),),)


def _blend(state: ViewState) -> tuple[Pane, ...]:
    below = Part(A, takes_drop=False)
    above = Part(B, opacity=state.blend, corner=Corner.TOP_RIGHT, takes_drop=False)
    return ((below, above),)


def _only(side: Side) -> Callable[[ViewState], tuple[Pane, ...]]:
    def show(_: ViewState) -> tuple[Pane, ...]:
        return ((Part(side),),)

    return show


@dataclass(frozen=True, slots=True)
class ModeInfo:
    """One row of the table.

    Attributes
    ----------
    text
        On the button.
    key
        The shortcut, as QKeySequence reads it.
    tooltip
        One sentence for a person.
    sides
        The sides whose detail is kept at hand.
    compose
        What each pane shows; one entry a pane.
    """

    text: str
    key: str
    tooltip: str
    sides: tuple[Side, ...]
    compose: Callable[[ViewState], tuple[Pane, ...]]


MODES: Final[Mapping[Mode, ModeInfo]] = {
    Mode.SIDE_BY_SIDE: ModeInfo(
        "Side by side",
        "3",
        "Shows A, B and their difference beside each other, moving together",
        (A, B, DIFFERENCE),
        _side_by_side,
    ),
    Mode.SWIPE: ModeInfo(
        "Swipe",
        "W",
        "Shows A on one side of a line and B on the other; the line follows the mouse",
        (A, B),
        _swipe,
    ),
    Mode.BLINK: ModeInfo(
        "Blink",
        "B",
        "Shows A and B in turn in the same place, so that every change moves",
        (A, B),
        _blink,
    ),
    Mode.BLEND: ModeInfo(
        "Blend",
        "O",
        "Lays B over A; the slider sets how much of B is seen",
        (A, B),
        _blend,
    ),
    Mode.A: ModeInfo("A", "1", "Shows picture A alone", (A, B), _only(A)),
    Mode.B: ModeInfo("B", "2", "Shows picture B alone", (A, B), _only(B)),
    Mode.DIFFERENCE: ModeInfo(
        "Difference", "4", "Shows the difference map alone", (DIFFERENCE,), _only(DIFFERENCE)
    ),
}


def compose(state: ViewState) -> tuple[Pane, ...]:
    """Return what every pane shows."""
    panes = MODES[state.mode].compose(state)
    if state.held is None:
        return panes
    side, index = state.held
    index = index if index < len(panes) else 0
    held = (replace(panes[index][0], side=side, opacity=1.0, window=Part(side).window),)
    return (*panes[:index], held, *panes[index + 1 :])
