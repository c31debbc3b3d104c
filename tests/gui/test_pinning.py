"""Pins in the window: set, corrected and removed by the mouse, and what is laid by them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core.alignment.models import AlignModel
from core.alignment.pins import Pin
from core.alignment.pointing import on_canvas
from core.render import Side
from core.stages.align import AlignParams
from gui.views.modes import Mode
from tests.make import photo, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver

    Pair = tuple[Path, Path]
    Point = tuple[float, float]
Key, LEFT, RIGHT = Qt.Key, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MOVED = 7, -4
"""How far right and down features of `moved` lie in B."""


@pytest.fixture
def moved(tmp_path: Path) -> Pair:
    """Write a pair in which B was moved by whole pixels, and nothing else."""
    whole, (right, down) = photo(140, 240, seed=5), MOVED
    a, b = whole[10:130, 10:230], whole[10 - down : 130 - down, 10 - right : 230 - right]
    return write_png(tmp_path / "a.png", a.copy()), write_png(tmp_path / "b.png", b.copy())


def align(driver: Driver) -> AlignParams:
    return driver.controller.session.settings[AlignParams]


def spot(driver: Driver, side: Side, point: Point) -> QPoint:
    """Return where a point of a picture, pixel centres at integers, is in its pane."""
    view, placement = driver.parts.view, driver.controller.placement
    assert placement is not None
    at = on_canvas(placement.a if side is Side.A else placement.b, point)
    assert at is not None
    pane = view.panes[0 if side is Side.A else 1]
    return pane._layers[side].lens(view.camera).to_view(*at, pane.view).toPoint()


def click(driver: Driver, side: Side, point: Point, button: Qt.MouseButton = LEFT) -> None:
    pane = driver.parts.view.panes[0 if side is Side.A else 1]
    QTest.mouseClick(pane, button, pos=spot(driver, side, point))


def pin(driver: Driver, a: Point, b: Point) -> None:
    click(driver, Side.A, a)
    click(driver, Side.B, b)
    driver.answer()


def start(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.parts.view.camera.look_at(110, 60, 2.0)
    driver.type(Key.Key_A)


def near(pins: tuple[Pin, ...], *wanted: tuple[Point, Point]) -> bool:
    """Whether pins are where they are wanted, to the pixel of the screen they were clicked on."""
    return len(pins) == len(wanted) and all(
        math.dist(p.a, a) < 0.5 and math.dist(p.b, b) < 0.5
        for p, (a, b) in zip(pins, wanted, strict=True)
    )


def test_one_pin_lays_b_on_a(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    assert driver.parts.pins.isVisibleTo(driver.window)
    click(driver, Side.A, (80.0, 40.0))
    assert not align(driver).enabled  # B stays until the pin is complete
    assert driver.parts.view.hand.hint.how.text() == "Now click the same feature in B"
    click(driver, Side.B, (87.0, 36.0))
    result = driver.answer()
    assert align(driver).model is AlignModel.MANUAL
    assert near(align(driver).pinned, ((80, 40), (87, 36)))
    assert result.alignment is not None
    assert result.alignment.shift == pytest.approx((-7.0, 4.0), abs=1e-9)
    assert result.over == 0
    assert driver.parts.pins.rows[0].left.text() == "0.00 px"


def test_pins_are_those_of_b_itself_wherever_it_lies(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    driver.controller.set_params(
        AlignParams(enabled=True, model=AlignModel.MANUAL, nudge_x=-20.0, nudge_y=9.0)
    )
    driver.answer()
    pin(driver, (80.0, 40.0), (87.0, 36.0))
    assert near(align(driver).pinned, ((80, 40), (87, 36)))
    assert align(driver).nudge == (0.0, 0.0)  # the pin says where B lies
    assert driver.answer().over == 0
    pin(driver, (150.0, 90.0), (157.0, 86.0))
    assert near(align(driver).pinned, ((80, 40), (87, 36)), ((150, 90), (157, 86)))


def test_either_picture_may_be_first_and_a_point_may_be_set_again(
    driver: Driver, moved: Pair
) -> None:
    start(driver, moved)
    click(driver, Side.B, (60.0, 30.0))
    click(driver, Side.B, (87.0, 36.0))
    click(driver, Side.A, (80.0, 40.0))
    driver.answer()
    assert near(align(driver).pinned, ((80, 40), (87, 36)))


def test_a_click_beside_the_feature_finds_it_and_says_so(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    pin(driver, (80.0, 40.0), (90.0, 34.0))
    (found,) = align(driver).pinned
    assert math.dist(found.b, (found.a[0] + MOVED[0], found.a[1] + MOVED[1])) < 1e-6
    assert "moved 3.6 px" in driver.parts.view.hand.hint.how.text()
    assert driver.answer().over == 0


def test_each_pin_is_an_undo(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    pin(driver, (80.0, 40.0), (87.0, 36.0))
    pin(driver, (150.0, 90.0), (157.0, 86.0))
    assert len(driver.parts.pins.rows) == 2
    driver.controller.history.undo()
    assert len(driver.parts.pins.rows) == len(align(driver).pinned) == 1
    driver.controller.history.undo()
    driver.answer()
    assert not align(driver).enabled
    assert not driver.parts.pins.rows


def test_zooming_and_dragging_go_on_between_two_clicks(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    view = driver.parts.view
    click(driver, Side.A, (80.0, 40.0))
    before, pane = view.camera.centre, view.panes[1]
    QTest.mousePress(pane, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(pane, QPoint(112, 90))
    QTest.mouseMove(pane, QPoint(124, 84))
    QTest.mouseRelease(pane, LEFT, pos=QPoint(124, 84))
    assert view.camera.centre == before + QPointF(-12, 8)
    assert pane.cursor().shape() == Qt.CursorShape.CrossCursor
    assert not align(driver).enabled
    view.zoom_by(1)
    click(driver, Side.B, (87.0, 36.0))
    driver.answer()
    assert near(align(driver).pinned, ((80, 40), (87, 36)))


def test_a_pin_is_dragged_to_where_it_belongs(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    driver.controller.set_params(
        AlignParams(enabled=True, model=AlignModel.MANUAL, pins="80,40=90,36")
    )
    assert driver.answer().over > 0
    view = driver.parts.view
    centre, pane = view.camera.centre, view.panes[1]
    begin, end = (spot(driver, Side.B, p) for p in ((90.0, 36.0), (87.0, 36.0)))
    QTest.mousePress(pane, LEFT, pos=begin)
    for share in (0.5, 1.0):
        QTest.mouseMove(pane, begin + (QPointF(end - begin) * share).toPoint())
        assert near(align(driver).pinned, ((80, 40), (90, 36)))  # B stays while it is in the hand
    QTest.mouseRelease(pane, LEFT, pos=end)
    assert driver.answer().over == 0
    assert near(align(driver).pinned, ((80, 40), (87, 36)))
    assert view.camera.centre == centre


def test_pins_are_removed_by_mouse_key_list_and_all_at_once(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    features = [(40.0, 30.0), (80.0, 40.0), (150.0, 90.0), (60.0, 100.0)]
    for x, y in features:
        pin(driver, (x, y), (x + MOVED[0], y + MOVED[1]))
    click(driver, Side.B, (87.0, 36.0), RIGHT)
    driver.answer()
    assert [round(p.a[0]) for p in align(driver).pinned] == [40, 150, 60]
    click(driver, Side.A, (40.0, 30.0))  # chosen, not set once more
    assert len(align(driver).pinned) == 3
    QTest.mouseMove(driver.parts.view.panes[2], QPoint(20, 20))
    driver.key(Key.Key_Delete, at=driver.parts.view)
    driver.answer()
    assert [round(p.a[0]) for p in align(driver).pinned] == [150, 60]
    driver.click(driver.parts.pins.rows[0].remove)
    driver.answer()
    assert [round(p.a[0]) for p in align(driver).pinned] == [60]
    driver.window.actions_by_id["remove_pins"].trigger()
    driver.answer()
    assert align(driver).pins == ""
    assert not driver.window.actions_by_id["remove_pins"].isEnabled()


def test_escape_drops_the_half_pin_first(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    tool = driver.window.actions_by_id["pin"]
    click(driver, Side.A, (80.0, 40.0))
    for still_on in (True, False):
        driver.window.actions_by_id["cancel"].trigger()
        assert tool.isChecked() == still_on
    assert driver.parts.pins.isHidden()
    driver.type(Key.Key_A)
    click(driver, Side.B, (87.0, 36.0))  # it is the first point of a new one
    assert not align(driver).enabled


def test_the_tool_shows_a_beside_b(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    driver.parts.view.set_mode(Mode.DIFFERENCE)
    driver.type(Key.Key_A)
    assert driver.parts.view.mode is Mode.SIDE_BY_SIDE


def test_the_tool_shows_b_as_it_lies(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    pin(driver, (80.0, 40.0), (87.0, 36.0))
    flicker = driver.window.actions_by_id["align_flicker"]
    driver.type(Key.Key_A)
    flicker.trigger()
    assert flicker.isChecked()
    driver.type(Key.Key_A)
    assert not flicker.isChecked()


def test_pins_seed_a_search_that_is_on(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    driver.switch("align")
    driver.answer()
    pin(driver, (80.0, 40.0), (87.0, 36.0))
    assert align(driver).model is AlignModel.AUTO
    assert driver.parts.pins.words.text() == "The search begins at 1 pin."


def test_two_pins_turn_and_scale(driver: Driver, moved: Pair) -> None:
    start(driver, moved)
    pin(driver, (80.0, 40.0), (80.0, 40.0))
    pin(driver, (150.0, 40.0), (150.0, 50.0))
    found = driver.answer().alignment
    assert found is not None
    assert found.motion is not None
    assert found.motion.angle == pytest.approx(-math.degrees(math.atan2(10, 70)), abs=1.0)
    assert near(align(driver).pinned, ((80, 40), (80, 40)), ((150, 40), (150, 50)))
    pin(driver, (60.0, 100.0), (70.0, 90.0))  # where B is turned now
    assert near(align(driver).pinned[2:], ((60, 100), (70, 90)))
