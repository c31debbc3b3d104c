import shlex

import pytest
from hypothesis import given

from cli.compare import parser, settings_of
from cli.flags import UsageError, mark_bare, read
from core.color import GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.recipes import command_line
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.fit import FitParams
from tests.settings import all_settings


def parsed(line):
    args, left = parser().parse_known_args(mark_bare(shlex.split(line)))
    assert left == []
    return args


def settings(line, recipe=None):
    return settings_of(recipe, parsed(f"a.png b.png {line}").changes)


@given(all_settings())
def test_the_command_of_a_report_gives_the_same_settings(wanted):
    command = command_line(wanted, "my a.png", "b.png")
    args = parsed(command.removeprefix("pairlens compare "))
    assert (args.a, args.b) == ("my a.png", "b.png")
    assert settings_of(None, args.changes) == wanted


def test_a_bare_flag_switches_on_with_the_defaults():
    assert settings("--align") == Settings((AlignParams(enabled=True),))
    assert settings("--align --gray") == Settings(
        (AlignParams(enabled=True), GrayParams(enabled=True))
    )


@pytest.mark.parametrize(
    "line",
    ["--gray a.png b.png", "a.png --gray b.png", "a.png b.png --gray", "--gray -- a.png b.png"],
)
def test_a_bare_flag_may_stand_before_a_picture(line):
    args = parsed(line)
    assert (args.a, args.b) == ("a.png", "b.png")
    assert args.changes == [(GrayParams, "enabled", True)]


@pytest.mark.parametrize("line", ["--gray mean", "--gray=mean"])
def test_a_value_sets_the_primary_field(line):
    assert settings(line)[GrayParams] == GrayParams(enabled=True, method=GrayMethod.MEAN)


def test_a_part_switches_its_group_on():
    assert settings("--blur-sigma 2.5")[BlurParams] == BlurParams(enabled=True, sigma=2.5)


def test_the_last_flag_wins():
    assert settings("--gray --no-gray") == Settings()
    assert settings("--no-gray --gray mean")[GrayParams].enabled
    assert settings("--tolerance 3 --tolerance 4")[DifferenceParams].tolerance == 4.0


def test_what_is_on_by_default_can_be_switched_off():
    assert not settings("--no-fit")[FitParams].enabled


def test_flags_override_the_recipe():
    made = settings("--no-gray --tolerance 9", recipe="classic")
    assert not made[GrayParams].enabled
    assert made[GrayParams].method is GrayMethod.MEAN
    assert made[DifferenceParams].tolerance == 9.0
    assert made.to_dict()["normalize"]["enabled"] is True


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--gray loud", "--gray cannot be “loud”; use one of: mean, rec709."),
        ("--tolerance many", "--tolerance needs a number, not “many”."),
        ("--tolerance 256", "--tolerance cannot be “256”; give a number between 0 and 255."),
        ("--tolerance -1", "--tolerance cannot be “-1”; give a number between 0 and 255."),
        ("--tolerance nan", "--tolerance cannot be “nan”; give a number between 0 and 255."),
        ("--regions 1.5", "--regions needs a whole number, not “1.5”."),
        ("--tolerance", "expected one argument. See pairlens compare --help."),
    ],
)
def test_errors_say_what_to_do(line, says):
    with pytest.raises(UsageError) as caught:
        settings(line)
    assert str(caught.value).endswith(says)


def test_flags_are_not_guessed_from_their_beginning():
    _, left = parser().parse_known_args(["a", "b", "--toler", "3"])
    assert left == ["--toler", "3"]


def test_a_file_that_is_called_like_a_choice_is_the_choice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mean").touch()
    (tmp_path / "photo").touch()
    assert mark_bare(["--gray", "mean", "x"]) == ["--gray", "mean", "x"]
    assert mark_bare(["--gray", "photo", "x"])[0] != "--gray"
    assert mark_bare(["--gray", "typo", "x"]) == ["--gray", "typo", "x"]


def test_values_come_in_the_type_of_their_field():
    assert type(read(DifferenceParams, "tolerance", "4", "--tolerance")) is float
    assert read(GrayParams, "method", "mean", "--gray") is GrayMethod.MEAN


def test_every_flag_is_in_the_help(capsys):
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for word in ("--tolerance", "--blur-sigma", "--no-align", "--recipe", "--json", "--report"):
        assert word in text
    assert GrayParams.about in text
