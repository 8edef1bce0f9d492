"""Checks of what a caller hands in: texts, labels, word vectors. An error says where, what was found, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from lessons_lib.text import tokenise

SHOWN = 6  # labels or columns named in an error


def several(texts: object, of: str = "texts") -> list:
    """Return some texts as a list, after checking that they are several and not one, nor a table.

    Parameters
    ----------
    texts : iterable
        A list, a Series, an array ... of texts, or of texts cut into words.
    of : str
        What they are called in an error.

    Raises
    ------
    TypeError
        A single text, a table of several columns, or something without items.

    Examples
    --------
    >>> several(("one", "two"))
    ['one', 'two']
    >>> several("one")
    Traceback (most recent call last):
    TypeError: texts: a list of texts is needed, got one str. Put it into a list: [text].
    """
    if isinstance(texts, str | bytes) or not isinstance(texts, Iterable):
        remedy = " Put it into a list: [text]." if isinstance(texts, str) else ""
        raise TypeError(f"{of}: a list of texts is needed, got one {type(texts).__name__}.{remedy}")
    if hasattr(texts, "columns"):
        raise TypeError(f"{of}: a list of texts is needed, got a table. Give one of its columns: {_few(texts.columns)}")
    return list(texts)


def words_of(text: object, place: int, of: str = "texts", tokenise: object = tokenise) -> list[str]:
    """Return the words of a text; a text that is a list of words already stays as it is.

    Raises
    ------
    TypeError
        It is neither text nor a list of words: an empty cell of a table, for example.

    Examples
    --------
    >>> words_of("A cat.", 0), words_of(["A", "cat"], 1)
    (['a', 'cat'], ['A', 'cat'])
    """
    if isinstance(text, str):
        return tokenise(text)
    words = text if isinstance(text, list) else list(text) if isinstance(text, Sequence | np.ndarray) else [None]
    if words and not isinstance(words[0], str):
        raise TypeError(
            f"{of}: number {place} is neither text nor a list of words: {text!r:.60} ({type(text).__name__}). "
            "Drop empty cells and turn numbers into text first."
        )
    return words


def strings(texts: object, of: str = "texts") -> list[str]:
    """Return some texts as a list of str, for what reads text and not words.

    Examples
    --------
    >>> strings(["a", None], "documents")
    Traceback (most recent call last):
    TypeError: documents: number 1 is no text but None (NoneType).
    """
    found = several(texts, of)
    for place, text in enumerate(found):
        if not isinstance(text, str):
            raise TypeError(f"{of}: number {place} is no text but {text!r:.60} ({type(text).__name__}).")
    return found


def labels_of(labels: Iterable, of: str = "labels") -> np.ndarray:
    """Return labels as an array of one kind, shape (n_texts,).

    Raises
    ------
    TypeError
        Texts and numbers are mixed.
    ValueError
        A label is missing (None or NaN).

    Examples
    --------
    >>> labels_of(["red", "blue"]).tolist(), labels_of((True, False)).tolist()
    (['red', 'blue'], [True, False])
    >>> labels_of(["red", None])
    Traceback (most recent call last):
    ValueError: labels: number 1 is missing (None). Leave out texts without a label.
    """
    found = list(labels)
    for place, label in enumerate(found):
        if label is None or label != label:
            raise ValueError(f"{of}: number {place} is missing ({label}). Leave out texts without a label.")
    if len({isinstance(label, str) for label in found}) > 1:
        raise TypeError(f"{of}: texts and numbers are mixed: {_few(dict.fromkeys(found))}. Make them all text.")
    return np.asarray(found)


def labelled(part: tuple[Iterable, Iterable], of: str, known: np.ndarray | None = None) -> tuple[list, np.ndarray]:
    """Return the texts and the labels of a part of the data, as a list and an array of the same length.

    Parameters
    ----------
    part : (texts, labels)
        Any iterables: lists, columns of a table, arrays.
    of : str
        Name of the part, for errors.
    known : ndarray, optional
        Labels that the training texts have; others are an error.

    Raises
    ------
    TypeError, ValueError
        The part is no pair, is empty, its lengths differ, or a label is missing, mixed or not known.

    Examples
    --------
    >>> texts, labels = labelled((["good", "bad", "fine"], ["+", "-"]), "train")
    Traceback (most recent call last):
    ValueError: train: 3 texts and 2 labels; each text needs one label.
    """
    if isinstance(part, str | Mapping) or hasattr(part, "columns") or len(part) != 2:
        raise TypeError(f"{of}: a pair (texts, labels) is needed, got {type(part).__name__} of {len(part)}.")
    texts, labels = several(part[0], of), labels_of(part[1], f"{of}, labels")
    if len(texts) != len(labels):
        raise ValueError(f"{of}: {len(texts):,} texts and {len(labels):,} labels; each text needs one label.")
    if not texts:
        raise ValueError(f"{of}: there are no texts.")
    if known is not None and (new := set(labels.tolist()) - set(known.tolist())):
        kinds = _few(np.unique(known).tolist())
        raise ValueError(f"{of}: no training text has the label {_few(new)}; there are {kinds}.")
    return texts, labels


def need_kinds(labels: np.ndarray) -> np.ndarray:
    """Return the different labels, sorted, after checking that there are two or more.

    Examples
    --------
    >>> need_kinds(np.array(["b", "a", "b"])).tolist()
    ['a', 'b']
    """
    kinds = np.unique(labels)
    if len(kinds) < 2:
        raise ValueError(f"All training texts have the label {_few(kinds.tolist())}: a classifier needs two labels.")
    return kinds


def need_vectors(vectors: object, who: str) -> None:
    """Raise a TypeError that says the way out if ``vectors`` are no KeyedVectors (of gensim).

    Examples
    --------
    >>> need_vectors("glove.txt", "learning_curve")
    Traceback (most recent call last):
    TypeError: learning_curve needs KeyedVectors, got str. Open the file first: lessons_lib.load(path).
    """
    if hasattr(vectors, "key_to_index"):
        return
    hint = " Pass its vectors: model.wv." if hasattr(vectors, "wv") else ""
    hint = " Open the file first: lessons_lib.load(path)." if isinstance(vectors, str | Path) else hint
    raise TypeError(f"{who} needs KeyedVectors, got {type(vectors).__name__}.{hint}")


def need_columns(table: object, columns: Sequence[str], of: str) -> None:
    """Raise an error if ``table`` is no DataFrame or lacks a column.

    Examples
    --------
    >>> import pandas as pd
    >>> need_columns(pd.DataFrame({"word": ["bank"]}), ["word", "sense"], "senses")
    Traceback (most recent call last):
    KeyError: 'senses: the table lacks sense; it has word.'
    """
    if not hasattr(table, "columns"):
        raise TypeError(
            f"{of}: a pandas DataFrame with the columns {', '.join(columns)} is needed, got {type(table).__name__}."
        )
    if missing := [column for column in columns if column not in table]:
        raise KeyError(f"{of}: the table lacks {', '.join(missing)}; it has {_few(table.columns)}.")


def _few(items: Iterable) -> str:
    """Return the first of some items, for an error message."""
    items = [str(item) for item in items]
    return ", ".join(items[:SHOWN]) + (f" and {len(items) - SHOWN} more" if len(items) > SHOWN else "")
