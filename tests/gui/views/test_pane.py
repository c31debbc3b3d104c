"""What a pane tells about the mouse and files, and what it paints over pictures."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.render import Side
from core.types import Rect
from gui.views.compare_view import CompareView
from gui.views.modes import Mode
from tests.gui.views.scene import GROUND, SQUARE, colour_at, picture, spot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

Maker = Callable[..., CompareView]


def test_hovering_tells_row_and_column_and_leaving_tells_too(
    make_view: Maker, qtbot: QtBot
) -> None:
    view = make_view()
    seen: list[tuple[int, int]] = []
    view.hovered.connect(lambda row, col: seen.append((row, col)))
    view.camera.look_at(240, 5, 5.0)
    QTest.mouseMove(view.panes[1], spot(view, 25.5, 250.5))
    assert seen[-1] == (25, 250)
    with qtbot.waitSignal(view.hover_left):
        QTest.mouseMove(view.panes[1], QPoint(100, 33))  # above the picture


def test_the_other_panes_ring_the_pixel_and_the_own_pane_does_not(make_view: Maker) -> None:
    view = make_view()
    at = spot(view, 80.5, 60.5)
    before = [pane.grab().toImage() for pane in view.panes]
    QTest.mouseMove(view.panes[1], at)
    after = [pane.grab().toImage() for pane in view.panes]
    assert [a != b for a, b in zip(before, after, strict=True)] == [True, False, True]
    ring = QPoint(at.x() + 9, at.y())
    assert after[0].pixelColor(ring).lightness() > 150 > before[0].pixelColor(ring).lightness()


def test_a_preview_is_marked(make_view: Maker) -> None:
    view = make_view()
    exact = view.panes[0].grab().toImage()
    view.show_picture(Side.A, picture(Side.A, exact=False), False)
    preview = view.panes[0].grab().toImage()
    assert preview != exact
    below = (0, 60, exact.width(), exact.height() - 60)
    assert preview.copy(*below) == exact.copy(*below)  # nothing but the mark is another


def test_the_current_region_stands_out(make_view: Maker) -> None:
    view = make_view()
    other = Rect(90, 20, 15, 30)
    view.show_regions([SQUARE, other], 0)
    pane = view.panes[2]
    edge = spot(view, SQUARE.row, 220) - QPoint(0, 1)
    blue = colour_at(pane, edge)
    assert blue[2] > 200 > blue[0]
    pale = colour_at(pane, spot(view, other.row, 35) - QPoint(0, 1))
    assert min(pale) > 120
    view.show_regions([], None)
    assert colour_at(pane, edge) == GROUND[Side.DIFFERENCE]


def test_pixels_are_parted_by_lines_from_eight_times_on(make_view: Maker) -> None:
    view = make_view()
    view.camera.look_at(100, 60, 16.0)
    pane = view.panes[0]
    line = view.camera.to_view(101, 60.5, pane.view).toPoint()
    assert colour_at(pane, line) != GROUND[Side.A]
    assert colour_at(pane, line + QPoint(8, 0)) == GROUND[Side.A]
    view.camera.look_at(100, 60, 7.0)
    line = view.camera.to_view(101, 60.5, pane.view).toPoint()
    assert colour_at(pane, line) == GROUND[Side.A]


def drag(pane: QWidget, at: QPoint, *names: str, let_go: bool = True) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    copy, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with warnings.catch_warnings():
        # Qt 6.12 calls this form outdated; the new one, with a QPointF, is unknown before it.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(at, copy, data, left, none)
        move = QDragMoveEvent(at, copy, data, left, none)
    QApplication.sendEvent(pane, enter)
    QApplication.sendEvent(pane, move)
    if let_go:
        QApplication.sendEvent(pane, QDropEvent(QPointF(at), copy, data, left, none))


def test_files_are_dropped_on_the_side_they_are_meant_for(make_view: Maker) -> None:
    view = make_view(filled=False)
    told: list[tuple[Side | None, list[str]]] = []
    view.files_dropped.connect(lambda side, offer: told.append((side, list(offer.paths))))
    for pane in view.panes:
        drag(pane, QPoint(50, 60), "/x/é 1.png")
    drag(view.panes[0], QPoint(50, 60), "/x/1.png", "/x/2.png")
    view.set_mode(Mode.SWIPE)
    drag(view.panes[0], QPoint(view.width() - 20, 60), "/x/right.png")
    view.set_mode(Mode.BLEND)
    drag(view.panes[0], QPoint(50, 60), "/x/any.png")
    assert told == [
        (Side.A, ["/x/é 1.png"]),
        (Side.B, ["/x/é 1.png"]),
        (None, ["/x/é 1.png"]),
        (None, ["/x/1.png", "/x/2.png"]),
        (Side.B, ["/x/right.png"]),
        (None, ["/x/any.png"]),
    ]


def test_a_pane_shows_that_it_would_take_the_files(make_view: Maker) -> None:
    view = make_view()
    before = view.panes[1].grab().toImage()
    drag(view.panes[1], QPoint(50, 60), "/x/1.png", let_go=False)
    assert view.panes[1].grab().toImage() != before
    QApplication.sendEvent(view.panes[1], QDragLeaveEvent())
    assert view.panes[1].grab().toImage() == before
