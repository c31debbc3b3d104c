"""How often noise alone reaches an evidence."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy.stats import norm

from core.noise import null, zscore


def fields(channels, blur, tie, shape, seed):
    rng = np.random.default_rng(seed)
    made = [rng.standard_normal(shape, dtype=np.float32) for _ in range(channels)]
    made = [m + np.float32(tie) * made[0] for m in made]
    if blur:
        made = [cv2.GaussianBlur(m, (0, 0), blur) for m in made]
    return [m / m.std() for m in made]


@pytest.mark.parametrize(
    ("channels", "blur", "tie"), [(1, 0, 0), (3, 0, 0), (1, 1, 0), (3, 1, 0.7), (3, 0, 2)]
)
def test_the_share_is_that_of_other_noise_of_the_kind(channels, blur, tie):
    """Learnt on 65,000 pixels, held against two million others."""
    learnt = fields(channels, blur, tie, (200, 330), 1)
    found = null.null_of(null.blocks_of(learnt), channels)
    others = fields(channels, blur, tie, (1100, 1900), 2)
    codes = zscore.codes(zscore.evidence(others, found.spread))
    for share in (0.1, 0.01, 1e-3, 2e-4):
        code = int(np.argmax(found.share <= share))
        real = np.count_nonzero(codes >= code) / codes.size
        assert real / found.share[code] == pytest.approx(1, abs=0.3)


def test_windows_of_white_noise_spread_as_the_root_of_their_pixels():
    found = null.null_of(np.zeros((0, 1, null.SIDE, null.SIDE), np.float32), 1)
    sizes = [width * height for width, height in zscore.WINDOWS]
    assert found.spread[0] == pytest.approx(np.sqrt(sizes), rel=0.02)
    assert found.tied == 0


def test_a_change_in_a_fifth_of_the_blocks_does_not_count_as_noise():
    blocks = null.blocks_of(fields(1, 0, 0, (512, 512), 3))
    changed = blocks.copy()
    changed[::5, :, 8:24, 4:28] += 4
    plain, other = (null.null_of(b, 1).spread for b in (blocks, changed))
    assert other == pytest.approx(plain, rel=0.12)


def test_the_share_falls_and_ends_like_a_normal_tail():
    share = null.null_of(np.zeros((0, 3, null.SIDE, null.SIDE), np.float32), 3).share
    assert share[0] == 1
    assert (np.diff(share) <= 0).all()
    tail = 2 * norm.sf(zscore.least(np.array([200, 250])))
    assert (share[[200, 250]] > 3 * tail).all()  # three channels, and the windows
    assert (share[[200, 250]] < 9 * tail).all()


def test_far_ties_are_told():
    assert null.null_of(null.blocks_of(fields(1, 3, 0, (512, 512), 4)), 1).tied > 0.5
    assert null.null_of(null.blocks_of(fields(1, 0, 0, (512, 512), 4)), 1).tied < 0.05


def test_normal_tail():
    t = np.array([[0.0, 1.0], [3.0, 8.0]])
    assert null.normal_tail(t) == pytest.approx(norm.sf(t), rel=1e-9)
