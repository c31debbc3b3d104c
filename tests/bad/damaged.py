"""Sound files of every format, cut short or with bytes changed."""

from __future__ import annotations

import random

from tests.bad.case import Case, Outcome, of
from tests.bad.samples import samples

CHECKED = {"png", "moving.png"}
"""Formats whose check sums tell any change of the pixels."""


def cuts() -> list[Case]:
    """Each format cut at lengths from its first byte to its last but one."""
    found = []
    for suffix, data in samples().items():
        for share in (0.02, 0.3, 0.6, 0.9):
            length = max(int(len(data) * share), 1)
            found.append(Case(
                f"cut-{round(share * 100):02}.{suffix}", f"{share:.0%} of a {suffix} file",
                of(data[:length]), Outcome.RIGHT_OR_REFUSED, None,
            ))  # fmt: skip
        found.append(Case(
            f"cut-last.{suffix}", f"a {suffix} file without its last byte", of(data[:-1]),
            Outcome.RIGHT_OR_REFUSED, None,
        ))  # fmt: skip
    return found


def mutations() -> list[Case]:
    """Each format with a few bytes changed: in its header, and anywhere."""
    found = []
    for suffix, data in samples().items():
        for where, reach in (("header", 80), ("anywhere", len(data))):
            chance = random.Random(f"{suffix} {where}")
            changed = bytearray(data)
            for _ in range(4):
                changed[chance.randrange(min(reach, len(data)))] = chance.randrange(256)
            outcome = Outcome.RIGHT_OR_REFUSED if suffix in CHECKED else Outcome.ANY
            found.append(Case(
                f"changed-{where}.{suffix}", f"four bytes changed {where} in a {suffix} file",
                of(bytes(changed)), outcome, None,
            ))  # fmt: skip
        blank = bytearray(data)
        blank[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
        found.append(Case(
            f"zeroed.{suffix}", f"the second half of a {suffix} file is zeros", of(bytes(blank)),
            Outcome.RIGHT_OR_REFUSED if suffix in CHECKED else Outcome.ANY, None,
        ))  # fmt: skip
    return found


def cases() -> list[Case]:
    """Return all of them."""
    return [*cuts(), *mutations()]
