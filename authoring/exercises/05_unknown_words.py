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
# # Practise: handle unknown and rare words
#
# Seven exercises on lesson 5, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 55 minutes.

# %%
import numpy as np

from lessons_lib import check, load_vectors, setup

setup("05")
vectors, fasttext = load_vectors("word2vec"), load_vectors("fasttext")

# %% [markdown]
# ## Exercise 05-1: token coverage
#
# Write a function that returns the share of running words that have a vector, between 0 and 1.
# `words` is a list; a word that occurs three times counts three times.
# It must be right for fastText's vectors, too.


# %%
def token_coverage(vectors, words):
    """Return the share of the words, each as often as it occurs, that have a vector of their own."""
    ### BEGIN SOLUTION
    return sum(word in vectors.key_to_index for word in words) / len(words)
    ### END SOLUTION


check("05-1", token_coverage)

# %%
line = "my phonne crashd again after the last updatee".split()
{name: token_coverage(some, line) for name, some in {"word2vec": vectors, "fasttext": fasttext}.items()}

# %% [markdown] tags=["solution"]
# `word in vectors` would give 1 for fastText, which can make up a vector for anything.
# `key_to_index` holds the words that were learnt.

# %% [markdown]
# ## Exercise 05-2: a small ladder
#
# Write a function that returns the first form of a word that has a vector:
# as it is written; in lower case; with a capital. Return `None` if none of them is known.


# %%
def first_known_form(vectors, word):
    """Return the word, its lower case or its capitalised form, whichever is known first, or None."""
    ### BEGIN SOLUTION
    forms = (word, word.lower(), word.capitalize())
    return next((form for form in forms if form in vectors.key_to_index), None)
    ### END SOLUTION


check("05-2", first_known_form)

# %% [markdown] tags=["solution"]
# The order is the point: a file with capitals has *US* and *us* as two words,
# and lower case first would lose one of them.

# %% [markdown]
# ## Exercise 05-3: n-grams
#
# Write a function that returns the n-grams of a word for one length `n`, in order,
# with the mark `<` before the word and `>` behind it.


# %%
def ngrams_of(word, n):
    """Return the list of all runs of n characters of the word with its two marks."""
    ### BEGIN SOLUTION
    marked = f"<{word}>"
    return [marked[start : start + n] for start in range(len(marked) - n + 1)]
    ### END SOLUTION


check("05-3", ngrams_of)

# %% [markdown] tags=["solution"]
# The marks make a difference: `<un` is a beginning, `un>` an ending, `un` anything.
# For a word shorter than n the range is empty, and so is the list.

# %% [markdown]
# ## Exercise 05-4: fastText's vector
#
# Put the vector of a word together as fastText does, for known and unknown words.
#
# - `ft_ngram_hashes(word, fasttext.min_n, fasttext.max_n, fasttext.bucket)` gives the buckets of its n-grams;
# - `fasttext.vectors_ngrams[bucket]` is the vector of a bucket;
# - `fasttext.vectors_vocab[row]` is a known word's own vector, at the row `fasttext.key_to_index[word]`.

# %%
from gensim.models.fasttext import ft_ngram_hashes


def fasttext_vector(fasttext, word):
    """Return the mean of the n-gram vectors and, for a known word, of its own vector."""
    ### BEGIN SOLUTION
    buckets = ft_ngram_hashes(word, fasttext.min_n, fasttext.max_n, fasttext.bucket)
    parts = [fasttext.vectors_ngrams[bucket] for bucket in buckets]
    if word in fasttext.key_to_index:
        parts.append(fasttext.vectors_vocab[fasttext.key_to_index[word]])
    return np.mean(parts, axis=0)
    ### END SOLUTION


check("05-4", fasttext_vector)

# %% [markdown] tags=["solution"]
# A known word is one part among its n-grams, and no more.
# That is why a known word and its misspelling are near each other at all.

# %% [markdown]
# ## Exercise 05-5: find the mistake
#
# A colleague computes the mean vector of a text. It runs, and no error ever comes.
# But a review with *awful* and one without it get the same vector if *awful* is unknown, and nobody notices.
# Mend it: return the mean of the known words, *and* the share of words that have no vector.
# For a text without a known word the mean is zeros; for an empty text the share is 0.


# %%
def mean_with_warning(vectors, words):
    """Return the mean vector of the known words, and the share of the words that have no vector."""
    ### BEGIN SOLUTION
    ### STUB known = [vectors[word] for word in words if word in vectors]
    ### STUB return np.mean(known, axis=0)
    known = [vectors[word] for word in words if word in vectors.key_to_index]
    mean = np.mean(known, axis=0) if known else np.zeros(vectors.vector_size)
    return mean, 1 - len(known) / len(words) if words else 0.0
    ### END SOLUTION


check("05-5", mean_with_warning)

# %% [markdown] tags=["solution"]
# **What it did.** Words without a vector vanished, so two different texts became equal,
# and a text of unknown words gave a vector that is not a number.
#
# **Root cause.** `if word in vectors` filters in silence.
# Leaving words out may be right, but the caller has to know how many they were.

# %% [markdown]
# ## Exercise 05-6: cut like WordPiece
#
# Write WordPiece's cut. `pieces` is a set; a piece inside a word begins with `##`.
# From the left take the longest piece that fits, then go on behind it.
# If at some place nothing fits, return `["[UNK]"]` for the whole word.


# %%
def wordpiece(word, pieces):
    """Return the list of pieces of the word."""
    ### BEGIN SOLUTION
    found, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        fitting = [end for end in range(len(word), start, -1) if mark + word[start:end] in pieces]
        if not fitting:
            return ["[UNK]"]
        found.append(mark + word[start : fitting[0]])
        start = fitting[0]
    return found
    ### END SOLUTION


check("05-6", wordpiece)

# %% [markdown] tags=["solution"]
# Longest first is greedy: *unhappy* becomes *unh ##app ##y*, although *un ##happy* would have been there.
# The cut never goes back.

# %% [markdown]
# ## Exercise 05-7: correct the spelling
#
# An open exercise. Write a function that returns the word that was meant, for a word that may be mistyped.
# The check tries it on common misspellings, and on right words that it must leave alone;
# 80 of 100 misspellings have to be put right. How far can you get?
#
# `vectors.index_to_key` lists the known words, the most frequent first.
# The lesson's `Speller` is not allowed, of course; `vectors.key_to_index` is.

# %%
### BEGIN SOLUTION
### STUB correct = ...  # your code here: a function of one word
letters = "abcdefghijklmnopqrstuvwxyz'"


def one_slip_away(word):
    """All texts that one letter left out, swapped, replaced or added makes of a word."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + letter + rest for a, b in cuts for letter in letters for rest in (b, b[1:])}
    return left_out | swapped | changed


def correct(word):
    """Return the most frequent known word that is at most one slip away."""
    known = vectors.key_to_index
    if word in known:
        return word
    return min((form for form in one_slip_away(word) if form in known), key=known.get, default=word)
### END SOLUTION


check("05-7", correct)

# %% [markdown]
# Which misspellings does it miss? Print some, and decide whether two slips are worth the price.
# Then run the lesson's typo experiment with your function in the place of the speller.

# %% [markdown] tags=["solution"]
# The idea is Norvig's: make all forms that one slip leads to, keep the known ones, take the most frequent.
# It never looks at the words around. *form* for *from* is a known word, and stays.
# If you changed your rules until these misspellings came out, test them on others.
