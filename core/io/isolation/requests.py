"""What a worker can be asked: a fixed table, since a name from outside is never imported.

Shared by both sides and light: the modules that do the work are loaded in the worker alone.
"""

from __future__ import annotations

from typing import Any, Final, Generic, Literal, NamedTuple, TypeVar

import msgspec

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R", bound=msgspec.Struct)


class Request(NamedTuple, Generic[A, R]):
    """One kind of question.

    Attributes
    ----------
    name
        In the table.
    ask, reply
        Types of question and answer.
    module, function
        What answers it, in the worker: ``function(ask, state) -> (reply, pixels or None)``.
    """

    name: str
    ask: type[A]
    reply: type[R]
    module: str
    function: str


class WeighAsk(msgspec.Struct, frozen=True):
    """Ask how large a file is: as `ReadAsk`."""

    address: bytes
    folder: bytes


class WeighReply(msgspec.Struct, frozen=True):
    """Bytes; 0 where there is no file."""

    size: int


class ReadAsk(msgspec.Struct, frozen=True):
    """Read a still picture: see `core.io.open_image`.

    Attributes
    ----------
    address, folder
        As the person gave it, and the folder that a relative one starts from (`text_out`).
    most, seconds
        The limits: of bytes, and of time.
    whole
        A picture of more bytes is refused if it can be read piece by piece.
    """

    address: bytes
    folder: bytes
    page: int | None
    layer: str | None
    width: int | None
    managed: bool
    most: int
    seconds: float
    whole: int


class Said(msgspec.Struct, frozen=True):
    """A `core.types.Notice`."""

    code: str
    text: str
    severity: Literal["info", "warning"]


class ReadReply(msgspec.Struct, frozen=True):
    """A `core.buffer.ImageBuffer` but for its pixels."""

    key: str
    peak: float
    bits: int
    encoding: str
    alpha: str
    path: bytes
    address: bytes
    sha256: str
    meta: dict[str, str]
    notices: list[Said]
    pages: int
    page: int
    layers: list[str]
    layer: str


class PiecesAsk(msgspec.Struct, frozen=True):
    """Open a picture that is read piece by piece: see `core.io.tiled`; as `ReadAsk`.

    `hashed`: take the hash of the file too.
    """

    address: bytes
    folder: bytes
    page: int | None
    layer: str | None
    width: int | None
    managed: bool
    hashed: bool


class PiecesReply(msgspec.Struct, frozen=True):
    """Whether it can be, its shape, dtype, the (rows, columns) of a piece, and what tells files."""

    supported: bool
    shape: list[int]
    dtype: str
    chunk: tuple[int, int]
    stamp: tuple[int, ...]


class PieceAsk(msgspec.Struct, frozen=True):
    """Decode a piece: counted from 0, down and to the right."""

    row: int
    col: int


class PieceReply(msgspec.Struct, frozen=True):
    """Nothing but the pixels."""


class FinishAsk(msgspec.Struct, frozen=True):
    """What was found in all pieces: the largest value."""

    top: float


class VideoAsk(msgspec.Struct, frozen=True):
    """Open a video file by its absolute path, or go on with it: see `core.sequence.sources.video`.

    `most`: bytes that one decoded frame may take.
    """

    path: bytes
    most: int


class VideoReply(msgspec.Struct, frozen=True):
    """What is known of a video; while it is not `ready`, the same question goes on with it.

    Attributes
    ----------
    count
        Of frames, so far.
    rate
        Frames a second as a fraction; (0, 1) where the file does not say it.
    stamp
        What tells the file from another.
    """

    ready: bool
    count: int
    rate: tuple[int, int]
    stamp: tuple[int, ...]


class FrameAsk(msgspec.Struct, frozen=True):
    """Decode a frame of the open video, or go on with it; of a stream, the next one.

    Attributes
    ----------
    index
        Of the frame.
    passing
        Whether a frame that was decoded on the way to it may come along with an answer that is not
        ready.
    """

    index: int
    passing: bool = False


class FrameReply(msgspec.Struct, frozen=True):
    """A frame but for its pixels; while it is not `ready`, the same question goes on with it.

    All the rest is of the frame `passed` then, if one comes along.
    """

    ready: bool
    time: float = 0.0
    peak: float = 0.0
    bits: int = 0
    encoding: str = ""
    alpha: str = ""
    meta: dict[str, str] = {}
    notices: list[Said] = []
    problem: str = ""
    passed: int = -1


class StreamAsk(msgspec.Struct, frozen=True):
    """Connect to a camera or a stream: see `core.sequence.sources.live`.

    Attributes
    ----------
    address, format, options
        As FFmpeg takes them; an empty format is found out.
    name
        In quotation marks, for sentences.
    most
        Bytes that one decoded frame may take.
    wait
        Seconds without anything after which the connection counts as lost.
    """

    address: str
    format: str
    options: dict[str, str]
    name: str
    most: int
    wait: float


class StreamReply(msgspec.Struct, frozen=True):
    """That it is connected, and its rate as in `VideoReply`."""

    rate: tuple[int, int]


_READING: Final = "core.io.isolation.reading"

READ: Final = Request("read", ReadAsk, ReadReply, _READING, "read")
WEIGH: Final = Request("weigh", WeighAsk, WeighReply, _READING, "weigh")

_PIECES: Final = "core.io.pieces"

PIECES: Final = Request("pieces", PiecesAsk, PiecesReply, _PIECES, "open_pieces")
PIECE: Final = Request("piece", PieceAsk, PieceReply, _PIECES, "piece")
FINISH_PIECES: Final = Request("finish", FinishAsk, ReadReply, _PIECES, "finish_pieces")

_SOURCES: Final = "core.sequence.sources"

VIDEO: Final = Request("video", VideoAsk, VideoReply, f"{_SOURCES}.answering", "open_video")
FRAME: Final = Request("frame", FrameAsk, FrameReply, f"{_SOURCES}.answering", "video_frame")
STREAM: Final = Request("stream", StreamAsk, StreamReply, f"{_SOURCES}.streaming", "connect")
NEXT: Final = Request("next", FrameAsk, FrameReply, f"{_SOURCES}.streaming", "next_frame")

_ALL: Final = (READ, WEIGH, PIECES, PIECE, FINISH_PIECES, VIDEO, FRAME, STREAM, NEXT)
REQUESTS: Final[dict[str, Request[Any, Any]]] = {r.name: r for r in _ALL}
