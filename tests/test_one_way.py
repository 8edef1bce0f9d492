"""Nothing flows back: who may import whom, and every function that readers can reach has an example that runs."""

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import lessons_lib

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = sorted((ROOT / "lessons_lib").rglob("*.py"))
LESSONS = sorted([*ROOT.glob("authoring/lessons/*.py"), *ROOT.glob("authoring/exercises/*.py")])
CALLED = {"faiss-cpu": "faiss", "scikit-learn": "sklearn", "adjusttext": "adjustText"}  # distribution -> module
# Modules of packages that a listed package cannot do without, and what is asked for only where it is there.
BROUGHT_ALONG = {"IPython": "ipykernel", "threadpoolctl": "scikit-learn", "requests": "pooch", "PIL": "matplotlib",
                 "tokenizers": "transformers", "safetensors": "transformers", "huggingface_hub": "transformers",
                 "jupyter_client": "nbclient", "tqdm": "transformers", "urllib3": "pooch",
                 "joblib": "scikit-learn"}  # fmt: skip
OPTIONAL = {"ray": "ray", "jupyterlab": "lab"}  # module -> extra
# The library measures vectors, the builder of vectors measures with it; the lessons' own tasks stay out of its reach.
FOR_BUILDERS = {"bundled", "contextual", "means", "scores", "statistics", "text", "texts", "wikipedia", "yardsticks"}


def imports(path: Path) -> Iterator[str]:
    """Yield the full names of all modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def below(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def listed() -> set[str]:
    """Return the modules of the packages that pyproject.toml lists for everybody."""
    names = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[\[<>=~! ]", name)[0].lower() for name in names}
    brought = {module for module, by in BROUGHT_ALONG.items() if by in names}
    return {CALLED.get(name, name) for name in names} | brought


def strangers(paths: list[Path], allowed: set[str]) -> dict[str, set[str]]:
    """Return file -> packages that it imports and that are neither Python's own nor allowed."""
    found = {below(path): {name.partition(".")[0] for name in imports(path)} for path in paths}
    return {name: odd for name, used in found.items() if (odd := used - set(sys.stdlib_module_names) - allowed)}


def test_the_library_imports_nothing_of_the_workshop():
    """``lessons build`` hands on to the builder: the one command that works in a checkout only."""
    backward = {
        below(path): name
        for path in LIBRARY
        for name in imports(path)
        if name.partition(".")[0] in {"authoring", "tests", "course"}
    }
    assert set(backward) == {"lessons_lib/commands/build.py"}
    assert strangers(LIBRARY, listed() | set(OPTIONAL) | {"lessons_lib", "authoring"}) == {}


def test_the_library_does_not_import_its_commands():
    """``lessons bench --lessons`` runs notebooks as ``lessons run`` does: with the one function for it."""
    found = {
        below(path): name
        for path in LIBRARY
        if "commands" not in path.parts
        for name in imports(path)
        if name.startswith("lessons_lib.commands")
    }
    assert set(found) <= {"lessons_lib/benchmark/lessons.py"}


def test_lessons_import_the_library_and_listed_packages_alone():
    assert strangers(LESSONS, listed() | set(OPTIONAL) | {"lessons_lib"}) == {}


def test_builders_of_data_know_only_what_measures_it():
    used = {
        (below(path), name.split(".")[1])
        for path in sorted((ROOT / "authoring/pretrain").glob("*.py"))
        for name in imports(path)
        if name.startswith("lessons_lib.")
    }
    assert {pair for pair in used if pair[1] not in FOR_BUILDERS} == set()
    assert {name for _, name in used} <= FOR_BUILDERS


def test_data_is_data():
    """No program lies in data/, so there is nothing that could know the library."""
    programs = {".py", ".ipynb", ".pkl", ".pickle", ".sh", ".so", ".dll"}
    assert [below(path) for path in (ROOT / "data").rglob("*") if path.suffix in programs] == []


def reachable() -> dict[str, object]:
    """Return the functions and classes that ``lessons_lib`` hands out or that a lesson or exercise imports."""
    names = {("lessons_lib", name) for name in lessons_lib.__all__}
    for path in LESSONS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lessons_lib"):
                names |= {(node.module, name.name) for name in node.names}
    found = {}
    for module, name in sorted(names):
        home = import_module(module)
        thing = getattr(home, name) if hasattr(home, name) else import_module(f"{module}.{name}")
        is_error = inspect.isclass(thing) and issubclass(thing, Exception)
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and not is_error:
            found[f"{thing.__module__}.{name}".removeprefix("lessons_lib.")] = thing
    return found


# Why there is no example: what they do is seen, not returned, or needs a question, a check, a fetch that went before.
SHOWN = {
    "checks.check", "commands.progress.progress", "coverage_figure.plot_coverage", "curve_figure.plot_curves",
    "figures.show", "predictions.reveal", "quizzes.flash_cards", "quizzes.quiz", "recall_cells.know",
    "recall_cells.recall", "recall_cells.recall_overview", "wordmap.draw_map", "wordmap.explore_map",
    "wordmap.frequent_words_map", "wordmap.label_points", "contextual.models.quiet",
}  # fmt: skip
# Made by the functions of their modules, whose examples show them; or minutes of work the first time.
MADE_ELSEWHERE = {"contextual.models.Transformer", "domain.documentation_task", "domain.documentation_vectors"}
# Their examples stand at ``save_word2vec`` and ``load``, whose parameters they share.
ALIKE = {"formats.writers.save_glove", "formats.writers.save_vec", "formats.opening.keyed_vectors"}


def test_what_readers_reach_has_an_example():
    found = reachable()
    without = {name for name, thing in found.items() if ">>>" not in (thing.__doc__ or "")}
    assert len(found) > 80
    assert without <= SHOWN | MADE_ELSEWHERE | ALIKE
    assert all(found[name].__doc__ for name in without)


@pytest.mark.parametrize("group", [SHOWN, MADE_ELSEWHERE, ALIKE])
def test_exceptions_are_still_needed(group):
    found = reachable()
    assert {name for name in group if name not in found or ">>>" in (found[name].__doc__ or "")} == set()
