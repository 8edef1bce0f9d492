"""The front door of the course: makes `.venv`, installs what the course needs, and hands over to `lessons`.

Run it with Python 3.11 or newer and one of the verbs below; without a verb it prints what there is. It installs
once: later starts hand over at once unless requirements.lock or pyproject.toml changed. Only the standard library
is used here. What a verb does stands in lessons_lib/commands/; what is installed stands in pyproject.toml and
requirements.lock.
"""

import sys

NEEDED = (3, 11)
if sys.version_info < NEEDED:
    sys.exit(
        "The course needs Python {}.{} or newer; this is Python {}.{} ({}).\n"
        "Install one from https://www.python.org/downloads/ and start the course with it, "
        "for example: python3.12 course.py lab".format(*(NEEDED + sys.version_info[:2] + (sys.executable,)))
    )

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import threading
import time
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "course-stamp.json"
PIP_LOG = ROOT / "build" / "pip.log"
WINDOWS = os.name == "nt"
HAS_ENSUREPIP = importlib.util.find_spec("ensurepip") is not None  # Debian ships it apart
PROGRAMS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = PROGRAMS / ("python.exe" if WINDOWS else "python")
LESSONS = PROGRAMS / ("lessons.exe" if WINDOWS else "lessons")
PYTORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"

VERBS = {
    "lab": "open lesson 1 in JupyterLab (--no-browser, --port N)",
    "run": "run lessons without a screen and print the table of claims (run 1, --seed N, --seeds 5)",
    "test": "check that everything works (arguments go on to pytest)",
    "build": "build notebooks, exercises and solutions from authoring/ (--check, --all)",
    "doctor": "check Python, libraries, memory, disk, bundled files and the kernel",
    "progress": "show your predictions and what was measured",
    "recall": "ask the flash cards and quiz questions that are due (recall 3, --all, --stats)",
    "glossary": "explain a term (glossary embedding)",
    "scores": "show how good the bundled vectors are (--measure, --sections)",
    "sources": "list published vectors and models, what they take, and which fit (sources googlenews)",
    "fetch": "download one of them (fetch glove-6b-100)",
    "cache": "show, check or clear what was downloaded or made for speed (--check, --clear NAME)",
    "bench": "measure the loading of vectors beside gensim, or what lessons cost (--lessons, --quick)",
}
DEVELOPER_VERBS = ("test", "build")  # these need the extra `dev` of pyproject.toml, all others `lab`

REMEDIES = (
    (
        ("No space left on device", "Errno 28"),
        "The disk is full: the course needs about 3 GB. Make room and run it again.",
    ),
    (
        ("NameResolutionError", "NewConnectionError", "ConnectTimeout", "ReadTimeout", "ProxyError", "SSLError"),
        "The package index could not be reached. Check the network (proxy: HTTPS_PROXY) and run it again.",
    ),
    (
        ("No matching distribution", "Could not find a version", "ResolutionImpossible"),
        "pip found no suitable build for Python {python} on this machine. Try Python 3.12: "
        "delete .venv and run python3.12 course.py.",
    ),
    (("Permission denied", "Access is denied"), "A file could not be written. Close JupyterLab and run it again."),
)


class SetupError(Exception):
    """Setting up failed; the message says what was found and what to do."""


def main(arguments: list[str]) -> int:
    """Set up what the verb needs, hand over to `lessons`, and return the exit code."""
    verb = next((argument for argument in arguments if not argument.startswith("-")), None)
    if verb is None:
        print(usage())
        return 0
    if verb not in VERBS:
        print(f"course.py has no verb {verb!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    gpu = "--gpu" in arguments
    try:
        set_up("dev" if verb in DEVELOPER_VERBS else "lab", gpu)
    except SetupError as error:
        print(f"\nThe course could not be set up.\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on from here.", file=sys.stderr)
        return 130
    return hand_over([str(LESSONS), *(argument for argument in arguments if argument != "--gpu")])


def usage() -> str:
    """Return the table of verbs."""
    rows = "\n".join(f"  python course.py {verb:<9} {meaning}" for verb, meaning in VERBS.items())
    return (
        "A course on pre-trained embeddings in NLP. The first start installs it into .venv, which takes minutes.\n\n"
        f"{rows}\n\n"
        "Add --help after a verb for its options; add --gpu to install PyTorch with CUDA (Linux)."
    )


def hand_over(command: list[str]) -> int:
    """Run ``command`` in place of this program; Windows cannot do that: wait for it and return its exit code."""
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(command[0], command)
    with subprocess.Popen(command) as process:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C reaches the child too: let it finish
                return process.wait()


# Is there anything to do?


def fingerprint() -> str:
    """Return the SHA-256 of the two files that decide what is installed."""
    texts = ((ROOT / name).read_bytes() for name in ("pyproject.toml", "requirements.lock"))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def read_stamp() -> dict:
    """Return what the last complete installation recorded, an empty dict if there was none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(extra: str, gpu: bool) -> None:
    """Record a complete installation: written to the side, then moved into place."""
    stamp = {
        "fingerprint": fingerprint(),
        "folder": str(VENV),
        "python": python_version(),
        "extra": extra,
        "gpu": gpu,
    }
    beside = STAMP.with_suffix(".part")
    beside.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(beside, STAMP)


def python_version() -> str:
    """Return the version of the Python in `.venv` ("3.12"), or "" if it is missing or does not start."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-I", "-c", question], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def venv_is_usable(stamp: dict, version: str) -> bool:
    """Tell whether `.venv` can be installed into: its Python starts, is new enough, and is the one it was made with."""
    if not version or tuple(map(int, version.split("."))) < NEEDED:
        return False
    return stamp.get("folder", str(VENV)) == str(VENV) and stamp.get("python", version) == version


def is_ready(stamp: dict, extra: str, gpu: bool) -> bool:
    """Tell whether the last installation is complete, up to date, and has what is asked for."""
    return (
        stamp.get("fingerprint") == fingerprint()
        and stamp.get("extra") in (extra, "dev")  # `dev` contains `lab`
        and (stamp.get("gpu", False) or not gpu)
        and LESSONS.is_file()
        and venv_is_usable(stamp, python_version())
    )


# Set up


def set_up(extra: str, gpu: bool) -> None:
    """Make `.venv` and install into it, unless that is done already. Two starts at once wait for each other."""
    if is_ready(read_stamp(), extra, gpu):
        return
    with one_at_a_time():
        stamp = read_stamp()
        if is_ready(stamp, extra, gpu):
            return
        started = time.monotonic()
        replace_torch = gpu and not stamp.get("gpu", False)
        gpu = gpu or stamp.get("gpu", False)
        extra = "dev" if stamp.get("extra") == "dev" else extra
        if not venv_is_usable(stamp, python_version()) or (HAS_ENSUREPIP and not pip_is_inside()):
            make_venv()
        STAMP.unlink(missing_ok=True)  # no stamp while the installation is incomplete
        forget_half_installed()
        install_torch(gpu, replace_torch)
        say("3/3", "The course and its libraries, in the versions of requirements.lock")
        pip("install", "--editable", f".[{extra}]")
        write_stamp(extra, gpu)
        print(f"\nSet up in {time.monotonic() - started:.0f} s. Next time nothing is installed.\n", flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock that the system releases when this program ends, however it ends."""
    path = ROOT / "build" / "course.lock"
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        if not try_lock(file):
            print("Another course.py is installing; waiting for it (Ctrl-C gives up).", flush=True)
            while not try_lock(file):
                time.sleep(0.5)
        yield


def try_lock(file: TextIO) -> bool:
    """Lock an open file against other programs; return False if another one holds it."""
    try:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_venv() -> None:
    """Make `.venv` from scratch with the Python that runs this file."""
    say("1/3", f"A Python environment in {VENV}")
    if not HAS_ENSUREPIP and importlib.util.find_spec("pip") is None:
        raise SetupError(
            f"{sys.executable} has neither ensurepip nor pip. On Debian and Ubuntu: sudo apt install python3-venv"
        )
    try:
        venv.EnvBuilder(clear=True, symlinks=not WINDOWS, with_pip=HAS_ENSUREPIP).create(VENV)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"{VENV} could not be made: {error}\nCheck disk and rights, run it again.") from error


def forget_half_installed() -> None:
    """Remove the records of packages that an interrupted pip left incomplete, so that pip installs them again."""
    for folder in site_packages():
        for record in [*folder.glob("*.dist-info"), *folder.glob("~*")]:
            if not (record / "RECORD").is_file():
                shutil.rmtree(record, ignore_errors=True)


def site_packages() -> list[Path]:
    """Return the folders of installed packages in `.venv`: one, or none before it is made."""
    return list(VENV.glob("Lib/site-packages" if WINDOWS else "lib/python*/site-packages"))


def install_torch(gpu: bool, replace: bool) -> None:
    """Install PyTorch first, because the build for CPUs alone lies on an index of its own."""
    options, build = [], "the build for this machine"
    if sys.platform == "linux" and not gpu and not has_nvidia_gpu():
        if answers(PYTORCH_CPU_INDEX + "/torch/"):
            options, build = ["--extra-index-url", PYTORCH_CPU_INDEX], "CPU build"
        else:
            build = "as pip finds it (PyTorch's CPU index does not answer; other builds take some GB)"
    say("2/3", f"PyTorch, {build}")
    if replace:
        pip("uninstall", "--yes", "torch")
    pip("install", "torch", *options)


def has_nvidia_gpu() -> bool:
    """Tell whether this Linux machine has an NVIDIA GPU with a driver."""
    return Path("/proc/driver/nvidia/version").exists() or Path("/dev/nvidia0").exists()


def answers(url: str, seconds: float = 3.0) -> bool:
    """Tell whether ``url`` answers within ``seconds``, the look-up of its name included."""
    replies = []

    def ask() -> None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=seconds) as reply:
            replies.append(reply.status)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return replies == [200]


def pip(action: str, *arguments: str) -> None:
    """Run pip for `.venv` with its own progress bar; raise SetupError with a remedy if it fails."""
    elsewhere = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    environment = {key: value for key, value in os.environ.items() if key not in elsewhere}
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    PIP_LOG.parent.mkdir(exist_ok=True)
    PIP_LOG.unlink(missing_ok=True)
    command = [*pip_command(), "--log", str(PIP_LOG), action, *arguments]
    if action == "install":
        command += ["--prefer-binary", "--no-compile", "--constraint", "requirements.lock"]  # Python compiles on import
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise SetupError(explain(PIP_LOG))


def pip_is_inside() -> bool:
    """Tell whether `.venv` has a whole pip of its own."""
    return any(list(folder.glob("pip-*.dist-info/RECORD")) for folder in site_packages())


def pip_command() -> list[str]:
    """Return how to call pip: the one in `.venv`, or that of this Python where the system has no ensurepip."""
    return [str(PYTHON), "-m", "pip"] if pip_is_inside() else [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def explain(log: Path) -> str:
    """Return the errors in pip's log and what to do about them."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
    complaints = [line for line in lines if " ERROR: " in line or " WARNING: " in line]
    text = "\n".join(complaints)
    fitting = (advice for signs, advice in REMEDIES if any(sign in text for sign in signs))
    remedy = next(fitting, "Run it again; if it fails in the same way, delete .venv and run it once more.")
    errors = [line.partition(" ERROR: ")[2] for line in complaints if " ERROR: " in line] or ["nothing"]
    last = "\n".join("  " + line[:160] for line in errors[-4:])
    version = "{}.{}".format(*sys.version_info[:2])
    return f"pip said:\n{last}\n{remedy.format(python=version)}\nAll that pip said: {log}"


def say(step: str, what: str) -> None:
    """Print one line for a phase of the installation."""
    print(f"[{step}] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
