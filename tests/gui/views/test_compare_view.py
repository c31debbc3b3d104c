"""The picture area as a person uses it: real mouse events, and the pixels that come of them."""

from __future__ import annotations

import gc
import warnings
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.render import Side
from core.types import Rect
from gui.views.compare_view import CompareView
from gui.views.modes import Mode
from tests.gui.views.scene import CANVAS, GROUND, RED, SQUARE, colour_at, picture

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

Maker = Callable[..., CompareView]


def spot(view: CompareView, row: float, col: float, pane: int = 0) -> QPoint:
    """Return where a canvas point lies in a pane."""
    shown = view.panes[pane]
    at = view.camera.to_view(col, row, shown.view)
    return QPoint(int(at.x()), int(at.y()))


def wheel(widget: QWidget, at: QPoint, turn: int) -> None:
    event = QWheelEvent(
        QPointF(at), widget.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_side_by_side_shows_three_sides_at_the_same_place(make_view: Maker) -> None:
    view = make_view()
    assert len(view.panes) == 3
    for pane, side in zip(view.panes, Side, strict=True):
        assert colour_at(pane, spot(view, 40, 220)) == RED
        assert colour_at(pane, spot(view, 40, 195)) == GROUND[side]
        assert colour_at(pane, spot(view, 80, 220)) == GROUND[side]


def test_the_wheel_zooms_about_the_cursor_in_all_panes(make_view: Maker) -> None:
    view = make_view()
    corner = spot(view, 30, 200)
    for _ in range(5):
        wheel(view.panes[1], corner, 120)
    assert view.camera.zoom == 6
    for pane, side in zip(view.panes, Side, strict=True):
        # The corner of the square is still there, to within a canvas pixel (6 on the screen).
        assert colour_at(pane, corner + QPoint(7, 7)) == RED
        assert colour_at(pane, corner + QPoint(-7, 7)) == GROUND[side]
        assert colour_at(pane, corner + QPoint(7, -7)) == GROUND[side]


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_pans_by_as_much(make_view: Maker, button: Qt.MouseButton) -> None:
    view = make_view()
    view.one_to_one()
    pane, before = view.panes[0], spot(view, 30, 200)
    QTest.mousePress(pane, button, pos=QPoint(200, 200))
    QTest.mouseMove(pane, QPoint(180, 230))
    QTest.mouseMove(pane, QPoint(163, 241))
    QTest.mouseRelease(pane, button, pos=QPoint(163, 241))
    QTest.mouseMove(pane, QPoint(10, 10))
    assert spot(view, 30, 200) == before + QPoint(-37, 41)


def test_double_click_goes_to_one_to_one_there_and_back(make_view: Maker) -> None:
    view = make_view()
    fitted, at = view.camera.zoom, spot(view, 70, 100)
    QTest.mouseDClick(view.panes[0], Qt.MouseButton.LeftButton, pos=at)
    assert view.camera.zoom == 1
    moved = spot(view, 70, 100) - at
    assert abs(moved.x()) <= 1  # rounding to whole pixels, twice
    assert abs(moved.y()) <= 1
    QTest.mouseDClick(view.panes[0], Qt.MouseButton.LeftButton, pos=at)
    assert view.camera.zoom == fitted


def test_hovering_tells_row_and_column_and_leaving_tells_too(
    make_view: Maker, qtbot: QtBot
) -> None:
    view = make_view()
    seen: list[tuple[int, int]] = []
    view.hovered.connect(lambda row, col: seen.append((row, col)))
    view.camera.look_at(240, 40, 5.0)
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


@pytest.mark.parametrize("flat", [False, True])
def test_swipe_follows_the_mouse_without_a_click(make_view: Maker, flat: bool) -> None:
    view = make_view()
    view.set_mode(Mode.SWIPE)
    if flat:
        view.set_swipe_orientation(Qt.Orientation.Horizontal)
    (pane,) = view.panes
    at = spot(view, 60, 100)
    QTest.mouseMove(pane, at)
    away = QPoint(0, 12) if flat else QPoint(12, 0)
    assert colour_at(pane, at - away) == GROUND[Side.A]
    assert colour_at(pane, at + away) == GROUND[Side.B]
    QTest.mouseMove(pane, at + 2 * away)
    assert colour_at(pane, at + away) == GROUND[Side.A]


def test_blend_mixes_by_the_slider(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.BLEND)
    view.set_blend(0.25)
    mixed = colour_at(view.panes[0], spot(view, 80, 100))
    # one level for each of Qt's two 8-bit roundings (of the opacity and of the mix)
    for value, a, b in zip(mixed, GROUND[Side.A], GROUND[Side.B], strict=True):
        assert abs(value - (0.75 * a + 0.25 * b)) <= 2
    view.set_blend(1.0)
    assert colour_at(view.panes[0], spot(view, 80, 100)) == GROUND[Side.B]


def test_blink_takes_turns_pauses_and_starts_with_a(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    view.set_blink_interval(1)  # below the least, which is 100 ms
    view.set_mode(Mode.BLINK)
    at = spot(view, 80, 100)
    assert colour_at(view.panes[0], at) == GROUND[Side.A]
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.B], timeout=3000)
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.A], timeout=3000)
    view.toggle_blink()
    qtbot.wait(300)  # three intervals, in which nothing may change
    assert colour_at(view.panes[0], at) == GROUND[Side.A]
    view.toggle_blink()
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.B], timeout=3000)


def test_hold_shows_a_side_in_place_and_lets_go(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.A)
    at = spot(view, 80, 100)
    view.hold(Side.B)
    assert colour_at(view.panes[0], at) == GROUND[Side.B]
    view.hold(None)
    assert colour_at(view.panes[0], at) == GROUND[Side.A]


def test_every_mode_keeps_the_camera(make_view: Maker) -> None:
    view = make_view()
    view.go_to(SQUARE)
    centre, zoom = view.camera.centre, view.camera.zoom
    told: list[Mode] = []
    view.mode_changed.connect(told.append)
    for mode in [*list(Mode)[1:], Mode.SIDE_BY_SIDE]:
        view.set_mode(mode)
        assert (view.camera.centre, view.camera.zoom) == (centre, zoom)
    assert told == [*list(Mode)[1:], Mode.SIDE_BY_SIDE]


def test_go_to_centres_and_shows_a_third_of_the_view(make_view: Maker) -> None:
    view = make_view()
    view.go_to(SQUARE)
    assert (view.camera.centre.x(), view.camera.centre.y()) == (220, 40)
    assert view.camera.zoom == pytest.approx(view.panes[0].width() / 40 / 3)
    view.go_to(Rect(90, 10, 1, 1))
    assert view.zoom_text() == "1600 %"


def test_a_resized_view_still_shows_the_whole(make_view: Maker) -> None:
    view = make_view()
    view.resize(700, 400)
    assert view.camera.zoom == pytest.approx(view.panes[0].width() / CANVAS[1])
    view.one_to_one()
    view.resize(900, 420)
    assert view.camera.zoom == 1


def test_a_coarse_overview_asks_for_detail_of_each_side(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view(filled=False)
    asked: dict[Side, int] = {}
    view.detail_wanted.connect(lambda *what: asked.update({what[0]: what[2]}))
    for side in Side:
        view.show_picture(side, picture(side, 2), False)
    qtbot.waitUntil(lambda: set(asked) == set(Side), timeout=2000)
    assert set(asked.values()) == {0}  # fitted, the canvas is shown at 134 %


def test_busy_dims_only_the_difference_and_not_at_once(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    at = spot(view, 40, 220)
    view.set_busy(True)
    assert colour_at(view.panes[2], at) == RED
    qtbot.waitUntil(lambda: colour_at(view.panes[2], at) != RED, timeout=2000)
    assert colour_at(view.panes[0], at) == RED
    view.set_busy(False)
    assert colour_at(view.panes[2], at) == RED


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
    view.files_dropped.connect(lambda side, paths: told.append((side, paths)))
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


def test_the_legend_stands_in_the_pane_of_the_difference(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    assert not view.legend.isVisible()
    view.show_legend(0, 64, [(i, i, i) for i in range(256)], "levels")
    assert view.legend.isVisible()
    assert view.panes[2].geometry().contains(view.legend.geometry())
    with qtbot.waitSignal(view.high_changed) as told:
        wheel(view.legend, QPoint(10, 50), 120)
    assert told.args == [80.0]
    view.set_mode(Mode.SWIPE)
    assert not view.legend.isVisible()
    view.set_mode(Mode.DIFFERENCE)
    assert view.panes[0].geometry().contains(view.legend.geometry())
    view.clear(Side.DIFFERENCE)
    assert not view.legend.isVisible()


def test_a_cleared_side_is_gone(make_view: Maker) -> None:
    view = make_view()
    view.clear(Side.B)
    assert colour_at(view.panes[1], spot(view, 40, 220)) != RED
    assert colour_at(view.panes[0], spot(view, 40, 220)) == RED


def test_the_view_and_its_pictures_die(qtbot: QtBot) -> None:
    view = CompareView()
    view.set_canvas(*CANVAS)
    shown = picture(Side.A)
    pixels, alive = weakref.ref(shown.rgb), weakref.ref(view)
    view.show_picture(Side.A, shown, False)
    del shown
    assert pixels() is None  # the pane keeps its own 32-bit copy
    view.deleteLater()
    del view
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert alive() is None
