# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Recall what you learnt
#
# The flash cards and quiz questions of all lessons, one after the other.
# What you knew well comes back after days, then weeks, then months;
# what you did not know comes back within minutes.
# This is *spaced repetition*: each card is asked again shortly before you would forget it.
#
# A few minutes a day are enough. What a missed day leaves over waits for the next one.

# %%
from lessons_lib import know, recall, recall_overview

# %% [markdown]
# ## Today's cards
#
# Say the answer to yourself before you open it, then say honestly how well you knew it.
# Cards that are due come first, then at most twenty new ones a day, from the lessons that you have begun.
#
# For one lesson run `recall("3")`, for every card once `recall(everything=True)`.

# %%
recall()

# %% [markdown]
# ## How far you are
#
# One row for each lesson.
# The column `later` counts the cards that are not due yet;
# `known` is how many you would know now, as the schedule expects.

# %% tags=["compare"]
recall_overview()

# %% [markdown]
# Your answers stay on this machine, in the same record that `python course.py recall` uses in a terminal.
# Colab and Binder forget their disks: set the environment variable `LESSONS_HOME` to a folder that stays,
# before you run the first cell.
