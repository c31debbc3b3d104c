"""The job that the program is for: the window, the command line and the reports agree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING, Any

from core import compare, open_image
from core.format import number, percent
from core.settings import Settings
from tests.end2end.conftest import ROOT
from tests.make import exposed, shifted, with_patch, write_png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STAGES = ("normalize", "blur", "align", "edges", "gray")


def text(measure: dict[str, Any]) -> str:
    """Return the text of a measure of the JSON document, without its unit."""
    value = float(measure["value"])  # infinities are strings
    return percent(value).split(" ")[0] if measure["unit"] == "share" else number(value)


def command_line(a: Path, b: Path, arguments: list[str]) -> dict[str, Any]:
    words = [sys.executable, "-m", "cli", "compare", str(a), str(b), *arguments, "--json", "-"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr  # they differ
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def rows(page: str) -> dict[str, str]:
    """Return label -> value of the table of measures in a page."""
    table = page[page.index("<h2>Measures</h2>") :]
    found = re.findall(
        r'<td class="left">([^<]*?) ?(?:<span[^>]*>[^<]*</span>)?</td><td>([^<]*)', table
    )
    return {unescape(label): unescape(value) for label, value in found}


def test_window_command_line_and_reports_show_the_same_digits(
    scenario: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    a, b = shifted(3, -4, 150, 260, seed=5)
    b = with_patch(exposed(b, 0.94, 7.0), 90, 180, 12, 20, by=60)
    path_a = write_png(tmp_path / "a before.png", a)
    path_b = write_png(tmp_path / "b after.png", b)

    facts = scenario("main_job", path_a, path_b, tmp_path)

    assert facts["title"] == "a before.png ↔ b after.png – Pairlens"
    assert facts["dialogs"][1:] == ["Export report", "Export report"]
    states = facts["states"]
    assert len(states) == 2 + 2 * len(STAGES)
    plain, everything = states[0], states[-1]
    assert plain["arguments"] == []
    for i, name in enumerate(STAGES):
        on, off = states[1 + 2 * i], states[2 + 2 * i]
        assert on["arguments"] == [f"--{name}"]
        assert on["shown"] != plain["shown"], name
        assert off["shown"] == plain["shown"], name
    asked = (plain, *states[1:-1:2], everything)
    with ThreadPoolExecutor(2) as pool:
        documents = list(pool.map(lambda s: command_line(path_a, path_b, s["arguments"]), asked))
    for state, document in zip(asked, documents, strict=True):
        assert state["shown"] == {n: text(m) for n, m in document["measures"].items()}
    assert len(everything["shown"]) >= 20

    # The last state was exported: JSON, the page's table and the document inside the page.
    exported = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert exported["measures"] == document["measures"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    inside = re.search(r'id="pairlens-result">(.*?)</script>', page, re.DOTALL)
    assert inside is not None
    assert json.loads(inside[1])["measures"] == document["measures"]
    result = compare(
        open_image(path_a), open_image(path_b), Settings.from_dict(document["settings"])
    )
    labels = {m.label: everything["shown"][name] for name, m in result.measures.items()}
    in_table = {label: value.split(" ")[0] for label, value in rows(page).items()}
    assert {k: v for k, v in in_table.items() if k in labels} == labels
