"""What an alignment did and left, where a person can check it: in words, and as arrows."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from core.alignment.facts import facts
from core.alignment.quiver import quiver
from gui.views.board import BUSY_DELAY_MS

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from core.result import Result
    from core.session import Session
    from gui.controller import Controller
    from gui.panels.pipeline import PipelinePanel
    from gui.views.compare_view import CompareView

WIDTH: Final = 72
"""Letters in a line of a tooltip."""


class AlignCheck(QObject):
    """Follows a controller; shows what its alignment is, and nothing of one that is out of date.

    Parameters
    ----------
    view, pipeline, controller
        Where arrows are drawn and what is said, and who has the answers.
    arrows
        The switch for the arrows.
    """

    def __init__(
        self,
        view: CompareView,
        pipeline: PipelinePanel,
        controller: Controller,
        arrows: QAction,
    ) -> None:
        super().__init__(view)
        self._view, self._pipeline, self._controller = view, pipeline, controller
        self._arrows = arrows
        self._hide = QTimer(self, singleShot=True, interval=BUSY_DELAY_MS)
        self._hide.timeout.connect(lambda: self._view.show_quiver(None))
        controller.session_changed.connect(self._on_session)
        controller.busy_changed.connect(self._on_busy)
        controller.answered.connect(self._on_answer)
        controller.refused.connect(lambda _: self._forget())
        controller.stopped.connect(self._forget)

    def _on_session(self, session: Session) -> None:
        if not session.complete:
            self._forget()

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._hide.start()  # an answer that comes sooner does not make the arrows flicker
            self._pipeline.show_help({})

    def _on_answer(self, result: Result) -> None:
        self._arrows.setEnabled(result.alignment is not None)
        self._pipeline.show_help({"align": told(result)} if result.alignment else {})
        self.show_arrows()

    def _forget(self) -> None:
        self._arrows.setEnabled(False)
        self._pipeline.show_help({})
        self.show_arrows()

    def show_arrows(self) -> None:
        """Draw the arrows, or none, as the switch says."""
        self._hide.stop()
        result = self._controller.result
        found = None if result is None else result.alignment
        shown = None if found is None or not self._arrows.isChecked() else quiver(found)
        self._view.show_quiver(shown)


def told(result: Result) -> str:
    """Return all there is to say of a result's alignment, one fact a line."""
    found = result.alignment
    if found is None:
        return ""
    made = facts(found, (result.a.height, result.a.width))
    lines = [found.reason] if found.accepted else []  # a refusal is a notice already
    lines += [f"{name}: {text}" for name, text in made]
    return "\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in lines)
