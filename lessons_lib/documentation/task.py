"""The task "which library is this sentence from?": real sentences, balanced, names masked, split by module.

Change ``TELLING`` to mask more words. The sentences depend on the installed versions, nothing else.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lessons_lib.documentation.cache import load, store, table_file
from lessons_lib.documentation.corpus import documentation
from lessons_lib.documentation.prose import prose_sentences
from lessons_lib.documentation.sources import LIBRARIES, installed_version
from lessons_lib.text import tokenise

if TYPE_CHECKING:
    import pandas as pd

TASK_LIBRARIES = ("python", "numpy", "scipy", "pandas", "matplotlib", "scikit-learn", "torch", "networkx")
MASK = "[NAME]"
TELLING = (  # names of the libraries, their short forms and their best known types
    *("python", "cpython", "pep", "numpy", "np", "scipy", "sp", "pandas", "pd", "matplotlib", "mpl", "pyplot", "plt"),
    *("scikit", "scikit-learn", "sklearn", "torch", "pytorch", "torchscript", "networkx", "nx", "matlab", "cuda"),
    *("ndarray", "ndarrays", "dataframe", "dataframes", "numpydoc", "autograd", "torchvision", "aten", "libtorch"),
)
_LONGEST_FIRST = sorted(map(re.escape, TELLING), key=len, reverse=True)
_TELLING = re.compile(rf"(?<!\w)(?:{'|'.join(_LONGEST_FIRST)})\d*(?!\w)", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"`[^`]*`|`\w+'"  # code, old quotation marks
    r"|\b[A-Za-z_]\w*(?:\.\w+)+\b(?:\(.*?\))?"  # numpy.sort
    r"|\b\w*[A-Za-z]\w*\([^)]*\)"  # sort()
    r"|\w*_\w*"  # n_samples, __init__
    r"|\b[A-Za-z]+[a-z][A-Z]\w*\b"  # DataFrame
    r"|\b[A-Z]{2,}[a-z]\w*\b"  # LSTMCell
)
_MASKS = re.compile(r"\[NAME\]\w*(?:'s)?(?:[-./ ]\[NAME\]\w*(?:'s)?)*")  # several side by side become one
_SHARES = {"test": 0.2, "validation": 0.1}  # of the sentences of a library; the rest is for training
_OVERLAP = 8  # words in a row that a sentence of another split must not share with training


def mask(sentence: str) -> str:
    """Return a sentence in which identifiers and the names of libraries are replaced by ``[NAME]``.

    Examples
    --------
    >>> mask("Like `DataFrame.sort` in pandas, np.sort() returns a copy.")
    'Like [NAME] in [NAME], [NAME] returns a copy.'
    """
    masked = _TELLING.sub(MASK, _IDENTIFIER.sub(MASK, sentence).replace("`", ""))
    return _MASKS.sub(MASK, masked)


def _rank(text: str) -> str:
    """Return a number for a text that never changes: an order that has nothing to do with the alphabet."""
    return hashlib.sha256(text.encode()).hexdigest()


def _split_by_module(modules: "pd.Series") -> dict[str, str]:
    """Return module -> split: modules in hashed order fill test, then validation; no module is in two."""
    sizes = modules.value_counts()
    split, filled = {}, dict.fromkeys(_SHARES, 0)
    for module in sorted(sizes.index, key=_rank):
        room = (name for name in _SHARES if filled[name] + sizes[module] <= _SHARES[name] * len(modules) * 1.05)
        split[module] = next(room, "train")
        if split[module] in filled:
            filled[split[module]] += sizes[module]
    return split


def _masked_sentences(libraries: Iterable[str]) -> "pd.DataFrame":
    """Return the masked sentences of some libraries with their splits, made once for each set of versions."""
    libraries = list(libraries)
    path = table_file("which-library", str([(name, installed_version(LIBRARIES[name])) for name in libraries]))
    if path.is_file():
        return load(path)
    frame = _split(_sentences_of(libraries))
    store(frame, path)
    return frame


def _sentences_of(libraries: list[str]) -> "pd.DataFrame":
    """Return the masked sentences of some libraries; one that two libraries or modules share is left out."""
    import pandas as pd

    table = documentation(libraries).drop_duplicates("text")
    found = [
        (mask(sentence), library, module)
        for library, module, text in zip(table.library, table.module, table.text, strict=True)
        for sentence in prose_sentences(text)
    ]
    frame = pd.DataFrame(found, columns=["text", "label", "module"])
    frame = frame[frame.text.str.count(re.escape(MASK)) <= 2]
    key = frame.text.map(lambda text: " ".join(word for word in tokenise(text) if word.isalpha()))
    homes = frame.module.groupby(key).transform("nunique")
    return frame[homes.eq(1) & ~key.duplicated()].reset_index(drop=True)


def _split(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the sentences with the column ``split``, without those that overlap with training."""
    import pandas as pd

    parts = [own.module.map(_split_by_module(own.module)) for _, own in frame.groupby("label")]
    frame = frame.assign(split=pd.concat(parts))
    return frame[~_overlapping(frame)].reset_index(drop=True)


def _overlapping(frame: "pd.DataFrame") -> "pd.Series":
    """Tell which sentences outside training share ``_OVERLAP`` words in a row with a sentence in it."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = tokenise(text)
        return {tuple(words[start : start + _OVERLAP]) for start in range(len(words) - _OVERLAP + 1)}

    grams = frame.text.map(runs)
    trained = set().union(*grams[frame.split == "train"])
    return (frame.split != "train") & grams.map(lambda own: not own.isdisjoint(trained))


def which_library(per_library: int = 1000, libraries: Iterable[str] = TASK_LIBRARIES) -> "pd.DataFrame":
    """Return the task: masked sentences of the documentation with the library that each is from.

    Parameters
    ----------
    per_library : int
        Most sentences of one library; every library gives the same number, in every split.
    libraries : iterable of str
        At least two of ``LIBRARIES``.

    Returns
    -------
    pandas.DataFrame
        Columns ``text``, ``label``, ``module`` and ``split`` (train 70 %, validation 10 %, test 20 %). A module is in
        one split only, and no sentence outside training shares eight words in a row with one inside.

    Examples
    --------
    >>> task = which_library(100, ["numpy", "networkx"])
    >>> task.label.value_counts().to_dict() == {"numpy": 100, "networkx": 100}
    True
    """
    import pandas as pd

    frame = _masked_sentences(libraries)
    frame = frame.assign(rank=frame.text.map(_rank)).sort_values("rank")
    groups = dict(list(frame.groupby(["split", "label"])))
    shares = {**_SHARES, "train": 1 - sum(_SHARES.values())}
    size = min(per_library, *(int(len(own) / shares[split]) for (split, _), own in groups.items()))
    chosen = [own.head(round(size * shares[split])) for (split, _), own in groups.items()]
    columns = ["text", "label", "module", "split"]
    return pd.concat(chosen).sort_values("rank")[columns].reset_index(drop=True)
