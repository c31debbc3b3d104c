"""Commands about sequences; rows of `gui.command_table`."""

from __future__ import annotations

from typing import Final

from gui.command import Command

OPEN_ROWS: Final = (
    Command(
        "open_sequence",
        "File",
        "Open sequence…",
        "Choose a video, or two videos to compare frame by frame",
        ("Ctrl+Shift+O",),
        separator=True,
    ),
    Command(
        "open_frames",
        "File",
        "Open folder as sequence…",
        "Choose a folder whose pictures are the frames",
        ("Ctrl+Alt+O",),
    ),
    Command(
        "open_stream",
        "File",
        "Open camera or stream…",
        "Give the address of a camera, a stream or a folder that is being filled",
    ),
    Command(
        "as_sequence",
        "File",
        "Pages as sequence",
        "Show the pages of the open files as the frames of a sequence",
    ),
    Command(
        "close_sequence", "File", "Close sequence", "Let go of the sequence; its frames stay", ()
    ),
)
SEQUENCE_ROWS: Final = (
    Command("play", "Sequence", "Play or pause", "Play the sequence, or stop", ("J",), "play"),
    Command("frame_next", "Sequence", "Next frame", "Go one frame on", (".",), yields=True),
    Command(
        "frame_previous", "Sequence", "Previous frame", "Go one frame back", (",",), yields=True
    ),
    Command("frame_first", "Sequence", "First frame", "Go to the first frame", ("Ctrl+Home",)),
    Command("frame_last", "Sequence", "Last frame", "Go to the last frame", ("Ctrl+End",)),
    Command(
        "event_next",
        "Sequence",
        "Next event",
        "Go to where something happens next",
        ("Ctrl+Right",),
        separator=True,
    ),
    Command(
        "event_previous",
        "Sequence",
        "Previous event",
        "Go to where something happened before",
        ("Ctrl+Left",),
    ),
    Command(
        "range_from",
        "Sequence",
        "Range from here",
        "Play and loop from this frame on",
        ("[",),
        separator=True,
    ),
    Command("range_to", "Sequence", "Range to here", "Play and loop up to this frame", ("]",)),
    Command("range_clear", "Sequence", "Whole sequence", "Play and loop all frames", ("\\",)),
    Command(
        "standing",
        "Sequence",
        "Show what stands out",
        "Tint what differs from the background or the golden model, and follow it by numbers",
        ("Shift+F",),
        check=True,
        separator=True,
    ),
    Command(
        "distances",
        "Sequence",
        "Distances between frames…",
        "A map of how far every frame is from every other; click a place to compare the two",
        ("Ctrl+Shift+D",),
        separator=True,
    ),
    Command(
        "find_offset",
        "Sequence",
        "Find the offset of B",
        "Look for the frames of B that show the same as those of A",
    ),
    Command(
        "reference",
        "Sequence",
        "Compare with a picture or golden model…",
        "Compare every frame with one picture, or with a model learned from many",
    ),
    Command(
        "frame_reference",
        "Sequence",
        "Compare with this frame",
        "Compare every frame with the one that is shown",
        ("Ctrl+Alt+R",),
    ),
    Command(
        "approve",
        "Sequence",
        "Approve this frame…",
        "Add the frame to a golden model: what approved pictures look like, pixel by pixel",
    ),
    Command(
        "analyse",
        "Sequence",
        "Analyse again",
        "Go on looking at every frame",
        separator=True,
    ),
    Command(
        "export_sequence",
        "Sequence",
        "Export sequence report…",
        "Write curves, events and verdicts as HTML or JSON",
        ("Ctrl+Shift+E",),
    ),
    Command(
        "keep_changed",
        "Sequence",
        "Keep changed frames…",
        "Store each frame that changed, or with which an event begins, as PNG in a folder",
    ),
)
