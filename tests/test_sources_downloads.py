"""Downloads against a real server that breaks off, lies, changes its mind, serves web pages; and against kill -9."""

import gzip
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lessons_lib.sources import FetchError, catalogue, fetch, fetched_path, folders, receipts, transfer
from lessons_lib.sources.entries import RemoteFile, Source
from lessons_lib.sources.errors import DiskError, OfflineError
from tests.download_server import Served, Server

NAME = "test-vectors"
CONTENT = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)


def sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def packed(content: bytes, member: str = "folder/v.txt") -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("readme.txt", "no vectors")
        file.writestr(member, content)
    return archive.getvalue()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(transfer, "PAUSE", 0.005)
    return tmp_path / "cache"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts a source with the given files into the catalogue."""

    def put(*files: RemoteFile) -> Source:
        source = Source(NAME, "A test", "test", ("en",), 3, "http://page", "glove", words=10, files=files)
        monkeypatch.setitem(catalogue(), NAME, source)
        return source

    return put


def quiet_fetch(renew: bool = False) -> Path:
    return fetch(NAME, renew, say=lambda text: None)


def ranges(server: Server) -> list[str | None]:
    return [asked for _, asked in server.seen]


def test_a_file_is_fetched_once_and_then_used_without_the_network(server, listed):
    server.files["/v.bin"] = Served(CONTENT)
    listed(
        RemoteFile(f"{server.address}/v.bin", "binary", bytes=len(CONTENT), checksum=sha256(CONTENT), stated_by="me")
    )
    said, progress = [], []
    assert fetched_path(NAME) is None
    path = fetch(NAME, say=said.append, on_progress=lambda done, total: progress.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert path == fetched_path(NAME) == quiet_fetch()
    assert len(server.seen) == 1
    assert "300 kB to download" in said[0] and "of disk are free" in said[0]
    assert "its SHA256 is the one that me states" in said[1]
    assert progress[-1] == (len(CONTENT), len(CONTENT))
    assert [file.name for file in path.parent.iterdir() if file.name != ".lock"] == ["v.bin"]


@pytest.mark.parametrize("checked", [True, False])
def test_a_download_that_breaks_off_goes_on_where_it_stopped(server, listed, checked):
    server.files["/v.bin"] = Served(CONTENT, faults=[("break", 50_000), ("break", 100_000), ("break", 0)])
    listed(
        RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT) if checked else None, stated_by="me")
    )
    assert quiet_fetch().read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=50000-", "bytes=150000-", "bytes=150000-"]


def test_the_next_run_goes_on_after_too_many_breaks(server, listed):
    served = server.files["/v.bin"] = Served(CONTENT, faults=[("break", 1000), *[("break", 0)] * 3])
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT), stated_by="me"))
    with pytest.raises(FetchError, match=r"(?s)broke off .*1.0 kB are kept. Run it again.*load_vectors\(\"glove\"\)"):
        quiet_fetch()
    assert served.faults == []
    assert quiet_fetch().read_bytes() == CONTENT
    assert ranges(server)[-1] == "bytes=1000-"


def test_without_ranges_it_starts_again_and_gives_up_if_it_never_gets_further(server, listed):
    served = server.files["/v.bin"] = Served(CONTENT, ranges=False, faults=[("break", 1000), ("break", 5000)])
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT), stated_by="me"))
    assert quiet_fetch().read_bytes() == CONTENT
    served.faults = [("break", 1000)] * 10
    with pytest.raises(FetchError, match="broke off"):
        quiet_fetch(renew=True)
    assert len(served.faults) == 6, "one attempt, and three that bring nothing new"
    assert fetched_path(NAME).read_bytes() == CONTENT, "the old file stays if the new one does not come"


@pytest.mark.parametrize("honours_if_range", [True, False])
@pytest.mark.parametrize("etag", ['"one"', None])
def test_a_file_that_changes_between_two_tries_is_never_mixed(server, listed, etag, honours_if_range):
    server.files["/v.bin"] = Served(CONTENT, etag, honours_if_range=honours_if_range, faults=[("change", OTHER)])
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    assert quiet_fetch().read_bytes() == OTHER


def test_a_mixed_file_is_found_out_by_the_checksum_and_fetched_again_from_the_beginning(server, listed):
    server.files["/v.bin"] = Served(CONTENT, etag=None, faults=[("change", OTHER)])
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(OTHER), stated_by="me"))
    assert quiet_fetch().read_bytes() == OTHER
    assert ranges(server) == [None, "bytes=150000-", None]


def test_wrong_bytes_are_refused_and_nothing_is_kept(server, listed, cache):
    server.files["/v.bin"] = Served(OTHER)
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT), stated_by="the publisher"))
    with pytest.raises(
        FetchError, match=rf"its sum is {sha256(OTHER)[7:]}, and the publisher states {sha256(CONTENT)}"
    ):
        quiet_fetch()
    assert fetched_path(NAME) is None
    assert [path.name for path in (cache / "downloads" / NAME).iterdir()] == [".lock"]


def test_another_size_than_the_catalogue_says_is_refused_before_it_is_taken(server, listed):
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary", bytes=299_999))
    with pytest.raises(FetchError, match="offers 300,000 bytes, and the catalogue says 299,999"):
        quiet_fetch()
    server.files["/v.bin"].length = False
    with pytest.raises(FetchError, match="sends more than the 299,999 bytes"):
        quiet_fetch()


def test_a_length_that_is_too_long_does_not_spoil_the_file(server, listed):
    """The server promises 1,000 bytes more than it has; asked for them, it says that there are none."""
    server.files["/v.bin"] = Served(CONTENT, lie=1000)
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT), stated_by="me"))
    assert quiet_fetch().read_bytes() == CONTENT
    assert ranges(server) == [None, "bytes=300000-"]


def test_a_length_that_is_too_short_is_found_out(server, listed):
    whole = gzip.compress(CONTENT)
    server.files["/v.gz"] = Served(whole, lie=-1000)
    listed(RemoteFile(f"{server.address}/v.gz", "gzip", checksum=sha256(whole), stated_by="me"))
    with pytest.raises(FetchError, match="sent another file"):
        quiet_fetch()
    listed(RemoteFile(f"{server.address}/v.gz", "gzip"))
    with pytest.raises(FetchError, match=r"v\.gz is damaged or cut off"):
        quiet_fetch()


def test_without_a_length_a_cut_file_is_found_out_by_its_own_structure(server, listed):
    text = b"3 2\na 1 2\nb 3 4\nc 5 6\n"
    for name, content in {"v.gz": gzip.compress(CONTENT), "v.vec": text, "v.zip": packed(CONTENT)}.items():
        server.files[f"/{name}"] = Served(content, length=False, faults=[("break", len(content) - 8)])
        listed(RemoteFile(f"{server.address}/{name}", "text", member="v.txt" if name == "v.zip" else None))
        with pytest.raises(FetchError, match=rf"{name} is .*cut off"):
            quiet_fetch()
        assert fetched_path(NAME) is None
        assert quiet_fetch().read_bytes() == (CONTENT if name == "v.zip" else content)
        folders.downloads().joinpath("receipts", f"{NAME}.json").unlink()


def test_chunked_answers_are_taken_and_a_missing_end_is_noticed(server, listed):
    server.files["/v.bin"] = Served(CONTENT, chunked=True, faults=[("break", 100_000)])
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    assert quiet_fetch().read_bytes() == CONTENT
    assert len(server.seen) == 2


def test_a_slow_server_is_waited_for_and_a_silent_one_is_not(server, listed, monkeypatch):
    monkeypatch.setattr(transfer, "SECONDS_OF_SILENCE", 0.4)
    server.files["/v.bin"] = Served(CONTENT, pause=0.04, faults=[("silent", 1.0)])
    listed(RemoteFile(f"{server.address}/v.bin", "binary", checksum=sha256(CONTENT), stated_by="me"))
    assert quiet_fetch().read_bytes() == CONTENT
    assert ranges(server)[1].startswith("bytes=1")


def test_a_server_that_only_drips_is_given_up(server, listed, monkeypatch):
    monkeypatch.setattr(transfer, "SECONDS_OF_SILENCE", 0.3)
    monkeypatch.setattr(transfer, "SLOWEST", 10_000_000)
    monkeypatch.setattr(transfer, "MOST_ATTEMPTS", 2)
    server.files["/v.bin"] = Served(CONTENT, pause=0.1)
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    with pytest.raises(FetchError, match="came in 0 s"):
        quiet_fetch()


@pytest.mark.parametrize("fault", [("status", 404), ("status", 403), ("html",), ("status", 500), ("status", 503)])
def test_the_second_address_is_tried(server, listed, fault):
    server.files["/a.bin"] = Served(CONTENT, faults=[fault] * 5)
    server.files["/b.bin"] = Served(OTHER)
    said = []
    listed(RemoteFile(f"{server.address}/a.bin", "binary"), RemoteFile(f"{server.address}/b.bin", "binary"))
    assert fetch(NAME, say=said.append).read_bytes() == OTHER
    assert any("Trying the next address" in text for text in said)
    assert receipts.read(NAME)["url"].endswith("/b.bin")


def test_with_one_checksum_the_second_address_continues_what_the_first_began(server, listed):
    server.files["/one/v.bin"] = Served(CONTENT, faults=[("break", 200_000), *[("status", 500)] * 5])
    server.files["/two/v.bin"] = Served(CONTENT, etag='"of another server"')
    same = RemoteFile(f"{server.address}/one/v.bin", "binary", checksum=sha256(CONTENT), stated_by="me")
    listed(same, replace(same, url=f"{server.address}/two/v.bin"))
    assert quiet_fetch().read_bytes() == CONTENT
    assert server.seen[-1] == ("/two/v.bin", "bytes=200000-")


def test_web_pages_are_told_from_files_by_type_and_by_their_beginning(server, listed):
    server.files["/v.vec"] = Served(b"\n <html><body>Not found</body></html>")
    listed(RemoteFile(f"{server.address}/v.vec", "text"))
    with pytest.raises(FetchError, match="sends a web page instead of the file"):
        quiet_fetch()
    server.files["/v.gz"] = Served(b"Not found")
    listed(RemoteFile(f"{server.address}/v.gz", "gzip"))
    with pytest.raises(FetchError, match=r"v.gz begins with b'Not found', and a .gz file"):
        quiet_fetch()
    server.files["/v.bin"] = Served(b"")
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    with pytest.raises(FetchError, match="came empty"):
        quiet_fetch()


def test_offline_says_so_and_names_what_the_lessons_use_instead(listed):
    with Server() as gone:
        address = gone.address
    listed(RemoteFile(f"{address}/a.bin", "binary"), RemoteFile("http://name.invalid/b.bin", "binary"))
    with pytest.raises(OfflineError, match=r'(?s)no network answers.*a\.bin.*name\.invalid.*load_vectors\("glove"\)'):
        quiet_fetch()


def test_too_little_disk_is_said_before_anything_is_asked(server, listed, monkeypatch):
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary", about_bytes=10**18))
    with pytest.raises(DiskError, match=r"takes 1,000,000,000 GB of disk, and .* free"):
        quiet_fetch()
    assert server.seen == []
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))  # nobody says the size: the server does
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda path: type("Usage", (), {"free": folders.SPARE + 1000})())
    with pytest.raises(DiskError, match="takes 300 kB of disk"):
        quiet_fetch()


def test_the_first_download_counts_where_nobody_states_a_sum(server, listed, cache):
    """Trust on first use: the same address may not send another file later, unless one says that it may."""
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    path = quiet_fetch()
    assert receipts.read(NAME)["sha256"] == sha256(CONTENT)[7:]
    path.unlink()
    server.files["/v.bin"] = Served(OTHER, '"two"')
    with pytest.raises(FetchError, match=rf"(?s){sha256(OTHER)[7:]}.*--renew"):
        quiet_fetch()
    assert fetched_path(NAME) is None
    assert quiet_fetch(renew=True).read_bytes() == OTHER
    assert receipts.read(NAME)["sha256"] == sha256(OTHER)[7:]


def test_a_sum_that_others_report_gives_a_warning_not_a_refusal(server, listed):
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary", reported=sha256(CONTENT)))
    quiet_fetch()
    assert receipts.read(NAME)["checked"] == "its SHA256 is the one that independent projects report"
    listed(RemoteFile(f"{server.address}/v.bin", "binary", reported=sha256(OTHER)))
    with pytest.warns(UserWarning, match="others report"):
        quiet_fetch(renew=True)


def test_a_zip_gives_its_member_and_goes(server, listed):
    server.files["/v.zip"] = Served(packed(CONTENT))
    listed(RemoteFile(f"{server.address}/v.zip", "zip", member="v.txt", member_bytes=300_000))
    path = quiet_fetch()
    assert path.name == "v.txt"
    assert path.read_bytes() == CONTENT
    assert not path.with_name("v.zip").exists()


def test_damaged_and_hostile_archives_are_refused(server, listed):
    damaged = bytearray(packed(CONTENT))
    damaged[len(damaged) // 2] ^= 255
    bomb = packed(bytes(10_000_000))
    cases = {
        "cannot be unpacked": bytes(damaged),
        "would grow from": bomb,
        "0 files called v.txt": packed(CONTENT, "w.txt"),
    }
    for says, content in cases.items():
        server.files["/v.zip"] = Served(content)
        listed(RemoteFile(f"{server.address}/v.zip", "zip", member="v.txt"))
        with pytest.raises(FetchError, match=says):
            quiet_fetch()
        assert [file.name for file in (folders.downloads() / NAME).iterdir()] == [".lock"]


def test_a_file_that_was_damaged_since_is_fetched_again(server, listed):
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    path = quiet_fetch()
    path.write_bytes(CONTENT[:1000])
    assert fetched_path(NAME) is None
    assert quiet_fetch().read_bytes() == CONTENT


def test_a_receipt_that_cannot_be_read_is_no_receipt(server, listed):
    server.files["/v.bin"] = Served(CONTENT)
    listed(RemoteFile(f"{server.address}/v.bin", "binary"))
    quiet_fetch()
    receipts.receipt_file(NAME).write_text("{half")
    assert fetched_path(NAME) is None
    assert quiet_fetch().read_bytes() == CONTENT


PROGRAM = """
import json, sys
import pooch, requests
from lessons_lib.sources import catalogue, fetch, transfer
from lessons_lib.sources.entries import RemoteFile, Source
transfer.PAUSE = 0.01
file = RemoteFile(**json.loads(sys.argv[1]))
catalogue()["test-vectors"] = Source("test-vectors", "", "", ("en",), 3, "", "glove", words=1, files=(file,))
print("begun", flush=True)
fetch("test-vectors", say=lambda text: None, on_progress=lambda done, total: print(done, flush=True))
"""


def fetching(file: dict) -> subprocess.Popen:
    """Start a program that fetches the file, and wait until it begins."""
    child = subprocess.Popen([sys.executable, "-c", PROGRAM, json.dumps(file)], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "begun\n"
    return child


def test_two_programs_at_once_fetch_it_once(server, listed):
    server.files["/v.bin"] = Served(CONTENT, pause=0.02)
    file = {"url": f"{server.address}/v.bin", "format": "binary"}
    children = [fetching(file) for _ in range(2)]
    assert [child.wait(timeout=30) for child in children] == [0, 0]
    listed(RemoteFile(**file))
    assert fetched_path(NAME).read_bytes() == CONTENT
    assert len(server.seen) == 1


KILLS = int(os.environ.get("LESSONS_KILLS", "6"))  # 50 in the long run


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a signal of Unix")
@pytest.mark.parametrize("kind", ["checked", "unchecked zip"])
def test_kill_at_random_moments_never_corrupts_and_the_next_run_goes_on(server, listed, kind):
    moments = random.Random(kind)
    content = packed(CONTENT) if "zip" in kind else CONTENT
    server.files["/v.zip"] = Served(content, pause=0.02)
    file = {"url": f"{server.address}/v.zip", "format": "any"}
    file |= {"member": "v.txt"} if "zip" in kind else {}
    if kind == "checked":
        server.files["/v.bin"] = server.files.pop("/v.zip")
        file |= {"url": f"{server.address}/v.bin", "checksum": sha256(CONTENT), "stated_by": "me"}
    listed(RemoteFile(**file))
    killed = 0
    while killed < KILLS:
        child = fetching(file)
        if killed == 0:
            assert [int(child.stdout.readline()) for _ in range(5)], "the first one is killed in the middle for sure"
        time.sleep(moments.uniform(0, 0.6) if killed else 0)
        child.send_signal(signal.SIGKILL)
        killed += child.wait() == -signal.SIGKILL
        if path := fetched_path(NAME):
            assert path.read_bytes() == CONTENT
            path.unlink()
            receipts.receipt_file(NAME).unlink()
    assert fetching(file).wait(timeout=30) == 0
    assert fetched_path(NAME).read_bytes() == CONTENT
    left = {path.name for path in fetched_path(NAME).parent.iterdir()}
    assert left == {".lock", fetched_path(NAME).name}
    assert any(asked for _, asked in server.seen), "some runs continued what a killed one had begun"
