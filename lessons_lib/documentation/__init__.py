"""The documentation of the installed libraries: several million words of text that every learner already has.

    entries()         what can be searched: public functions, classes and methods, with their first paragraphs
    sentences()       all of it as tokenised sentences, to train vectors on
    which_library()   a task: from which library is this sentence? Names masked, split by module

Sources are parsed, never imported or run. The first call takes some seconds; later calls read the cache.
"""

from lessons_lib.documentation.corpus import SEARCHED, documentation, entries, sentences
from lessons_lib.documentation.sources import LIBRARIES
from lessons_lib.documentation.task import which_library

__all__ = ["LIBRARIES", "SEARCHED", "documentation", "entries", "sentences", "which_library"]
