"""Reading pictures: still ones of any common, film or science format.

Decoders are loaded when the first file of their kind is opened.
"""

from core.io.address import Address, Part
from core.io.kinds import suffixes
from core.io.limits import Limits
from core.io.stills import open_image, open_pair

__all__ = ["Address", "Limits", "Part", "open_image", "open_pair", "suffixes"]
