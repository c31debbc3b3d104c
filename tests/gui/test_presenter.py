"""What each part of the window is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from core import open_image
from core.difference import DifferenceParams
from core.map_kinds import KINDS
from core.regions.rule import RegionParams
from core.render import Side
from core.types import MapKind
from gui.presenter import STAGE_WORDS
from tests.make import photo, with_patch, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]


def difference_name(driver: Driver) -> str:
    return driver.parts.view.panes[2].names.texts[Side.DIFFERENCE]


def test_the_legend_is_that_of_the_map(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    legend = driver.parts.view.legend
    for kind in MapKind:
        driver.controller.set_params(DifferenceParams(map=kind))
        high = driver.controller.display.look.high
        low = -high if kind is MapKind.SIGNED else 0.0
        assert (legend._low, legend._high) == (low, high)
        assert difference_name(driver) == KINDS[kind].label
    driver.window.actions_by_id["reset"].trigger()
    assert (legend._low, legend._high) == (0.0, 64.0)
    driver.answer()


def test_the_name_of_the_difference_says_what_was_done(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    assert difference_name(driver) == "|A − B|"
    for name in STAGE_WORDS:
        driver.switch(name)
    assert difference_name(driver) == "|A − B|, " + ", ".join(STAGE_WORDS.values())


def test_every_switch_has_its_word(driver: Driver) -> None:
    switches = [name for name, row in driver.parts.pipeline.rows.items() if row.toggle]
    assert set(switches) - {"fit"} == set(STAGE_WORDS)


def test_boxes_of_other_pictures_are_taken_away_at_once(
    driver: Driver, pair: Pair, gate: Gate, tmp_path: Path
) -> None:
    gate.open()
    driver.open(*pair)
    driver.window.presenter.step_region(1)
    pane = driver.parts.view.panes[0]
    assert pane._regions[0]
    gate.close()
    other = write_png(tmp_path / "other.png", photo(120, 208, seed=8))
    driver.controller.open_pair(str(other), None)
    driver.until(lambda: driver.window.windowTitle().startswith("other.png"), "not opened")
    assert pane._regions == ((), None)
    assert driver.window.presenter.current_region is None
    assert driver.window.top_bar.regions.text() == ""
    driver.window.presenter.step_region(1)  # there is none to go to
    assert driver.window.presenter.current_region is None


def test_boxes_can_be_hidden(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    pane = driver.parts.view.panes[0]
    for key_pressed in (1, 2):
        driver.key(Qt.Key.Key_R)
        assert bool(pane._regions[0]) is (key_pressed == 2)


def test_pictures_that_cannot_be_compared_leave_no_number_behind(
    driver: Driver, pair: Pair, tmp_path: Path
) -> None:
    import tifffile

    driver.open(*pair)
    two = tmp_path / "two.tiff"
    tifffile.imwrite(two, photo(60, 300, seed=1)[..., :2], planarconfig="contig")
    driver.controller.open_pair(None, str(two))
    driver.until(driver.sentences, "no sentence")
    driver.rest()
    parts = driver.parts
    assert driver.texts() == {}
    assert parts.regions.model.rowCount() == 0
    assert "No difference" not in parts.regions.empty.text()
    assert parts.readout.state.text() == "not compared"
    histograms = driver.window.presenter._histograms
    assert histograms is not None
    assert histograms.pair.curves() == histograms.difference.curves() == ()
    assert not parts.readout.progress.isVisible()
    assert not driver.window.actions_by_id["export"].isEnabled()
    # both pictures are shown all the same, the difference is not
    parts.view.camera.look_at(101, 51, 8.0)
    driver.rest()
    assert driver.colour(Side.A, 50, 100) == tuple(
        int(v) for v in open_image(pair[0]).data[50, 100]
    )
    assert all(parts.view._layers[side].exact for side in (Side.A, Side.B))
    second = open_image(two).data[50, 100]
    assert driver.colour(Side.B, 50, 100) == (int(second[0]), int(second[1]), int(second[1]))
    driver.switch("gray")
    driver.answer()
    assert driver.texts()
    assert not driver.sentences()


def test_regions_that_are_too_small_to_be_listed_are_no_equality(
    driver: Driver, tmp_path: Path
) -> None:
    a = photo(90, 170)
    b = write_png(tmp_path / "b.png", with_patch(a, 41, 97))
    driver.open(write_png(tmp_path / "a.png", a), b)
    driver.controller.set_params(RegionParams(min_area=5))
    result = driver.answer()
    assert (len(result.regions), result.region_count) == (0, 1)
    assert driver.window.top_bar.regions.text() != "no differences"
    assert "smaller than the smallest" in driver.parts.regions.empty.text()


def test_warnings_stand_in_the_bar_and_at_their_stage(driver: Driver, tmp_path: Path) -> None:
    a = write_png(tmp_path / "a.png", photo(60, 100))
    b = write_png(tmp_path / "b.png", photo(60, 120))
    result = driver.open(a, b)
    assert result.notices
    shown = [c.text for c in driver.parts.notices.cards()]
    assert shown == [n.text for n in result.notices]
    driver.open(a, a)
    assert not driver.parts.notices.cards()


def test_what_a_stage_did_stands_beside_its_switch(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.switch("align")
    result = driver.answer()
    assert "px" in result.summaries["align"]
    assert driver.row("align")._summary == result.summaries["align"]
    driver.controller.previewed.emit()  # as when another answer is on its way
    assert driver.row("align")._summary == ""
