"""The whole engine: events, cancelling, what is asked for, histograms and maps."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare, iterate, preview
from core.errors import Cancelled, SettingsError
from core.places.params import PlacesParams
from core.registry import measures as all_measures
from core.result import Finished, Preview, Progress, Request
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.normalize import NormalizeParams
from core.tiles import strip_rects
from core.types import Rect, Token
from core.wanted import MeasuresParams
from tests.make import photo, with_noise, with_patch

NAMES = [n for m in all_measures() if m.default for n in m.names]
EVERY = MeasuresParams(also="all")


def buffers(*arrays, **more):
    return [ImageBuffer.from_array(x, **more) for x in arrays]


def noise(shape, seed):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def pair(shape=(60, 131), channels=3):
    a = photo(*shape, 1, channels)
    return buffers(a, with_patch(with_noise(a, 2.0), 11, 90, 7, 19))


def numbers(result):
    return {n: (m.value, m.pixels, m.at) for n, m in result.measures.items()}


# -- events


def test_a_preview_comes_first_then_progress_then_the_answer(monkeypatch):
    rects = strip_rects((60, 131), 131 * 16)
    monkeypatch.setattr("core.engine.strip_rects", lambda _: rects)
    a, b = pair()
    events = list(iterate(Request(a, b, preview=True), Token(), Cache()))
    kinds = [type(e) for e in events]
    assert kinds == [Preview, Progress, *[Progress] * len(rects), Finished]
    shares = [e.share for e in events if isinstance(e, Progress)]
    assert shares == pytest.approx([k / len(rects) for k in range(len(rects) + 1)])
    assert isinstance(next(iterate(Request(a, b), Token(), Cache())), Progress)


def test_a_question_asked_again_has_the_same_answer_at_once():
    a, b = pair()
    cache = Cache()
    first = list(iterate(Request(a, b), Token(), cache))[-1]
    again = list(iterate(Request(a, b), Token(), cache))
    assert [type(e) for e in again] == [Finished]
    assert again[0].result is first.result
    assert isinstance(next(iterate(Request(a, b, preview=True), Token(), cache)), Preview)


def test_an_answer_names_the_files_that_were_asked_about():
    array = photo(20, 41).astype(np.float32)
    array[3, 4] = np.nan
    one, two = (ImageBuffer.from_array(array, name=n) for n in ("x/one.exr", "y/two.exr"))
    cache = Cache()
    for a, b in ((one, one), (one, two), (two, one)):
        result = list(iterate(Request(a, b), Token(), cache))[-1].result
        assert (result.a.path, result.b.path) == (a.path, b.path)
        said = [n.text.split("”")[0] for n in result.notices if n.code == "nonfinite"]
        assert said == list(dict.fromkeys(f"“{p.name}" for p in (a, b)))


def test_a_preview_is_small_and_its_codes_fit_it():
    a, b = buffers(noise((1301, 1899), 1), noise((1301, 1899), 2))
    made = preview(Request(a, b, Settings([DifferenceParams(map="signed")])), Token(), Cache())
    assert made.tile.level == 1
    assert made.tile.rect == Rect(0, 0, 651, 950)
    assert made.codes.shape == made.tile.a.shape[:2] == (651, 950)
    assert (made.low, made.high) == (pytest.approx(-257.0, abs=0.1), 255.0)


def test_cancelled_work_stops_and_the_cache_stays_of_use():
    a, b = pair()
    settings = Settings([NormalizeParams(enabled=True), BlurParams(enabled=True)])
    cache = Cache()
    for stop_after in range(3):
        token = Token()
        events = iterate(Request(a, b, settings, preview=True), token, cache)
        for _ in range(stop_after):
            next(events)
        token.cancel()
        with pytest.raises(Cancelled):
            list(events)
    kept = list(iterate(Request(a, b, settings), Token(), cache))[-1].result
    assert numbers(kept) == numbers(compare(a, b, settings))


def test_a_cancelled_token_raises_before_any_work():
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        compare(*pair(), token=token)


# -- what is asked for


@pytest.mark.parametrize(
    "chain",
    [
        [],
        [GrayParams(enabled=True), BlurParams(enabled=True, sigma=1.3)],
        [NormalizeParams(enabled=True), EdgesParams(enabled=True)],
        [BlurParams(enabled=True, method="bilateral")],
        [DifferenceParams(space="lab")],
    ],
    ids=["plain", "blur", "edges", "bilateral", "lab"],
)
def test_leaving_measures_out_changes_no_other_number(monkeypatch, chain):
    monkeypatch.setattr("core.engine.strip_rects", lambda shape: strip_rects(shape, shape[1] * 22))
    monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
    a, b = pair()
    every = numbers(compare(a, b, Settings([*chain, EVERY])))
    assert list(numbers(compare(a, b, Settings(chain)))) == NAMES
    for names in (m.names for m in all_measures()):
        alone = compare(a, b, Settings(chain), measures=[names[-1]])
        assert repr(numbers(alone)) == repr({names[-1]: every[names[-1]]})  # nan is nan there
    some = ["hist_emd", "l0", "mae"]
    result = compare(a, b, Settings(chain), measures=some, regions=False)
    assert numbers(result) == {n: every[n] for n in NAMES if n in some}
    assert (result.regions, result.region_count) == ((), 0)


def test_without_histograms_their_measures_are_left_out():
    a, b = pair()
    result = compare(a, b, histograms=False)
    assert list(result.measures) == [n for n in NAMES if not n.startswith("hist_")]
    assert result.histograms.a.sum() == 0
    assert result.histograms.difference.sum() == 60 * 131
    assert compare(a, b, measures=[]).measures == {}


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("only", ["", "ellipse 3,20 40x61; rect 30,90 20x11"])
def test_differences_that_nobody_asked_for_are_counted_when_they_are_looked_at(dtype, only):
    a = np.random.default_rng(8).integers(0, 256, (60, 131, 3)).astype(dtype)
    b = np.flipud(a)[:53]
    settings = Settings([PlacesParams(only=only)])
    asked, not_asked = (
        compare(*buffers(a, b, peak=255.0), settings, measures=["l0"], histograms=wanted)
        for wanted in (True, False)
    )
    assert asked.pixels == not_asked.pixels == asked.histograms.difference.sum()
    np.testing.assert_array_equal(asked.histograms.difference, not_asked.histograms.difference)
    assert not_asked.histograms.over(4) == asked.histograms.over(4) > 0


def test_a_measure_that_there_is_not_is_refused():
    with pytest.raises(SettingsError, match="There is no measure “sssim”; there are: l1, "):
        compare(*pair(), measures=["l1", "sssim"])


# -- histograms and maps


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("holes", [True, False])
def test_histograms_are_numpys_without_the_invalid_pixels(dtype, holes):
    rng = np.random.default_rng(8)
    a = rng.integers(0, 256, (60, 131, 3)).astype(dtype)
    b = rng.integers(0, 256, (52 if holes else 60, 131, 3)).astype(dtype)
    result = compare(*buffers(a, b, peak=255.0))
    both = a[: b.shape[0]].astype(int)
    d = np.abs(both - b.astype(int)).max(axis=2)
    h = result.histograms
    assert h.channels == ("R", "G", "B")
    np.testing.assert_array_equal(h.difference, np.bincount(d.ravel(), minlength=256))
    for c in range(3):
        np.testing.assert_array_equal(h.a[c], np.bincount(both[..., c].ravel(), minlength=256))
        np.testing.assert_array_equal(
            h.b[c], np.bincount(b[..., c].astype(int).ravel(), minlength=256)
        )
    for tolerance in (0, 4, 100, 254):
        count = compare(
            *buffers(a, b, peak=255.0),
            Settings([DifferenceParams(tolerance=tolerance)]),
            measures=["l0"],
        ).measures["l0"]
        assert count.value == h.difference[tolerance + 1 :].sum() == (d > tolerance).sum()


@pytest.mark.parametrize("kind", ["absolute", "signed", "squared", "relative"])
def test_overviews_of_the_map_keep_the_most_extreme(kind):
    a, b = buffers(noise((333, 777, 3), 1), noise((333, 777, 3), 2))
    made = compare(a, b, Settings([DifferenceParams(map=kind)]), measures=["l0"]).map
    assert str(made.kind) == kind
    assert [m.shape for m in made.levels] == [(333, 777), (167, 389), (84, 195)]
    zero = 128 if kind == "signed" else 0
    far = np.abs(made.levels[0].astype(int) - zero)
    for k, level in enumerate(made.levels):
        step = 2**k
        padded = np.pad(far, ((0, -333 % step), (0, -777 % step)))
        blocks = padded.reshape(level.shape[0], step, level.shape[1], step).max(axis=(1, 3))
        np.testing.assert_array_equal(np.abs(level.astype(int) - zero), blocks)
    d = np.abs(a.data.astype(int) - b.data).max(axis=2)
    np.testing.assert_array_equal(made.magnitude, d)
    assert (made.magnitude is made.levels[0]) == (kind == "absolute")


@pytest.mark.parametrize("tolerance", [0, 4.5, 254, 254.5, 255])
def test_the_verdict_follows_the_tolerance(tolerance):
    a = np.zeros((9, 21), np.uint8)
    b = a.copy()
    b[3, 17] = 255
    b[5, 2] = 4
    result = compare(*buffers(a, b), Settings([DifferenceParams(tolerance=tolerance)]))
    assert result.differs == (tolerance < 255)
    assert result.measures["l0"].value == (tolerance < 255) + (tolerance < 4)
    assert result.measures["max_abs"].value == 255
    assert result.region_count <= result.measures["l0"].value
