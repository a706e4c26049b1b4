"""Keep drawn pictures for a while: drawing one takes a hundred times as long as giving it again."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache

__all__ = ["KeptPictures", "kept_pictures"]

MOST_BYTES = 32_000_000
"""Room for some five hundred pictures."""


class KeptPictures:
    """Hold the pictures asked for last, up to ``most_bytes``. One is drawn at a time: drawing holds the interpreter anyway."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._turn = threading.Lock()

    def get(self, key: str, draw: Callable[[], bytes]) -> bytes:
        """Give the picture of a key, drawn only if it is not kept; two who ask at once wait for one drawing."""
        with self._turn:
            found = self._kept.pop(key, None)
            if found is None:
                found = draw()
                self._bytes += len(found)
            self._kept[key] = found
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
            return found


@cache
def kept_pictures() -> KeptPictures:
    """Give the pictures of this process. Keys are digests of all that is drawn, so several applications may share them."""
    return KeptPictures()
