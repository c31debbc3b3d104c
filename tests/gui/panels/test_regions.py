from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.types import Rect, Region
from gui.panels.region_rows import ROW_HEIGHT
from gui.panels.regions import EMPTY, RegionsPanel


def region(row: int, col: int, area: int, peak: float) -> Region:
    return Region(Rect(row, col, 20, 90), area, peak, peak / 2, (row + 3, col + 7))


REGIONS = (region(250, 430, 10_400, 80.0), region(40, 80, 2_500, 212.0), region(91, 512, 14, 99.0))
SHOW = Callable[[QWidget, int, int], None]


@pytest.fixture
def panel(show: SHOW) -> RegionsPanel:
    made = RegionsPanel()
    show(made, 372, 300)
    return made


def order(panel: RegionsPanel) -> list[int]:
    return [panel.model.region_index(panel.model.index(r)) for r in range(panel.model.rowCount())]


def choose(panel: RegionsPanel, text: str) -> None:
    next(a for a in panel.sort_link.menu().actions() if a.text() == text).trigger()


def test_nothing_over_the_tolerance_is_said(panel: RegionsPanel) -> None:
    panel.show_regions((), 0, ())
    assert panel.empty.isVisible()
    assert panel.empty.text() == EMPTY
    assert not panel.list.isVisible()


def test_regions_too_small_to_list_are_not_nothing(panel: RegionsPanel) -> None:
    panel.show_regions((), 5, ())
    assert "5 regions" in panel.empty.text()


def test_a_row_says_place_area_and_peak(panel: RegionsPanel) -> None:
    panel.show_regions(REGIONS, 3, ())
    assert panel.model.index(0).data() == "#1  x 430 y 250  10,400 px, peak 80"
    assert panel.sort_link.text() == "3, by area ▾"


def test_how_many_are_not_listed_is_said(panel: RegionsPanel) -> None:
    panel.show_regions(REGIONS, 12_345, ())
    assert panel.sort_link.text() == "3 of 12,345, by area ▾"


def test_a_click_tells_the_region_whatever_the_order(panel: RegionsPanel, qtbot: QtBot) -> None:
    panel.show_regions(REGIONS, 3, ())
    choose(panel, "by peak")
    assert order(panel) == [1, 2, 0]
    with qtbot.waitSignal(panel.region_clicked) as told:
        place = QPoint(120, ROW_HEIGHT // 2)
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [1]


def test_orders(panel: RegionsPanel) -> None:
    panel.show_regions(REGIONS, 3, ())
    assert order(panel) == [0, 1, 2]
    choose(panel, "by position")
    assert order(panel) == [1, 2, 0]
    assert panel.sort_link.text() == "3, by position ▾"
    choose(panel, "by area")
    assert order(panel) == [0, 1, 2]


def test_the_keys_move_and_tell(panel: RegionsPanel, qtbot: QtBot) -> None:
    panel.show_regions(REGIONS, 3, ())
    panel.show_current(0)
    with qtbot.waitSignal(panel.region_clicked) as told:
        qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert told.args == [1]
    with qtbot.waitSignal(panel.region_clicked) as told:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert told.args == [1]


def test_showing_the_current_region_emits_nothing(panel: RegionsPanel, qtbot: QtBot) -> None:
    panel.show_regions(REGIONS, 3, ())
    with qtbot.assertNotEmitted(panel.region_clicked):
        panel.show_current(2)
    assert panel.model.region_index(panel.list.currentIndex()) == 2
    choose(panel, "by peak")
    assert panel.model.region_index(panel.list.currentIndex()) == 2
    panel.show_current(-1)
    assert not panel.list.currentIndex().isValid()


def test_thumbnails_that_come_later_keep_order_and_selection(panel: RegionsPanel) -> None:
    panel.show_regions(REGIONS, 3)
    choose(panel, "by peak")
    panel.show_current(2)
    panel.show_regions(REGIONS, 3, [(QImage(8, 6, QImage.Format.Format_RGB888),) * 2] * 3)
    assert order(panel) == [1, 2, 0]
    assert panel.model.region_index(panel.list.currentIndex()) == 2


def test_both_thumbnails_are_painted(panel: RegionsPanel) -> None:
    red, blue = (QImage(40, 30, QImage.Format.Format_RGB888) for _ in range(2))
    red.fill(QColor("#ff0000"))
    blue.fill(QColor("#0000ff"))
    panel.show_regions(REGIONS, 3, [(red, blue)])
    image = panel.list.viewport().grab().toImage()
    row = [image.pixelColor(x, ROW_HEIGHT // 2).name() for x in range(90)]
    assert row.count("#ff0000") > 25
    assert row.count("#0000ff") > 25
    assert row.index("#ff0000") < row.index("#0000ff")


def test_rows_turn_pale_while_computing(panel: RegionsPanel) -> None:
    panel.show_regions(REGIONS, 3, ())
    sharp = panel.list.viewport().grab().toImage()
    panel.show_pending()
    assert panel.list.viewport().grab().toImage() != sharp
    assert panel.header.note.text() == "computing…"
    panel.show_regions(REGIONS, 3, ())
    assert panel.list.viewport().grab().toImage() == sharp
    assert panel.header.note.text() == ""


def test_a_thousand_rows_paint_only_what_is_seen(
    panel: RegionsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(region(i, 2 * i, 5000 - i, 9.0) for i in range(1000))
    panel.show_regions(many, 1000, ())
    painted: list[int] = []
    delegate = panel.list.itemDelegate()
    monkeypatch.setattr(
        type(delegate), "paint", lambda _self, _p, _o, index: painted.append(index.row())
    )
    panel.list.viewport().grab()
    assert 0 < len(painted) <= 300 // ROW_HEIGHT + 1
