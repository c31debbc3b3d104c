from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.alignment import scenes
from tests.alignment.cases import REFUSED, SHARES, cases, make, plan
from tests.alignment.conditions import ALL, exposed, stored
from tests.alignment.placing import placed
from tests.alignment.transforms import MODELS, overlap


def gray(pixels: np.ndarray) -> np.ndarray:
    values = pixels.astype(np.float32) * (1 if pixels.dtype == np.uint8 else 255 / 65535)
    return values if values.ndim == 2 else values.mean(axis=2)


@pytest.fixture(scope="module")
def some() -> list:
    return list(cases(0, 60, quick=True))


def test_the_same_seed_makes_the_same_pictures(some) -> None:
    for case, spec in list(zip(some, plan(0, 60, quick=True), strict=True))[::9]:
        again = make(spec)
        assert (again.name, again.tags, again.model) == (case.name, case.tags, case.model)
        np.testing.assert_array_equal(again.a, case.a)
        np.testing.assert_array_equal(again.b, case.b)
    other = make(plan(1, 1, quick=True)[0])
    assert not np.array_equal(other.a, some[0].a)


def test_a_case_does_not_depend_on_which_others_are_asked_for(some) -> None:
    own = [c for c in some if c.kind == "similarity"][:2]
    alone = cases(0, 2, ["similarity"], quick=True)
    for case, again in zip(own, alone, strict=True):
        np.testing.assert_array_equal(again.b, case.b)


def test_every_kind_and_condition_comes_in_its_share() -> None:
    specs = plan(0, 400)
    assert len({s.name for s in specs}) == 400
    for kind, share in SHARES.items():
        assert sum(s.kind == kind for s in specs) == pytest.approx(4 * share, abs=1)
    for kind in MODELS:
        assert {s.condition for s in specs if s.kind == kind} == set(ALL)
    assert {s.condition for s in plan(0, 5, ["rigid/blur"])} == {"blur"}
    with pytest.raises(ValueError, match="no such cases"):
        plan(0, 5, ["rigid/rain"])


def test_what_is_expected_follows_from_the_kind(some) -> None:
    for case in some:
        assert case.expect == ("refused" if case.kind in REFUSED else "aligned")
        assert case.a.dtype in (np.uint8, np.uint16)
        assert case.kind not in MODELS or (case.model == case.kind and case.truth is not None)
        if case.kind == "apart":
            assert overlap(case.truth, case.a.shape[:2], case.b.shape[:2]) < 0.11
        elif case.kind in REFUSED:
            assert case.truth is None


def test_the_truth_lays_b_on_a(some) -> None:
    """Where B is laid by the truth it is nearer to A than a pixel beside, for every model."""
    for case in some:
        if case.kind not in MODELS or {"occlusion", "noise+ev", "noise"} & set(case.tags):
            continue
        a, b = gray(case.a), gray(case.b)
        off = {
            by: spread(a, b, np.array([[1, 0, by[0]], [0, 1, by[1]], [0, 0, 1]]) @ case.truth)
            for by in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
        }
        assert min(off, key=off.get) == (0, 0), (case.name, off)


def spread(a: np.ndarray, b: np.ndarray, matrix: np.ndarray) -> float:
    """Return the deviation of the difference where both are."""
    size = a.shape[::-1]
    laid = cv2.warpPerspective(b, matrix, size, flags=cv2.INTER_CUBIC)
    there = cv2.warpPerspective(np.ones_like(b), matrix, size) > 0.999
    return float((a - laid)[cv2.erode(there.astype(np.uint8), np.ones((7, 7))) > 0].std())


def test_conditions_do_what_they_say(some) -> None:
    by_condition = {c.tags[0]: c for c in some if c.kind in MODELS}
    assert set(by_condition) == set(ALL)
    assert len({x.ndim for x in (by_condition["gray"].a, by_condition["gray"].b)}) == 2
    assert {x.dtype.name for x in (by_condition["depth"].a, by_condition["depth"].b)} == {
        "uint8",
        "uint16",
    }
    sizes = by_condition["sizes"]
    assert sizes.a.shape != sizes.b.shape
    little = by_condition["overlap"]
    common = overlap(little.truth, little.a.shape[:2], little.b.shape[:2])
    assert 0.59 < common < 0.71


def test_a_stop_more_is_twice_the_light() -> None:
    linear = np.array([[0.2, 0.4]])
    encoded = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
    assert exposed(encoded[:, :1], 1.0, 0.0)[0, 0] == pytest.approx(encoded[0, 1], abs=1e-3)
    assert exposed(encoded[:, :1], 0.0, 5.0)[0, 0] == pytest.approx(encoded[0, 0] + 5, abs=1e-3)
    assert stored(np.array([300.0, -3.0, 127.6]), "uint8").tolist() == [255, 0, 128]
    assert stored(np.array([255.0]), "uint16").tolist() == [65535]


def test_there_are_scenes_enough_and_each_has_detail() -> None:
    assert len(scenes.NAMES) == len(set(scenes.NAMES)) >= 10
    for name in scenes.NAMES:
        scene = scenes.scene(name, scenes.SMALL)
        assert scene.dtype == np.uint8
        assert min(scene.shape[:2]) >= 400
        assert scene.std() > 8, name


def test_both_pictures_lie_in_the_scene_where_it_is_large_enough() -> None:
    rng = np.random.default_rng(0)
    scene = scenes.scene("leaves", scenes.SMALL)
    for model in MODELS.values():
        truth = model(rng, (200, 320), (200, 320))
        pose, inside = placed(rng, scene, (200, 320), (200, 320), truth)
        assert inside
        assert pose[0, 0] >= 1.5


def test_kinds_without_an_answer_are_made(some) -> None:
    assert set(REFUSED) <= {c.kind for c in some}
    flat = next(c for c in some if c.kind == "flat")
    assert flat.a.std() < 1
