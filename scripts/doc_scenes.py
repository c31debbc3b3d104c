"""Makes the files that the pictures of the guide show; no camera ever saw what is in them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
import OpenImageIO
import tifffile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational
from screenshot import GRAY, INK, LINE, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Light = NDArray[np.float32]

PAPER: Final = (246, 243, 234)
ENTRIES: Final = (
    ("Coal, loaded", "t", 812, 790, 845, 860),
    ("Grain, unloaded", "t", 1402, 1388, 1451, 1420),
    ("Pilots sent", "", 17, 21, 19, 16),
    ("Tugs in service", "", 6, 6, 7, 7),
    ("Water at the quay", "cm", 412, 398, 405, 417),
    ("Wind, strongest", "m/s", 14, 9, 11, 18),
    ("Berths dredged", "", 2, 0, 1, 3),
)
PAGES: Final = ("Spring", "Summer", "Autumn", "Winter")
WRONG: Final = (1, 4, 389)  # page, entry, what B says
EXPOSURES: Final = (((1, 250), 400, 31), ((1, 125), 200, 47))  # seconds, ISO, taken at


def scan_pair(folder: Path) -> tuple[Path, Path]:
    """Write two TIFF files of four pages; one number on the second page of B is another."""
    paths = folder / "logbook-a.tif", folder / "logbook-b.tif"
    for path, changed in zip(paths, (False, True), strict=True):
        with tifffile.TiffWriter(path) as writer:
            for number in range(len(PAGES)):
                pixels = _sheet(number, changed=changed)
                writer.write(pixels, photometric="rgb", compression="deflate", metadata=None)
    return paths


def _sheet(number: int, *, changed: bool) -> NDArray[np.uint8]:
    page: NDArray[np.uint8] = np.full((900, 1240, 3), PAPER, np.uint8)
    text(page, "Port of Hallen", 90, 110, 40, INK, 700)
    text(page, f"Log of the harbour office, {PAGES[number].lower()}", 90, 158, 24, GRAY)
    for i, (what, unit, *values) in enumerate(ENTRIES):
        value = WRONG[2] if changed and (number, i) == WRONG[:2] else values[number]
        baseline = 250 + i * 82
        text(page, what, 90, baseline, 28, INK)
        text(page, f"{value:,}", 860, baseline, 30, INK, 600)
        text(page, unit, 1020, baseline, 24, GRAY)
        cv2.line(page, (90, baseline + 26), (1150, baseline + 26), LINE, 2)
    text(page, str(number + 1), 612, 860, 22, GRAY)
    return page


def photo_pair(folder: Path, pair: tuple[Path, Path]) -> tuple[Path, Path]:
    """Copy a pair of photographs, and let them say how they were exposed.

    The pixels are not coded again: the Exif block is put behind the first two bytes.
    """
    paths = folder / "desk-a.jpg", folder / "desk-b.jpg"
    for path, source, (time, iso, at) in zip(paths, pair, EXPOSURES, strict=True):
        exif = Image.Exif()
        exif[0x010F], exif[0x0110] = "Hallen", "Hallen M2"
        exif[0x0131] = "Hallen Raw 3.1"
        inner = exif.get_ifd(0x8769)
        inner[0x829A] = IFDRational(*time)
        inner[0x829D] = IFDRational(56, 10)
        inner[0x8827] = iso
        inner[0x920A] = IFDRational(50)
        inner[0x9003] = f"2024:05:14 10:12:{at}"
        inner[0xA434] = "Hallen 50mm f/2.8"
        body = exif.tobytes()
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        data = source.read_bytes()
        path.write_bytes(data[:2] + segment + data[2:])
    return paths


def hue_pair(folder: Path, source: Path) -> tuple[Path, Path]:
    """Write a picture, and the same one with its hues turned and its luma kept."""
    with Image.open(source) as opened:
        a = np.asarray(opened.convert("RGB"))
    luma, red, blue = cv2.split(cv2.cvtColor(a.astype(np.float32) / 255, cv2.COLOR_RGB2YCrCb))
    x, y, turn = blue - 0.5, red - 0.5, np.deg2rad(9)
    turned = np.dstack([
        luma, 0.5 + x * np.sin(turn) + y * np.cos(turn), 0.5 + x * np.cos(turn) - y * np.sin(turn)
    ]).astype(np.float32)  # fmt: skip
    b = 255 * cv2.cvtColor(turned, cv2.COLOR_YCrCb2RGB)
    paths = folder / "poster-proof.png", folder / "poster-print.png"
    for path, pixels in zip(paths, (a, np.clip(np.rint(b), 0, 255).astype(np.uint8)), strict=True):
        Image.fromarray(pixels).save(path)
    return paths


def light_pair(folder: Path) -> tuple[Path, Path]:
    """Write two OpenEXR pictures of a room with a window; only in A a balloon is in the sky."""
    paths = folder / "window-a.exr", folder / "window-b.exr"
    for path, balloon in zip(paths, (True, False), strict=True):
        light = _room(balloon=balloon)
        output = OpenImageIO.ImageOutput.create(str(path))
        assert output is not None  # there is a writer of OpenEXR
        spec = OpenImageIO.ImageSpec(light.shape[1], light.shape[0], 3, "half")
        if not (output.open(str(path), spec) and output.write_image(light) and output.close()):
            raise SystemExit(f"{path} could not be written: {output.geterror()}")
    return paths


def _room(*, balloon: bool, height: int = 720, width: int = 1280) -> Light:
    """Return linear light, (height, width, 3): a wall at 0.03…0.4, a sky of 3…14, a sun of 400."""
    rows, cols = np.mgrid[0:height, 0:width].astype(np.float32)
    near = np.exp(-np.hypot((cols - 640) / 520, (rows - 300) / 330))
    grain = 1 + 0.05 * np.sin(cols / 23) + 0.04 * np.sin((cols + 2 * rows) / 11)
    wall = (0.03 + 0.42 * near * near) * grain
    out: Light = wall[..., None] * np.array([1.0, 0.82, 0.64], np.float32)
    boards = 1 + 0.25 * (((cols[560:] - 640) / (rows[560:] - 430) * 9).astype(np.int32) % 2)
    out[560:] *= 0.5 * boards[..., None] * np.array([1.0, 0.7, 0.45], np.float32)
    sky = 3 + 11 * np.exp(-np.hypot((cols - 790) / 260, (rows - 190) / 210))
    seen: Light = sky[..., None] * np.array([1.02, 1.0, 0.98], np.float32)
    seen[..., 2] += 4 * (1 - rows / 460)
    hills = rows > 330 + 34 * np.sin(cols / 95) + 16 * np.sin(cols / 37)
    seen[hills] = seen[hills] * np.array([0.13, 0.17, 0.10], np.float32)
    seen[np.hypot(cols - 790, rows - 190) < 30] = (420.0, 380.0, 300.0)
    glass = np.zeros((height, width), bool)
    for left in (410, 650):
        for top in (70, 265):
            glass[top : top + 180, left : left + 225] = True
    frame = (rows > 45) & (rows < 470) & (cols > 385) & (cols < 900)
    out[frame] = np.array([0.34, 0.29, 0.24], np.float32)
    out[glass] = seen[glass]
    out += cv2.GaussianBlur(out, (0, 0), 18) * np.float32(0.02)
    if balloon:
        _disc(out, (505, 170), 34, (13.0, 3.2, 2.0))
        out[208:222, 497:513] = (3.0, 2.0, 1.2)
    return np.ascontiguousarray(out, np.float32)


def _disc(picture: Light, at: tuple[int, int], radius: int, light: Any) -> None:
    smooth = np.zeros(picture.shape[:2], np.float32)
    cv2.circle(smooth, at, radius, 1.0, -1, cv2.LINE_AA)
    picture += smooth[..., None] * (np.array(light, np.float32) - picture)


def huge_picture(folder: Path) -> Path:
    """Write a PNG file that says it is 30,000 × 30,000 pixels, and holds none of them."""
    path = folder / "poster.png"

    def chunk(name: bytes, body: bytes) -> bytes:
        end = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + end

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    row = chunk(b"IDAT", zlib.compress(bytes(90_001)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + row + chunk(b"IEND", b""))
    return path
