"""One heap for all threads of this process, where the C library would give each of them its own."""

import ctypes
import sys

# <malloc.h> of the GNU C library.
_M_ARENA_MAX = -8


def share_heap() -> bool:
    """Whether it was possible. A session's messages come and go by the hundred kilobytes, and what one thread has freed
    in its own heap the next one cannot use: fifty hosts at a time hold a quarter more than they need."""
    if sys.platform != "linux":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False  # another C library
    return bool(mallopt(_M_ARENA_MAX, 1))
