import pytest

from core.atomic import replacing
from core.errors import WriteError


def test_the_file_is_replaced_and_nothing_else_is_left(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with replacing(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_failure_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def half(path):
        path.write_text("ha")
        raise RuntimeError

    with pytest.raises(RuntimeError), replacing(target) as temporary:
        half(temporary)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "there" / "real.txt")
    with replacing(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert (tmp_path / "there" / "real.txt").read_text() == "new"


def test_a_missing_folder_is_one_sentence(tmp_path):
    target = tmp_path / "no" / "a.txt"
    says = r"report “.*a\.txt” could not be written: No such file"
    with pytest.raises(WriteError, match=says), replacing(target, "report") as temporary:
        temporary.write_text("new")


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(WriteError, match="that is a folder"), replacing(tmp_path):
        pass
