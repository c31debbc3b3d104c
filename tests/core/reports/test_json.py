import json

import numpy as np
import pytest

from core.reports import write_report
from core.stages.align import AlignParams

PICTURE = {"path": str, "sha256": str, "width": int, "height": int, "dtype": str, "channels": int}
REGION = {
    "x": int, "y": int, "width": int, "height": int, "area": int, "peak": float, "mean": float,
}  # fmt: skip


def read(report, tmp_path):
    write_report(report, tmp_path / "r.json")

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads((tmp_path / "r.json").read_text("utf-8"), parse_constant=refuse)


def check(document, fields):
    for name, kind in fields.items():
        wanted = (int, float) if kind is float else kind
        assert isinstance(document[name], wanted), name


def test_the_document_has_the_published_form(report, tmp_path):
    document = read(report, tmp_path)
    assert document["schema"] == 1
    assert isinstance(document["pairlens"], str)
    check(document["a"], PICTURE)
    check(document["b"], PICTURE)
    assert (document["a"]["width"], document["a"]["height"]) == (90, 60)
    for group in document["settings"].values():
        assert isinstance(group, dict)
    for measure in document["measures"].values():
        check(measure, {"unit": str, "better": str, "pixels": int})
        assert isinstance(measure["value"], (int, float, str))
        assert measure["better"] in ("lower", "higher")
    assert document["alignment"] is None
    for region in document["regions"]:
        check(region, REGION)
    assert all(isinstance(n, str) for n in document["notices"])
    check(document, {"timings": dict})


def test_a_region_is_where_it_is(report, tmp_path):
    (region,) = read(report, tmp_path)["regions"]
    assert [region[k] for k in ("x", "y", "width", "height", "area")] == [70, 20, 10, 6, 60]
    assert (region["peak"], region["mean"]) == (50, 50)


def test_infinities_are_strings(make, scene, tmp_path):
    a, _ = scene
    document = read(make(a, a), tmp_path)
    assert document["measures"]["psnr"]["value"] == "inf"
    assert document["differs"] is False


def test_an_alignment_has_its_matrix(make, tmp_path):
    from tests.make import photo

    whole = photo(200, 320)
    document = read(make(whole[5:-5, 5:-5], whole[5:-5, 2:-8], AlignParams(enabled=True)), tmp_path)
    alignment = document["alignment"]
    check(alignment, {"model": str, "matrix": list, "confidence": float})
    assert isinstance(alignment["expected_error_px"], float | str)
    shift = np.array(alignment["matrix"])[:2, 2]
    np.testing.assert_allclose(shift, [-3, 0], atol=0.05)  # B shows what A shows 3 columns earlier


@pytest.mark.parametrize("name", ["ä ö 中.png", 'quote".png'])
def test_names_are_kept(make, scene, tmp_path, name):
    document = read(make(*scene, names=(name, "b")), tmp_path)
    assert document["a"]["path"] == name
