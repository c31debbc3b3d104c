"""No wish for a sharp picture is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtTest import QTest

from core.render import Side
from core.types import Rect
from gui.bridge import Bridge
from gui.details import Details

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ONE, TWO = Rect(0, 0, 30, 50), Rect(20, 40, 30, 50)
Job = tuple[dict[Side, str], dict[Side, tuple[Rect, int]]]


class Desk:
    """Notes what would be rendered: (sources, wishes) of each job."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.cancelled = 0

    def submit(self, job: Any) -> None:
        self.jobs.append(job)

    def cancel(self) -> None:
        self.cancelled += 1


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> tuple[Details, Desk]:
    desk = Desk()
    monkeypatch.setattr("gui.work.rendering", lambda *job: tuple(map(dict, job)))
    details = Details(cast("Bridge", desk))
    details.serve(cast("Any", dict.fromkeys(Side, "now")))
    return details, desk


def test_wishes_of_one_turn_are_one_job(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    for side in Side:
        details.want(side, ONE, 1)
    QTest.qWait(5)
    assert at.jobs == [(dict.fromkeys(Side, "now"), dict.fromkeys(Side, (ONE, 1)))]


def test_a_newer_job_repeats_what_has_not_arrived(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    details.want(Side.A, ONE, 0)
    QTest.qWait(5)
    details.want(Side.B, ONE, 0)  # replaces the job for A
    QTest.qWait(5)
    assert set(at.jobs[1][1]) == {Side.A, Side.B}
    details.arrived(Side.A)
    details.want(Side.DIFFERENCE, ONE, 0)
    QTest.qWait(5)
    assert set(at.jobs[2][1]) == {Side.B, Side.DIFFERENCE}


def test_an_older_picture_does_not_meet_a_newer_wish(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    details.want(Side.A, ONE, 0)
    QTest.qWait(5)
    details.want(Side.A, TWO, 0)
    details.arrived(Side.A)  # that is ONE: the job for TWO has not been handed over yet
    QTest.qWait(5)
    assert at.jobs[1][1] == {Side.A: (TWO, 0)}


def test_other_sources_make_again_what_has_not_arrived(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    details.want(Side.A, ONE, 0)
    QTest.qWait(5)
    details.serve(cast("Any", {Side.A: "later"}))
    QTest.qWait(5)
    assert at.jobs[1] == ({Side.A: "later"}, {Side.A: (ONE, 0)})


def test_a_side_without_a_source_waits_for_one(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    details.serve({})
    details.want(Side.B, ONE, 2)
    QTest.qWait(5)
    assert at.jobs == []
    details.serve(cast("Any", {Side.B: "later"}))
    QTest.qWait(5)
    assert at.jobs == [({Side.B: "later"}, {Side.B: (ONE, 2)})]


def test_dropped_wishes_are_not_made(desk: tuple[Details, Desk]) -> None:
    details, at = desk
    details.want(Side.A, ONE, 0)
    details.drop()
    QTest.qWait(5)
    assert (at.jobs, at.cancelled) == ([], 1)
