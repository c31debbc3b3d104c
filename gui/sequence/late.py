"""The jobs of `gui.sequence.jobs`, whose code is loaded by the thread that does the first of them.

A window without a sequence never waits for what only sequences need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.scheduler import Job
    from core.types import Token
    from gui.sequence import jobs as jobs  # noqa: PLC0414 - handed on
else:

    class _Late:
        """Stands for a module of functions that return jobs."""

        def __getattr__(self, name: str) -> Callable[..., Job]:
            def made(*given: Any, **more: Any) -> Job:
                def job(token: Token) -> Iterator[object]:
                    found = getattr(import_module("gui.sequence.jobs"), name)
                    yield from found(*given, **more)(token)

                return job

            return made

    jobs = _Late()
