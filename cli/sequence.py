"""``pairlens sequence SOURCE [SOURCE_B]``: what happens in a video, a folder, a camera."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, Final

from cli import reading
from cli.flags import Parser, UsageError, add_field
from core.sequence.params import Against, SequenceParams

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT = "Looks at a sequence frame by frame and tells what changes, and what is wrong with it."
AFTER = """\
SOURCE is a video, a folder of pictures, a pattern (f_%04d.png, "shots/*.tif"), a file of several
pages or a still; or live, until Ctrl-C: camera:0, rtsp://…, http://…, watch:FOLDER (pictures as
they are written). Frames are counted from 0.
A frame has changed when its share of foreground (against a background) or else of changed pixels
is over --changed-over. With SOURCE_B frame i of SOURCE is compared with frame i + offset of it, or
with the one nearest in time where the rates differ; then only --tolerance and --gray apply.
Ctrl-C and SIGTERM end a run as its last frame would: files are whole, and --resume goes on.
--resume keeps the frames that are settled in the JSON file, and reads the last ones before the gap
again, only to learn from them; a background is learned anew, so its numbers may differ a little.
Exit status: 0 no change and no event, 1 there are some, 2 trouble. Frames that cannot be read are
named and passed over."""
PAIRED: Final = ("tolerance", "gray")
"""Parameters that have an effect between two sequences."""


def parser() -> Parser:
    """Return the parser of this command."""
    import argparse  # noqa: PLC0415 - the formatter's name; cli.flags has loaded it already

    made = Parser(
        prog="pairlens sequence",
        description=ABOUT,
        epilog=AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("source", metavar="SOURCE", help="where frames come from; see below")
    made.add_argument(
        "source_b", metavar="SOURCE_B", nargs="?",
        help="a second sequence, with which the first one is compared",
    )  # fmt: skip
    made.add_argument(
        "--json", metavar="FILE|-",
        help="write every frame, event and the summary as JSON, as they come; - writes them to the"
        " terminal",
    )  # fmt: skip
    made.add_argument("--report", metavar="FILE.html", help="write a report for people")
    made.add_argument(
        "--events", metavar="FILE|-",
        help="write the events: .csv or .json; - writes CSV to the terminal",
    )  # fmt: skip
    made.add_argument(
        "--keep-changed", metavar="FOLDER",
        help="store as PNG each frame that changed, or with which an event starts that is"
        " neither a repeat nor a gap",
    )  # fmt: skip
    made.add_argument(
        "--changed-over", metavar="SHARE", default="0.001",
        help="share of the pixels over which a frame has changed. Default: 0.001.",
    )  # fmt: skip
    made.add_argument(
        "--resume", action="store_true", help="go on where the file of --json was interrupted"
    )
    made.add_argument(
        "--reference", metavar="FILE",
        help="what --against reference compares with: a picture, a golden model, or a frame of the"
        " sequence, as frame:117",
    )  # fmt: skip
    made.add_argument(
        "--offset", metavar="N|auto",
        help="frame i is compared with frame i + N of SOURCE_B; auto finds N by what both show."
        " Default: 0.",
    )  # fmt: skip
    made.add_argument("--start", metavar="N", default="0", help="the first frame. Default: 0.")
    made.add_argument("--count", metavar="N", help="so many frames at most")
    made.add_argument(
        "--every", metavar="N", default="1", help="only every so many-th frame. Default: 1."
    )
    made.add_argument("-q", "--quiet", action="store_true", help="print nothing; see exit status")
    made.set_defaults(changes=[])
    group = made.add_argument_group(SequenceParams.title, SequenceParams.about)
    for field, control in SequenceParams.ui_fields().items():
        add_field(group, SequenceParams, field, control, f"--{field.replace('_', '-')}")
    reading.add(made)
    return made


def run(words: Sequence[str]) -> int:
    """Do what the words after ``sequence`` say; return the exit status."""
    args, left = parser().parse_known_args(words)
    if left:
        raise UsageError(_not_understood(left[0]))
    how = reading.of(args)
    params = params_of(args)
    for name in ("start", "every"):
        setattr(args, name, _whole(f"--{name}", getattr(args, name), 1 if name == "every" else 0))
    args.count = None if args.count is None else _whole("--count", args.count, 1)
    args.changed_over = _share(args.changed_over)
    _check(args)
    from cli.sequence_run import Run  # noqa: PLC0415 - a wrong command line is said without it

    gc.enable()  # all modules are loaded, and a sequence may be long
    with Run(args, params, how, words) as going:
        return going.run()


def params_of(args: Any) -> SequenceParams:
    """Return the parameters that the flags say.

    Raises
    ------
    UsageError
        When some do not go together.
    """
    changes = {field: value for _, field, value in args.changes}
    if args.reference is not None:
        if changes.setdefault("against", Against.REFERENCE) != Against.REFERENCE:
            raise UsageError("--reference goes with --against reference only; leave one of them.")
    elif changes.get("against") == Against.REFERENCE and args.source_b is None:
        raise UsageError("--against reference needs --reference FILE.")
    if args.source_b is not None:
        idle = [name for name in changes if name not in PAIRED]
        if idle:
            flag = "reference" if args.reference is not None else idle[0].replace("_", "-")
            raise UsageError(f"--{flag} has no effect between two sequences; leave it out.")
    elif args.offset is not None:
        raise UsageError("--offset needs a second sequence.")
    return SequenceParams(**changes)


def _check(args: Any) -> None:
    """Say what is wrong before any work is done."""
    if args.offset not in (None, "auto"):
        args.offset = _whole("--offset", args.offset, None)
    if args.report is not None and not args.report.lower().endswith(".html"):
        raise UsageError(f"“{args.report}” is no name for this report; let it end in .html.")
    if args.events not in (None, "-") and not args.events.lower().endswith((".csv", ".json")):
        raise UsageError(f"“{args.events}” is no name for events; let it end in .csv or .json.")
    if args.json == "-" and args.events == "-":
        raise UsageError("--json and --events cannot both be written to the terminal.")
    if args.resume and args.json in (None, "-"):
        raise UsageError("--resume needs --json FILE, which holds the frames that are done.")


def _whole(flag: str, text: str, low: int | None) -> int:
    try:
        value = int(text)
    except ValueError:
        raise UsageError(f"{flag} needs a whole number, not “{text}”.") from None
    if low is not None and value < low:
        raise UsageError(f"{flag} needs a number from {low} on, not {value}.")
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"--changed-over needs a share between 0 and 1, not “{text}”.")
    return value


def _not_understood(word: str) -> str:
    if word.startswith("-"):
        return f"There is no flag {word}. See pairlens sequence --help."
    return f"Two sequences are compared at most; “{word}” is one too many."
