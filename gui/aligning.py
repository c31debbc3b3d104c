"""Moving B by hand: with keys, with the mouse, and by views of A and B that are not linked.

B is seen where the hand has it at once: the pictures that are shown are painted elsewhere. The
controller is asked with the new place when it has shown the one before, so that the difference
follows as fast as it can be made, and no place is waited for that is past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QMainWindow

from core.alignment.by_hand import nudge_of, nudged
from core.stages.align import AlignParams
from gui.nudge_keys import NudgeKeys
from gui.views.overlay import GRID_FROM
from gui.views.tool_hint import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from core.session import Session
    from gui.controller import Controller
    from gui.views.compare_view import CompareView

MERGE: Final = "align.nudge"
"""All moves of one drag, or of keys that follow each other, are one undo."""
_HOW_MOVED: Final = "Arrow keys 1 px, Shift 10, Alt 0.1, or drag"
_HOW_APART: Final = "Drag A or B alone; linking keeps the offset"


class Aligning(QObject):
    """Follows a controller; moves B in it.

    Parameters
    ----------
    window
        Whose arrow keys move B.
    view, controller
        Where B is seen and dragged, and who holds how far it is moved.
    actions
        Commands by name: *move_b*, *link* and *reset_offset* are used.
    """

    def __init__(
        self,
        window: QMainWindow,
        view: CompareView,
        controller: Controller,
        actions: Mapping[str, QAction],
    ) -> None:
        super().__init__(window)
        self._view, self._controller, self._actions = view, controller, actions
        self._camera = view.camera
        self._nudge = (0.0, 0.0)
        self._from: tuple[float, float] | None = None  # where a drag began
        self._asking = self._asked = self._late = False
        self._keys = NudgeKeys(window)
        self._keys.nudged.connect(self.move_by)
        view.hand.moved.connect(self._on_dragged)
        view.hand.let_go.connect(self._on_let_go)
        view.hand.hint.acted.connect(self._on_acted)
        view.hand.hint.closed.connect(self._on_closed)
        view.camera.changed.connect(self._say)
        controller.session_changed.connect(self._on_session)
        controller.previewed.connect(self._on_seen)
        controller.busy_changed.connect(lambda busy: None if busy else self._on_seen())
        actions["link"].setChecked(True)

    @property
    def _params(self) -> AlignParams:
        return self._controller.session.settings[AlignParams]

    @property
    def nudge(self) -> tuple[float, float]:
        """How far B is moved right and down by hand, in canvas pixels; perhaps not asked yet."""
        return self._nudge

    @property
    def _aside(self) -> QPointF:
        """How far B is seen from where it is compared, because the views are not linked."""
        return self._camera.offset - QPointF(*self._nudge)

    # -- what a person does

    def set_moving(self, on: bool) -> None:
        """Let arrow keys and drags move B."""
        self._keys.on = on
        self._view.hand.set_moving(on)
        if on:
            self._view.setFocus()
        self._say()

    def set_linked(self, on: bool) -> None:
        """Let A and B be moved each by itself; or compare B where it is seen."""
        if on and not self._camera.linked:
            # Whole pixels leave B's values alone; where pixels are seen a tenth can be meant.
            digits = 1 if self._camera.zoom >= GRID_FROM else 0
            aside = self._aside
            x, y = self._nudge
            self._camera.set_offset(x, y)
            self._controller.history.settle()
            self.move_by(round(aside.x(), digits), round(aside.y(), digits))
            self._end()
        self._camera.set_linked(on)
        self._say()

    def move_by(self, right: float, down: float) -> None:
        """Move B by so many canvas pixels."""
        self._move_to(self._nudge[0] + right, self._nudge[1] + down)

    def reset(self) -> None:
        """Take back all that B was moved by hand."""
        self._controller.history.settle()
        self._move_to(0.0, 0.0)
        self._end()

    def _on_dragged(self, right: float, down: float) -> None:
        if self._from is None:
            self._controller.history.settle()
            self._from = self._nudge
        self._move_to(self._from[0] + right, self._from[1] + down)

    def _on_let_go(self) -> None:
        self._from = None
        self._end()

    def _end(self) -> None:
        """Ask for the last place now, and let the next move be another undo."""
        self._ask()
        self._controller.history.settle()

    def _on_acted(self, who: str) -> None:
        if who == "move":
            self.reset()
        elif who == "link":
            self._actions["link"].trigger()

    def _on_closed(self, who: str) -> None:
        if who == "move":
            self._actions["move_b"].trigger()

    # -- the way of a move

    def _move_to(self, x: float, y: float) -> None:
        wanted = nudged(self._params, x, y)
        self._take(*nudge_of(wanted))
        if self._asked:
            self._late = True
            self._controller.history.hold()
        else:
            self._ask()

    def _take(self, x: float, y: float) -> None:
        """Show B there, however far aside it is seen besides."""
        aside = self._aside
        self._nudge = (x, y)
        self._camera.set_offset(x + aside.x(), y + aside.y())
        self._say()

    def _ask(self) -> None:
        """Have B compared where it is now."""
        self._late = False
        settings, params = self._controller.session.settings, self._params
        wanted = nudged(params, *self._nudge)
        if wanted == params:
            self._controller.history.settle()
            return
        self._asking = self._asked = True
        try:
            self._controller.set_settings(settings.replacing(wanted), MERGE)
        finally:
            self._asking = False

    def _on_seen(self, _: object = None) -> None:
        self._asked = False
        if self._late:
            self._ask()

    def _on_session(self, session: Session) -> None:
        now = nudge_of(session.settings[AlignParams])
        self._view.hand.set_laid(*now)
        if not self._asking:
            self._late = False
            self._take(*now)
        self._enable(session.complete)

    # -- what is said

    def _enable(self, complete: bool) -> None:
        for name in ("move_b", "link"):
            self._actions[name].setEnabled(complete)
        if not complete and self._actions["move_b"].isChecked():
            self._actions["move_b"].setChecked(False)
        self._actions["reset_offset"].setEnabled(complete and any(self._nudge))

    def _say(self) -> None:
        hint = self._view.hand.hint
        x, y = self._nudge
        moving = Words(
            "Move B", _HOW_MOVED, _px(x, y), "Reset",
            "Take back how far B was moved by hand", enabled=bool(x or y),
        )  # fmt: skip
        hint.say("move", moving if self._keys.on else None)
        aside = self._aside
        apart = Words(
            "Not linked", _HOW_APART, _px(aside.x(), aside.y()), "Link",
            "Compare B where it is seen now", leave=False,
        )  # fmt: skip
        hint.say("link", None if self._camera.linked else apart)


def _px(x: float, y: float) -> str:
    """Return how far B is moved, for a person."""
    texts = (f"{0.0 if abs(v) < 0.05 else v:+.1f}".replace("-", "−") for v in (x, y))
    return "x {}  y {} px".format(*texts)
