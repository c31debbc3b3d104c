"""Keeps the frames that changed of what a pass has found, as ``pairlens sequence`` does."""

from __future__ import annotations

import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.errors import Cancelled, PairlensError, ReadError, WriteError
from core.sequence.keeping import Keeper, worth_keeping
from core.sequence.starts import Watcher
from core.sequence.tally import changed
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.sequence.archive import Archive
    from core.sequence.result import FrameResult
    from core.sequence.survey import Question
    from core.types import Token

FINISHED: Final = "finished"
STOPPED: Final = "stopped"
SHORT: Final = "short"
TELL_EVERY: Final = 0.1
"""Seconds from one telling of how far it is to the next, at least."""
_LOOK: Final = 0.05
_KEPT_NAME: Final = re.compile(r"frame-\d{6,}(--?\d+\.\d{3}s)?\.png")


@dataclass(frozen=True, slots=True)
class Kept:
    """How far it is.

    Attributes
    ----------
    folder
        Where the frames are.
    done, total
        How many frames were judged, of how many; None while nobody knows.
    kept
        How many of them are files now, each whole.
    lost
        How many changed frames could not be read again.
    ended
        Empty while it goes on; then `FINISHED`, `STOPPED` (by its token), `SHORT` (the pass came to
        its end before the last frame), or the sentence that says what ended it.
    """

    folder: Path
    done: int
    total: int | None
    kept: int
    lost: int
    ended: str = ""

    @property
    def failed(self) -> bool:
        """Whether something was refused on the way."""
        return self.ended not in ("", FINISHED, STOPPED, SHORT)


def keep_known(
    question: Question,
    archive: Archive,
    folder: str | Path,
    token: Token,
    *,
    going: Callable[[], bool] = lambda: False,
) -> Iterator[Kept]:
    """Write each frame that changed into a folder, whole or not at all, as results become known.

    They are the frames, the names and the bytes that ``pairlens sequence --keep-changed`` writes.

    Parameters
    ----------
    question
        What was asked; frames are read from its source again.
    archive
        What is known. While it is not complete, more is waited for.
    folder
        Made when it is not there; it may hold no kept frames yet, lest nobody can tell them apart.
    token
        Ends it, after the file that is being written. The last that is yielded says so.
    going
        Whether a pass is still adding to the archive. Asked from the thread that iterates.

    Raises
    ------
    WriteError
        Before any work: when the folder cannot be made or written to, or holds kept frames. What
        is refused later ends it, and stands in `Kept.ended`.
    """
    keeper = Keeper(folder)
    _usable(keeper.folder)
    run = _Run(question, archive, keeper)
    try:
        for _ in run.steps(token, going):
            yield run.so_far()
    except Cancelled:
        yield run.so_far(STOPPED)
    except PairlensError as error:
        yield run.so_far(str(error))
    else:
        yield run.so_far(FINISHED if archive.complete else SHORT)


def _usable(folder: Path) -> None:
    try:
        there = sorted(p.name for p in folder.iterdir() if _KEPT_NAME.fullmatch(p.name))
        if not there:
            tempfile.TemporaryFile(dir=folder).close()
    except OSError as e:
        reason = e.strerror or str(e)
        raise WriteError(f"No frame can be written into the folder “{folder}”: {reason}.") from e
    if there:
        raise WriteError(
            f"The folder “{folder}” has kept frames already, such as “{there[0]}”; choose another"
            " one."
        )


class _Run:
    """Goes through the results in order."""

    def __init__(self, question: Question, archive: Archive, keeper: Keeper) -> None:
        self._question, self._archive, self._keeper = question, archive, keeper
        self._events = Watcher(question.changed_over, paired=question.b is not None)
        self._total = question.selection.total(question.a)
        self._done = self._lost = 0
        self._last = -1

    def so_far(self, ended: str = "") -> Kept:
        """Return how far it is."""
        keeper = self._keeper
        return Kept(keeper.folder, self._done, self._total, keeper.kept, self._lost, ended)

    def steps(self, token: Token, going: Callable[[], bool]) -> Iterator[None]:
        """Yield now and then, until nothing more becomes known."""
        told = 0.0
        while True:
            more = going() and not self._archive.complete  # asked first: what it adds last is seen
            for result in self._archive.results(self._last):
                token.check()
                self._take(result, token)
                if time.monotonic() >= told + TELL_EVERY:
                    told = time.monotonic()
                    yield
            if not more:
                return
            token.check()
            time.sleep(_LOOK)

    def _take(self, result: FrameResult, token: Token) -> None:
        begun = self._events.next(result).begun
        is_changed = changed(result, self._question.changed_over)
        if worth_keeping(begun, changed=is_changed):
            self._keep(result, token)
        self._last, self._done = result.index, self._done + 1

    def _keep(self, result: FrameResult, token: Token) -> None:
        try:
            frame = self._question.a.frame(result.index, token)
        except IndexError:  # a file that is shorter now, or a folder
            self._lost += 1
            return
        except ReadError:
            if not self._question.a.live:
                raise
            self._lost += 1  # it has gone by
            return
        if self._keeper.keep(frame) is None and Verdict.UNREADABLE not in result.verdicts:
            self._lost += 1


def words(kept: Kept) -> str:
    """Return the sentence for how it ended."""
    was = "was" if kept.kept == 1 else "were"
    done = f"{was} kept in “{kept.folder}”"
    some = f"{kept.kept:,} of the first {kept.done:,} frames {done}."
    if kept.ended == FINISHED:
        nothing = f"None of the {kept.done:,} frames {'was kept' if kept.lost else 'changed'}."
        said = f"{kept.kept:,} of {kept.done:,} frames {done}." if kept.kept else nothing
    elif kept.ended == STOPPED:
        said = f"Keeping changed frames was stopped: {some}"
    elif kept.ended == SHORT:
        said = f"The analysis ended before the last frame: {some}"
    else:
        said = f"{kept.ended} Before that {some}"
    return f"{said} {kept.lost:,} more could not be read again." if kept.lost else said
