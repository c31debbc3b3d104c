"""The camera's maths, on a wide canvas and off the diagonal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF

from core.render import Side
from gui.camera import LADDER, MAX_ZOOM, Camera

VIEW = QSizeF(530, 710)


def camera(height: int = 900, width: int = 2100, ratio: float = 1.0) -> Camera:
    made = Camera()
    made.set_ratio(ratio)
    made.set_canvas(height, width)
    made.fit(VIEW)
    return made


def close(a: QPointF, b: QPointF, tolerance: float) -> bool:
    return abs(a.x() - b.x()) <= tolerance and abs(a.y() - b.y()) <= tolerance


def test_fit_shows_the_whole_wide_canvas_in_the_middle() -> None:
    cam = camera()
    assert cam.zoom == pytest.approx(530 / 2100)
    top_left, bottom_right = cam.to_view(0, 0, VIEW), cam.to_view(2100, 900, VIEW)
    assert close(top_left, QPointF(0, (710 - 900 * 530 / 2100) / 2), 0.5)  # half a screen pixel
    assert close(bottom_right, QPointF(530, (710 + 900 * 530 / 2100) / 2), 0.5)


def test_fit_of_a_tall_canvas_is_bound_by_its_height() -> None:
    assert camera(2000, 100).zoom == pytest.approx(710 / 2000)


@given(
    x=st.floats(0, 530),
    y=st.floats(0, 710),
    steps=st.integers(1, 9),
    ratio=st.sampled_from([1.0, 1.25, 2.0]),
)
def test_zooming_in_keeps_the_pixel_under_the_cursor(
    x: float, y: float, steps: int, ratio: float
) -> None:
    cam = camera(ratio=ratio)
    point = QPointF(x, 255 + y * 0.28)  # on the picture, which covers the middle of the view
    before = cam.to_canvas(point, VIEW)
    cam.step_about(point, steps, VIEW)
    after = cam.to_view(before.x(), before.y(), VIEW)
    # The picture is put on whole physical pixels: before and after it may be half of one off,
    # and what was off before has been magnified since.
    allowed = (0.5 + 0.5 * cam.zoom / (530 / 2100 * ratio)) / ratio
    assert close(after, point, allowed + 1e-6)


def test_zooming_about_a_point_off_the_diagonal_is_exact_arithmetic() -> None:
    cam = camera()
    cam.look_at(1000, 300, 1.0)
    cam.zoom_about(QPointF(265 + 60, 355 - 25), 4, VIEW)
    # canvas point under the cursor: (1060, 275); at zoom 4 the centre is 15 and 6.25 away from it
    assert cam.centre == QPointF(1060 - 15, 275 + 6.25)
    assert cam.zoom == 4


def test_steps_are_pleasant_and_bounded() -> None:
    cam = camera()
    cam.look_at(100, 50, 1.0)
    seen = []
    for _ in range(20):
        cam.step_about(QPointF(0, 0), 1, VIEW)
        seen.append(cam.zoom)
    assert seen[:6] == pytest.approx([1.25, 1.5, 2, 3, 4, 6])
    assert seen[-1] == MAX_ZOOM
    for _ in range(60):
        cam.step_about(QPointF(0, 0), -1, VIEW)
    assert cam.zoom == pytest.approx(LADDER[0])


def test_a_small_picture_cannot_be_shrunk_away() -> None:
    cam = camera(40, 160)
    for _ in range(60):
        cam.step_about(QPointF(3, 3), -1, VIEW)
    assert cam.zoom * 160 == pytest.approx(16)


def test_a_huge_canvas_fits_although_that_is_below_the_least_zoom() -> None:
    cam = camera(20_000, 120_000)
    assert cam.zoom == pytest.approx(530 / 120_000)
    cam.step_about(QPointF(200, 300), 1, VIEW)
    assert cam.zoom == pytest.approx(1 / 64)


def test_the_picture_cannot_be_lost() -> None:
    cam = camera()
    cam.pan(1e6, -1e6)
    assert cam.centre == QPointF(0, 900)
    assert not cam.visible(VIEW).isEmpty()


def test_pan_moves_by_logical_pixels() -> None:
    cam = camera(ratio=2.0)
    cam.look_at(1000, 400, 4.0)  # two logical pixels a canvas pixel
    cam.pan(-30, 14)
    assert cam.centre == QPointF(1015, 393)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_one_to_one_is_one_physical_pixel_on_any_screen(ratio: float) -> None:
    cam = camera(ratio=ratio)
    cam.one_to_one(VIEW, QPointF(100, 340))
    assert cam.zoom == 1
    one = cam.to_view(701, 0, VIEW).x() - cam.to_view(700, 0, VIEW).x()
    assert one * ratio == pytest.approx(1)
    on_screen = cam.origin(VIEW) * ratio
    assert on_screen == QPointF(round(on_screen.x()), round(on_screen.y()))


def test_another_pixel_ratio_keeps_the_logical_size() -> None:
    cam = camera()
    cam.look_at(900, 200, 1.5)
    cam.set_ratio(2.0)
    assert cam.zoom == 3
    assert cam.scale == 1.5


def test_pixel_at_is_row_then_col_and_none_outside() -> None:
    cam = camera()
    cam.look_at(1000, 300, 8.0)
    # centre of the view = corner between pixels; 20 px right = 2.5 pixels, 13 px up = 1.6 pixels
    assert cam.pixel_at(QPointF(265 + 20, 355 - 13), VIEW) == (298, 1002)
    cam.fit(VIEW)
    assert cam.pixel_at(QPointF(265, 3), VIEW) is None


@given(x=st.floats(0, 2100), y=st.floats(0, 900), zoom=st.floats(0.05, 64))
def test_to_view_and_to_canvas_are_inverse(x: float, y: float, zoom: float) -> None:
    cam = camera()
    cam.look_at(1500, 200, zoom)
    there = cam.to_canvas(cam.to_view(x, y, VIEW), VIEW)
    assert close(there, QPointF(x, y), 1e-6)


def test_visible_is_the_part_of_the_canvas_in_view() -> None:
    cam = camera()
    cam.look_at(50, 450, 1.0)
    seen = cam.visible(VIEW)
    assert (seen.left(), seen.right()) == (0, 50 + 265)
    assert (seen.top(), seen.bottom()) == (95, 805)


def test_any_move_but_fit_ends_being_fitted() -> None:
    cam = camera()
    assert cam.fitted
    cam.pan(1, 0)
    assert not cam.fitted
    cam.fit(VIEW)
    assert cam.fitted


def test_a_new_canvas_keeps_the_place_as_far_as_it_exists() -> None:
    cam = camera()
    cam.look_at(2000, 800, 2.0)
    cam.set_canvas(700, 1500)
    assert cam.centre == QPointF(1500, 700)
    assert cam.zoom == 2


def test_changed_tells_of_every_change_once() -> None:
    cam = camera()
    told: list[float] = []
    cam.changed.connect(lambda: told.append(cam.zoom))
    cam.look_at(10, 20, 2.0)
    cam.look_at(10, 20, 2.0)
    cam.set_canvas(900, 2100)
    cam.set_ratio(1.0)
    assert told == [2.0]


def test_while_linked_a_hand_moves_all_and_b_stays_with_a() -> None:
    cam = camera()
    cam.look_at(900, 300, 2.0)
    for side in (None, *Side):
        before = cam.centre
        cam.pan(30, -8, side)
        assert cam.centre == before - QPointF(15, -4)
        assert cam.offset == QPointF()


def test_while_not_linked_each_picture_is_moved_alone() -> None:
    cam = camera()
    cam.look_at(900, 300, 2.0)
    cam.set_linked(False)
    cam.pan(30, -8, Side.B)
    assert cam.centre == QPointF(900, 300)
    assert cam.offset == QPointF(15, -4)
    b_before = cam.lens(cam.offset).to_view(1000, 350, VIEW)
    cam.pan(12, 40, Side.A)
    assert cam.centre == QPointF(900 - 6, 300 - 20)
    assert cam.lens(cam.offset).to_view(1000, 350, VIEW) == b_before  # it has not moved
    apart = cam.offset
    cam.pan(-9, 5, Side.DIFFERENCE)
    assert cam.offset == apart  # the difference is moved with both


def test_what_is_moved_is_seen_elsewhere_by_as_much() -> None:
    cam = camera()
    cam.look_at(900, 300, 3.0)
    lens = cam.lens(QPointF(7, -2))
    assert lens.to_view(100, 200, VIEW) == cam.to_view(107, 198, VIEW)
    point = QPointF(31, 77)
    assert close(lens.to_canvas(point, VIEW), cam.to_canvas(point, VIEW) - QPointF(7, -2), 1e-9)
