"""A picture that is left alone, as the first frame of a film is: no number stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.places.params import PlacesParams

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]


def no_number_is_shown(driver: Driver) -> bool:
    parts, controller = driver.parts, driver.controller
    curves = driver.window.presenter._histograms
    return (
        controller.result is None
        and parts.measures.model.rowCount() == 0
        and parts.regions.model.rowCount() == 0
        and driver.window.top_bar.regions.text() == ""
        and parts.readout.state.text() == ""
        and (curves is None or curves._histograms is None)
    )


def test_the_numbers_of_a_pair_go_with_it(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    driver.controller.set_params(PlacesParams(place="rect 3,4 60x31 name=clock"))
    driver.answer()
    assert not no_number_is_shown(driver)
    assert result.regions
    row = driver.parts.places.rows[0]
    assert row.numbers.text()
    driver.controller.take(driver.controller.session.a, None)
    assert no_number_is_shown(driver)
    driver.rest()
    assert no_number_is_shown(driver)
    assert not driver.parts.places.rows[0].numbers.text()


def test_an_answer_that_is_on_its_way_does_not_arrive(
    driver: Driver, pair: Pair, gate: Gate
) -> None:
    driver.controller.open_pair(*map(str, pair))
    driver.until(lambda: gate.held == 1, "nothing was compared")
    driver.controller.take(driver.controller.session.a, None)
    gate.open()
    driver.rest()
    assert no_number_is_shown(driver)
    driver.open(*pair)
    assert not no_number_is_shown(driver)
