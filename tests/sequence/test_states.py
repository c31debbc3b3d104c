"""What an analysis knows, as bytes: it goes on exactly, and strange bytes do nothing."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sequence import states
from core.sequence._watch import _KEPT
from core.sequence.analysis import Analysis
from core.sequence.golden import Golden
from core.sequence.growing import Growing
from core.sequence.params import SequenceParams
from core.sequence.pixels import as_bytes
from core.sequence.states import packed, unpacked
from core.types import Token
from tests.sequence.test_archive import alike
from tests.sequence.test_survey import FRAMES, WAYS


def known(count=5, **params):
    analysis = Analysis(SequenceParams(**params), Token())
    for frame in FRAMES[:count]:
        list(analysis.take(frame))
    data = packed(analysis.state())
    analysis.close()
    return data


DATA = known(12)
LATER = 8


@pytest.mark.parametrize("way", ["previous", "short window", "first"])
def test_it_goes_on_exactly_from_every_frame(way):
    """Also from those whose verdicts wait."""
    params = SequenceParams(**WAYS[way])

    def analysis():
        return Analysis(params, Token(), rate=25, masks=True)

    def told(one, frames):
        return [r for f in frames for r in one.take(f)]

    whole, first = analysis(), analysis()
    expected = told(whole, FRAMES) + list(whole.finish())
    done = 0
    for n, frame in enumerate(FRAMES, 1):
        done += len(told(first, [frame]))
        second = analysis()
        second.go_on(unpacked(packed(first.state())))
        found = told(second, FRAMES[n : n + LATER])
        if n + LATER >= len(FRAMES):
            found += list(second.finish())
        assert len(found) >= LATER - 1 or n + LATER >= len(FRAMES)
        for one, other in zip(found, expected[done : done + len(found)], strict=True):
            assert alike(one, other), n
            np.testing.assert_equal(one.mask, other.mask)
        second.close()
    for x in (whole, first):
        x.close()


def test_a_golden_model_goes_on_exactly():
    golden = Golden()
    for frame in FRAMES[:6]:
        golden.approve(as_bytes(frame.image), Token())
    params = SequenceParams(against="reference", light=True)

    def analysis():
        return Analysis(params, Token(), reference=golden, masks=True)

    whole, first, second = analysis(), analysis(), analysis()
    expected = [r for f in FRAMES for r in whole.take(f)]
    found = [r for f in FRAMES[:17] for r in first.take(f)]
    second.go_on(unpacked(packed(first.state())))
    found += [r for f in FRAMES[17:] for r in second.take(f)]
    for one, other in zip(found, expected, strict=True):
        assert alike(one, other)
        np.testing.assert_equal(one.mask, other.mask)
    assert any(r.mask is not None and r.mask.any() for r in found[17:])
    for x in (whole, first, second):
        x.close()


@pytest.mark.parametrize("model", ["mog2", "knn"])
def test_models_that_only_opencv_knows_are_no_bytes(model):
    assert known(against="background", model=model) is None


def test_another_version_is_refused(monkeypatch):
    assert unpacked(DATA) is not None
    monkeypatch.setattr(states, "version", lambda: "ab" * 32)
    assert unpacked(DATA) is None


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(DATA) - 1), st.integers(0, 255), st.booleans())
def test_damaged_bytes_are_refused_or_read_and_never_fatal(at, byte, short):
    data = bytearray(DATA)
    data[at] = byte
    found = unpacked(bytes(data[:at] if short else data))
    assert found is None or (isinstance(found, dict) and not short)


def test_everything_that_changes_is_kept():
    """What is added to these classes must be kept, or be given anew."""
    given = {"_params", "_token", "_masks", "_seen", "_reference", "_beside", "_mover"}
    analysis = Analysis(SequenceParams(flow="points"), Token())
    watch = analysis._watch
    assert set(vars(analysis)) == {"_beside", "_watch", "_clock", "_waiting"}
    assert set(vars(watch)) == given | set(_KEPT)
    assert set(vars(watch._mover)) == {*("_params", "_dense", "_check", "_points", "_gray")}
    analysis.close()


class Strange:
    """Calls something when it is read."""

    def __init__(self, call, *values):
        self.call, self.values = call, values

    def __reduce__(self):
        return self.call, self.values


def test_nothing_is_called_or_opened(tmp_path):
    target = tmp_path / "made"
    mark = DATA[: states._MARK]
    for call, value in [(os.mkdir, str(target)), (eval, "1"), (Growing, str(target)), (open, "x")]:
        plain = pickle.dumps({"judge": Strange(call, value)})
        assert unpacked(mark + plain) is None
    assert not target.exists()
    assert unpacked(mark + pickle.dumps({"a": 1})) == {"a": 1}
    assert unpacked(mark + pickle.dumps([1])) is None
