"""``pairlens``: the window, and the commands that need none."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "compare": "print, save and report how two pictures differ",
    "sequence": "look at a video, a folder or a camera frame by frame",
    "recipes": "list the built-in settings with their reasons",
    "measures": "list every measure: what it answers, and when it lies",
}
"""Command -> what it does; each is a module here with ``run(words) -> exit status``."""
READING: Final = ("compare",)
"""Commands that read pictures."""
TROUBLE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

HELP: Final = """\
Pairlens shows how two pictures differ, and why.

  pairlens [A [B]]        open the window, with one or two pictures or sequences
  pairlens compare A B    print, save and report how they differ
  pairlens sequence A     look at a video, a folder or a camera frame by frame
  pairlens recipes        list the built-in settings with their reasons
  pairlens measures       list every measure: what it answers, and when it lies

  -                       as A or B: a picture from standard input
  --as-stored             do not use colour profiles: values as they are stored
  --max-gb N              memory that one picture may take, in GB (default 2)
  --time-limit SECONDS    time until reading is given up (default 60)
  --version               print the version
  -h, --help              print this; “pairlens compare --help” lists every flag

Exit status of compare: 0 no difference beyond the tolerance, 1 they differ, 2 trouble;
of sequence: 0 no change and no event, 1 there are some, 2 trouble.
A picture that is called like a command is given as ./compare."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status.

    Errors are one sentence on the error output, never a traceback; set ``PAIRLENS_DEBUG`` to see
    where an unexpected one comes from.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that has no “×” shows a “?”
    try:
        status = _run(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # or Python complains at exit
        return BROKEN_PIPE
    except SystemExit as e:  # argparse, after --help
        return e.code if isinstance(e.code, int) else 0
    except Exception as e:  # the last resort: a person gets a sentence, not a traceback
        return _trouble(e)
    return status


def _run(words: list[str]) -> int:
    first = words[0] if words else ""
    if first in COMMANDS:
        if first in READING and not {"-h", "--help"} & set(words):
            from core.io.isolation import pool  # noqa: PLC0415 - --help starts nothing

            pool.default().warm()  # starts while this process loads NumPy and the engine
        gc.disable()  # loading modules leaves nothing to collect, and is faster without the search
        try:
            status: int = import_module(f"cli.{first}").run(words[1:])
        finally:
            gc.enable()
        return status
    if first in ("-h", "--help"):
        print(HELP)
        return 0
    if first == "--version":
        from core.result import VERSION  # noqa: PLC0415 - the window and --help need no numpy

        print(f"pairlens {VERSION}")
        return 0
    return _window(words)


def _window(words: list[str]) -> int:
    from cli.reading import take  # noqa: PLC0415 - the same
    from cli.streams import gathered  # noqa: PLC0415 - the same
    from core.errors import SettingsError  # noqa: PLC0415 - the same

    words, how = take(words)
    paths = [w for w in words if w != "--"]
    unknown = [w for w in paths if w.startswith("-") and w != "-"] if "--" not in words else []
    if unknown:
        raise SettingsError(
            f"There is no flag {unknown[0]} for the window;"
            " use “pairlens compare A B … --gui” to open it with settings."
        )
    if len(paths) > 2:
        raise SettingsError(f"The window compares two pictures; “{paths[2]}” is one too many.")
    if "-" not in paths:
        from gui.app import main as window  # noqa: PLC0415 - the window is slow to load

        return int(window(paths, None, how))
    from core.io.limits import DEFAULT  # noqa: PLC0415 - only for standard input

    with gathered(paths, how.limits if how else DEFAULT) as taken:
        from gui.app import main as window  # noqa: PLC0415 - the window is slow to load

        return int(window([t.address for t in taken], None, how))


def _trouble(error: Exception) -> int:
    from core.errors import PairlensError  # noqa: PLC0415 - only now

    if os.environ.get("PAIRLENS_DEBUG"):
        import traceback  # noqa: PLC0415 - only now

        traceback.print_exception(error)
    if isinstance(error, PairlensError):
        text = str(error)
    elif isinstance(error, MemoryError):
        text = "There is not enough memory for these pictures."
    else:
        text = (
            f"Something went wrong inside Pairlens ({type(error).__name__}: {error});"
            " set PAIRLENS_DEBUG=1 to see where."
        )
    print(f"pairlens: {text}", file=sys.stderr)
    return TROUBLE


if __name__ == "__main__":
    sys.exit(main())
