"""``lessons fetch``: download a set of vectors or a model of the catalogue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer


def fetch(
    names: Annotated[list[str], typer.Argument(help="Names of the catalogue: lessons sources lists them.")],
    renew: Annotated[
        bool, typer.Option("--renew", help="Download again, and accept another file than the first time.")
    ] = False,
) -> None:
    """Download vectors or models; what is there already is not asked for again."""
    from lessons_lib.commands.checkout import stop
    from lessons_lib.sources import FetchError, fetched_path, find
    from lessons_lib.sources import fetch as get

    try:
        for source in [find(name) for name in names]:
            if not renew and (path := fetched_path(source.name)):
                typer.echo(f"{source.name} is here: {path}")
                continue
            if source.kind == "model":  # the hub's client shows bars of its own
                get(source.name, renew, typer.echo)
                continue
            with download_bar(source.name) as on_progress:
                get(source.name, renew, typer.echo, on_progress)
    except KeyError as error:
        stop(error.args[0], code=2)
    except FetchError as error:
        stop(str(error))
    except KeyboardInterrupt:
        stop("Stopped. Run the same command again: it goes on from here.", code=130)


@contextmanager
def download_bar(name: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar with bytes, speed and time left while the block runs; yield ``on_progress(done, total)``."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), transient=True) as progress:
        tasks = []

        def on_progress(done: int, total: int | None) -> None:
            if not tasks:
                tasks.append(progress.add_task(name, total=total))
            progress.update(tasks[0], completed=done, total=total)

        yield on_progress
