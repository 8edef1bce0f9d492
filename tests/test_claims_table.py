"""The stored table of claims: it is the one of these notebooks, README shows it, and the claims hold."""

import json
from pathlib import Path

import nbformat
import pytest

from lessons_lib.commands import claims_readme, claims_table
from lessons_lib.commands.execution import claims_of
from lessons_lib.commands.seeds_table import SEEDS, TABLE

FEWEST_CLAIMS = 40
REMEDY = "python course.py run --seeds 5 --jobs 2 makes it again; lessons that did not change are not run again"


@pytest.fixture(scope="module")
def table(root: Path) -> dict:
    """Return the stored table; skip before it is made for the first time."""
    if not (root / TABLE).is_file():
        pytest.skip(f"{TABLE} is not there yet: python course.py run --seeds 5 --jobs 2")
    return json.loads((root / TABLE).read_text(encoding="utf-8"))


def test_readme_shows_the_table(root):
    """Before there is a table, README shows none."""
    stored = json.loads((root / TABLE).read_text(encoding="utf-8")) if (root / TABLE).is_file() else None
    text = (root / "README.md").read_text(encoding="utf-8")
    assert claims_readme.fill(text, stored) == text, f"README.md is not what {TABLE} gives: {REMEDY}"


def test_the_table_lists_exactly_the_claims_of_the_notebooks(root, table):
    parts = ("statement", "at_least", "at_most")
    stored = {lesson["lesson"]: [tuple(claim[part] for part in parts) for claim in lesson["claims"]]
              for lesson in table["lessons"]}  # fmt: skip
    made = {path.stem: [tuple(claim[part] for part in parts) for claim in claims_of(nbformat.read(path, as_version=4))]
            for path in sorted(root.glob("notebooks/[0-9]*.ipynb"))}  # fmt: skip
    assert stored == made, REMEDY


def test_the_table_is_whole_and_of_the_lessons_own_embeddings(table):
    assert table["seeds"] == list(range(1, SEEDS + 1))
    assert table["settings"] == {}
    verdicts = [claim["held"] for lesson in table["lessons"] for claim in lesson["claims"]]
    values = [claim["values"] for lesson in table["lessons"] for claim in lesson["claims"]]
    assert all(len(each) == SEEDS for each in verdicts + values)
    assert (table["claims"], table["pairs"]) == (len(verdicts), SEEDS * len(verdicts))
    assert table["held"] == sum(map(sum, verdicts))


def test_claims_hold_at_other_seeds(table):
    assert table["claims"] >= FEWEST_CLAIMS
    assert table["held"] >= claims_table.BAR * table["pairs"]
    assert [(lesson["lesson"], lesson["stopped"]) for lesson in table["lessons"] if lesson["stopped"]] == []
    assert [(lesson["lesson"], lesson["unclear"]) for lesson in table["lessons"] if lesson["unclear"]] == []
