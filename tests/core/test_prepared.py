"""What a measure learns of the whole pictures before the strips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayParams
from core.measures import Measure, Whole
from core.pipeline import Pipeline
from core.prepared import state_of
from core.settings import Settings
from tests.core.measures.samples import noise

if TYPE_CHECKING:
    from core.types import Token


class Sum(Measure):
    """Adds up A."""

    names = ("sum",)

    def __init__(self) -> None:
        self.made = 0

    def prepare(self, whole: Whole, token: Token) -> float:  # noqa: ARG002
        self.made += 1
        assert whole.seen
        assert (whole.alpha, whole.linear) == (False, False)
        return float(sum(tile.a.astype(np.float64).sum() for tile in whole.strips()))

    def partial(self, sample: Any) -> None: ...

    def finish(self, partials: Any, totals: Any) -> tuple[()]:  # noqa: ARG002
        return ()


def test_it_is_about_everything_after_the_stages_and_made_once() -> None:
    pixels = noise(1700, 900, seed=1)
    a, b = ImageBuffer.from_array(pixels), ImageBuffer.from_array(noise(1700, 900, seed=2))
    cache, measure = Cache(), Sum()
    pipeline = Pipeline(a, b, Settings(), cache)
    pipeline.prepare()
    assert [state_of(pipeline, measure) for _ in range(3)] == [pixels.sum(dtype=np.float64)] * 3
    again = Pipeline(a, b, Settings(), cache)
    again.prepare()
    state_of(again, measure)
    assert measure.made == 1
    swapped = Pipeline(b, a, Settings(), cache)
    swapped.prepare()
    assert state_of(swapped, measure) != state_of(pipeline, measure)
    coarse = Pipeline(a, b, Settings(), cache, level=1)
    coarse.prepare()
    assert 3.9 < state_of(pipeline, measure) / state_of(coarse, measure) < 4.1
    assert measure.made == 3


def test_settings_before_it_count() -> None:
    a, b = (ImageBuffer.from_array(noise(40, 70, 3, seed=s)) for s in (1, 2))
    cache, measure, found = Cache(), Sum(), []
    for settings in (Settings(), Settings([GrayParams(enabled=True)])):
        pipeline = Pipeline(a, b, settings, cache)
        pipeline.prepare()
        found.append(state_of(pipeline, measure))
    assert 2.8 < found[0] / found[1] < 3.2
    assert measure.made == 2
