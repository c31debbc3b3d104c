"""Cameras and streams, from a server that the test runs itself on loopback."""

from __future__ import annotations

import contextlib
import http.server
import io
import re
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from core import open_source
from core.errors import Cancelled, ReadError
from core.sequence.sources import live
from core.sequence.sources.live import shown
from core.types import Token
from tests.core.sequence.sources.movies import movie_of, number, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def jpeg(index: int) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pattern(index)).convert("RGB").save(data, "JPEG", quality=90)
    return data.getvalue()


class Camera(http.server.ThreadingHTTPServer):
    """Serves numbered pictures; `hang_up_after` so many of a connection, it drops it."""

    daemon_threads = True
    hang_up_after = 1 << 30
    damaged = -1
    silent = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent = 0
        self.connections = 0
        self.ending = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/live"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Camera

    def do_GET(self) -> None:
        camera = self.server
        camera.connections += 1
        if self.path != "/live":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for _ in range(camera.hang_up_after):
            if camera.ending.wait(0.02):
                return
            data = jpeg(camera.sent % 1024)
            if camera.sent == camera.damaged:
                data = data[:150] + bytes(len(data) - 150)
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + data + b"\r\n")
            except OSError:
                return
            camera.sent += 1
            while camera.silent and not camera.ending.wait(0.05):
                pass

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@pytest.fixture
def camera() -> Iterator[Camera]:
    server = Camera()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.ending.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(live, "SILENCE", 5.0)


@pytest.mark.parametrize("isolated", [True, False])
def test_frames_of_a_stream(camera: Camera, isolated: bool) -> None:
    source = open_source(camera.address, isolated=isolated)
    assert source.live
    assert source.count is None
    with pytest.raises(ReadError, match="live"):
        source.frame(0)
    token = Token()
    got = []
    for frame in source.frames(0, token):
        got.append(frame)
        if len(got) == 8:
            token.cancel()
    source.close()
    numbers = [number(f.image) for f in got]
    assert numbers == list(range(numbers[0], numbers[0] + 8))
    assert [f.index for f in got] == list(range(8))
    times = [f.time for f in got]
    assert times[0] == 0.0
    assert times == sorted(times)
    assert len({f.image.key for f in got if f.image}) == 8


def test_a_connection_that_is_lost_is_made_again(camera: Camera) -> None:
    camera.hang_up_after = 30
    source = open_source(camera.address)
    got = []
    for frame in source.frames():
        got.append(frame)
        if len([f for f in got if f.image]) == 70:
            break
    source.close()
    problems = [f.problem for f in got if f.problem]
    assert 1 <= len(problems) <= 4
    assert all(
        re.fullmatch(r"The connection to “.*” was lost; trying again in 0.1 s\.", p)
        for p in problems
    )
    numbers = [number(f.image) for f in got if f.image]
    assert numbers == sorted(numbers)
    assert camera.connections >= 2
    assert [f.index for f in got] == list(range(len(got)))


def test_attempts_become_rarer_while_there_is_no_server(camera: Camera) -> None:
    camera.hang_up_after = 30
    source = open_source(camera.address)
    frames = source.frames()
    next(frames)
    camera.shutdown()
    camera.server_close()
    waits = []
    for frame in frames:
        if frame.problem:
            waits.append(float(re.findall(r"in ([\d.]+) s", frame.problem)[0]))
        if len(waits) == 3:
            break
    source.close()
    assert waits == [0.1, 0.2, 0.4]


@pytest.mark.parametrize("state", ["silent", "waiting"])
def test_a_token_stops_at_once(camera: Camera, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    monkeypatch.setattr(live, "FIRST_WAIT", 20.0)
    camera.hang_up_after = 30
    source = open_source(camera.address)
    camera.silent = state == "silent"
    token, cancelled = Token(), []

    def stop() -> None:
        cancelled.append(time.monotonic())
        token.cancel()

    timer = threading.Timer(1.5, stop)
    timer.start()
    got = list(source.frames(0, token))
    ended = time.monotonic()
    timer.join()
    assert ended - cancelled[0] < 0.2
    assert got
    assert bool(got[-1].problem) == (state == "waiting")
    source.close()


def test_closing_from_another_thread_ends_it(camera: Camera) -> None:
    source = open_source(camera.address)
    timer = threading.Timer(0.3, source.close)
    timer.start()
    assert list(source.frames())
    timer.join()


def test_a_damaged_frame_is_one_frame(camera: Camera) -> None:
    camera.damaged = 40
    source = open_source(camera.address)
    got = []
    for frame in source.frames():
        got.append(frame)
        if frame.image and number_or_none(frame.image) == 45:
            break
    source.close()
    assert camera.connections == 1
    assert all(f.image is None for f in got if f.problem)


def number_or_none(image: object) -> int | None:
    return number(image)  # type: ignore[arg-type]


def test_a_transport_stream(
    camera: Camera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = movie_of(tmp_path / "h264.ts").read_bytes()

    def send(self: Handler) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp2t")
        self.end_headers()
        self.wfile.write(data)

    monkeypatch.setattr(Handler, "do_GET", send)
    source = open_source(camera.address)
    got = []
    for frame in source.frames():
        if frame.problem:
            break
        got.append(number(frame.image))
    source.close()
    assert got == list(range(50))


@pytest.mark.parametrize("end", ["/nothing", "/live"])
def test_a_stream_that_is_not_there(camera: Camera, end: str) -> None:
    address = camera.address.replace("/live", end)
    if end == "/live":
        camera.shutdown()
        camera.server_close()
    with pytest.raises(ReadError, match="does not answer"):
        open_source(address)


def test_opening_can_be_stopped(camera: Camera) -> None:
    camera.hang_up_after, camera.silent = 1, True
    token = Token()
    timer = threading.Timer(0.8, token.cancel)
    timer.start()
    began = time.monotonic()
    with contextlib.suppress(Cancelled):  # one frame may be enough to open it
        open_source(camera.address, token=token).close()
    assert time.monotonic() - began < 1.2
    timer.join()


@pytest.mark.skipif(sys.platform != "linux", reason="cameras are files on Linux alone")
def test_no_camera() -> None:
    with pytest.raises(ReadError) as caught:
        open_source("camera:97")
    assert str(caught.value) == ("There is no camera 97; connect one, or choose another number.")


def test_a_password_is_not_shown() -> None:
    assert shown("rtsp://me:secret@host/a") == "rtsp://host/a"
