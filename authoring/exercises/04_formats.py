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
# # Practise: choose a format and a source
#
# Seven exercises on lesson 4, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 55 minutes.

# %%
import numpy as np

from lessons_lib import check, load_vectors, setup

setup("04")
word2vec = load_vectors("word2vec")

# %% [markdown]
# ## Exercise 04-1: read a header
#
# word2vec's files begin with a line like `30000 100`. Write a function that takes the bytes of such a file
# and returns the number of words and the number of dimensions, two whole numbers.
# `data.index(b"\n")` finds the end of the first line; `int(b"12")` turns bytes into a number.


# %%
def read_header(data):
    """Return (n_words, n_dims) from the first line of word2vec's formats."""
    ### BEGIN SOLUTION
    n_words, n_dims = data[: data.index(b"\n")].split()
    return int(n_words), int(n_dims)
    ### END SOLUTION


check("04-1", read_header)

# %% [markdown] tags=["solution"]
# Cut the first line *before* you decode anything: behind it may stand numbers that are no text.

# %% [markdown]
# ## Exercise 04-2: a line with a blank in the word
#
# Published GloVe files hold a few words with blanks in them, such as `. . .` or `new york`.
# Splitting at the first blank breaks there. Write a function that takes a line and the number of dimensions,
# and returns the word and a numpy array of its numbers.


# %%
def parse_line(line, n_dims):
    """Return (word, numbers) of a line of text; the word may have blanks in it."""
    ### BEGIN SOLUTION
    fields = line.rstrip("\n").split(" ")
    return " ".join(fields[:-n_dims]), np.array(fields[-n_dims:], dtype="float32")
    ### END SOLUTION


check("04-2", parse_line)

# %% [markdown] tags=["solution"]
# The numbers are counted from the *end* of the line, since their count is known and the word's length is not.

# %% [markdown]
# ## Exercise 04-3: which format is it?
#
# Write a function that looks at the first bytes of a file and returns one of four texts:
# `"fastText .bin"`, `"word2vec binary"`, `"word2vec text"`, `"GloVe"`.
# fastText's own files begin with the four bytes `ba 16 4f 2f`, in Python `b"\xba\x16O/"`.
# Only whole files of these four kinds are shown to it.


# %%
def which_format(data):
    """Return the name of the format, told from the bytes."""
    ### BEGIN SOLUTION
    if data.startswith(b"\xba\x16O/"):
        return "fastText .bin"
    first, _, rest = data.partition(b"\n")
    fields = first.split()
    if len(fields) != 2 or not all(field.isdigit() for field in fields):
        return "GloVe"
    n_dims = int(fields[1])
    try:
        numbers = [float(field) for field in rest.partition(b"\n")[0].split()[-n_dims:]]
    except ValueError:
        return "word2vec binary"
    return "word2vec text" if len(numbers) == n_dims else "word2vec binary"
    ### END SOLUTION


check("04-3", which_format)

# %% [markdown] tags=["solution"]
# The name of a file says nothing reliable; its bytes do.
# What tells text from binary is whether numbers can be *read* behind the first word, as many as the header promises.

# %% [markdown]
# ## Exercise 04-4: find the mistake
#
# A colleague stores vectors as whole numbers from -127 to 127, with one step a row.
# Most words come back nearly unchanged, but in each row the largest number comes back with the wrong sign.
# Find out why, and mend it.


# %%
def quantise(matrix):
    """Return (numbers as int8, step of each row as a column), so that numbers * step is nearly the matrix."""
    ### BEGIN SOLUTION
    ### STUB step = np.abs(matrix).max(axis=1, keepdims=True) / 128
    ### STUB return np.round(matrix / step).astype("int64").astype("int8"), step
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    return np.round(matrix / (largest / 127)).astype("int8"), largest / 127
    ### END SOLUTION


check("04-4", quantise)

# %% [markdown] tags=["solution"]
# **What it did.** The largest number of a row became 128, and `int8` ends at 127: 128 wraps round to -128.
#
# **Root cause.** Eight bits hold -128 to 127, one less above zero than below. `astype` cuts without a word.
# Divide by 127 steps, and look at the largest error, not only at the mean.

# %% [markdown]
# ## Exercise 04-5: the rotation
#
# `source` and `target` are two matrices; row i of one belongs to row i of the other.
# Write a function that returns the Procrustes rotation: the matrix R for which `source @ R` is nearest to `target`.
# `np.linalg.svd(matrix)` returns the three parts of the singular value decomposition, the last one already transposed.


# %%
def rotation(source, target):
    """Return the orthogonal matrix that lays source over target."""
    ### BEGIN SOLUTION
    left, _, right = np.linalg.svd(source.T @ target)
    return left @ right
    ### END SOLUTION


check("04-5", rotation)

# %% [markdown] tags=["solution"]
# The sizes in the middle are left away: they would stretch the space, and a rotation must not.

# %% [markdown]
# ## Exercise 04-6: precision at n
#
# `cosines` has one row for each word that is asked and one column for each candidate;
# `right` holds the column of the right candidate for each row.
# Return the share of rows whose right candidate is among the `n` with the highest cosines.


# %%
def precision_at(cosines, right, n):
    """Return the share of rows whose right column is among the n largest."""
    ### BEGIN SOLUTION
    nearest = np.argsort(-cosines, axis=1)[:, :n]
    return (nearest == np.asarray(right)[:, None]).any(axis=1).mean()
    ### END SOLUTION


check("04-6", precision_at)

# %% [markdown] tags=["solution"]
# `right[:, None]` makes a column of it, so that each row is compared with its own right answer.

# %% [markdown]
# ## Exercise 04-7: choose your anchors
#
# An open exercise. You may name 150 anchors, no more, to lay word2vec over GloVe.
# Which words make good anchors: the most frequent ones, rare ones, names, a mixture?
# The check fits the rotation on your list and asks 500 words that may not be on it
# (`word2vec.index_to_key[400:2400:4]`); the right word has to be the nearest for 80 in 100 of them.
# The check also says how far the 150 most frequent words get. By how much can you beat them?

# %%
### BEGIN SOLUTION
### STUB anchors = ...  # your code here
rows = [row for row in range(300, 6300) if not (400 <= row < 2400 and row % 4 == 0)]
anchors = [word2vec.index_to_key[row] for row in rows[::40]][:150]
### END SOLUTION
check("04-7", anchors)

# %% [markdown] tags=["solution"]
# The choice matters more than the number. Words drawn from the whole vocabulary are mostly rare,
# rare words have vectors that rest on few examples, and two methods place them differently.
# The most frequent words of all, *the* and *of*, stand beside everything and say little about a direction.
# Common words that carry meaning, spread over many subjects, make better anchors.
# If you tried twenty lists and kept the best one, you fitted it to these 500 words; an honest number needs others.
