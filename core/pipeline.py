"""The evaluator: any rectangle, after any stage, at any scale.

What a rectangle needs is asked backwards through the chain (each stage wants its halo), then made
forwards. States (a gain, an alignment) and tiles of small pictures are remembered under what made
them: the keys of both pictures and the Params of every stage so far. A stage that is off is not in
the key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import cv2

from core import registry
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams, Space
from core.fitted import fitted
from core.geometry import Placement, is_whole
from core.light import Values
from core.pair import Pair
from core.pair_notices import lab_notices, left_out
from core.places.params import PlacesParams
from core.pyramid import PREVIEW_PIXELS, level_shape
from core.settings import Params, Settings
from core.stages import Stage
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.tiles import PREPARED_PIXELS, array_bytes, cut, eroded, padded, strip_rects
from core.types import Notice, Rect, Tile, Token

WIDE: Final = ("uint32", "int32", "uint64", "int64", "float64")
"""Dtypes with more digits than float32: in it, values that differ would become the same."""


@dataclass(frozen=True, slots=True)
class _View:
    """The chain up to a stage, as that stage's `prepare` sees it (`core.stages.Upstream`)."""

    pipeline: Pipeline
    stage: int
    level: int
    token: Token

    @property
    def shape(self) -> tuple[int, int]:
        return level_shape(self.pipeline.shape, self.level)

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        return self.pipeline.tile(rect, self.level if level is None else level, self.stage)

    def strips(self) -> Iterator[Tile]:
        for rect in strip_rects(self.shape, PREPARED_PIXELS):
            self.token.check()
            yield self.tile(rect)


class Pipeline:
    """The chain of one question.

    Parameters
    ----------
    a, b, settings
        The question.
    cache
        Shared by all pipelines of a window, so that a new question finds what an old one made.
    level
        Pyramid level at which stages are prepared: 0 for the exact answer, more for a preview.
    token
        Checked while states are prepared.

    What needs both pictures raises `CompareError` when they cannot be compared under these
    settings; the text says why. `prepare` always does.
    """

    def __init__(
        self,
        a: ImageBuffer,
        b: ImageBuffer,
        settings: Settings,
        cache: Cache,
        *,
        level: int = 0,
        token: Token | None = None,
    ) -> None:
        self.a, self.b, self.settings, self.cache, self.level = a, b, settings, cache, level
        self.token = token or Token()
        self.stages: tuple[Stage, ...] = tuple(
            s for s in registry.stages() if settings[s.params].enabled
        )
        values = any(p.dtype.name in WIDE for p in (a, b))
        self._wide_exact = values or self._wants_wide
        self.wide = values if level else self._wide_exact  # a preview is for the eye
        self.pair = Pair(a, b, settings, wide=self.wide)
        self._pair = (a.key, b.key)
        self._states: dict[int, Any] = {}  # those of `prepare`: the cache may forget them
        self._front: tuple[Params, ...] = (settings[FitParams],)
        if settings[AlignParams].enabled:
            # Of the places only those that are ignored decide where B is laid.
            ignored = PlacesParams(ignore=settings[PlacesParams].ignore)
            self._front = (*self._front, settings[AlignParams], ignored)

    @property
    def _wants_wide(self) -> bool:
        """Whether a stage wants more digits than float32 has; bytes are exact as they are."""
        if not any(getattr(s, "wide", False) for s in self.stages):
            return False
        moved = self.settings[AlignParams].enabled
        whole = not moved and is_whole(self.fitted.a) and is_whole(self.fitted.b)
        return not (whole and Pair(self.a, self.b, self.settings, wide=False).plain)

    @property
    def keeps_color(self) -> bool:
        """Whether what comes out of the chain is still colour (and alpha), if it was before."""
        return all(getattr(s, "keeps_color", True) for s in self.stages)

    @property
    def has_color(self) -> bool:
        """Whether what comes out of the chain is colour, so that Lab means something."""
        return self.keeps_color and self.pair.gray is None and self.pair.color_channels == 3

    @property
    def linear(self) -> bool:
        """Whether what comes out of the chain is linear light; edges are neither."""
        return self.pair.linear and self.keeps_color

    # -- geometry

    @cached_property
    def fitted(self) -> Placement:
        """Where both pictures lie on the canvas before align."""
        return place(self.a.shape, self.b.shape, self.settings[FitParams])

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the canvas at full resolution."""
        return self.fitted.shape

    @cached_property
    def placement(self) -> Placement:
        """Where both pictures lie on the canvas."""
        params = self.settings[AlignParams]
        if not params.enabled:
            return self.fitted

        def estimate() -> Placement:
            ignore = self.settings[PlacesParams].ignore
            upstream = fitted(self.a, self.b, self.fitted, self.level, ignore)
            shapes = self.a.shape, self.b.shape
            return refine(self.fitted, upstream, params, self.token, shapes)

        exact = self.cache.get(("placement", *self._pair, self._front, 0))
        if isinstance(exact, Placement):
            return exact
        key = ("placement", *self._pair, self._front, self.level)
        found: Placement = self.cache.get_or_make(
            key, estimate, lambda p: 1024 + (0 if p.field is None else p.field.shift.nbytes)
        )
        return found

    # -- states

    def key(self, upto: int, *, wide: bool | None = None) -> tuple[Any, ...]:
        """What decides a tile after the first `upto` stages (besides rectangle and level)."""
        wide = self.wide if wide is None else wide
        chain = tuple(self.settings[s.params] for s in self.stages[:upto])
        return (*self._pair, self._front, self.pair.key, wide, chain)

    def state(self, index: int) -> Any:
        """Return the prepared state of a stage, making it if it is new."""
        if index in self._states:
            return self._states[index]
        stage = self.stages[index]
        params = self.settings[stage.params]

        def make() -> tuple[Any]:
            view = _View(self, index, self.level, self.token)
            return (stage.prepare(view, params, self.token),)

        exact = self.cache.get(("state", self.key(index + 1, wide=self._wide_exact), 0))
        if exact is not None:
            return exact[0]
        key = ("state", self.key(index + 1), self.level)
        return self.cache.get_or_make(key, make, lambda s: 1024 + array_bytes(s[0]))[0]

    def prepare(self) -> None:
        """Make every state; after this, tiles are local work.

        Raises
        ------
        CompareError
            When the pictures cannot be compared under these settings; the text says why.
        """
        self.pair.channels  # noqa: B018 - asked for what it raises
        self.placement  # noqa: B018 - asked for its effect: it is remembered
        for i in range(len(self.stages)):
            self.token.check()
            self._states[i] = self.state(i)

    def outlive(self) -> None:
        """Go on working, whether or not the question that this was made for is still asked."""
        self.token = Token()

    def notices(self) -> tuple[Notice, ...]:
        """What was found while preparing."""
        found = [*self.a.notices, *self.b.notices, *self.placement.notices]
        found.extend(self.pair.notices())
        if self.pair.leaves_out:
            key = ("transparent", *self._pair, self._front)
            found.extend(left_out(self.cache.get_or_make(key, self._transparent, lambda _: 64)))
        for i, stage in enumerate(self.stages):
            found.extend(stage.notices(self.settings[stage.params], self.state(i)))
        if self.settings[DifferenceParams].space is Space.LAB:
            found.extend(lab_notices(self.pair, has_color=self.has_color))
        return tuple(dict.fromkeys(found))

    def _transparent(self) -> int:
        """Count the pixels that are fully transparent in both pictures."""
        count = 0
        for rect in strip_rects(self.shape):
            self.token.check()
            seen = self.pair.seen(rect, 0, self.placement)
            count += 0 if seen is None else rect.area - cv2.countNonZero(seen)
        return count

    def summaries(self) -> dict[str, str]:
        """A few words for beside each toggle."""
        words = dict(self.placement.summaries)
        if self.pair.values is Values.FILE:
            words["light"] = {"linear light": "linear", "sRGB-encoded": "encoded"}.get(
                self.pair.words, ""
            )
        for i, stage in enumerate(self.stages):
            words[stage.params.name] = stage.summary(self.settings[stage.params], self.state(i))
        return words

    # -- pixels

    def tile(self, rect: Rect, level: int, upto: int | None = None) -> Tile:
        """Return the pair over a rectangle after the first `upto` stages (all when None).

        The rectangle may reach outside the canvas: those pixels are 0 and invalid.
        """
        upto = len(self.stages) if upto is None else upto
        canvas = Rect(0, 0, *level_shape(self.shape, level))
        inside = rect.intersect(canvas)
        if inside.empty:  # one pixel tells the dtype and the number of channels
            pixel = self.tile(Rect(0, 0, 1, 1), level, upto)
            return padded(cut(pixel, Rect(0, 0, 0, 0)), rect)
        if inside != rect:
            return padded(self.tile(inside, level, upto), rect)
        if canvas.area <= PREVIEW_PIXELS:
            return cut(self._whole(level, upto), rect)
        return self._make(rect, level, upto, canvas)

    def _whole(self, level: int, upto: int) -> Tile:
        """Return the whole pair at a small level; remembered."""
        canvas = Rect(0, 0, *level_shape(self.shape, level))
        kept: Tile = self.cache.get_or_make(
            ("tile", self.key(upto), self.level, level),
            lambda: self._make(canvas, level, upto, canvas),
            array_bytes,
        )
        return kept

    def _make(self, rect: Rect, level: int, upto: int, canvas: Rect) -> Tile:
        if upto == 0:
            return self.pair.fetch(rect, level, self.placement)
        self.token.check()
        stage = self.stages[upto - 1]
        params, state = self.settings[stage.params], self.state(upto - 1)
        halo = stage.halo(params, level)
        before = self.tile(rect.grow(halo).intersect(canvas), level, upto - 1)
        after = stage.apply(before, params, state)
        return cut(Tile(after.a, after.b, eroded(before.valid, halo), before.rect, level), rect)
