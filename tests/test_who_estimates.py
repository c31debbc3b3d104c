"""Who may look for an alignment: align alone. What one is, everybody in the program may know."""

from __future__ import annotations

import pytest

from tests.test_architecture import Import, imports, part, within

DESCRIBING = {"types", "words", "facts", "overlap", "quiver"}
"""What of `core.alignment` says what an alignment is."""
BY_HAND = {"pins", "pointing", "snapping", "by_hand"}
"""What of it a person's hand needs; the rest looks for an alignment."""


def reaching_for_estimators(found: tuple[Import, ...]) -> list[Import]:
    """Return the imports of the search for an alignment by others than align and the search."""
    return [
        i
        for i in found
        if within(i.target, "core.alignment")
        and part(i.target, "core.alignment") not in DESCRIBING | BY_HAND
        and not within(i.module, "core.alignment")
        and (i.module, i.target) not in {("core", "core.alignment")}  # what `core` offers
        and i.module != "core.stages.align"
    ]


def test_only_align_imports_the_estimators() -> None:
    bad = reaching_for_estimators(imports())
    assert not bad, "\n".join(map(str, bad))


@pytest.mark.parametrize(
    ("module", "target", "bad"),
    [
        ("core.reports.html", "core.alignment.estimate", True),
        ("core.engine", "core.alignment._finish", True),
        ("gui.presenter", "core.alignment.laying", True),
        ("core.measures.ssim", "core.alignment", True),
        ("core.reports.html", "core.alignment.types", False),
        ("core.stages.align", "core.alignment.laying", False),
        ("core.alignment.laying", "core.alignment.estimate", False),
    ],
)
def test_the_rule_about_estimators_can_fail(module: str, target: str, bad: bool) -> None:
    assert bool(reaching_for_estimators((Import(module, target, 1, at_load=True),))) is bad
