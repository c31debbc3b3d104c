"""The JSON document of a sequence, written while it is analysed, and read to go on from there.

It is one line a frame and one an event, so that a reader needs no more memory for a long sequence,
and one that was cut off by a crash can be continued after its last whole line::

    {
    "pairlens": "0.1.0",
    "schema": 1,
    "source": {...},
    "source_b": null,
    "settings": {...},
    "frames": [
    {"index": 0, "time": 0.0, ...},
    ...
    ],
    "events": [...],
    "summary": {...}
    }

Infinities and nan are strings in it. ``summary.settled`` is how many of the frames can no longer
change: the last ones may wait for the next frame to be named.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import ReadError
from core.result import VERSION, plain
from core.sequence.result import FrameResult
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.sequence.events import Event
    from core.sequence.growing import Sink

SCHEMA: Final = 1
NUMBERS: Final = (
    "time", "l1_per_pixel", "changed_share", "foreground_share", "hist_kl", "flow_mean_px",
)  # fmt: skip
_FRAMES: Final = b'"frames": ['


def written(values: Any) -> str:
    """Return plain values as JSON on one line."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def frame_values(result: FrameResult, index_b: int | None = None) -> dict[str, Any]:
    """Return what the document holds of a frame; `index_b` is the frame it was compared with."""
    values: dict[str, Any] = {"index": result.index, "name": result.name}
    values |= {name: plain(getattr(result, name)) for name in NUMBERS}
    values["verdicts"] = [str(v) for v in result.verdicts]
    if index_b is not None:
        values["index_b"] = index_b
    if result.problem:
        values["problem"] = result.problem
    return values


def event_values(event: Event) -> dict[str, Any]:
    """Return what the document holds of an event."""
    return {k: plain(v) if isinstance(v, float) else v for k, v in asdict(event).items()}


class Document:
    """Writes the document.

    Parameters
    ----------
    sink
        Takes its text.
    frames
        How many frames it has already: more than 0 when an earlier one is continued.
    """

    def __init__(self, sink: Sink, frames: int = 0) -> None:
        self._sink, self._frames = sink, frames

    def begin(self, head: dict[str, Any]) -> None:
        """Write what is known before the first frame."""
        values = {"pairlens": VERSION, "schema": SCHEMA, **head}
        lines = "".join(f"{written(k)}: {written(v)},\n" for k, v in values.items())
        self._sink.write("{\n" + lines + _FRAMES.decode())

    def frame(self, values: dict[str, Any]) -> None:
        """Write a frame."""
        self._sink.write(("," if self._frames else "") + "\n" + written(values))
        self._frames += 1

    def end(self, events: Iterable[str], summary: dict[str, Any]) -> None:
        """Write the events, each on its line, and the summary; then it is whole."""
        self._sink.write("\n],\n" + '"events": [')
        for k, line in enumerate(events):
            self._sink.write(("," if k else "") + "\n" + line.rstrip("\n"))
        self._sink.write(f'\n],\n"summary": {written(summary)}\n}}\n')
        self._sink.finish()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document that may be continued.

    Attributes
    ----------
    path
        Where it is.
    head
        What stands before the frames.
    frames
        How many of its frames can no longer change.
    end
        Bytes up to the end of the last of them.
    """

    path: Path
    head: dict[str, Any]
    frames: int
    end: int

    def results(self) -> Iterator[FrameResult]:
        """Yield what it says of the frames that can no longer change."""
        with self.path.open("rb") as file:
            for k, (values, _) in enumerate(_lines(file)):
                if k == self.frames:
                    return
                yield _result(values)


def earlier(path: Path) -> Earlier | None:
    """Look at a document, whole or not; None where there is none, or it has no frame.

    Raises
    ------
    ReadError
        When it cannot be read, or is another program's.
    """
    strange = ReadError(
        f"“{path}” is no document that pairlens sequence wrote, so it cannot be continued; give"
        " another name."
    )
    try:
        with path.open("rb") as file:
            head = _head(file)
            if head is None:
                raise strange
            frames = 0
            ends = [file.tell()]
            for _, end in _lines(file, begun=True):
                frames += 1
                ends = [*ends[-_LATE:], end]  # the last frames may be taken back
            left = file.read()
    except FileNotFoundError:
        return None
    except OSError as e:
        raise ReadError(f"“{path}” could not be read: {e.strerror or e}.") from e
    settled = min(_settled(left, frames), frames)
    back = frames - settled
    if head.get("schema") != SCHEMA or back >= len(ends):
        raise strange
    return Earlier(path, head, settled, ends[-1 - back]) if settled else None


_LATE: Final = 64
"""More frames than can wait for their names."""


def _head(file: Any) -> dict[str, Any] | None:
    text = b""
    for line in file:
        text += line
        if line.rstrip() == _FRAMES:
            break
        if len(text) > 1 << 20:
            return None
    try:
        values = json.loads(text + b"]}")
    except ValueError:
        return None
    return values if isinstance(values, dict) and "pairlens" in values else None


def _lines(file: Any, *, begun: bool = False) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield each whole frame with the place of its end; leave the file behind the last one."""
    at = file.tell()
    while not begun:
        line = file.readline()
        begun = not line or line.rstrip() == _FRAMES
    while True:
        at = file.tell()
        line = file.readline()
        bare = line.rstrip(b"\n").rstrip(b",")
        try:
            values = json.loads(bare) if bare.startswith(b"{") else None
        except ValueError:
            values = None
        if not isinstance(values, dict):
            file.seek(at)
            return
        yield values, at + len(bare)


def _settled(rest: bytes, frames: int) -> int:
    """Return how many frames can no longer change: all, where a crash left no summary."""
    try:
        said = json.loads(b"[" + rest.partition(b'"summary": ')[2].rstrip()[:-1] + b"]")
        return int(said[0]["settled"])
    except (ValueError, KeyError, IndexError, TypeError):
        return frames


def _result(values: dict[str, Any]) -> FrameResult:
    blank = FrameResult(
        int(values["index"]),
        float(values["time"]),
        str(values["name"]),
        verdicts=tuple(Verdict(v) for v in values["verdicts"]),
        problem=str(values.get("problem", "")),
    )
    more: dict[str, Any] = {name: float(values[name]) for name in NUMBERS[1:]}
    return replace(blank, **more)
