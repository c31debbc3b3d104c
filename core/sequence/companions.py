"""What each frame is compared with, as a picture.

It is what the analysis compares with, but for light and camera, which are not taken out, and for
the background, which is stored now and then only (`core.sequence.archive`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from core.buffer import ImageBuffer
from core.errors import ReadError
from core.sequence._looks import plain
from core.sequence.golden import Golden
from core.sequence.params import Against
from core.sequence.pixels import as_bytes, picture
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.archive import Archive
    from core.sequence.survey import Question
    from core.sequence.types import Frame
    from core.types import Token

_FAR: Final = 200
"""So many frames that cannot be read are passed over to find one that can."""
_PLAIN: Final = frozenset({Verdict.BLACK, Verdict.FLASH, Verdict.UNREADABLE})


@dataclass(frozen=True, slots=True, eq=False)
class Companion:
    """What a frame is compared with.

    Attributes
    ----------
    image
        None when it cannot be had.
    words
        What to call it: ``"frame 16"``, ``"background as of frame 250"``, ``"frame 31 of B"``.
    problem
        One sentence why it cannot be had; empty when it can.
    itself
        Whether there is nothing to compare with, and it is the frame itself.
    frame
        Which other frame of the same sequence it is; None for what is none.
    """

    image: ImageBuffer | None
    words: str
    problem: str = ""
    itself: bool = False
    frame: int | None = None


class Companions:
    """Finds what frames are compared with; remembers what many of them share.

    Parameters
    ----------
    question
        Says with what.
    archive
        Says which frames could be read, and has the background.
    """

    def __init__(self, question: Question, archive: Archive) -> None:
        self._question, self._archive = question, archive
        self._lock = threading.Lock()
        self._first: tuple[int, ImageBuffer] | None = None
        self._background: tuple[int, ImageBuffer] | None = None
        self._golden: ImageBuffer | None = None

    def of(
        self, index: int, token: Token, *, frame: Frame | None = None, before: Frame | None = None
    ) -> Companion:
        """Return what a frame is compared with.

        Parameters
        ----------
        index
            Of the frame.
        token
            Ends the reading of others.
        frame, before
            This frame, and one before it, where they are at hand.

        Raises
        ------
        Cancelled
            When the token is cancelled.
        ReadError
            When a source can no longer be read.
        IndexError
            When there is no such frame.
        """
        hand = {f.index: f for f in (frame, before) if f is not None}
        question = self._question
        if question.b is not None and question.pairing is not None:
            return self._paired(question.pairing.of_a(index), token)
        against = question.params.against
        if against is Against.REFERENCE and question.reference is not None:
            return self._reference(question.reference)
        if against is Against.BACKGROUND:
            return self._learned(index, token, hand)
        if against is not Against.PREVIOUS:
            return self._shown_first(index, token, hand)
        other = self._before(index, token, hand)
        if other is not None:
            return Companion(other.image, f"frame {other.index}", frame=other.index)
        return self._itself(index, token, hand, "the first frame")

    def _shown_first(self, index: int, token: Token, hand: dict[int, Frame]) -> Companion:
        with self._lock:
            self._first = self._first or self._first_of_all(token, hand)
            first = self._first
        if first is None or index < first[0]:
            return self._itself(index, token, hand, "nothing was shown before")
        if index == first[0]:
            return Companion(first[1], "itself: the first frame")
        return Companion(first[1], f"frame {first[0]}", frame=first[0])

    def _paired(self, index: int, token: Token) -> Companion:
        b = self._question.b
        assert b is not None  # who asks has looked
        words = f"frame {index} of B"
        if index < 0 or (b.count is not None and index >= b.count):
            return Companion(None, words, "B has no frame that belongs to it.")
        other = b.frame(index, token)
        return Companion(other.image, words, other.problem)

    def _reference(self, given: ImageBuffer | Golden) -> Companion:
        if not isinstance(given, Golden):
            return Companion(given, given.name)
        words = f"golden model of {given.count} pictures"
        with self._lock:
            pixels = given.picture() if self._golden is None else None
            if pixels is not None:
                self._golden = ImageBuffer.from_array(pixels, name=words)
            if self._golden is None:
                return Companion(None, words, "The golden model has learned from no picture yet.")
            return Companion(self._golden, words)

    def _learned(self, index: int, token: Token, hand: dict[int, Frame]) -> Companion:
        at = self._archive.background_at(index)
        with self._lock:
            if self._background is not None and self._background[0] == at:
                return Companion(self._background[1], f"background as of frame {at}")
            found = None if at is None else self._archive.background(index)
            if found is None:
                return self._itself(index, token, hand, "the background is not learned yet")
            at, pixels = found
            words = f"background as of frame {at}"
            self._background = at, ImageBuffer.from_array(pixels, name=words)
            return Companion(self._background[1], words)

    def _itself(self, index: int, token: Token, hand: dict[int, Frame], why: str) -> Companion:
        own = self._frame(index, token, hand)
        return Companion(own.image, f"itself: {why}", own.problem, itself=True)

    def _frame(self, index: int, token: Token, hand: dict[int, Frame]) -> Frame:
        return hand[index] if index in hand else self._question.a.frame(index, token)

    def _before(self, index: int, token: Token, hand: dict[int, Frame]) -> Frame | None:
        """Return the last frame before one that could be read."""
        chosen = self._question.selection
        at = chosen.start + (index - 1 - chosen.start) // chosen.every * chosen.every
        for _ in range(_FAR):
            if at < chosen.start:
                return None
            known = self._archive.result(at)
            if known is None or Verdict.UNREADABLE not in known.verdicts:
                other = self._frame(at, token, hand)
                if other.image is not None:
                    return other
            at -= chosen.every
        return None

    def _first_of_all(self, token: Token, hand: dict[int, Frame]) -> tuple[int, ImageBuffer] | None:
        """Return the first frame that shows something."""
        chosen, params = self._question.selection, self._question.params
        for at in range(chosen.start, chosen.start + _FAR * chosen.every, chosen.every):
            known = self._archive.result(at)
            if known is not None and _PLAIN & set(known.verdicts):
                continue
            try:
                other = self._frame(at, token, hand)
            except IndexError:
                return None
            if other.image is None:
                continue
            if known is None and plain(picture(as_bytes(other.image, gray=params.gray), token)):
                continue
            return at, other.image
        return None


_known: WeakKeyDictionary[Question, tuple[Archive, Companions]] = WeakKeyDictionary()
_lock = threading.Lock()


def companion(question: Question, archive: Archive, index: int, token: Token) -> Companion:
    """Return what a frame is compared with; the shared ones are remembered with the question.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """
    with _lock:
        had = _known.get(question)
        if had is None or had[0] is not archive:
            had = _known[question] = archive, Companions(question, archive)
    try:
        return had[1].of(index, token)
    except (ReadError, IndexError) as error:
        text = str(error) if isinstance(error, ReadError) else "There is no such frame."
        return Companion(None, f"what frame {index} is compared with", text)
