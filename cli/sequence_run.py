"""One run of ``pairlens sequence``: frames in, lines and files out."""

from __future__ import annotations

import contextlib
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, cast

from cli.sequence_head import word
from cli.sequence_output import EventFile, Spool, Terminal, Voice
from cli.sequence_resume import again, frames_of, matching, relearned
from cli.sequence_sources import paired
from cli.sequence_text import summary
from core import open_source
from core.errors import Cancelled, PairlensError, ReadError
from core.sequence import pairs
from core.sequence.analysis import analyse
from core.sequence.document import Document, frame_values
from core.sequence.growing import Growing
from core.sequence.head import head_of
from core.sequence.held import Held
from core.sequence.keeping import Keeper, worth_keeping
from core.sequence.references import reference_of
from core.sequence.selection import Selection
from core.sequence.starts import Watcher
from core.sequence.tally import Tally
from core.types import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from types import FrameType

    from core.buffer import ImageBuffer
    from core.io.reading import Reading
    from core.reports._sequence import Page
    from core.sequence.document import Earlier
    from core.sequence.events import Event
    from core.sequence.golden import Golden
    from core.sequence.pairing import Pairing
    from core.sequence.params import SequenceParams
    from core.sequence.result import FrameResult
    from core.sequence.types import Frame, Source

_SIGNALS: Final = ("SIGINT", "SIGTERM")


class Run:
    """Everything that lives as long as the run.

    Parameters
    ----------
    args
        What the parser of `cli.sequence` found.
    params
        How frames are compared.
    how
        How pictures are read.
    words
        The command line, for the report.
    """

    def __init__(
        self, args: Any, params: SequenceParams, how: Reading, words: Sequence[str]
    ) -> None:
        self._args, self._params, self._how, self._words = args, params, how, words
        self._chosen = Selection(args.start, args.every, args.count)
        self._stop = Token()
        self._stack = contextlib.ExitStack()
        self._voice = Voice(quiet=args.quiet, taken="-" in (args.json, args.events))
        self._tally = Tally(args.changed_over)
        self._watcher = Watcher(args.changed_over, paired=args.source_b is not None)
        self._document: Document | None = None
        self._events: EventFile | None = None
        self._keeper: Keeper | None = None
        self._page: Page | None = None
        self._settled = 0

    def __enter__(self) -> Self:
        for name in _SIGNALS:
            with contextlib.suppress(ValueError):  # not on the main thread, where no signal arrives
                number = getattr(signal, name)
                self._stack.callback(signal.signal, number, signal.signal(number, self._asked))
        self._spool = Spool()
        self._stack.callback(self._spool.close)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _asked(self, number: int, frame: FrameType | None) -> None:
        """End as the last frame would; at once when asked again."""
        del number, frame
        if self._stop.cancelled:
            raise KeyboardInterrupt
        self._stop.cancel()

    def run(self) -> int:
        """Do it; return the exit status."""
        args = self._args
        try:
            source = self._open(args.source)
            other = None if args.source_b is None else self._open(args.source_b)
            pairing = None if other is None else paired(source, other, args.offset, self._stop)
            reference = reference_of(args.reference or "", source, self._how, self._stop)
        except Cancelled:  # by a signal, before there was anything to end well
            raise KeyboardInterrupt from None
        if pairing is not None:
            self._voice.say(f"note: {pairs.words(pairing)}.")
        head = head_of(
            source, other, pairing, self._params, self._chosen,
            changed_over=args.changed_over, reference=args.reference,
        )  # fmt: skip
        before = self._outputs(source, head)
        self._voice.begin(self._tally.frames)
        trouble: PairlensError | None = None
        try:
            self._watch(source, other, pairing, reference, before)
        except Cancelled:  # in the middle of a comparison, by a signal
            pass
        except PairlensError as error:  # what there is so far is brought to its end
            trouble = error
            if not self._tally.frames:
                raise  # before the first frame: older files stay
        self._end(head, trouble)
        if trouble is not None:
            raise trouble
        if self._tally.unreadable == self._tally.frames:
            raise ReadError(
                f"No frame of “{source.name}” could be compared."
                if self._tally.frames else f"No frame of “{source.name}” came."
            )  # fmt: skip
        return int(self._tally.differs)

    def _open(self, address: str) -> Source:
        source = open_source(
            address, managed=self._how.managed, limits=self._how.limits, token=self._stop
        )
        self._stack.callback(source.close)
        return source

    def _outputs(self, source: Source, head: dict[str, Any]) -> Earlier | None:
        """Open all that is written; return what is continued."""
        args = self._args
        if args.keep_changed is not None:
            self._keeper = Keeper(args.keep_changed)
        before = None
        if args.resume:
            before = matching(args.json, source, head)
            if before is None:
                self._voice.say(f"note: “{args.json}” has no frame yet; beginning at the first.")
        if args.events is not None:
            self._events = EventFile(args.events)
            self._stack.callback(self._events.close)
        if args.report is not None:
            from core.reports import _sequence  # noqa: PLC0415 - only when asked for

            self._page = _sequence.Page(self._params, self._chosen, args.changed_over)
        if before is not None:
            for result in before.results():
                self._count(result)
            self._settled = self._tally.frames
        if args.json is not None:
            begin = None if before is None else (before.path, before.end)
            text = Terminal() if args.json == "-" else Growing(
                args.json, "JSON file", keep=True, begin=begin
            )  # fmt: skip
            self._stack.callback(text.close)
            self._document = Document(text, self._tally.frames)
            if before is None:
                self._document.begin(head)
        return before

    def _watch(
        self, source: Source, other: Source | None, pairing: Pairing | None,
        reference: ImageBuffer | Golden | None, before: Earlier | None,
    ) -> None:  # fmt: skip
        done, learn = again(before, self._chosen, self._params, paired=other is not None)
        if before is not None:
            self._voice.say(relearned(self._tally.frames, done, learn, self._params))
        hold = self._keeper is not None or self._page is not None
        frames = frames_of(source, self._chosen, self._stop, before, done, learn)
        held = Held(frames, hold=hold)
        first = self._chosen.start + done * self._chosen.every
        total = self._chosen.total(source)
        with contextlib.ExitStack() as open_ones:  # threads end here, whatever happens
            open_ones.callback(frames.close)
            if other is not None and pairing is not None:
                both = pairs.Pairs(other, pairing, self._params, self._stop)
                both.unpaired = done - self._tally.frames
                for found in open_ones.enter_context(contextlib.closing(both.compare(held))):
                    self._take(found.result, held, found.b.index)
                    self._tally.unpaired = both.unpaired
                    self._voice.progress(self._tally, total)
                self._tally.unpaired = both.unpaired
                return
            rate = self._chosen.rate(source)
            results = cast(
                "Generator[FrameResult]",  # which it is, and ends its own thread when closed
                analyse(held, self._params, Token(), reference=reference, rate=rate),
            )
            for result in open_ones.enter_context(contextlib.closing(results)):
                if result.index < first:  # was only learned from
                    held.take(result.index)
                    continue
                self._take(result, held)
                self._voice.progress(self._tally, total)

    def _take(self, result: FrameResult, held: Held, index_b: int | None = None) -> None:
        """Write, say and keep what there is of a frame."""
        frame = held.take(result.index)
        if self._document is not None:
            self._document.frame(frame_values(result, index_b))
        self._settled += not held.ended
        wanted = self._count(result, frame, said=True)
        if wanted and self._keeper is not None and frame is not None:
            try:
                self._keeper.keep(frame)
            except PairlensError:
                self._settled = min(
                    self._settled, self._tally.frames - 1
                )  # resuming takes it again
                raise

    def _count(
        self, result: FrameResult, frame: Frame | None = None, *, said: bool = False
    ) -> bool:
        """Take a result into all counts; return whether its frame is worth keeping."""
        changed = self._tally.add(result)
        news = self._watcher.next(result)
        if said:
            self._voice.result(result, news.begun)
        if self._page is not None:
            self._page.add(result, news.begun, frame)
        for event in news.over:
            self._over(event)
        return worth_keeping(news.begun, changed=changed)

    def _over(self, event: Event) -> None:
        self._tally.event(event)
        self._spool.write(event)
        if self._events is not None:
            self._events.write(event)
        if self._page is not None:
            self._page.event(event)

    def _end(self, head: dict[str, Any], trouble: PairlensError | None) -> None:
        """Bring everything to its end, also after trouble; what cannot be is said once."""
        self._voice.done()
        ended = str(trouble or ("interrupted" if self._stop.cancelled else "finished"))
        seconds = self._voice.seconds
        kept = None if self._keeper is None else self._keeper.kept
        steps: list[Callable[[], None]] = [self._rest, partial(self._close, ended, seconds, kept)]
        if self._events is not None:
            steps.append(self._events.finish)
        if self._page is not None:
            steps.append(partial(self._report, self._page, head, ended))
        failed = None
        for step in steps:
            try:
                step()
            except PairlensError as error:
                failed = failed or error
        if failed is not None and trouble is None:
            raise failed
        for line in summary(
            self._tally, ended=ended, seconds=seconds, kept=kept, before=self._voice.before
        ):
            self._voice.say(line)

    def _rest(self) -> None:
        for event in self._watcher.rest():
            self._over(event)

    def _report(self, page: Page, head: dict[str, Any], ended: str) -> None:
        command = " ".join(["pairlens sequence", *map(word, self._words)])
        page.write(self._args.report, self._tally, head, command=command, ended=ended)

    def _close(self, ended: str, seconds: float, kept: int | None) -> None:
        if self._document is None:
            return
        tally = self._tally
        rate = (tally.frames - self._voice.before) / max(seconds, 1e-6)
        more = {"kept": kept, "seconds": round(seconds, 3), "fps": round(rate, 2)}
        values = {**tally.to_dict(), **more, "ended": ended, "settled": self._settled}
        self._document.end(self._spool.lines(), values)
