"""Every cell of the table of formats: a file of another program, opened and compared."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

from core.io import open_image
from core.io.kinds import KINDS
from tests.core.io.formats._case import DEPTHS, Case, all_cases

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_a_file_of_another_program_opens_right(tmp_path: Path, case: Case) -> None:
    path = tmp_path / f"a{case.suffix}"
    made = case.make(path)
    pages = [made] if isinstance(made, np.ndarray) else list(made)
    assert len(pages) == case.pages
    for page, truth in enumerate(pages):
        address = f"{path}{case.fragment}" if case.fragment else path
        # As stored: what colour management makes of the values has tests of its own.
        picture = open_image(address, page=page if page else None, managed=False)
        assert picture.data.shape == truth.shape
        assert picture.data.dtype == truth.dtype
        if case.off:
            assert case.why
            assert np.abs(picture.data.astype(float) - truth).max() <= case.off
        else:
            np.testing.assert_array_equal(picture.data, truth)
        assert picture.contents.pages == case.pages
        assert picture.meta["format"] == case.title
        assert case.bits in {None, picture.bits}
        assert case.alpha in {None, picture.alpha}
        assert not [n for n in picture.notices if n.code in {"extension", "damaged"}]


def test_names_are_unique_and_words_are_those_of_the_table() -> None:
    names = [c.name for c in CASES]
    assert len(set(names)) == len(names)
    assert {c.depth for c in CASES} <= set(DEPTHS)
    assert {c.title for c in CASES} <= {kind.title for kind in KINDS}


def test_the_written_table_is_the_one_that_is_tested() -> None:
    script = importlib.import_module("scripts.make_formats")
    text = script.PAGE.read_text(encoding="utf-8")
    assert script.with_tables(text) == text, "run scripts/make_formats.py"
