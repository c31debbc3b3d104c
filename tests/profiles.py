"""ICC profiles, built byte by byte from the standard, so that tests know what is in them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

D50 = (0.9642, 1.0, 0.8249)
# CIE (x, y) of red, green, blue and white, of the standards that name them.
P3 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329)
ADOBE = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06, 0.3127, 0.329)
BT2020 = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)
SRGB = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
PROPHOTO = (0.734699, 0.265301, 0.159597, 0.840403, 0.036598, 0.000105, 0.345704, 0.358540)
SRGB_PARA = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(values: Sequence[float]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(v * 65536) for v in values))


def curv(values: Sequence[int] | NDArray[Any]) -> bytes:
    samples = np.asarray(values, ">u2").tobytes()
    return b"curv" + bytes(4) + struct.pack(">I", len(values)) + samples


def gamma(value: float) -> bytes:
    return curv([round(value * 256)])


def para(kind: int, *values: float) -> bytes:
    return b"para" + bytes(4) + struct.pack(">HH", kind, 0) + fixed(values)


def xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + fixed(values)


def description(name: str, version: int) -> bytes:
    if version == 2:
        text = name.encode("latin-1") + b"\0"
        return b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78)
    text = name.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(text), 28) + text


def colorants(xy: Sequence[float]) -> NDArray[np.float64]:
    """Columns of XYZ, adapted to D50 by Bradford; written out apart from the program's own."""
    x, y = np.asarray(xy[0::2]), np.asarray(xy[1::2])
    columns = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    rgb = columns[:, :3] * np.linalg.solve(columns[:, :3], columns[:, 3])
    m = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    scale = np.diag((m @ np.asarray(D50)) / (m @ columns[:, 3]))
    return np.linalg.inv(m) @ scale @ m @ rgb


def build(
    tags: Mapping[bytes, bytes],
    *,
    name: str = "test",
    model: bytes = b"RGB ",
    pcs: bytes = b"XYZ ",
    kind: bytes = b"mntr",
    version: int = 4,
) -> bytes:
    """A profile with these tags, its description and its white."""
    every = {b"desc": description(name, version), b"wtpt": xyz(D50), **tags}
    start, table, body = 132 + 12 * len(every), b"", b""
    for tag, data in every.items():
        table += struct.pack(">4sII", tag, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(
        ">I4sI4s4s4s12s4s", start + len(body), b"", version << 24, kind, model, pcs, b"", b"acsp"
    )
    head = (head.ljust(68, b"\0") + fixed(D50)).ljust(128, b"\0")
    return head + struct.pack(">I", len(every)) + table + body


def matrix_profile(
    xy: Sequence[float],
    curve: bytes,
    *,
    name: str = "test",
    version: int = 4,
    order: Sequence[int] = (0, 1, 2),
) -> bytes:
    """A profile of three primaries; `order` puts them into other channels."""
    columns = colorants(xy)[:, list(order)]
    tags = {t: xyz(columns[:, i]) for i, t in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return build(tags, name=name, version=version)


def gray_profile(curve: bytes, name: str = "gray") -> bytes:
    return build({b"kTRC": curve}, name=name, model=b"GRAY")


def table_profile(model: bytes = b"RGB ", grid: int = 9, name: str = "table") -> bytes:
    """A profile whose table maps RGB or CMYK to Lab: of P3 light with a gamma of 2."""
    inputs = 4 if model == b"CMYK" else 3
    axes = np.meshgrid(*[np.linspace(0, 1, grid)] * inputs, indexing="ij")
    points = np.stack(axes, -1).reshape(-1, inputs)
    rgb = (1 - points[:, :3]) * (1 - 0.95 * points[:, 3:]) if inputs == 4 else points
    scaled = rgb**2 @ colorants(P3).T / np.asarray(D50)
    f = np.where(scaled > 216 / 24389, np.cbrt(scaled), (24389 / 27 * scaled + 16) / 116)
    lab = [116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])]
    # Lab in 16 bits of version 2: ICC.1:2001-04, 6.3.4.2.
    stored = np.stack([lab[0] * 652.8, (lab[1] + 128) * 256, (lab[2] + 128) * 256], 1)
    stored = np.clip(np.rint(stored), 0, 65535).astype(">u2")
    line = np.array([0, 65535], ">u2").tobytes()
    table = b"mft2" + bytes(4) + bytes([inputs, 3, grid, 0]) + fixed([1, 0, 0, 0, 1, 0, 0, 0, 1])
    table += struct.pack(">HH", 2, 2) + line * inputs + stored.tobytes() + line * 3
    return build({b"A2B0": table}, name=name, model=model, pcs=b"Lab ", kind=b"prtr", version=2)


DISPLAY_P3 = matrix_profile(P3, para(3, *SRGB_PARA), name="Display P3")
