"""Damaged videos, and what is none: one sentence, and whatever can be read is read."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from core.errors import ReadError, TooLargeError
from core.io.isolation import pool
from core.io.isolation.process import Unavailable, living
from core.io.limits import Limits
from core.sequence.sources.containers import is_text
from core.sequence.sources.video import VideoSource
from tests.core.sequence.sources.movies import movie, movie_of, number

if TYPE_CHECKING:
    from pathlib import Path


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(ReadError) as caught:
        VideoSource(str(path), **options)  # type: ignore[arg-type]
    text = str(caught.value)
    assert path.name in text
    assert text.endswith(".")
    assert re.search(r"\. [A-Z]", text) is None
    return text


def test_what_is_no_video(tmp_path: Path) -> None:
    text, noise = tmp_path / "text.mp4", tmp_path / "noise.mp4"
    text.write_text("A letter.\n" * 1000)
    noise.write_bytes(np.random.default_rng(0).bytes(100_000))
    empty = tmp_path / "empty.mkv"
    empty.touch()
    assert "text, not a video" in refusal(text)
    assert "not a video that can be read" in refusal(noise)
    assert "is empty" in refusal(empty)
    assert "no file" in refusal(tmp_path / "missing.mp4")
    assert "folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n#EXTINF:1,\nh264.ts\n", "ffconcat version 1.0\nfile x\n"]
)
def test_a_playlist_opens_nothing_else(tmp_path: Path, text: str) -> None:
    movie_of(tmp_path / "h264.ts")
    path = tmp_path / "list.mp4"
    path.write_bytes(text.encode() + b"#\0\n")
    refusal(path, isolated=False)


def test_a_dark_video_without_compression_is_no_text() -> None:
    head = b"YUV4MPEG2 W640 H480 F25:1 C420\nFRAME\n" + b"A" * 10_000
    assert not is_text(head)
    assert is_text(b"A letter.\r\n\tTo you.")
    assert is_text("“Für dich”\n".encode() * 1000)


def test_sound_alone(tmp_path: Path) -> None:
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 48000
        file.mux(stream.encode(frame))
        file.mux(stream.encode())
    assert "no video" in refusal(path)


def test_encrypted(tmp_path: Path) -> None:
    options = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "00112233445566778899aabbccddeeff",
        "encryption_kid": "112233445566778899aabbccddeeff00",
    }
    assert "encrypted" in refusal(movie(tmp_path / "locked.mp4", container=options))


def test_larger_than_allowed(tmp_path: Path) -> None:
    path = movie_of(tmp_path / "h264.mp4")
    with pytest.raises(TooLargeError) as caught:
        VideoSource(str(path), limits=Limits(bytes=1000))
    assert caught.value.need == 160 * 32 * 3


@pytest.mark.parametrize("side", [30_000, 60_000, 0])
def test_a_huge_size_in_the_header_costs_no_memory(tmp_path: Path, side: int) -> None:
    path = movie(tmp_path / "huge.avi", 3, codec="rawvideo", pixels="yuv420p", options={})
    data = bytearray(path.read_bytes())
    at = data.index(b"strf") + 8
    data[at + 4 : at + 12] = side.to_bytes(4, "little") * 2
    path.write_bytes(data)
    assert re.search("allowed|no size", refusal(path))


def test_no_frame(tmp_path: Path) -> None:
    whole = movie(tmp_path / "whole.mkv", 5, codec="ffv1").read_bytes()
    path = tmp_path / "bare.mkv"
    path.write_bytes(whole[: whole.index(b"\x1f\x43\xb6\x75")])  # up to the first cluster
    assert "no frame" in refusal(path) or "not a video" in refusal(path)


@pytest.mark.parametrize("name", ["h264.ts", "h264.mkv", "exact.mkv"])
def test_a_truncated_file_has_the_frames_that_are_in_it(tmp_path: Path, name: str) -> None:
    path = movie_of(tmp_path / name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    source = VideoSource(str(path), isolated=False)
    assert 10 < source.count < 45
    frames = list(source.frames())
    good = [f for f in frames if f.image is not None]
    assert len(good) >= source.count - 3
    assert [number(f.image) for f in good[: source.count - 4]] == list(range(source.count - 4))
    assert all(f.problem for f in frames if f.image is None)
    source.close()


def test_damage_at_the_end_takes_no_frame_before_it_along(tmp_path: Path) -> None:
    path = movie(tmp_path / "a.mkv", 20, codec="ffv1", options={"g": "1"})
    with av.open(str(path)) as file:
        places = [(p.pos, p.size) for p in file.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for offset, size in (places[17], places[19]):
        data[offset + 8 : offset + size] = bytes(size - 8)
    path.write_bytes(data)
    source = VideoSource(str(path), isolated=False)
    whole = [f.index for f in source.frames() if not f.problem and number(f.image) == f.index]
    assert whole[:17] == list(range(17))
    assert 18 in whole
    source.close()


@pytest.mark.parametrize("isolated", [False, True])
def test_a_damaged_packet_costs_the_frames_made_of_it(tmp_path: Path, isolated: bool) -> None:
    path = movie(tmp_path / "a.mkv", 40, options={"g": "10", "bf": "0", "sc_threshold": "0"})
    with av.open(str(path)) as file:
        places = [(p.pos, p.size) for p in file.demux(video=0) if p.size]
    data = bytearray(path.read_bytes())
    for offset, size in (places[10], places[11]):
        data[offset + 8 : offset + size] = bytes(size - 8)  # some bytes of Matroska come first
    path.write_bytes(data)
    source = VideoSource(str(path), isolated=isolated)
    assert source.count == 40
    frames = list(source.frames())
    assert [f.index for f in frames] == list(range(40))
    whole = [*range(10), *range(20, 40)]
    assert [number(frames[i].image) for i in whole] == whole
    bad = [f for f in frames if f.problem]
    assert bad
    for frame in bad:
        assert frame.image is None
        assert (
            frame.problem
            == f"Frame {frame.index + 1} of “a.mkv” is damaged and could not be decoded."
        )
    # What is made of a damaged frame says so, up to the next one that is made of itself alone.
    doubted = [f.index for f in frames if f.image and [n.code for n in f.image.notices]]
    assert doubted == [i for i in range(10, 20) if not frames[i].problem]
    assert number(source.frame(35).image) == 35
    assert source.frame(bad[0].index).problem
    source.close()


def test_a_decoder_that_crashes_costs_a_frame(tmp_path: Path) -> None:
    source = VideoSource(str(movie_of(tmp_path / "h264.mp4")))
    assert number(source.frame(3).image) == 3
    (worker,) = living() - set(pool.default().idle)
    worker._popen.kill()
    # Only the system kills a decoder so; perhaps that is known before it is asked.
    assert re.search("more memory|was stopped", source.frame(4).problem)
    assert source.frame(4).image is None
    assert number(source.frame(5).image) == 5
    source.close()
    with pytest.raises(ReadError, match="was closed"):
        source.frame(6)


def test_where_no_process_can_be_started_it_is_read_in_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> None:
        raise ReadError("No process could be started.") from Unavailable("frozen")

    monkeypatch.setattr(pool.default(), "lease", none)
    source = VideoSource(str(movie_of(tmp_path / "h264.mp4")))
    image = source.frame(7).image
    assert number(image) == 7
    assert image is not None
    assert [n.code for n in image.notices] == ["isolation"]
    source.close()


def test_a_file_that_was_changed(tmp_path: Path) -> None:
    path = movie_of(tmp_path / "h264.mp4")
    source = VideoSource(str(path))
    shutil.copy(movie(tmp_path / "other.mp4", 20), path)
    (worker,) = living() - set(pool.default().idle)
    worker._popen.kill()
    assert source.frame(4).problem
    with pytest.raises(ReadError, match="was changed"):
        source.frame(5)
    source.close()
