"""The fuzz target for some seconds: bytes of sound files changed, cut, joined and repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.io.address import Part
from tests.bad.samples import samples
from tests.fuzz.target import try_bytes

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = sorted(samples())


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """Draw a sound file with some edits, most of them near its start."""
    data = bytearray(samples()[draw(st.sampled_from(SUFFIXES))])
    for _ in range(draw(st.integers(1, 6))):
        reach = draw(st.sampled_from([64, 512, len(data)]))
        at = draw(st.integers(0, max(min(reach, len(data)) - 1, 0)))
        match draw(st.sampled_from(["set", "set", "set", "cut", "drop", "repeat", "insert"])):
            case "set":
                new = draw(
                    st.binary(min_size=1, max_size=4) | st.sampled_from([b"\xff\xff\xff\xff"])
                )
                data[at : at + len(new)] = new
            case "cut":
                del data[max(at, 1) :]
            case "drop":
                del data[at : at + draw(st.integers(1, 64))]
            case "repeat":
                data[at:at] = data[at : at + draw(st.integers(1, 64))]
            case "insert":
                data[at:at] = draw(st.binary(max_size=16))
    return bytes(data)


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=changed(), page=st.sampled_from([0, 0, 0, 1, 5]))
def test_any_bytes_are_a_picture_or_refused(tmp_path: Path, data: bytes, page: int) -> None:
    try_bytes(data, tmp_path / "picture", Part(page=page))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.sampled_from(SUFFIXES), data=st.binary(max_size=400))
def test_noise_after_a_familiar_start(tmp_path: Path, head: str, data: bytes) -> None:
    try_bytes(samples()[head][:24] + data, tmp_path / "picture")
