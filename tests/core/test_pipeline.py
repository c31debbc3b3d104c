"""Any rectangle after any stage at any level; what is remembered, and what must not be mixed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import AlphaMode, GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.engine import compare, iterate, preview
from core.errors import Cancelled, CompareError
from core.pipeline import Pipeline
from core.result import Finished, Request
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import Anchor, FitMethod, FitParams
from core.stages.normalize import NormalizeParams
from core.types import Rect, Token
from tests.make import exposed, photo, shifted, with_noise

CHAINS = {
    "plain": [],
    "blur": [BlurParams(enabled=True, sigma=1.7)],
    "median": [BlurParams(enabled=True, method="median", radius=2)],
    "edges": [EdgesParams(enabled=True)],
    "canny": [EdgesParams(enabled=True, method="canny")],
    "normalize": [NormalizeParams(enabled=True)],
    "three": [NormalizeParams(enabled=True), BlurParams(enabled=True), EdgesParams(enabled=True)],
    "gray": [GrayParams(enabled=True), BlurParams(enabled=True, sigma=1.0)],
    "centre": [FitParams(anchor=Anchor.CENTER), BlurParams(enabled=True)],
    "crop": [FitParams(method=FitMethod.CROP), EdgesParams(enabled=True)],
    "resize": [FitParams(method=FitMethod.RESIZE), BlurParams(enabled=True)],
}  # fmt: skip


def buffers(a, b):
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b)


def scene():
    a = photo(48, 99, 1)
    return buffers(a, with_noise(exposed(a, 1.1, 3.0), 3.0)[:41, :90])


def pipeline(*params, pair=None, cache=None, level=0):
    a, b = pair or scene()
    return Pipeline(a, b, Settings(params), cache or Cache(), level=level)


def close(part, whole):
    # Filters of float32 pixels may add their taps in another order: 2e-6 of 255.
    np.testing.assert_allclose(part, whole, rtol=0, atol=5e-4)


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
@pytest.mark.parametrize("level", [0, 1])
def test_a_part_is_cut_out_of_the_whole_whatever_is_kept(monkeypatch, chain, level):
    kept = pipeline(*chain, level=level)
    height, width = (-(-n // 2**level) for n in kept.shape)
    whole = kept.tile(Rect(0, 0, height, width), level)
    assert whole.a.shape[:2] == (height, width)
    monkeypatch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
    alone = pipeline(*chain, level=level)
    for rect in (
        Rect(0, 0, height, width), Rect(3, 5, 11, 17), Rect(height - 4, 0, 4, width),
        Rect(0, width - 1, height, 1), Rect(height // 2, width // 3, 1, 1),
    ):  # fmt: skip
        for pipe in (kept, alone):
            part = pipe.tile(rect, level)
            assert (part.rect, part.level) == (rect, level)
            assert part.a.dtype == whole.a.dtype
            valid = None if whole.valid is None else whole.valid[rect.slices]
            assert (part.valid is None or part.valid.all()) == (valid is None or valid.all())
            if valid is not None and part.valid is not None:
                np.testing.assert_array_equal(part.valid, valid)
            good = np.full((rect.height, rect.width), True) if valid is None else valid > 0
            close(part.a[good], whole.a[rect.slices][good])
            close(part.b[good], whole.b[rect.slices][good])


@hypothesis_settings(max_examples=60)
@given(
    st.sampled_from(["plain", "blur", "three", "canny", "resize"]),
    st.integers(-60, 120), st.integers(-110, 220), st.integers(0, 30), st.integers(0, 40),
    st.integers(0, 2), st.booleans(),
)  # fmt: skip
def test_a_tile_may_lie_anywhere(chain, row, col, height, width, level, small):
    with pytest.MonkeyPatch.context() as patch:
        if small:
            patch.setattr("core.pipeline.PREVIEW_PIXELS", 0)
        pipe = pipeline(*CHAINS[chain])
        rect = Rect(row, col, height, width)
        tile = pipe.tile(rect, level)
    assert tile.rect == rect
    assert tile.a.shape == tile.b.shape == (height, width, 3)
    canvas = Rect(0, 0, *(-(-n // 2**level) for n in pipe.shape))
    outside = np.ones((height, width), bool)
    outside[rect.intersect(canvas).within(rect)] = False
    if outside.any():
        assert not tile.valid[outside].any()
        assert not tile.a[outside].any()
        assert not tile.b[outside].any()


@pytest.mark.parametrize("halo", [1, 3])
def test_valid_shrinks_by_the_halo_but_not_at_the_border_of_the_canvas(halo):
    stage = BlurParams(enabled=True, method="median", radius=halo)
    a = photo(48, 99, 1)
    tile = pipeline(stage, pair=buffers(a, a[:41, :90])).tile(Rect(0, 0, 48, 99), 0)
    right = np.zeros((48, 99), bool)
    right[: 41 - halo, : 90 - halo] = True
    np.testing.assert_array_equal(tile.valid > 0, right)
    assert pipeline(stage, pair=buffers(a, a)).tile(Rect(0, 0, 48, 99), 0).valid is None


def test_halos_add_up():
    chain = [BlurParams(enabled=True, method="median", radius=3), EdgesParams(enabled=True)]
    a = photo(48, 99, 1)
    tile = pipeline(*chain, pair=buffers(a, a[:41, :90])).tile(Rect(0, 0, 48, 99), 0)
    assert np.count_nonzero(tile.valid) == (41 - 4) * (90 - 4)


# -- what is remembered


def values(cache, a, b, *params):
    request = Request(a, b, Settings(params))
    event = list(iterate(request, Token(), cache))[-1]
    assert isinstance(event, Finished)
    return event.result


def same(one, other):
    assert {n: m.value for n, m in one.measures.items()} == {
        n: m.value for n, m in other.measures.items()
    }
    np.testing.assert_array_equal(one.map.magnitude, other.map.magnitude)


def test_no_answer_depends_on_what_the_cache_has_seen():
    """One cache for all: levels, float width, alpha, gray and fit must all be in the keys."""
    rgba = photo(133, 244, 1, channels=4)
    rgba[40:90, 50:200, 3] = 77
    other = with_noise(rgba, 4.0)
    pairs = [buffers(rgba, other), buffers(rgba[..., :3].copy(), other[:120, ..., :3].copy())]
    chains = [
        [],
        [DifferenceParams(alpha=AlphaMode.IGNORE)],
        [GrayParams(enabled=True)],
        [GrayParams(enabled=True, method=GrayMethod.MEAN)],
        [BlurParams(enabled=True)],
        [NormalizeParams(enabled=True), BlurParams(enabled=True)],
        [NormalizeParams(enabled=True, method="percentile")],
        [FitParams(method=FitMethod.RESIZE), BlurParams(enabled=True)],
        [FitParams(anchor=Anchor.CENTER)],
        [EdgesParams(enabled=True, method="canny")],
        [BlurParams(enabled=True), DifferenceParams(alpha=AlphaMode.IGNORE)],
    ]
    shared = Cache()
    for a, b in pairs:
        for chain in chains:
            values(shared, a, b, *chain)
    for a, b in pairs:
        for chain in chains:
            parts = Cache()
            # The results themselves are left out, so that they are made again from kept parts.
            for key, (answer, size) in shared._kept.items():
                if key[0] != "result":
                    parts.put(key, answer, size)
            same(values(parts, a, b, *chain), compare(a, b, Settings(chain)))


@pytest.mark.parametrize(
    "chain",
    [
        [AlignParams(enabled=True)],
        [NormalizeParams(enabled=True, method="percentile")],
        [NormalizeParams(enabled=True, method="gainbias"), EdgesParams(enabled=True)],
        [EdgesParams(enabled=True, method="canny")],
        [AlignParams(enabled=True), NormalizeParams(enabled=True, method="histogram")],
    ],
    ids=lambda chain: "+".join(p.name for p in chain),
)
def test_what_a_preview_prepared_does_not_get_into_the_exact_answer(monkeypatch, chain):
    monkeypatch.setattr("core.engine.preview_level", lambda _: 2)
    a, b = shifted(2.3, -3.6, 220, 380)
    a, b = buffers(a, with_noise(exposed(b, 1.2, -9.0), 3.0))
    cache = Cache()
    request = Request(a, b, Settings(chain), preview=True)
    first = preview(request, Token(), cache)
    assert first.tile.level == 2
    events = list(iterate(request, Token(), cache))
    fresh = compare(a, b, Settings(chain))
    same(events[-1].result, fresh)
    assert events[-1].result.alignment == fresh.alignment
    assert events[-1].result.summaries == fresh.summaries
    # Once the exact states are known a view uses them; the answer stays.
    preview(request, Token(), cache)
    again = Pipeline(a, b, Settings(chain), cache)
    assert again.placement == Pipeline(a, b, Settings(chain), Cache()).placement


def test_a_view_uses_exact_states_once_they_are_known():
    a, b = buffers(*shifted(2.3, -3.6, 220, 380))
    cache, settings = Cache(), Settings([AlignParams(enabled=True)])
    coarse = Pipeline(a, b, settings, cache, level=2).placement
    exact = Pipeline(a, b, settings, cache).placement
    assert coarse.b != exact.b
    assert Pipeline(a, b, settings, cache, level=2).placement == exact


def test_a_stage_that_is_off_is_not_in_the_key():
    cache = Cache()
    pair = scene()
    off = pipeline(BlurParams(sigma=9.0), pair=pair, cache=cache)
    rect = Rect(0, 0, 48, 99)
    tile = off.tile(rect, 0)
    pipeline(BlurParams(enabled=True, sigma=9.0), pair=pair, cache=cache).tile(rect, 0)
    assert pipeline(pair=pair, cache=cache).tile(rect, 0) is tile
    assert pipeline(EdgesParams(threshold=3.0), pair=pair, cache=cache).tile(rect, 0) is tile


@pytest.mark.parametrize("dtype", ["uint32", "int32", "float64"])
def test_the_last_digit_of_wide_values_is_a_difference(dtype):
    kind = np.dtype(dtype)
    if kind.kind == "f":
        a = np.full((9, 21), 0.7)
        b = a.copy()
        b[3, 17] = np.nextafter(0.7, 1)
    else:
        a = np.full((9, 21), np.iinfo(kind).max - 5, kind)
        b = a.copy()
        b[3, 17] += 1
    result = compare(*buffers(a, b))
    assert result.measures["l0"].value == 1
    assert result.measures["max_abs"].at == (3, 17)
    assert result.differs


def test_a_cancelled_token_stops_the_preparation_and_harms_no_later_one():
    cache, token = Cache(), Token()
    pair = scene()
    token.cancel()
    settings = Settings([NormalizeParams(enabled=True), EdgesParams(enabled=True, method="canny")])
    with pytest.raises(Cancelled):
        Pipeline(*pair, settings, cache, token=token).prepare()
    assert cache._making == {}
    Pipeline(*pair, settings, cache).prepare()


def test_sizes_that_differ_are_refused_when_fit_is_off():
    pipe = pipeline(FitParams(enabled=False))
    with pytest.raises(CompareError, match="A is 99 × 48 and B is 90 × 41 px: switch Fit on"):
        pipe.prepare()


def test_notices_are_said_once():
    a = np.zeros((9, 21), np.float32)
    a[2, 3] = np.nan
    (picture, _) = buffers(a, a)
    texts = [n.text for n in pipeline(pair=(picture, picture)).notices()]
    assert texts == ["“untitled” has 1 pixel that is NaN or infinite and left out of every number."]


def test_lab_says_what_it_leaves_out():
    def codes(pair, *params):
        pipe = pipeline(DifferenceParams(space="lab"), *params, pair=pair)
        return [n.code for n in pipe.notices()]

    rgba = photo(20, 41, 1, channels=4)
    rgba[3, 4, 3] = 9
    colour, alpha = buffers(rgba[..., :3], rgba)
    gray = ImageBuffer.from_array(rgba[..., 0])
    assert codes((colour, colour)) == []
    assert codes((gray, gray)) == ["lab_needs_color"]
    assert codes((colour, colour), EdgesParams(enabled=True)) == ["lab_needs_color"]
    assert codes((colour, alpha)) == ["lab_without_alpha"]
    ignored = DifferenceParams(space="lab", alpha=AlphaMode.IGNORE)
    assert codes((colour, alpha), ignored) == []
