"""``pairlens compare A B``: the numbers on the terminal, as JSON, and in reports."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cli import places, reading
from cli.flags import Parser, UsageError, add_flags, apply, mark_bare
from cli.streams import called, gathered
from core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.streams import Taken
    from core.io.reading import Reading
    from core.result import Result
    from core.types import Token

ABOUT = "Compares two pictures and prints how they differ."
NOTHING = 2
"""Exit status when there was no pixel to compare, which must not be taken for “no difference”."""
AFTER = """\
Flags come after the recipe, whatever their order. Setting a value switches its step on.
Places are in pixels of A: --ignore "rect 120,40 300x200", --only "ellipse 500,300 40x20",
--place "polygon 10,10 200,15 180,90 name=sky tolerance=12"; several with ; or the flag again.
One of several pictures in a file: scan.tif#page=3, render.exr#layer=diffuse; a drawing's width:
plan.svg#width=1200.
Exit status: 0 no difference beyond the tolerance, 1 they differ (also in size), 2 trouble."""


def parser() -> Parser:
    """Return the parser of this command."""
    import argparse  # noqa: PLC0415 - the formatter's name; cli.flags has loaded it already

    made = Parser(
        prog="pairlens compare",
        description=ABOUT,
        epilog=AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "a",
        metavar="A",
        help="the reference: differences are in its frame; - is standard input",
    )
    made.add_argument("b", metavar="B", help="the picture that is compared with it")
    made.add_argument(
        "--recipe", metavar="FILE|NAME", help="start from a recipe; see “pairlens recipes”"
    )
    made.add_argument(
        "--json", metavar="FILE|-", help="write the numbers as JSON; - writes them to the terminal"
    )
    made.add_argument(
        "--report", metavar="FILE", action="append", default=[],
        help="write a report: .html, .json, .csv, .png, or .map.png for the difference map alone;"
        " may be given more than once",
    )  # fmt: skip
    made.add_argument(
        "--scale", choices=("levels", "native"), default="levels",
        help="levels: numbers on 0…255 whatever the depth (the default);"
        " native: in the file's own units",
    )  # fmt: skip
    made.add_argument(
        "--metadata", action="store_true",
        help="print what the files say of themselves, side by side",
    )  # fmt: skip
    made.add_argument("--gui", action="store_true", help="open the window with these settings")
    made.add_argument("-q", "--quiet", action="store_true", help="print nothing; see exit status")
    made.set_defaults(changes=[])
    places.add(made)
    reading.add(made)
    add_flags(made)
    return made


def run(words: Sequence[str]) -> int:
    """Do what the words after ``compare`` say; return the exit status."""
    args, left = parser().parse_known_args(mark_bare(words))
    if left:
        raise UsageError(_not_understood(left))
    how = reading.of(args)
    settings, args.mask = places.masked(args, settings_of(args.recipe, args.changes), how)
    for path in args.report:
        from core.reports import format_of  # noqa: PLC0415 - only when asked for

        format_of(path)  # a wrong name is said before the work, not after it
    with gathered((args.a, args.b), how.limits) as (a, b):
        if args.gui:
            from gui.app import main as window  # noqa: PLC0415 - the window is slow to load

            return int(window([a.address, b.address], settings, how))
        return _compare(args, a, b, settings, how)


def settings_of(recipe: str | None, changes: Sequence[Any]) -> Settings:
    """Return the recipe's settings (or the defaults) with the flags applied."""
    from core import recipes  # noqa: PLC0415 - only when asked for

    return apply(Settings() if recipe is None else recipes.load(recipe), changes)


def _not_understood(left: Sequence[str]) -> str:
    word = left[0]
    if word.startswith("-"):
        return f"There is no flag {word}. See pairlens compare --help."
    return f"Two pictures are compared; “{word}” is one too many."


def _compare(args: Any, in_a: Taken, in_b: Taken, settings: Settings, how: Reading) -> int:
    from core.errors import TooLargeError  # noqa: PLC0415 - a wrong command line is said without it
    from core.io import open_pair  # noqa: PLC0415 - the same
    from core.types import Token  # noqa: PLC0415 - the same

    token = Token()
    with _interruptible(token):
        with ThreadPoolExecutor(1) as reader:
            pair = reader.submit(
                open_pair,
                in_a.address,
                in_b.address,
                managed=how.managed,
                limits=how.limits,
                token=token,
                progress=_show_share if sys.stderr.isatty() and not args.quiet else None,
            )
            from core.engine import compare  # noqa: PLC0415 - loaded while the files are read

            try:
                a, b = pair.result()
            except TooLargeError as error:
                raise UsageError(reading.larger(error)) from error
        gc.enable()  # all modules are loaded
        places.check_mask(args.mask, a)
        found = compare(a, b, settings, region_measures=args.region_measures, token=token)
        result = called(found, in_a, in_b)
        if args.scale == "native":
            from core.scale import native  # noqa: PLC0415 - only when asked for

            result = native(result, a, b)
        if args.report:
            from core.reports import make_report, write_report  # noqa: PLC0415 - only when asked
            from core.result import Request  # noqa: PLC0415 - the same

            report = make_report(Request(a, b, settings), result)
            for path in args.report:
                write_report(report, path)
    if args.json:
        _write_json(result, args.json)
    if not args.quiet and args.json != "-":
        _print(result, metadata=args.metadata)
    nothing = not result.pixels and not result.differs
    return NOTHING if nothing else int(result.differs)


def _show_share(share: float) -> None:
    """Show on a terminal how much of large pictures is read; at the end the line is empty again."""
    text = f"reading {share:.0%}" if share < 1.0 else ""
    sys.stderr.write(f"\r{text:<12}\r")
    sys.stderr.flush()


def _write_json(result: Result, path: str) -> None:
    from core.atomic import replacing  # noqa: PLC0415 - only when asked for
    from core.reports._json import text  # noqa: PLC0415 - the same

    document = text(result)
    if path == "-":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # JSON is UTF-8
        sys.stdout.write(document)
        return
    with replacing(path, "JSON file") as temporary:
        temporary.write_text(document, encoding="utf-8")


def _print(result: Result, *, metadata: bool) -> None:
    from cli.text import Paint, lines  # noqa: PLC0415 - not with --json - or --quiet

    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print("\n".join(lines(result, Paint(on=colours), metadata=metadata)))


@contextlib.contextmanager
def _interruptible(token: Token) -> Iterator[None]:
    """Let Ctrl-C stop the workers too, so that the program ends at once."""

    def stop(*_: object) -> None:
        token.cancel()
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not on the main thread, where no signal arrives
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
