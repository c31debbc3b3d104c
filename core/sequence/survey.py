"""A pass over a whole sequence: results as they come, and all that is known of them, stored.

What an archive holds already is told at once, and the pass goes on where the last one was stopped.
Between two sequences each pair stands alone. Otherwise the analysis goes on from what it knew
(`core.sequence.states`), which is stored whenever a pass is stopped, and every `STATE_SECONDS`.
Where that is not known (a crash within the first seconds; the models that are OpenCV's own) it
begins with the first frame again, and results are told from where they end: either way they are
exactly those of a pass that was never stopped.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from core.sequence._passes import Analysed, Paired, place
from core.sequence._recorder import Recorder
from core.sequence.params import SequenceParams
from core.sequence.selection import Selection
from core.sequence.starts import News, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.buffer import ImageBuffer
    from core.sequence.archive import Archive
    from core.sequence.events import Event
    from core.sequence.golden import Golden
    from core.sequence.pairing import Pairing
    from core.sequence.result import FrameResult
    from core.sequence.starts import Start
    from core.sequence.types import Source
    from core.types import Token

PAUSE: Final = 0.1
"""Seconds from one batch of results to the next, at least."""
STATE_SECONDS: Final = 20.0
"""Seconds from one stored state to the next, at least."""
MOST: Final = 2000
"""Frames that are remembered of a live source, unless said otherwise."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Question:
    """What is asked of a sequence.

    Attributes
    ----------
    a
        The source.
    b, pairing
        The source that its frames are compared with, and which frame belongs to which; None to
        compare as `params` say.
    params
        How they are compared.
    reference
        What `Against.REFERENCE` compares with.
    selection
        Which frames are looked at.
    changed_over
        Share of the pixels over which a frame has changed: what events are made by.
    """

    a: Source
    b: Source | None = None
    pairing: Pairing | None = None
    params: SequenceParams = field(default_factory=SequenceParams)
    reference: ImageBuffer | Golden | None = None
    selection: Selection = field(default_factory=Selection)
    changed_over: float = 0.001

    def __post_init__(self) -> None:
        if (self.b is None) != (self.pairing is None):
            raise ValueError("a second source and its pairing go together")

    @property
    def live(self) -> bool:
        """Whether its frames cannot be had again."""
        return self.a.live or (self.b is not None and self.b.live)


@dataclass(frozen=True, slots=True, eq=False)
class Surveyed:
    """What became known.

    Attributes
    ----------
    results
        Of the next frames, without masks.
    begun
        Events that began with them.
    over
        Events that are over with them; at the end, those that were not over before.
    done
        How many frames were looked at so far.
    total
        How many there are; None while nobody knows.
    again
        While nothing is new: how many frames were looked at once more, to learn from them.
    """

    results: tuple[FrameResult, ...]
    begun: tuple[Start, ...]
    over: tuple[Event, ...]
    done: int
    total: int | None
    again: int = 0


def survey(
    question: Question, archive: Archive, token: Token, *, most: int = MOST
) -> Iterator[Surveyed]:
    """Look at all frames, in order, and store what is known of them.

    Something is yielded at once when anything is known, then about ten times a second at most.

    Parameters
    ----------
    question
        What is asked; its sources stay open.
    archive
        Where it is stored, and what is known already: of this question and no other
        (`core.sequence.archives.question_key`); of live sources it is emptied.
    token
        Looked at between frames.
    most
        So many frames of a live source are remembered.

    Raises
    ------
    Cancelled
        When the token is cancelled; what is known is stored. The same is done when the iterator is
        closed.
    CompareError
        When the reference is of another size than the frames, or has learned too little.
    ReadError
        When a source can no longer be read.
    """
    total = question.selection.total(question.a)
    if question.live:
        archive.clear()
    known, complete = archive.results(), archive.complete
    events = Watcher(question.changed_over, paired=question.b is not None)
    news = _joined([events.next(r) for r in known])
    over = [*news.over, *(events.rest() if complete else ())]
    archive.replace_events(over)  # those of another limit may be there
    last, done = (known[-1].index, place(question, known[-1].index) + 1) if known else (-1, 0)
    if complete or known:
        done = total if complete and total is not None else done
        yield Surveyed(tuple(known), tuple(news.begun), tuple(over), done, total)
    del known, news, over
    if not complete:
        recorder = Recorder(archive, question.selection.every, most if question.live else None)
        way = Analysed if question.b is None else Paired
        with recorder, way(question, archive, recorder, token) as frames:
            with contextlib.closing(iter(frames)) as steps:
                teller = _Teller(question, recorder, events, last)
                yield from _told(teller, steps, frames)
            recorder.finish()


def _told(
    teller: _Teller, steps: Iterator[list[FrameResult]], frames: Analysed | Paired
) -> Iterator[Surveyed]:
    try:
        for results in steps:
            teller.take(results)
            if teller.due:
                yield teller.tell()
                frames.save(STATE_SECONDS)
    except BaseException:  # closed, cancelled, or a source that is gone: what there is, is kept
        teller.tell()
        frames.save()
        raise
    yield teller.tell(final=True)


class _Teller:
    """Collects results until it is time to store and to tell them."""

    def __init__(self, question: Question, recorder: Recorder, events: Watcher, last: int) -> None:
        self._question, self._recorder, self._events = question, recorder, events
        self._total = question.selection.total(question.a)
        self._last, self._done = last, 0 if last < 0 else place(question, last) + 1
        self._again, self._told_again = 0, 0
        self._new: list[FrameResult] = []
        self._next = 0.0

    @property
    def due(self) -> bool:
        """Whether there is something to tell, and it is time."""
        some = bool(self._new) or self._again > self._told_again
        return some and time.monotonic() >= self._next

    def take(self, results: list[FrameResult]) -> None:
        """Take the results that are settled with the next frame."""
        for result in results:
            if result.index > self._last:
                self._new.append(self._recorder.took(result))
            else:
                self._again += 1

    def tell(self, *, final: bool = False) -> Surveyed:
        """Store what is new, and return it."""
        results, self._new = tuple(self._new), []
        news = _joined([self._events.next(r) for r in results])
        over = (*news.over, *(self._events.rest() if final else ()))
        self._recorder.store(results, over)
        if results:
            self._done = place(self._question, results[-1].index) + 1
        if final and self._total is not None:
            self._done = self._total
        self._told_again = self._again
        self._next = time.monotonic() + PAUSE
        again = 0 if results else self._again
        return Surveyed(results, tuple(news.begun), over, self._done, self._total, again)


def _joined(news: Sequence[News]) -> News:
    return News([s for n in news for s in n.begun], [e for n in news for e in n.over])
