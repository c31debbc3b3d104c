"""Dense flow of two pictures: right to a part of a pixel, trusted where it is right, and told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.errors import Cancelled, CompareError
from core.sequence import flow
from core.sequence.flow import flow_between
from core.sequence.flow_arrows import arrows
from core.sequence.flow_shown import flow_shown, words
from core.sequence.motion import Dense, Mover
from core.sequence.params import Preset, SequenceParams
from core.types import Token
from tests.make import photo, shifted, with_noise

TOKEN = Token()
PRESETS = list(Preset)
ENDPOINT = {Preset.ULTRAFAST: (0.20, 0.5), Preset.FAST: (0.17, 0.35), Preset.MEDIUM: (0.08, 0.2)}
"""Mean and 95th percentile of the endpoint error of trusted vectors, px of the overviews."""


def found(a, b, **how):
    return flow_between(ImageBuffer.from_array(a), ImageBuffer.from_array(b), TOKEN, **how)


def errors(vectors, truth):
    return np.hypot(*(vectors - truth).transpose(2, 0, 1))


def scene(noise=5.0, by=(12, 22)):
    """Return A, B, and where the thing is in each: it moves over a still photograph."""
    thing = photo(150, 200, seed=10)
    pictures, masks = [], []
    for k, (rows, cols) in enumerate(((0, 0), by)):
        picture, mask = photo(540, 960, seed=9), np.zeros((540, 960), bool)
        place = slice(200 + rows, 350 + rows), slice(300 + cols, 500 + cols)
        picture[place], mask[place] = thing, True
        pictures.append(with_noise(picture, noise, seed=k + 1))
        masks.append(mask)
    return *pictures, *masks


def cells(mask, flow_field):
    """Return the cells that lie wholly in a mask, and those wholly outside."""
    height, width = flow_field.trusted.shape
    share = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return share > 0.999, share < 0.001


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("noise", [0, 5])
@pytest.mark.parametrize("by", [(2.5, -3.25), (-7, 6)])
def test_a_shift_is_found_everywhere(preset, noise, by):
    a, b = shifted(*by, seed=3)
    made = found(with_noise(a, noise, 1), with_noise(b, noise, 2), preset=preset)
    off = errors(made.vectors, by)[made.trusted]
    mean, most = ENDPOINT[preset]
    assert off.mean() <= mean
    assert np.quantile(off, 0.95) <= most
    assert made.trusted.mean() > 0.95
    assert made.median == pytest.approx(by, abs=0.15)
    assert errors(made.arrived, by)[made.trusted_b].mean() <= mean
    assert made.vectors.dtype == made.arrived.dtype == np.float32
    assert made.vectors.shape == (270, 480, 2)
    assert made.camera.length == pytest.approx(np.hypot(*by), abs=0.1)
    assert made.camera.otherwise < 0.01


def test_vectors_are_px_of_the_full_pictures():
    large = photo(1000, 1800, seed=1)
    made = found(large[:-20, :-30], large[20:, 30:])
    assert made.shape == (980, 1770)
    height, width = made.trusted.shape
    assert height * width <= 1 << 17
    assert made.scale == (980 / height, 1770 / width)
    off = errors(made.vectors, (-20, -30))[made.trusted]
    assert off.mean() < 0.1 * max(made.scale)
    assert made.motion.mean == pytest.approx(np.hypot(20, 30), abs=0.5)


def test_what_leaves_the_picture_is_not_trusted():
    large = photo(300, 480, seed=4)
    made = found(large[:270, :-30], large[:270, 30:])
    assert made.trusted[:, 40:-5].mean() > 0.98
    assert not made.trusted[:, :25].any()
    assert not made.trusted_b[:, -25:].any()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("steady", [False, True])
@pytest.mark.parametrize("shape", [(270, 480), (700, 1200)])
def test_the_numbers_are_those_of_motion_over_a_sequence(preset, steady, shape):
    large = photo(shape[0] + 9, shape[1] + 9, seed=8)
    a, b = large[9:, 4:-5], large[5:-4, 9:]
    params = SequenceParams(flow="dense", preset=preset, moving=3, steady_flow=steady)
    mover = Mover(params)
    mover.next(a)
    made = found(a, b, preset=preset, steady=steady, moving=3)
    assert made.motion == mover.next(b)
    middle = np.median(made.vectors, axis=(0, 1))
    wanted = (0, 0) if steady else (4, -5)
    assert middle == pytest.approx(wanted, abs=0.2)
    assert made.median == pytest.approx((4, -5), abs=0.2)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_picture_does_not_move_against_itself(preset):
    a = photo(270, 480, seed=5)
    made = found(a, a.copy(), preset=preset)
    assert not made.vectors.any()
    assert not made.arrived.any()
    assert made.trusted.all()
    assert (made.motion.mean, made.motion.p95, made.motion.moving) == (0, 0, 0)
    assert made.camera.length == pytest.approx(0, abs=1e-6)
    assert made.camera.otherwise == 0


def test_the_other_way_round_all_is_negated():
    a, b = shifted(3, -5, seed=6)
    forth, back = found(a, b), found(b, a)
    assert np.array_equal(forth.arrived, -back.vectors)
    assert np.array_equal(forth.trusted_b, back.trusted)
    both = forth.trusted & back.trusted
    assert both.mean() > 0.9
    assert errors(forth.vectors, -back.vectors)[both].mean() < 0.1


def test_what_flow_follows_in_a_noisy_sky_is_not_trusted():
    sky = np.full((270, 480, 3), 90, np.uint8)
    sky[180:] = photo(90, 480, seed=3)
    a, b = with_noise(sky, 4, 1), with_noise(np.roll(sky, 3, 1), 4, 2)
    made = found(a, b)
    assert errors(made.vectors, (0, 0))[:160].max() > 0.5  # so there is something not to trust
    assert made.trusted[:160].mean() < 0.02
    assert made.trusted_b[:160].mean() < 0.02
    assert made.trusted[185:, 10:-10].mean() > 0.9
    assert all(x.y > 150 for x in arrows(made).arrows)
    shown = flow_shown(made)
    assert (shown.veil[:160, :, 3] > 0).mean() < 0.02
    assert (shown.veil[190:, 10:-10, 3] > 0).mean() > 0.9


def test_a_change_of_light_costs_no_trust():
    a, b = shifted(2, -3, seed=4)
    darker = np.clip(b.astype(int) - 12, 0, 255).astype(np.uint8)
    assert found(a, darker).trusted.mean() > 0.85


def test_a_thing_that_moves_over_noise_is_found_where_it_is():
    a, b, in_a, in_b = scene()
    made = found(a, b)
    for vectors, trusted, mask in (
        (made.vectors, made.trusted, in_a),
        (made.arrived, made.trusted_b, in_b),
    ):
        inside, outside = cells(mask, made)
        inner = cv2.erode(inside.astype(np.uint8), np.ones((9, 9))) > 0
        outer = cv2.erode(outside.astype(np.uint8), np.ones((31, 31))) > 0
        off = errors(vectors, (12, 22))[inner & trusted]
        assert (inner & trusted).sum() > 0.9 * inner.sum()
        assert np.quantile(off, 0.95) < 0.5 * max(made.scale)
        still = errors(vectors, (0, 0))[outer & trusted]
        assert np.quantile(still, 0.99) < 0.25 * max(made.scale)
    share = in_a.mean()
    assert made.camera.length < 0.1
    assert made.camera.otherwise == pytest.approx(share, abs=0.015)
    assert made.motion.moving == pytest.approx(share, abs=0.04)


def test_the_camera_is_told_from_a_thing():
    a, b, in_a, _ = scene(noise=2)
    turn = cv2.getRotationMatrix2D((480, 270), 1.0, 1.01)
    turn[:, 2] += (9, -4)
    seen = cv2.warpAffine(b, turn, (960, 540), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    made = found(a, seen)
    assert np.asarray(made.camera.matrix)[:, :2] == pytest.approx(turn[:, :2], abs=2e-3)
    x, y = np.meshgrid(np.arange(960.0), np.arange(540.0))
    places = np.stack([x, y, np.ones_like(x)], axis=-1)
    there, true = places @ np.asarray(made.camera.matrix).T, places @ turn.T
    assert np.hypot(*(there - true).transpose(2, 0, 1)).max() < 1
    length = np.hypot(*(true - places[..., :2]).transpose(2, 0, 1)).mean()
    assert made.camera.length == pytest.approx(length, abs=0.1)
    assert made.camera.otherwise == pytest.approx(in_a.mean(), abs=0.02)


def test_no_camera_is_named_where_nothing_agrees():
    made = found(photo(160, 240, seed=1), photo(160, 240, seed=2))
    assert made.camera is None
    assert words(made)[1].startswith("camera not told from things")
    flat = np.full((80, 90), 120, np.uint8)
    assert found(flat, flat).camera is None


def test_depth_and_channels_do_not_matter():
    a, b = shifted(2, -4, seed=7, channels=1)
    plain = found(a, b)
    for one, other in (
        (np.dstack([a] * 3), np.dstack([b] * 3)),
        (a.astype(np.uint16) * 257, b.astype(np.uint16) * 257),
        (np.dstack([a, a, a, np.full_like(a, 255)]), b),
        ((a / 255).astype(np.float32), b),
    ):
        made = found(one, other)
        assert made.median == pytest.approx(plain.median, abs=0.02)


def test_huge_pictures_are_read_as_overviews(monkeypatch):
    large = photo(700, 1100, seed=12)
    a, b = large[:-12, :-20], large[12:, 20:]
    whole = found(a, b)
    monkeypatch.setattr(flow, "MOST", 200_000)
    made = found(a, b)
    assert made.shape == (688, 1080)
    assert made.scale[0] * made.trusted.shape[0] == pytest.approx(688, abs=2)
    assert made.median == pytest.approx((-12, -20), abs=0.4)
    for one, other in zip(made.camera.matrix, whole.camera.matrix, strict=True):
        assert one[:2] == pytest.approx(other[:2], abs=3e-3)
    middle = [np.asarray(m.camera.matrix) @ (540, 344, 1) for m in (made, whole)]
    assert middle[0] == pytest.approx(middle[1], abs=0.3)
    assert middle[0] == pytest.approx((520, 332), abs=0.4)


def test_what_cannot_be_followed_is_refused_in_one_sentence():
    a = photo(60, 90, seed=1)
    with pytest.raises(CompareError, match=r"one size; A has 90 × 60 px, B 80 × 60 px\.$"):
        found(a, a[:, :80])
    with pytest.raises(CompareError, match=r"90 × 10 px are too small"):
        found(a[:10], a[:10])
    token = Token()
    token.cancel()
    image = ImageBuffer.from_array(a)
    with pytest.raises(Cancelled):
        flow_between(image, image, token)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(
    "shape", [(16, 16), (16, 500), (500, 16), (17, 4000), (31, 2000), (33, 900)]
)
def test_narrow_pictures_give_finite_flow(preset, shape):
    a = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    made = Dense(preset)(a, np.roll(a, (1, 2), (0, 1)))
    assert np.isfinite(made).all()
    assert np.abs(made).max() < 2 * max(shape)
