"""Drives a whole main window as a person does: real clicks and keys, and waiting for facts.

Knows nothing of pytest, so that scripts that make screenshots drive the window by it too.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from core.render import Side
from gui.panels.measure_table import LABEL, VALUE, value_and_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.buffer import ImageBuffer
    from core.result import Result
    from core.settings import Params
    from gui.controller import Controller
    from gui.main_window import MainWindow
    from gui.panels.group_row import GroupRow
    from gui.parts import Parts

PATIENCE = 30.0
"""Seconds until a fact that did not come true is an error."""
LEFT = Qt.MouseButton.LeftButton


class Driver:
    """Hands and eyes for one window.

    Parameters
    ----------
    window
        A shown main window.
    patience
        Seconds until a fact that did not come true is an error.
    """

    def __init__(self, window: MainWindow, patience: float = PATIENCE) -> None:
        self.window, self.patience = window, patience

    @property
    def controller(self) -> Controller:
        """The window's controller."""
        return self.window.controller

    @property
    def parts(self) -> Parts:
        """The window's widgets."""
        return self.window.parts

    # -- waiting

    def until(self, fact: Callable[[], object], what: str) -> None:
        """Let the window work until a fact is true.

        Raises
        ------
        AssertionError
            When it is not true after `patience`.
        """
        deadline = time.monotonic() + self.patience
        while not fact():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {self.patience:g} s in vain: {what}")
            QTest.qWait(5)

    def answer(self) -> Result:
        """Wait for the exact answer and for everything that is painted from it."""
        self.until(self._settled, "no exact answer")
        assert self.controller.result is not None
        return self.controller.result

    def rest(self) -> None:
        """Wait until nothing is being computed and all that was computed has arrived."""
        for _ in range(3):  # what arrives may ask for more
            self.until(self._resting, "the window does not come to rest")
            QApplication.processEvents()

    def _resting(self) -> bool:
        return self.controller.idle and self.window.sequences.idle

    def _settled(self) -> bool:
        shown = self.controller.result is not None and not self.parts.measures.model.pending
        return shown and self.controller.idle

    # -- pictures

    def open(self, a: Path | str, b: Path | str) -> Result:
        """Open a pair and wait for the answer."""
        before = self.controller.session.a
        self.controller.open_pair(str(a), str(b))
        self.until(lambda: self._has(a, b, not_=before), f"{a} and {b} are not opened")
        return self.answer()

    def _has(self, a: Path | str, b: Path | str, *, not_: ImageBuffer | None) -> bool:
        """Return whether two files are open, read anew."""
        first, second = self.controller.session.a, self.controller.session.b
        if first is None or second is None or first is not_:
            return False
        both = ((first, str(a)), (second, str(b)))
        return all(wanted in (picture.path, picture.address) for picture, wanted in both)

    # -- settings

    def row(self, name: str) -> GroupRow:
        """Return the row of a group in the pipeline panel."""
        return self.parts.pipeline.rows[name]

    def params(self, name: str) -> Params:
        """Return the parameters of a group as they are in the session."""
        return self.controller.session.settings[self.row(name).kind]

    def switch(self, name: str) -> None:
        """Click the switch of a stage."""
        toggle = self.row(name).toggle
        assert toggle is not None, f"{name} has no switch"
        self.click(toggle)

    def slider(self, name: str, field: str) -> QSlider:
        """Return the slider of a field, opening the details of its group if they are closed."""
        row = self.row(name)
        form = row.pinned if field in row.pinned.fields else row.details
        if form is row.details and form.isHidden():
            self.click(row.disclosure)
        found = form.fields[field].widget.findChild(QSlider)
        assert isinstance(found, QSlider)
        return found

    def drag(self, slider: QSlider, *shares: float) -> None:
        """Press the handle where it is, move it through shares 0…1 of the slider, and let go."""
        room, middle = slider.width() - 16, slider.height() // 2
        self.bring(slider)
        now = slider.value() / max(slider.maximum(), 1)
        QTest.mousePress(slider, LEFT, pos=QPoint(8 + round(now * room), middle))
        for share in shares:
            QTest.mouseMove(slider, QPoint(8 + round(share * room), middle))
        QTest.mouseRelease(slider, LEFT, pos=QPoint(8 + round(shares[-1] * room), middle))

    # -- mouse and keys

    def bring(self, widget: QWidget) -> None:
        """Scroll the side panels so that a widget is in view, as a person must."""
        self.parts.side.ensureWidgetVisible(widget)
        QApplication.processEvents()
        assert widget.isVisible(), f"{widget} cannot be seen"

    def click(self, widget: QWidget) -> None:
        """Click the middle of a widget."""
        self.bring(widget)
        QTest.mouseClick(widget, LEFT)

    def key(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        at: QWidget | None = None,
    ) -> None:
        """Press and let go a key in the window, or in one of its widgets."""
        QTest.keyClick(at or self.window, key, modifiers)

    def type(self, key: Qt.Key) -> None:
        """Press and let go a key as the system hands it to the window: the focus gets it."""
        QTest.keyClick(self.window.windowHandle(), key)
        QApplication.processEvents()

    def drop(self, widget: QWidget, *paths: Path | str, at: QPoint | None = None) -> None:
        """Drop files on a widget (in its middle), as the window system does."""
        data = QMimeData()
        data.setUrls([_url(p) for p in paths])
        place, copy = at or widget.rect().center(), Qt.DropAction.CopyAction
        no_keys = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place, copy, data, LEFT, no_keys)
        QApplication.sendEvent(widget, enter)
        assert enter.isAccepted(), f"{widget} takes no files"
        event = QDropEvent(place.toPointF(), copy, data, LEFT, no_keys)
        QApplication.sendEvent(widget, event)

    # -- eyes

    def texts(self) -> dict[str, tuple[str, str]]:
        """Return all measures that the window shows: label -> (value, unit)."""
        panel, model = self.parts.measures, self.parts.measures.model
        every = {m.label: value_and_unit(m) for m in panel.measures.values()}
        for i in range(model.rowCount()):  # what stands at the side is the same
            label = str(model.index(i, LABEL).data())
            assert str(model.index(i, VALUE).data()) == every[label][0]
        return every

    def sentences(self) -> list[str]:
        """Return the errors that the notice bar shows."""
        return [c.text for c in self.parts.notices.cards() if c.severity == "error"]

    def colour(self, side: Side, row: int, col: int) -> tuple[int, int, int]:
        """Return the colour with which a canvas pixel is painted in the pane of a side."""
        view = self.parts.view
        pane = next(p for p in view.panes if any(part.side is side for part in p.parts))
        at = view.camera.to_view(col + 0.5, row + 0.5, pane.view).toPoint()
        colour = pane.grab().toImage().pixelColor(at)
        return colour.red(), colour.green(), colour.blue()

    def shoot(self, path: Path | str) -> None:
        """Write what the screen shows of the window; on no screen, what it would paint."""
        QApplication.processEvents()
        window = self.window
        on_screen = QApplication.platformName() != "offscreen"
        image = window.screen().grabWindow(window.winId()) if on_screen else window.grab()
        assert image.save(str(path)), f"{path} could not be written"


def _url(path: Path | str) -> QUrl:
    """Return the address of a file as file managers hand it over, whatever bytes its name has."""
    return QUrl.fromEncoded(b"file://" + quote(os.fsencode(path)).encode("ascii"))
