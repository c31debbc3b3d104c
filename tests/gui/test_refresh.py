"""Files that change while they are looked at, written as programs write them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from core import open_image
from gui import reads
from tests.gui.numbers import engine, shown
from tests.make import photo, with_patch, write_png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]
PIECES = 12


def in_place(path: Path, content: bytes) -> None:
    """Truncate, and write a moment later."""
    with path.open("wb") as f:
        time.sleep(0.1)
        f.write(content)


def renamed(path: Path, content: bytes) -> None:
    """Write another file and give it the name."""
    other = path.with_name("temporary name")
    other.write_bytes(content)
    other.replace(path)


def created_anew(path: Path, content: bytes) -> None:
    """Delete, and create a moment later."""
    path.unlink()
    time.sleep(0.1)
    path.write_bytes(content)


def in_bits(path: Path, content: bytes) -> None:
    """Append for longer than a file must hold still to be read."""
    with path.open("wb", buffering=0) as f:
        for k in range(PIECES):
            f.write(content[k * len(content) // PIECES : (k + 1) * len(content) // PIECES])
            time.sleep(0.05)


def other_target(path: Path, content: bytes) -> None:
    """Let the link lead elsewhere, as to the newest of many."""
    target = path.with_name("newest")
    target.write_bytes(content)
    link = path.with_name("link")
    link.symlink_to(target)
    link.replace(path)


@pytest.fixture
def watched(driver: Driver, pair: Pair) -> Iterator[Driver]:
    """Return a driver that notes every error sentence and every picture that was B."""
    driver.window.errors = []
    driver.window.seen = []
    driver.controller.failed.connect(driver.window.errors.append)
    driver.open(*pair)
    driver.controller.session_changed.connect(lambda s: driver.window.seen.append(s.b))
    yield driver
    driver.window.close()


def png_of(tmp_path: Path, seed: int) -> tuple[bytes, np.ndarray]:
    data = photo(120, 208, seed=seed)
    return write_png(tmp_path / f"other-{seed}.png", data).read_bytes(), data


@pytest.mark.parametrize("write", [in_place, renamed, created_anew, in_bits, other_target])
def test_a_file_written_in_steps_is_reloaded_once_and_whole(
    watched: Driver, pair: Pair, tmp_path: Path, write: Callable[[Path, bytes], None]
) -> None:
    if write is other_target:
        target = pair[1].with_name("first target")
        pair[1].rename(target)
        pair[1].symlink_to(target)
        watched.open(*pair)
        watched.window.seen.clear()
    settings = watched.controller.session.settings
    watched.switch("blur")
    watched.answer()
    watched.window.seen.clear()
    watched.parts.view.camera.look_at(40, 50, 3.0)
    before = shown(watched)
    content, data = png_of(tmp_path, 4)
    writer = threading.Thread(target=write, args=(pair[1], content))
    writer.start()
    watched.until(lambda: watched.window.seen, "not reloaded")
    writer.join()
    watched.answer()
    assert len(watched.window.seen) == 1
    np.testing.assert_array_equal(watched.controller.session.b.data, data)
    assert shown(watched) == engine(watched, pair) != before
    assert watched.window.errors == []
    camera = watched.parts.view.camera
    assert (camera.centre, camera.zoom) == (QPointF(40, 50), 3.0)
    assert watched.parts.readout.note.text().startswith("after.png reloaded ")
    watched.controller.history.undo()  # the history stays
    assert watched.controller.session.settings == settings
    watched.answer()


def test_the_region_that_is_looked_at_stays_so(watched: Driver, pair: Pair) -> None:
    for name in ("align", "normalize"):
        watched.switch(name)
    tolerance = watched.parts.pipeline.rows["difference"].params.replace(tolerance=30.0)
    watched.controller.set_params(tolerance)
    result = watched.answer()
    assert len(result.regions) >= 2
    watched.window.presenter.go_to_region(1)
    rect = result.regions[1].rect
    watched.window.seen.clear()
    b = open_image(pair[1]).data
    # A new difference, larger than the others, takes the first place in the list.
    renamed(pair[1], write_png(pair[1].with_name("new.png"), with_patch(
        with_patch(b, 50, 60, 40, 40, by=80), 0, 0, 1, 1, by=1)).read_bytes())  # fmt: skip
    watched.until(lambda: watched.window.seen, "not reloaded")
    after = watched.answer()
    index = watched.window.presenter.current_region
    assert index is not None
    assert after.regions[index].rect == rect
    assert after.regions.index(after.regions[index]) != 1


def test_the_same_bytes_compute_nothing(watched: Driver, pair: Pair) -> None:
    refresh, read = watched.controller.files.refresh, []
    refresh._bridge.received.connect(read.append)
    changed = []
    refresh._watch.changed.connect(lambda *a: changed.append(a))
    answer = watched.controller.result
    pair[1].write_bytes(pair[1].read_bytes())
    watched.until(lambda: changed, "the change was not noticed")
    watched.rest()
    assert watched.window.seen == read == []
    assert watched.controller.result is answer


def test_a_file_that_stays_unreadable_gets_one_sentence_and_comes_back(
    watched: Driver, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "TRY_FOR", 0.5)
    b, before = watched.controller.session.b, shown(watched)
    content, _ = png_of(tmp_path, 5)
    pair[1].write_bytes(content[: len(content) // 2])
    watched.until(watched.sentences, "no sentence")
    watched.rest()
    (text,) = watched.sentences()
    assert text == (
        "“after.png” was changed and cannot be read now: the PNG file “after.png” is damaged or"
        " incomplete; the picture before is still shown."
    )
    assert watched.controller.session.b is b
    assert shown(watched) == before
    pair[1].write_bytes(content)
    watched.until(lambda: watched.window.seen, "not reloaded")
    watched.answer()
    assert watched.sentences() == []


def test_a_deleted_file_is_marked_and_its_picture_stays(watched: Driver, pair: Pair) -> None:
    pane = watched.parts.view.panes[1]
    content, before = pair[1].read_bytes(), shown(watched)
    pair[1].unlink()
    watched.until(lambda: "deleted" in "".join(pane.names.texts.values()), "not marked")
    assert "after.png  ·  deleted" in pane.names.texts.values()
    assert shown(watched) == before
    assert watched.window.errors == []
    pair[1].write_bytes(content)
    watched.until(lambda: "deleted" not in "".join(pane.names.texts.values()), "still marked")


def test_a_program_that_replaces_the_file_all_the_time(
    watched: Driver, pair: Pair, tmp_path: Path
) -> None:
    contents = [png_of(tmp_path, seed) for seed in range(10, 13)]
    stop, count = threading.Event(), 0

    def write() -> None:
        nonlocal count
        while not stop.is_set():
            renamed(pair[1], contents[count % 3][0])
            count += 1
            time.sleep(0.08)

    writer = threading.Thread(target=write)
    began = time.monotonic()
    writer.start()
    try:
        watched.until(lambda: len(watched.window.seen) >= 3, "not reloaded while it is replaced")
    finally:
        stop.set()
        writer.join()
    # At most two a second, and one more for where the first second begins.
    assert len(watched.window.seen) <= 2 * (time.monotonic() - began) + 1
    whole = [data for _, data in contents]
    assert all(any(np.array_equal(b.data, w) for w in whole) for b in watched.window.seen)
    last = contents[(count - 1) % 3][1]
    newest = lambda: np.array_equal(watched.controller.session.b.data, last)  # noqa: E731 - a fact
    watched.until(newest, "the last one does not win")
    watched.answer()
    assert watched.window.errors == []


def test_switched_off_nothing_is_reloaded_until_it_is_on_again(
    watched: Driver, pair: Pair, tmp_path: Path
) -> None:
    watched.window.actions_by_id["watch"].trigger()
    assert not watched.window.memory.flag("watch", True)
    changed = []
    watched.controller.files.refresh._watch.changed.connect(lambda *a: changed.append(a))
    renamed(pair[1], png_of(tmp_path, 6)[0])
    until = time.monotonic() + 1.0  # four times what a change needs to be read
    watched.until(lambda: time.monotonic() > until, "")
    assert changed == watched.window.seen == []
    watched.window.actions_by_id["watch"].trigger()
    watched.until(lambda: watched.window.seen, "what was missed is not read")
    watched.answer()
