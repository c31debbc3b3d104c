"""Params and Settings: what they take, what they refuse and say, and when two are the same."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.color import GrayParams
from core.difference import DifferenceParams, Space
from core.errors import SettingsError
from core.registry import all_params
from core.settings import Params, Settings, ui
from core.stages.blur import BlurParams, Method
from tests.settings import all_settings


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


@dataclass(frozen=True, kw_only=True)
class Sample(Params):
    name: ClassVar[str] = "sample"

    fruit: Fruit = field(default=Fruit.APPLE, metadata=ui("Fruit", "A fruit.", primary=True))
    size: float = field(default=2.0, metadata=ui("Size", "A size.", 0.5, 9.0))
    count: int = field(default=3, metadata=ui("Count", "A count.", 1, 8))
    ripe: bool = field(default=False, metadata=ui("Ripe", "Whether it is ripe."))
    words: str = field(default="", metadata=ui("Words", "Any words."))
    free: float = field(default=0.0, metadata=ui("Free", "Any number."))


def test_values_take_the_type_of_their_field():
    p = Sample(fruit="pear", size=3, count=4.0, ripe=True, words="a", free=-1e300)
    assert p.fruit is Fruit.PEAR
    assert (type(p.size), type(p.count)) == (float, int)
    assert p == Sample(fruit=Fruit.PEAR, size=3.0, count=4, ripe=True, words="a", free=-1e300)
    assert hash(Sample(size=3)) == hash(Sample(size=3.0))


def test_what_params_say_of_themselves():
    assert list(Sample.ui_fields()) == ["fruit", "size", "count", "ripe", "words", "free"]
    assert Sample.primary() == "fruit"
    assert Params.primary() is None
    assert Sample.field_types()["enabled"] is bool
    assert Sample.field_types()["fruit"] is Fruit
    assert Sample().replace(size=4).size == 4.0
    assert Sample().to_dict() == {
        "enabled": False, "fruit": "apple", "size": 2.0, "count": 3, "ripe": False, "words": "",
        "free": 0.0,
    }  # fmt: skip
    assert type(Sample().to_dict()["fruit"]) is str


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fruit": "plum"}, "“plum” is not a choice for sample.fruit; use one of: apple, pear."),
        ({"fruit": ["pear"]}, "is not a choice for sample.fruit"),
        ({"fruit": True}, "“True” is not a choice"),
        ({"size": 9.5}, "sample.size must lie between 0.5 and 9, not 9.5."),
        ({"size": 0.4999}, "must lie between"),
        ({"size": math.nan}, "sample.size must be a number, not nan."),
        ({"size": math.inf}, "sample.size must be a number, not inf."),
        ({"size": "3"}, "sample.size must be a number, not '3'."),
        ({"size": None}, "sample.size must be a number, not None."),
        ({"size": True}, "sample.size must be a number, not True."),
        ({"size": 10**400}, "sample.size must be a number, not 1000"),
        ({"count": 2.5}, "sample.count must be a whole number, not 2.5."),
        ({"count": 9}, "sample.count must lie between 1 and 8, not 9."),
        ({"count": False}, "sample.count must be a number, not False."),
        ({"ripe": 1}, "sample.ripe must be true or false, not 1."),
        ({"ripe": "yes"}, "sample.ripe must be true or false, not 'yes'."),
        ({"words": 3}, "sample.words cannot be 3."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_a_sentence(changes, says):
    with pytest.raises(SettingsError) as caught:
        Sample(**changes)
    text = str(caught.value)
    assert says in text
    assert text.endswith(".")
    assert len(text) < 200
    with pytest.raises(SettingsError):
        Sample().replace(**changes)


def test_both_ends_of_a_range_are_allowed():
    assert (Sample(size=0.5).size, Sample(size=9).size) == (0.5, 9.0)
    assert (Sample(count=1).count, Sample(count=8).count) == (1, 8)


def test_what_is_not_in_the_bag_has_its_default():
    assert Settings()[BlurParams] == BlurParams()
    assert Settings().params == ()
    assert Settings([BlurParams(), GrayParams()]) == Settings()


def test_the_order_does_not_matter_and_the_last_of_a_kind_wins():
    blur, gray = BlurParams(enabled=True), GrayParams(enabled=True)
    assert Settings([blur, gray]) == Settings([gray, blur])
    assert hash(Settings([blur, gray])) == hash(Settings([gray, blur]))
    other = BlurParams(sigma=3.0)
    assert Settings([blur, other])[BlurParams] is other
    assert Settings([blur]).replacing(other, gray) == Settings([other, gray])
    assert Settings([blur, gray]).replacing(BlurParams()) == Settings([gray])


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().params = ()  # type: ignore[misc]  # that it is refused is the test
    with pytest.raises(dataclasses.FrozenInstanceError):
        BlurParams().sigma = 2.0  # type: ignore[misc]  # that it is refused is the test


@given(all_settings())
def test_settings_survive_json(settings):
    document = settings.to_dict()
    assert list(document) == [kind.name for kind in all_params()]
    again = Settings.from_dict(json.loads(json.dumps(document, allow_nan=False)))
    assert again == settings
    assert hash(again) == hash(settings)
    assert again.to_dict() == document


@hypothesis_settings(max_examples=40)
@given(all_settings(), all_settings())
def test_settings_are_equal_exactly_when_they_say_the_same(one, other):
    assert (one == other) == (one.to_dict() == other.to_dict())
    for kind in all_params():
        assert one.replacing(other[kind])[kind] == other[kind]


@hypothesis_settings(max_examples=40)
@given(all_settings(), st.data())
def test_replacing_back_gives_the_settings_before(settings, data):
    other = data.draw(all_settings())
    before = [settings[kind] for kind in all_params()]
    assert settings.replacing(*other.params).replacing(*before) == settings


@pytest.mark.parametrize("kind", all_params(), ids=lambda kind: kind.name)
def test_every_value_is_named_where_a_group_has_none_of_that_name(kind):
    with pytest.raises(SettingsError) as caught:
        Settings.from_dict({kind.name: {"nonsense": 1}})
    text = str(caught.value)
    assert text.startswith(f"“{kind.name}” has no value “nonsense”; it has: ")
    assert all(f in text for f in kind.ui_fields())
    assert ("enabled" in text) == kind.toggle


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"blurr": {}}, "There is no setting “blurr”; there are: fit, align, light, gray,"),
        ({"blur": 3}, "Setting “blur” must be a table of values."),
        ({"blur": [1]}, "Setting “blur” must be a table of values."),
        ({"blur": {"sigma": 51}}, "blur.sigma must lie between 0.1 and 50, not 51."),
        ({"difference": {"tolerance": -1}}, "difference.tolerance must lie between 0 and 255"),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_a_sentence(values, says):
    with pytest.raises(SettingsError) as caught:
        Settings.from_dict(values)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("kind", [k for k in all_params() if not k.toggle], ids=lambda k: k.name)
def test_what_is_always_on_cannot_be_switched(kind):
    """Otherwise two Settings that mean the same would not be equal."""
    with pytest.raises(SettingsError, match="has no value “enabled”"):
        Settings.from_dict({kind.name: {"enabled": True}})


def test_a_recipe_file_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[blur]\nenabled = true\nmethod = "median"\n[difference]\nspace = "lab"\n')
    settings = Settings.from_file(path)
    assert settings[BlurParams] == BlurParams(enabled=True, method=Method.MEDIAN)
    assert settings[DifferenceParams].space is Space.LAB
    assert Settings.from_file(str(path)) == settings


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[blur\n", "is not valid TOML"),
        (b"\xff\xfe", "is not valid TOML"),
        (b"[blur]\nsigma = " + b"9" * 5000 + b"\n", "is not valid TOML"),
        (b"[blur]\nsigma = " + b"9" * 500 + b"\n", "blur.sigma must be a number"),
        (b"blur = 3\n", "must be a table"),
    ],
    ids=["half", "not text", "endless number", "large number", "no table"],
)
def test_a_recipe_file_that_is_no_good_is_refused(tmp_path, content, says):
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        Settings.from_file(path)


def test_a_recipe_file_that_cannot_be_read_is_named(tmp_path):
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(SettingsError, match="could not be read") as caught:
            Settings.from_file(path)
        assert str(path) in str(caught.value)
