"""The whole window, by real clicks and keys: its numbers are those of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import recipes
from core.settings import Settings
from tests.gui.numbers import engine, shown

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]
STAGES = ("fit", "align", "gray", "normalize", "blur", "edges")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


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
    QApplication.clipboard().clear()  # another test may have left something there
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


def test_recipes(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    for name in recipes.names():
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
