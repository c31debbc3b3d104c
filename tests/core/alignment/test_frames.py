"""Frames of a sequence, each laid on the first, and how they are asked for."""

from __future__ import annotations

import gc
import math
import weakref

import numpy as np
import pytest

from core import alignment
from core.alignment.frames import Drift, FrameReference, aligned_frames
from core.alignment.models import mapped
from core.errors import Cancelled, SettingsError
from core.geometry import IDENTITY
from core.types import Token
from tests.core.alignment.camera import Camera, expected, filmed, frame, slowly

FIRST, PREVIOUS = FrameReference.FIRST, FrameReference.PREVIOUS


def test_each_frame_is_aligned_to_the_first(monkeypatch):
    camera, found = filmed(monkeypatch, slowly, 6, FIRST, sigma=0.1)
    assert camera.asked == [(0, k) for k in range(1, 6)]
    assert [f.index for f in found] == list(range(6))
    assert {f.against for f in found} == {0}
    assert found[0].matrix == IDENTITY
    assert found[0].error == 0
    assert found[0].alignment.accepted
    for f in found[1:]:
        assert f.matrix == f.alignment.matrix
        assert f.error == pytest.approx(expected(0.1))
        assert not f.rekeyed
        assert f.notice == ""


def test_a_reference_picture_stands_before_the_first(monkeypatch):
    camera = Camera(slowly)
    monkeypatch.setattr(alignment, "estimate_alignment", camera)
    found = list(aligned_frames(map(frame, range(3)), frame(9)))
    assert camera.asked == [(9, 0), (9, 1), (9, 2)]
    assert [(f.index, f.against) for f in found] == [(0, None), (1, None), (2, None)]
    assert mapped(np.asarray(found[2].matrix), np.zeros((1, 2)))[0] == pytest.approx([-2.8, 1.4])


def test_a_refused_frame_is_tried_where_the_last_one_lay(monkeypatch):
    camera, found = filmed(monkeypatch, slowly, 4, FIRST, refuses=[(0, 1), (0, 3)])
    assert camera.asked == [(0, 1), (0, 2), (0, 3), (0, 3)]
    assert camera.starts == [None, None, None, found[2].matrix]
    assert [f.alignment.accepted for f in found] == [True, False, True, False]
    assert found[1].matrix == IDENTITY
    assert found[3].matrix == found[2].matrix
    assert math.isnan(found[3].error)
    assert found[3].notice == "Frame 4 was not aligned to frame 1. They do not look alike."


@pytest.mark.parametrize("to", [FIRST, PREVIOUS])
def test_few_frames_are_held(monkeypatch, to):
    monkeypatch.setattr(alignment, "estimate_alignment", Camera(slowly, sigma=0.1))
    living, most = weakref.WeakSet(), 0

    def stream():
        for k in range(20):
            made = frame(k)
            living.add(made)
            yield made
            del made

    for found in aligned_frames(stream(), to, drift=Drift(every=7)):
        gc.collect()
        most = max(most, len(living))
        assert found.index < 20
    assert most <= (3 if to is FIRST else 4)


def test_frames_come_one_by_one(monkeypatch):
    monkeypatch.setattr(alignment, "estimate_alignment", Camera(slowly))
    taken = []
    found = aligned_frames((taken.append(k) or frame(k) for k in range(9)), PREVIOUS)
    next(found)
    next(found)
    assert taken == [0, 1]


def test_no_frames_are_nothing_and_one_is_itself():
    assert list(aligned_frames([])) == []
    (found,) = aligned_frames([frame(1)], PREVIOUS)
    assert (found.matrix, found.error, found.notice) == (IDENTITY, 0, "")
    assert found.alignment.reason == "It is the first frame."


def test_what_cannot_be_is_said_at_once():
    for model in ("elastic", "manual", "bent"):
        with pytest.raises(SettingsError, match=f"“{model}” is not; use one of: auto, transl"):
            aligned_frames([], model=model)
    with pytest.raises(SettingsError, match="aligned to “last”; use one of: first, previous"):
        aligned_frames([], "last")
    assert list(aligned_frames([], "previous")) == []
    for wrong in ({"every": 0}, {"limit": 0.0}, {"limit": math.nan}, {"overlap": 0.0},
                  {"overlap": 1.5}):  # fmt: skip
        with pytest.raises(SettingsError, match="every 1 or more frames"):
            Drift(**wrong)


def test_a_cancelled_token_stops_it(monkeypatch):
    monkeypatch.setattr(alignment, "estimate_alignment", Camera(slowly))
    token = Token()
    found = aligned_frames(map(frame, range(9)), token=token)
    next(found)
    next(found)
    token.cancel()
    with pytest.raises(Cancelled):
        next(found)
