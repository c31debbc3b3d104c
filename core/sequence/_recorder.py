"""Stores what a pass over a sequence sees; pictures are packed by a thread of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from core.sequence.stored import Look, mask_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from core.sequence.archive import Archive
    from core.sequence.background import Background
    from core.sequence.events import Event
    from core.sequence.pixels import Picture
    from core.sequence.result import FrameResult


class Recorder:
    """Collects what belongs to results until these are stored.

    Parameters
    ----------
    archive
        Where to.
    every
        Every how-manieth frame is looked at.
    most
        So many frames are remembered; None for all.
    """

    def __init__(self, archive: Archive, every: int, most: int | None = None) -> None:
        self._archive, self._every, self._most = archive, every, most
        self._known = -1 if archive.last is None else archive.last
        self._looks: dict[int, Future[Look]] = {}
        self._masks: dict[int, Future[bytes]] = {}
        self._background: Future[None] | None = None
        newest = archive.newest_background()
        self._learned = newest is not None and newest[1]
        self._due = 0 if newest is None else newest[0] + archive.spacing * every
        self._kept_from = 0

    def __enter__(self) -> Self:
        self._beside = ThreadPoolExecutor(1, "archive")
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown()

    def seen(self, index: int, picture: Picture, model: Background | None = None) -> None:
        """Take what a frame looks like, and the background with it."""
        if index <= self._known:
            return  # only learned from
        self._looks[index] = self._beside.submit(Look.of, picture)
        if model is None:
            return
        if model.learned and (not self._learned or index >= self._due):
            pixels = model.picture()
            assert pixels is not None  # it is learned
            self._settle()
            self._background = self._beside.submit(
                self._archive.add_background, index, pixels.copy()
            )
            self._due = index + self._archive.spacing * self._every
        elif self._learned and not model.learned:
            self._settle()
            self._archive.add_background(index, None)
        self._learned = model.learned

    def took(self, result: FrameResult) -> FrameResult:
        """Take a result's mask; return the result without it."""
        if result.mask is None:
            return result
        self._masks[result.index] = self._beside.submit(mask_bytes, result.mask)
        return replace(result, mask=None)

    def store(self, results: Sequence[FrameResult], events: Sequence[Event]) -> None:
        """Store results with all that belongs to them, and events that are over."""
        if not results and not events:
            return
        indices = [r.index for r in results]
        looks = {i: self._looks.pop(i).result() for i in indices if i in self._looks}
        masks = {i: self._masks.pop(i).result() for i in indices if i in self._masks}
        self._archive.add(results, looks, masks, events)
        if self._most is not None and results:
            first = results[-1].index + 1 - self._most * self._every
            if first - self._kept_from >= max(self._most // 10, 1) * self._every:
                self._archive.forget(first)
                self._kept_from = first

    def keep_state(self, after: int, data: bytes) -> None:
        """Store a state, and what was seen of frames whose results are not settled."""
        looks = {i: look.result() for i, look in self._looks.items()}
        self._settle()
        self._archive.keep_state(after, data, looks)

    def finish(self) -> None:
        """Say that all frames were looked at."""
        self._settle()
        self._archive.finish()

    def _settle(self) -> None:
        """Wait until the last background is stored: they are stored in their order."""
        if self._background is not None:
            self._background.result()
            self._background = None
