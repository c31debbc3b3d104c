"""Turning pages: opens another picture of the file that is shown; all else stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.io.address import Address, Part, part_of
from core.render import Side

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from gui.controller import Controller


class Pages(QObject):
    """Asks one controller for other parts of its files.

    Signals
    -------
    refused(str)
        One sentence: why no page was turned.
    """

    refused = Signal(str)

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller

    def _picture(self, side: Side) -> ImageBuffer | None:
        session = self._controller.session
        picture = session.a if side is Side.A else session.b
        return picture if picture is not None and picture.path else None

    def has_pages(self, side: Side) -> bool:
        """Whether the file of a side holds several pages."""
        picture = self._picture(side)
        return picture is not None and picture.contents.pages > 1

    def choose(self, side: Side, part: Part) -> None:
        """Open another picture of the file of one side."""
        picture = self._picture(side)
        if picture is not None:
            self._open({side: str(Address(picture.path, part))})

    def step(self, by: int, *sides: Side) -> None:
        """Turn the pages of these sides together, or of none when one has no such page.

        A side whose file holds one picture stays as it is. Pages that are still being read count as
        turned, so that keys pressed fast are all obeyed.
        """
        addresses = {}
        for side in filter(self.has_pages, sides):
            picture = self._picture(side)
            page = None if picture is None else self._page(side, picture)
            if picture is None or page is None:
                return
            pages, name = picture.contents.pages, f"“{picture.name}”"
            if page + by < 0:
                self.refused.emit(f"{name} is at its first page already.")
                return
            if page + by >= pages:
                self.refused.emit(f"{name} has no page {page + by + 1}; it ends with page {pages}.")
                return
            part = Part(page + by, width=part_of(picture.address, picture.path).width)
            addresses[side] = str(Address(picture.path, part))
        if addresses:
            self._open(addresses)

    def _page(self, side: Side, picture: ImageBuffer) -> int | None:
        """Return the page that is shown or on its way; None while another file is on its way."""
        wanted = self._controller.files.wanted[side is Side.B]
        if wanted is None:
            return picture.contents.page
        if wanted.startswith(picture.path) and wanted[len(picture.path) :][:1] in {"", "#"}:
            return part_of(wanted, picture.path).page
        return None

    def _open(self, addresses: dict[Side, str]) -> None:
        self._controller.open_pair(addresses.get(Side.A), addresses.get(Side.B))
