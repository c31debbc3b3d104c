"""Work that waits while a person does something."""

from __future__ import annotations

import threading

import pytest

from core.errors import Cancelled
from core.types import Token
from gui.sequence.patience import Gate, PatientToken


def test_checks_pass_while_nobody_does_anything() -> None:
    token = PatientToken(Gate(), Token())
    token.check()
    assert not token.cancelled


def test_work_waits_for_the_gate_and_then_goes_on() -> None:
    gate = Gate()
    gate.touch()
    assert gate.closed
    PatientToken(gate, Token()).check()
    assert not gate.closed


@pytest.mark.parametrize("which", ["own", "other"])
def test_cancelling_ends_the_waiting(which: str) -> None:
    gate, other = Gate(), Token()
    token = PatientToken(gate, other)
    stop = threading.Event()

    def hold() -> None:
        while not stop.wait(0.01):
            gate.touch()

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        gate.touch()
        threading.Timer(0.05, (token if which == "own" else other).cancel).start()
        with pytest.raises(Cancelled):
            token.check()
        assert token.cancelled
    finally:
        stop.set()
        holding.join()
