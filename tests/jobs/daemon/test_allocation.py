"""Large pages leave no memory behind."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

MEBIBYTES = 8

_GROWTH = f"""
from pathlib import Path
from jobs.daemon.allocation import return_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if {{is_given_back}}:
    return_large_blocks()
del_first = b"x" * ({MEBIBYTES} << 20)
del del_first
before, kept = resident(), []
for _ in range(3):
    pages = [b"x" * ({MEBIBYTES - 1} << 20) for _ in range(4)]
    kept.append(b"x" * 100_000)  # what lies above them
    del pages
print(resident() - before)
"""


def growth(*, is_given_back: bool) -> float:
    """MiB that a process has more after it held some large blocks."""
    script = _GROWTH.format(is_given_back=is_given_back)
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    return int(ran.stdout) / (1 << 20)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other ways")
def test_large_blocks_are_given_back() -> None:
    assert growth(is_given_back=True) < 1
    assert growth(is_given_back=False) > MEBIBYTES, "the C library does it by itself now"
