"""What a worker does for a camera or a stream: it connects, and gives one frame after the other."""

from __future__ import annotations

import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import av
from av.error import FFmpegError

from core.errors import ReadError
from core.io.isolation.requests import FrameAsk, FrameReply, StreamAsk, StreamReply
from core.sequence.sources.answering import told
from core.sequence.sources.containers import video_stream

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer

    from core.types import Pixels

CAMERA: Final = "camera"
"""In place of a format: `StreamAsk.address` is a camera's number or name."""


class Stream:
    """A connection; see `StreamAsk` for its parameters."""

    def __init__(self, ask: StreamAsk) -> None:
        self.name = ask.name
        self.turned: dict[int, int] = {}
        self._ready: deque[VideoFrame] = deque()
        self._container = _connected(ask)
        try:
            self._stream = video_stream(self._container, ask.name, ask.most, careful=True)
        except BaseException:
            self._container.close()
            raise
        self._ended = False
        self._packets = self._container.demux(self._stream)
        rate = self._stream.average_rate or self._stream.guessed_rate
        self.rate = (rate.numerator, rate.denominator) if rate else (0, 1)

    def next(self) -> VideoFrame | None:
        """Return the next frame; None for one that could not be decoded."""
        while not self._ready:
            if self._ended:
                raise ReadError(f"The connection to {self.name} was lost.")
            try:
                packet = next(self._packets, None)
            except FFmpegError:
                packet = None
            if packet is None or not packet.size:
                packet, self._ended = None, True  # the decoder gives what it held back
            try:
                self._ready.extend(self._stream.codec_context.decode(packet))
            except FFmpegError:
                return None
        return self._ready.popleft()

    @property
    def transfer(self) -> int:
        """AVColorTransfer of the stream."""
        return int(self._stream.codec_context.color_trc)

    def close(self) -> None:
        """Hang up."""
        self._ready.clear()
        self._container.close()


def _connected(ask: StreamAsk) -> InputContainer:
    address, kind = (ask.address, ask.format)
    if kind == CAMERA:
        kind, address = _camera(address, ask.name)
    try:
        container: InputContainer = av.open(
            address, "r", format=kind or None, options=dict(ask.options),
            timeout=(ask.wait, ask.wait), metadata_errors="replace",
        )  # fmt: skip
    except (FFmpegError, ValueError, OSError) as error:
        if ask.format == CAMERA:
            raise ReadError(
                f"The camera {ask.name} gives no picture; close other programs that use it, or "
                "connect it again."
            ) from error
        raise ReadError(
            f"The stream {ask.name} does not answer, or sends no video; check its address and "
            "whether it is on."
        ) from error
    return container


def _camera(which: str, name: str) -> tuple[str, str]:
    """Return FFmpeg's words for a camera: the format of the system, and the device."""
    system: str = sys.platform  # a plain text, so that mypy looks at all three
    if system == "linux":
        device = f"/dev/video{which}" if which.isdigit() else which
        if not os.path.exists(device):  # noqa: PTH110 - plain text
            raise _none(name)
        return "v4l2", device
    if system == "darwin":
        return "avfoundation", which
    if not which.isdigit():
        return "dshow", f"video={which}"
    try:
        devices = av.device.enumerate_input_devices("dshow")
    except (AttributeError, FFmpegError, ValueError) as error:  # an older PyAV has no such list
        raise _none(name) from error
    cameras = [d.name for d in devices if "video" in d.media_types]
    if int(which) >= len(cameras):
        raise _none(name)
    return "dshow", f"video={cameras[int(which)]}"


def _none(name: str) -> ReadError:
    return ReadError(f"There is no camera {name}; connect one, or choose another number.")


def connect(ask: StreamAsk, state: dict[str, Any]) -> tuple[StreamReply, None]:
    """Connect, and stay so."""
    stream = state["stream"] = Stream(ask)
    return StreamReply(stream.rate), None


def next_frame(ask: FrameAsk, state: dict[str, Any]) -> tuple[FrameReply, Pixels | None]:
    """Return the next frame of the stream."""
    stream: Stream = state["stream"]
    frame = stream.next()
    if frame is None:
        text = f"Frame {ask.index + 1} of {stream.name} came damaged and could not be decoded."
        return FrameReply(True, problem=text), None
    transfer = stream.transfer
    doubtful = frame.is_corrupt
    return told(frame, stream.name, 0.0, stream.turned, transfer, doubtful=doubtful)
