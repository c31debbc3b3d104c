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

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.errors import CompareError
from core.sequence._looks import hist_kl, plain
from core.sequence.background import Background, background, cleaned
from core.sequence.changes import Judge, Judged
from core.sequence.clock import Clock
from core.sequence.drift import Steadier, Steady
from core.sequence.golden import Golden
from core.sequence.motion import Motion, Mover
from core.sequence.params import Against, Flow, SequenceParams, Shake
from core.sequence.pixels import as_bytes, differ, like, picture, size_words
from core.sequence.result import FrameResult
from core.sequence.tracks import Tracker, things
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from fractions import Fraction

    from core.buffer import ImageBuffer
    from core.sequence.background import Bounds
    from core.sequence.pixels import Picture
    from core.sequence.types import Frame
    from core.types import Mask, Token


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
    with ThreadPoolExecutor(1, "flow") as beside:
        watch = _Watch(params, token, reference, beside, masks=masks)
        clock = Clock(rate, params.gap)
        waiting: deque[FrameResult] = deque()
        for frame in frames:
            token.check()
            late = clock.missing(frame.time) > 0
            result, settled = watch.next(frame)
            waiting.append(replace(result, verdicts=(Verdict.DROPPED,) if late else ()))
            yield from _named(waiting, settled)
        yield from _named(waiting, watch.judge.finish())


def _named(waiting: deque[FrameResult], settled: list[Judged]) -> Iterator[FrameResult]:
    for judged in settled:
        result = waiting.popleft()
        names = judged.verdicts | set(result.verdicts)
        ordered = tuple(v for v in Verdict if v in names)
        yield replace(result, verdicts=ordered or (Verdict.OK,))


class _Watch:
    """What is kept from frame to frame."""

    def __init__(
        self, params: SequenceParams, token: Token, reference: ImageBuffer | Golden | None,
        beside: ThreadPoolExecutor, *, masks: bool,
    ) -> None:  # fmt: skip
        self._params, self._token, self._masks = params, token, masks
        self._reference, self._beside = reference, beside
        self.judge = Judge(params)
        self._mover = None if params.flow is Flow.NONE else Mover(params)
        self._tracker = Tracker()
        self._before: Picture | None = None
        self._fixed: Mask | None = None  # the first frame or the reference
        self._steadier: Steadier | None = None
        self._model: Background | None = None
        if params.against is Against.BACKGROUND:
            self._model = background(params)
        self._bounds: Bounds | None = None

    def next(self, frame: Frame) -> tuple[FrameResult, list[Judged]]:
        """Return what is said of a frame but for its verdicts, and those that are settled now."""
        blank = FrameResult(frame.index, frame.time, frame.name, problem=frame.problem)
        pixels, problem = self._pixels(frame)
        if pixels is None:
            return replace(blank, problem=problem), self.judge.add(None)
        flow: Future[Motion] | None = None
        if self._mover is not None:
            flow = self._beside.submit(self._mover.next, pixels)
        before, self._before = self._before, picture(pixels, self._token)
        settled = self.judge.add(self._before, equal=_equal(before, self._before))
        result = self._compared(blank, before, self._before)
        if before is not None:
            result = replace(result, hist_kl=hist_kl(before.counts, self._before.counts))
        if flow is not None:
            found = flow.result()
            result = replace(
                result, flow_mean_px=found.mean, flow_p95_px=found.p95, flow_moving=found.moving
            )
        return result, settled

    def _pixels(self, frame: Frame) -> tuple[Mask | None, str]:
        """Return the frame in bytes, with the channels of the first one; or why there are none."""
        if frame.image is None:
            return None, frame.problem or "It could not be read."
        pixels = as_bytes(frame.image, gray=self._params.gray)
        if self._before is None:
            return pixels, ""
        before = self._before.pixels
        if before.shape[:2] != pixels.shape[:2]:
            had, got = (size_words(x) for x in (before, pixels))
            return None, f"It is of {got}, the sequence of {had}."
        return like(pixels, 1 if before.ndim == 2 else 3), ""

    def _compared(self, blank: FrameResult, before: Picture | None, now: Picture) -> FrameResult:
        other = self._other(before, now)
        steady = self._steady(other, now)
        if self._model is not None:
            return self._against_model(self._model, blank, steady, now)
        result = _camera(blank, steady)
        if other is not None:
            away = differ(other, steady.pixels, self._params.tolerance, self._token)
            result = replace(
                result, l1_per_pixel=away.l1_per_pixel, changed_share=away.changed_share
            )
        if self._bounds is not None:
            result = self._foreground(result, self._bounds.outside(steady.pixels, self._token))
        return result

    def _other(self, before: Picture | None, now: Picture) -> Mask | None:
        """Return what a frame is compared with, and steadied by; None for the first one."""
        if self._params.against is Against.PREVIOUS:
            self._steadier = None
            return None if before is None else before.pixels
        if self._fixed is None:
            if self._params.against is Against.REFERENCE and self._reference is not None:
                self._fixed = self._given(self._reference, now)
            elif not plain(now):
                self._fixed = now.pixels
        return self._fixed

    def _given(self, reference: ImageBuffer | Golden, now: Picture) -> Mask:
        """Return the reference in bytes."""
        if isinstance(reference, Golden):
            self._bounds = reference.bounds(self._params.k, self._token)
            pixels = reference.picture()
            assert pixels is not None  # or there were no bounds
        else:
            channels = 1 if now.pixels.ndim == 2 else 3
            pixels = like(as_bytes(reference, gray=self._params.gray), channels)
        if pixels.shape != now.pixels.shape:
            had, got = (size_words(x) for x in (pixels, now.pixels))
            raise CompareError(f"The reference is of {had}, the sequence of {got}.")
        return pixels

    def _steady(self, other: Mask | None, now: Picture) -> Steady:
        wanted = self._params.light or self._params.shake is not Shake.NONE
        if not wanted or other is None:
            return Steady(now.pixels)
        if self._steadier is None:
            self._steadier = Steadier(other, self._params)
        return self._steadier(now.pixels, self._token)

    def _against_model(
        self, model: Background, blank: FrameResult, steady: Steady, now: Picture
    ) -> FrameResult:
        result = _camera(blank, steady)
        sound = self.judge.sound is now
        mask = model.apply(steady.pixels, self._token, learn=sound)
        if mask is None:
            return result
        if self.judge.cut and sound and cv2.countNonZero(mask) > mask.size / 2:
            self._model, self._steadier, self._fixed = background(self._params), None, now.pixels
            self._model.apply(now.pixels, self._token)
            return result
        mean = model.picture()
        assert mean is not None
        away = differ(mean, steady.pixels, self._params.tolerance, self._token)
        result = replace(result, l1_per_pixel=away.l1_per_pixel, changed_share=away.changed_share)
        return self._foreground(result, mask)

    def _foreground(self, result: FrameResult, mask: Mask) -> FrameResult:
        mask = cleaned(mask, self._params.clean)
        found = things(mask, self._params.min_area)
        return replace(
            result,
            foreground_share=cv2.countNonZero(mask) / mask.size,
            tracks=self._tracker.next(found, result.index),
            mask=mask if self._masks else None,
        )


def _camera(result: FrameResult, steady: Steady) -> FrameResult:
    camera = steady.camera
    if camera is None or not camera.accepted:
        return result
    return replace(result, camera_px=camera.shift, camera_moving=camera.moving)


def _equal(before: Picture | None, now: Picture) -> bool:
    if before is None or not np.array_equal(before.thumb, now.thumb):
        return False
    return np.array_equal(before.pixels, now.pixels)
