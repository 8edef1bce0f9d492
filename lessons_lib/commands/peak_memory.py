"""The most memory that a process and its children take, looked at many times a second."""

import threading

SECONDS_A_SAMPLE = 0.05  # between two looks


class PeakMemory:
    """Sample the resident memory of a process and its children from ``watch`` to the end of a ``with`` block.

    Attributes
    ----------
    peak : int
        The largest sum seen, in bytes.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "PeakMemory":
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        if self._thread:
            self._thread.join()

    def watch(self, pid: int) -> None:
        """Begin to sample the process ``pid``."""
        self._thread = threading.Thread(target=self._sample, args=(pid,), daemon=True)
        self._thread.start()

    def _sample(self, pid: int) -> None:
        import psutil

        try:
            kernel = psutil.Process(pid)
            while not self._done.wait(SECONDS_A_SAMPLE):
                family = [kernel, *kernel.children(recursive=True)]
                self.peak = max(self.peak, sum(resident(process) for process in family))
        except psutil.NoSuchProcess:
            return  # the kernel has ended, and so has the watch


def resident(process: "psutil.Process") -> int:  # noqa: F821 (imported where it is used)
    """Return the resident memory of a process in bytes, 0 if it has just ended."""
    import psutil

    try:
        return process.memory_info().rss
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
