"""The map of distances: each cell is what two frames give alone, and knows which two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.colormaps import lut
from core.errors import Cancelled
from core.measures.histogram import KL_LIMIT
from core.sequence import distances
from core.sequence._looks import hist_kl
from core.sequence.analysis import analyse
from core.sequence.distances import COLORS, DistanceMap, distance_map, mapped, picture, place
from core.sequence.params import SequenceParams
from core.sequence.pixels import picture as counted
from core.sequence.types import Frame
from core.types import Token
from tests.sequence.film import Film


def histograms(n: int, channels: int = 3, seed: int = 0):
    """Return counts that differ: some levels are missing, some frames are far off."""
    rng = np.random.default_rng(seed)
    base = rng.gamma(0.5, 400, (channels, 256))
    gain = np.exp(rng.normal(0, 0.4, (n, 1, 256)) * rng.choice([0.02, 0.2, 2.0], (n, 1, 1)))
    counts = rng.poisson(base * gain).astype(np.int64)
    counts[::7, :, 40:] = 0
    counts[..., 3] += 1
    return counts


def oracle(counts):
    return np.array([[hist_kl(a, b) for b in counts] for a in counts])


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("n", [1, 2, 23])
def test_each_cell_is_the_distance_of_two_frames(n, channels):
    counts = histograms(n, channels)
    made = distance_map(counts)
    assert made.values.shape == (n, n)
    assert np.abs(made.values - oracle(counts)).max() <= 1e-9
    assert (np.diag(made.values) == 0).all()
    assert (made.values >= 0).all()
    assert all(made.pair_at(i, j) == (i, j) for i in range(n) for j in range(n))


def test_it_tells_rows_from_columns():
    made = distance_map(histograms(12))
    assert np.abs(made.values - made.values.T).max() > 0.1


@given(st.integers(1, 40), st.integers(1, 13), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_cell_of_several_pairs_has_the_farthest_and_names_it(n, most, seed):
    counts = histograms(n, 1, seed)
    every = oracle(counts)
    frames = np.arange(n) * 3 + 5
    made = distance_map(counts, most, frames=frames)
    assert made.size <= most
    assert made.step == -(-n // most)
    for row in range(made.size):
        for col in range(made.size):
            rows = slice(row * made.step, (row + 1) * made.step)
            cols = slice(col * made.step, (col + 1) * made.step)
            assert abs(made.values[row, col] - every[rows, cols].max()) <= 1e-9
            i, j = made.pair_at(row, col)
            assert made.cell_of(i, j) == (row, col)
            at = int(np.searchsorted(frames, i)), int(np.searchsorted(frames, j))
            assert abs(every[at] - made.values[row, col]) <= 1e-9


def test_blocks_do_not_show(monkeypatch):
    counts = histograms(50)
    whole = distance_map(counts, 17)
    for pairs in (1, 500, 1000):
        monkeypatch.setattr(distances, "_PAIRS", pairs)
        *shares, made = mapped(counts, 17)
        assert np.abs(made.values - whole.values).max() <= 1e-12
        assert np.array_equal(made.where, whole.where)
        assert shares == sorted(shares)
        assert shares[-1] == 1
        assert len(shares) > 1


def test_beside_the_diagonal_stands_what_the_analysis_says_of_a_frame():
    film = [pixels for pixels, _ in Film(seed=2, height=60, width=90).frames(14)]
    frames = [Frame(k, float(k), ImageBuffer.from_array(p), str(k)) for k, p in enumerate(film)]
    results = list(analyse(iter(frames), SequenceParams(), Token()))
    made = distance_map(np.stack([counted(p, Token()).counts for p in film]))
    assert len(results) == 14
    for result in results[1:]:
        i = result.index
        assert made.values[i - 1, i] == pytest.approx(result.hist_kl, abs=1e-9)


def test_numbers_of_frames_may_have_gaps():
    made = distance_map(histograms(4), frames=np.array([2, 3, 7, 11]))
    assert made.pair_at(1, 3) == (3, 11)
    assert made.cell_of(7, 2) == (2, 0)
    for pair in ((4, 2), (2, 12), (0, 3), (12, 12)):
        assert made.cell_of(*pair) is None
    assert [made.along(k) for k in (0, 2, 3, 4, 7, 11, 12)] == [0, 0, 1, 2, 2, 3, 4]
    assert made.span == (2, 11)
    coarse = distance_map(histograms(4), 2, frames=np.array([2, 3, 7, 11]))
    assert [coarse.along(k) for k in (2, 3, 7, 11, 12)] == [0, 0.5, 1, 1.5, 2]


def test_it_stops_when_it_is_no_longer_wanted(monkeypatch):
    monkeypatch.setattr(distances, "_PAIRS", 100)
    token = Token()
    steps = mapped(histograms(50), token=token)
    assert 0 < next(steps) < 1
    token.cancel()
    with pytest.raises(Cancelled):
        next(steps)
    with pytest.raises(Cancelled):
        distance_map(histograms(50), token=token)


def test_what_is_no_histogram_is_refused():
    with pytest.raises(ValueError, match="at least one frame"):
        distance_map(np.zeros((0, 3, 256), np.int64))
    with pytest.raises(ValueError, match=r"\(N, C, 256\)"):
        distance_map(np.ones((3, 256), np.int64))
    with pytest.raises(ValueError, match="as many numbers"):
        distance_map(histograms(4), frames=np.arange(3))


def test_colours_grow_with_the_distance_and_are_halfway_at_the_limit():
    assert place(0) == 0
    assert place(KL_LIMIT) == 0.5
    values = np.array([[0.0, 0.05], [KL_LIMIT, 18.0]])
    made = picture(DistanceMap(values, np.zeros((2, 2), np.int32), 1, np.arange(2)))
    assert made.shape == (2, 2, 3)
    table = lut(COLORS)
    codes = [[round(255 * place(float(v))) for v in row] for row in values]
    assert codes[0][0] == 0
    assert codes == [[0, 51], [128, 252]]
    assert np.array_equal(made, table[np.array(codes)])
