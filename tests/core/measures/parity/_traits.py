"""What each measure makes of gray, alpha, light and small pictures, found out by measuring."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core import ImageBuffer, Settings
from core.difference import DifferenceParams
from core.light import decode
from core.stages.edges import EdgesParams
from core.types import Encoding
from tests.core.measures.parity._case import values
from tests.make import photo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.settings import Params
    from tests.core.measures.parity._scenes import Pixels

HEIGHT, WIDTH = 190, 262  # large enough for five scales
TOLERANCE = 60.0
"""Some of the differences are over it, and some are not."""
SIDES = (*range(1, 12), 175, 176)
"""Of the square pictures that are tried."""
NEAR = 1e-5
"""float32 on the way; what is another number is further off."""


@dataclass(frozen=True)
class Trait:
    """What a measure makes of some kinds of pictures.

    Attributes
    ----------
    gray
        Whether gray has the number that it has as R = G = B.
    alpha
        Whether alpha by itself counts.
    beyond
        Whether light beyond white counts.
    light
        Whether linear light has the number of what it shows, as the encoded picture has.
    edges
        Whether there is a number after the edges stage.
    side
        Pixels along the side of the smallest square with a number.
    """

    gray: bool
    alpha: bool
    beyond: bool
    light: bool
    edges: bool
    side: int


def of(a: Pixels, b: Pixels, *params: Params, **more: Any) -> Mapping[str, float]:
    settings = Settings([DifferenceParams(tolerance=TOLERANCE), *params])
    return values(*(ImageBuffer.from_array(x, **more) for x in (a, b)), settings)


def near(x: float, y: float) -> bool:
    return math.isclose(x, y, rel_tol=NEAR)


@cache
def traits() -> Mapping[str, Trait]:
    """Return name -> trait of the measures that have an oracle."""
    a, b = (photo(HEIGHT, WIDTH, seed) for seed in (3, 4))
    gray, alpha, beyond = _gray(a, b), _alpha(a, b), _beyond(a)
    light, edges, sides = _light(a, b), of(a, b, EdgesParams(enabled=True)), _sides()
    return {
        n: Trait(gray[n], alpha[n], beyond[n], light[n], not math.isnan(edges[n]), sides[n])
        for n in gray
    }


def _gray(a: Pixels, b: Pixels) -> dict[str, bool]:
    one = of(a[..., 0], b[..., 0])
    three = of(*(np.dstack([x[..., 0]] * 3) for x in (a, b)))
    return {n: near(one[n], three[n]) for n in one}


def _alpha(a: Pixels, b: Pixels) -> dict[str, bool]:
    """Black under alpha: of colours nothing differs."""
    black = np.zeros_like(a)
    x, y = (np.dstack([black, p[..., 0]]) for p in (a, b))
    same, other = of(x, x), of(x, y)
    return {n: not near(same[n], other[n]) for n in same}


def _beyond(a: Pixels) -> dict[str, bool]:
    """Two and three times white, in most of the picture."""
    x = (a / 255).astype(np.float32)
    y = x.copy()
    x[20:, 30:], y[20:, 30:] = 2.0, 3.0
    light = {"peak": 1.0, "encoding": Encoding.LINEAR}
    same, other = of(x, x, **light), of(x, y, **light)
    return {n: not near(same[n], other[n]) for n in same}


def _light(a: Pixels, b: Pixels) -> dict[str, bool]:
    """Once with pictures that have nothing in common, once with scattered changes."""
    rng = np.random.default_rng(5)
    change = rng.integers(-70, 71, a.shape) * (rng.random((HEIGHT, WIDTH, 1)) < 0.3)
    scattered = np.clip(a + change, 0, 255).astype(np.uint8)
    both = [_light_of(a, other) for other in (b, scattered)]
    return {n: all(each[n] for each in both) for n in both[0]}


def _light_of(a: Pixels, b: Pixels) -> dict[str, bool]:
    light = [(decode(x.astype(np.float64)) / 255).astype(np.float32) for x in (a, b)]
    seen = of(a, b, encoding=Encoding.SRGB)
    found = of(*light, peak=1.0, encoding=Encoding.LINEAR)
    return {n: near(seen[n], found[n]) for n in seen}


def _sides() -> dict[str, int]:
    found: dict[str, int] = {}
    for n in SIDES:
        a, b = (photo(n + 1, n + 1, seed)[:n, :n] for seed in (3, 4))
        for name, value in of(a, b).items():
            if not math.isnan(value):
                found.setdefault(name, n)
    return found
