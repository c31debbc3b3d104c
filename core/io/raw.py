"""Camera raw files, developed by LibRaw (rawpy, an optional extra) the same way every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.errors import ReadError
from core.io import exif, tiff_tags
from core.io.decoded import Decoded, check_page, check_size
from core.types import Encoding, Notice

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_SRGB_CURVE: Final = (2.4, 12.92)
"""Power and slope at black of IEC 61966-2-1."""


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Develop a camera's raw file to sRGB (IEC 61966-2-1) in uint16, turned upright.

    Demosaicing is LibRaw's AHD (doi:10.1109/TIP.2004.838691); black and white levels, white
    balance and colour matrix are the camera's; nothing depends on what is in the picture: no
    brightening, no white balance or white level from its values, highlights are clipped. Where the
    camera says no white balance, it is that of daylight.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, of an unknown camera, or the extra is not installed.
    """
    check_page(file, part.page, 1)
    try:
        import rawpy  # noqa: PLC0415 - an optional extra, and slow to load
    except ImportError as error:
        raise ReadError(
            f"The file {file.name} is a camera raw file, which needs the extra “raw”; install "
            "pairlens[raw], or develop it to TIFF or PNG and open that."
        ) from error
    file.handle.seek(0)
    try:
        with rawpy.imread(file.handle) as source:
            sizes = source.sizes
            check_size(file, sizes.width, sizes.height, 3, 2)
            balanced = source.camera_whitebalance[0] > 0 and source.camera_whitebalance[1] > 0
            data = source.postprocess(
                use_camera_wb=balanced,
                no_auto_bright=True,
                adjust_maximum_thr=0.0,
                output_bps=16,
                output_color=rawpy.ColorSpace.sRGB,
                gamma=_SRGB_CURVE,
                highlight_mode=rawpy.HighlightMode.Clip,
            )
            meta = _meta(source)
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError) as error:
        raise file.unsupported(
            kind.title, "is of a kind that LibRaw does not know", "develop it to TIFF or PNG"
        ) from error
    except rawpy.LibRawUnsufficientMemoryError as error:
        raise file.no_memory() from error
    except rawpy.LibRawError as error:
        raise file.damaged(kind.title) from error
    if file.head[:4] in {b"II*\0", b"MM\0*"}:
        meta |= tiff_tags.read_meta(file, tiff_tags.pages(file)[0].start)
    meta |= {"format": kind.title, "color": "developed to sRGB"}
    white = "of the camera" if balanced else "of daylight"
    text = (
        f"{file.name} was developed to sRGB with the white balance {white} and without automatic "
        "brightness; its exposure is as it was taken."
    )
    return Decoded(data, Encoding.SRGB, meta=meta, notices=[Notice("developed", text)])


def _meta(source: Any) -> dict[str, str]:
    said = getattr(source, "other", None)  # older releases of rawpy do not tell
    if said is None:
        return {}
    numbers = {
        "iso": (said.iso_speed, "{:g}"),
        "aperture": (said.aperture, "f/{:.3g}"),
        "focal_length": (said.focal_length, "{:g} mm"),
    }
    meta = {name: form.format(value) for name, (value, form) in numbers.items() if value > 0}
    if said.shutter_speed > 0:
        meta["exposure_time"] = exif.exposure(said.shutter_speed)
    if said.timestamp.year > 1970:  # else it is not given
        meta["taken"] = said.timestamp.strftime("%Y-%m-%d %H:%M:%S")
    return meta
