"""``lessons cache``: show, check and clear what the course has downloaded or made for speed."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

MEANING = {
    "downloads": "fetched vectors and models",
    "documentation": "tables made from the installed libraries",
    "vectors": "copies of vector files that load at once",
    "known": "which file has which sum",
}


def cache(
    clear: Annotated[
        list[str] | None,
        typer.Option("--clear", help="Delete one line of the table by its name; 'all' deletes everything. Repeatable."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Compute the sums of the downloads again.")] = False,
) -> None:
    """Show what the course keeps on this disk besides its own files; all of it can be made or fetched again."""
    from lessons_lib.commands.checkout import stop
    from lessons_lib.commands.scores import print_table
    from lessons_lib.sources.folders import cache_root, size_text

    parts = contents()
    if clear:
        if unknown := sorted(set(clear) - {"all", *parts}):
            stop(f"Nothing here is called {', '.join(unknown)}. There are: {', '.join(parts) or 'no entries'}", code=2)
        freed = sum(delete(parts[name]) for name in (parts if "all" in clear else clear))
        typer.echo(f"{size_text(freed)} freed.")
        return
    if not parts:
        typer.echo(f"Nothing is kept in {cache_root()}.")
        return
    rows = [[name, size_text(size_of(path)), meaning(name), str(path)] for name, path in parts.items()]
    print_table([["name", "size", "what", "where"], *rows])
    typer.echo(
        f"\nTogether {size_text(sum(map(size_of, parts.values())))}. Delete: lessons cache --clear NAME (or all)"
    )
    if check and (damaged := list(damaged_downloads())):
        stop("\n".join(damaged))
    if check:
        typer.echo("Every download has the sum that it had when it came.")


def contents() -> dict[str, Path]:
    """Return what is kept: name -> folder; each download is one entry, every other folder too."""
    from lessons_lib.documentation.cache import cache_folder
    from lessons_lib.sources.folders import cache_root, downloads

    folders = [path for path in cache_root().glob("*") if path.is_dir() and path != downloads()]
    if cache_folder().is_dir() and cache_folder() not in folders:
        folders.append(cache_folder())
    fetched = [path for path in downloads().glob("*") if path.is_dir() and path.name != "receipts"]
    parts = {path.name: path for path in sorted(folders)}
    parts |= {f"downloads/{path.name}": path for path in sorted(fetched)}
    return {name: path for name, path in parts.items() if size_of(path)}


def meaning(name: str) -> str:
    """Say what a line of the table is."""
    return MEANING.get(name.partition("/")[0], "made for speed")


def size_of(folder: Path) -> int:
    """Return the bytes of all files of a folder, once for each file on the disk."""
    sizes = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            facts = path.stat()
            sizes[facts.st_dev, facts.st_ino or path] = facts.st_size
    return sum(sizes.values())


def delete(folder: Path) -> int:
    """Delete a folder and return how many bytes that frees; a download waits for the program that is fetching it."""
    from contextlib import nullcontext

    from lessons_lib.locks import one_writer
    from lessons_lib.sources.folders import downloads

    size = size_of(folder)
    with one_writer(folder / ".lock") if folder.parent == downloads() else nullcontext():
        shutil.rmtree(folder, ignore_errors=True)
    return size


def damaged_downloads() -> list[str]:
    """Return a sentence for each download whose SHA-256 is not the one of its receipt."""
    from lessons_lib.sources import catalogue, fetched_path, receipts
    from lessons_lib.sources.archives import file_sum

    sentences = []
    for name in catalogue():
        path, receipt = fetched_path(name), receipts.read(name)
        if path and file_sum(path) != receipt["sha256"]:
            sentences.append(
                f"{path} is damaged: delete it (lessons cache --clear downloads/{name}) and fetch it again"
            )
    return sentences
