"""What the C library does with memory that was given back to it."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3  # <malloc.h> of glibc
_LARGE_BYTES = 1 << 20


def return_large_blocks() -> None:
    """Gives large blocks back to the system as soon as they are free.

    glibc raises its own limit for that with the first large block that is freed, up to 32 MiB:
    then each crowd of pages of 8 MiB leaves some 10 MB behind, in holes between what is small.
    Other C libraries have no such call, and keep their ways.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return
    mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
