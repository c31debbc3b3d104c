"""Style, icons, samples, recipes and report templates."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return where a resource lies.

    Parameters
    ----------
    name
        Path below this folder with forward slashes, e.g. ``"style.qss"`` or ``"icons/open.svg"``;
        a folder is a resource too.

    Raises
    ------
    FileNotFoundError
        There is no such resource.
    """
    found = _FOLDER.joinpath(name)
    if not found.exists():
        raise FileNotFoundError(f"Pairlens has no resource “{name}”; is the installation complete?")
    return found


def sample_pair(name: str = "desk") -> tuple[Path, Path]:
    """Return the pictures A and B of a sample pair.

    Parameters
    ----------
    name
        ``"desk"`` (a photograph-like still life) or ``"screenshot"``.

    Raises
    ------
    FileNotFoundError
        There is no such pair.
    """
    folder = _FOLDER / "samples"
    a, b = (next(folder.glob(f"{name}-{side}.*"), None) for side in "ab")
    if a is None or b is None:
        names = ", ".join(sorted(p.stem[:-2] for p in folder.glob("*-a.*")))
        raise FileNotFoundError(f"There is no sample pair “{name}”; there are: {names}.")
    return a, b
