"""What the threads of a sequence are given to do, and what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.sequence.distances import distance_map
from core.types import Token
from gui.sequence import jobs
from gui.sequence.events import Mapped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector


def test_the_map_says_how_much_of_it_is_made(
    projector: Projector, movie: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector.open(movie)
    projector.rest()
    loaded = projector.sequences.loaded
    assert loaded is not None
    monkeypatch.setattr("core.sequence.distances._PAIRS", 10 * 40)  # ten of forty rows at a time
    *shares, made = jobs.mapping(loaded)(Token())
    assert shares == [0.25, 0.5, 0.75, 1.0]
    assert isinstance(made, Mapped)
    found = made.found
    frames, counts = loaded.archive.counts()
    assert np.array_equal(found.values, distance_map(counts, frames=frames).values)
    assert found.span == (0, 39)
