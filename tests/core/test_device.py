"""Same device and settings? The sentence for each case."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.device import SETTINGS, camera, same, verdict

CANON = {
    "camera_make": "Canon",
    "camera": "Canon EOS 5D",
    "exposure_time": "1/250 s",
    "aperture": "f/2.8",
    "iso": "100",
}
BARE = ImageBuffer.from_array(np.zeros((3, 7), np.uint8)).info


def info(meta):
    return replace(BARE, meta=meta)


def asked(a, b):
    return verdict(info(a), info(b))


@pytest.mark.parametrize(
    ("a", "b", "text", "differs"),
    [
        (CANON, CANON, "Same camera and settings: Canon EOS 5D, 1/250 s, f/2.8, ISO 100.", False),
        (
            CANON,
            CANON | {"exposure_time": "1/60 s"},
            "Same camera, but exposure time differs: 1/250 s and 1/60 s.",
            True,
        ),
        (
            CANON | {"software": "1.0"},
            CANON | {"iso": "400", "aperture": "f/8", "software": "2.1"},
            "Same camera, but aperture (f/2.8 and f/8), ISO (100 and 400) and software"
            " (1.0 and 2.1) differ.",
            True,
        ),
        (CANON, {"camera": "D90"}, "Different cameras: Canon EOS 5D and D90.", True),
        (CANON, {}, "Only A says which camera made it: Canon EOS 5D.", False),
        ({"iso": "100"}, CANON, "Only B says which camera made it: Canon EOS 5D.", False),
        ({}, {"iso": "100"}, "Neither file says which camera made it.", False),
        (
            {"software": "GIMP"},
            {"software": "GIMP"},
            "Neither file says which camera made it; both were written by GIMP.",
            False,
        ),
        (
            {"software": "GIMP"},
            {"software": "Krita"},
            "Neither file says which camera made it; A was written by GIMP, B by Krita.",
            True,
        ),
        (
            {},
            {"software": "Krita"},
            "Neither file says which camera made it; B was written by Krita.",
            False,
        ),
        (
            CANON,
            {k: v for k, v in CANON.items() if k not in ("iso", "aperture")} | {"lens": "50 mm"},
            "Same camera: Canon EOS 5D; only A says its aperture and ISO, only B says its lens.",
            False,
        ),
        (
            {"camera": "X"},
            {"camera": "x"},
            "Same camera: X; neither file says its settings.",
            False,
        ),
    ],
)
def test_the_sentence_for_two_pictures(a, b, text, differs):
    assert asked(a, b) == (text, differs)


def test_one_picture_says_what_it_says():
    text = "Canon EOS 5D, 1/250 s, f/2.8, ISO 100."
    assert verdict(info(CANON), None) == verdict(None, info(CANON)) == (text, False)
    assert verdict(info({}), None).text == "The file does not say which camera made it."
    assert "written by GIMP." in verdict(info({"software": "GIMP"}), None).text
    assert verdict(None, None) == ("", False)


@pytest.mark.parametrize(
    ("maker", "model", "name"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("", "D90", "D90"),
        ("Canon", "", "Canon"),
        ("", "", ""),
    ],
)
def test_the_maker_is_named_once(maker, model, name):
    assert camera({"camera_make": maker, "camera": model}) == name


@pytest.mark.parametrize(
    ("key", "a", "b", "expected"),
    [
        ("exposure_time", "1/250 s", "0.004 s", True),
        ("exposure_time", "1/250 s", "1/60 s", False),
        ("aperture", "f/2.8", "f/2.80", True),
        ("aperture", "f/2.8", "f/2", False),
        ("focal_length", "50 mm", "50.0 mm", True),
        ("iso", "100", "100, 200", False),
        ("exposure_time", "1/0 s", "1/0 s", True),
        ("software", "1.0", "1.00", False),
    ],
)
def test_amounts_are_compared_not_their_digits(key, a, b, expected):
    assert same(key, a, b) is expected


TEXTS = st.dictionaries(
    st.sampled_from(["camera_make", "camera", *SETTINGS]), st.text(max_size=8), max_size=6
)


@given(TEXTS, TEXTS)
def test_any_texts_make_one_sentence_and_swapping_changes_no_verdict(a, b):
    there, back = asked(a, b), asked(b, a)
    assert there.text.endswith(".")
    assert there.differs == back.differs
    assert not asked(a, a).differs
