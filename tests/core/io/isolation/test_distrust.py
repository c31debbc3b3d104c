"""A worker is not trusted: whatever does not fit is refused, and nothing is left of it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from core.errors import ReadError
from core.io import Limits
from core.io.isolation import process, requests, wire
from core.io.isolation.memory import Store, adopt
from core.io.isolation.pool import Pool
from core.io.isolation.process import boot, living
from core.io.isolation.wire import Distrust, Layout
from tests.misbehaving import MISBEHAVE, Ask

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 6000
MOST = 1 << 20


@pytest.fixture
def memory() -> Iterator[int]:
    """Return the descriptor of 6000 bytes of anonymous memory."""
    descriptor = os.memfd_create("test", os.MFD_ALLOW_SEALING)
    os.truncate(descriptor, SIZE)
    yield descriptor
    os.close(descriptor)


def given(descriptor: int, layout: Layout) -> np.ndarray:
    """Do as when a worker sent memory."""
    return adopt(layout, os.dup(descriptor), "/nowhere", MOST)


def test_memory_is_taken_as_it_is_described(memory: int) -> None:
    os.pwrite(memory, bytes(range(240)), 0)
    pixels = given(memory, Layout("uint16", (2, 5, 3), 20))
    assert np.array_equal(pixels, np.frombuffer(bytes(range(20, 80)), np.uint16).reshape(2, 5, 3))
    assert given(memory, Layout("uint8", (60, 100), 0)).shape == (60, 100)


def test_small_pictures_hold_no_descriptor_and_are_read_only(memory: int) -> None:
    before = sorted(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names, no paths
    held = [given(memory, Layout("uint8", (6, 10), at)) for at in range(9)]
    assert sorted(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - the same
    assert not any(pixels.flags.writeable for pixels in held)


@pytest.mark.parametrize(
    "layout",
    [
        Layout("uint8", (60, 101), 0),
        Layout("uint16", (60, 100), 0),
        Layout("uint8", (60, 100), 1),
        Layout("uint8", (10, 10), -1),
        Layout("uint8", (10, 10), SIZE),
        Layout("float32", (10, 10), 2),
        Layout("uint8", (0, 10), 0),
        Layout("uint8", (-10, -10), 0),
        Layout("uint8", (), 0),
        Layout("uint8", (1, 1, 1, 1, 1), 0),
        Layout("float64", (1 << 40, 1 << 40), 0),
        Layout("uint8", (1,), 1 << 70),
    ],
)
def test_a_layout_that_memory_does_not_hold(memory: int, layout: Layout) -> None:
    with pytest.raises(Distrust):
        given(memory, layout)


def test_more_than_may_be_taken(memory: int) -> None:
    os.truncate(memory, MOST + 1)
    given(memory, Layout("uint8", (1 << 10, 1 << 10), 0))
    with pytest.raises(Distrust):
        given(memory, Layout("uint8", (MOST + 1,), 0))


def test_memory_in_use_cannot_be_cut_short(memory: int) -> None:
    pixels = given(memory, Layout("uint8", (60, 100), 0))
    with pytest.raises(PermissionError):
        os.truncate(memory, 100)
    assert int(pixels.sum()) == 0


@pytest.mark.parametrize("what", ["file", "pipe", "folder", "unsealable"])
def test_what_is_no_memory(tmp_path: Path, what: str) -> None:
    if what == "pipe":
        descriptor, other = os.pipe()
        os.close(other)
    elif what == "unsealable":
        descriptor = os.memfd_create("test")  # may be cut short at any time
        os.truncate(descriptor, SIZE)
        fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
    else:
        (tmp_path / "file").write_bytes(bytes(SIZE))
        descriptor = os.open(tmp_path / ("file" if what == "file" else ""), os.O_RDONLY)
    try:
        with pytest.raises(Distrust):
            given(descriptor, Layout("uint8", (10, 10), 0))
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("name", ["", "../1.pixels", "/etc/passwd", "x.pixels", "7.pixels", "link"])
def test_a_file_that_is_none_of_the_workers(tmp_path: Path, name: str) -> None:
    (tmp_path / "1.pixels").write_bytes(bytes(SIZE))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "2.pixels").symlink_to(tmp_path / "1.pixels")
    layout = Layout("uint8", (10, 10), 0, "2.pixels" if name == "link" else name)
    with pytest.raises(Distrust):
        adopt(layout, None, str(tmp_path / "in"), MOST)
    assert (tmp_path / "1.pixels").exists()


def test_a_file_is_deleted_once_it_is_mapped(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    layout, descriptor = store.find(store.shared(np.arange(100, dtype=np.uint16).reshape(10, 10)))
    assert descriptor is None
    assert np.array_equal(adopt(layout, None, str(tmp_path), MOST).ravel(), np.arange(100))
    assert not list(tmp_path.iterdir())


LIES = {
    "garbage": "send(b'\\xc1 no MessagePack')",
    "empty": "send(b'')",
    "another type": "send(wire.encode({'type': 'unheard of'}))",
    "a number for a text": "send(wire.encode({'type': 'refused', 'text': 7}))",
    "a second greeting": "send(wire.encode(wire.Hello()))",
    "too long a frame": "channel.sendall(b'\\xff\\xff\\xff\\x7f')",
    "another answer": "send(wire.encode(wire.Done(wire.encode({'number': 'seven'}))))",
    "an unknown dtype": "send(wire.encode({'type': 'done', 'body': body, 'layout':"
    " {'dtype': 'object', 'shape': [2, 2], 'offset': 0}}))",
    "pixels without memory": "send(wire.encode(wire.Done(body, wire.Layout('uint8', (2, 2), 0))))",
    "too little memory": "fd = os.memfd_create('x', 2); os.truncate(fd, 3);"
    "send(wire.encode(wire.Done(body, wire.Layout('uint8', (2, 2), 0))), fd)",
    "a terminal": "send(wire.encode(wire.Done(body, wire.Layout('uint8', (2, 2), 0))), 0)",
    "many descriptors": "channel.sendmsg([b'\\3\\0\\0\\0'], [(socket.SOL_SOCKET,"
    " socket.SCM_RIGHTS, array.array('i', [0, 1, 2]))])",
    "a descriptor with each part": "[socket.send_fds(channel, [b'\\0'], [1]) for _ in range(4)]",
    "nothing but the end": "channel.close()",
    "half a frame": "channel.sendall(b'\\7\\0\\0\\0abc'); os._exit(0)",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_worker_that_lies(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_END_SECONDS", 0.2)  # one goes on without its channel
    code = (
        "import array, os, socket, sys, time\nfrom core.io.isolation import wire\n"
        "channel = socket.socket(fileno=int(sys.argv[-3]))\n"
        "send = lambda frame, fd=None: wire.send(channel, frame, fd)\n"
        "body = wire.encode({})\nsend(wire.encode(wire.Hello()))\nwire.receive(channel)\n"
        f"{LIES[lie]}\ntime.sleep(60)\n"
    )
    command = boot()
    pool = Pool([*command[:-1], command[-1].split("\n", 1)[0] + "\n" + code])
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough
    with pytest.raises(ReadError, match=r"decoder crashed while it read “a\.png”"):
        pool.call(MISBEHAVE, Ask("count"), name="“a.png”", limits=Limits(seconds=30))
    assert not living()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - the same
    pool.close()


def test_only_what_is_in_the_table_is_done(own: Pool) -> None:
    """The name of a function anywhere is no request."""
    unknown = requests.Request("os.getcwd", Ask, Ask, "os", "getcwd")
    with pytest.raises(ReadError, match="decoder crashed"):
        own.call(unknown, Ask("x"), name="“a.png”")
    assert set(requests.REQUESTS).isdisjoint({"misbehave", "os.getcwd"})


def test_texts_survive_whatever_bytes_a_name_has() -> None:
    for data in (bytes(range(1, 256)), "名 \n".encode()):
        text = os.fsdecode(data)
        assert wire.text_in(wire.text_out(text)) == text
    call = wire.Call("read", b"\0\xff", 1 << 40, 0.5)
    assert wire.decode_call(wire.encode(call)) == call
    with pytest.raises(msgspec.DecodeError):
        wire.decode_call(b"\xc1")
