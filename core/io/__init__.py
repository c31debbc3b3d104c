"""Reading pictures: still ones of any common, film or science format.

Decoders are loaded when the first file of their kind is opened.
"""

from core.io.decoded import MAX_BYTES
from core.io.kinds import suffixes
from core.io.stills import open_image, open_pair

__all__ = ["MAX_BYTES", "open_image", "open_pair", "suffixes"]
