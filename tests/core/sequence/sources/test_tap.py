"""Frames of a live source that can be had again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.errors import ReadError
from core.sequence.sources.tap import Tap
from core.sequence.types import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.types import Token


class _Live:
    address, name, live, closed = "camera:7", "camera 7", True, 0
    rate: Fraction | None = None
    count: int | None = None

    def frame(self, index: int, token: Token | None = None) -> Frame:
        del index, token
        raise ReadError("It is live.")

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        del token
        for k in range(start, 9):
            data = np.full((10, 30), k, np.uint8)
            image = None if k == 4 else ImageBuffer.from_array(data, name=f"#{k}")
            yield Frame(k, k / 10, image, f"#{k}", "" if image else "It is damaged.")

    def close(self) -> None:
        self.closed += 1


def test_the_last_frames_and_the_first_can_be_had_again() -> None:
    tap = Tap(_Live(), most=3 * 300)
    assert tap.last == -1
    with pytest.raises(IndexError):
        tap.frame(0)
    given = list(tap.frames())
    assert [f.index for f in given] == list(range(9))
    assert tap.last == 8
    for k in (0, 6, 7, 8):
        assert tap.frame(k) is given[k]
    with pytest.raises(ReadError, match="Frame 3 of “camera 7” has gone by"):
        tap.frame(3)
    for k in (-1, 9):
        with pytest.raises(IndexError):
            tap.frame(k)


def test_some_are_kept_however_large_they_are() -> None:
    tap = Tap(_Live(), most=1)
    given = list(tap.frames())
    assert tap.frame(7) is given[7]
    assert tap.frame(8) is given[8]
    with pytest.raises(ReadError):
        tap.frame(6)


def test_closing_it_closes_what_it_takes_from() -> None:
    live = _Live()
    tap = Tap(live)
    list(tap.frames())
    tap.close()
    assert live.closed == 1
