"""An alignment in the window: what is said of it, its arrows, and the flicker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.alignment.facts import facts
from core.difference import DifferenceParams
from core.render import Side
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.tone import Tone
from core.types import Rect
from gui.align_check import told
from gui.flickering import unaligned
from gui.views.modes import Mode
from tests.make import photo, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

    Pair = tuple[Path, Path]
ALIGN = AlignParams(enabled=True)


@pytest.fixture
def unrelated(tmp_path: Path) -> Pair:
    a, b = photo(120, 208, 3), np.full((120, 208, 3), 90, np.uint8)
    return write_png(tmp_path / "one.png", a), write_png(tmp_path / "flat.png", b)


def action(driver: Driver, name: str):
    return driver.window.actions_by_id[name]


def aligned(driver: Driver, pair: Pair):
    driver.open(*pair)
    driver.controller.set_params(ALIGN)
    return driver.answer()


def settled(driver: Driver) -> None:
    driver.answer()
    for _ in range(3):  # a thread at rest may have left a picture on its way to the window
        driver.until(lambda: driver.window.flickering.idle, "nothing is shown as it was opened")
        driver.rest()


def flickering(driver: Driver, pair: Pair):
    """Return the answer of a pair that flickers, and is shown as it was opened."""
    result = aligned(driver, pair)
    driver.parts.view.set_blink_interval(100)
    action(driver, "align_flicker").trigger()
    paused(driver, opened=True)
    return result


def paused(driver: Driver, *, opened: bool) -> None:
    view = driver.parts.view
    if not view._controls.playing:
        view.toggle_blink()
    driver.until(lambda: view.state.opened is opened, "nothing takes turns")
    view.toggle_blink()
    settled(driver)


# -- in words


def test_the_tooltip_says_all(driver: Driver, pair: Pair) -> None:
    result = aligned(driver, pair)
    row = driver.parts.pipeline.rows["align"]
    tip = row._below.label.toolTip()
    assert tip == row._below.mark.toolTip() or tip.endswith(row._below.mark.toolTip())
    for name, text in facts(result.alignment, (120, 208)):
        assert f"{name}: {text}" in " ".join(tip.split())
    assert " ".join(result.alignment.reason.split()) in " ".join(tip.split())
    assert max(map(len, tip.splitlines())) <= 80
    shown = [row._beside.label.text(), row._below.label.text(), row._below.more.text()]
    assert "".join(shown).replace("\n", "").replace(" ", "") == (
        result.summaries["align"].replace(" ", "")
    )


def test_a_refusal_says_why_and_leaves_the_switch_on(driver: Driver, unrelated: Pair) -> None:
    result = aligned(driver, unrelated)
    assert not result.alignment.accepted
    row = driver.parts.pipeline.rows["align"]
    assert row.toggle is not None
    assert row.toggle.isChecked()
    assert driver.controller.session.settings[AlignParams].enabled
    assert row._beside.label.text() == "refused"
    tip = " ".join(row._beside.mark.toolTip().split())
    assert result.alignment.reason in tip
    assert tip.count(result.alignment.reason) == 1
    assert "Model: none (asked for: auto)" in tip
    assert "aligned" not in driver.parts.view.panes[2].names.texts[Side.DIFFERENCE]
    assert not action(driver, "align_flicker").isEnabled()


def test_nothing_is_said_of_an_alignment_that_is_off(driver: Driver, pair: Pair) -> None:
    result = aligned(driver, pair)
    assert told(result)
    driver.controller.set_params(AlignParams())
    result = driver.answer()
    assert told(result) == ""
    assert driver.parts.pipeline.rows["align"]._help == ""
    assert not action(driver, "arrows").isEnabled()
    assert not action(driver, "align_flicker").isEnabled()


# -- arrows


def test_a_key_draws_what_is_left(driver: Driver, pair: Pair) -> None:
    aligned(driver, pair)
    pane = driver.parts.view.panes[2]
    plain = pane.grab().toImage()
    driver.key(Qt.Key.Key_Q)
    assert action(driver, "arrows").isChecked()
    assert pane.grab().toImage() != plain
    driver.key(Qt.Key.Key_Q)
    assert pane.grab().toImage() == plain


def test_arrows_go_with_the_answer_they_belong_to(
    driver: Driver, pair: Pair, unrelated: Pair
) -> None:
    aligned(driver, pair)
    action(driver, "arrows").trigger()
    view = driver.parts.view
    first = view._quiver
    assert first is not None
    driver.controller.set_params(AlignParams(enabled=True, nudge_x=1.0))
    driver.answer()
    second = view._quiver
    assert second is not None
    assert second != first
    driver.controller.set_params(AlignParams())
    driver.answer()
    assert view._quiver is None
    driver.controller.history.undo()
    driver.answer()
    assert view._quiver == second
    driver.open(*unrelated)
    assert view._quiver is None or view._quiver.arrows == ()


def test_arrows_of_a_question_before_do_not_stay(driver: Driver, pair: Pair, gate: Gate) -> None:
    gate.open()
    aligned(driver, pair)
    action(driver, "arrows").trigger()
    gate.close()
    driver.controller.set_params(AlignParams(enabled=True, nudge_x=1.0))
    driver.until(lambda: driver.parts.view._quiver is None, "arrows of before are shown")
    assert driver.parts.pipeline.rows["align"]._help == ""
    gate.open()
    driver.answer()
    assert driver.parts.view._quiver is not None


# -- flicker


def test_flicker_shows_b_as_it_was_opened_and_as_it_is_aligned(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    at = (60, 100)
    opened = [driver.colour(side, *at) for side in Side]
    aligned_ = aligned(driver, pair)
    after = [driver.colour(side, *at) for side in Side]
    assert opened[0] == after[0]
    assert opened[1:] != after[1:]
    driver.parts.view.set_blink_interval(100)
    driver.key(Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    paused(driver, opened=True)
    assert [driver.colour(side, *at) for side in Side] == opened
    paused(driver, opened=False)
    assert [driver.colour(side, *at) for side in Side] == after
    assert driver.controller.result is aligned_


def test_no_number_changes_while_it_flickers(driver: Driver, pair: Pair) -> None:
    result = aligned(driver, pair)
    state = driver.parts.readout.state.text()
    texts = driver.texts()
    answers = []
    driver.controller.answered.connect(answers.append)
    driver.parts.view.set_blink_interval(100)
    action(driver, "align_flicker").trigger()
    for opened in (True, False, True):
        paused(driver, opened=opened)
        assert driver.texts() == texts
        assert driver.controller.result is result
        assert driver.parts.readout.state.text() == state
    assert answers == []
    assert not action(driver, "blink_pause").isChecked()
    assert action(driver, "blink_pause").isEnabled()


def test_what_is_compared_without_align_has_no_numbers(driver: Driver, pair: Pair) -> None:
    aligned(driver, pair)
    asked = driver.controller.painting.sources[Side.B].request
    made = unaligned(asked)
    assert not made.settings[AlignParams].enabled
    assert (made.a, made.b) == (asked.a, asked.b)
    assert (made.measures, made.regions, made.histograms, made.intervals) == (
        frozenset(), False, False, False,
    )  # fmt: skip
    assert made.settings.replacing(asked.settings[AlignParams]) == asked.settings


def test_the_name_of_the_difference_does_not_contradict_the_mark(
    driver: Driver, pair: Pair
) -> None:
    aligned(driver, pair)
    names = driver.parts.view.panes[2].names
    assert names.texts[Side.DIFFERENCE] == "|A − B|, aligned"
    action(driver, "align_flicker").trigger()
    assert names.texts[Side.DIFFERENCE] == "|A − B|"
    action(driver, "align_flicker").trigger()
    assert names.texts[Side.DIFFERENCE] == "|A − B|, aligned"


def test_it_follows_settings_and_display(driver: Driver, pair: Pair) -> None:
    flickering(driver, pair)
    at = (60, 100)
    before = driver.colour(Side.B, *at), driver.colour(Side.DIFFERENCE, *at)
    driver.controller.set_tone(Tone(exposure_ev=1.0))
    settled(driver)
    assert driver.parts.view.state.opened
    driver.until(lambda: sum(driver.colour(Side.B, *at)) > sum(before[0]), "not brighter")
    assert driver.colour(Side.DIFFERENCE, *at) == before[1]
    driver.controller.set_params(BlurParams(enabled=True))
    settled(driver)
    paused(driver, opened=True)
    driver.until(lambda: driver.colour(Side.DIFFERENCE, *at) != before[1], "not blurred")


def test_another_tolerance_or_nudge_is_followed(driver: Driver, pair: Pair) -> None:
    flickering(driver, pair)
    driver.controller.set_params(DifferenceParams(tolerance=9.0))
    driver.answer()
    assert not driver.parts.view.state.opened
    paused(driver, opened=True)
    driver.controller.set_params(AlignParams(enabled=True, nudge_x=3.0))
    driver.answer()
    paused(driver, opened=True)


def test_it_ends_with_align_and_comes_back_with_it(driver: Driver, pair: Pair) -> None:
    flickering(driver, pair)
    view = driver.parts.view
    driver.controller.set_params(AlignParams())
    driver.answer()
    assert not view.state.flicker
    assert not action(driver, "blink_pause").isEnabled()
    driver.controller.history.undo()
    driver.answer()
    assert view.state.flicker
    paused(driver, opened=True)


def test_switched_off_it_keeps_nothing(driver: Driver, pair: Pair) -> None:
    flickering(driver, pair)
    action(driver, "align_flicker").trigger()
    made = driver.window.flickering
    assert made._source is None
    assert made._painting is not None
    assert made._painting.sources == {}
    assert all(layer.empty for layer in driver.parts.view._flicker.layers.values())


def test_sharp_pictures_are_made_of_what_was_opened_too(driver: Driver, pair: Pair) -> None:
    flickering(driver, pair)
    view = driver.parts.view
    view.set_mode(Mode.B)
    view.camera.look_at(100, 60, 8.0)
    settled(driver)
    own = driver.controller.painting.sources[Side.B].request.b
    expected = tuple(int(v) for v in own.read(Rect(60, 100, 1, 1))[0, 0])
    assert driver.colour(Side.B, 60, 100) == expected


def test_closing_while_it_is_computed_ends_all_threads(
    driver: Driver, pair: Pair, gate: Gate
) -> None:
    gate.open()
    aligned(driver, pair)
    gate.close()
    action(driver, "align_flicker").trigger()
    driver.window.close()
    assert driver.window.flickering.idle
