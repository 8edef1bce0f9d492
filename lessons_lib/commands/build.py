"""``lessons build``: authoring/ becomes notebooks/, exercises/, solutions/; the work is done by authoring/build.py."""

from typing import Annotated

import typer

from lessons_lib.commands.bars import cell_bars
from lessons_lib.commands.checkout import checkout, stop


def build(
    lessons: Annotated[
        list[str] | None, typer.Argument(help="Numbers (1) or names (01_vectors); without them, all.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only tell what differs from the sources.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Execute lessons again that did not change.")] = False,
) -> None:
    """Build notebooks, exercises and solutions from their sources; --check exits with 1 if they differ."""
    root = checkout("build", "the sources")
    if check and (lessons or everything):
        stop("--check looks at all lessons and executes none: leave out the lessons and --all.", code=2)
    try:
        from authoring.build import BuildError, build_course, find_drift
    except ImportError as error:
        stop(f"The builder cannot be imported ({error}). Install what it needs: python course.py build")
    if check:
        drift = find_drift(root)
        if drift:
            stop("\n".join([*drift, f"{len(drift)} differ from their sources."]))
        typer.echo("Notebooks, exercises and solutions agree with their sources.")
        return
    with cell_bars() as on_cell:
        try:
            written = build_course(root, everything=everything, only=lessons or None, on_cell=on_cell)
        except BuildError as error:
            stop(str(error))
    typer.echo("\n".join(f"written: {path}" for path in written) or "Nothing has changed.")
