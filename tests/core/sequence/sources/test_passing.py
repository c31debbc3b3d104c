"""What is passed on the way to a frame: kept, or not decoded at all, and no pixel depends on it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest

from core.errors import Cancelled
from core.sequence.sources import answering, decoding, kept
from core.sequence.sources.kept import Kept
from core.sequence.sources.video import VideoSource
from core.types import Token
from tests.core.sequence.sources.movies import FORMATS, HEIGHT, WIDTH, movie, movie_of

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 90
X264 = "b-adapt=0:scenecut=0:b-pyramid=normal:keyint=30:min-keyint=30:bframes=3"
SAFE = {
    "closed.mp4": ("libx264", "yuv420p", {"x264-params": X264}),
    "open.mkv": ("libx264", "yuv420p", {"x264-params": f"{X264}:open-gop=1"}),
    "stream.ts": ("libx264", "yuv420p", {"x264-params": f"{X264}:open-gop=1"}),
    "fields.mp4": ("libx264", "yuv420p", {"x264-params": f"{X264}:tff=1"}),
    "slices.mp4": ("libx264", "yuv420p", {"x264-params": f"{X264}:slices=4"}),
    "weighted.mp4": ("libx264", "yuv420p", {"x264-params": f"{X264}:weightp=2:ref=5"}),
    "ten.mp4": ("libx264", "yuv420p10le", {"x264-params": X264}),
    "mpeg2.mpg": ("mpeg2video", "yuv420p", {"g": "30", "bf": "2"}),
    "mpeg2.ts": ("mpeg2video", "yuv420p", {"g": "30", "bf": "2"}),
    "mpeg1.mkv": ("mpeg1video", "yuv420p", {"g": "30", "bf": "2"}),
}
OTHERS = {
    "hevc.mp4": ("libx265", "yuv420p", {"x265-params": "keyint=30:bframes=4:log-level=none"}),
    "part2.mp4": ("mpeg4", "yuv420p", {"g": "30", "bf": "2"}),
    "vp9.webm": FORMATS["vp9.webm"],
    "vp8.webm": FORMATS["vp8.webm"],
    "long.mp4": FORMATS["long.mp4"],
    "h264.avi": FORMATS["h264.avi"],
}


def drifting(number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Return a soft scene that moves, with a little noise: frames are made of each other."""
    rng = np.random.default_rng(7)
    scene = cv2.GaussianBlur(rng.uniform(0, 255, (height, width)), (0, 0), 4)
    scene = cv2.normalize(scene, None, 20, 235, cv2.NORM_MINMAX)
    noise = np.random.default_rng(number).normal(0, 3, scene.shape)
    return np.clip(np.rint(np.roll(scene, number, axis=1) + noise), 0, 255).astype(np.uint8)


def film(path: Path, kind: tuple[str, str, dict[str, str]]) -> Path:
    codec, pixels, options = kind
    return movie(path, COUNT, codec=codec, pixels=pixels, options=options, draw=drifting)


def pixels_of(source: VideoSource, index: int) -> np.ndarray:
    image = source.frame(index).image
    assert image is not None
    return image.data


def in_order(path: Path) -> list[np.ndarray]:
    source = VideoSource(str(path), isolated=False)
    frames = [f.image.data for f in source.frames() if f.image]
    source.close()
    assert len(frames) == COUNT
    return frames


def walk(seed: int) -> list[int]:
    """Return frames as somebody drags and jumps: on, back, far, on."""
    rng = np.random.default_rng(seed)
    places, at = [], 0
    for run in range(12):
        sign = 1 if run % 2 else -1
        for _ in range(6):
            at = int(np.clip(at + sign * rng.integers(1, 9), 0, COUNT - 1))
            places.append(at)
        at = int(rng.integers(0, COUNT))
        places.append(at)
    return places


@pytest.mark.parametrize("name", [*SAFE, *OTHERS])
def test_a_drag_gives_the_very_pixels_that_the_order_of_time_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = film(tmp_path / name, (SAFE | OTHERS)[name])
    expected = in_order(path)
    passed: list[bool] = []
    plain = decoding.Video._passes

    def passes(video: decoding.Video, packet: av.Packet | None) -> bool:
        passed.append(plain(video, packet))
        return passed[-1]

    monkeypatch.setattr(decoding.Video, "_passes", passes)
    for seed, room in enumerate((kept.BYTES, 3 * WIDTH * HEIGHT * 8)):
        monkeypatch.setattr(kept, "BYTES", room)
        source = VideoSource(str(path), isolated=False)
        for index in walk(seed):
            assert (pixels_of(source, index) == expected[index]).all()
        source.close()
    assert any(passed) == (name in SAFE or name in {"long.mp4"})


class Impatient(Token):
    """Is cancelled by itself when it was looked at often enough."""

    __slots__ = ("_left",)

    def __init__(self, left: int) -> None:
        super().__init__()
        self._left = left

    def check(self) -> None:
        self._left -= 1
        if self._left < 0:
            self.cancel()
        super().check()


@pytest.mark.parametrize("name", ["closed.mp4", "open.mkv", "mpeg2.mpg", "part2.mp4", "h264.avi"])
def test_who_changes_their_mind_still_gets_what_they_ask_for_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = film(tmp_path / name, (SAFE | OTHERS)[name])
    expected = in_order(path)
    rng = np.random.default_rng(0)
    source = VideoSource(str(path), isolated=False)
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0)  # one packet at a time
    with pytest.raises(Cancelled):
        source.frame(75, Impatient(1))  # nothing has come out of the decoder yet
    assert (pixels_of(source, 40) == expected[40]).all()
    given_up = 0
    for index in (*walk(5), *walk(6)):
        try:
            source.frame(index, Impatient(int(rng.integers(1, 12))))
        except Cancelled:
            given_up += 1
            if rng.random() < 0.7:
                continue
        assert (pixels_of(source, index) == expected[index]).all()
    assert given_up
    source.close()


def test_what_is_passed_over_costs_no_decoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(tmp_path / "closed.mp4", SAFE["closed.mp4"])
    source = VideoSource(str(path), isolated=False)
    put: list[int] = []
    plain = Kept.put

    def counted(self: Kept, number: int, frame: av.VideoFrame) -> None:
        put.append(number)
        plain(self, number, frame)

    monkeypatch.setattr(Kept, "put", counted)
    pixels_of(source, 0)
    pixels_of(source, 27)
    assert not set(range(8, 27)) & set(put)
    put.clear()
    pixels_of(source, 20)  # back: what is passed on the way will be wanted next
    assert set(range(21)) <= set(put)
    put.clear()
    for index in range(19, -1, -1):
        pixels_of(source, index)
    assert not put
    source.close()


def test_where_something_is_damaged_all_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(tmp_path / "closed.mkv", SAFE["closed.mp4"])
    with av.open(str(path)) as file:
        packets = [bytes(p) for p in file.demux(video=0) if p.size]
    data = path.read_bytes()
    for number in (12, 47):
        packet = packets[number]
        assert data.count(packet) == 1
        half = len(packet) // 2
        data = data.replace(packet, packet[:half] + bytes(len(packet) - half))
    path.write_bytes(data)
    fast = VideoSource(str(path), isolated=False)
    monkeypatch.setattr(decoding, "SAFE", frozenset())
    slow = VideoSource(str(path), isolated=False)
    said = 0
    for index in walk(3):
        one, other = fast.frame(index).image, slow.frame(index).image
        if one is None or other is None:
            assert one is other
            continue
        assert (one.data == other.data).all()
        assert [n.code for n in one.notices] == [n.code for n in other.notices]
        said += len(one.notices)
    assert said
    fast.close()
    slow.close()


def test_one_who_waits_for_another_gives_up_when_told(tmp_path: Path) -> None:
    source = VideoSource(str(movie_of(tmp_path / "h264.mp4")), isolated=False)
    token, ended = Token(), threading.Event()

    def wait() -> None:
        with pytest.raises(Cancelled):
            source.frame(3, token)
        ended.set()

    thread = threading.Thread(target=wait, daemon=True)
    with source._lock:
        thread.start()
        token.cancel()
        assert ended.wait(20)
    thread.join()
    assert source.frame(3).image is not None
    source.close()


def test_the_farthest_is_forgotten_first() -> None:
    frames = Kept()
    frames.most = 10 * kept.bytes_of(av.VideoFrame(64, 32, "gray"))
    for number in range(12):
        frames.put(number, av.VideoFrame(64, 32, "gray"))
    frames.put(11, av.VideoFrame(64, 32, "gray"))  # again: it does not take twice the memory
    assert len(frames) == 12
    assert frames.room == 10
    frames.trim(3, 11)  # 4...11 came behind the target: they are never forgotten
    assert [n for n in range(12) if n in frames] == [2, *range(3, 12)]
    frames.trim(3, 3)
    assert len(frames) == 10
    frames.put(1, av.VideoFrame(64, 32, "gray"))
    frames.trim(1, 1)  # 2...11 are from before
    assert [n for n in range(12) if n in frames] == list(range(1, 11))
    assert frames.size == frames.most
    frames.clear()
    assert (len(frames), frames.size) == (0, 0)
