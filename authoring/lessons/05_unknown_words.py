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
# # Handle unknown and rare words
#
# In this lesson you hide words from vectors that know them,
# let seven strategies make up a replacement,
# and measure which of them deserve trust.
#
# **You will be able to**
#
# - say which words of your texts have no vector, and how many of them cheap repairs win back;
# - choose a strategy for the rest by measurement, and say when it does not matter;
# - compute the vectors of fastText's unknown words by hand, and know when they mislead;
# - compare words, n-grams and WordPiece on text full of typing mistakes.
#
# **You need** lessons 1 to 4: cosine, neighbours, coverage, mean vectors with a classifier on top.
#
# **Time** about 70 minutes to read and try, about a minute to compute.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from lessons_lib import bootstrap, claim, label_end, load_vectors, predict, quiz, reveal, setup, show, tokenise

seed = setup("05")

# %% [markdown]
# ## Ask your texts first
#
# In lesson 4 the coverage of your own texts decided between sources.
# Whichever you take, some words stay without a vector.
# Such a word is called an **out-of-vocabulary word**, short OOV.
#
# Three domains: reviews, encyclopaedia articles, and the documentation of a library.
# The vectors come from an encyclopaedia, though not from these articles.
#
# `VECTORS` is their name. Put another one in its place and run the lesson again, but not fastText: its vectors join
# later, and are compared with these.

# %%
from lessons_lib import coverage
from lessons_lib.documentation import documentation
from lessons_lib.texts import other_language, reviews, topic_sentences

VECTORS = "word2vec"
vectors = load_vectors(VECTORS)
sentences = topic_sentences()
domains = {"articles": sentences.text.sample(3000, random_state=seed), "reviews": reviews().text,
           "documentation": documentation(["pandas"]).text.sample(1000, random_state=seed)}

# %%
predict("05-coverage", "Words that occur only once in the articles: how many of them have a vector?",
        ["less than a half", "a half to four fifths", "more than four fifths"])

# %%
reports = {name: coverage(vectors, texts) for name, texts in domains.items()}
once = reports["articles"].bands.share["once"]
reveal("05-coverage", measured=f"{once:.0%} of the words that occur once",
       right=1 + int(once >= 0.5) + int(once > 0.8))
pd.DataFrame({name: {"running words known": f"{report.tokens:.0%}", "different words known": f"{report.types:.0%}",
                     "most often missing": ", ".join(report.missing.index[:5])}
              for name, report in reports.items()}).T

# %% [markdown]
# In each text far more of the *running* words are known than of the *different* ones;
# the documentation is behind in both.
# What makes the difference is how often a word occurs in the text:

# %%
def plot_bands(reports):
    """One line a text: share of different words with a vector, by how often the word occurs in it."""
    figure, axes = plt.subplots(figsize=(7.5, 3.8))
    for colour, (name, report) in zip(("#0072B2", "#D55E00", "#009E73"), reports.items(), strict=True):
        axes.plot(report.bands.index, report.bands.share, marker="o", color=colour)
        axes.annotate(name, (0, report.bands.share.iloc[0]), xytext=(-9, 0), textcoords="offset points",
                      color=colour, ha="right", va="center", weight="bold")
    axes.set(title="Rare words are the unknown ones", xlabel="how often the word occurs in the text",
             ylabel="share with a vector", ylim=(0.5, 1.03), xlim=(-1.1, 4.3))
    return figure


shares = ", ".join(f"{name} {report.bands.share.iloc[0]:.0%}" for name, report in reports.items())
show(plot_bands(reports),
     alt=f"Share of words with a vector, rising with their frequency; of words that occur once: {shares}.")

# %% [markdown]
# Every line rises: of the words that occur once, many have no vector, and of the frequent ones nearly all have one.
# And the domain matters: the documentation lacks even some of its most frequent words.
# *dataframe* is no rare word there; it is rare where the vectors were trained.

# %% [markdown]
# ## Climb the ladder of normalising
#
# Some words are missing only because they are *written* otherwise: *The*, *king's*, *well-known*, *café*, *colour*.
# To **normalise** is to bring spellings into one form before the lookup.
# Every step is a rung of a ladder: what has no vector as it is written is tried in the next form.
# A rung wins words back, or does not.

# %%
predict("05-ladder", "Which rung wins back most running words of the articles?",
        ["lower case", "cutting at hyphens and points", "taking accents off"])

# %%
from lessons_lib import plot_coverage

ladder = reports["articles"].normalising
rungs = {"lower case": "another case", "cutting": "cut at hyphens", "accents": "no accents"}
won = {name: ladder.won_tokens[rung] for name, rung in rungs.items()}
reveal("05-ladder", measured=", ".join(f"{name}: {number:,} running words" for name, number in won.items()),
       right=1 + int(np.argmax(list(won.values()))))
show(plot_coverage(reports["articles"]),
     alt=f"Known words of the articles by frequency; and what each rung wins back: from {ladder.tokens.iloc[0]:.0%} "
         f"of running words as written to {ladder.tokens['another case']:.0%} in lower case "
         f"and {ladder.tokens.iloc[-1]:.0%} with all rungs.")

# %% [markdown]
# Left, the articles of the figure above. Right, the ladder, read from the top.
# (It counts words as they are written: *The* and *the* are two different words here.)
#
# One rung does nearly all the work. *Another case* tries lower case first;
# our vectors are in lower case, so your text has to be, too.
# The rest wins little each.

# %% [markdown]
# Rungs depend on the file: GoogleNews has capitals and no digits, and there lower case would *lose* words.
# Do to your text what was done to the text behind the vectors, and no more.

# %% [markdown]
# ## Pay for lower case
#
# The vectors had no choice: *US* and *us* are one row, and the more frequent use took it.
# Look at some rows, and at how often the word has a capital in the middle of a sentence
# (first the share, then how many times the word was found).

# %%
import re


def share_of_capitals(word, texts):
    """How often a word has a capital where no sentence begins."""
    found = re.findall(rf"[a-z,;] ({word}|{word.capitalize()}|{word.upper()})\b", " ".join(texts))
    return f"{np.mean([form != word for form in found]):.0%} of {len(found)}" if found else "does not occur"


lowered = ["us", "nice", "polish", "turkey", "march", "may", "apple"]
pd.DataFrame({word: {"neighbours": " ".join(other for other, _ in vectors.most_similar(word, topn=5)),
                     "capital in articles": share_of_capitals(word, sentences.text),
                     "capital in reviews": share_of_capitals(word, reviews().text)} for word in lowered}).T

# %% [markdown]
# A review that calls a waiter *nice* means no town in France, but its row says Paris and Marseille.
# In reviews *us* means you and me; its row says dollars and states.
#
# What would capitals change? Train vectors on text with its capitals kept:
# the documentation of pandas and numpy, where `Series` is a kind of table column.

# %%
from gensim.models import Word2Vec

word_with_case = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
lines = [line for text in documentation(["pandas", "numpy"]).text.drop_duplicates() for line in text.split("\n")]
cased = Word2Vec([word_with_case.findall(line) for line in lines], vector_size=50, epochs=3, min_count=10, sg=1,
                 workers=1, seed=seed + 1).wv
both = [word for word in cased.index_to_key if word != word.lower() and word.lower() in cased
        and min(cased.get_vecattr(form, "count") for form in (word, word.lower())) >= 50]
of_cases = pd.Series({word: cased.similarity(word, word.lower()) for word in both})
forms = ["Series", "series", "Array", "array"]
pd.DataFrame({form: [word for word, _ in cased.most_similar(form, topn=6)] for form in forms})

# %%
frequent = [word for word in cased.index_to_key if cased.get_vecattr(word, "count") >= 50]
at_random = np.median([cased.similarity(*np.random.default_rng(draw).choice(frequent, 2)) for draw in range(1000)])
print(f"Cosine of the two forms: median of {len(both)} words {of_cases.median():.2f}, Series and series",
      f"{of_cases['Series']:.2f}; two words drawn at random: median {at_random:.2f}")
series_shared = len({w for w, _ in cased.most_similar("Series")} & {w for w, _ in cased.most_similar("series")})

# %% [markdown]
# `Series` lives among tables and their methods, *series* among polynomials: with capitals they are two words,
# about as far apart as any two.
# The two forms of the typical word are much nearer; there capitals mostly cut the evidence for one meaning in two.
# So lower case is right for most words and wrong for some. Look at the neighbours of those that your task hangs on.

# %% [markdown]
# ## Hide words that you know
#
# How good is a made-up vector? For a word that really is unknown nobody can tell.
# So take words that *have* a vector, hide it, make one up, and compare.
#
# Four strategies need one line each. The simplest two sound alike, and are not:
# zeros say nothing, the mean says "some word".

# %%
from lessons_lib.unknown_words import STRATEGIES, hide_words

hidden = ["nocturnal", "whales", "algebraic", "embassy"]
visible = hide_words(vectors, hidden)
table = visible.vectors
rng = np.random.default_rng(seed)
size = vectors.vector_size
simple = {"zero": np.zeros(size), "mean": table.mean(axis=0), "random": rng.normal(size=size),
          "mean of rare": table[-len(table) // 10 :].mean(axis=0)}
pd.DataFrame({name: [word for word, _ in visible.similar_by_vector(row.astype("float32"), topn=5)]
              for name, row in simple.items()})

# %% [markdown]
# None of the four knows *which* word is missing: the means are mostly near everyday words, the random row near
# anything.
# (The neighbours of zero are no neighbours: all its products are equal.)
# Three more strategies look at the word:
#
# - *nearest spelling* borrows the vector of the known word that shares most letter groups;
# - *subwords* adds up vectors of letter groups, fitted to the visible words only;
# - *mean of contexts* averages the words that stand around it in other sentences. By hand:

# %%
training = [tokenise(text) for text in sentences.text[sentences.split == "train"]]
frequency = pd.Series([word for words in training for word in words]).value_counts(normalize=True)


def mean_of_neighbours(word, window=5):
    """Mean of the vectors around a word, everyday words counting less."""
    total, weights = np.zeros(size), 0
    for words in (words for words in training if word in words):
        place = words.index(word)
        for near in words[max(0, place - window) : place] + words[place + 1 : place + 1 + window]:
            if near in visible:
                weight = 0.001 / (0.001 + frequency[near])  # a half for a word that is one in a thousand
                total, weights = total + weight * visible[near], weights + weight
    return total / weights

# %%
made_up = {name: STRATEGIES[name](visible, hidden) for name in ("nearest spelling", "subwords")}
made_up["mean of contexts"] = np.array([mean_of_neighbours(word) for word in hidden], dtype="float32")
by_library = STRATEGIES["mean of contexts"](visible, hidden, training)
same_contexts = np.allclose(made_up["mean of contexts"], by_library, atol=1e-5)
print("mean of contexts, by hand as by the library:", same_contexts)
pd.DataFrame({"true vector": [" ".join(w for w, _ in vectors.most_similar(word, topn=4)) for word in hidden],
              **{name: [" ".join(w for w, _ in visible.similar_by_vector(row, topn=4)) for row in rows]
                 for name, rows in made_up.items()}}, index=hidden)

# %% [markdown]
# Each of the three finds something, and each something else:
# letters find relatives, contexts find what the texts are about.
# And *nocturnal* shows what can go wrong: its nearest spelling is *journal*.
#
# Four words prove nothing. Now hide hundreds.

# %% [markdown]
# ## Judge the strategies
#
# The words are hidden in three bands of frequency, other words in each of three rounds.
# They are drawn from those that tell most about the topic of the articles, so that they matter. Three judgements:
#
# - *neighbours*: which share of the ten true neighbours is found again?
# - *cosine*: how large is it with the true vector?
# - *accuracy*: a classifier of eight topics never saw the words. Now it meets them, in short texts: two words on
#   each side. How often is it right?

# %%
predict("05-hidden", "Of the ten true neighbours of a rare hidden word, how many does the best strategy find?",
        ["fewer than 3", "3 to 6", "more than 6"])
predict("05-cosine", "How large is the cosine of the true vector with the plain mean of all vectors?",
        ["about 0", "0.1 to 0.3", "above 0.3"])

# %%
from lessons_lib.hidden_words import oov_strategies

used = sentences[sentences.split != "validation"]
results = oov_strategies(vectors, used.text.tolist(), used.topic, used.split == "train", rounds=3, seed=seed)
summary = results.groupby(["strategy", "band"])[["neighbours", "cosine", "accuracy"]].mean().unstack()
usual = used.topic[used.split == "train"].mode()[0]  # the most frequent topic
floor = (used.topic[used.split == "test"] == usual).mean()
print(f"Always to say {usual!r} would be right for {floor:.0%} of the test sentences")
summary.loc[["true vector", *STRATEGIES]].round(2)

# %%
by_word = ["nearest spelling", "subwords", "mean of contexts"]
rare = summary["neighbours"]["rare"]
mean_cosine = summary["cosine"].loc["mean"].mean()
reveal("05-hidden", measured=", ".join(f"{name}: {10 * rare[name]:.1f}" for name in by_word),
       right=1 + int(rare.drop("true vector").max() >= 0.3) + int(rare.drop("true vector").max() > 0.6))
reveal("05-cosine", measured=f"{mean_cosine:.2f}", right=1 + int(mean_cosine >= 0.1) + int(mean_cosine > 0.3))
found_again = {name: bootstrap(np.mean, results.neighbours[results.strategy == name], seed=seed) for name in by_word}
pd.Series({name: str(estimate) for name, estimate in found_again.items()}, name="neighbours, all bands and rounds")

# %% [markdown]
# Even the best strategy finds few of the ten neighbours.
# Now read two columns against each other.
# The plain mean has a cosine far above zero in every band, and finds none of the neighbours:
# all vectors share a common direction, and the mean is that direction.
# A cosine with the truth flatters; neighbours do not.

# %% [markdown]
# Now the task. All strategies share one classifier; only the vector of the hidden word differs.
# A dot is a round, the bar their mean. *True vector* hides nothing: more is not to be had.

# %%
bands = ["frequent", "middle", "rare"]
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.9), sharex=True, sharey=True)
names = ["true vector", *by_word[::-1], "mean", "mean of rare", "zero", "random"]
for panel, band in zip(panels, bands, strict=True):
    part = results[results.band == band]
    for place, name in enumerate(names[::-1]):
        accuracies = part.accuracy[part.strategy == name]
        colour = "#009E73" if name == "true vector" else "#0072B2" if name in by_word else "#767676"
        panel.plot(accuracies, np.full(len(accuracies), place), "o", color=colour, alpha=0.4)
        panel.plot(accuracies.mean(), place, "|", color=colour, markersize=16, markeredgewidth=3)
    panel.set(title=f"{band} words", xlabel="accuracy", yticks=range(len(names)), yticklabels=names[::-1])
figure.suptitle("Strategies that look at the word (blue) come nearest to the true vector (green)", x=0.01, ha="left")
means = summary["accuracy"].round(2)
alt = "; ".join(f"{band}: " + ", ".join(f"{name} {means[band][name]}" for name in [*names[:4], "zero"])
                for band in bands)
show(figure, alt=f"Accuracy on short texts by strategy and band of the hidden word. {alt}.")

# %% [markdown]
# The three bands hold different words and texts, so compare within a panel.
# To be exact, compare within a *round*: how much better than zero is each strategy on the same words and texts?

# %%
accuracy = results.pivot_table(index=["band", "round"], columns="strategy", values="accuracy")
gain = accuracy.sub(accuracy["zero"], axis=0)
gains = {name: bootstrap(np.mean, gain[name].to_numpy(), seed=seed) for name in names if name != "zero"}
pd.Series({name: str(estimate) for name, estimate in gains.items()}, name="accuracy gained over zero")

# %% [markdown]
# Random vectors are *worse* than zeros: they shout something, and it is wrong.
# One row for all unknown words is hardly better than zeros.
# The strategies that look at the word win back a good part of what the true vector would give,
# though they found so few of its neighbours: to get near is enough here.
#
# These were short texts. The same words again, in whole sentences, where the other words help out:

# %%
whole = oov_strategies(vectors, used.text.tolist(), used.topic, used.split == "train", rounds=2, window=50, seed=seed,
                       strategies={name: STRATEGIES[name] for name in ("zero", "random")})


def true_over_zero(frame):
    """How much more often the true vector is right than zeros, over bands and rounds."""
    wide = frame.pivot_table(index=["band", "round"], columns="strategy", values="accuracy")
    return bootstrap(np.mean, wide["true vector"] - wide["zero"], seed=seed)


at_stake = {"short texts": true_over_zero(results[results["round"] < 2]), "whole sentences": true_over_zero(whole)}
pd.Series({name: str(estimate) for name, estimate in at_stake.items()}, name="true vector better than zero by")

# %% [markdown]
# What is at stake shrinks when the rest of the sentence votes as well.
# Unknown words hurt where texts are short, as queries, titles and chats are; in long ones you may often leave them out.

# %% [markdown]
# ## Build words from n-grams
#
# **fastText** learns a vector for each word *and* for each **character n-gram**, a run of 3 to 6 letters,
# counted with marks for beginning and end: `<wh`, `wha`, `hal`...
# The vector of a known word is the mean of all of these;
# an unknown word gets the mean of its n-grams.
# Vectors for parts of words are **subword** vectors. (In lesson 4 you saw their bytes.)

# %% tags=["compare"]
def ngrams(word, shortest=3, longest=6):
    """Return the n-grams of a word with its marks, in fastText's order."""
    marked = f"<{word}>"
    return [marked[start : start + n] for start in range(len(marked)) for n in range(shortest, longest + 1)
            if start + n <= len(marked)]


print(len(ngrams("whales")), *ngrams("whales"))

# %% [markdown]
# fastText would be the natural judge of hidden words: leave out the word's own vector and keep its n-grams.
# Many demonstrations do just that. But there is a catch. Which?
#
# Take three groups of words. Two are words that fastText saw in training, asked by n-grams only.
# The third it never saw: our file was trained on the more frequent half of word2vec's words, without the rest.

# %%
predict("05-leak", "Which words get more of their true neighbours from n-grams: rare ones seen in training, or unseen?",
        ["about the same", "the seen ones, up to 3 times as many", "the seen ones, more than 3 times as many"])

# %%
from gensim.models.fasttext import ft_ngram_hashes

fasttext = load_vectors("fasttext")
seen = [word for word in vectors.index_to_key if word in fasttext.key_to_index and len(word) > 3 and word.isalpha()]
unseen = [word for word in vectors.index_to_key if word not in fasttext.key_to_index
          and len(word) > 3 and word.isalpha()]


def from_ngrams(word):
    """Mean of the n-gram vectors, without the word's own (the row of each n-gram is worked out further down)."""
    return fasttext.vectors_ngrams[ft_ngram_hashes(word, 3, 6, fasttext.bucket)].mean(axis=0)

# %% [markdown]
# fastText's space differs from word2vec's. As in lesson 4, other words show how to get from one to the other,
# here by any matrix and not only by a rotation (`lstsq` finds the best one).
# The neighbours are compared in word2vec's space.

# %%
rng = np.random.default_rng(seed)
groups = {"seen, frequent": rng.choice(seen[200:3000], 300, replace=False),
          "seen, rare": rng.choice(seen[8000:], 300, replace=False),
          "never seen": rng.choice(unseen, 300, replace=False)}
asked = {word for words in groups.values() for word in words}
common = [word for word in seen[:8000] if word not in asked]


def with_one(rows):
    return np.hstack([rows, np.ones((len(rows), 1))])  # the map may add a constant


weights = np.linalg.lstsq(with_one(fasttext[common]), vectors[common], rcond=None)[0]

# %%
others = hide_words(vectors, asked).get_normed_vectors()


def ten_nearest(row):
    return set(np.argpartition(-(others @ row), 10)[:10])  # the ten, in any order


recovered = {}
for name, words in groups.items():
    mapped = with_one(np.array([from_ngrams(word) for word in words])) @ weights
    recovered[name] = np.array([len(ten_nearest(row) & ten_nearest(vectors[word])) / 10
                                for row, word in zip(mapped.astype("float32"), words, strict=True)])

estimates = {name: bootstrap(np.mean, shares, seed=seed) for name, shares in recovered.items()}
ratio = recovered["seen, rare"].mean() / recovered["never seen"].mean()
reveal("05-leak", measured=", ".join(f"{name}: {estimate.value:.0%}" for name, estimate in estimates.items()),
       right=1 + int(ratio > 1.5) + int(ratio > 3))
pd.Series({name: str(estimate) for name, estimate in estimates.items()}, name="neighbours recovered")

# %% [markdown]
# Most of the apparent skill was memory. Rarity alone does not explain it:
# the rare words among the seen do far better than the unseen.
#
# The n-grams of *orchestra* were trained whenever *orchestra* was read: hiding the word from the lookup
# does not hide it from the training.
# Only words left out of *training* show what n-grams can do.
# (The strategy *subwords* above is fitted to visible words alone, so its score is honest.)

# %% [markdown]
# ## Watch the look-alikes
#
# What do n-grams get wrong? Take 4,000 words that fastText never saw, and the nearest word that it gives each.
# word2vec did see both: its cosine says whether they have anything to do with each other.
# Call the answer *misleading* if that cosine is below 0.3; pairs drawn at random mostly are.

# %%
predict("05-look-alikes", "For how many unseen words is fastText's nearest word misleading?",
        ["less than 20 of 100", "20 to 40 of 100", "more than 40 of 100"])

# %%
def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


strangers = list(np.random.default_rng(seed).choice(unseen, 4000, replace=False))
table = unit(fasttext[seen])
all_cosines = (table @ row for row in unit(np.array([fasttext[word] for word in strangers])))  # one word at a time
best, highest = zip(*((cosines.argmax(), cosines.max()) for cosines in all_cosines), strict=True)
look = pd.DataFrame({"word": strangers, "fastText's nearest": [seen[place] for place in best], "fastText": highest})
look[VECTORS] = (unit(vectors[strangers]) * unit(vectors[seen])[list(best)]).sum(axis=1)
misleading = (look[VECTORS] < 0.3).to_numpy()
share = bootstrap(np.mean, misleading, seed=seed)
reveal("05-look-alikes", measured=f"a share of {share}, of {len(look):,} words",
       right=1 + int(share.value >= 0.2) + int(share.value > 0.4))
sure = look.sort_values("fastText", ascending=False)
pd.concat([sure[sure[VECTORS] < 0.2].head(7), sure[sure[VECTORS] > 0.6].head(7)]).round(2)

# %% [markdown]
# The last two columns are cosines of the same two words.
# Above, look-alikes that have little to do with each other, a few of them from one root; below, relatives.
# N-grams read spelling, and spelling is a witness that sometimes lies.
#
# Does fastText's own cosine warn you? Sort the words into bins by it.

# %%
edges = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
bin_of = np.digitize(look.fastText, edges[1:-1])
by_bin = pd.Series(misleading).groupby(bin_of).mean()
counts = pd.Series(misleading).groupby(bin_of).size()
random_pairs = (unit(vectors[strangers]) * unit(vectors[list(rng.choice(seen, 4000))])).sum(axis=1)

figure, axes = plt.subplots(figsize=(7.5, 3.8))
axes.bar(by_bin.index, by_bin, color="#0072B2", width=0.7)
for place in by_bin.index:
    inside = by_bin[place] > 0.25  # the number inside the bar, or above a low one
    axes.text(place, by_bin[place] + (-0.025 if inside else 0.02), f"{by_bin[place]:.0%}\nof {counts[place]:,}",
              ha="center", va="top" if inside else "bottom", color="white" if inside else "black")
axes.axhline((random_pairs < 0.3).mean(), color="#767676", linestyle="--")
axes.text(4.45, (random_pairs < 0.3).mean() + 0.015, "pairs drawn at random", color="#767676", ha="right")
axes.set(title="A look-alike misleads most where fastText is least sure", ylabel="share misleading", ylim=(0, 1.05),
         xlabel="fastText's cosine with its nearest word", xticks=range(5),
         xticklabels=["below 0.6", "0.6 to 0.7", "0.7 to 0.8", "0.8 to 0.9", "above 0.9"])
show(figure, alt=f"Share of misleading nearest words by fastText's own cosine: {by_bin.iloc[0]:.0%} in the lowest bin, "
                 f"{by_bin.iloc[-1]:.0%} above 0.9; random pairs {(random_pairs < 0.3).mean():.0%}.")

# %% [markdown]
# It does. Above a cosine of nine tenths few answers mislead.
# Lower down more and more do, in the first bin nearly as many as of pairs drawn at random,
# and most words lie in the middle, where nobody can tell.
# So treat the cosine as a threshold: use what is sure, leave the rest out.

# %% [markdown]
# ## Cut words into pieces: WordPiece
#
# fastText takes all n-grams at once. Transformers such as BERT, in lesson 7, cut a word into a few **pieces**
# instead, so that nearly every word is known.
# **WordPiece** learns a list of pieces of a chosen size from text: it begins with single letters
# and joins what often stands together.
# A piece that continues a word is marked `##`. Train three:

# %%
from lessons_lib.pieces import train_wordpiece

raw = [" ".join(words) for words in training]
tokenizers = {size: train_wordpiece(raw, size) for size in (500, 2000, 6000)}
examples = ["language", "whales", "violinist", "unbelievable", "photosynthesis", "recieve"]
pd.DataFrame({"number of n-grams": [len(ngrams(word)) for word in examples],
              **{f"{size:,} pieces": [" ".join(tokenizer.encode(word).tokens) for word in examples]
                 for size, tokenizer in tokenizers.items()}}, index=examples)

# %% [markdown]
# A larger list gives fewer and longer pieces, up to whole words such as *language*.
# The cut follows frequency, not grammar: expect breaks where no linguist would make one.
#
# Cutting is simple: take the longest piece that fits, then go on behind it.

# %%
def cut(word, pieces):
    """WordPiece: the longest known piece from the left, again and again; [UNK] if something does not fit."""
    found, start = [], 0
    while start < len(word):
        mark = "##" if start else ""
        ends = (end for end in range(len(word), start, -1) if mark + word[start:end] in pieces)
        end = next(ends, None)
        if end is None:
            return ["[UNK]"]
        found.append(mark + word[start:end])
        start = end
    return found


tokenizer = tokenizers[6000]
pieces = tokenizer.get_vocab()
tried = seen + unseen
same_cuts = np.mean([cut(word, pieces) == tokenizer.encode(word).tokens for word in tried])
print(f"{len(tried):,} words, cut as by the library: {same_cuts:.0%}")

# %% [markdown]
# ## Mistype
#
# Which way of reading stands typing mistakes best?
# `add_typos` gives a share of the words of four letters or more one slip:
# letters swapped, left out, doubled or replaced.

# %% tags=["compare"]
from lessons_lib.typos import accuracy_by_typo_rate, add_typos, mean_reader

for rate in (0, 0.3, 1):
    print(f"{rate:.0%}:", add_typos("The violinist played a difficult concerto before a large audience.", rate, seed=1))

# %% [markdown]
# To be fair, all four ways start from the same fastText vectors with the same 64 numbers;
# only what happens to unknown words differs. A function gives the vector of a word, or `None` to leave it out.
#
# Pieces have no vectors yet. Fit them, so that the pieces of each of fastText's words add up to its vector.

# %%
from lessons_lib.spelling import Speller
from lessons_lib.subwords import PartVectors

rows = fasttext.key_to_index
speller = Speller(fasttext.index_to_key)  # finds the known word that is one slip away
of_pieces = PartVectors(fasttext.index_to_key, fasttext.vectors, lambda word: tokenizer.encode(word).tokens, ridge=0.1)


def known_word(word):
    return fasttext.vectors[rows[word]] if word in rows else None


ways = {"words: leave out": known_word, "words: correct first": lambda word: known_word(
            word if word in rows else speller.one_slip(word)),
        "n-grams": lambda word: fasttext[word], "pieces": of_pieces.vector}

# %%
predict("05-typos", "At 30 typos in 100 words, which way of reading is most often right?", list(ways))

# %%
readers = {name: mean_reader(way, 64) for name, way in ways.items()}
draws = {}
for draw in range(3):  # other texts and other typos each time
    train, test = (sentences[sentences.split == part].sample(n, random_state=3 * seed + draw)
                   for part, n in (("train", 2000), ("test", 1000)))
    draws[draw] = accuracy_by_typo_rate(readers, (train.text, train.topic), (test.text, test.topic),
                                        rounds=1, seed=3 * seed + draw)
typo_results = pd.concat(draws, names=["draw"]).reset_index("draw")
curves = typo_results.pivot_table(index="rate", columns="reader", values="accuracy")[list(ways)]
reveal("05-typos", measured=", ".join(f"{name} {value:.3f}" for name, value in curves.loc[0.3].items()),
       right=1 + int(np.argmax(curves.loc[0.3].to_numpy())))

# %%
figure, axes = plt.subplots(figsize=(8, 4.2))
places = {name: curves.loc[0.3, name] for name in curves}
for colour, name in zip(("#0072B2", "#D55E00", "#009E73", "#CC79A7"), curves, strict=True):
    axes.plot(curves.index, curves[name], marker="o", color=colour)
    dots = typo_results[typo_results.reader == name]
    axes.plot(dots.rate, dots.accuracy, "o", color=colour, alpha=0.3, markersize=4)
    lower = [other for other in places if other != name and 0 <= places[name] - places[other] < 0.006]
    label_end(axes, 0.3, places[name] + (0.004 if lower else 0), name, colour)
axes.set(title="Correcting the spelling keeps the accuracy", ylabel="accuracy", xlim=(-0.01, 0.42),
         xlabel="share of longer words with a slip", xticks=curves.index,
         xticklabels=[f"{rate:.0%}" for rate in curves.index])
show(figure, alt="Accuracy from 0 to 30 % typos: " + "; ".join(
    f"{name} from {curves[name].iloc[0]:.2f} to {curves[name].iloc[-1]:.2f}" for name in curves) + ".")

# %% [markdown]
# (Small dots are single draws, lines their means.) To be exact, compare within a draw:

# %%
at_most_typos = typo_results[typo_results.rate == 0.3].pivot(index="draw", columns="reader", values="accuracy")
against = at_most_typos.sub(at_most_typos["words: leave out"], axis=0).drop(columns="words: leave out")
against.agg(["min", "mean", "max"]).T.round(3).rename_axis(index=None, columns="more accurate than leaving out by")

# %% [markdown]
# Not what you read elsewhere. The n-grams do not beat leaving the mistyped word out, on average.
# Putting the spelling right first keeps nearly all of the accuracy.
# Pieces start lower, for here they have to add up to the words, and fall, too.
#
# Single words say the same. Take common misspellings that people make: is the right word found?

# %%
from lessons_lib.texts import misspellings

slips = misspellings()
slips = slips[slips.word.isin(seen) & ~slips.misspelling.isin(rows)]
by_ngrams = [fasttext.most_similar(slip, topn=10) for slip in slips.misspelling]
found = pd.DataFrame({
    "n-grams, nearest": [near[0][0] == word for near, word in zip(by_ngrams, slips.word, strict=True)],
    "n-grams, among ten": [word in dict(near) for near, word in zip(by_ngrams, slips.word, strict=True)],
    "correct first": [*map(speller.one_slip, slips.misspelling)] == slips.word})
pd.Series({name: str(bootstrap(np.mean, hits.to_numpy(), seed=seed)) for name, hits in found.items()},
          name="right word")

# %% [markdown]
# By correcting most are found, by n-grams few. Why?
# Count the parts that a misspelling still has in common with the right word.

# %%
from collections import Counter


def shared_parts(cut, slip, word):
    """Share of the parts of a misspelling that the right word has, too."""
    parts = Counter(cut(slip))
    return (parts & Counter(cut(word))).total() / parts.total()


cutters = {"n-grams": ngrams, "pieces": lambda word: tokenizer.encode(word).tokens}
pairs_of_forms = list(zip(slips.misspelling, slips.word, strict=True))
shared = {name: bootstrap(np.mean, [shared_parts(cut, *pair) for pair in pairs_of_forms], seed=seed)
          for name, cut in cutters.items()}
pd.Series({name: str(estimate) for name, estimate in shared.items()}, name="parts that the right word has, too")

# %% [markdown]
# Half of the n-grams of a misspelling are strangers to the word, and strangers vote as well.
# Of its pieces even fewer are right: a slip early in a word can change all the pieces behind it.
#
# Be fair to fastText, though: this file is small, with 25,000 rows for its n-grams.
# What that means is next.

# %% [markdown]
# ## Under the hood
#
# There are far more n-grams than rows. fastText keeps no list of them: it computes a number from the letters,
# a **hash**, and takes the remainder after division as the row, which is called a **bucket**.
# The hash is called FNV-1a: for each byte, flip those bits of the number that are 1 in the byte (`^`), and multiply.
#
# One trap: fastText reads bytes as signed numbers, so a byte above 127, as in *é*, counts as negative.

# %%
def fnv_hash(text):
    """Return the 32-bit FNV-1a hash of a text, as fastText computes it."""
    number = 2166136261
    for byte in text.encode("utf-8"):
        signed = byte - 256 if byte > 127 else byte
        number = ((number ^ (signed & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF  # keep 32 bits
    return number


def by_hand(word):
    """Return the vector that fastText gives a word: the mean of its n-grams and, if it is known, of its own vector."""
    buckets = [fnv_hash(ngram) % fasttext.bucket for ngram in ngrams(word)]
    known = word in fasttext.key_to_index
    # vectors_vocab: the words' own vectors; vectors_ngrams: one row a bucket
    total = fasttext.vectors_vocab[fasttext.key_to_index[word]].copy() if known else np.zeros(64, dtype="float32")
    for bucket in buckets:
        total += fasttext.vectors_ngrams[bucket]
    return total / (len(buckets) + known)

# %%
accented = ["señorita", "crème", "naïveté", "façade", "übermensch", "žižek"]
to_compare = [*fasttext.index_to_key, *slips.misspelling, *accented, *unseen[:1000]]
same_floats = np.mean([np.array_equal(by_hand(word), fasttext[word]) for word in to_compare])
print(f"{len(to_compare):,} words, equal to gensim's vectors to the last bit: {same_floats:.0%}")

# %% [markdown]
# Equal to the last bit, for known, misspelt, accented and unseen words.
# Two different n-grams in one bucket are a **collision**: they share a vector, whatever they mean.
# Count them, in this file and in larger ones; published fastText vectors have two million buckets.

# %%
all_ngrams = sorted({ngram for word in fasttext.index_to_key for ngram in ngrams(word)})
hashes = np.array([fnv_hash(ngram) for ngram in all_ngrams])


def share_colliding(buckets):
    """Share of the n-grams whose bucket has another n-gram in it."""
    in_bucket = np.bincount(hashes % buckets, minlength=buckets)
    return (in_bucket[hashes % buckets] > 1).mean()


sizes = [5_000, fasttext.bucket, 100_000, 500_000, 2_000_000]
collisions = pd.Series({buckets: share_colliding(buckets) for buckets in sizes})
whale_bucket = fnv_hash("whale") % fasttext.bucket
print(f"{len(all_ngrams):,} n-grams in {fasttext.bucket:,} buckets: {len(all_ngrams) / fasttext.bucket:.1f} in each")
beside = [ngram for ngram, number in zip(all_ngrams, hashes, strict=True) if number % fasttext.bucket == whale_bucket]
print("In one bucket:", *sorted(beside))
pd.Series({f"{buckets:,} buckets": f"{part:.0%}" for buckets, part in collisions.items()},
          name="n-grams that share a bucket")

# %% [markdown]
# In this file nearly every n-gram shares its vector with strangers.
# With two million buckets few do. Are collisions the reason for the weak score on misspellings?
# Fit vectors for n-grams *without* buckets, one row each, to the same words:

# %%
of_ngrams = PartVectors(fasttext.index_to_key, fasttext.vectors, ngrams, least=2)
nearest = unit(of_ngrams(list(slips.misspelling))) @ unit(fasttext.vectors).T
without_buckets = np.array(fasttext.index_to_key)[nearest.argmax(axis=1)] == slips.word.to_numpy()
print(f"right word nearest: {found['n-grams, nearest'].mean():.0%} with buckets, {without_buckets.mean():.0%} without,",
      f"{found['correct first'].mean():.0%} by correcting")

# %% [markdown]
# Some of the weakness goes away, most of it stays.
# (These rows were fitted afterwards and not trained on text: take the number as a hint.)
# A mean over n-grams is not made to find one word: the strangers pull it away.
# The speller asks a sharper question: which known word is one slip off?

# %% [markdown]
# ## Myth: any language
#
# "Subwords know every word, so one model serves any language." Try it.
# A classifier is trained on English reviews and meets Spanish and French ones, half of them positive.
# Guessing is right 50 times in 100.

# %%
predict("05-language", "How often is it right on Spanish reviews, with n-grams?",
        ["less than 60 times in 100: hardly better than guessing", "60 to 70 times", "above 70 times"])

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

english, foreign = reviews(), other_language()
parts = {"English": english[(english.split == "test") & ~english.unseen],
         "Spanish": foreign[foreign.language == "es"], "French": foreign[foreign.language == "fr"]}
english = english[english.split == "train"]
read = {"known words": mean_reader(known_word, 64), "n-grams": mean_reader(lambda word: fasttext[word], 64)}
right = {}
for way, reader in read.items():
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    model.fit(reader([*map(tokenise, english.text)]), english.label)
    for language, part in parts.items():
        right[way, language] = (model.predict(reader([*map(tokenise, part.text)])) == part.label).to_numpy()

# %%
language_scores = {key: bootstrap(np.mean, hits, seed=seed) for key, hits in right.items()}
of_languages = {language: coverage(fasttext, part.text) for language, part in parts.items()}
spanish = language_scores["n-grams", "Spanish"].value
reveal("05-language", measured=f"{language_scores['n-grams', 'Spanish']}",
       right=1 + int(spanish >= 0.6) + int(spanish > 0.7))
pd.DataFrame({language: {"running words known": f"{report.tokens:.0%}", "different words known": f"{report.types:.0%}",
                         **{way: f"right: {language_scores[way, language]}" for way in read}}
              for language, report in of_languages.items()}).T

# %% [markdown]
# Many running words are "known", and on neither language is an interval clear of guessing.
# What are these words to the vectors? Take translations whose foreign word has a vector of its own
# and is spelt otherwise than in English: is the English word near?
# And **false friends**, spelt as in English and different in meaning: which meaning do they have?

# %%
from lessons_lib.texts import false_friends, translations

pairs = pd.concat([translations(language) for language in ("spanish", "french")])
pairs = pairs[(pairs.english != pairs.translation) & pairs.english.isin(vectors.key_to_index)
              & pairs.translation.isin(vectors.key_to_index)]
ten = [[near for near, _ in vectors.most_similar(word, topn=10)] for word in pairs.translation]
pairs["found"] = [english in near for english, near in zip(pairs.english, ten, strict=True)]
pairs["neighbours"] = [" ".join(near[:6]) for near in ten]
print(f"{len(pairs)} words; English word among the ten nearest: {pairs.found.mean():.0%}")
shown = pairs[pairs.translation.isin(["madre", "verde", "sol", "client", "petit", "café"])]
shown.drop_duplicates("translation")[["translation", "english", "neighbours"]]

# %%
friends = pd.concat([false_friends(language) for language in ("spanish", "french")])
friends = friends[friends.foreign.isin(vectors.key_to_index)].drop_duplicates(["foreign", "foreign_meaning"])
friends = friends.reset_index(drop=True)


def closeness(word, meaning):
    """Cosine of a word with the mean of the words that describe a meaning."""
    small = ("or", "of", "to", "in", "a", "at", "as", "if", "with", "that")
    words = [w for w in tokenise(meaning) if w in vectors and w not in (word, *small)]
    return vectors.get_mean_vector(words, post_normalize=True) @ vectors.get_vector(word, norm=True)


friends["english"] = [closeness(*pair) for pair in zip(friends.foreign, friends.english_meaning, strict=True)]
friends["its own"] = [closeness(*pair) for pair in zip(friends.foreign, friends.foreign_meaning, strict=True)]
english_wins = bootstrap(np.mean, (friends["english"] > friends["its own"]).to_numpy(), seed=seed)
print(f"{len(friends)} false friends with a vector; nearer to the English meaning: {english_wins}")
order = (friends["english"] - friends["its own"]).sort_values(ascending=False).index[[0, 1, 2, 3, -2, -1]]
friends.loc[order, ["foreign", "english_meaning", "english", "foreign_meaning", "its own"]].round(2)

# %% [markdown]
# (The table shows the four false friends that are most English, and the two that are least.)

# %% [markdown]
# **Verdict.** A vector for every word is not a meaning for every word.
# English text has foreign words in names: *madre* is a mountain range there.
# Nearly all translations are missed; most false friends keep their English meaning,
# though with so few the interval is wide;
# and the classifier is about as good as a coin, with n-grams or without.
# Another language needs vectors of that language; lesson 4 showed how to lay them over yours.

# %% [markdown]
# ## Connection: the wug test
#
# In 1958 the psychologist Jean Berko showed children a made-up animal, called it a wug, and asked what two of it are.
# They said *wugs*, a word that they had never heard: they had a rule, not a list.
#
# Do n-grams have the rule? Make up stems. From *real* words take the mean step from word to form, for each ending.
# Does the step from *wug* to *wugs* point the way of plurals?

# %%
from lessons_lib.texts import morphology

endings = {"plural": "s", "past": "ed", "present participle": "ing", "comparative": "er", "superlative": "est",
           "adverb": "ly", "quality": "ness", "act": "ment"}
known_forms = morphology().query("word in @fasttext.key_to_index and form in @fasttext.key_to_index")
steps, n_pairs = {}, {}
for relation, ending in endings.items():
    regular = known_forms[(known_forms.relation == relation) & (known_forms.form == known_forms.word + ending)]
    steps[relation] = (fasttext[list(regular.form)] - fasttext[list(regular.word)]).mean(axis=0)
    n_pairs[relation] = len(regular)
directions = unit(np.array(list(steps.values())))

# %%
rng = np.random.default_rng(seed)
stems = ["wug"] + ["".join(rng.choice(list(letters)) for letters in ("bdfgklmnprtvwz", "aiou", "bdgklmnprt"))
                   for _ in range(199)]
stems = [stem for stem in dict.fromkeys(stems)  # each once, and neither the stem nor a form of it a known word
         if not any(stem + ending in fasttext.key_to_index for ending in ["", *endings.values()])]
taken_for = {}
for relation, ending in endings.items():
    made = unit(np.array([fasttext[stem + ending] - fasttext[stem] for stem in stems]))
    taken_for[relation] = pd.Series((made @ directions.T).argmax(axis=1)).map(list(endings).__getitem__)
taken_for = pd.DataFrame(taken_for)  # a row a stem
recognised = taken_for == taken_for.columns
wug_score = bootstrap(np.mean, recognised.mean(axis=1), seed=seed)
print(f"{len(stems)} made-up stems, {len(endings)} endings; chance {1 / len(endings):.2f}, n-grams {wug_score}")
pd.DataFrame({"real pairs": n_pairs, "recognised": recognised.mean().round(2),
              "most often taken for": taken_for.mode().loc[0]})

# %% [markdown]
# Clearly more often than chance, and far from always: endings such as *s* and *ed* come through,
# and *ing* is mostly taken for another ending.
# (Each step is a mean over few real pairs, so do not lean on a single line.)
#
# So n-grams hold a rule, as Berko's children did, but a weak one, and a rule of spelling:
# for *went* or *mice* there is no such step to read off the letters.

# %% [markdown]
# ## Pitfall: everything is known
#
# Somebody counts coverage, with code that was right for word2vec:

# %%
def coverage_wrong(vectors, texts):
    words = [word for text in texts for word in tokenise(text)]
    return np.mean([word in vectors for word in words])


rng = np.random.default_rng(seed)
noise = [" ".join("".join(rng.choice(list("qwrtzpsdfghjkl"), 7)) for _ in range(8)) for _ in range(100)]
checked = {language: part.text for language, part in parts.items()} | {"keys hit at random": noise}
wrong = {name: coverage_wrong(fasttext, texts) for name, texts in checked.items()}
pd.DataFrame({"word in vectors": wrong,
              "right": {name: coverage(fasttext, texts).tokens for name, texts in checked.items()}}).round(2)

# %% [markdown]
# What it does: Spanish is covered completely, and so is noise.
# No error, no warning, and the report looks splendid.
#
# **Root cause.** For word2vec `word in vectors` asks "is there a row?"; for fastText it asks "can I make one up?",
# and that is true of nearly anything.
#
# **Right code.** Ask the list of words: `word in vectors.key_to_index`. `coverage` does.
# Keep both numbers: what is known, and what is made up.

# %% [markdown]
# ## In practice
#
# | your case | do |
# |---|---|
# | words written otherwise | normalise as the vectors' corpus was, no more |
# | typing mistakes | correct first, then look up |
# | rare forms of known words | subwords, above a threshold of similarity |
# | new words with text around them | mean of contexts |
# | long texts | leave unknown words out; measure that it does not matter |
# | another language, another domain | other vectors, or train your own (lesson 2) |

# %% [markdown]
# When not to bother: in long texts, and for words that say nothing about your task.
# Production counts the share of unknown words each day: when it climbs, the texts have changed.
#
# The same comparison on your own vectors and labelled texts, `train` saying which of them to train on:
#
# ```python
# results = oov_strategies(my_vectors, texts, labels, train)
# results.groupby(["strategy", "band"])[["neighbours", "accuracy"]].mean().unstack()
# ```

# %% [markdown]
# ## Claims
#
# The headline statements of this lesson, checked against what was just measured.

# %%
claim("Articles: running words are covered better than different words",
      reports["articles"].tokens - reports["articles"].types, at_least=0.1)
claim("The documentation is covered worse than the articles (running words)",
      reports["articles"].tokens - reports["documentation"].tokens, at_least=0.03)
won = ladder.won_tokens.iloc[1:]
claim("Lower case wins back most of what normalising wins back, as a share", won["another case"] / won.sum(),
      at_least=0.75)
claim("With capitals, Series and series share few of their ten neighbours", series_shared, at_most=3)
claim("The two forms of the typical word are nearer than two words drawn at random (medians of the cosine)",
      of_cases.median() - at_random, at_least=0.15)
claim("Series and series are farther apart than the two forms of the typical word",
      of_cases.median() - of_cases["Series"], at_least=0.1)

# %%
looks = summary["neighbours"].loc[by_word].min().min()
blind = summary["neighbours"].loc[["zero", "mean", "random", "mean of rare"]].max().max()
claim("Strategies that look at the word recover neighbours", looks, at_least=0.05)
claim("Even the best strategy recovers few (share of ten)", summary["neighbours"].loc[by_word].max().max(), at_most=0.3)
claim("Strategies that do not look at it recover none", blind, at_most=0.01)
claim("The mean of contexts by hand is the library's (1: yes)", same_contexts, at_least=1)
claim("The plain mean has a high cosine with hidden words all the same", mean_cosine, at_least=0.3)
claim("Random vectors are worse than zeros", gains["random"], at_most=-0.01)
claim("Subwords are better than zeros on short texts", gains["subwords"], at_least=0.03)
claim("Mean of contexts is better than zeros on short texts", gains["mean of contexts"], at_least=0.03)
claim("In whole sentences less is at stake than in short texts",
      at_stake["short texts"].value - at_stake["whole sentences"].value, at_least=0.03)

# %%
claim("fastText's n-grams recover more neighbours of words seen in training than of unseen ones, as a ratio", ratio,
      at_least=2.5)
claim("fastText's nearest word misleads for many unseen words", share, at_least=0.4)
claim("Where fastText is surest few mislead", by_bin.iloc[-1], at_most=0.15)
claim("WordPiece by hand cuts as the library (share)", same_cuts, at_least=1)
claim("fastText's vectors by hand are the library's to the last bit (share)", same_floats, at_least=1)
claim("In this file n-grams collide", collisions[fasttext.bucket], at_least=0.9)
claim("With two million buckets few do", collisions[2_000_000], at_most=0.2)

# %%
fixed = curves.loc[0.3]
claim("At 30 typos in 100 words correcting beats n-grams", fixed["words: correct first"] - fixed["n-grams"],
      at_least=0.005)
claim("Correcting loses little of the accuracy on clean texts",
      curves["words: correct first"].iloc[0] - fixed["words: correct first"], at_most=0.025)
claim("Leaving mistyped words out is not worse than n-grams", fixed["words: leave out"] - fixed["n-grams"],
      at_least=-0.02)
claim("Common misspellings: correcting finds the word more often than n-grams",
      found["correct first"].mean() - found["n-grams, nearest"].mean(), at_least=0.4)
claim("Of the n-grams of a misspelling hardly more than half belong to the word", shared["n-grams"], at_most=0.6)
claim("Of its pieces even fewer do", shared["n-grams"].value - shared["pieces"].value, at_least=0.1)
claim("Spanish and French through English n-grams: at most this often right",
      max(language_scores["n-grams", language].value for language in ("Spanish", "French")), at_most=0.62)
claim("Few translations are among the ten nearest words", pairs.found.mean(), at_most=0.15)
claim("Most known false friends are nearer to the English meaning", english_wins, at_least=0.6)
claim("Steps to made-up forms are recognised more often than by chance, as a ratio", wug_score.value * len(endings),
      at_least=2)
claim("Coverage counted with `in` is complete for keys hit at random", wrong["keys hit at random"], at_least=0.999)

# %% [markdown]
# ## Takeaways
#
# - Read the list of missing words. Normalise as the vectors' corpus was; then decide about the rest.
# - Hide known words to judge a strategy: neighbours tell more than the cosine with the truth.
# - Strategies that look at the word help where texts are short; random vectors do harm.
# - N-grams read spelling: good for endings, misled by look-alikes, weak on typos. Correct typos first.
# - A vector for every word is not a meaning for every word, least of all in another language.

# %%
from lessons_lib import flash_cards

flash_cards("05")

# %%
quiz("05")

# %% [markdown]
# ## Where to read more
#
# - Bojanowski, Grave, Joulin and Mikolov (2017), *Enriching word vectors with subword information*: fastText itself;
#   section 5 has tests on rare words to hold next to yours.
# - Zhao, Mudgal and Liang (2018), *Generalizing word embeddings using bag of subwords*:
#   the strategy *subwords* of this lesson, in full.
# - Khodak and others (2018), *A la carte embedding*: how to make a mean of contexts much better with one linear map.
# - Sennrich, Haddow and Birch (2016), *Neural machine translation of rare words with subword units*:
#   where cutting into pieces became usual.
# - Berko (1958), *The child's learning of English morphology*: the wug test, with its drawings.
#
# So far the vectors stayed as they were loaded.
# The next lesson lets training change them, and watches what they forget.
