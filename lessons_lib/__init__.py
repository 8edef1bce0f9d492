"""The library of the course *Pre-trained embeddings in NLP*: what the notebooks import.

Names are imported when they are first used, so that ``import lessons_lib`` takes no time.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "session": ["setup"],
    "predictions": ["predict", "answer", "reveal"],
    "claims": ["claim"],
    "checks": ["check"],
    "figures": ["show", "label_end", "PALETTE", "GREY"],
    "quizzes": ["quiz", "flash_cards"],
    "recall_cells": ["recall", "know", "recall_overview"],
    "bundled": ["load_vectors"],
    "formats": ["inspect", "load", "save_word2vec", "save_glove", "save_vec", "VectorFileError", "VectorFileWarning"],
    "statistics": ["Estimate", "bootstrap", "spearman", "mantel_test"],
    "yardsticks": [
        "word_pairs",
        "simlex_opposites",
        "pair_score",
        "analogy_questions",
        "answer_analogies",
        "analogy_score",
    ],
    "text": ["tokenise", "split_sentences"],
    "coverage_report": ["coverage"],
    "coverage_figure": ["plot_coverage"],
    "wordmap": ["draw_map", "label_points", "neighbours_kept", "frequent_words_map", "explore_map"],
    "indexing": ["Table", "make_table", "index_texts", "check_alignment", "PADDING", "UNKNOWN"],
    "classifiers": ["BagOfEmbeddings"],
    "learning": ["train", "predicted"],
    "curves": ["learning_curve", "over_seeds", "mean_interval", "difference", "crossing", "recorded_curves"],
    "fine_tuning": ["Policy", "POLICIES", "fine_tune", "fine_tuning_policies"],
    "forgetting": ["Ruler", "drift", "moved_vectors", "neighbours_lost"],
    "curve_figure": ["plot_curves"],
    "relations": ["relation_score", "score_difference", "shared_neighbours"],
    "unknown_words": ["STRATEGIES", "hide_words"],
    "hidden_words": ["oov_strategies"],
    "typos": ["add_typos", "mean_reader", "accuracy_by_typo_rate"],
    "alignment": ["rotation_between", "nearest_across", "precision_across"],
    "means": ["mean_vectors"],
    "retrieval": ["similarities", "retrieval_scores"],
    "contextual": [
        "load_transformer",
        "encode",
        "layer_vectors",
        "sense_accuracy",
        "words_alone",
        "words_in_sentences",
        "anisotropy",
    ],
    "association": ["association_test", "seed_sensitivity", "direction", "without_direction", "what_remains"],
    "embedding_store": ["EmbeddingStore"],
    "places": ["capitals", "great_circle_distances"],
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'lessons_lib' has no attribute {name!r}")
    return getattr(import_module(f"lessons_lib.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
