"""B in the hand: where it is painted, what is moved by itself, and the line that tells of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core.render import Side
from gui.views.compare_view import CompareView
from gui.views.modes import Mode
from gui.views.pin_marks import PinMark
from gui.views.tool_hint import Words
from tests.gui.views.scene import GROUND, RED, colour_at, picture, spot

Maker = Callable[..., CompareView]
LEFT = Qt.MouseButton.LeftButton


def drag(view: CompareView, pane: int, start: QPoint, by: QPoint) -> None:
    where = view.panes[pane]
    QTest.mousePress(where, LEFT, pos=start)
    QTest.mouseMove(where, start + by / 2)
    QTest.mouseMove(where, start + by)
    QTest.mouseRelease(where, LEFT, pos=start + by)


def test_b_is_painted_where_the_hand_has_it_and_nothing_else_is(make_view: Maker) -> None:
    view = make_view()
    view.camera.look_at(200, 50, 2.0)
    inside, beside = spot(view, 40.5, 205.5), spot(view, 40.5, 190.5)
    view.camera.set_offset(-20.0, 0.0)
    for pane, side in zip(view.panes, Side, strict=True):
        moved = side is Side.B
        assert colour_at(pane, beside) == (RED if moved else GROUND[side])
        assert colour_at(pane, inside) == RED  # it is 40 wide
    view.hand.set_laid(-20.0, 0.0)
    view.show_picture(Side.B, picture(Side.B), False)  # made where the hand has it
    assert colour_at(view.panes[1], beside) == GROUND[Side.B]
    assert colour_at(view.panes[1], inside) == RED


def test_what_b_uncovers_is_no_rest_of_an_older_picture(make_view: Maker) -> None:
    view = make_view()
    pane, left = view.panes[1], spot(view, 60.5, 5.5, pane=1)
    assert colour_at(pane, left) == GROUND[Side.B]
    view.camera.set_offset(30.0, 0.0)
    assert colour_at(pane, left) not in (GROUND[Side.B], RED)
    view.camera.set_linked(False)
    view.camera.set_offset(0.0, 0.0)
    assert colour_at(pane, left) == GROUND[Side.B]


@pytest.mark.parametrize(
    ("mode", "pane", "moves"),
    [
        (Mode.SIDE_BY_SIDE, 0, "a"), (Mode.SIDE_BY_SIDE, 1, "b"), (Mode.SIDE_BY_SIDE, 2, "both"),
        (Mode.SWIPE, 0, "b"), (Mode.BLEND, 0, "b"), (Mode.A, 0, "a"), (Mode.B, 0, "b"),
    ],
)  # fmt: skip
def test_apart_the_picture_in_the_hand_is_moved(
    make_view: Maker, mode: Mode, pane: int, moves: str
) -> None:
    view = make_view()
    view.set_mode(mode)
    view.camera.look_at(150, 60, 2.0)
    view.camera.set_linked(False)
    drag(view, pane, QPoint(60, 60), QPoint(20, -10))
    centre, offset = view.camera.centre, view.camera.offset
    assert centre == (QPointF(150, 60) if moves == "b" else QPointF(140, 65))
    wanted = {"a": QPointF(-10, 5), "b": QPointF(10, -5), "both": QPointF()}
    assert offset == wanted[moves]


def test_the_detail_of_b_is_asked_for_where_it_is_seen(make_view: Maker) -> None:
    view = make_view()
    for side in Side:
        view.show_picture(side, picture(side, 1), False)
    view.camera.set_linked(False)
    view.camera.look_at(150, 60, 6.0)
    wanted: dict[Side, tuple[int, int]] = {}
    view.detail_wanted.connect(lambda side, rect, _: wanted.update({side: (rect.col, rect.right)}))
    view.camera.set_offset(80.0, 0.0)
    QTest.qWait(200)
    assert wanted[Side.B][1] < wanted[Side.A][1] - 40
    assert wanted[Side.A] == wanted[Side.DIFFERENCE]


def test_pins_are_painted_on_the_picture_they_belong_to(make_view: Maker) -> None:
    view = make_view()
    view.camera.look_at(150, 60, 2.0)
    plain = [pane.grab().toImage() for pane in view.panes]
    view.hand.show_pins([PinMark(1, (120.0, 60.0), (100.0, 50.0), chosen=True)])
    shown = [pane.grab().toImage() for pane in view.panes]
    assert [a != b for a, b in zip(plain, shown, strict=True)] == [True, True, False]
    view.hand.show_pins([PinMark(1, None, (100.0, 50.0))])
    assert view.panes[0].grab().toImage() == plain[0]
    at = spot(view, 50, 100, pane=1)
    assert view.panes[1].pinning.hit(QPointF(at)) == (0, Side.B)
    view.camera.set_offset(30.0, 0.0)  # it lies on B
    assert view.panes[1].pinning.hit(QPointF(at)) is None
    assert view.panes[1].pinning.hit(QPointF(at + QPoint(60, 0))) == (0, Side.B)


def test_the_line_says_what_the_first_tool_has_to_say(make_view: Maker) -> None:
    view = make_view()
    hint = view.hand.hint
    assert hint.isHidden()
    hint.say("link", Words("Not linked", "Drag one of them", "x +1", "Link", "It is kept"))
    hint.say("move", Words("Move B", "Arrow keys", "x +3", "Reset", enabled=False))
    assert hint.title.text() == "Move B"
    assert not hint.button.isEnabled()
    acted: list[str] = []
    hint.acted.connect(acted.append)
    hint.say("move", None)
    assert (hint.title.text(), hint.value.text()) == ("Not linked", "x +1")
    QTest.mouseClick(hint.button, LEFT)
    assert acted == ["link"]
    hint.say("link", None)
    assert hint.isHidden()


def test_the_line_keeps_off_the_legend(make_view: Maker) -> None:
    view = make_view()
    hint = view.hand.hint
    hint.say("move", Words("Move B", "what to do", "x +1  y +2 px", "Reset"))
    middle = hint.geometry().center().x()
    assert abs(middle - view.rect().center().x()) <= 1
    view.resize(480, 420)  # the difference is below A and B, and the legend at its right
    view.show_legend(0.0, 64.0, [(i, i, i) for i in range(256)], "levels")
    assert view.legend.isVisible()
    assert not hint.geometry().intersects(view.legend.geometry())
    assert view.rect().contains(hint.geometry())


def test_the_line_is_in_the_view_however_narrow_and_above_the_sliders(make_view: Maker) -> None:
    view = make_view()
    hint = view.hand.hint
    hint.say("move", Words("Move B", "what to do in so many words " * 3, "x +1  y +2 px", "Reset"))
    assert not hint.how.isHidden()
    view.resize(420, 300)
    assert hint.how.isHidden()
    assert view.rect().contains(hint.geometry())
    assert hint.toolTip().startswith("what to do")
    view.set_mode(Mode.BLEND)
    slider = view._controls.blend
    assert slider.isVisible()
    assert not hint.geometry().intersects(slider.geometry())
    assert view.rect().contains(hint.geometry())
