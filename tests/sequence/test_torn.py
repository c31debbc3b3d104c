"""Torn frames, and codings that leave most of a frame as it was."""

from __future__ import annotations

import numpy as np
import pytest

from core.sequence.changes import Judge
from core.sequence.params import SequenceParams
from core.sequence.pixels import picture
from core.sequence.types import Verdict
from core.types import Token
from tests.sequence.film import Film

BLOCK = 8
HIGH, WIDE = 144, 240
LOW = 112
"""From this row on, nothing changes in frames of which the lowest rows are skipped."""


def names(frames: list[np.ndarray]) -> list[set[Verdict]]:
    judge, found = Judge(SequenceParams()), []
    for frame in frames:
        found += judge.add(picture(frame, Token()))
    return [set(j.verdicts) for j in [*found, *judge.finish()]]


def coded(seed: int, skipped: float, count: int = 60) -> list[np.ndarray]:
    """Return a film of which each frame takes a part of its blocks from the one before."""
    rng = np.random.default_rng(seed)
    out: list[np.ndarray] = []
    for t, (made, _) in enumerate(Film(seed=seed, height=HIGH, width=WIDE).frames(count)):
        frame = made
        if out:
            skip = rng.random((HIGH // BLOCK, WIDE // BLOCK)) < skipped
            skip[LOW // BLOCK :] |= t % 10 == 9
            stays = np.kron(skip, np.ones((BLOCK, BLOCK), bool))
            frame = np.where(stays[..., None], out[-1], made)
        out.append(frame)
    return out


@pytest.mark.parametrize("seed", range(4))
def test_blocks_that_are_skipped_are_no_tear(seed: int) -> None:
    found = names(coded(seed, 0.85))
    assert len(found) == 60
    assert not any(Verdict.TORN in v for v in found)


@pytest.mark.parametrize("seed", range(4))
def test_the_lowest_rows_as_they_were_are_one_where_all_else_is_new(seed: int) -> None:
    found = names(coded(seed, 0.0))
    assert [t for t, v in enumerate(found) if Verdict.TORN in v] == [9, 19, 29, 39, 49, 59]
