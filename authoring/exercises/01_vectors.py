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
# # Practise: turn words into vectors
#
# Seven exercises on lesson 1, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 40 minutes.

# %%
import numpy as np

from lessons_lib import check, load_vectors, setup

setup("01")
vectors = load_vectors("word2vec")

# %% [markdown]
# ## Exercise 01-1: one word, one place
#
# Write a function that returns the one-hot vector of a word.
# `vocabulary` is a list of words; `vocabulary.index("moon")` gives the place of a word, counted from 0.


# %%
def one_hot(word, vocabulary):
    """Return a vector as long as the vocabulary: 1 at the place of the word, 0 elsewhere."""
    ### BEGIN SOLUTION
    vector = np.zeros(len(vocabulary))
    vector[vocabulary.index(word)] = 1
    return vector
    ### END SOLUTION


check("01-1", one_hot)

# %% [markdown] tags=["solution"]
# The function writes a single number. All the others say only "not this word",
# and that is why one-hot vectors grow with the vocabulary and still say nothing about likeness.

# %% [markdown]
# ## Exercise 01-2: cosine similarity
#
# Write the cosine similarity of two numpy vectors.
# `u @ v` is their dot product, `np.linalg.norm(u)` the norm of `u`.


# %%
def cosine_similarity(u, v):
    """Cosine of the angle between two vectors, between -1 and 1."""
    ### BEGIN SOLUTION
    return u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
    ### END SOLUTION


check("01-2", cosine_similarity)

# %% [markdown] tags=["solution"]
# The brackets matter: without them Python divides by the first norm and *multiplies* by the second.
# Both norms have to go, or the longer vector wins.

# %% [markdown]
# ## Exercise 01-3: nearest neighbours
#
# Write a function that returns the `n` words with the highest cosine similarity to `word`, most similar first,
# without the word itself.
#
# `vectors.vectors` is the matrix, one row a word; `vectors.index_to_key` lists the words in the order of the rows;
# `vectors["king"]` is the row of a word. `np.argsort` sorts from small to large.


# %%
def nearest(vectors, word, n):
    """Return a list of the n words nearest to word in cosine, nearest first."""
    ### BEGIN SOLUTION
    unit = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    cosines = unit @ (vectors[word] / np.linalg.norm(vectors[word]))
    ranked = [vectors.index_to_key[row] for row in np.argsort(-cosines)]
    ranked.remove(word)
    return ranked[:n]
    ### END SOLUTION


check("01-3", nearest)

# %% [markdown]
# When the check is passed, look at a word with several senses. Which sense of *spring* do you find?

# %%
nearest(vectors, "spring", 10)

# %% [markdown] tags=["solution"]
# One product of the matrix with one vector gives all 30,000 cosines.
# Sorting `-cosines` turns the order round, so that the most similar come first.
# The season has crowded the other senses of *spring* out: one row has to serve them all.

# %% [markdown]
# ## Exercise 01-4: analogies
#
# Write the analogy *a is to b as c is to ?*: the word nearest in cosine to `b - a + c`, all vectors of length 1,
# with `a`, `b` and `c` not allowed as answers. `vectors.get_vector(word, norm=True)` gives a vector of length 1,
# `vectors.get_normed_vectors()` the whole matrix of them.


# %%
def analogy(vectors, a, b, c):
    """Return the word that is to c as b is to a."""
    ### BEGIN SOLUTION
    unit = {word: vectors.get_vector(word, norm=True) for word in (a, b, c)}
    target = unit[b] - unit[a] + unit[c]
    order = np.argsort(-(vectors.get_normed_vectors() @ target))
    ranked = [vectors.index_to_key[row] for row in order]
    return next(word for word in ranked if word not in (a, b, c))
    ### END SOLUTION


check("01-4", analogy)

# %%
for question in ("man king woman", "france paris poland", "walk walked play", "good best bad"):
    a, b, c = question.split()
    print(f"{a} : {b} :: {c} : {analogy(vectors, a, b, c)}")

# %% [markdown] tags=["solution"]
# The target need not be divided by its norm: that would shrink all products alike and keep their order.
# Read every answer before you believe the method: a list of the successes proves nothing, as the lesson shows.

# %% [markdown]
# ## Exercise 01-5: find the mistake
#
# A colleague scores vectors on word pairs that people rated. The function runs, and its result looks reasonable.
# It is wrong as soon as a word has no vector. Find out why, and mend it.

# %%
from scipy.stats import spearmanr


def score_pairs(vectors, pairs):
    """Return Spearman's rank correlation of cosines and ratings over (word1, word2, rating), unknown words left out."""
    ### BEGIN SOLUTION
    ### STUB cosines = [vectors.similarity(a, b) for a, b, _ in pairs if a in vectors and b in vectors]
    ### STUB ratings = [rating for _, _, rating in pairs]
    ### STUB return spearmanr(cosines, ratings[: len(cosines)]).statistic
    known = [(a, b, rating) for a, b, rating in pairs if a in vectors and b in vectors]
    similarities = [vectors.similarity(a, b) for a, b, _ in known]
    return spearmanr(similarities, [rating for _, _, rating in known]).statistic
    ### END SOLUTION


check("01-5", score_pairs)

# %% [markdown] tags=["solution"]
# **What it did.** The pairs with an unknown word were left out of the cosines and stayed in the ratings.
# From the first such pair on, each cosine was compared with the rating of another pair.
#
# **Root cause.** The two lists had different lengths, and cutting the longer one to fit hid it.
# Filter once, and take both lists from the result; `zip(..., strict=True)` would have raised an error.

# %% [markdown]
# ## Exercise 01-6: the odd one out
#
# Write a function that finds the word that does not belong: the one least similar to the others.
# Take your own definition of "the others together"; the hints propose one.


# %%
def odd_one_out(vectors, words):
    """Return the word of the list that is least similar to the others."""
    ### BEGIN SOLUTION
    unit = np.stack([vectors.get_vector(word, norm=True) for word in words])
    cosines = []
    for row in range(len(words)):
        others = np.delete(unit, row, axis=0).mean(axis=0)
        cosines.append(unit[row] @ others / np.linalg.norm(others))
    return words[int(np.argmin(cosines))]
    ### END SOLUTION


check("01-6", odd_one_out)

# %%
for line in ("breakfast lunch dinner violin", "paris rome berlin france", "river lake bank sea"):
    print(line, "->", odd_one_out(vectors, line.split()))

# %% [markdown] tags=["solution"]
# Comparing with the mean of the *others* keeps the odd word out of its own yardstick.
# *Berlin* and not *france*: a country is nearer to its own capital than the capital of another country is.
# The function answers the question that you coded, not the one that you meant.
# In the last list *bank* is the odd one: its single vector leans towards money.

# %% [markdown]
# ## Exercise 01-7: a time line made of words
#
# An open exercise. Build a direction that runs from old to new:
# the mean of some unit vectors minus the mean of others, words of your choice.
# The check places 28 inventions along your direction, from *papyrus* to *smartphone*,
# and compares their order with the years in which they were made; a rank correlation of 0.75 is enough.
# How far can you get?

# %%
### BEGIN SOLUTION
### STUB time_axis = ...  # your code here
new = ["modern", "digital", "electronic", "technology"]
old = ["ancient", "medieval", "antiquity", "classical"]


def mean_direction(words):
    return np.mean([vectors.get_vector(word, norm=True) for word in words], axis=0)


time_axis = mean_direction(new) - mean_direction(old)
### END SOLUTION
check("01-7", time_axis)

# %% [markdown]
# When it works, try a scale of your own: rich and poor countries, dangerous and harmless animals, warm and cold places.
# Write down the order that you expect before you look. Some scales come out and some do not.

# %% [markdown] tags=["solution"]
# Nobody told the vectors a year; text mentions old things among old things, and that leaves an order behind.
# If you try ten word lists and keep the best, you have fitted the axis to these 28 inventions:
# an honest number would come from inventions that you never looked at.
