"""The rectangle around what differs, against looking at every pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.engine import compare
from core.measures._changed import changed
from core.types import Rect
from tests.make import photo


@given(
    st.integers(1, 9), st.integers(1, 30), st.sampled_from([0, 1, 2, 3, 4]),
    st.sampled_from([np.uint8, np.float32, np.float64]), st.data(),
)  # fmt: skip
def test_it_holds_all_that_differs_and_no_more(height, width, channels, dtype, data):
    shape = (height, width) if channels == 0 else (height, width, channels)
    magnitude = np.zeros(shape, dtype)
    for _ in range(data.draw(st.integers(0, 3))):
        magnitude.flat[data.draw(st.integers(0, magnitude.size - 1))] = dtype(0.4) or 7
    differs = magnitude != 0 if channels == 0 else (magnitude != 0).any(axis=2)
    if not differs.any():
        assert changed(magnitude) is None
        return
    rows, cols = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    right = Rect(rows[0], cols[0], rows[-1] - rows[0] + 1, cols[-1] - cols[0] + 1)
    assert changed(magnitude) == right
    assert changed(magnitude[:, ::-1][:, ::-1]) == right  # also of what is no plain array


@pytest.mark.parametrize("channels", [1, 3])
def test_spots_on_a_large_picture_are_measured_as_on_a_small_one(channels):
    """What a window sees of a spot does not depend on how much around it is looked at."""
    a = photo(400, 700, seed=4, channels=channels)
    b = a.copy()
    for row, col in ((0, 0), (133, 260), (399, 699), (200, 511)):
        b[row : row + 3, col : col + 2] ^= 60
    names = ("ssim", "delta_e_2000_mean", "delta_e_76_mean")
    large = compare(ImageBuffer.from_array(a), ImageBuffer.from_array(b), measures=names)
    around = slice(120, 149), slice(247, 275)
    small = compare(
        *(ImageBuffer.from_array(np.ascontiguousarray(x[around])) for x in (a, b)), measures=names
    )
    alone = a.copy()
    alone[133:136, 260:262] ^= 60
    one = compare(ImageBuffer.from_array(a), ImageBuffer.from_array(alone), measures=names)
    for name in names:
        kind = 1.0 if name == "ssim" else 0.0
        found, right = (r.measures[name] for r in (one, small))
        summed = [(kind - m.value) * m.pixels for m in (found, right)]
        assert summed[0] == pytest.approx(summed[1], rel=1e-5), name  # float32 blurs
        assert abs(large.measures[name].value - kind) > 1.5 * abs(found.value - kind)
