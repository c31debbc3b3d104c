"""The JSON document of a comparison, and the keys of questions."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from core import registry
from core.alignment.models import AlignModel
from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.result import SCHEMA, VERSION, Request, plain
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from tests.make import photo, shifted, with_patch


def document(result):
    """The document as another program reads it."""
    return json.loads(json.dumps(result.to_dict(), allow_nan=False))


def pair():
    a = photo(60, 131, 1)
    return [
        ImageBuffer.from_array(x, name=n)
        for x, n in ((a, "dir/a.png"), (with_patch(a, 11, 90, 7, 19), "dir/b.png"))
    ]


def test_the_document_has_all_that_is_promised():
    a, b = pair()
    settings = Settings([DifferenceParams(tolerance=4)])
    result = compare(a, b, settings)
    d = document(result)
    assert list(d) == [
        "pairlens", "schema", "a", "b", "settings", "values", "pixels", "over", "differs",
        "measures", "disagreements", "alignment", "regions", "region_count", "places", "notices",
        "timings",
    ]  # fmt: skip
    assert (d["pairlens"], d["schema"]) == (VERSION, SCHEMA)
    for side, picture in (("a", a), ("b", b)):
        assert d[side] == {
            "path": f"dir/{side}.png", "sha256": picture.sha256, "width": 131, "height": 60,
            "dtype": "uint8", "channels": 3, "bits": 8, "encoding": "unknown", "alpha": "none",
            "address": f"dir/{side}.png", "page": 1, "pages": 1, "layer": "", "meta": {},
        }  # fmt: skip
    assert Settings.from_dict(d["settings"]) == settings
    usual = [m for m in registry.measures() if m.default]
    assert list(d["measures"]) == [n for m in usual for n in m.names]
    assert d["measures"]["l0"] == {"value": 133.0, "unit": "px", "better": "lower", "pixels": 7860}
    largest = d["measures"]["max_abs"]
    assert (largest["x"], largest["y"], largest["value"]) == (90, 11, 64.0)
    assert d["alignment"] is None
    assert d["regions"] == [
        {"x": 90, "y": 11, "width": 19, "height": 7, "area": 133, "peak": 64.0, "mean": 64.0}
    ]
    assert (d["region_count"], d["differs"], d["pixels"]) == (1, True, 7860)
    assert d["notices"] == []
    assert set(d["timings"]) == {"prepare", "scan", "finish", "total"}
    parts = [d["timings"][k] for k in ("prepare", "scan", "finish")]
    assert sum(parts) == pytest.approx(d["timings"]["total"])
    assert min(parts) >= 0


def test_infinities_and_nan_are_words():
    a, _ = pair()
    d = document(compare(a, a))
    assert d["measures"]["psnr"]["value"] == "inf"
    assert d["differs"] is False
    nothing = ImageBuffer.from_array(np.full((9, 21), np.nan, np.float32))
    d = document(compare(nothing, nothing))
    assert {m["value"] for m in d["measures"].values()} == {"nan"}
    assert d["pixels"] == 0
    assert (plain(2.5), plain(float("-inf"))) == (2.5, "-inf")


@pytest.mark.parametrize("accepted", [True, False])
def test_alignment_in_the_document(accepted):
    a, b = shifted(3, -7, 90, 160)
    if not accepted:
        b = np.full_like(a, 9)
    result = compare(
        *(ImageBuffer.from_array(x) for x in (a, b)), Settings([AlignParams(enabled=True)])
    )
    found = document(result)["alignment"]
    assert list(found) == [
        "model", "matrix", "confidence", "expected_error_px", "accepted", "reason", "asked",
        "motion", "overlap", "overlap_share", "iterations", "nudge", "pins", "arrows",
    ]  # fmt: skip
    assert found["accepted"] is accepted
    assert (found["model"], found["asked"]) == ("translation", "auto")
    assert found["reason"]
    moved = [[1, 0, 7], [0, 1, -3], [0, 0, 1]]
    np.testing.assert_allclose(found["matrix"], moved if accepted else np.eye(3), atol=1e-9)
    dx, dy = (7, -3) if accepted else (0, 0)
    motion = {"dx": dx, "dy": dy, "angle": 0, "scale": 1, "bent": 0}
    assert found["motion"] == pytest.approx(motion, abs=1e-9)
    left, bottom = dx - 0.5, 89.5 + dy
    corners = [[left, -0.5], [159.5, -0.5], [159.5, bottom], [left, bottom]]
    np.testing.assert_allclose(found["overlap"], corners, atol=1e-9)
    assert found["overlap_share"] == pytest.approx((160 - dx) * (90 + dy) / (160 * 90))
    assert (found["nudge"], found["pins"]) == ([0, 0], [])
    assert (found["expected_error_px"] == "nan") is not accepted
    if not accepted:
        assert document(result)["notices"]


def test_pins_nudge_and_what_is_left_are_in_the_document():
    a, b = (ImageBuffer.from_array(x) for x in shifted(3, -7, 90, 160))
    by_hand = AlignParams(
        enabled=True, model=AlignModel.MANUAL, pins="20,30=13,33; 90,50=83,53.5", nudge_x=0.5
    )
    found = document(compare(a, b, Settings([by_hand])))["alignment"]
    assert (found["model"], found["asked"], found["accepted"]) == ("manual", "manual", True)
    assert found["nudge"] == [0.5, 0]
    assert found["pins"] == pytest.approx([0.5, 0.5], abs=1e-9)
    for arrow, (x, y) in zip(found["arrows"], ((20, 30), (90, 50)), strict=True):
        assert arrow == pytest.approx(
            {"x": x, "y": y, "dx": -0.5, "dy": 0, "counted": True}, abs=1e-9
        )
    angle = math.degrees(math.atan2(20, 70) - math.atan2(20.5, 70))
    assert found["motion"]["angle"] == pytest.approx(angle)
    assert found["motion"]["scale"] == pytest.approx(math.hypot(70, 20) / math.hypot(70, 20.5))


def test_size_mismatch_is_in_the_notices():
    a = photo(60, 131, 1)
    result = compare(*(ImageBuffer.from_array(x) for x in (a, a[:50])))
    (said,) = document(result)["notices"]
    assert "A is 131 × 60 and B is 131 × 50 px" in said


def test_equal_keys_are_equal_questions():
    a, b = pair()
    request = Request(a, b)
    assert request.key == Request(a, b, Settings([BlurParams()]), preview=True).key
    others = [
        Request(b, a),
        Request(a, b, Settings([BlurParams(enabled=True)])),
        Request(a, b, measures=frozenset({"l1"})),
        Request(a, b, measures=frozenset()),
        replace(request, regions=False),
        replace(request, histograms=False),
    ]
    assert len({request.key, *(r.key for r in others)}) == 7
