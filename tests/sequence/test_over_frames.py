"""Measures over frames are those of the engine, for the very pictures that are compared."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from core import registry
from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.errors import Cancelled, ReadError, SettingsError
from core.sequence import over_frames
from core.sequence.archive import Archive
from core.sequence.golden import Golden
from core.sequence.over_frames import companion, measure_key, measured
from core.sequence.pairing import Pairing
from core.sequence.params import SequenceParams
from core.sequence.pixels import as_bytes
from core.sequence.selection import Selection
from core.sequence.survey import Question, survey
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Token
from core.wanted import MeasuresParams
from tests.make import photo
from tests.sequence.film import Film, frame
from tests.sequence.reel import LiveReel, Reel

SIZE = {"height": 40, "width": 72}
BLUR = Settings().replacing(BlurParams(enabled=True, sigma=1.5))
TOLERANT = DifferenceParams(tolerance=12.0)


def pictures(count=8, seed=1):
    return [x for x, _ in Film(seed=seed, **SIZE).frames(count)]


def reel(some, kind=Reel):
    return kind([frame(i, x, i / 25) for i, x in enumerate(some)])


def asked(some, **params):
    return Question(reel(some), params=SequenceParams(**params))


def number(a, b, name="rmse", settings=None):
    one, other = (ImageBuffer.from_array(x) for x in (a, b))
    return compare(one, other, settings, measures=[name]).measures[name].value


def values(question, archive, name="rmse", settings=None, token=None):
    return dict(measured(question, name, settings or Settings(), archive, token or Token()))


@pytest.fixture
def archive():
    with Archive(None) as made:
        yield made


@pytest.mark.parametrize("name", ["rmse", "ssim", "hist_kl", "l0_per_pixel", "noise_sigma_a"])
@pytest.mark.parametrize("settings", [Settings([TOLERANT]), BLUR.replacing(TOLERANT)])
def test_they_are_what_the_engine_says_of_a_frame_and_the_one_before(archive, name, settings):
    some = pictures()
    found = values(asked(some), archive, name, settings)
    expected = [number(a, b, name, settings) for a, b in zip(some[1:], some[:-1], strict=True)]
    assert list(found) == list(range(8))
    assert math.isnan(found.pop(0))
    assert list(found.values()) == pytest.approx(expected, rel=1e-12)
    assert len(set(found.values())) > 3


def test_every_measure_there_is_can_be_made(archive):
    question = asked(pictures(2))
    for name in (n for m in registry.measures() for n in m.names):
        assert list(values(question, archive, name)) == [0, 1], name


def test_one_that_there_is_not_is_refused(archive):
    with pytest.raises(SettingsError, match="no measure “beauty”"):
        values(asked(pictures(2)), archive, "beauty")


def test_unreadable_frames_are_nan_and_passed_over(archive):
    some = pictures(6)
    shown = [*some[:2], None, None, *some[4:]]
    for _ in range(2):  # without results, then with those of a pass
        with Archive(None) as empty:
            found = values(asked(shown), empty)
        assert [i for i, x in found.items() if math.isnan(x)] == [0, 2, 3]
        assert found[4] == number(some[4], some[1])
        list(survey(asked(shown), archive, Token()))
    other = companion(asked(shown), archive, 4, Token())
    assert np.array_equal(other.image.data, some[1])
    assert other.words == "frame 1"


def test_frames_that_cannot_be_compared_are_nan(archive):
    some = [*pictures(2), np.zeros((9, 9, 3), np.uint8)]
    huge = replace(asked(some, against="reference"), reference=ImageBuffer.from_array(some[0]))
    found = values(huge, archive, "ssim")
    assert found[1] == number(some[1], some[0], "ssim")


def test_what_is_stored_is_not_made_again(archive):
    question = asked(pictures())
    first = values(question, archive)
    question.a.asked.clear()
    np.testing.assert_equal(values(question, archive), first)
    assert question.a.asked == []
    values(question, archive, settings=BLUR)
    assert question.a.asked


def test_a_key_is_of_what_decides_the_measure_and_nothing_else():
    plain = Settings()
    tolerant = plain.replacing(DifferenceParams(tolerance=20.0))
    also = plain.replacing(MeasuresParams(also="ssim"))
    assert measure_key("rmse", plain) == measure_key("rmse", tolerant) == measure_key("rmse", also)
    assert measure_key("l0", plain) == measure_key("l0", also) != measure_key("l0", tolerant)
    assert measure_key("rmse", plain) != measure_key("rmse", BLUR)


def test_stopping_keeps_what_was_made(archive):
    question, token = asked(pictures()), Token()
    question.a.on_read = lambda i: token.cancel() if i == 5 else None
    with pytest.raises(Cancelled):
        values(question, archive, token=token)
    known = archive.measure(measure_key("rmse", Settings()), "rmse")
    assert 0 < len(known) <= 5
    question.a.asked.clear()
    assert list(values(question, archive)) == list(range(8))
    assert min(question.a.asked) >= len(known) - 1


def test_a_source_that_goes_away_stores_no_nan(archive):
    question = asked(pictures())

    def gone(index):
        if index == 4:
            raise ReadError("The video is gone.")

    question.a.on_read = gone
    with pytest.raises(ReadError, match="gone"):
        values(question, archive)
    known = archive.measure(measure_key("rmse", Settings()), "rmse")
    assert [i for i, x in known.items() if not math.isnan(x)] == [1, 2, 3]
    assert len(known) == 4


def test_a_selection_is_measured_by_itself(archive):
    some = pictures(12)
    question = replace(asked(some), selection=Selection(1, 3))
    found = values(question, archive)
    assert list(found) == [1, 4, 7, 10]
    assert found[7] == number(some[7], some[4])
    assert companion(question, archive, 9, Token()).words == "frame 7"  # between those looked at
    assert companion(question, archive, 1, Token()).words == "itself: the first frame"


def test_the_first_frame_is_the_first_that_shows_something(archive):
    black = np.zeros((40, 72, 3), np.uint8)
    some = [black, *pictures(4)]
    question = asked(some, against="first")
    curve = values(question, archive)
    assert math.isnan(curve[0])
    assert curve[1] == 0
    assert curve[3] == number(some[3], some[1])
    words = [companion(question, archive, i, Token()).words for i in range(3)]
    assert words == ["itself: nothing was shown before", "itself: the first frame", "frame 1"]
    with Archive(None) as known:
        list(survey(question, known, Token()))
        question = asked(some, against="first")
        assert companion(question, known, 3, Token()).words == "frame 1"
        assert 0 not in question.a.asked


def test_a_reference_is_a_picture_or_a_model(archive):
    some, picture = pictures(), photo(**SIZE, seed=9)
    given = ImageBuffer.from_array(picture, name="here/reference.png")
    question = replace(asked(some, against="reference"), reference=given)
    assert values(question, archive)[5] == number(some[5], picture)
    assert companion(question, archive, 5, Token()).words == "reference.png"
    golden = Golden()
    for x in some[:3]:
        golden.approve(x, Token())
    question = replace(question, reference=golden)
    found = companion(question, archive, 5, Token())
    assert np.array_equal(found.image.data, golden.picture())
    assert found.words == "golden model of 3 pictures"


def test_pairs_are_those_of_the_pairing(archive):
    one, other = pictures(seed=1), pictures(5, seed=2)
    question = Question(reel(one), reel(other), Pairing(True, -2))
    found = values(question, archive)
    assert found[4] == number(one[4], other[2])
    assert [i for i, x in found.items() if math.isnan(x)] == [0, 1, 7]
    there, gone = (companion(question, archive, i, Token()) for i in (6, 7))
    assert (there.words, there.problem) == ("frame 4 of B", "")
    assert np.array_equal(there.image.data, other[4])
    assert (gone.image, gone.words) == (None, "frame 5 of B")
    assert gone.problem == "B has no frame that belongs to it."


def test_the_background_is_the_one_that_is_stored(archive):
    some = pictures(40)
    question = asked(some, against="background", window=20)
    assert values(question, archive) == {}  # the pass has not come to any frame
    early = companion(question, archive, 30, Token())
    assert early.words == "itself: the background is not learned yet"
    assert np.array_equal(early.image.data, some[30])
    list(survey(question, archive, Token()))
    at, pixels = archive.background(39)
    found = companion(question, archive, 30, Token())
    assert found.words == f"background as of frame {at}" == "background as of frame 19"
    assert np.array_equal(found.image.data, pixels)
    assert found.image is companion(question, archive, 31, Token()).image
    curve = values(question, archive)
    assert list(curve) == list(range(40))
    assert curve[33] == number(as_bytes(question.a.frame(33).image), pixels)
    assert [i for i, x in curve.items() if math.isnan(x)] == list(range(19))


def test_live_frames_are_not_measured(archive):
    assert values(Question(reel(pictures(), LiveReel)), archive) == {}


def test_what_cannot_be_had_is_said(archive):
    question = asked(pictures(3))
    assert companion(question, archive, 99, Token()).problem == "There is no such frame."
    live = Question(reel(pictures(3), LiveReel))
    assert companion(live, archive, 2, Token()).problem == "The frames come live."
    broken = asked([None, *pictures(2)])
    first = companion(broken, archive, 0, Token())
    assert (first.image, first.problem) == (None, "It cannot be decoded.")
    assert over_frames.companion is companion
