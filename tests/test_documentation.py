"""The documentation corpus: names against what Python itself imports, parsing by hand-made files, the masked task."""

import importlib
import inspect

import pytest

from lessons_lib.documentation import (
    LIBRARIES,
    SEARCHED,
    cache,
    corpus,
    documentation,
    entries,
    sentences,
    which_library,
)
from lessons_lib.documentation.docstrings import read_module
from lessons_lib.documentation.mining import COLUMNS, first_paragraph, rows
from lessons_lib.documentation.prose import lines_of, prose_sentences
from lessons_lib.documentation.task import MASK, TASK_LIBRARIES, TELLING, mask
from lessons_lib.text import tokenise

PUBLIC = [
    "numpy.unique",
    "numpy.arange",
    "numpy.ndarray.sort",
    "numpy.linalg.norm",
    "pandas.DataFrame.fillna",
    "pandas.concat",
    "matplotlib.axes.Axes.hist",
    "sklearn.model_selection.train_test_split",
    "torch.abs",
    "torch.nn.Linear",
    "torch.linalg.cross",
    "scipy.stats.spearmanr",
    "scipy.signal.savgol_filter",
    "collections.Counter.most_common",
    "os.path.join",
    "random.choice",
]


@pytest.fixture(scope="module")
def searched():
    return entries()


@pytest.fixture(scope="module")
def task():
    return which_library()


def imported(name: str):
    """Return the thing that a qualified name means in the running Python."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            thing = getattr(thing, part)
        return thing
    raise ModuleNotFoundError(name)


# The corpus against Python itself


def test_entries_are_many_unique_and_described(searched):
    assert len(searched) >= 5_000
    assert searched.name.is_unique
    assert searched.summary.str.strip().ne("").all()
    assert set(searched.library) == set(SEARCHED)
    assert searched.library.value_counts().min() >= 500
    assert not searched.name.str.contains(r"(?:^|\.)_").any()


@pytest.mark.parametrize("name", PUBLIC)
def test_the_text_is_the_one_that_help_shows(searched, name):
    text = searched.set_index("name").text[name]
    theirs = inspect.getdoc(imported(name))
    assert " ".join(first_paragraph(text).split()[:6]) == " ".join(first_paragraph(theirs).split()[:6])


def test_names_of_a_sample_can_be_imported(searched):
    chosen = searched.library.isin(["numpy", "pandas", "scikit-learn"])
    plain = searched[searched.kind.isin(["function", "class"]) & chosen]
    sample = plain.sample(150, random_state=0).name
    missing = []
    for name in sample:
        try:
            imported(name)
        except (AttributeError, ImportError):
            missing.append(name)
    assert len(missing) <= 0.05 * len(sample), missing


def test_the_corpus_has_millions_of_words_each_docstring_once():
    found = sentences()
    assert sum(map(len, found)) >= 2_000_000
    assert min(map(len, found)) >= 3
    assert set(documentation().library) == set(LIBRARIES)


def test_an_unknown_library_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="numpy"):
        documentation(["fortran"])


# The cache


def test_a_second_call_reads_the_cache_and_gives_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "cache")
    first = documentation(["gensim"])
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".csv"]
    monkeypatch.setattr(corpus, "mine", lambda libraries: pytest.fail("mined again") if libraries else [])
    assert documentation(["gensim"]).equals(first)


def test_tables_of_other_versions_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    (tmp_path / "gensim.0123456789abcdef.csv").write_text("old", encoding="utf-8")
    (tmp_path / "numpy.0123456789abcdef.csv").write_text("of another library", encoding="utf-8")
    documentation(["gensim"])
    assert not (tmp_path / "gensim.0123456789abcdef.csv").exists()
    assert (tmp_path / "numpy.0123456789abcdef.csv").exists()


def test_without_a_writable_folder_it_warns_and_goes_on(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path / "file" / "cache")
    with pytest.warns(UserWarning, match="cannot be written"):
        assert len(documentation(["gensim"])) > 500


# Parsing, on a package made by hand


def test_public_names_follow_imports_stars_bases_and_added_docstrings(tmp_path):
    files = {
        "box": "from ._impl import *\nfrom ._impl import _inner\nfrom .other import twice as double\n"
        "__all__ = ['Base']\n"
        "from . import _impl\n__all__ += _impl.__all__\n__all__.append('double')\n",
        "box._impl": "__all__ = ['Open', 'added']\nclass _Hidden:\n  def fill(self):\n    'Fill it.'\n"
        "class Open(_Hidden):\n  'A box.'\n  def _secret(self):\n    'No.'\ndef _inner():\n  'Private.'\n"
        "add_newdoc('box._impl', 'added', '''\n    added(x)\n\n    From C.\n''')\n",
        "box.other": "if True:\n  def twice(x):\n    'Two times.'\nthrice = twice\n",
    }
    modules = {}
    for name, source in files.items():
        path = tmp_path / ("__init__.py" if name == "box" else f"{name}.py")
        path.write_text(source, encoding="utf-8")
        modules[name] = read_module(name, path)
    table = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows("box", modules) if row[0]}
    assert {name: row["summary"] for name, row in table.items()} == {
        "box.Open": "A box.",
        "box.Open.fill": "Fill it.",
        "box.added": "From C.",
        "box.other.twice": "Two times.",
    }


def test_a_file_that_is_no_python_is_passed_over(tmp_path):
    (tmp_path / "template.py").write_text("def {{name}}(:", encoding="utf-8")
    assert read_module("template", tmp_path / "template.py") is None


def test_fields_code_and_references_are_no_prose():
    text = """Sort values.

    Parameters
    ----------
    x : array_like
        The values that are to be put into order by this.

    Like this, with an indented block of code that is left out::

        for value in values: print the value that was found.

    .. note:: This note is markup and it is left out as well.

    >>> sort(x)
    The output of this example is not prose even if it reads so.

    Smith et al., On the sorting of the values in the world (1999).
    """
    assert prose_sentences(inspect.cleandoc(text)) == ["The values that are to be put into order by this."]
    assert "x : array_like" in lines_of(inspect.cleandoc(text))


# The task


def test_the_task_is_balanced_and_unique(task):
    assert set(task.label) == set(TASK_LIBRARIES)
    assert task.label.value_counts().nunique() == 1
    assert task.groupby(["split", "label"]).size().groupby("split").nunique().eq(1).all()
    assert task.text.is_unique
    assert task.split.value_counts(normalize=True)["test"] == pytest.approx(0.2, abs=0.01)


def test_no_module_is_in_two_splits(task):
    assert task.groupby("module").split.nunique().max() == 1


def test_no_eight_words_in_a_row_leak_from_training(task):
    def runs(text: str) -> set[tuple[str, ...]]:
        words = tokenise(text)
        return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}

    trained = set().union(*task[task.split == "train"].text.map(runs))
    assert not [text for text in task[task.split != "train"].text if runs(text) & trained]


def test_telling_names_are_masked(task):
    seen = {word for text in task.text for word in tokenise(text)}
    assert not seen & {name for name in TELLING if name.isalpha()}
    assert not task.text.str.contains(r"`|\w_\w|\w\.\w+\(").any()
    assert task.text.str.contains(MASK, regex=False).mean() < 0.5


def test_the_task_is_the_same_every_time(tmp_path, monkeypatch):
    first = which_library(100, ["networkx", "gensim"])
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    assert which_library(100, ["networkx", "gensim"]).equals(first)


@pytest.mark.parametrize(
    ("sentence", "masked"),
    [
        ("Use numpy.sort or np.argsort(x, axis=0) here.", "Use [NAME] or [NAME] here."),
        ("A DataFrame of n_samples rows.", "A [NAME] of [NAME] rows."),
        ("PyTorch's tensors and scikit-learn.", "[NAME] tensors and [NAME]."),
        ("Headers of Python2 and numpy 1.20.", "Headers of [NAME] and [NAME] 1.20."),
        ("It sorts in place.", "It sorts in place."),
    ],
)
def test_mask(sentence, masked):
    assert mask(sentence) == masked
