"""What program and worker say to each other: frames of MessagePack, each of a known type.

The program does not trust the worker, which has read a stranger's file: whatever does not fit the
types, or the memory that came with it, is refused with `Distrust`.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MOST_BYTES: Final = 64 << 20
"""Of one frame; pixels are not in it."""
_LENGTH: Final = struct.Struct("<I")
_CHUNK: Final = 1 << 16
_CLOSE_ON_EXEC: Final[int] = getattr(socket, "MSG_CMSG_CLOEXEC", 0)

DType = Literal[
    "uint8", "uint16", "uint32", "int8", "int16", "int32", "float16", "float32", "float64"
]


class Distrust(Exception):  # noqa: N818 - not what went wrong but what follows from it
    """The worker said what no worker says."""


class Ended(Exception):  # noqa: N818 - the same
    """The other side is gone."""


class Layout(msgspec.Struct, frozen=True):
    """Where in the memory that came along the pixels lie.

    Attributes
    ----------
    dtype, shape
        In the machine's byte order, C-contiguous.
    offset
        Of the first value, in bytes.
    file
        Name in the worker's folder, where memory is handed over as a file.
    """

    dtype: DType
    shape: tuple[int, ...]
    offset: int
    file: str = ""


class Call(msgspec.Struct, frozen=True):
    """A question: which request, its encoded type, and how much memory and time it may take."""

    name: str
    body: bytes
    room: int
    seconds: float


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The worker is ready."""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """An answer, with pixels or without."""

    body: bytes
    layout: Layout | None = None


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """A sentence for the person; `need` in bytes where more than the limit is asked for."""

    text: str
    need: int | None = None


class Exhausted(msgspec.Struct, frozen=True, tag="exhausted"):
    """The memory allowed was not enough."""


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """Something else was raised; where, for those who look for the mistake."""

    trace: str


Reply = Hello | Done | Refused | Exhausted | Broken

encode: Final = msgspec.msgpack.Encoder().encode
decode_call: Final = msgspec.msgpack.Decoder(Call).decode
_decode_reply: Final = msgspec.msgpack.Decoder(Reply).decode


def decode_reply(frame: bytes) -> Reply:
    """Return what a worker said; raises `Distrust`."""
    try:
        reply: Reply = _decode_reply(frame)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Distrust(str(error)) from error
    return reply


def decode(body: bytes, kind: type[T]) -> T:
    """Return the struct of a type that was sent; raises `Distrust`."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Distrust(str(error)) from error


def text_out(text: str) -> bytes:
    """Return text whose odd characters (bytes of a file name that are not UTF-8) survive."""
    return text.encode("utf-8", "surrogatepass")


def text_in(data: bytes) -> str:
    """Return what `text_out` was given."""
    return data.decode("utf-8", "surrogatepass")


def send(channel: socket.socket, frame: bytes, descriptor: int | None = None) -> None:
    """Send a frame, and a file descriptor with it.

    Raises
    ------
    Ended
        Nobody is there.
    """
    data = _LENGTH.pack(len(frame)) + frame
    try:
        if sys.platform != "win32" and descriptor is not None:
            sent = socket.send_fds(channel, [data], [descriptor])
            data = data[sent:]
        channel.sendall(data)
    except (BrokenPipeError, ConnectionError) as error:
        raise Ended from error


def receive(
    channel: socket.socket, waiting: Callable[[], None] | None = None
) -> tuple[bytes, list[int]]:
    """Return the next frame, and the file descriptors that came with it, which are the caller's.

    Parameters
    ----------
    channel
        A stream socket; one with a timeout calls `waiting` each time that it passes.
    waiting
        Raises what is to end the waiting.

    Raises
    ------
    Ended
        Nobody is there any more.
    Distrust
        The frame is larger than any.
    """
    descriptors: list[int] = []
    try:
        head = _take(channel, _LENGTH.size, descriptors, waiting)
        (length,) = _LENGTH.unpack(head)
        if length > MOST_BYTES:
            raise Distrust(f"a frame of {length} bytes")
        return _take(channel, length, descriptors, waiting), descriptors
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def _take(
    channel: socket.socket,
    count: int,
    descriptors: list[int],
    waiting: Callable[[], None] | None,
) -> bytes:
    data = bytearray()
    while len(data) < count:
        try:
            piece = _some(channel, min(count - len(data), _CHUNK), descriptors)
        except TimeoutError:
            if waiting is not None:
                waiting()
            continue
        except ConnectionError as error:
            raise Ended from error
        if not piece:
            raise Ended
        data += piece
    return bytes(data)


def _some(channel: socket.socket, count: int, descriptors: list[int]) -> bytes:
    if sys.platform == "win32":
        return channel.recv(count)
    piece, found, flags, _ = socket.recv_fds(channel, count, 1, _CLOSE_ON_EXEC)
    descriptors += found
    if not _CLOSE_ON_EXEC:
        for descriptor in found:
            os.set_inheritable(descriptor, False)
    if flags & socket.MSG_CTRUNC or len(descriptors) > 1:
        raise Distrust("more than one file descriptor")
    return piece
