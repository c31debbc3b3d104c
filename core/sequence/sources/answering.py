"""The requests that a worker answers about a video file, and frames as they are handed over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from core.io.isolation.requests import FrameAsk, FrameReply, Said, VideoAsk, VideoReply
from core.io.isolation.wire import text_in
from core.sequence.sources.decoding import Video
from core.sequence.sources.pixels import picture

if TYPE_CHECKING:
    from av import VideoFrame

    from core.types import Pixels

_STEP_SECONDS: Final = 0.03
"""After which an answer that is not ready is put off, so that the asker may change its mind."""


def open_video(ask: VideoAsk, state: dict[str, Any]) -> tuple[VideoReply, None]:
    """Open a video, or go on with what it holds."""
    video: Video | None = state.get("video")
    if video is None:
        video = state["video"] = Video(text_in(ask.path), ask.most)
    ready = state.get("ready") or video.index_some(time.monotonic() + _STEP_SECONDS)
    state["ready"] = ready
    return VideoReply(bool(ready), len(video.index), video.rate, video.stamp), None


def video_frame(ask: FrameAsk, state: dict[str, Any]) -> tuple[FrameReply, Pixels | None]:
    """Decode a frame of the open video."""
    video: Video = state["video"]
    found = video.frame(ask.index, time.monotonic() + _STEP_SECONDS)
    if found is False:
        return _on_the_way(video, ask)
    when = video.time(ask.index)
    if found is True:
        text = f"Frame {ask.index + 1} of {video.name} is damaged and could not be decoded."
        return FrameReply(True, when, problem=text), None
    doubtful = ask.index in video.doubts
    return told(found, video.name, when, video.turned, video.transfer, doubtful=doubtful)


def _on_the_way(video: Video, ask: FrameAsk) -> tuple[FrameReply, Pixels | None]:
    """Return that a frame is not ready, with one that was decoded on the way to it, if wanted."""
    found = video.passed(ask.index) if ask.passing else None
    if found is None:
        return FrameReply(False), None
    number, frame = found
    when = video.time(number)
    reply, pixels = told(
        frame, video.name, when, video.turned, video.transfer, doubtful=number in video.doubts
    )
    return structs.replace(reply, ready=False, passed=number), pixels


def told(
    frame: VideoFrame,
    name: str,
    when: float,
    turned: dict[int, int],
    transfer: int,
    *,
    doubtful: bool,
) -> tuple[FrameReply, Pixels]:
    """Return what is handed over of a decoded frame; `doubtful` where damage may show in it."""
    pixels, peak, bits, encoding, alpha, meta, notices = picture(frame, name, turned, transfer)
    said = [Said(n.code, n.text, n.severity) for n in notices]
    if doubtful:
        text = (
            f"A frame of {name}, or one that it is made of, is damaged; parts of it may be wrong."
        )
        said.append(Said("damaged", text, "warning"))
    return FrameReply(True, when, peak, bits, str(encoding), str(alpha), meta, said), pixels
