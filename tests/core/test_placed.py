"""Pairs, values under the cursor, masks and previews where B is turned, in perspective, or bent."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayParams
from core.difference import DifferenceParams
from core.field import Field
from core.geometry import IDENTITY, Kernel, Placement, multiply, scaling, translation
from core.linear import tail
from core.pair import Pair
from core.pipeline import Pipeline
from core.probe import probe
from core.render import Side, picture
from core.scan import everywhere
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Rect
from tests.make import photo
from tests.warping import direct, looked_at, turned

SHAPE = (90, 160)
WHOLE = Rect(0, 0, *SHAPE)
A, B = photo(*SHAPE, seed=1), photo(*SHAPE, seed=2)
RNG = np.random.default_rng(4)
BENT = Field(RNG.uniform(-2, 2, (12, 21, 2)), 8, 3.5)
TURNED = turned(-4, 1.1, tilt=(1.1e-3, -6e-4))


def pipeline(a, b, placement, *params):
    pipe = Pipeline(ImageBuffer.from_array(a), ImageBuffer.from_array(b), Settings(params), Cache())
    pipe.__dict__["placement"] = placement  # what align would find
    pipe.prepare()
    return pipe


def positions(placement, rect):
    if placement.field is None:
        return looked_at(placement.b, rect)[:2]
    dx, dy = placement.field.over(rect)
    y, x = np.mgrid[rect.row : rect.bottom, rect.col : rect.right]
    moved = [x + dx, y + dy, np.ones(x.shape)]
    u, v, w = np.einsum("ij,jhw->ihw", np.linalg.inv(placement.b), moved)
    return u / w, v / w


PLACED = [Placement(SHAPE, b=TURNED), Placement(SHAPE, b=TURNED, field=BENT),
          Placement(SHAPE, field=BENT, kernel=Kernel.LINEAR)]  # fmt: skip


@pytest.mark.parametrize("placement", PLACED)
def test_a_keeps_its_values_and_b_is_moved(placement):
    pair = Pair(ImageBuffer.from_array(A), ImageBuffer.from_array(B), Settings(), wide=False)
    tile = pair.fetch(WHOLE, 0, placement)
    assert np.array_equal(tile.a, A)
    u, v = positions(placement, WHOLE)
    good = tile.valid > 0
    assert 0.6 < good.mean() < 1
    assert np.abs(tile.b - direct(B, u, v, placement.kernel))[good].max() < 2e-4


@pytest.mark.parametrize("placement", PLACED)
def test_the_values_under_the_cursor_are_those_of_b_there(placement):
    pipe = pipeline(A, B, placement)
    for row, col in ((40, 71), (77, 120), (20, 33)):
        found = probe(pipe, row, col)
        u, v = positions(placement, Rect(row, col, 1, 1))
        expected = direct(B, u, v, placement.kernel)[0, 0]
        assert found.a == tuple(float(n) for n in A[row, col])
        assert found.b == pytest.approx(expected, abs=6e-4)  # rounded to thousandths
        assert found.difference == pytest.approx(np.abs(A[row, col] - expected), abs=2e-4)


def test_where_b_is_not_there_is_only_a():
    found = probe(pipeline(A, B, Placement(SHAPE, b=turned(30))), 1, 2)
    assert found.a == tuple(float(n) for n in A[1, 2])
    assert found.b is None
    assert found.magnitude is None


@pytest.mark.parametrize("kernel", list(Kernel))
@pytest.mark.parametrize("field", [None, BENT])
def test_what_a_nan_takes_part_in_is_left_out(kernel, field):
    real = B[:, :, 1].astype(np.float32)
    real[50, 80] = np.nan
    real[20:23, 30:36] = np.inf
    a, b = ImageBuffer.from_array(A[:, :, 1].astype(np.float32)), ImageBuffer.from_array(real)
    pair, placement = Pair(a, b, Settings(), wide=False), Placement(SHAPE, b=TURNED, kernel=kernel,
                                                                    field=field)  # fmt: skip
    tile = pair.fetch(WHOLE, 0, placement)
    assert np.isfinite(tile.b).all()
    u, v = positions(placement, WHOLE)
    good = np.isfinite(real)
    share = direct(good.astype(float), u, v, kernel)
    plain = pair_without(real, placement)
    taken = np.abs(share - 1) > 0.01 / 255 + 1e-6
    surely = np.abs(share - 1) < 0.01 / 255 - 1e-6
    assert taken.sum() > 20
    assert not tile.valid[taken].any()
    assert np.array_equal(tile.valid[surely], plain[surely])
    broken = pair.broken(1, WHOLE, 0, placement)
    assert np.array_equal(broken > 0, (plain > 0) & (tile.valid == 0))


def pair_without(real, placement):
    """Return where the pair is valid when all of B is finite."""
    b = ImageBuffer.from_array(np.nan_to_num(real, posinf=0.0))
    pair = Pair(ImageBuffer.from_array(A[:, :, 1]), b, Settings(), wide=False)
    return pair.fetch(WHOLE, 0, placement).valid


def test_a_mask_is_kept_unless_all_is_surely_there():
    covering = multiply(turned(3), scaling(1.3, 1.3))
    covering = multiply(translation(-24, -13), covering)
    assert pipeline(A, B, Placement(SHAPE, b=covering)).pair.fetch(
        WHOLE, 0, Placement(SHAPE, b=covering)
    ).valid is None  # fmt: skip
    assert everywhere(pipeline(A, B, Placement(SHAPE, b=covering)))
    assert not everywhere(pipeline(A, B, Placement(SHAPE, a=translation(1, 0), b=covering)))
    assert not everywhere(pipeline(A, B, Placement(SHAPE, b=turned(3))))
    assert not everywhere(pipeline(A, B, Placement(SHAPE, b=covering, field=BENT)))
    assert not everywhere(pipeline(A, B, Placement(SHAPE, field=BENT)))
    assert everywhere(pipeline(A, B, Placement(SHAPE, b=IDENTITY)))


def test_a_hole_that_a_field_tears_is_not_compared():
    shift = np.zeros((12, 21, 2))
    shift[5, 10] = (500, 0)  # the border stays where it is
    placement = Placement(SHAPE, field=Field(shift, 8, 3.5))
    pipe = pipeline(A, B, placement)
    valid = pipe.tile(WHOLE, 0).valid
    assert valid[0].all()
    assert valid[:, 0].all()
    assert 0 < np.count_nonzero(valid == 0) < 400
    assert not everywhere(pipe)


def test_bytes_are_not_subtracted_raw_where_b_is_bent():
    params = (GrayParams(enabled=True), BlurParams(enabled=True))
    assert tail(pipeline(A, B, Placement(SHAPE), *params), DifferenceParams()).raw
    for placement in PLACED:
        assert not tail(pipeline(A, B, placement, *params), DifferenceParams()).raw


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("placement", PLACED[:2])
def test_a_preview_shows_b_where_it_lies(placement, level):
    step = 1 << level
    sharp = (photo(360, 640, seed=s, channels=1) for s in (1, 2))
    a, b = (cv2.GaussianBlur(p, (0, 0), 6) for p in sharp)
    big = multiply(scaling(4, 4), multiply(placement.b, scaling(0.25, 0.25)))
    field = placement.field and Field(placement.field.shift * 4, 32, 15.5)
    pipe = pipeline(a, b, Placement((360, 640), b=big, field=field))
    shown = picture(pipe, Side.B, Rect(0, 0, 360 // step, 640 // step), level).rgb[:, :, 0]
    exact = picture(pipe, Side.B, Rect(0, 0, 360, 640), 0).rgb[:, :, 0].astype(np.float64)
    mean = exact.reshape(360 // step, step, 640 // step, step).mean(axis=(1, 3))
    inner = np.s_[80 // step : -80 // step, 80 // step : -80 // step]
    # An overview resampled is not quite what is resampled seen as an overview, and both are bytes.
    off = np.abs(shown[inner] - mean[inner]).mean()
    beside = np.abs(np.roll(shown, 1, axis=1)[inner] - mean[inner]).mean()
    assert off < 0.5
    assert beside > 1.2 * step * off
    unmoved = b.reshape(360 // step, step, 640 // step, step).mean(axis=(1, 3))
    assert np.abs(shown[inner] - unmoved[inner]).mean() > 5
