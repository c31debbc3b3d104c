"""Motion while a sequence is played: of every frame that is shown; and which way it is shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import cv2
import pytest

from core.sequence.flow import flow_between
from core.sequence.params import Against, SequenceParams
from gui.flowing import EXACT, QUICK
from gui.sequence.viewing import Viewing
from tests.cli.shots import frame

if TYPE_CHECKING:
    from pathlib import Path

    from core.sequence.flow_shown import FlowShown
    from tests.gui.sequence.conftest import Projector


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let motion take longer than a frame is shown, and than the other work for it takes."""

    def late(a, b, token, *, preset):
        until = time.monotonic() + 0.25
        while time.monotonic() < until:
            token.check()
            time.sleep(0.005)
        return flow_between(a, b, token, preset=preset)

    monkeypatch.setattr("core.sequence.flow.flow_between", late)


def drawn(projector: Projector) -> FlowShown | None:
    """Return the motion that is drawn, if it is that of the pair that is compared."""
    window = projector.window
    session, ready, seen = window.controller.session, window.flowing._ready, window.parts.view._flow
    if ready is None or seen is None or session.a is None or session.b is None:
        return None
    own = ready.pair == (session.a.key, session.b.key) and seen.shown is ready.shown
    return ready.shown if own else None


def preset(projector: Projector):
    ready = projector.window.flowing._ready
    return None if ready is None else ready.sought.preset


def viewing(projector: Projector) -> Viewing:
    return projector.sequences.viewing


@pytest.mark.usefixtures("slow")
def test_every_frame_that_is_played_has_its_motion_and_the_last_the_exact_one(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    viewing(projector).go_to(2)
    projector.at(2)
    projector.driver.until(lambda: drawn(projector), "none before")
    assert preset(projector) is EXACT
    asked: list[int] = []
    had: list[tuple[int, bool, object]] = []
    at: list[bool] = []
    timeline = projector.window.parts.timeline

    def at_the_end_of_a_frame(index: int) -> None:
        shown = viewing(projector).shown
        assert shown is not None
        at.append(timeline.frame == shown.index)
        had.append((shown.index, drawn(projector) is not None, preset(projector)))
        asked.append(index)

    viewing(projector).player.wanted.connect(at_the_end_of_a_frame)
    viewing(projector).toggle()
    projector.driver.until(lambda: len(asked) > 4, "it does not play on")
    assert [index for index, _, _ in had[1:]] == asked[: len(had) - 1]
    assert all(there for _, there, _ in had)
    assert all(at)  # the playhead is where the pictures are, not where they will be
    assert [how for _, _, how in had[1:]] == [QUICK] * (len(had) - 1)
    viewing(projector).toggle()
    projector.at(asked[-1])
    projector.driver.until(
        lambda: drawn(projector) is not None and preset(projector) is EXACT, "never exact"
    )


@pytest.mark.usefixtures("slow")
def test_motion_is_there_all_the_time_and_always_of_the_frames_on_the_screen(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    viewing(projector).go_to(2)
    projector.at(2)
    projector.driver.until(lambda: drawn(projector), "none before")
    flowing, controller = projector.window.flowing, projector.window.controller
    screen: list[object] = [flowing._ready and flowing._ready.pair]
    painted: list[bool] = []

    def look() -> None:
        seen = flowing._drawn
        painted.append(seen is not None and seen[0].pair == screen[-1])

    def on_previewed() -> None:
        a, b = controller.session.a, controller.session.b
        assert a is not None
        assert b is not None
        screen.append((a.key, b.key))
        look()

    def sees_nine() -> bool:
        look()
        return len(screen) > 8

    controller.previewed.connect(on_previewed)
    viewing(projector).toggle()
    projector.driver.until(sees_nine, "it does not play on")
    viewing(projector).player.pause()
    assert all(painted)
    assert len(set(screen)) > 8


@pytest.mark.usefixtures("slow")
def test_a_frame_that_waits_for_its_motion_is_shown_when_it_is_paused(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    viewing(projector).toggle()
    projector.driver.until(lambda: viewing(projector)._held, "none waits")
    held = viewing(projector)._held
    assert held is not None
    assert viewing(projector).shown is not held
    viewing(projector).toggle()
    assert viewing(projector).shown is held
    projector.at(held.index)
    projector.driver.until(lambda: drawn(projector), "none")


@pytest.mark.usefixtures("slow")
def test_a_frame_that_waits_is_not_shown_once_the_sequence_is_closed(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    viewing(projector).toggle()
    projector.driver.until(lambda: viewing(projector)._held, "none waits")
    before = projector.window.controller.session
    projector.sequences.close()  # as when pictures are opened in its place
    projector.driver.until(lambda: projector.window.flowing.idle, "motion is found for ever")
    projector.driver.rest()
    assert projector.window.controller.session is before
    assert viewing(projector)._held is None


def test_what_is_shown_stays_until_the_exact_motion_is_there(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    flowing = projector.window.flowing
    flowing.hurry(True)
    viewing(projector).go_to(7)
    projector.at(7)
    projector.driver.until(lambda: drawn(projector), "none")
    quick = drawn(projector)
    assert preset(projector) is QUICK
    flowing.hurry(False)
    assert drawn(projector) is quick
    assert flowing.looking
    projector.driver.until(lambda: preset(projector) is EXACT, "never exact")
    exact = drawn(projector)
    assert exact not in (None, quick)
    flowing.hurry(True)  # nothing is to be found that is better
    assert not flowing.looking
    assert drawn(projector) is exact


@pytest.mark.usefixtures("slow")
def test_without_motion_nothing_waits_for_it(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    viewing(projector).play_with(span=(0, 9))
    viewing(projector).toggle()
    projector.driver.until(lambda: not viewing(projector).player.playing, "it stalls")
    assert projector.window.flowing._ready is None


def test_pictures_of_two_sizes_do_not_stall_it(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    for i in range(40):
        wide = cv2.resize(frame(i), (90, 48))
        cv2.imwrite(str(tmp_path / f"wide_{i:02}.png"), wide)
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie, tmp_path, offset=0)
    viewing(projector).play_with(span=(3, 12))
    viewing(projector).toggle()
    projector.driver.until(lambda: not viewing(projector).player.playing, "it stalls")
    projector.at(12)
    assert drawn(projector) is None
    assert not projector.window.flowing.looking


def test_motion_is_switched_on_and_off_while_it_plays(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    viewing(projector).go_to(2)
    projector.at(2)
    viewing(projector).play_with(loop=True)
    viewing(projector).toggle()
    shown: list[int] = []
    viewing(projector).player.wanted.connect(shown.append)
    for on in (True, False, True):
        projector.window.actions_by_id["motion"].trigger()
        now = len(shown)
        projector.driver.until(lambda now=now: len(shown) > now + 3, "it stalls")  # type: ignore[misc]  # mypy cannot infer a bound default
        assert (projector.window.flowing._asked is not None) is on
    viewing(projector).player.pause()


@pytest.mark.parametrize("against", [Against.PREVIOUS, Against.FIRST])
def test_motion_goes_on_in_time_where_a_is_the_later_frame(
    projector: Projector, movie: Path, against: Against
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie, params=SequenceParams(against=against))
    viewing(projector).go_to(21)
    projector.at(21)
    projector.driver.until(lambda: drawn(projector), "none")
    made = drawn(projector)
    assert made is not None
    before = 20 if against is Against.PREVIOUS else 0
    assert made.head(1).startswith(f"from frame {before} to frame 21 · full colour")
    assert made.quiver.ending


def test_frames_that_are_chosen_move_from_the_earlier_to_the_later(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    for one, other in ((22, 24), (24, 22)):
        viewing(projector).choose(one, other)
        projector.at(one)
        projector.driver.until(lambda: drawn(projector), "none")
        made = drawn(projector)
        assert made is not None
        assert made.course.words == "from frame 22 to frame 24"
        assert made.quiver.ending is (one == 24)


def test_two_sequences_and_pictures_move_from_a_to_b(projector: Projector, movie: Path) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie, movie, offset=2)
    viewing(projector).go_to(21)
    projector.at(21)
    projector.driver.until(lambda: drawn(projector), "none")
    made = drawn(projector)
    assert made is not None
    assert made.head(1).startswith("from A to B · ")
    assert not made.quiver.ending
