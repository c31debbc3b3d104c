"""Reading and writing beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import compare, open_image
from core.result import Request
from gui.files import Files
from gui.source import Display

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.events import Opened

Pair = tuple["Path", "Path"]


@pytest.fixture
def files(qtbot: QtBot) -> Iterator[Files]:
    made = Files()
    yield made
    made.close()


def test_a_side_asked_for_while_the_other_is_read_does_not_replace_it(
    files: Files, pair: Pair, qtbot: QtBot
) -> None:
    got: list[Opened] = []
    files.read.connect(got.append)
    files.open(str(pair[0]), None)
    files.open(None, str(pair[1]))
    with qtbot.waitSignal(files.read_ended):
        pass
    (opened,) = got
    assert opened.a is not None
    assert opened.b is not None
    assert (opened.a.path, opened.b.path) == tuple(map(str, pair))


def test_what_was_read_is_not_read_again_with_the_next(
    files: Files, pair: Pair, qtbot: QtBot
) -> None:
    got: list[Opened] = []
    files.read.connect(got.append)
    for a, b in ((str(pair[0]), None), (None, str(pair[1]))):
        with qtbot.waitSignal(files.read_ended):
            files.open(a, b)
    assert [(o.a is None, o.b is None) for o in got] == [(False, True), (True, False)]


def test_a_failure_is_a_sentence_and_is_forgotten(
    files: Files, pair: Pair, qtbot: QtBot, tmp_path: Path
) -> None:
    got: list[Opened] = []
    files.read.connect(got.append)
    sentences: list[str] = []
    files.failed.connect(sentences.append)
    with qtbot.waitSignal(files.read_ended):
        files.open(str(tmp_path / "none.png"), str(pair[1]))
    assert sentences == ["There is no file “none.png” at this place; check its name and folder."]
    assert got == []
    with qtbot.waitSignal(files.read):
        files.open(None, str(pair[1]))
    assert got[0].a is None


def test_nothing_asked_for_is_nothing_read(files: Files, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(files.reading):
        files.open(None, None)
    assert files.idle


def test_a_report_that_is_being_written_is_finished_when_the_window_closes(
    pair: Pair, tmp_path: Path, qtbot: QtBot
) -> None:
    a, b = map(open_image, pair)
    files, path = Files(), tmp_path / "report.html"
    files.export(Request(a, b), compare(a, b), Display(), path)
    qtbot.waitUntil(lambda: not files._writer._scheduler._waiting)  # it has begun
    files.close()
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


def test_what_one_page_of_a_file_may_take_all_may(files: Files) -> None:
    files.allow(5_000_000_000, "/there/a.tif#page=2")
    assert files.how_for("/there/a.tif").limits.bytes == 5_000_000_000
    assert files.how_for("/there/b.tif", "/there/a.tif#page=3").limits.bytes == 5_000_000_000
    assert files.how_for("/there/b.tif").limits == files.how.limits
