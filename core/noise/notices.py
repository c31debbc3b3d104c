"""What a person must be told about the noise of a pair: where an assumption does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.noise.model import OFFSET
from core.noise.params import Control
from core.types import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.noise.model import Noise
    from core.noise.params import NoiseParams

CAPPED: Final = 0.1
"""Share of pixels from which on pictures are said not to show the same thing."""
UNEVEN: Final = 1.5
"""See `core.noise.threshold.Tail`; white noise in one megapixel and more stays below 1.3."""
FAT: Final = 1.5
"""How many times as often as in Gaussian noise the tail may be reached."""
TIED: Final = 0.3
"""Correlation of pixels three apart; a Gaussian blur has it from a sigma of about 1.4 on."""
FEW: Final = 40_000
"""Pixels: σ is then within about 1 %, and the tail can be measured."""
OFF: Final = 1.5
"""Factor by which a share may be off what was asked for."""


def notices(noise: Noise, params: NoiseParams) -> tuple[Notice, ...]:
    """Return what to say; all are warnings."""
    return tuple(Notice(code, text, "warning") for code, text in _found(noise, params))


def _found(noise: Noise, params: NoiseParams) -> Iterator[tuple[str, str]]:
    curves, pixels = noise.curves, int(noise.counts.sum())
    if pixels == 0:
        return
    if curves.quiet:
        yield (
            "noise_none",
            "The pictures show no noise of their own: they are equal in most places, or no camera"
            " took them. Nearly every difference is then beyond the noise, and the rate asked for"
            " says little.",
        )
        return
    if curves.floor:
        yield (
            "noise_floor",
            "A picture's noise is below 0.3 levels, which cannot be told from rounding to whole"
            " levels: how many pixels count wrongly may be off the rate asked for.",
        )
    if curves.capped > CAPPED:
        yield (
            "noise_scene",
            "A − B varies far more than the noise in flat places: the pictures do not show the same"
            " scene, or not in the same place (Align may help). The noise of flat places is used.",
        )
    if curves.offset > OFFSET:
        yield (
            "noise_offset",
            "One picture is brighter than the other everywhere, by a part of the noise or more:"
            " that is a change and no noise, so pixels count for it all over. Normalize takes it"
            " out.",
        )
    yield from _shape(noise)
    threshold = noise.threshold(params)
    short = threshold.expected_false * OFF < params.false_pixels * pixels
    if params.control is Control.PIXELS and threshold.found and short:
        yield (
            "noise_steps",
            "The noise is so small that one whole level more makes a large step: no threshold meets"
            " the share asked for, so fewer pixels than that are expected to count wrongly.",
        )


def _shape(noise: Noise) -> Iterator[tuple[str, str]]:
    """What of the noise is not as Gaussian noise is."""
    if noise.tail.uneven > UNEVEN:
        yield (
            "noise_uneven",
            "The noise is not the same everywhere at one intensity, as after JPEG or denoising:"
            " in rough places more pixels count wrongly than the rate asked for, in smooth ones"
            " fewer.",
        )
    if noise.tail.ratio[1] > FAT:
        yield (
            "noise_tails",
            "Large differences are more frequent all over the picture than Gaussian noise has them;"
            " the threshold was raised for it, by a guess beyond what could be measured.",
        )
    if noise.null.tied > TIED:
        yield (
            "noise_tied",
            "The noise of neighbouring pixels is strongly tied together, as after a wide blur:"
            " pixels counted wrongly come in clusters, and their number varies by much.",
        )
    if noise.curves.pixels < FEW or not noise.tail.measured:
        yield (
            "noise_few",
            "The noise was estimated from few pixels, so the rate asked for is met roughly.",
        )
