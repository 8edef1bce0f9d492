"""Files of word vectors: what one is (``inspect``), its vectors (``load``), and the writers.

    source    bytes of a file, unpacked and limited       text, binary, fasttext, quantised, containers    the readers
    detect    which format the first bytes show           gathering    what every reader hands its rows to
    cache     the memory-mapped copy                      opening, inspecting, writers    what the notebooks call

Nothing from a file is ever run: no pickle is opened, and what a file promises is compared with its size first.
"""

from lessons_lib.formats.errors import Problem, VectorFileError, VectorFileWarning
from lessons_lib.formats.inspecting import Report, inspect
from lessons_lib.formats.opening import load
from lessons_lib.formats.writers import save_glove, save_vec, save_word2vec

__all__ = [
    "Problem",
    "Report",
    "VectorFileError",
    "VectorFileWarning",
    "inspect",
    "load",
    "save_glove",
    "save_vec",
    "save_word2vec",
]
