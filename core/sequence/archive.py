"""All that is known of one pass over a sequence, stored: opening it again is instant.

Frames go by the index that their results have. What is added is added whole: results, thumbnails,
masks and counts of a batch are one transaction, so a crash never leaves half a frame. Adding what
is there already replaces it, so two passes that answer the same question may write at once.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from core.sequence._archive_file import ArchiveFile
from core.sequence.stored import (
    NUMBERS,
    THUMB,
    event_of,
    event_row,
    exact_bytes,
    exact_of,
    look_rows,
    mask_bytes,
    mask_of,
    number,
    result_of,
    row_of,
    tables_of,
    thumbnail_of,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from core.sequence.events import Event
    from core.sequence.result import FrameResult
    from core.sequence.stored import Look
    from core.types import Mask

__all__ = ["BACKGROUNDS", "SPACING", "THUMB", "Archive"]

BACKGROUNDS: Final = 40
"""So many backgrounds are stored at most."""
SPACING: Final = 250
"""Frames from one stored background to the next, at first."""
_PLACES: Final = ", ".join("?" * (len(NUMBERS) + 2))
_NOTE: Final = "REPLACE INTO about VALUES (?, ?)"
_NOTED: Final = "SELECT value FROM about WHERE name = ?"
_FRAME: Final = f"SELECT frame, {', '.join(NUMBERS)}, words FROM frames"
_BY_FRAME: Final = ("frames", "looks", "masks", "backgrounds", "measures")
T = TypeVar("T")


class Archive:
    """What is known of a sequence; may be used by several threads.

    Parameters
    ----------
    path
        Of the file, made when it is not there; None keeps all in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = ArchiveFile(path)

    def close(self) -> None:
        """Let go of the file; afterwards nothing is known, and what is added is lost."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def problem(self) -> str:
        """One sentence why results begin anew, or do not last; empty when all is well."""
        return self._file.problem

    @property
    def frames(self) -> int:
        """How many results are stored: those of the first frames of the selection, in order.

        Between two sequences, frames of A that have none in B are not among them.
        """
        return int(self._one("SELECT count(*) FROM frames", default=0))

    @property
    def last(self) -> int | None:
        """Index of the last frame that has a result."""
        found: int | None = self._one("SELECT max(frame) FROM frames")
        return found

    @property
    def complete(self) -> bool:
        """Whether the pass came to its end."""
        return bool(self._one(_NOTED, "complete"))

    @property
    def spacing(self) -> int:
        """After so many frames another background is worth storing."""
        return int(self._one(_NOTED, "spacing", default=SPACING))

    def add(
        self,
        results: Sequence[FrameResult],
        looks: Mapping[int, Look] | None = None,
        masks: Mapping[int, bytes] | None = None,
        events: Iterable[Event] = (),
    ) -> None:
        """Store results with all that belongs to them, at once or not at all.

        Parameters
        ----------
        results
            Their masks are stored unless `masks` has them.
        looks
            Of frames, by index: thumbnails and counts.
        masks
            What `core.sequence.stored.mask_bytes` makes of the foreground of frames, by index.
        events
            Those that are over.
        """
        made = {r.index: mask_bytes(r.mask) for r in results if r.mask is not None}
        made |= masks or {}
        self._file.write(
            (f"REPLACE INTO frames VALUES ({_PLACES})", [row_of(r) for r in results]),
            (_LOOK, look_rows(looks)),
            ("REPLACE INTO masks VALUES (?, ?)", list(made.items())),
            (_EVENT, list(map(event_row, events))),
        )

    def add_event(self, event: Event) -> None:
        """Store an event that is over."""
        self._file.write((_EVENT, [event_row(event)]))

    def replace_events(self, events: Iterable[Event]) -> None:
        """Store these events and no others."""
        rows = list(map(event_row, events))
        self._file.write(("DELETE FROM events", [()]), (_EVENT, rows))

    def add_background(self, index: int, pixels: Mask | None) -> None:
        """Store the background as of a frame; None where from then on there is none.

        When there are too many, every second one is forgotten, and `spacing` doubles.
        """
        data = b"" if pixels is None else exact_bytes(pixels)
        self._file.write(("REPLACE INTO backgrounds VALUES (?, ?)", [(index, data)]))
        some = "SELECT frame FROM backgrounds WHERE length(png) > 0 ORDER BY frame"
        known = self._file.read(some)
        if len(known) > BACKGROUNDS:
            self._file.write(
                ("DELETE FROM backgrounds WHERE frame = ?", known[1::2]),
                (_NOTE, [("spacing", str(2 * self.spacing))]),
            )

    def add_measure(self, key: str, name: str, values: Mapping[int, float]) -> None:
        """Store values of a measure by frame; `key` stands for what decided them."""
        rows = [(key, name, frame, value) for frame, value in values.items()]
        self._file.write(("REPLACE INTO measures VALUES (?, ?, ?, ?)", rows))

    def finish(self) -> None:
        """Say that the pass came to its end: nothing is gone on with."""
        self._file.write((_NOTE, [("complete", "1")]))
        self._file.drop_beside()

    def forget(self, before: int) -> None:
        """Forget all of the frames before this one."""
        tables = [(f"DELETE FROM {t} WHERE frame < ?", [(before,)]) for t in _BY_FRAME]
        self._file.write(*tables, ("DELETE FROM events WHERE stop < ?", [(before,)]))

    def clear(self) -> None:
        """Forget everything."""
        tables = (*_BY_FRAME, "events", "about")
        self._file.write(*((f"DELETE FROM {t}", [()]) for t in tables))
        self._file.drop_beside()

    def keep_state(self, after: int, data: bytes, looks: Mapping[int, Look] | None = None) -> None:
        """Store what analysis goes on from, once the frames up to index `after` were taken.

        `looks` are those of frames whose results are not settled yet.
        """
        self._file.write((_LOOK, look_rows(looks)))
        self._file.keep_beside(after.to_bytes(8, "little", signed=True) + data)

    def state(self) -> tuple[int, bytes] | None:
        """Return what `keep_state` was told last."""
        data = self._file.beside()
        return (int.from_bytes(data[:8], "little", signed=True), data[8:]) if data else None

    def events(self) -> list[Event]:
        """Return the events that are over, by their start."""
        query = "SELECT start, kind, stop, start_time, stop_time, frames, peak, what FROM events"
        rows = self._file.read(f"{query} ORDER BY start, kind")
        return [event_of(row) for row in rows]

    def results(self, after: int = -1) -> list[FrameResult]:
        """Return the results of all frames, or of those behind one, without their masks."""
        return self._results("WHERE frame > ? ORDER BY frame", after)

    def result(self, index: int) -> FrameResult | None:
        """Return the result of a frame, without its mask."""
        found = self._results("WHERE frame = ?", index)
        return found[0] if found else None

    def thumbnail(self, index: int) -> Mask | None:
        """Return a frame small, (h, w, 3) uint8 RGB; its longer side has at most `THUMB` px."""
        return self.thumbnails((index,)).get(index)

    def thumbnails(self, indices: Iterable[int]) -> dict[int, Mask]:
        """Return several thumbnails by index; those that are not known are left out."""
        return self._pictures("SELECT frame, thumbnail FROM looks", indices, thumbnail_of)

    def nearest(self, index: int) -> int | None:
        """Return the frame nearest to this one that has a thumbnail, of two the earlier."""
        before = self._one("SELECT max(frame) FROM looks WHERE frame <= ?", index)
        after = self._one("SELECT min(frame) FROM looks WHERE frame >= ?", index)
        known = [x for x in (before, after) if x is not None]
        return min(known, key=lambda x: abs(x - index)) if known else None

    def foreground(self, index: int) -> Mask | None:
        """Return the foreground at the size of the thumbnail, (h, w), 0 or 255.

        It is set where any pixel is; None where no foreground is known.
        """
        query = "SELECT frame, png FROM masks"
        return self._pictures(query, (index,), mask_of).get(index)

    def background(self, index: int) -> tuple[int, Mask] | None:
        """Return the newest background stored at or before a frame, and as of which frame it is.

        It is (H, W) or (H, W, 3) uint8; None while none was learned.
        """
        query = "SELECT frame, png FROM backgrounds WHERE frame <= ? ORDER BY frame DESC LIMIT 1"
        for frame, data in self._file.read(query, (index,)):
            pixels = exact_of(data)
            return None if pixels is None else (frame, pixels)
        return None

    def background_at(self, index: int) -> int | None:
        """Return as of which frame `background` would be; None when there is none."""
        query = "SELECT frame, length(png) FROM backgrounds WHERE frame <= ? ORDER BY frame DESC"
        rows = self._file.read(f"{query} LIMIT 1", (index,))
        return rows[0][0] if rows and rows[0][1] else None

    def newest_background(self) -> tuple[int, bool] | None:
        """Return as of which frame the newest background is, and whether it is one."""
        query = "SELECT frame, length(png) > 0 FROM backgrounds ORDER BY frame DESC LIMIT 1"
        rows = self._file.read(query)
        return (rows[0][0], bool(rows[0][1])) if rows else None

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return (N,) indices of frames, and (N, C, 256): how often each level occurs in them.

        Frames of another number of channels than the first one are left out.
        """
        return tables_of(
            self._file.read("SELECT frame, channels, counts FROM looks ORDER BY frame")
        )

    def measure(self, key: str, name: str) -> dict[int, float]:
        """Return the values of a measure that `add_measure` was given, by frame."""
        query = "SELECT frame, value FROM measures WHERE key = ? AND name = ? ORDER BY frame"
        return {frame: number(value) for frame, value in self._file.read(query, (key, name))}

    def _results(self, which: str, *values: int) -> list[FrameResult]:
        rows = self._file.read(f"{_FRAME} {which}", values)
        try:
            return [result_of(row) for row in rows]
        except (ValueError, TypeError, KeyError):  # damage that SQLite did not see
            self._file.begin_anew()
            return []

    def _pictures(
        self, query: str, indices: Iterable[int], made: Callable[[bytes], T | None]
    ) -> dict[int, T]:
        wanted = json.dumps([int(i) for i in indices])
        rows = self._file.read(
            f"{query} WHERE frame IN (SELECT value FROM json_each(?))", (wanted,)
        )
        return {frame: x for frame, data in rows if (x := made(data)) is not None}

    def _one(self, query: str, *values: Any, default: Any = None) -> Any:
        rows = self._file.read(query, values)
        return rows[0][0] if rows else default


_LOOK: Final = "REPLACE INTO looks VALUES (?, ?, ?, ?)"
_EVENT: Final = "REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
