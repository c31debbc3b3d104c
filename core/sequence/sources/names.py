"""Names of files that make a sequence: their order, their numbers, and the patterns that find them.

A pattern is ``frame_%04d.exr``, ``frame_####.png`` or a glob like ``shot*/beauty.*.exr``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

from core.errors import ReadError
from core.io.files import quoted
from core.io.kinds import suffixes

_NUMBER: Final = re.compile(r"%0?(\d*)d|(#+)")
_MOST_GAPS: Final = 10_000


class Named(NamedTuple):
    """A file of a sequence; an empty `path` where there should be one with this `number`."""

    path: str
    number: int | None = None


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts names as people do: 2 before 10, whatever the case."""
    parts = re.split(r"(\d+)", name)
    key = [(1, int(p), "") if p.isdigit() else (0, 0, p.casefold()) for p in parts if p]
    return (*key, (0, 0, name))


def is_pattern(path: str) -> bool:
    """Whether a path that is none of a file stands for several."""
    return bool(_NUMBER.search(os.path.basename(path)) or re.search(r"[*?\[]", path))  # noqa: PTH119 - a pattern


def in_folder(folder: str) -> list[Named]:
    """Return the pictures of a folder in order.

    Where their names differ by one number alone, and more numbers are there than are missing, the
    missing ones are in the list too.

    Raises
    ------
    ReadError
        It cannot be read, or there are none.
    """
    names = sorted(listed(folder), key=natural)
    if not names:
        raise ReadError(f"There is no picture in the folder {quoted(folder)}; choose another one.")
    found = [re.fullmatch(r"(.*?)(\d+)(\D*)", name) for name in names]
    ends = {(m[1], m[3]) if m else None for m in found}
    paths = [os.path.join(folder, name) for name in names]  # noqa: PTH118 - plain text
    if len(ends) > 1 or None in ends:
        return [Named(path) for path in paths]
    numbers = [int(m[2]) for m in found if m]
    return _with_gaps(paths, numbers, most=len(paths))


def listed(folder: str) -> list[str]:
    """Return the names of pictures in a folder, in no order.

    Raises
    ------
    ReadError
        The folder cannot be read.
    """
    known = suffixes()
    try:
        with os.scandir(folder) as entries:
            return [
                e.name
                for e in entries
                if not e.name.startswith(".")
                and os.path.splitext(e.name)[1].lower() in known  # noqa: PTH122 - plain text
                and e.is_file()
            ]
    except OSError as error:
        raise ReadError(
            f"The folder {quoted(folder)} cannot be read ({error.strerror}); check its name."
        ) from error


def matching(pattern: str) -> list[Named]:
    """Return the files that a pattern stands for, in order, missing numbers between them included.

    Raises
    ------
    ReadError
        There are none.
    """
    folder, name = os.path.split(pattern)
    holes = list(_NUMBER.finditer(name))
    if len(holes) == 1:
        hole = holes[0]
        width = int(hole[1] or 0) if hole[2] is None else len(hole[2])
        digits = rf"(\d{{{width},}})" if width else r"(\d+)"
        wanted = re.compile(
            re.escape(name[: hole.start()]) + digits + re.escape(name[hole.end() :])
        )
        matches = [m for entry in _entries(folder) if (m := wanted.fullmatch(entry))]
        # 0017 is what %04d makes of 17; 00017 is not.
        matches = [
            m for m in matches if len(m[1]) == width or not m[1].startswith("0") or not width
        ]
        found = sorted((int(m[1]), os.path.join(folder, m[0])) for m in matches)  # noqa: PTH118 - as above
        if found:
            return _with_gaps([p for _, p in found], [n for n, _ in found], most=_MOST_GAPS)
    else:
        import glob  # noqa: PLC0415 - rarely needed

        paths = [p for p in glob.glob(pattern, recursive=True) if os.path.isfile(p)]  # noqa: PTH207, PTH113 - a pattern
        if paths:
            return [Named(path) for path in sorted(paths, key=natural)]
    raise ReadError(f"There is no file that fits {quoted(pattern)}; check its name and folder.")


def _entries(folder: str) -> list[str]:
    try:
        return [p.name for p in Path(folder or ".").iterdir()]
    except OSError:
        return []


def _with_gaps(paths: list[str], numbers: list[int], *, most: int) -> list[Named]:
    """Return files by number, with a place for each that is missing if these are not too many."""
    known = dict(zip(numbers, paths, strict=True))
    missing = numbers[-1] - numbers[0] + 1 - len(known)
    if len(known) < len(paths) or missing > most:
        return [Named(path, n) for path, n in zip(paths, numbers, strict=True)]
    return [Named(known.get(n, ""), n) for n in range(numbers[0], numbers[-1] + 1)]
