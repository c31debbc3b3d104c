"""Normalize: takes a difference of exposure out, so that the change itself is left.

All results are float64 (in overviews, which are for the eye, float32); bytes are looked up.
Minimum, maximum, percentiles, mean and deviation are taken over all channels together, so the hue
stays; gain and bias, and histogram matching, work on each channel alone. An alpha channel that
takes part is treated like any other. Only valid pixels are looked at; every pixel is mapped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np

from core.settings import Params, ui
from core.stages._gain import MANY, fit_gain
from core.stages._levels import COARSE, WHOLE, Stats, matching, percentiles, statistics
from core.stages._mapping import WIDE, Line, Table
from core.types import SCALE, Notice

if TYPE_CHECKING:
    from core.stages import Upstream
    from core.types import Tile, Token

    Span = tuple[float, float]


class Method(StrEnum):
    """How exposures are made alike."""

    MINMAX = "minmax"
    PERCENTILE = "percentile"
    MEANSTD = "meanstd"
    GAINBIAS = "gainbias"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, kw_only=True)
class NormalizeParams(Params):
    """How a difference of exposure is taken out."""

    name: ClassVar[str] = "normalize"
    title: ClassVar[str] = "Normalize"
    about: ClassVar[str] = (
        "Takes a difference of exposure out, so that a brightness step does not drown the change."
    )

    method: Method = field(
        default=Method.MINMAX,
        metadata=ui(
            "Method",
            "Min–max, percentile and mean/deviation map each picture to fixed levels by its own "
            "values; gain/bias and histogram map B to A.",
            choices={
                "minmax": "min–max",
                "percentile": "percentile",
                "meanstd": "mean / deviation",
                "gainbias": "gain / bias",
                "histogram": "histogram matching",
            },
            primary=True,
        ),
    )
    low: float = field(
        default=0.5,
        metadata=ui(
            "Low", "This share of the values, the darkest, becomes 0.", 0.0, 49.0,
            step=0.1, unit="%", only_for=("percentile",),
        ),
    )  # fmt: skip
    high: float = field(
        default=99.5,
        metadata=ui(
            "High", "The values above this share of all values become 255.", 51.0, 100.0,
            step=0.1, unit="%", only_for=("percentile",),
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """How each picture is mapped, and what is said about it."""

    a: Line | Table
    b: Line | Table
    notices: tuple[Notice, ...] = ()
    summary: str = ""


class NormalizeStage:
    """See `core.stages.Stage`.

    minmax
        ``(x - min) * 255 / (max - min)`` in float64, in this order.
    percentile
        The same between two percentiles, clipped to 0...255. The p-th percentile is the smallest
        value that at least p percent of all values do not exceed; it is read from bins that are
        refined until the result is off by at most 0.04 levels (`core.stages._levels`).
    meanstd
        Mean to 127.5 and standard deviation to 50, not clipped.
    gainbias
        ``B * gain + bias`` for each channel, fitted to A so that a change in part of the picture
        does not drag it (`core.stages._gain`). A stays: B bends to A, so this is not symmetric.
    histogram
        B's values replaced by a rising table so that their distribution is A's, for each channel.
        A stays; equal distributions leave B exactly as it is.

    A picture of one value stays as it is, with a notice. For a preview everything is estimated on
    the overview.
    """

    order = 30
    params: type[Params] = NormalizeParams
    wide = True
    """Asks for float64 tiles, but in overviews, and but for bytes, which are exact as they are."""

    def prepare(self, upstream: Upstream, params: NormalizeParams, token: Token) -> State:
        """Return how both pictures are mapped; takes one to four passes over them."""
        if params.method is Method.GAINBIAS:
            return _gain_bias(upstream, token)
        both = statistics(upstream, (WHOLE, WHOLE), token)
        if params.method is Method.HISTOGRAM:
            return _histogram(both, upstream, token)
        notices = [_flat(name, s.low) for name, s in zip("AB", both, strict=True) if s.flat]
        if params.method is Method.MEANSTD:
            lines = [
                Line() if s.flat or not s.pixels else Line((s.mean,), (50.0,), (s.std,), (127.5,))
                for s in both
            ]
            words = [f"{s.mean:.4g} ± {s.std:.4g}" for s in both]
        else:
            spans = [(s.low, s.high) for s in both]
            if params.method is Method.PERCENTILE:
                shares = (params.low / 100, params.high / 100)
                spans = percentiles(both, shares, upstream, token)
            else:
                notices += [n for x, s in zip("AB", both, strict=True) for n in _outlier(x, s)]
            lines = [_stretch(span, params.method is Method.PERCENTILE) for span in spans]
            words = [f"{low:.4g}…{high:.4g}" for low, high in spans]
        return State(lines[0], lines[1], tuple(notices), f"A {words[0]}, B {words[1]}")

    def halo(self, params: NormalizeParams, level: int) -> int:  # noqa: ARG002 - protocol
        """Return 0: every pixel is mapped alone."""
        return 0

    def apply(self, tile: Tile, params: NormalizeParams, state: State) -> Tile:  # noqa: ARG002
        """Return the tile with both pictures mapped, float64 (float32 in overviews of such)."""
        real = WIDE if tile.level == 0 else np.result_type(tile.a, np.float32)
        return replace(tile, a=state.a(tile.a, real), b=state.b(tile.b, real))

    def notices(self, params: NormalizeParams, state: State) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return what was found while preparing."""
        return state.notices

    def summary(self, params: NormalizeParams, state: State) -> str:  # noqa: ARG002 - protocol
        """Return the values that map the pictures."""
        return state.summary


def _stretch(span: Span, clip: bool) -> Line:
    low, high = span
    return Line((low,), (SCALE,), (high - low,), clip=clip) if high > low else Line()


def _flat(name: str, value: float) -> Notice:
    text = (
        f"Picture {name} has the value {value:.4g} everywhere, so Normalize has nothing to go by "
        "in it and left it as it is."
    )
    return Notice("normalize_flat", text, "warning")


def _outlier(name: str, s: Stats) -> tuple[Notice, ...]:
    """Say so when few pixels stretch all others; judged by the 0.1th and 99.9th percentile."""
    low, high = s.at_share(0.001), s.at_share(0.999)
    if not s.pixels or s.flat or high - low >= (s.high - s.low) / 2:
        return ()
    text = (
        f"In picture {name} 99.8 % of the values lie in {low:.4g}…{high:.4g}, but a few reach from "
        f"{s.low:.4g} to {s.high:.4g} and decide how min–max stretches it; the method percentile "
        "does not follow them."
    )
    return (Notice("normalize_outlier", text, "warning"),)


def _histogram(both: tuple[Stats, Stats], upstream: Upstream, token: Token) -> State:
    a, b = both
    if not a.pixels:
        return State(Line(), Line())
    notices = tuple(_flat(name, s.low) for name, s in zip("AB", both, strict=True) if s.flat)
    if notices:
        return State(Line(), Line(), notices)
    low, high = min(a.low, b.low), max(a.high, b.high)
    if low < WHOLE[0] or high > WHOLE[1] or high - low < COARSE:
        a, b = statistics(upstream, ((low, high),) * 2, token)
    delta = matching(a, b)
    table = Table(delta, a.span) if delta.any() else Line()
    return State(Line(), table, (), f"B moved by up to {np.abs(delta).max():.4g} levels")


def _gain_bias(upstream: Upstream, token: Token) -> State:
    fits = fit_gain(upstream, token)
    notices: list[Notice] = []
    if any(f.kept < MANY for f in fits):
        share = min(f.kept for f in fits)
        text = (
            f"Only {share:.0%} of the pixels agree on one gain and bias from B to A, so they may "
            "be wrong; check the picture, or align first."
        )
        notices.append(Notice("normalize_gain_unsure", text, "warning"))
    if any(f.refused for f in fits):
        text = (
            "No gain and bias between B and A could be found (a picture has one value everywhere, "
            "or the two have nothing in common); those channels of B were left as they are."
        )
        notices.append(Notice("normalize_gain_refused", text, "warning"))
    gains, biases = tuple(f.gain for f in fits), tuple(f.bias for f in fits)
    words = " ".join(f"{g:.4g}" for g in gains), " ".join(f"{b:+.1f}" for b in biases)
    summary = f"gain {words[0]}, bias {words[1]}".replace("-", "−")
    return State(Line(), Line(mul=gains, add=biases), tuple(notices), summary)


PARAMS: Final = NormalizeParams
STAGE: Final = NormalizeStage()
