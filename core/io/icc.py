"""The name of an ICC colour profile, and whether it says sRGB."""

from __future__ import annotations

from typing import Final

_TAGS: Final = 128  # the header's length, ICC.1:2022, 7.2
_MOST_TAGS: Final = 200


def profile_name(profile: bytes) -> str:
    """Return the description that an ICC profile gives of itself, or ``"unnamed"``.

    Reads the ``desc`` tag in both of its forms: ``desc`` of version 2 (ICC.1:2001-04, 6.5.17) and
    ``mluc`` of version 4 (ICC.1:2022, 10.15), of which the first language is taken.
    """
    count = int.from_bytes(profile[_TAGS : _TAGS + 4], "big")
    for i in range(min(count, _MOST_TAGS)):
        entry = profile[_TAGS + 4 + 12 * i : _TAGS + 16 + 12 * i]
        if entry[:4] == b"desc":
            offset = int.from_bytes(entry[4:8], "big")
            size = int.from_bytes(entry[8:12], "big")
            return _text(profile[offset : offset + size]) or "unnamed"
    return "unnamed"


def is_srgb(name: str) -> bool:
    """Whether a profile of this name describes sRGB values (IEC 61966-2-1) with its own curve."""
    lower = name.lower()
    by_libjxl = lower.startswith(("rgb_d65_srg_", "gra_d65_")) and lower.endswith("_srg")
    return by_libjxl or ("srgb" in lower and "linear" not in lower) or lower in {"c2", "urgb"}


def _text(tag: bytes) -> str:
    kind = tag[:4]
    if kind == b"desc":
        length = int.from_bytes(tag[8:12], "big")
        text = tag[12 : 12 + length].decode("latin-1")
    elif kind == b"mluc":
        length = int.from_bytes(tag[20:24], "big")
        offset = int.from_bytes(tag[24:28], "big")
        text = tag[offset : offset + length].decode("utf-16-be", "replace")
    else:
        text = ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
