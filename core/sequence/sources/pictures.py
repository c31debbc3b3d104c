"""Picture files as sequences: the files of a folder or pattern, the pages of a file, a still.

Each is opened by `core.io.open_image`, in a process of its own; a picture that cannot be read is a
frame with a `problem`, and so is a number that is missing between others.
"""

from __future__ import annotations

import math
import os
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, NamedTuple

from core.errors import ReadError
from core.io.address import Address, Part
from core.io.files import quoted
from core.io.limits import DEFAULT, Limits
from core.io.opening import open_image
from core.sequence.sources.ahead import ahead
from core.sequence.types import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from core.buffer import ImageBuffer
    from core.sequence.sources.names import Named
    from core.types import Token

_REMEMBERED: Final = 2
_FIRST: Final = Part()


class How(NamedTuple):
    """How pictures are opened: what `core.io.open_image` is told."""

    managed: bool = True
    limits: Limits = DEFAULT
    isolated: bool = True

    def open(self, address: str, token: Token | None, page: int | None = None) -> ImageBuffer:
        """Open one."""
        return open_image(
            address, page=page, managed=self.managed, limits=self.limits, token=token,
            isolated=self.isolated,
        )  # fmt: skip


class PicturesSource(ABC):
    """What all of them share; see `core.sequence.types.Source`.

    Parameters
    ----------
    address
        As the person gave it.
    how
        To open the pictures.
    """

    live = False
    rate: Fraction | None = None
    count: int = 0

    def __init__(self, address: str, how: How) -> None:
        self.address = address
        self.name = quoted(address)[1:-1]
        self._how = how
        self._lock = threading.Lock()
        self._last: dict[int, Frame] = {}

    def _open(self, address: str, token: Token | None, page: int | None = None) -> ImageBuffer:
        return self._how.open(address, token, page)

    @abstractmethod
    def _read(self, index: int, token: Token | None) -> Frame:
        """Return a frame that there is."""

    def frame(self, index: int, token: Token | None = None) -> Frame:
        """See `Source`."""
        if not 0 <= index < self.count:
            raise IndexError(f"there is no frame {index} of {self.count}")
        with self._lock:
            if index not in self._last:
                while len(self._last) >= _REMEMBERED:
                    self._last.pop(next(iter(self._last)))
                self._last[index] = self._read(index, token)
            return self._last[index]

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """See `Source`; the next one is read while one is looked at."""
        return ahead(self.frame, start, self.count, token)

    def close(self) -> None:
        """See `Source`."""
        self._last.clear()


class FilesSource(PicturesSource):
    """Files one after the other.

    Parameters
    ----------
    address, how
        As for `PicturesSource`.
    files
        In order.
    part
        Which picture of each.
    """

    def __init__(self, address: str, files: Sequence[Named], how: How, part: Part = _FIRST) -> None:
        super().__init__(address, how)
        self._files, self._part = tuple(files), part
        self.count = len(self._files)

    def _read(self, index: int, token: Token | None) -> Frame:
        path, number = self._files[index]
        if not path:
            return Frame(index, math.nan, None, f"{number}", f"There is no frame {number}.")
        name = quoted(path)[1:-1]
        try:
            image = self._open(str(Address(path, self._part)), token)
        except ReadError as error:
            return Frame(index, math.nan, None, name, str(error))
        return Frame(index, math.nan, image, name)


class PagesSource(PicturesSource):
    """The pages of a file; of a file with one, a still.

    Parameters
    ----------
    address, how
        As for `PicturesSource`.
    paged
        Whether pages follow each other; otherwise the one that the address names is all.
    times
        Seconds of each page since the first, where the file says them.
    token
        Ends the opening.

    Raises
    ------
    ReadError
        The first page cannot be read.
    """

    def __init__(
        self, address: str, how: How, *, paged: bool, times: Sequence[float] = (),
        token: Token | None = None,
    ) -> None:  # fmt: skip
        super().__init__(address, how)
        first = self._open(address, token)
        self.name = first.name
        self.count = first.contents.pages if paged else 1
        self._times = times if len(times) == self.count else ()
        self._pages = self.count > 1
        # A relative name must go on meaning the same file.
        self._whole = address if os.path.isabs(address) else os.path.abspath(address)  # noqa: PTH100, PTH117 - plain text
        self._last[0] = self._framed(0, first)

    def _framed(self, index: int, image: ImageBuffer | None, problem: str = "") -> Frame:
        start = math.nan if self._pages else 0.0
        when = self._times[index] if self._times else start
        name = f"{self.name} page {index + 1}" if self._pages else self.name
        return Frame(index, when, image, name, problem)

    def _read(self, index: int, token: Token | None) -> Frame:
        try:
            page = index if self._pages else None
            return self._framed(index, self._open(self._whole, token, page))
        except ReadError as error:
            return self._framed(index, None, str(error))
