"""Writes what is stored of a sequence as ``pairlens sequence`` does: JSON, or a page for people."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.buffer import ImageBuffer
from core.errors import WriteError
from core.recipes import PROGRAM
from core.sequence.document import Document, event_values, frame_values, written
from core.sequence.growing import Growing
from core.sequence.head import head_of
from core.sequence.sources.live import shown
from core.sequence.starts import Watcher
from core.sequence.tally import Tally
from core.sequence.types import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.sequence.archive import Archive
    from core.sequence.events import Event
    from core.sequence.result import FrameResult
    from core.sequence.starts import Start
    from core.sequence.survey import Question
    from core.types import Token

SUFFIXES: Final = (".html", ".json")
FINISHED: Final = "finished"
STOPPED: Final = "interrupted"


def command_of(question: Question, reference: str = "") -> str:
    """Return the command that looks at the sequence in the same way.

    Parameters
    ----------
    question
        What was asked.
    reference
        Path of what frames are compared with; empty for none.
    """
    words = [PROGRAM, "sequence", _given(question.a.address)]
    if question.b is not None and question.pairing is not None:
        words.append(_given(question.b.address))
        if question.pairing.offset:
            words += ["--offset", str(question.pairing.offset)]
    params, usual = question.params, type(question.params)()
    paired = question.b is not None
    for name in params.ui_fields():
        value = getattr(params, name)
        if value == getattr(usual, name) or (paired and name not in {"tolerance", "gray"}):
            continue
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        else:
            words += [flag, f"{value:.10g}" if isinstance(value, float) else str(value)]
    if reference and not paired and str(params.against) == "reference":
        words += ["--reference", _given(reference)]
    return shlex.join(words)


def _given(address: str) -> str:
    text = os.fsencode(address).decode("utf-8", "backslashreplace")
    text = shown(text) if "://" in text else text
    return f"./{text}" if text.startswith("-") else text


def export(
    question: Question, archive: Archive, path: str | Path, token: Token, *, reference: str = ""
) -> None:
    """Write all that is stored of a sequence, whole or not at all.

    Parameters
    ----------
    question, archive
        What was asked, and what is known.
    path
        Ends in .html or .json.
    token
        Ends it.
    reference
        Path of what frames are compared with; empty for none.

    Raises
    ------
    WriteError
        When the name ends otherwise, or the system refuses.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise WriteError(f"“{path}” is no name for this report; let it end in .html or .json.")
    head = head_of(
        question.a, question.b, question.pairing, question.params, question.selection,
        changed_over=question.changed_over, reference=reference or None,
    )  # fmt: skip
    told = _Told(question, archive, token)
    ended = FINISHED if archive.complete else STOPPED
    if suffix == ".json":
        _json(told, head, ended, path)
    else:
        _page(told, head, ended, path, command_of(question, reference))


class _Told:
    """Tells results again, with the events that began with them and those that are over.

    Parameters
    ----------
    question, archive, token
        As for `export`.

    Attributes
    ----------
    tally
        What was told so far.
    """

    def __init__(self, question: Question, archive: Archive, token: Token) -> None:
        self.question, self.archive, self.token = question, archive, token
        self.tally = Tally(question.changed_over)
        self._watcher = Watcher(question.changed_over, paired=question.b is not None)

    def results(self) -> Iterator[tuple[FrameResult, list[Start], list[Event]]]:
        """Yield each result; the last events are those of `rest`."""
        for result in self.archive.results():
            self.token.check()
            news = self._watcher.next(result)
            self.tally.add(result)
            for event in news.over:
                self.tally.event(event)
            yield result, news.begun, news.over

    def rest(self) -> list[Event]:
        """Return the events that were not over."""
        rest = self._watcher.rest()
        for event in rest:
            self.tally.event(event)
        return rest


def _json(told: _Told, head: dict[str, Any], ended: str, path: str | Path) -> None:
    text = Growing(str(path), "JSON file")
    try:
        document = Document(text)
        document.begin(head)
        events: list[Event] = []
        pairing = told.question.pairing
        for result, _, over in told.results():
            other = None if pairing is None else pairing.of_a(result.index)
            document.frame(frame_values(result, other))
            events += over
        events += told.rest()
        summary = {**told.tally.to_dict(), "ended": ended, "settled": told.tally.frames}
        document.end([written(event_values(e)) for e in events], summary)
    finally:
        text.close()


def _page(told: _Told, head: dict[str, Any], ended: str, path: str | Path, command: str) -> None:
    from core.reports._sequence import Page  # noqa: PLC0415 - only when asked for

    question = told.question
    page = Page(question.params, question.selection, question.changed_over)
    for result, begun, over in told.results():
        page.add(result, begun, _small(told.archive, result) if begun else None)
        for event in over:
            page.event(event)
    for event in told.rest():
        page.event(event)
    page.write(path, told.tally, head, command=command, ended=ended)


def _small(archive: Archive, result: FrameResult) -> Frame | None:
    small = archive.thumbnail(result.index)
    if small is None:
        return None
    return Frame(result.index, result.time, ImageBuffer.from_array(small), result.name)
