"""The whole window: each switch changes the numbers to exactly those of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from core import compare, open_image
from core.format import measure_text, number

if TYPE_CHECKING:
    from pathlib import Path

    from core.result import Result
    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]
STAGES = ("fit", "align", "gray", "normalize", "blur", "edges")


def numbers(result: Result) -> dict[str, str]:
    """Return label -> value as every part of the program writes it, without its unit."""
    return {
        m.label: measure_text(m).split(" ")[0] if m.unit == "share" else number(m.value)
        for m in result.measures.values()
    }


def shown(driver: Driver) -> dict[str, str]:
    return {label: value for label, (value, _) in driver.texts().items()}


def test_each_switch_shows_the_numbers_of_the_engine(driver: Driver, pair: Pair) -> None:
    a, b = open_image(pair[0]), open_image(pair[1])
    plain = numbers(driver.open(*pair))
    assert shown(driver) == plain == numbers(compare(a, b))
    for name in STAGES:
        before = driver.params(name).enabled
        driver.switch(name)
        driver.answer()
        assert driver.params(name).enabled is not before
        now = shown(driver)
        assert now == numbers(compare(a, b, driver.controller.session.settings)), name
        if name != "fit":  # the pictures have one size
            assert now != plain, name
        driver.switch(name)
        driver.answer()
        assert shown(driver) == plain, name
