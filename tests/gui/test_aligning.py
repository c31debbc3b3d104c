"""Moving B by hand in the window: keys, drags, and views that are not linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import compare, open_image
from core.alignment.models import AlignModel
from core.places.params import PlacesParams
from core.render import Side
from core.settings import Settings
from core.stages.align import AlignParams

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from core.result import Result
    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

    Pair = tuple[Path, Path]
Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def action(driver: Driver, name: str) -> QAction:
    return driver.window.actions_by_id[name]


def align(driver: Driver) -> AlignParams:
    return driver.controller.session.settings[AlignParams]


def by_hand(pair: Pair, right: float, down: float) -> Result:
    """Compare as the command line does."""
    params = AlignParams(enabled=True, model=AlignModel.MANUAL, nudge_x=right, nudge_y=down)
    a, b = (open_image(p) for p in pair)
    return compare(a, b, Settings([params]), measures=["rmse"])


def drag(driver: Driver, pane: int, by: QPoint, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    where = driver.parts.view.panes[pane]
    start = where.rect().center()
    QTest.mousePress(where, LEFT, modifier, start)
    for share in (0.3, 0.7, 1.0):
        at = QPointF(start) + QPointF(by) * share
        move = QMouseEvent(
            QEvent.Type.MouseMove, at, where.mapToGlobal(at), LEFT, LEFT, modifier
        )  # QTest moves without keys
        QApplication.sendEvent(where, move)
        QTest.qWait(1)
    QTest.mouseRelease(where, LEFT, modifier, start + by)


def test_arrow_keys_move_b_only_while_the_tool_is_on(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.key(Key.Key_Right)
    assert not align(driver).enabled
    driver.type(Key.Key_N)
    for key, modifier in (
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Down, SHIFT),
        (Key.Key_Down, Qt.KeyboardModifier.NoModifier),
        (Key.Key_Right, ALT),
        (Key.Key_Up, ALT),
    ):
        driver.key(key, modifier, driver.parts.view)
    result = driver.answer()
    assert align(driver).nudge == (-0.9, 10.9)
    assert (align(driver).enabled, align(driver).model) == (True, AlignModel.MANUAL)
    assert driver.window.presenter.current_region is None  # Alt+Up did not go to one
    assert result.measures["rmse"].value == by_hand(pair, -0.9, 10.9).measures["rmse"].value
    driver.type(Key.Key_N)
    driver.key(Key.Key_Down, ALT, driver.parts.view)
    assert align(driver).nudge == (-0.9, 10.9)
    assert driver.window.presenter.current_region == 0


def test_keys_in_a_row_are_one_undo(driver: Driver, pair: Pair) -> None:
    whole = driver.open(*pair)
    driver.type(Key.Key_N)
    for _ in range(4):
        driver.key(Key.Key_Left, at=driver.parts.view)
    driver.until(lambda: align(driver).nudge == (-4.0, 0.0), "not moved")
    driver.type(Key.Key_N)
    driver.controller.history.undo()
    assert not align(driver).enabled
    assert driver.parts.view.camera.offset == QPointF()
    assert driver.answer().over == whole.over
    driver.controller.history.redo()
    assert align(driver).nudge == (-4.0, 0.0)
    assert driver.parts.view.camera.offset == QPointF(-4, 0)


@pytest.mark.parametrize("pane", [0, 1, 2])
def test_a_drag_in_any_pane_moves_b_by_whole_pixels(driver: Driver, pair: Pair, pane: int) -> None:
    driver.open(*pair)
    view = driver.parts.view
    view.camera.look_at(100, 60, 4.0)
    centre = view.camera.centre
    action(driver, "move_b").trigger()
    drag(driver, pane, QPoint(-9, 13))
    result = driver.answer()
    assert align(driver).nudge == (-2.0, 3.0)
    assert view.camera.centre == centre
    assert result.measures["rmse"].value == by_hand(pair, -2.0, 3.0).measures["rmse"].value
    drag(driver, pane, QPoint(10, 0), ALT)
    driver.answer()
    assert align(driver).nudge == (0.5, 3.0)
    driver.controller.history.undo()
    assert align(driver).nudge == (-2.0, 3.0)
    driver.controller.history.undo()
    assert not align(driver).enabled


def test_b_is_seen_where_the_hand_has_it_before_anything_is_computed(
    driver: Driver, pair: Pair, gate: Gate
) -> None:
    gate.open()
    driver.open(*pair)
    gate.close()
    driver.parts.view.camera.look_at(100, 60, 4.0)
    driver.rest()
    before = driver.colour(Side.B, 50, 90)
    action(driver, "move_b").trigger()
    where = driver.parts.view.panes[1]
    start = where.rect().center()
    QTest.mousePress(where, LEFT, pos=start)
    for x in range(1, 7):
        QTest.mouseMove(where, start + QPoint(4 * x, 0))
    assert driver.window.aligning.nudge == (6.0, 0.0)
    assert align(driver).nudge == (1.0, 0.0)  # no other is asked for until it has been shown
    assert driver.colour(Side.B, 50, 96) == before
    QTest.mouseRelease(where, LEFT, pos=start + QPoint(24, 0))
    assert align(driver).nudge == (6.0, 0.0)
    gate.open()
    driver.answer()
    assert driver.colour(Side.B, 50, 96) == before


def test_what_is_found_stays_below_what_is_moved(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.switch("align")
    found = driver.answer().alignment
    assert found is not None
    assert found.accepted
    action(driver, "move_b").trigger()
    driver.key(Key.Key_Right, at=driver.parts.view)
    moved = driver.answer().alignment
    assert moved is not None
    assert align(driver).model is AlignModel.AUTO
    assert moved.shift == pytest.approx((found.shift[0] + 1.0, found.shift[1]))
    action(driver, "reset_offset").trigger()
    again = driver.answer().alignment
    assert again is not None
    assert again.shift == found.shift
    assert not action(driver, "reset_offset").isEnabled()


def test_the_form_follows_and_leads(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    action(driver, "move_b").trigger()
    driver.key(Key.Key_Right, SHIFT, driver.parts.view)
    driver.answer()
    fields = driver.row("align").details.fields
    assert "pins" not in fields  # they have a list of their own
    assert fields["nudge_x"].widget.value() == 10.0
    fields["nudge_y"].widget.setValue(-2.5)
    driver.answer()
    assert driver.parts.view.camera.offset == QPointF(10, -2.5)
    assert driver.parts.view.hand.hint.value.text() == "x +10.0  y −2.5 px"


def test_escape_leaves_the_tool_and_another_tool_takes_its_place(
    driver: Driver, pair: Pair
) -> None:
    driver.open(*pair)
    view, pane = driver.parts.view, driver.parts.view.panes[0]
    action(driver, "move_b").trigger()
    assert view.hand.hint.isVisible()
    assert pane.cursor().shape() == Qt.CursorShape.SizeAllCursor
    action(driver, "cancel").trigger()
    assert not action(driver, "move_b").isChecked()
    assert view.hand.hint.isHidden()
    action(driver, "move_b").trigger()
    action(driver, "mark").trigger()
    assert not action(driver, "move_b").isChecked()
    assert pane.cursor().shape() == Qt.CursorShape.CrossCursor
    action(driver, "pin").trigger()
    assert not pane.marking.on
    assert not pane.moving.on


def test_apart_and_linked_again_b_is_compared_where_it_was_seen(driver: Driver, pair: Pair) -> None:
    whole = driver.open(*pair)
    view = driver.parts.view
    view.camera.look_at(100, 60, 4.0)
    driver.type(Key.Key_K)
    assert view.hand.hint.title.text() == "Not linked"
    drag(driver, 1, QPoint(-8, 6))
    assert view.camera.centre == QPointF(100, 60)
    drag(driver, 0, QPoint(4, -8))  # A goes the other way: B is as far off as by both
    assert view.camera.centre == QPointF(99, 62)
    assert view.camera.offset == QPointF(-3, 3.5)
    assert driver.controller.result is whole  # nothing is asked
    driver.type(Key.Key_K)
    driver.answer()
    assert align(driver).nudge == (-3.0, 4.0)  # to whole pixels, which leave B's values alone
    assert align(driver).model is AlignModel.MANUAL
    assert view.hand.hint.isHidden()
    driver.controller.history.undo()
    assert not align(driver).enabled
    assert view.camera.offset == QPointF()


def test_apart_the_mouse_is_on_the_pixel_that_is_seen(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    view = driver.parts.view
    view.camera.look_at(100, 60, 4.0)
    action(driver, "link").trigger()
    drag(driver, 1, QPoint(-40, 0))
    hovered: list[tuple[int, int]] = []
    view.hovered.connect(lambda row, col: hovered.append((row, col)))
    middle = view.panes[1].rect().center()
    QTest.mouseMove(view.panes[1], middle + QPoint(2, 2))
    QTest.mouseMove(view.panes[0], middle + QPoint(2, 2))
    assert hovered[-2][1] == hovered[-1][1] + 10


def test_cropping_to_the_overlap(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    crop = action(driver, "crop_overlap")
    assert not crop.isEnabled()  # nothing is aligned
    action(driver, "move_b").trigger()
    driver.key(Key.Key_Right, SHIFT, driver.parts.view)
    driver.answer()
    assert crop.isEnabled()
    crop.trigger()
    assert not crop.isEnabled()  # until there is an answer again
    result = driver.answer()
    assert driver.controller.session.settings[PlacesParams].only == "rect 10,0 198x120 name=overlap"
    assert result.pixels == 198 * 120
    crop.trigger()
    assert driver.answer().pixels == 198 * 120  # once is enough
    driver.controller.history.undo()
    assert not driver.controller.session.settings[PlacesParams].only
    assert align(driver).nudge == (10.0, 0.0)
