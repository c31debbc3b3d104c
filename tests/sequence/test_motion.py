"""Light and camera are taken out, things that move are left; flow is right to a part of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.sequence._points import Points
from core.sequence.background import background, cleaned
from core.sequence.drift import Steadier
from core.sequence.motion import Mover
from core.sequence.params import SequenceParams
from core.types import Token
from tests.make import photo
from tests.sequence.film import Film
from tests.sequence.test_background import f1

TOKEN = Token()


def steadied(film, count, params):
    """Yield foreground and truth, both where the first frame's camera stood."""
    model, steady = background(params), None
    for pixels, seen in film.frames(count):
        steady = steady or Steadier(pixels, params)
        found = steady(pixels, TOKEN)
        mask = model.apply(found.pixels, TOKEN)
        if mask is None:
            continue
        truth = cv2.warpAffine(
            seen.astype(np.uint8), found.camera.matrix, seen.shape[::-1],
            flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
        )  # fmt: skip
        yield cleaned(mask, 1) > 0, truth > 0


@pytest.mark.parametrize(("seed", "gray"), [(0, False), (1, True), (2, False)])
def test_things_are_found_while_light_drifts_and_the_camera_shakes(seed, gray):
    film = Film(seed=seed, things=4, gray=gray, drift=0.15, shake=1.5)
    params = SequenceParams(against="background", light=True, shake="similarity")
    assert f1(steadied(film, 85, params)) >= 0.8


@pytest.mark.parametrize("gray", [False, True])
def test_the_light_is_found_in_spite_of_a_thing(gray):
    a = photo(200, 300, seed=3, channels=1 if gray else 3)
    b = np.clip(np.rint((a - 12.0) / 1.1), 0, 255).astype(np.uint8)
    b[40:140, 60:180] = 250
    found = Steadier(a, SequenceParams(light=True))(b, TOKEN)
    assert [g.gain for g in found.gains] == pytest.approx([1.1] * len(found.gains), abs=0.01)
    rest = np.ones(a.shape[:2], bool)
    rest[40:140, 60:180] = False
    fair = (a > 15) & (a < 240)
    away = np.abs(found.pixels.astype(int) - a)[rest[..., None] & fair if not gray else rest & fair]
    assert away.mean() < 1


@pytest.mark.parametrize("shake", ["translation", "similarity"])
@pytest.mark.parametrize("shape", [(180, 240), (500, 760)])
def test_the_camera_is_told_from_a_thing(shake, shape):
    height, width = shape
    scene = photo(height + 40, width + 40, seed=5)
    a = scene[20 : 20 + height, 20 : 20 + width]
    b = scene[13 : 13 + height, 25 : 25 + width].copy()
    b[height // 3 : 2 * height // 3, width // 4 : width // 2] = photo(
        2 * height // 3 - height // 3, width // 2 - width // 4, seed=6
    )
    found = Steadier(a, SequenceParams(shake=shake))(b, TOKEN)
    assert found.camera.accepted
    at = found.camera.matrix @ [width / 2, height / 2, 1]
    assert at == pytest.approx([width / 2 - 5, height / 2 + 7], abs=0.15)
    assert found.camera.moving < 0.5
    same = np.abs(found.pixels.astype(int) - a)[10:-10, width // 2 + 20 : -10]
    assert same.mean() < 2


def test_a_flat_scene_and_another_scene_are_left_as_they_are():
    flat = np.full((80, 90), 120, np.uint8)
    params = SequenceParams(shake="similarity", light=True)
    found = Steadier(flat, params)(flat, TOKEN)
    assert not found.camera.accepted
    assert found.pixels is flat
    a, b = photo(160, 200, seed=1), photo(160, 200, seed=2)
    found = Steadier(a, SequenceParams(shake="similarity"))(b, TOKEN)
    assert not found.camera.accepted
    assert found.pixels is b


def test_a_camera_that_stands_changes_no_pixel():
    a = photo(160, 200, seed=1)
    found = Steadier(a, SequenceParams(shake="similarity", light=True))(a.copy(), TOKEN)
    assert np.array_equal(found.pixels, a)
    assert found.camera.accepted
    assert found.camera.moving == 0


@pytest.mark.parametrize("flow", ["points", "dense"])
@pytest.mark.parametrize("scale", [1, 3])
def test_flow_of_a_shift(flow, scale):
    scene = photo(200 * scale, 260 * scale, seed=8)
    a, b = (
        scene[10 : 190 * scale, 10 : 240 * scale],
        scene[6 : 190 * scale - 4, 13 : 240 * scale + 3],
    )
    mover = Mover(SequenceParams(flow=flow, preset="medium", moving=2))
    assert np.isnan(mover.next(a).mean)
    found = mover.next(b)
    assert found.mean == pytest.approx(5, abs=0.4)
    assert found.moving > 0.9
    steady = Mover(SequenceParams(flow=flow, preset="medium", moving=2, steady_flow=True))
    steady.next(a)
    found = steady.next(b)
    assert found.mean < 0.6
    assert found.moving < 0.1


def test_flow_of_a_thing_alone():
    base = photo(180, 240, seed=9)
    thing = photo(60, 60, seed=10)
    a, b = base.copy(), base.copy()
    a[60:120, 80:140], b[60:120, 86:146] = thing, thing
    for flow in ("points", "dense"):
        mover = Mover(SequenceParams(flow=flow, moving=2, preset="medium"))
        mover.next(a)
        found = mover.next(b)
        assert 0.02 < found.moving < 0.3
        assert found.p95 > 4
    flat = Mover(SequenceParams(flow="points"))
    flat.next(np.full((80, 80), 9, np.uint8))
    assert np.isnan(flat.next(np.full((80, 80), 9, np.uint8)).mean)


def test_points_that_are_covered_do_not_come_home():
    a = photo(180, 240, seed=11)
    b = a.copy()
    b[:, :120] = photo(180, 120, seed=12)
    at, to = Points(a, 1 << 17).found(b)
    covered = at[:, 0] < 110
    assert (~covered).sum() > 20
    assert covered.sum() < 0.1 * len(at)
    assert np.abs(to - at)[at[:, 0] > 140].max() < 0.5


def test_a_small_part_that_agrees_is_no_camera():
    a, b = photo(240, 320, seed=13), photo(240, 320, seed=14)
    steady = Steadier(a, SequenceParams(shake="translation"))
    far = np.random.default_rng(0).uniform(-20, 20, (60, 2))
    far[:12] = (3, 4)
    steady._points.found = lambda _: (np.zeros((60, 2)), far)
    assert not steady(b, TOKEN).camera.accepted
    far[:25] = (3, 4)
    found = steady(b, TOKEN).camera
    assert found.shift == pytest.approx(5, abs=0.2)
    assert found.moving == pytest.approx(35 / 60, abs=0.05)
