"""What a person must be told about how two pictures go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.color import AlphaMode
from core.light import Values
from core.numbers import usable
from core.store import MemoryStore
from core.types import Alpha, Encoding, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.buffer import ImageBuffer
    from core.pair import Pair


def see_through(picture: ImageBuffer) -> bool:
    """Whether some pixel of a picture may be transparent."""
    return picture.alpha in (Alpha.STRAIGHT, Alpha.PREMULTIPLIED)


def colors(picture: ImageBuffer) -> int:
    """Return the number of channels without alpha."""
    return picture.channels - (picture.alpha is not Alpha.NONE)


def notices(pair: Pair) -> Iterator[Notice]:
    """Yield what a person must be told about how the two go together."""
    for picture in (pair.a, pair.b):
        if picture.nonfinite:
            one = picture.nonfinite == 1
            text = (
                f"“{picture.name}” has {picture.nonfinite:,}"
                f" {'pixel that is' if one else 'pixels that are'} {_what(picture)} and left out"
                " of every number."
            )
            yield Notice("nonfinite", text, "warning")
    yield from _light(pair)
    a, b = colors(pair.a), colors(pair.b)
    if pair.gray is None and a != b:
        gray, color = (pair.a, pair.b) if a < b else (pair.b, pair.a)
        text = (
            f"“{gray.name}” is gray and “{color.name}” has {max(a, b)} channels:"
            " its gray is compared with each of them."
        )
        yield Notice("gray_and_color", text)


def _what(picture: ImageBuffer) -> str:
    """Say what the pixels that are left out hold."""
    if isinstance(picture.store, MemoryStore):  # others are surveyed for NaN and infinities only
        large = np.isfinite(picture.data) & ~usable(picture.data, picture.limit)
        if large.any():
            return "NaN, infinite or over 10⁸ times white"
    return "NaN or infinite"


def _light(pair: Pair) -> Iterator[Notice]:
    pictures = dict.fromkeys((pair.a, pair.b))
    linear = [f"“{p.name}”" for p in pictures if p.encoding is Encoding.LINEAR]
    unknown = [f"“{p.name}”" for p in pictures if p.encoding is Encoding.UNKNOWN]
    if pair.values is not Values.FILE:
        if unknown:
            one = len(unknown) == 1
            text = (
                f"{' and '.join(unknown)} {'does' if one else 'do'} not say whether"
                f" {'its' if one else 'their'} values are linear light; they were taken as"
                " sRGB-encoded."
            )
            yield Notice("light_unknown", text)
    elif linear and unknown:
        text = (
            f"{linear[0]} is linear light and {unknown[0]} does not say what its values are;"
            " they were compared as they are, as linear light."
        )
        yield Notice("light_unknown", text)
    elif linear and not pair.linear:
        text = (
            f"{linear[0]} is linear light and the other picture sRGB-encoded: the values of"
            f" {linear[0]} were encoded, so that like is compared with like."
        )
        yield Notice("light_encoded", text)


def left_out(count: int) -> Iterator[Notice]:
    """Say how many pixels are left out because nothing is seen of either picture."""
    if count:
        one = count == 1
        text = (
            f"{count:,} {'pixel that is' if one else 'pixels that are'} fully transparent in both"
            f" pictures {'is' if one else 'are'} left out of every number."
        )
        yield Notice("transparent", text)


def lab_notices(pair: Pair, *, has_color: bool) -> Iterator[Notice]:
    """Say what Lab cannot do with these pictures."""
    if not has_color:
        text = "Lab needs colour; the difference is taken in the values as they are instead."
        yield Notice("lab_needs_color", text, "warning")
    elif pair.keep_alpha:
        seen = pair.mode is AlphaMode.PREMULTIPLIED
        text = (
            "Lab compares colours: where the pictures differ in transparency, only the colour that"
            " it leaves over black counts, so a change over black is not seen."
            if seen
            else "Lab compares colours: a difference in transparency alone is not seen."
        )
        yield Notice("lab_without_alpha", text, "warning")
