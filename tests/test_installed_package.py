"""What Colab gets: the wheel alone, with nothing of the checkout on the path; and how fast the library starts."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(root)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment that finds the libraries, and only them, in the present one."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    install = ["-m", "pip", "--python", str(programs / "python"), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)
    inside = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    # A .pth that lies in a folder named by a .pth is not read: the checkout, installed that way, stays out of sight.
    Path(inside, "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder with an environment that names no path of the checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


def test_wheel_holds_the_library_and_every_bundled_file_and_nothing_else(root, wheel):
    registry = json.loads((root / "data" / "registry.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(wheel) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    for name, entry in registry.items():
        assert sizes[f"lessons_lib/data/{name}"] == entry["bytes"], name
    assert {name.split("/")[0].split("-")[0] for name in sizes} == {"lessons_lib"}


def test_wheel_states_ranges_licences_and_the_address(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert "Requires-Dist: torch>=" in metadata
    assert "Project-URL: Repository, https://" in metadata
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-text"}


def test_library_comes_from_the_wheel_and_the_checkout_is_out_of_sight(root, programs, empty_folder):
    question = (
        "import importlib.util, sys, lessons_lib\n"
        "from lessons_lib.bundled import data_folder\n"
        "print(lessons_lib.__file__, data_folder(), importlib.util.find_spec('authoring'), *sys.path, sep='\\n')"
    )
    answer = subprocess.run([programs / "python", "-c", question], check=True, capture_output=True, text=True)
    library, data, authoring, *path = answer.stdout.splitlines()
    assert Path(library).is_relative_to(programs.parent)
    assert Path(data).is_relative_to(programs.parent)
    assert authoring == "None"
    assert str(root) not in path


def test_lesson_1_runs_from_an_empty_folder(root, programs, empty_folder):
    shutil.copy(root / "notebooks" / "01_vectors.ipynb", empty_folder)
    command = [programs / "lessons", "run", "01_vectors.ipynb"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "01_vectors" in shown.stdout
    assert "0 of 0 hold" not in shown.stdout
    assert [path.name for path in empty_folder.iterdir()] == ["01_vectors.ipynb"]


def test_doctor_is_content_without_the_repository(programs, empty_folder):
    shown = subprocess.run([programs / "lessons", "doctor"], capture_output=True, text=True, timeout=120)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "installed without the repository" in shown.stdout


def test_lab_says_where_to_get_the_notebooks(programs, empty_folder):
    shown = subprocess.run([programs / "lessons", "lab"], capture_output=True, text=True, timeout=60)
    assert shown.returncode == 1
    assert "git clone https://" in shown.stderr


def test_library_is_imported_at_once(processor_seconds):
    bare, library = (processor_seconds([sys.executable, "-c", code]) for code in ("pass", "import lessons_lib"))
    assert library - bare < 0.3


NETWORKS = {"classifiers", "learning"}  # a network is a class of torch's, and is defined with torch only


@pytest.mark.parametrize(("of_networks", "allowed"), [(False, set()), (True, {"torch"})])
def test_heavy_libraries_wait_until_they_are_needed(of_networks, allowed):
    from lessons_lib import _HOMES

    names = [name for module, names in _HOMES.items() if (module in NETWORKS) == of_networks for name in names]
    assert names
    heavy = {"torch", "gensim", "transformers", "sklearn", "pandas"} - allowed
    code = f"import sys, lessons_lib; [getattr(lessons_lib, name) for name in {names}]"
    subprocess.run([sys.executable, "-c", f"{code}; assert not {heavy} & set(sys.modules)"], check=True)
