"""Decides what the colours of a picture mean, converts them, and says so.

The order of precedence: an ICC profile; what the format says in numbers or names; nothing, and then
values are compared as stored. In PNG, cICP comes before the profile (third edition, 4.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.buffer import float_peak
from core.io.color.boxes import nclx_space
from core.io.color.cicp import cicp_space
from core.io.color.curves import IDENTITY, is_srgb_curve
from core.io.color.spaces import Space, linear_light
from core.io.color.tags import (
    exif_space,
    gamma_space,
    jpeg_exif,
    png_chunks,
    radiance_primaries,
    srgb_space,
)  # fmt: skip
from core.io.decoded import MANTISSA_BITS, check_size
from core.io.icc import ProfileError, profile_name, read_profile
from core.io.kinds import AVIF, HDR, HEIC, JPEG, PNG, TIFF
from core.io.shared import empty
from core.types import Alpha, Encoding, Notice, Rect, Token

if TYPE_CHECKING:
    from core.io.color.transform import ColorTransform
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_STRIP: Final = 1 << 19
"""Pixels that a thread converts before it takes the next ones."""


class Plan(NamedTuple):
    """What is known of a picture's colours, and what is to be done.

    Attributes
    ----------
    source
        What a person calls the space; empty when the file says nothing.
    transform
        None where values stay as they are.
    encoding
        What values that stay mean; None: what the reader says.
    problem
        Why what the file says cannot be used: the end of a sentence, empty when it can.
    is_profile
        Whether `source` is the name of an ICC profile.
    """

    source: str = ""
    transform: ColorTransform | None = None
    encoding: Encoding | None = None
    problem: str = ""
    is_profile: bool = False


def transform_for(file: PictureFile, kind: Kind, decoded: Decoded) -> ColorTransform | None:
    """Return what takes the picture's pixels, or any part of them, into the working space.

    Parameters
    ----------
    decoded
        As its reader made it. Only dtype and number of channels of `Decoded.data` are looked at,
        and the largest value of float data whose `peak` is not given.

    Returns
    -------
    None where values stay as they are: sRGB, nothing said, or something that cannot be used.
    """
    return plan_for(file, kind, decoded).transform


def plan_for(file: PictureFile, kind: Kind, decoded: Decoded) -> Plan:
    """Return what is known of a picture's colours and what is to be done; never raises."""
    if "color" in decoded.meta or any(n.code == "converted" for n in decoded.notices):
        return Plan()  # the reader made sRGB of inks, of Lab, or of what a sensor saw
    problem = Plan()
    if kind is PNG:
        chunks = png_chunks(file)
        cicp = chunks.get(b"cICP", b"")
        if len(cicp) >= 4:
            problem = _plan_of_codes(cicp, decoded)
            if not problem.problem and problem.source:
                return problem
    if decoded.icc:
        return _plan_of_profile(decoded)
    try:
        space = _said(file, kind, decoded)
    except ValueError as error:
        return Plan("colours", problem=str(error))
    return problem if space is None else _plan_of_space(space, decoded)


def manage(file: PictureFile, kind: Kind, decoded: Decoded, *, managed: bool) -> None:
    """Bring a decoded picture into the working space, in place, and say what was done.

    Sets `data`, `peak`, `encoding`, `bits`, `meta` (``icc``, ``color``) and `notices` of `decoded`.
    `bits` stays what the file holds: float32 values made of 8-bit ones have 8 significant bits.

    Raises
    ------
    TooLargeError
        When the pixels are allowed as stored, but not four bytes for each of their values.
    """
    plan = plan_for(file, kind, decoded)
    if decoded.icc:
        decoded.meta["icc"] = profile_name(decoded.icc)
    transform = plan.transform
    if not plan.source:
        converted = any(n.code == "converted" for n in decoded.notices)
        decoded.meta.setdefault("color", "converted to sRGB" if converted else "as stored")
    elif plan.problem:
        decoded.meta["color"] = f"as stored: {plan.source} not applied"
        what = f"colour profile “{plan.source}”" if plan.is_profile else "colour description"
        text = (
            f"The {what} of {file.name} is not applied, because {plan.problem}: values are "
            "compared as stored."
        )
        decoded.notices = (*decoded.notices, Notice("icc", text, "warning"))
    elif transform is None:
        decoded.encoding = plan.encoding or decoded.encoding
        decoded.meta["color"] = "linear sRGB" if plan.encoding is Encoding.LINEAR else "sRGB"
    elif not managed:
        decoded.meta["color"] = f"as stored: {plan.source} not applied"
        what = "has the colour profile" if plan.is_profile else "says that its colours are"
        text = (
            f"{file.name} {what} “{plan.source}”, which is not applied: values are compared as "
            "stored."
        )
        decoded.notices = (*decoded.notices, Notice("icc", text))
    else:
        _convert(file, decoded, transform)


def _convert(file: PictureFile, decoded: Decoded, transform: ColorTransform) -> None:
    from core.parallel import in_order  # noqa: PLC0415 - the same

    stored = decoded.data
    height, width = stored.shape[:2]
    check_size(file, width, height, stored.size // (height * width), 4)
    decoded.bits = decoded.bits or _bits(stored.dtype)
    out = empty(stored.shape, np.float32)
    rows = max(_STRIP // width, 1)
    strips = [Rect(r, 0, min(rows, height - r), width) for r in range(0, height, rows)]

    def work(strip: Rect) -> int:
        return transform.convert(stored[strip.slices], out[strip.slices])[1]

    outside = sum(in_order(work, strips, Token()))
    decoded.data, decoded.peak, decoded.encoding = out, 1.0, transform.encoding
    decoded.meta["color"] = transform.describe
    text = (
        f"The colours of {file.name} were converted from {transform.name} to "
        f"{transform.target}; {_share(outside, height * width)} outside sRGB."
    )
    decoded.notices = (*decoded.notices, Notice("color", text))


def _share(count: int, total: int) -> str:
    if count == 0:
        return "none of its pixels lies"
    share = 100.0 * count / total
    return (
        f"{share:.1f} % of its pixels lie"
        if share >= 0.05
        else "fewer than 0.1 % of its pixels lie"
    )


def _said(file: PictureFile, kind: Kind, decoded: Decoded) -> Space | None:
    """Return what the format itself says of colours; ValueError where that makes no sense."""
    if kind is PNG:
        chunks = png_chunks(file)
        return srgb_space() if b"sRGB" in chunks else gamma_space(chunks)
    if kind in {AVIF, HEIC}:
        return nclx_space(file)
    if kind is JPEG:
        base = jpeg_exif(file)
        return exif_space(file, base) if base else None
    if kind is TIFF and (space := exif_space(file, 0)) is not None:
        return space
    primaries = radiance_primaries(file.head) if kind is HDR else decoded.chromaticities
    if primaries and decoded.encoding is Encoding.LINEAR:
        return linear_light(primaries)
    return None


def _plan_of_codes(codes: bytes, decoded: Decoded) -> Plan:
    try:
        space = cicp_space(codes[0], codes[1], matrix=codes[2], full_range=codes[3] == 1)
    except ValueError as error:
        return Plan("cICP", problem=str(error))
    return Plan() if space is None else _plan_of_space(space, decoded)


def _plan_of_profile(decoded: Decoded) -> Plan:
    name = profile_name(decoded.icc)
    colors = _colors(decoded)
    try:
        profile = read_profile(decoded.icc)
        if profile.is_srgb and colors in {1, 3}:
            return Plan(name, encoding=Encoding.SRGB, is_profile=True)
        if profile.is_linear_srgb and colors == profile.channels:
            return Plan(name, encoding=Encoding.LINEAR, is_profile=True)
        if profile.channels != colors:
            raise ProfileError(f"it is for {profile.model} and the picture has {_values(colors)}")
        if profile.space is not None:
            return _plan_of_space(profile.space, decoded)._replace(is_profile=True)
        from core.io.color.lcms import TableTransform, light_of  # noqa: PLC0415 - few pictures need it

        light_of(np.zeros((1, 1, 3) if colors == 3 else (1, 1), np.float32), decoded.icc)
    except ValueError as error:
        return Plan(name, problem=str(error), is_profile=True)
    transform = TableTransform(name, False, _white(decoded), decoded.alpha, decoded.icc)
    return Plan(name, transform, is_profile=True)


def _plan_of_space(space: Space, decoded: Decoded) -> Plan:
    colors = _colors(decoded)
    if colors not in {1, 3}:
        return Plan(space.name, problem=f"the picture has {_values(colors)}")
    if colors == 1 and not space.has_srgb_primaries:  # gray has no primaries
        space = Space(space.name, space.curves[:1], np.eye(3), space.linear, space.luminance)
    if space.has_srgb_primaries:
        if space.linear and space.curves == (IDENTITY,):
            return Plan(space.name, encoding=Encoding.LINEAR)
        if not space.linear and all(is_srgb_curve(curve) for curve in space.curves):
            return Plan(space.name, encoding=Encoding.SRGB)
    from core.io.color.transform import MatrixTransform  # noqa: PLC0415 - the same

    transform = MatrixTransform(space.name, space.linear, _white(decoded), decoded.alpha, space)
    return Plan(space.name, transform)


def _values(colors: int) -> str:
    return "1 value a pixel" if colors == 1 else f"{colors} values a pixel"


def _colors(decoded: Decoded) -> int:
    """Return the number of channels, alpha left out."""
    channels = 1 if decoded.data.ndim == 2 else decoded.data.shape[2]
    return channels - (decoded.alpha is not Alpha.NONE)


def _white(decoded: Decoded) -> float:
    if decoded.peak is not None:
        return decoded.peak
    dtype = decoded.data.dtype
    return float_peak(decoded.data) if dtype.kind == "f" else float(np.iinfo(dtype).max)


def _bits(dtype: np.dtype[np.generic]) -> int:
    return MANTISSA_BITS[dtype.itemsize] if dtype.kind == "f" else dtype.itemsize * 8
