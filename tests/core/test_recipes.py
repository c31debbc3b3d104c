import dataclasses
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import recipes
from core.color import GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.errors import SettingsError, WriteError
from core.registry import all_params
from core.settings import Settings
from tests.settings import all_settings


def test_the_built_in_recipes():
    assert recipes.names() == ("classic", "noise", "photo", "render", "screenshot")


@pytest.mark.parametrize("name", ["classic", "noise", "photo", "render", "screenshot"])
def test_a_recipe_loads_and_gives_its_reasons(name):
    assert recipes.load(name) != Settings()
    about = recipes.describe(name)
    assert about.endswith(".")
    assert len(about) > 100


def test_classic_is_gray_by_plain_mean_and_min_max_and_nothing_else():
    loaded = recipes.load("classic")
    assert loaded[GrayParams] == GrayParams(enabled=True, method=GrayMethod.MEAN)
    others = {p.name for p in loaded.params} - {"gray"}
    assert others == {"normalize"}
    assert loaded.to_dict()["normalize"]["method"] == "minmax"


@given(all_settings())
def test_saved_settings_are_loaded_as_they_were(tmp_path_factory, settings):
    path = tmp_path_factory.mktemp("recipe") / "mine.toml"
    recipes.save(settings, path, about='Says "why",\nin 2 lines \x7f.')
    assert recipes.load(path) == settings
    assert recipes.describe(path) == 'Says "why",\nin 2 lines \x7f.'


def test_a_recipe_says_every_value_so_that_new_defaults_do_not_change_it(tmp_path):
    path = tmp_path / "mine.toml"
    recipes.save(Settings(), path)
    text = path.read_text(encoding="utf-8")
    for kind in all_params():
        assert f"[{kind.name}]" in text
        for field in kind.ui_fields():
            assert f"\n{field} = " in text


def test_an_unknown_recipe_lists_those_there_are():
    with pytest.raises(SettingsError, match=r"“nope”.*classic, noise, photo, render, screenshot"):
        recipes.load("nope")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[gray\n", "is not valid TOML"),
        ("[nonsense]\n", "no setting “nonsense”"),
        ("[gray]\nmethod = 'loud'\n", "“loud” is not a choice"),
    ],
)
def test_a_bad_recipe_names_the_file(tmp_path, text, says):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=says) as caught:
        recipes.load(path)
    assert str(path) in str(caught.value)


def test_a_recipe_that_cannot_be_read(tmp_path):
    with pytest.raises(SettingsError, match="could not be read"):
        recipes.load(tmp_path)


def test_a_recipe_that_cannot_be_written(tmp_path):
    with pytest.raises(WriteError, match="recipe"):
        recipes.save(Settings(), tmp_path / "no" / "mine.toml")


def test_every_flag_belongs_to_one_field():
    flags = [recipes.flag(k, f) for k in all_params() for f in k.ui_fields()]
    # A group whose primary field has the group's own flag shares it on purpose.
    bare = {recipes.switch(k) for k in all_params() if k.toggle} - set(flags)
    assert len(flags) == len(set(flags))
    assert not any(f"--no-{name[2:]}" in flags for name in (*flags, *bare))
    assert "--tolerance" in flags


def test_the_command_says_only_what_is_not_the_default():
    settings = Settings((DifferenceParams(tolerance=4), GrayParams(enabled=True)))
    assert recipes.command_line(Settings(), "a.png", "b.png") == "pairlens compare a.png b.png"
    command = recipes.command_line(settings, "a.png", "b.png")
    assert shlex.split(command)[4:] == ["--gray", "--tolerance", "4"]


def test_the_command_quotes_names():
    command = recipes.command_line(Settings(), "my cat's.png", "-b.png")
    assert shlex.split(command) == ["pairlens", "compare", "my cat's.png", "./-b.png"]


@given(st.data())
def test_the_shortest_words_for_one_changed_value(data):
    """One field changed costs one flag, and two words at most."""
    kind = data.draw(st.sampled_from(all_params()))
    field = data.draw(st.sampled_from(list(kind.ui_fields())))
    settings = data.draw(all_settings())
    value = getattr(settings[kind], field)
    changes = {field: value} | ({"enabled": True} if kind.toggle else {})
    words = recipes.arguments(Settings((kind(**changes),)))
    differs = dataclasses.replace(kind(), **changes) != kind()
    assert len(words) <= 2 * differs
