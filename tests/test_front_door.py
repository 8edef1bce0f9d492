"""course.py: what it installs when, what it repairs, what it says, and that README's commands work."""

import ast
import http.server
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from types import ModuleType

import pytest

from authoring.links import launch_links, read_repository
from lessons_lib.commands import app

FAKE_LESSONS = '#!/bin/sh\necho "$@"\nexit 7\n'


class Installer:
    """Stands in for venv and pip: records what is asked for and makes the two files that a start looks for."""

    def __init__(self, door: ModuleType) -> None:
        self.door, self.calls = door, []

    def make_venv(self) -> None:
        self.calls.append("venv")
        shutil.rmtree(self.door.VENV, ignore_errors=True)
        self.door.PROGRAMS.mkdir(parents=True)
        self.door.PYTHON.symlink_to(sys.executable)
        record = self.door.VENV / "lib" / "python3" / "site-packages" / "pip-1.dist-info" / "RECORD"
        record.parent.mkdir(parents=True)
        record.touch()

    def pip(self, *arguments: str) -> None:
        self.calls.append(" ".join(arguments))
        if "--editable" in arguments:
            self.door.LESSONS.write_text(FAKE_LESSONS, encoding="utf-8")
            self.door.LESSONS.chmod(0o755)

    def take(self) -> list[str]:
        """Return the calls since the last look."""
        calls, self.calls = self.calls, []
        return calls


@pytest.fixture
def door(root: Path, tmp_path: Path) -> ModuleType:
    """Return course.py as it lies in an otherwise empty checkout."""
    for name in ("course.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(root / name, tmp_path)
    spec = importlib.util.spec_from_file_location("course_under_test", tmp_path / "course.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installer(door: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Installer:
    """Return the stand-in for venv and pip that ``door`` calls."""
    fake = Installer(door)
    monkeypatch.setattr(door, "make_venv", fake.make_venv)
    monkeypatch.setattr(door, "pip", fake.pip)
    monkeypatch.setattr(door, "answers", lambda url: False)
    return fake


FIRST_START = ["venv", "install torch", "install --editable .[lab]"]
INSTALL_ONLY = FIRST_START[1:]


def test_second_start_installs_nothing(door, installer):
    door.set_up("lab", gpu=False)
    assert installer.take() == FIRST_START
    door.set_up("lab", gpu=False)
    assert installer.take() == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed(door, installer, name):
    door.set_up("lab", gpu=False)
    installer.take()
    with open(door.ROOT / name, "a", encoding="utf-8") as file:
        file.write("\n# another line\n")
    door.set_up("lab", gpu=False)
    assert installer.take() == INSTALL_ONLY


def test_developer_verbs_add_their_libraries_and_keep_them(door, installer):
    door.set_up("lab", gpu=False)
    installer.take()
    door.set_up("dev", gpu=False)
    assert installer.take() == ["install torch", "install --editable .[dev]"]
    door.set_up("lab", gpu=False)
    assert installer.take() == []
    (door.ROOT / "requirements.lock").write_text("changed", encoding="utf-8")
    door.set_up("lab", gpu=False)
    assert installer.take() == ["install torch", "install --editable .[dev]"]


def test_gpu_replaces_torch_once_and_is_remembered(door, installer):
    door.set_up("lab", gpu=False)
    installer.take()
    door.set_up("lab", gpu=True)
    assert installer.take() == ["uninstall --yes torch", *INSTALL_ONLY]
    door.set_up("lab", gpu=True)
    door.set_up("lab", gpu=False)
    assert installer.take() == []


def test_an_interrupted_installation_goes_on(door, installer, monkeypatch):
    def interrupted(*arguments: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(door, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            door.set_up("lab", gpu=False)
    assert installer.take() == ["venv"]
    door.set_up("lab", gpu=False)
    assert installer.take() == INSTALL_ONLY


def test_an_interrupted_update_is_not_taken_for_complete(door, installer, monkeypatch):
    door.set_up("lab", gpu=False)
    monkeypatch.setattr(door, "pip", lambda *arguments: (_ for _ in ()).throw(door.SetupError("no network")))
    with pytest.raises(door.SetupError):
        door.set_up("dev", gpu=False)
    assert door.read_stamp() == {}


def test_half_installed_packages_are_forgotten(door, installer):
    installer.make_venv()
    folder = door.site_packages()[0]
    for name in ("whole-1.dist-info", "half-1.dist-info", "~orch"):
        (folder / name).mkdir()
        (folder / name / "METADATA").touch()
    (folder / "whole-1.dist-info" / "RECORD").touch()
    door.forget_half_installed()
    assert sorted(path.name for path in folder.iterdir()) == ["pip-1.dist-info", "whole-1.dist-info"]


def remove_python(door: ModuleType) -> None:
    door.PYTHON.unlink()


def break_python(door: ModuleType) -> None:
    door.PYTHON.unlink()
    door.PYTHON.write_text("no program", encoding="utf-8")
    door.PYTHON.chmod(0o755)


def move(door: ModuleType) -> None:
    door.STAMP.write_text(json.dumps(door.read_stamp() | {"folder": "/elsewhere/.venv"}), encoding="utf-8")


def update_python(door: ModuleType) -> None:
    door.STAMP.write_text(json.dumps(door.read_stamp() | {"python": "3.99"}), encoding="utf-8")


def remove_pip(door: ModuleType) -> None:
    door.STAMP.unlink()
    shutil.rmtree(door.site_packages()[0])


@pytest.mark.parametrize("damage", [remove_python, break_python, move, update_python, remove_pip])
def test_a_broken_environment_is_made_anew(door, installer, damage):
    door.set_up("lab", gpu=False)
    installer.take()
    damage(door)
    door.set_up("lab", gpu=False)
    assert installer.take() == FIRST_START
    door.set_up("lab", gpu=False)
    assert installer.take() == []


def test_a_missing_console_script_is_installed_again(door, installer):
    door.set_up("lab", gpu=False)
    installer.take()
    door.LESSONS.unlink()
    door.set_up("lab", gpu=False)
    assert installer.take() == INSTALL_ONLY


def test_without_ensurepip_the_pip_of_this_python_installs(door, monkeypatch):
    monkeypatch.setattr(door, "HAS_ENSUREPIP", False)
    door.make_venv()
    assert door.python_version() == "{}.{}".format(*sys.version_info[:2])
    assert not door.pip_is_inside()
    listed = subprocess.run([*door.pip_command(), "list", "--format=json"], capture_output=True, text=True, check=True)
    assert json.loads(listed.stdout) == [], "it looks into the new environment, not into its own"


def test_without_ensurepip_and_pip_the_remedy_is_named(door, monkeypatch):
    monkeypatch.setattr(door, "HAS_ENSUREPIP", False)
    monkeypatch.setattr(door.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(door.SetupError, match="apt install python3-venv"):
        door.make_venv()


@pytest.mark.parametrize(
    ("platform", "nvidia", "index", "gpu", "wanted"),
    [
        ("linux", False, True, False, True),
        ("linux", False, False, False, False),
        ("linux", True, True, False, False),
        ("linux", False, True, True, False),
        ("darwin", False, True, False, False),
        ("win32", False, True, False, False),
    ],
)
def test_cpu_index_is_used_on_linux_without_gpu_if_it_answers(
    door, installer, monkeypatch, platform, nvidia, index, gpu, wanted
):
    monkeypatch.setattr(door.sys, "platform", platform)
    monkeypatch.setattr(door, "has_nvidia_gpu", lambda: nvidia)
    monkeypatch.setattr(door, "answers", lambda url: index)
    door.install_torch(gpu, replace=False)
    expected = f"install torch --extra-index-url {door.PYTORCH_CPU_INDEX}" if wanted else "install torch"
    assert installer.take() == [expected]


class Index(http.server.BaseHTTPRequestHandler):
    """An index that answers, or says nothing for longer than anybody waits."""

    def do_GET(self) -> None:
        if self.path == "/silent":
            time.sleep(2)
        self.send_response(200 if self.path != "/missing" else 404)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def test_an_index_answers_in_time_or_does_not_count(door):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    assert door.answers(f"{address}/torch/")
    assert not door.answers(f"{address}/missing")
    started = time.monotonic()
    assert not door.answers(f"{address}/silent", seconds=0.3)
    assert time.monotonic() - started < 1.5
    server.shutdown()
    server.server_close()
    assert not door.answers(f"{address}/torch/", seconds=1)


@pytest.mark.parametrize(
    ("complaint", "remedy"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying: NewConnectionError\nERROR: No matching distribution found for torch", "network"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no suitable build for Python"),
        ("ERROR: Permission denied: lessons.exe", "could not be written"),
        ("ERROR: something new", "delete .venv"),
    ],
)
def test_a_failed_pip_ends_with_its_last_lines_and_a_remedy(door, monkeypatch, capsys, complaint, remedy):
    lines = "\n".join(f"2026-01-01T00:00:00,000 {line}" for line in complaint.splitlines())
    program = f"import sys; open(sys.argv[2], 'w').write({lines!r}); sys.exit(1)"
    monkeypatch.setattr(door, "pip_command", lambda: [sys.executable, "-c", program])
    monkeypatch.setattr(door, "make_venv", lambda: None)
    monkeypatch.setattr(door, "answers", lambda url: False)
    assert door.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert complaint.rpartition("ERROR: ")[2] in said
    assert remedy in said
    assert not door.STAMP.exists()


def test_pip_gets_the_lock_as_constraints_and_nobody_elses_folder(door, monkeypatch):
    program = "import json, os, sys; open('call.json', 'w').write(json.dumps([sys.argv[1:], dict(os.environ)]))"
    monkeypatch.setattr(door, "pip_command", lambda: [sys.executable, "-c", program])
    monkeypatch.setenv("PIP_USER", "1")
    door.pip("install", "torch")
    arguments, environment = json.loads((door.ROOT / "call.json").read_text(encoding="utf-8"))
    assert arguments[-2:] == ["--constraint", "requirements.lock"]
    assert "--prefer-binary" in arguments
    assert "PIP_USER" not in environment


def test_only_one_start_installs(door):
    with open(door.ROOT / "lock", "w") as one, open(door.ROOT / "lock", "w") as other:
        assert door.try_lock(one)
        assert not door.try_lock(other)
        one.close()
        assert door.try_lock(other)


def test_two_starts_at_once_install_once(door, installer, monkeypatch, capsys):
    def slow(*arguments: str) -> None:
        time.sleep(0.4)
        Installer.pip(installer, *arguments)

    monkeypatch.setattr(door, "pip", slow)
    starts = [threading.Thread(target=door.set_up, args=("lab", False)) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert installer.take() == FIRST_START
    assert "waiting" in capsys.readouterr().out


def test_no_verb_prints_the_table_and_installs_nothing(root, tmp_path):
    shutil.copy(root / "course.py", tmp_path)
    for arguments in ([], ["--help"]):
        shown = subprocess.run([sys.executable, "course.py", *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert shown.returncode == 0
        assert all(f"python course.py {verb}" in shown.stdout for verb in ("lab", "run", "test", "doctor"))
    assert [path.name for path in tmp_path.iterdir()] == ["course.py"]


def test_an_unknown_verb_prints_the_table_and_installs_nothing(root, tmp_path):
    shutil.copy(root / "course.py", tmp_path)
    shown = subprocess.run([sys.executable, "course.py", "learn"], cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 2
    assert "no verb 'learn'" in shown.stderr
    assert not (tmp_path / ".venv").exists()


def test_the_table_lists_the_commands_that_exist(door):
    commands = [command.callback.__name__ for command in app().registered_commands]
    assert sorted(door.VERBS) == sorted(commands)
    assert set(door.DEVELOPER_VERBS) <= set(door.VERBS)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for `lessons` is a shell script")
def test_arguments_and_exit_code_pass_through(door, installer):
    door.set_up("lab", gpu=False)
    command = [sys.executable, "course.py", "--gpu", "run", "1", "--seed", "3"]
    door.write_stamp("lab", gpu=True)
    shown = subprocess.run(command, cwd=door.ROOT, capture_output=True, text=True)
    assert (shown.stdout, shown.stderr, shown.returncode) == ("run 1 --seed 3\n", "", 7)


def test_exit_code_passes_through_where_programs_cannot_be_replaced(door, monkeypatch):
    monkeypatch.setattr(door, "WINDOWS", True)
    assert door.hand_over([sys.executable, "-c", "import sys; sys.exit(5)"]) == 5


@pytest.mark.parametrize("version", [(3, 6), (3, 8), (3, 10)])
def test_older_pythons_read_the_file_and_are_told_what_is_needed(root, monkeypatch, version):
    source = (root / "course.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=version)
    monkeypatch.setattr(sys, "version_info", (*version, 1, "final", 0))
    with pytest.raises(SystemExit) as told:
        exec(compile(source, "course.py", "exec"), {"__name__": "__main__"})
    assert "needs Python 3.11 or newer; this is Python {}.{}".format(*version) in str(told.value.code)


def test_only_the_standard_library_is_imported(root):
    tree = ast.parse((root / "course.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


# The real thing, in this checkout


@pytest.fixture(scope="module")
def installed(root: Path) -> Path:
    """Return the root if course.py has set it up: then starting it installs nothing."""
    if not (root / ".venv" / "course-stamp.json").is_file():
        pytest.skip("this checkout was not set up by course.py: run python course.py test")
    return root


def start(root: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run course.py to its end."""
    command = [sys.executable, "course.py", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900)


def test_second_start_installs_nothing_and_hands_over_within_two_seconds(installed, processor_seconds):
    shown = start(installed, "progress")
    assert shown.returncode == 0, shown.stderr
    assert "[3/3]" not in shown.stdout
    assert processor_seconds([sys.executable, str(installed / "course.py"), "progress"]) < 2


def readme_commands(root: Path) -> list[str]:
    """Return the commands of README: lines of its fenced blocks, and course.py in running text; each once."""
    text = (root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:bash|console|sh|shell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.partition("  #")[0].strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(python course\.py[^`]*)`", text)
    return list(dict.fromkeys([line for line in lines if line and not line.startswith("#")] + inline))


def test_readme_commands_work(installed):
    commands = readme_commands(installed)
    assert {"python course.py lab", "python course.py run", "python course.py test"} <= set(commands)
    elsewhere = [command for command in commands if not command.startswith("python course.py")]
    assert all(command.startswith(("git clone ", "cd ", "conda ")) for command in elsewhere), elsewhere
    for command in commands:
        if command.startswith("python course.py"):
            run_as_written(installed, command.split()[2:])


def test_readme_links_are_made_from_the_address_in_pyproject(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    links = launch_links(read_repository(root), "notebooks/01_vectors.ipynb")
    assert all(f"({link})" in text for link in links.values())


def run_as_written(root: Path, arguments: list[str]) -> None:
    """Run a command of README, those that take minutes or a network in a short form."""
    if arguments[:1] == ["lab"]:
        serve(root, arguments)
        return
    if arguments[:1] == ["fetch"]:  # needs a network; that the catalogue knows the name does not
        arguments = ["sources", *arguments[1:]]
    short = {
        "test": ["-n", "0", "tests/test_environment.py"],  # the whole would run this test again
        "run": ["1"],  # tests/test_notebooks.py runs every lesson
        "bench": ["--quick"],
    }
    shown = start(root, *arguments, *short.get("".join(arguments[:1]), []))
    assert shown.returncode == 0, f"python course.py {' '.join(arguments)}\n{shown.stdout}\n{shown.stderr}"


def serve(root: Path, arguments: list[str]) -> None:
    """Start JupyterLab without a browser, fetch the page that it names, and stop it as Ctrl-C does."""
    command = [sys.executable, "course.py", *arguments, *(["--no-browser"] if "--no-browser" not in arguments else [])]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline()
            address = re.search(r"http://localhost:\S+", said)
            assert address, said
            with urllib.request.urlopen(address[0], timeout=30) as page:
                assert page.status == 200
                text = page.read().decode()
            assert '"news": {"disabled": true}' in text
            assert (root / "notebooks" / "01_vectors.ipynb").is_file()
            assert "/lab/tree/notebooks/01_vectors.ipynb?" in address[0]
        finally:
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=30) == 0
