"""For every test: a learner's folder of its own, plain text instead of widgets, nothing from the developer's shell.

What can be made again is kept in the cache of pytest: the user's is never touched, and no run begins from nothing.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OF_THE_SHELL = ("LESSONS_STRICT", "LESSONS_SEED", "JUPYTER_TOKEN")


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before anything is collected, so that doctests and kernels have it too."""
    home = tempfile.mkdtemp(prefix="lessons-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for variable in OF_THE_SHELL:
        os.environ.pop(variable, None)
    os.environ |= {"LESSONS_HOME": home, "LESSONS_PLAIN": "1"}
    if not hasattr(config, "workerinput"):  # workers inherit it: what one has made, all read, and the next run too
        kept = config.cache.mkdir("lessons") if hasattr(config, "cache") else Path(home, "cache")
        os.environ["LESSONS_CACHE"] = str(kept)


@pytest.fixture(scope="session")
def processor_seconds() -> Callable[[list[str]], float]:
    """Return a function that runs a command five times and returns the least processor time, in seconds.

    Processor time is what the command costs; wall time would tell how busy the machine is with other tests.
    """

    def measure(command: list[str]) -> float:
        times = []
        for _ in range(5):
            before = os.times()
            subprocess.run(command, check=True, capture_output=True)
            after = os.times()
            times.append(sum(after[2:4]) - sum(before[2:4]))  # user and system time of finished children
        return min(times)

    return measure


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a test a record of its own, in which wrong answers are reported and not raised; return its folder."""
    monkeypatch.setenv("LESSONS_HOME", str(tmp_path))
    monkeypatch.delenv("LESSONS_STRICT", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return ROOT
