"""The pictures' own noise, and what of the difference is beyond it.

How noise is estimated as a function of intensity, and how a threshold is chosen, is said in
`core.noise`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measures import Measure
from core.noise.params import NoiseParams
from core.noise.zscore import largest, zscores
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals, Whole
    from core.noise.model import Noise
    from core.settings import Settings
    from core.types import Pixels, Token

_HELP: Final = {
    "noise_sigma_a": "The noise of A in flat places: its standard deviation, as the median over"
    " intensities. What A and B have in common is not in it, so that of two files made from one"
    " shot is 0, and fine texture that only one of them has is taken for noise.",
    "noise_sigma_b": "The noise of B in flat places: its standard deviation, as the median over"
    " intensities. What A and B have in common is not in it, so that of two files made from one"
    " shot is 0, and fine texture that only one of them has is taken for noise.",
    "noise_threshold": "From how many standard deviations of noise on a pixel counts, by itself or"
    " together with its neighbours, so that the rate asked for is met. It rests on noise that is"
    " alike everywhere at an intensity, which JPEG and denoising make untrue.",
    "noise_expected_false": "How many of the pixels beyond the threshold noise alone is expected to"
    " have brought there. It is an estimate: where the noise is uneven it can be several times as"
    " many.",
}
_LABEL: Final = {
    "noise_sigma_a": "Noise of A",
    "noise_sigma_b": "Noise of B",
    "noise_threshold": "Threshold over noise",
    "noise_expected_false": "Expected false pixels",
}
_NOTHING: Final = 1e-5
_UNIT: Final = {"noise_threshold": "σ", "noise_expected_false": "px"}


class NoiseMeasure(Measure):
    """Noise of both pictures, the threshold over it, and how many pixels noise brings over that.

    The map is the largest |z| over the channels (alpha, where it is compared, is one of them), with
    z = (A − B) / σ at the intensity of the place; an offset between the pictures is in it. z is
    taken in RGB even where the difference is taken in Lab. Swapping A and B swaps the two sigmas
    and changes nothing else. Without noise (equal or drawn pictures) σ of A − B is taken to be a
    quarter of a level, or 0.001 where values are not whole.
    """

    names = ("noise_sigma_a", "noise_sigma_b", "noise_threshold", "noise_expected_false")
    order = 80
    group = "Noise"
    default = False
    maps = (MapKind.NOISE,)
    params = NoiseParams

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - the same for all
        """Return 1: the intensity of a place is a median of 3 × 3 pixels."""
        return 1

    def prepare(self, whole: Whole, token: Token) -> Noise:  # noqa: ARG002 - checked within
        """Return the noise of the pair, without what it keeps of every pixel."""
        return replace(whole.noise(), evidence=None)

    def partial(self, sample: Sample) -> Noise:
        """Return what is known of the whole: a strip adds nothing."""
        noise: Noise = sample.state(self)
        return noise

    def finish(self, partials: Sequence[Noise], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the four numbers; nan where no pixel counts, and σ where no place is flat."""
        values, pixels = dict.fromkeys(self.names, math.nan), totals.pixels
        if pixels > 0 and partials:
            noise = partials[0]
            threshold = noise.threshold(totals.settings[NoiseParams])
            curves = noise.curves
            values = {
                "noise_sigma_a": typical(curves.a, curves.weights),
                "noise_sigma_b": typical(curves.b, curves.weights),
                "noise_threshold": threshold.value,
                "noise_expected_false": threshold.expected_false,
            }
        return tuple(
            MeasureValue(
                name, _LABEL[name], values[name], _UNIT.get(name, "levels"), "lower", pixels,
                help=_HELP[name],
            )
            for name in self.names
        )  # fmt: skip

    def map(self, kind: MapKind, sample: Sample) -> Pixels:  # noqa: ARG002 - it makes one only
        """Return the largest |z| of each pixel."""
        noise: Noise = sample.state(self)
        found = largest(zscores(sample.a, sample.b, sample.valid, noise.scale.inverse))
        return np.ascontiguousarray(found[sample.inner])


def typical(sigma: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return the median over channels of the median of σ over the intensities that there are."""
    pairs = [(s, w > 0) for s, w in zip(sigma, weights, strict=True)]
    medians = [_clean(float(np.median(s[some]))) for s, some in pairs if some.any()]
    return float(np.median(medians)) if medians else math.nan


def _clean(sigma: float) -> float:
    """Return 0 for what only rounding in float32 makes of it."""
    return 0.0 if sigma < _NOTHING else sigma


MEASURE: Final = NoiseMeasure()
