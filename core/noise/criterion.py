"""How the engine uses the noise of a pair."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.difference import DifferenceParams
from core.format import number
from core.noise.model import evidence_of
from core.noise.notices import notices
from core.noise.params import NoiseParams
from core.noise.zscore import HALO
from core.types import MapKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.difference import Difference
    from core.measures import Measure
    from core.noise.model import Noise
    from core.noise.threshold import Threshold
    from core.result import Result
    from core.settings import Settings
    from core.types import Mask, Tile


class Beyond:
    """Counts only what is beyond the noise: a `core.scan.Criterion`."""

    def __init__(self, noise: Noise, threshold: Threshold) -> None:
        self.noise, self.threshold = noise, threshold
        self.looks_at_pictures = noise.evidence is None
        self.halo = HALO if self.looks_at_pictures else 0

    def over(self, tile: Tile, inner: tuple[slice, slice], d: Difference) -> Mask:
        """Return which pixels over the tolerance are beyond the noise, too."""
        if self.noise.evidence is None:
            codes, _ = evidence_of(tile, inner, self.noise.scale)
        else:
            whole = self.noise.evidence[tile.rect.slices]
            codes = np.ascontiguousarray(whole[inner])
        beyond = cv2.inRange(codes, self.threshold.code, 255)
        return np.asarray(cv2.bitwise_and(d.over, beyond), np.uint8)


def needs_noise(settings: Settings, wanted: Iterable[Measure]) -> bool:
    """Whether a question needs the noise of the pair."""
    shown = settings[DifferenceParams].map is MapKind.NOISE
    return settings[NoiseParams].enabled or shown or any(m.params is NoiseParams for m in wanted)


def with_noise(result: Result, noise: Noise) -> Result:
    """Return a result that says what must be said of the noise where it decides, or is shown."""
    params = result.settings[NoiseParams]
    said = dict.fromkeys(result.notices)
    words = dict(result.summaries)
    if params.enabled or result.map.kind is MapKind.NOISE:
        said |= dict.fromkeys(notices(noise, params))
    if params.enabled:
        words[NoiseParams.name] = f"over {number(round(noise.threshold(params).value, 2))} σ"
    return replace(result, notices=tuple(said), summaries=words)
