"""The whole window, by real clicks and keys: its numbers are those of the engine."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import compare, open_image, recipes
from core.format import measure_text, number
from core.render import Side
from core.settings import Settings
from gui.views.layer import visible_rect
from tests.make import photo, with_patch, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from core.result import Result
    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]
STAGES = ("fit", "align", "gray", "normalize", "blur", "edges")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def numbers(result: Result) -> dict[str, str]:
    """Return label -> value as every part of the program writes it, without its unit."""
    return {
        m.label: measure_text(m).split(" ")[0] if m.unit == "share" else number(m.value)
        for m in result.measures.values()
    }


def shown(driver: Driver) -> dict[str, str]:
    return {label: value for label, (value, _) in driver.texts().items()}


def engine(driver: Driver, pair: Pair) -> dict[str, str]:
    """Return the numbers of a comparison beside the window, from the files alone."""
    a, b = (open_image(path) for path in pair)
    return numbers(compare(a, b, driver.controller.session.settings))


def test_each_switch_gives_the_numbers_of_the_engine_and_back(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    plain = shown(driver)
    assert plain == engine(driver, pair)
    for name in STAGES:
        before = driver.params(name).enabled
        driver.switch(name)
        driver.answer()
        assert driver.params(name).enabled is not before
        now = shown(driver)
        assert now == engine(driver, pair), name
        if name != "fit":  # which has nothing to do for pictures of one size
            assert now != plain, name
        driver.switch(name)
        driver.answer()
        assert shown(driver) == plain, name


def test_all_switches_at_once(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    for name in STAGES[1:]:
        driver.switch(name)
    driver.answer()
    assert all(driver.params(name).enabled for name in STAGES)
    assert shown(driver) == engine(driver, pair)


def test_title_names_and_verdict(driver: Driver, pair: Pair) -> None:
    assert driver.window.windowTitle() == "Pairlens"
    driver.open(*pair)
    assert driver.window.windowTitle() == "before.png ↔ after.png – Pairlens"
    assert driver.parts.readout.state.text().startswith("They differ: ")
    driver.open(pair[0], pair[0])
    assert driver.parts.readout.state.text().startswith("No difference: ")
    assert driver.window.top_bar.regions.text() == "no differences"


def test_undo_and_redo(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    plain = shown(driver)
    undo, redo = (driver.window.actions_by_id[name] for name in ("undo", "redo"))
    assert not undo.isEnabled()
    driver.switch("blur")
    driver.answer()
    blurred = shown(driver)
    assert undo.isEnabled()
    driver.key(Key.Key_Z, CTRL)
    driver.answer()
    assert shown(driver) == plain
    assert not driver.params("blur").enabled
    assert not driver.row("blur").toggle.isChecked()  # type: ignore[union-attr]  # it has one
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)
    driver.key(Key.Key_Z, CTRL | SHIFT)
    driver.answer()
    assert shown(driver) == blurred


def test_a_drag_is_one_undo_and_two_drags_are_two(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.switch("blur")
    slider, sigmas = driver.slider("blur", "sigma"), [driver.params("blur").to_dict()["sigma"]]
    for target in (0.4, 0.8):
        driver.drag(slider, target - 0.2, target - 0.1, target)
        sigmas.append(driver.params("blur").to_dict()["sigma"])
        QTest.qWait(1000)  # the pause that ends a run of changes is 800 ms
    assert len(set(sigmas)) == 3
    for sigma in reversed(sigmas[:-1]):
        driver.key(Key.Key_Z, CTRL)
        assert driver.params("blur").to_dict()["sigma"] == sigma
    assert driver.params("blur").enabled
    driver.key(Key.Key_Z, CTRL)
    assert not driver.params("blur").enabled


def test_a_switch_turned_twice_in_a_row_is_two_undos(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.switch("gray")
    driver.switch("gray")
    driver.key(Key.Key_Z, CTRL)
    assert driver.params("gray").enabled
    driver.key(Key.Key_Z, CTRL)
    assert not driver.params("gray").enabled


def test_numbers_are_pale_until_they_are_exact(driver: Driver, pair: Pair, gate: Gate) -> None:
    gate.open()
    driver.open(*pair)
    before = shown(driver)
    gate.close()
    held, measures = gate.held, driver.parts.measures
    driver.switch("normalize")
    assert measures.model.pending  # at once, before there is a preview
    driver.until(lambda: gate.held > held, "no answer at the gate")
    assert measures.model.pending
    assert shown(driver) == before
    measures.copy_all()
    assert not QApplication.clipboard().text()
    assert not driver.window.actions_by_id["export"].isEnabled()
    gate.open()
    driver.answer()
    assert shown(driver) != before
    assert driver.window.actions_by_id["export"].isEnabled()


def test_escape_stops_and_says_so(driver: Driver, pair: Pair, gate: Gate) -> None:
    driver.controller.open_pair(*map(str, pair))
    driver.until(lambda: gate.held, "no answer at the gate")
    driver.key(Key.Key_Escape)
    driver.rest()
    assert "stopped" in driver.parts.readout.state.text()
    assert "preview" in driver.parts.readout.state.text()
    assert not driver.parts.readout.progress.isVisible()
    assert shown(driver) == {}
    assert driver.window.top_bar.regions.text() == ""
    gate.open()
    driver.key(Key.Key_F5)
    driver.answer()
    assert shown(driver) == engine(driver, pair)


def test_escape_before_the_preview_says_that_pictures_are_from_before(
    driver: Driver, pair: Pair, gate: Gate
) -> None:
    gate.open()
    driver.open(*pair)
    gate.close()
    gate.before_preview = True
    driver.switch("gray")
    driver.key(Key.Key_Escape)
    driver.rest()
    assert driver.parts.readout.state.text() == "stopped: what is shown is from before"
    assert shown(driver) == {}


def test_swap(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    driver.key(Key.Key_X)
    driver.answer()
    assert driver.window.windowTitle().startswith("after.png ↔ before.png")
    assert shown(driver) == engine(driver, (pair[1], pair[0]))


def test_reload_reads_changed_files(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    before = shown(driver)
    driver.parts.view.camera.look_at(40, 50, 3.0)
    write_png(pair[1], photo(120, 208, seed=4))
    first = driver.controller.session.b
    driver.key(Key.Key_F5)
    driver.until(lambda: driver.controller.session.b is not first, "not read again")
    driver.answer()
    assert shown(driver) == engine(driver, pair) != before
    camera = driver.parts.view.camera
    assert (camera.centre, camera.zoom) == (QPointF(40, 50), 3.0)


@pytest.mark.parametrize("name", recipes.names())
def test_recipes(driver: Driver, pair: Pair, name: str) -> None:
    driver.open(*pair)
    menu = driver.parts.pipeline.recipe_link.menu()
    next(item for item in menu.actions() if item.data() == name).trigger()
    driver.answer()
    assert driver.controller.session.settings == recipes.load(name)
    assert shown(driver) == engine(driver, pair)
    assert driver.parts.pipeline.recipe_link.text() == f"recipe: {name} ▾"
    driver.window.actions_by_id["reset"].trigger()
    driver.answer()
    assert driver.controller.session.settings == Settings()
    assert driver.parts.pipeline.recipe_link.text() == "recipe ▾"


def test_a_failed_opening_keeps_all_that_is_shown(
    driver: Driver, pair: Pair, tmp_path: Path
) -> None:
    driver.open(*pair)
    before, state = shown(driver), driver.parts.readout.state.text()
    colour = driver.colour(Side.B, 60, 100)
    driver.controller.open_pair(str(tmp_path / "none.png"), None)
    driver.until(driver.sentences, "no sentence")
    driver.rest()
    (sentence,) = driver.sentences()
    assert sentence == "There is no file “none.png” at this place; check its name and folder."
    assert shown(driver) == before
    assert not driver.parts.measures.model.pending
    assert driver.parts.readout.state.text() == state
    assert not driver.parts.readout.progress.isVisible()
    assert driver.colour(Side.B, 60, 100) == colour
    driver.switch("gray")
    driver.answer()
    assert not driver.sentences()  # the next question is another one


def test_a_picture_alone_is_shown(driver: Driver, pair: Pair) -> None:
    driver.controller.open_pair(None, str(pair[1]))
    driver.until(lambda: driver.controller.session.b is not None, "not read")
    driver.rest()
    picture = open_image(pair[1]).data
    assert driver.window.windowTitle() == "after.png – Pairlens"
    driver.parts.view.camera.look_at(101, 61, 8.0)
    driver.rest()
    assert driver.colour(Side.B, 60, 100) == tuple(int(v) for v in picture[60, 100])
    assert not driver.parts.readout.progress.isVisible()
    assert driver.parts.readout.state.text() == ""
    assert shown(driver) == {}
    driver.controller.open_pair(str(pair[0]), None)
    driver.until(lambda: driver.controller.result, "no answer")
    driver.answer()
    assert shown(driver) == engine(driver, pair)


def test_p_shows_pictures_as_they_are_in_their_files(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    plain = driver.colour(Side.A, 60, 100)
    driver.switch("edges")
    driver.answer()
    edges, before = driver.colour(Side.A, 60, 100), shown(driver)
    assert edges != plain
    driver.key(Key.Key_P)
    driver.rest()
    assert driver.colour(Side.A, 60, 100) == plain
    assert shown(driver) == before
    driver.key(Key.Key_P)
    driver.rest()
    assert driver.colour(Side.A, 60, 100) == edges


def test_closing_while_a_comparison_runs_ends_all_threads(
    driver: Driver, pair: Pair, gate: Gate
) -> None:
    driver.controller.open_pair(*map(str, pair))
    driver.until(lambda: gate.held, "no answer at the gate")
    driver.window.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("pairlens-")]


def test_sharp_pictures_arrive_in_every_pane(driver: Driver, tmp_path: Path) -> None:
    a = np.tile(photo(130, 250), (10, 6, 1))
    b = with_patch(a, 1000, 1200, 9, 9)
    driver.open(write_png(tmp_path / "a.png", a), write_png(tmp_path / "b.png", b))
    view = driver.parts.view

    def sharp() -> bool:
        seen = visible_rect(view.camera, view.panes[0].view)
        return all(view._layers[side].serves(seen, 0) for side in Side)

    for row, col in ((1004, 1204), (300, 500)):
        view.camera.look_at(col, row, 2.0)
        driver.until(sharp, f"not sharp at {row}, {col}")
        for side, picture in ((Side.A, a), (Side.B, b)):
            assert driver.colour(side, row, col) == tuple(int(v) for v in picture[row, col])
    driver.switch("blur")  # the answer comes with other overviews: all details are asked anew
    driver.answer()
    driver.until(sharp, "not sharp after a switch")
