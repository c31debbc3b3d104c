"""What stands out, on the pictures of a sequence: of the frame that is seen, and of no other."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from core.render import Side
from core.sequence import standing as core_standing
from core.sequence.glimpse import glimpse
from core.sequence.params import Against, SequenceParams
from core.sequence.standing import Standing
from core.sequence.survey import survey
from core.types import Rect
from gui.sequence.events import Shown, Soon
from gui.views.modes import Mode
from tests.cli.shots import THERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector

PARAMS = SequenceParams(against=Against.BACKGROUND, window=10, k=6.0, min_area=9)


@pytest.fixture
def watched(projector: Projector, movie: Path) -> Projector:
    """Return one with a film whose frames were all compared with the background."""
    projector.open(movie, params=PARAMS)
    projector.rest()
    return projector


def drawn(projector: Projector) -> Standing | None:
    """Return what is drawn, which is the same in all panes."""
    panes = {id(p.standing.drawn): p.standing.drawn for p in projector.window.parts.view._panes}
    (one,) = panes.values()
    assert (one.standing if one else None) is projector.window.desk.standing.drawn
    return None if one is None else one.standing


def go(projector: Projector, index: int) -> Standing | None:
    projector.sequences.viewing.go_to(index)
    projector.at(index)
    projector.rest()
    return drawn(projector)


def grabs(projector: Projector) -> list[QImage]:
    return [pane.grab().toImage() for pane in projector.window.parts.view.panes]


def test_each_frame_shows_its_own(watched: Projector) -> None:
    for index in (22, 3, 24, 20, 30):
        found = go(watched, index)
        if index not in THERE:
            assert found is None
            continue
        assert found is not None
        assert found.index == index
        at = 5 + 7 * (index % 6)  # where `shots` puts the square
        (thing,) = found.things
        assert thing.rect == Rect(20, at, 6, 6)
        places = [(22.5 + 0.5, 2.5 + 0.5 + 5 + 7 * (i % 6)) for i in THERE if i <= index]
        assert thing.tail[-1] == (0, places[-1])
        assert found.mask is not None
        square = np.zeros((48, 64), bool)
        square[20:26, at : at + 6] = True
        square[[20, 20, 25, 25], [at, at + 5, at, at + 5]] = False  # specks are taken out before
        assert np.array_equal(found.mask > 0, square)
        assert ((20, at + 1), (20, at + 5)) in found.edges


def test_it_is_painted_on_a_and_on_the_difference(watched: Projector) -> None:
    go(watched, 22)
    switch = watched.window.actions_by_id["standing"]
    assert switch.isChecked()
    with_it, inside = grabs(watched), watched.driver.colour(Side.A, 21, 34)
    watched.driver.key(Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert not switch.isChecked()
    assert drawn(watched) is None
    plain, bare = grabs(watched), watched.driver.colour(Side.A, 21, 34)
    assert [a != b for a, b in zip(with_it, plain, strict=True)] == [True, False, True]
    assert inside[0] > bare[0]  # the tint is pink
    assert inside[1] < bare[1]
    watched.driver.key(Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    watched.rest()
    assert drawn(watched) is not None
    assert grabs(watched) == with_it


def test_where_nothing_stands_out_nothing_is_painted(watched: Projector) -> None:
    go(watched, 30)
    before = grabs(watched)
    watched.window.actions_by_id["standing"].trigger()
    watched.rest()
    assert grabs(watched) == before


def test_b_alone_shows_none_of_it(watched: Projector) -> None:
    go(watched, 22)
    watched.window.parts.view.set_mode(Mode.B)
    watched.rest()
    (with_it,) = grabs(watched)
    watched.window.actions_by_id["standing"].trigger()
    assert grabs(watched) == [with_it]


def test_it_comes_when_the_pass_comes_by(
    projector: Projector, movie: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def patiently(question, archive, token, **more):
        while not go_on.wait(0.005):
            token.check()
        yield from survey(question, archive, token, **more)

    monkeypatch.setattr("gui.sequence.jobs.survey", patiently)
    projector.open(movie, params=PARAMS)
    projector.sequences.viewing.go_to(23)
    projector.at(23)
    projector.driver.until(lambda: projector.window.desk.idle, "it is looked up for ever")
    assert drawn(projector) is None
    go_on.set()
    projector.driver.until(lambda: drawn(projector) is not None, "it does not come")
    found = drawn(projector)
    assert found is not None
    assert found.index == 23
    projector.rest()


def test_it_follows_glimpses_too_and_comes_back(watched: Projector) -> None:
    assert go(watched, 22) is not None
    viewing = watched.sequences.viewing
    viewing.glimpsed.emit(Soon(30, ()))  # none is there: the frame stays on the screen
    assert drawn(watched) is not None
    viewing.glimpsed.emit(Soon(24, (object(),)))  # type: ignore[arg-type]  # only counted
    assert drawn(watched) is None
    watched.driver.until(lambda: drawn(watched) is not None, "none of the glimpse")
    found = drawn(watched)
    assert found is not None
    assert found.index == 24


def test_what_was_handed_over_is_not_marked_before_it_is_on_the_screen(
    watched: Projector,
) -> None:
    first = go(watched, 22)
    assert first is not None
    desk, viewing = watched.window.desk, watched.sequences.viewing
    shown = viewing.shown
    assert shown is not None
    viewing.frame_changed.emit(Shown(24, shown.frame, shown.companion))
    watched.driver.until(lambda: desk.standing.idle, "it is looked up for ever")
    for _ in range(3):
        watched.driver.rest()
    assert drawn(watched) is first  # the screen shows frame 22
    watched.window.controller.picture_ready.emit(_picture(watched), False)
    found = drawn(watched)
    assert found is not None
    assert found.index == 24


def _picture(projector: Projector) -> object:
    """Return a picture like those that the window has got."""
    a = projector.window.controller.session.a
    assert a is not None
    return glimpse(Side.A, np.ascontiguousarray(a.data), a.shape)


def test_answers_for_another_frame_are_not_shown(
    watched: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, asked = threading.Event(), []

    def slowly(archive, index, shape, token):
        asked.append(index)
        while index == 22 and not held.wait(0.002):
            token.check()
        return core_standing.standing(archive, index, shape, token)

    monkeypatch.setattr("gui.sequence.standing.standing", slowly)
    watched.sequences.viewing.go_to(22)
    watched.at(22)
    watched.driver.until(lambda: 22 in asked, "nobody asks")
    assert drawn(watched) is None
    watched.sequences.viewing.go_to(24)
    watched.at(24)
    watched.driver.until(lambda: drawn(watched) is not None, "none of the newest")
    held.set()
    watched.rest()
    found = drawn(watched)
    assert found is not None
    assert found.index == 24


def test_playing_shows_it_frame_by_frame(watched: Projector) -> None:
    go(watched, 19)
    seen: list[tuple[int, int]] = []
    standing, viewing = watched.window.desk.standing, watched.sequences.viewing

    def look(*_: object) -> None:
        shown = drawn(watched)
        if shown is not None and standing._seen is not None:
            seen.append((shown.index, standing._seen))

    for signal in (watched.window.controller.previewed, standing._bridge.received):
        signal.connect(look)
    viewing.play_with(speed=0.5)
    viewing.toggle()
    watched.driver.until(lambda: not viewing.player.playing, "it does not end")
    watched.rest()
    assert all(drawn_index == seen_index for drawn_index, seen_index in seen)
    assert seen
    assert {index for index, _ in seen} <= set(THERE)
    assert drawn(watched) is None  # it ends where nothing is


def test_other_parameters_take_it_away(watched: Projector) -> None:
    assert go(watched, 22) is not None
    watched.sequences.set_params(PARAMS.replace(against=Against.PREVIOUS))
    watched.rest()
    assert drawn(watched) is None
    watched.sequences.set_params(PARAMS.replace(min_area=37))  # more than the square has
    watched.rest()
    found = drawn(watched)
    assert found is None or not found.things
    watched.sequences.set_params(PARAMS)
    watched.rest()
    found = drawn(watched)
    assert found is not None
    assert len(found.things) == 1


def test_it_goes_with_the_sequence_and_with_a_frame_that_is_not_there(
    watched: Projector,
) -> None:
    assert go(watched, 22) is not None
    shown = watched.sequences.viewing.shown
    assert shown is not None
    empty = replace(shown.frame, image=None, problem="It is broken.")
    watched.sequences.viewing.frame_changed.emit(Shown(23, empty, shown.companion))
    assert drawn(watched) is None
    assert go(watched, 24) is not None
    watched.window.actions_by_id["close_sequence"].trigger()
    assert drawn(watched) is None
    assert not watched.window.actions_by_id["standing"].isEnabled()


def test_the_tint_is_where_the_foreground_is_at_every_zoom(watched: Projector) -> None:
    go(watched, 22)
    view = watched.window.parts.view
    view.set_mode(Mode.A)
    for zoom in ("fit", "near"):
        view.go_to(Rect(18, 30, 12, 12), 0.9) if zoom == "near" else view.fit()
        watched.rest()
        (with_it,) = (pane.grab().toImage() for pane in view.panes)
        watched.window.actions_by_id["standing"].trigger()
        watched.rest()
        (plain,) = (pane.grab().toImage() for pane in view.panes)
        watched.window.actions_by_id["standing"].trigger()
        watched.rest()
        place = view.camera.to_view
        at = 5 + 7 * (22 % 6)
        for row, col, tinted in ((24.8, at + 4.9, True), (24.8, at + 9.5, False)):
            x, y = place(col, row, view.panes[0].view).toPoint().toTuple()
            assert (with_it.pixelColor(x, y) != plain.pixelColor(x, y)) is tinted
