"""How far things move from one frame to the next.

At points: corners of the one found in the other, as in `core.sequence._points`. Everywhere: dense
inverse search (Kroeger, Timofte, Dai, Van Gool 2016, DOI 10.1007/978-3-319-46493-0_29), as OpenCV
has it, on overviews of at most `DENSE` pixels. Only vectors that can be trusted count
(`core.sequence._flow_trust`), as noise is followed, too, where there is nothing else; the way back
that tells is always found the fastest way. The camera's own movement is taken out where that is
wanted: the median of the movement along each axis, over the points or over what is trusted.
Magnitudes are in px of the frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.sequence._flow_trust import trusted_of
from core.sequence._points import Points, overview
from core.sequence.params import Flow, Preset
from core.sequence.pixels import to_gray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.sequence.params import SequenceParams
    from core.types import Mask

DENSE: Final = 1 << 17
"""Pixels of the overviews that dense flow is found on."""
LEAST: Final = 16
"""Sides of overviews that are shorter hold no dense flow."""
CHECK: Final = Preset.ULTRAFAST
"""How the way back is found for the numbers: right enough to tell what leads home."""
EVERY: Final = 2
"""Of the overviews, each so manieth row and column is counted: their neighbours say the same."""
NARROW: Final = 32
_PRESETS: Final = {
    Preset.ULTRAFAST: cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    Preset.FAST: cv2.DISOPTICAL_FLOW_PRESET_FAST,
    Preset.MEDIUM: cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}


@dataclass(frozen=True, slots=True)
class Motion:
    """Magnitudes of the movement between two frames, in px; nan when nothing could be followed.

    Attributes
    ----------
    mean, p95
        Mean and 95th percentile of the points, or of what is trusted of the picture.
    moving
        Share of the points, or of the whole picture, that moved farther than the limit, as far as
        that can be trusted.
    followed
        Share of the picture that is trusted; 0 where nothing is, nan for points.
    """

    mean: float = math.nan
    p95: float = math.nan
    moving: float = math.nan
    followed: float = math.nan


class Dense:
    """Finds dense flow; holds memory of its own, so that each thread needs its own.

    Parameters
    ----------
    preset
        How much time it takes. Below `NARROW` px a side it is always the medium one: the others
        begin at a scale at which nothing would be left of such a picture.
    """

    def __init__(self, preset: Preset) -> None:
        self._preset = preset
        self._finders: dict[Preset, Any] = {}

    def __call__(self, a: Mask, b: Mask) -> NDArray[np.float32]:
        """Return (h, w, 2): how far (right, down) what is at each place of a has moved in b.

        Parameters
        ----------
        a, b
            (h, w) gray overviews of one shape, no side below `LEAST`.
        """
        preset = Preset.MEDIUM if min(a.shape) < NARROW else self._preset
        if preset not in self._finders:
            opencv: Any = cv2  # its stubs do not know this one
            self._finders[preset] = opencv.DISOpticalFlow_create(_PRESETS[preset])
        return np.asarray(self._finders[preset].calc(a, b, None), np.float32)


def statistics(x: NDArray[Any], y: NDArray[Any], limit: float, *, steady: bool) -> Motion:
    """Return the magnitudes of movements, px, of which those over the limit count as moving.

    `steady`: the median along each axis, the camera's own movement, is taken out first.
    """
    if not x.size:
        return Motion()
    if steady:
        x, y = x - np.median(x), y - np.median(y)
    far = np.hypot(x, y)
    moving = float((far > limit).mean())
    return Motion(float(far.mean()), float(np.quantile(far, 0.95)), moving)


def dense_motion(
    one: Mask,
    other: Mask,
    forth: NDArray[np.float32],
    back: NDArray[np.float32],
    scale: tuple[float, float],
    limit: float,
    *,
    steady: bool,
) -> Motion:
    """Return the magnitudes of a dense flow, of what can be trusted of it.

    Parameters
    ----------
    one, other, forth, back
        As for `core.sequence._flow_trust.trusted_of`; the way back was found with `CHECK`.
    scale
        Px of the frame for one of the overviews, (down, right).
    limit
        Px of the frame over which something counts as moving.
    steady
        As for `statistics`.
    """
    trusted = trusted_of(one, other, forth, back, EVERY)
    followed = float(trusted.mean())
    down, right = scale
    x, y = (forth[::EVERY, ::EVERY, i][trusted] for i in (0, 1))
    found = statistics(x * right, y * down, limit, steady=steady)
    return replace(found, moving=found.moving * followed, followed=followed)


class Mover:
    """Measures the motion from each frame to the next.

    Parameters
    ----------
    params
        How, and what counts as moving; not `Flow.NONE`.
    """

    def __init__(self, params: SequenceParams) -> None:
        self._params = params
        self._points: Points | None = None
        self._gray: Mask | None = None
        self._dense, self._check = Dense(params.preset), Dense(CHECK)

    def next(self, pixels: Mask) -> Motion:
        """Take a frame, and return how things moved since the one before; nan for the first."""
        if self._params.flow is Flow.POINTS:
            before, self._points = self._points, Points(pixels, DENSE)
            if before is None:
                return Motion()
            at, to = before.found_in(self._points.small)
            moves = to - at
            x, y = moves[:, 0], moves[:, 1]
            return statistics(x, y, self._params.moving, steady=self._params.steady_flow)
        last, self._gray = self._gray, to_gray(overview(pixels, DENSE))
        if last is None or min(last.shape) < LEAST:
            return Motion()
        forth, back = self._dense(last, self._gray), self._check(self._gray, last)
        height, width = pixels.shape[:2]
        scale = height / last.shape[0], width / last.shape[1]
        limit, steady = self._params.moving, self._params.steady_flow
        return dense_motion(last, self._gray, forth, back, scale, limit, steady=steady)

    def state(self) -> dict[str, Any]:
        """Return what is known of the last frame."""
        return {"_points": self._points, "_gray": self._gray}

    def go_on(self, state: dict[str, Any]) -> None:
        """Know what another one knew."""
        self._points, self._gray = state["_points"], state["_gray"]
