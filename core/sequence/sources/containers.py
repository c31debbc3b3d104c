"""Opening what holds a video, and finding the video in it; in the worker."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, Final

import av
from av.error import FFmpegError

from core.errors import ReadError, TooLargeError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_TEXT_BYTES: Final = 4096
_CONTROL: Final = frozenset({*range(9), 11, *range(14, 32), 127})


def opened(handle: Any, name: str) -> InputContainer:
    """Return what holds the streams of an open file; nothing else is opened, whatever it says.

    Raises
    ------
    ReadError
        It is nothing that FFmpeg knows.
    """
    try:
        # A playlist must not make FFmpeg open what it names.
        container: InputContainer = av.open(
            handle, "r", options={"protocol_whitelist": "none"}, buffer_size=1 << 18,
            metadata_errors="replace",
        )  # fmt: skip
    except (FFmpegError, ValueError) as error:
        raise ReadError(
            f"The file {name} is not a video that can be read, or is damaged; get a fresh copy, "
            "or save it as MP4 and open that."
        ) from error
    return container


def is_text(head: bytes) -> bool:
    """Whether a file begins with nothing but letters, which FFmpeg would draw as a picture."""
    start = head[:_TEXT_BYTES]
    if start.startswith(b"YUV4MPEG2") or not _CONTROL.isdisjoint(start):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)  # its end may cut a letter in two
    except UnicodeDecodeError:
        return False
    return True


def video_stream(
    container: InputContainer, name: str, most: int, *, careful: bool = False
) -> VideoStream:
    """Return the stream of moving pictures, ready to be decoded.

    Parameters
    ----------
    container
        That holds it.
    name
        For sentences.
    most
        Bytes that one frame may take.
    careful
        Decode one frame after the other, so that each comes as soon as it can and one that is
        damaged takes none with it.

    Raises
    ------
    ReadError
        There is none, of no coding known here, or larger than allowed.
    """
    streams = [s for s in container.streams.video if not _is_cover(s)]
    if not streams:
        raise ReadError(f"The file {name} holds sound but no video; open a video file.")
    stream = max(streams, key=lambda s: (s.width or 0) * (s.height or 0) if s.codec_context else -1)
    context = stream.codec_context
    if context is None:
        raise ReadError(
            f"The video {name} is of a coding that cannot be read; save it as H.264 and open that."
        )
    if not context.width or not context.height:  # so it is where FFmpeg does not believe it either
        raise ReadError(f"The video {name} says no size that is possible; get a fresh copy of it.")
    pixel = max((c.bits for c in context.format.components), default=8) if context.format else 8
    need = context.width * context.height * 3 * (2 if pixel > 8 else 1)
    if need > most:
        raise TooLargeError(
            f"A frame of {name} is {context.width} × {context.height} pixels and would need "
            f"{need / 1e9:.1f} GB of memory, more than the {most / 1e9:g} GB allowed; allow more, "
            "or make the video smaller.",
            need,
        )
    context.options = {"max_pixels": str(max(min(most // 3, (1 << 31) - 1), 1))}
    context.thread_type = "SLICE" if careful else "AUTO"
    return stream


def _is_cover(stream: VideoStream) -> bool:
    """Whether it is the picture of a sound file."""
    return bool(stream.disposition & stream.disposition.attached_pic)
