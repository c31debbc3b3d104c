"""The picture area: view modes over panes that share one camera."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from core.render import Side
from gui.views.board import Board
from gui.views.chooser import Choice
from gui.views.controls import BLINK_RANGE_MS, Controls
from gui.views.flicker import Flicker
from gui.views.flow_marks import Drawn, hand_out
from gui.views.hand import Hand
from gui.views.modes import MODES, Mode, ViewState, compose
from gui.views.place_marks import Mark
from gui.views.track_marks import Drawn as DrawnStanding

if TYPE_CHECKING:
    from core.alignment.quiver import Quiver
    from core.geometry import Matrix
    from core.render import Picture
    from core.sequence.flow_shown import FlowShown
    from core.sequence.standing import Standing


class CompareView(Board):
    """Shows two pictures and their difference. Signals out, `show_…` and `set_…` in.

    Signals
    -------
    mode_changed(mode: Mode)
        Another view mode is on.
    blink_interval_changed(interval_ms: int)
        The person moved the slider of BLINK.
    part_chosen(side: Side, part: Part)
        The person chose another picture of the file of a side.
    drawn(rect: Rect)
        The person drew a rectangle of canvas pixels.
    opened_wanted(side: Side, rect: Rect, level: int)
        Like `detail_wanted`, of the pictures as they were opened; the answer is `show_opened`.

    The other signals, and what takes pictures and moves the camera, are those of `Board`.

    Attributes
    ----------
    hand
        The tools that lay B on A by hand.
    """

    mode_changed = Signal(object)
    blink_interval_changed = Signal(int)
    part_chosen = Signal(object, object)
    drawn = Signal(object)
    opened_wanted = Signal(object, object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ViewState()
        self._quiver: Quiver | None = None
        self._flow: Drawn | None = None
        self._flicker = Flicker(self.camera, self.painted, self)
        self._flicker.wanted.connect(self.opened_wanted)
        self._controls = Controls(self)
        self._controls.blended.connect(self.set_blend)
        self._controls.blinked.connect(self._on_blinked)
        self._controls.interval_changed.connect(self.blink_interval_changed)
        for pane in self._panes:
            pane.names.part_chosen.connect(self.part_chosen)
            pane.marking.drawn.connect(self.drawn)
        sliders = self._controls.blend, self._controls.blink
        self.hand = Hand(self, self._panes, self._layers[Side.B], sliders, self.legend)
        self.pointed.connect(self._on_pointed)
        self.laid_out.connect(self._on_laid_out)
        self._show_state()

    @property
    def state(self) -> ViewState:
        """Mode, divider, opacity and what is held."""
        return self._state

    @property
    def mode(self) -> Mode:
        """The view mode."""
        return self._state.mode

    def set_mode(self, mode: Mode) -> None:
        """Switch to a view mode; camera, divider and opacity stay."""
        if mode is self._state.mode:
            return
        self._set_state(replace(self._state, mode=mode, held=None, blink=Side.A))
        self.mode_changed.emit(mode)

    def set_choices(self, choices: Mapping[Side, Choice]) -> None:
        """Take which pages and layers can be chosen beside the names."""
        for pane in self._panes:
            pane.names.set_choices(choices)

    def set_marking(self, on: bool) -> None:
        """Let dragging with the left button draw a rectangle, or move the pictures."""
        for pane in self._panes:
            pane.marking.set_on(on)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Draw the outlines of places on every picture."""
        for pane in self._panes:
            pane.set_marks(tuple(marks))

    def show_quiver(self, quiver: Quiver | None) -> None:
        """Draw what an alignment leaves: on the difference, or where none is shown, on all."""
        self._quiver = quiver
        self._hand_out()

    def show_flow(self, flow: FlowShown | None, a: Matrix, b: Matrix) -> None:
        """Draw how what A shows has moved in B; the matrices lay the pictures on the canvas."""
        self._flow = None if flow is None else Drawn(flow, a, b)
        self._hand_out()

    def show_standing(self, standing: Standing | None, a: Matrix) -> None:
        """Draw what stands out in A, which the matrix lays on the canvas."""
        drawn = None if standing is None else DrawnStanding(standing, a)
        for pane in self._panes:
            pane.standing.show(drawn)

    def set_flicker(self, on: bool) -> None:
        """Let B and the difference take turns with how they were opened, once that is there."""
        self._set_state(replace(self._state, flicker=on, opened=False))
        if not on:
            self._flicker.clear()

    def show_opened(self, picture: Picture, detail: bool) -> None:
        """Take a picture as it was opened, like `show_picture`."""
        self._flicker.put(picture, detail=detail)
        if self._state.opened:
            self._refresh()

    def clear_opened(self) -> None:
        """Forget the pictures as they were opened, and show those that are aligned."""
        self._set_state(replace(self._state, opened=False))
        self._flicker.clear()

    def set_swipe_orientation(self, orientation: Qt.Orientation) -> None:
        """Set the direction of the divider: ``Qt.Vertical`` (A left) or ``Qt.Horizontal``."""
        flat = orientation == Qt.Orientation.Horizontal
        self._set_state(replace(self._state, horizontal=flat))

    def set_blend(self, share: float) -> None:
        """Set how much of B is seen in BLEND, 0...1."""
        self._controls.show_blend(share)
        self._set_state(replace(self._state, blend=min(max(share, 0.0), 1.0)))

    def set_blink_interval(self, interval_ms: int) -> None:
        """Set how long BLINK shows each side, 100...2000 ms."""
        low, high = BLINK_RANGE_MS
        self._controls.set_interval(min(max(interval_ms, low), high))

    def toggle_blink(self) -> None:
        """Pause on the picture whose turn it is, or go on."""
        self._controls.toggle()

    def hold(self, side: Side | None) -> None:
        """Show a side in place while a key is held: in the pane under the mouse, or the first."""
        if side is None:
            held = None
        else:
            under = [i for i, pane in enumerate(self.panes) if pane.underMouse()]
            held = (side, under[0] if under else 0)
        self._set_state(replace(self._state, held=held))

    def side_under_mouse(self) -> Side | None:
        """Return whose picture the mouse is on: A or B, or None."""
        for pane in self.panes:
            if pane.underMouse():
                return pane.side_at(QPointF(pane.mapFromGlobal(QCursor.pos())))
        return None

    def _on_blinked(self) -> None:
        if self._state.flicker:
            turned = self._flicker.ready and not self._state.opened
            self._set_state(replace(self._state, opened=turned))
            return
        other = Side.B if self._state.blink is Side.A else Side.A
        self._set_state(replace(self._state, blink=other))

    def _on_pointed(self, x: float, y: float) -> None:
        if self._state.mode is Mode.SWIPE:
            split = y if self._state.horizontal else x
            self._set_state(replace(self._state, split=min(max(split, 0.0), 1.0)))

    def _on_laid_out(self) -> None:
        several = len(self.panes) > 1
        turning = self._state.flicker and several  # what changes is B, in the second pane
        self._controls.place(self.panes[1 if turning else 0].geometry())
        self.hand.hint.place()

    def _set_state(self, state: ViewState) -> None:
        if state != self._state:
            self._state = state
            self._show_state()

    def _show_state(self) -> None:
        sides = dict.fromkeys(MODES[self._state.mode].sides)
        if self._state.held:
            sides[self._state.held[0]] = None
        state = self._state
        self._flicker.show(opened=state.opened)
        self.set_plan(compose(state), sides)
        for pane in self._panes:
            pane.names.set_turn(state.opened if state.flicker else None)
        self._hand_out()
        self._controls.show_mode(state.mode, flicker=state.flicker)
        self._on_laid_out()

    def _hand_out(self) -> None:
        """Give the arrows to the panes that show the difference, or to all; motion to A and B.

        Those tell of how B is aligned, so they go while it is shown as it was opened.
        """
        quiver = None if self._state.opened else self._quiver
        shows = [any(p.side is Side.DIFFERENCE for p in pane.parts) for pane in self.panes]
        for pane, here in zip(self.panes, shows, strict=True):
            pane.set_quiver(quiver if here or not any(shows) else None)
        hand_out(self._flow, self.panes, self._state)

    def _look(self) -> None:
        super()._look()
        if self._state.flicker:
            self._flicker.look(self._sides, self._widest())
