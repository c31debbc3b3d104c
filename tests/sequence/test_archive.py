"""Stored results: what goes in comes out."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sequence import stored
from core.sequence.archive import BACKGROUNDS, SPACING, THUMB, Archive
from core.sequence.events import Event
from core.sequence.pixels import picture
from core.sequence.result import FrameResult
from core.sequence.stored import Look
from core.sequence.tracks import Thing, Track
from core.sequence.types import Verdict
from core.types import Rect, Token
from tests.make import photo


def alike(one, other):
    """Whether two results say the same; nan is nan."""
    for f in fields(FrameResult):
        a, b = getattr(one, f.name), getattr(other, f.name)
        nan = isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b)
        if f.name != "mask" and a != b and not nan:
            return False
    return True


def numbered(count, start=0):
    return [
        FrameResult(i, i / 25, f"film #{i + 1}", l1_per_pixel=i / 7) for i in range(start, count)
    ]


def look(pixels):
    return Look.of(picture(pixels, Token()))


numbers = st.floats(width=64, allow_infinity=True, allow_nan=True)
words = st.text() | st.just("caf\udce9.png")  # a name with bytes that are no text
tracks = st.builds(
    Track,
    st.integers(1, 10**6),
    st.builds(
        Thing,
        st.builds(Rect, *[st.integers(-50, 10**5)] * 4),
        st.integers(1, 10**9),
        st.tuples(*[st.floats(-1e5, 1e5)] * 2),
    ),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.tuples(*[st.floats(-1e3, 1e3)] * 2),
)
results = st.builds(
    FrameResult,
    st.integers(0, 2**40),
    numbers,
    words,
    *[numbers] * 9,
    st.lists(st.sampled_from(list(Verdict)), min_size=1, unique=True).map(tuple),
    words,
    st.lists(tracks, max_size=4).map(tuple),
)


@given(st.lists(results, max_size=8, unique_by=lambda r: r.index))
def test_results_come_out_as_they_went_in(some):
    with Archive(None) as archive:
        archive.add(some)
        there = sorted(some, key=lambda r: r.index)
        assert archive.frames == len(some)
        assert archive.last == (there[-1].index if there else None)
        assert all(alike(a, b) for a, b in zip(archive.results(), there, strict=True))
        for r in some:
            found = archive.result(r.index)
            assert found is not None
            assert alike(found, r)
        assert archive.result(2**41) is None


def test_every_number_of_a_result_is_stored():
    floats = {f.name for f in fields(FrameResult) if "float" in str(f.type)}
    assert set(stored.NUMBERS) == floats


def test_a_file_holds_it_until_it_is_opened_again(tmp_path):
    path = tmp_path / "deep" / "x.sqlite"
    pixels = photo(90, 160, seed=1)
    event = Event("foreground", 2, 4, math.nan, 0.2, 3, 0.25, "Something is there.")
    with Archive(path) as archive:
        assert (archive.frames, archive.complete, archive.problem) == (0, False, "")
        archive.add(numbered(5), {3: look(pixels)}, events=[event])
        archive.add_event(replace(event, kind="cut", start=9, end=9, peak=math.nan))
        archive.add_background(3, pixels)
        archive.add_measure("k", "ssim", {0: 0.5, 1: math.nan})
        archive.keep_state(4, b"abc")
        assert archive.state() == (4, b"abc")
    with Archive(path) as archive:
        assert (archive.frames, archive.complete, archive.problem) == (5, False, "")
        assert archive.state() == (4, b"abc")
        archive.finish()
    with Archive(path) as archive:
        assert archive.complete
        assert archive.state() is None
        assert [r.name for r in archive.results()] == [f"film #{i}" for i in range(1, 6)]
        one, other = archive.events()
        assert (one.kind, one.start, one.end, one.end_time, one.frames, one.peak, one.what) == (
            "foreground", 2, 4, 0.2, 3, 0.25, "Something is there.",
        )  # fmt: skip
        assert math.isnan(one.start_time)
        assert (other.kind, other.start) == ("cut", 9)
        assert math.isnan(other.peak)
        assert np.array_equal(archive.background(3)[1], pixels)
        found = archive.measure("k", "ssim")
        assert list(found) == [0, 1]
        assert found[0] == 0.5
        assert math.isnan(found[1])
        assert archive.measure("k", "rmse") == archive.measure("l", "ssim") == {}
        archive.replace_events([other])
        assert [e.kind for e in archive.events()] == ["cut"]


def test_what_is_added_twice_is_there_once():
    with Archive(None) as archive:
        archive.add(numbered(5))
        archive.add([replace(r, l1_per_pixel=9.0) for r in numbered(6, start=3)])
        assert archive.frames == 6
        assert [r.l1_per_pixel for r in archive.results()] == [0, 1 / 7, 2 / 7, 9, 9, 9]


@pytest.mark.parametrize("shape", [(90, 160), (300, 1100, 3), (1080, 1920, 3), (1023, 511, 3)])
def test_thumbnails_are_the_frame_small(shape):
    pixels = cv2.GaussianBlur(photo(*shape[:2], seed=2), (0, 0), 4)
    pixels = pixels if len(shape) == 3 else pixels[..., 1].copy()
    with Archive(None) as archive:
        archive.add([], {7: look(pixels)})
        small = archive.thumbnail(7)
        assert small is not None
        height, width = small.shape[:2]
        assert small.dtype == np.uint8
        assert small.shape[2] == 3
        assert min(THUMB, max(shape[:2])) * 3 // 4 <= max(height, width) <= THUMB
        assert height / width == pytest.approx(shape[0] / shape[1], rel=0.01)
        exact = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
        exact = exact if exact.ndim == 3 else np.repeat(exact[..., None], 3, axis=2)
        away = np.abs(small.astype(int) - exact)
        assert away.mean() < 2  # JPEG; red and blue changed places would be 20 and more
        assert np.quantile(away, 0.999) < 20


def test_thumbnails_of_several_and_the_nearest_one():
    with Archive(None) as archive:
        assert archive.nearest(3) is None
        archive.add([], {i: look(np.full((20, 40, 3), i, np.uint8)) for i in (2, 5, 9)})
        found = archive.thumbnails([9, 3, 2, 2])
        assert sorted(found) == [2, 9]
        assert int(found[9].mean()) == 9
        assert archive.thumbnail(3) is None
        near = [archive.nearest(i) for i in (0, 2, 3, 4, 7, 8, 99)]
        assert near == [2, 2, 2, 5, 5, 9, 9]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 900), st.integers(1, 2600), st.data())
def test_no_pixel_of_a_foreground_is_lost(height, width, data):
    spot = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    mask = np.zeros((height, width), np.uint8)
    mask[spot] = 255
    with Archive(None) as archive:
        archive.add([FrameResult(0, 0.0, "x", mask=mask)])
        found = archive.foreground(0)
        assert found is not None
        archive.add([], {0: look(mask)})
        assert found.shape == archive.thumbnail(0).shape[:2]
        rows, cols = np.nonzero(found)
        assert set(np.unique(found)) <= {0, 255}
        assert rows.size >= 1
        for place, size, at in ((rows, height, spot[0]), (cols, width, spot[1])):
            cell = size / found.shape[0 if place is rows else 1]
            assert np.abs((place + 0.5) * cell - 0.5 - at).max() <= cell + 1  # where it was


def test_a_foreground_of_nothing_is_known_and_none_is_not():
    with Archive(None) as archive:
        archive.add([FrameResult(0, 0.0, "x", mask=np.zeros((40, 80), np.uint8))])
        archive.add(
            [FrameResult(1, 0.0, "x")], masks={2: stored.mask_bytes(np.full((9, 9), 255, np.uint8))}
        )
        assert archive.foreground(0).max() == 0
        assert archive.foreground(1) is None
        assert archive.foreground(2).min() == 255


def test_counts_are_those_of_the_frames():
    rng = np.random.default_rng(3)
    frames = [rng.integers(0, 256, (30, 70, 3), dtype=np.uint8) for _ in range(3)]
    with Archive(None) as archive:
        assert archive.counts()[1].shape == (0, 1, 256)
        archive.add([], {4 * i: look(x) for i, x in enumerate(frames)})
        archive.add([], {5: look(frames[0][..., 0].copy())})  # gray: left out
        indices, counts = archive.counts()
        assert indices.tolist() == [0, 4, 8]
        assert counts.dtype == np.int64
        for table, x in zip(counts, frames, strict=True):
            planes = [np.bincount(x[..., c].ravel(), minlength=256) for c in range(3)]
            assert np.array_equal(table, planes)


def test_backgrounds_are_exact_and_thin_out_evenly():
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (9, 16, 3), dtype=np.uint8)
    with Archive(None) as archive:
        assert archive.background(10**6) is None
        due = 50
        stored_at = []
        for index in range(40_000):
            if index == due:
                shown = np.roll(pixels, index, axis=1)
                archive.add_background(index, shown)
                stored_at.append(index)
                due = index + archive.spacing
        assert archive.spacing == 4 * SPACING
        known = {archive.background(i)[0] for i in range(50, 40_000, 50)}
        assert BACKGROUNDS // 2 <= len(known) <= BACKGROUNDS
        assert known <= set(stored_at)
        steps = np.diff(sorted(known))
        assert min(known) == 50
        assert set(steps.tolist()) == {1000}
        at, found = archive.background(5_000)
        assert at == 4_050
        assert np.array_equal(found, np.roll(pixels, at, axis=1))
        archive.add_background(40_000, None)  # a cut: nothing is learned of what follows
        assert archive.background(40_100) is None
        assert archive.background(39_999) is not None


def test_what_is_long_gone_is_forgotten():
    with Archive(None) as archive:
        archive.add(numbered(10), {i: look(np.zeros((4, 8, 3), np.uint8)) for i in range(10)})
        for start, end in ((1, 2), (2, 6)):
            archive.add_event(Event("frozen", start, end, 0, 0, 1, 0, "x"))
        archive.forget(before=6)
        assert [r.index for r in archive.results()] == [6, 7, 8, 9]
        assert archive.nearest(0) == 6
        assert [e.start for e in archive.events()] == [2]
