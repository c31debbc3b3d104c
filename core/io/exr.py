"""OpenEXR: parts are pages, channels that belong together are layers.

Which channels belong together is told by their names, as "Technical Introduction to OpenEXR"
(Layers) describes them: what precedes the last full stop is the layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from core.io import oiio
from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_COLOURS: Final = (("R", "G", "B", "A"), ("R", "G", "B"), ("Y", "A"), ("Y",))
_VECTOR: Final = ("X", "Y", "Z")
_NO_COLOURS: Final = "crypto"
"""In the name of a layer whose R, G, B, A are numbers of objects (Cryptomatte specification)."""
_MOST_NAMES: Final = 12


class Layer(NamedTuple):
    """Channels that are read together.

    Attributes
    ----------
    name
        What precedes the last full stop of their names; of those without one, their letters.
    channels
        Their numbers in the file.
    is_colour
        Whether they are R, G, B or Y, with or without A.
    """

    name: str
    channels: tuple[int, ...]
    is_colour: bool


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a layer of a part of an OpenEXR file, laid into the display window.

    Colours are linear light with white at 1.0; so is the white of all other values, which mean
    what their program says. Integers come out as uint32. A layer with half and float channels
    comes out as float. Of a part with mip levels it is the first, of an environment map all faces.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, deep, subsampled, or without such a page.
    """
    with oiio.opened(file, kind) as source:
        pages = oiio.count_pages(source)
        check_page(file, part.page, pages)
        source.seek_subimage(part.page, 0)
        spec = source.spec()
        oiio.check_flat(file, kind, spec)
        layers = find_layers(spec.channelnames)
        # A layer that is not there is refused by `core.io.file_meta.check_part`.
        layer = next((one for one in layers if one.name == part.layer), layers[0])
        begin, end = min(layer.channels), max(layer.channels) + 1
        data = oiio.pixels(file, kind, source, part.page, begin, end)
        if end - begin != len(layer.channels):
            data = data[:, :, [channel - begin for channel in layer.channels]]
    notices = _others(file, spec, layer)
    name = spec.get_string_attribute("oiio:subimagename")
    if pages > 1 and name:
        notices.append(Notice("part", f"Part {part.page + 1} of {file.name} is named “{name}”."))
    data, moved = _display_window(file, data, spec)
    has_alpha = layer.is_colour and len(layer.channels) in {2, 4}
    chromaticities = spec.get("chromaticities") if layer.is_colour and data.shape[2] >= 3 else None
    is_float = data.dtype.kind == "f"
    return Decoded(
        data[:, :, 0] if data.shape[2] == 1 else data,
        Encoding.LINEAR if layer.is_colour and is_float else Encoding.UNKNOWN,
        Alpha.PREMULTIPLIED if has_alpha else Alpha.NONE,
        peak=1.0 if is_float else None,
        orientation=spec.get_int_attribute("Orientation", 1),
        pages=pages,
        layers=tuple(one.name for one in layers) if len(layers) > 1 else (),
        layer=layer.name if len(layers) > 1 else "",
        chromaticities=tuple(float(v) for v in chromaticities or ()),
        meta=oiio.meta(spec),
        notices=[*notices, *moved],
    )


def find_layers(names: tuple[str, ...]) -> list[Layer]:
    """Return the layers of channels of these names: the main picture first.

    That is R, G, B (and A) or Y without a layer's name, else the first layer that has colours, else
    the first. What else belongs to a layer of colours, and what has no layer's name, is a layer by
    itself.
    """
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        groups.setdefault(name.rpartition(".")[0], []).append(i)
    found = []
    for group, members in groups.items():
        found += _split(group, members, [names[i].rpartition(".")[2] for i in members])
    main = next((one for one in found if one.is_colour), found[0])
    return [main, *(one for one in found if one is not main)]


def _split(group: str, members: list[int], letters: list[str]) -> list[Layer]:
    upper = [letter.upper() for letter in letters]
    vector = set(_VECTOR) <= set(upper)
    colour: tuple[str, ...] = ()
    if not vector and _NO_COLOURS not in group.lower():
        colour = next((c for c in _COLOURS if set(c) <= set(upper)), ())
    taken = [upper.index(letter) for letter in colour]
    if not taken and group:  # a vector, numbers of objects, depth: all of it
        return [Layer(group, tuple(members), is_colour=False)]
    if vector:
        taken = [upper.index(letter) for letter in _VECTOR]
    first = tuple(members[i] for i in taken)
    name = group or "".join(letters[i] for i in taken)
    rest = [i for i in range(len(members)) if i not in taken]
    dot = f"{group}." if group else ""
    singles = [Layer(f"{dot}{letters[i]}", (members[i],), is_colour=False) for i in rest]
    return [Layer(name, first, bool(colour)), *singles] if first else singles


def _others(file: PictureFile, spec: Any, layer: Layer) -> list[Notice]:
    names = spec.channelnames
    others = [name for i, name in enumerate(names) if i not in layer.channels]
    if not others:
        return []
    left = len(others) - _MOST_NAMES
    told = ", ".join(others[:_MOST_NAMES]) + (f" and {left} more" if left > 0 else "")
    own = ", ".join(names[i] for i in layer.channels)
    are = "is" if len(layer.channels) == 1 else "are"
    return [Notice("channels", f"Only {own} of {file.name} {are} compared, not {told}.")]


def _display_window(file: PictureFile, data: Pixels, spec: Any) -> tuple[Pixels, list[Notice]]:
    """Lay the data window into the display window, so that crops of one frame fit each other."""
    full_h, full_w = spec.full_height, spec.full_width
    row, col = spec.y - spec.full_y, spec.x - spec.full_x
    if (row, col, spec.height, spec.width) == (0, 0, full_h, full_w) or not full_h or not full_w:
        return data, []
    check_size(file, full_w, full_h, data.shape[2], data.dtype.itemsize)
    canvas = np.zeros((full_h, full_w, data.shape[2]), data.dtype)
    top, left = max(row, 0), max(col, 0)
    bottom, right = min(row + spec.height, full_h), min(col + spec.width, full_w)
    if top < bottom and left < right:
        canvas[top:bottom, left:right] = data[top - row : bottom - row, left - col : right - col]
    text = (
        f"The pixels of {file.name} ({spec.width} × {spec.height} at {col}, {row}) were laid into "
        f"its display window of {full_w} × {full_h}; what lies outside is not compared."
    )
    return canvas, [Notice("window", text)]
