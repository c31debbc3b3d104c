"""Runs one measure over a pair, cut into strips as the engine cuts it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from core.histograms import Histograms
from core.measures import Sample, Totals
from core.settings import Settings
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Measure
    from core.types import MapKind, Mask, MeasureValue, Pixels


def run(
    measure: Measure,
    a: Pixels,
    b: Pixels,
    valid: Mask | None = None,
    *,
    cuts: Sequence[int] = (),
    tolerance: float = 0.0,
    margin: int = 0,
    peak: float = 255.0,
    settings: Settings | None = None,
    **more: Any,
) -> dict[str, MeasureValue]:
    """Return name -> value.

    `cuts` are the first rows of all strips but the first; `margin` is how many pixels a strip is
    handed beyond what the measure asks for, as when another measure has a larger halo. `more` are
    `alpha`, `linear` and `seen` of `Sample`.
    """
    settings = settings or Settings()
    edges = [0, *sorted({c for c in cuts if 0 < c < a.shape[0]}), a.shape[0]]
    strips = [
        sample(
            a,
            b,
            valid,
            Rect(top, 0, bottom - top, a.shape[1]),
            measure.halo(settings) + margin,
            tolerance,
            settings=settings,
            **more,
        )
        for top, bottom in pairwise(edges)
    ]
    names = tuple("RGBA"[: 1 if a.ndim == 2 else a.shape[2]])
    totals = Totals(
        pixels=sum(s.pixels for s in strips),
        channels=1 if a.ndim == 2 else a.shape[2],
        peak=peak,
        tolerance=tolerance,
        histograms=Histograms(
            names, counts(a, valid), counts(b, valid), np.zeros(256, np.int64)
        ) if measure.needs_histograms else None,
        settings=settings, canvas=a.shape[:2], linear=bool(more.get("linear")),
        seen=bool(more.get("seen", True)),
    )  # fmt: skip
    values = measure.finish([measure.partial(s) for s in strips], totals)
    assert tuple(v.name for v in values) == measure.names
    assert all(v.help and v.label for v in values)
    return {v.name: v for v in values}


def sample(
    a: Pixels, b: Pixels, valid: Mask | None, rect: Rect, halo: int, tolerance: float, **more: Any
) -> Sample:
    outer = rect.grow(halo).intersect(Rect.of(a))
    tile_a, tile_b = a[outer.slices], b[outer.slices]
    mask = None if valid is None else valid[outer.slices]
    inner = rect.within(outer)
    absolute = cv2.absdiff(np.ascontiguousarray(tile_a[inner]), np.ascontiguousarray(tile_b[inner]))
    if mask is not None:
        absolute[mask[inner] == 0] = 0
    magnitude = absolute if absolute.ndim == 2 else absolute.max(axis=2)
    over = np.where(magnitude > tolerance, 255, 0).astype(np.uint8)
    pixels = rect.area if mask is None else int(np.count_nonzero(mask[inner]))
    return Sample(
        tile_a, tile_b, mask, inner, rect, absolute, magnitude, over, pixels,
        canvas=a.shape[:2], **more,
    )  # fmt: skip


def counts(picture: Pixels, valid: Mask | None) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    levels = np.clip(np.rint(picture), 0, 255).astype(np.int64)
    planes = np.atleast_3d(levels)[np.full(levels.shape[:2], True) if valid is None else valid > 0]
    return np.stack([np.bincount(p, minlength=256) for p in planes.T])


def noise(
    height: int, width: int, channels: int = 1, *, seed: int = 0, dtype: type = np.uint8
) -> Pixels:
    """Return values from 0 to 255: whole ones, or sixty-fourths, whose differences are exact."""
    rng = np.random.default_rng(seed)
    shape = (height, width) if channels == 1 else (height, width, channels)
    if dtype is np.uint8:
        return rng.integers(0, 256, shape, dtype=np.uint8)
    return (rng.integers(0, 255 * 64 + 1, shape) / 64).astype(dtype)


def speckled(height: int, width: int, seed: int, share: float = 0.02) -> Mask:
    """Return a mask with single holes and one larger one."""
    rng = np.random.default_rng(seed)
    mask = np.where(rng.random((height, width)) < share, 0, 255).astype(np.uint8)
    mask[height // 3 : height // 2, : width // 4] = 0
    return mask


def mapped(
    measure: Measure, kind: MapKind, a: Pixels, b: Pixels, valid: Mask | None = None, *,
    cuts: Sequence[int] = (), settings: Settings | None = None, **more: Any,
) -> Pixels:  # fmt: skip
    """Return one of the maps of a measure over everything, put together from strips."""
    settings = settings or Settings()
    edges = [0, *sorted({c for c in cuts if 0 < c < a.shape[0]}), a.shape[0]]
    parts = []
    for top, bottom in pairwise(edges):
        rect = Rect(top, 0, bottom - top, a.shape[1])
        seen = sample(a, b, valid, rect, measure.halo(settings), 0.0, settings=settings, **more)
        part = measure.map(kind, seen)
        assert part.dtype == np.float32
        assert part.shape == (rect.height, rect.width)
        assert np.isfinite(part).all()
        assert part.size == 0 or part.min() >= 0
        parts.append(part)
    return np.concatenate(parts)
