"""Videos whose frames carry their number, written by PyAV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction
    from pathlib import Path

    from core.buffer import ImageBuffer

BITS, BLOCK = 10, 16
WIDTH, HEIGHT = BITS * BLOCK, 32
FORMATS = {
    "h264.mp4": ("libx264", "yuv420p", {"g": "12", "bf": "3"}),
    "open.mp4": ("libx264", "yuv420p", {"g": "12", "bf": "3", "x264-params": "open-gop=1"}),
    "h264.mkv": ("libx264", "yuv420p", {"g": "12", "bf": "2"}),
    "h264.ts": ("libx264", "yuv420p", {"g": "12", "bf": "2"}),
    "h264.avi": ("libx264", "yuv420p", {"g": "12", "bf": "2"}),
    "bare.h264": ("libx264", "yuv420p", {"g": "12", "bf": "2"}),
    "long.mp4": ("libx264", "yuv420p", {"g": "500", "bf": "16"}),
    "recovery.ts": ("libx264", "yuv420p", {"x264-params": "intra-refresh=1:keyint=12:bframes=0"}),
    "part2.mp4": ("mpeg4", "yuv420p", {"g": "12", "bf": "2"}),
    "part2.avi": ("mpeg4", "yuv420p", {"g": "12", "bf": "2"}),
    "mpeg2.mpg": ("mpeg2video", "yuv420p", {"g": "12", "bf": "2"}),
    "hevc.mp4": ("libx265", "yuv420p", {"g": "12", "x265-params": "log-level=none"}),
    "vp8.webm": ("libvpx", "yuv420p", {"g": "12", "auto-alt-ref": "1", "lag-in-frames": "16"}),
    "vp9.webm": ("libvpx-vp9", "yuv420p", {"g": "12", "deadline": "realtime", "cpu-used": "8"}),
    "intra.avi": ("mjpeg", "yuvj420p", {}),
    "exact.mkv": ("ffv1", "yuv420p", {}),
    "gray.mkv": ("ffv1", "gray", {}),
    "ten.mp4": ("libx264", "yuv420p10le", {"g": "12"}),
}


def pattern(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Return a gray picture, left to right the bits of a number, lowest first."""
    bits = np.array([255 if number >> b & 1 else 0 for b in range(BITS)], np.uint8)
    row = bits[np.arange(width) * BITS // width]
    return np.repeat(row[None], height, 0)


def number(image: ImageBuffer | None) -> int:
    """Return what `pattern` drew."""
    assert image is not None
    data = image.data if image.data.ndim == 2 else image.data.mean(axis=2)
    line = data[data.shape[0] // 2].reshape(BITS, -1).mean(axis=1) > image.peak / 2
    return int(sum(1 << b for b in range(BITS) if line[b]))


def moving(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Return one of ten pictures of each scene: noise that moves."""
    noise = np.random.default_rng(number // 10).integers(0, 256, (height, width), np.uint8)
    return np.ascontiguousarray(np.roll(noise, number * 3, axis=1))


def movie(
    path: Path,
    count: int = 50,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
    times: Callable[[int], int] | None = None,
    time_base: Fraction | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    prepare: Callable[[av.VideoStream], None] | None = None,
    container: dict[str, str] | None = None,
    draw: Callable[[int, int, int], np.ndarray] = pattern,
) -> Path:
    """Write a video; `times` are those of the frames in units of `time_base`."""
    if codec not in av.codecs_available:
        pytest.skip(f"FFmpeg here cannot write {codec}")
    with av.open(str(path), "w", container_options=container or {}) as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.options = {"threads": "1", **(options or {})}
        if time_base:
            stream.codec_context.time_base = time_base
        if prepare:
            prepare(stream)
        for i in range(count):
            gray = av.VideoFrame.from_ndarray(draw(i, *size), "gray")
            frame = gray.reformat(format=pixels)
            frame.pts = times(i) if times else i
            if time_base:
                frame.time_base = time_base
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def movie_of(path: Path, **options: object) -> Path:
    """Write a video of the kind that a name of `FORMATS` says."""
    codec, pixels, own = FORMATS[path.name]
    return movie(path, codec=codec, pixels=pixels, options=own, **options)  # type: ignore[arg-type]


def planes_movie(path: Path, planes: list[np.ndarray], pixels: str, **tags: int) -> Path:
    """Write one frame without loss, of given planes and colour tags."""
    with av.open(str(path), "w") as file:
        codec = "utvideo" if pixels in {"gbrp", "gbrap"} else "ffv1"  # which has no such of 8 bits
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height = planes[0].shape[1], planes[0].shape[0]
        stream.pix_fmt = pixels
        frame = av.VideoFrame(stream.width, stream.height, pixels)
        for name, value in tags.items():
            setattr(stream.codec_context, name, value)
            setattr(frame, name, value)
        for plane, values in zip(frame.planes, planes, strict=True):
            rows = np.zeros((plane.height, plane.line_size // values.itemsize), values.dtype)
            rows[:, : plane.width] = values
            plane.update(rows.tobytes())
        frame.pts = 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path
