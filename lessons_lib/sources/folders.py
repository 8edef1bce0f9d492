"""Where downloads live, and how much room is left."""

import shutil
from pathlib import Path

from lessons_lib.cached import cache_root
from lessons_lib.sources.errors import DiskError

SPARE = 200_000_000  # bytes that stay free whatever is fetched


def downloads() -> Path:
    """Return the folder of the downloads; it need not exist yet."""
    return cache_root() / "downloads"


def check_room(folder: Path, needed: int, what: str) -> None:
    """Raise DiskError if the disk of ``folder`` has less than ``needed`` bytes and a little to spare.

    Parameters
    ----------
    folder : Path
        It need not exist; its nearest parent that does counts.
    needed : int
        Bytes still to be written.
    what : str
        What they are for, for the message.
    """
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.is_dir())
    free = shutil.disk_usage(there).free
    if free < needed + SPARE:
        raise DiskError(
            f"{what} takes {size_text(needed)} of disk, and {there} has {size_text(free)} free "
            f"({size_text(SPARE)} stay free). Make room: lessons cache shows what the course holds, "
            "LESSONS_CACHE=folder puts it on another disk."
        )


def size_text(size: float | None) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> size_text(134_300_434), size_text(1_743_563_840), size_text(900), size_text(None)
    ('134 MB', '1.7 GB', '900 B', '?')
    """
    if size is None:
        return "?"
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}" if size < 10 * unit else f"{size / unit:,.0f} {name}"
    return f"{size:.0f} B"
