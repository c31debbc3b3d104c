"""The bar of buttons and fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSpinBox, QWidget

from gui.timeline.pass_progress import progress_text
from gui.timeline.transport_bar import TransportBar
from tests.gui.timeline.mouse import heard


@pytest.fixture
def bar(window: QWidget) -> TransportBar:
    """Return a bar with all there can be."""
    made = TransportBar(window)
    made.resize(1500, 36)
    made.show()
    made.show_length(900, [i / 25 for i in range(900)])
    made.show_frame(117, 4.68)
    made.show_playing(True, "24 of 25 fps")
    made.show_offset(3)
    made.show_against((("previous", "Previous frame"), ("background", "Background")), "previous")
    made.show_pair_note("compared with frame 116")
    made.show_progress(412, 900, "58 fps", "analysing")
    made.show_curve_choices((("kl", "Histogram KL"), ("fg", "Foreground")), ("kl",))
    return made


def parts(bar: TransportBar) -> dict[str, QWidget]:
    return {
        **bar.buttons, "speed": bar.speed, "frame": bar.frame, "time": bar.time, "rate": bar.rate,
        "against": bar.against, "offset": bar.offset, "pair_note": bar.pair_note,
        "words": bar.progress_text, "progress": bar.progress, "curves": bar.curves,
        "menu": bar.menu_button,
    }  # fmt: skip


def shown(bar: TransportBar) -> set[str]:
    return {name for name, widget in parts(bar).items() if not widget.isHidden()}


def test_all_is_shown_where_there_is_room(bar) -> None:
    assert shown(bar) == set(parts(bar))
    assert bar.frame.text() == "frame 117 of 900"
    assert bar.time.text() == "00:04.680"
    assert bar.offset.text() == "B +3"
    assert bar.rate.text() == "24 of 25 fps"
    assert bar.pair_note.text() == "compared with frame 116"
    assert bar.progress_text.text() == "analysing 412 of 900 · 58 fps"
    assert bar.progress.bar.value() == 457


@pytest.mark.parametrize("width", [330, 500, 700, 900, 1100, 1228])
def test_nothing_is_cut_off_and_what_matters_stays(bar, width) -> None:
    bar.resize(width, 36)
    QTest.qWait(0)
    assert {"play", "frame", "menu"} <= shown(bar)
    seen = [widget for widget in parts(bar).values() if not widget.isHidden()]
    bar.layout().activate()
    for widget in seen:
        assert widget.geometry().right() < width
        if isinstance(widget, QSpinBox):
            field, text = widget.lineEdit(), widget.text()
            assert field.width() >= widget.fontMetrics().horizontalAdvance(text)
        if isinstance(widget, QLabel):
            assert widget.width() >= widget.sizeHint().width()
    if width >= 900:
        assert {"against", "offset", "curves", "progress", "loop", "back", "time"} <= shown(bar)


def test_less_is_shown_the_narrower_it_is(bar) -> None:
    before = shown(bar)
    for width in range(1400, 320, -60):
        bar.resize(width, 36)
        assert shown(bar) <= before
        before = shown(bar)
    bar.resize(1500, 36)
    assert shown(bar) == set(parts(bar))


def test_what_there_is_not_is_not_shown(window) -> None:
    bar = TransportBar(window)
    bar.resize(1500, 36)
    bar.show()
    assert shown(bar) == {
        "first", "event_previous", "back", "play", "forward", "event_next", "last", "loop",
        "speed", "frame", "menu",
    }  # fmt: skip
    bar.show_progress(1, None, "", "analysing")
    assert {"progress", "words"} <= shown(bar)
    bar.show_progress_done("900 frames analysed")
    assert shown(bar) & {"progress", "words"} == {"words"}
    bar.show_progress_done("")
    assert not shown(bar) & {"progress", "words"}


def test_buttons_tell(bar) -> None:
    signals = (bar.step_wanted, bar.frame_wanted, bar.loop_changed)
    steps, frames, loops = map(heard, signals)
    plays, cancels = [], []
    bar.play_toggled.connect(lambda: plays.append(1))
    bar.progress.cancel_wanted.connect(lambda: cancels.append(1))
    for name in ("back", "forward", "first", "last", "play", "loop"):
        bar.buttons[name].click()
    bar.progress.cancel.click()
    assert (steps, frames, loops, plays, cancels) == ([-1, 1], [0, 899], [True], [1], [1])


def test_the_ends_cannot_be_gone_to_twice(bar) -> None:
    bar.show_frame(0, 0.0)
    assert not bar.buttons["first"].isEnabled()
    assert bar.buttons["last"].isEnabled()
    bar.show_frame(899, 35.96)
    assert bar.buttons["first"].isEnabled()
    assert not bar.buttons["last"].isEnabled()


def test_a_number_is_typed(bar) -> None:
    told = heard(bar.frame_wanted)
    bar.frame.setFocus()
    bar.frame.selectAll()
    QTest.keyClicks(bar.frame, "25")
    assert not told  # not yet
    QTest.keyClick(bar.frame, Qt.Key.Key_Return)
    assert told == [25]


def test_choices_tell(bar) -> None:
    speeds, offsets = heard(bar.speed_changed), heard(bar.offset_changed)
    against = heard(bar.against_chosen)
    for index in range(bar.speed.count()):
        bar.speed.setCurrentIndex(index)
    bar.against.setCurrentIndex(1)
    bar.offset.setValue(-7)
    bar.offset.setValue(0)
    assert speeds == [0.25, 0.5, 1.0, 2.0, 4.0]
    assert against == ["background"]
    assert offsets == [-7, 0]
    assert bar.offset.text() == "B +0"


def test_curves_are_ticked(bar) -> None:
    told = heard(bar.curves.chosen)
    rows = bar.curves.actions_by_name()
    assert [name for name, row in rows.items() if row.isChecked()] == ["kl"]
    rows["fg"].trigger()
    rows["kl"].trigger()
    assert told == [("kl", "fg"), ("fg",)]
    bar.show_curve_choices((("kl", "Histogram KL"), ("fg", "Foreground")), ("kl",))
    assert rows["kl"].isChecked()
    assert not rows["fg"].isChecked()
    assert len(told) == 2


def test_play_and_pause_look_and_are_called_differently(bar) -> None:
    button = bar.buttons["play"]
    assert button.accessibleName() == "Pause"
    playing = button.grab().toImage()
    bar.show_playing(False, "")
    assert button.accessibleName() == "Play"
    assert button.grab().toImage() != playing
    assert bar.rate.isHidden()


@pytest.mark.parametrize(
    ("done", "total", "note", "text"),
    [(412, 900, "58 fps", "analysing 412 of 900 · 58 fps"), (3, None, "", "analysing 3"),
     (12_000, 20_000, "", "analysing 12,000 of 20,000")],
)  # fmt: skip
def test_progress_is_said(done, total, note, text) -> None:
    assert progress_text(done, total, note, "analysing") == text
