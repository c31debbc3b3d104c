"""Pins in the window: setting them by clicks, listing them, and what is laid by them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from core.alignment.by_hand import pinned, said_of_pins
from core.alignment.pins import Pin, Pins
from core.alignment.pointing import on_canvas, on_picture
from core.alignment.snapping import REACH, snapped
from core.format import count
from core.render import Side
from core.stages.align import AlignParams
from gui.views.modes import Mode
from gui.views.pin_marks import PinMark
from gui.views.tool_hint import Words

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from core.field import Field
    from core.geometry import Matrix
    from core.result import Result
    from core.session import Session
    from gui.controller import Controller
    from gui.panels.pins import PinsPanel
    from gui.views.compare_view import CompareView

    Point = tuple[float, float]

_HOW: Final = "Click a feature in A, then in B; drag a cross to correct it"
SLOPPY: Final = 4.0
"""So many pixels of the screen a click may be off."""
SAID: Final = 0.05
"""Less is not said, px."""
_OTHER: Final = {Side.A: Side.B, Side.B: Side.A}


class Pinning(QObject):
    """Follows a controller; draws, lists and changes its pins.

    Parameters
    ----------
    view, panel, controller
        Where pins are drawn and listed, and who holds them.
    tool, removing, clearing
        The commands that let clicks set pins, remove one, and remove all.
    flicker
        The switch that shows B as it was opened from time to time.
    """

    def __init__(
        self,
        view: CompareView,
        panel: PinsPanel,
        controller: Controller,
        tool: QAction,
        removing: QAction,
        clearing: QAction,
        flicker: QAction,
    ) -> None:
        super().__init__(view)
        self._view, self._panel, self._controller = view, panel, controller
        self._tool, self._removing, self._clearing = tool, removing, clearing
        self._flicker = flicker
        self._half: tuple[Side, Point] | None = None
        self._moved = 0.0  # how far the last pin was moved to its feature, px of B
        self._chosen: int | None = None
        hand = view.hand
        hand.pin_clicked.connect(self._on_clicked)
        hand.pin_dropped.connect(self._on_dropped)
        hand.pin_chosen.connect(self._choose)
        hand.pin_removed.connect(self._remove)
        hand.hint.acted.connect(lambda who: self.set_pins(()) if who == "pin" else None)
        hand.hint.closed.connect(lambda who: tool.trigger() if who == "pin" else None)
        panel.pins_changed.connect(self.set_pins)
        panel.pin_clicked.connect(self._look_at)
        controller.session_changed.connect(self._on_session)
        controller.previewed.connect(self._show)
        controller.answered.connect(self._on_answer)
        controller.busy_changed.connect(lambda busy: panel.show_left(()) if busy else None)

    @property
    def _params(self) -> AlignParams:
        return self._controller.session.settings[AlignParams]

    @property
    def pins(self) -> Pins:
        """The pins, in their order."""
        return self._params.pinned

    # -- what a person does

    def set_on(self, on: bool) -> None:
        """Let clicks set pins."""
        if on and self._view.mode is not Mode.SIDE_BY_SIDE:
            self._view.set_mode(Mode.SIDE_BY_SIDE)
        if on and self._flicker.isChecked():  # it shows B where no pin can be pointed at
            self._flicker.trigger()
        self._view.hand.set_pinning(on)
        self._half = None
        self._show()

    def set_pins(self, pins: Pins) -> None:
        """Lay B with these pins."""
        settings = self._controller.session.settings
        self._controller.set_settings(settings.replacing(pinned(self._params, pins)))

    def drop_half(self) -> bool:
        """Forget the point that waits for its other; return whether there was one."""
        half, self._half = self._half, None
        self._show()
        return half is not None

    def remove(self) -> None:
        """Remove the pin under the mouse, else the one that was clicked last."""
        under = self._view.hand.pin_under_mouse()
        index = self._chosen if under is None else under
        if index is not None:
            self._remove(index)

    def _remove(self, index: int) -> None:
        if index >= len(self.pins):  # the one that is half set stands last
            self.drop_half()
            return
        self._chosen, self._moved = None, 0.0
        self.set_pins((*self.pins[:index], *self.pins[index + 1 :]))

    def _choose(self, index: int) -> None:
        self._chosen = index if index < len(self.pins) else None
        self._show()

    def _look_at(self, index: int) -> None:
        self._choose(index)
        at = self._seen(Side.A, self.pins[index].a)
        if at is not None:
            self._view.camera.look_at(*at, self._view.camera.zoom)

    def _on_clicked(self, side: Side, x: float, y: float) -> None:
        point = self._meant(side, (x, y))
        if point is None or self._view.state.opened:
            return
        if self._half is None or self._half[0] is side:
            self._half, self._moved = (side, point), 0.0
            self._show()
            return
        points = dict([self._half, (side, point)])
        self._half, self._chosen = None, len(self.pins)
        clicked = Pin(points[Side.A], points[Side.B])
        made = self._snapped(clicked)
        self._moved = math.dist(made.b, clicked.b)
        self.set_pins((*self.pins, made))

    def _snapped(self, pin: Pin) -> Pin:
        """Return the pin with its feature found in B, if that is clear near the click."""
        placement, session = self._controller.placement, self._controller.session
        if placement is None or session.a is None or session.b is None:
            return pin
        reach = max(REACH, SLOPPY / self._view.camera.zoom)
        return snapped(session.a, session.b, pin, placement, reach)

    def _on_dropped(self, index: int, side: Side, x: float, y: float) -> None:
        point = self._meant(side, (x, y))
        if point is None or self._view.state.opened:
            self._show()
        elif index >= len(self.pins):
            self._half = (side, point)
            self._show()
        else:
            pins, self._chosen, self._moved = list(self.pins), index, 0.0
            old = pins[index]
            pins[index] = replace(old, a=point) if side is Side.A else replace(old, b=point)
            self.set_pins(tuple(pins))

    # -- where points are

    def _laid(self, side: Side) -> tuple[Matrix, Field | None] | None:
        placement = self._controller.placement
        if placement is None:
            return None
        return (placement.a, None) if side is Side.A else (placement.b, placement.field)

    def _meant(self, side: Side, at: Point) -> Point | None:
        laid, session = self._laid(side), self._controller.session
        picture = session.a if side is Side.A else session.b
        if laid is None or picture is None:
            return None
        return on_picture(laid[0], at, picture.shape, laid[1])

    def _seen(self, side: Side, point: Point) -> Point | None:
        laid = self._laid(side)
        return None if laid is None else on_canvas(laid[0], point, laid[1])

    # -- what is shown

    def _on_session(self, session: Session) -> None:
        if not session.complete:
            self._half = None
            self._tool.setChecked(False)
            self._panel.show_left(())
        self._tool.setEnabled(session.complete)
        if self._chosen is not None and self._chosen >= len(self.pins):
            self._chosen = None
        self._show()

    def _on_answer(self, result: Result) -> None:
        self._show()
        self._panel.show_left(() if result.alignment is None else result.alignment.pins)

    def _show(self) -> None:
        pins, on, session = self.pins, self._tool.isChecked(), self._controller.session
        marks = [
            PinMark(i + 1, self._seen(Side.A, p.a), self._seen(Side.B, p.b), i == self._chosen)
            for i, p in enumerate(pins)
        ]
        if self._half is not None:
            side, point = self._half
            at = {side: self._seen(side, point)}
            marks.append(PinMark(len(pins) + 1, at.get(Side.A), at.get(Side.B), chosen=True))
        self._view.hand.show_pins(marks)
        a, b = session.a, session.b
        words = said_of_pins(self._params, a.shape, b.shape) if a and b else ""
        self._panel.show_pins(pins, words, setting=on)
        self._panel.show_chosen(self._chosen)
        for action in (self._removing, self._clearing):
            action.setEnabled(bool(pins))
        self._view.hand.hint.say("pin", self._words(pins) if on else None)

    def _words(self, pins: Pins) -> Words:
        how = _HOW
        if self._half is not None:
            how = f"Now click the same feature in {_OTHER[self._half[0]].upper()}"
        elif self._moved >= SAID:
            how = f"The last was moved {self._moved:.1f} px to where B is alike; drag to correct"
        return Words(
            "Anchor pins", how, count(len(pins), "pin", "pins") if pins else "",
            "Remove all", "Lay B without pins again", enabled=bool(pins),
        )  # fmt: skip
