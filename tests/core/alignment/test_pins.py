"""Pins as text, and what they fix."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment.models import AlignModel, mapped
from core.alignment.pins import FARTHEST, Pin, fitted, pins_of, swapped, text_of
from core.errors import SettingsError
from core.recipes import load, save
from core.settings import Settings
from core.stages.align import AlignParams

SHAPE = 300, 520
"""Of both pictures, unless a test has another."""
thousandths = st.integers(-(10**10), 10**10).map(lambda n: n / 1000)
places = st.tuples(thousandths, thousandths)


# -- text


def test_text_is_read_x_before_y_and_a_before_b():
    one, other = pins_of("120,40=118.5,41; 300,80=299,-80")
    assert one == Pin((120, 40), (118.5, 41))
    assert other == Pin((300, 80), (299, -80))


@given(st.lists(st.builds(Pin, places, places), max_size=6).map(tuple))
def test_text_gives_the_same_pins_back(pins):
    text = text_of(pins)
    assert pins_of(text) == pins
    assert text_of(pins_of(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        (" ; ;", ""),
        (" 1 , 2 = 3,4 ;", "1,2=3,4"),
        ("+1.,.5=-.25,1e2", "1,0.5=-0.25,100"),
        ("1.0000,2.50=3.00049,4.0006", "1,2.5=3,4.001"),
        ("-0,0=-0.0,-0.0004", "0,0=0,0"),
        ("-1e7,1e7=10000000,0", "-10000000,10000000=10000000,0"),
    ],
)
def test_what_means_the_same_is_written_in_one_way(text, written):
    assert text_of(pins_of(text)) == written
    params = AlignParams(pins=text)
    assert params.pins == written
    assert params == AlignParams(pins=written)
    assert params.pinned == pins_of(written)
    for pin in params.pinned:
        assert not any(math.copysign(1, v) < 0 and v == 0 for v in (*pin.a, *pin.b))


@pytest.mark.parametrize(
    "text",
    ["1,2", "1,2=3", "1,2=3,4,5", "1;2=3,4", "1,2=3,4 5,6=7,8", "a,2=3,4", "1,2==3,4", "1,2:3,4",
     "nan,1=2,3", "1,2=inf,3", "-inf,1=1,1", "1,2=3,", "1,2=0x3,4", "1,2=3,4e", "1,2=3,1_000"],
)  # fmt: skip
def test_a_text_that_is_no_pin_is_refused(text):
    with pytest.raises(SettingsError, match=r"is not a pin; write it like “120,40=118\.5,41”") as e:
        AlignParams(pins=f"5,5=5,5; {text}")
    assert "5,5=5,5" not in str(e.value)
    assert str(e.value).endswith(".")
    with pytest.raises(SettingsError):
        Settings.from_dict({"align": {"pins": text}})


@pytest.mark.parametrize("number", ["1e999", "1e300", "10000001", "-1e8", "9" * 400])
def test_a_number_of_no_picture_is_refused(number):
    with pytest.raises(SettingsError, match="at most 10,000,000 px from the corner") as caught:
        AlignParams(pins=f"1,2=3,{number}")
    assert len(str(caught.value)) < 200


def test_a_long_text_is_refused_at_once():
    with pytest.raises(SettingsError, match="is not a pin"):
        pins_of("1,2=3," + "4" * 200_000 + "x")


def test_a_recipe_keeps_pins(tmp_path):
    settings = Settings([AlignParams(pins="1.25,2=3,-4; 5,6=7,8", model="manual", nudge_x=-1.5)])
    save(settings, tmp_path / "recipe.toml")
    assert load(tmp_path / "recipe.toml") == settings


def test_a_nudge_of_minus_nothing_is_none():
    params = AlignParams(nudge_x=-0.0, nudge_y=-0.0)
    assert str(params.to_dict()["nudge_x"]) == str(params.to_dict()["nudge_y"]) == "0.0"


# -- what pins fix

B = np.array([[30, 40], [480, 60], [440, 260], [60, 280], [250, 33], [270, 210.0]])
TILT = np.array([[0.95, 0.1, 12], [-0.08, 1.1, -7], [2e-4, -1e-4, 1]])
AFFINE = np.array([[0.95, 0.1, 12], [-0.08, 1.1, -7], [0, 0, 1]])
TURNED = np.array([[0.8, -0.6, 200], [0.6, 0.8, -40], [0, 0, 1]]) @ np.diag([1.2, 1.2, 1])


def pins(matrix, count, b=B):
    a = mapped(np.asarray(matrix, float), b[:count])
    return tuple(Pin(tuple(p), tuple(q)) for p, q in zip(a.tolist(), b.tolist(), strict=False))


def pairs(*numbers):
    """Return pins from rows (ax, ay, bx, by)."""
    return tuple(Pin((ax, ay), (bx, by)) for ax, ay, bx, by in numbers)


def fixed(pins, a=SHAPE, b=SHAPE):
    return fitted(pins, a, b)


def apart(found, matrix):
    corners = np.array([[0, 0], [519, 0], [0, 299], [519, 299.0]])
    return np.abs(mapped(found.matrix, corners) - mapped(np.asarray(matrix, float), corners)).max()


@pytest.mark.parametrize(
    ("count", "model", "matrix"),
    [
        (1, AlignModel.TRANSLATION, [[1, 0, -3.5], [0, 1, 40], [0, 0, 1]]),
        (2, AlignModel.SIMILARITY, TURNED),
        (3, AlignModel.AFFINE, AFFINE),
        (4, AlignModel.HOMOGRAPHY, TILT),
        (6, AlignModel.HOMOGRAPHY, TILT),
    ],
)
def test_so_many_pins_fix_so_much(count, model, matrix):
    found = fixed(pins(matrix, count))
    assert found.model is model
    assert not found.fewer
    assert apart(found, matrix) < 1e-6
    assert found.residuals == pytest.approx([0] * count, abs=1e-9)
    assert (found.error == pytest.approx(0, abs=1e-8)) if count > 4 else math.isnan(found.error)


def test_residuals_are_those_of_each_pin():
    exact = pins(TILT, 6)
    (x, y), b = exact[3].a, exact[3].b
    found = fixed((*exact[:3], Pin((x + 6, y - 8), b), *exact[4:]))
    there = mapped(found.matrix, B)
    a = np.array([*[p.a for p in exact[:3]], (x + 6, y - 8), *[p.a for p in exact[4:]]])
    assert found.residuals == pytest.approx(np.hypot(*(there - a).T), abs=1e-9)
    assert 0.2 < max(found.residuals) < 10
    assert apart(found, TILT) > 0.5


def test_the_expected_error_is_how_far_corners_scatter():
    rng = np.random.default_rng(1)
    b = np.vstack([B, [[120, 150], [400, 150], [250, 120], [20, 200], [500, 160], [300, 290]]])
    exact, corners = mapped(TILT, b), np.array([[0, 0], [519, 0], [0, 299], [519, 299.0]])
    off, said = [], []
    for _ in range(300):
        a = exact + rng.normal(0, 1.5, b.shape)
        found = fixed(tuple(Pin(tuple(p), tuple(q)) for p, q in zip(a, b, strict=True)))
        assert found.model is AlignModel.HOMOGRAPHY
        moved = mapped(found.matrix, corners) - mapped(TILT, corners)
        off.append(np.square(moved).sum(axis=1).mean())
        said.append(found.error**2)
    assert np.mean(said) == pytest.approx(np.mean(off), rel=0.15)


@pytest.mark.parametrize("count", [2, 3, 4, 6])
def test_pins_that_all_say_one_shift_give_exactly_that(count):
    found = fixed(pins([[1, 0, -17], [0, 1, 5.25], [0, 0, 1]], count))
    assert found.matrix.tolist() == [[1, 0, -17], [0, 1, 5.25], [0, 0, 1]]


def line(count, off=0.0):
    """Return places on a slanted line; every other one `off` px beside it."""
    t = np.linspace(0, 1, count)[:, None]
    beside = off * (np.arange(count) % 2)[:, None] * np.array([-0.5, 0.866])
    return np.array([40, 30]) + t * np.array([400, 231]) + beside


@pytest.mark.parametrize("count", [3, 4, 6])
@pytest.mark.parametrize("off", [0.0, 0.4, 4.0])
def test_pins_on_one_line_fix_a_similarity(count, off):
    found = fixed(pins(TURNED, count, line(count, off)))
    assert found.model is AlignModel.SIMILARITY
    assert found.why == "lie on one line or on each other"
    assert apart(found, TURNED) < 1e-6


def test_a_person_s_slips_beside_a_line_do_not_stretch_b():
    slips = np.random.default_rng(2).normal(0, 1.0, (3, 2))
    exact = mapped(TURNED, line(3))
    found = fixed(tuple(Pin(tuple(p), tuple(q))
                        for p, q in zip(exact + slips, line(3), strict=True)))  # fmt: skip
    assert found.fewer
    assert apart(found, TURNED) < 5


def test_all_but_one_on_a_line_fix_an_affine_map():
    found = fixed(pins(AFFINE, 4, np.vstack([line(3), [60, 280]])))
    assert (found.model, found.fewer) == (AlignModel.AFFINE, True)
    assert apart(found, AFFINE) < 1e-6


def test_pins_on_each_other_count_once():
    found = fixed(pins(AFFINE, 4, B[[0, 1, 2, 2]]))
    assert (found.model, found.fewer) == (AlignModel.AFFINE, True)
    assert apart(found, AFFINE) < 1e-6
    found = fixed(pairs((10, 10, 20, 30), (10, 10, 20, 30)))
    assert (found.model, found.fewer) == (AlignModel.TRANSLATION, True)
    assert found.residuals == (0, 0)
    # One place of A is two places of B: no scale of 0, but the shift between them.
    found = fixed(pairs((10, 10, 0, 0), (10, 10, 100, 0)))
    assert (found.model, found.fewer) == (AlignModel.TRANSLATION, True)
    assert found.matrix[:2, 2].tolist() == [-40, 10]
    assert found.residuals == (50, 50)
    assert found.error == pytest.approx(50)  # σ² = (50² + 50²) / 2 per direction; the mean has σ


@pytest.mark.parametrize("count", [3, 4, 6])
def test_pins_that_mirror_b_fix_a_similarity_and_say_why(count):
    found = fixed(pins([[-1, 0, 519], [0, 1, 0], [0, 0, 1]], count))
    assert (found.model, found.why) == (AlignModel.SIMILARITY, "would mirror B")
    assert np.linalg.det(found.matrix) > 0


@pytest.mark.parametrize("crossed", [[1, 0, 2, 3], [0, 2, 1, 3], [3, 1, 2, 0]])
def test_crossed_pins_turn_nothing_inside_out(crossed):
    a, b = B[:4], B[crossed]
    found = fixed(tuple(Pin(tuple(p), tuple(q)) for p, q in zip(a, b, strict=True)))
    assert found.fewer
    assert found.why in ("contradict each other", "would mirror B")
    assert found.model in (AlignModel.SIMILARITY, AlignModel.AFFINE)
    assert max(found.residuals) > 50
    corners = np.array([[-0.5, -0.5], [519.5, -0.5], [519.5, 299.5], [-0.5, 299.5]])
    assert np.isfinite(mapped(found.matrix, corners)).all()


def test_random_pins_never_make_something_that_cannot_be():
    rng = np.random.default_rng(0)
    corners = np.array([[-0.5, -0.5], [519.5, -0.5], [519.5, 299.5], [-0.5, 299.5]])
    models = set()
    for _ in range(400):
        a, b = rng.uniform(0, 1, (2, rng.integers(1, 7), 2)) * (520, 300)
        found = fixed(tuple(Pin(tuple(p), tuple(q)) for p, q in zip(a, b, strict=True)))
        models.add(found.model)
        there = mapped(found.matrix, corners)
        assert np.isfinite(there).all()
        assert np.linalg.det(found.matrix) > 0
        assert cv2.isContourConvex(there.astype(np.float32))
        assert found.matrix[2, 2] == 1
    assert len(models) == 4


def test_a_homography_may_not_turn_a_corner_of_b_behind_the_camera():
    steep = np.array([[1, 0, 0], [0, 1, 0], [-1 / 500, 0, 1.0]])  # the horizon is at x = 500
    near = B[:4] * (0.6, 1)
    assert np.isfinite(mapped(steep, near)).all()
    found = fixed(pins(steep, 4, near))
    assert (found.model, found.why) == (
        AlignModel.AFFINE, "would turn a part of B behind the camera",
    )  # fmt: skip
    assert fixed(pins(steep, 4, near), b=(300, 480)).model is AlignModel.HOMOGRAPHY


def test_no_picture_is_a_hundred_times_the_other():
    found = fixed(pairs((0, 0, 10, 10), (5000, 0, 11, 10)))
    assert (found.model, found.fewer) == (AlignModel.TRANSLATION, True)
    assert "100 times" in found.why
    assert fixed(pairs((0, 0, 10, 10), (50, 0, 11, 10))).model is AlignModel.SIMILARITY


def test_huge_numbers_are_as_good_as_others():
    far = FARTHEST - 600
    found = fixed(pins(AFFINE, 3, B + far), (10, 10), (10, 10))
    assert found.model is AlignModel.AFFINE
    assert max(found.residuals) < 1e-6


def test_swapped_pins_fix_the_inverse():
    for count, matrix in (
        (1, [[1, 0, 3], [0, 1, -2.5], [0, 0, 1]]),
        (2, TURNED),
        (3, AFFINE),
        (4, TILT),
    ):
        there, back = pins(matrix, count), swapped(pins(matrix, count))
        assert apart(fixed(back), np.linalg.inv(np.asarray(matrix, float))) < 1e-6
        assert swapped(back) == there


def test_no_pins_fix_nothing():
    with pytest.raises(ValueError, match="no pin"):
        fixed(())
