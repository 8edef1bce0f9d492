"""One file from one address: resumed after a break, never mixed from two versions, never a web page for a file.

The bytes gather in ``NAME.part``; ``NAME.part.json`` says which version of which address they belong to. A program that
is killed at any moment leaves a beginning that the next run continues, after asking the server whether it still has
the same version (``If-Range``). What cannot be asked starts again, unless a checksum will judge the whole.
"""

import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from lessons_lib.sources.errors import BrokenOffError, DiskError, FetchError, GoneError, OfflineError, WrongFileError
from lessons_lib.sources.folders import check_room, size_text

if TYPE_CHECKING:
    import requests

CHUNK = 1 << 17  # bytes
SECONDS_TO_CONNECT = 10
SECONDS_OF_SILENCE = 30
SLOWEST = 1000  # bytes a second; what stays below it for SECONDS_OF_SILENCE is a break
FRUITLESS = 3  # attempts in a row that bring nothing new
MOST_ATTEMPTS = 500
PAUSE = 0.5  # seconds after the first break; doubled each time in a row
OnProgress = Callable[[int, int | None], None]


@dataclass
class Beginning:
    """What a ``.part`` file is the beginning of: address, version and size, as the server told them."""

    url: str
    validator: str | None = None
    total: int | None = None
    checksum: str | None = None


class ChangedError(BrokenOffError):
    """The bytes that are here are not the beginning of what the server has now."""


def transfer(
    url: str,
    part: Path,
    checksum: str | None = None,
    expected: int | None = None,
    on_progress: OnProgress | None = None,
) -> bool:
    """Bring the file at ``url`` into ``part``, starting from what is there already.

    Parameters
    ----------
    url : str
        An http or https address.
    part : Path
        Where the bytes gather; its folder exists.
    checksum : str, optional
        Sum that the whole file will be held against (not here): with it, bytes of another address may be continued.
    expected : int, optional
        Exact size in bytes; another size is refused before anything is written.
    on_progress : callable, optional
        Called as ``on_progress(bytes_done, bytes_total or None)``.

    Returns
    -------
    bool
        Whether the file was put together from more than one answer.

    Raises
    ------
    OfflineError
        The server cannot be reached.
    GoneError
        The server has no such file or refuses it.
    BrokenOffError
        The connection broke off again and again.
    WrongFileError
        A web page came, or a file of another size.
    DiskError
        The disk has no room.
    """
    furthest, fruitless, changes, trouble = _size(part), 0, 0, ""
    for attempt in range(MOST_ATTEMPTS):
        begun = attempt > 0 or _size(part) > 0
        try:
            if _attempt(url, part, checksum, expected, on_progress):
                return begun
        except ChangedError as error:
            trouble, furthest, changes = str(error), 0, changes + 1
            if changes > FRUITLESS:
                break
        except BrokenOffError as error:
            trouble = str(error)
        size = _size(part)
        fruitless = 0 if size > furthest else fruitless + 1
        furthest = max(size, furthest)
        if fruitless >= FRUITLESS:
            break
        time.sleep(PAUSE * 2**fruitless)
    raise BrokenOffError(
        f"{url}: the connection broke off ({trouble}); {size_text(furthest)} are kept. "
        "Run it again: it goes on from there."
    )


def _attempt(url: str, part: Path, checksum: str | None, expected: int | None, on_progress: OnProgress | None) -> bool:
    """Ask once and take what comes; return whether the file is complete."""
    beginning = continuable(part, url, checksum)
    have = _size(part)
    if beginning.total is not None and have == beginning.total:
        return True
    with _ask(url, have, beginning.validator) as reply:
        if reply.status_code == 416:
            return _ended(reply, part, have)
        _refuse(reply, url)
        total, start = _total_and_start(reply)
        version = _validator(reply)
        other = have and beginning.validator and version and version != beginning.validator
        if start and (start != have or other or (beginning.total and total != beginning.total)):
            part.unlink()
            raise ChangedError("the file changed on the server")
        if expected is not None and total is not None and total != expected:
            raise WrongFileError(f"{url} offers {total:,} bytes, and the catalogue says {expected:,}: another file.")
        if total is not None:
            check_room(part.parent, total - start, f"The rest of {url}")
        if not start:
            part.unlink(missing_ok=True)  # before the note: old bytes must never stand beside the note of a new version
        _note(part, Beginning(url, version, total, checksum))
        limit = total if total is not None else expected
        _take(reply, part, start, limit, on_progress)
        if total is None:
            _note(part, Beginning(url, version, _size(part), checksum))
        return total is None or _size(part) == total


def continuable(part: Path, url: str, checksum: str | None) -> Beginning:
    """Return what ``part`` is the beginning of; throw it away if it cannot be continued safely from ``url``."""
    try:
        beginning = Beginning(**json.loads(_note_of(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        beginning = Beginning("")
    same_version = beginning.url == url and beginning.validator is not None
    same_content = checksum is not None and beginning.checksum == checksum
    done = beginning.url == url and beginning.total is not None and _size(part) == beginning.total
    if not (same_version or same_content or done):
        part.unlink(missing_ok=True)
        return Beginning(url)
    if beginning.url != url:
        beginning.validator = None  # another server has other names for the same version
    return beginning


def _ask(url: str, have: int, validator: str | None) -> "requests.Response":
    """Send the request, for the rest of the file if there is a beginning."""
    import requests

    import lessons_lib

    headers = {"Accept-Encoding": "identity", "User-Agent": f"embeddings-course/{lessons_lib.__version__}"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if validator:
            headers["If-Range"] = validator
    try:
        return requests.get(url, headers=headers, stream=True, timeout=(SECONDS_TO_CONNECT, SECONDS_OF_SILENCE))
    except requests.exceptions.ReadTimeout as error:
        raise BrokenOffError(f"no answer in {SECONDS_OF_SILENCE} s") from error
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
        if "RemoteDisconnected" in str(error) or "ConnectionReset" in str(error):
            raise BrokenOffError("closed without an answer") from error
        raise OfflineError(f"{url} cannot be reached ({_reason(error)}).") from error
    except requests.exceptions.RequestException as error:
        raise GoneError(f"{url}: {error}") from error


def _reason(error: Exception) -> str:
    """Return the innermost reason of a failed connection, short."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__
    return str(error)[:120] or type(error).__name__


def _refuse(reply: "requests.Response", url: str) -> None:
    """Raise the error that fits an answer without the file."""
    status = reply.status_code
    if status in (408, 425, 429) or status >= 500:
        raise BrokenOffError(f"the server answers {status} {reply.reason}")
    if status not in (200, 206):
        raise GoneError(f"{url}: the server answers {status} {reply.reason}.")
    if "text/html" in reply.headers.get("Content-Type", ""):
        raise WrongFileError(
            f"{url} sends a web page instead of the file; a network that wants you to log in does that. "
            "Open any page in a browser, then run it again."
        )


def _total_and_start(reply: "requests.Response") -> tuple[int | None, int]:
    """Return the size of the whole file, None if the server does not say, and the place where this answer begins."""
    try:
        if reply.status_code == 206:
            span, _, total = reply.headers["Content-Range"].removeprefix("bytes ").partition("/")
            return (None if total == "*" else int(total)), int(span.partition("-")[0])
        length = reply.headers.get("Content-Length")
        return (None if length is None else int(length)), 0
    except (KeyError, ValueError) as error:
        raise GoneError(f"{reply.url}: the server's headers make no sense: {dict(reply.headers)}") from error


def _validator(reply: "requests.Response") -> str | None:
    """Return what names this version of the file: a strong ETag, or else the time of its last change."""
    etag = reply.headers.get("ETag", "")
    return etag if etag.startswith('"') else reply.headers.get("Last-Modified")


def _ended(reply: "requests.Response", part: Path, have: int) -> bool:
    """Judge the answer that nothing lies behind the bytes that are there: True if they are the whole file."""
    _, _, total = reply.headers.get("Content-Range", "").partition("/")
    if total.isdigit() and int(total) == have:
        beginning = json.loads(_note_of(part).read_text(encoding="utf-8"))
        _note(part, Beginning(**{**beginning, "total": have}))
        return True
    part.unlink()
    raise ChangedError(f"the server has {total or 'fewer'} bytes, {have:,} are here: starting again")


def _take(
    reply: "requests.Response", part: Path, start: int, limit: int | None, on_progress: OnProgress | None
) -> None:
    """Append the body of an answer to ``part``, which is cut to ``start`` bytes first."""
    done = start
    with open(part, "r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        for chunk in _chunks(reply):
            if done == 0 and chunk.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
                raise WrongFileError(
                    f"{reply.url} sends a web page instead of the file: it begins with {chunk[:40]!r}."
                )
            done += len(chunk)
            if limit is not None and done > limit:
                raise WrongFileError(f"{reply.url} sends more than the {limit:,} bytes that the file has.")
            _write(file, chunk, part)
            if on_progress:
                on_progress(done, limit)
        file.flush()
        os.fsync(file.fileno())


def _write(file: BinaryIO, chunk: bytes, part: Path) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskError(f"The disk is full ({part}). Make room and run it again: it goes on from there.") from error
        raise FetchError(f"{part} cannot be written: {error}") from error


def _chunks(reply: "requests.Response") -> Iterator[bytes]:
    """Yield the body as it comes, undecoded; raise BrokenOffError when it breaks off or hardly moves."""
    from urllib3.exceptions import HTTPError

    since, came = time.monotonic(), 0
    try:
        while chunk := reply.raw.read1(CHUNK, decode_content=False):
            yield chunk
            came += len(chunk)
            if (elapsed := time.monotonic() - since) > SECONDS_OF_SILENCE:
                if came < SLOWEST * elapsed:
                    raise BrokenOffError(f"only {size_text(came)} came in {elapsed:.0f} s")
                since, came = time.monotonic(), 0
    except (HTTPError, OSError) as error:
        raise BrokenOffError(str(error)[:120]) from error
    missing = reply.raw.length_remaining
    if missing:
        raise BrokenOffError(f"{missing:,} bytes are missing")


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _note(part: Path, beginning: Beginning) -> None:
    """Write down what ``part`` is the beginning of: to the side, then moved into place."""
    beside = part.with_name(part.name + ".json.new")
    beside.write_text(json.dumps(asdict(beginning)), encoding="utf-8")
    os.replace(beside, _note_of(part))


def forget(part: Path) -> None:
    """Remove a beginning and what is known of it."""
    part.unlink(missing_ok=True)
    _note_of(part).unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
