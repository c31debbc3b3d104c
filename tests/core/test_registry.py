"""What is found in the folders: one list of all names, so that nothing comes or goes unnoticed."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

import pytest

from core import registry
from core.settings import Params

MEASURES = [
    "l1", "l1_per_pixel", "l0", "l0_per_pixel", "l2", "mae", "mse", "rmse", "psnr", "max_abs",
    "ssim", "ms_ssim", "gmsd", "gradient_mae", "delta_e_2000_mean", "delta_e_2000_median",
    "delta_e_2000_p95", "delta_e_2000_over_1", "delta_e_2000_over_2_3", "delta_e_76_mean",
    "hyab_mean", "flip", "flip_median", "flip_p95", "phash_distance", "yiq_count", "yiq_share",
    "yiq_antialiased", "shift_l0", "shift_l0_share", "shift_mae", "densest_window",
    "densest_count", "nrmse", "ncc", "mutual_information", "nmi", "noise_sigma_a",
    "noise_sigma_b", "noise_threshold", "noise_expected_false", "hist_l1", "hist_l2", "hist_chi2",
    "hist_correlation", "hist_intersection", "hist_bhattacharyya", "hist_js", "hist_kl",
    "hist_kl_symmetric", "hist_emd",
]  # fmt: skip
FIELDS = {
    "fit": "method anchor kernel",
    "align": "model nudge_x nudge_y pins max_shift kernel",
    "light": "values",
    "gray": "method",
    "normalize": "method low high",
    "blur": "method sigma radius sigma_color",
    "edges": "method threshold",
    "difference": "map tolerance space alpha background background_level transparent",
    "regions": "gap min_area",
    "noise": "control rate false_pixels",
    "places": "only ignore place",
    "measures": "also",
    "flip": "dynamic_range pixels_per_degree tone_mapper",
    "yiq": "threshold antialiasing",
    "shift": "radius",
    "density": "window",
    "histogram": "bins joint direction smoothing",
}


def test_the_stages_in_the_order_in_which_they_are_applied():
    assert [s.params.name for s in registry.stages()] == ["normalize", "blur", "edges"]
    orders = [s.order for s in registry.stages()]
    assert orders == sorted(set(orders))


def test_the_measures_in_the_order_of_the_table():
    assert [n for m in registry.measures() for n in m.names] == MEASURES
    orders = [m.order for m in registry.measures()]
    assert orders == sorted(set(orders))


def test_the_reports():
    names = [m.__name__ for m in registry.modules("core.reports")]
    assert names == [f"core.reports.{n}" for n in ("csv", "html", "json", "map_png", "png")]


def test_every_group_of_parameters_and_its_fields():
    found = {kind.name: " ".join(kind.ui_fields()) for kind in registry.all_params()}
    assert found == FIELDS
    assert list(found) == list(FIELDS)
    always_on = [kind.name for kind in registry.all_params() if not kind.toggle]
    own = ["measures", "flip", "yiq", "shift", "density", "histogram"]
    assert always_on == ["light", "difference", "regions", "places", *own]
    on_at_first = [kind.name for kind in registry.all_params() if kind().enabled]
    assert on_at_first == ["fit"]


@pytest.mark.parametrize("kind", registry.all_params(), ids=lambda kind: kind.name)
def test_every_parameter_can_be_shown_and_explained(kind):
    assert dataclasses.is_dataclass(kind)
    assert issubclass(kind, Params)
    assert kind.title
    assert kind.about.endswith(".")
    assert sum(u.primary for u in kind.ui_fields().values()) == 1
    types = kind.field_types()
    assert set(types) == {"enabled", *kind.ui_fields()}
    for name, control in kind.ui_fields().items():
        assert control.label
        assert control.help.endswith(".")
        if issubclass(types[name], StrEnum):
            assert set(control.choices) == {str(v) for v in types[name]}
        elif types[name] in (int, float):
            assert control.low is not None
            assert control.high is not None
            assert control.low <= getattr(kind(), name) <= control.high
        assert set(control.only_for) <= set(kind.ui_fields()[kind.primary()].choices)


def test_a_private_module_is_no_plug_in():
    names = [m.__name__ for m in registry.modules("core.stages")]
    assert "core.stages.blur" in names
    assert not [n for n in names if n.rsplit(".", 1)[1].startswith("_")]


def test_two_measures_of_one_name_are_refused(monkeypatch):
    twice = [registry.measures()[0]] * 2

    class Module:
        def __init__(self, measure):
            self.MEASURE = measure

    monkeypatch.setattr(registry, "modules", lambda _: [Module(m) for m in twice])
    with pytest.raises(RuntimeError, match="share a name"):
        registry.measures.__wrapped__()
