import csv

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.places.params import PlacesParams
from core.reports import make_report, write_report
from core.reports.csv import COLUMNS
from core.result import Request
from core.settings import Settings


def read(report, tmp_path):
    write_report(report, tmp_path / "r.csv")
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        rows = list(table)
    assert tuple(table.fieldnames or ()) == COLUMNS
    assert all(None not in row and None not in row.values() for row in rows)  # none is ragged
    return rows


def of_kind(rows, kind):
    return [r for r in rows if r["kind"] == kind]


def test_every_number_stands_in_it_with_all_its_digits(report, tmp_path):
    rows = {r["name"]: r for r in of_kind(read(report, tmp_path), "measure")}
    measures = report.result.measures
    assert list(rows) == list(measures)
    for name, m in measures.items():
        row = rows[name]
        assert float(row["value"]) == m.value or (row["value"], m.value) != (m.value, m.value)
        assert (row["unit"], row["better"], int(row["pixels"])) == (m.unit, m.better, m.pixels)
        ends = () if m.interval is None else m.interval
        assert tuple(float(row[k]) for k in ("low", "high") if row[k]) == ends
    assert rows["l1"]["value"] == "9000.0"
    assert rows["mae"]["low"] != ""
    assert (rows["max_abs"]["x"], rows["max_abs"]["y"]) == ("70", "20")


def test_a_region_is_where_it_is(report, tmp_path):
    (region,) = of_kind(read(report, tmp_path), "region")
    found = [region[k] for k in ("of", "x", "y", "width", "height", "area", "peak", "mean")]
    assert found == ["1", "70", "20", "10", "6", "60", "50.0", "50.0"]


def test_infinities_and_nothing_have_words(make, scene, tmp_path):
    a, _ = scene
    rows = {r["name"]: r["value"] for r in read(make(a, a), tmp_path)}
    assert (rows["psnr"], rows["differs"], rows["regions"]) == ("inf", "no", "0")


def test_it_says_what_was_compared_and_how_to_repeat_it(report, tmp_path):
    rows = {r["name"]: r["value"] for r in of_kind(read(report, tmp_path), "about")}
    assert (rows["a_size"], rows["pixels"], rows["pixels_over"]) == ("90 × 60", "5400", "60")
    assert rows["command"] == report.command
    assert "--tolerance 10" in rows["command"]
    assert rows["created"] == report.created


def test_places_and_regions_one_by_one(scene, tmp_path):
    pair = [ImageBuffer.from_array(x) for x in scene]
    places = PlacesParams(place="rect 64,16 20x12 name==1+1")
    settings = Settings([DifferenceParams(tolerance=10), places])
    request = Request(*pair, settings, region_measures=True)
    result = compare(*pair, settings, region_measures=True)
    rows = read(make_report(request, result), tmp_path)
    place = {r["name"]: r for r in of_kind(rows, "place")}
    (right,) = result.places
    assert list(place) == list(right.measures)
    assert float(place["l1_per_pixel"]["value"]) == right.measures["l1_per_pixel"].value > 0
    # A name that a spreadsheet would calculate is text.
    assert {r["of"] for r in place.values()} == {"'=1+1"}
    where = [place["l1_per_pixel"][k] for k in ("x", "y", "width", "height")]
    assert where == ["64", "16", "20", "12"]
    region = {r["name"]: r["value"] for r in of_kind(rows, "region")}
    right = result.region_measures[0]["l1_per_pixel"].value
    assert float(region["l1_per_pixel"]) == right == 150


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx"])
def test_no_name_of_a_file_is_a_formula(make, scene, tmp_path, text):
    a, b = scene
    report = make(np.ascontiguousarray(a), b, names=(text, "b.png"))
    rows = {r["name"]: r["value"] for r in of_kind(read(report, tmp_path), "about")}
    assert rows["a"] == f"'{text}"
