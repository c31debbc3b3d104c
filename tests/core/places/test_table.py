"""The numbers of each place and of each region."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.places.params import PlacesParams
from core.places.results import MAIN
from core.places.table import MOST_REGIONS
from core.scale import native
from core.settings import Settings
from core.stages.normalize import NormalizeParams
from tests.make import photo, with_patch

SHAPE = (150, 333)
NORM = NormalizeParams(enabled=True, method="minmax")


def pair():
    a = photo(*SHAPE, 3)
    b = with_patch(with_patch(a, 31, 247, 22, 35, by=60), 120, 40, 9, 12, by=-25)
    return ImageBuffer.from_array(a), ImageBuffer.from_array(b)


def asked(*params, **more):
    return compare(*pair(), Settings(params), **more)


def values(measures):
    return {name: repr(m.value) for name, m in measures.items()}


def test_each_place_has_the_numbers_of_a_comparison_of_it_alone():
    ignored = {"ignore": "rect 250,35 4x4"}
    found = asked(
        NORM, DifferenceParams(tolerance=2.0),
        PlacesParams(
            only="rect 240,20 60x50 name=one; ellipse 20,100 70x40",
            place="polygon 0,0 330,0 330,149 name=three tolerance=30", **ignored,
        ),
    )  # fmt: skip
    texts = "rect 240,20 60x50", "ellipse 20,100 70x40", "polygon 0,0 330,0 330,149"
    assert [p.name for p in found.places] == ["one", "place 2", "three"]
    assert [p.tolerance for p in found.places] == [2.0, 2.0, 30.0]
    for place, text in zip(found.places, texts, strict=True):
        assert place.shape == text
        alone = asked(
            NORM, DifferenceParams(tolerance=place.tolerance), PlacesParams(only=text, **ignored)
        )
        assert place.pixels == alone.pixels > 0
        assert list(place.measures) == [n for n in MAIN if n in place.measures]
        assert {"l1_per_pixel", "l0", "rmse", "psnr", "max_abs", "ssim"} <= set(place.measures)
        for name, value in place.measures.items():
            if name in alone.measures:
                assert repr(value.value) == repr(alone.measures[name].value), name


def test_without_places_there_is_no_table():
    assert asked().places == ()
    assert asked(PlacesParams(ignore="rect 0,0 9x9")).places == ()


def test_a_place_with_nothing_to_measure_says_so():
    (place,) = asked(PlacesParams(place="rect 900,900 5x5")).places
    assert place.pixels == 0
    assert all(math.isnan(m.value) for m in place.measures.values())


def test_a_place_too_small_for_a_window_has_no_ssim():
    (place,) = asked(PlacesParams(place="rect 250,40 8x8")).places
    assert place.measures["l0"].value == 64
    assert math.isnan(place.measures["ssim"].value)
    assert place.measures["ssim"].pixels == 0


def test_regions_are_measured_over_their_rectangles():
    found = asked(region_measures=True)
    assert len(found.regions) == len(found.region_measures) == 2
    for region, measures in zip(found.regions, found.region_measures, strict=True):
        r = region.rect
        text = f"rect {r.col},{r.row} {r.width}x{r.height}"
        alone = asked(PlacesParams(only=text), measures=list(measures))
        assert values(measures) == values(alone.measures)
        assert measures["l0"].value == region.area
        assert measures["max_abs"].value == region.peak


def test_regions_count_what_the_comparison_counts():
    found = asked(
        PlacesParams(
            only="rect 200,0 60x150", ignore="rect 250,31 2x22",
            place="rect 247,31 2x22 tolerance=100",
        ),
        region_measures=True,
    )  # fmt: skip
    (region,), (measures,) = found.regions, found.region_measures
    assert measures["l0"].value == region.area == found.over
    assert measures["l0"].pixels == region.rect.area - 2 * 22


def test_only_the_largest_regions_are_measured():
    a = np.zeros((90, 400), np.uint8)
    b = a.copy()
    b[5::30, 7::30] = 9
    found = compare(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b), region_measures=True
    )  # fmt: skip
    assert len(found.regions) == 3 * 14 > MOST_REGIONS
    assert len(found.region_measures) == MOST_REGIONS
    document = found.to_dict()["regions"]
    assert ["measures" in r for r in document].count(True) == MOST_REGIONS
    assert document[0]["measures"]["l0"]["value"] == 1


def test_the_document_has_places_and_regions():
    params = PlacesParams(only='rect 240,20 60x50 name="a b"', place="rect 0,0 5x5 tolerance=7")
    document = json.loads(json.dumps(asked(params, region_measures=True).to_dict()))
    one, other = document["places"]
    assert one["name"] == "a b"
    assert one["shape"] == "rect 240,20 60x50"
    assert (one["tolerance"], other["tolerance"]) == (0.0, 7.0)
    assert one["pixels"] == 3000
    assert one["measures"]["l0"] == {
        "value": 770.0,
        "unit": "px",
        "better": "lower",
        "pixels": 3000,
    }
    assert other["measures"]["ssim"]["value"] == "nan"
    assert document["regions"][0]["measures"]["l0"]["value"] == 770.0
    assert "measures" not in asked(params).to_dict()["regions"][0]


@pytest.mark.parametrize("name", ["rmse", "l1_per_pixel", "ssim", "l0"])
def test_the_units_of_the_file_are_those_of_places_too(name):
    wide = [ImageBuffer.from_array(p.data.astype(np.uint16) * 257) for p in pair()]
    plain = compare(*wide, Settings([PlacesParams(only="rect 240,20 60x50")]), region_measures=True)
    own = native(plain, *wide)
    factor = 257 if name in ("rmse", "l1_per_pixel") else 1
    for before, after in (
        (plain.places[0].measures, own.places[0].measures),
        (plain.region_measures[0], own.region_measures[0]),
    ):
        assert after[name].value == pytest.approx(before[name].value * factor, rel=1e-12)
