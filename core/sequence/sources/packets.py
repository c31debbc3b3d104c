"""Which frames a video file holds, and from where each can be decoded; in the worker.

Found out by reading the file once without decoding it. Every packet that is shown is a frame, and
frames are numbered by the time at which they are shown. A file whose packets do not all say
different times (AVI with B frames, bare H.264) is *counted* instead: its frames are numbered as
they come out of the decoder, and going back means to begin anew.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream


SAFE: Final = frozenset({"h264", "mpeg1video", "mpeg2video"})
"""Codings with frames that no other is made of, ever (nal_ref_idc of 0; B pictures). HEVC's may
serve those of higher layers, what VP8 says of segments is read by the next frame, and MPEG-4 in AVI
may pack two frames into one."""


class Key(NamedTuple):
    """A packet that decoding can begin with: its times, and its place among the packets."""

    pts: int
    dts: int
    place: int


class PacketIndex:
    """What is known of the packets of one stream; built by `add`, usable after `finish`.

    Attributes
    ----------
    counted
        Whether frames are numbered as they come out of the decoder.
    encrypted
        Whether a packet says that it is.
    """

    def __init__(self) -> None:
        self.counted = False
        self.encrypted = False
        self._count = 0
        self._places: dict[int, int] = {}
        self._shown: list[int] = []
        self._numbers: dict[int, int] = {}
        self._keys: list[Key] = []
        self._key_times: list[int] = []

    def __len__(self) -> int:
        return self._count

    def add(self, packet: Packet[VideoStream]) -> None:
        """Take the next packet of the file."""
        if not is_shown(packet):
            return
        place, self._count = self._count, self._count + 1
        pts, dts = packet.pts, packet.dts
        if not place:
            self.encrypted = packet.has_sidedata("encryption_info")
        if pts is None or pts in self._places:
            self.counted = True
        if self.counted:
            return
        assert pts is not None
        self._places[pts] = place
        if packet.is_keyframe:
            self._keys.append(Key(pts, pts if dts is None else dts, place))

    def finish(self) -> None:
        """Order what was taken in."""
        if self.counted:
            self._places, self._keys = {}, []
            return
        self._shown = sorted(self._places)
        self._numbers = {pts: number for number, pts in enumerate(self._shown)}
        self._keys.sort()
        self._key_times = [key.pts for key in self._keys]

    def place(self, pts: int | None) -> int | None:
        """Return the place of a packet among all; None for one that was not there before."""
        return None if pts is None else self._places.get(pts)

    def number(self, pts: int | None) -> int | None:
        """Return the number of a frame that came out of the decoder."""
        return None if pts is None else self._numbers.get(pts)

    def pts(self, number: int) -> int:
        """Return when a frame is shown, in the stream's own unit."""
        return self._shown[number]

    def key_for(self, number: int, back: int = 0) -> Key | None:
        """Return the last key that is shown no later than a frame, or one `back` before it.

        A frame that is shown before a key but stored behind it (open GOP) is made of the key before
        too, which so is the one. None: only the start of the file will do.
        """
        at = bisect_right(self._key_times, self._shown[number]) - 1 - back
        return self._keys[at] if at >= 0 else None


def is_shown(packet: Packet[VideoStream]) -> bool:
    """Whether a packet makes a frame: not what ends a stream, is cut away, or only helps others."""
    if not packet.size or packet.is_discard:
        return False
    # Bit 4 of the first byte of a VP8 frame says whether it is shown (RFC 6386, 9.1).
    return packet.stream.codec_context.name != "vp8" or bool(memoryview(packet)[0] & 0x10)
