"""Where what is said of a sequence goes: the terminal, and files of events."""

from __future__ import annotations

import csv
import io
import sys
import tempfile
import time
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from cli.sequence_text import progress, start_line, told, unreadable_line
from core.errors import WriteError
from core.sequence.document import event_values, written
from core.sequence.events import Event
from core.sequence.growing import Growing
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.sequence.growing import Sink
    from core.sequence.result import FrameResult
    from core.sequence.starts import Start
    from core.sequence.tally import Tally

COLUMNS: Final = tuple(f.name for f in fields(Event))
_STEP: Final = 0.2
"""Seconds between two looks of the progress line."""


class Terminal:
    """Standard output as a place for a document; see `core.sequence.growing.Sink`."""

    def __init__(self) -> None:
        sys.stdout.reconfigure(  # type: ignore[union-attr]
            encoding="utf-8",  # JSON is that
            errors="backslashreplace",
        )

    def write(self, text: str) -> None:
        """Write, and hand on at once."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:  # who read it has enough
            raise
        except OSError as e:
            raise WriteError(f"The standard output could not be written: {e.strerror or e}.") from e

    def finish(self) -> None:
        """Do nothing: all was handed on."""

    def close(self) -> None:
        """Do nothing: the terminal goes on."""


def sink(path: str, what: str) -> Sink:
    """Return where a document goes."""
    return Terminal() if path == "-" else Growing(path, what)


class EventFile:
    """Writes events as they are over: CSV, or a JSON array.

    Parameters
    ----------
    path
        Ends in ``.csv`` or ``.json``; ``-`` is CSV on the terminal.
    """

    def __init__(self, path: str) -> None:
        self._json = path.lower().endswith(".json")
        self._sink = sink(path, "events file")
        self._any = False
        self._sink.write("[" if self._json else self._row(COLUMNS))

    def write(self, event: Event) -> None:
        """Write one."""
        if self._json:
            self._sink.write(("," if self._any else "") + "\n" + written(event_values(event)))
        else:
            self._sink.write(self._row([told(getattr(event, name)) for name in COLUMNS]))
        self._any = True

    def finish(self) -> None:
        """Say that these were all."""
        if self._json:
            self._sink.write("\n]\n")
        self._sink.finish()

    def close(self) -> None:
        """Let go; may be called twice."""
        self._sink.close()

    @staticmethod
    def _row(cells: tuple[str, ...] | list[str]) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        return text.getvalue()


class Spool:
    """Keeps the events for the end of the document, which has the frames first.

    On the disk once there are many: an endless run must not fill the memory.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - lives as long as the run
            1 << 20, "w+", encoding="utf-8", newline=""
        )

    def write(self, event: Event) -> None:
        """Keep one."""
        try:
            self._file.write(written(event_values(event)) + "\n")
        except OSError as e:
            raise WriteError(
                f"The folder for temporary files cannot be written: {e.strerror or e}."
            ) from e

    def lines(self) -> Iterator[str]:
        """Yield them."""
        self._file.seek(0)
        yield from self._file

    def close(self) -> None:
        """Let go."""
        self._file.close()


class Voice:
    """Says on the terminal what happens.

    Parameters
    ----------
    quiet
        Say nothing at all.
    taken
        The terminal belongs to a document: only frames that could not be read are said, on the
        error output.
    """

    def __init__(self, *, quiet: bool, taken: bool) -> None:
        self._quiet, self._taken = quiet, taken
        self._bar = not quiet and not taken and sys.stderr.isatty()
        self._looked = self._began = time.monotonic()
        self._width = self.before = 0

    def begin(self, frames: int) -> None:
        """Say that reading begins after so many frames."""
        self._began, self.before = time.monotonic(), frames

    @property
    def seconds(self) -> float:
        """How long it has been reading."""
        return time.monotonic() - self._began

    def say(self, text: str) -> None:
        """Say a line, unless the terminal is taken."""
        if not (self._quiet or self._taken):
            self._clear()
            print(text, flush=True)

    def warn(self, text: str) -> None:
        """Say a line, on the error output when the terminal is taken."""
        if self._taken and not self._quiet:
            print(text, file=sys.stderr, flush=True)
        self.say(text)

    def result(self, result: FrameResult, begun: list[Start]) -> None:
        """Say what a frame brought."""
        if result.problem:
            self.warn(unreadable_line(result))
        for start in begun:
            if start.kind != Verdict.UNREADABLE:  # each of these was said above
                self.say(start_line(start))

    def progress(self, tally: Tally, total: int | None) -> None:
        """Renew the line of progress, if it is time and there is one."""
        if not self._bar or time.monotonic() - self._looked < _STEP:
            return
        self._looked = time.monotonic()
        rate = (tally.frames - self.before) / max(self.seconds, 1e-3)
        text = progress(tally, total, rate)
        sys.stderr.write(f"\r{text:<{self._width}}")
        sys.stderr.flush()
        self._width = len(text)

    def _clear(self) -> None:
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0

    def done(self) -> None:
        """Take the line of progress away."""
        self._clear()
