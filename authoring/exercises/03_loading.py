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
# # Practise: load pre-trained embeddings into a model
#
# Seven exercises on lesson 3, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 50 minutes.

# %%
import numpy as np

from lessons_lib import check, load_vectors, setup, tokenise

setup("03")
vectors = load_vectors("word2vec")

# %% [markdown]
# ## Exercise 03-1: coverage
#
# Write a function that returns the share of the *running* words that are known.
# `texts` is a list of texts, each a list of words; `known` is a set of words.


# %%
def token_coverage(texts, known):
    """Return the share of the running words of all texts that are in known, from 0 to 1."""
    ### BEGIN SOLUTION
    running = [word for text in texts for word in text]
    return sum(word in known for word in running) / len(running)
    ### END SOLUTION


check("03-1", token_coverage)

# %% [markdown] tags=["solution"]
# A mean over the texts would be another number: a text of three words would weigh as much as one of three hundred.

# %% [markdown]
# ## Exercise 03-2: from words to rows
#
# Write a function that turns texts into a rectangle of row numbers.
# `words` lists the word of each row, with row 0 for padding and row 1 for unknown words.
# Fill short texts up with 0 *behind* their words, and cut long ones after `longest` words.


# %%
def to_rows(texts, words, longest):
    """Return an array of shape (texts, longest) with the row of each word."""
    ### BEGIN SOLUTION
    row_of = {word: row for row, word in enumerate(words)}
    result = np.zeros((len(texts), longest), dtype=int)
    for i, text in enumerate(texts):
        rows = [row_of.get(word, 1) for word in text][:longest]
        result[i, : len(rows)] = rows
    return result
    ### END SOLUTION


check("03-2", to_rows)

# %% [markdown] tags=["solution"]
# Building the dictionary once matters: `words.index(word)` would walk through the list for every single word.

# %% [markdown]
# ## Exercise 03-3: a mean without padding
#
# Write the mean of the rows of each text. `indices` has a line for each text, with 0 for padding.
# Row 0 of `matrix` may hold anything and must count for nothing.
# A text of nothing but padding has the mean zero.


# %%
def mean_of_rows(matrix, indices):
    """Return the mean row of each text, an array of shape (texts, dimensions)."""
    ### BEGIN SOLUTION
    real = indices != 0
    sums = (matrix[indices] * real[:, :, None]).sum(axis=1)
    return sums / np.maximum(real.sum(axis=1), 1)[:, None]
    ### END SOLUTION


check("03-3", mean_of_rows)

# %% [markdown] tags=["solution"]
# `real[:, :, None]` makes the mask as deep as the vectors, so that it multiplies all numbers of a row.
# A padding row that stays zero hides a wrong sum, but not a wrong number of words.

# %% [markdown]
# ## Exercise 03-4: the assertion
#
# Write the check that the lesson relies on: return the first word of `words` whose row in `matrix` is not its vector,
# or `None` if all are right. Words that are not in `vectors` cannot be compared.


# %%
def first_misaligned(words, matrix, vectors):
    """Return the first word whose row is not its vector, or None."""
    ### BEGIN SOLUTION
    ### STUB return ...  # your code here
    for row, word in enumerate(words):
        if word in vectors and not np.allclose(matrix[row], vectors[word]):
            return word
    return None
    ### END SOLUTION


check("03-4", first_misaligned)

# %% [markdown] tags=["solution"]
# A check that returns *which* word is wrong is worth more than one that says only that something is:
# the first wrong row shows where the table began to slip.

# %% [markdown]
# ## Exercise 03-5: find the mistake
#
# A colleague loads the vectors of a list of words. The function runs, and on their own list it is right.
# As soon as a word has no vector, the classifier behind it loses much of its accuracy. Find out why, and mend it:
# a word without a vector shall have a row of zeros.

# %%
def load_table(words, vectors):
    """Return an array with a row for each word, in the order of the words."""
    ### BEGIN SOLUTION
    ### STUB table = []
    ### STUB for word in words:
    ### STUB     if word not in vectors:
    ### STUB         continue  # nothing to load
    ### STUB     table.append(vectors[word])
    ### STUB return np.array(table)
    result = np.zeros((len(words), vectors.vector_size))
    for row, word in enumerate(words):
        if word in vectors:
            result[row] = vectors[word]
    return result
    ### END SOLUTION


check("03-5", load_table)

# %% [markdown] tags=["solution"]
# **What it did.** The first word without a vector got no row, and from there on every word looked up the vector of a
# later one. No error: only the very last numbers would have pointed beyond the table.
#
# **Root cause.** The row of a word was defined twice, by its place in `words` and by the order of appending.
# Write to `result[row]`, and there is only one definition.

# %% [markdown]
# ## Exercise 03-6: a difference with its interval
#
# Two arms were run with the same five seeds: `a` and `b` are arrays of their accuracies, seed by seed.
# The lesson made Student's t interval for one arm; make it for the paired difference.
# Return three numbers: the mean of `a - b`, and the lower and upper end of its 95 per cent interval.
# (`scipy.stats.t.ppf` gives the factor. The interval is for the mean, not for single runs.)


# %%
def paired_interval(a, b):
    """Return mean, low and high of the difference a - b over paired seeds."""
    ### BEGIN SOLUTION
    from scipy import stats

    differences = np.asarray(a) - np.asarray(b)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    half = stats.t.ppf(0.975, len(differences) - 1) * error
    return differences.mean(), differences.mean() - half, differences.mean() + half
    ### END SOLUTION


check("03-6", paired_interval)

# %% [markdown] tags=["solution"]
# A lucky draw of training texts helps both arms. Subtracting seed by seed takes that luck out,
# and the interval shrinks to what the arms really differ in.

# %% [markdown]
# ## Exercise 03-7: a judge without labels
#
# An open exercise. Write a function that returns `True` for a positive review and `False` for a negative one.
# It may use `vectors` and words of your choice, and no label: nothing is trained.
# The check asks for 0.62 of all test reviews. How far can you get, and how far on the flagged ones?

# %%
### BEGIN SOLUTION
### STUB judge = ...  # your code here
praise = vectors.get_mean_vector("good great excellent enjoyable helpful reliable".split(), post_normalize=True)
blame = vectors.get_mean_vector("bad poor terrible boring useless unreliable".split(), post_normalize=True)


def judge(text):
    leans = [vectors.get_vector(word, norm=True) @ (praise - blame) for word in tokenise(text) if word in vectors]
    return bool(max(leans, key=abs) > 0)


### END SOLUTION
check("03-7", judge)

# %% [markdown]
# When it works, look at reviews that it gets wrong. What would it have to know that no list of words can tell?

# %% [markdown] tags=["solution"]
# *Not bad at all* has its loudest word on the wrong side, and irony has all of them there.
# If you tried ten lists of words and kept the best, you fitted the judge to these test reviews:
# an honest number would come from the training reviews, which you may look at as often as you like.
