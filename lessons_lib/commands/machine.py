"""What a recorded time was measured on."""

import os
import platform
from pathlib import Path


def processor() -> str:
    """Return the name of the processor and the number of its cores that this process may use.

    Examples
    --------
    >>> " cores" in processor()
    True
    """
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{names[0] if names else platform.machine()}, {cores} cores"
