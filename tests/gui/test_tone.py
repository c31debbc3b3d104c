"""Exposure in the whole window: pictures get brighter, numbers stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.render import Side
from core.tone import Tone
from gui.controller import Controller
from tests.make import photo, with_patch, write_tiff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from core.render import Picture
    from tests.gui.driver import Driver

Pair = tuple["Path", "Path"]
Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def floats(tmp_path: Path) -> Pair:
    """Two float pictures with values above white."""
    a = photo(120, 208, 3, dtype=np.float32) * np.float32(3)
    b = with_patch(a, 30, 150, 9, 14, by=0.25)
    return write_tiff(tmp_path / "a.tif", a), write_tiff(tmp_path / "b.tif", b)


def test_keys_step_the_exposure_and_no_number_changes(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    driver.rest()
    seen: dict[Side, list[float]] = {Side.A: [], Side.B: [], Side.DIFFERENCE: []}

    def note(picture: Picture, detail: bool) -> None:
        if not detail:
            seen[picture.side].append(float(picture.rgb.mean()))

    driver.controller.picture_ready.connect(note)
    camera = driver.parts.view.camera
    before = (camera.zoom, camera.centre)
    window = driver.window
    for key, mod, ev in (
        (Key.Key_E, Mod.NoModifier, 0.5), (Key.Key_E, Mod.NoModifier, 1.0),
        (Key.Key_E, Mod.ShiftModifier, 0.5), (Key.Key_0, Mod.ControlModifier, 0.0),
        (Key.Key_E, Mod.ShiftModifier, -0.5),
    ):  # fmt: skip
        QTest.keyClick(window, key, mod)
        assert driver.controller.display.tone == Tone(exposure_ev=ev)
        assert driver.parts.tone.tone == Tone(exposure_ev=ev)
        driver.rest()
    assert driver.controller.result is result
    assert (camera.zoom, camera.centre) == before
    for side in (Side.A, Side.B):
        half, one, again, plain, dark = seen[side]
        assert dark < plain < half < one
        assert half == again
    assert not seen[Side.DIFFERENCE]


def test_the_bar_comes_for_float_pictures_and_goes_for_bytes(
    driver: Driver, pair: Pair, floats: Pair
) -> None:
    bar, action = driver.parts.tone, driver.window.actions_by_id["light"]
    driver.open(*pair)
    assert not bar.isVisible()
    driver.open(*floats)
    assert bar.isVisible()
    assert action.isChecked()
    driver.click(bar.close_button)
    assert not bar.isVisible()
    assert not action.isChecked()
    QTest.keyClick(driver.window, Key.Key_L)
    assert bar.isVisible()
    bar.exposure.spin.setValue(1.0)
    driver.rest()
    driver.open(*pair)
    assert bar.isVisible()  # pictures are not shown as they are, so what does it is seen
    driver.controller.set_tone(Tone())
    driver.open(*floats)
    driver.open(*pair)
    assert not bar.isVisible()


def test_automatic_exposure_brings_what_is_seen_within_white(driver: Driver, floats: Pair) -> None:
    driver.open(*floats)
    driver.click(driver.parts.tone.auto)
    driver.rest()
    ev = driver.controller.display.tone.exposure_ev
    assert -6 < ev < -1  # up to 3 times white, as sRGB-encoded values some 12 times the light
    assert driver.parts.tone.exposure.value() == ev


def test_marks_are_switched_by_their_key_and_shown_in_the_menu(
    driver: Driver, floats: Pair
) -> None:
    driver.open(*floats)
    QTest.keyClick(driver.window, Key.Key_Z)
    assert driver.controller.display.tone.mark
    assert driver.window.actions_by_id["mark_clipped"].isChecked()
    driver.parts.tone.mark.click()
    assert not driver.window.actions_by_id["mark_clipped"].isChecked()
    driver.rest()


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[Controller]:
    made = Controller()
    yield made
    made.close()


def rest(controller: Controller, qtbot: QtBot) -> None:
    """Wait until nothing is being computed and all that was painted has arrived."""
    for _ in range(3):  # a thread at rest may have left a picture on its way to the window
        qtbot.waitUntil(lambda: controller.idle, timeout=30_000)
        QTest.qWait(0)


def test_while_a_slider_is_dragged_both_pictures_are_seen_and_the_last_place_wins(
    controller: Controller, qtbot: QtBot, pair: Pair
) -> None:
    controller.open_pair(*map(str, pair))
    qtbot.waitUntil(lambda: controller.result is not None, timeout=30_000)
    rest(controller, qtbot)
    seen: list[tuple[Side, float]] = []
    controller.painting.picture_ready.connect(
        lambda p, _: seen.append((p.side, float(p.rgb.mean())))
    )
    for k in range(40):
        controller.set_tone(Tone(exposure_ev=k / 20))
    qtbot.waitUntil(lambda: len(seen) >= 4, timeout=30_000)
    rest(controller, qtbot)
    sides = [side for side, _ in seen]
    assert set(sides) == {Side.A, Side.B}
    assert len(sides) < 40  # most places of the slider were passed over
    last = dict(seen)
    controller.set_tone(Tone())
    seen.clear()
    qtbot.waitUntil(lambda: len(seen) >= 2, timeout=30_000)
    assert all(mean < last[side] for side, mean in seen)
    controller.set_tone(Tone(exposure_ev=39 / 20))
    seen.clear()
    qtbot.waitUntil(lambda: len(seen) >= 2, timeout=30_000)
    assert dict(seen[-2:]) == last


def test_one_picture_alone_gets_brighter_too(
    controller: Controller, qtbot: QtBot, pair: Pair
) -> None:
    seen: list[float] = []
    controller.picture_ready.connect(lambda p, _: seen.append(float(p.rgb.mean())))
    controller.open_pair(str(pair[0]), None)
    qtbot.waitUntil(lambda: bool(seen) and controller.idle, timeout=30_000)
    controller.set_tone(Tone(exposure_ev=1.0))
    qtbot.waitUntil(lambda: len(seen) >= 2, timeout=30_000)
    assert seen[-1] > seen[0]
