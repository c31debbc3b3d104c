"""Motion over a sequence: of the frames that are seen, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.sequence.events import Soon

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector


def _is_of_what_is_seen(projector: Projector) -> bool:
    session, ready = projector.window.controller.session, projector.window.flowing._ready
    if session.a is None or session.b is None or ready is None:
        return False
    drawn = projector.window.parts.view._flow
    return ready.pair == (session.a.key, session.b.key) and (
        drawn is not None and drawn.shown is ready.shown
    )


def test_motion_follows_the_frames(projector: Projector, movie: Path) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    for index in (21, 5, 24):
        projector.sequences.viewing.go_to(index)
        projector.at(index)
        projector.driver.until(lambda: _is_of_what_is_seen(projector), f"none of {index}")


def test_motion_goes_with_the_first_glimpse_of_another_frame(
    projector: Projector, movie: Path
) -> None:
    projector.window.actions_by_id["motion"].setChecked(True)
    projector.open(movie)
    projector.sequences.viewing.go_to(2)
    projector.at(2)
    projector.driver.until(lambda: _is_of_what_is_seen(projector), "none")
    projector.sequences.viewing.glimpsed.emit(Soon(30, ()))
    assert projector.window.parts.view._flow is None
    projector.sequences.viewing.go_to(30)
    projector.at(30)
    projector.driver.until(lambda: _is_of_what_is_seen(projector), "it does not come back")
