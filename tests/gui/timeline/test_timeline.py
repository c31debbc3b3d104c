"""The whole timeline: what it tells, and what it shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.sequence.events import Event
from gui import theme
from gui.timeline.curves import Curve
from tests.gui.timeline.mouse import LEFT, Mouse, heard

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.timeline.timeline import Timeline

SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = Qt.MouseButton.MiddleButton


def x_of(timeline: Timeline, frame: float) -> float:
    return timeline.tracks.axis.x_of(frame)


def lanes(timeline: Timeline):
    tracks = timeline.tracks
    return {"filmstrip": tracks.filmstrip, "ruler": tracks.ruler, "curves": tracks.curves}


@pytest.mark.parametrize("name", ["filmstrip", "ruler", "curves"])
def test_dragging_anywhere_seeks_and_the_last_word_is_the_release(timeline, name) -> None:
    timeline.show_curves((Curve("a", "a", "", 0, [0.0] * 900),))
    told = heard(timeline.sought)
    mouse = Mouse(lanes(timeline)[name])
    mouse.press((x_of(timeline, 100), 5))
    for frame in (200, 200, 300):
        mouse.move((x_of(timeline, frame), 25), Qt.MouseButton.LeftButton)
        assert timeline.frame == frame
    mouse.release((x_of(timeline, 300), 5))
    mouse.move((x_of(timeline, 700), 5))
    assert told == [(100, True), (200, True), (300, True), (300, False)]
    assert timeline.transport.frame.value() == 300
    assert timeline.transport.time.text() == "00:12.000"


def test_beyond_the_ends_lie_the_first_and_the_last_frame(timeline) -> None:
    told = heard(timeline.sought)
    mouse = Mouse(timeline.tracks.ruler)
    mouse.click((3, 5))
    mouse.click((timeline.width() - 1, 5))
    assert [frame for frame, _ in told] == [0, 0, 899, 899]


def test_what_is_shown_late_does_not_take_the_playhead_from_the_mouse(timeline) -> None:
    mouse = Mouse(timeline.tracks.ruler)
    mouse.press((x_of(timeline, 400), 5))
    timeline.show_frame(12)
    assert timeline.frame == 400
    mouse.release((x_of(timeline, 400), 5))
    timeline.show_frame(12, "film.mp4 #13")
    assert timeline.frame == 12
    assert timeline.transport.frame.toolTip() == "film.mp4 #13"


def test_showing_tells_nothing(timeline) -> None:
    signals = (
        timeline.sought, timeline.range_changed, timeline.offset_changed, timeline.against_chosen,
        timeline.loop_changed, timeline.speed_changed, timeline.curves_chosen,
    )  # fmt: skip
    told = [heard(signal) for signal in signals]
    timeline.show_frame(17)
    timeline.show_range((4, 9))
    timeline.show_offset(-3)
    timeline.show_against((("previous", "Previous"), ("first", "First")), "first")
    timeline.show_loop(True)
    timeline.show_speed(0.5)
    timeline.show_curve_choices((("a", "A"), ("b", "B")), ("b",))
    timeline.show_length(20, None, None)
    assert told == [[]] * len(signals)
    assert timeline.transport.against.value() == "first"
    assert timeline.transport.speed.value() == "0.5"
    assert timeline.transport.offset.text() == "B -3"


def test_the_wheel_zooms_about_the_mouse_and_pans_with_shift(timeline) -> None:
    mouse, at = Mouse(timeline.tracks.curves), (LEFT + 700, 5)
    before = timeline.tracks.axis
    mouse.turn(at, 4)
    closer = timeline.tracks.axis
    assert closer.span == pytest.approx(before.span / 1.25**4)
    assert closer.place_at(at[0]) == pytest.approx(before.place_at(at[0]))
    mouse.turn(at, -1, SHIFT)  # towards what comes later
    assert timeline.tracks.axis.start > closer.start
    assert timeline.tracks.axis.span == pytest.approx(closer.span)
    assert all(lane.axis == timeline.tracks.axis for lane in timeline.tracks.lanes[:4])
    mouse.double_click(at)
    assert timeline.tracks.axis == before


def test_the_middle_button_drags_the_axis(timeline) -> None:
    mouse = Mouse(timeline.tracks.filmstrip)
    mouse.turn((LEFT + 500, 5), 10)
    before, told = timeline.tracks.axis, heard(timeline.sought)
    mouse.press((400, 5), MIDDLE)
    mouse.move((460, 5), MIDDLE)
    mouse.release((460, 5), MIDDLE)
    mouse.move((600, 5))
    after = timeline.tracks.axis
    assert after.place_at(460) == pytest.approx(before.place_at(400))
    assert not told


def test_the_overview_shows_and_moves_what_is_seen(timeline) -> None:
    tracks = timeline.tracks
    Mouse(tracks.ruler).turn((LEFT, 5), 10)
    span, scale = tracks.axis.span, tracks.overview.axis.scale
    assert tracks.axis.start == -0.5
    assert tracks.overview.axis.is_whole
    mouse = Mouse(tracks.overview)
    mouse.press((LEFT + 20, 5))  # inside of the part that is seen
    mouse.move((LEFT + 320, 5), Qt.MouseButton.LeftButton)
    mouse.release((LEFT + 320, 5))
    assert tracks.axis.start == pytest.approx(-0.5 + 300 / scale)
    assert tracks.axis.span == pytest.approx(span)
    mouse.click((LEFT + 900, 5))
    assert (tracks.axis.start + tracks.axis.end) / 2 == pytest.approx(899.5 * 0.9, abs=1)


def test_the_axis_follows_the_playhead(timeline) -> None:
    Mouse(timeline.tracks.ruler).turn((LEFT, 5), 10)
    span = timeline.tracks.axis.span
    timeline.show_playing(True)
    for frame in range(0, 900, 7):
        timeline.show_frame(frame)
        assert timeline.tracks.axis.sees(frame)
    assert timeline.tracks.axis.span == pytest.approx(span)


def test_keys_step_jump_and_zoom(timeline) -> None:
    steps, told = heard(timeline.step_wanted), heard(timeline.sought)
    timeline.setFocus()
    for key, keys in (
        (Qt.Key.Key_Right, None),
        (Qt.Key.Key_Left, SHIFT),
        (Qt.Key.Key_Right, SHIFT),
    ):
        QTest.keyClick(timeline.tracks, key, keys or Qt.KeyboardModifier.NoModifier)
    assert steps == [1, -10, 10]
    QTest.keyClick(timeline.tracks, Qt.Key.Key_End)
    QTest.keyClick(timeline.tracks, Qt.Key.Key_Home)
    assert told == [(899, False), (0, False)]
    QTest.keyClick(timeline.tracks, Qt.Key.Key_Up)
    assert timeline.tracks.axis.span == pytest.approx(600)
    QTest.keyClick(timeline.tracks, Qt.Key.Key_Down)
    assert timeline.tracks.axis.is_whole


def test_a_range_is_chosen_and_cleared(timeline) -> None:
    told = heard(timeline.range_changed)
    timeline.set_range(700, 100)
    timeline.set_range(100, 700)  # as it is
    timeline.set_range(-5, 5000)
    timeline.clear_range()
    timeline.clear_range()
    assert told == [(100, 700), (0, 899), None]


def test_a_sequence_that_grows_keeps_what_is_seen(timeline) -> None:
    timeline.show_length(1000, None, 25.0)
    assert timeline.tracks.axis.is_whole
    Mouse(timeline.tracks.ruler).turn((LEFT + 300, 5), 8)
    seen = timeline.tracks.axis
    timeline.show_length(1200, None, 25.0)
    assert (timeline.tracks.axis.start, timeline.tracks.axis.end) == (seen.start, seen.end)
    timeline.forget_thumbnails()  # another one begins
    assert timeline.tracks.axis.is_whole
    Mouse(timeline.tracks.ruler).turn((LEFT + 300, 5), 8)
    timeline.show_frame(1100)
    timeline.show_range((1000, 1150))
    timeline.show_length(50, None, 25.0)  # another one
    assert timeline.tracks.axis.is_whole
    assert timeline.frame == 49
    assert timeline.tracks.range is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_frames_are_a_sequence_too(timeline, count) -> None:
    timeline.show_length(count, None, None)
    timeline.show_curves((Curve("a", "a", "", 0, [0.5] * count),))
    told = heard(timeline.sought)
    mouse = Mouse(timeline.tracks.ruler)
    mouse.turn((LEFT + 400, 5), 20)
    mouse.click((LEFT + 999, 5))
    assert told[-1] == (count - 1, False)
    assert not timeline.grab().isNull()


def test_times_are_those_given(timeline) -> None:
    timeline.show_length(3, [0.0, 0.25, 4.68], 25.0)
    timeline.show_frame(2)
    assert timeline.transport.time.text() == "00:04.680"
    assert timeline.words_of(2) == "frame 2 · 00:04.680"
    timeline.show_length(3, None, None)
    assert timeline.words_of(2) == "frame 2"
    assert timeline.transport.time.isHidden()


def test_everything_is_painted_anew_in_other_colours(timeline, qapp: QApplication) -> None:
    timeline.show_curves((Curve("a", "a", "", 0, [0.5, math.nan, 0.9] * 300),))
    timeline.show_events([Event("cut", 100, 100, 4.0, 4.0, 1, math.nan, "Cut.")])
    before = {lane: lane.grab().toImage() for lane in timeline.tracks.lanes}
    theme.apply(qapp, "light")
    for lane, image in before.items():
        assert lane.grab().toImage() != image


def test_everything_has_a_name(timeline) -> None:
    bar = timeline.transport
    controls = (
        *bar.buttons.values(), bar.speed, bar.frame, bar.offset, bar.against, bar.curves,
        bar.menu_button, bar.progress.cancel, bar.progress.bar, *timeline.tracks.lanes,
        timeline.tracks,
    )  # fmt: skip
    assert all(control.accessibleName() for control in controls)
