"""Every bad or odd file opens right or is refused with one sentence, within bounds."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import ReadError
from core.io import Limits, open_image
from tests.bad.case import Case, Outcome, encoded, scene
from tests.bad.every import every
from tests.bad.samples import samples

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = Limits(bytes=1_000_000_000, seconds=30)
SENTENCE = re.compile(r"(?!.*could not be foreseen)(?:[A-Z][^\n]*)?“[^\n]*”[^\n]*[^.\n]\.")


def test_there_are_enough_and_each_has_its_own_name() -> None:
    cases = every()
    assert len(cases) >= 150
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("case", every(), ids=lambda case: ascii(case.name))
def test_it_opens_right_or_is_refused(case: Case, tmp_path: Path) -> None:
    path = tmp_path / case.name
    case.make(path)
    try:
        picture = open_image(path, limits=LIMITS)
    except ReadError as error:
        if case.outcome is Outcome.RIGHT or not SENTENCE.fullmatch(str(error)):
            raise
        return
    assert case.outcome is not Outcome.REFUSED, f"{picture.shape} {picture.notices}"
    if case.outcome is Outcome.ANY:
        assert picture.shape[0] > 0
        assert picture.shape[1] > 0
        return
    wanted = whole(case.name.split(".", 1)[1]) if case.pixels is None else case.pixels()
    np.testing.assert_array_equal(picture.data, wanted)


def whole(suffix: str) -> np.ndarray:
    """Return what the sound sample of a format shows."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "whole." + suffix)  # noqa: PTH118 - Path is for types only here
        with open(path, "wb") as file:  # noqa: PTH123 - the same
            file.write(samples()[suffix])
        return open_image(path).data


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded("PNG"))
    path.chmod(0)
    if os.geteuid() == 0:  # the system lets this user read everything
        assert open_image(path).shape == scene().shape[:2]
    else:
        with pytest.raises(ReadError, match="may not be read by you"):
            open_image(path)


def test_a_file_that_shrinks_and_grows_while_it_is_read(tmp_path: Path) -> None:
    """Either all of the picture is there, or it is refused; never a part of it."""
    path = tmp_path / "restless.png"
    data = encoded("PNG")
    path.write_bytes(data)
    done = threading.Event()

    def rewrite() -> None:
        while not done.is_set():
            for length in (len(data) // 3, len(data)):
                with path.open("r+b") as file:
                    file.truncate(0)
                    file.write(data[:length])

    writer = threading.Thread(target=rewrite)
    writer.start()
    refused = 0
    try:
        for _ in range(60):
            try:
                picture = open_image(path)
            except ReadError as error:
                refused += 1
                if not SENTENCE.fullmatch(str(error)):
                    raise
            else:
                np.testing.assert_array_equal(picture.data, scene())
    finally:
        done.set()
        writer.join()
    assert refused > 0
