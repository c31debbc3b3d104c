"""What a person can set about the analysis of a sequence.

These are no part of `Settings`: they say how frames are watched, not how two pictures are compared,
so the registry does not list them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from core.measures.histogram import KL_LIMIT
from core.settings import Params, ui


class Against(StrEnum):
    """What each frame is compared with."""

    PREVIOUS = "previous"
    FIRST = "first"
    REFERENCE = "reference"
    BACKGROUND = "background"


class Model(StrEnum):
    """How the background is known."""

    DEVIATION = "deviation"
    MOG2 = "mog2"
    KNN = "knn"


class Shake(StrEnum):
    """How the camera may move between frames."""

    NONE = "none"
    TRANSLATION = "translation"
    SIMILARITY = "similarity"


class Flow(StrEnum):
    """How motion is measured."""

    NONE = "none"
    POINTS = "points"
    DENSE = "dense"


class Preset(StrEnum):
    """How much time dense flow takes."""

    ULTRAFAST = "ultrafast"
    FAST = "fast"
    MEDIUM = "medium"


@dataclass(frozen=True, kw_only=True)
class SequenceParams(Params):
    """How the frames of a sequence are compared, and what they are named."""

    name: ClassVar[str] = "sequence"
    title: ClassVar[str] = "Sequence"
    about: ClassVar[str] = "How the frames of a sequence are compared, and what they are named."
    toggle: ClassVar[bool] = False

    against: Against = field(
        default=Against.PREVIOUS,
        metadata=ui(
            "Compare with",
            "What each frame is compared with; verdicts always look at consecutive frames.",
            choices={
                "previous": "the frame before", "first": "the first frame",
                "reference": "a reference", "background": "the background",
            },
            primary=True,
        ),
    )  # fmt: skip
    tolerance: float = field(
        default=10.0,
        metadata=ui(
            "Tolerance", "A pixel has changed when a channel differs by more.", 0, 255, step=1,
            unit="levels",
        ),
    )  # fmt: skip
    gray: bool = field(
        default=False,
        metadata=ui("Gray", "Compares brightness only (Rec. 709 luma): faster, blind to hue."),
    )
    light: bool = field(
        default=False,
        metadata=ui(
            "Follow the light",
            "Takes a gain and a bias out of every frame, so that slow changes of light are none.",
        ),
    )
    shake: Shake = field(
        default=Shake.NONE,
        metadata=ui(
            "Follow the camera",
            "Takes the camera's own movement out of every frame; things that move are left.",
            choices={"none": "no", "translation": "shifts", "similarity": "shifts and turns"},
        ),
    )
    model: Model = field(
        default=Model.DEVIATION,
        metadata=ui(
            "Background",
            "How the background is known: mean and deviation of each pixel, or a mixture model.",
            choices={"deviation": "mean ± k·σ", "mog2": "MOG2", "knn": "KNN"},
            only_for=("background",),
        ),
    )
    k: float = field(
        default=4.0,
        metadata=ui(
            "k",
            "A pixel is foreground when a channel is more than k deviations off the mean.",
            0.5,
            50,
            step=0.5,
            only_for=("background",),
            only_when=("model", "deviation"),
        ),
    )
    window: int = field(
        default=50,
        metadata=ui(
            "Learn for", "Frames from which the background is learned; none is judged before.",
            2, 10_000, step=1, unit="frames", only_for=("background",),
        ),
    )  # fmt: skip
    forget: float = field(
        default=0.01,
        metadata=ui(
            "Forget",
            "Weight of each frame once the background is learned; 0 keeps it as it is.",
            0,
            1,
            step=0.01,
            only_for=("background",),
        ),
    )
    shadows: bool = field(
        default=False,
        metadata=ui(
            "Shadows", "MOG2 and KNN tell shadows from things; shadows are then no foreground.",
            only_for=("background",),
        ),
    )  # fmt: skip
    clean: int = field(
        default=1,
        metadata=ui(
            "Clean up",
            "Radius of the opening, then closing, of the foreground; 0 leaves single pixels.",
            0,
            20,
            step=1,
            unit="px",
            only_for=("background",),
        ),
    )
    min_area: int = field(
        default=16,
        metadata=ui(
            "Smallest thing", "Groups of fewer foreground pixels are not followed.",
            1, 1_000_000, step=1, unit="px", only_for=("background",),
        ),
    )  # fmt: skip
    flow: Flow = field(
        default=Flow.NONE,
        metadata=ui(
            "Motion",
            "How far things move from frame to frame: at good points, or everywhere.",
            choices={"none": "not measured", "points": "at points", "dense": "everywhere"},
        ),
    )
    preset: Preset = field(
        default=Preset.ULTRAFAST,
        metadata=ui(
            "Flow preset",
            "How much time dense flow takes for its accuracy.",
            choices={"ultrafast": "ultrafast", "fast": "fast", "medium": "medium"},
            only_when=("flow", "dense"),
        ),
    )
    steady_flow: bool = field(
        default=False,
        metadata=ui(
            "Without the camera",
            "Takes the movement that most of the picture shares out of the motion.",
        ),
    )
    moving: float = field(
        default=1.0,
        metadata=ui("Moving", "What moves farther counts as moving.", 0, 1000, unit="px"),
    )
    kl_limit: float = field(
        default=KL_LIMIT,
        metadata=ui(
            "Corrupted over",
            "A frame whose histogram is farther than this from the last sound one is corrupted.",
            0,
            20,
            step=0.05,
            unit="nats",
        ),
    )
    spread: float = field(
        default=6.0,
        metadata=ui(
            "Unusual over",
            "A frame is unusual that is over the median of the last ones by so many MADs.",
            1,
            1000,
            step=1,
        ),
    )
    memory: int = field(
        default=50,
        metadata=ui(
            "Remember", "Frames from which the usual is learned.", 5, 1000, step=1, unit="frames"
        ),
    )
    frozen_after: int = field(
        default=3,
        metadata=ui(
            "Frozen after", "So many repeats in a row are a frozen picture, fewer are duplicates.",
            1, 1000, step=1, unit="frames",
        ),
    )  # fmt: skip
    gap: float = field(
        default=1.5,
        metadata=ui(
            "Dropped over", "Frames are missing where more time passes than so many frames take.",
            1.05, 100, step=0.1, unit="frames",
        ),
    )  # fmt: skip
