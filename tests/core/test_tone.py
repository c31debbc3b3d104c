"""How values are shown: byte for byte where nothing is asked for, and never a number the less."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import AlphaMode
from core.difference import DifferenceParams
from core.engine import compare
from core.light import LightParams, encode
from core.pipeline import Pipeline
from core.render import Look, Side, fitting_exposure, overview, picture
from core.result import Request
from core.screen import rgb8
from core.settings import Settings
from core.stages.edges import EdgesParams
from core.tone import (
    _STEPS,
    ABOVE,
    BELOW,
    NEUTRAL,
    NO_NUMBER,
    Curve,
    Tone,
    _span,
    auto_exposure,
    mark,
    toned,
    worth_toning,
)  # fmt: skip
from core.types import Alpha, Encoding, Rect
from tests.make import photo

SHAPE = (40, 90)
WHOLE = Rect(0, 0, *SHAPE)


def light(seed=1, channels=3, top=50.0):
    """Light from below 0 to `top` whites, (h, w, channels) float32."""
    base = photo(*SHAPE, seed, channels, np.float64)
    return (base**3 * top - 0.01).astype(np.float32)


def buffer(array, encoding=Encoding.LINEAR, **more):
    return ImageBuffer.from_array(array, encoding=encoding, **more)


def shown(array, tone=NEUTRAL, *params, side=Side.A, encoding=Encoding.LINEAR, **more):
    one = buffer(array, encoding, **more)
    pipeline = Pipeline(one, one, Settings(params), Cache())
    return picture(pipeline, side, WHOLE, 0, tone=tone).rgb


def by_hand(values, tone, *, linear):
    """The definition, for one number, in plain Python floats."""
    share = values / 255
    if not linear:
        share = share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    share *= 2.0**tone.exposure_ev
    if tone.curve is Curve.LOG:
        code = np.log2(1 + share * 1024) / np.log2(1 + 65536)
    else:
        if tone.curve is Curve.REINHARD:
            share /= 1 + share
        elif tone.curve is Curve.FILMIC:

            def h(x):
                top, bottom = x * (0.15 * x + 0.05) + 0.004, x * (0.15 * x + 0.5) + 0.06
                return top / bottom - 0.02 / 0.3

            share = h(2 * share) / h(11.2)
        code = share * 12.92 if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055
    return min(max(code, 0.0), 1.0) ** (1 / tone.gamma) * 255


@given(
    st.floats(0, 300), st.floats(-10, 10), st.sampled_from([0.2, 1.0, 2.2, 5.0]),
    st.sampled_from(list(Curve)), st.booleans(),
)  # fmt: skip
def test_what_is_shown_is_the_definition(value, ev, gamma, curve, linear):
    tone = Tone(exposure_ev=ev, gamma=gamma, curve=curve)
    right = by_hand(value, tone, linear=linear)
    (got,) = toned(np.full((1, 1), value, np.float32), tone, linear=linear)[0]
    # Half a level of rounding; and the value that was looked up is half a step of the table off.
    top, root = _span(tone, linear)
    step = min(value / top, 1.0) ** (0.5 if root else 1.0) * _STEPS
    ends = [min(max(step + d, 0.0), _STEPS) / _STEPS for d in (-0.51, 0.51)]  # float32 adds 0.004
    low, high = (by_hand((x * x if root else x) * top, tone, linear=linear) for x in ends)
    assert min(low, right) - 0.51 <= got <= max(high, right) + 0.51, right


@pytest.mark.parametrize("curve", list(Curve))
@pytest.mark.parametrize("linear", [True, False])
def test_more_light_is_never_darker_and_all_of_the_range_is_used(curve, linear):
    ramp = np.linspace(0, 255 * 64, 5000, dtype=np.float32)[None]
    for ev in (-2.0, 0.0, 3.0):
        got = toned(ramp, Tone(exposure_ev=ev, curve=curve), linear=linear)[0].astype(int)
        assert np.all(np.diff(got) >= 0)
        assert got[0] == 0
        assert got[-1] >= 140
    # Bytes are looked up in a table of their own.
    levels = np.arange(256, dtype=np.uint8)[None]
    tone = Tone(exposure_ev=0.7, curve=curve)
    apart = toned(levels, tone, linear=linear).astype(int) - toned(
        levels.astype(np.float32), tone, linear=linear
    )
    assert np.abs(apart).max() <= 1


def test_neutral_bytes_are_the_very_same():
    byte = photo(*SHAPE, 1)
    assert toned(byte, NEUTRAL, linear=False) is byte
    np.testing.assert_array_equal(shown(byte, encoding=Encoding.SRGB), byte)
    wide = byte.astype(np.float32) * 1.7 - 90
    right = np.clip(np.rint(wide), 0, 255)  # OpenCV and NumPy round ties alike, to even
    np.testing.assert_array_equal(toned(wide, NEUTRAL, linear=False), right)


def test_linear_light_is_shown_encoded_and_never_wraps_round():
    a = light()
    right = np.clip(encode(a.astype(np.float64) * 255), 0, 255)
    got = shown(a).astype(float)
    # Half a level of rounding and half a step of a table of 65,536.
    assert np.abs(got - right).max() <= 0.55
    as_encoded = shown(a, NEUTRAL, LightParams(values="encoded")).astype(float)
    assert np.abs(as_encoded - got).max() <= 1


def test_a_stop_is_twice_the_light():
    a = light(top=0.4)
    np.testing.assert_array_equal(shown(a, Tone(exposure_ev=1.0)), shown(a * np.float32(2)))
    gray = shown(light(channels=1, top=3.0), Tone(exposure_ev=-1.0))
    np.testing.assert_array_equal(gray[..., 0], gray[..., 2])


@pytest.mark.parametrize(
    "tone",
    [Tone(exposure_ev=3.0), Tone(curve=Curve.LOG, mark=True), Tone(gamma=2.0), NEUTRAL],
    ids=str,
)
def test_no_number_knows_the_tone(tone):
    a, b = buffer(light(1)), buffer(light(2))
    before = compare(a, b)
    for side in (Side.A, Side.B):
        overview(Request(a, b), before, side, Look(), tone=tone)
    after = compare(a, b)
    assert before.measures == after.measures
    np.testing.assert_array_equal(before.map.magnitude, after.map.magnitude)
    plain, toned_ = (
        overview(Request(a, b), before, Side.DIFFERENCE, Look(), tone=t).rgb
        for t in (NEUTRAL, tone)
    )
    np.testing.assert_array_equal(plain, toned_)


def test_what_is_over_white_and_below_black_is_striped():
    values = np.full((*SHAPE, 3), 100.0, np.float32)
    values[:20, :30] = (10, 300, 10)
    values[25:, 50:] = (10, -3, 10)
    plain = np.full((*SHAPE, 3), 9, np.uint8)
    for ev, white in ((0.0, 255.0), (-2.0, 1020.0), (1.0, 127.5)):
        out = mark(plain, values, Tone(exposure_ev=ev, mark=True), linear=True, corner=(3, 4))
        changed = (out != 9).any(axis=2)
        right = (values > white).any(axis=2) | (values < 0).any(axis=2)
        np.testing.assert_array_equal(changed, right)
        colors = {tuple(int(v) for v in c) for c in np.unique(out[right], axis=0)}
        wanted = {BELOW, (0, 0, 0)} | ({ABOVE} if white < 300 else set())
        assert colors == wanted
    assert np.all(plain == 9)
    # Stripes stay where they are on the canvas, however the picture is cut.
    whole = mark(plain, values, Tone(mark=True), linear=False, corner=(0, 0))
    part = mark(plain[7:, 5:], values[7:, 5:], Tone(mark=True), linear=False, corner=(7, 5))
    np.testing.assert_array_equal(part, whole[7:, 5:])


def test_numbers_that_are_none_are_striped_only_when_marks_are_on():
    a = light(top=0.5)
    a[5:20, 30:60] = np.nan
    purple = np.all(shown(a, Tone(mark=True)) == NO_NUMBER, axis=2)
    assert purple[5:20, 30:60].mean() > 0.3
    assert not purple[20:].any()
    assert not np.all(shown(a) == NO_NUMBER, axis=2).any()


def test_edges_are_neither_light_nor_code_and_shown_as_they_are():
    a = light(top=1.0)
    pipeline = Pipeline(buffer(a), buffer(a), Settings([EdgesParams(enabled=True)]), Cache())
    tile = pipeline.tile(WHOLE, 0)
    got = picture(pipeline, Side.A, WHOLE, 0).rgb
    np.testing.assert_array_equal(got, np.clip(np.rint(tile.a), 0, 255))


@pytest.mark.parametrize("mode", list(AlphaMode))
def test_transparent_pictures_are_shown_alike_premultiplied_and_straight(mode):
    rgba = photo(*SHAPE, 1, 4, np.float32)
    rgba[..., 3] = np.linspace(0, 1, SHAPE[1])
    many = rgba.copy()
    many[..., :3] *= rgba[..., 3:]
    params = DifferenceParams(alpha=mode)
    for tone in (NEUTRAL, Tone(exposure_ev=1.5)):
        for encoding in (Encoding.LINEAR, Encoding.SRGB):
            a = shown(rgba, tone, params, encoding=encoding, alpha=Alpha.STRAIGHT)
            b = shown(many, tone, params, encoding=encoding, alpha=Alpha.PREMULTIPLIED)
            clear = rgba[..., 3] > 0.02  # below that the colour is lost in the checks
            # Divided in float32 and rounded to a byte twice.
            assert np.abs(a.astype(int) - b)[clear].max() <= 2


def test_a_glow_is_added_to_the_checks():
    rgba = np.zeros((*SHAPE, 4), np.float32)
    rgba[:, 40:, 0] = 0.5
    got = shown(rgba, alpha=Alpha.PREMULTIPLIED)
    assert np.all(got[:, :40, 0] == got[:, :40, 1])
    assert np.all(got[:, 40:, 0] > got[:, 40:, 1])


def test_automatic_exposure_brings_most_of_the_picture_within_white():
    for linear in (True, False):
        for top in (0.02, 1.0, 40.0):
            a = light(1, top=top) * 255
            ev = auto_exposure([(a if linear else encode(a), None)], linear=linear)
            over = np.mean((a * 2.0**ev).max(axis=2) > 255 * 1.04)
            under = np.mean((a * 2.0**ev).max(axis=2) > 255 / 1.04)
            assert over <= 0.05 <= under  # a tenth of a stop is 7 %, rounded to the nearest
    assert auto_exposure([], linear=True) == 0.0
    assert auto_exposure([(np.zeros(SHAPE, np.uint8), None)], linear=False) == 0.0
    assert auto_exposure([(np.full(SHAPE, 1e9), None)], linear=True) == -10.0
    half = np.full(SHAPE, 510.0)
    half[:, 45:] = 1e6
    valid = np.zeros(SHAPE, np.uint8)
    valid[:, :45] = 255
    assert auto_exposure([(half, valid)], linear=True) == -1.0


def test_the_exposure_is_that_of_what_is_seen():
    a, b = (np.full((600, 2600), v, np.float32) for v in (0.25, 0.125))
    a[:, 1300:] = 64.0
    pipeline = Pipeline(buffer(a), buffer(b), Settings(), Cache())
    both = [(pipeline, Side.A), (pipeline, Side.B)]
    assert fitting_exposure(both, Rect(0, 0, 500, 1000)) == 2.0
    assert fitting_exposure(both, Rect(0, 1400, 500, 1000)) == -6.0
    assert fitting_exposure(both[1:], Rect(0, 0, 600, 2600)) == 3.0
    assert fitting_exposure(both, Rect(0, 0, 0, 0)) == 0.0


def test_words_say_what_is_done():
    assert NEUTRAL.words == ""
    assert Tone(exposure_ev=2.0).words == "+2 EV"
    assert Tone(exposure_ev=-0.5, curve=Curve.LOG, gamma=2.2, mark=True).words == (
        "−0.5 EV · log · γ 2.2 · clipping"
    )
    assert Tone(exposure_ev=9.8).stepped(0.5).exposure_ev == 10.0
    assert NEUTRAL.neutral
    assert Tone(mark=True).neutral
    assert not Tone(gamma=1.1).neutral


def test_what_may_hold_more_than_a_screen_shows():
    assert worth_toning(buffer(light()))
    assert worth_toning(buffer(light(), Encoding.UNKNOWN))
    assert not worth_toning(buffer(photo(*SHAPE), Encoding.SRGB))


def test_bytes_with_alpha_and_a_tone_are_laid_over_the_checks():
    rgba = np.zeros((*SHAPE, 4), np.uint8)
    rgba[..., 0], rgba[..., 3] = 60, 128  # premultiplied
    plain = rgb8(rgba, WHOLE, alpha=True)
    brighter = rgb8(rgba, WHOLE, alpha=True, tone=Tone(exposure_ev=1.0))
    assert np.all(brighter[..., 0] > plain[..., 0])
    np.testing.assert_array_equal(brighter[..., 1:], plain[..., 1:])
    assert cv2.norm(plain, rgb8(rgba, WHOLE, alpha=True, tone=Tone(mark=True)), cv2.NORM_INF) <= 1
