"""The program as it is started from a terminal: its window is on the screen, and ends well."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import pytest

from tests.end2end.conftest import ROOT
from tests.make import write_png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RED, TEAL = (201, 40, 31), (12, 131, 127)


def flat(colour: tuple[int, int, int]) -> np.ndarray[Any, Any]:
    return np.full((90, 160, 3), colour, np.uint8)


def film(path: Path, colour: tuple[int, int, int]) -> Path:
    """Write four frames of one colour, without loss."""
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "bgr0"
        for _ in range(4):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(flat(colour), "rgb24")))
        file.mux(stream.encode())
    return path


@pytest.mark.parametrize("kind", ["pictures", "films"])
def test_two_paths_open_the_window_with_both(
    scenario: Callable[..., dict[str, Any]], x11_env: dict[str, str], tmp_path: Path, kind: str
) -> None:
    if kind == "pictures":
        a, b = write_png(tmp_path / "a.png", flat(RED)), write_png(tmp_path / "b.png", flat(TEAL))
    else:
        a, b = film(tmp_path / "a.mkv", RED), film(tmp_path / "b.mkv", TEAL)
    program = subprocess.Popen(
        [sys.executable, "-m", "cli", str(a), str(b)],
        cwd=ROOT,
        env=x11_env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        shot, counts = tmp_path / "screen.png", (0, 0)
        deadline = time.monotonic() + 60
        while min(counts) < 5000 and time.monotonic() < deadline:
            assert program.poll() is None, program.communicate()[1]
            scenario("screen", shot)
            picture = cv2.cvtColor(cv2.imread(str(shot)), cv2.COLOR_BGR2RGB)
            counts = tuple(int(np.all(picture == c, axis=-1).sum()) for c in (RED, TEAL))
        # Both pictures are painted large, in their own colours, A left of B.
        assert min(counts) >= 5000, counts
        upper = picture[: len(picture) // 2]  # below is the filmstrip of A
        left, right = (np.nonzero(np.all(upper == c, axis=-1))[1] for c in (RED, TEAL))
        assert np.median(left) < np.median(right)  # both are in the list of regions, too
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 100  # and much else
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
    finally:
        program.kill()
        program.communicate()
    assert (program.returncode, out, err) == (0, "", "")
