"""Drawn scenes, each of its own kind: RGB, uint8, of any size, the same for the same seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Rgb = NDArray[np.uint8]
    Random = np.random.Generator

_LETTERS = np.array(list("aaabcdeeeefghiiklmnnnoooprrsssttttuvwyz"))
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)


def pink(rng: Random, height: int, width: int, slope: float = 1.0) -> NDArray[np.float32]:
    """Return noise whose amplitude falls with frequency to the power of `slope`; deviation 1."""
    spectrum = np.fft.rfft2(rng.standard_normal((height, width), np.float32))
    f = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    f[0, 0] = np.inf  # no mean
    noise = np.fft.irfft2(spectrum / f**slope, s=(height, width)).astype(np.float32)
    return np.asarray(noise / noise.std())


def _as_rgb(values: NDArray[Any]) -> Rgb:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _colour(rng: Random, low: int = 15, high: int = 240) -> tuple[int, int, int]:
    red, green, blue = (int(v) for v in rng.integers(low, high, 3))
    return red, green, blue


def _place(rng: Random, picture: NDArray[Any]) -> tuple[int, int]:
    return int(rng.integers(0, picture.shape[1])), int(rng.integers(0, picture.shape[0]))


def _sentence(rng: Random, letters: int) -> str:
    drawn = rng.choice(_LETTERS, letters)
    drawn[rng.random(letters) < 0.16] = " "
    return "".join(drawn)


def leaves(rng: Random, height: int, width: int) -> Rgb:
    """Discs of all sizes that hide each other, as a forest floor has them: power-law statistics."""
    picture = np.zeros((height, width, 3), np.uint8)
    count = height * width // 740
    radii = np.sort(400 * rng.uniform(0.012, 1.0, count) ** 3 + 3)[::-1]
    for radius in radii:
        axes = int(radius), int(radius * rng.uniform(0.35, 1.0))
        turn = float(rng.uniform(0, 180))
        cv2.ellipse(
            picture, _place(rng, picture), axes, turn, 0, 360, _colour(rng), -1, cv2.LINE_AA
        )
    return _as_rgb(picture + 7.0 * pink(rng, height, width, 0.5)[..., None])


def hills(rng: Random, height: int, width: int) -> Rgb:
    """A sky that is nearly empty over ranges of wooded hills: a part has hardly any detail."""
    rows = np.arange(height, dtype=np.float32)[:, None]
    sky = np.array([150, 180, 215]) + 45 * (rows / height)[..., None]
    picture = np.broadcast_to(sky, (height, width, 3)).astype(np.float32)
    picture += 4.0 * pink(rng, height, width, 1.8)[..., None]
    wood = pink(rng, height, width, 0.6)
    for k in range(5):
        line = pink(rng, 1, 4 * width, 1.4)[0, :width] * 0.05 + 0.22 + 0.14 * k
        below = rows > height * line[None]
        tone = np.array([95, 120, 110]) - 15.0 * k + rng.uniform(-8, 8, 3)
        picture = np.where(below[..., None], tone + (5 + 4.0 * k) * wood[..., None], picture)
        wood = np.roll(wood, (137, 391), (0, 1))
    return _as_rgb(picture)


def clouds(rng: Random, height: int, width: int) -> Rgb:
    """Nothing but soft shapes at all scales, in colours that change slowly."""
    base = pink(rng, height, width, 1.25)
    tint = pink(rng, height, width, 1.6)
    colours = np.array([42.0, 38.0, 30.0]), np.array([10.0, -4.0, -12.0])
    return _as_rgb(128 + base[..., None] * colours[0] + tint[..., None] * colours[1])


def night(rng: Random, height: int, width: int) -> Rgb:
    """Points of light of all strengths on a dark ground."""
    light = np.zeros((height, width, 3), np.float32)
    for strength in rng.pareto(1.1, height * width // 3000) * 25 + 25:
        spread = float(rng.uniform(1.6, 3.4))
        x, y = rng.uniform(8, width - 9), rng.uniform(8, height - 9)
        left, top = int(x) - 8, int(y) - 8
        across = np.exp(-((np.arange(17) + left - x) ** 2) / (2 * spread**2))
        down = np.exp(-((np.arange(17) + top - y) ** 2) / (2 * spread**2))
        spot = (down[:, None] * across)[..., None] * rng.uniform(0.6, 1.0, 3)
        light[top : top + 17, left : left + 17] += np.float32(min(strength, 400)) * spot
    return _as_rgb(light + 16 + 5 * pink(rng, height, width, 1.3)[..., None])


def page(rng: Random, height: int, width: int) -> Rgb:
    """Print: headings, paragraphs in several sizes, a few rules."""
    picture = np.full((height, width, 3), 244, np.uint8)
    y = 30
    while y < height:
        size = float(rng.choice([0.8, 0.8, 1.0, 1.7]))
        font, ink = _FONTS[rng.integers(len(_FONTS))], _colour(rng, 5, 70)
        for _ in range(int(rng.integers(1, 7))):
            y += int(34 * size)
            x, letters = int(rng.integers(20, 80)), int(rng.integers(30, 60) * width / 900 / size)
            words = _sentence(rng, letters)
            thick = 1 + int(size > 0.9)
            cv2.putText(picture, words, (x, y), font, size, ink, thick, cv2.LINE_AA)
        y += int(rng.integers(10, 50))
        if rng.random() < 0.3:
            cv2.line(picture, (20, y), (int(width * rng.uniform(0.4, 1)), y), ink, 2)
    return _as_rgb(picture + 1.5 * pink(rng, height, width, 1.0)[..., None])


def windows(rng: Random, height: int, width: int) -> Rgb:
    """A screen: flat panels with exact edges, titles, and lists of short words."""
    picture = np.full((height, width, 3), _colour(rng, 40, 90), np.uint8)
    for _ in range(height * width // 55000):
        left, top = _place(rng, picture)
        w, h = int(rng.integers(160, 560)), int(rng.integers(120, 420))
        light = bool(rng.random() < 0.7)
        ground = _colour(rng, 215, 255) if light else _colour(rng, 20, 60)
        ink = _colour(rng, 10, 90) if light else _colour(rng, 170, 240)
        cv2.rectangle(picture, (left, top), (left + w, top + h), ground, -1)
        cv2.rectangle(picture, (left, top), (left + w, top + 30), _colour(rng), -1)
        cv2.rectangle(picture, (left, top), (left + w, top + h), ink, 1)
        for y in range(top + 22, top + h - 6, int(rng.integers(26, 40))):
            words = _sentence(rng, int(w / 15 * rng.uniform(0.3, 0.9)))
            cv2.putText(picture, words, (left + 10, y), _FONTS[0], 0.62, ink, 1, cv2.LINE_AA)
    return picture


def street(rng: Random, height: int, width: int) -> Rgb:
    """House fronts: rows of windows that repeat within a house, but not from house to house."""
    picture = np.full((height, width, 3), 150, np.float32)
    x = 0
    while x < width:
        w, top = int(rng.integers(180, 420)), int(rng.integers(0, height // 3))
        picture[top:, x : x + w] = _colour(rng, 60, 220)
        step_x, step_y = (int(v) for v in rng.integers(48, 90, 2))
        size_x, size_y = int(step_x * rng.uniform(0.4, 0.6)), int(step_y * rng.uniform(0.5, 0.7))
        for top_y in range(top + 20, height, step_y):
            for left in range(x + 12, x + w - size_x, step_x):
                pane = picture[top_y : top_y + size_y, left : left + size_x]
                pane[...] = np.array(_colour(rng, 20, 90)) + (90 if rng.random() < 0.2 else 0)
                pane[:, size_x // 2 - 1 : size_x // 2 + 2] = 225
        x += w
    return _as_rgb(picture + 6.0 * pink(rng, height, width, 0.7)[..., None])


def twigs(rng: Random, height: int, width: int) -> Rgb:
    """Thin bent lines of all thicknesses before a soft ground."""
    soft = 150 + 30 * pink(rng, height, width, 1.5)[..., None] + np.array([5.0, 12.0, -10.0])
    picture = _as_rgb(soft)
    for _ in range(height * width // 9000):
        turn = np.cumsum(rng.normal(0, 0.28, 40)) + rng.uniform(0, 2 * np.pi)
        steps = np.stack([np.cos(turn), np.sin(turn)], 1) * rng.uniform(5, 22)
        points = np.rint(np.cumsum(steps, 0) + _place(rng, picture)).astype(np.int32)
        thick = int(1 + rng.pareto(1.5) * 1.5) if rng.random() < 0.9 else 9
        colour = _colour(rng, 10, 130)
        cv2.polylines(picture, [points], False, colour, min(thick, 14), cv2.LINE_AA)
    return picture


def chart(rng: Random, height: int, width: int) -> Rgb:
    """A map: areas of one colour each, roads between them, names."""
    count = height * width // 14000
    seeds = np.stack([rng.uniform(0, width, count), rng.uniform(0, height, count)], 1)
    areas = cv2.Subdiv2D((0, 0, width, height))
    areas.insert(seeds.astype(np.float32))
    facets, _ = areas.getVoronoiFacetList([])
    picture = np.full((height, width, 3), 235, np.uint8)
    outlines = [np.rint(f).astype(np.int32) for f in facets]
    for outline in outlines:
        cv2.fillConvexPoly(picture, outline, _colour(rng, 165, 245), cv2.LINE_AA)
    for outline in outlines:
        cv2.polylines(
            picture, [outline], True, _colour(rng, 90, 200), int(rng.integers(1, 6)), cv2.LINE_AA
        )
    for _ in range(height * width // 22000):
        size = float(rng.uniform(0.5, 1.0))
        words = _sentence(rng, int(rng.integers(4, 12)))
        cv2.putText(
            picture, words, _place(rng, picture), _FONTS[0], size, (40, 40, 60), 1, cv2.LINE_AA
        )
    return picture


def solids(rng: Random, height: int, width: int) -> Rgb:
    """Shaded balls and slabs with soft shadows, large and few: smooth faces, some hard edges."""
    picture = np.full((height, width, 3), 185, np.float32)
    picture += (np.arange(width, dtype=np.float32) / width * 40)[None, :, None]
    for _ in range(height * width // 42000):
        (x, y), radius = _place(rng, picture), rng.uniform(32, 176)
        _solid(rng, picture, x, y, radius)
    return _as_rgb(picture + 2.5 * pink(rng, height, width, 0.4)[..., None])


def _solid(rng: Random, picture: NDArray[np.float32], x: int, y: int, radius: float) -> None:
    """Paint one ball or slab with its shadow."""
    top, left = max(int(y - 2 * radius), 0), max(int(x - 2 * radius), 0)
    part = picture[top : int(y + 4 * radius), left : int(x + 4 * radius)]
    rows, cols = np.mgrid[0 : part.shape[0], 0 : part.shape[1]].astype(np.float32)
    down, across = (rows + (top - y)) / radius, (cols + (left - x)) / radius
    shadow = np.exp(-((across - 1) ** 2) - (down - 1) ** 2)
    part *= 1 - 0.35 * shadow[..., None]
    light = 0.35 + 0.65 * np.exp(-((across + 0.33) ** 2) - (down + 0.33) ** 2)
    if rng.random() < 0.5:
        angle = rng.uniform(0, np.pi)
        u, v = (across * np.cos(angle + q) + down * np.sin(angle + q) for q in (0, np.pi / 2))
        inside = (np.abs(u) < 1) & (np.abs(v) < 0.5)
    else:
        inside = across**2 + down**2 < 1
    faces = light[..., None] * np.array(_colour(rng, 60, 250), np.float32)
    part[inside] = faces[inside]


SCENES: dict[str, Callable[[Random, int, int], Rgb]] = {
    f.__name__: f
    for f in (leaves, hills, clouds, night, page, windows, street, twigs, chart, solids)
}
