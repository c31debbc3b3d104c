"""What is said of one frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.tracks import Track
    from core.types import Mask


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """What is said of one frame. Numbers that were not asked for, or cannot be had, are nan.

    Attributes
    ----------
    index, time, name
        As its `Frame` has them.
    l1_per_pixel, changed_share
        Against what the parameters choose, after light and camera were taken out; see
        `core.sequence.pixels.Difference`.
    foreground_share
        Share of the pixels that stand out from the background.
    hist_kl
        KL(before‖this) of consecutive frames that could be read (`core.sequence.changes`).
    flow_mean_px, flow_p95_px, flow_moving
        Motion since the last frame that could be read, of what can be trusted of it
        (`core.sequence.motion.Motion`).
    camera_px, camera_moving
        How far the camera moved against its reference, and the share of points that did not follow
        it; nan when the camera is not followed, or could not be.
    verdicts
        In the order of `Verdict`; OK alone when there is nothing to say.
    problem
        One sentence why it could not be read, or compared; empty when it could.
    tracks
        The things in the foreground, from large to small.
    mask
        The foreground, where masks were asked for.
    """

    index: int
    time: float
    name: str
    l1_per_pixel: float = math.nan
    changed_share: float = math.nan
    foreground_share: float = math.nan
    hist_kl: float = math.nan
    flow_mean_px: float = math.nan
    flow_p95_px: float = math.nan
    flow_moving: float = math.nan
    camera_px: float = math.nan
    camera_moving: float = math.nan
    verdicts: tuple[Verdict, ...] = (Verdict.OK,)
    problem: str = ""
    tracks: tuple[Track, ...] = ()
    mask: Mask | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON holds of it; nan becomes None, which JSON can say."""
        names = ("time", "l1_per_pixel", "changed_share", "foreground_share", "hist_kl")
        numbers = {name: getattr(self, name) for name in (*names, "flow_mean_px")}
        plain = {k: v if math.isfinite(v) else None for k, v in numbers.items()}
        return {"index": self.index, **plain, "verdicts": [str(v) for v in self.verdicts]}
