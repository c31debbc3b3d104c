"""The errors a person may see: each is one sentence that says what, which file, what to do."""

from __future__ import annotations


class PairlensError(Exception):
    """Base of all errors whose text is meant for a person."""


class ReadError(PairlensError):
    """A picture could not be read; the text names the file and what to do."""


class TooLargeError(ReadError):
    """A picture needs more memory than is allowed; it may be opened all the same on request.

    Attributes
    ----------
    need
        Bytes that the decoded picture would take.
    """

    def __init__(self, text: str, need: int) -> None:
        super().__init__(text)
        self.need = need


class SettingsError(PairlensError):
    """A setting, recipe or command-line value is not usable."""


class CompareError(PairlensError):
    """The two pictures cannot be compared under these settings."""


class WriteError(PairlensError):
    """A report or picture could not be written."""


class Cancelled(Exception):  # noqa: N818 - not an error: a newer question replaced this one
    """Raised by `Token.check` when the work is no longer wanted."""
