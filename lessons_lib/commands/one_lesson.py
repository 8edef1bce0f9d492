"""Execute one lesson in a program of its own and print what came of it: ``python -m lessons_lib.commands.one_lesson``.

The only argument is a JSON object with path, seed and settings. Every line that is printed is a JSON object: ``cells``
as they finish, at last the ``outcome``. When standard input ends, whoever waited for the outcome is gone or gives up:
the lesson stops.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from lessons_lib.commands.execution import execute


def main() -> None:
    """Execute the lesson that the argument names."""
    order = json.loads(sys.argv[1])
    threading.Thread(target=end_with_input, daemon=True).start()
    outcome = execute(Path(order["path"]), order["seed"], on_cell, order["settings"])
    tell(outcome=asdict(outcome))


def on_cell(done: int, total: int) -> None:
    """Tell how far the lesson is."""
    tell(cells=[done, total])


def tell(**content: object) -> None:
    """Print one line at once."""
    print(json.dumps(content), flush=True)


def end_with_input() -> None:
    """Wait for the end of standard input, then ask this program to stop; nbclient ends the kernel when it does."""
    while os.read(sys.stdin.fileno(), 1):  # not through its buffer, which a program must not hold when it ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
