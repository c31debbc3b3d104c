"""What a worker does for a video file: exact frames in any order, from one decoder.

Decoding begins at the last key before a frame and goes forward. The decoder stays where it is, so
the next frame asked for costs one frame. Work is done in steps of a moment, between which the asker
may change its mind: an answer that is not ready is asked for again.

Two things make it faster, and neither changes a pixel. Frames that were passed on the way are kept,
unconverted, so going back by a little costs no decoding. And on the way forward, those that no
other frame is made of need not be decoded: the standards of `packets.SAFE` say which these are.
Where something is damaged everything is decoded, as what is put in place of damage may come from
any frame.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from av.error import FFmpegError

from core.errors import ReadError
from core.io.files import PictureFile
from core.io.limits import Limits
from core.sequence.sources import kept
from core.sequence.sources.containers import is_text, opened, video_stream
from core.sequence.sources.kept import Kept
from core.sequence.sources.packets import SAFE, PacketIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av import VideoFrame
    from av.packet import Packet
    from av.video.stream import VideoStream

_NEAR: Final = 24
"""Packets up to a key that are decoded through rather than jumped over."""
_DRAG: Final = 64
"""Who goes back by no more frames than this probably goes on so: what is passed will be wanted."""
_TRIES: Final = 4


class Video:
    """A video file, open.

    Parameters
    ----------
    path
        Of the file.
    most
        Bytes that one frame may take.
    """

    def __init__(self, path: str, most: int) -> None:
        self._file = PictureFile(path, Limits(bytes=most))
        self.name, self.stamp = self._file.name, self._file.stamp
        self.index = PacketIndex()
        self._most = most
        self._target, self._tries, self._last = -1, 0, -1
        self._wrong, self._failed, self._careful = 0, False, False
        self._kept = Kept()
        self._skips, self._skipped, self._from = True, set[int](), 0
        self.turned: dict[int, int] = {}
        self.doubts: set[int] = set()
        try:
            if is_text(self._file.head):
                raise ReadError(f"The file {self.name} is a text, not a video; open a video file.")
            self._open()
        except BaseException:
            self._file.handle.close()
            raise
        rate = self._stream.average_rate or self._stream.guessed_rate
        self.rate = (rate.numerator, rate.denominator) if rate else (0, 1)

    @property
    def transfer(self) -> int:
        """AVColorTransfer of the stream."""
        return int(self._stream.codec_context.color_trc)

    def close(self) -> None:
        """Let go of the file."""
        self._kept.clear()
        self._container.close()
        self._file.handle.close()

    def _open(self) -> None:
        """Begin at the start of the file."""
        self._file.handle.seek(0)
        self._container = opened(self._file.handle, self.name)
        try:
            self._stream = video_stream(
                self._container, self.name, self._most, careful=self._careful
            )
        except BaseException:
            self._container.close()
            raise
        self._is_avi = self._container.format.name == "avi"
        self._skips &= self._stream.codec_context.name in SAFE
        self._began = self._first = 0
        self._kept.clear()
        self._restart(0)

    def _restart(self, first: int) -> None:
        """Read on from where the file is, but decode nothing before a place among the packets."""
        self._packets: Iterator[Packet[VideoStream]] = self._container.demux(self._stream)
        self._skip_to, self._fed, self._last, self._out = first, -1, -1, 0
        self._ended = self._doubtful = False
        self._passed: tuple[int, VideoFrame] | None = None
        self._skipped.clear()

    def index_some(self, until: float) -> bool:
        """Take in packets until a time; return whether that was the last of them."""
        while time.monotonic() < until:
            packet = self._next_packet()
            if packet is None:
                self._indexed()
                return True
            self.index.add(packet)
        return False

    def _indexed(self) -> None:
        # AVI has no times of its own; what is made up for it knows the B frames of MPEG-4 alone.
        context = self._stream.codec_context
        if self._is_avi and context.has_b_frames and context.name != "mpeg4":
            self.index.counted = True
        self.index.finish()
        if not len(self.index):
            raise ReadError(f"The video {self.name} holds no frame; get a fresh copy of it.")
        if self.index.encrypted:
            raise ReadError(f"The video {self.name} is encrypted; decrypt it and open that.")
        self._again()

    def _again(self) -> None:
        self._container.close()
        self._open()

    def _next_packet(self) -> Packet[VideoStream] | None:
        for _ in range(_TRIES):
            try:
                return next(self._packets, None)
            except FFmpegError:  # damaged here, and perhaps good again behind
                self._packets = self._container.demux(self._stream)
        return None

    def time(self, number: int) -> float:
        """Return seconds since the first frame; nan where the file does not say them."""
        if self.index.counted:
            frames, seconds = self.rate
            return number * seconds / frames if self._is_avi and frames else float("nan")
        base = self._stream.time_base or float("nan")
        return float((self.index.pts(number) - self.index.pts(0)) * base)

    def frame(self, number: int, until: float) -> VideoFrame | bool:
        """Return a frame; False: not by the time given, ask again; True: it cannot be decoded."""
        if number != self._target:
            # Of what is passed on the way back, as much is kept as there is room for.
            back = 0 < self._target - number <= _DRAG
            self._kept.most = kept.BYTES if back else self._kept.most
            self._from = number - self._kept.room if back else number
            self._target, self._tries = number, 0
            if number not in self._kept:
                self._approach(number)
        while True:
            gone_by = (self._last > number or self._ended) and number not in self._kept
            if self._skipped and (gone_by or not self._skips):
                self._skips = False
                self._kept.clear()
                self._jump(number)
                continue
            if number in self._kept:
                return self._kept[number]
            if gone_by and not self._try_otherwise(number):
                return True
            self._step()
            if time.monotonic() > until and number not in self._kept:
                return False

    def passed(self, number: int) -> tuple[int, VideoFrame] | None:
        """Return the last frame that was decoded on the way to one; for the eye only."""
        found = None if self.index.counted else self._passed
        return found if found is not None and self._first <= found[0] < number else None

    def _try_otherwise(self, number: int) -> bool:
        """Begin anew for a frame that did not come, if there is hope; return whether there is."""
        if self._failed and not self._careful:
            # Threads that decode frames side by side lose good ones with the damaged one.
            self._careful = True
            self._again()
            if not self.index.counted:
                self._jump(number)
            return True
        # Where a picture is whole only some frames behind a key (recovery points), the key before
        # that one makes it.
        key = None if self.index.counted else self.index.key_for(number)
        if self._tries or key is None or self._began != key.place or not key.place:
            return False
        self._tries = 1
        self._jump(number, back=1)
        return True

    def _approach(self, number: int) -> None:
        """Go on from where the decoder is, if the frame is near before it; else jump."""
        if self.index.counted:
            if self._last >= number:
                self._again()
            return
        key = self.index.key_for(number)
        place = key.place if key else 0
        far = place > max(self._fed, 0) + _NEAR
        behind = number < self._first or self._last >= number or number in self._skipped
        if far or behind or self._ended:
            self._jump(number)

    def _jump(self, number: int, back: int = 0) -> None:
        key = self.index.key_for(number, back)
        place = key.place if key else 0
        self._kept.most = kept.BYTES
        self._first = (self.index.number(key.pts) or 0) if key else 0
        if key is None or not self._seek(key.dts, place):
            first = self._first
            self._again()  # and read through to the key
            self._skip_to, self._first = place, first
        self._began = place

    def _seek(self, dts: int, place: int) -> bool:
        """Go to a packet or before it; False where the format does not do that."""
        try:
            self._container.seek(dts, stream=self._stream)
        except FFmpegError:
            return False
        self._restart(place)
        while (packet := self._next_packet()) is not None and packet.size:
            found = self.index.place(packet.pts)
            if found is None:
                continue  # the file was entered in the middle of it
            if found > place:
                return False
            if found == place:
                self._decode(packet)
            return True
        return False

    def _step(self) -> None:
        """Take the next packet."""
        packet = self._next_packet()
        if packet is None or (packet.pts is None and not packet.size):
            self._decode(None)
            self._ended = True
            return
        if not self.index.counted and self._fed < 0 and self._skip_to:
            place = self.index.place(packet.pts)
            if place is None or place < self._skip_to:
                return
        self._decode(packet)

    def _decode(self, packet: Packet[VideoStream] | None) -> None:
        frames = []
        context = self._stream.codec_context
        context.skip_frame = "NONREF" if self._passes(packet) else "DEFAULT"
        try:
            frames = context.decode(packet)
        except FFmpegError:  # its frame will be missing, which is then said
            self._failed = self._doubtful = True
            self._skips = False
        if packet is not None:
            place = self.index.place(packet.pts)
            self._fed = max(self._fed, 0 if place is None else place)
        for frame in frames:
            number = self._out if self.index.counted else self.index.number(frame.pts)
            self._out += 1
            self._doubtful &= not frame.key_frame
            if number is not None and number < len(self.index):
                self._passed = number, frame
                # What comes before the key may be made of frames that were never decoded, and of
                # what was passed over there may be one field alone.
                if number >= self._first and number not in self._skipped:
                    self._keep(number, frame)
                self._wrong += number <= self._last
                self._last = max(self._last, number)
        if self._wrong >= _TRIES and not self._failed and not self.index.counted:
            self.index.counted = True  # the file's times are not those at which frames are shown
            self._again()
            return
        self._kept.trim(self._target, self._last)

    def _passes(self, packet: Packet[VideoStream] | None) -> bool:
        """Whether nothing of a packet is wanted but what other frames are made of."""
        if packet is None or not self._skips or self.index.counted:
            return False
        number = self.index.number(packet.pts)
        if number is None or number >= self._from:
            return False
        self._skipped.add(number)
        return True

    def _keep(self, number: int, frame: VideoFrame) -> None:
        self._kept.put(number, frame)
        if self._doubtful or frame.is_corrupt:
            self.doubts.add(number)
            self._skips = False
