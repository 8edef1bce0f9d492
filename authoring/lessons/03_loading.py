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
# # Load pre-trained embeddings into a model
#
# In this lesson you put trained word vectors into a text classifier,
# prove that every row stands where it should,
# and measure what the vectors bring, with 20 labelled texts and with thousands.
#
# **You will be able to**
#
# - say how much of your text has a vector before you train anything;
# - turn texts into rows of an embedding table, and catch the mistake that raises no error;
# - compare pre-trained vectors with a start from scratch, fairly and with intervals;
# - say when they help, when they do not, and why.
#
# **You need** lessons 1 and 2; from lesson 1 the lookup and the interval, from lesson 2 how vectors are trained.
# The networks are written in PyTorch; comments say what its lines do.
#
# **Time** about 70 minutes to read and try, about a minute to compute.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch

from lessons_lib import claim, label_end, load_vectors, predict, quiz, reveal, setup, show, tokenise

seed = setup("03")

# %% [markdown]
# ## Meet the task
#
# You have vectors; lesson 2 trained some. How do they get into a model, and is it worth it?
#
# The task: short reviews of films, books, gadgets..., each with a **label**, positive or negative.
# A **classifier** learns from labelled texts and then gives labels to new ones.
# The texts that it learns from are the training part; the test part is only for judging.
# **Accuracy** is the share of test texts that get the right label.

# %%
from lessons_lib.texts import reviews

# the vectors of lesson 1; another bundled or fetched name will do, but the recorded curves remain those of word2vec
VECTORS = "word2vec"
vectors = load_vectors(VECTORS)
table = reviews()
train_reviews, test_reviews = (table[table.split == part].reset_index(drop=True) for part in ("train", "test"))
unseen = test_reviews.unseen.to_numpy()  # reviews that we keep apart until later
print(f"{len(train_reviews):,} reviews to train on, {len(test_reviews)} to test, {unseen.sum()} of these flagged")
pd.set_option("display.max_colwidth", None)  # show whole texts
train_reviews[["text", "label"]].sample(4, random_state=seed)

# %% [markdown]
# Half of the reviews are positive in every part, so guessing is right every second time.
# The flagged test reviews say what they think in words that no training review has; they get a section of their own.

# %% [markdown]
# ## Count before you train
#
# The vectors know 30,000 words. Nobody asked your texts.
# **Coverage** is the share of the words that have a vector,
# counted over the running words, or over the different words.

# %%
predict("03-coverage", "Which share of the different words of the reviews has a vector?",
        ["less than 80 %", "80 to 95 %", "more than 95 %"])

# %%
from lessons_lib import coverage, plot_coverage

report = coverage(vectors, table.text)
reveal("03-coverage", measured=f"{report.types:.1%} of the different words, {report.tokens:.1%} of the running words",
       right=1 + int(report.types >= 0.8) + int(report.types > 0.95))
show(plot_coverage(report), alt=f"Coverage of the reviews: {report.tokens:.1%} of the running words have a vector, "
                                f"and {report.types:.1%} of the different words; rare words lack one most often.")

# %% [markdown]
# Left: words that occur once in the reviews lack a vector most often.
# Right: the same reviews with their words as they are written, where *The* and *the* are two words.
# Capitals cost most; the course's `tokenise` takes them away before you count.
# The share hides which words are missing. The list does not; read it.

# %%
report.missing.head(12).to_frame("times in the reviews").T

# %% [markdown]
# Nearly all running words are covered, and the list is still bad news: *delicious*, *overpriced*, *buggy*, *annoying*.
# An old encyclopaedia hardly uses them, and they are what a review hangs on.
# Is that an accident? Of the training reviews with a word, take the share with the more frequent label:
# a half if the word takes no side, 1 if it stands on one side only.
# A rare word looks more one-sided by chance alone,
# so each word without a vector is compared with the words that have one and are in as many reviews.

# %%
from lessons_lib import bootstrap

pairs = [(word, label == "positive") for text, label in zip(train_reviews.text, train_reviews.label, strict=True)
         for word in set(tokenise(text))]
sides = pd.DataFrame(pairs, columns=["word", "positive"]).groupby("word").positive.agg(["size", "mean"])
sides = sides.query("4 <= size <= 20")
sides["one side"] = np.maximum(sides["mean"], 1 - sides["mean"])
known = np.array([word in vectors for word in sides.index])
usual = sides[known].groupby("size")["one side"].mean()  # by number of reviews, for words with a vector
missing = sides[~known].assign(usual=lambda own: own["size"].map(usual)).dropna()
one_sided = bootstrap(lambda own, others: (own - others).mean(), missing["one side"], missing["usual"], seed=seed)
print(f"{len(missing)} words without a vector: {missing['one side'].mean():.2f} on one side; "
      f"as frequent words with one: {missing['usual'].mean():.2f}; difference {one_sided}")

# %% [markdown]
# The words without a vector take sides more than others, and the interval stays above zero.
# Three words in a hundred are missing, and they are not any three:
# that is why you read the list and do not stop at the share.

# %% [markdown]
# ## Begin with something cheap
#
# A network is worth its trouble if it beats what takes two lines.
# **TF-IDF** describes a text by its words and pairs of words: how often each one occurs,
# weighed down if it is in many texts.
# No vectors are involved. The second way is the mean of the vectors of a text's words.
#
# On top of both goes **logistic regression**: one weight for each number, trained so that the weighted sum is high for
# positive texts and low for negative ones.

# %%
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def mean_vector(text):
    """Mean of the vectors of the known words of a text."""
    return np.mean([vectors[word] for word in tokenise(text) if word in vectors], axis=0)


def mean_vectors(texts):
    return np.stack([mean_vector(text) for text in texts])


# %% [markdown]
# Logistic regression has one setting, `C`: how large its weights may grow. Large ones can learn single texts by heart.
# To be fair to both ways, try four settings on the training reviews:
# train on four fifths, judge the fifth that was left aside, each fifth in turn.

# %%
def tried(features):
    """Put logistic regression on top of features; fitting tries four strengths and keeps the best."""
    strengths = {"logisticregression__C": [0.01, 0.1, 1, 10]}
    return GridSearchCV(make_pipeline(features, LogisticRegression(max_iter=500)), strengths, scoring="neg_log_loss")


count_words = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True)
by_words, by_means = tried(count_words), tried(StandardScaler())  # the second brings all numbers to one spread
by_words.fit(train_reviews.text, train_reviews.label)
by_means.fit(mean_vectors(train_reviews.text), train_reviews.label)
print("kept for TF-IDF:", by_words.best_params_, " for mean vectors:", by_means.best_params_)
right = pd.DataFrame({"TF-IDF": by_words.predict(test_reviews.text) == test_reviews.label,
                      "mean vector": by_means.predict(mean_vectors(test_reviews.text)) == test_reviews.label})

# %%
predict("03-baselines", "All training reviews, ordinary test reviews: which of the two is right more often?",
        ["TF-IDF, by at least 3 points in 100", "neither by so much", "mean vector, by at least 3 points in 100"])

# %%
ordinary = right[~unseen].astype(float)
lead = bootstrap(lambda a, b: (a - b).mean(), ordinary["TF-IDF"], ordinary["mean vector"], seed=seed)
reveal("03-baselines", measured=f"TF-IDF {ordinary['TF-IDF'].mean():.3f}, mean vector "
                                f"{ordinary['mean vector'].mean():.3f}, difference {lead}",
       right=2 - int(lead.value >= 0.03) + int(lead.value <= -0.03))

# %% [markdown]
# Counting words is ahead, if not for certain: the interval of the difference begins about zero,
# for the test reviews are few. In any case, the pre-trained vectors have brought nothing yet.
# Whatever you build now stands beside these two numbers.

# %% [markdown]
# ## Give every word a row
#
# A network wants numbers in rectangles.
# Each word becomes the number of its row in the embedding table, and each text a line of such numbers.
# Two rows are special:
#
# - Row 0 is **padding**: it fills short texts up to the length of the longest, and must count for nothing.
# - Row 1 is the **unknown row**: it stands for every word without a row of its own.

# %% tags=["compare"]
PADDING, UNKNOWN = 0, 1
small = ["<padding>", "<unknown>", "a", "good", "bad", "film"]
row_of = {word: row for row, word in enumerate(small)}
texts = ["A good film.", "Bad.", "A bad bad remake"]
lines = [[row_of.get(word, UNKNOWN) for word in tokenise(text)] for text in texts]
longest = max(len(line) for line in lines)
indices = np.array([line + [PADDING] * (longest - len(line)) for line in lines])
print(indices)

# %% [markdown]
# *Remake* is not in the list and became a 1; the short texts end in zeros.
#
# Now the real table. The words of all reviews that have a vector get a row, behind the two special ones.
# Row 0 stays zero, and row 1 gets the mean of all rows: a word of which nothing is known is an average word.

# %%
spoken = dict.fromkeys(word for text in table.text for word in tokenise(text))  # every word once, in order
words = ["<padding>", "<unknown>"] + [word for word in spoken if word in vectors]
matrix = np.zeros((len(words), vectors.vector_size), dtype=np.float32)
matrix[2:] = vectors[words[2:]]
matrix[UNKNOWN] = matrix[2:].mean(axis=0)

for row, word in enumerate(words[2:], start=2):
    assert np.array_equal(matrix[row], vectors[word]), f"row {row} is not the vector of {word!r}"
print(f"{len(words):,} rows of {vectors.vector_size} numbers, each the vector of its word")

# %% [markdown]
# The loop at the end looks superfluous. Keep it: you will see what it is for.

# %% [markdown]
# ## Build the model
#
# The model looks the rows of a text up, takes their mean without the padding,
# and weighs the numbers of the mean: one weighted sum a label.
#
# The table is a PyTorch `Embedding`. With `freeze=True` training leaves it alone: a **frozen table**.
# Otherwise training moves its rows along with the weights: a **tuned table**.

# %%
class MeanClassifier(torch.nn.Module):
    """Weigh the mean of the rows of a text."""

    def __init__(self, matrix, n_labels, frozen):
        super().__init__()
        self.table = torch.nn.Embedding.from_pretrained(torch.tensor(matrix), freeze=frozen, padding_idx=PADDING)
        self.weigh = torch.nn.Linear(matrix.shape[1], n_labels)

    def means(self, indices):
        """Return the mean row of each text, without its padding."""
        real = (indices != PADDING).unsqueeze(-1)  # 1 for a word, 0 for padding
        return (self.table(indices) * real).sum(dim=1) / real.sum(dim=1)

    def forward(self, indices):
        """Return one score for each label."""
        return self.weigh(self.means(indices))


# %% [markdown]
# Without the line with `real`, a short text would be mostly padding, and its mean nearly zero.
#
# Some training reviews are set aside for **validation**: they are not learnt from,
# and tell after each round how well the model does on texts that it does not know.

# %%
from lessons_lib import index_texts

indices = torch.tensor(index_texts(train_reviews.text, words))  # the lines of numbers, as above
labels = torch.tensor((train_reviews.label == "positive").to_numpy().astype(int))
order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
held_out, learn = order[:200], order[200:]
print("texts, longest text:", tuple(indices.shape))

# %% [markdown]
# ## Train it
#
# The loss of lesson 2 is the number that training makes small; here it is high where a wrong label was given with
# confidence.
# A **mini-batch** is a handful of texts; after each one, the weights take a step that lowers its loss.
# The **learning rate** says how far a step goes.
# One pass over all training texts is an **epoch**.

# %%
import time

from torch.nn.functional import cross_entropy

torch.set_num_threads(1)  # the matrices are small: a second thread would cost more than it brings
torch.manual_seed(seed)
model = MeanClassifier(matrix, n_labels=2, frozen=False)
optimiser = torch.optim.Adam(model.parameters(), lr=0.003)  # takes the steps; lr is the learning rate
losses, begin = [], time.process_time()
for _ in range(12):
    for batch in learn[torch.randperm(len(learn))].split(80):  # 80 texts at a time, in a new order
        loss = cross_entropy(model(indices[batch]), labels[batch])
        optimiser.zero_grad()  # forget the gradient of the last batch
        loss.backward()  # the gradient: how the loss changes with each weight
        optimiser.step()  # a step down for each weight
    with torch.no_grad():  # only look
        losses.append([cross_entropy(model(indices[part]), labels[part]).item() for part in (learn, held_out)])
seconds = (time.process_time() - begin) / len(losses)  # processor time: a busy machine does not count
words_per_second = int((indices[learn] != PADDING).sum()) / seconds
print(f"{seconds:.3f} s an epoch, {words_per_second:,.0f} words a second")

# %%
losses = np.array(losses)
best = int(losses[:, 1].argmin()) + 1
figure, axes = plt.subplots(figsize=(7, 3.4))
for column, (name, colour) in enumerate([("training", "#0072B2"), ("validation", "#D55E00")]):
    axes.plot(range(1, 13), losses[:, column], marker="o", color=colour)
    label_end(axes, 12, losses[-1, column], name, colour)
axes.axvline(best, color="#767676", linestyle=":", linewidth=1)
axes.text(best + 0.1, losses.max(), f"best epoch: {best}", color="#767676", va="top")
axes.set(title="Loss by epoch, tuned table", xlabel="epoch", ylabel="loss", xlim=(0.5, 14.3), xticks=range(1, 13))
show(figure, alt=f"Training loss falls from {losses[0, 0]:.2f} to {losses[-1, 0]:.2f}; validation loss is lowest "
                 f"in epoch {best} at {losses[best - 1, 1]:.2f} and ends at {losses[-1, 1]:.2f}.")

# %% [markdown]
# The training loss goes on falling, because a tuned table can learn single texts by heart.
# The validation loss does not follow to the end.
# From here on, the epoch with the lowest validation loss counts, for every model.
#
# The library's `train` is this same loop with a record of each epoch,
# and `BagOfEmbeddings` this same model, with one more line: the means are **standardised**,
# so that each of their numbers has mean 0 and spread 1 over the training texts.
# Then no table has an advantage by the mere size of its numbers.

# %% [markdown]
# ## Shift the rows by one
#
# Someone forgets that the unknown row is number 1 and adds it at the end of the table.
# The table has the right size, and every word now looks up the vector of the word after it in the list,
# which is sorted by frequency, as vector files are.
#
# As a task take sentences from encyclopaedia articles and the topic of the article, eight topics,
# where vectors matter more.
# Three tables: the right one, the shifted one, and one in which all rows are shuffled.

# %%
predict("03-shift", "The table is off by one row and stays frozen. What happens to the accuracy?",
        ["hardly anything: the network adapts", "it falls to that of shuffled rows, or below",
         "the program stops with an error"])

# %%
from lessons_lib import BagOfEmbeddings, make_table, predicted, train
from lessons_lib.texts import topic_sentences

sentences = topic_sentences().sample(frac=1, random_state=seed)
parts = {part: sentences[sentences.split == part].head(n) for part, n in
         {"train": 600, "validation": 400, "test": 1500}.items()}
topic_table = make_table(vectors, parts["train"].text, [*parts["validation"].text, *parts["test"].text], seed=seed)
topic_words, n_trained = topic_table.words, topic_table.n_trained
kinds = sorted(sentences.topic.unique())
data = {part: (index_texts(own.text, topic_words), own.topic.map(kinds.index).to_numpy())
        for part, own in parts.items()}

# %% [markdown]
# `make_table` did what you did by hand above; words that only training texts have, and no vector, got random rows.
# Now train the same model on the three kinds of table, with frozen and with tuned rows, three seeds each.

# %%
right_rows = topic_table.matrix
shifted = np.vstack([right_rows[:1], right_rows[2:], right_rows[1:2]])  # the unknown row at the end
shuffled = [np.vstack([right_rows[:2], np.random.default_rng([seed, number]).permutation(right_rows[2:])])
            for number in range(3)]
starts = {"right": [right_rows] * 3, "shifted": [shifted] * 3, "shuffled": shuffled}  # a table for each seed


def topic_run(matrix, number, rate, **options):
    """Train one model on the topics; return its accuracy on test and the record of its epochs."""
    model = BagOfEmbeddings(matrix, len(kinds), data["train"][0], n_trained)
    fit = train(model, data["train"], data["validation"], rate, seed=10 * seed + number, **options)
    return np.mean(predicted(model, data["test"][0]) == data["test"][1]), fit


# %%
shift = pd.DataFrame([
    (name, kind, number, topic_run(matrix, number, 0.003, epochs=25, patience=5, **options)[0])
    for name, tables in starts.items() for number, matrix in enumerate(tables)
    for kind, options in {"frozen": {"table_rate": 0}, "tuned": {}}.items()
], columns=["rows", "table", "seed", "accuracy"])
scores = shift.pivot_table(index="rows", columns="table", values="accuracy", sort=False)  # means of three seeds
spread = shift.groupby(["rows", "table"]).accuracy.agg(np.ptp).max()
print(f"the three seeds of an arm lie at most {spread:.3f} apart")
reveal("03-shift", right=2 if scores.frozen.shifted - scores.frozen.shuffled < 0.06 else 1,
       measured=", ".join(f"{name} rows {value:.3f}" for name, value in scores.frozen.items()))
scores.round(3)

# %% [markdown]
# No error, no warning, a falling loss: and the shifted table is worth no more than shuffled rows
# (a new shuffle for each seed, since one may be lucky).
# It does not help the model that a wrong row is the neighbour's and not just anybody's.
#
# Look at the column *tuned*, too: there the damage is smaller, since training repairs the rows that it meets.
# That makes the mistake harder to notice, not smaller.
#
# The assertion finds it at once. `check_alignment` is your loop from above, with an error that says where:

# %%
from lessons_lib import check_alignment

print("rows compared:", check_alignment(topic_words, right_rows, vectors))
try:
    check_alignment(topic_words, shifted, vectors)
    caught = False
except ValueError as error:
    caught = True
    print("caught:", error)

# %% [markdown]
# ## Compare fairly
#
# Now the question that the course was made for: do pre-trained vectors help?
# Many answers compare two programs that differ in five things.
# Here six **arms** differ in two things: what the table starts from, and whether it is tuned.
#
# - *pretrained*: the vectors of the file;
# - *shuffled*: the same rows, each at another word: same numbers, no knowledge;
# - *random*: random rows of the same size, mean and spread: a start from scratch.
#
# So a name such as *pretrained tuned* says where the table began and whether training moved it.

# %% [markdown]
# The rules, the same for every arm and both baselines:
#
# - A seed draws the training texts, equally many of each label; all arms get the same ones.
# - The same validation texts choose the learning rate out of two (or the strength of the regression out of four),
#   and the epoch.
# - The means are standardised in every arm. Five seeds; the interval is for the mean over seeds.
#
# A few sizes are trained now, with seeds that are not in the record.
# All sizes take a quarter of an hour, so they were recorded, with the same function.

# %%
from lessons_lib import learning_curve, over_seeds, recorded_curves

pool = (train_reviews.text, train_reviews.label)
asked = (test_reviews.text, test_reviews.label)
groups = {"ordinary": ~unseen, "unseen": unseen}
live_seeds = [1000 + 10 * seed + number for number in range(3)]  # no seed of the record
live = {"Reviews": learning_curve(pool, asked, vectors, sizes=[50, 500], seeds=live_seeds, groups=groups)}
speed = live["Reviews"][live["Reviews"].arm.str.endswith("tuned")].words_per_second.mean()
print(f"{len(live['Reviews'])} runs kept; those with a tuned table met {speed:,.0f} words a second")

# %%
topic_parts = {part: (own.text, own.topic) for part, own in sentences.groupby("split")}
live["Topics"] = learning_curve(
    topic_parts["train"], topic_parts["test"], vectors, sizes=[80], seeds=live_seeds,
    validation=topic_parts["validation"],
)

# %% [markdown]
# Before you look at the curves:

# %%
predict("03-reviews", "100 reviews to train on, tuned tables: by how much does pretrained lead over random?",
        ["10 points of 100 or more", "3 to 10 points", "less than 3"])
predict("03-topics", "And with 80 topic sentences to train on?",
        ["10 points of 100 or more", "3 to 10 points", "less than 3"])

# %%
from lessons_lib import plot_curves

record = {"Reviews": recorded_curves("reviews"), "Topics": recorded_curves("topics")}
measure = {"Reviews": "accuracy ordinary", "Topics": "accuracy"}
curves = {name: over_seeds(runs, measure[name]) for name, runs in record.items()}
points = {name: over_seeds(runs, measure[name]) for name, runs in live.items()}
at = {name: own.pivot(index="arm", columns="size", values="value") for name, own in curves.items()}
show(plot_curves({"Reviews": curves["Reviews"]}, {"Reviews": points["Reviews"]}),
     alt=f"Ordinary reviews. With 100 texts pretrained tuned has {at['Reviews'][100]['pretrained tuned']:.2f}, random "
         f"tuned {at['Reviews'][100]['random tuned']:.2f}, TF-IDF {at['Reviews'][100]['TF-IDF']:.2f}; with 1,000 "
         f"{at['Reviews'][1000]['pretrained tuned']:.2f}, {at['Reviews'][1000]['random tuned']:.2f} and "
         f"{at['Reviews'][1000]['TF-IDF']:.2f}.")

# %%
most = at["Topics"].columns[-1]
show(plot_curves({"Topics": curves["Topics"]}, {"Topics": points["Topics"]}),
     alt=f"Topics. With 80 sentences pretrained frozen has {at['Topics'][80]['pretrained frozen']:.2f}, random tuned "
         f"{at['Topics'][80]['random tuned']:.2f}, TF-IDF {at['Topics'][80]['TF-IDF']:.2f}; with {most:,} they have "
         f"{at['Topics'][most]['pretrained frozen']:.2f}, {at['Topics'][most]['random tuned']:.2f} and "
         f"{at['Topics'][most]['TF-IDF']:.2f}.")

# %% [markdown]
# Shaded: 95 per cent intervals over five recorded seeds.
# Open circles: what your machine just measured, the mean of three other seeds.
#
# How wide is the shading? Five runs are too few to draw again, as the bootstrap does.
# **Student's t interval** is computed instead.
# The spread of the runs, divided by the root of their number, says how far their mean strays.
# A factor makes it wide enough to catch the true mean 95 times in 100; the fewer the runs, the larger the factor.

# %%
from scipy import stats

one_arm = record["Reviews"].query("arm == 'pretrained tuned' and size == 500")["accuracy ordinary"]
error = one_arm.std(ddof=1) / np.sqrt(len(one_arm))
factor = stats.t.ppf(0.975, len(one_arm) - 1)
print(f"five runs: {one_arm.round(3).tolist()}, mean {one_arm.mean():.3f}, factor {factor:.2f}")
print(f"by hand:  {one_arm.mean() - factor * error:.3f} to {one_arm.mean() + factor * error:.3f}")
print("the band: {low:.3f} to {high:.3f}".format(**curves["Reviews"].query("arm == 'pretrained tuned'")
                                                 .set_index("size").loc[500]))

# %% [markdown]
# That is the blue band at 500 reviews.
# (At 1,000 the bands of the baselines are mere lines: all seeds have the same texts there, since there are no more.)
#
# Is the record to be trusted? A new mean of three runs should fall into a **prediction interval**,
# which is wider than the interval of the mean, since the new runs vary too.

# %%
inside = []
for name, own in points.items():
    expected = over_seeds(record[name], measure[name], of_new_runs=len(live_seeds)).set_index(["arm", "size"])
    both = own.set_index(["arm", "size"]).join(expected.add_suffix(" expected"))
    inside += list(both.value.between(both["low expected"], both["high expected"]))
share_inside = np.mean(inside)
print(f"{sum(inside)} of {len(inside)} live points lie inside the interval that the record predicts for them")

# %% [markdown]
# Now by how much one arm leads. All arms of a seed learn from the same texts, a lucky draw helps them all,
# and so you subtract seed by seed, then take the mean: a **paired difference** leaves the luck of the draw out.

# %%
from lessons_lib import difference

gains = {(name, size): difference(runs, "pretrained tuned", "random tuned", size, measure[name])
         for name, runs in record.items() for size in sorted(runs["size"].unique())}
few_reviews, few_topics = gains["Reviews", 100], gains["Topics", 80]
reveal("03-reviews", measured=f"pretrained minus random: {few_reviews}",
       right=1 + int(few_reviews.value < 0.1) + int(few_reviews.value < 0.03))
reveal("03-topics", measured=f"pretrained minus random: {few_topics}",
       right=1 + int(few_topics.value < 0.1) + int(few_topics.value < 0.03))
lines = {f"{name}, {size:,} texts": str(gain) for (name, size), gain in gains.items()}
pd.Series(lines).to_frame("pretrained - random, both tuned")

# %% [markdown]
# On the topics the lead is large at every size. On the reviews it is small, and with all of them it may be none.
#
# One more comparison. A frozen pre-trained table starts ahead of a random tuned one, and it cannot learn.
# Where do the two lines cross, and how sure is that place?

# %%
from lessons_lib import crossing

review_crossing = crossing(record["Reviews"], "pretrained frozen", "random tuned", measure["Reviews"])
print("On the reviews random tuned overtakes pretrained frozen at {:,.0f} texts, interval {:,.0f} to {:,.0f}."
      .format(*review_crossing))

# %% [markdown]
# So wide an interval says a few hundred labels and no more. On the topics the two lines never cross.

# %% [markdown]
# Two tasks, two stories.
#
# **Topics.** A sentence about rocks has *mineral* in it or *lava* or *granite*, each rarely.
# The vectors know that these belong together, so one labelled sentence teaches about all of them.
# Pre-trained vectors are far ahead of random rows and of TF-IDF, at every size that there is.
#
# **Reviews.** What decides is *good* against *awful*, and opposites are neighbours, as lesson 1 found.
# Pre-trained rows are a little ahead of random ones while labels are few; counting words does as well all the way.

# %% [markdown]
# The green lines are worth a look. Shuffled rows have the numbers of the real ones and none of their knowledge.
# Frozen, they are as useless as random rows: what the blue line has above them *is* the knowledge.
# Tuned, on the reviews, they climb after the blue line: most of what a tuned table knows, it learnt from the labels.
# Whoever compares a tuned pre-trained table with a frozen random one has measured tuning as well.

# %% [markdown]
# ## Make the texts longer
#
# One more thing differs from task to task: the length of a text.
# A sentence has some twenty words; an article has thousands.
# Glue sixteen neighbouring sentences of an article together and measure again,
# with as many labelled texts as before.

# %%
predict("03-length", "Texts sixteen times as long: what becomes of the lead of mean vectors over TF-IDF?",
        ["it grows", "it stays, give or take a quarter", "it shrinks"])

# %%
def glued(part, n):
    """Return texts of n neighbouring sentences of an article, and their topics."""
    own = topic_sentences().query("split == @part")
    blocks = own.groupby("title").cumcount() // n
    joined = own.groupby(["title", blocks], sort=False).agg(text=("text", " ".join), topic=("topic", "first"))
    return joined.text, joined.topic


live["Long"] = learning_curve(
    glued("train", 16), glued("test", 16), vectors, sizes=[80], seeds=live_seeds,
    arms=["mean vector", "TF-IDF"], validation=glued("validation", 16),
)
leads = {name: difference(live[name], "mean vector", "TF-IDF", 80) for name in ("Topics", "Long")}
kept_lead = leads["Long"].value / leads["Topics"].value
reveal("03-length", measured=f"one sentence {leads['Topics']}, sixteen {leads['Long']}",
       right=1 + int(kept_lead < 1.25) + int(kept_lead < 0.75))
means = {"one sentence": live["Topics"], "sixteen sentences": live["Long"]}
pd.DataFrame({name: own.groupby("arm").accuracy.mean() for name, own in means.items()}).dropna().round(3)

# %% [markdown]
# Both gain from longer texts, and counting gains more, so the lead shrinks.
# A likely reason: in a long text some telling words are among those that the training texts had,
# and then TF-IDF needs nobody to tell it that *lava* is like *granite*.
# Short texts, few labels, a label that is a matter of topic: where the three meet, pre-trained vectors shine.

# %% [markdown]
# ## Count the epochs
#
# Better is one promise, *faster* the other: with good rows to start from, training should need fewer epochs.
# Same topics as before, same learning rate, tuned tables, three seeds.
# How many epochs does the pre-trained start need to come as far as the random start ever comes, less one point?

# %%
predict("03-faster", "The random start takes some epochs to come near its best. How many does the pretrained one take?",
        ["about as many", "half as many or fewer", "it never gets there"])

# %%
from lessons_lib.indexing import random_rows

rng = np.random.default_rng(seed)
from_scratch = random_rows(right_rows[topic_table.known], len(right_rows), rng)
from_scratch[PADDING] = 0
progress = {}
for name, rows in {"pretrained": right_rows, "random": from_scratch}.items():
    fits = [topic_run(rows, number, 0.003, epochs=25)[1] for number in range(3)]
    progress[name] = np.mean([fit.history.validation_accuracy for fit in fits], axis=0)
target = progress["random"].max() - 0.01
epochs_random = int((progress["random"] >= target).argmax()) + 1
reached = progress["pretrained"] >= target
epochs_pretrained = int(reached.argmax()) + 1 if reached.any() else len(reached) + 1
reveal("03-faster", measured=f"{target:.3f} after {epochs_random} epochs from random rows, "
                             f"after {epochs_pretrained} from pretrained ones",
       right=3 if not reached.any() else 1 + int(epochs_pretrained <= epochs_random / 2))

# %%
figure, axes = plt.subplots(figsize=(7, 3.4))
for (name, values), colour in zip(progress.items(), ("#0072B2", "#D55E00"), strict=True):
    axes.plot(range(1, 26), values, color=colour)
    label_end(axes, 25, values[-1], name, colour)
axes.plot([1, 25], [target, target], color="#767676", linestyle=":", linewidth=1)
axes.text(25, target - 0.02, "best of random, less a point", color="#767676", ha="right", va="top")
axes.set(title="Accuracy on validation sentences by epoch", xlabel="epoch", ylabel="accuracy",
         xlim=(0, 30), ylim=(0, None))
show(figure, alt=f"The pretrained start reaches {target:.2f}, a point below the best of the random start, in epoch "
                 f"{epochs_pretrained}; the random start needs {epochs_random} epochs for it.")

# %% [markdown]
# The promise is kept here, where the vectors know what the labels are about.
# Lesson 2 told what it costs: somebody else's hours of training, once.

# %% [markdown]
# ## Ask about words never seen
#
# Back to the flagged reviews. They judge with *superb*, *dismal* or *inept*, which no training review contains.
# TF-IDF can only guess there. A vector for *superb* exists, near *excellent*: can the model use it?

# %%
predict("03-unseen", "All training reviews: how often are mean vector models right on the flagged reviews?",
        ["about half the time: a guess", "60 to 70 times in 100", "as often as on the ordinary ones"])

# %%
reviews_most = record["Reviews"][record["Reviews"]["size"] == 1000]
on_unseen = over_seeds(reviews_most, "accuracy unseen").set_index("arm")
best_arm = on_unseen.value.idxmax()
hits_unseen = {name: bootstrap(np.mean, right[name][unseen].astype(float), seed=seed) for name in right}
reveal("03-unseen", measured=f"TF-IDF {hits_unseen['TF-IDF']}, mean vector {hits_unseen['mean vector']}",
       right=1 + int(hits_unseen["mean vector"].value >= 0.6)
       + int(hits_unseen["mean vector"].value > 0.9 * ordinary["mean vector"].mean()))
on_unseen[["value", "low", "high"]].sort_values("value", ascending=False).round(3)

# %% [markdown]
# Not much better than a guess, for any arm.
# (The table is the record: five seeds, 1,000 reviews each. Your own mean vector model had all of them,
# and its interval is over the test reviews.)
#
# Is the knowledge not in the vectors? Ask them directly. Take six words of praise and six of blame,
# and see to which side each new word leans: the difference of its cosines with the two means.

# %%
praise = vectors.get_mean_vector("good great excellent enjoyable helpful reliable".split(), post_normalize=True)
blame = vectors.get_mean_vector("bad poor terrible boring useless unreliable".split(), post_normalize=True)
met = {word for text in train_reviews.text for word in tokenise(text)}
flagged = test_reviews[unseen]
told = pd.DataFrame([(word, label) for text, label in zip(flagged.text, flagged.label, strict=True)
                     for word in set(tokenise(text)) if word in vectors and word not in met], columns=["word", "label"])
told = told.groupby("word").label.agg(["count", "nunique", "first"]).query("count >= 3 and nunique == 1")
told["lean"] = [vectors.get_vector(word, norm=True) @ (praise - blame) for word in told.index]
word_right = ((told.lean > 0) == (told["first"] == "positive")).mean()
print(f"{word_right:.0%} of {len(told)} new words lean to the right side: above 0 for praise, below for blame")
told.sort_values("lean")[["first", "lean"]].round(2).T

# %% [markdown]
# The vectors know. Does the trained model?
# Give your mean vector model the new words of a flagged review alone, and then the whole review.

# %%
new_only = [" ".join(word for word in tokenise(text) if word in told.index) for text in flagged.text]
has_new = np.array([bool(text) for text in new_only])
asked_of_model = {"its new words alone": [text for text in new_only if text], "the whole review": flagged.text[has_new]}
hits_of = {name: by_means.predict(mean_vectors(texts)) == flagged.label[has_new].to_numpy()
           for name, texts in asked_of_model.items()}
drowned = bootstrap(lambda alone, whole: (alone - whole).mean(),
                    *(hits.astype(float) for hits in hits_of.values()), seed=seed)
for name, hits in hits_of.items():
    print(f"{name:>20}: {bootstrap(np.mean, hits.astype(float), seed=seed)} of {len(hits)} reviews right")
print(f"{'difference':>20}: {drowned}")

# %% [markdown]
# The knowledge is there, in the vectors and in the trained model, and the other words of the review drown it:
# each of them pulls a little to one side or the other, and there are some twenty.
#
# Then listen to the loudest word alone, the one that leans most, and use no label at all:

# %%
def loudest(text):
    """Return the strongest lean among the words of a text."""
    leans = [vectors.get_vector(word, norm=True) @ (praise - blame) for word in tokenise(text) if word in vectors]
    return max(leans, key=abs)


loud = np.array([loudest(text) > 0 for text in test_reviews.text]) == (test_reviews.label == "positive").to_numpy()
by_loudest = {name: bootstrap(np.mean, loud[group].astype(float), seed=seed)
              for name, group in {"ordinary": ~unseen, "flagged": unseen}.items()}
for name, estimate in by_loudest.items():
    print(f"right by the loudest word: {estimate} of the {name} reviews")

# %% [markdown]
# On the flagged reviews that is better than a guess, which the trained models cannot claim.
# On the ordinary ones TF-IDF has learnt more from the labels than this rule knows.
#
# So the fault is not only in the vectors, it is in what the model does with them.
# Lesson 7 has models that do not take the mean.

# %% [markdown]
# ## Under the hood
#
# Three things that the lesson used, each held against an independent way.
#
# First, the means of your `MeanClassifier` and those of the library, which calls PyTorch's `embedding_bag`.
# Second, the gradient: which rows of the table does one mini-batch move?

# %%
check_model = MeanClassifier(matrix, n_labels=2, frozen=False)
library_model = BagOfEmbeddings(matrix, 2, indices.numpy())
with torch.no_grad():
    apart = float((check_model.means(indices) - library_model.means(indices)).abs().max())
print(f"largest difference of the means: {apart:.1e}")

batch = learn[:80]
cross_entropy(check_model(indices[batch]), labels[batch]).backward()
moved = set(torch.nonzero(check_model.table.weight.grad.abs().sum(dim=1)).flatten().tolist())
in_batch = set(indices[batch].flatten().tolist()) - {PADDING}
print(f"rows with a gradient: {len(moved):,} of {len(words):,}; the words of the batch, no others: {moved == in_batch}")

# %% [markdown]
# Only words of the batch move, and padding does not. A word that no training text has keeps its row for ever,
# beside neighbours that have moved away: that is where lesson 6 begins.
#
# Third, the frozen arm should be nothing else than logistic regression on mean vectors. Over all sizes:

# %%
frozen_gap = {name: (own.loc["pretrained frozen"] - own.loc["mean vector"]) for name, own in at.items()}
largest_gap = max(gap.abs().max() for gap in frozen_gap.values())
lines = {name: f"{gap.min():+.3f} to {gap.max():+.3f}" for name, gap in frozen_gap.items()}
pd.Series(lines).to_frame("frozen network - mean vector with logistic regression")

# %% [markdown]
# They agree to a few points in a hundred: two programs, one model.
# (They differ in what keeps them from learning texts by heart: to stop at the best epoch, or to keep weights small.)

# %% [markdown]
# ## Myth: pre-trained is always better than from scratch
#
# You saw that it depends on the task. One more question: *whose* vectors?
# Sentences from the documentation of Python libraries, with all names masked: which of eight libraries is it from?
# And there is plenty of unlabelled text of just this kind, on your machine.
#
# So train vectors on that text, as in lesson 2, without the modules that the test sentences are from.
# The general ones come from an encyclopaedia, far more text, about other things.

# %%
predict("03-domain", "1,280 labelled sentences, frozen tables of the same size: which vectors are better?",
        ["the general ones", "those of the documentation", "no difference beyond the interval"])

# %%
from lessons_lib.domain import documentation_task, documentation_vectors

task = documentation_task()
domain_vectors = documentation_vectors(task, size=vectors.vector_size, epochs=2, seed=seed, workers=2)
both = {"general": vectors, "documentation": domain_vectors}
asked_docs = task.text[task.split == "test"]
pd.DataFrame({name: {"words with a vector": f"{len(own):,}",
                     "coverage of running words": f"{coverage(own, asked_docs).tokens:.1%}",
                     **{f"nearest to {word}": " ".join(near for near, _ in own.most_similar(word, topn=4))
                        for word in ("return", "array", "axes")}} for name, own in both.items()}).T

# %% [markdown]
# Far fewer words, yet more of the sentences covered; and look at the neighbours:
# the *axes* of the one belong to geometry, those of the other to a figure.
#
# The curves again from the record, and one size live. *General* is what was *pretrained* above.

# %%
docs_runs = recorded_curves("documentation")
docs_parts = {part: (own.text, own.label) for part, own in task.groupby("split")}
docs_live = learning_curve(
    docs_parts["train"], docs_parts["test"], both, sizes=[320], seeds=live_seeds,
    arms=["general frozen", "documentation frozen"],
    validation=[column[:400] for column in docs_parts["validation"]],
)
docs_curves, docs_points = over_seeds(docs_runs), over_seeds(docs_live)
docs_at = docs_curves.pivot(index="arm", columns="size", values="value")
last = docs_at.columns[-1]

# %%
show(plot_curves({"Documentation": docs_curves}, {"Documentation": docs_points}),
     alt=f"With 24 sentences documentation frozen has {docs_at[24]['documentation frozen']:.2f}, general frozen "
         f"{docs_at[24]['general frozen']:.2f}, random tuned {docs_at[24]['random tuned']:.2f}; with {last:,} TF-IDF "
         f"{docs_at[last]['TF-IDF']:.2f}, documentation tuned {docs_at[last]['documentation tuned']:.2f}, random tuned "
         f"{docs_at[last]['random tuned']:.2f}.")

# %%
domain_gain = difference(docs_runs, "documentation frozen", "general frozen", 1280)
reveal("03-domain", measured=f"documentation minus general: {domain_gain}",
       right=3 if domain_gain.low <= 0 <= domain_gain.high else 1 + int(domain_gain.value > 0))
compared = [("documentation frozen", "general frozen"), ("documentation tuned", "general tuned"),
            ("documentation frozen", "TF-IDF"), ("documentation tuned", "TF-IDF"),
            ("documentation tuned", "random tuned"), ("general tuned", "random tuned")]
pd.DataFrame({f"{one} - {other}": {f"{size:,} texts": str(difference(docs_runs, one, other, size)) for size in docs_at}
              for one, other in compared}).T

# %% [markdown]
# Above zero, the first is ahead. Frozen, the vectors of the domain stay ahead of the general ones;
# tuned, the two come together. Against TF-IDF the frozen table falls behind on the way. Where?

# %%
overtaken = [("general frozen", "TF-IDF"), ("general frozen", "random tuned"),
             ("documentation frozen", "TF-IDF"), ("documentation frozen", "random tuned")]
crossings = {pair: crossing(docs_runs, *pair) for pair in overtaken}
pd.DataFrame([(one, other, f"{size.value:,.0f} sentences", f"{size.low:,.0f} to {size.high:,.0f}")
              for (one, other), size in crossings.items()], columns=["is overtaken", "by", "at", "interval"])

# %% [markdown]
# **Verdict.** *Always* is wrong, and the number of labels decides.
#
# - **Frozen:** ahead while labels are few, then overtaken by TF-IDF and by a table trained from scratch,
#   at the numbers of sentences just printed. A frozen table cannot learn what the labels would teach it.
# - **Tuned:** ahead of the random start at every size, and from 80 sentences on by less and less.
#   TF-IDF draws level at the last.
# - **Whose vectors:** those of the domain are better as long as they are frozen. Tuned, general ones catch up:
#   the labels teach the domain.

# %% [markdown]
# ## Connection: transfer learning
#
# To carry over what was learnt from one task to another is called **transfer learning**.
# The first task was to guess neighbouring words, with millions of words and no labels; the second is yours, with few.
#
# People do it, too, and not only to their good.
# Who plays the piano learns the organ faster; who has always driven on the right looks the wrong way in London.
# That is *negative transfer*, and the reason why a start from scratch belongs into every comparison.
# What carries over is what both tasks share.

# %% [markdown]
# ## Pitfall: no coverage check
#
# The plain way stops at the first unknown word:

# %%
sentence = tokenise("Overpriced, and the fridge smelled.")
try:
    rows = [vectors[word] for word in sentence]
except KeyError as error:
    print("KeyError:", error)

# %% [markdown]
# That is a nuisance, and a blessing. Here is the repair that you will meet:

# %%
from sklearn.base import clone


def lookup(word):
    return vectors[word] if word in vectors else np.zeros(vectors.vector_size)  # never fails again


def accuracy_of(prepare):
    """Accuracy on ordinary test reviews of logistic regression on means, with each text prepared the same way."""
    means = [np.stack([np.mean([lookup(word) for word in prepare(text)], axis=0) for text in part.text])
             for part in (train_reviews, test_reviews)]
    by_lookup = clone(by_means.best_estimator_)  # the same settings, not yet trained
    hits = by_lookup.fit(means[0], train_reviews.label).predict(means[1]) == test_reviews.label
    return hits[~unseen].mean()


ways = {"lower case": tokenise, "Title Case": lambda text: [word.title() for word in tokenise(text)]}
shares = {name: coverage(vectors, [way(text) for text in table.text]).tokens for name, way in ways.items()}
pd.DataFrame({name: {"coverage": f"{shares[name]:.1%}", "accuracy": f"{accuracy_of(way):.3f}"}
              for name, way in ways.items()})

# %% [markdown]
# What it does: someone forgets to put the words into lower case, and *every* lookup gives zeros.
# The program runs, trains, and prints an accuracy. You would look for the mistake in the network.
#
# **Root cause.** The default hides the difference between "this word means nothing" and "I do not have this word".
#
# **Right code.** Count first, and stop if the share is not what you expect.
# Then leave unknown words to a row of their own, on purpose.

# %%
def require_coverage(share, at_least):
    """Stop before anything is trained on words without vectors."""
    if share < at_least:
        raise ValueError(f"Only {share:.1%} of the running words have a vector; expected {at_least:.0%}. Same case?")


for name, share in shares.items():
    try:
        require_coverage(share, at_least=0.9)
        print(f"{name}: {share:.1%} covered, go on")
    except ValueError as error:
        print(f"{name}: {error}")

# %% [markdown]
# ## In practice
#
# - **Order of work:** coverage; TF-IDF; mean vector; only then a network.
# - **Frozen or tuned:** frozen with tens of labels, tuned with many. Lesson 6 looks into the middle.
# - **When not to use them:** many labels and long texts, where the exact word decides,
#   or where coverage is poor.
# - Your own data, in a few lines:
#
# ```python
# from lessons_lib import learning_curve, load_vectors, over_seeds, plot_curves
# runs = learning_curve((train_texts, train_labels), (test_texts, test_labels), load_vectors(), sizes=[50, 200, 800])
# summary = over_seeds(runs)
# plot_curves({"My task": summary})
# ```

# %% [markdown]
# ## Claims
#
# The headline statements of this lesson, checked against what was just measured and against the record.

# %%
claim("At least 95 % of the running words of the reviews have a vector", report.tokens, at_least=0.95)
claim("Words without a vector take sides more than known words of the same frequency", one_sided, at_least=0.05)
claim("and the interval of that difference stays above zero: its lower end", one_sided.low, at_least=0)
claim("With all training reviews, counting words is ahead of mean vectors", lead, at_least=0.02)
claim("A mini-batch epoch over 1,000 reviews takes less than 0.2 s of processor time", seconds, at_most=0.2)
claim("Frozen rows off by one lose at least 20 points of accuracy", scores.frozen["right"] - scores.frozen.shifted,
      at_least=0.2)
claim("They are worth no more than shuffled rows (difference)", scores.frozen.shifted - scores.frozen.shuffled,
      at_most=0.06)
claim("The assertion catches them (1: yes)", caught, at_least=1)

# %%
live_topics = live["Topics"].groupby("arm").accuracy.mean()
claim(f"Live points of {VECTORS} inside the interval predicted from the record of word2vec, as a share", share_inside,
      at_least=0.75)
claim("Topics, 80 sentences, just measured: pretrained frozen beats TF-IDF",
      live_topics["pretrained frozen"] - live_topics["TF-IDF"], at_least=0.15)
claim("Topics, 80 sentences: pretrained beats random, both tuned", few_topics, at_least=0.15)
claim("Reviews, 500 texts: pretrained beats random, both tuned, by little", gains["Reviews", 500],
      at_least=0.01, at_most=0.08)
claim("Reviews, 1,000 texts: hardly a difference is left", gains["Reviews", 1000], at_most=0.04)
claim("Reviews, 1,000 texts: pretrained tuned is not ahead of TF-IDF by more than 3 points",
      difference(record["Reviews"], "pretrained tuned", "TF-IDF", 1000, "accuracy ordinary"), at_most=0.03)
claim("The pretrained start needs at most half the epochs", epochs_pretrained / epochs_random, at_most=0.5)

# %%
claim("Flagged reviews: no trained arm is right 62 times in 100", on_unseen.value.max(), at_most=0.62)
claim("Nearly all new words lean to the right side", word_right, at_least=0.9)
claim("Yet your mean vector model cannot be told from a guess: lower end of its interval",
      hits_unseen["mean vector"].low, at_most=0.5)
claim("New words alone: the same model is right much more often than on the whole review", drowned, at_least=0.2)
claim("The loudest word beats a guess on the flagged reviews: lower end of its interval", by_loudest["flagged"].low,
      at_least=0.5)
claim("On ordinary reviews TF-IDF beats the loudest word",
      ordinary["TF-IDF"].mean() - by_loudest["ordinary"].value, at_least=0.03)
claim("By hand and by embedding_bag the means are the same (largest difference)", apart, at_most=1e-5)
claim("Only rows of words in the batch get a gradient (1: yes)", moved == in_batch, at_least=1)
claim("The frozen network stays close to logistic regression on mean vectors", largest_gap, at_most=0.05)

# %%
claim("Sixteen sentences a text: mean vectors lose at least 8 points of their lead over TF-IDF",
      leads["Topics"].value - leads["Long"].value, at_least=0.08)
claim("Reviews: random tuned overtakes pretrained frozen below 700 texts", review_crossing, at_most=700)
claim("Documentation, frozen: vectors of the domain beat general ones", domain_gain, at_least=0.01)
claim("Documentation: TF-IDF overtakes frozen vectors of the domain (labelled sentences)",
      crossings["documentation frozen", "TF-IDF"], at_least=320, at_most=5120)
lead_few, lead_many = (difference(docs_runs, "documentation tuned", "random tuned", size) for size in (80, last))
claim("Documentation, tuned: the pretrained start stays ahead of the random one", lead_many, at_least=0.005)
claim("but its lead shrinks by half or more, as a share of the lead at 80", lead_many.value / lead_few.value,
      at_most=0.5)
claim("At the largest size it is not ahead of TF-IDF by more than 2 points",
      difference(docs_runs, "documentation tuned", "TF-IDF", last), at_most=0.02)

# %% [markdown]
# ## Takeaways
#
# - Coverage first, and read the list: a small share can be the share that matters.
# - A wrong row raises no error. One assertion proves that rows fit words.
# - Compare with TF-IDF, with random and with shuffled rows, all chosen by the same validation texts.
# - Pre-trained vectors bring most where labels are few, texts short, and the label a matter of topic;
#   little where opposites decide; and less with every further label.
# - What vectors and model know of a word can still be lost in the text: the mean drowns it.

# %%
from lessons_lib import flash_cards

flash_cards("03")

# %% [markdown]
# Ask yourself before you open a card. Then try the quiz: every option says why it is right or wrong.

# %%
quiz("03")

# %% [markdown]
# ## Where to read more
#
# - Kim (2014), *Convolutional Neural Networks for Sentence Classification*:
#   random, frozen and tuned tables on seven data sets, the classic comparison; look for its intervals.
# - Wang and Manning (2012), *Baselines and Bigrams*: why counting words is hard to beat on long reviews.
# - Arora, Liang and Ma (2017), *A Simple but Tough-to-Beat Baseline for Sentence Embeddings*:
#   how to take the mean of word vectors with more thought.
# - Dodge, Gururangan, Card, Schwartz and Smith (2019), *Show Your Work*:
#   why a comparison must say how many settings were tried.
# - The PyTorch documentation of `Embedding` and `EmbeddingBag`:
#   `padding_idx`, `freeze`, and what they do to the gradient.
#
# The vectors of this lesson came from one file in one format.
# The next question is which format and which source to take when you have the choice.
