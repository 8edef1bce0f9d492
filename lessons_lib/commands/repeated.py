"""Lessons with several base seeds: every result is kept as soon as it is there, and a stopped run goes on from there.

A result belongs to the code of the notebook, the library, the bundled data, the versions of the libraries, the seed
and the embeddings. If one of them changes, the lesson runs again. Lessons that stopped with an error always do.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lessons_lib.commands.checkout import find_checkout
from lessons_lib.commands.execution import Outcome, read_without_outputs
from lessons_lib.commands.side_by_side import OnCell, Order, run_orders

LIBRARIES = ("numpy", "scipy", "scikit-learn", "gensim", "torch", "transformers", "faiss-cpu")  # numbers depend on them


def run_kept(
    orders: Sequence[Order], jobs: int, fresh: bool, on_cell: OnCell, on_end: Callable[[Order, Outcome, bool], None]
) -> dict[tuple[str, int], Outcome]:
    """Run lessons that have no kept result, and return what came of all.

    Parameters
    ----------
    orders : sequence of Order
        What to run.
    jobs : int
        How many run at a time.
    fresh : bool
        Run those that have a kept result, too.
    on_cell : callable
        Called as ``on_cell(order, cells_done, cells_total)``.
    on_end : callable
        Called as ``on_end(order, outcome, kept)``; ``kept`` says that it was not run now.

    Returns
    -------
    dict
        (name of the lesson, seed) -> outcome.
    """
    outcomes, missing = {}, []
    places = {order: place(order) for order in orders}  # of what runs now, even if a file changes meanwhile
    for order in orders:
        if not fresh and (outcome := read(places[order])):
            outcomes[order.path.stem, order.seed] = outcome
            on_end(order, outcome, True)
        else:
            missing.append(order)
    with closing(run_orders(missing, jobs, on_cell)) as results:
        for order, outcome in results:
            if not outcome.error:
                write(places[order], json.dumps(asdict(outcome), indent=1, ensure_ascii=False))
            outcomes[order.path.stem, order.seed] = outcome
            on_end(order, outcome, False)
    return outcomes


def folder() -> Path:
    """Return the folder of kept results: ``build/claims`` of the checkout, or of the present folder without one."""
    return (find_checkout() or Path.cwd()) / "build" / "claims"


def place(order: Order) -> Path:
    """Return the file of a kept result, whose name holds all that the result depends on as one sum."""
    parts = [surroundings(), code_sum(order.path), str(order.seed), *(f"{k}={v}" for k, v in order.settings.items())]
    total = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return folder() / f"{order.path.stem}-seed-{order.seed}-{total}.json"


def code_sum(path: Path) -> str:
    """Return the SHA-256 of the code cells of a notebook: prose and outputs change no result."""
    cells = [cell.source for cell in read_without_outputs(path).cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(cells).encode()).hexdigest()


@cache
def surroundings() -> str:
    """Return the SHA-256 of what every lesson uses: library (not its commands), data registry, versions."""
    package = Path(__file__).resolve().parents[1]
    modules = [path for path in sorted(package.rglob("*.py")) if package / "commands" not in path.parents]
    total = hashlib.sha256(json.dumps(versions()).encode())
    for path in [*modules, *(base / "data" / "registry.json" for base in (package, package.parent))]:
        if path.is_file():
            total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Return the installed versions of the libraries that numbers depend on."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def read(path: Path) -> Outcome | None:
    """Return a kept result, None if there is none or it is damaged."""
    try:
        return Outcome(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(path: Path, text: str) -> None:
    """Write a file to the side, then move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
