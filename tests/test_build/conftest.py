"""``course`` is the small course, built once with real kernels and copied for each test; ``no_kernel`` runs nothing."""

import shutil
from pathlib import Path

import pytest

from authoring import build
from authoring.build import build_course

from .small_course import write_course


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], list[tuple[str, int, int]]]:
    """Build the small course; return its root, the files written, and what was told after each cell."""
    root = write_course(tmp_path_factory.mktemp("course"))
    steps: list[tuple[str, int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LESSONS_SEED", "7")
        written = build_course(root, on_cell=lambda *step: steps.append(step))
    return root, written, steps


@pytest.fixture
def course(built_once, tmp_path: Path) -> Path:
    """Copy the built course, so that a test may change it."""
    return Path(shutil.copytree(built_once[0], tmp_path / "course"))


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Execute nothing; list what would have been executed."""
    executed: list[str] = []
    monkeypatch.setattr(build, "execute", lambda root, draft, on_cell: executed.append(draft.path))
    return executed
