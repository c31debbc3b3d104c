"""The window goes on whatever a file does to the process that reads it."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from core.io import Limits
from core.io.isolation import pool as pools
from core.io.isolation.pool import Pool
from core.io.isolation.process import living
from core.render import Side
from tests.gui.numbers import engine, shown
from tests.misbehaving import BOOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Let workers misbehave as the names of files say; there are no others."""
    pools.default().close()
    made = Pool(BOOT)
    monkeypatch.setattr(pools, "_default", made)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "signal", "words"),
    [
        ("crash.png", 0, "The decoder crashed while it read “crash.png”"),
        ("grow.png", 0, "Reading “grow.png” took more memory than is allowed"),
        ("hang.png", 11, "The decoder crashed while it read “hang.png”"),
        ("hang.png", 9, "Reading “hang.png” took more memory than is allowed or there is"),
    ],
)
def test_a_worker_that_dies_costs_one_sentence(
    driver: Driver, pool: Pool, pair: Pair, name: str, signal: int, words: str
) -> None:
    driver.open(*pair)
    numbers, title = shown(driver), driver.window.windowTitle()
    colour = driver.colour(Side.B, 60, 100)
    bad = pair[0].with_name(name)
    bad.write_bytes(pair[1].read_bytes())
    driver.controller.open_pair(None, str(bad))
    if signal:
        # A worker that is gone before it is asked costs nothing: the question goes elsewhere.
        driver.until(bad.with_suffix(".begun").exists, "no worker reads")
        (worker,) = living() - set(pool.idle)
        os.kill(worker.pid, signal)
    driver.until(driver.sentences, "no sentence")
    driver.rest()
    (sentence,) = driver.sentences()
    assert sentence.startswith(words)
    assert (shown(driver), driver.window.windowTitle()) == (numbers, title)
    assert driver.colour(Side.B, 60, 100) == colour
    driver.open(pair[1], pair[0])
    assert shown(driver) == engine(driver, (pair[1], pair[0]))
    assert not driver.sentences()


def test_a_newer_opening_ends_one_that_hangs(driver: Driver, pool: Pool, pair: Pair) -> None:
    hanging = pair[0].with_name("hang.png")
    hanging.write_bytes(pair[0].read_bytes())
    driver.controller.open_pair(str(hanging), str(hanging))
    driver.until(lambda: len(living() - set(pool.idle)) == 1, "no worker reads")
    driver.open(*pair)
    assert shown(driver) == engine(driver, pair)
    assert not driver.sentences()
    driver.until(lambda: not living() - set(pool.idle), "the one that hangs is left")


def test_closing_the_window_ends_a_reading_that_hangs(driver: Driver, pair: Pair) -> None:
    hanging = pair[0].with_name("hang.png")
    hanging.write_bytes(pair[0].read_bytes())
    driver.controller.open_pair(str(hanging), None)
    driver.until(living, "no worker reads")
    driver.window.close()  # waits for no reader: it ends a moment later

    def left() -> list[str]:
        return [t.name for t in threading.enumerate() if t.name.startswith("pairlens-")]

    driver.until(lambda: not living() and not left(), "something is left")


def test_a_time_that_is_up(driver: Driver, pair: Pair) -> None:
    hanging = pair[0].with_name("hang.png")
    hanging.write_bytes(pair[0].read_bytes())
    driver.open(*pair)
    files = driver.controller.files
    files.how = files.how._replace(limits=Limits(seconds=0.4))
    driver.controller.open_pair(str(hanging), None)
    driver.until(driver.sentences, "no sentence")
    assert driver.sentences()[0].startswith("Reading “hang.png” was given up after the 0.4 seconds")
    driver.rest()
    assert shown(driver) == engine(driver, pair)
