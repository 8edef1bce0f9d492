"""``lessons scores``: how good the bundled vectors are, as recorded when they were built, or measured again now."""

from typing import Annotated

import typer

TOLERANCE = 0.0015  # rounding of the log, and float32 sums in another order
COLUMNS = {"wordsim353": "WordSim-353", "simlex999": "SimLex-999"}
SUMS = ("semantic", "syntactic", "total")


def scores(
    measure: Annotated[bool, typer.Option("--measure", help="Measure the bundled files again and compare.")] = False,
    common: Annotated[bool, typer.Option("--common", help="On the words that all files have.")] = False,
    sections: Annotated[bool, typer.Option("--sections", help="The analogies section by section.")] = False,
) -> None:
    """Print the scores of the bundled vectors with 95 % intervals; --measure exits with 1 if a score differs."""
    from lessons_lib.scores import build_log

    recorded = build_log()["scores"]
    words = "common" if common else "own"
    found = _measure_again(words, recorded) if measure else {name: recorded[name][words] for name in _names(recorded)}
    print_table(_section_rows(found) if sections else _rows(found))
    if measure:
        differences = list(compare({name: recorded[name][words] for name in found}, found))
        typer.echo("\n".join(differences) or "Every score is as recorded in data/build_log.json.")
        if differences:
            raise typer.Exit(1)


def _names(recorded: dict) -> list[str]:
    """Return the names of the generations in the log."""
    from lessons_lib.scores import GENERATIONS

    return [name for name in GENERATIONS if name in recorded]


def _measure_again(words: str, recorded: dict) -> dict[str, dict]:
    """Return the scores of the bundled files as they are now."""
    from lessons_lib import scores as library
    from lessons_lib.bundled import load_vectors

    vectors = {name: load_vectors(name) for name in _names(recorded)}
    if words == "common":
        first, *others = vectors.values()
        kept = [word for word in first.index_to_key if all(word in other.key_to_index for other in others)]
        vectors = {name: library.restrict(model, kept) for name, model in vectors.items()}
    return {name: library.measure(model) for name, model in vectors.items()}


def _cell(value: float, low: float, high: float) -> str:
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _rows(found: dict[str, dict]) -> list[list[str]]:
    """Return the table of headline scores, the heading first."""
    rows = [["vectors", "words", *COLUMNS.values(), *(f"analogies, {name}" for name in SUMS)]]
    for name, scored in found.items():
        pairs = [_cell(*(scored[test][key] for key in ("value", "low", "high"))) for test in COLUMNS]
        sums = [_cell(*(scored["analogies"][part][key] for key in ("accuracy", "low", "high"))) for part in SUMS]
        rows.append([name, f"{scored['words']:,}", *pairs, *sums])
    return rows


def _section_rows(found: dict[str, dict]) -> list[list[str]]:
    """Return the table of analogies by section, the heading first."""
    sections = next(iter(found.values()))["analogies"]
    rows = [["section", *found]]
    for section in sections:
        cells = (scored["analogies"].get(section) for scored in found.values())
        rows.append(
            [section, *(f"{cell['accuracy']:.3f} of {cell['asked']:,}" if cell else "not asked" for cell in cells)]
        )
    return rows


def print_table(rows: list[list[str]]) -> None:
    """Print rows of text in columns, the first row underlined."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            typer.echo("  ".join("-" * width for width in widths))


def compare(recorded: dict[str, dict], found: dict[str, dict]) -> list[str]:
    """Return a sentence for each score that differs from the record by more than ``TOLERANCE``.

    Examples
    --------
    >>> compare({"glove": {"simlex999": {"value": 0.2}}}, {"glove": {"simlex999": {"value": 0.3}}})
    ['glove, simlex999: 0.300 measured, 0.200 recorded']
    """
    sentences = []
    for name, scored in found.items():
        tests = {test: ("value", scored[test], recorded[name][test]) for test in COLUMNS if test in scored}
        for part in SUMS if scored.get("analogies") else ():
            tests[f"analogies {part}"] = ("accuracy", scored["analogies"][part], recorded[name]["analogies"][part])
        for test, (key, new, old) in tests.items():
            if abs(new[key] - old[key]) > TOLERANCE:
                sentences.append(f"{name}, {test}: {new[key]:.3f} measured, {old[key]:.3f} recorded")
    return sentences
