"""Pools whose workers misbehave on request, and which are closed after each test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from core.io.isolation import pool as pools
from core.io.isolation.pool import Pool
from tests.misbehaving import BOOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_other_worker() -> None:
    """End the workers of earlier tests: these count all there are."""
    pools.default().close()


@pytest.fixture(params=[True, False], ids=["memory", "file"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """Return a pool for either kind of memory."""
    if request.param and not hasattr(os, "memfd_create"):
        pytest.fail("anonymous memory is tested on Linux only; run these tests there")
    made = Pool(BOOT, anonymous=request.param)
    yield made
    made.close()


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Return a pool that stands for the program's own."""
    made = Pool(BOOT)
    monkeypatch.setattr(pools, "_default", made)
    yield made
    made.close()
