"""Bytes go into Normalize as they are: looked up, not calculated, with the same answer."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayParams
from core.engine import compare
from core.pipeline import Pipeline
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.fit import Anchor, FitMethod, FitParams
from core.stages.normalize import NormalizeParams
from core.types import Rect
from tests.make import exposed, photo, with_noise


def before_normalize(*params, a=None, b=None):
    """Return the dtypes of what Normalize receives."""
    made = Pipeline(
        *(ImageBuffer.from_array(x) if isinstance(x, np.ndarray) else x for x in (a, b)),
        Settings([NormalizeParams(enabled=True), *params]), Cache(),
    )  # fmt: skip
    made.prepare()
    tile = made.tile(Rect(0, 0, 40, 77), 0, 0)
    assert made.tile(Rect(0, 0, 40, 77), 0).a.dtype == np.float64
    return tile.a.dtype, tile.b.dtype


def test_normalize_receives_bytes_as_they_are_and_all_else_in_float64():
    a, b = photo(48, 99, 1), photo(41, 90, 2)
    gray = np.ascontiguousarray(b[..., 1])
    clear = np.dstack([b, b[..., :1]])
    assert before_normalize(a=a, b=b) == (np.uint8, np.uint8)
    assert before_normalize(FitParams(anchor=Anchor.CENTER), a=a, b=gray) == (np.uint8, np.uint8)
    assert before_normalize(GrayParams(enabled=True), a=gray, b=gray) == (np.uint8, np.uint8)
    wide = np.float64, np.float64
    assert before_normalize(GrayParams(enabled=True), a=a, b=b) == wide
    assert before_normalize(FitParams(method=FitMethod.RESIZE), a=a, b=b) == wide
    assert before_normalize(AlignParams(enabled=True), a=a, b=a) == wide
    assert before_normalize(a=a, b=b.astype(np.uint16) * 257) == wide
    assert before_normalize(a=a, b=ImageBuffer.from_array(clear)) == wide


@pytest.mark.parametrize("method", ["minmax", "percentile", "meanstd", "gainbias", "histogram"])
@pytest.mark.parametrize("more", [[], [BlurParams(enabled=True, sigma=1.2)]], ids=["", "blur"])
def test_bytes_are_normalized_as_the_same_values_in_float64(method, more):
    a = photo(60, 141, 1)
    b = with_noise(exposed(a, 0.8, 12.0), 5.0)
    settings = Settings([NormalizeParams(enabled=True, method=method), *more])
    found, right = (
        compare(ImageBuffer.from_array(x), ImageBuffer.from_array(y), settings).measures
        for x, y in ((a, b), (a / np.float64(255), b / np.float64(255)))
    )
    for name in ("l1", "l2", "max_abs", "ssim", "ncc"):
        # A 255th times 255 is not the level again but for the last bits of float64.
        assert found[name].value == pytest.approx(right[name].value, rel=1e-9), name
