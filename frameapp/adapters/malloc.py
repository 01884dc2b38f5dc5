"""How this process keeps memory: pictures come and go by the megabyte, and a fresh page costs more than a copy.

What is loaded before the work begins stays to the end, so Python need not look through it for garbage again and again.
"""

import ctypes
import gc
import sys

# https://man7.org/linux/man-pages/man3/mallopt.3.html
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT = 64 << 20
_LARGEST = 32 << 20  # glibc takes no more


def keep_memory() -> None:
    """Exempt what there is from garbage collection; let glibc keep up to 64 MB of freed memory for the next picture."""
    gc.collect()
    gc.freeze()
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, _KEPT)
        mallopt(_MMAP_THRESHOLD, _LARGEST)
