"""Which curves a sequence has, and that they hold the numbers that the window shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.catalogue import entries
from core.color import GrayParams
from core.difference import DifferenceParams, Space
from core.engine import compare
from core.jury.scale import LIMITS, Level, verdicts, words_of
from core.sequence.params import Against, Flow, SequenceParams
from core.sequence.result import FrameResult
from core.sequence.series import Limits, Series
from core.settings import Settings
from core.stages.blur import BlurParams
from gui.sequence.curve_set import LABELS, MEASURE, choices, curve, usual
from tests.cli.shots import film
from tests.make import exposed, photo

if TYPE_CHECKING:
    from pathlib import Path

    from gui.timeline.curves import Curve
    from tests.gui.sequence.conftest import Projector

NAN = math.nan
BACKGROUND = SequenceParams(against=Against.BACKGROUND, window=10, k=6.0, min_area=9)


def series(*, first: int = 0, count: int = 30, **numbers: float) -> Series:
    """Return the numbers of some frames; those of frame i are larger by i thousandths."""
    made, limits = Series(), Limits(SequenceParams())
    for i in range(first, first + count):
        own = {name: value + i / 1000 for name, value in numbers.items()}
        result = FrameResult(i, i / 25, f"#{i}", **own)
        made.add([result], limits.of([result]))
    return made


def of(name, some, params=None, over=0.001, measured=None, *, paired=False, **more):
    return curve(
        name, some, params or SequenceParams(), over, measured or {}, paired=paired, **more
    )


# -- which there are


def test_what_has_no_number_is_not_offered_and_every_measure_is() -> None:
    offered = choices(series(changed_share=0.1, hist_kl=0.01))
    names = [name for name, _ in offered]
    assert names[:2] == ["changed_share", "hist_kl"]
    assert names[2:] == [MEASURE + name for name in entries()]
    assert len(set(names)) == len(names)
    assert all(label for _, label in offered)
    assert choices(series(count=0))[0][0] == MEASURE + next(iter(entries()))


def test_every_number_of_a_pass_has_a_name() -> None:
    some = series(**dict.fromkeys(LABELS, 0.1))
    assert set(some.names) == set(LABELS)
    made = [of(name, some) for name in LABELS]
    assert [c.label for c in made] == [label for label, _ in LABELS.values()]


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        (("changed_share", "hist_kl", "l1_per_pixel"), ("changed_share", "hist_kl")),
        (("foreground_share", "changed_share", "hist_kl"), ("foreground_share", "hist_kl")),
        (("hist_kl",), ("hist_kl",)),
        (("changed_share",), ("changed_share",)),
        ((), ()),
    ],
)
def test_the_usual_ones_are_what_differs_and_the_histogram(numbers, wanted) -> None:
    assert usual(series(**dict.fromkeys(numbers, 0.1))) == wanted


# -- what each is


def test_a_curve_begins_where_the_frames_do() -> None:
    made = of("l1_per_pixel", series(first=7, count=5, l1_per_pixel=2.0))
    assert made.first == 7
    assert [made.at(i) for i in (6, 7, 11, 12)] == pytest.approx(
        [NAN, 2.007, 2.011, NAN], nan_ok=True
    )
    assert made.unit == "levels"
    assert made.limits == ()


def test_limits_are_those_of_the_parameters() -> None:
    some = series(**dict.fromkeys(LABELS, 0.1))
    params = SequenceParams(kl_limit=0.37, moving=2.5)
    limits = {name: of(name, some, params, over=0.02).limits for name in LABELS}
    assert {name: value for name, value in limits.items() if value} == {
        "changed_share": (("changed", 0.02),),
        "foreground_share": (("changed", 0.02),),
        "hist_kl": (("corrupted", 0.37),),
        "flow_mean_px": (("moving", 2.5),),
        "flow_p95_px": (("moving", 2.5),),
    }


def test_only_of_one_sequence_is_it_learned_what_follows_what() -> None:
    some = series(hist_kl=0.01, changed_share=0.1)
    made = of("hist_kl", some)
    assert np.array_equal(made.limit_curve, some.values("limit"), equal_nan=True)
    assert np.isfinite(made.limit_curve).any()
    assert of("hist_kl", some, paired=True).limit_curve is None
    assert of("changed_share", some).limit_curve is None


def test_a_measure_has_a_gap_where_no_frame_has_a_value() -> None:
    made = of(MEASURE + "mae", series(), measured={"mae": {4: 1.5, 7: 2.5}, "mse": {1: 9.0}})
    assert made.first == 4
    np.testing.assert_array_equal(made.values, [1.5, NAN, NAN, 2.5])
    assert made.name == MEASURE + "mae"
    assert made.label == entries()["mae"].label
    assert of(MEASURE + "ssim", series(), measured={"mae": {4: 1.5}}) is None
    assert of(MEASURE + "mae", series(), measured={"mae": {}}) is None


@pytest.mark.parametrize("name", list(entries()))
def test_the_limit_of_a_measure_is_where_it_begins_to_be_seen(name) -> None:
    made = of(MEASURE + name, series(), measured={name: {0: 0.5}})
    entry, row = entries()[name], LIMITS.get(name)
    assert made.better == entry.better
    if row is None or row.unit != entry.unit:
        assert made.limits == ()
        return
    ((word, value),) = made.limits
    assert word == words_of(row.aspect)[Level.VISIBLE]
    worse = np.nextafter(value, math.inf if made.better == "lower" else -math.inf)
    assert row.level(value) == Level.SLIGHT
    assert row.level(float(worse)) == Level.VISIBLE


@pytest.mark.parametrize("lab", [False, True])
def test_units_and_limits_are_those_of_the_table_and_its_words(lab) -> None:
    space = Space.LAB if lab else Space.RGB
    a, b = photo(90, 160), exposed(photo(90, 160), 1.0, 9.0)
    settings = Settings().replacing(DifferenceParams(space=space))
    result = compare(ImageBuffer.from_array(a), ImageBuffer.from_array(b), settings)
    words = verdicts(result.measures)
    assert ("psnr" in words) is not lab
    assert {"ssim", "delta_e_2000_mean"} < set(words)
    for name, measure in result.measures.items():
        made = of(MEASURE + name, series(), measured={name: {0: measure.value}}, lab=lab)
        assert made.unit == measure.unit
        if not math.isnan(measure.value):
            assert bool(made.limits) is (name in words), name


# -- in the window


def shown(projector: Projector) -> dict[str, Curve]:
    curves = projector.window.parts.timeline.tracks.curves
    return {c.name: c for c in curves._curves}


def table(projector: Projector, index: int, name: str) -> float:
    """Return what the window's table says of a frame."""
    projector.sequences.viewing.go_to(index)
    projector.at(index)
    result = projector.window.controller.result
    assert result is not None
    return result.measures[name].value


def choose(projector: Projector, *names: str) -> None:
    """Tick curves in the list, as a person does, and wait until they are whole."""
    rows = projector.window.parts.timeline.transport.curves.actions_by_name()
    for name, row in rows.items():
        if row.isChecked() is not (name in names):
            row.trigger()
    projector.rest()


def test_the_usual_curves_are_shown_unasked(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    made = shown(projector)
    assert tuple(made) == ("changed_share", "hist_kl")
    some = projector.sequences.watcher.series
    assert some is not None
    for name, one in made.items():
        np.testing.assert_array_equal(one.values, some.values(name))
        assert len(one.values) == 40


def test_against_the_background_the_foreground_is(projector: Projector, movie: Path) -> None:
    projector.open(movie, params=BACKGROUND)
    projector.rest()
    assert tuple(shown(projector)) == ("foreground_share", "hist_kl")


def test_motion_that_is_measured_can_be_chosen(projector: Projector, movie: Path) -> None:
    projector.open(movie, params=SequenceParams(flow=Flow.DENSE))
    projector.rest()
    choose(projector, "flow_p95_px", "changed_share")
    made = shown(projector)
    assert tuple(made) == ("changed_share", "flow_p95_px")  # in the order of the list
    assert made["flow_p95_px"].limits == (("moving", SequenceParams().moving),)


def test_a_chosen_measure_holds_the_numbers_of_the_table(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    choose(projector, "hist_kl", MEASURE + "psnr", MEASURE + "ssim")
    made = shown(projector)
    assert tuple(made) == ("hist_kl", MEASURE + "psnr", MEASURE + "ssim")
    for index in (3, 20, 24, 39):
        for name in ("psnr", "ssim"):
            value = made[MEASURE + name].at(index)
            assert value == pytest.approx(table(projector, index, name), rel=1e-12)
    assert math.isnan(made[MEASURE + "psnr"].at(0))  # it has none before it
    assert made[MEASURE + "psnr"].better == "higher"
    lowest = min(range(1, 40), key=made[MEASURE + "psnr"].at)
    assert lowest in (20, 21, 22, 23, 24, 25)  # the square is there, or moves, or is gone
    choose(projector, "hist_kl")
    assert tuple(shown(projector)) == ("hist_kl",)


def test_another_setting_makes_a_measure_anew_and_back_finds_it(
    projector: Projector, movie: Path
) -> None:
    projector.open(movie)
    projector.rest()
    choose(projector, MEASURE + "mae")
    first = np.array(shown(projector)[MEASURE + "mae"].values)
    controller = projector.window.controller
    controller.set_params(BlurParams(enabled=True))
    assert projector.sequences.watcher.measures == {}  # those were of other settings
    projector.rest()
    second = np.array(shown(projector)[MEASURE + "mae"].values)
    assert second[10] < first[10] / 2  # noise is smoothed
    for index in (10, 22):
        assert second[index] == pytest.approx(table(projector, index, "mae"), rel=1e-12)
    controller.set_params(BlurParams(enabled=False))
    projector.rest()
    again = np.array(shown(projector)[MEASURE + "mae"].values)
    np.testing.assert_array_equal(again, first)


def test_in_lab_no_limit_of_decibels_is_drawn(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    choose(projector, *(MEASURE + name for name in ("mae", "psnr", "ssim")))
    assert [bool(c.limits) for c in shown(projector).values()] == [True, True, True]
    controller = projector.window.controller
    controller.set_params(DifferenceParams(space=Space.LAB))
    projector.rest()
    made = shown(projector)
    assert [(c.unit, bool(c.limits)) for c in made.values()] == [
        ("Lab units", False), ("dB", False), ("", True),
    ]  # fmt: skip
    for name in ("mae", "psnr"):
        assert made[MEASURE + name].at(22) == pytest.approx(table(projector, 22, name), rel=1e-12)
    controller.set_params(GrayParams(enabled=True))  # without colour there is no Lab
    projector.rest()
    assert [(c.unit, bool(c.limits)) for c in shown(projector).values()] == [
        ("levels", True), ("dB", True), ("", True),
    ]  # fmt: skip


def test_what_was_chosen_is_shown_of_the_next_sequence(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    projector.open(movie)
    projector.rest()
    choose(projector, MEASURE + "mae")
    other = film(tmp_path / "other.mkv", range(100, 112))
    projector.open(other)
    projector.rest()
    made = shown(projector)
    assert tuple(made) == (MEASURE + "mae",)
    one = made[MEASURE + "mae"]
    assert one.first + len(one.values) == 12
    assert one.at(5) == pytest.approx(table(projector, 5, "mae"), rel=1e-12)


def test_events_are_those_of_the_watcher(projector: Projector, movie: Path) -> None:
    projector.open(movie, params=BACKGROUND)
    projector.rest()
    events = projector.sequences.watcher.events
    assert events
    assert tuple(projector.window.parts.timeline.tracks.marks._events) == events
    projector.window.actions_by_id["close_sequence"].trigger()
    assert shown(projector) == {}
    assert not projector.window.parts.timeline.tracks.marks._events
