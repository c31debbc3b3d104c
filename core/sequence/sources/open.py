"""Opening a sequence: which kind of source an address is.

===============================  =============================================================
Address                          Frames
===============================  =============================================================
``film.mp4``                     of a video file, exactly, in any order
``renders/``                     the pictures of a folder, in natural order
``f_%04d.exr``, ``f_####.png``   the files with such numbers; a glob does too
``scan.tif``, ``a.gif``          the pages of a file, which may be an animation
``still.png``, ``a.tif#page=2``  one
``camera:0``                     of a camera, live
``rtsp://``, ``http://`` …       of a stream, live
``watch:renders/``               the pictures of a folder as they are written, live
===============================  =============================================================
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from core.io.address import Address
from core.io.files import PictureFile
from core.io.kinds import EXR, ICO, JPEG, sniff
from core.io.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from core.sequence.types import Source
    from core.types import Token

_STREAM: Final = re.compile(r"(rtsps?|https?|rtmps?|udp|tcp|srt|rtp)://.", re.IGNORECASE)
_NO_FRAMES: Final = frozenset({ICO, EXR, JPEG})  # their pages are sizes, parts and previews


def open_source(
    address: str | os.PathLike[str],
    *,
    live: bool = False,
    managed: bool = True,
    limits: Limits = DEFAULT,
    token: Token | None = None,
    isolated: bool = True,
) -> Source:
    """Open whatever frames come from; close it when done.

    Parameters
    ----------
    address
        A video file, a folder, a pattern, a picture file with one or more pages, ``camera:0``, the
        address of a stream, or ``watch:`` and a folder; see the module.
    live
        Watch the folder, as ``watch:`` does.
    managed
        Convert the colours of picture files by what they say of them, as `core.io.open_image` does.
    limits
        How much memory and time one frame may take.
    token
        Ends the opening.
    isolated
        Decode in processes of their own, as `core.io.open_image` does.

    Returns
    -------
    Source
        Never holds more than a few frames. Iterating a live one ends when its token is cancelled;
        others raise `Cancelled` then, as everything else does.

    Raises
    ------
    ReadError
        With one sentence: missing, neither picture nor video, without frames, encrypted, larger
        than allowed, no such camera, or a stream that does not answer.
    Cancelled
        By `token`.
    """
    text = os.fsdecode(address)
    if token is not None:
        token.check()
    here = os.path.lexists(text)
    if not here and (text.startswith("camera:") or _STREAM.match(text)):
        from core.sequence.sources.live import LiveSource  # noqa: PLC0415 - each kind has its own

        return LiveSource(text, limits=limits, token=token, isolated=isolated)
    if not here and text.startswith("watch:"):
        text, live = text.removeprefix("watch:"), True
    if live:
        from core.sequence.sources.pictures import How  # noqa: PLC0415 - the same
        from core.sequence.sources.watch import WatchSource  # noqa: PLC0415 - the same

        return WatchSource(text, How(managed, limits, isolated))
    return _stored(text, managed, limits, token, isolated=isolated)


def _stored(
    text: str, managed: bool, limits: Limits, token: Token | None, *, isolated: bool
) -> Source:
    from core.sequence.sources import names, pictures  # noqa: PLC0415 - the same

    how = pictures.How(managed, limits, isolated)
    path, part = Address.parse(text)
    if os.path.isdir(path):  # noqa: PTH112 - plain text
        return pictures.FilesSource(text, names.in_folder(path), how, part)
    if not os.path.lexists(path) and names.is_pattern(path):
        return pictures.FilesSource(text, names.matching(path), how, part)
    with PictureFile(path, limits) as file:
        kind = sniff(file.head, file.tail, file.suffix)
        if kind is not None:
            from core.sequence.sources.page_times import page_times  # noqa: PLC0415 - the same

            paged = kind not in _NO_FRAMES and "page=" not in text[len(path) :]
            times = page_times(file, kind) if paged else ()
    if kind is None:
        from core.sequence.sources.video import VideoSource  # noqa: PLC0415 - the same

        return VideoSource(path, limits=limits, token=token, isolated=isolated)
    return pictures.PagesSource(text, how, paged=paged, times=times, token=token)
