"""The file of an `Archive`, which never fails: what cannot be read or written lives elsewhere.

A file that is damaged, or of another schema, is removed and begun anew. One that cannot be written,
or cannot any longer (the disk is full), gives way to a temporary file that nobody sees, which takes
over what was there; and that one to memory.

The file keeps a log of what is written (WAL), so a crash leaves whole transactions only, and
reading waits for nobody. Any number of threads use the one connection in turn.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import zlib
from typing import TYPE_CHECKING, Any, Final

from core.sequence.stored import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SCHEMA: Final = 1
_KIND: Final = 0x504C5351  # "PLSQ": this file is ours
_BESIDE: Final = "-state"
_WAIT: Final = 2.0
"""Seconds that another writer is waited for."""
_TABLES: Final = f"""
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE frames (
    frame INTEGER PRIMARY KEY, {", ".join(f"{n} REAL" for n in NUMBERS)}, words TEXT
);
CREATE TABLE looks (frame INTEGER PRIMARY KEY, channels INTEGER, counts BLOB, thumbnail BLOB);
CREATE TABLE masks (frame INTEGER PRIMARY KEY, png BLOB);
CREATE TABLE backgrounds (frame INTEGER PRIMARY KEY, png BLOB);
CREATE TABLE events (
    start INTEGER, kind TEXT, stop INTEGER, start_time REAL, stop_time REAL, frames INTEGER,
    peak REAL, what TEXT, PRIMARY KEY (start, kind)
) WITHOUT ROWID;
CREATE TABLE measures (
    key TEXT, name TEXT, frame INTEGER, value REAL, PRIMARY KEY (key, name, frame)
) WITHOUT ROWID;
"""
Rows = list[tuple[Any, ...]]
Step = tuple[str, "Sequence[tuple[Any, ...]]"]
"""A statement, and the rows of values with which it is done."""


class ArchiveFile:
    """See the module.

    Parameters
    ----------
    path
        None for memory alone.

    Attributes
    ----------
    problem
        One sentence on why what is stored begins anew, or will not last; empty when all is well.
    """

    def __init__(self, path: Path | None) -> None:
        self._path, self.problem = path, ""
        self._lock = threading.RLock()
        self._closed = False
        self._beside: bytes | None = None
        self._elsewhere = ["", ":memory:"] if path is not None else []
        self._base = self._memory() if path is None else self._opened(path)

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        with self._lock:
            self._closed = True
            with contextlib.suppress(sqlite3.Error):
                self._base.close()
        self._touch()

    def read(self, query: str, values: Sequence[Any] = ()) -> Rows:
        """Return the rows of a question; none when they cannot be read."""
        with self._lock:
            if self._closed:
                return []
            try:
                return self._base.execute(query, values).fetchall()
            except sqlite3.ProgrammingError:
                raise  # not SQL
            except sqlite3.Error as error:
                if not isinstance(error, sqlite3.OperationalError):
                    self.begin_anew()
                return []

    def write(self, *steps: Step) -> None:
        """Do all steps as one transaction, whole or not at all."""
        with self._lock:
            while not self._closed:
                try:
                    self._transaction(steps)
                except sqlite3.ProgrammingError:
                    raise
                except sqlite3.Error as error:
                    if not self._elsewhere:
                        raise MemoryError("what is known of a sequence fits nowhere") from error
                    self._move(error)
                else:
                    return

    def keep_beside(self, data: bytes) -> None:
        """Keep bytes of any number in a file of their own, so that nobody waits for them.

        They take the place of the last ones at once. Where they cannot be written there are none.
        """
        if self._path is None or self.problem:
            self._beside = data
            return
        target = self._path.with_name(self._path.name + _BESIDE)
        temporary = target.with_name(f"{target.name}-{threading.get_ident()}")
        try:
            with temporary.open("wb") as file:
                file.write(zlib.crc32(data).to_bytes(4, "little"))
                file.write(data)
            if not self._closed:
                temporary.replace(target)
        except OSError:
            self.drop_beside()
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def beside(self) -> bytes | None:
        """Return what `keep_beside` kept last; None when there is nothing, or it is damaged."""
        if self._path is None or self.problem:
            return self._beside
        try:
            data = self._path.with_name(self._path.name + _BESIDE).read_bytes()
        except OSError:
            return None
        whole = zlib.crc32(memoryview(data)[4:]).to_bytes(4, "little") == data[:4]
        return data[4:] if whole else None

    def drop_beside(self) -> None:
        """Keep nothing beside."""
        self._beside = None
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + _BESIDE).unlink(missing_ok=True)

    def _transaction(self, steps: tuple[Step, ...]) -> None:
        base = self._base
        base.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in steps:
                base.executemany(statement, rows)
            base.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                base.execute("ROLLBACK")
            raise

    def _opened(self, path: Path) -> sqlite3.Connection:
        for again in (False, True):
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                return self._known(path)
            except (sqlite3.OperationalError, OSError) as error:
                self.problem = _unwritable(error)
                break
            except (sqlite3.DatabaseError, ValueError) as error:
                other = isinstance(error, ValueError)
                what = "are of another version" if other else "are damaged"
                self.problem = f"The stored results {what}; they are made anew."
                if again or not _removed(path):
                    break
        return self._memory(self._elsewhere.pop(0))

    def _known(self, path: Path) -> sqlite3.Connection:
        """Open a file that is ours, or new; `ValueError` when it is of another schema."""
        base = _connected(str(path))
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = NORMAL")
            base.execute("BEGIN IMMEDIATE")  # so that two do not make the tables at once
            if base.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                mine = [base.execute(f"PRAGMA {p}").fetchone()[0] for p in _MARKS]
                if mine != list(_MARKS.values()):
                    raise ValueError(f"schema {mine}")
            else:
                _make(base)
            base.execute("REPLACE INTO about VALUES ('writable', '1')")
            base.execute("COMMIT")
        except BaseException:
            base.close()
            raise
        self._touch()
        return base

    def _touch(self) -> None:
        """Say that the file was used: what was not for the longest time goes first."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                os.utime(self._path)

    def _memory(self, name: str = ":memory:") -> sqlite3.Connection:
        base = _connected(name)
        _make(base)
        return base

    def begin_anew(self) -> None:
        """Forget what is stored, as it is damaged; the file is of no use to anybody."""
        with self._lock:
            if not self._closed:
                self._begin_anew()

    def _begin_anew(self) -> None:
        old = self._base
        self.problem = "The stored results are damaged; they are made anew."
        self._base = self._memory(self._elsewhere.pop(0) if self._elsewhere else ":memory:")
        with contextlib.suppress(sqlite3.Error):
            old.close()
        if self._path is not None:
            _removed(self._path)

    def _move(self, error: sqlite3.Error) -> None:
        """Go on elsewhere, with all that can be read."""
        old = self._base
        if not isinstance(error, sqlite3.OperationalError):
            self.begin_anew()
            return
        self.problem = _unwritable(error)
        new = _connected(self._elsewhere.pop(0))
        try:
            old.backup(new)
        except sqlite3.Error:
            new.close()
            new = self._memory(self._elsewhere.pop(0) if self._elsewhere else ":memory:")
        self._base = new
        with contextlib.suppress(sqlite3.Error):
            old.close()


_MARKS: Final = {"application_id": _KIND, "user_version": SCHEMA}


def _connected(name: str) -> sqlite3.Connection:
    return sqlite3.connect(name, timeout=_WAIT, isolation_level=None, check_same_thread=False)


def _make(base: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";"):
        base.execute(statement)
    for mark, value in _MARKS.items():
        base.execute(f"PRAGMA {mark} = {value}")


def _unwritable(error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"Results cannot be stored ({reason}); they are kept until this is closed."


def files_of(path: Path) -> Iterator[Path]:
    """Yield the file of an archive, and those that lie beside it."""
    yield path
    for more in ("-wal", "-shm", "-journal", _BESIDE):
        yield path.with_name(path.name + more)


def _removed(path: Path) -> bool:
    try:
        for file in files_of(path):
            file.unlink(missing_ok=True)
    except OSError:
        return False
    return True
