"""``lessons test``: ruff and pytest on the whole checkout; further arguments go on to pytest."""

import os
import subprocess
import sys

import typer

from lessons_lib.commands.checkout import checkout

MOST_WORKERS = 8  # each holds torch and a kernel in memory


def test(context: typer.Context) -> None:
    """Check that everything works: ruff, then pytest. Further arguments go on to pytest."""
    root = checkout("test", "the tests")
    for command in commands(context.args):
        code = subprocess.run(command, cwd=root).returncode
        if code:
            raise typer.Exit(code)


def commands(arguments: list[str]) -> list[list[str]]:
    """Return the commands to run, in order.

    Examples
    --------
    >>> [command[2] for command in commands([])]
    ['ruff', 'pytest']
    >>> commands(["-n", "0", "tests/test_text.py"])[1][3:]
    ['--dist', 'loadfile', '-n', '0', 'tests/test_text.py']
    """
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    workers = [] if chosen else ["-n", str(min(os.cpu_count() or 1, MOST_WORKERS))]
    return [
        [sys.executable, "-m", "ruff", "check", "--quiet"],
        [sys.executable, "-m", "pytest", *workers, "--dist", "loadfile", *arguments],
    ]
