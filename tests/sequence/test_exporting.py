"""What a window writes of a sequence is what the command line writes."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from cli.__main__ import main
from core import open_source
from core.errors import WriteError
from core.sequence import pairs
from core.sequence.archive import Archive
from core.sequence.exporting import command_of, export
from core.sequence.params import Against, SequenceParams
from core.sequence.survey import Question, survey
from core.types import Token
from tests.cli.shots import film

if TYPE_CHECKING:
    from pathlib import Path

BACKGROUND = SequenceParams(against=Against.BACKGROUND, window=10, k=6.0, min_area=9)


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "a film.mkv"
    film(path, [*range(26), 25, 25, *range(40, 52)])
    return path


def _question(path: Path, params: SequenceParams) -> Question:
    return Question(open_source(path, isolated=False), params=params)


def _seen(question: Question) -> Archive:
    archive = Archive(None)
    for _ in survey(question, archive, Token()):
        pass
    return archive


def _plain(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for name in ("kept", "seconds", "fps"):  # of the run, not of the sequence
        document["summary"].pop(name, None)
    return document


@pytest.mark.parametrize("params", [SequenceParams(), BACKGROUND], ids=["previous", "background"])
def test_json_is_that_of_the_command_line(
    movie: Path, tmp_path: Path, params: SequenceParams
) -> None:
    question = _question(movie, params)
    archive = _seen(question)
    export(question, archive, tmp_path / "window.json", Token())
    words = shlex.split(command_of(question))
    assert words[:2] == ["pairlens", "sequence"]
    main([*words[1:], "--json", str(tmp_path / "terminal.json"), "-q"])
    assert _plain(tmp_path / "window.json") == _plain(tmp_path / "terminal.json")
    archive.close()
    question.a.close()


def test_a_pair_of_sequences_too(movie: Path, tmp_path: Path) -> None:
    other = film(tmp_path / "other.mkv", [*range(3, 26), 25, 25, *range(40, 52)])
    a, b = (open_source(p, isolated=False) for p in (movie, other))
    question = Question(a, b, pairs.by_hand(a, b, -3), SequenceParams(tolerance=4.0))
    archive = _seen(question)
    export(question, archive, tmp_path / "window.json", Token())
    words = shlex.split(command_of(question))
    assert words[4:] == ["--offset", "-3", "--tolerance", "4"]
    main([*words[1:], "--json", str(tmp_path / "terminal.json"), "-q"])
    made, expected = (_plain(tmp_path / f"{n}.json") for n in ("window", "terminal"))
    assert made["frames"] == expected["frames"]
    assert made["events"] == expected["events"]
    assert made["source_b"] == expected["source_b"]
    archive.close()
    for source in (a, b):
        source.close()


def test_the_page_shows_the_same_events(movie: Path, tmp_path: Path) -> None:
    question = _question(movie, BACKGROUND)
    archive = _seen(question)
    export(question, archive, tmp_path / "window.html", Token())
    words = shlex.split(command_of(question))
    main([*words[1:], "--report", str(tmp_path / "terminal.html"), "-q"])
    made, expected = (
        re.findall(r"<td>#\d+</td>", (tmp_path / f"{n}.html").read_text("utf-8"))
        for n in ("window", "terminal")
    )
    assert made == expected != []
    page = (tmp_path / "window.html").read_text("utf-8")
    assert "data:image/" in page
    archive.close()
    question.a.close()


def test_what_was_stopped_says_so(movie: Path, tmp_path: Path) -> None:
    question, archive = _question(movie, SequenceParams()), Archive(None)
    steps = survey(question, archive, Token())
    next(steps)
    assert isinstance(steps, Generator)
    steps.close()
    export(question, archive, tmp_path / "part.json", Token())
    document = json.loads((tmp_path / "part.json").read_text("utf-8"))
    assert document["summary"]["ended"] == "interrupted"
    assert document["summary"]["frames"] == archive.frames < 40
    archive.close()
    question.a.close()


def test_other_names_are_refused(movie: Path, tmp_path: Path) -> None:
    question = _question(movie, SequenceParams())
    refused = pytest.raises(WriteError, match=r"let it end in \.html or \.json")
    with Archive(None) as empty, refused:
        export(question, empty, tmp_path / "report.pdf", Token())
    assert list(tmp_path.iterdir()) == []
    question.a.close()


@pytest.mark.parametrize(
    ("params", "reference", "expected"),
    [
        (SequenceParams(), "", []),
        (SequenceParams(gray=True, k=2.5), "", ["--gray", "--k", "2.5"]),
        (
            SequenceParams(against=Against.REFERENCE), "my model.npz",
            ["--against", "reference", "--reference", "my model.npz"],
        ),
    ],
)  # fmt: skip
def test_the_command_says_what_is_set(
    movie: Path, params: SequenceParams, reference: str, expected: list[str]
) -> None:
    question = _question(movie, params)
    words = shlex.split(command_of(question, reference))
    assert words == ["pairlens", "sequence", str(movie), *expected]
    question.a.close()
