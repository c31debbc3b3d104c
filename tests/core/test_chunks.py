"""A picture in chunks is the picture in memory: the same pixels, overviews and facts."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.chunks import ChunkStore
from core.errors import Cancelled, ReadError
from core.pair import Pair
from core.pyramid import level_shape
from core.settings import Settings
from core.store import MemoryStore
from core.tone import worth_toning
from core.types import Rect, Token


class InMemory:
    """Chunks of an array, counted."""

    def __init__(self, data, chunk=(16, 48)):
        self.data, self.chunk, self.dtype, self.shape = data, chunk, data.dtype, data.shape
        self.loads = Counter()
        self.closed = False

    def load(self, row, col):
        self.loads[row, col] += 1
        high, wide = self.chunk
        return self.data[row * high : (row + 1) * high, col * wide : (col + 1) * wide].copy()

    def close(self):
        self.closed = True


def noise(shape, dtype=np.uint8, seed=0):
    rng = np.random.default_rng(seed)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return rng.normal(0.5, 0.3, shape).astype(kind)
    limits = np.iinfo(kind)
    return rng.integers(limits.min, limits.max, shape, kind, endpoint=True)


def surveyed(chunks, **budget):
    store = ChunkStore(chunks, **budget)
    shares = list(store.survey(Token()))
    assert shares[-1] == 1.0
    assert shares == sorted(shares)
    return store


DTYPES = ("u1", "u2", "i2", "u4", "i4", "f2", "f4", "f8")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_rectangle_of_every_level_is_the_one_in_memory(data):
    shape = data.draw(st.integers(1, 150)), data.draw(st.integers(1, 290))
    more = data.draw(st.sampled_from([(), (2,), (3,), (4,), (5,)]))
    picture = noise((*shape, *more), data.draw(st.sampled_from(DTYPES)))
    chunk = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    # So small an overview that up to four levels are made from chunks.
    overview = picture.nbytes // 4 ** data.draw(st.integers(1, 4)) + 1
    store = surveyed(InMemory(picture, chunk), overview=overview)
    whole = MemoryStore(picture.copy())
    level = data.draw(st.integers(0, 8))
    height, width = level_shape(shape, level)
    row, col = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    size = data.draw(st.integers(1, height - row)), data.draw(st.integers(1, width - col))
    rect = Rect(row, col, *size)
    found = store.read(rect, level)
    # OpenCV adds four floats in an order that depends on where in a row they stand: half a last
    # digit at each level. Whole numbers are exact.
    digits = {"f2": 2.0**-10, "f4": 2.0**-23, "f8": 2.0**-52}.get(picture.dtype.str[1:], 0.0)
    near = {"rtol": digits * level, "atol": digits * level}
    np.testing.assert_allclose(found, whole.read(rect, level), **near)
    assert found.dtype == picture.dtype
    assert not found.flags.writeable


def test_a_pass_from_top_to_bottom_decodes_every_chunk_once():
    chunks = InMemory(noise((200, 500, 3)))
    store = ChunkStore(chunks, kept=0)  # two rows of chunks fit all the same
    for row in range(0, 200, 6):  # strips with a halo of 3 rows
        store.read(Rect(max(row - 3, 0), 0, min(12, 200 - max(row - 3, 0)), 500), 0)
    assert set(chunks.loads.values()) == {1}
    assert len(chunks.loads) == 13 * 11


def test_what_is_kept_is_bounded():
    chunks = InMemory(noise((640, 480)))
    store = surveyed(chunks, kept=20 * 16 * 48)
    for row in range(640):
        store.read(Rect(row, 0, 1, 480), 0)
        assert store._cache.used <= 22.5 * 16 * 48  # two rows of ten chunks, and a quarter of one


def test_two_threads_that_want_one_chunk_decode_it_once():
    both = threading.Barrier(2, timeout=10)
    chunks = InMemory(noise((16, 48)))
    store = ChunkStore(chunks)

    def read(_):
        both.wait()
        return store.read(Rect(0, 0, 16, 48), 0)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(read, range(2))
    np.testing.assert_array_equal(first, second)
    assert chunks.loads == {(0, 0): 1}


def test_the_survey_finds_what_the_whole_picture_holds():
    picture = noise((300, 900, 4), np.float32)
    picture[:, :, 3] = np.linspace(0.25, 0.75, 900)
    picture[7, 11, 1] = np.nan
    picture[7, 11, 2] = np.inf
    picture[299, 899, 0] = -np.inf
    picture[150, 3, 0] = 300.0
    store = surveyed(InMemory(picture))
    assert store.nonfinite == MemoryStore(picture).nonfinite == 2
    assert store.found.top == 300.0
    assert (store.found.last_low, store.found.last_high) == (0.25, 0.75)


def test_a_chunk_that_fails_is_asked_for_again():
    chunks = InMemory(noise((40, 90)))
    load, fails = chunks.load, [True]

    def flaky(row, col):
        if fails.pop() if fails else False:
            raise ReadError("no")
        return load(row, col)

    chunks.load = flaky
    store = ChunkStore(chunks)
    with pytest.raises(ReadError):
        store.read(Rect(0, 0, 2, 2), 0)
    np.testing.assert_array_equal(store.read(Rect(0, 0, 2, 2), 0), chunks.data[:2, :2])


def test_a_survey_stops_when_it_is_no_longer_wanted():
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        list(ChunkStore(InMemory(noise((40, 90)))).survey(token))


def test_closing_lets_go_of_the_chunks_and_the_file():
    chunks = InMemory(noise((40, 90)))
    store = surveyed(chunks)
    store.close()
    assert chunks.closed
    assert store._cache.used == 0


def test_what_is_said_of_a_picture_asks_for_no_pixels():
    picture = noise((40, 130), "f4")
    picture[3, 5] = np.nan
    chunks = InMemory(picture)
    large = ImageBuffer(surveyed(chunks), "large", 1.0, 24)
    chunks.loads.clear()
    assert worth_toning(large)
    pair = Pair(large, large, Settings(), wide=False)
    texts = {notice.text for notice in pair.notices()}
    assert any("1 pixel that is NaN or infinite and left out" in text for text in texts)
    assert not chunks.loads
