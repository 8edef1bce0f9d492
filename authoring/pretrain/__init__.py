"""Corpus -> data/: the scripts that made every bundled file. Start with ``python -m authoring.pretrain``."""
