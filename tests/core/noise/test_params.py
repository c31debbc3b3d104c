from __future__ import annotations

import pytest

from core import recipes
from core.errors import SettingsError
from core.noise.params import Control, NoiseParams
from core.registry import all_params, measure_params


def test_it_stands_after_the_regions_and_once():
    names = [kind.name for kind in all_params()]
    assert names[names.index("noise") - 1] == "regions"
    assert names.count("noise") == 1
    assert NoiseParams not in measure_params()


def test_off_unless_wanted():
    params = NoiseParams()
    assert (params.enabled, params.control, params.rate) == (False, Control.DISCOVERY, 0.05)
    assert params.has_effect("rate")
    assert not params.has_effect("false_pixels")
    assert NoiseParams(control="pixels").has_effect("false_pixels")


@pytest.mark.parametrize("wrong", [{"rate": 0.6}, {"false_pixels": 0.0}, {"control": "sigma"}])
def test_what_does_not_fit_is_said(wrong):
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        NoiseParams(**wrong)


def test_the_recipe_switches_it_on_and_gives_its_reasons():
    loaded = recipes.load("noise")
    assert loaded[NoiseParams] == NoiseParams(enabled=True)
    assert {p.name for p in loaded.params} == {"noise", "difference"}
    about = recipes.describe("noise")
    assert "one camera" in about
    assert about.endswith(".")
