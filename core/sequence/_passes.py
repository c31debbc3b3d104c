"""The two ways to go through a sequence: frame after frame, and pair after pair."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from typing import TYPE_CHECKING, Final, Self, TypeVar

from core.sequence.analysis import Analysis
from core.sequence.pairs import Pairs
from core.sequence.states import packed, unpacked
from core.types import Token

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from core.sequence._recorder import Recorder
    from core.sequence.archive import Archive
    from core.sequence.result import FrameResult
    from core.sequence.survey import Question

_PATIENCE: Final = 0.1
"""Seconds that a live frame is waited for, before what is known is told."""
T = TypeVar("T")
_RATIO: Final = 50
"""Storing a state may take one part in so many of the time."""


class Analysed:
    """Frames judged one after the other; goes on from the state that the archive has.

    Iterating yields, for each frame that is taken, the results that are settled with it.

    Parameters
    ----------
    question, archive, token
        As for `core.sequence.survey.survey`.
    recorder
        Is shown what is seen.
    """

    def __init__(
        self, question: Question, archive: Archive, recorder: Recorder, token: Token
    ) -> None:
        self._question, self._recorder, self._token = question, recorder, token
        self._analysis = Analysis(
            question.params, Token(), reference=question.reference,
            rate=question.selection.rate(question.a), masks=True, seen=recorder.seen,
        )  # fmt: skip
        self._taken = 0
        self._after = -1
        self._whole = False
        """Whether all that was taken was taken whole, and is told."""
        self._next_save = 0.0
        self._go_on(archive)

    def _go_on(self, archive: Archive) -> None:
        kept = archive.state()
        state = None if kept is None else unpacked(kept[1])
        if kept is None or state is None:
            return
        settled = state["_taken"] - len(state["_waiting"])
        if settled <= archive.frames:  # else some of its results were lost
            self._taken, self._after = state.pop("_taken"), kept[0]
            self._analysis.go_on(state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._analysis.close()

    def __iter__(self) -> Generator[list[FrameResult]]:
        chosen, source = self._question.selection, self._question.a
        ours = Token() if source.live else self._token
        frames = chosen.frames(source, ours, after=self._taken)
        with contextlib.closing(frames), _taken(frames, ours, self._token) as some:
            for frame in some:
                if frame is None:
                    yield []
                    continue
                self._whole = False
                results = list(self._analysis.take(frame))
                self._taken, self._after, self._whole = self._taken + 1, frame.index, True
                del frame  # one at a time
                yield results
        self._token.check()  # frames end quietly
        self._whole = False
        yield list(self._analysis.finish())

    def save(self, pause: float = 0.0) -> None:
        """Store the state, all results that were yielded being stored.

        Parameters
        ----------
        pause
            Not before so many seconds after the last time.
        """
        now = time.monotonic()
        if self._question.live or not self._whole or (pause and now < self._next_save):
            return
        if pause and not self._next_save:
            self._next_save = now + pause
            return
        data = packed(self._analysis.state() | {"_taken": self._taken})
        if data is not None:
            self._recorder.keep_state(self._after, data)
        ended = time.monotonic()
        self._next_save = ended + max(pause, _RATIO * (ended - now))


class Paired:
    """Frames of A compared with those of B that belong to them; the rest is as in `Analysed`."""

    def __init__(
        self, question: Question, archive: Archive, recorder: Recorder, token: Token
    ) -> None:
        self._question, self._recorder, self._token = question, recorder, token
        self._last = archive.last

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Generator[list[FrameResult]]:
        question, chosen = self._question, self._question.selection
        assert question.b is not None  # see `Question`
        assert question.pairing is not None
        ours = Token() if question.live else self._token
        both = Pairs(question.b, question.pairing, question.params, ours, seen=self._recorder.seen)
        done = 0 if self._last is None else place(question, self._last) + 1
        frames = chosen.frames(question.a, ours, after=done)
        with (
            contextlib.closing(frames),
            contextlib.closing(both.compare(frames)) as pairs,
            _taken(pairs, ours, self._token) as some,
        ):
            for found in some:
                yield [] if found is None else [found.result]
        self._token.check()

    def save(self, pause: float = 0.0) -> None:
        """Do nothing: each pair stands alone."""


def place(question: Question, index: int) -> int:
    """Return the how-manieth of the selection a frame is, from 0."""
    return (index - question.selection.start) // question.selection.every


@contextlib.contextmanager
def _taken(items: Generator[T], ours: Token, token: Token) -> Iterator[Iterator[T | None]]:
    """Give items as they come; of live ones None whenever none came for a while.

    Live ones are waited for by a thread, with `ours`, which is not the asker's token then.
    """
    if ours is token:
        yield items
        return
    with contextlib.closing(_impatient(items, ours, token)) as some:
        yield some


def _impatient(items: Generator[T], ours: Token, token: Token) -> Generator[T | None]:
    ready: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(1)

    def give(item: T | None, error: BaseException | None = None) -> None:
        while not ours.cancelled:
            with contextlib.suppress(queue.Full):
                ready.put((item, error), timeout=_PATIENCE)
                return

    def run() -> None:
        try:
            for item in items:
                give(item)
            give(None)
        except BaseException as error:  # raised again by who waits
            give(None, error)

    thread = threading.Thread(target=run, name="pairlens-live", daemon=True)
    thread.start()
    try:
        while not token.cancelled:
            try:
                item, error = ready.get(timeout=_PATIENCE)
            except queue.Empty:
                yield None
                continue
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        ours.cancel()
        thread.join()
