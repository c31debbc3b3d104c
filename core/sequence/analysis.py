"""Looks at a sequence frame by frame, in memory that does not grow with its length.

Each frame is judged against its neighbours (`core.sequence.changes`), compared with what the
parameters choose, and compared after the light and the camera were taken out where they ask for it:

previous
    The last frame that could be read.
first
    The first frame that could be read. So it is while no reference is given.
reference
    The reference: a picture, or a golden model, whose deviations then say what is foreground.
background
    The mean of the background, once it is learned. It learns from sound frames only; after a cut to
    something that is mostly foreground it begins anew.
"""

from __future__ import annotations

import contextlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.sequence._watch import Watch
from core.sequence.clock import Clock
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from core.buffer import ImageBuffer
    from core.sequence._watch import Seen
    from core.sequence.changes import Judged
    from core.sequence.golden import Golden
    from core.sequence.params import SequenceParams
    from core.sequence.result import FrameResult
    from core.sequence.types import Frame
    from core.types import Token


def analyse(
    frames: Iterable[Frame],
    params: SequenceParams,
    token: Token,
    *,
    reference: ImageBuffer | Golden | None = None,
    rate: Fraction | float | None = None,
    masks: bool = False,
) -> Iterator[FrameResult]:
    """Yield a result for each frame, in their order.

    A result waits for the next frames only while its verdicts do: see `core.sequence.changes`.

    Parameters
    ----------
    frames
        Taken one at a time, endless ones too.
    params
        How they are compared.
    token
        Checked at each frame, and at each strip of one.
    reference
        What `Against.REFERENCE` compares with.
    rate
        Frames a second, where the source says it.
    masks
        Whether results hold their foreground.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    CompareError
        When the reference is of another size than the frames, or has learned too little.
    """
    analysis = Analysis(params, token, reference=reference, rate=rate, masks=masks)
    with contextlib.closing(analysis):
        for frame in frames:
            token.check()
            yield from analysis.take(frame)
        yield from analysis.finish()


class Analysis:
    """An analysis that is given one frame after the other; close it when done.

    Parameters
    ----------
    params, token, reference, rate, masks
        As for `analyse`; the token is looked at within a frame only.
    seen
        Is told of each frame that can be looked at, before its result comes: its index, its
        pixels with their counts, and the background as it is with this frame, if there is one.
    """

    def __init__(
        self, params: SequenceParams, token: Token, *,
        reference: ImageBuffer | Golden | None = None,
        rate: Fraction | float | None = None, masks: bool = False, seen: Seen | None = None,
    ) -> None:  # fmt: skip
        self._beside = ThreadPoolExecutor(1, "flow")
        self._watch = Watch(params, token, reference, self._beside, masks=masks, seen=seen)
        self._clock = Clock(rate, params.gap)
        self._waiting: deque[FrameResult] = deque()

    def take(self, frame: Frame) -> Iterator[FrameResult]:
        """Take the next frame; yield the results that are settled now."""
        late = self._clock.missing(frame.time) > 0
        result, settled = self._watch.next(frame)
        self._waiting.append(replace(result, verdicts=(Verdict.DROPPED,) if late else ()))
        yield from self._named(settled)

    def finish(self) -> Iterator[FrameResult]:
        """Yield the results that waited for one more frame."""
        yield from self._named(self._watch.judge.finish())

    def close(self) -> None:
        """End the thread that it has."""
        self._beside.shutdown()

    def state(self) -> dict[str, Any]:
        """Return all that it knows between two frames, to be put into another one of its kind."""
        own = {name: getattr(self, name) for name in ("_clock", "_waiting")}
        return own | self._watch.state()

    def go_on(self, state: dict[str, Any]) -> None:
        """Know what another one knew that was asked the same."""
        self._clock, self._waiting = state["_clock"], state["_waiting"]
        self._watch.go_on(state)

    def _named(self, settled: list[Judged]) -> Iterator[FrameResult]:
        for judged in settled:
            result = self._waiting.popleft()
            names = judged.verdicts | set(result.verdicts)
            ordered = tuple(v for v in Verdict if v in names)
            yield replace(result, verdicts=ordered or (Verdict.OK,))
