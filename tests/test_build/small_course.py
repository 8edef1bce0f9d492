"""A course of one lesson and one exercise, and what its tests read and change in it."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat

from authoring.markers import read_lines
from authoring.notebook import make_notebook

REPOSITORY = "https://github.com/owner/name"
LESSON = """\
# %% [markdown]
# # Count words
#
# You will count.

# %%
import os
from pathlib import Path

import lessons_lib

home = Path(os.environ["LESSONS_HOME"])
print(Path.cwd().name, os.environ["LESSONS_PLAIN"], os.environ["LESSONS_STRICT"], lessons_lib.NAME)
print(home.is_dir(), "LESSONS_SEED" in os.environ)

# %% tags=["compare"]
1 + 1

# %% tags=["raises-exception"]
1 / 0
"""
EXERCISE = """\
# %% [markdown]
# # Practise counting

# %%
def frequency(words, word):
    \"\"\"Share of the words that are ``word``.\"\"\"
    ### BEGIN SOLUTION
    return words.count(word) / len(words)
    ### END SOLUTION


# %%
### BEGIN SOLUTION
### STUB share = None
share = frequency("a rose is a rose".split(), "rose")
### END SOLUTION
print("share:", share)

# %% [markdown] tags=["solution"]
# Divide the count by the number of words.
"""
RECALL = """\
[[quiz]]
id = "01-q1"
question = "What is a vector?"

[[quiz.options]]
text = "Numbers in an order"
right = true
why = "A vector is a list of numbers."

[[quiz.options]]
text = "A set"
right = false
why = "A set has no order."

[[cards]]
front = "Vector"
back = "Numbers in a fixed order"
"""
GLOSSARY = """\
[[term]]
term = "dimension"
meaning = "How many numbers a vector has."
lesson = "01"

[[term]]
term = "Vector"
meaning = "Numbers in a fixed order."
lesson = "01"
"""
FILES = {
    "pyproject.toml": f'[project.urls]\nRepository = "{REPOSITORY}"\n',
    "lessons_lib/__init__.py": 'NAME = "small"\n',
    "lessons_lib/commands/__init__.py": "",
    "data/registry.json": "{}\n",
    "authoring/lessons/01_count.py": LESSON,
    "authoring/exercises/01_count.py": EXERCISE,
    "authoring/recall/01_count.toml": RECALL,
    "authoring/glossary.toml": GLOSSARY,
}
BUILT = [
    "data/glossary.json",
    "data/recall/01_count.json",
    "exercises/01_count.ipynb",
    "notebooks/01_count.ipynb",
    "solutions/01_count.ipynb",
]
NOTEBOOK, SOLUTION, TASK = "notebooks/01_count.ipynb", "solutions/01_count.ipynb", "exercises/01_count.ipynb"
ANSWER = "return words.count(word) / len(words)"


def write_course(root: Path) -> Path:
    """Write the sources of the small course."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def change(path: Path, old: str, new: str) -> None:
    """Replace a piece of a file that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit_json(path: Path, edit: Callable[[dict], object]) -> None:
    """Change a notebook's JSON."""
    content = notebook(path)
    edit(content)
    path.write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def notebook(path: Path) -> dict:
    """Read a notebook as plain JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def sources(built: dict, kind: str = "code") -> list[str]:
    """Return the sources of a notebook's cells."""
    return ["".join(cell["source"]) for cell in built["cells"] if cell["cell_type"] == kind]


def printed(built: dict) -> str:
    """Return all that the cells of a notebook printed."""
    outputs = [output for cell in built["cells"] for output in cell.get("outputs", [])]
    return "".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream")


def edition(text: str, path: str = "exercises/01_count.ipynb") -> nbformat.NotebookNode:
    """Make one edition of a source."""
    return make_notebook(read_lines(text, "source.py"), "source.py", path, REPOSITORY)
