"""Where stored results of sequences lie, under which names, and for how long.

They lie in the user's cache folder, never beside what they are about: everything in them can be
made again. The name of one is made from all that decides what is in it, so a file that was changed,
another setting or another version of the program finds none, and nothing is ever out of date.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import ReadError
from core.io.address import Address
from core.sequence._archive_file import SCHEMA, files_of
from core.sequence.archive import Archive
from core.sequence.golden import Golden
from core.sequence.sources import names
from core.sequence.states import version

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.sequence.survey import Question
    from core.sequence.types import Source

MOST_BYTES: Final = 2 << 30
"""Stored results take no more than this together."""
_SUFFIX: Final = ".sqlite"


def cache_folder() -> Path:
    """Return where stored results of this user lie; ``PAIRLENS_CACHE`` names another place."""
    given = os.environ.get("PAIRLENS_CACHE")
    if given:
        return Path(given) / "sequences"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is none
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        said = os.environ.get("XDG_CACHE_HOME", "")
        base = Path(said) if os.path.isabs(said) else home / ".cache"  # noqa: PTH117 - plain text
    return base / "pairlens" / "sequences"


def archive_path(question_key: str, folder: Path | None = None) -> Path:
    """Return the file of what `question_key` names, in a folder or in that of the user."""
    return (folder or cache_folder()) / f"{question_key}{_SUFFIX}"


def opened(question: Question, folder: Path | None = None, *, reading: str = "") -> Archive:
    """Open what is stored of a question, and make room; in memory where nothing may be stored.

    Parameters
    ----------
    question
        What is asked.
    folder
        Where results lie; None for the user's cache folder.
    reading
        How its pictures are read (`core.io.reading.Reading`), in any words: another way, other
        results.
    """
    key = question_key(question, reading=reading)
    if key is None:
        return Archive(None)
    path = archive_path(key, folder)
    archive = Archive(path)
    prune(path.parent, keep=path)
    return archive


def question_key(question: Question, *, reading: str = "") -> str | None:
    """Return what stands for a question: other results, another key.

    None where results must not be stored: frames that come live can never be had again, and of
    pictures without a file nobody knows whether they are the same.
    """
    sources = [identity(s) for s in (question.a, question.b) if s is not None]
    reference = _reference(question.reference)
    if any(s is None for s in sources):
        return None
    pairing, chosen = question.pairing, question.selection
    values = [
        version(), SCHEMA, sources, reading, question.params.to_dict(), reference,
        None if pairing is None else [
            pairing.offset, repr(pairing.seconds), repr(pairing.rate_a), repr(pairing.rate_b)
        ],
        [chosen.start, chosen.every, chosen.count],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:40]


def identity(source: Source) -> list[Any] | None:
    """Return which files a source reads, as they are now; None where it has none."""
    if source.live:
        return None
    address = os.fsdecode(source.address)
    whole = os.path.abspath(address)  # noqa: PTH100 - plain text
    path = Address.parse(address).path
    try:
        if os.path.isdir(path):  # noqa: PTH112 - plain text
            files = [f.path for f in names.in_folder(path)]
        elif os.path.lexists(path):
            files = [path]
        else:
            files = [f.path for f in names.matching(path)]
        stamps = [_stamp(f) for f in files]
    except (OSError, ReadError, ValueError):
        return None
    rate = None if source.rate is None else str(source.rate)
    return [type(source).__name__, whole, source.count, rate, stamps]


def _stamp(path: str) -> list[Any]:
    """Return a file's name, size and time of change; a gap in a sequence has none."""
    if not path:
        return []
    said = os.stat(path)  # noqa: PTH116 - plain text
    return [os.path.basename(path), said.st_size, said.st_mtime_ns]  # noqa: PTH119 - plain text


def _reference(given: ImageBuffer | Golden | None) -> list[Any] | None:
    if isinstance(given, Golden):
        mark = hashlib.sha256()
        if given.moments is not None:
            for array in (given.moments.base, given.moments.offset, given.moments.variance):
                mark.update(f"{array.shape}{array.dtype}".encode())
                mark.update(array.tobytes())
        return ["golden", given.count, mark.hexdigest()]
    return None if given is None else ["picture", given.key]


def prune(folder: Path, most_bytes: int = MOST_BYTES, keep: Path | None = None) -> None:
    """Remove what was not used for the longest time until the rest takes no more than `most_bytes`.

    Parameters
    ----------
    folder
        Where results lie; nothing happens when it is not there.
    most_bytes
        Of all of them together.
    keep
        The one that is in use; counts, and stays.
    """
    found: list[tuple[int, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                size = sum(f.stat().st_size for f in files_of(path) if f.exists())
                found.append((path.stat().st_mtime_ns, size, path))
    over = sum(size for _, size, _ in found) - most_bytes
    for _, size, path in sorted(found):
        if over <= 0:
            return
        if path == keep:
            continue
        with contextlib.suppress(OSError):  # somebody else has it open, where that matters
            for file in files_of(path):
                file.unlink(missing_ok=True)
            over -= size
