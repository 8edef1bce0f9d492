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
# # Practise: use contextual embeddings
#
# Seven exercises on lesson 7, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 50 minutes.

# %%
import numpy as np
import pandas as pd

from lessons_lib import check, setup

seed = setup("07")

# %% [markdown]
# ## Exercise 07-1: a mean without padding
#
# Write the pooling that every search needs.
# `hidden` has the shape (texts, pieces, dimensions), `inside` the shape (texts, pieces):
# 1 where a piece is text and 0 where it is padding. Both are numpy arrays.


# %%
def mean_pool(hidden, inside):
    """Return the mean vector of the real pieces of each text, shape (texts, dimensions)."""
    ### BEGIN SOLUTION
    real = inside[:, :, None]  # a third axis, so that it is multiplied into every dimension
    return (hidden * real).sum(axis=1) / real.sum(axis=1)
    ### END SOLUTION


check("07-1", mean_pool)

# %% [markdown] tags=["solution"]
# Padding has to go twice: out of the sum, and out of the number that divides it.
# The vectors of padding are not zero: the network writes something there, too.

# %% [markdown]
# ## Exercise 07-2: batches with little padding
#
# Write a function that divides texts into batches of at most `size`, so that as little padding as possible is needed.
# `lengths` are the numbers of pieces; return a list of lists of row numbers.
# For `lengths = [9, 2, 9, 2]` and `size = 2` the batches hold the rows 1, 3 and 0, 2.


# %%
def length_batches(lengths, size):
    """Return the rows in batches of at most size, texts of similar length together."""
    ### BEGIN SOLUTION
    order = [int(row) for row in np.argsort(lengths, kind="stable")]
    return [order[start : start + size] for start in range(0, len(order), size)]
    ### END SOLUTION


check("07-2", length_batches)

# %% [markdown] tags=["solution"]
# Sorting is all. Do not forget to put the results back in the order of the texts afterwards:
# `vectors[rows] = ...` does it, if you keep the row numbers.

# %% [markdown]
# ## Exercise 07-3: mean reciprocal rank
#
# Judge a search. `similarities` has a row a question and a column a document;
# `answers` lists for each question the columns of all right documents.
# The rank of a question is the place of its *best placed* right document, 1 for the top;
# its reciprocal rank is 1 divided by that. Return the mean over the questions.


# %%
def mean_reciprocal_rank(similarities, answers):
    """Return the mean of 1 / rank of the best placed right document, between 0 and 1."""
    ### BEGIN SOLUTION
    reciprocal = []
    for row, right in zip(similarities, answers, strict=True):
        ranked = np.argsort(-row)
        place = min(int(np.where(ranked == column)[0][0]) for column in right)
        reciprocal.append(1 / (place + 1))
    return float(np.mean(reciprocal))
    ### END SOLUTION


check("07-3", mean_reciprocal_rank)

# %% [markdown] tags=["solution"]
# `np.where(ranked == column)` finds the place of a document in the ranking, counted from 0; the rank begins at 1.
# The mean of the reciprocals is not the reciprocal of the mean rank: one question at rank 1,000 would spoil that.

# %% [markdown]
# ## Exercise 07-4: attention
#
# Write one attention head. `query`, `key` and `value` have the shape (places, dimensions).
# Divide the products of queries and keys by the square root of the number of dimensions,
# turn each row into shares that add up to 1 (softmax), and mix the values with them.


# %%
def attention(query, key, value):
    """Return the mixed values, shape (places, dimensions)."""
    ### BEGIN SOLUTION
    fits = query @ key.T / np.sqrt(query.shape[1])
    shares = np.exp(fits - fits.max(axis=1, keepdims=True))  # minus the largest: the same shares, and no overflow
    shares = shares / shares.sum(axis=1, keepdims=True)
    return shares @ value
    ### END SOLUTION


check("07-4", attention)

# %% [markdown] tags=["solution"]
# A row of `fits` belongs to the place that asks, so the shares of a *row* add up to 1.
# Without the root the products grow with the number of dimensions, and one place takes nearly everything.

# %% [markdown]
# ## Exercise 07-5: find the mistake
#
# A colleague keeps vectors in a dictionary, so that nothing is calculated twice.
# `documents` maps names to texts; `encode` turns a list of texts into an array; `model` is the name of the model.
# It is fast, all tests with new documents pass, and after some weeks the search returns nonsense. Mend it.


# %%
def embed_all(documents, cache, encode, model):
    """Return name -> vector; the cache is filled with what was missing."""
    ### BEGIN SOLUTION
    ### STUB for name, text in documents.items():
    ### STUB     if name not in cache:
    ### STUB         cache[name] = encode([text])[0]
    ### STUB return {name: cache[name] for name in documents}
    keys = {name: (model, text) for name, text in documents.items()}
    for key in keys.values():
        if key not in cache:
            cache[key] = encode([key[1]])[0]
    return {name: cache[key] for name, key in keys.items()}
    ### END SOLUTION


check("07-5", embed_all)

# %% [markdown] tags=["solution"]
# **What it did.** A document whose text was changed kept the vector of its old text,
# and after a change of the model the vectors of two models stood side by side.
#
# **Root cause.** The key said who the document is, not what was calculated.
# A key has to hold everything that the value depends on: text and model.
# In a file you would store a SHA-256 of both, for it is short and has the same length for every text.

# %% [markdown]
# ## Exercise 07-6: could it be chance?
#
# `first` and `second` are the leanings of two groups of words.
# Write a permutation test: put all the leanings together, divide them at random into two groups of the old sizes,
# `rounds` times, and count how often the difference of the means (first minus second) is at least the real one.
# The real division counts as one of them: `(1 + count) / (1 + rounds)`. `rng.permutation` shuffles.


# %%
def p_value(first, second, rounds, rng):
    """Return the one-sided p-value of a permutation test on the difference of the means."""
    ### BEGIN SOLUTION
    together = np.concatenate([first, second])
    real = np.mean(first) - np.mean(second)
    count = 0
    for _ in range(rounds):
        shuffled = rng.permutation(together)
        count += shuffled[: len(first)].mean() - shuffled[len(first) :].mean() >= real - 1e-12
    return (1 + count) / (1 + rounds)
    ### END SOLUTION


check("07-6", p_value)

# %% [markdown] tags=["solution"]
# The tiny number takes care of rounding: the same sum in another order may differ in the last digit.
# A p-value of 0 would claim that chance cannot do it; a thousand shuffles cannot know that.

# %% [markdown]
# ## Exercise 07-7: senses of your own
#
# An open exercise. Choose a word with two senses that the lesson does not use,
# and write at least five sentences for each.
# Make a table with the columns `word`, `sense`, `text` and `position`
# (the number of the word in the sentence, counted from 0, punctuation left out).
# The check measures your sentences with the mean of static neighbours and with the last layer of mini-bert;
# mini-bert has to tell 7 of 10 apart. Can you write sentences on which it is right and the neighbours are wrong?

# %%
### BEGIN SOLUTION
### STUB my_senses = ...  # your code here
from lessons_lib import tokenise

sentences = {
    "tree": ["The bark of the old oak was covered with moss.", "Beetles live under the bark of dying pines.",
             "He peeled the bark from a birch twig.", "Cork is made from the bark of a tree.",
             "The trunk was smooth where deer had eaten the bark."],
    "dog": ["The puppy gave a short bark at the door.", "We heard a loud bark from behind the fence.",
            "Her terrier will bark at every stranger.", "Guard dogs bark when somebody comes near.",
            "The hound answered with a deep bark."],
}  # fmt: skip
my_senses = pd.DataFrame([("bark", sense, text, tokenise(text).index("bark"))
                          for sense, texts in sentences.items() for text in texts],
                         columns=["word", "sense", "text", "position"])  # fmt: skip
### END SOLUTION
check("07-7", my_senses)

# %% [markdown] tags=["solution"]
# Ten sentences give a number with a very wide interval: write forty before you quote it.
# Neighbours fail where a sentence has no word of its sense, or a word of the other one
# (*the dog lay down under the tree whose bark we liked*); a network fails there, too, more often than one would think.
#
# The same call takes any model and any table: `sense_accuracy("path/to/model", my_senses)`.
