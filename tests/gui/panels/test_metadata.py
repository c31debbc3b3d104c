"""The section that says what the files say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.buffer import ImageBuffer, PictureInfo
from core.device import verdict
from core.format import NONE
from core.metadata import row_text, rows, table
from gui.panels.metadata import ALIKE, EMPTY, MetadataPanel
from gui.panels.metadata_model import FIELD, MARK, UNLIKE, A, B
from gui.theme import theme

META = {"camera": "Canon EOS 5D", "exposure_time": "1/250 s", "iso": "100"}
LEFT = Qt.MouseButton.LeftButton


def info(name: str = "a.png", **meta: str) -> PictureInfo:
    made = ImageBuffer.from_array(np.zeros((9, 31, 3), np.uint8), name=name).info
    return replace(made, meta=META | meta)


@pytest.fixture
def panel(show: Callable[[QWidget, int, int], None]) -> MetadataPanel:
    made = MetadataPanel()
    show(made, 372, 900)
    made.set_open(True)
    return made


def cells(panel: MetadataPanel) -> dict[str, tuple[str, str, str]]:
    """Return label -> (mark, A, B) of all fields that are shown."""
    found = {}
    for i in range(panel.model.rowCount()):
        if panel.model.row(panel.model.index(i, 0)) is not None:
            label, mark, a, b = (str(panel.model.index(i, c).data()) for c in (FIELD, MARK, A, B))
            found[label] = (mark, a, b)
    return found


def where(panel: MetadataPanel, label: str, column: int = FIELD) -> QPoint:
    for i in range(panel.model.rowCount()):
        if panel.model.index(i, FIELD).data() == label:
            panel.table.setCurrentIndex(panel.model.index(i, column))
            return panel.table.visualRect(panel.model.index(i, column)).center()
    raise AssertionError(f"there is no {label}")


def test_what_both_say_is_written_once_and_what_is_long_on_two_lines(panel: MetadataPanel) -> None:
    long = "a lens whose maker gave it many words"
    panel.show_files(info(lens=long), info("b.png", lens="50 mm"))
    found = {panel.model.index(i, FIELD).data(): i for i in range(panel.model.rowCount())}
    height = {name: panel.table.rowHeight(i) for name, i in found.items()}
    assert panel.table.columnSpan(found["Camera"], A) == 2
    assert panel.table.columnSpan(found["Lens"], A) == 1
    assert height["Lens"] > height["Camera"] == height["SHA-256"]
    assert panel.table.height() == sum(height.values())
    panel.resize(1400, 900)  # there it fits
    panel.table.resize(1380, panel.table.height())
    assert panel.table.rowHeight(found["Lens"]) == height["Camera"]


def test_fields_stand_side_by_side_and_differing_ones_are_marked(panel: MetadataPanel) -> None:
    a, b = info(), info("b.png", lens="50 mm")
    panel.show_files(a, b)
    made = rows(a, b)
    assert cells(panel) == {
        r.label: (UNLIKE if r.differs else "", r.a or NONE, r.b or NONE) for r in made
    }
    assert panel.verdict.text() == verdict(a, b).text
    assert panel.header.note.text() == "1 differs"
    groups = [panel.model.index(i, 0).data() for i in range(panel.model.rowCount())]
    assert [g for g in groups if g.isupper()] == ["FILE", "SHA-256", "PICTURE", "CAMERA", "ISO"]
    assert cells(panel)["Lens"] == (UNLIKE, NONE, "50 mm")


def test_a_difference_is_heavier_and_has_the_colours_of_the_sides(panel: MetadataPanel) -> None:
    panel.show_files(info(), info(iso="400"))
    weights, colours = {}, {}
    for label in ("ISO", "Camera"):
        where(panel, label, A)
        index = panel.table.currentIndex()
        weights[label] = index.data(Qt.ItemDataRole.FontRole).weight()
        colours[label] = index.data(Qt.ItemDataRole.ForegroundRole)
    assert weights["ISO"] > weights["Camera"] == QFont.Weight.Normal
    assert (colours["ISO"], colours["Camera"]) == (theme().a, theme().text)


def test_only_what_differs(panel: MetadataPanel, qtbot: QtBot) -> None:
    panel.show_files(info(), info(iso="400"))
    qtbot.mouseClick(panel.only, LEFT)
    assert list(cells(panel)) == ["ISO"]
    panel.show_files(info(), info())
    assert cells(panel) == {}
    assert panel.header.note.text() == "nothing differs"
    assert (panel.empty.text(), panel.empty.isHidden()) == (ALIKE, False)
    panel.show_files(info(), None)  # nothing to differ from: all is shown
    assert "ISO" in cells(panel)
    assert panel.only.isHidden()


def test_one_picture_has_one_column(panel: MetadataPanel) -> None:
    for a, b, hidden in ((info(), None, B), (None, info(), A)):
        panel.show_files(a, b)
        assert [panel.table.isColumnHidden(c) for c in (A, B)] == [hidden == A, hidden == B]
        assert panel.verdict.text() == "Canon EOS 5D, 1/250 s, ISO 100."
        assert panel.header.note.text() == ""


def test_without_a_picture_it_says_how_to_get_one(panel: MetadataPanel) -> None:
    panel.show_files(info(), info())
    panel.show_files(None, None)
    assert cells(panel) == {}
    assert panel.empty.text() == EMPTY
    assert panel.table.isHidden()
    assert panel.copy_link.isHidden()


def test_columns_do_not_move_with_what_they_hold(panel: MetadataPanel) -> None:
    def widths() -> list[int]:
        return [panel.table.columnWidth(c) for c in (FIELD, MARK, A, B)]

    panel.show_files(info(), info())
    before = widths()
    panel.show_files(info(lens="x" * 300, very_long_unknown_word="1"), info("b" * 200))
    assert widths() == before
    assert before[A] > 90
    assert abs(before[A] - before[B]) <= 1
    assert panel.table.width() == sum(before)


def test_it_opens_and_closes_by_click_and_key(panel: MetadataPanel, qtbot: QtBot) -> None:
    said: list[bool] = []
    panel.opened.connect(said.append)
    qtbot.mouseClick(panel.header, LEFT)
    assert not panel.is_open
    assert panel.body.isHidden()
    panel.disclosure.setFocus()
    qtbot.keyClick(panel.disclosure, Qt.Key.Key_Space)
    assert panel.is_open
    assert not panel.body.isHidden()
    assert said == [False, True]
    panel.set_open(False)
    assert said == [False, True]


def test_a_row_and_all_are_copied_with_tabs(panel: MetadataPanel, qtbot: QtBot) -> None:
    a, b = info(), info(iso="400")
    panel.show_files(a, b)
    where(panel, "ISO")
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "ISO\t100\t400\tyes"
    qtbot.mouseClick(panel.copy_link, LEFT)
    assert clipboard.text() == table(rows(a, b))
    panel.only.setChecked(True)
    panel.copy_all()
    assert clipboard.text().splitlines()[1:] == [row_text(r) for r in rows(a, b) if r.differs]


@pytest.mark.qt_log_ignore("does not support")  # a popup without a screen
def test_the_menu_of_a_row_copies_each_value(panel: MetadataPanel) -> None:
    panel.show_files(info(), info(lens="50 mm"))
    panel.table.customContextMenuRequested.emit(where(panel, "Lens"))
    (menu,) = panel.findChildren(QMenu)
    assert [x.text() for x in menu.actions()] == ["Copy Lens of B", "Copy row", "Copy all"]
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "50 mm"
    menu.close()


def test_a_long_value_can_be_read_whole_and_selected(panel: MetadataPanel, qtbot: QtBot) -> None:
    text = "<b>" + "wide " * 60
    panel.show_files(info(description=text.strip()), info())
    at = where(panel, "Description", A)
    tip = panel.table.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;wide wide" in tip  # never markup
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(panel.table.viewport(), LEFT, pos=at)
    field = panel.table.viewport().findChild(QLineEdit)
    assert field is not None
    assert (field.text(), field.isReadOnly()) == (text.strip(), True)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    where(panel, "Description", B)
    assert not panel.table.currentIndex().flags() & Qt.ItemFlag.ItemIsEditable  # nothing is there
