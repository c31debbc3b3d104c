"""What comes out of a video decoder, as pixels that mean what a picture's do; in the worker.

Gray stays gray, RGB stays as stored, Y′CbCr becomes RGB by the frame's own matrix and range. Where
it names no matrix, BT.601 is taken up to 576 rows and BT.709 above, as players do. Samples above
8 bits stay as precise: uint16 with the file's own white. Chroma is interpolated bilinearly.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from core.errors import ReadError
from core.io.decoded import upright
from core.scratch import Scratch
from core.types import Alpha, Encoding, Notice

if TYPE_CHECKING:
    from av import VideoFrame

    from core.types import Pixels

# Of swscale, without which it takes the nearest chroma: bilinear, full horizontal chroma,
# accurate rounding.
_EXACT: Final = 0x2 | 0x2000 | 0x40000
_LIMITED, _FULL = 1, 2  # AVColorRange
_RGB, _BT709, _UNSPECIFIED, _BT601, _BT2020 = 0, 1, 2, 5, 9  # AVColorSpace (ITU-T H.273, table 4)
_SAME: Final = {4: 4, 5: _BT601, 6: _BT601, 7: 7, 9: _BT2020, 10: _BT2020, _BT709: _BT709}
_WEIGHTS: Final = {  # red and blue of the luma
    _BT709: (0.2126, 0.0722),
    4: (0.30, 0.11),
    _BT601: (0.299, 0.114),
    7: (0.212, 0.087),
    _BT2020: (0.2627, 0.0593),
}
_NAMES: Final = {_BT709: "BT.709", 4: "FCC", _BT601: "BT.601", 7: "SMPTE 240M", _BT2020: "BT.2020"}
_NOT_SRGB: Final = {8: "linear light", 16: "PQ (HDR)", 18: "HLG (HDR)"}  # AVColorTransfer
_SD_ROWS: Final = 576
_APART: Final = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12"}
)
"""Of even width and height these become the same values as RGB in planes and as RGB in one, and
in planes in two thirds of the time."""
_FLOAT: Final = re.compile(r"f(16|32)")  # in the name of a pixel format


class _Converters(threading.local):
    """swscale with its tables, which take as long to make as a picture of some size to convert."""

    def __init__(self) -> None:
        self._kept: dict[str, VideoReformatter] = {}

    def to(self, goal: str) -> VideoReformatter:
        """Return the one that last made this format."""
        return self._kept.setdefault(goal, VideoReformatter())


_converters: Final = _Converters()
_scratch: Final = Scratch()


class Picture(NamedTuple):
    """Pixels, and what they mean, as `core.buffer.ImageBuffer` has it."""

    pixels: Pixels
    peak: float
    bits: int
    encoding: Encoding
    alpha: Alpha
    meta: dict[str, str]
    notices: tuple[Notice, ...]


def picture(frame: VideoFrame, name: str, turned: dict[int, int], transfer: int) -> Picture:
    """Return a decoded frame, upright.

    Its pixels may lie in memory that this thread's next one is written to: a worker copies them at
    once to where the program reads them, and new memory for each would take a third of the time.

    Parameters
    ----------
    frame
        From the decoder.
    name
        For sentences.
    turned
        What is known of the stream's orientations; kept by the caller from frame to frame, since
        PyAV's side data holds its frame in a cycle, which is not freed for hundreds of frames.
    transfer
        The stream's AVColorTransfer.
    """
    notices: list[Notice] = []
    kind = frame.format
    parts = kind.components
    depth = parts[0].bits
    matrix = _matrix(frame, notices, name)
    colour = len(parts) >= 3 or kind.has_palette
    has_alpha = kind.has_palette or len(parts) in {2, 4}
    meta = {"width": str(frame.width), "height": str(frame.height), "stored_as": kind.name}
    if _FLOAT.search(kind.name):
        raise ReadError(f"{name} holds floating-point values; save it as OpenEXR and open that.")
    if not colour:
        pixels = _gray(frame, depth, has_alpha=has_alpha)
    elif kind.is_rgb or kind.has_palette or depth <= 8:
        pixels = _by_swscale(frame, matrix, depth, has_alpha=has_alpha)
    else:
        pixels = _by_matrix(frame, matrix, depth, has_alpha=has_alpha)
    if colour and not kind.is_rgb and not kind.has_palette:
        meta["matrix"] = f"{_NAMES[matrix]}, {'full' if _is_full(frame) else 'limited'} range"
    if frame.rotation not in turned:
        turned[frame.rotation] = _orientation(frame)
    orientation = turned[frame.rotation]
    if orientation != 1:
        meta["orientation"] = str(orientation)
    depth = max(depth, 8)
    return Picture(
        upright(pixels, orientation), float((1 << depth) - 1), depth,
        _encoding(transfer, notices, name), Alpha.STRAIGHT if has_alpha else Alpha.NONE, meta,
        tuple(notices),
    )  # fmt: skip


def _is_full(frame: VideoFrame) -> bool:
    if frame.format.name.startswith("yuvj"):
        return True
    # Gray that does not say it is taken as FFmpeg itself does.
    bare = len(frame.format.components) < 3
    return frame.color_range == _FULL or (bare and frame.color_range != _LIMITED)


def _matrix(frame: VideoFrame, notices: list[Notice], name: str) -> int:
    guess = _BT601 if frame.height <= _SD_ROWS else _BT709
    said = frame.colorspace
    if said not in _SAME and said not in {_RGB, _UNSPECIFIED}:
        text = f"{name} is coded by a matrix that is not known; {_NAMES[guess]} was taken instead."
        notices.append(Notice("color", text, "warning"))
    return _SAME.get(said, guess)


def _encoding(transfer: int, notices: list[Notice], name: str) -> Encoding:
    other = _NOT_SRGB.get(transfer)
    if other is None:
        return Encoding.SRGB  # the curves of video are shown as sRGB everywhere
    if transfer == 8:
        return Encoding.LINEAR
    notices.append(Notice("color", f"{name} is {other}; its values are compared as stored."))
    return Encoding.UNKNOWN


def _by_swscale(frame: VideoFrame, matrix: int, depth: int, *, has_alpha: bool) -> Pixels:
    """Convert what swscale does to half a level: 8 bits, and whatever is RGB already."""
    if depth <= 8:
        if not has_alpha and frame.format.name in _APART and not (frame.width | frame.height) & 1:
            green, blue, red = _planes(_reformat(frame, "gbrp", matrix, _FULL), np.uint8)
            out = _scratch.array("rgb", (frame.height, frame.width, 3), np.uint8)
            return np.asarray(cv2.merge([red, green, blue], out))
        goal = "rgba" if has_alpha else "rgb24"
        return _packed(_reformat(frame, goal, matrix, _FULL), 4 if has_alpha else 3, np.uint8)
    goal = f"gbr{'a' if has_alpha else ''}p{depth}le"
    planes = _planes(_reformat(frame, goal, matrix, _FULL), np.uint16)
    merged: Pixels = cv2.merge([planes[2], planes[0], planes[1], *planes[3:]])
    return merged


def _by_matrix(frame: VideoFrame, matrix: int, depth: int, *, has_alpha: bool) -> Pixels:
    """Convert above 8 bits, where swscale is wrong by three levels in the limited range.

    It only interpolates the chroma here.
    """
    full = _is_full(frame)
    goal = f"yuv{'a' if has_alpha else ''}444p{depth}le"
    made = _reformat(frame, goal, matrix, _FULL if full else _LIMITED)
    planes = _planes(made, np.uint16)
    out: Pixels = cv2.transform(cv2.merge(planes[:3]), to_rgb(matrix, depth, full=full))
    np.minimum(out, (1 << depth) - 1, out=out)
    return np.dstack([out, planes[3]]) if has_alpha else out


def to_rgb(matrix: int, depth: int, *, full: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the 3 × 4 matrix from stored Y′CbCr to RGB of as many bits (ITU-T H.273, 8.3)."""
    red, blue = _WEIGHTS[matrix]
    green = 1 - red - blue
    unit, top = 1 << (depth - 8), (1 << depth) - 1
    luma = 1.0 if full else top / (219 * unit)
    chroma = 1.0 if full else top / (224 * unit)
    r, b = 2 * (1 - red) * chroma, 2 * (1 - blue) * chroma
    rows = np.array([[luma, 0, r], [luma, -b * blue / green, -r * red / green], [luma, b, 0]])
    zero = np.array([0 if full else 16 * unit, 128 * unit, 128 * unit])
    return np.column_stack([rows, -rows @ zero])


def _gray(frame: VideoFrame, depth: int, *, has_alpha: bool) -> Pixels:
    high = depth > 8
    name = frame.format.name
    if has_alpha:
        made = _reformat(frame, "ya16le" if high else "ya8", _BT601, _FULL)
        return _packed(made, 2, np.uint16 if high else np.uint8)
    goal = f"gray{depth}le" if high else "gray"
    made = frame if name == goal else _reformat(frame, goal, _BT601, _FULL)
    (plane,) = _planes(made, np.uint16 if high else np.uint8)
    if _is_full(frame) or name != goal:
        return plane.copy()
    unit, top = 1 << (depth - 8), (1 << depth) - 1
    levels = (np.arange(1 << depth) - 16 * unit) * (top / (219 * unit))
    table = np.clip(np.rint(levels), 0, top).astype(plane.dtype)
    stretched: Pixels = table[np.minimum(plane, top)]
    return stretched


def _reformat(frame: VideoFrame, goal: str, matrix: int, full: int) -> VideoFrame:
    return _converters.to(goal).reformat(
        frame, format=goal, src_colorspace=matrix, dst_colorspace=matrix, interpolation=_EXACT,
        src_color_range=_FULL if _is_full(frame) or frame.format.is_rgb else _LIMITED,
        dst_color_range=full,
    )  # fmt: skip


def _planes(frame: VideoFrame, dtype: type[np.unsignedinteger]) -> list[Pixels]:
    """Return views of a frame's planes, without the padding of their rows."""
    return [
        np.frombuffer(memoryview(plane), dtype).reshape(plane.height, -1)[:, : plane.width]
        for plane in frame.planes
    ]


def _packed(frame: VideoFrame, channels: int, dtype: type[np.unsignedinteger]) -> Pixels:
    """Return a view of the only plane of a frame."""
    high, wide = frame.height, frame.width
    rows: Pixels = np.frombuffer(memoryview(frame.planes[0]), dtype).reshape(high, -1)
    return rows[:, : wide * channels].reshape(high, wide, channels)


def _orientation(frame: VideoFrame) -> int:
    """Return the EXIF orientation that says what the display matrix does; 1 for odd angles."""
    sides: Any = frame.side_data
    data = next((s for s in sides if s.type.name == "DISPLAYMATRIX"), None)
    if data is None:
        return 1
    # Rows of (x, y, w) in 16.16: a point (x, y) is shown at (a x + c y, b x + d y).
    a, b, _, c, d = (
        round(v / 65536) for v in np.frombuffer(memoryview(data), np.int32)[:5].tolist()
    )
    return {
        (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
        (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
    }.get((a, b, c, d), 1)  # fmt: skip
