"""ICC profiles, read with suspicion: they come with files from anywhere.

Version 2 (ICC.1:2001-04) and version 4 (ICC.1:2022). Nothing outside the bytes is trusted: every
offset and count is checked before it is used.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from core.io.color.cicp import cicp_space
from core.io.color.curves import (
    IDENTITY,
    Curve,
    Parametric,
    Sampled,
    is_linear_curve,
    is_sound,
    is_srgb_curve,
)  # fmt: skip
from core.io.color.spaces import D50, Matrix, Space, from_d50

_TAGS: Final = 128  # the header's length, ICC.1:2022, 7.2
_MOST_TAGS: Final = 200
_MOST_BYTES: Final = 32 << 20
_MOST_SAMPLES: Final = 1 << 16
_CLASSES: Final = {
    b"scnr": "", b"mntr": "", b"prtr": "", b"spac": "", b"link": "links two devices",
    b"abst": "is an effect, not a colour space", b"nmcl": "is a list of named colours",
}  # fmt: skip
_CHANNELS: Final = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 3}
_TABLES: Final = (b"D2B0", b"D2B1", b"A2B0", b"A2B1")
_HIGH_RANGE: Final = (16, 18)  # PQ and HLG, Rec. ITU-T H.273, table 3
_PARAMETERS: Final = (1, 3, 4, 5, 7)  # of each type of parametricCurveType, 10.18
_WHITE_RANGE: Final = (0.5, 2.0)
"""What the luminance of white, 1 by definition, may come to in a profile that means well."""


class ProfileError(ValueError):
    """Why a profile cannot be used, as the end of a sentence: "it is cut off"."""


@dataclass(frozen=True, eq=False)
class Profile:
    """What a profile says.

    Attributes
    ----------
    name
        Its own description, or ``"unnamed"``.
    model
        ``"GRAY"``, ``"RGB"``, ``"CMYK"`` or ``"Lab"``.
    channels
        How many values a colour has.
    space
        What its curves and primaries mean; None where it maps colours by tables.
    is_srgb
        Whether the values are those of sRGB as they are: primaries within 0.001, curve within a
        quarter of an 8-bit level.
    is_linear_srgb
        The same for light of sRGB's primaries.
    data
        The profile itself.
    """

    name: str
    model: str
    channels: int
    space: Space | None
    is_srgb: bool
    is_linear_srgb: bool
    data: bytes


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


@lru_cache(maxsize=16)
def read_profile(data: bytes) -> Profile:
    """Return what a profile says.

    Raises
    ------
    ProfileError
        When it is cut off, larger than 32 MB, no profile of a picture's colours, or makes no sense:
        tags outside it, curves that fall or are not finite, primaries that span no space.
    """
    tags = _tags(data)
    kind, model = data[12:16], data[16:20]
    if why := _CLASSES.get(kind, "is of an unknown class"):
        raise ProfileError(f"it {why}")
    if model not in _CHANNELS:
        raise ProfileError("it is for a colour model that pictures here do not have")
    name, channels = profile_name(data), _CHANNELS[model]
    title = model.decode("ascii").strip()
    if model == b"RGB " and (shown := _high_range(tags)):
        return Profile(name, title, channels, replace(shown, name=name), False, False, data)
    lab = data[20:24] == b"Lab "
    if any(tag in tags for tag in _TABLES) or (model == b"GRAY" and lab and b"kTRC" in tags):
        return Profile(name, title, channels, None, False, False, data)
    if model == b"GRAY":
        curves: tuple[Curve, ...] = (_curve(tags, b"kTRC"),)
        matrix = np.eye(3)
    elif model == b"RGB ":
        names = (b"rTRC", b"gTRC", b"bTRC")
        same = len({tags.get(name) for name in names}) == 1  # nearly always
        curves = tuple(_curve(tags, name) for name in (names[:1] if same else names))
        matrix = from_d50(_colorants(tags))
    else:
        raise ProfileError("it has no table of colours")
    linear = all(is_linear_curve(curve) for curve in curves)
    space = Space(name, curves, matrix, linear=linear)
    own = space.has_srgb_primaries
    srgb = own and all(is_srgb_curve(curve) for curve in curves)
    return Profile(name, title, channels, space, srgb, own and linear, data)


def _high_range(tags: dict[bytes, bytes]) -> Space | None:
    """Return what a cicpTag of PQ or HLG means (ICC.1:2022, 9.2.17 and 10.3).

    Such a profile's tables only know a range of light that is mapped down for print and screens.
    """
    tag = tags.get(b"cicp", b"")
    if tag[:4] != b"cicp" or len(tag) < 12 or tag[9] not in _HIGH_RANGE:
        return None
    try:
        return cicp_space(tag[8], tag[9], matrix=tag[10], full_range=tag[11] == 1)
    except ValueError:
        return None


def _tags(data: bytes) -> dict[bytes, bytes]:
    size = int.from_bytes(data[:4], "big")
    if len(data) > _MOST_BYTES:
        raise ProfileError("it is larger than 32 MB")
    if len(data) < _TAGS + 4 or data[36:40] != b"acsp":
        raise ProfileError("it is no ICC profile")
    if size > len(data):
        raise ProfileError("it is cut off")
    count = int.from_bytes(data[_TAGS : _TAGS + 4], "big")
    if count > _MOST_TAGS or _TAGS + 4 + 12 * count > size:
        raise ProfileError("its table of contents is damaged")
    tags = {}
    for i in range(count):
        name, offset, length = struct.unpack_from(">4sII", data, _TAGS + 4 + 12 * i)
        if offset < _TAGS or offset + length > size or length < 8:
            raise ProfileError("parts of it lie outside it")
        tags[name] = data[offset : offset + length]
    return tags


def _colorants(tags: dict[bytes, bytes]) -> Matrix:
    columns = []
    for name in (b"rXYZ", b"gXYZ", b"bXYZ"):
        tag = tags.get(name, b"")
        if tag[:4] != b"XYZ " or len(tag) < 20:
            raise ProfileError("its primaries are missing")
        columns.append([v / 65536.0 for v in struct.unpack_from(">3i", tag, 8)])
    matrix = np.asarray(columns).T
    low, high = _WHITE_RANGE
    white = matrix.sum(axis=1)
    if not low <= white[1] <= high or abs(float(np.linalg.det(matrix))) < 1e-4:
        raise ProfileError("its primaries span no colour space")
    if float(np.abs(white - np.asarray(D50)).max()) > 0.5 or float(np.abs(matrix).max()) > 4.0:
        raise ProfileError("its primaries make no white")
    return matrix


def _curve(tags: dict[bytes, bytes], name: bytes) -> Curve:
    tag = tags.get(name, b"")
    curve: Curve
    if tag[:4] == b"curv" and len(tag) >= 12:
        curve = _sampled(tag)
    elif tag[:4] == b"para" and len(tag) >= 12:
        curve = _parametric(tag)
    else:
        raise ProfileError("its curves are missing")
    if not is_sound(curve):
        raise ProfileError("its curves do not rise from black to white")
    return curve


def _sampled(tag: bytes) -> Curve:
    """Read a curveType: ICC.1:2022, 10.6."""
    count = int.from_bytes(tag[8:12], "big")
    if count > _MOST_SAMPLES or 12 + 2 * count > len(tag):
        raise ProfileError("its curves are damaged")
    if count == 0:
        return IDENTITY
    values = np.frombuffer(tag, ">u2", count, 12)
    if count == 1:
        return Parametric(float(values[0]) / 256.0)
    return Sampled(values / 65535.0)


def _parametric(tag: bytes) -> Curve:
    """Read a parametricCurveType: ICC.1:2022, 10.18, table 68."""
    kind = int.from_bytes(tag[8:10], "big")
    if kind >= len(_PARAMETERS) or len(tag) < 12 + 4 * _PARAMETERS[kind]:
        raise ProfileError("its curves are damaged")
    stored = struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)
    g, a, b, c, d, e, f = [v / 65536.0 for v in stored] + [0.0] * (7 - len(stored))
    if kind == 0:
        return Parametric(g)
    if kind in {1, 2}:  # these have no straight part: all below -b/a is the constant c
        if a == 0.0:
            raise ProfileError("its curves are damaged")
        return Parametric(g, a, b, 0.0, -b / a, c, c)
    return Parametric(g, a, b, c, d, e, f)


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
