"""Pairs of pictures of which is known how they lie on each other, or that it cannot be known."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tests.alignment import conditions, patterns, scenes
from tests.alignment.placing import fits, placed, size_for
from tests.alignment.render import render
from tests.alignment.transforms import MODELS, overlap, shift, with_overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[Any]
    Matrix = NDArray[np.float64]

SHARES = {
    **{"translation": 24, "rigid": 8, "similarity": 18, "affine": 8, "homography": 18},
    **{"unrelated": 12, "apart": 4, "flat": 2, "repeating": 4, "noise": 2},
}
"""How many of a hundred cases are of each kind; those of the second line cannot be aligned."""
REFUSED = tuple(kind for kind in SHARES if kind not in MODELS)
ASKED = ("translation", "similarity", "homography", "auto")
"""Models that pairs are tried with which cannot be aligned."""
BETWEEN = 0.6, 0.7
"""Common share of the frames where little of them is common."""
HIDDEN = 0.35, 0.75
"""Share of B that is hidden where much of it is."""
APART = 0.10
"""Common share of the frames at most where two views count as having nothing to go by."""


FIXED = 44
"""Cases of `fixed`: with these each kind is there."""


@dataclass(frozen=True)
class Spec:
    """What a case is made from."""

    kind: str
    condition: str
    number: int
    seed: int = 0
    quick: bool = False

    @property
    def name(self) -> str:
        """Name that no other case of the seed has."""
        return f"{self.kind}-{self.condition}-{self.number:04d}"


@dataclass(frozen=True, eq=False)
class Case:
    """A pair, and what should be found.

    Attributes
    ----------
    name
        Stable for a seed.
    kind
        A model of which `truth` is, or why there is nothing to be found: ``"unrelated"`` (two
        scenes), ``"apart"`` (two places of a scene), ``"flat"``, ``"repeating"``, ``"noise"``.
    a, b
        uint8 or uint16; gray or RGB.
    truth
        3x3 float64; maps the pixel centre (x, y, 1) of B to the same point in A. None where there
        is no one answer.
    expect
        What an estimator should say.
    tags
        The condition (`conditions.ALL`), the scenes, and ``"mirrored"`` where B looks beyond one.
    model
        What to ask for.
    seed
        What it was made from.
    """

    name: str
    kind: str
    a: Pixels
    b: Pixels
    truth: Matrix | None
    expect: Literal["aligned", "refused"]
    tags: tuple[str, ...]
    model: str
    seed: int


def cases(
    seed: int = 0, count: int = 100, kinds: Iterable[str] = (), *, quick: bool = False
) -> Iterator[Case]:
    """Make cases one after the other, always the same ones for the same arguments."""
    return (make(spec) for spec in plan(seed, count, kinds, quick=quick))


def plan(
    seed: int = 0, count: int = 100, kinds: Iterable[str] = (), *, quick: bool = False
) -> list[Spec]:
    """Return what `count` cases are to be made from.

    Parameters
    ----------
    kinds
        ``"similarity"``, or ``"similarity/noise"`` for one condition; all, in their shares, when
        empty.
    quick
        Small pictures of small scenes.
    """
    wanted = [kind.partition("/") for kind in kinds] or [(kind, "", "") for kind in SHARES]
    for kind, _, condition in wanted:
        if kind not in SHARES or condition not in ("", *conditions.ALL, *conditions.HARD):
            raise ValueError(f"no such cases: {kind}/{condition}")
    done: Counter[int] = Counter()
    specs = []
    for _ in range(count):
        # The one that lags behind its share most comes next, so that any beginning is balanced.
        k = min(range(len(wanted)), key=lambda k: (done[k] + 0.5) / SHARES[wanted[k][0]])
        kind, _, condition = wanted[k]
        own = conditions.of(kind)
        specs.append(Spec(kind, condition or own[done[k] % len(own)], done[k], seed, quick))
        done[k] += 1
    return specs


def fixed() -> list[Spec]:
    """Return the small cases that are tried whenever the tests run."""
    return plan(0, FIXED, quick=True)


def named(name: str, seed: int = 0) -> Spec:
    """Return what the case of a name is made from; `name` as a benchmark tells it."""
    kind, condition, number = name.split("-")
    return Spec(kind, condition, int(number), seed)


def make(spec: Spec) -> Case:
    """Make a case."""
    words = [spec.seed, zlib.crc32(f"{spec.kind}/{spec.condition}".encode()), spec.number]
    rng = np.random.default_rng(words)
    if spec.kind in MODELS:
        return _aligned(rng, spec)
    made = {"unrelated": _unrelated, "apart": _apart}.get(spec.kind, _pattern)
    return made(rng, spec)


def _aligned(rng: np.random.Generator, spec: Spec) -> Case:
    names = scenes.COLOURED if spec.condition == "gray" else scenes.NAMES
    scene, name = _scene(spec, str(rng.choice(names)), rng)
    a = b = size_for(rng, scene, quick=spec.quick)
    if spec.condition == "sizes":
        a, b = conditions.other_sizes(rng, a)
    truth = MODELS[spec.kind](rng, a, b)
    if spec.condition == "overlap":
        truth = with_overlap(rng, truth, a, b, rng.uniform(*BETWEEN))
    pose, inside = placed(rng, scene, a, b, truth)
    views = render(scene, pose, *a), render(scene, pose @ truth, *b)
    if spec.condition == "occlusion":
        _occlude(rng, spec, name, views[1])
    if spec.condition == "hidden":
        _occlude(rng, spec, name, views[1], float(rng.uniform(*HIDDEN)))
    tags = (spec.condition, name, *(() if inside else ("mirrored",)))
    return _case(spec, conditions.seen(rng, spec.condition, *views), truth, tags, spec.kind)


def _unrelated(rng: np.random.Generator, spec: Spec) -> Case:
    """Two scenes; of each three cases one has two of the same kind, such as two pages of print."""
    first, second = (str(n) for n in rng.choice(scenes.SINGLE, 2, replace=False))
    if spec.number % 3 == 0:
        first = str(rng.choice(scenes.DRAWN))
        second = f"{first}/2"
    views, size = [], (0, 0)
    for name in (first, second):
        scene, _ = _scene(spec, name, rng)
        if not views or not fits(size, scene):
            size = size_for(rng, scene, quick=spec.quick)
        pose, _ = placed(rng, scene, size, size, np.eye(3))
        views.append(render(scene, pose, *size))
    tags = (spec.condition, first, second)
    return _case(spec, conditions.seen(rng, spec.condition, *views), None, tags)


def _apart(rng: np.random.Generator, spec: Spec) -> Case:
    """Two places of a scene that have at most a tenth of their frames in common."""
    scene, name = _scene(spec, str(rng.choice(scenes.DRAWN)), rng)
    size = size_for(rng, scene, quick=True)
    truth = with_overlap(rng, shift(0, 0), size, size, rng.uniform(0, APART))
    pose, _ = placed(rng, scene, size, size, truth)
    views = render(scene, pose, *size), render(scene, pose @ truth, *size)
    assert overlap(truth, size, size) < APART + 0.01
    return _case(spec, conditions.seen(rng, spec.condition, *views), truth, (spec.condition, name))


def _pattern(rng: np.random.Generator, spec: Spec) -> Case:
    size = conditions.any_size(rng, quick=spec.quick)
    views = patterns.KINDS[spec.kind](rng, size, size, spec.number)
    return _case(spec, conditions.seen(rng, "plain", *views), None, ("plain",))


def _case(
    spec: Spec,
    views: tuple[Pixels, Pixels],
    truth: Matrix | None,
    tags: tuple[str, ...],
    model: str = "",
) -> Case:
    expect: Literal["aligned", "refused"] = "aligned" if spec.kind in MODELS else "refused"
    model = model or ASKED[spec.number % len(ASKED)]
    return Case(spec.name, spec.kind, *views, truth, expect, tags, model, spec.seed)


def _scene(spec: Spec, name: str, rng: np.random.Generator) -> tuple[Pixels, str]:
    """Return a scene, turned over in half of the cases."""
    scene = scenes.scene(name, scenes.SMALL if spec.quick else scenes.LARGE)
    return (scene[:, ::-1] if rng.random() < 0.5 else scene), name


def _occlude(
    rng: np.random.Generator, spec: Spec, name: str, view: Pixels, share: float = 0.25
) -> None:
    """Paste another scene's picture into a view, over a share of it."""
    height, width = view.shape[:2]
    least, most = max(0.35, share), max(0.7, share**0.5)
    tall = float(np.exp(rng.uniform(np.log(least), np.log(most))))
    h, w = round(height * tall), round(width * share / tall)
    others = [n for n in scenes.DRAWN if n not in (name, "clouds")]
    scene, _ = _scene(spec, str(rng.choice(others)), rng)
    pose, _ = placed(rng, scene, (h, w), (h, w), np.eye(3))
    patch = render(scene, pose, h, w)
    top, left = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    view[top : top + h, left : left + w] = patch if view.ndim == 3 else patch.mean(axis=2)
