"""What the files say of two pictures, side by side: rows for a table, the same everywhere.

The window, the command line and the reports show these rows, so they have the same order, the same
words, and the same fields marked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from core.device import same
from core.format import count, size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.buffer import PictureInfo

FILE, PICTURE, COLOUR, CAMERA, OTHER = "File", "Picture", "Colour", "Camera", "Other"
GROUPS: Final = (FILE, PICTURE, COLOUR, CAMERA, OTHER)

LABELS: Final[dict[str, tuple[str, str]]] = {
    "name": (FILE, "Name"),
    "folder": (FILE, "Folder"),
    "format": (FILE, "Format"),
    "file_size": (FILE, "File size"),
    "modified": (FILE, "Modified"),
    "sha256": (FILE, "SHA-256"),
    "size": (PICTURE, "Pixels"),
    "stored": (PICTURE, "Stored as"),
    "channels": (PICTURE, "Channels"),
    "values": (PICTURE, "Values"),
    "encoding": (PICTURE, "Encoding"),
    "alpha": (PICTURE, "Transparency"),
    "orientation": (PICTURE, "Orientation"),
    "page": (PICTURE, "Page"),
    "layer": (PICTURE, "Layer"),
    "compression": (PICTURE, "Compression"),
    "subsampling": (PICTURE, "Subsampling"),
    "dpi": (PICTURE, "Dots per inch"),
    "drawn": (PICTURE, "Drawn at"),
    "icc": (COLOUR, "ICC profile"),
    "color": (COLOUR, "Colours"),
    "camera_make": (CAMERA, "Maker"),
    "camera": (CAMERA, "Camera"),
    "lens": (CAMERA, "Lens"),
    "exposure_time": (CAMERA, "Exposure time"),
    "aperture": (CAMERA, "Aperture"),
    "iso": (CAMERA, "ISO"),
    "focal_length": (CAMERA, "Focal length"),
    "taken": (CAMERA, "Taken"),
    "software": (CAMERA, "Software"),
    "artist": (CAMERA, "Artist"),
    "copyright": (CAMERA, "Copyright"),
    "description": (CAMERA, "Description"),
}
"""Key -> (group, label), in the settled order. Keys that are not here come after, under "Other"."""

NEVER_MARKED: Final = frozenset({"name", "folder", "modified"})
"""Fields that tell two files apart but say nothing of their pictures: two files of one folder
cannot share a name, and a copy has another time. All others count, size and SHA-256 too: where they
are the same, the files are."""

_USED: Final = frozenset({"width", "height", "pages"})  # they are in "stored" and "page"

_ENCODINGS: Final = {"srgb": "sRGB", "linear": "linear light", "unknown": "not known"}
_ORIENTATIONS: Final = {
    # EXIF tag 274 (CIPA DC-008): what was done to show the stored picture upright.
    "1": "as stored",
    "2": "mirrored left to right",
    "3": "turned by 180°",
    "4": "mirrored top to bottom",
    "5": "mirrored and turned left",
    "6": "turned right",
    "7": "mirrored and turned right",
    "8": "turned left",
}


class Row(NamedTuple):
    """One field of both pictures.

    Attributes
    ----------
    key
        Stable name, e.g. ``"exposure_time"``.
    label
        What a person reads.
    a, b
        What the files say; empty where a file says nothing or there is no such picture.
    differs
        Whether both pictures are there and the field is one that counts and not the same.
    group
        One of `GROUPS`.
    """

    key: str
    label: str
    a: str
    b: str
    differs: bool
    group: str


def rows(a: PictureInfo | None, b: PictureInfo | None) -> tuple[Row, ...]:
    """Return every field that at least one of the pictures has, group by group.

    A field that only one file has counts as a difference. See `NEVER_MARKED`.
    """
    of_a, of_b = fields(a), fields(b)
    keys = [k for k in LABELS if k in of_a or k in of_b]
    keys += [k for k in dict.fromkeys([*of_a, *of_b]) if k not in LABELS]
    if all(said.get("stored") == said.get("size") for said in (of_a, of_b)):
        keys = [k for k in keys if k != "stored"]  # of a picture that was turned, or drawn
    both = a is not None and b is not None
    made = []
    for key in keys:
        group, label = LABELS.get(key) or (OTHER, key.replace("_", " ").capitalize())
        texts = of_a.get(key, ""), of_b.get(key, "")
        differs = both and key not in NEVER_MARKED and not same(key, *texts)
        made.append(Row(key, label, *texts, differs, group))
    return tuple(made)


def fields(info: PictureInfo | None) -> dict[str, str]:
    """Return key -> one line of text of one picture, without those that are empty."""
    if info is None:
        return {}
    meta = info.meta
    size = size_text(info.width, info.height)
    stored = f"{meta.get('width', info.width)} × {meta.get('height', info.height)}"
    bits = count(info.bits, "bit", "bits")
    made = {key: value for key, value in meta.items() if key not in _USED}
    made |= {
        "name": info.name,
        "folder": os.path.dirname(info.path),  # noqa: PTH120 - a path as it is, not made tidy
        "sha256": info.sha256,
        "size": size,
        "stored": stored,
        "channels": str(info.channels),
        "values": f"{info.dtype}, {bits}",
        "encoding": _ENCODINGS.get(info.encoding, info.encoding),
        "alpha": info.alpha,
        "orientation": _orientation(meta),
        "page": _page(info, meta),
        "layer": info.contents.layer or meta.get("layer", ""),
    }
    lines = {key: "".join(c if c.isprintable() else " " for c in v) for key, v in made.items()}
    return {key: line for key, line in lines.items() if line}


def _orientation(meta: Mapping[str, str]) -> str:
    said = meta.get("orientation", "")
    words = _ORIENTATIONS.get(said)
    return f"{said}, {words}" if words else said


def _page(info: PictureInfo, meta: Mapping[str, str]) -> str:
    if info.contents.pages > 1:
        return f"{info.contents.page + 1} of {info.contents.pages}"
    return f"{meta['page']} of {meta['pages']}" if {"page", "pages"} <= meta.keys() else ""


def table(made: tuple[Row, ...], only_differing: bool = False) -> str:
    """Return rows as text with tabs between, under a line of titles; ``yes`` marks a difference."""
    lines = ["field\tA\tB\tdiffers"]
    lines += [row_text(row) for row in made if row.differs or not only_differing]
    return "\n".join(lines)


def row_text(row: Row) -> str:
    """Return one row as text with tabs between."""
    return "\t".join((row.label, row.a, row.b, "yes" if row.differs else ""))
