"""What a person does with the real window, run as a program of its own.

``python -m tests.end2end.scenarios NAME ARGUMENT…`` prints what was seen as one JSON document. It
runs on a real display, with the real file dialogs of Qt.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox

from core.recipes import arguments
from gui.main_window import MainWindow
from tests.gui.driver import LEFT, PATIENCE, Driver

if TYPE_CHECKING:
    from collections.abc import Callable

SPARE = 12
"""So many descriptors may come and go: those of workers, of a clipboard, of a font."""
STAGES = ("normalize", "blur", "align", "edges", "gray")


def started() -> Driver:
    """Return a driver of a window that is on the screen, as a person finds it at the start."""
    window = MainWindow()
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    driver = Driver(window)
    driver.until(lambda: window.commands.histograms_made, "no histograms")
    return driver


def menu(driver: Driver, name: str, command: str) -> None:
    """Choose a command by clicking the menu bar and then the menu."""
    bar, opened = driver.window.menuBar(), driver.window.menus[name]
    QTest.mouseClick(bar, LEFT, pos=bar.actionGeometry(opened.menuAction()).center())
    driver.until(opened.isVisible, f"the menu {name} does not open")
    action = driver.window.actions_by_id[command]
    QTest.mouseClick(opened, LEFT, pos=opened.actionGeometry(action).center())


class Answer(QObject):
    """Types into the next file dialog and accepts it.

    A dialog that has just opened empties its line once more, so this looks again and again, and
    presses Enter only when the line still holds what was typed.

    Attributes
    ----------
    title
        Of the dialog, once it has been seen.
    """

    def __init__(self, typed: str) -> None:
        super().__init__(QApplication.instance())
        self.typed, self.title = typed, ""
        self._dialog: QFileDialog | None = None
        self._deadline = time.monotonic() + PATIENCE
        self._timer = QTimer(self, interval=100)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if self._dialog is not None and dialog is not self._dialog:
            self._timer.stop()  # it was accepted
        elif time.monotonic() > self._deadline and isinstance(dialog, QDialog):
            dialog.reject()  # what waits for its answer will say what is missing
        elif isinstance(dialog, QFileDialog) and dialog.isVisible():
            line = dialog.findChild(QLineEdit, "fileNameEdit")
            assert line is not None
            if line.text() == self.typed:
                self._dialog, self.title = dialog, dialog.windowTitle()
                QTest.keyClick(line, Qt.Key.Key_Return)
            else:
                line.selectAll()
                QTest.keyClicks(line, self.typed)


def numbers(driver: Driver) -> dict[str, str]:
    """Return name -> value of every row in the table of measures, as shown."""
    texts = driver.texts()
    result = driver.controller.result
    assert result is not None
    return {m.name: texts[m.label][0] for m in result.measures.values()}


def main_job(a: str, b: str, folder: str) -> dict[str, Any]:
    """Open two pictures in the dialog, turn every switch, read the numbers, export them."""
    driver, states = started(), []

    def note() -> None:
        driver.answer()
        settings = driver.controller.session.settings
        states.append({"arguments": arguments(settings), "shown": numbers(driver)})

    answers = [Answer(f'"{a}" "{b}"')]
    menu(driver, "File", "open_pair")
    driver.until(lambda: driver.controller.result, "the pair is not opened")
    note()
    for name in STAGES:
        driver.switch(name)
        note()
        driver.switch(name)
        note()
    for name in STAGES:
        driver.switch(name)
    note()
    for suffix in (".html", ".json"):
        path = str(Path(folder) / f"report{suffix}")
        answers.append(Answer(path))
        driver.click(export_button(driver))
        written = f"written: {path}"
        driver.until(lambda w=written: driver.parts.readout.state.text() == w, "not written")
    title = driver.window.windowTitle()
    driver.window.close()
    return {"title": title, "dialogs": [answer.title for answer in answers], "states": states}


def export_button(driver: Driver) -> Any:
    """Return the button in the top bar."""
    action = driver.window.actions_by_id["export"]
    return next(w for w in action.associatedObjects() if w.parent() is driver.window.top_bar)


def bad_inputs(a: str, b: str, *paths: str) -> dict[str, Any]:
    """Drop one file after the other on B, going back to the sound pair where it is gone."""
    driver, seen = started(), {}
    driver.open(a, b)
    first = descriptors()
    before, title = numbers(driver), driver.window.windowTitle()
    for path in paths:
        with_rights_of_nobody(Path(path).name.startswith("secret"), lambda p=path: drop(driver, p))
        asked = answered_no(driver)
        kept = driver.controller.result is not None and numbers(driver) == before
        seen[Path(path).name] = {
            "errors": [*driver.sentences(), *asked],
            "notices": [c.text for c in driver.parts.notices.cards() if c.severity != "error"],
            "state": driver.parts.readout.state.text(),
            "kept": kept and driver.window.windowTitle() == title,
            "pending": driver.parts.measures.model.pending,
        }
        if seen[Path(path).name]["kept"]:
            for card in driver.parts.notices.cards():
                driver.click(card.cross)
        else:
            driver.open(a, b)
        assert not driver.sentences()
    alive = driver.window.isVisible()
    driver.window.close()
    return {"alive": alive, "seen": seen, "left": max(descriptors() - first - SPARE, 0)}


def descriptors() -> int:
    """Return how many descriptors are open in this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def answered_no(driver: Driver) -> list[str]:
    """Answer the question whether to open a large picture with its default; return it."""
    asked = [b for b in driver.window.findChildren(QMessageBox) if b.isVisible()]
    texts = [box.text() for box in asked]
    for box in asked:
        box.defaultButton().click()
    driver.rest()
    return texts


def with_rights_of_nobody(wanted: bool, do: Callable[[], None]) -> None:
    """Do something with the rights of a user who may read nothing of ours, if we are root."""
    change = wanted and os.geteuid() == 0
    if change:
        os.seteuid(65534)
    try:
        do()
    finally:
        if change:
            os.seteuid(0)


def drop(driver: Driver, path: str) -> None:
    """Drop a file on the pane of B and wait for all that comes of it."""
    driver.drop(driver.parts.view.panes[1], path)
    driver.rest()


def screen(path: str) -> dict[str, Any]:
    """Write what the whole screen shows."""
    image = QApplication.primaryScreen().grabWindow(0).toImage()
    return {"saved": image.save(path)}


def main(words: list[str]) -> None:
    """Run one scenario and print what it saw."""
    app = QApplication(["pairlens"])
    app.setApplicationName("Pairlens")
    scenario = {"main_job": main_job, "bad_inputs": bad_inputs, "screen": screen}[words[0]]
    print(json.dumps(scenario(*words[1:])))  # noqa: T201 - it is what the test reads


if __name__ == "__main__":
    main(sys.argv[1:])
