"""Large pictures in the window: their progress is shown, and Esc ends it."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from core.chunks import ChunkStore
from core.errors import ReadError
from core.io import limits
from core.types import Token
from gui import reads
from gui.events import ReadShare
from tests.gui.numbers import shown
from tests.make import photo, write_tiff

if TYPE_CHECKING:
    from pathlib import Path

    from core.buffer import ImageBuffer
    from tests.gui.driver import Driver


def test_progress_is_shown_and_escape_stops(
    driver: Driver, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(*pair)
    before, session = shown(driver), driver.controller.session
    asked: list[Token] = []

    def slow(_: str, *, token: Token, progress: Any, **__: Any) -> ImageBuffer:
        asked.append(token)
        progress(0.375)
        while True:
            token.check()
            threading.Event().wait(0.005)

    monkeypatch.setattr(reads, "open_image", slow)
    driver.controller.open_pair(None, str(pair[0]))
    bar, state = driver.parts.readout.progress, driver.parts.readout.state
    driver.until(lambda: bar.value() == 375, "no progress")
    assert bar.isVisible()
    assert state.text() == "opening…  Esc stops"
    driver.key(Qt.Key.Key_Escape)
    driver.rest()
    assert [token.cancelled for token in asked] == [True]
    assert not bar.isVisible()
    assert not driver.sentences()
    assert (shown(driver), driver.controller.session) == (before, session)


def test_a_pair_read_in_pieces_has_the_same_numbers(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = photo(300, 420, seed=2)
    b = a.copy()
    b[100:120, 377:400] ^= 32
    paths = write_tiff(tmp_path / "a.tif", a), write_tiff(tmp_path / "b.tif", b)
    driver.open(*paths)
    whole = shown(driver)
    monkeypatch.setattr(limits, "PIECES_FROM", 1000)
    driver.open(*paths)
    session = driver.controller.session
    stores = [p.store for p in (session.a, session.b) if p is not None]
    assert [isinstance(store, ChunkStore) for store in stores] == [True, True]
    assert shown(driver) == whole
    driver.key(Qt.Key.Key_1)
    driver.rest()
    assert not driver.sentences()
    for store in stores:
        store.close()


def test_what_tells_of_progress_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(reads, "time", SimpleNamespace(monotonic=lambda: now[0]))
    share, end = reads.Share(), threading.Event()
    steps = reads.following(end.wait, Token(), 10.0, "“a”", share)
    for done in (0.25, 0.5, 0.75):
        now[0] += 9.0
        share.tell(done)
        assert next(steps) == ReadShare(done)
    now[0] += 11.0
    with pytest.raises(ReadError, match="“a” could not be read within 10 seconds"):
        next(steps)
    end.set()
