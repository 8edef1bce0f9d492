"""One set of libraries, stated three times: pyproject.toml (ranges), requirements.lock (versions), environment.yml."""

import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import lessons_lib
from lessons_lib.commands.doctor import read_lock

NOT_AT_CONDA = {"fsrs"}  # pip brings them with the course
CONDA_NAMES = {"torch": "pytorch-cpu", "matplotlib": "matplotlib-base"}  # where conda-forge's name differs


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def lock(root: Path) -> dict[str, Version]:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    locked = read_lock(text)
    assert len(locked) == len(lines), "every line of requirements.lock is name==version"
    return {canonicalize_name(name): Version(version) for name, version in locked.items()}


@pytest.fixture(scope="module")
def conda(root: Path) -> dict:
    return yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))


def bounds(requirements: list[str]) -> dict[str, str]:
    """Return canonical name -> range."""
    parsed = [Requirement(line) for line in requirements]
    return {canonicalize_name(requirement.name): str(requirement.specifier) for requirement in parsed}


def test_lock_lies_in_every_range_of_pyproject(project, lock):
    extras = project["optional-dependencies"].values()
    for line in [*project["dependencies"], *(line for extra in extras for line in extra)]:
        requirement = Requirement(line)
        assert lock[canonicalize_name(requirement.name)] in requirement.specifier, line


def test_lock_names_torch_without_the_suffix_of_a_build(lock):
    assert str(lock["torch"]) == "2.13.0"
    assert all(version.local is None for version in lock.values())


def test_ranges_leave_the_libraries_of_colab_alone(project):
    exact = [line for line in project["dependencies"] if any(sign in line for sign in ("==", "<", "~="))]
    assert exact == []
    assert "jupyterlab" not in bounds(project["dependencies"])


def test_conda_has_the_same_libraries_in_the_same_ranges(project, conda):
    wanted = bounds([*project["dependencies"], *project["optional-dependencies"]["lab"]])
    wanted = {CONDA_NAMES.get(name, name): bound for name, bound in wanted.items() if name not in NOT_AT_CONDA}
    stated = bounds([line for line in conda["dependencies"] if isinstance(line, str) and ">=" in line])
    assert stated == wanted


def test_conda_ranges_hold_the_locked_versions(conda, lock):
    pypi_names = {conda_name: name for name, conda_name in CONDA_NAMES.items()}
    lines = [line for line in conda["dependencies"] if isinstance(line, str) and ">=" in line]
    for requirement in map(Requirement, lines):
        assert lock[pypi_names.get(requirement.name, requirement.name)] in requirement.specifier


def test_conda_names_python_and_installs_the_course(project, conda):
    python = next(line for line in conda["dependencies"] if isinstance(line, str) and line.startswith("python="))
    assert Version(python.removeprefix("python=")) in Requirement(f"python{project['requires-python']}").specifier
    assert {"pip": ["-e ."]} in conda["dependencies"]
    assert conda["channels"][0] == "conda-forge"


def test_citation_names_the_repository_of_pyproject(root, project):
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["repository-code"] == project["urls"]["Repository"]
    assert "version" not in citation, "the version stands in lessons_lib/__init__.py alone"


def test_changelog_tells_of_this_version(root):
    assert f"\n## {lessons_lib.__version__}\n" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
