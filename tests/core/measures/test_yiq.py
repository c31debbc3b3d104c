from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import compare
from core.buffer import ImageBuffer
from core.light import decode
from core.map_kinds import KINDS
from core.measures import yiq
from core.measures.yiq import MEASURE, YiqParams
from core.settings import Settings
from core.types import MapKind
from tests.core.measures.samples import mapped, noise, run, speckled

LIMIT = 35215.0


def settings(threshold=0.1, antialiasing=True):
    return Settings([YiqParams(threshold=threshold, antialiasing=antialiasing)])


# -- the published rules, one pixel at a time, in float64


def delta(p, q):
    r, g, b = p - q
    y = 0.29889531 * r + 0.58662247 * g + 0.11448223 * b
    i = 0.59597799 * r - 0.27417610 * g - 0.32180189 * b
    q = 0.21147017 * r - 0.52261711 * g + 0.31114694 * b
    return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q


class Script:
    """Where δ is over the threshold, and what of that is anti-aliasing: masks `over`, `edge`."""

    def __init__(self, a, b, threshold=0.1, valid=None):
        planes = [np.repeat(x[..., None], 3, 2) if x.ndim == 2 else x for x in (a, b)]
        self.pictures = [x.astype(np.float64) for x in planes]
        self.shape = a.shape[:2]
        self.valid = np.full(self.shape, True) if valid is None else valid > 0
        self.delta, self.over, self.edge = np.zeros(self.shape), *np.full((2, *self.shape), False)
        one, two = self.pictures
        for p in zip(*np.nonzero(self.valid), strict=True):
            self.delta[p] = delta(one[p], two[p])
            self.over[p] = self.delta[p] > LIMIT * threshold * threshold
            if self.over[p]:
                self.edge[p] = self.smoothed(one, p) or self.smoothed(two, p)

    def around(self, p):
        """Neighbours that exist, by columns from the left."""
        places = [(p[0] + r, p[1] + c) for c in (-1, 0, 1) for r in (-1, 0, 1) if (r, c) != (0, 0)]
        height, width = self.shape
        inside = [q for q in places if 0 <= q[0] < height and 0 <= q[1] < width]
        return [q for q in inside if self.valid[q]]

    def brightness(self, picture, p):
        r, g, b = picture[p]
        return 0.29889531 * r + 0.58662247 * g + 0.11448223 * b

    def flat(self, picture, p):
        near = self.around(p)
        same = sum(bool((picture[q] == picture[p]).all()) for q in near)
        return same + (len(near) < 8) >= 3

    def smoothed(self, picture, p):
        near = self.around(p)
        steps = [self.brightness(picture, q) - self.brightness(picture, p) for q in near]
        if steps.count(0.0) + (len(near) < 8) >= 3 or not min(steps) < 0 < max(steps):
            return False
        ends = [near[steps.index(min(steps))], near[steps.index(max(steps))]]
        return any(all(self.flat(x, q) for x in self.pictures) for q in ends)

    @property
    def numbers(self):
        n = np.count_nonzero(self.valid)
        count = np.count_nonzero(self.over & ~self.edge)
        return [count, count / n, np.count_nonzero(self.edge)]

    @property
    def map(self):
        return np.where(self.edge, 0.0, np.sqrt(self.delta / LIMIT))


def numbers(values):
    return [values[name].value for name in MEASURE.names]


# -- scenes


def drawn(move=0.0, ink=(40, 20, 90), paper=(250, 246, 235), height=60, width=130):
    """Return a disc and slanted strokes, each pixel the mean of 16 x 16 samples."""
    large = np.full((height * 16, width * 16, 3), paper, np.uint8)
    x = int(16 * (30 + move))
    cv2.circle(large, (x, 16 * 30), 16 * 20, ink, -1)
    for i, slope in enumerate((0, 6, 13)):
        start = (x + 16 * (30 + 22 * i), 16 * 8)
        cv2.line(large, start, (start[0] + 16 * slope, 16 * 52), ink, 16 * 5)
    return cv2.resize(large, (width, height), interpolation=cv2.INTER_AREA)


def flat_noise(seed, levels, channels=3, height=37, width=61):
    """Return few levels, so that equal neighbours are common, up to the border."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return (np.random.default_rng(seed).integers(0, levels, shape) * 60).astype(np.uint8)


def blocks(seed, channels=3):
    """Return slanted flat blocks with smoothed edges, once more moved by 3/8 px and recoloured."""
    large = cv2.resize(
        flat_noise(seed, 4, channels, 7, 12), None, fx=48, fy=48, interpolation=cv2.INTER_NEAREST
    )
    pair = []
    for move in (0.0, 3.0):
        turn = cv2.getRotationMatrix2D((200, 150), 12, 1.0)
        turn[0, 2] += move
        sampled = cv2.warpAffine(large, turn, None, flags=cv2.INTER_NEAREST)
        pair.append(cv2.resize(sampled[40:312, 40:488], (56, 34), interpolation=cv2.INTER_AREA))
    pair[1][5:19, 30:41] = 255 - pair[1][5:19, 30:41]
    return pair


SCENES = {
    "moved by half a pixel": lambda: (drawn(), drawn(0.5)),
    "moved by a pixel": lambda: (drawn(), drawn(1.0)),
    "recoloured": lambda: (drawn(), drawn(ink=(150, 20, 30))),
    "noise": lambda: (noise(31, 53, 3), noise(31, 53, 3, seed=1)),
    "two levels": lambda: (flat_noise(1, 2), flat_noise(2, 2)),
    "blocks": lambda: blocks(5),
    "gray blocks": lambda: blocks(6, 1),
    "gray levels": lambda: (flat_noise(5, 3, 1), flat_noise(6, 2, 1)),
}


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.3])
def test_follows_the_published_rules(name, threshold):
    a, b = SCENES[name]()
    script, chosen = Script(a, b, threshold), settings(threshold)
    assert numbers(run(MEASURE, a, b, settings=chosen)) == script.numbers
    found = mapped(MEASURE, MapKind.YIQ, a, b, settings=chosen)
    # One float32 rounding of a value up to 1.
    np.testing.assert_allclose(found, script.map, rtol=6e-8, atol=0)


@pytest.mark.parametrize("few", [0.0, 1.0])
@pytest.mark.parametrize("name", ["moved by half a pixel", "two levels", "gray blocks"])
def test_looking_at_pixels_one_by_one_or_all_at_once_is_the_same(name, few, monkeypatch):
    monkeypatch.setattr(yiq, "_FEW", few)
    a, b = SCENES[name]()
    valid = speckled(*a.shape[:2], seed=3)
    script = Script(a, b, 0.1, valid)
    assert numbers(run(MEASURE, a, b, valid, cuts=(20,))) == script.numbers
    off = settings(0.1, antialiasing=False)
    assert run(MEASURE, a, b, valid, settings=off)["yiq_count"].value == script.over.sum()


def test_the_scenes_have_anti_aliasing_at_the_border_and_in_the_middle():
    a, b = blocks(5)
    edge = Script(a, b).edge
    assert edge[1:-1, 1:-1].any()
    assert (edge[[0, -1]].any(), edge[:, [0, -1]].any()) == (True, True)


def test_a_smoothed_edge_that_moves_is_left_out_and_a_recolouring_is_not():
    moved = run(MEASURE, drawn(), drawn(0.5))
    assert moved["yiq_antialiased"].value > 150
    assert moved["yiq_count"].value <= 0.04 * moved["yiq_antialiased"].value
    recoloured = run(MEASURE, drawn(), drawn(ink=(150, 20, 30)))
    ink = np.count_nonzero((drawn() == (40, 20, 90)).all(axis=2))
    assert recoloured["yiq_count"].value >= ink
    assert run(MEASURE, drawn(), drawn(ink=(44, 22, 92)))["yiq_count"].value == 0


def test_a_single_pixel_on_flat_ground_counts():
    a = np.full((40, 90, 3), 200, np.uint8)
    b = a.copy()
    b[0, 7], b[11, 70], b[39, 89] = (0, 0, 0), (200, 90, 200), (210, 200, 200)
    values = run(MEASURE, a, b)
    assert numbers(values) == [2, 2 / 3600, 0]
    assert [v.unit for v in values.values()] == ["px", "share", "px"]
    assert all(v.pixels == 3600 and v.better == "lower" for v in values.values())
    found = mapped(MEASURE, MapKind.YIQ, a, b)
    assert np.count_nonzero(found) == 3
    assert found[11, 70] == pytest.approx(
        math.sqrt(delta(*np.float64([a[11, 70], b[11, 70]])) / LIMIT)
    )


def test_the_scale_ends_at_red_against_cyan():
    a = np.zeros((3, 5, 3), np.uint8)
    b = a.copy()
    a[1, 3], b[1, 3] = (255, 0, 0), (0, 255, 255)
    found = mapped(MEASURE, MapKind.YIQ, a, b)
    assert 0.99999 < found[1, 3] <= KINDS[MapKind.YIQ].high == 1.0
    corners = np.array(np.meshgrid(*[[-255.0, 0.0, 255.0]] * 3)).reshape(3, -1).T
    assert max(delta(c, 0 * c) for c in corners) == pytest.approx(35214.749, abs=1e-3)


def test_no_two_colours_of_whole_levels_are_equally_bright():
    r, g = np.mgrid[-255:256, -255:256].astype(np.int64)
    rest = -(29889531 * r + 58662247 * g)
    same = (rest % 11448223 == 0) & (np.abs(rest // 11448223) <= 255)
    assert np.argwhere(same).tolist() == [[255, 255]]


@pytest.mark.parametrize("name", ["blocks", "gray blocks", "moved by half a pixel"])
def test_depth_does_not_matter(name):
    a, b = SCENES[name]()
    expected = numbers(run(MEASURE, a, b))
    floats = [(x / np.float32(255)).astype(np.float32) * np.float32(255) for x in (a, b)]
    assert numbers(run(MEASURE, *floats)) == expected
    shaken = [x + np.random.default_rng(1).uniform(-4e-4, 4e-4, x.shape) for x in (a, b)]
    assert numbers(run(MEASURE, *shaken)) == expected  # within half of 1/1024 level
    light = [decode(x.astype(np.float32)) for x in (a, b)]
    assert numbers(run(MEASURE, *light, linear=True)) == expected
    channels = [np.repeat(x[..., None], 3, 2) if x.ndim == 2 else x for x in (a, b)]
    assert numbers(run(MEASURE, *channels)) == expected


@given(st.integers(0, 2**32), st.sampled_from([1, 3]), st.lists(st.integers(1, 36), max_size=3))
def test_strips_swapping_and_what_is_invalid_change_nothing(seed, channels, cuts):
    a, b = blocks(seed, channels)
    valid = speckled(*a.shape[:2], seed)
    whole = numbers(run(MEASURE, a, b, valid))
    assert numbers(run(MEASURE, b, a, valid, cuts=cuts, margin=seed % 3)) == whole
    other_a, other_b = a.copy(), b.copy()
    other_a[valid == 0], other_b[valid == 0] = 255, 7
    assert numbers(run(MEASURE, other_a, other_b, valid, cuts=cuts)) == whole
    one = mapped(MEASURE, MapKind.YIQ, a, b, valid)
    assert np.array_equal(one, mapped(MEASURE, MapKind.YIQ, other_b, other_a, valid, cuts=cuts))
    assert not one[valid == 0].any()


@given(st.integers(0, 2**32), st.floats(0, 1), st.floats(0, 1))
def test_fewer_are_over_a_higher_threshold(seed, one, two):
    a, b = blocks(seed)
    low, high = (
        numbers(run(MEASURE, a, b, settings=settings(t))) for t in (min(one, two), max(one, two))
    )
    assert low[0] >= high[0]
    assert low[2] >= high[2]
    every = run(MEASURE, a, b, settings=settings(min(one, two), antialiasing=False))
    assert every["yiq_count"].value == low[0] + low[2]


def test_a_picture_does_not_differ_from_itself():
    a = noise(30, 70, 3, dtype=np.float32)
    assert numbers(run(MEASURE, a, a, settings=settings(0.0))) == [0, 0, 0]
    assert not mapped(MEASURE, MapKind.YIQ, a, a).any()


def test_what_is_no_colour_has_no_number():
    a, b = noise(20, 50, 3), noise(20, 50, 3, seed=1)
    nothing = [
        run(MEASURE, a, b, np.zeros((20, 50), np.uint8)),
        run(MEASURE, a, b, seen=False),
        run(MEASURE, noise(20, 50, 6), noise(20, 50, 6, seed=1)),
    ]
    for values in nothing:
        assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())
    assert not mapped(MEASURE, MapKind.YIQ, a, b, seen=False).any()


def test_beyond_white_and_black_nothing_differs():
    a = np.full((20, 50, 3), 255.0, np.float32)
    b = a.copy()
    b[3:9, 4:40], a[12, :], b[12, :] = 9000.0, -5.0, 0.0
    assert run(MEASURE, a, b)["yiq_count"].value == 0
    b[3, 5] = 0.0
    assert run(MEASURE, a, b)["yiq_count"].value == 1


def test_alpha_is_not_compared_and_that_is_said():
    a = noise(20, 50, 4)
    b = a.copy()
    b[:, 10:, 3] = 255 - b[:, 10:, 3]
    values = run(MEASURE, a, b, alpha=True)
    assert numbers(values) == [0, 0, 0]
    assert "alpha" in values["yiq_count"].help
    assert "alpha" not in run(MEASURE, a[..., :3], b[..., :3])["yiq_count"].help


def test_through_the_engine():
    a, b = drawn(), drawn(0.5, ink=(150, 20, 30))
    big = [np.tile(x, (9, 6, 1)) for x in (a, b)]
    chosen = settings(0.05)
    found = compare(*map(ImageBuffer.from_array, big), chosen, measures=["yiq_count", "yiq_share"])
    expected = run(MEASURE, *big, settings=chosen)
    assert found.measures["yiq_count"].value == expected["yiq_count"].value > 0
    low, high = found.measures["yiq_share"].interval
    assert low <= found.measures["yiq_share"].value <= high
