"""Small pictures along the axis: where they stand, and which are asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from gui.timeline import filmstrip
from gui.timeline.axis import Axis
from gui.timeline.preview import SIDE, Preview
from tests.gui.conftest import OFFSCREEN
from tests.gui.timeline.mouse import LEFT, Mouse, heard

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.timeline.timeline import Timeline


def picture(colour="#00ff00", width=160, height=90) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


@pytest.fixture
def strip(timeline: Timeline, qtbot: QtBot):
    told = heard(timeline.thumbnails_wanted)
    timeline.forget_thumbnails()
    qtbot.waitUntil(lambda: bool(told))
    return timeline.tracks.filmstrip


def test_what_is_seen_is_asked_for_from_left_to_right(timeline, strip, qtbot) -> None:
    told = heard(timeline.thumbnails_wanted)
    timeline.forget_thumbnails()
    qtbot.waitUntil(lambda: bool(told))
    frames = [slot.frame for slot in strip.slots()]
    assert told[-1] == frames == sorted(set(frames))
    assert len(frames) > 5
    assert frames[0] < 900 / len(frames) < 900 - frames[-1] + 900 / len(frames)


def test_what_has_come_is_not_asked_for_again_and_what_is_new_is(timeline, strip, qtbot) -> None:
    known = {slot.frame for slot in strip.slots()}
    for frame in known:
        timeline.show_thumbnail(frame, picture())
    told = heard(timeline.thumbnails_wanted)
    Mouse(strip).turn((LEFT + 333, 10), 5)
    qtbot.waitUntil(lambda: bool(told))
    seen = [slot.frame for slot in strip.slots()]
    assert told[-1] == [frame for frame in seen if frame not in known]
    told.clear()
    timeline.resize(700, 300)
    qtbot.waitUntil(lambda: bool(told))
    assert set(told[-1]) == {slot.frame for slot in strip.slots()} - known


def test_frames_that_cannot_be_read_are_marked_and_not_asked_for(timeline, strip, qtbot) -> None:
    frame = strip.slots()[3].frame
    before = strip.grab().toImage()
    told = heard(timeline.thumbnails_wanted)
    timeline.show_missing([frame])
    qtbot.waitUntil(lambda: bool(told))
    assert frame not in told[-1]
    assert strip.grab().toImage() != before


def test_a_picture_is_painted_where_its_frame_is(timeline, strip) -> None:
    slot = strip.slots()[4]
    strip.grab()  # what is missing
    timeline.show_thumbnail(slot.frame, picture("#00ff00"))
    image = strip.grab().toImage()
    y = strip.height() // 2
    assert image.pixelColor(round(slot.x) + 3, y) == QColor("#00ff00")
    for other in (strip.slots()[3], strip.slots()[5]):
        assert image.pixelColor(round(other.x) + 3, y) != QColor("#00ff00")


@pytest.mark.parametrize(("width", "height"), [(400, 100), (90, 160), (100, 100)])
def test_pictures_keep_their_shape(timeline, strip, width, height) -> None:
    timeline.show_thumbnail(strip.slots()[0].frame, picture("#00ff00", width, height))
    slot = strip.slots()[2]  # the first picture says how wide they all are
    timeline.show_thumbnail(slot.frame, picture("#ff0000", width, height))
    image = strip.grab().toImage()
    red = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y) == QColor("#ff0000")
    ]
    wide = max(x for x, _ in red) - min(x for x, _ in red) + 1
    high = max(y for _, y in red) - min(y for _, y in red) + 1
    if any(abs(x - timeline.tracks.axis.x_of(0)) < 2 for x, _ in red):
        wide += 1  # under the playhead
    assert wide / high == pytest.approx(width / height, rel=0.06)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    count=st.integers(1, 100_000), factor=st.floats(1, 5000), share=st.floats(0, 1),
    pan=st.floats(-500, 500),
)  # fmt: skip
def test_pictures_do_not_overlap_and_stand_at_their_frames(
    timeline, count, factor, share, pan
) -> None:
    strip, axis = timeline.tracks.filmstrip, Axis.whole(count, 1000.0)
    axis = axis.zoomed(factor, LEFT + 1000 * share).panned(pan)
    strip.axis = axis
    slots = strip.slots()
    assert slots
    wide = strip._width()
    gaps = [b.x - a.x for a, b in pairwise(slots)]
    assert all(gap >= wide - 1e-6 for gap in gaps)
    assert all(gap == pytest.approx(gaps[0]) for gap in gaps)
    for slot in slots:
        assert 0 <= slot.frame < count
        beyond = slot.frame in (0, count - 1)
        exact = abs(axis.x_of(slot.frame) - slot.x) <= 1e-6
        rough = abs(axis.x_of(slot.frame) - slot.x) <= wide / 8
        assert exact or rough or beyond
    if count * wide < 900:  # there is room for all
        assert {slot.frame for slot in slots} == set(range(count))


def test_panning_shows_the_same_frames_and_only_new_ones_at_the_edge(timeline, strip) -> None:
    timeline.tracks.show_axis(timeline.tracks.axis.zoomed(6, LEFT + 500))
    before = [slot.frame for slot in strip.slots()]
    timeline.tracks.show_axis(timeline.tracks.axis.panned(-40))
    after = [slot.frame for slot in strip.slots()]
    assert len(set(before) & set(after)) >= len(before) - 1


def test_memory_is_bounded_and_what_is_seen_stays(timeline, strip, monkeypatch) -> None:
    monkeypatch.setattr(filmstrip, "MEMORY", 40 * picture().sizeInBytes())
    seen = {slot.frame for slot in strip.slots()}
    others = [frame for frame in range(200) if frame not in seen]
    for frame in [*seen, *others]:
        timeline.show_thumbnail(frame, picture())
    assert strip.known() == 40
    kept = {frame for frame in range(900) if frame in strip._images}
    assert seen <= kept
    assert set(others[-20:]) <= kept
    timeline.forget_thumbnails()
    assert strip.known() == 0


def test_large_pictures_are_kept_small(timeline, strip) -> None:
    timeline.show_thumbnail(5, picture(width=1920, height=1080))
    assert (strip._images[5].width(), strip._images[5].height()) == (SIDE, SIDE * 1080 // 1920)


@pytest.mark.qt_log_ignore(OFFSCREEN)
def test_the_mouse_enlarges_a_picture(timeline, strip) -> None:
    slot = strip.slots()[2]
    mouse = Mouse(strip)
    mouse.move((slot.x, 10))
    assert not strip.findChildren(Preview)  # nothing is known of it
    timeline.show_thumbnail(slot.frame, picture(width=288, height=162))
    mouse.move((slot.x + 2, 10))
    (preview,) = strip.findChildren(Preview)
    assert preview.isVisible()
    assert preview.words() == timeline.words_of(slot.frame)
    assert preview.width() >= 288
    assert preview.grab().toImage().pixelColor(150, 90) == QColor("#00ff00")
    mouse.leave()
    assert not preview.isVisible()
