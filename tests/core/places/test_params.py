"""What can be set about places."""

from __future__ import annotations

import pytest

from core.errors import SettingsError
from core.places.params import PlacesParams
from core.recipes import arguments, load, save
from core.settings import Settings


def test_what_means_the_same_is_equal():
    one = PlacesParams(only=" rect 1.0,2 3x4 ;; ", ignore="RECT 0,0 1x1")
    assert one == PlacesParams(only="rect 1,2 3x4", ignore="rect 0,0 1x1")
    assert Settings([one]) == Settings([PlacesParams(only="rect 1,2 3×4", ignore="rect 0,0 1x1")])
    assert Settings([PlacesParams(only=" ; ")]) == Settings()


def test_places_are_listed_in_order_and_the_last_tolerance_counts_first():
    made = PlacesParams(
        only="rect 0,0 1x1 name=a; rect 1,0 1x1 name=b tolerance=3",
        place="rect 2,0 1x1 name=c; rect 3,0 1x1 name=d tolerance=0",
        ignore="rect 4,0 1x1 name=e",
    )
    assert [s.name for s in made.counted] == ["a", "b"]
    assert [s.name for s in made.listed] == ["a", "b", "c", "d"]
    assert [(s.name, s.tolerance) for s in made.own] == [("b", 3), ("d", 0)]
    assert [s.name for s in made.ignored] == ["e"]


@pytest.mark.parametrize("field", ["only", "ignore", "place"])
def test_a_text_that_is_no_place_is_refused(field):
    with pytest.raises(SettingsError, match="is not a place"):
        PlacesParams(**{field: "circle 1,2 3"})
    with pytest.raises(SettingsError, match="is not a place"):
        Settings.from_dict({"places": {field: "rect 1,2"}})


def test_what_is_ignored_has_no_tolerance():
    with pytest.raises(SettingsError, match="cannot have a tolerance"):
        PlacesParams(ignore="rect 1,2 3x4 tolerance=5")


def test_a_recipe_keeps_places(tmp_path):
    settings = Settings([PlacesParams(only='rect 1,2 3x4 name="a b"', place="ellipse 0,0 9x9")])
    save(settings, tmp_path / "recipe.toml")
    assert load(tmp_path / "recipe.toml") == settings
    assert arguments(settings) == [
        "--only", 'rect 1,2 3x4 name="a b"', "--place", "ellipse 0,0 9x9",
    ]  # fmt: skip


def test_notices_say_what_counts_and_what_lies_outside():
    made = PlacesParams(
        only="rect 0,0 9x9; rect 70,0 5x5 tolerance=1", ignore="rect 0,40 9x9 name=clock"
    )
    said = {n.text: n.severity for n in made.notices((40, 70))}
    assert said == {
        "“rect 70,0 5x5 tolerance=1” lies outside the pictures.": "warning",
        "“clock” lies outside the pictures.": "warning",
        "2 places count, and nothing else.": "info",
        "1 place is ignored.": "info",
        "1 place has its own tolerance.": "info",
    }
    assert not list(PlacesParams().notices((40, 70)))
