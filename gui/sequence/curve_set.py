"""Which curves there are of a sequence, and what each is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from core.catalogue import entries
from core.jury.scale import limits_of, words_of
from core.sequence.curves import LIMIT
from core.sequence.series import filled
from gui.timeline.curves import Curve

if TYPE_CHECKING:
    from core.sequence.params import SequenceParams
    from core.sequence.series import Series

MEASURE: Final = "measure:"
"""Before the name of a measure, so that no name stands for two curves."""
_VISIBLE: Final = 3
"""The level of the jury whose beginning is drawn as a limit."""
LABELS: Final = {
    "changed_share": ("Changed pixels", ""),
    "l1_per_pixel": ("Manhattan norm / px", "levels"),
    "foreground_share": ("Foreground", ""),
    "hist_kl": ("Histogram, KL before‖this", "nats"),
    "flow_mean_px": ("Motion, mean", "px"),
    "flow_p95_px": ("Motion, 95th percentile", "px"),
    "flow_moving": ("Moving", ""),
    "camera_px": ("Camera moved", "px"),
    "camera_moving": ("Moving besides the camera", ""),
}


def choices(series: Series) -> tuple[tuple[str, str], ...]:
    """Return (name, label) of all curves: what the pass has made, then every measure."""
    made = set(series.names)
    own = tuple((n, label) for n, (label, _) in LABELS.items() if n in made)
    return (*own, *((MEASURE + name, entry.label) for name, entry in entries().items()))


def usual(series: Series) -> tuple[str, ...]:
    """Return the curves that are shown unasked: what differs, and how its histogram follows."""
    made = set(series.names)
    first = next((n for n in ("foreground_share", "changed_share") if n in made), "")
    return tuple(n for n in (first, "hist_kl") if n in made)


def curve(
    name: str, series: Series, params: SequenceParams, over: float,
    measured: dict[str, dict[int, float]], *, paired: bool, lab: bool = False,
) -> Curve | None:  # fmt: skip
    """Return a curve as it is known now; None when nothing of it is.

    Parameters
    ----------
    name
        One of `choices`.
    series, measured
        What is known.
    params, over
        Where the limits come from; `over` is the share from which a frame has changed.
    paired
        Whether frames are compared with those of another sequence: then nothing is learned of what
        follows what.
    lab
        Whether measures are made of a difference that is taken in Lab: many have another unit then,
        and a limit is drawn only where it means something.
    """
    if name.startswith(MEASURE):
        return _measure(name.removeprefix(MEASURE), measured, lab=lab)
    label, unit = LABELS[name]
    if name == "hist_kl" and paired:
        label = "Histogram, KL A‖B"
    limits: tuple[tuple[str, float], ...] = ()
    learned = None
    if name in ("changed_share", "foreground_share"):
        limits = (("changed", over),)
    elif name == "hist_kl":
        limits = (("corrupted", params.kl_limit),)
        learned = None if paired else series.values(LIMIT)
    elif name in ("flow_mean_px", "flow_p95_px"):
        limits = (("moving", params.moving),)
    return Curve(name, label, unit, series.first, series.values(name), limits, learned)


def _measure(name: str, measured: dict[str, dict[int, float]], *, lab: bool) -> Curve | None:
    values = measured.get(name)
    if not values:
        return None
    entry = entries(lab=lab)[name]
    row = limits_of(name, entry.unit, lab=lab)
    first, array = filled(values)
    limits: tuple[tuple[str, float], ...] = ()
    if row is not None:
        limits = ((words_of(row.aspect)[_VISIBLE], row.ends[_VISIBLE - 2]),)
    better: Literal["lower", "higher"] = "higher" if entry.better == "higher" else "lower"
    return Curve(MEASURE + name, entry.label, entry.unit, first, array, limits, better=better)
