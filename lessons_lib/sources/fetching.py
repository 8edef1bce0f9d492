"""Fetch a source of the catalogue: what is there is used, else one address after the other is tried.

For each address pooch downloads to the side, compares the checksum and moves the file into place;
:mod:`lessons_lib.sources.transfer` is its downloader, because pooch's own starts from zero after a break.
"""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lessons_lib.locks import one_writer
from lessons_lib.sources import archives, receipts
from lessons_lib.sources.entries import RemoteFile, Source, catalogue, find
from lessons_lib.sources.errors import DiskError, FetchError, OfflineError, WrongFileError
from lessons_lib.sources.folders import check_room, downloads, size_text
from lessons_lib.sources.transfer import OnProgress, forget, transfer

Say = Callable[[str], None]
OLD = ".old"  # what --renew puts aside until the new file is here


def fetched_path(name: str) -> Path | None:
    """Return the file of a source that has been fetched, None if it has not (or the catalogue has no such name).

    Of a model it is the file of the weights. The network is not asked, and of the file only the size is looked at:
    its sum was checked when it came, and ``lessons cache --check`` checks it again.

    Examples
    --------
    >>> fetched_path("no such source") is None
    True
    """
    if name not in catalogue():
        return None
    receipt = receipts.read(name)
    path = downloads() / name / str(receipt.get("file", ""))
    return path if path.is_file() and path.stat().st_size == receipt.get("bytes") else None


def fetch(name: str, renew: bool = False, say: Say = print, on_progress: OnProgress | None = None) -> Path:
    """Return the file of a source, or the folder of a model; fetch it unless it is there.

    Parameters
    ----------
    name : str
        A name of the catalogue: ``lessons sources`` lists them.
    renew : bool
        Fetch again, and accept that the file is another than the one that came before.
    say : callable
        Takes what there is to say before the download and after it.
    on_progress : callable, optional
        Called as ``on_progress(bytes_done, bytes_total or None)``.

    Raises
    ------
    KeyError
        The catalogue has no such name.
    FetchError
        It could not be fetched; the message says why, what to do, and what the lessons use instead.
    """
    source = find(name)
    if source.kind == "model":
        from lessons_lib.sources.models import fetch_model

        return fetch_model(source, renew, say)
    folder = downloads() / name
    if not renew and (path := fetched_path(name)):
        return path
    with one_writer(folder / ".lock"):
        if not renew and (path := fetched_path(name)):
            return path
        _tidy(folder)
        with _set_aside(folder, renew):
            return _from_somewhere(source, folder, renew, say, on_progress)


def _tidy(folder: Path) -> None:
    """Remove what a killed run left behind and nothing can be continued from."""
    for path in folder.iterdir():
        if path.name.startswith("tmp") or path.name.endswith((".unpacking", ".json.new")):
            path.unlink()
        elif path.name.endswith(OLD) and not path.with_name(path.name.removesuffix(OLD)).exists():
            os.replace(path, path.with_name(path.name.removesuffix(OLD)))


@contextmanager
def _set_aside(folder: Path, renew: bool) -> Iterator[None]:
    """With ``renew``: keep the old files out of the way, and put them back if nothing new comes."""
    old = [path for path in folder.iterdir() if path.name != ".lock"] if renew else []
    for path in old:
        os.replace(path, path.with_name(path.name + OLD))
    try:
        yield
    except BaseException:
        for path in old:
            os.replace(path.with_name(path.name + OLD), path)
        raise
    for path in old:
        path.with_name(path.name + OLD).unlink()


def _from_somewhere(source: Source, folder: Path, renew: bool, say: Say, on_progress: OnProgress | None) -> Path:
    """Try the addresses in order; raise one error that tells of all."""
    troubles: list[FetchError] = []
    for number, file in enumerate(source.files, start=1):
        try:
            return _from(file, source, folder, renew, say, on_progress)
        except DiskError:
            raise
        except FetchError as error:
            troubles.append(error)
            if number < len(source.files):
                say(f"{error}\nTrying the next address: {source.files[number].url}")
    raise summary(source, troubles)


def summary(source: Source, troubles: list[FetchError]) -> FetchError:
    """Return the error that tells why no address gave the source, and what the lessons use instead."""
    ending = f"The lessons do not need it: offline they use what ships with the course, here {source.stand_in}."
    if all(isinstance(trouble, OfflineError) for trouble in troubles):
        lines = "\n".join(f"  {trouble}" for trouble in troubles)
        return OfflineError(f"{source.name} is not here, and no network answers:\n{lines}\n{ending}")
    lines = "\n".join(f"  {trouble}" for trouble in troubles)
    return FetchError(f"{source.name} could not be fetched:\n{lines}\n{ending}")


def _from(
    file: RemoteFile, source: Source, folder: Path, renew: bool, say: Say, on_progress: OnProgress | None
) -> Path:
    """Fetch one file, unpack it, check it, and write its receipt."""
    part, target = folder / f"{file.name}.part", folder / file.kept_as
    here = part.stat().st_size if part.is_file() else 0
    needed = max((file.size or 0) - here, 0) + (file.member_bytes or 0)
    check_room(folder, needed, f"{source.name} from {file.url}")
    say(announcement(source, file, here))
    earlier = {} if renew else receipts.read(source.name)
    if earlier.get("file") == target.name or file.member:
        target.unlink(missing_ok=True)  # damaged since, or unpacked by a run that was killed before the receipt

    def as_before(path: Path) -> None:
        hold_against(earlier, source, file, path)

    downloaded = _download(file, folder, part, None if file.member else as_before, on_progress)
    verdict = judge(file, downloaded)
    if file.member:
        try:
            archives.unpack(downloaded, file.member, target, as_before)
        except WrongFileError:
            downloaded.unlink()
            raise
    facts = {"file": target.name, "bytes": target.stat().st_size, "sha256": archives.file_sum(target)}
    receipts.write(source.name, **facts, url=file.url, checked=verdict)
    if file.member:
        downloaded.unlink()
    say(f"{target}: {size_text(facts['bytes'])}; {verdict}.")
    return target


def announcement(source: Source, file: RemoteFile, here: int = 0) -> str:
    """Return what there is to say before a download: how much, from where, what is here, what it becomes."""
    size = size_text(file.size) if file.size else "a size that the publisher does not state"
    parts = [f"{source.name}: {size} to download from {file.url}"]
    parts += [f"{size_text(here)} of it are here"] if here else []
    parts += [f"{size_text(file.member_bytes)} when unpacked"] if file.member_bytes else []
    parts += [f"{size_text(source.memory_bytes)} in memory when loaded whole"] if source.memory_bytes else []
    return ", ".join(parts) + f"; {size_text(shutil.disk_usage(downloads()).free)} of disk are free."


def hold_against(earlier: dict, source: Source, file: RemoteFile, path: Path) -> None:
    """Raise WrongFileError if ``path`` is another file than the one of the receipt, from the same address."""
    if earlier.get("url") != file.url or "sha256" not in earlier or file.checksum:
        return
    if (found := archives.file_sum(path)) != earlier["sha256"]:
        raise WrongFileError(
            f"{file.url} sent a file with SHA-256 {found}; when it was fetched on {earlier.get('fetched')} it was "
            f"{earlier['sha256']}. If the publisher announced a new version: lessons fetch {source.name} --renew"
        )


def judge(file: RemoteFile, path: Path) -> str:
    """Return in words how far a download can be trusted; warn if it differs from what others report."""
    if file.checksum:
        algorithm = file.checksum.partition(":")[0].upper()
        return f"its {algorithm} is the one that {file.stated_by} states"
    first = "no publisher states a checksum: its SHA-256 is recorded, and a later download is held against it"
    if file.reported:
        algorithm, _, reported = file.reported.partition(":")
        found = archives.file_sum(path, algorithm)
        if found == reported:
            return f"its {algorithm.upper()} is the one that independent projects report"
        warnings.warn(
            f"{file.url}: {algorithm.upper()} {found}; others report {reported}. The publisher states none: "
            "the file may have been renewed, or may be damaged.", stacklevel=2,
        )  # fmt: skip
    return first


def _download(
    file: RemoteFile, folder: Path, part: Path, check: Callable[[Path], None] | None, on_progress: OnProgress | None
) -> Path:
    """Download with pooch; if a file that was put together turns out wrong, once more from the beginning."""
    put_together: list[bool] = []
    try:
        return _with_pooch(file, folder, part, check, on_progress, put_together)
    except WrongFileError:
        forget(part)
        if not any(put_together):
            raise
    try:
        return _with_pooch(file, folder, part, check, on_progress, put_together)
    except WrongFileError:
        forget(part)
        raise


def _with_pooch(
    file: RemoteFile,
    folder: Path,
    part: Path,
    check: Callable[[Path], None] | None,
    on_progress: OnProgress | None,
    put_together: list[bool],
) -> Path:
    """Let pooch bring the file into place, with our transfer as its downloader, which notes whether it went on."""
    import pooch

    def downloader(url: str, output: str, _: object) -> None:
        put_together.append(transfer(url, part, file.checksum, file.bytes, on_progress))
        archives.check_start(part, file.name)
        if not file.checksum:
            archives.check_whole(part, file.name)
        if check:
            check(part)
        _hand_over(part, Path(output))

    pooch.get_logger().setLevel("WARNING")
    try:
        path = Path(pooch.retrieve(file.url, file.checksum, file.name, folder, downloader=downloader))
    except ValueError as error:  # pooch: the sum differs
        found = archives.file_sum(part, str(file.checksum).partition(":")[0]) if part.is_file() else "another"
        raise WrongFileError(
            f"{file.url} sent another file: its sum is {found}, and {file.stated_by} states {file.checksum}."
        ) from error
    forget(part)
    return path


def _hand_over(part: Path, output: Path) -> None:
    """Give pooch its temporary file; the part stays until the end, so that a kill in between loses nothing."""
    output.unlink(missing_ok=True)
    with suppress(OSError):
        os.link(part, output)
        return
    os.replace(part, output)
