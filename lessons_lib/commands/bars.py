"""Progress bars: one for each notebook, counted in cells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def cell_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each notebook while the block runs; yield ``on_cell(notebook, cells_done, cells_total)``."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("cells"))
    with Progress(*columns, TimeElapsedColumn()) as progress:
        tasks = {}

        def on_cell(notebook: str, done: int, total: int) -> None:
            if notebook not in tasks:
                tasks[notebook] = progress.add_task(notebook, total=total)
            progress.update(tasks[notebook], completed=done, total=total)

        yield on_cell
