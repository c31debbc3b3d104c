"""How well sequences are watched: tables from the generated films of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from core.sequence.analysis import analyse
from core.sequence.pairing import pair
from core.sequence.params import Against, SequenceParams, Shake
from core.sequence.types import Verdict
from core.types import Token
from tests.sequence.film import KINDS, PICTURES, Film, damaged, frame
from tests.sequence.test_background import f1, watched
from tests.sequence.test_motion import steadied
from tests.sequence.test_pairing import LENGTH, part, recorded

SEEDS: Final = range(20, 30)
"""Of the films; the tests have others."""
FRAMES: Final = 90
FILMS: Final[dict[str, dict[str, float]]] = {
    "σ 5, three things": {},
    "σ 2, gray": {"sigma": 2, "gray": True},
    "σ 8, light drifts by 10 %, camera shakes by 0.5 px, five things": {
        "sigma": 8, "drift": 0.1, "shake": 0.5, "things": 5,
    },
    "σ 0.7, light drifts by 20 %, one thing": {"sigma": 0.7, "drift": 0.2, "things": 1},
}  # fmt: skip
TAKES: Final = 30
SMALL: Final = ((9, 16), (18, 32), (27, 48), (36, 64))


def foreground() -> str:
    """Return F1 of the foreground, pixel by pixel against the truth."""
    lines = head(("Film", "median F1", "lowest F1", "goal"))
    still = SequenceParams(against=Against.BACKGROUND)
    followed = still.replace(light=True, shake=Shake.SIMILARITY)
    for name, gray in (("colour", False), ("gray", True)):
        films = [Film(seed=seed, things=4, gray=gray) for seed in SEEDS]
        values = [f1(watched(film, FRAMES, against="background", k=still.k)) for film in films]
        lines.append(row(f"σ 5, {name}", *_middle(values), "≥ 0.9"))
        shaken = [Film(seed=s, things=4, gray=gray, drift=0.15, shake=1.5) for s in SEEDS]
        values = [f1(steadied(film, FRAMES, followed)) for film in shaken]
        title = f"σ 5, {name}, light drifts by 15 %, camera shakes by 1.5 px, both followed"
        lines.append(row(title, *_middle(values), "≥ 0.8"))
    return text(lines)


def _middle(values: Sequence[float]) -> tuple[str, str]:
    return f"{np.median(values):.3f}", f"{min(values):.3f}"


def damage() -> str:
    """Return how often each kind of damage is named, and how often a sound frame is."""
    pieces, found = Counter[str](), Counter[str]()
    sound = wrong = 0
    lines = head(("Film", "damaged", "found", "sound", "named all the same"))
    for name, options in FILMS.items():
        own = Counter[str]()
        for seed in SEEDS:
            film = Film(seed=seed, **options)
            order = np.random.default_rng(seed).permutation(KINDS)
            made = damaged(film, tuple(map(str, order)))
            results = analyse(iter(made.frames), SequenceParams(), Token(), rate=25)
            for result, expected, kind in zip(results, made.expected, made.kinds, strict=True):
                hit = bool(set(result.verdicts) & expected)
                own["pieces" if kind else "sound"] += 1
                own["found"] += hit
                own["wrong"] += not kind and str(result.verdicts[0]) != "ok"
                if kind:
                    pieces[kind] += 1
                    found[kind] += hit
        sound, wrong = sound + own["sound"], wrong + own["wrong"]
        shares = share(own["found"], own["pieces"]), share(own["wrong"], own["sound"])
        lines.append(row(name, str(own["pieces"]), shares[0], str(own["sound"]), shares[1]))
    total, hits = pieces.total(), found.total()
    bold = f"**{share(hits, total)}**", f"**{share(wrong, sound)}**"
    lines.append(row("**all**", str(total), bold[0], str(sound), bold[1]))
    kinds = head(("Kind", "found"))
    kinds += [row(kind, f"{found[kind]} of {pieces[kind]}") for kind in KINDS]
    return text(lines) + "\n" + text(kinds)


def small() -> str:
    """Return how often frames of few pixels are named: those that are sound, and damaged ones."""
    lines = head(("Size", "damaged", "found", "sound", "named all the same"))
    for height, width in SMALL:
        own = Counter[str]()
        for seed in SEEDS:
            for options in FILMS.values():
                film = Film(seed=seed, height=height, width=width, **options)
                frames = (frame(i, x, i / 25) for i, (x, _) in enumerate(film.frames(FRAMES)))
                results = analyse(frames, SequenceParams(), Token(), rate=25)
                own["wrong"] += sum(r.verdicts != (Verdict.OK,) for r in results)
                own["sound"] += FRAMES
                order = np.random.default_rng(seed).permutation(list(PICTURES))
                made = damaged(film, tuple(map(str, order)))
                results = analyse(iter(made.frames), SequenceParams(), Token(), rate=25)
                for result, expected in zip(results, made.expected, strict=True):
                    own["pieces"] += bool(expected)
                    own["found"] += bool(set(result.verdicts) & expected)
        shares = share(own["found"], own["pieces"]), share(own["wrong"], own["sound"])
        size = f"{width} × {height} px"
        lines.append(row(size, str(own["pieces"]), shares[0], str(own["sound"]), shares[1]))
    return text(lines)


def offsets() -> str:
    """Return how often the offset in time of two recordings is right to the frame."""
    lines = head(("Common part, of the shorter one", "pairs", "right", "refused", "wrong"))
    rng = np.random.default_rng(SEEDS[0])
    counts: dict[str, Counter[str]] = {}
    for seed in SEEDS:
        a, b = recorded(seed, 1), recorded(seed, 2)
        for _ in range(TAKES):
            n, m = rng.integers(30, 80, 2).tolist()
            i, j = int(rng.integers(0, LENGTH - n)), int(rng.integers(0, LENGTH - m))
            common = (min(i + n, j + m) - max(i, j)) / min(n, m)
            name = "≥ 40 %" if common >= 0.4 else "less, or none"
            found = pair(part(a, i, i + n), part(b, j, j + m))
            right = found.accepted and found.offset == i - j
            answer = "right" if right else "wrong" if found.accepted else "refused"
            counts.setdefault(name, Counter())[answer] += 1
    for name, own in sorted(counts.items(), reverse=True):
        total = own.total()
        shares = [share(own[word], total) for word in ("right", "refused", "wrong")]
        lines.append(row(name, str(total), *shares))
    return text(lines)


def head(titles: Sequence[str]) -> list[str]:
    """Return the first two lines of a table: the first column to the left."""
    return [row(*titles), row("---", *["---:"] * (len(titles) - 1))]


def row(*texts: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(texts)} |"


def text(lines: Iterable[str]) -> str:
    """Return lines as a text."""
    return "\n".join(lines) + "\n"


def share(part_: int, whole: int) -> str:
    """Return a share in percent."""
    return f"{100 * part_ / max(whole, 1):.1f} %"
