"""Contextual embeddings: a vector for a word in its sentence, or for a whole text, from any BERT-like transformer.

    encode(texts, model)              one vector a text, in batches of equal length
    layer_vectors(senses, model)      one vector a marked word, for every layer
    sense_accuracy(vectors, senses)   how often such vectors tell the sense, with intervals
    anisotropy, all_but_the_top       how far all vectors point the same way, and the repair
    words_alone, words_in_sentences   static vectors made from a transformer

``model`` is ``"mini-bert"`` or ``"cut-minilm"``, which ship with the course, or the folder of any Hugging Face model.
"""

from lessons_lib.contextual.distilled import words_alone, words_in_sentences
from lessons_lib.contextual.encoding import encode, length_batches, pool
from lessons_lib.contextual.geometry import all_but_the_top, anisotropy
from lessons_lib.contextual.models import Transformer, load_transformer, transformer_folder
from lessons_lib.contextual.senses import layer_vectors, neighbour_means, right_senses, sense_accuracy, word_spans
from lessons_lib.contextual.spans import span_vectors

__all__ = [
    "Transformer",
    "all_but_the_top",
    "anisotropy",
    "encode",
    "layer_vectors",
    "length_batches",
    "load_transformer",
    "neighbour_means",
    "pool",
    "right_senses",
    "sense_accuracy",
    "span_vectors",
    "transformer_folder",
    "word_spans",
    "words_alone",
    "words_in_sentences",
]
