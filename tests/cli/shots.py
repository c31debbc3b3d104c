"""Sequences with a known truth: a still scene, and in some frames a bright square that moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WIDTH, HEIGHT = 64, 48
THERE = range(20, 25)
"""Frames with the square: 6 x 6 of 3072 pixels, 50 levels brighter."""


def scene(seed: int = 1) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 2), None, 40, 180, cv2.NORM_MINMAX)


SCENE = scene()


def frame(index: int, *, there: Iterable[int] = THERE) -> np.ndarray:
    """Return RGB pixels; each frame has noise of its own of at most 2 levels, so none repeats."""
    made = SCENE.astype(np.int16)
    if index in there:
        at = 5 + 7 * (index % 6)
        made[20:26, at : at + 6] += 50
    made += np.random.default_rng(index).integers(-2, 3, made.shape).astype(np.int16)
    return np.clip(made, 0, 255).astype(np.uint8)


def shots(folder: Path, frames: Iterable[int] = range(40), **more: Any) -> Path:
    """Write frames into a folder as f_000.png and so on."""
    folder.mkdir(exist_ok=True)
    for i in frames:
        cv2.imwrite(str(folder / f"f_{i:03}.png"), frame(i, **more)[:, :, ::-1])
    return folder


def film(path: Path, frames: Iterable[int], rate: int = 25) -> Path:
    """Write frames as a video without loss."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=rate)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "bgr0"
        for i in frames:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(frame(i), "rgb24")))
        file.mux(stream.encode())
    return path


def read(path: Path) -> dict[str, Any]:
    """Return a JSON document; what is no JSON, such as a bare NaN, is an error."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    return json.loads(path.read_text("utf-8"), parse_constant=refuse)
