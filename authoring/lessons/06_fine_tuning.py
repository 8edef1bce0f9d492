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
# # Fine-tune without forgetting
#
# In this lesson you train pre-trained vectors further on a task, in five ways,
# and measure for each what the task gains and what the vectors lose.
#
# **You will be able to**
#
# - say which rows of an embedding table move, and which stay behind;
# - choose between freezing and tuning from numbers, with an interval;
# - measure forgetting in three ways;
# - find the settings of an optimiser that damage rows nobody trained.
#
# **You need** lesson 3 (the table, the training loop, frozen and tuned) and the yardsticks of lesson 1.
#
# **Time** about 70 minutes to read and try, about a minute to compute.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch

from lessons_lib import bootstrap, claim, label_end, load_vectors, predict, quiz, reveal, setup, show, tokenise

seed = setup("06")

# %% [markdown]
# ## Set up the task again
#
# Lesson 5 was about words without a vector. This one is about words that have one,
# and about what training does to it.
#
# The task is the one of lesson 3: is a review positive or negative?
# A thousand reviews are for training and 200 for validation.
# The test has ordinary reviews, and reviews whose telling word stands in no training review.
#
# `VECTORS` names the vectors to begin from. Put another name in its place, such as `"glove"`, and run the lesson again.

# %%
from lessons_lib import index_texts, make_table
from lessons_lib.texts import reviews

VECTORS = "word2vec"
vectors = load_vectors(VECTORS)
table_of_reviews = reviews()
table_of_reviews["words"] = table_of_reviews.text.map(tokenise)
labels = (table_of_reviews.label == "positive").to_numpy().astype(np.int64)

train_part = np.random.default_rng(seed).permutation(np.flatnonzero(table_of_reviews.split == "train"))
validation, training = train_part[:200], train_part[200:]
ordinary = np.flatnonzero((table_of_reviews.split == "test") & ~table_of_reviews.unseen)

# %% [markdown]
# The embedding table has a row for every word of the vectors:
# the words of the training reviews first (random rows for the few that the vectors lack), all others after them.
# Keep the two blocks in mind: `n_trained` is where the second one begins.

# %%
words = table_of_reviews.words
table = make_table(vectors, words[training], others=[vectors.index_to_key], seed=seed)
rows_of_texts = index_texts(words, table.words)
print(f"{len(table.words):,} rows; the first {table.n_trained:,} are words of the training reviews")

# %% [markdown]
# ## Watch which rows move
#
# The model is lesson 3's bag of embeddings: the mean of the rows of a text, standardised,
# then one layer that turns it into a score for each label.
#
# The **gradient** of a row says, for each of its numbers, how the loss changes when that number grows.
# The **optimiser** is the rule that turns gradients into steps; the plainest one steps against the gradient.

# %% [markdown]
# The weights of the layer begin at zero, and while they are zero no row matters to the loss.
# So let the layer learn alone for three epochs, and then give the model one mini-batch of 32 reviews.

# %%
predict("06-rows", "One mini-batch of 32 reviews: how many of the 30,000 rows get a gradient?",
        ["all of them", "about a tenth", "fewer than a fiftieth"])

# %%
from torch.nn.functional import cross_entropy

from lessons_lib import BagOfEmbeddings, train

model = BagOfEmbeddings(table.matrix, 2, rows_of_texts[training])
parts = [(rows_of_texts[part], labels[part]) for part in (training, validation)]
train(model, *parts, table_rate=0, epochs=3, seed=seed)  # the layer behind the table, alone

model.train()
batch = training[:32]
cross_entropy(model(torch.tensor(rows_of_texts[batch])), torch.tensor(labels[batch])).backward()
sizes_of_gradients = model.table.grad.norm(dim=1).numpy()

# %%
touched = np.flatnonzero(sizes_of_gradients)
in_batch = np.unique(rows_of_texts[batch])
same_rows = np.array_equal(touched, in_batch[in_batch != 0])  # row 0 is padding
reveal("06-rows", measured=f"{len(touched)} of {len(table.words):,} rows: {len(touched) / len(table.words):.1%}; "
       f"the same as the rows of the words in the batch: {same_rows}",
       right=1 + int(len(touched) < 0.5 * len(table.words)) + int(len(touched) < 0.02 * len(table.words)))
largest = np.argsort(-sizes_of_gradients)[:8]
pd.DataFrame({"word": [table.words[row] for row in largest], "size of the gradient": sizes_of_gradients[largest],
              "times in the batch": [(rows_of_texts[batch] == row).sum() for row in largest]}).round(4)

# %% [markdown]
# A row gets a gradient if its word stands in the batch, and exactly zero otherwise.
# The table shows the largest: what a row gets from each place of its word adds up,
# so a frequent word like *the* is pushed hard, though it carries no opinion.
# After many batches every word of the training reviews has moved. The other rows never do.

# %% [markdown]
# ## Train, and leave synonyms behind
#
# Training vectors further on a task is called **fine-tuning**.
# Here is the whole loop, with three knobs that you will turn one at a time:
# the learning rate of the table as a `share` of that of the layer behind it,
# a number of epochs for which the table stays frozen,
# and a `pull` back to where the rows began.

# %%
def tune(share=1.0, frozen_epochs=0, pull=0.0, rate=0.01, epochs=15):
    """Train a fresh model on the training reviews; return it as the last epoch left it."""
    texts, targets = torch.tensor(rows_of_texts[training]), torch.tensor(labels[training])
    model = BagOfEmbeddings(table.matrix, 2, rows_of_texts[training], table.n_trained)
    start = model.table.detach().clone()
    optimiser = torch.optim.Adam([{"params": [model.table], "lr": rate * share},
                                  {"params": model.head.parameters(), "lr": rate}])
    order = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        model.table.requires_grad_(share > 0 and epoch >= frozen_epochs)
        for batch in torch.randperm(len(targets), generator=order).split(33):
            loss = cross_entropy(model(texts[batch]), targets[batch])
            if pull:
                loss = loss + pull * ((model.table - start) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return model.eval()


frozen, tuned = tune(share=0), tune()

# %% [markdown]
# The rows of the second block are handed over as constants: no gradient could reach them, and a step is faster.
#
# In this model a word has a **vote**: the dot product of its row, standardised,
# with the weights of *positive* minus those of *negative*.
# The score of a review is the mean vote of its words, plus a constant.
# Above zero, the review is called positive. (*Under the hood* checks that.)

# %%
@torch.no_grad()
def votes(model, words):
    """How far each word pulls a review towards positive (above 0) or negative (below)."""
    weights = model.head[0].weight[1] - model.head[0].weight[0]
    all_votes = (model.all_rows() - model.centre) / model.spread @ weights
    return all_votes[[table.row_of[word] for word in words]].numpy()


def score(model, texts):
    """Mean vote of the words of each text, plus the constant: above 0 is positive."""
    with torch.no_grad():
        scores = model(torch.tensor(index_texts(texts, table.words)))
    return (scores[:, 1] - scores[:, 0]).numpy()

# %% [markdown]
# Now take every pair of synonyms of which one word stands in the training reviews and the other does not:
# the synonyms written for this course, and the synonyms of SimLex-999 as in lesson 1 (rated seven and a half or more).
# The output names every twentieth pair, the seen word first.

# %%
from lessons_lib import word_pairs
from lessons_lib.texts import triples

simlex = word_pairs("simlex999")
alike = simlex[simlex.rating >= 7.5]
candidates = {*zip(alike.word1, alike.word2, strict=True), *zip(triples().word, triples().synonym, strict=True)}
in_training = set(table.words[2 : table.n_trained])
pairs = sorted((a, b) if a in in_training else (b, a) for a, b in candidates
               if {a, b} <= vectors.key_to_index.keys() and (a in in_training) != (b in in_training))
seen, unseen = zip(*pairs, strict=True)
print(len(pairs), "pairs (seen, unseen):", ", ".join(f"{a} {b}" for a, b in pairs[::20]))

# %%
predict("06-synonyms", "How far do the votes of the unseen words follow those of their seen synonyms after tuning?",
        ["as well as with a frozen table", "clearly less", "not at all"])

# %%
from lessons_lib import spearman

agreement = {}
widest, tallest = (1.1 * abs(votes(tuned, some)).max() for some in (seen, unseen))
figure, axes = plt.subplots(2, 1, figsize=(6, 6.4), sharex=True)
for panel, (name, model) in zip(axes, {"frozen table": frozen, "tuned table": tuned}.items(), strict=True):
    x, y = votes(model, seen), votes(model, unseen)
    agreement[name] = bootstrap(spearman, x, y, seed=seed)
    panel.axhline(0, color="#BBBBBB", linewidth=1)
    panel.plot([-tallest, tallest], [-tallest, tallest], color="#BBBBBB", linewidth=1)
    panel.scatter(x, y, s=12, alpha=0.6)
    panel.set(title=f"{name}: rank correlation {agreement[name].value:.2f}", ylabel="vote of its synonym",
              xlim=(-widest, widest), ylim=(-tallest, tallest), aspect="equal")
axes[1].set(xlabel="vote of the seen word")
show(figure, alt=f"Votes of unseen words against their seen synonyms: rank correlation "
                 f"{agreement['frozen table'].value:.2f} with a frozen table, {agreement['tuned table'].value:.2f} "
                 "after tuning, where seen words have spread far out and their synonyms have not.")

# %%
before, after = agreement.values()
reveal("06-synonyms", measured=f"rank correlation {before} frozen, {after} tuned",
       right=1 + int(after.value < before.value - 0.1) + int(after.value < 0.05))
outside_rows = tuned.all_rows()[table.n_trained:].detach().numpy()
moved_unseen = int((outside_rows != table.matrix[table.n_trained:]).any(axis=1).sum())
print(f"rows of words outside the training reviews that have moved: {moved_unseen}")

# %% [markdown]
# On the grey diagonal both words of a pair would have the same vote.
# Tuning has spread the seen words out along the horizontal axis; their synonyms stand where they stood.
#
# Does a reader of reviews notice? Take each test review with a seen word,
# put the unseen synonym in its place, and compare the two scores.
# Tuning gives larger scores to *all* reviews, so hold each change against the spread of the scores.

# %%
swaps = [(number, text, [b if word == a else word for word in text])
         for number, (a, b) in enumerate(pairs) for text in words[ordinary] if a in text]
of_pair, originals, swapped = zip(*swaps, strict=True)
one_word = 1 / np.array([len(text) for text in originals])  # the weight of one word in the mean
carried, rows = {}, {}
for name, model in {"frozen table": frozen, "tuned table": tuned}.items():
    first, second, spread = score(model, originals), score(model, swapped), score(model, words[ordinary]).std()
    old, new = (votes(model, some)[list(of_pair)] * one_word for some in (seen, unseen))
    sums = pd.DataFrame({"kept": old * new, "had": old**2}).groupby(np.array(of_pair)).sum()
    carried[name] = bootstrap(lambda kept, had: kept.sum() / had.sum(), sums.kept, sums.had, seed=seed)
    rows[name] = {"change of the score": abs(first - second).mean(), "spread of all scores": spread,
                  "change / spread": abs(first - second).mean() / spread,
                  "labels that flip": ((first > 0) != (second > 0)).mean(), "vote carried over": str(carried[name])}
print(f"{len(swaps)} swaps in test reviews, {len(sums)} pairs")
swap_table = pd.DataFrame(rows).T
swap_table.map(lambda cell: cell if isinstance(cell, str) else f"{cell:.3f}")

# %% [markdown]
# The last column is the slope of the best line through zero: how much of the seen word's vote in its review
# the synonym repeats, 1 for all of it and 0 for nothing.
# Frozen, it repeats most of the vote. Tuned, a small part: the seen words have become loud, and it has not.

# %% [markdown]
# Now read the first three columns. The scores change several times as much, and their spread has grown as well;
# in proportion a swap changes a review no more than before, and few labels flip.
# One word among twenty: do not expect a disaster.

# %% [markdown]
# ## Measure forgetting in three ways
#
# The vectors were good for more than this task. What is left of that?
#
# - **Yardstick lost**: the rank correlation with people's ratings, before minus after.
# - **Neighbours lost**: how many of a word's ten nearest words are no longer among them, as a share;
#   the mean over 300 frequent words.
# - **Drift**: how far a row has moved, as a share of its own length; the mean over the trained rows.
#
# For all three, 0 means that nothing was forgotten. (A yardstick can also gain; then its loss is below 0.)

# %%
from lessons_lib.forgetting import drift, frequent_words, moved_vectors, neighbours_lost, yardstick

after_tuning = moved_vectors(vectors, table.words[: table.n_trained], tuned.table.detach().numpy())
for word in ("boring", "film", "hotel"):
    print(word, "before:", [w for w, _ in vectors.most_similar(word, topn=6)])
    print(" " * len(word), "after: ", [w for w, _ in after_tuning.most_similar(word, topn=6)])

# %%
queries = frequent_words(vectors)
lost = neighbours_lost(vectors, after_tuning, queries).mean()
trained = [word for word in table.words[: table.n_trained] if word in vectors.key_to_index]
rated = {word.lower() for word in word_pairs("wordsim353")[["word1", "word2"]].to_numpy().ravel()}
print(f"{len(rated & in_training) / len(rated):.0%} of WordSim's words occur in the training reviews")
print(f"WordSim lost {yardstick(vectors, 'wordsim353') - yardstick(after_tuning, 'wordsim353'):.3f}, neighbours lost "
      f"{lost:.1%}, drift {drift(vectors[trained], after_tuning[trained]).mean():.2f}")

# %% [markdown]
# The lists change by a word or two: forgetting begins gently.
# The yardstick hardly notices: most of its words do not occur in the reviews, and their rows cannot move.
# Neighbours and drift notice first. That is why one measure is not enough.
#
# (`tune` trains all its epochs. In the comparison that follows, the epoch with the lowest validation loss is kept,
# as in lesson 3, and less is forgotten.)

# %% [markdown]
# ## Compare five policies
#
# All five are settings of the loop above.
#
# - *Frozen*: the table does not move.
# - *Full*: it moves with the same learning rate as the layer behind it.
# - *Small rate*: table and layer are two **parameter groups** of the optimiser, and the table's rate is a tenth.
# - *Gradual*: **gradual unfreezing**; the layer learns first, the table joins in after five epochs.
# - *Pull*: a **pull towards the start** is added to the loss: a penalty on the squared distance from the loaded rows.

# %% tags=["compare"]
from dataclasses import asdict

from lessons_lib.fine_tuning import POLICIES

pd.DataFrame({name: asdict(policy) for name, policy in POLICIES.items()}).T

# %% [markdown]
# One line a policy, one column a knob; `table_share` is the `share` of the loop above.

# %% [markdown]
# Each policy was trained with several numbers of texts and five seeds, on three tasks:
#
# - *reviews*: as above, 100 to 1,000 of them;
# - *domains*: reviews of four domains (films, restaurants and so on), tested on those four and on four others;
# - *topics*: lesson 3's sentences and their topics, tested on the articles trained on and on other articles.
#
# These runs start from word2vec. They took some minutes, so they were recorded, by the code that you run below.

# %%
predict("06-policies", "With 1,000 reviews: how much of the accuracy that full tuning gains does the small rate keep?",
        ["less than a third", "one to two thirds", "more than two thirds"])

# %%
from lessons_lib.curves import mean_interval
from lessons_lib.tuning_record import recorded_policies

recorded = {task: recorded_policies(task) for task in ("reviews", "domains", "topics")}


def means(task, measure):
    """Mean over seeds of a measure: one row a policy, one column a size."""
    return recorded[task].pivot_table(index="policy", columns="size", values=measure).loc[list(POLICIES)]


def gain(task, measure, size, policy, other="frozen"):
    """How much higher a policy is than another one: mean and interval over paired seeds."""
    runs = recorded[task][recorded[task]["size"] == size].pivot(index="seed", columns="policy", values=measure)
    return mean_interval(runs[policy] - runs[other])

# %% [markdown]
# `gain` compares seed by seed: in each seed both policies met the same texts in the same order.

# %%
full_gain, small_gain = (gain("reviews", "ordinary", 1000, policy) for policy in ("full", "small rate"))
kept = small_gain.value / full_gain.value
reveal("06-policies", measured=f"full gains {full_gain}, the small rate {small_gain}: {kept:.0%} of it",
       right=1 + int(kept > 1 / 3) + int(kept > 2 / 3))

# %%
from lessons_lib import PALETTE

SIDES = {"right": ((7, 0), "left", "center"), "left": ((-7, 0), "right", "center"),
         "above": ((0, 4), "center", "bottom")}
places = {"reviews": ("above", "right", "left", "above", "above"),
          "topics": ("above", "right", "right", "right", "right")}


def label_policy(panel, task, policy, x, end, colour):
    """Write the name of a policy beside the end of its line, where no other line is."""
    shift, ha, va = SIDES[places[task][list(POLICIES).index(policy)]]
    panel.annotate(policy, (x, end.high if va == "bottom" else end.value), xytext=shift, ha=ha, va=va,
                   textcoords="offset points", color=colour, weight="bold")


# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 4.4))
for panel, (task, test) in zip(axes, {"reviews": "ordinary", "topics": "other articles"}.items(), strict=True):
    accuracy, forgotten = means(task, test), 100 * means(task, "neighbours_lost")
    for policy, colour in zip(POLICIES, PALETTE, strict=False):
        x, y = forgotten.loc[policy], accuracy.loc[policy]
        end = mean_interval(recorded[task].query("policy == @policy and size == @accuracy.columns[-1]")[test])
        panel.plot(x, y, "-o", color=colour, alpha=0.8)
        panel.plot([x.iloc[-1]] * 2, end[1:], color=colour, linewidth=1)
        label_policy(panel, task, policy, x.iloc[-1], end, colour)
    panel.set(title=f"{task}: {min(accuracy):,} to {max(accuracy):,} texts", xlabel="neighbours lost, per cent",
              xlim=(-0.14 * forgotten.max().max(), 1.2 * forgotten.max().max()))
axes[0].set(ylabel="accuracy on the test")
points = {task: [f"{policy} {means(task, test).loc[policy].iloc[-1]:.2f} for "
                 f"{means(task, 'neighbours_lost').loc[policy].iloc[-1]:.1%}" for policy in POLICIES]
          for task, test in {"reviews": "ordinary", "topics": "other articles"}.items()}
show(figure, alt="Accuracy against neighbours lost, a line a policy from few texts to many. At the end, reviews: "
                 + ", ".join(points["reviews"]) + "; topics: " + ", ".join(points["topics"]) + ".")

# %% [markdown]
# Each line runs from the smallest number of texts to the largest; the thin upright line at its end is the interval.
# The topics are tested on other articles. Up is better for the task; left is better for the vectors.

# %% [markdown]
# Frozen goes straight up. The others go up and to the right, and they differ in what they pay:
# on the reviews full tuning gains most and pays most; the pull keeps most of that gain for less than half of the price.
# With few reviews *gradual* is *frozen*: the best epoch comes before the table joins in.

# %% [markdown]
# On the topics full tuning arrives where frozen stands, and a quarter of the neighbours is gone.
#
# The next table holds all measures, means over five seeds, at the largest number of texts of each task.

# %%
largest = {"reviews": 1000, "domains": 480, "topics": 5400}
tests = {"reviews": "ordinary", "domains": "other domains", "topics": "other articles"}
columns = ["wordsim_lost", "simlex_lost", "neighbours_lost", "drift"]
pd.concat({task: recorded[task][recorded[task]["size"] == size].groupby("policy")[[tests[task], *columns]].mean()
           .loc[list(POLICIES)].rename(columns={tests[task]: "accuracy"}) for task, size in largest.items()}).round(3)

# %% [markdown]
# The yardsticks hardly notice, whatever the policy. Neighbours and drift do:
# full tuning forgets most in every task, the small rate about a third of that or less.
#
# Do not take the record on trust. Run a part of it with seeds that it never used:
# do the means of two runs fall into the prediction interval of the record (lesson 3)?
# To measure your own texts, hand over your texts, labels, tests and vectors.

# %%
from lessons_lib.fine_tuning import fine_tuning_policies
from lessons_lib.tuning_record import split_reviews

texts, text_labels, test_texts = split_reviews()
new_seeds = [100 + 2 * seed, 101 + 2 * seed]
start = load_vectors("word2vec")  # the record's vectors, whatever VECTORS says
live = fine_tuning_policies(texts, text_labels, test_texts, start, sizes=[100, 1000], seeds=new_seeds)
checked = live.groupby(["policy", "size"])[["ordinary", "neighbours_lost"]].mean()
inside = {}
for (policy, size), row in checked.iterrows():
    runs = recorded["reviews"].query("policy == @policy and size == @size")
    for measure in ("ordinary", "neighbours_lost"):
        expected = mean_interval(runs[measure], of_new_runs=2)
        inside[policy, size, measure] = expected.low - 1e-9 <= row[measure] <= expected.high + 1e-9
share_inside = np.mean(list(inside.values()))
print(f"{sum(inside.values())} of {len(inside)} live means lie inside;",
      "outside:", [key for key, fits in inside.items() if not fits])

# %% [markdown]
# Of a hundred means, about five may lie outside by chance alone. Many more would say that the record is wrong.

# %% [markdown]
# ## Leave the domain
#
# A model is rarely used where it was trained. Does what tuning learns travel?
#
# The record asks in three ways: from four domains of reviews (drawn anew for each seed) to the other four;
# from the sentences of some articles to those of others;
# and from the words of the training reviews to reviews whose telling word is not among them.

# %%
predict("06-articles", "Full tuning on 5,400 topic sentences: where does it gain two points in 100 over frozen?",
        ["on the same and on other articles", "on the same articles only", "on neither"])

# %%
places = {"same domains": ("domains", 480), "other domains": ("domains", 480), "unseen words": ("reviews", 1000),
          "same articles": ("topics", 5400), "other articles": ("topics", 5400)}
outside = pd.DataFrame({policy: {test: gain(task, test, size, policy) for test, (task, size) in places.items()}
                        for policy in POLICIES if policy != "frozen"})
near, far = outside["full"]["same articles"], outside["full"]["other articles"]
reveal("06-articles", measured=f"{near} on the same articles, {far} on other articles",
       right=1 if far.value >= 0.02 else 2 if near.value >= 0.02 else 3)
outside.map(str)

# %% [markdown]
# Gains over the frozen table, with intervals.
# In the reviews what tuning learns travels: *boring* is boring in every domain.
# (The test on the same domains is small, so its intervals are wide.)
#
# In the topics it does not travel. The gain on the same articles is large and is gone on others:
# what was learnt belongs to those articles, not to their topics.
# A validation part from the same source would have praised it.
#
# Where the telling word is unseen nothing is gained:
# its row did not move, and the words around it have become louder.

# %% [markdown]
# ## Catch rows that move without a gradient
#
# "Rows without a gradient stay": true of *SGD*, PyTorch's name for the plainest optimiser, and not of all.
#
# **Weight decay** shrinks all parameters a little at each step.
# **Momentum** keeps pushing a row in the direction of its earlier gradients.
#
# *Adam*, which you have used so far, has momentum, and brings all gradients to steps of about the same size.
# *AdamW* is Adam with a weight decay of its own.
# A **sparse gradient** holds only the rows of the batch, so that an optimiser that supports it touches no other.

# %%
predict("06-idle", "One epoch with AdamW and PyTorch's default settings: how many rows of words "
        "that occur in no training review have moved?", ["none", "about half", "all"])

# %%
def watch(make_optimiser, sparse=False):
    """Train the whole table for an epoch; return what happened to rows that had no gradient."""
    torch.manual_seed(seed)
    start = torch.tensor(table.matrix)
    bag = torch.nn.EmbeddingBag.from_pretrained(start.clone(), freeze=False, mode="mean", padding_idx=0, sparse=sparse)
    layer = torch.nn.Linear(vectors.vector_size, 2)
    optimiser, for_layer = make_optimiser(bag.parameters()), torch.optim.Adam(layer.parameters(), lr=0.01)
    absent = []
    for batch in np.array_split(training, 25):
        rows, previous = torch.tensor(rows_of_texts[batch]), bag.weight.detach().clone()
        optimiser.zero_grad(), for_layer.zero_grad()
        cross_entropy(layer(bag(rows)), torch.tensor(labels[batch])).backward()
        optimiser.step(), for_layer.step()
        moved = (bag.weight.detach() != previous).any(dim=1)
        moved[rows.unique()] = False
        absent.append(moved[: table.n_trained].sum().item())
    rest, before = bag.weight.detach()[table.n_trained:], start[table.n_trained:]
    return {"never in a text, moved": (rest != before).any(dim=1).sum().item(), "of": len(rest),
            "their length, share left": float(rest.norm(dim=1).mean() / before.norm(dim=1).mean()),
            "not in the batch, moved (a step)": np.mean(absent)}

# %% [markdown]
# The columns: how many rows of words that no text has have moved, of how many; how long these rows still are,
# 1 for as long as before; and how many rows of training words moved in a step although their word was not in the batch.

# %%
from functools import partial

optimisers = {
    "Adam": partial(torch.optim.Adam, lr=0.01),
    "Adam, weight_decay=0.01": partial(torch.optim.Adam, lr=0.01, weight_decay=0.01),
    "AdamW, as it comes": partial(torch.optim.AdamW, lr=0.01),
    "AdamW, weight_decay=0": partial(torch.optim.AdamW, lr=0.01, weight_decay=0),
    "SGD": partial(torch.optim.SGD, lr=0.5),
    "SGD, momentum=0.9": partial(torch.optim.SGD, lr=0.5, momentum=0.9),
}
watched = {name: watch(optimiser) for name, optimiser in optimisers.items()}
watched["SparseAdam, sparse gradient"] = watch(lambda rows: torch.optim.SparseAdam(list(rows), lr=0.01), sparse=True)
traps = pd.DataFrame(watched).T
traps.round(3)

# %%
idle = {name: row["never in a text, moved"] / row["of"] for name, row in watched.items()}
reveal("06-idle", measured=f"{idle['AdamW, as it comes']:.1%} with AdamW, {idle['Adam']:.1%} with Adam",
       right=1 + int(idle["AdamW, as it comes"] > 0.25) + int(idle["AdamW, as it comes"] > 0.75))

# %% [markdown]
# Three traps, in order of damage.
#
# - Weight decay inside Adam: the decay counts as a gradient, Adam scales every gradient up to full steps,
#   and rows that nobody trained lose more than a third of their length in one epoch.
# - AdamW decays on purpose, and its default is not zero. All rows shrink, slowly.
# - Momentum (Adam has it, too) moves rows of earlier batches.
#   They are words of the task, so this one is mostly harmless.
#
# **The repair.** Give the table a parameter group with `weight_decay=0`, or use sparse gradients.

# %%
def groups(parameters):
    return torch.optim.AdamW([{"params": parameters, "weight_decay": 0.0}], lr=0.01)


repaired = watch(groups)
assert repaired["never in a text, moved"] == 0, "rows without any gradient have moved: look at weight_decay"
pd.Series(repaired).round(3)

# %% [markdown]
# No row that a text lacks has moved. Momentum still moves rows of earlier batches, as in Adam.
# The assertion is worth keeping in your own code: compare the rows that no text has, before and after.

# %% [markdown]
# ## Under the hood
#
# First the vote: is the score really the mean vote plus a constant?
# Then the gradient of one row. A text of $n$ words in a batch of $B$ hands the row of each of its words
# the same number for each dimension: (probability minus label) times weights, divided by spread, by $n$ and by $B$.
# The probabilities are the scores turned into shares that add up to 1 (a *softmax*).

# %%
model = tune(share=0, epochs=3)
model.table.requires_grad_(True)
model.train()
texts, targets = torch.tensor(rows_of_texts[training[:32]]), torch.tensor(labels[training[:32]])
cross_entropy(model(texts), targets).backward()

with torch.no_grad():
    errors = model(texts).softmax(dim=1) - torch.eye(2)[targets]  # probability minus label, (32, 2)
    for_each_text = errors @ model.head[0].weight / model.spread / (texts != 0).sum(dim=1, keepdim=True) / len(texts)
    by_hand = torch.zeros_like(model.table)  # each word of a text adds the text's numbers to its own row
    by_hand.index_add_(0, texts.flatten(), for_each_text.repeat_interleave(texts.shape[1], dim=0))
by_hand[0] = 0  # padding
hand_error = float((by_hand - model.table.grad).abs().max())
bias = model.head[0].bias[1] - model.head[0].bias[0]
vote_error = max(abs(votes(model, text).mean() + bias.item() - score(model.eval(), [text])[0])
                 for text in words[validation[:10]] if all(word in table.row_of for word in text))
print(f"largest difference from autograd: {hand_error:.1e} (largest gradient {model.table.grad.abs().max():.1e})")
print(f"largest difference between score and mean vote: {vote_error:.1e}")

# %% [markdown]
# Then momentum. Adam remembers a mean $m$ of the gradients and a mean $v$ of their squares.
# A row with gradient $g$ at the first step and none at the second still moves at the second:
# $m$ has shrunk to nine tenths and is not zero.
# (Both means begin at zero and are too small at first; the divisors in the code make up for it.)

# %%
row, g = torch.nn.Parameter(torch.zeros(3)), torch.tensor([1.0, -2.0, 0.5])
adam = torch.optim.Adam([row], lr=0.01)
for gradient in (g, torch.zeros(3)):
    before_step = row.detach().clone()
    row.grad = gradient
    adam.step()

m, v = 0.9 * (0.1 * g), 0.999 * (0.001 * g**2)  # after the second step
second_step = -0.01 * (m / (1 - 0.9**2)) / ((v / (1 - 0.999**2)).sqrt() + 1e-8)
momentum_error = float((row.detach() - before_step - second_step).abs().max())
print("moved without a gradient by", (row.detach() - before_step).numpy().round(4))
print("by hand:                   ", second_step.numpy().round(4))

# %% [markdown]
# ## Myth: pre-trained vectors always improve accuracy
#
# Vectors were trained to know *in whose company a word stands*. Does every label depend on that?
# Three small tasks about single words, with test words that were never trained on:
# is it a plural, is it longer than seven letters, does it begin with one of the letters a to l?
#
# The rivals: random rows, and a model that counts groups of one to three letters and has no vectors.

# %%
predict("06-myth", "Accuracy of pre-trained vectors on the first letter (chance is about one half)?",
        ["below 0.6", "0.6 to 0.8", "above 0.8"])

# %%
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from lessons_lib.curves import learning_curve

frequent = [word for word in vectors.index_to_key[500:20_000] if word.isalpha() and len(word) >= 3]
known = set(frequent)
singular = [word for word in frequent if word + "s" in known and word[-1] != "s"]
forms = {"plural": (singular + [word + "s" for word in singular], lambda word: word[-1] == "s"),
         "more than 7 letters": (frequent, lambda word: len(word) > 7),
         "first letter a to l": (frequent, lambda word: word[0] < "m")}


def halves(pool, label):
    """1,200 words to learn from and 1,000 others to test on."""
    drawn = np.random.default_rng(seed).choice(pool, 2200, replace=False)
    return [([[str(word)] for word in part], [label(word) for word in part]) for part in (drawn[:1200], drawn[1200:])]

# %%
rows = []
for name, (pool, label) in forms.items():
    learn, test = halves(pool, label)
    runs = learning_curve(learn, test, vectors, [800], seeds=[seed, seed + 1, seed + 2], rates=[0.01], epochs=20,
                          arms=["pretrained frozen", "random frozen"]).groupby("arm").accuracy.mean()
    letters = make_pipeline(CountVectorizer(analyzer="char", ngram_range=(1, 3)), LogisticRegression(max_iter=500))
    spelt = [["^" + word[0] + "$" for word in part[0]] for part in (learn, test)]
    rows.append({"task": name, **runs, "letters": letters.fit(spelt[0], learn[1]).score(spelt[1], test[1])})
of_form = pd.DataFrame(rows).set_index("task")
first_letter = of_form.loc["first letter a to l"]
by_vectors, by_letters = first_letter["pretrained frozen"], first_letter["letters"]
reveal("06-myth", measured=f"{by_vectors:.2f}; counting letters reaches {by_letters:.2f}",
       right=1 + int(by_vectors > 0.6) + int(by_vectors > 0.8))
of_form.round(3)

# %% [markdown]
# Plurals keep a company of their own, so vectors know them. Length is half known:
# perhaps since long words are rarer and belong to other subjects.
# The first letter is nobody's company: vectors are as good as tossing a coin,
# and a model that counts letters needs no vectors at all.
#
# And tasks about texts? Three were recorded from word2vec with 1,000 training texts and five seeds each:
# reviews, topics, and *documentation*: which library does a sentence of its documentation come from?

# %%
from lessons_lib.tuning_record import recorded_gains

of_texts = recorded_gains().pivot(index=["task", "seed"], columns="arm", values="accuracy")
compared = {"over random rows, frozen": of_texts["pretrained frozen"] - of_texts["random frozen"],
            "over random rows, tuned": of_texts["pretrained tuned"] - of_texts["random tuned"],
            "over TF-IDF, frozen": of_texts["pretrained frozen"] - of_texts["TF-IDF"],
            "over TF-IDF, tuned": of_texts["pretrained tuned"] - of_texts["TF-IDF"]}
gains_of_texts = pd.DataFrame({name: {task: mean_interval(own) for task, own in values.groupby("task")}
                               for name, values in compared.items()}).T

# %%
figure, axes = plt.subplots(figsize=(8, 3.9))
for place, (task, colour) in enumerate(zip(gains_of_texts, PALETTE, strict=False)):
    for line, found in enumerate(gains_of_texts[task]):
        y = -line - 0.2 * (place - 1)
        axes.plot([found.low * 100, found.high * 100], [y, y], color=colour)
        axes.plot(found.value * 100, y, "osD"[place], color=colour)
    label_end(axes, 100 * gains_of_texts[task].iloc[0].high, 0.2 * (1 - place), task, colour)
axes.axvline(0, color="#767676", linewidth=1)
axes.set(yticks=range(0, -4, -1), yticklabels=list(gains_of_texts.index), xlabel="gain in accuracy, points in 100",
         title="What pre-trained vectors gain, by task and rival", xlim=(-9, 49))
points = gains_of_texts.map(lambda found: 100 * found.value).round(1)
show(figure, alt="Gain of pre-trained vectors in points, over " + " / ".join(rival[5:] for rival in points.index) + ": "
     + "; ".join(f"{task} {', '.join(map(str, points[task]))}" for task in points) + ".")

# %% [markdown]
# **Verdict.** Not always. Left of the line they cost accuracy.
# On reviews and documentation a frozen table loses to TF-IDF: a few telling words decide, and the mean blurs them.
# Tuned, it draws level or wins by little. Topics are the company of words, and there vectors win by far.
#
# Ask of your label: does it depend on the company that words keep?
# Then measure against a rival without vectors, and not only against random rows: these they beat in all three tasks.

# %% [markdown]
# ## Connection: catastrophic forgetting
#
# In 1989 McCloskey and Cohen taught a network the additions with one (1 + 1 to 9 + 1), then those with two.
# Children learn the second table and keep the first. The network lost it within a few rounds:
# **catastrophic forgetting**. Here is their experiment: each number has a row in an embedding table.

# %%
predict("06-addition", "After it has learnt the additions with two, how many of those with one are still right?",
        ["nearly all", "about half or more", "less than half"])

# %%
def learn_sums(run_seed, rehearse=False, pull=0.0, steps=60):
    """Learn the ones, then the twos; return the share of the ones that are right after each step of the twos."""
    torch.manual_seed(run_seed)
    ones = [(1, b) for b in range(1, 10)] + [(a, 1) for a in range(2, 10)]
    twos = [(2, b) for b in range(2, 10)] + [(a, 2) for a in range(3, 10)]
    net = torch.nn.Sequential(torch.nn.Embedding(10, 16), torch.nn.Flatten(), torch.nn.Linear(32, 50), torch.nn.ReLU(),
                              torch.nn.Linear(50, 19))
    right = []
    for sums in (ones, ones + twos if rehearse else twos):
        start = [p.detach().clone() for p in net.parameters()]
        optimiser, facts = torch.optim.Adam(net.parameters(), lr=0.01), torch.tensor(sums)
        for _ in range(steps):
            loss = cross_entropy(net(facts), facts.sum(dim=1))
            if pull:
                loss = loss + pull * sum(((p - s) ** 2).sum() for p, s in zip(net.parameters(), start, strict=True))
            optimiser.zero_grad(), loss.backward(), optimiser.step()
            answers = net(torch.tensor(ones + twos)).argmax(dim=1) == torch.tensor(ones + twos).sum(dim=1)
            right.append((answers[: len(ones)].float().mean().item(), answers[len(ones):].float().mean().item()))
    return np.array(right[steps - 1 :])

# %%
ways = {"twos only": {}, "pull towards the start": {"pull": 0.1}, "ones rehearsed": {"rehearse": True}}
curves = {name: np.array([learn_sums(10 * seed + run, **way) for run in range(5)]) for name, way in ways.items()}
figure, axes = plt.subplots(figsize=(7.5, 3.8))
for (name, curve), colour in zip(curves.items(), PALETTE, strict=False):
    axes.plot(curve[:, :, 0].mean(axis=0), color=colour)
    label_end(axes, 60, curve[:, -1, 0].mean(), name, colour)
axes.plot(curves["twos only"][:, :, 1].mean(axis=0), color="#767676", linestyle="--")
axes.text(25, 0.93, "the twos themselves", color="#767676", va="top")
axes.set(title="What is left of the ones", xlabel="steps of learning the twos", ylabel="share right", xlim=(0, 88),
         xticks=range(0, 61, 10), ylim=(-0.03, 1.06))
left = {name: mean_interval(curve[:, -1, 0]) for name, curve in curves.items()}
show(figure, alt="Share of the ones still right after learning the twos, mean of five networks: "
                 + ", ".join(f"{name} {found.value:.2f}" for name, found in left.items()) + ".")
reveal("06-addition", measured="; ".join(f"{name} {found}" for name, found in left.items()),
       right=1 + int(left["twos only"].value < 0.9) + int(left["twos only"].value < 0.5))

# %% [markdown]
# All facts share the rows of their numbers and all weights, so new ones write over old ones.
# **Rehearsal** (old examples among the new ones) keeps the ones; the pull keeps part of them.
#
# The pull says: "I believe the start, unless the data insist." A statistician calls such a belief a *prior*.
#
# Why was the forgetting in the reviews so mild? A table has thousands of rows and each moves for its own words only.

# %% [markdown]
# ## Pitfall: fine-tuning too hard
#
# Somebody gives the table a large learning rate, a tenth, and reads nothing but the training accuracy.
# Beside it, a careful run: three thousandths. The layer behind the table learns at one hundredth in both.

# %%
from lessons_lib.fine_tuning import Policy, fine_tune

histories = {}
for name, table_rate in {"too hard": 0.1, "careful": 0.003}.items():
    _, fit = fine_tune(table, *parts, Policy(table_share=table_rate / 0.01), n_labels=2, epochs=15, seed=seed)
    histories[name] = fit.history

figure, axes = plt.subplots(1, 2, figsize=(10, 3.9))
for panel, measure in zip(axes, ("accuracy", "loss"), strict=True):
    for (name, history), colour in zip(histories.items(), (PALETTE[1], PALETTE[0]), strict=True):
        for part, style in (("train", "--"), ("validation", "-")):
            curve = history[f"{part}_{measure}"]
            panel.plot(curve, style, color=colour)
            if part == "validation":
                label_end(panel, 15, curve.iloc[-1], f"{name}, validation", colour)
    label_end(panel, 15, histories["careful"][f"train_{measure}"].iloc[-1], "both, training", "#767676")
    panel.set(title=measure, xlabel="epoch", xlim=(1, 24), xticks=[1, 5, 10, 15])
ends = {name: history.iloc[-1] for name, history in histories.items()}
show(figure, alt="Training and validation by epoch. " + "; ".join(
    f"{name}: training accuracy {end.train_accuracy:.2f}, validation accuracy {end.validation_accuracy:.2f}, "
    f"validation loss {end.validation_loss:.1f} at the end" for name, end in ends.items()) + ".")

# %% [markdown]
# Training accuracy is perfect in both and tells nothing.
# The validation loss turns upwards early, and for the hard run it shoots up: the model is wrong, and sure of it.
#
# Where does "too hard" begin? Sweep the learning rate of the table: eight epochs, two seeds, and the last epoch counts.
# Look for two borders: the highest rate that keeps the accuracy within two points in 100 of the best,
# and the highest that loses at most a twentieth of the neighbours.

# %%
predict("06-sweep", "The learning rate of the table rises. Which border comes first?",
        ["that of the accuracy", "that of the neighbours", "both at the same rate"])

# %%
from lessons_lib.forgetting import Ruler

ruler, swept = Ruler(vectors), []
for table_rate in (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0):
    for run in (0, 1):
        rows_by_epoch = []
        _, fit = fine_tune(table, *parts, Policy(table_rate / 0.01), n_labels=2, epochs=8, seed=2 * seed + run,
                           after_epoch=lambda model, _, kept=rows_by_epoch: kept.append(model.table.detach().clone()))
        final = fit.history.iloc[-1]
        swept.append({"rate": table_rate, "validation": final.validation_accuracy, "loss": final.validation_loss,
                      **ruler.measure(table.words[: table.n_trained], rows_by_epoch[-1].numpy())})
sweep = pd.DataFrame(swept).groupby("rate").mean()
sweep.round(3)

# %%
border_accuracy = sweep.index[sweep.validation >= sweep.validation.max() - 0.02].max()
border_forgetting = sweep.index[sweep.neighbours_lost <= 0.05].max()
figure, axes = plt.subplots(figsize=(7.5, 4))
names = {"validation": "accuracy", "neighbours_lost": "neighbours lost", "wordsim_lost": "WordSim lost"}
for (measure, label), colour in zip(names.items(), PALETTE, strict=False):
    axes.plot(sweep.index, sweep[measure], "-o", color=colour)
    label_end(axes, 1.0, sweep[measure].iloc[-1], label, colour)
axes.axvspan(border_forgetting, border_accuracy, color="#E5E5E5")
axes.set(xscale="log", xlim=(8e-5, 12), ylim=(-0.05, 1), xlabel="learning rate of the table",
         title="Grey: as accurate as ever, and already forgetting")
show(figure, alt="Sweep of the table's learning rate: accuracy stays within two points of the best "
                 f"up to {border_accuracy:g}, and a twentieth of the neighbours is lost above {border_forgetting:g}.")
reveal("06-sweep", measured=f"accuracy holds up to {border_accuracy:g}, the neighbours up to {border_forgetting:g}",
       right=2 if border_forgetting < border_accuracy else 1 if border_accuracy < border_forgetting else 3)

# %% [markdown]
# In the table, *validation* is the accuracy. The yardstick falls last and deepest;
# *neighbours_lost* levels off, for a word without a trained row keeps its neighbours without one.

# %% [markdown]
# **Root cause.** The training loss has no term for what the vectors knew, and validation texts come from the same task:
# neither can warn you of forgetting.
#
# **Right code.** A separate, smaller rate for the table, early stopping by validation *loss*,
# and a look at the neighbours before the vectors are used for anything else.
# At the left end of the grey zone the accuracy is the same and nearly all neighbours are still there.

# %% [markdown]
# ## In practice: freeze or tune
#
# A rule made of this lesson's own numbers.
# A policy counts if the whole interval of its gain over frozen lies above zero. If none does: freeze.
# Of those that count, leave out what is clearly less accurate than the best one,
# and take the one that forgets least.

# %%
def decide(task, test, size):
    """Return the rule's choice for a task and size, with the numbers behind it."""
    gains = {policy: gain(task, test, size, policy) for policy in POLICIES if policy != "frozen"}
    sure = [policy for policy in gains if gains[policy].low > 0]
    best = max(sure, key=lambda policy: gains[policy].value, default="frozen")
    as_good = [policy for policy in sure if policy == best or gain(task, test, size, policy, best).high >= 0]
    forgets = means(task, "neighbours_lost")[size]
    choice = min(as_good, key=lambda policy: forgets[policy], default="frozen")
    return {"task": task, "texts": size, "gain of full": gains["full"], "neighbours full loses": forgets["full"],
            "choice": choice, "gain of the choice": gains.get(choice, "-"), "neighbours it loses": forgets[choice]}


decisions = pd.DataFrame([decide(task, test, size) for task, test in tests.items() for size in means(task, "drift")])
shown = decisions.astype({"gain of full": str, "gain of the choice": str})
shown.style.format(precision=3).hide(axis="index")

# %% [markdown]
# On topics the rule freezes at every size. On reviews it freezes at the smallest size and tunes from there on;
# at the largest, full tuning is so clearly the most accurate that no gentler policy is left beside it.
# Five seeds are few: near the border the choice may change with other five.

# %% [markdown]
# The direction is plain:
#
# - **Few texts:** freeze. There is little to gain that the interval does not swallow, and on topics full tuning lost.
# - **More texts:** tune if a test *from elsewhere* shows a gain, as gently as the accuracy allows, and stop early.
# - **Vectors shared between tasks:** freeze, or keep a copy for each task.
# - **Words at test time that training lacks:** tuning does not help them.
#
# And without texts for a validation part do not tune at all: nothing would tell you when to stop.

# %% [markdown]
# ## Claims
#
# The headline statements of this lesson, checked against what was just measured.

# %%
claim("Only the words of the batch get a gradient (1: yes)", same_rows, at_least=1)
claim("Rows of words outside the training reviews that tuning moved", moved_unseen, at_most=0)
claim("After tuning, the votes of unseen words follow their seen synonyms less (difference of rank correlations)",
      before.value - after.value, at_least=0.15)
claim("In a review, an unseen synonym carries less of the seen word's vote after tuning (difference of shares)",
      carried["frozen table"].value - carried["tuned table"].value, at_least=0.3)
relative = swap_table["change / spread"]
claim("In proportion to all scores, a swap changes a tuned model's score no more (tuned / frozen)",
      relative["tuned table"] / relative["frozen table"], at_most=1.2)
claim("Gradients of rows by hand are autograd's (largest difference)", hand_error, at_most=1e-6)
claim("Adam's second step without a gradient is as computed by hand (largest difference)", momentum_error, at_most=1e-6)

# %%
claim("With 1,000 reviews tuning raises accuracy over a frozen table", full_gain, at_least=0.03)
forgets = means("reviews", "neighbours_lost")[1000]
claim("The small rate keeps part of full tuning's gain (share)", kept, at_least=0.4)
claim("The small rate loses fewer neighbours than full tuning (ratio)",
      forgets["small rate"] / forgets["full"], at_most=0.5)
pull_gain = gain("reviews", "ordinary", 1000, "pull")
claim("The pull keeps most of full tuning's gain (share)", pull_gain.value / full_gain.value, at_least=0.65)
claim("The pull loses fewer neighbours than full tuning (ratio)", forgets["pull"] / forgets["full"], at_most=0.5)
claim("Live runs with new seeds fall inside the recorded prediction intervals (share)", share_inside, at_least=0.7)
claim("Tuning gains nothing on words that training lacks", outside["full"]["unseen words"], at_most=0.01)
claim("Tuning on topics gains on the articles that it was trained on", near, at_least=0.04)
claim("Tuning on topics gains next to nothing on other articles", far, at_most=0.02)

# %%
claim("AdamW as it comes moves all rows that never occur (share)", idle["AdamW, as it comes"], at_least=0.99)
claim("Adam without weight decay moves none of the rows that never occur (share)", idle["Adam"], at_most=0)
claim("Weight decay inside Adam shrinks rows that never occur within an epoch (share of length left)",
      watched["Adam, weight_decay=0.01"]["their length, share left"], at_most=0.6)
claim("Adam moves hundreds of rows a step that are not in the batch",
      watched["Adam"]["not in the batch, moved (a step)"], at_least=500)
claim("Sparse gradients move no row that is not in the batch",
      watched["SparseAdam, sparse gradient"]["not in the batch, moved (a step)"],
      at_most=0)

# %%
claim("Pre-trained vectors do not know the first letter", first_letter["pretrained frozen"], at_most=0.6)
claim("On documentation, frozen vectors lose to TF-IDF", gains_of_texts["documentation"]["over TF-IDF, frozen"],
      at_most=-0.01)
claim("A network that learns the twos forgets most of the ones", left["twos only"], at_most=0.5)
claim("Rehearsal keeps the ones", left["ones rehearsed"], at_least=0.95)
claim("Validation loss of the hard run, at the end, against the careful one",
      ends["too hard"].validation_loss / ends["careful"].validation_loss, at_least=1.3)
claim("Neighbours are lost at smaller learning rates than accuracy (ratio of the borders)",
      border_accuracy / border_forgetting, at_least=3)

# %% [markdown]
# ## Takeaways
#
# - Tuning moves the rows of the training words. All other rows stay, and so synonyms part.
# - With few labelled texts freeze. With more, tune as gently as the accuracy allows, stop early,
#   and test on texts from elsewhere.
# - Forgetting does not show in the loss. Look at neighbours, a yardstick and drift.
# - Weight decay moves rows that no text has. Give the table a parameter group with none.
# - Vectors help where a label depends on the company of words, and not otherwise.

# %%
from lessons_lib import flash_cards

flash_cards("06")

# %% [markdown]
# Ask yourself before you open a card. Then the quiz.

# %%
quiz("06")

# %% [markdown]
# ## Where to read more
#
# - McCloskey and Cohen (1989), *Catastrophic interference in connectionist networks*: the additions, in the original.
# - Howard and Ruder (2018), *Universal language model fine-tuning*: gradual unfreezing and rates by layer, and why.
# - Li, Grandvalet and Davoine (2018), *Explicit inductive bias for transfer learning*: the pull towards the start.
# - Loshchilov and Hutter (2019), *Decoupled weight decay regularization*: what Adam does with weight decay.
# - Kirkpatrick and others (2017), *Overcoming catastrophic forgetting in neural networks*:
#   a pull with a weight of its own for each number.
#
# All this time one word had one row, whatever its sentence said.
# The last lesson gives every occurrence a vector of its own.
