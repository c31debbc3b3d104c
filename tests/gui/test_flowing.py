"""Motion in the window: whose it is, when it is shown, and that it is never out of date."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from core.buffer import ImageBuffer
from core.render import Side
from core.sequence.flow import flow_between
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from gui.views.modes import Mode
from tests.make import photo, shifted, write_png

if TYPE_CHECKING:
    from pathlib import Path

    from core.sequence.flow_shown import FlowShown
    from tests.gui.driver import Driver
    from tests.gui.gate import Gate

    Pair = tuple[Path, Path]


@pytest.fixture
def moved(tmp_path: Path) -> Pair:
    """Write two pictures: what A shows lies 4 px lower and 6 px further left in B."""
    a, b = shifted(4, -6, 160, 288, seed=3)
    return write_png(tmp_path / "a.png", a), write_png(tmp_path / "b.png", b)


@pytest.fixture
def still(tmp_path: Path) -> Pair:
    a = photo(160, 288, seed=5)
    return write_png(tmp_path / "c.png", a), write_png(tmp_path / "d.png", a[::-1])


def switch(driver: Driver):
    return driver.window.actions_by_id["motion"]


def shown(driver: Driver) -> FlowShown | None:
    drawn = driver.parts.view._flow
    return None if drawn is None else drawn.shown


def flowing(driver: Driver) -> FlowShown:
    driver.until(lambda: shown(driver) is not None, "no motion is shown")
    made = shown(driver)
    assert made is not None
    return made


def settled(driver: Driver) -> None:
    for _ in range(3):
        driver.until(lambda: driver.window.flowing.idle, "motion is being found for ever")
        driver.rest()


def grabbed(driver: Driver) -> list[object]:
    return [pane.grab().toImage() for pane in driver.parts.view.panes]


class Held:
    """Stands for `flow_between`; answers wait until they are let go."""

    def __init__(self) -> None:
        self.go, self.asked = threading.Event(), 0

    def __call__(self, a, b, token, *, preset):
        self.asked += 1
        while not self.go.wait(0.002):
            token.check()
        return flow_between(a, b, token, preset=preset)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    made = Held()
    monkeypatch.setattr("core.sequence.flow.flow_between", made)
    return made


def test_a_key_draws_the_motion_on_a_and_on_b(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    settled(driver)
    plain, before = grabbed(driver), driver.colour(Side.B, 60, 150)
    driver.key(Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert switch(driver).isChecked()
    made = flowing(driver)
    settled(driver)
    now = grabbed(driver)
    assert driver.colour(Side.B, 60, 150)[1] > before[1]  # what moves down and left is green
    assert [x != y for x, y in zip(plain, now, strict=True)] == [True, True, False]
    arrow = made.quiver.arrows[len(made.quiver.arrows) // 2]
    assert (arrow.dx, arrow.dy) == pytest.approx((-6, 4), abs=0.5)
    assert made.lines[0].startswith("mean 7.2 px")
    driver.key(Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert shown(driver) is None
    assert grabbed(driver) == plain


def test_it_can_be_on_before_there_are_pictures_and_follows_them(
    driver: Driver, moved: Pair, still: Pair
) -> None:
    assert not switch(driver).isEnabled()
    switch(driver).setChecked(True)
    driver.open(*moved)
    first = flowing(driver)
    assert switch(driver).isEnabled()
    driver.open(*still)
    driver.until(lambda: shown(driver) not in (None, first), "not of the new pictures")
    driver.open(*moved)
    driver.until(
        lambda: (s := shown(driver)) is not None and s.lines == first.lines, "not of the old ones"
    )


def test_swapped_pictures_move_the_other_way(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    first = flowing(driver)
    driver.controller.swap()
    driver.answer()
    driver.until(lambda: shown(driver) not in (None, first), "not of the swapped pictures")
    arrow = flowing(driver).quiver.arrows[0]
    assert (arrow.dx, arrow.dy) == pytest.approx((6, -4), abs=0.5)


def test_settings_change_nothing_and_ask_for_nothing(
    driver: Driver, moved: Pair, held: Held
) -> None:
    held.go.set()
    driver.open(*moved)
    switch(driver).trigger()
    made = flowing(driver)
    driver.controller.set_params(BlurParams(enabled=True))
    driver.answer()
    settled(driver)
    assert shown(driver) is made
    assert held.asked == 1


def test_pictures_of_two_sizes_have_no_motion(driver: Driver, moved: Pair, tmp_path: Path) -> None:
    switch(driver).setChecked(True)
    driver.open(*moved)
    flowing(driver)
    other = write_png(tmp_path / "other.png", photo(150, 288, seed=3))
    driver.open(moved[0], other)
    assert not switch(driver).isEnabled()
    settled(driver)
    assert shown(driver) is None
    assert driver.sentences() == []


def test_pictures_too_small_are_named_in_one_sentence(driver: Driver, tmp_path: Path) -> None:
    paths = [write_png(tmp_path / f"{k}.png", photo(9, 12, seed=k)) for k in (1, 2)]
    switch(driver).setChecked(True)
    driver.open(*paths)
    driver.until(driver.sentences, "nothing is said")
    settled(driver)
    assert driver.sentences() == ["Pictures of 12 × 9 px are too small to find motion in."]
    assert shown(driver) is None


def test_motion_of_pictures_before_is_never_on_those_after(
    driver: Driver, moved: Pair, still: Pair, held: Held
) -> None:
    held.go.set()
    switch(driver).setChecked(True)
    driver.open(*moved)
    flowing(driver)
    held.go.clear()
    told: list[None] = []
    driver.window.flowing.settled.connect(lambda: told.append(None))
    driver.open(*still)  # its pictures are painted, its motion is not found yet
    assert shown(driver) is None
    assert driver.window.flowing.looking
    held.go.set()
    flowing(driver)
    assert told == [None]
    assert not driver.window.flowing.looking


def test_motion_of_pictures_to_come_waits_for_them(
    driver: Driver, moved: Pair, still: Pair, gate: Gate
) -> None:
    gate.open()
    switch(driver).setChecked(True)
    driver.open(*moved)
    first = flowing(driver)
    gate.close()
    gate.before_preview = True
    driver.controller.open_pair(*map(str, still))
    made = driver.window.flowing
    driver.until(lambda: made._ready is not None and made._ready.shown is not first, "not found")
    assert shown(driver) is first  # as are the pictures on the screen
    gate.open()
    driver.answer()
    driver.until(lambda: shown(driver) not in (None, first), "never shown")


def test_what_is_forgotten_comes_back_with_the_next_pictures(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    first = flowing(driver)
    driver.window.flowing.forget()
    assert shown(driver) is None
    driver.controller.painting.tone(driver.controller.display, driver.controller.result)
    driver.rest()
    assert shown(driver) is None  # pictures of the same pair are no other ones
    session = driver.controller.session
    driver.controller.take(session.a, session.b)
    driver.until(lambda: shown(driver) not in (None, first), "never shown again")


def test_the_newest_of_many_pairs_wins(driver: Driver, moved: Pair, held: Held) -> None:
    switch(driver).setChecked(True)
    driver.open(*moved)
    pairs = [tuple(map(ImageBuffer.from_array, shifted(k, k, 160, 288))) for k in range(1, 6)]
    for a, b in pairs:
        driver.controller.take(a, b)
    held.go.set()
    driver.answer()
    flowing(driver)
    settled(driver)
    arrow = flowing(driver).quiver.arrows[-1]
    assert (arrow.dx, arrow.dy) == pytest.approx((5, 5), abs=0.5)
    assert held.asked <= 1 + len(pairs)


def test_what_was_on_its_way_when_it_was_switched_off_is_not_shown(
    driver: Driver, moved: Pair
) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    flowing(driver)
    late = driver.window.flowing._ready
    switch(driver).trigger()
    driver.window.flowing._on_event(late)
    assert shown(driver) is None


def test_a_side_that_is_closed_takes_the_motion_along(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    flowing(driver)
    driver.controller.take(driver.controller.session.a, None)
    assert shown(driver) is None
    assert not switch(driver).isEnabled()


def test_colours_lie_where_align_laid_b(driver: Driver, moved: Pair) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    flowing(driver)
    made = driver.window.flowing._drawn
    assert made is not None
    assert made[1] == made[2]
    driver.controller.set_params(AlignParams(enabled=True))
    result = driver.answer()
    assert result.alignment.accepted
    drawn = driver.window.flowing._drawn
    assert drawn is not None
    assert drawn[0] is made[0]
    right, down = drawn[2][0][2] - drawn[1][0][2], drawn[2][1][2] - drawn[1][1][2]
    assert (right, down) == pytest.approx((6, -4), abs=0.1)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_shows_it(driver: Driver, moved: Pair, mode: Mode) -> None:
    driver.open(*moved)
    view = driver.parts.view
    view.set_mode(mode)
    if mode is Mode.BLINK:
        view.toggle_blink()
    settled(driver)
    before = grabbed(driver)
    switch(driver).trigger()
    flowing(driver)
    assert grabbed(driver) != before


def test_closing_while_it_is_computed_ends_the_thread(
    driver: Driver, moved: Pair, held: Held
) -> None:
    driver.open(*moved)
    switch(driver).trigger()
    driver.until(lambda: held.asked, "never asked")
    driver.window.close()
    assert driver.window.flowing.idle
