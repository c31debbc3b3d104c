"""The whole window: what is opened, kept, shown alone, read again and closed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt

from core import open_image
from core.render import Side
from gui.views.layer import visible_rect
from tests.gui.numbers import engine, shown
from tests.make import photo, with_patch, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]
Key = Qt.Key


def test_title_names_and_verdict(driver: Driver, pair: Pair) -> None:
    assert driver.window.windowTitle() == "Pairlens"
    driver.open(*pair)
    assert driver.window.windowTitle() == "before.png ↔ after.png – Pairlens"
    assert driver.parts.readout.state.text().startswith("They differ: ")
    driver.open(pair[0], pair[0])
    assert driver.parts.readout.state.text().startswith("No difference: ")
    assert driver.window.top_bar.regions.text() == "no differences"


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
