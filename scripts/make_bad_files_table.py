"""Writes docs/bad-files.md: every bad or odd file of the tests, and what becomes of it.

``python scripts/make_bad_files_table.py`` from the project's folder, with what the tests need.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.atomic import replacing  # noqa: E402 - the project's folder has to be known first
from core.errors import ReadError  # noqa: E402 - the same
from core.io import Limits, open_image  # noqa: E402 - the same
from tests.bad.case import Case  # noqa: E402 - the same
from tests.bad.every import groups  # noqa: E402 - the same

LIMITS = Limits(bytes=1_000_000_000, seconds=30)
OPENING = """\
# Bad and odd files

Each of these files is made by the tests (`tests/bad`), opened, and must open exactly right or be
refused with one sentence; never a crash, a hang, a trace, or a wrong picture. This page is written
by `scripts/make_bad_files_table.py` from what the program does. “As its bytes say” stands where
nothing in a format tells damage from another picture: an uncompressed pixel that was changed is
simply another pixel.
"""


def outcome(case: Case, folder: Path) -> str:
    """Return what becomes of a file, in words."""
    path = folder / case.name
    case.make(path)
    try:
        picture = open_image(path, limits=LIMITS)
    except ReadError as error:
        return str(error)
    height, width = picture.shape
    said = " ".join(notice.text for notice in picture.notices)
    return f"opens: {width} × {height}, {picture.channels} × {picture.data.dtype}. {said}".strip()


def cell(text: str) -> str:
    """Return text as one cell of a Markdown table."""
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    for sign in "\\|*_<>`[]":
        shown = shown.replace(sign, "\\" + sign)
    return shown if len(shown) < 400 else shown[:400] + "…"


def main() -> None:
    """Open every file and write the page."""
    lines, count = [], 0
    for title, cases in groups().items():
        lines += [
            "",
            f"## {title}",
            "",
            "| file | what is odd | must | does |",
            "|---|---|---|---|",
        ]
        for case in cases:
            with tempfile.TemporaryDirectory(prefix="pairlens-") as folder:
                words = (case.name, case.about, str(case.outcome), outcome(case, Path(folder)))
            lines.append("| " + " | ".join(map(cell, words)) + " |")
            count += 1
    with replacing(ROOT / "docs" / "bad-files.md", "table") as temporary:
        temporary.write_text(OPENING + f"\n{count} files.\n" + "\n".join(lines) + "\n", "utf-8")
    print(f"{count} files")


if __name__ == "__main__":
    main()
