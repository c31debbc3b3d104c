from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CompareError
from core.geometry import IDENTITY, Kernel
from core.stages.fit import FitParams, place

WIDE, NARROW = (480, 640), (500, 600)
sides = st.integers(1, 400)


def corner(matrix):
    assert [row[:2] for row in matrix[:2]] == [(1, 0), (0, 1)]
    return matrix[1][2], matrix[0][2]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("method", ["pad", "crop", "resize"])
def test_one_size_is_left_alone_without_a_word(enabled, method):
    placement = place(WIDE, WIDE, FitParams(enabled=enabled, method=method, anchor="center"))
    assert (placement.shape, placement.a, placement.b) == (WIDE, IDENTITY, IDENTITY)
    assert placement.notices == ()
    assert not placement.size_mismatch
    assert placement.summaries == {"fit": "same size"}


def test_off_refuses_different_sizes_and_says_what_would_help():
    with pytest.raises(CompareError, match=r"A is 640 × 480 and B is 600 × 500 px: switch Fit on"):
        place(WIDE, NARROW, FitParams(enabled=False))


@pytest.mark.parametrize(
    ("method", "shape", "summary"),
    [
        ("pad", (500, 640), "A and B padded"),
        ("crop", (480, 600), "A and B cropped"),
        ("resize", WIDE, "B resized"),
    ],
)
def test_each_method_makes_its_canvas_and_says_so(method, shape, summary):
    placement = place(WIDE, NARROW, FitParams(method=method))
    assert placement.shape == shape
    assert placement.size_mismatch
    assert placement.summaries == {"fit": summary}
    (notice,) = placement.notices
    assert (notice.code, notice.severity) == ("size_mismatch", "warning")
    assert notice.text.startswith("A is 640 × 480 and B is 600 × 500 px: ")


def test_the_notice_counts_what_is_not_measured():
    text = place(WIDE, NARROW, FitParams()).notices[0].text
    # Both have 480 x 600: A has 40 columns more, B has 20 rows more.
    assert "left out as they have no counterpart: 19,200 pixels of A, 12,000 pixels of B." in text
    inner = place((4, 6), (4, 5), FitParams()).notices[0].text
    assert "B was padded; left out as they have no counterpart: 4 pixels of A, none of B." in inner


@given(sides, sides, sides, sides, st.sampled_from(["pad", "crop"]))
def test_centred_pictures_share_the_middle(ha, wa, hb, wb, method):
    placement = place((ha, wa), (hb, wb), FitParams(method=method, anchor="center"))
    for matrix, shape in ((placement.a, (ha, wa)), (placement.b, (hb, wb))):
        for offset, side, canvas in zip(corner(matrix), shape, placement.shape, strict=True):
            assert offset == int(offset)
            assert abs(offset) == abs(canvas - side) // 2
            assert offset * (canvas - side) >= 0


@given(sides, sides, sides, sides, st.sampled_from(["top_left", "center"]))
def test_crop_measures_the_same_pixels_as_pad(ha, wa, hb, wb, anchor):
    pad, crop = (
        place((ha, wa), (hb, wb), FitParams(method=m, anchor=anchor)) for m in ("pad", "crop")
    )
    apart = [np.subtract(corner(p.b), corner(p.a)) for p in (pad, crop)]
    assert np.array_equal(*apart)


@given(sides, sides, sides, sides, st.sampled_from(["pad", "crop"]))
def test_swapping_swaps_the_places(ha, wa, hb, wb, method):
    params = FitParams(method=method, anchor="center")
    one, other = place((ha, wa), (hb, wb), params), place((hb, wb), (ha, wa), params)
    assert (one.shape, one.a, one.b) == (other.shape, other.b, other.a)


def test_resize_maps_corners_onto_corners():
    placement = place(WIDE, NARROW, FitParams(method="resize", kernel="lanczos"))
    assert placement.a == IDENTITY
    assert placement.kernel is Kernel.LANCZOS
    matrix = np.asarray(placement.b)
    assert matrix @ (-0.5, -0.5, 1) == pytest.approx((-0.5, -0.5, 1))
    assert matrix @ (599.5, 499.5, 1) == pytest.approx((639.5, 479.5, 1))
