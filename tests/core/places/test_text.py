"""Shapes as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from core.places.shapes import Kind, Shape
from core.places.text import shapes_of, text_of

thousandths = st.integers(-(2**39), 2**39).map(lambda n: n / 1000)
sizes = st.integers(1, 2**39).map(lambda n: n / 1000)
names = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs"]), max_size=9)
tolerances = st.none() | st.floats(0, 255)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from(list(Kind)))
    about = draw(names), draw(tolerances)
    if kind is Kind.POLYGON:
        pairs = st.tuples(thousandths, thousandths)
        return Shape(kind, tuple(draw(st.lists(pairs, min_size=3, max_size=5))), *about)
    top, left = draw(thousandths), draw(thousandths)
    return Shape(kind, ((top, left), (top + draw(sizes), left + draw(sizes))), *about)


@given(st.lists(shapes(), max_size=4))
def test_text_gives_the_shapes_back(several):
    text = text_of(several)
    assert shapes_of(text) == tuple(several)
    assert text_of(shapes_of(text)) == text


def test_x_comes_first_in_text_and_row_in_core():
    (shape,) = shapes_of("rect 120,40 300x200")
    assert shape == Shape(Kind.RECT, ((40, 120), (240, 420)))
    (shape,) = shapes_of("polygon 10,12 200,15 180,90.5")
    assert shape.points == ((12, 10), (15, 200), (90.5, 180))
    (shape,) = shapes_of("ellipse 500,300 40x20")
    assert shape == Shape(Kind.ELLIPSE, ((300, 500), (320, 540)))


def test_name_and_tolerance():
    several = shapes_of('RECT 1,2 3×4 name=clock tolerance=12; rect 5,6 7x8 name="a b; c"')
    assert [(s.name, s.tolerance) for s in several] == [("clock", 12.0), ("a b; c", None)]
    assert text_of(several) == 'rect 1,2 3x4 name=clock tolerance=12; rect 5,6 7x8 name="a b; c"'


@pytest.mark.parametrize("text", ["", "  ", ";", " ; ;"])
def test_no_text_is_no_shape(text):
    assert shapes_of(text) == ()


def test_what_is_written_otherwise_becomes_the_same_text():
    text = " rect  +1.50,2.0 3e1x4 ;;ellipse -0,.25 1x1;"
    assert text_of(shapes_of(text)) == "rect 1.5,2 30x4; ellipse 0,0.25 1x1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("triangle 1,2 3,4", "begin with rect, ellipse or polygon"),
        ("12,4 3x4", "begin with"),
        ("rect", "like “rect 120,40 300x200”"),
        ("rect 1,2", "like “rect"),
        ("rect 1,2 3", "like “rect"),
        ("rect 1,2 3,4", "like “rect"),
        ("rect 1,2 3x4 5x6", "like “rect"),
        ("rect 1;2 3x4", "like “rect"),
        ("rect nan,2 3x4", "like “rect"),
        ("ellipse 1,2 3x", "like “ellipse"),
        ("polygon 1,2 3x4 5,6", "like “polygon"),
        ("polygon 1,2 3,4", "three points"),
        ("rect 1,2 0x4", "above 0"),
        ("rect 1,2 3x4 colour=red", "not “colour=red”"),
        ("rect 1,2 3x4 tolerance=low", "must be a number"),
        ("rect 1,2 3x4 tolerance=300", "between 0 and 255"),
        ('rect 1,2 3x4 name="open', "like “rect"),
        ("rect 1,2 3x4; rect 5,6 7", "“rect 5,6 7” is not a place"),
        ("rect 1,2 1e999x4", "must lie within"),
    ],
)
def test_an_error_is_one_sentence_about_the_shape(text, says):
    with pytest.raises(SettingsError, match=says.replace("(", r"\(")) as caught:
        shapes_of(text)
    said = str(caught.value)
    assert said.startswith("“")
    assert "is not a place" in said
    assert said.endswith(".")


@given(st.text(max_size=30))
def test_any_text_is_shapes_or_an_error(text):
    try:
        made = shapes_of(text)
    except SettingsError:
        made = ()
    assert shapes_of(text_of(made)) == made
