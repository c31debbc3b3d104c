"""Shapes as text: what stands in recipes, on the command line and in JSON.

In files and on the command line x stands first, then y, then width and height, in pixels::

    rect 120,40 300x200
    ellipse 500,300 40x20                        the rectangle around it
    polygon 10,10 200,15 180,90                  its corners
    rect 10,10 50x20 name=clock tolerance=12     what is said about it
    rect 10,10 50x20; rect 80,10 50x20           several
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from core.errors import SettingsError
from core.places.shapes import Kind, Shape, Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable

SEPARATOR: Final = "; "
"""Stands between two shapes."""
_NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_POINT: Final = re.compile(rf"({_NUMBER}),({_NUMBER})")
_SIZE: Final = re.compile(rf"({_NUMBER})[x×]({_NUMBER})")
_WORD: Final = re.compile(r'(?:[^\s;"]|"[^"]*")+|;|"')
_EXAMPLES: Final = {
    Kind.RECT: "rect 120,40 300x200",
    Kind.ELLIPSE: "ellipse 500,300 40x20",
    Kind.POLYGON: "polygon 10,10 200,15 180,90",
}


@lru_cache(maxsize=64)
def shapes_of(text: str) -> Shapes:
    """Return the shapes that a text stands for, in their order.

    Raises
    ------
    SettingsError
        When the text cannot be understood; one sentence that says where.
    """
    found: list[Shape] = []
    words: list[str] = []
    for word in (*_WORD.findall(text), ";"):
        if word != ";":
            words.append(word)
        elif words:
            found.append(_shape(words))
            words = []
    return Shapes(found)


def text_of(shapes: Iterable[Shape]) -> str:
    """Return the text that stands for shapes; `shapes_of` gives the same ones back."""
    return SEPARATOR.join(map(_text, shapes))


def _text(shape: Shape) -> str:
    words = [str(shape.kind)]
    if shape.kind is Kind.POLYGON:
        words += [f"{_number(col)},{_number(row)}" for row, col in shape.points]
    else:
        (top, left), (bottom, right) = shape.points
        words.append(f"{_number(left)},{_number(top)}")
        words.append(f"{_number(right - left)}x{_number(bottom - top)}")
    if shape.name:
        plain = re.fullmatch(r'[^\s;"]+', shape.name)
        words.append(f"name={shape.name}" if plain else f'name="{shape.name}"')
    if shape.tolerance is not None:
        tolerance = float(shape.tolerance)
        words.append(f"tolerance={int(tolerance) if tolerance.is_integer() else tolerance!r}")
    return " ".join(words)


def _shape(words: list[str]) -> Shape:
    said = " ".join(words)
    said = said if len(said) <= 60 else f"{said[:59]}…"
    try:
        kind = Kind(words[0].lower())
    except ValueError:
        raise SettingsError(
            f"“{said}” is not a place: it must begin with rect, ellipse or polygon."
        ) from None
    numbers = [w for w in words[1:] if "=" not in w]
    about = dict(_about(w, said) for w in words[1:] if "=" in w)
    tolerance = about.get("tolerance")
    try:
        return Shape(
            kind,
            _points(kind, numbers, said),
            about.get("name", ""),
            None if tolerance is None else _value(tolerance, "tolerance", said),
        )
    except SettingsError as e:
        text = str(e)
        raise e if said in text else SettingsError(f"“{said}” is not a place. {text}") from None


def _points(kind: Kind, words: list[str], said: str) -> tuple[tuple[float, float], ...]:
    place = _POINT if kind is Kind.POLYGON else _SIZE
    made = [
        (_POINT if i == 0 else place).fullmatch(word) for i, word in enumerate(words)
    ]  # fmt: skip
    if not made or None in made or (kind is not Kind.POLYGON and len(made) != 2):
        raise SettingsError(f"“{said}” is not a place; write it like “{_EXAMPLES[kind]}”.")
    pairs = [(float(m[1]), float(m[2])) for m in made if m is not None]
    if kind is Kind.POLYGON:
        return tuple((y, x) for x, y in pairs)
    (x, y), (width, height) = pairs
    return (y, x), (y + height, x + width)


def _about(word: str, said: str) -> tuple[str, str]:
    key, _, value = word.partition("=")
    if key not in ("name", "tolerance"):
        raise SettingsError(
            f"“{said}” is not a place: only name=… and tolerance=… can be said about it, not"
            f" “{word}”."
        )
    return key, value.replace('"', "")


def _value(text: str, what: str, said: str) -> float:
    if re.fullmatch(_NUMBER, text) is None:
        raise SettingsError(f"“{said}” is not a place: its {what} must be a number.")
    return float(text)


def _number(value: float) -> str:
    """A number of pixels, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
