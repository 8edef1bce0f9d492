"""A store of embeddings keyed by content: what was calculated once is not calculated again.

The key of a text is the SHA-256 of the name of the model and the text itself: another model or another text is
another key, a copy of a text under another name is not.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np


class EmbeddingStore:
    """Documents with their vectors, searched by cosine, updated piece by piece.

    Parameters
    ----------
    encode : callable
        Takes a list of texts and returns an array of shape (n_texts, n_dims).
    model : str
        Name and version of the model; it is part of the key, so that vectors of two models never mix.
    path : Path, optional
        File (.npz) that :meth:`save` writes; if it is there, it is read.

    Attributes
    ----------
    hits, misses : int
        Texts that were found and texts that had to be calculated, since the store was opened.
    seconds : float
        Time spent in ``encode`` since then.

    Examples
    --------
    >>> store = EmbeddingStore(lambda texts: np.array([[len(text), 1.0] for text in texts]), "length 1")
    >>> store.update({"a": "one", "b": "three"}), store.update({"a": "one", "b": "three", "c": "one"})
    (2, 0)
    >>> store.hits, store.misses, store.search("seven", 1)[0][0]
    (3, 2, 'b')
    """

    def __init__(self, encode: Callable[[list[str]], np.ndarray], model: str, path: Path | None = None) -> None:
        self.encode, self.model, self.path = encode, model, path
        self.hits, self.misses, self.seconds = 0, 0, 0.0
        self._vectors: dict[str, np.ndarray] = {}
        self._documents: dict[str, str] = {}
        if path is not None and path.is_file():
            with np.load(path) as saved:
                self._vectors = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))

    def __len__(self) -> int:
        return len(self._documents)

    @property
    def hit_rate(self) -> float:
        """Share of the texts asked for that were there already; 0 before the first."""
        return self.hits / max(1, self.hits + self.misses)

    def key(self, text: str) -> str:
        """Return the key of a text: a hexadecimal SHA-256."""
        return hashlib.sha256(f"{self.model}\n{text}".encode()).hexdigest()

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, shape (n_texts, n_dims); only new texts are calculated."""
        keys = [self.key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        self.hits += len(texts) - len(new)
        self.misses += len(new)
        if new:
            begin = time.perf_counter()
            vectors = np.asarray(self.encode(list(new.values())), dtype=np.float32)
            self.seconds += time.perf_counter() - begin
            if len(vectors) != len(new):
                raise ValueError(f"encode returned {len(vectors)} vectors for {len(new)} texts: one each is needed.")
            self._vectors |= zip(new, vectors, strict=True)
        return np.stack([self._vectors[key] for key in keys]) if keys else np.zeros((0, 0), dtype=np.float32)

    def update(self, documents: Mapping[str, str]) -> int:
        """Make ``documents`` (name -> text) the content of the store; return how many texts were calculated.

        Documents that are not named any more go; those with the same text stay as they are.
        """
        before = self.misses
        self.embed(list(documents.values()))
        self._documents = {name: self.key(text) for name, text in documents.items()}
        return self.misses - before

    def add(self, documents: Mapping[str, str]) -> int:
        """Add documents, or replace those of the same name; return how many texts were calculated."""
        before = self.misses
        self.embed(list(documents.values()))
        self._documents |= {name: self.key(text) for name, text in documents.items()}
        return self.misses - before

    def remove(self, names: Sequence[str]) -> None:
        """Remove documents by name; nothing is calculated.

        Raises
        ------
        KeyError
            A name is not in the store; then nothing is removed.
        """
        if missing := [name for name in names if name not in self._documents]:
            raise KeyError(f"No document is called {missing[0]!r}; the store has {len(self)} documents.")
        for name in names:
            del self._documents[name]

    def matrix(self) -> tuple[list[str], np.ndarray]:
        """Return the names of the documents and their vectors, one row a document."""
        names = list(self._documents)
        return names, np.stack([self._vectors[self._documents[name]] for name in names])

    def search(self, query: str, n: int = 10) -> list[tuple[str, float]]:
        """Return the ``n`` documents nearest to ``query`` in cosine, nearest first."""
        if not self._documents:
            return []
        names, vectors = self.matrix()
        asked = self.embed([query])[0]
        lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(asked)
        cosines = vectors @ asked / np.maximum(lengths, 1e-12)
        return [(names[row], float(cosines[row])) for row in np.argsort(-cosines, kind="stable")[:n]]

    def save(self) -> Path:
        """Write keys and vectors to ``path``: to the side first, then moved into place."""
        if self.path is None:
            raise ValueError("The store has no file: give path= when you make it.")
        handle, temporary = tempfile.mkstemp(prefix=".store.", suffix=".npz", dir=self.path.parent)
        try:
            with open(handle, "wb") as file:
                np.savez(file, keys=np.array(list(self._vectors)), vectors=np.stack(list(self._vectors.values())))
            os.replace(temporary, self.path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return self.path
