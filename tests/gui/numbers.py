"""The numbers that a window shows, and those that it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import compare, open_image
from core.format import measure_text, number

if TYPE_CHECKING:
    from pathlib import Path

    from core.result import Result
    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]


def numbers(result: Result) -> dict[str, str]:
    """Return label -> value as every part of the program writes it, without its unit."""
    return {
        m.label: measure_text(m).split(" ")[0] if m.unit == "share" else number(m.value)
        for m in result.measures.values()
    }


def shown(driver: Driver) -> dict[str, str]:
    return {label: value for label, (value, _) in driver.texts().items()}


def engine(driver: Driver, pair: Pair) -> dict[str, str]:
    """Return the numbers of a comparison beside the window, from the files alone."""
    a, b = (open_image(path) for path in pair)
    return numbers(compare(a, b, driver.controller.session.settings))
