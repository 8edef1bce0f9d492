"""The Python that README shows is run, on small files made up for it; the functions that its table names exist."""

import re

import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors

import lessons_lib

WORDS = {kind: [f"{kind}{a}{b}" for a in "abcdefgh" for b in "ijklm"] for kind in ("sun", "rain", "snow")}


@pytest.fixture
def section(root):
    return (root / "README.md").read_text(encoding="utf-8").split("## On your own data")[1].split("\n## ")[0]


@pytest.fixture
def folder(tmp_path):
    """Two tables of made-up texts with three labels, and vectors of 12 numbers that know the words."""
    rng = np.random.default_rng(0)
    for name, size in (("train", 120), ("test", 60)):
        labels = [list(WORDS)[number % 3] for number in range(size)]
        texts = [" ".join(rng.choice(WORDS[label], 5)) + " unheard" for label in labels]
        pd.DataFrame({"text": texts, "label": labels}).to_csv(tmp_path / f"{name}.csv", index=False)
    vectors = KeyedVectors(12)
    rows = [rng.normal(size=12) / 3 + np.eye(12)[number] * 2 for number, own in enumerate(WORDS.values()) for _ in own]
    vectors.add_vectors([word for own in WORDS.values() for word in own], np.array(rows, dtype=np.float32))
    lessons_lib.save_vec(vectors, tmp_path / "vectors.vec")
    return tmp_path


def test_the_example_of_readme_runs_on_other_data(section, folder, monkeypatch, capsys):
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 1
    monkeypatch.chdir(folder)
    names = {}
    exec(compile(blocks[0], "README.md", "exec"), names)
    printed = capsys.readouterr().out
    assert "unheard 120" in printed  # the word without a vector, once in each text
    found = names["over_seeds"](names["runs"]).set_index(["arm", "size"]).value
    assert found["pretrained frozen", 20] > 0.8 > found["shuffled frozen", 20]


def test_the_table_names_public_functions_of_every_lesson(section, root):
    rows = re.findall(r"^\| (\d) \| (.*?) \|", section, re.MULTILINE)
    lessons = {int(path.name[:2]) for path in root.glob("notebooks/0*.ipynb")}
    assert len(rows) >= 7
    assert {int(number) for number, _ in rows} <= lessons
    for _, names in rows:
        for name in re.findall(r"`(\w+)`", names):
            assert ">>>" in getattr(lessons_lib, name).__doc__, name
