"""Films of which everything is known: what moves where, the light, the camera, the damage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.buffer import ImageBuffer
from core.sequence.types import Frame, Verdict
from tests.make import photo

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Film:
    """A photograph with things that move over it.

    `drift`: the light's gain swings by this share, its bias by 255 times a quarter of it, over 160
    frames. `shake`: deviation of the camera's place in px (and of its turn in degrees / 10).
    """

    seed: int = 0
    height: int = 180
    width: int = 240
    things: int = 3
    sigma: float = 5.0
    drift: float = 0.0
    shake: float = 0.0
    gray: bool = False
    from_frame: int = 0
    """Things are there from this frame on."""

    def frames(self, count: int) -> Iterator[tuple[Bytes, NDArray[np.bool_]]]:
        """Yield frames, and where things are in them."""
        rng = np.random.default_rng(self.seed)
        margin = 16
        size = (self.height + 2 * margin, self.width + 2 * margin)
        scene = photo(*size, seed=self.seed, channels=1 if self.gray else 3)
        things = [_Thing.random(rng, self) for _ in range(self.things)]
        # Light in the middle range is not clipped when it drifts.
        scene = np.clip(scene.astype(np.float32) * 0.8 + 20, 0, 255)
        for t in range(count):
            picture, mask = scene.copy(), np.zeros(size, np.uint8)
            for thing in things if t >= self.from_frame else ():
                thing.paint(picture, mask, t, margin)
            angle = rng.normal(0, self.shake / 10) if self.shake else 0.0
            dy, dx = rng.normal(0, self.shake, 2) if self.shake else (0.0, 0.0)
            move = cv2.getRotationMatrix2D((size[1] / 2, size[0] / 2), angle, 1.0)
            move[:, 2] += (dx - margin, dy - margin)
            shape = (self.width, self.height)
            picture = cv2.warpAffine(picture, move, shape, flags=cv2.INTER_CUBIC)
            seen = cv2.warpAffine(mask, move, shape, flags=cv2.INTER_NEAREST) > 0
            swing = np.sin(2 * np.pi * t / 160)
            picture = picture * (1 + self.drift * swing) + 255 * self.drift / 4 * swing
            picture = picture + rng.normal(0, self.sigma, picture.shape)
            yield np.clip(np.rint(picture), 0, 255).astype(np.uint8), seen


@dataclass(frozen=True)
class _Thing:
    place: NDArray[np.float64]
    speed: NDArray[np.float64]
    half: NDArray[np.float64]
    color: NDArray[np.float64]
    round: bool
    grain: NDArray[np.float64]
    room: NDArray[np.float64]

    @staticmethod
    def random(rng: np.random.Generator, film: Film) -> _Thing:
        room = np.array([film.height, film.width], np.float64)
        half = rng.uniform(0.04, 0.1, 2) * film.height
        speed = rng.uniform(0.01, 0.03, 2) * film.height * rng.choice([-1, 1], 2)
        # A gray thing as bright as what lies behind it cannot be seen; of three channels, one can.
        color = rng.choice([15.0, 240.0], 1) if film.gray else rng.uniform(0, 255, 3)
        grain = rng.normal(0, 10, (64, 64))
        round_ = bool(rng.random() < 0.5)
        return _Thing(rng.uniform(0, room), speed, half, color, round_, grain, room)

    def at(self, t: int) -> NDArray[np.float64]:
        """Return its middle: it bounces off the borders."""
        where = (self.place + self.speed * t) % (2 * self.room)
        return np.where(where > self.room, 2 * self.room - where, where)

    def paint(self, picture: NDArray[np.float32], mask: Bytes, t: int, margin: int) -> None:
        y, x = self.at(t) + margin
        rows, cols = np.mgrid[: mask.shape[0], : mask.shape[1]]
        v, u = (rows - y) / self.half[0], (cols - x) / self.half[1]
        inside = v**2 + u**2 <= 1 if self.round else np.maximum(abs(v), abs(u)) <= 1
        texture = self.grain[rows[inside] % 64, cols[inside] % 64]
        if picture.ndim == 2:
            picture[inside] = self.color[0] + texture
        else:
            picture[inside] = self.color + texture[:, None]
        mask[inside] = 255


@dataclass
class Damaged:
    """A film with damage: frames, and for each the verdicts of which one must be among its."""

    frames: list[Frame] = field(default_factory=list)
    expected: list[frozenset[Verdict]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


V = Verdict
Maker = Callable[[np.random.Generator, Bytes, Bytes], Bytes]


def _lower(x: Bytes, rng: np.random.Generator) -> int:
    return int(x.shape[0] * rng.uniform(0.15, 0.85))


def _filled(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out = x.copy()
    out[_lower(x, rng) :] = rng.integers(100, 156)
    return out


def _smeared(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out, row = x.copy(), _lower(x, rng)
    out[row:] = out[row]
    return out


def _garbage(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out, row = x.copy(), _lower(x, rng)
    out[row:] = rng.integers(0, 256, out[row:].shape)
    return out


def _half_before(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out, row = x.copy(), _lower(x, rng)
    out[row:] = before[row:]
    return out


def _half_shifted(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out, row = x.copy(), _lower(x, rng)
    out[row:] = np.roll(x[row:], x.shape[1] // 4, axis=1)
    return out


def _foreign(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    other = photo(*x.shape[:2], seed=int(rng.integers(1000, 2000)))
    return other if x.ndim == 3 else other[..., 1].copy()


def _blocks(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out = x.copy()
    for row in range(0, x.shape[0], 16):
        for col in range(0, x.shape[1], 16):
            if rng.random() < 0.3:
                out[row : row + 16, col : col + 16] = rng.integers(0, 256, x.shape[2:])
    return out


def _grains(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    out = x.copy()
    hit = rng.random(x.shape[:2])
    out[hit < 0.05], out[hit > 0.95] = 0, 255
    return out


def _to_byte(values: NDArray[Any]) -> Bytes:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _green(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    if x.ndim == 2:
        return x // 3
    out = x.copy()
    out[..., 0] = out[..., 2] = 0
    return out


def _plain(change: Callable[[Bytes], NDArray[Any]]) -> Maker:
    return lambda _rng, x, _before: _to_byte(change(x))


def _dark(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    return _to_byte(np.abs(rng.normal(2, 3, x.shape)))


def _noise(rng: np.random.Generator, x: Bytes, before: Bytes) -> Bytes:
    return rng.integers(0, 256, x.shape, dtype=np.uint8)


TORN = frozenset({V.TORN})
BAD = frozenset({V.CORRUPTED})
PICTURES: Final[dict[str, tuple[Maker, frozenset[Verdict]]]] = {
    "black": (_plain(np.zeros_like), frozenset({V.BLACK})),
    "dark with noise": (_dark, frozenset({V.BLACK})),
    "white": (_plain(lambda x: np.full_like(x, 255)), frozenset({V.FLASH})),
    "overexposed": (_plain(lambda x: x * 1.4 + 50.0), frozenset({V.FLASH})),
    "filled": (_filled, TORN),
    "smeared": (_smeared, TORN),
    "half garbage": (_garbage, TORN | BAD),
    "half before": (_half_before, TORN),
    "half shifted": (_half_shifted, TORN | BAD),
    "noise": (_noise, BAD),
    "inverted": (_plain(lambda x: 255 - x), BAD),
    "planes lost": (_green, BAD),
    "shifted bits": (_plain(lambda x: (x.astype(np.uint16) << 1) & 255), BAD),
    "blocks": (_blocks, BAD),
    "one colour": (_plain(lambda x: np.full_like(x, 128)), BAD),
    "foreign": (_foreign, BAD),
    "upside down": (_plain(lambda x: x[::-1]), BAD),
    "grains": (_grains, BAD),
    "no contrast": (_plain(lambda x: x * 0.3 + 90.0), BAD),
}
EVENTS: Final = ("duplicate", "frozen", "dropped", "unreadable", "cut")
KINDS: Final = (*PICTURES, *EVENTS)


def frame(index: int, pixels: Bytes | None, time: float = float("nan")) -> Frame:
    """Return a frame as a source gives it."""
    name = f"film #{index}"
    if pixels is None:
        return Frame(index, time, None, name, "It cannot be decoded.")
    return Frame(index, time, ImageBuffer.from_array(pixels), name)


def damaged(film: Film, kinds: tuple[str, ...], every: int = 9, rate: float = 25.0) -> Damaged:
    """Return a film with one piece of damage after every few frames, 20 sound ones first."""
    rng = np.random.default_rng(film.seed + 10_000)
    out, time, before = Damaged(), 0.0, np.zeros(0, np.uint8)
    other = Film(**{**film.__dict__, "seed": film.seed + 500})
    reel, second = film.frames(10_000), other.frames(10_000)

    def put(pixels: Bytes | None, expected: frozenset[Verdict], kind: str) -> None:
        out.frames.append(frame(len(out.frames), pixels, time))
        out.expected.append(expected)
        out.kinds.append(kind)

    def sound(count: int) -> None:
        nonlocal before, time
        for _ in range(count):
            before = next(reel)[0]
            put(before, frozenset(), "")
            time += 1 / rate

    sound(20)
    for kind in kinds:
        x = next(reel)[0]
        if kind in PICTURES:
            make, expected = PICTURES[kind]
            put(make(rng, x, before), expected, kind)
        elif kind == "duplicate":
            put(before, frozenset({V.DUPLICATE}), kind)
        elif kind == "frozen":
            for i in range(5):
                put(before, frozenset({V.FROZEN} if i >= 2 else {V.DUPLICATE}), kind)
                time += 1 / rate
            time -= 1 / rate
        elif kind == "dropped":
            time += int(rng.integers(1, 5)) / rate
            put(x, frozenset({V.DROPPED}), kind)
        elif kind == "unreadable":
            put(None, frozenset({V.UNREADABLE}), kind)
        else:
            reel, second = second, reel
            put(next(reel)[0], frozenset({V.CUT}), kind)
        time += 1 / rate
        sound(every + int(rng.integers(0, 4)))
    return out
