"""The controller without a window: what it asks, what it says, and what it drops."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import tifffile
from PySide6.QtTest import QTest

from core import compare, open_image
from core.color import GrayParams
from core.difference import DifferenceParams
from core.render import Side
from core.settings import Settings
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.types import MapKind, Rect
from gui.controller import Controller
from tests.make import photo, with_patch, write_png

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from core.result import Result
    from tests.gui.gate import Gate

Pair = tuple["Path", "Path"]


class Heard:
    """Everything that a controller said, in order."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.answers: list[Result] = []
        self.said: list[str] = []
        self.pictures: list[tuple[Side, bool, bool]] = []
        self.sentences: list[str] = []
        controller.answered.connect(self.answers.append)
        controller.answered.connect(lambda _: self.said.append("answered"))
        controller.previewed.connect(lambda: self.said.append("previewed"))
        controller.stopped.connect(lambda: self.said.append("stopped"))
        controller.busy_changed.connect(lambda on: self.said.append("busy" if on else "free"))
        controller.picture_ready.connect(
            lambda p, detail: self.pictures.append((p.side, detail, p.exact))
        )
        for signal in (controller.failed, controller.refused):
            signal.connect(self.sentences.append)

    def until(self, fact: Callable[[], object]) -> None:
        for _ in range(6000):  # half a minute
            if fact():
                return
            QTest.qWait(5)
        raise AssertionError(f"in vain; said: {self.said}, {self.sentences}")

    def rest(self) -> None:
        for _ in range(3):
            self.until(lambda: self.controller.idle)
            QTest.qWait(0)

    def open(self, pair: Pair) -> Result:
        self.controller.open_pair(*map(str, pair))
        self.until(lambda: self.controller.result)
        self.rest()
        return self.answers[-1]

    def clear(self) -> None:
        for said in (self.answers, self.said, self.pictures, self.sentences):
            said.clear()


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    controller = Controller()
    yield Heard(controller)
    controller.close()


def test_opening_a_pair_previews_then_answers_exactly(heard: Heard, pair: Pair) -> None:
    result = heard.open(pair)
    assert heard.said == ["busy", "previewed", "answered", "free"]
    expected = compare(*map(open_image, pair))
    assert result.measures == expected.measures
    assert result.regions == expected.regions
    overviews = [(side, exact) for side, detail, exact in heard.pictures if not detail]
    assert overviews[3:] == [(side, True) for side in Side]


def test_only_the_newest_of_two_questions_is_answered(heard: Heard, pair: Pair, gate: Gate) -> None:
    gate.open()
    heard.open(pair)
    gate.close()
    heard.clear()
    first = Settings([BlurParams(enabled=True, sigma=3.0)])
    second = Settings([EdgesParams(enabled=True)])
    held = gate.held
    heard.controller.set_settings(first)
    heard.until(lambda: gate.held > held)  # the first answer is ready, and on its way
    heard.controller.set_settings(second)
    gate.open()
    heard.until(lambda: heard.answers)
    heard.rest()
    assert [r.settings for r in heard.answers] == [second]
    a, b = map(open_image, pair)
    assert heard.answers[0].measures == compare(a, b, second).measures


def test_a_setting_that_was_answered_before_has_the_same_digits(heard: Heard, pair: Pair) -> None:
    first = heard.open(pair)
    for settings in (Settings([GrayParams(enabled=True)]), Settings()):
        heard.controller.set_settings(settings)
        heard.until(lambda s=settings: heard.answers[-1].settings == s)
    assert heard.answers[-1].measures == first.measures


def test_a_failed_opening_leaves_a_running_comparison_alone(
    heard: Heard, pair: Pair, gate: Gate, tmp_path: Path
) -> None:
    heard.controller.open_pair(*map(str, pair))
    heard.until(lambda: gate.held)
    heard.controller.open_pair(str(tmp_path / "none.png"), None)
    heard.until(lambda: heard.sentences)
    assert heard.said == ["busy", "previewed"]  # busy still
    gate.open()
    heard.until(lambda: heard.answers)
    assert heard.said == ["busy", "previewed", "answered", "free"]


def test_pictures_that_do_not_go_together_are_refused_and_shown(
    heard: Heard, pair: Pair, tmp_path: Path
) -> None:
    heard.open(pair)
    heard.clear()
    two = tmp_path / "two.tiff"
    tifffile.imwrite(two, photo(64, 96, seed=1)[..., :2], planarconfig="contig")
    heard.controller.open_pair(None, str(two))
    heard.until(lambda: heard.sentences)
    heard.rest()
    (sentence,) = heard.sentences
    assert "different numbers of channels (3 and 2)" in sentence
    assert "Gray" in sentence
    assert heard.controller.result is None
    assert "answered" not in heard.said
    assert heard.said[-1] == "free"
    assert heard.pictures == [(Side.A, False, True), (Side.B, False, True)]
    heard.controller.probe(3, 3)  # says nothing, and does not complain at each move of the mouse
    heard.rest()
    assert len(heard.sentences) == 1
    heard.controller.set_params(GrayParams(enabled=True))
    heard.until(lambda: heard.answers)


def test_details_asked_for_one_after_the_other_all_arrive(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    heard.clear()
    wanted = Rect(8, 16, 64, 96)
    for side in Side:  # each in a turn of the event loop of its own, none waits for another
        heard.controller.details.want(side, wanted, 0)
        QTest.qWait(0)
    heard.until(lambda: {s for s, detail, _ in heard.pictures if detail} == set(Side))


def test_details_asked_for_before_the_colours_change_still_arrive(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    heard.clear()
    for side in Side:
        heard.controller.details.want(side, Rect(0, 0, 100, 200), 0)
    QTest.qWait(0)
    look = heard.controller.display.look
    heard.controller.set_look(type(look)("viridis", 40.0))
    heard.rest()
    heard.until(lambda: {s for s, detail, _ in heard.pictures if detail} == set(Side))


def test_no_overview_is_lost_when_the_look_changes_meanwhile(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    heard.clear()
    heard.controller.set_processed(False)
    look = heard.controller.display.look
    heard.controller.set_look(type(look)("viridis", 40.0))  # before A and B are painted
    heard.rest()
    assert {side for side, detail, exact in heard.pictures if exact and not detail} == set(Side)


def test_the_look_changes_no_number_and_asks_for_none(heard: Heard, pair: Pair) -> None:
    result = heard.open(pair)
    heard.clear()
    look = heard.controller.display.look
    heard.controller.set_look(type(look)(look.colormap, 10.0))
    heard.rest()
    assert heard.said == []
    assert heard.controller.result is result


def test_a_map_brings_its_own_colours(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    heard.controller.set_params(DifferenceParams(map=MapKind.SIGNED))
    assert heard.controller.display.look.colormap == "blue-orange"
    heard.controller.history.undo()
    assert heard.controller.display.look.colormap == "inferno"


def test_cancel_stops_and_a_new_question_goes_on(heard: Heard, pair: Pair, gate: Gate) -> None:
    heard.controller.open_pair(*map(str, pair))
    heard.until(lambda: gate.held)
    heard.controller.cancel()
    heard.until(lambda: "stopped" in heard.said)
    assert heard.said == ["busy", "previewed", "free", "stopped"]
    assert heard.controller.result is None
    gate.open()
    heard.controller.set_params(GrayParams(enabled=True))
    heard.until(lambda: heard.answers)


def test_cancel_without_work_says_nothing(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    heard.clear()
    heard.controller.cancel()
    heard.rest()
    assert heard.said == []
    assert heard.controller.result is not None


def test_nothing_comes_and_no_thread_runs_after_close(qtbot: QtBot, pair: Pair, gate: Gate) -> None:
    heard = Heard(Controller())
    heard.controller.open_pair(*map(str, pair))
    heard.until(lambda: gate.held)
    heard.clear()
    heard.controller.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("pairlens-")]
    QTest.qWait(20)
    assert heard.said == []
    heard.controller.open_pair(*map(str, pair))  # does nothing, and does not fail
    heard.controller.details.want(Side.A, Rect(0, 0, 4, 4), 0)
    QTest.qWait(5)


def test_export_before_an_answer_is_refused(heard: Heard, pair: Pair, tmp_path: Path) -> None:
    heard.controller.export(tmp_path / "x.html")
    assert heard.sentences == ["There is no finished comparison to export yet."]
    assert not (tmp_path / "x.html").exists()


def test_an_export_survives_an_opening_and_the_other_way_round(
    heard: Heard, pair: Pair, tmp_path: Path
) -> None:
    heard.open(pair)
    written: list[Path] = []
    heard.controller.files.exported.connect(written.append)
    path = tmp_path / "x.json"
    heard.controller.export(path)
    heard.controller.open_pair(str(pair[0]), str(pair[0]))
    heard.until(lambda: written == [path])
    heard.until(lambda: heard.answers[-1].measures["l0"].value == 0)
    assert path.exists()


def test_values_under_the_cursor(heard: Heard, pair: Pair) -> None:
    heard.open(pair)
    probes = []
    heard.controller.probed.connect(probes.append)
    heard.controller.probe(30, 150)
    heard.until(lambda: probes)
    a, b = (open_image(p).data[30, 150] for p in pair)
    assert probes[0].a == tuple(map(float, a))
    assert probes[0].b == tuple(map(float, b))
    assert probes[0].difference == tuple(
        abs(float(x) - float(y)) for x, y in zip(a, b, strict=True)
    )


def test_one_pixel_is_found(heard: Heard, tmp_path: Path) -> None:
    a = photo(90, 170)
    paths = [
        write_png(tmp_path / n, p) for n, p in (("a.png", a), ("b.png", with_patch(a, 41, 97)))
    ]
    result = heard.open((paths[0], paths[1]))
    assert result.measures["l0"].value == 1
    assert result.measures["max_abs"].at == (41, 97)
