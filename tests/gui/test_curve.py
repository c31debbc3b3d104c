"""Regions are counted over tolerances while their curve is to be seen, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import compare, open_image
from core.difference import DifferenceParams
from core.settings import Settings
from core.stages.blur import BlurParams
from core.threshold import knee, otsu, points_at

if TYPE_CHECKING:
    from pathlib import Path

    from gui.panels.curve_plot import CurvePlot
    from gui.panels.histograms import HistogramsPanel
    from tests.gui.driver import Driver

    Pair = tuple[Path, Path]


def panel_of(driver: Driver) -> HistogramsPanel:
    layout = driver.parts.plots.layout()
    assert layout is not None
    item = layout.itemAt(0)
    assert item is not None
    panel: HistogramsPanel = item.widget()
    return panel


def complete(driver: Driver, plot: CurvePlot) -> bool:
    result = driver.controller.result
    if result is None:
        return False
    tolerance = result.settings[DifferenceParams].tolerance
    wanted = points_at(result.histograms, knee(result.histograms), otsu(result.histograms))
    return set(wanted) <= set(plot._points) <= {*wanted, int(tolerance)}


def test_points_are_the_regions_of_the_engine(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    panel = panel_of(driver)
    assert not panel.curve._points
    panel.show_curve(True)
    driver.until(lambda: complete(driver, panel.curve), "no regions are counted")
    a, b = (open_image(p) for p in pair)
    for tolerance in (0, 8, 32):
        settings = Settings([DifferenceParams(tolerance=float(tolerance))])
        expected = compare(a, b, settings, measures=["l0"]).region_count
        if tolerance in panel.curve._points:
            assert panel.curve._points[tolerance].regions == expected
    assert 0 in panel.curve._points


def test_a_dragged_tolerance_counts_nothing_anew_and_stays_dark(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    panel = panel_of(driver)
    panel.show_curve(True)
    driver.until(lambda: complete(driver, panel.curve), "no regions are counted")
    before = dict(panel.curve._points)
    driver.window.commands.drag_tolerance(6.0)
    assert all(c.opacity() == 1 for c in panel.curve.curves())  # the counts are the same ones
    driver.answer()
    assert panel.curve._points == before
    driver.controller.set_params(BlurParams(enabled=True))
    assert all(c.opacity() < 1 for c in panel.curve.curves())
    driver.answer()
    driver.until(lambda: complete(driver, panel.curve), "the new regions are not counted")
    assert panel.curve._points != before


def test_nothing_is_counted_while_the_histogram_is_shown(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    panel = panel_of(driver)
    panel.show_curve(True)
    panel.show_curve(False)
    driver.open(pair[1], pair[0])
    curve = driver.window.commands.curve
    assert curve is not None
    driver.until(lambda: curve.idle, "it does not come to rest")
    assert not panel.curve._points
