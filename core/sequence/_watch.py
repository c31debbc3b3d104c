"""What is said of a frame after those before it: the work of `core.sequence.analysis`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.errors import CompareError
from core.sequence._looks import hist_kl, plain
from core.sequence.background import Background, background, cleaned
from core.sequence.changes import Judge, Judged
from core.sequence.drift import Steadier, Steady
from core.sequence.golden import Golden
from core.sequence.motion import Motion, Mover
from core.sequence.params import Against, Flow, SequenceParams, Shake
from core.sequence.pixels import as_bytes, differ, like, picture, size_words
from core.sequence.result import FrameResult
from core.sequence.tracks import Tracker, things

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from core.buffer import ImageBuffer
    from core.sequence.background import Bounds
    from core.sequence.pixels import Picture
    from core.sequence.types import Frame
    from core.types import Mask, Token

    Seen = Callable[[int, Picture, Background | None], None]


_KEPT: Final = ("judge", "_tracker", "_before", "_fixed", "_steadier", "_model", "_bounds")


class Watch:
    """What is kept from frame to frame.

    Parameters
    ----------
    params, token, reference, masks, seen
        As for `core.sequence.analysis.Analysis`.
    beside
        Does what can be done at the same time.
    """

    def __init__(
        self, params: SequenceParams, token: Token, reference: ImageBuffer | Golden | None,
        beside: ThreadPoolExecutor, *, masks: bool, seen: Seen | None,
    ) -> None:  # fmt: skip
        self._params, self._token, self._masks, self._seen = params, token, masks, seen
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
        if self._seen is not None:
            self._seen(frame.index, self._before, self._model)
        return result, settled

    def state(self) -> dict[str, Any]:
        """Return what is known between two frames."""
        own = {name: getattr(self, name) for name in _KEPT}
        return own if self._mover is None else own | self._mover.state()

    def go_on(self, state: dict[str, Any]) -> None:
        """Know what another one knew."""
        for name in _KEPT:
            setattr(self, name, state[name])
        if self._mover is not None:
            self._mover.go_on(state)

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
