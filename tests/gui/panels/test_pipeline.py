from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core.difference import DifferenceParams
from core.registry import all_params
from core.settings import Params, Settings, ui
from core.types import MapKind
from gui.panels.pipeline import PipelinePanel, shown_kinds
from gui.widgets.choice import Choice
from gui.widgets.slider_spin import SliderSpin


class Way(StrEnum):
    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, kw_only=True)
class SmearParams(Params):
    name: ClassVar[str] = "smear"
    title: ClassVar[str] = "Smear"
    about: ClassVar[str] = "Smears both pictures."

    way: Way = field(
        default=Way.SOFT,
        metadata=ui("Way", "How.", choices={"soft": "softly", "hard": "hard"}, primary=True),
    )
    sigma: float = field(
        default=1.5,
        metadata=ui("Sigma", "How far.", 0.5, 20.5, step=0.1, unit="px", only_for=("soft",)),
    )
    rounds: int = field(default=1, metadata=ui("Rounds", "How often.", 1, 9, step=1))


@dataclass(frozen=True, kw_only=True)
class OddParams(Params):
    name: ClassVar[str] = "odd"
    title: ClassVar[str] = "Odd"

    deep: bool = field(default=False, metadata=ui("Deep", "Whether deep."))
    word: str = field(default="", metadata=ui("Word", "Any word."))
    huge: int = field(default=5, metadata=ui("Huge", "Many.", 1, 1_000_000, step=1))


KINDS = (SmearParams, OddParams, DifferenceParams)


@pytest.fixture
def panel(qtbot: QtBot, show: Callable[[QWidget, int, int], None]) -> PipelinePanel:
    made = PipelinePanel(KINDS)
    show(made, 372, 600)
    return made


def press(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_click_on_the_switch_emits_the_group_switched_on(
    panel: PipelinePanel, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(panel.params_changed) as told:
        press(qtbot, panel.rows["smear"].toggle)
    assert told.args == [SmearParams(enabled=True)]


def test_space_turns_the_switch(panel: PipelinePanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.params_changed) as told:
        qtbot.keyClick(panel.rows["smear"].toggle, Qt.Key.Key_Space)
    assert told.args[0].enabled


def test_the_choice_emits_and_hides_what_has_no_effect(panel: PipelinePanel, qtbot: QtBot) -> None:
    row = panel.rows["smear"]
    panel.show_settings(Settings([SmearParams(enabled=True)]))
    assert row.details.isVisible()  # two numbers to be tuned open by themselves
    assert row.details.shown_fields() == ("sigma", "rounds")
    assert isinstance(row.choice, Choice)
    with qtbot.waitSignal(panel.params_changed) as told:
        qtbot.keyClick(row.choice, Qt.Key.Key_Down)
    assert told.args == [SmearParams(enabled=True, way=Way.HARD)]
    assert row.details.shown_fields() == ("rounds",)


def test_details_are_hidden_while_the_group_is_off(panel: PipelinePanel) -> None:
    row = panel.rows["smear"]
    assert not row.details.isVisible()
    assert not row.disclosure.isVisible()


def test_details_stay_as_a_person_left_them(panel: PipelinePanel, qtbot: QtBot) -> None:
    row = panel.rows["smear"]
    panel.show_settings(Settings([SmearParams(enabled=True)]))
    press(qtbot, row.disclosure)
    assert not row.details.isVisible()
    panel.show_settings(Settings([SmearParams(enabled=True, sigma=3.0)]))
    assert not row.details.isVisible()


def slider_of(panel: PipelinePanel) -> SliderSpin:
    made = panel.rows["difference"].pinned.fields["tolerance"].widget
    assert isinstance(made, SliderSpin)
    return made


def test_dragging_a_slider_emits_all_the_way(panel: PipelinePanel, qtbot: QtBot) -> None:
    slider = slider_of(panel).slider
    seen: list[Params] = []
    panel.params_changed.connect(seen.append)
    y = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(10, y))
    for x in (30, 50, 70):
        qtbot.mouseMove(slider, QPoint(x, y))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(70, y))
    tolerances = [p.tolerance for p in seen if isinstance(p, DifferenceParams)]
    assert len(tolerances) >= 3
    assert tolerances == sorted(set(tolerances))
    assert all(t == int(t) for t in tolerances)
    assert slider_of(panel).value() == tolerances[-1] > 0


@pytest.mark.parametrize(
    ("key", "now"),
    [(Qt.Key.Key_Right, 37), (Qt.Key.Key_Left, 35), (Qt.Key.Key_PageUp, 46), (Qt.Key.Key_Up, 37)],
)
def test_keys_step_the_number_by_its_step(
    panel: PipelinePanel, qtbot: QtBot, key: Qt.Key, now: float
) -> None:
    panel.show_settings(Settings([DifferenceParams(tolerance=36)]))
    with qtbot.waitSignal(panel.params_changed) as told:
        qtbot.keyClick(slider_of(panel).slider, key)
    assert told.args == [DifferenceParams(tolerance=now)]


def test_a_typed_number_counts_at_enter(panel: PipelinePanel, qtbot: QtBot) -> None:
    spin = slider_of(panel).spin
    seen: list[Params] = []
    panel.params_changed.connect(seen.append)
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "12.5")
    assert not seen
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert seen == [DifferenceParams(tolerance=12.5)]
    assert spin.text() == "12.5"


def test_showing_settings_emits_nothing(panel: PipelinePanel, qtbot: QtBot) -> None:
    settings = Settings(
        [
            SmearParams(enabled=True, way=Way.HARD, sigma=7.3, rounds=4),
            OddParams(enabled=True, deep=True, word="abc", huge=777),
            DifferenceParams(tolerance=17.5, map=MapKind.SQUARED),
        ]
    )
    with qtbot.assertNotEmitted(panel.params_changed):
        panel.show_settings(settings)
        panel.show_settings(Settings())
        panel.show_settings(settings)
    assert slider_of(panel).value() == 17.5
    assert panel.rows["smear"].toggle is not None
    assert panel.rows["smear"].toggle.isChecked()
    details = panel.rows["smear"].details.fields
    assert isinstance(details["sigma"].widget, SliderSpin)
    assert details["sigma"].widget.spin.text() == "7.3 px"


def test_a_change_keeps_what_the_other_controls_cannot_show(
    panel: PipelinePanel, qtbot: QtBot
) -> None:
    """A sigma finer than its step must not be rounded because another field changed."""
    panel.show_settings(Settings([SmearParams(enabled=True, sigma=1.23456)]))
    with qtbot.waitSignal(panel.params_changed) as told:
        press(qtbot, panel.rows["smear"].toggle)
    assert told.args == [SmearParams(enabled=False, sigma=1.23456)]


def test_every_kind_of_field_has_its_control(panel: PipelinePanel, qtbot: QtBot) -> None:
    panel.show_settings(Settings([OddParams(enabled=True)]))
    row = panel.rows["odd"]
    press(qtbot, row.disclosure)
    deep, word = row.details.fields["deep"].widget, row.details.fields["word"].widget
    assert isinstance(deep, QCheckBox)
    assert isinstance(word, QLineEdit)
    with qtbot.waitSignal(panel.params_changed) as told:
        qtbot.mouseClick(deep, Qt.MouseButton.LeftButton, pos=QPoint(8, deep.height() // 2))
    assert told.args == [OddParams(enabled=True, deep=True)]
    with qtbot.waitSignal(panel.params_changed) as told:
        qtbot.keyClicks(word, "x")
    assert told.args == [OddParams(enabled=True, deep=True, word="x")]
    huge = row.details.fields["huge"].widget
    assert not isinstance(huge, SliderSpin)  # a million steps cannot be aimed at with a slider


def wheel(widget: QComboBox | SliderSpin) -> None:
    target = widget if isinstance(widget, QComboBox) else widget.slider
    place = QPointF(target.rect().center())
    event = QWheelEvent(
        place,
        QPointF(target.mapToGlobal(place.toPoint())),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def test_scrolling_over_a_control_changes_no_number(panel: PipelinePanel, qtbot: QtBot) -> None:
    panel.show_settings(Settings([DifferenceParams(tolerance=36)]))
    panel.recipe_link.setFocus()
    choice = panel.rows["difference"].choice
    assert isinstance(choice, Choice)
    with qtbot.assertNotEmitted(panel.params_changed):
        wheel(slider_of(panel))
        wheel(choice)


def test_summary_moves_below_when_it_does_not_fit(panel: PipelinePanel, qtbot: QtBot) -> None:
    row = panel.rows["smear"]
    panel.show_settings(Settings([SmearParams(enabled=True)]))
    panel.show_summaries({"smear": "σ 1"})
    assert (row._beside.label.text(), row._below.isVisible()) == ("σ 1", False)
    long = "gain 1.08, bias +6.25, and more than fits on the line"
    panel.show_summaries({"smear": long})
    assert (row._beside.label.text(), row._below.isVisible()) == ("", True)
    qtbot.waitUntil(row._below.more.isVisible)
    first, more = row._below.label, row._below.more
    lines = [first.text(), *more.text().split("\n")]
    assert " ".join(lines) == long
    assert all(more.fontMetrics().horizontalAdvance(t) <= more.width() for t in lines)  # uncut
    panel.resize(900, 600)
    qtbot.waitUntil(lambda: not row._below.isVisible())
    assert row._beside.label.text() == long


def test_a_warning_is_marked_only_where_it_belongs(panel: PipelinePanel) -> None:
    panel.show_settings(Settings([SmearParams(enabled=True), OddParams(enabled=True)]))
    panel.show_notices({"smear": "It could not be smeared."})
    assert panel.rows["smear"]._beside.mark.toolTip() == "It could not be smeared."
    assert panel.rows["odd"]._beside.mark.toolTip() == ""
    panel.show_notices({})
    assert panel.rows["smear"]._beside.mark.toolTip() == ""


def test_the_recipe_menu_speaks(panel: PipelinePanel, qtbot: QtBot) -> None:
    panel.show_recipes({"photo": "for a camera", "classic": ""}, "photo")
    assert panel.recipe_link.text() == "recipe: photo ▾"
    items = {a.data() or a.text(): a for a in panel.recipe_link.menu().actions()}
    assert "for a camera" in items["photo"].toolTip()
    with qtbot.waitSignal(panel.recipe_chosen) as told:
        items["classic"].trigger()
    assert told.args == ["classic"]
    with qtbot.waitSignal(panel.save_recipe_wanted):
        items["Save recipe…"].trigger()
    with qtbot.waitSignal(panel.reset_wanted):
        items["Reset all"].trigger()
    panel.show_current_recipe("")
    assert panel.recipe_link.text() == "recipe ▾"


def test_there_is_a_row_for_every_group_and_a_tooltip_on_every_control(qtbot: QtBot) -> None:
    panel = PipelinePanel()
    qtbot.addWidget(panel)
    assert list(panel.rows) == [kind.name for kind in shown_kinds()]
    hidden = {kind.name for kind in all_params()} - set(panel.rows)
    assert hidden >= {"measures"}
    assert not hidden & {"fit", "align", "blur", "difference", "regions"}
    for row in panel.rows.values():
        assert row.title.toolTip() == row.kind.about
        for form in (row.pinned, row.details):
            for name, made in form.fields.items():
                assert made.widget.toolTip() == row.kind.ui_fields()[name].help
                assert made.widget.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(
                    made.widget, SliderSpin
                )
        if row.choice is not None:
            assert row.choice.toolTip()


def test_all_rows_fit_the_side_panel(show: Callable[[QWidget, int, int], None]) -> None:
    """Everything open, at the narrowest width: nothing may ask for a horizontal scroll bar."""
    panel = PipelinePanel()
    show(panel, 360, 900)
    for row in panel.rows.values():
        row.show_params(row.kind().replace(enabled=True))
        row.disclosure.click()
    assert panel.minimumSizeHint().width() <= 360
