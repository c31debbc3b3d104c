"""The jobs of the clipboard: keep a picture that was pasted, render one that is copied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import CompareError
from core.render import Picture, Side
from core.scheduler import Job
from core.types import Rect, Token
from gui import inbox
from gui.offer import Offer, png
from gui.source import Source

MOST_PIXELS: Final = 150_000_000
"""A larger picture is too much for a clipboard, and for what it would be pasted into."""
WORDS: Final = {Side.A: "A", Side.B: "B", Side.DIFFERENCE: "difference map"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A pasted picture lies in a file now."""

    path: str
    side: Side | None


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """A picture was rendered for the clipboard."""

    picture: Picture
    side: Side


def keeping(offer: Offer, side: Side | None) -> Job:
    """Write what was pasted or dropped into a file."""

    def job(token: Token) -> Iterator[object]:
        token.check()
        content = offer.content if offer.image is None else png(offer.image)
        yield Kept(str(inbox.keep(content, offer.suffix)), side)

    return job


def copying(source: Source, side: Side) -> Job:
    """Render a whole side at full size."""

    def job(token: Token) -> Iterator[object]:
        height, width = source.pipeline().shape
        token.check()
        if height * width > MOST_PIXELS:
            raise CompareError(
                f"A picture of {width:,} × {height:,} pixels is too large for the clipboard;"
                " export a report instead."
            )
        yield Copied(source.render(side, Rect(0, 0, height, width), 0), side)

    return job
