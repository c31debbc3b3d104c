"""Same device and settings? One sentence from what two files say of camera and software."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.buffer import PictureInfo

SETTINGS: Final = {
    "lens": "lens",
    "exposure_time": "exposure time",
    "aperture": "aperture",
    "iso": "ISO",
    "focal_length": "focal length",
    "software": "software",
}
"""What must be the same, apart from the camera itself; key -> the word in a sentence."""
_SHOWN: Final = ("exposure_time", "aperture", "iso", "focal_length")
_AMOUNT: Final = re.compile(r"(f/|)(\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?\s*([a-z]*)")


class Verdict(NamedTuple):
    """The answer, and whether it says that cameras or settings are not the same."""

    text: str
    differs: bool


def verdict(a: PictureInfo | None, b: PictureInfo | None) -> Verdict:
    """Answer whether two pictures come from the same device with the same settings.

    Asked are maker, model, lens, exposure time, aperture, ISO, focal length and software. What only
    one file says is no difference, and is named as such. With one picture, what it says is given;
    without any the text is empty.
    """
    if a is None or b is None:
        one = a if a is not None else b
        return Verdict("" if one is None else _alone(one.meta), False)
    of_a, of_b = a.meta, b.meta
    cameras = camera(of_a), camera(of_b)
    if not any(cameras):
        return _written("Neither file says which camera made it", of_a, of_b)
    if not all(cameras):
        side = "A" if cameras[0] else "B"
        return Verdict(f"Only {side} says which camera made it: {''.join(cameras)}.", False)
    if cameras[0].casefold() != cameras[1].casefold():
        return Verdict(f"Different cameras: {cameras[0]} and {cameras[1]}.", True)
    return _settings(cameras[0], of_a, of_b)


def camera(meta: Mapping[str, str]) -> str:
    """Return maker and model as one name; the maker once, where the model begins with it."""
    maker, model = meta.get("camera_make", "").strip(), meta.get("camera", "").strip()
    first = maker.partition(" ")[0].casefold()
    if not maker or (model and first in model.casefold().split()):
        return model
    return f"{maker} {model}".strip()


def same(key: str, a: str, b: str) -> bool:
    """Whether two texts mean the same: 1/250 s and 0.004 s do, names must be equal."""
    if key in _SHOWN:
        amounts = _amount(a), _amount(b)
        if None not in amounts:
            return amounts[0] == amounts[1]
    return a.strip() == b.strip()


def _amount(text: str) -> tuple[str, Fraction, str] | None:
    found = _AMOUNT.fullmatch(text.strip().lower())
    if found is None:
        return None
    before, value, divisor, unit = found.groups()
    if not Fraction(divisor or 1):
        return None
    return before, Fraction(value) / Fraction(divisor or 1), unit


def _settings(name: str, a: Mapping[str, str], b: Mapping[str, str]) -> Verdict:
    """Compare what was set on one and the same camera."""
    unlike: list[str] = []
    alike: list[str] = []
    only_a: list[str] = []
    only_b: list[str] = []
    for key, word in SETTINGS.items():
        of_a, of_b = a.get(key, ""), b.get(key, "")
        if not of_a and not of_b:
            continue
        if of_a and of_b:
            (alike if same(key, of_a, of_b) else unlike).append(key)
        else:
            (only_a if of_a else only_b).append(word)
    if len(unlike) == 1:
        key = unlike[0]
        return Verdict(f"Same camera, but {SETTINGS[key]} differs: {a[key]} and {b[key]}.", True)
    if unlike:
        words = _listed([f"{SETTINGS[key]} ({a[key]} and {b[key]})" for key in unlike])
        return Verdict(f"Same camera, but {words} differ.", True)
    said = ", ".join([name, *_values(a)]) if alike else name
    one_sided = [
        f"only {side} says its {_listed(words)}"
        for side, words in (("A", only_a), ("B", only_b))
        if words
    ]
    if one_sided:
        return Verdict(f"Same camera: {name}; {', '.join(one_sided)}.", False)
    if not alike:
        return Verdict(f"Same camera: {name}; neither file says its settings.", False)
    return Verdict(f"Same camera and settings: {said}.", False)


def _values(meta: Mapping[str, str]) -> list[str]:
    found = [(key, meta[key]) for key in _SHOWN if meta.get(key)]
    return [f"ISO {value}" if key == "iso" else value for key, value in found]


def _alone(meta: Mapping[str, str]) -> str:
    name = camera(meta)
    if name:
        return ", ".join([name, *_values(meta)]) + "."
    made = meta.get("software", "")
    return "The file does not say which camera made it" + (f"; written by {made}." if made else ".")


def _written(start: str, a: Mapping[str, str], b: Mapping[str, str]) -> Verdict:
    """Say by which software two files were written that name no camera."""
    of_a, of_b = a.get("software", ""), b.get("software", "")
    if not of_a and not of_b:
        return Verdict(f"{start}.", False)
    if of_a == of_b:
        return Verdict(f"{start}; both were written by {of_a}.", False)
    if of_a and of_b:
        return Verdict(f"{start}; A was written by {of_a}, B by {of_b}.", True)
    return Verdict(f"{start}; {'A' if of_a else 'B'} was written by {of_a or of_b}.", False)


def _listed(words: Sequence[str]) -> str:
    """Return “x”, “x and y” or “x, y and z”."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
