"""Which addresses are sequences, told by their names alone."""

from __future__ import annotations

import os
import re
from typing import Final

from core.io.address import Address
from core.sequence.sources.names import is_pattern

VIDEO_SUFFIXES: Final = (
    ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m2v", ".ts", ".m2ts",
    ".mts", ".wmv", ".asf", ".flv", ".f4v", ".ogv", ".3gp", ".3g2", ".mxf", ".y4m", ".vob", ".h264",
    ".264", ".hevc", ".265", ".ivf", ".obu", ".mjpg", ".mjpeg", ".dv", ".nut", ".rm", ".rmvb",
)  # fmt: skip
"""What files of moving pictures are called; their content decides once they are opened."""
_LIVE: Final = re.compile(r"(camera:|watch:|(rtsps?|https?|rtmps?|udp|tcp|srt|rtp)://.)", re.I)


def is_live(address: str) -> bool:
    """Whether an address is one of a camera, a stream or a watched folder."""
    return bool(_LIVE.match(address))


def looks_moving(address: str) -> bool:
    """Whether an address is one of a sequence: a video, a pattern of names, a camera, a stream.

    The disk is not asked, so folders are only known by the separator at their end, and brackets are
    taken for a part of a name. Files of several pages are pictures whose pages are turned.
    """
    if is_live(address) or address.endswith(os.sep):
        return True
    path, _ = Address.parse(address)
    name = os.path.basename(path)  # noqa: PTH119 - a pattern
    return name.lower().endswith(VIDEO_SUFFIXES) or is_pattern(name.replace("[", ""))
