"""Makes the films that the pictures of the guide show: what a fixed camera sees of our desk.

Two marbles roll over the desk, one behind the other, while the daylight swells and fades a little;
every frame has noise of its own. The second film is the same with other noise and less light, and
begins later. A few frames of the first are damaged, as those of a bad connection are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Frame = NDArray[np.uint8]

SIZE: Final = (960, 600)
COUNT: Final = 240
RATE: Final = 25
ROLLS: Final = ((90, 330, 430, (196, 92, 60)), (130, 470, 395, (58, 120, 190)))
"""First frame, how far down, down at the end, and colour of each marble."""
TORN, GRAY, STUCK = 60, 222, range(190, 197)
"""A torn frame, one whose lower part was never received, and a picture that stands still."""
SECONDS_ACROSS: Final = 3.2
RADIUS: Final = 26
LATER: Final = 7
"""The second film begins so many frames later."""


def films(picture: Path, folder: Path) -> tuple[Path, Path]:
    """Write both films as H.264; return their paths.

    Parameters
    ----------
    picture
        What the camera sees: any photograph.
    folder
        Where they shall lie.
    """
    shot = cv2.imread(str(picture))
    assert shot is not None
    small = cv2.resize(shot, SIZE, interpolation=cv2.INTER_AREA)
    desk = np.asarray(small[:, :, ::-1], np.uint8)
    first = _write(folder / "door.mp4", _damaged(_seen(desk, range(COUNT), seed=1)))
    second = _write(folder / "door-again.mp4", _seen(desk, range(LATER, COUNT), seed=2, light=-3.0))
    return first, second


def _seen(desk: Frame, frames: range, *, seed: int, light: float = 0.0) -> Iterator[Frame]:
    rng = np.random.default_rng(seed)
    for index in frames:
        picture = desk.astype(np.float32)
        for begin, top, bottom, colour in ROLLS:
            _roll(picture, index - begin, top, bottom, colour)
        swell = 4.0 * np.sin(index / 30) + light
        picture += swell + rng.normal(0, 1.6, (*picture.shape[:2], 1))
        yield np.clip(picture, 0, 255).astype(np.uint8)


def _roll(
    picture: NDArray[Any], step: int, top: int, bottom: int, colour: tuple[int, int, int]
) -> None:
    share = step / (SECONDS_ACROSS * RATE)
    if not 0 <= share <= 1:
        return
    width = SIZE[0] + 4 * RADIUS
    place = share * width - 2 * RADIUS, top + (bottom - top) * share
    rows, cols = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    away = np.hypot(cols - place[0], rows - place[1])
    shade = np.hypot((cols - place[0] - 9) / 1.3, (rows - place[1] - 17) / 0.8)
    picture *= 1 - 0.45 * np.clip(1.5 - shade / RADIUS, 0, 1)[..., None]  # its shadow
    inside = np.clip(RADIUS - away + 0.5, 0, 1)[..., None]
    lit = np.clip(1.25 - np.hypot(cols - place[0] + 8, rows - place[1] + 9) / 42, 0.25, 1)
    ball = np.asarray(colour, np.float32) * lit[..., None]
    ball += (
        150 * np.exp(-((np.hypot(cols - place[0] + 8, rows - place[1] + 9) / 6) ** 2))[..., None]
    )
    picture *= 1 - inside
    picture += inside * ball


def _damaged(frames: Iterator[Frame]) -> Iterator[Frame]:
    last: Frame | None = None
    for index, frame in enumerate(frames):
        shown = frame
        if index == TORN:
            shown = frame.copy()
            shown[330:] = np.roll(frame[330:], 170, axis=1)
        if index == GRAY:
            shown = frame.copy()
            shown[250:] = 128
        if index in STUCK and last is not None:
            shown = last
        yield shown
        last = shown


def _write(path: Path, frames: Iterator[Frame]) -> Path:
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264", rate=RATE, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for frame in frames:
            file.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), "rgb24"))
            )
        file.mux(stream.encode())
    return path
