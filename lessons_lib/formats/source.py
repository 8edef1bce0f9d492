"""The bytes of a file, unpacked on the way and never more of them than the file can honestly hold."""

import bz2
import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from lessons_lib.formats.errors import refuse

RATIO = 50  # vectors shrink to a half or a third; what grows more than this when unpacked is no file of vectors
PIECE = 1 << 22  # bytes read at once
FREE = 4_000_000  # bytes that anything may grow to
AGAIN = "Download the file again and compare its size and checksum with those of its publisher."

PACKERS = {
    "gzip": (b"\x1f\x8b", gzip.open),
    "bzip2": (b"BZh", bz2.open),
    "xz": (b"\xfd7zXZ\x00", lzma.open),
}
FOREIGN = {
    b"\x28\xb5\x2f\xfd": ("a Zstandard archive", "Unpack it first: unzstd FILE"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "Unpack it first: 7z x FILE"),
    b"Rar!": ("a RAR archive", "Unpack it first: unrar x FILE"),
}


class Stream:
    """Bytes that are read once, from front to back, with a limit on how much a packed file may grow."""

    def __init__(self, file: IO[bytes], packed: IO[bytes] | None = None, size: int | None = None):
        self._file, self._packed, self._head = file, packed, b""
        self.size = size  # bytes unpacked, None if only reading will tell
        self.done = 0  # bytes handed out

    def read(self, count: int) -> bytes:
        """Return ``count`` bytes, fewer only at the end of the file."""
        data, self._head = self._head[:count], self._head[count:]
        self.done += len(data)
        pieces, missing = [data] if data else [], count - len(data)
        while missing > 0 and (more := self._more(min(missing, PIECE))):
            pieces.append(more)
            missing -= len(more)
            self.done += len(more)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def array(self, count: int, dtype: str, what: str) -> np.ndarray:
        """Return ``count`` numbers; memory is taken as the bytes come, or after the size of the file was compared."""
        size = count * np.dtype(dtype).itemsize
        left = self.left()
        if count < 0 or (left is not None and size > left):
            found = f"{left:,} bytes to the end of the file" if left is not None else f"a length of {count:,}"
            refuse(found, f"{what} ({size:,} bytes)", AGAIN, byte=self.done)
        if left is None:
            data = self.read(size)
            if len(data) < size:
                refuse(f"{len(data):,} bytes to the end of the file", f"{what} ({size:,} bytes)", AGAIN, byte=self.done)
            return np.frombuffer(data, dtype)
        values = np.empty(count, dtype)
        view, at = values.view(np.uint8), 0
        while at < size and (piece := self.read(min(size - at, PIECE))):
            view[at : at + len(piece)] = np.frombuffer(piece, np.uint8)
            at += len(piece)
        if at < size:
            refuse(f"{at:,} bytes to the end of the file", f"{what} ({size:,} bytes)", AGAIN, byte=self.done)
        return values

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes without moving on."""
        while len(self._head) < count and (more := self._more(count - len(self._head))):
            self._head += more
        return self._head[:count]

    def unread(self, data: bytes) -> None:
        """Put back what was read last."""
        self._head = data + self._head
        self.done -= len(data)

    def _more(self, count: int) -> bytes:
        try:
            data = self._file.read(count)
        except EOFError:
            refuse("the end of the packed data in the midst of it", "a whole archive", AGAIN, byte=self.done)
        except (OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            if self._packed is None:
                raise
            refuse(f"packed data that is damaged ({error})", "a whole archive", AGAIN, byte=self.done)
        unpacked = self.done + len(self._head) + len(data)
        if self._packed is not None and unpacked > max(FREE, RATIO * self._packed.tell()):
            refuse(
                f"{unpacked:,} bytes out of {self._packed.tell():,} packed ones, and more to come",
                f"at most {RATIO} times as many",
                "This is no file of vectors but one made to fill your memory. Delete it.",
                byte=unpacked,
            )
        return data

    def left(self) -> int | None:
        """Return how many bytes are left, None if only reading will tell."""
        return None if self.size is None else self.size - self.done


class Source:
    """A file, or one member of a zip archive (``archive.zip/member.txt``), and how it is packed."""

    def __init__(self, path: Path, member: str | None = None):
        self.path, self.member = path, member
        self.name = f"{path}/{member}" if member else str(path)
        with open(path, "rb") as file:
            magic = file.read(8)
        for start, (found, remedy) in FOREIGN.items():
            if magic.startswith(start):
                refuse(found, "a file of vectors, plain or packed with gzip or zip", remedy, byte=0)
        packers = [name for name, (start, _) in PACKERS.items() if magic.startswith(start)]
        self.compression = packers[0] if packers else "zip" if magic[:4] in (b"PK\x03\x04", b"PK\x05\x06") else ""
        if member and self.compression != "zip":
            refuse(f"no archive, but {member!r} is asked from it", "a zip archive", "Give the path of the file itself.")
        self.members = self._members() if self.compression == "zip" else []

    @property
    def arrays(self) -> bool:
        """Tell whether this is numpy's .npz: a zip archive of .npy files."""
        return bool(self.members) and all(info.filename.endswith(".npy") for info in self.members)

    @property
    def inner_name(self) -> str:
        """Return the name of what is inside, without the suffix of the packer."""
        if self.compression == "zip":
            return self.member or (self.members[0].filename if len(self.members) == 1 else "")
        return self.path.stem if self.compression else self.path.name

    def _members(self) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(self.path) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, UnicodeError, OSError) as error:
            refuse(f"a zip archive that is damaged ({error})", "a whole archive", AGAIN)
        for info in infos:
            check_member(info)
        return [info for info in infos if not info.is_dir() and not _clutter(info.filename)]

    @contextmanager
    def open(self) -> Iterator[Stream]:
        """Open the content for reading from front to back."""
        with open(self.path, "rb") as packed:
            if self.compression == "zip":
                with zipfile.ZipFile(packed) as archive:
                    info = self.chosen()
                    try:
                        file = archive.open(info)
                    except (RuntimeError, OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
                        refuse(f"{info.filename}, which cannot be unpacked ({error})", "plain zip", AGAIN)
                    with file:
                        yield Stream(file, packed, info.file_size)
            elif self.compression:
                with PACKERS[self.compression][1](packed, "rb") as file:
                    yield Stream(file, packed)
            else:
                yield Stream(packed, size=self.path.stat().st_size)

    def chosen(self) -> zipfile.ZipInfo:
        """Return the member that is meant: the one that is named, or the only one."""
        names = [info.filename for info in self.members]
        if self.member:
            for info in self.members:
                if info.filename == self.member:
                    return info
            refuse(
                f"no member {self.member!r}", f"one of {', '.join(names) or 'none: the archive is empty'}", "Name one."
            )
        if len(names) != 1:
            refuse(
                f"an archive of {len(names)} files ({', '.join(names[:6])}{', ...' if len(names) > 6 else ''})",
                "one file of vectors",
                f"Name the one you want: {self.path}/{names[0]}" if names else AGAIN,
            )
        return self.members[0]


def check_member(info: zipfile.ZipInfo) -> None:
    """Refuse a member whose name leads out of the folder, a link, a locked one, and one that grows too much."""
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name:
        refuse(
            f"a member called {name!r}, which would be written outside the folder",
            "names inside the archive",
            "Do not unpack this archive; get the file from its publisher.",
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        refuse(f"{name!r}, a link to another place", "plain files", "Do not unpack this archive.")
    if info.flag_bits & 1:
        refuse(f"{name!r}, locked with a password", "an open archive", "Unpack it yourself and give the file inside.")
    if info.file_size > max(FREE, RATIO * info.compress_size):
        refuse(
            f"{name!r} with {info.file_size:,} bytes out of {info.compress_size:,} packed ones",
            f"at most {RATIO} times as many",
            "This is no file of vectors but one made to fill your memory. Delete it.",
        )


def _clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
