"""Measure the baselines of every labelled text, print them as markdown tables and write data/baselines.json.

    python -m authoring.baselines                    every set
    python -m authoring.baselines reviews senses     these sets; the others stay in the file as they are

Every number has a 95 % bootstrap interval over the items that were judged.
Run ``python -m authoring.pretrain registry`` afterwards: the file is listed there.
"""

import argparse
import json
from collections.abc import Callable

import pandas as pd

from authoring.baselines.classification import (
    judge_languages,
    judge_reviews,
    judge_senses,
    judge_topics,
    judge_which_library,
)
from authoring.baselines.retrieval import judge_questions
from authoring.pretrain.files import DATA, write_atomically

FILE = DATA / "baselines.json"
SETS: dict[str, Callable[[], pd.DataFrame]] = {
    "reviews": judge_reviews,
    "other_language": judge_languages,
    "senses": judge_senses,
    "topics": judge_topics,
    "which_library": judge_which_library,
    "questions": judge_questions,
}


def as_markdown(rows: pd.DataFrame) -> str:
    """Return one line a method and one column a measure; the number of judged items stands behind the measure."""
    cell = rows.value.map("{:.3f}".format) + rows.low.map(" [{:.3f}, ".format) + rows.high.map("{:.3f}]".format)
    measure = rows.measure + rows.n.map(" (n = {:,})".format)
    table = rows.assign(cell=cell, measure=measure).pivot(index="method", columns="measure", values="cell")
    table = table.loc[rows.method.unique(), measure.unique()]
    lines = [
        ["", *table.columns],
        ["---"] * (1 + table.shape[1]),
        *([name, *cells] for name, *cells in table.itertuples()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Read the names of the sets, measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m authoring.baselines", description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"any of {', '.join(SETS)}; all if none is named")
    wanted = parser.parse_args().sets or list(SETS)
    if unknown := [name for name in wanted if name not in SETS]:
        parser.error(f"no set is called {', '.join(unknown)}. There are: {', '.join(SETS)}")
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    for name in wanted:
        rows = SETS[name]().round(4)
        print(f"{name}\n\n{as_markdown(rows)}\n", flush=True)
        kept[name] = rows.to_dict("records")
    with write_atomically(FILE) as temporary:
        ordered = {name: kept[name] for name in SETS if name in kept}
        temporary.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
