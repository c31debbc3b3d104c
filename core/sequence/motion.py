"""How far things move from one frame to the next.

At points: corners of the one found in the other, as in `core.sequence._points`. Everywhere: dense
inverse search (Kroeger, Timofte, Dai, Van Gool 2016, DOI 10.1007/978-3-319-46493-0_29), as OpenCV
has it, on overviews of at most `DENSE` pixels. The camera's own movement is taken out where that is
wanted: the median of the movement along each axis, over the points or over all pixels.
Magnitudes are in px of the frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

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
NARROW: Final = 32
_PRESETS: Final = {
    Preset.ULTRAFAST: cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    Preset.FAST: cv2.DISOPTICAL_FLOW_PRESET_FAST,
    Preset.MEDIUM: cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}


@dataclass(frozen=True, slots=True)
class Motion:
    """Magnitudes of the movement between two frames, in px; all nan when nothing was found.

    Attributes
    ----------
    mean, p95
        Mean and 95th percentile.
    moving
        Share of the points, or of the pixels, that moved farther than the limit.
    """

    mean: float = math.nan
    p95: float = math.nan
    moving: float = math.nan


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
        self._dense = Dense(params.preset)

    def next(self, pixels: Mask) -> Motion:
        """Take a frame, and return how things moved since the one before; nan for the first."""
        if self._params.flow is Flow.POINTS:
            before, self._points = self._points, Points(pixels, DENSE)
            if before is None:
                return Motion()
            at, to = before.found_in(self._points.small)
            moves = to - at
            return self._statistics(moves[:, 0], moves[:, 1])
        last, self._gray = self._gray, to_gray(overview(pixels, DENSE))
        if last is None or min(last.shape) < LEAST:
            return Motion()
        flow = self._dense(last, self._gray)
        height, width = pixels.shape[:2]
        across, down = width / last.shape[1], height / last.shape[0]
        return self._statistics(flow[..., 0].ravel() * across, flow[..., 1].ravel() * down)

    def state(self) -> dict[str, Any]:
        """Return what is known of the last frame."""
        return {"_points": self._points, "_gray": self._gray}

    def go_on(self, state: dict[str, Any]) -> None:
        """Know what another one knew."""
        self._points, self._gray = state["_points"], state["_gray"]

    def _statistics(self, x: NDArray[Any], y: NDArray[Any]) -> Motion:
        return statistics(x, y, self._params.moving, steady=self._params.steady_flow)
