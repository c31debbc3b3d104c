"""Keys, drops and menu entries of the whole window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core import compare, open_image
from core.render import Side
from gui import dialogs, theme
from gui.command_table import COMMANDS
from gui.sequence.handlers import SEQUENCE_IDS
from gui.views.modes import MODES, Mode

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]
Key = Qt.Key
PNG = b"\x89PNG"
ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def middle_of(widget: QWidget) -> QPoint:
    return widget.mapTo(widget.window(), widget.rect().center())


def test_a_new_window_gives_its_keys_to_no_button(driver: Driver) -> None:
    assert QApplication.focusWidget() is driver.parts.view


def test_keys_of_the_view_modes(driver: Driver) -> None:
    view, actions = driver.parts.view, driver.window.actions_by_id
    for wanted in (*list(Mode)[1:], Mode.SIDE_BY_SIDE):
        driver.type(Key(QKeySequence(MODES[wanted].key)[0].key()))
        assert view.mode is wanted
        checked = [m for m in Mode if actions[f"mode_{m.value}"].isChecked()]
        assert checked == [wanted]


def test_fit_and_one_to_one(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    camera = driver.parts.view.camera
    fitted = camera.zoom
    driver.key(Key.Key_0)
    assert camera.zoom == 1.0
    assert driver.window.top_bar.zoom.text() == "100 %"
    driver.key(Key.Key_Plus, CTRL)
    assert camera.zoom == 1.25
    driver.key(Key.Key_F)
    assert camera.zoom == fitted
    assert camera.fitted


def test_held_keys_show_a_side_in_place(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.key(Key.Key_4)
    driver.parts.view.camera.look_at(100, 60, 8.0)
    driver.rest()
    (pane,) = driver.parts.view.panes
    heat = driver.colour(Side.DIFFERENCE, 60, 100)
    for key, side, path in ((Key.Key_Shift, Side.A, pair[0]), (Key.Key_Control, Side.B, pair[1])):
        QTest.keyPress(driver.window.windowHandle(), key)
        assert [p.side for p in pane.parts] == [side]
        driver.rest()
        assert driver.colour(side, 60, 100) == tuple(int(v) for v in open_image(path).data[60, 100])
        QTest.keyRelease(driver.window.windowHandle(), key)
        assert [p.side for p in pane.parts] == [Side.DIFFERENCE]
    driver.rest()
    assert driver.colour(Side.DIFFERENCE, 60, 100) == heat


def test_regions_are_stepped_through_and_marked(driver: Driver, pair: Pair) -> None:
    driver.row("difference")
    driver.open(*pair)
    for name in ("align", "normalize"):
        driver.switch(name)
    tolerance = driver.parts.pipeline.rows["difference"].params.replace(tolerance=30.0)
    driver.controller.set_params(tolerance)
    result = driver.answer()
    count, view, panel = len(result.regions), driver.parts.view, driver.parts.regions
    assert count >= 2
    for step in (1, 1, -1):
        driver.key(Key.Key_Down if step > 0 else Key.Key_Up, ALT)
        index = driver.window.presenter.current_region
        assert index is not None
        rect = result.regions[index].rect
        middle_of = QPointF(rect.col + rect.width / 2, rect.row + rect.height / 2)
        assert view.camera.centre == middle_of
        assert panel.model.region_index(panel.list.currentIndex()) == index
        assert view.panes[0]._regions[1] == index
        assert driver.window.top_bar.regions.text() == f"difference {index + 1} of {count}"
    assert driver.window.presenter.current_region == 0
    driver.key(Key.Key_Up, ALT)  # round and round
    assert driver.window.presenter.current_region == count - 1


def test_a_click_in_the_list_of_regions_goes_there(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    panel = driver.parts.regions
    driver.bring(panel)
    at = panel.list.visualRect(panel.model.index(0, 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    index = panel.model.region_index(panel.model.index(0, 0))
    rect = result.regions[index].rect
    centre = driver.parts.view.camera.centre
    assert centre == QPointF(rect.col + rect.width / 2, rect.row + rect.height / 2)
    assert driver.window.presenter.current_region == index


def test_a_click_on_a_place_goes_there(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    place = result.measures["max_abs"].at
    assert place is not None
    table = driver.parts.measures.table
    rows = range(table.model().rowCount())
    row = next(i for i in rows if table.model().index(i, 0).data().startswith("Largest"))
    driver.bring(table)
    at = table.visualRect(table.model().index(row, 2)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert driver.parts.view.camera.centre == QPointF(place[1] + 0.5, place[0] + 0.5)


def test_two_files_dropped_are_a_and_b(driver: Driver, pair: Pair) -> None:
    driver.drop(driver.window, *pair)
    driver.until(lambda: driver.controller.result, "no answer")
    assert driver.window.windowTitle().startswith("before.png ↔ after.png")
    pane = driver.parts.view.panes[2]
    driver.drop(pane, pair[1], pair[0])
    title = "after.png ↔ before.png – Pairlens"
    driver.until(lambda: driver.window.windowTitle() == title, "not opened")
    driver.answer()


def test_one_file_dropped_on_a_picture_takes_its_place(driver: Driver, pair: Pair) -> None:
    a, b = driver.parts.view.panes[:2]
    driver.drop(b, pair[1])
    driver.until(lambda: driver.controller.session.b, "not opened")
    assert driver.controller.session.a is None
    driver.drop(a, pair[0])
    driver.answer()
    driver.drop(b, pair[0])
    driver.until(
        lambda: driver.window.windowTitle().startswith("before.png ↔ before"), "not opened"
    )
    driver.answer()


def test_files_dropped_one_right_after_the_other_are_both_opened(
    driver: Driver, pair: Pair
) -> None:
    a, b = driver.parts.view.panes[:2]
    driver.drop(a, pair[0])
    driver.drop(b, pair[1])  # before A was read
    driver.until(lambda: driver.controller.result, "A or B got lost")
    assert driver.window.windowTitle() == "before.png ↔ after.png – Pairlens"


def test_one_file_dropped_beside_the_pictures_fills_what_is_empty(
    driver: Driver, pair: Pair
) -> None:
    driver.drop(driver.window, pair[0])
    driver.until(lambda: driver.controller.session.a, "not opened")
    driver.drop(driver.window, pair[1])
    driver.until(lambda: driver.controller.session.b, "not opened")
    driver.answer()


def test_export(
    driver: Driver, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(*pair)
    for suffix, head in ((".html", b"<!"), (".json", b"{"), (".png", PNG), (".map.png", PNG)):
        path = tmp_path / f"report{suffix}"
        monkeypatch.setattr(dialogs, "ask_export", lambda *_, p=path: p)
        driver.key(Key.Key_E, CTRL)
        written = f"written: {path}"
        driver.until(lambda w=written: driver.parts.readout.state.text() == w, "not written")
        assert path.read_bytes().startswith(head)
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert document["measures"] == compare(*map(open_image, pair)).to_dict()["measures"]


def test_an_export_that_fails_says_so_and_keeps_the_numbers(
    driver: Driver, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(*pair)
    before, state = driver.texts(), driver.parts.readout.state.text()
    monkeypatch.setattr(dialogs, "ask_export", lambda *_: tmp_path / "none" / "report.html")
    driver.key(Key.Key_E, CTRL)
    driver.until(driver.sentences, "no sentence")
    assert driver.texts() == before
    assert driver.parts.readout.state.text() == state


def test_the_command_copied_is_the_comparison(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.switch("blur")
    driver.key(Key.Key_C, CTRL | SHIFT)
    copied = QApplication.clipboard().text()
    assert copied == f"pairlens compare {pair[0]} {pair[1]} --blur"
    driver.answer()


def test_measures_are_copied_wherever_the_focus_is(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    table = driver.parts.measures.table
    for focus in (driver.parts.view, table):
        QApplication.clipboard().clear()
        focus.setFocus()
        table.setCurrentIndex(table.model().index(0, 0) if focus is table else table.rootIndex())
        driver.key(Key.Key_C, CTRL, at=focus)
        text = QApplication.clipboard().text()
        assert repr(result.measures["l1_per_pixel"].value) in text, focus


def test_space_turns_the_switch_that_has_the_focus(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    toggle = driver.row("blur").toggle
    assert toggle is not None
    for mode in (Mode.SIDE_BY_SIDE, Mode.BLINK):
        driver.parts.view.set_mode(mode)
        before = toggle.isChecked()
        toggle.setFocus()
        driver.key(Key.Key_Space, at=toggle)
        assert toggle.isChecked() is not before, mode
        driver.answer()


def test_space_pauses_the_blinking_where_no_control_takes_it(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    pause = driver.window.actions_by_id["blink_pause"]
    assert not pause.isEnabled()
    driver.key(Key.Key_B)
    assert pause.isEnabled()
    controls = driver.parts.view._controls
    for focus in (driver.parts.view, driver.window):
        focus.setFocus()
        playing = controls.playing
        driver.type(Key.Key_Space)
        assert controls.playing is not playing


def test_letters_typed_into_a_field_are_no_commands(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    field = driver.row("difference").pinned.fields["tolerance"].widget
    field.spin.setFocus()
    field.spin.selectAll()
    for key in (Key.Key_1, Key.Key_2):
        driver.key(key, at=field.spin)
    assert driver.parts.view.mode is Mode.SIDE_BY_SIDE
    driver.key(Key.Key_Return, at=field.spin)
    assert driver.params("difference").to_dict()["tolerance"] == 12
    driver.answer()
    pane = driver.parts.view.panes[0]  # a click on a picture leaves the field
    QTest.mouseClick(pane.window().windowHandle(), Qt.MouseButton.LeftButton, pos=middle_of(pane))
    driver.type(Key.Key_1)
    assert driver.parts.view.mode is Mode.A


def test_themes_switch_at_once(driver: Driver) -> None:
    before = driver.window.grab().toImage()
    try:
        for name in ("dark", "light"):
            driver.window.actions_by_id[f"theme_{name}"].trigger()
            assert theme.mode() == name
            assert driver.window.actions_by_id[f"theme_{name}"].isChecked()
            ground = driver.window.palette().window().color().lightness()
            assert (ground > 128) is (name == "light")
            after = driver.window.grab().toImage()
            assert after != before
            before = after
    finally:
        driver.window.commands.set_theme("system")


def test_what_cannot_be_done_is_grayed_out(driver: Driver, pair: Pair) -> None:
    enabled = {c.id for c in COMMANDS if driver.window.actions_by_id[c.id].isEnabled()}
    assert not enabled & {"swap", "reload", "export", "copy_command", "undo", "redo"}
    driver.open(*pair)
    enabled = {c.id for c in COMMANDS if driver.window.actions_by_id[c.id].isEnabled()}
    pages = {c.id for c in COMMANDS if "_page" in c.id}  # neither file has any
    unaligned = {"arrows", "align_flicker", "crop_overlap", "reset_offset", "remove_pin"}
    unaligned |= {"remove_pins"}
    still = {*SEQUENCE_IDS, "as_sequence", "undo", "redo", "blink_pause"}  # no sequence is open
    assert {c.id for c in COMMANDS} - enabled == pages | unaligned | still
