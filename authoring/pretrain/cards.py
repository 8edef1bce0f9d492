"""Last step: fill the measured parts of data/README.md: the list of files, the scores, the baselines.

A measured part stands between ``<!-- files: begin -->`` and ``<!-- files: end -->``; the others likewise.
All other text there is written by hand.
"""

import json
import re

import pandas as pd

from authoring.baselines.__main__ import as_markdown
from authoring.pretrain import files, registry
from lessons_lib.scores import GENERATIONS
from lessons_lib.statistics import Estimate


def file_table(entries: dict[str, dict]) -> str:
    """Return the bundled files as a markdown table: path, megabytes, SHA-256."""
    rows = [f"| {name} | {entry['bytes'] / 1e6:.2f} | `{entry['sha256']}` |" for name, entry in entries.items()]
    total = sum(entry["bytes"] for entry in entries.values()) / 1e6
    return "\n".join(["| file | MB | SHA-256 |", "|---|---|---|", *rows, f"\n{len(rows)} files, {total:.1f} MB."])


def score_table(scores: dict) -> str:
    """Return the scores of the vectors, each on its own words, as a markdown table with 95 % intervals."""
    names = ["vectors", "words", "WordSim-353", "SimLex-999", "analogies", "semantic", "syntactic"]
    rows = [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]
    for name in GENERATIONS:
        own = scores[name]["own"]
        pairs = [own[test] for test in ("wordsim353", "simlex999")]
        sums = [own["analogies"][part] for part in ("total", "semantic", "syntactic")]
        found = [(cell.get("value", cell.get("accuracy")), cell["low"], cell["high"]) for cell in pairs + sums]
        cells = [str(Estimate(*numbers)) for numbers in found]
        rows.append(f"| {name} | {own['words']:,} | {' | '.join(cells)} |")
    return "\n".join(rows)


def sense_table(rows: list[dict]) -> str:
    """Return the accuracy on senses.csv, a line a method, as a markdown table with 95 % intervals."""
    lines = [f"| {row['method']} | {Estimate(row['value'], row['low'], row['high'])} |" for row in rows]
    return "\n".join(["| vector of the word | accuracy (n = 704) |", "|---|---|", *lines])


def cut_table(by_layer: dict[str, list[dict]]) -> str:
    """Return the accuracy on senses.csv of a model before and after it was cut and trained, a line a layer."""
    lines = []
    for layer in range(max(map(len, by_layer.values()))):
        cells = [str(Estimate(*rows[layer].values())) if layer < len(rows) else "" for rows in by_layer.values()]
        lines.append(f"| {layer} | {' | '.join(cells)} |")
    return "\n".join([f"| layer | {' | '.join(by_layer)} |", "|---" * (len(by_layer) + 1) + "|", *lines])


def fill(text: str, part: str, content: str) -> str:
    """Return ``text`` with ``content`` between the markers of ``part``.

    Raises
    ------
    ValueError
        The markers are not there exactly once.
    """
    pattern = re.compile(rf"(<!-- {part}: begin -->\n).*?(<!-- {part}: end -->)", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"data/README.md must hold <!-- {part}: begin --> and <!-- {part}: end --> once.")
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def filled(text: str) -> str:
    """Return the text of data/README.md with its measured parts as the files in data/ have them now."""
    log = json.loads((files.DATA / "build_log.json").read_text(encoding="utf-8"))
    baselines = json.loads((files.DATA / "baselines.json").read_text(encoding="utf-8"))
    text = fill(text, "files", file_table(registry.entries(files.DATA)))
    text = fill(text, "scores", score_table(log["scores"]))
    text = fill(text, "senses of mini-bert", sense_table(log["bert"]["senses"]))
    text = fill(text, "senses of cut-minilm", cut_table(log["minilm"]["senses_by_layer"]))
    for name, rows in baselines.items():
        text = fill(text, f"baselines of {name}", as_markdown(pd.DataFrame(rows)))
    return text


def build() -> None:
    """Write data/README.md; a sample build has none and is left alone."""
    path = files.DATA / "README.md"
    if path.is_file():
        text = filled(path.read_text(encoding="utf-8"))
        with files.write_atomically(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
