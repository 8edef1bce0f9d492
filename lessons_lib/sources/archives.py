"""Judge and unpack what was downloaded: a whole gzip file, the wanted member of a zip archive, nothing else of it."""

import gzip
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from lessons_lib.sources.errors import WrongFileError
from lessons_lib.sources.folders import check_room

STEP = 1 << 20  # bytes
HIGHEST_RATIO = 20  # numbers as text shrink to about a third; an archive that promises far more is a bomb
FIRST_BYTES = {".gz": b"\x1f\x8b", ".zip": b"PK"}


def check_start(path: Path, name: str) -> None:
    """Raise WrongFileError if the first bytes of ``path`` are not those of a file called ``name``."""
    with open(path, "rb") as file:
        start = file.read(64)
    wanted = FIRST_BYTES.get(Path(name).suffix, b"")
    if not start:
        raise WrongFileError(f"{name} came empty.")
    if not start.startswith(wanted):
        raise WrongFileError(f"{name} begins with {start[:16]!r}, and a {Path(name).suffix} file with {wanted!r}.")


def check_whole(path: Path, name: str) -> None:
    """Raise WrongFileError if a download that nobody states a checksum of is visibly not whole.

    A gzip file is read to its end, whose sum it carries; in text with a header the lines are counted; a zip archive
    needs its directory (the sum of the member is checked when it is unpacked).
    """
    if name.endswith(".gz"):
        try:
            with gzip.open(path) as file:
                while file.read(STEP):
                    pass
        except (EOFError, OSError, zlib.error) as error:
            raise WrongFileError(f"{name} is damaged or cut off: {error}") from error
    elif name.endswith(".zip") and not zipfile.is_zipfile(path):
        raise WrongFileError(f"{name} is damaged or cut off: it has no directory at its end.")
    elif name.endswith(".vec"):
        with open(path, "rb") as file:
            header = file.readline(64).split()
            lines = sum(block.count(b"\n") for block in iter(lambda: file.read(STEP), b""))
        if len(header) == 2 and header[0].isdigit() and not 0 <= lines - int(header[0]) <= 1:
            raise WrongFileError(
                f"{name} is cut off: its first line promises {int(header[0]):,} words, {lines:,} came."
            )


def unpack(archive: Path, member: str, target: Path, check: Callable[[Path], None] | None = None) -> None:
    """Write one member of a zip archive to ``target``: beside it, checked by ``check``, then moved into place.

    Raises
    ------
    WrongFileError
        The archive is damaged, has no such member, or the member is out of proportion.
    DiskError
        There is no room for it.
    """
    beside = target.with_name(target.name + ".unpacking")
    try:
        with zipfile.ZipFile(archive) as opened:
            info = _member(opened, member)
            if info.file_size > HIGHEST_RATIO * max(info.compress_size, 1):
                raise WrongFileError(
                    f"{archive.name}: {member} would grow from {info.compress_size:,} to {info.file_size:,} bytes; "
                    "vectors do not shrink that much. It is not unpacked."
                )
            check_room(target.parent, info.file_size, f"{member} unpacked")
            with opened.open(info) as packed, open(beside, "wb") as file:
                shutil.copyfileobj(packed, file, STEP)
                file.flush()
                os.fsync(file.fileno())
        if check:
            check(beside)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        beside.unlink(missing_ok=True)
        raise WrongFileError(f"{archive.name} cannot be unpacked: {error}") from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    os.replace(beside, target)


def _member(opened: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    """Return the wanted member, in whatever folder of the archive it lies."""
    found = [info for info in opened.infolist() if info.filename.rpartition("/")[2] == member]
    if len(found) != 1:
        there = ", ".join(opened.namelist()[:5])
        raise WrongFileError(f"{opened.filename} has {len(found)} files called {member}; it holds {there}.")
    return found[0]


def file_sum(path: Path, algorithm: str = "sha256") -> str:
    """Return the sum of a file as hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
