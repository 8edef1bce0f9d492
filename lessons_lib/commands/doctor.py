"""``lessons doctor``: one line a check, OK or what to do; exit code 1 if something is not in order.

A new check is a function without parameters. It returns a short text of what was found, or raises ``DiagnosisError``
with what is wrong and the remedy. Add it to ``CHECKS``.
"""

import platform
import re
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import typer

from lessons_lib import bundled
from lessons_lib.commands.checkout import find_checkout
from lessons_lib.commands.execution import QUIET_KERNEL

OLDEST_PYTHON = (3, 11)
MEMORY_NEEDED = 2.0  # GB: what Binder gives; a lesson stays below 1 GB
DISK_NEEDED = 1.0  # GB: outputs, caches and the learner's files
SECONDS_FOR_KERNEL = 60


class DiagnosisError(Exception):
    """A check that failed: what was found and what to do."""


def doctor() -> None:
    """Check Python, libraries, memory, disk, bundled files and the kernel."""
    results = [report(name, check) for name, check in CHECKS.items()]
    if not all(results):
        raise typer.Exit(1)


def report(name: str, check: Callable[[], str]) -> bool:
    """Print the line of one check and tell whether all is well."""
    try:
        found, verdict = check(), "OK"
    except DiagnosisError as error:
        found, verdict = str(error), "NOT OK"
    typer.echo(f"{name:<14} {verdict:<7} {found}")
    return verdict == "OK"


def check_python() -> str:
    """Check that Python is new enough."""
    found = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < OLDEST_PYTHON:
        raise DiagnosisError(f"{found}; 3.11 or newer is needed: delete .venv, run course.py with a newer Python")
    return found


def check_libraries() -> str:
    """Check that the installed versions are those that the tests passed with."""
    root = find_checkout()
    if root is None:
        return "installed without the repository: versions are free"
    locked = read_lock((root / "requirements.lock").read_text(encoding="utf-8"))
    found = {name: installed for name in locked if (installed := installed_version(name))}
    if "torch" not in found or "gensim" not in found:
        raise DiagnosisError("torch or gensim is missing: delete .venv and run python course.py doctor")
    differ = [f"{name} {found[name]} (tested: {locked[name]})" for name in found if found[name] != locked[name]]
    if differ:
        raise DiagnosisError(f"{', '.join(differ)}: delete .venv and run python course.py doctor")
    return f"{len(found)} packages in the tested versions"


def read_lock(text: str) -> dict[str, str]:
    r"""Return name -> version of a requirements.lock.

    Examples
    --------
    >>> read_lock("# exact versions\nnumpy==2.4.6\n")
    {'numpy': '2.4.6'}
    """
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, flags=re.MULTILINE))


def installed_version(name: str) -> str | None:
    """Return the installed version without the suffix of a build (``+cpu``), None if the package is not there."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return None


def check_memory() -> str:
    """Check that there is memory for a lesson."""
    import psutil

    free = psutil.virtual_memory().available / 1e9
    if free < MEMORY_NEEDED:
        raise DiagnosisError(f"{free:.1f} GB free; a lesson wants {MEMORY_NEEDED:.0f} GB: close other programs")
    return f"{free:.1f} GB free"


def check_disk() -> str:
    """Check that there is room on the disk that holds the library."""
    free = shutil.disk_usage(bundled.__file__).free / 1e9
    if free < DISK_NEEDED:
        raise DiagnosisError(f"{free:.1f} GB free; the course wants {DISK_NEEDED:.0f} GB: make room")
    return f"{free:.1f} GB free"


def check_bundled_files() -> str:
    """Check that every bundled file is whole."""
    try:
        damaged = [name for name in bundled.registry() if not intact(name)]
    except bundled.DamagedFileError as error:
        raise DiagnosisError(str(error)) from error
    if damaged:
        raise DiagnosisError(f"damaged: {', '.join(damaged)}: restore them: git checkout -- data")
    size = sum(entry["bytes"] for entry in bundled.registry().values()) / 1e6
    return f"{len(bundled.registry())} files, {size:.1f} MB, all checksums right ({bundled.data_folder()})"


def intact(name: str) -> bool:
    """Tell whether a bundled file has the size and the checksum that the registry states."""
    try:
        return bundled.checksum_matches(name)
    except bundled.DamagedFileError:
        return False


def check_kernel() -> str:
    """Check that a notebook kernel starts and answers."""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import start_new_kernel

    try:
        manager, client = start_new_kernel(SECONDS_FOR_KERNEL, "python3", extra_arguments=QUIET_KERNEL)
    except (NoSuchKernel, RuntimeError, OSError) as error:
        raise DiagnosisError(f"{error}: delete .venv and run python course.py doctor") from error
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return "starts and answers"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": check_python,
    "libraries": check_libraries,
    "memory": check_memory,
    "disk": check_disk,
    "bundled files": check_bundled_files,
    "kernel": check_kernel,
}
