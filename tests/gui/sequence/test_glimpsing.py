"""A first picture of a frame that takes a while, before the pass has come by."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core import open_source
from core.sequence.sources import answering
from core.sequence.sources.decoding import Video
from tests.core.sequence.sources.test_passing import SAFE, film

if TYPE_CHECKING:
    from pathlib import Path

    from core.render import Picture
    from gui.sequence.events import Soon
    from tests.gui.sequence.conftest import Projector


@pytest.fixture
def slow(projector: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Projector:
    """Open 90 frames, every 30th a key, that are decoded slowly; no pass comes by."""
    monkeypatch.setattr("gui.sequence.jobs.survey", lambda *_, **__: iter(()))
    monkeypatch.setattr(
        "gui.sequence.jobs.open_source", lambda path, **_: open_source(path, isolated=False)
    )
    projector.open(film(tmp_path / "closed.mp4", SAFE["closed.mp4"]))
    projector.rest()
    step = Video._step

    def slowly(self: Video) -> None:
        time.sleep(0.02)
        step(self)

    monkeypatch.setattr(Video, "_step", slowly)
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0.001)
    return projector


def test_a_frame_on_the_way_is_seen_first_and_says_so(
    slow: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon: list[Soon] = []
    pictures: list[Picture] = []
    names: list[str] = []
    viewing, window = slow.sequences.viewing, slow.window
    viewing.glimpsed.connect(soon.append)
    view, show = window.parts.view, window.parts.view.set_names
    monkeypatch.setattr(view, "set_names", lambda a, *more: names.append(a) or show(a, *more))
    window.controller.picture_ready.connect(lambda picture, _: pictures.append(picture))
    viewing.go_to(55)
    slow.driver.until(lambda: soon, "nothing is seen before")
    assert viewing.shown is not None
    assert viewing.shown.index == 0
    (only,) = soon
    assert only.near is not None
    assert 30 <= only.near < 55
    assert not pictures[0].exact
    assert names[-1] == f"closed.mp4  ·  frame 55 (so far frame {only.near})"
    a = slow.at(55)
    assert a.contents.frame == 55
    loaded = slow.sequences.reel.loaded
    assert loaded is not None
    exact = loaded.question.a.frame(only.near).image
    assert exact is not None
    assert pictures[0].rgb.shape == (*exact.shape, 3)
    assert np.abs(pictures[0].rgb.astype(int) - exact.data.astype(int)).max() <= 1
    slow.driver.until(lambda: slow.sequences.reel.idle, "it is waited for ever")
    assert len(soon) == 1
    assert "so far" not in names[-1]
    slow.rest()


def test_nothing_is_waited_for_when_the_frame_is_there(slow: Projector) -> None:
    soon: list[Soon] = []
    slow.sequences.viewing.glimpsed.connect(soon.append)
    slow.sequences.viewing.go_to(1)  # no key lies nearer than the frame that is seen
    slow.at(1)
    slow.driver.until(lambda: slow.sequences.reel._glimpses.idle, "it waits for ever")
    assert soon == []
    slow.rest()
