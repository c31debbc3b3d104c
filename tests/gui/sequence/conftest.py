"""A window with a sequence in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.sequence.events import Wanted
from tests.cli.shots import film

if TYPE_CHECKING:
    from pathlib import Path

    from core.buffer import ImageBuffer
    from gui.main_window import MainWindow
    from gui.sequence.sequences import Sequences
    from tests.gui.driver import Driver


class Projector:
    """Opens sequences in a driven window, and waits for what is shown of them."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    @property
    def window(self) -> MainWindow:
        return self.driver.window

    @property
    def sequences(self) -> Sequences:
        sequences: Sequences = self.driver.window.sequences
        return sequences

    def open(self, a: Path | str, b: Path | str = "", **more: object) -> None:
        """Open a sequence and wait until its first frame is compared."""
        self.sequences.open(Wanted(str(a), str(b), **more))  # type: ignore[arg-type]  # by name
        self.driver.until(lambda: self.sequences.loaded is not None, f"{a} is not opened")
        self.driver.until(lambda: self.sequences.viewing.shown is not None, "no frame is shown")
        if self.window.controller.session.complete:
            self.driver.answer()

    def rest(self) -> None:
        """Wait until all frames were looked at."""
        for _ in range(3):  # what arrives may ask for more
            self.driver.until(
                lambda: self.sequences.idle and self.window.desk.idle, "the pass does not end"
            )
            self.driver.rest()

    def at(self, index: int) -> ImageBuffer:
        """Wait until a frame is shown, and compared if there is anything to, and return it."""
        self.driver.until(lambda: self._shown(index), f"frame {index} is not shown")
        if self.window.controller.session.complete:
            self.driver.answer()
        a = self.window.controller.session.a
        assert a is not None
        return a

    def _shown(self, index: int) -> bool:
        shown = self.sequences.viewing.shown
        return shown is not None and shown.index == index and self.sequences.reel.idle

    def errors(self) -> list[str]:
        """Return the sentences that are shown."""
        return [card.text for card in self.window.parts.notices.cards()]


@pytest.fixture
def projector(driver: Driver) -> Projector:
    """Return one for a window without pictures."""
    return Projector(driver)


@pytest.fixture(scope="session")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 40 frames; a square moves through those of `tests.cli.shots.THERE`."""
    path: Path = film(tmp_path_factory.mktemp("movie") / "film.mkv", range(40))
    return path
