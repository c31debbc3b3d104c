"""What can be set about regions."""

from __future__ import annotations

import pytest

from core.errors import SettingsError
from core.regions.rule import RegionParams


def test_defaults_are_in_range_and_every_field_is_explained():
    params = RegionParams()
    assert (params.gap, params.min_area) == (8, 1)
    assert not params.toggle
    assert all(u.help.endswith(".") for u in params.ui_fields().values())


@pytest.mark.parametrize("values", [{"gap": -1}, {"gap": 65}, {"min_area": 0}, {"gap": 1.5}])
def test_values_out_of_range_are_refused(values):
    with pytest.raises(SettingsError, match="regions"):
        RegionParams(**values)
