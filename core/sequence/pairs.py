"""Compares the frames of one sequence with those of another one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from core.errors import CompareError
from core.sequence._looks import hist_kl
from core.sequence.pairing import Pairing, pair, signatures
from core.sequence.pixels import as_bytes, differ, like, picture, size_words
from core.sequence.result import FrameResult
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from core.buffer import ImageBuffer
    from core.sequence.params import SequenceParams
    from core.sequence.pixels import Picture
    from core.sequence.types import Frame, Source
    from core.types import Token


class Pair(NamedTuple):
    """Two frames that belong together, and what differs.

    Attributes
    ----------
    a, b
        The frames.
    result
        Its index, time and name are those of `a`.
    """

    a: Frame
    b: Frame
    result: FrameResult


def by_hand(a: Source, b: Source, offset: int) -> Pairing:
    """Return that frame i of A belongs to frame i + offset of B.

    Of sources of different rates the frame that is nearest in time belongs to it, and the offset
    counts frames of the faster one.
    """
    if not (a.rate and b.rate):
        return Pairing(True, offset)
    rate_a, rate_b = float(a.rate), float(b.rate)
    seconds = offset / max(rate_a, rate_b)
    return Pairing(True, offset, seconds, rate_a=rate_a, rate_b=rate_b)


def by_content(a: Source, b: Source, token: Token) -> Pairing:
    """Find the offset by what the frames show; reads both sources once.

    Raises
    ------
    CompareError
        When it cannot be told, or a source is live; says why.
    """
    for source in (a, b):
        if source.live:
            raise CompareError(
                f"“{source.name}” is live, so no offset can be found in it; give one by hand."
            )
    one, another = (signatures(s.frames(0, token), token) for s in (a, b))
    found = pair(one, another)
    if not found.accepted:
        raise CompareError(f"No offset was found: {found.reason} Give one by hand.")
    return found


@dataclass
class Pairs:
    """Takes frames of A and finds those of B.

    Attributes
    ----------
    b
        The other source.
    pairing
        Which frame of B belongs to which of A.
    params
        Tolerance and gray; nothing else has a meaning here.
    token
        Ends the reading of B.
    unpaired
        How many frames of A had none in B so far.
    seen
        Is told of each frame of A that could be compared, before its result comes: its index, and
        its pixels with their counts.
    """

    b: Source
    pairing: Pairing
    params: SequenceParams
    token: Token
    unpaired: int = 0
    seen: Callable[[int, Picture], None] | None = None

    def compare(self, frames: Iterable[Frame]) -> Generator[Pair]:
        """Yield each frame of A that has one in B.

        Where a source is live its frames are taken as they come, and it ends with the other one.
        """
        stream = self.b.frames(0, self.token) if self.b.live else None
        other: Frame | None = None
        for frame in frames:
            index = self.pairing.of_a(frame.index)
            if index < 0 or (self.b.count is not None and index >= self.b.count):
                self.unpaired += 1
                continue
            if stream is None:
                other = self.b.frame(index, self.token)
            else:
                while other is None or other.index < index:
                    other = next(stream, None)
                    if other is None:
                        return
            yield Pair(frame, other, self._result(frame, other))

    def _result(self, a: Frame, b: Frame) -> FrameResult:
        blank = FrameResult(a.index, a.time, a.name, verdicts=(Verdict.UNREADABLE,))
        if a.image is None or b.image is None:
            problem = a.problem if a.image is None else f"B, “{b.name}”: {b.problem}"
            return replace(blank, problem=problem or "It could not be read.")
        return self._compared(blank, a.image, b.image)

    def _compared(self, blank: FrameResult, a: ImageBuffer, b: ImageBuffer) -> FrameResult:
        one, other = (as_bytes(image, gray=self.params.gray) for image in (a, b))
        if one.shape[:2] != other.shape[:2]:
            had, got = (size_words(x) for x in (one, other))
            return replace(blank, problem=f"It is of {had}, that of B of {got}.")
        other = like(other, 1 if one.ndim == 2 else 3)
        away = differ(one, other, self.params.tolerance, self.token)
        looks = [picture(x, self.token) for x in (one, other)]
        if self.seen is not None:
            self.seen(blank.index, looks[0])
        return replace(
            blank,
            l1_per_pixel=away.l1_per_pixel,
            changed_share=away.changed_share,
            hist_kl=hist_kl(*(x.counts for x in looks)),
            verdicts=(Verdict.OK,),
        )


def words(pairing: Pairing) -> str:
    """Return for people how two sequences lie in time."""
    if math.isfinite(pairing.seconds) and pairing.rate_a != pairing.rate_b:
        rates = f"{pairing.rate_a:.4g} and {pairing.rate_b:.4g} frames a second"
        return f"by time, B {pairing.seconds:+.3f} s ({rates})".replace("-", "−")
    sign = "+" if pairing.offset > 0 else "−"
    more = f" {sign} {abs(pairing.offset)}" if pairing.offset else ""
    return f"frame i of A with frame i{more} of B"
