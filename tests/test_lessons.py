"""The anatomy of every lesson, read from its source: rooms, lengths, glossary, predictions, claims, figures."""

import json
import re
import tomllib
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "authoring/lessons").glob("*.py"))
EXERCISES = sorted((ROOT / "authoring/exercises").glob("*.py"))
TERMS = {entry["term"]: entry for entry in tomllib.loads((ROOT / "authoring/glossary.toml").read_text())["term"]}
ROOMS = ["Under the hood", "Myth", "Connection", "Pitfall", "In practice", "Claims", "Takeaways", "Where to read more"]
MOST_WORDS = 100  # the aim is 80; formulas and markers count as words here
MOST_LINES = 25

lesson = pytest.mark.parametrize("source", LESSONS, ids=lambda path: path.stem)
any_source = pytest.mark.parametrize("source", LESSONS + EXERCISES, ids=lambda path: f"{path.parent.name}/{path.stem}")


def cells(source: Path, kind: str) -> list[str]:
    return [cell.source for cell in jupytext.read(source).cells if cell.cell_type == kind]


@lesson
def test_rooms_stand_in_their_order(source):
    headings = re.findall(r"^## (.+)$", "\n".join(cells(source, "markdown")), re.MULTILINE)
    places = [next((i for i, heading in enumerate(headings) if heading.startswith(room)), None) for room in ROOMS]
    assert None not in places, dict(zip(ROOMS, places, strict=True))
    assert places == sorted(places)
    first = cells(source, "markdown")[0]
    assert all(f"**{label}" in first for label in ("You will be able to", "You need", "Time"))
    assert sum(bool(line.strip()) for line in cells(source, "code")[0].splitlines()) <= 6


@any_source
def test_cells_are_short(source):
    long_prose = [(len(text.split()), text[:60]) for text in cells(source, "markdown")[1:]
                  if len(text.split()) > MOST_WORDS and not text.startswith("## Where to read more")]  # fmt: skip
    long_code = [(code.count("\n") + 1, code[:60]) for code in cells(source, "code") if code.count("\n") >= MOST_LINES]
    assert long_prose == []
    assert long_code == []


@lesson
def test_terms_in_bold_are_in_the_glossary_and_back(source):
    """A term is bold where it is explained; labels of lists ("**Right code.**") end in a full stop or colon."""
    number = source.stem[:2]
    bold = re.findall(r"\*\*([^*]+)\*\*", "\n".join(cells(source, "markdown")[1:]))
    known = {term.lower() for term in TERMS}
    words = {term.lower() for term in bold if not term.endswith((".", ":"))} - {"normalise once"}
    explained = {term if term in known else term.removesuffix("s") for term in words}
    assert explained - known == set()
    here = {term.lower() for term, entry in TERMS.items() if entry["lesson"] == number}
    assert here - explained == set()


@lesson
def test_enough_predictions_and_claims_and_each_prediction_is_revealed(source):
    code = "\n".join(cells(source, "code"))
    asked, revealed = re.findall(r'\bpredict\("([^"]+)"', code), re.findall(r'\breveal\("([^"]+)"', code)
    assert len(asked) >= 4
    assert sorted(asked) == sorted(revealed)
    assert len(set(asked)) == len(asked)
    assert all(name.startswith(source.stem[:2] + "-") for name in asked)
    assert len(re.findall(r"^claim\(", code, re.MULTILINE)) >= 4


@lesson
def test_no_number_with_decimals_or_percent_is_typed_into_the_prose(source):
    """Measured numbers belong in outputs; only years, counts of files and the like may be typed."""
    prose = "\n".join(cells(source, "markdown"))
    typed = re.findall(r"(?<![\w.])\d+\.\d+|\d+ ?%", prose)
    assert set(typed) <= TYPED.get(source.stem, set())


# the square root of 2; the bound that defines a synonym pair; the bound of the rule that sorts neighbours
# lesson 5: the bound below which a look-alike counts as misleading
TYPED = {"01_vectors": {"1.41", "7.5", "0.35"}, "05_unknown_words": {"0.3"}}


@lesson
def test_built_figures_are_described_and_notebooks_are_small(source):
    path = ROOT / "notebooks" / f"{source.stem}.ipynb"
    outputs = [output for cell in json.loads(path.read_text())["cells"] for output in cell.get("outputs", [])]
    pictures = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) >= 3
    for picture in pictures:
        alt = re.search(r'<img alt="([^"]*)"', "".join(picture["text/html"]))
        assert alt and len(alt[1]) >= 30
        assert len(picture["image/png"]) * 3 / 4 <= 80_000
    assert path.stat().st_size <= 1_500_000


def test_every_exercise_has_a_check_and_every_check_an_exercise():
    from lessons_lib import checks

    for source in EXERCISES:
        lesson_number = source.stem[:2]
        asked = re.findall(r'\bcheck\("([^"]+)"', "\n".join(cells(source, "code")))
        checks.import_module(f"lessons_lib.checks.{checks.MODULES[lesson_number]}")
        assert sorted(asked) == sorted(n for n in checks.EXERCISES if n.startswith(lesson_number))
        assert 5 <= len(asked) <= 8
