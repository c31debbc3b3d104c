"""Every measure is as its oracle has it, and docs/measures.md says so."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest

from core.catalogue import entries
from tests.core.measures.parity._case import Case, all_cases, all_rows
from tests.core.measures.parity._scenes import NAMES, scene
from tests.core.measures.parity._traits import traits

CASES = all_cases()


def title(case: Case) -> str:
    return f"{case.map or ''}{'+'.join(case.measures)[:40]} {case.oracle[:40]}"


@pytest.mark.parametrize("case", CASES, ids=title)
def test_no_deviation_is_larger_than_allowed(case: Case) -> None:
    largest, where = case.deviation()
    assert largest <= case.bound, where


def test_every_measure_has_a_row() -> None:
    assert {n for row in all_rows() for n in row.measures} == set(entries())
    # Without an oracle there is only what no other program measures.
    checked = {n for case in CASES for n in case.measures if case.map is None}
    assert {entries()[n].group for n in set(entries()) - checked} == {"Noise"}


def test_every_map_of_a_measure_with_an_oracle_is_shown_to_be_right() -> None:
    maps = {k for e in entries().values() if e.group != "Noise" for k in e.maps}
    assert maps == {case.map for case in CASES} - {None}


def case_of(*pairs: tuple[object, object], relative: bool = False) -> Case:
    return Case(("l1",), "", 1.0, ("one",), lambda _: pairs, relative)


def test_the_largest_deviation_is_found() -> None:
    assert case_of((1.0, 1.0), (5.0, 2.0), (1.0, 2.0)).deviation() == (3.0, "one")
    assert case_of((np.ones(3), np.array([1, 1, -3])), (0, 1)).deviation() == (4.0, "one")
    assert case_of((1.0, 4.0), (3.0, 2.0), relative=True).deviation() == (0.75, "one")
    assert case_of((0.0, 0.0), relative=True).deviation() == (0.0, "one")
    assert case_of((1e-300, 0.0), relative=True).deviation() == (math.inf, "one")


@pytest.mark.parametrize("pair", [(math.nan, 1.0), (1.0, math.nan), (math.inf, math.inf), (1, [1])])
def test_what_is_no_number_does_not_pass(pair: tuple[object, object]) -> None:
    with pytest.raises(AssertionError):
        case_of((1.0, 1.0), pair).deviation()
    with pytest.raises(AssertionError):
        case_of().deviation()


def test_the_scenes_are_wide_and_of_all_depths() -> None:
    assert {name for case in CASES for name in case.scenes if "pairs" not in name} == set(NAMES)
    made = [scene(name) for name in NAMES]
    assert all(s.a.shape == s.b.shape and s.a.shape[1] > s.a.shape[0] for s in made)
    assert {s.a.dtype for s in made} == {np.dtype(t) for t in (np.uint8, np.uint16, np.float32)}
    for s in made:
        if s.a.dtype == np.uint16:  # it is no 8-bit picture in a larger file
            assert (s.a % 257 != 0).mean() > 0.5


def test_traits_that_are_known() -> None:
    """A few of those that are found by measuring, from the definitions."""
    found = traits()
    assert {n for n, t in found.items() if not t.gray} == {"l1", "l1_per_pixel", "l2"}
    assert {n for n, t in found.items() if not t.edges} == {
        n for n, t in found.items() if t.light
    } | {"phash_distance"}
    sides = {n: t.side for n, t in found.items() if t.side > 1}
    assert sides == {"ssim": 11, "ms_ssim": 176, "gmsd": 6, "gradient_mae": 3}
    assert {n for n, t in found.items() if t.light and t.beyond} == {
        "flip",
        "flip_median",
        "flip_p95",
    }


def test_the_page_is_of_the_present_cases() -> None:
    script = importlib.import_module("scripts.make_measures")
    text = script.PAGE.read_text(encoding="utf-8")
    found = script.kept(text)
    assert script.with_tables(text, found) == text, "run scripts/make_measures.py"
    for row in CASES:
        shown = found[script.before(row)]
        assert float(shown.split(" ")[0]) <= row.bound
