"""Addresses: a file, and which picture of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.io.address import Address, Part, file_of, part_of

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
PARTS = st.builds(Part, st.integers(0, 9_999_998), NAMES | st.just(""), st.integers(0, 999_999))


@given(NAMES.filter(lambda name: "#" not in name), PARTS)
def test_an_address_written_is_read_again(name: str, part: Part) -> None:
    address = Address("folder of nothing/" + name, part)
    assert Address.parse(str(address)) == address


def test_pages_are_counted_from_one_in_text() -> None:
    assert Address.parse("a.tif#page=3") == Address("a.tif", Part(page=2))
    assert str(Address("a.tif", Part(page=2))) == "a.tif#page=3"
    assert str(Address("a.tif")) == "a.tif"
    assert Address.parse(Path("a.exr#layer=diffuse&page=2")).part == Part(1, "diffuse")


@pytest.mark.parametrize("name", ["a#b.png", "a.png#", "a.png#page=x", "#page=2", "a#page=2&b=1"])
def test_a_number_sign_alone_says_nothing(name: str) -> None:
    assert Address.parse(name) == Address(name)


def test_a_file_that_is_called_like_an_address_is_that_file(tmp_path: Path) -> None:
    odd = tmp_path / "a.tif#page=2"
    odd.touch()
    assert Address.parse(odd) == Address(str(odd))


@given(NAMES, PARTS)
def test_part_and_file_are_found_without_a_look_at_the_disk(name: str, part: Part) -> None:
    path = f"folder of nothing/{name}"
    assert part_of(str(Address(path, part)), path) == part
    if "#" not in name:
        assert file_of(str(Address(path, part))) == path
        assert file_of(path) == path
