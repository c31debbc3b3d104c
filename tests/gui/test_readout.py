"""The status line."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from core.probe import Probe
from gui.readout import Readout

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def readout(qtbot: QtBot) -> Readout:
    made = Readout()
    qtbot.addWidget(made)
    return made


def plain(readout: Readout) -> str:
    text = unescape(re.sub("<[^>]*>", "", readout.values.text()))
    return " ".join(text.split())


def test_values_under_the_cursor(readout: Readout) -> None:
    names = ("R", "G", "B")
    probe = Probe(377, 1204, (118.0, 92.0, 60.0), (121.0, 95.5, 66.0), names, (3.0, 3.5, 6.0), 6.0)
    readout.show_probe(probe)
    assert plain(readout) == "x 1,204 y 377 A 118 92 60 B 121 95.5 66 Δ 3 3.5 6"


def test_where_a_picture_does_not_exist_there_is_a_dash(readout: Readout) -> None:
    readout.show_probe(Probe(1, 2, (7.0,), None, ("gray",), None, None))
    assert plain(readout) == "x 2 y 1 A 7 B – Δ –"


def test_no_picture_under_the_cursor(readout: Readout) -> None:
    assert plain(readout)  # a hint for the first look
    readout.show_nothing()
    assert plain(readout) == ""


def test_progress_gives_way_to_how_things_stand(readout: Readout) -> None:
    readout.show_progress(0.25, "comparing")
    assert not readout.progress.isHidden()
    assert readout.progress.value() == 250
    assert readout.state.text() == "comparing…  Esc stops"
    readout.show_state("They differ.")
    assert readout.progress.isHidden()
    assert readout.state.text() == "They differ."
