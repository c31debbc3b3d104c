"""How exact align is, and how well it knows: against a truth, beside what OpenCV has.

``python -m benchmarks.alignment_accuracy --count 1000 --out FILE`` runs the cases of
`tests.alignment.cases` and prints a table; ``--kind similarity --count 40 --only ours`` a part of
them. Its times are those of one thread a job.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks import _alignment_peers as peers
from benchmarks._alignment_records import read, write
from benchmarks._alignment_table import goals, table
from benchmarks._run import Case as Row
from core.alignment import estimate_alignment
from core.buffer import ImageBuffer
from core.errors import SettingsError
from tests.alignment.cases import Case, Spec, make, named, plan
from tests.alignment.conditions import HARD
from tests.alignment.scoring import Answer, Record, record
from tests.alignment.transforms import MODELS

OURS, AUTO = "ours", "ours, auto"
KEPT = 20
"""Cases after which what was found is written."""


def ours(case: Case, model: str) -> Answer:
    """Ask Pairlens."""
    a, b = ImageBuffer.from_array(case.a), ImageBuffer.from_array(case.b)
    started = time.perf_counter()
    try:
        found = estimate_alignment(a, b, model)
    except SettingsError as error:  # a model that is not there
        return Answer(reason=f"error: {error}")
    return Answer(
        matrix=found.matrix,
        accepted=found.accepted,
        confidence=found.confidence,
        expected_error_px=found.expected_error_px,
        reason=found.reason,
        ms=1e3 * (time.perf_counter() - started),
    )


def peer(case: Case, name: str) -> Answer:
    """Ask OpenCV; what it answers it gives as certain, as it has no measure of doubt."""
    a, b = peers.gray(case.a), peers.gray(case.b)
    if name == "phase correlation" and case.model != "translation":
        return Answer(reason="error: only translations")
    started = time.perf_counter()
    found = peers.PEERS[name](a, b, case.model)
    ms = 1e3 * (time.perf_counter() - started)
    if found is None:
        return Answer(reason="nothing found", ms=ms)
    return Answer(found[0], accepted=True, confidence=1.0, ms=ms, reason=f"trust {found[1]:.3f}")


def run(spec: Spec, only: str = "", folder: str = "") -> list[Record]:
    """Make a case, ask everybody, and judge; with a folder, write pictures of what failed."""
    cv2.setNumThreads(1)
    case, made = make(spec), []
    if only != "baselines":
        answers = {OURS: ours(case, case.model)}
        answers[AUTO] = answers[OURS] if case.model == "auto" else ours(case, "auto")
        made += [record(case, method, answer) for method, answer in answers.items()]
        if folder:
            _save(Path(folder), case, [r for r in made if failed(r)], answers)
    if only != "ours":
        made += [record(case, name, peer(case, name)) for name in peers.PEERS]
    return [r for r in made if r.counts] if only != "ours" else made


def failed(r: Record) -> bool:
    """Whether a record is worth a look: wrong, not found, or off by over half a pixel."""
    if r.expect == "refused":
        return r.wrong
    return r.counts and (r.wrong or not r.accepted or r.error > 0.5)


def _save(folder: Path, case: Case, bad: Iterable[Record], answers: dict[str, Answer]) -> None:
    """Write A, B, and B laid on A by the estimate and by the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    for r in bad:
        a, b = peers.gray(case.a), peers.gray(case.b)
        found = answers[r.method].matrix if r.accepted else None
        shown = {"a": a, "b": b, "estimate": _laid(a, b, found), "truth": _laid(a, b, case.truth)}
        own = r.method.replace(", ", "-")
        for what, pixels in shown.items():
            if pixels is not None:
                cv2.imwrite(str(folder / f"{case.name}-{own}-{what}.png"), pixels)


def _laid(a: peers.Gray, b: peers.Gray, matrix: Any) -> Any:
    if matrix is None:
        return None
    whole = np.asarray(matrix, np.float64)
    return cv2.warpPerspective(b, whole, a.shape[::-1], flags=cv2.INTER_CUBIC)


def records(specs: Sequence[Spec], only: str, folder: str, jobs: int) -> Iterator[list[Record]]:
    """Yield what was found, case by case."""
    work = partial(run, only=only, folder=folder)
    if jobs == 1:
        yield from map(work, specs)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(work, specs, chunksize=4)


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=400, help="cases")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="", help="similarity,homography/noise: only these")
    parser.add_argument("--hard", action="store_true", help="the hard conditions alone")
    parser.add_argument("--case", default="", metavar="NAMES", help="these, as --failures has them")
    parser.add_argument("--only", choices=["ours", "baselines"], default="")
    parser.add_argument("--jobs", type=int, choices=[1, 2], default=1)
    parser.add_argument("--conditions", action="store_true", help="a line for each condition too")
    parser.add_argument("--failures", action="store_true", help="list what failed of ours")
    parser.add_argument("--out", type=Path, help="JSON with one record a case and method")
    parser.add_argument("--read", type=Path, help="tell what is in such a JSON, and run nothing")
    parser.add_argument("--save-failures", default="", metavar="DIR", help="write PNGs of them")
    asked = parser.parse_args()
    kinds = [k for k in asked.kind.split(",") if k]
    if asked.hard:
        kinds = [f"{kind}/{condition}" for kind in (*MODELS, "unrelated") for condition in HARD]
    names = [name for name in asked.case.split(",") if name]
    specs = [named(n, asked.seed) for n in names] or plan(asked.seed, asked.count, kinds)
    made = read(asked.read) if asked.read else []
    todo = [] if asked.read else specs
    found = records(todo, asked.only, asked.save_failures, asked.jobs)
    for done, of_case in enumerate(found, 1):
        made += of_case
        if asked.out and (done % KEPT == 0 or done == len(todo)):  # a long run may be ended early
            write(asked.out, made)
    print(table(made, conditions=asked.conditions))
    if asked.failures:
        for r in (r for r in made if r.method in (OURS, AUTO) and failed(r)):
            print(
                f"{r.name:34} {r.method:11} {r.scenes:22} error {r.error:8.3f}"
                f" ({r.expected_error_px:.3f}) confidence {r.confidence:.2f}  {r.reason}"
            )
    if not (kinds or names) and any(r.method == OURS for r in made):
        print(goals([r for r in made if r.method == OURS]))
    return 0


def track_alignment_accuracy() -> dict[str, float]:
    """Return shares of a small run: per cent under half a pixel, and confident and wrong."""
    made = [r for spec in plan(0, 60, quick=True) for r in run(spec, "ours") if r.method == OURS]
    able = [r for r in made if r.expect == "aligned" and r.counts]
    near = sum(r.accepted and r.error < 0.5 for r in able)
    return {
        "under 0.5 px": 100 * near / max(len(able), 1),
        "confident and wrong": 100 * sum(r.wrong for r in made) / len(made),
    }


CASES = (Row("Alignment, 60 small pairs", track_alignment_accuracy, unit="%"),)

if __name__ == "__main__":
    raise SystemExit(main())
