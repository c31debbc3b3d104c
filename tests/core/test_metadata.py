"""Rows of what two files say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.metadata import GROUPS, LABELS, NEVER_MARKED, fields, row_text, rows, table
from core.types import Contents

BARE = ImageBuffer.from_array(np.zeros((3, 7, 3), np.uint8), name="here/a.png").info


def pair(a=None, b=None):
    return replace(BARE, meta=a or {}), replace(BARE, meta=b or {})


def by_key(a, b):
    return {row.key: row for row in rows(a, b)}


def test_rows_come_in_the_settled_order_group_by_group():
    meta = {"zeal": "1", "iso": "100", "icc": "sRGB", "compression": "LZW", "modified": "today"}
    made = rows(*pair(meta, {"format": "TIFF", "blue_moon": "x"}))
    known = [row.key for row in made if row.key in LABELS]
    assert known == [key for key in LABELS if key in known]
    groups = [row.group for row in made]
    assert groups == sorted(groups, key=GROUPS.index)
    assert [(r.label, r.a, r.b) for r in made[-2:]] == [("Zeal", "1", ""), ("Blue moon", "", "x")]


def test_what_the_picture_is_stands_in_words():
    rotated = replace(
        BARE,
        width=7, height=3, dtype="uint16", bits=12, encoding="linear", alpha="straight",
        meta={"width": "3", "height": "7", "orientation": "6"},
        contents=Contents(10, 2, ("beauty", "diffuse"), "diffuse"),
    )  # fmt: skip
    said = fields(rotated)
    assert said["size"] == "7 × 3"
    assert said["stored"] == "3 × 7"
    assert said["values"] == "uint16, 12 bits"
    assert said["encoding"] == "linear light"
    assert said["orientation"] == "6, turned right"
    assert (said["page"], said["layer"]) == ("3 of 10", "diffuse")
    assert (said["name"], said["folder"]) == ("a.png", "here")
    assert "stored" not in by_key(BARE, BARE)
    turned = by_key(BARE, rotated)["stored"]
    assert (turned.a, turned.b, turned.differs) == ("7 × 3", "3 × 7", True)
    assert "page" not in fields(BARE)


def test_only_fields_that_count_are_marked():
    a, b = pair({"iso": "100", "modified": "1"}, {"iso": "400", "modified": "2"})
    b = replace(b, path="there/b.png", name="b.png", sha256="0")
    made = rows(a, b)
    assert {row.key for row in made if row.differs} == {"iso", "sha256"}
    unlike = {row.key for row in made if row.a != row.b}
    assert unlike - {"iso", "sha256"} == NEVER_MARKED


def test_a_field_that_one_file_lacks_is_a_difference():
    row = by_key(*pair({"lens": "50 mm"}, {}))["lens"]
    assert (row.a, row.b, row.differs) == ("50 mm", "", True)


def test_equal_amounts_written_otherwise_are_none():
    row = by_key(*pair({"exposure_time": "1/250 s"}, {"exposure_time": "0.004 s"}))
    assert not row["exposure_time"].differs


def test_one_picture_alone_differs_from_nothing():
    for a, b in ((BARE, None), (None, BARE)):
        made = rows(a, b)
        assert made
        assert not any(row.differs for row in made)
        assert not any(row.b if b is None else row.a for row in made)
    assert rows(None, None) == ()


def test_the_table_is_lines_of_four_cells():
    a, b = pair({"description": "two\nlines\tand a tab", "iso": "1"}, {"iso": "2"})
    lines = table(rows(a, b)).splitlines()
    assert lines[0].split("\t") == ["field", "A", "B", "differs"]
    assert all(line.count("\t") == 3 for line in lines)
    assert "ISO\t1\t2\tyes" in lines
    assert "Name\ta.png\ta.png\t" in lines
    assert "Description\ttwo lines and a tab\t\tyes" in lines
    few = table(rows(a, b), only_differing=True).splitlines()
    assert few[1:] == [row_text(row) for row in rows(a, b) if row.differs]


TEXTS = st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=9), max_size=6)


@given(TEXTS, TEXTS)
def test_whatever_files_say_swapping_exchanges_the_columns(a, b):
    there, back = rows(*pair(a, b)), rows(*pair(b, a))
    assert {(r.key, r.a, r.b, r.differs) for r in there} == {
        (r.key, r.b, r.a, r.differs) for r in back
    }
    assert not any(r.differs for r in rows(*pair(a, a)))
    assert all("\n" not in r.a + r.b for r in there)
