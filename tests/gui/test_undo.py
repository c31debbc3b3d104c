"""When changes are one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

from core.difference import DifferenceParams
from core.settings import Settings
from core.stages.blur import BlurParams
from gui.undo import QUIET_MS, Undo, merge_word

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BLUR = BlurParams(enabled=True, sigma=1.0)


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (BLUR.replace(sigma=2.0), "blur.sigma"),
        (BLUR.replace(enabled=False), ""),  # a switch
        (BLUR.replace(method="median"), ""),  # a choice
        (BLUR.replace(sigma=2.0, enabled=False), ""),  # more than one
        (BLUR, ""),
    ],
)
def test_only_a_number_that_changes_by_itself_is_merged(after: BlurParams, word: str) -> None:
    assert merge_word(BLUR, after) == word


def pushed(undo: Undo, *sigmas: float) -> None:
    for sigma in sigmas:
        undo.push(Settings([BLUR.replace(sigma=sigma)]), "blur.sigma")


def test_a_run_is_one_step_and_a_pause_ends_it(qtbot: QtBot) -> None:
    undo = Undo(Settings([BLUR]))
    pushed(undo, 2.0, 3.0)
    QTest.qWait(QUIET_MS + 100)
    pushed(undo, 4.0, 5.0)
    undo.undo()
    assert undo.current[BlurParams].sigma == 3.0
    undo.undo()
    assert undo.current[BlurParams].sigma == 1.0


def test_no_pause_ends_a_run_of_which_more_is_on_its_way(qtbot: QtBot) -> None:
    undo = Undo(Settings([BLUR]))
    pushed(undo, 2.0)
    undo.hold()
    QTest.qWait(QUIET_MS + 100)
    pushed(undo, 3.0)
    QTest.qWait(QUIET_MS + 100)  # now it may end
    pushed(undo, 4.0)
    undo.undo()
    assert undo.current[BlurParams].sigma == 3.0
    undo.undo()
    assert undo.current[BlurParams].sigma == 1.0


def test_settle_ends_a_run_at_once(qtbot: QtBot) -> None:
    undo = Undo(Settings([BLUR]))
    pushed(undo, 2.0)
    undo.settle()
    pushed(undo, 3.0)
    undo.undo()
    assert undo.current[BlurParams].sigma == 2.0


def test_another_number_ends_a_run(qtbot: QtBot) -> None:
    undo = Undo(Settings([BLUR]))
    pushed(undo, 2.0)
    undo.push(undo.current.replacing(DifferenceParams(tolerance=3.0)), "difference.tolerance")
    undo.undo()
    assert undo.current == Settings([BLUR.replace(sigma=2.0)])


def test_a_drag_back_to_where_it_began_leaves_nothing_to_undo(qtbot: QtBot) -> None:
    undo = Undo(Settings([BLUR]))
    told: list[tuple[bool, bool]] = []
    undo.changed.connect(lambda *state: told.append(state))
    pushed(undo, 2.0, 1.0)
    assert told == [(True, False), (False, False)]


def test_it_tells_what_can_be_done(qtbot: QtBot) -> None:
    undo = Undo(Settings())
    told: list[tuple[bool, bool]] = []
    undo.changed.connect(lambda *state: told.append(state))
    undo.push(Settings([BLUR]))
    undo.undo()
    undo.redo()
    assert told == [(True, False), (False, True), (True, False)]
    undo.undo()
    undo.push(Settings([BLUR.replace(sigma=9.0)]))
    assert told[-1] == (True, False)  # what was undone is forgotten
