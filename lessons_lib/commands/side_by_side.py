"""Run lessons, one or several at a time, each in a program of its own that ends when this one does."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from lessons_lib.commands.execution import Outcome

SECONDS_TO_END = 20  # a lesson that was told to stop and has not is killed


@dataclass(frozen=True)
class Order:
    """What to run: a notebook, its base seed (None: its own), and what its settings say instead."""

    path: Path
    seed: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        """The lesson, and the seed if it is not the lesson's own.

        Examples
        --------
        >>> Order(Path("01_vectors.ipynb"), 3).label
        '01_vectors, seed 3'
        """
        return self.path.stem if self.seed is None else f"{self.path.stem}, seed {self.seed}"


OnCell = Callable[[Order, int, int], None]


def run_orders(orders: Sequence[Order], jobs: int, on_cell: OnCell) -> Iterator[tuple[Order, Outcome]]:
    """Run lessons, ``jobs`` at a time; yield each with what came of it as soon as it has ended.

    Whatever ends the loop early, Ctrl-C too, stops the lessons that run: close the generator (``contextlib.closing``).
    """
    running = Running()
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(running.run, order, on_cell): order for order in orders}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            for future in waiting:
                future.cancel()
            running.stop()


class Running:
    """The programs that run now."""

    def __init__(self) -> None:
        self._programs: set[subprocess.Popen] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def run(self, order: Order, on_cell: OnCell) -> Outcome:
        """Run one lesson to its end in a program that Ctrl-C does not reach."""
        request = {"path": str(order.path.resolve()), "seed": order.seed, "settings": dict(order.settings)}
        command = [sys.executable, "-m", "lessons_lib.commands.one_lesson", json.dumps(request)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as complaints,
            subprocess.Popen(command, **pipes, stderr=complaints, text=True, start_new_session=True) as program,
        ):
            with self._lock:
                self._programs.add(program)
                stopped = self._stopped
            if stopped:
                end(program)
            outcome = listen(program, lambda done, total: on_cell(order, done, total))
            code = program.wait()
            with self._lock:
                self._programs.discard(program)
            if outcome is None:
                complaints.seek(0)
                lines = complaints.read().strip().splitlines() or ["it said nothing"]
                error = f"the program that executes it, which ended with code {code}: {lines[-1][:300]}"
                return Outcome(order.path.stem, [], 0.0, 0.0, error)
        return outcome

    def stop(self) -> None:
        """End the programs that run, and those that a thread is about to start."""
        with self._lock:
            self._stopped = True
            programs = list(self._programs)
        for program in programs:
            program.stdin.close()
        for program in programs:
            end(program)


def listen(program: subprocess.Popen, on_cell: Callable[[int, int], None]) -> Outcome | None:
    """Read what a program says; return its outcome, None if it ended without one."""
    outcome = None
    for line in program.stdout:
        try:
            said = json.loads(line)
        except ValueError:
            continue  # a library that prints
        if "cells" in said:
            on_cell(*said["cells"])
        elif "outcome" in said:
            outcome = Outcome(**said["outcome"])
    return outcome


def end(program: subprocess.Popen) -> None:
    """Tell a program that nobody waits for it, and kill it if it does not end; its kernel ends with it."""
    program.stdin.close()
    try:
        program.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        program.kill()
