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
# # Turn words into vectors
#
# In this lesson you build word vectors by hand,
# load 30,000 trained ones,
# and measure what they know about words and what they do not.
#
# **You will be able to**
#
# - compute cosine similarity, nearest neighbours and analogies in a few lines of numpy;
# - read a word map and say how far to trust it;
# - score any set of word vectors against people's judgements, with an interval.
#
# **You need** Python (lists, functions, loops) and numpy arrays at the level of rows and columns.
# No knowledge of language processing is assumed.
#
# **Time** about 55 minutes to read and try, less than a minute to compute.
#
# Run a cell with Shift+Enter and go on to the next.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from lessons_lib import bootstrap, claim, explore_map, label_end, load_vectors, predict, quiz, reveal, setup, show

setup("01")

# %% [markdown]
# ## Give each word a place of its own
#
# A computer calculates with numbers, so every word needs some.
# A **vector** is a list of numbers in a fixed order;
# how many there are is its **dimension**.
# The **vocabulary** is the list of the words that you know.
#
# The simplest vector has one number for each word of the vocabulary:
# 1 at the word's own place and 0 everywhere else.
# It is called a **one-hot vector**.

# %%
vocabulary = ["king", "queen", "apple", "pear"]
one_hot = np.eye(len(vocabulary))
pd.DataFrame(one_hot, index=vocabulary, columns=vocabulary).astype(int)

# %% [markdown]
# Each row is one word.
# Now measure how far apart the words are:
# the square root of the summed squared differences, as with a ruler.

# %% tags=["compare"]
distances = np.linalg.norm(one_hot[:, None] - one_hot, axis=2)
pd.DataFrame(distances, index=vocabulary, columns=vocabulary).round(2)

# %% [markdown]
# Every two different words are 1.41 apart.
# An apple is as far from a pear as from a king: one-hot vectors tell words apart and say nothing else.
# They also have a price.

# %%
predict("01-one-hot", "How much memory do one-hot vectors for 30,000 words take, at 4 bytes a number?",
        ["3.6 megabytes", "36 megabytes", "3,600 megabytes"])

# %%
n_words, bytes_a_number = 30_000, 4
one_hot_megabytes = n_words * n_words * bytes_a_number / 1e6
reveal("01-one-hot", measured=f"{n_words:,} x {n_words:,} numbers, {one_hot_megabytes:,.0f} MB",
       right=1 + int(one_hot_megabytes > 20) + int(one_hot_megabytes > 200))

# %% [markdown]
# ## Look up a row
#
# Networks begin by multiplying a one-hot vector by a matrix with one row for each word.
# All zeros fall away, so the product is just the row of that word.
# Nobody carries the multiplication out: taking the row gives the same numbers.
#
# Such a matrix is an **embedding table**; taking a row from it is a **lookup**.
# Here is one of random numbers, with both ways timed.

# %%
import timeit

rng = np.random.default_rng(0)
table = rng.normal(size=(n_words, 100)).astype("float32")
row = 1234
one_hot_row = np.zeros(n_words, dtype="float32")
one_hot_row[row] = 1

same = np.array_equal(one_hot_row @ table, table[row])
multiply_seconds = min(timeit.repeat(lambda: one_hot_row @ table, number=1, repeat=20))
lookup_seconds = min(timeit.repeat(lambda: table[row], number=1000, repeat=20)) / 1000
print(f"Same numbers: {same}. Multiply: {multiply_seconds * 1e6:,.0f} µs. Look up: {lookup_seconds * 1e6:.2f} µs.")

# %% [markdown]
# The same hundred numbers, and the lookup is thousands of times faster.
# Wherever you read "one-hot input times embedding matrix", think: *take a row*.
#
# The question that remains is what to write into the rows.

# %% [markdown]
# ## Describe words by hand
#
# You can choose the columns yourself: properties, filled in for every word.

# %% tags=["compare"]
features = pd.DataFrame(
    {"royal": [1, 1, 0, 0, 0, 0], "female": [0, 1, 0, 1, 0, 0], "person": [1, 1, 1, 1, 0, 0], "edible": [0, 0, 0, 0, 1, 1]},
    index=["king", "queen", "man", "woman", "apple", "pear"],
)
result = features.loc["king"] - features.loc["man"] + features.loc["woman"]
print("king - man + woman =", result.to_dict())
print("queen              =", features.loc["queen"].to_dict())

# %% [markdown]
# Take the man out of *king*, put a woman in, and the numbers of *queen* come out.
# That is no discovery: we wrote it into the table.
#
# Now fill in 30,000 rows. How royal is *bank*? How edible is *yesterday*?
# And *apple* and *pear* are the same here, until you add a column.

# %% [markdown]
# ## Load vectors that were learnt from text
#
# Words that stand among the same neighbours tend to mean similar things.
# So a program can read text, look at the neighbours of each word,
# and fill in the table by itself.
# A vector that comes out of this is called a **word embedding**.
#
# The table that you load now was filled by the program *word2vec* from a **corpus**
# (a large collection of text): English Wikipedia.

# %%
vectors = load_vectors("word2vec")
running_words = sum(vectors.get_vecattr(word, "count") for word in vectors.index_to_key)

print(f"{len(vectors):,} words, {vectors.vector_size} numbers each: {vectors.vectors.nbytes / 1e6:.0f} MB")
print(f"learnt from {running_words / 1e6:.0f} million running words")
print("king:", vectors["king"][:8].round(2), "...")

# %% [markdown]
# The table is hundreds of times smaller than the one-hot table.
# It stands sorted: the most frequent word of the corpus first.
#
# The columns have no names.
# No number in the row of *king* says "royal"; whatever the table knows is spread over all columns.
# To see what it knows, compare rows.

# %% [markdown]
# ## Compare two vectors
#
# Three ways, each one line.
#
# - The **dot product** multiplies number by number and adds up.
# - The **norm** is the length of a vector: the root of its dot product with itself.
# - The **distance** is the norm of the difference.
# - The **cosine similarity** is the dot product divided by both norms:
#   1 for the same direction, 0 for a right angle, -1 for opposite directions.

# %%
def dot_product(u, v):
    return (u * v).sum()


def norm(u):
    return np.sqrt(dot_product(u, u))


def distance(u, v):
    return norm(u - v)


def cosine_similarity(u, v):
    return dot_product(u, v) / (norm(u) * norm(v))


# %%
pairs = [("king", "queen"), ("apple", "pear"), ("king", "pear"), ("king", "the"), ("good", "bad")]
ways = {"dot product": dot_product, "distance": distance, "cosine": cosine_similarity}
pd.DataFrame({name: [way(vectors[a], vectors[b]) for a, b in pairs] for name, way in ways.items()},
             index=[f"{a}, {b}" for a, b in pairs]).round(2)

# %% [markdown]
# By cosine, *king* is close to *queen* and *apple* to *pear*, and the mixed pair is far apart.
# Keep *good, bad* in mind: opposites, and yet very similar. The myth below is about them.
#
# Dot product and distance also depend on how *long* the vectors are.
# What decides the length?

# %%
predict("01-norm", "Which words have the longest vectors?",
        ["the most frequent ones, such as the and of", "words of middling frequency", "the rarest ones in the vocabulary"])

# %% [markdown]
# The vocabulary is sorted by frequency, so a **frequency band** is just a slice of the rows.
# Here are ten bands of 3,000 words each, and the middle (median) norm in each.

# %%
norms = np.linalg.norm(vectors.vectors, axis=1)
bands = np.array_split(norms, 10)
median_norms = np.array([np.median(band) for band in bands])
quartiles = np.array([np.quantile(band, [0.25, 0.75]) for band in bands]).T

figure, axes = plt.subplots()
axes.fill_between(range(1, 11), *quartiles, alpha=0.2, label="half of the words")
axes.plot(range(1, 11), median_norms, marker="o")
label_end(axes, 10, median_norms[-1], "median", "#0072B2")
axes.set(title="Length of the vector by frequency", xlabel="band of 3,000 words, most frequent first",
         ylabel="norm", xticks=range(1, 11), xlim=(0.5, 11.2))
show(figure, alt=f"Median norm by frequency band: {median_norms[0]:.1f} in the most frequent band, "
                 f"{median_norms.max():.1f} at most, {median_norms[-1]:.1f} in the rarest band.")

# %%
frequent, middling, rare = norms[:100].mean(), norms[3_000:12_000].mean(), norms[-3_000:].mean()
reveal("01-norm", measured=f"mean norm {frequent:.2f} for the 100 most frequent, {middling:.2f} in the middle, {rare:.2f} for the rarest",
       right=1 + int(np.argmax([frequent, middling, rare])))
