"""The jobs that a window gives to its threads for a sequence; each is a generator of events."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core import open_source
from core.errors import CompareError
from core.render import Side
from core.sequence import pairs
from core.sequence.archives import opened
from core.sequence.distances import mapped
from core.sequence.exporting import export
from core.sequence.glimpse import glimpse, rgb_of, soonest
from core.sequence.golden import Golden
from core.sequence.keeping_known import keep_known, words
from core.sequence.over_frames import Companion, companion, measured
from core.sequence.pixels import as_bytes
from core.sequence.references import reference_of
from core.sequence.series import Limits
from core.sequence.sources.tap import Tap
from core.sequence.stored import smaller
from core.sequence.survey import Question, survey
from core.types import Token
from gui.events import Exported
from gui.sequence.events import (
    Approved,
    Ended,
    Keeping,
    Lasted,
    Loaded,
    Mapped,
    Measured,
    Seen,
    Shown,
    Soon,
    Thumb,
)
from gui.sequence.patience import PatientToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from core.buffer import ImageBuffer
    from core.io.reading import Reading
    from core.scheduler import Job
    from core.sequence.survey import Surveyed
    from core.sequence.types import Source
    from core.settings import Settings
    from core.types import Mask
    from gui.sequence.events import Wanted
    from gui.sequence.patience import Gate


_AT_ONCE: Final = 500
"""Results that a window takes in without missing a frame of its own."""
_TELL_EVERY: Final = 0.1
"""Seconds between two tellings of what goes on frame by frame."""


def loading(wanted: Wanted, how: Reading, had: Loaded | None) -> Job:
    """Open a sequence; what was open of it already is used again."""

    def job(token: Token) -> Iterator[object]:
        with contextlib.ExitStack() as stack:
            a, b = (
                _source(address, how, had, token, stack) if address else None
                for address in (wanted.a, wanted.b)
            )
            assert a is not None  # there is an address of A
            pairing = None if b is None else pairs.by_hand(a, b, wanted.offset or 0)
            question = Question(
                a, b, pairing, wanted.params, reference_of(wanted.reference, a, how, token)
            )
            archive = opened(question, reading=str(how.managed))
            stack.callback(archive.close)
            yield Loaded(wanted, question, archive, archive.problem)
            stack.pop_all()  # who takes it closes it

    return job


def _source(
    address: str, how: Reading, had: Loaded | None, token: Token, stack: contextlib.ExitStack
) -> Source:
    """Return a source of an address; that of what was open before, if it is the same."""
    if had is not None:
        for source in (had.question.a, had.question.b):
            if source is not None and source.address == address:
                return source
    source = open_source(address, managed=how.managed, limits=how.limits, token=token)
    stack.callback(source.close)
    return Tap(source) if source.live else source


def seeking(loaded: Loaded, index: int, after: int | None) -> Job:
    """Read a frame and what it is compared with; then the one that will be wanted after it."""

    def job(token: Token) -> Iterator[object]:
        # The one before comes first: decoders go forward.
        other = companion(loaded.question, loaded.archive, index, token)
        if other.itself:  # numbers of a frame against itself would be taken for something
            other = replace(other, image=None)
        yield Shown(index, loaded.question.a.frame(index, token), other)
        if after is not None:
            loaded.question.a.frame(after, Token())  # whole: it is wanted in a moment

    return job


def choosing(loaded: Loaded, one: int, other: int) -> Job:
    """Read two frames of one sequence, to be compared with each other."""

    def job(token: Token) -> Iterator[object]:
        source = loaded.question.a
        frame, second = source.frame(one, token), source.frame(other, token)
        words = f"frame {other}, chosen on the map"
        yield Shown(one, frame, Companion(second.image, words, second.problem, frame=other))

    return job


def glimpsing(loaded: Loaded, index: int, shape: tuple[int, int], shown: int) -> Job:
    """Look for a small picture for a frame, until it is there."""

    def job(token: Token) -> Iterator[object]:
        found = soonest(loaded.question.a, loaded.archive, index, shown, token)
        if found is not None:
            of, small = found
            near = None if of == index else of
            yield Soon(index, (glimpse(Side.A, small, shape),), near)

    return job


def watching(loaded: Loaded, how: Reading, gate: Gate) -> Job:
    """Look at all frames, while nobody seeks or plays."""

    def job(token: Token) -> Iterator[object]:
        patient = PatientToken(gate, token)
        with contextlib.ExitStack() as stack:
            question = _own(loaded, how, token, stack)
            limits = Limits(question.params)
            for found in survey(question, loaded.archive, patient):
                yield from _parts(found, limits)
        yield Ended()

    return job


def _parts(found: Surveyed, limits: Limits) -> Iterator[Seen]:
    """Yield what was found in parts that a window takes in at once: all that is stored comes."""
    results = found.results
    while len(results) > _AT_ONCE:
        part, results = results[:_AT_ONCE], results[_AT_ONCE:]
        yield Seen(replace(found, results=part, begun=(), over=()), limits.of(part))
    yield Seen(replace(found, results=results), limits.of(results))


def _own(loaded: Loaded, how: Reading, token: Token, stack: contextlib.ExitStack) -> Question:
    """Return the question with sources of its own, which nobody else seeks in."""

    def opened(source: Source) -> Source:
        if source.live:  # there is but one
            return source
        mine = open_source(source.address, managed=how.managed, limits=how.limits, token=token)
        stack.callback(mine.close)
        return mine

    question = loaded.question
    b = None if question.b is None else opened(question.b)
    return replace(question, a=opened(question.a), b=b)


def lasting(loaded: Loaded, how: Reading, gate: Gate) -> Job:
    """Find how two sequences lie in time, by what they show."""

    def job(token: Token) -> Iterator[object]:
        with contextlib.ExitStack() as stack:
            question = _own(loaded, how, token, stack)
            assert question.b is not None  # nobody asks of one sequence
            try:
                found = pairs.by_content(question.a, question.b, PatientToken(gate, token))
            except CompareError as error:
                yield Lasted(None, str(error))
            else:
                yield Lasted(found)

    return job


def measuring(
    loaded: Loaded, how: Reading, gate: Gate, names: Sequence[str], settings: Settings
) -> Job:
    """Make measures of every frame, one after the other."""

    def job(token: Token) -> Iterator[object]:
        patient = PatientToken(gate, token)
        with contextlib.ExitStack() as stack:
            question = _own(loaded, how, token, stack)
            for name in names:
                found: dict[int, float] = {}
                told = time.monotonic()
                for index, value in measured(question, name, settings, loaded.archive, patient):
                    found[index] = value
                    if time.monotonic() > told + _TELL_EVERY:
                        yield Measured(name, found)
                        found, told = {}, time.monotonic()
                yield Measured(name, found)

    return job


def stripping(loaded: Loaded, how: Reading, gate: Gate, indices: Sequence[int]) -> Job:
    """Make small pictures of frames: of those that are stored at once, then of the others."""

    def job(token: Token) -> Iterator[object]:
        left: list[int] = []
        for index in indices:
            token.check()
            small = loaded.archive.thumbnail(index)
            if small is None:
                left.append(index)
            else:
                yield Thumb(index, rgb_of(small))
        if not left or loaded.live:
            return
        patient = PatientToken(gate, token)
        with contextlib.ExitStack() as stack:
            source = _own(loaded, how, token, stack).a
            for index in left:
                patient.check()
                small = loaded.archive.thumbnail(index)  # the pass may have come by
                if small is None:
                    small = _small(source, index, patient)
                if small is not None:
                    yield Thumb(index, rgb_of(small))

    return job


def _small(source: Source, index: int, token: Token) -> Mask | None:
    image = source.frame(index, token).image
    return None if image is None else smaller(as_bytes(image))


def mapping(loaded: Loaded) -> Job:
    """Make the map of the distances between all frames known by now; say how far it is."""

    def job(token: Token) -> Iterator[object]:
        frames, counts = loaded.archive.counts()
        if not len(frames):
            raise CompareError("No frame is known yet; wait until the first ones are analysed.")
        for found in mapped(counts, token=token, frames=frames):
            yield found if isinstance(found, float) else Mapped(found)

    return job


def exporting(loaded: Loaded, path: Path) -> Job:
    """Write what is known of a sequence."""

    def job(token: Token) -> Iterator[object]:
        export(loaded.question, loaded.archive, path, token, reference=loaded.wanted.reference)
        yield Exported(path)

    return job


def keeping(
    loaded: Loaded, how: Reading, folder: Path, token: PatientToken, going: Callable[[], bool]
) -> Job:
    """Write the frames that changed; stopped by `token`, so that it can say what there is."""

    def job(_: Token) -> Iterator[object]:
        with contextlib.ExitStack() as stack:
            question = _own(loaded, how, token, stack)
            for kept in keep_known(question, loaded.archive, folder, token, going=going):
                said = words(kept) if kept.ended else ""
                yield Keeping(kept.done, kept.total, said, kept.failed)

    return job


def approving(image: ImageBuffer, path: Path) -> Job:
    """Add a picture to a golden model, or begin one with it."""

    def job(token: Token) -> Iterator[object]:
        model = Golden.load(path) if path.exists() else Golden()
        model.approve(as_bytes(image), token)
        model.save(path)
        yield Approved(path, model.count)

    return job
