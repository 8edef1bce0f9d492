"""Progress bars: one for each notebook, counted in cells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

OnCell = Callable[[str, int, int], None]


@contextmanager
def cell_bars() -> Iterator[OnCell]:
    """Show a bar for each notebook while the block runs; yield ``on_cell(notebook, cells_done, cells_total)``."""
    with passing_bars() as (on_cell, _):
        yield on_cell


@contextmanager
def passing_bars() -> Iterator[tuple[OnCell, Callable[[str, str], None]]]:
    """Show a bar for each notebook while it runs; yield ``on_cell`` and ``on_end(notebook, text)``.

    The second puts a line of text in the place of a bar.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("cells"))
    with Progress(*columns, TimeElapsedColumn()) as progress:
        tasks = {}

        def on_cell(notebook: str, done: int, total: int) -> None:
            if notebook not in tasks:
                tasks[notebook] = progress.add_task(notebook, total=total)
            progress.update(tasks[notebook], completed=done, total=total)

        def on_end(notebook: str, text: str) -> None:
            if notebook in tasks:
                progress.remove_task(tasks.pop(notebook))
            progress.console.print(text, markup=False, highlight=False, soft_wrap=True)

        yield on_cell, on_end
