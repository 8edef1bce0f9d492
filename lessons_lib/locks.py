"""One writer at a time: a lock file that the system releases when its program ends, however it ends."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

WINDOWS = os.name == "nt"


@contextlib.contextmanager
def one_writer(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs; a second program, or a second thread, waits for its turn.

    Parameters
    ----------
    path : Path
        The lock file; it and its folder are made if they are missing, and the file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as file:
        began, told = time.monotonic(), False
        while not _try_lock(file):
            if not told and time.monotonic() - began > 1:
                print(f"Another program is writing here; waiting for it ({path}). Ctrl-C gives up.", flush=True)
                told = True
            time.sleep(0.02)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    """Lock an open file against other programs; return False if another one holds it."""
    try:
        if WINDOWS:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
