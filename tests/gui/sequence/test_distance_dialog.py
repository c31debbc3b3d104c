"""The map of distances in its window: what is painted, pointed at, said and chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.colormaps import lut
from core.measures.histogram import KL_LIMIT
from core.sequence.distances import COLORS, DistanceMap, distance_map, picture, place
from gui import theme
from gui.sequence.distance_dialog import HINT, DistanceDialog, words
from gui.sequence.distance_view import JUMP, LEAST, ticks

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def some(n: int = 12, most: int = 600, first: int = 0) -> DistanceMap:
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.gamma(0.7, 200, (n, 1, 256)) + 3)
    return distance_map(counts, most, frames=np.arange(n) + first)


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication) -> DistanceDialog:
    made = DistanceDialog()
    qtbot.addWidget(made)
    made.resize(900, 700)  # wide: the map stays square
    made.show()
    qtbot.waitExposed(made)
    QTest.mouseMove(made, QPoint(2, 2))
    return made


def point(dialog: DistanceDialog, row: int, col: int) -> QPoint:
    return dialog.view.rect_of((row, col)).center().toPoint()


def colour(dialog: DistanceDialog, at: QPoint) -> tuple[int, int, int]:
    image = dialog.view.grab().toImage()
    seen = image.pixelColor(at * image.devicePixelRatio())
    return seen.red(), seen.green(), seen.blue()


def key(dialog: DistanceDialog, which: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    QTest.keyClick(dialog.view, which, held[0] if held else Qt.KeyboardModifier.NoModifier)


def test_every_cell_has_its_colour_where_it_lies(dialog: DistanceDialog) -> None:
    found = some()
    dialog.show_map(found)
    area = dialog.view.map_rect()
    assert area.width() == area.height() >= LEAST
    expected = picture(found)
    for cell in ((0, 0), (2, 9), (9, 2), (11, 4), (11, 11)):
        assert colour(dialog, point(dialog, *cell)) == tuple(int(v) for v in expected[cell])
        assert dialog.view.cell_at(dialog.view.rect_of(cell).center()) == cell


def test_the_mouse_points_and_chooses(dialog: DistanceDialog, qtbot: QtBot) -> None:
    found = some(first=100)
    dialog.show_map(found)
    QTest.mouseMove(dialog.view, point(dialog, 2, 9))
    qtbot.waitUntil(lambda: dialog.view.cell == (2, 9))
    assert dialog.readout.text() == words(found, (2, 9))
    assert dialog.readout.text().startswith("frame 102 ↔ frame 109: KL ")
    assert dialog.view.accessibleDescription() == dialog.readout.text()
    with qtbot.waitSignal(dialog.pair_chosen) as heard:
        QTest.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=point(dialog, 3, 8))
    assert heard.args == [103, 108]
    with qtbot.assertNotEmitted(dialog.pair_chosen):
        QTest.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
        QTest.mouseClick(dialog.view, Qt.MouseButton.RightButton, pos=point(dialog, 3, 8))


def test_the_crosshair_follows_and_leaves_no_trace(dialog: DistanceDialog, qtbot: QtBot) -> None:
    dialog.show_map(some())
    before = dialog.view.grab().toImage()
    QTest.mouseMove(dialog.view, point(dialog, 2, 9))
    qtbot.waitUntil(lambda: dialog.view.cell == (2, 9))
    row = point(dialog, 2, 5)
    assert colour(dialog, QPoint(row.x(), int(dialog.view.rect_of((2, 9)).center().y())))[0] > 200
    QTest.mouseMove(dialog.view, QPoint(3, 3))
    qtbot.waitUntil(lambda: dialog.view.cell is None)
    assert dialog.view.grab().toImage() == before
    assert dialog.readout.text() == HINT


def test_keys_point_and_choose(dialog: DistanceDialog, qtbot: QtBot) -> None:
    found = some(30)
    dialog.show_map(found)
    dialog.show_pair(4, 5)
    key(dialog, Qt.Key.Key_Right)
    assert dialog.view.cell == (4, 5)  # where the pair is
    key(dialog, Qt.Key.Key_Right)
    key(dialog, Qt.Key.Key_Down)
    assert dialog.view.cell == (5, 6)
    key(dialog, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.view.cell == (5 + JUMP, 6)
    for _ in range(4):
        key(dialog, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    key(dialog, Qt.Key.Key_Up)
    assert dialog.view.cell == (4 + JUMP, 0)
    for which in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(dialog.pair_chosen) as heard:
            key(dialog, which)
        assert heard.args == [4 + JUMP, 0]
    assert dialog.isVisible()


def test_keys_do_nothing_without_a_map(dialog: DistanceDialog, qtbot: QtBot) -> None:
    assert dialog.readout.text() == "No map yet."
    with qtbot.assertNotEmitted(dialog.pair_chosen):
        for which in (Qt.Key.Key_Right, Qt.Key.Key_Return):
            key(dialog, which)
        QTest.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=dialog.view.rect().center())
    assert dialog.view.cell is None


def test_the_pair_that_is_compared_is_marked(dialog: DistanceDialog) -> None:
    found = some(first=7)
    dialog.show_map(found)
    plain = dialog.view.grab().toImage()
    dialog.show_pair(10, 16)
    assert dialog.view.pair == (3, 9)
    assert dialog.readout.text() == f"compared now: {words(found, (3, 9))}"
    box = dialog.view.rect_of((3, 9))
    ring = QPoint(round(box.center().x() + 0.72 * box.width()), round(box.center().y()))
    r, g, b = colour(dialog, ring)
    assert b > 180
    assert g > r + 60
    dialog.show_pair(10, 99)
    assert dialog.view.pair is None
    assert dialog.view.grab().toImage() == plain


def test_a_cell_of_many_pairs_says_which_it_is(dialog: DistanceDialog, qtbot: QtBot) -> None:
    found = some(50, 12)
    assert found.step == 5
    dialog.show_map(found)
    i, j = found.pair_at(1, 6)
    with qtbot.waitSignal(dialog.pair_chosen) as heard:
        QTest.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=point(dialog, 1, 6))
    assert heard.args == [i, j]
    assert words(found, (1, 6)).startswith(f"frame {i} ↔ frame {j}: KL ")
    assert words(found, (1, 6)).endswith(", the farthest of 5 × 5")


def test_numbers_are_short() -> None:
    values = np.array([[0.0, 0.8312], [0.00012345, 12.34]])
    found = DistanceMap(values, np.zeros((2, 2), np.int32), 1, np.array([17, 1400]))
    assert words(found, (0, 1)) == "frame 17 ↔ frame 1,400: KL 0.83"
    assert words(found, (1, 0)) == "frame 1,400 ↔ frame 17: KL 0.00012"
    assert words(found, (0, 0)) == "frame 17 ↔ frame 17: KL 0"


def test_progress_is_shown_until_there_is_a_map(dialog: DistanceDialog) -> None:
    assert dialog.progress.isHidden()
    dialog.show_progress(0.25)
    assert dialog.progress.isVisible()
    assert dialog.progress.value() == 250
    assert dialog.readout.text() == "Comparing all frames…"
    found = some()
    dialog.show_map(found)
    assert dialog.progress.isHidden()
    dialog.show_progress(0.5)  # another map is made: this one stays
    assert colour(dialog, point(dialog, 2, 9)) == tuple(int(v) for v in picture(found)[2, 9])


def test_another_map_forgets_what_was_pointed_at(dialog: DistanceDialog) -> None:
    dialog.show_map(some(30))
    key(dialog, Qt.Key.Key_Down)
    dialog.show_pair(20, 21)
    dialog.show_map(some(5))
    assert dialog.view.cell is None
    assert dialog.view.pair is None


def test_no_cell_is_ever_skipped(dialog: DistanceDialog) -> None:
    found = some(500)
    dialog.show_map(found)
    dialog.resize(100, 100)
    QApplication.processEvents()
    assert dialog.view.map_rect().width() >= 500


def test_the_legend_marks_the_limit_in_the_middle(dialog: DistanceDialog) -> None:
    dialog.show_map(some())
    area = dialog.view.map_rect()
    middle = round(area.bottom() - place(KL_LIMIT) * area.height())
    assert middle == pytest.approx(area.center().y(), abs=1)
    x = round(area.right()) + 18 - 3
    assert colour(dialog, QPoint(x, middle)) == theme.theme().danger.getRgb()[:3]
    bar = QPoint(round(area.right()) + 25, round(area.bottom()) - 3)
    low, high = lut(COLORS)[2], lut(COLORS)[253]
    assert colour(dialog, bar) == pytest.approx(low.tolist(), abs=12)
    top = QPoint(bar.x(), round(area.top()) + 3)
    assert colour(dialog, top) == pytest.approx(high.tolist(), abs=12)


@pytest.mark.parametrize(
    ("first", "last", "most", "expected"),
    [
        (0, 0, 5, [0]),
        (7, 7, 5, [7]),
        (0, 39, 8, [0, 5, 10, 15, 20, 25, 30, 35]),
        (3, 11, 8, [3, 4, 5, 6, 7, 8, 9, 10, 11]),
        (100, 9999, 5, [2000, 4000, 6000, 8000]),
        (11, 14, 0, [11]),
    ],
)
def test_numbers_of_an_axis_are_round(
    first: int, last: int, most: int, expected: list[int]
) -> None:
    assert ticks(first, last, most) == expected


def test_it_is_seen_in_both_looks(dialog: DistanceDialog, qapp: QApplication) -> None:
    dialog.show_map(some())
    seen = []
    try:
        for mode in ("light", "dark"):
            theme.apply(qapp, mode)
            QApplication.processEvents()
            seen.append(colour(dialog, QPoint(dialog.view.width() - 2, 2)))
    finally:
        theme.apply(qapp, "system")
    assert min(seen[0]) > 200
    assert max(seen[1]) < 80


def test_it_blocks_nothing_and_closes_by_escape(dialog: DistanceDialog) -> None:
    assert not dialog.isModal()
    QTest.keyClick(dialog.view, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
