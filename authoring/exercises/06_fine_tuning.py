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
# # Practise: fine-tune without forgetting
#
# Seven exercises on lesson 6, each a little harder than the one before.
# Write your code in place of the dots and run the cell; the check below it says at once what is right,
# or what kind of wrong.
# Each failed try gives one more hint, three in all; the worked answers are in `solutions/`.
#
# **Time** about 45 minutes.

# %%
import numpy as np
import torch

from lessons_lib import check, setup

setup("06")

# %% [markdown]
# ## Exercise 06-1: which rows get a gradient?
#
# `rows` holds the row numbers of the words of each text of a mini-batch, filled up with 0, the padding.
# Write a function that returns the numbers of the rows that get a gradient: each once, in rising order.


# %%
def rows_with_gradient(rows):
    """Return the numbers of the rows that get a gradient from a batch of shape (n_texts, longest), rising."""
    ### BEGIN SOLUTION
    numbers = np.unique(rows)
    return numbers[numbers != 0]
    ### END SOLUTION


check("06-1", rows_with_gradient)

# %% [markdown] tags=["solution"]
# A row that no text of the batch looks up has no part in the loss, so its gradient is exactly zero.
# A word that stands in the batch five times still has one row, and the five contributions add up in it.

# %% [markdown]
# ## Exercise 06-2: drift
#
# Write a function that says how far each row has moved, as a share of its own length before.


# %%
def drift(before, after):
    """Return norm(after - before) / norm(before) for each row of two matrices of shape (n_rows, n_dims)."""
    ### BEGIN SOLUTION
    return np.linalg.norm(after - before, axis=1) / np.linalg.norm(before, axis=1)
    ### END SOLUTION


check("06-2", drift)

# %% [markdown] tags=["solution"]
# Dividing by the length *before* makes rows of different lengths comparable,
# and a row cannot make its drift small by growing.

# %% [markdown]
# ## Exercise 06-3: pull towards the start
#
# Write the penalty that pulls a table towards where it began:
# the strength times the sum of all squared differences.
# Both are torch tensors; the result has to carry a gradient, so do not turn it into a number.


# %%
def pull_to_start(table, start, strength):
    """Return the penalty, a tensor without dimensions."""
    ### BEGIN SOLUTION
    return strength * ((table - start) ** 2).sum()
    ### END SOLUTION


check("06-3", pull_to_start)

# %% [markdown] tags=["solution"]
# Weight decay is the same with a start of zeros: it pulls every row to nowhere.
# This one pulls each row to its own meaning.

# %% [markdown]
# ## Exercise 06-4: two parameter groups
#
# `model.table` is an embedding table, `model.head` the layer behind it.
# Write a function that returns `torch.optim.AdamW` with two parameter groups:
# the table with the learning rate `rate * share` and a weight decay of 0,
# the head with the learning rate `rate` and a weight decay of 0.01.


# %%
def make_optimiser(model, rate, share):
    """Return AdamW with a group for the table and a group for the head."""
    ### BEGIN SOLUTION
    return torch.optim.AdamW([
        {"params": [model.table], "lr": rate * share, "weight_decay": 0.0},
        {"params": model.head.parameters(), "lr": rate, "weight_decay": 0.01},
    ])
    ### END SOLUTION


check("06-4", make_optimiser)

# %% [markdown] tags=["solution"]
# What a group does not say is taken from the optimiser's defaults, and AdamW's default decay is not zero.
# For a table it has to be switched off by name.

# %% [markdown]
# ## Exercise 06-5: find the mistake
#
# A colleague wants to train the head and keep the table frozen, so he sets the gradient of the table to zero
# before each step. The head learns. The vectors, he says, "somehow get shorter". Find out why, and mend it.


# %%
def train_head(table, head, rows, labels, steps=50):
    """Train the head for some steps and leave the table as it was. Both are changed in place or not at all."""
    ### BEGIN SOLUTION
    ### STUB trained = [*table.parameters(), *head.parameters()]
    trained = list(head.parameters())
    ### END SOLUTION
    optimiser = torch.optim.AdamW(trained, lr=0.1)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(table(rows)), labels)
        optimiser.zero_grad()
        loss.backward()
        if table.weight.grad is not None:
            table.weight.grad.zero_()  # no gradient, so no movement?
        optimiser.step()
    return float(loss)


check("06-5", train_head)

# %% [markdown] tags=["solution"]
# **What it did.** AdamW shrinks every parameter that it was given and that has a gradient, even a gradient of zeros.
#
# **Root cause.** A gradient of zero is not "frozen". Frozen means: not among the optimiser's parameters,
# or `requires_grad_(False)`, so that there is no gradient at all. The line that sets it to zero can then go.

# %% [markdown]
# ## Exercise 06-6: neighbours lost
#
# Write a function that compares two matrices of the same words before and after training:
# for each row the share of its `n` nearest rows (by cosine, without itself) that are no longer among them,
# and of these shares the mean.


# %%
def neighbours_lost(before, after, n):
    """Return the mean share of the n nearest rows that are lost, between 0 and 1."""

    def nearest(matrix):
        """Return the set of the n nearest rows for each row."""
        ### BEGIN SOLUTION
        unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        cosines = unit @ unit.T
        np.fill_diagonal(cosines, -np.inf)
        return [set(row) for row in np.argsort(-cosines, axis=1)[:, :n]]
        ### END SOLUTION

    ### BEGIN SOLUTION
    pairs = zip(nearest(before), nearest(after), strict=True)
    return np.mean([1 - len(old & new) / n for old, new in pairs])
    ### END SOLUTION


check("06-6", neighbours_lost)

# %% [markdown] tags=["solution"]
# The order among the neighbours does not count, so sets are compared and not lists.
# Each word as its own nearest neighbour would never be lost, and make the number look better than it is.

# %% [markdown]
# ## Exercise 06-7: a policy of your own
#
# An open exercise. Find a policy that gains at least five points of accuracy over a frozen table
# on the reviews (1,000 training texts), and loses at most three in a hundred of the nearest neighbours.
# `Policy(table_share=..., frozen_epochs=..., pull=...)`: change one knob at a time, or mix them.
# The check trains with two seeds and takes some seconds.

# %%
from lessons_lib.fine_tuning import Policy

### BEGIN SOLUTION
### STUB my_policy = ...  # your code here
my_policy = Policy(table_share=0.2)
### END SOLUTION
check("06-7", my_policy)

# %% [markdown]
# When it works: how far can you get? Write down the gain and the neighbours lost of each try, as a line in a table.

# %% [markdown] tags=["solution"]
# There is no single best policy, only a border: more accuracy for more forgetting.
# And the test reviews have now been used to choose a policy.
# After twenty tries the best of them looks better than it is; new reviews would tell.
