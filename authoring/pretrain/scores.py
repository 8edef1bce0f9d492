"""Step: one yardstick for every generation. The bundled files are opened as learners open them, and scored.

    data/vectors/*  ->  build/pretrain/scores.json   for the build log

Each file is scored twice: on its own words, and on the words that all files have, so that a difference comes from the
method and not from the list of words.
"""

import json

from authoring.pretrain import files
from lessons_lib.bundled import VECTORS, open_vectors
from lessons_lib.scores import measure, restrict


def build(sample: int | None = None) -> dict:
    """Return the scores of every English file, ``own`` and ``common``, with intervals."""
    vectors = {name: open_vectors(files.DATA / file) for name, file in VECTORS.items()}
    first, *others = vectors.values()
    common = [word for word in first.index_to_key if all(word in other.key_to_index for other in others)]
    found = {"common_words": len(common)}
    for name, model in vectors.items():
        found[name] = {"own": measure(model), "common": measure(restrict(model, common))}
        print(name, {test: found[name]["own"][test] for test in ("wordsim353", "simlex999")}, flush=True)
    with files.write_atomically(files.WORK / "scores.json") as temporary:
        temporary.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return found
