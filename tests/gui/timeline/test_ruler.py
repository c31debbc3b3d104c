"""The ruler, and the ends of the range on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui.timeline.mouse import Mouse, heard

LEFT_BUTTON = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


def drag(timeline, first, last, keys=Qt.KeyboardModifier.NoModifier) -> None:
    mouse = Mouse(timeline.tracks.ruler)
    mouse.press((first, 5), keys=keys)
    mouse.move(((first + last) / 2, 5), LEFT_BUTTON, keys)
    mouse.move((last, 5), LEFT_BUTTON, keys)
    mouse.release((last, 5), keys=keys)


def test_a_range_is_drawn_with_shift_in_either_direction(timeline) -> None:
    told, sought = heard(timeline.range_changed), heard(timeline.sought)
    x_of = timeline.tracks.axis.x_of
    drag(timeline, x_of(100), x_of(300), SHIFT)
    drag(timeline, x_of(500), x_of(450), SHIFT)
    assert told == [(100, 300), (450, 500)]
    assert all(lane.range == (450, 500) for lane in timeline.tracks.lanes)
    assert not sought


@pytest.mark.parametrize(
    ("end", "to", "wanted"),
    [(99.5, 50, (50, 300)), (300.5, 700, (100, 700)), (99.5, 400, (300, 400)),
     (300.5, 20, (20, 100))],
)  # fmt: skip
def test_an_end_is_dragged_also_past_the_other_one(timeline, end, to, wanted) -> None:
    timeline.show_range((100, 300))
    told, sought = heard(timeline.range_changed), heard(timeline.sought)
    drag(timeline, timeline.tracks.axis.x_of(end), timeline.tracks.axis.x_of(to))
    assert told == [wanted]
    assert not sought


def test_an_end_that_is_only_touched_stays(timeline) -> None:
    timeline.show_range((100, 300))
    told = heard(timeline.range_changed)
    Mouse(timeline.tracks.ruler).click((timeline.tracks.axis.x_of(99.5) + 2, 5))
    assert timeline.tracks.range == (100, 300)
    assert not told


def test_elsewhere_the_ruler_seeks(timeline) -> None:
    timeline.show_range((100, 300))
    told, sought = heard(timeline.range_changed), heard(timeline.sought)
    Mouse(timeline.tracks.ruler).click((timeline.tracks.axis.x_of(200), 5))
    assert sought == [(200, True), (200, False)]
    assert not told


def test_a_range_shades_what_is_outside(timeline) -> None:
    timeline.show_frame(899)
    ruler = timeline.tracks.curves
    plain = timeline.tracks.filmstrip.grab().toImage()
    timeline.show_range((300, 600))
    shaded = timeline.tracks.filmstrip.grab().toImage()
    x_of, y = timeline.tracks.axis.x_of, 20
    inside = [round(x_of(frame)) for frame in range(310, 590, 10)]
    outside = [round(x_of(frame)) for frame in (*range(10, 290, 10), *range(610, 880, 10))]
    assert all(plain.pixel(x, y) == shaded.pixel(x, y) for x in inside)
    assert sum(plain.pixel(x, y) != shaded.pixel(x, y) for x in outside) > len(outside) * 0.8
    assert ruler.range == (300, 600)


def test_the_ruler_says_where_the_playhead_is(timeline) -> None:
    before = timeline.tracks.ruler.grab().toImage()
    timeline.show_frame(450)
    after = timeline.tracks.ruler.grab().toImage()
    x = round(timeline.tracks.axis.x_of(450))
    changed = [c for c in range(before.width()) if before.pixel(c, 5) != after.pixel(c, 5)]
    assert any(abs(c - x) < 15 for c in changed)
    assert all(min(abs(c - x), abs(c - timeline.tracks.axis.x_of(0))) < 30 for c in changed)


@pytest.mark.parametrize("count", [1, 7, 900, 2_000_000])
def test_numbers_do_not_run_into_each_other(timeline, count) -> None:
    timeline.show_length(count, None, 25.0)
    for notches in (0, 10, 40):
        Mouse(timeline.tracks.ruler).turn((500, 5), notches)
        assert not timeline.tracks.ruler.grab().isNull()
