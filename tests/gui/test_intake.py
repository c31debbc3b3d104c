"""Pasting, dropping and copying pictures; limits and colour of a whole window."""

from __future__ import annotations

import os
import re
import stat
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from core import open_image
from core.io.limits import Limits
from core.io.reading import Reading
from core.render import Side
from gui import inbox, reading_dialog, reads
from gui.offer import NOT_FETCHED
from gui.reading_dialog import ReadingDialog
from tests.make import photo, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]
Key = Qt.Key
ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def mime(path: Path) -> QMimeData:
    data = QMimeData()
    data.setData("image/png", QByteArray(path.read_bytes()))
    return data


def drop(widget: QWidget, data: QMimeData) -> None:
    place, copy = widget.rect().center(), Qt.DropAction.CopyAction
    keys = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(place, copy, data, *keys)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(place), copy, data, *keys))


def test_pasted_pictures_fill_what_is_empty_with_their_exact_bytes(
    driver: Driver, tmp_path: Path
) -> None:
    sixteen = write_png(tmp_path / "a.png", photo(50, 83, dtype=np.uint16, seed=1))
    other = write_png(tmp_path / "b.png", photo(50, 83, dtype=np.uint16, seed=2))
    session = lambda: driver.controller.session  # noqa: E731 - a short name
    for path, letter in ((sixteen, "a"), (other, "b"), (sixteen, "b")):
        QApplication.clipboard().setMimeData(mime(path))
        before = getattr(session(), letter)
        driver.key(Key.Key_V, CTRL)
        driver.until(lambda n=letter, x=before: getattr(session(), n) is not x, "not pasted")
        picture = getattr(session(), letter)
        np.testing.assert_array_equal(picture.data, open_image(path).data)
        assert picture.sha256 == open_image(path).sha256
        folder = inbox.folder()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert picture.path.startswith(str(folder))
    driver.answer()
    pasted = r"Pasted \d\d:\d\d:\d\d"
    assert re.fullmatch(f"{pasted} ↔ {pasted} – Pairlens", driver.window.windowTitle())
    driver.key(Key.Key_V, CTRL | Qt.KeyboardModifier.AltModifier)
    driver.until(lambda: session().a.sha256 == session().b.sha256, "not pasted as A")
    driver.answer()
    QApplication.clipboard().clear()  # data made in Python must not outlive it


def test_two_copied_files_are_a_and_b(driver: Driver, pair: Pair) -> None:
    QApplication.clipboard().setText(f"{pair[0]}\n{pair[1]}")
    driver.key(Key.Key_V, CTRL)
    driver.until(lambda: driver.controller.result, "no answer")
    driver.answer()
    assert driver.window.windowTitle() == "before.png ↔ after.png – Pairlens"


def test_a_picture_of_another_program_keeps_its_pixels(driver: Driver) -> None:
    image = QImage(40, 30, QImage.Format.Format_ARGB32)
    image.fill(QColor(10, 200, 30, 128))
    image.setPixelColor(31, 7, QColor(1, 2, 3, 255))
    QApplication.clipboard().setImage(image)
    driver.key(Key.Key_V, CTRL | SHIFT)
    driver.until(lambda: driver.controller.session.b, "not pasted as B")
    data = driver.controller.session.b.data
    assert data[7, 31].tolist() == [1, 2, 3, 255]
    assert data[29, 0].tolist() == [10, 200, 30, 128]
    driver.rest()


def test_drops_from_a_browser(driver: Driver, pair: Pair) -> None:
    a, b = driver.parts.view.panes[:2]
    drop(b, mime(pair[1]))
    driver.until(lambda: driver.controller.session.b, "not taken")
    assert driver.controller.session.a is None
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.png")])
    drop(a, data)
    assert driver.sentences() == [NOT_FETCHED]
    driver.rest()


def test_of_more_files_two_are_taken_and_named(driver: Driver, pair: Pair, tmp_path: Path) -> None:
    driver.drop(driver.window, *pair, tmp_path / "third.png", tmp_path / "fourth.png")
    driver.until(lambda: driver.controller.result, "no answer")
    driver.answer()
    (card,) = driver.parts.notices.cards()  # which stays although an answer came
    assert (card.severity, card.text) == (
        "info",
        "Two pictures are compared: “before.png” and “after.png” were taken, 2 other files were"
        " not.",
    )


def test_a_folder_is_a_sequence_or_empty(driver: Driver, tmp_path: Path) -> None:
    (album := tmp_path / "album").mkdir()
    driver.drop(driver.window, album)
    driver.until(driver.sentences, "no sentence")
    assert driver.sentences() == ["There is no picture in the folder “album”; choose another one."]
    for i in range(3):
        write_png(album / f"{i}.png", photo(40, 60, seed=i))
    driver.drop(driver.window, album)
    sequences = driver.window.sequences
    driver.until(lambda: sequences.loaded, "it is not opened")
    driver.rest()
    assert sequences.loaded.count == 3
    assert driver.sentences() == []


def test_a_name_of_two_lines_is_shown_on_one(driver: Driver, pair: Pair) -> None:
    odd = pair[0].rename(pair[0].with_name("two\nlines é.png"))
    driver.open(odd, pair[1])
    assert driver.window.windowTitle() == r"two\nlines é.png ↔ after.png – Pairlens"
    names = driver.parts.view.panes[0].names.texts
    assert names[Side.A] == r"two\nlines é.png"


@pytest.mark.parametrize(("key", "side"), [(Key.Key_1, 0), (Key.Key_2, 1)])
def test_a_picture_is_copied_at_full_size(driver: Driver, pair: Pair, key: Key, side: int) -> None:
    driver.open(*pair)
    driver.parts.view.camera.look_at(40, 50, 0.25)
    driver.key(key, ALT)
    driver.until(lambda: driver.parts.readout.note.text().endswith("copied"), "not copied")
    image, data = QApplication.clipboard().image(), open_image(pair[side]).data
    assert (image.width(), image.height()) == (208, 120)
    for row, col in ((3, 200), (100, 17)):
        assert list(image.pixelColor(col, row).getRgb()[:3]) == data[row, col].tolist()


def test_the_map_is_copied_as_it_is_shown(driver: Driver, pair: Pair) -> None:
    driver.key(Key.Key_4, ALT)
    assert driver.sentences() == []  # there is nothing yet, and the command is grayed out
    driver.open(*pair)
    driver.key(Key.Key_4, ALT)
    driver.until(lambda: driver.parts.readout.note.text().endswith("copied"), "not copied")
    driver.parts.view.camera.look_at(151, 31, 8.0)
    driver.rest()
    shown = driver.colour(Side.DIFFERENCE, 33, 152)
    assert QApplication.clipboard().image().pixelColor(152, 33).getRgb()[:3] == shown


def test_a_large_picture_is_opened_after_a_question(
    driver: Driver, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = driver.controller.files
    files.how = Reading(limits=Limits(bytes=1000))

    def box() -> QMessageBox | None:
        return next((b for b in driver.window.findChildren(QMessageBox) if b.isVisible()), None)

    for answer in (QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes):
        driver.controller.open_pair(*map(str, pair))
        driver.until(box, "no question")
        question = box()
        assert question is not None
        assert question.text() == (
            "The picture “before.png” is 208 × 120 pixels and would need 0.0 GB of memory."
            " Open it anyway?"
        )
        assert question.defaultButton() is question.button(QMessageBox.StandardButton.No)
        question.button(answer).click()
        driver.rest()
        opened = driver.controller.session.a is not None
        assert opened is (answer is QMessageBox.StandardButton.Yes)
    driver.answer()
    driver.controller.files.open_again(driver.controller.session)
    driver.rest()
    assert box() is None  # what was allowed once is
    driver.window.actions_by_id["copy_command"].trigger()
    assert "--max-gb" in QApplication.clipboard().text()
    assert driver.sentences() == []
    monkeypatch.setattr(reading_dialog, "memory", lambda: (10, 5000))
    files._allowed.clear()
    driver.controller.files.open_again(driver.controller.session)
    driver.until(driver.sentences, "no sentence")
    assert "more than the 0.0 GB that this computer has" in driver.sentences()[0]
    assert box() is None


def test_settings_of_reading_are_used_and_remembered(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    first = driver.controller.session.a
    driver.window.actions_by_id["reading"].trigger()
    (dialog,) = driver.window.findChildren(ReadingDialog)
    assert dialog.reading() == Reading()
    dialog.memory.setValue(8)
    dialog.seconds.setValue(90)
    dialog.managed.setChecked(False)
    dialog.watch.setChecked(False)
    dialog.accept()
    driver.until(lambda: driver.controller.session.a is not first, "not read again")
    driver.answer()
    how = Reading(managed=False, limits=Limits(8_000_000_000, 90.0))
    assert driver.controller.files.how == how
    assert driver.controller.session.a.key.endswith("False")
    actions = driver.window.actions_by_id
    assert not actions["managed"].isChecked()
    assert not actions["watch"].isChecked()
    memory = driver.window.memory
    assert memory.number("max_gb", 0) == 8
    assert memory.number("seconds", 0) == 90
    assert (memory.flag("managed", True), memory.flag("watch", True)) == (False, False)


def test_profiles_are_switched_off_and_on_without_losing_the_view(
    driver: Driver, pair: Pair
) -> None:
    driver.open(*pair)
    driver.parts.view.camera.look_at(40, 50, 3.0)
    for managed in (False, True):
        driver.key(Key.Key_P, SHIFT)
        driver.until(
            lambda m=managed: driver.controller.session.b.key.endswith(str(m)), "not read again"
        )
        driver.answer()
        camera = driver.parts.view.camera
        assert (camera.centre, camera.zoom) == (QPointF(40, 50), 3.0)
        driver.key(Key.Key_C, CTRL | SHIFT)
        assert ("--as-stored" in QApplication.clipboard().text()) is not managed


def test_a_stalled_disk_holds_nothing_up(
    driver: Driver, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(*pair)
    release, asked, window = threading.Event(), threading.Event(), threading.get_ident()

    def stalled(path: str) -> None:
        assert threading.get_ident() != window, "the window asks the disk"
        asked.set()
        release.wait()

    monkeypatch.setattr(reads, "mark", stalled)
    try:
        driver.controller.open_pair(str(pair[1]), None)
        driver.until(asked.is_set, "nobody asks the disk")
        assert driver.parts.readout.progress.isVisible()
        driver.key(Key.Key_4)  # the window goes on
        assert driver.parts.view.mode.value == "difference"
        driver.key(Key.Key_Escape)
        driver.until(lambda: driver.controller.files.idle, "Esc does not give up")
        driver.until(lambda: not driver.parts.readout.progress.isVisible(), "still waiting")
        assert driver.window.windowTitle().startswith("before.png ↔ after.png")
    finally:
        release.set()


def test_a_folder_that_does_not_answer_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(reads.os, "stat", lambda _: release.wait())
    try:
        assert reads.answering("/gone") == ""
    finally:
        release.set()
    monkeypatch.undo()
    assert reads.answering("/") == "/"


def test_old_and_unused_pasted_pictures_are_thrown_away(qapp: object) -> None:
    kept, unused, old = (inbox.keep(b"x", ".png") for _ in range(3))
    assert len({kept, unused, old}) == 3
    os.utime(old, (0, time.time() - 8 * 86400))
    other = inbox.folder() / "not ours.png"
    other.write_bytes(b"x")
    inbox.clean({str(kept)}, {str(kept), str(unused)})
    assert {p.name for p in inbox.folder().iterdir()} == {kept.name, other.name}
    assert inbox.pasted_at(str(kept)).startswith("Pasted ")
    assert inbox.pasted_at("/elsewhere/" + kept.name) == ""
