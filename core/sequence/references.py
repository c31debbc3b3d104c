"""What every frame of a sequence is compared with: a picture, a golden model, a frame of it."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, Final

from core.errors import ReadError

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.io.reading import Reading
    from core.sequence.golden import Golden
    from core.sequence.types import Source
    from core.types import Token

_FRAME: Final = re.compile(r"frame:(\d+)")


def frame_reference(index: int) -> str:
    """Return what stands for a frame of the sequence itself."""
    return f"frame:{index}"


def reference_of(
    given: str, source: Source, how: Reading, token: Token
) -> ImageBuffer | Golden | None:
    """Return a picture or a golden model; None when none is given.

    Parameters
    ----------
    given
        The path of either, ``frame:117`` for a frame of the source, or empty. A file of that name
        comes first.
    source
        Not a live one, where a frame of it is wanted.
    how
        How pictures are read.
    token
        Ends the reading.

    Raises
    ------
    ReadError
        When it cannot be read, or there is no such frame.
    """
    if not given:
        return None
    found = _FRAME.fullmatch(given)
    if found and not os.path.lexists(given):
        return _frame(int(found[1]), source, token)
    from core.io import open_image  # noqa: PLC0415 - only when asked for
    from core.sequence.golden import Golden  # noqa: PLC0415 - the same

    if given.lower().endswith(".npz"):  # may be a picture, too
        with contextlib.suppress(ReadError):
            return Golden.load(given)
    return open_image(given, managed=how.managed, limits=how.limits, token=token)


def _frame(index: int, source: Source, token: Token) -> ImageBuffer:
    if source.count is not None and index >= source.count:
        raise ReadError(
            f"There is no frame {index} in “{source.name}”; it ends with frame {source.count - 1}."
        )
    try:
        frame = source.frame(index, token)
    except IndexError as error:
        raise ReadError(f"There is no frame {index} in “{source.name}” yet.") from error
    if frame.image is None:
        raise ReadError(f"Frame {index} of “{source.name}” cannot be read: {frame.problem}")
    return frame.image
