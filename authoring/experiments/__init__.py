"""Experiments too long for a lesson: the same functions as in the lesson, all sizes and seeds, written into data/."""
