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
# # Use contextual embeddings
#
# In this lesson you open a small transformer, watch a word change its vector from sentence to sentence,
# and build a search engine over the documentation of the libraries that you have installed.
#
# **You will be able to**
#
# - take vectors of words and of texts out of any transformer, fast and without the usual mistakes;
# - measure whether they are worth their price on your task, against simple rivals;
# - store, update, search and question them as production systems do.
#
# **You need** lessons 1 to 6, above all cosine, tables of embeddings, WordPiece and the mean vector of a text.
#
# **Time** about 70 minutes to read and try, less than two minutes to compute.
#
# Lesson 6 changed the rows of a table. However you change it, *bank* has one row,
# and lesson 1 showed that one sense takes most of it.
# Now each occurrence of a word gets a vector of its own.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from lessons_lib import bootstrap, claim, label_end, load_vectors, predict, quiz, reveal, setup, show

seed = setup("07")

# %% [markdown]
# ## Open a transformer
#
# A **transformer** is a network that reads a whole sentence at once
# and lets every position look at all the others.
# **BERT** is the best known one of the kind that reads; the course ships a small relative, *mini-bert*.
# A **contextual embedding** is a vector that such a network gives a word *in its sentence*.
#
# To run the lesson with another one, change `MODEL`: to a name that `lessons fetch` knows
# (`all-MiniLM-L6-v2`), or to a folder of your own.

# %%
from lessons_lib.contextual import load_transformer

MODEL = "mini-bert"
transformer = load_transformer(MODEL)
tokenizer, network = transformer.tokenizer, transformer.network

n_numbers = sum(weight.numel() for weight in network.parameters())
model_megabytes = sum(path.stat().st_size for path in transformer.folder.iterdir()) / 1e6
print(f"{transformer.n_layers} layers, {transformer.n_dims} numbers a vector, {len(tokenizer):,} pieces")
print(f"{n_numbers / 1e6:.1f} million trained numbers, {model_megabytes:.0f} MB on disk")

# %% [markdown]
# ## Cut text into pieces
#
# Lesson 5 ended with WordPiece: a fixed list of pieces, and every word is cut into the longest pieces that fit,
# from left to right. `##` marks a piece inside a word.
# The rule is short enough to write down.

# %% tags=["compare"]
pieces = tokenizer.get_vocab()


def wordpiece(word):
    """Cut a word into the longest known pieces, from left to right."""
    found, start = [], 0
    while start < len(word):
        ends = range(len(word), start, -1)
        cuts = (("##" if start else "") + word[start:end] for end in ends)
        piece = next((cut for cut in cuts if cut in pieces), None)
        if piece is None:
            return ["[UNK]"]
        found.append(piece)
        start += len(piece.removeprefix("##"))
    return found


words = "bank banking embeddings unbelievable transformer jupyter".split()
same_pieces = all(wordpiece(word) == tokenizer.tokenize(word) for word in words)
print("as the tokenizer does:", same_pieces)

# %%
text = "The bank raised its interest rates."
numbers = tokenizer(text, return_tensors="pt")
print(" ".join(tokenizer.convert_ids_to_tokens(numbers["input_ids"][0])))
for word in words:
    print(f"{word:14}", " ".join(wordpiece(word)))

# %% [markdown]
# Frequent words are one piece, rare ones several, and no word is ever missing.
# The tokenizer adds two marks: [CLS] before the text and [SEP] behind it.

# %% [markdown]
# ## Find the static table inside
#
# The first thing that happens to a piece is a lookup, as in lesson 1:
# the network begins with an embedding table, one row a piece, the same row in every sentence.
# What do its neighbourhoods look like?

# %%
input_table = transformer.table()
unit_table = input_table / np.linalg.norm(input_table, axis=1, keepdims=True)
piece_of = {number: piece for piece, number in pieces.items()}
whole = [number for piece, number in pieces.items() if piece.isalpha() and len(piece) > 2]


def nearest_in_table(word, n=5):
    cosines = unit_table[whole] @ unit_table[pieces[word]]
    return [piece_of[whole[place]] for place in np.argsort(-cosines)[1 : n + 1]]


vectors = load_vectors("word2vec")
queries = "bank river sunday france piano good".split()
pd.DataFrame({"inside the transformer": [" ".join(nearest_in_table(word)) for word in queries],
              "word2vec": [" ".join(word for word, _ in vectors.most_similar(word, topn=5)) for word in queries]},
             index=queries)

# %% [markdown]
# Inside this transformer there is a table of static vectors, and its neighbourhoods make sense.
# They are not the same as those of word2vec.
# What is new comes behind it.

# %% [markdown]
# ## Number the positions
#
# A layer that looks at all places at once does not know which word came first.
# So a second table has a row for each *place*: the **position embedding**.
# Word and place (and a constant) are added up, then **layer normalisation** brings each vector to mean 0 and spread 1
# and stretches each dimension by a learnt factor.
# By hand:

# %%
import torch

layers_of = network(**numbers, output_hidden_states=True).hidden_states
parts = network.embeddings
with torch.inference_mode():
    places = torch.arange(numbers["input_ids"].shape[1])
    added = (parts.word_embeddings(numbers["input_ids"]) + parts.position_embeddings(places)
             + parts.token_type_embeddings.weight[0])
    centred = added - added.mean(-1, keepdim=True)
    by_hand = centred / (centred.var(-1, correction=0, keepdim=True) + 1e-12).sqrt()
    by_hand = by_hand * parts.LayerNorm.weight + parts.LayerNorm.bias
input_difference = (by_hand - layers_of[0]).abs().max().item()
print(f"largest difference to the library: {input_difference:.1e}")

# %% [markdown]
# Do the positions matter? Turn a sentence round, once with them and once with all their rows set to zero.

# %%
from copy import deepcopy

from lessons_lib.contextual import encode
from lessons_lib.contextual.models import Transformer

blind_network = deepcopy(network)
blind_network.embeddings.position_embeddings.weight.data.zero_()
blind = Transformer(transformer.folder, tokenizer, blind_network)
turned_round = ["the dog bit the man", "the man bit the dog"]
changes = {}
for name, reader in {"with positions": transformer, "without": blind}.items():
    first, second = encode(turned_round, reader, precision="float32")
    changes[name] = np.linalg.norm(first - second) / np.linalg.norm(first)
    print(f"{name}: the vector of the text changes by {changes[name]:.5f} of its length")
del blind, blind_network, reader  # a second network, no longer needed

# %% [markdown]
# Without positions a transformer reads a bag of words, like the mean vectors of lesson 3.
# With them, who bit whom makes a difference.

# %% [markdown]
# ## Watch one head look
#
# In each layer every place asks a question (its *query*), shows a label (its *key*) and offers a *value*.
# How well a key fits a query decides how much of that value is taken; the shares of a place add up to 1.
# This is **attention**.
# It happens several times side by side, with other numbers, and each of them is an **attention head**.
#
# Which head looks from *bank* to *river* most?

# %%
looking = load_transformer(MODEL, attention="eager").network
sentence = "the boat was tied to the bank of the river"
asked = tokenizer(sentence, return_tensors="pt")
tokens = tokenizer.convert_ids_to_tokens(asked["input_ids"][0])
with torch.inference_mode():
    attention = torch.stack(looking(**asked, output_attentions=True).attentions)[:, 0]  # layer, head, from, to
from_word, to_word = tokens.index("bank"), tokens.index("river")
looks = attention[:, :, from_word, to_word]
layer, head = np.unravel_index(int(looks.argmax()), looks.shape)
strongest_look, mean_look = looks.max().item(), looks.mean().item()

# %%
shares = attention[layer, head].numpy()
figure, axes = plt.subplots(figsize=(6.4, 5.2))
picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=shares.max())
axes.set(xticks=range(len(tokens)), yticks=range(len(tokens)), yticklabels=tokens, xlabel="looks at", ylabel="place",
         title=f"Layer {layer + 1}, head {head + 1}: where each place looks")
axes.set_xticklabels(tokens, rotation=60, ha="right")
axes.grid(False)
axes.add_patch(plt.Rectangle((to_word - 0.5, from_word - 0.5), 1, 1, fill=False, edgecolor="#D55E00", linewidth=2))
figure.colorbar(picture, ax=axes, label="share of the attention", shrink=0.8)
show(axes, alt=f"Attention of one head as a grid of {len(tokens)} by {len(tokens)}: from bank {strongest_look:.2f} of "
               f"the attention goes to river, against {mean_look:.2f} over all heads.")

# %% [markdown]
# The orange cell is *bank* looking at *river*.
# We searched all the heads for the one that does it most, so the picture proves nothing about the other heads:
# one beautiful head proves as little as five pretty neighbours did in lesson 1.

# %% [markdown]
# ## Let it guess the hidden word
#
# BERT was trained to fill gaps. mini-bert was, too,
# but most of all it learnt to give the vectors of a larger model, its teacher.
# Put [MASK] where a word was and ask for the likeliest pieces: this is **fill-mask**.

# %%
from transformers import AutoModelForMaskedLM

from lessons_lib.contextual.models import quiet

with quiet():
    filler = AutoModelForMaskedLM.from_pretrained(transformer.folder, dtype=torch.float32).eval()


def fill_mask(text, n=5):
    """Return the n likeliest pieces for [MASK], with their probabilities."""
    ids = tokenizer(text, return_tensors="pt", truncation=True, max_length=transformer.longest)
    place = (ids["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0]
    with torch.inference_mode():
        likely = filler(**ids).logits[0, place].softmax(-1)[0].topk(n)
    return [(piece_of[int(number)], float(share)) for number, share in zip(likely.indices, likely.values, strict=True)]


for text in ("The capital of France is [MASK].", "She plays the [MASK] in an orchestra.", "Born in [MASK] 1950."):
    print(text, " ", ", ".join(f"{piece} {share:.2f}" for piece, share in fill_mask(text)))

# %% [markdown]
# Three examples are an anecdote. Hide one word in each of 150 sentences from the articles that no bundled file was
# trained on, and count. The rival always guesses the most frequent word, *the*.

# %%
from lessons_lib.texts import topic_sentences

rng = np.random.default_rng(seed)
articles = topic_sentences().text.to_numpy()
sentences = articles[rng.permutation(len(articles))]
hits, rival = [], []
for text in sentences[:150]:
    words_of = text.split()
    hidden = [i for i, word in enumerate(words_of) if word.isalpha() and word.lower() in pieces]
    if not hidden:
        continue  # a sentence of rare words only
    place = int(rng.choice(hidden))
    guesses = [piece for piece, _ in fill_mask(" ".join([*words_of[:place], "[MASK]", *words_of[place + 1 :]]))]
    hits.append((guesses[0] == words_of[place].lower(), words_of[place].lower() in guesses))
    rival.append(words_of[place].lower() == "the")
filled = bootstrap(np.mean, np.array(hits)[:, 0], seed=seed)
print(f"first guess right {filled}, among five {np.mean(hits, axis=0)[1]:.3f}, always 'the' {np.mean(rival):.3f}")

# %% [markdown]
# ## Follow a word through the layers
#
# Take 20 words with several senses, in 704 sentences written for the course, and the vector of the word
# in each of them, at every layer (the mean over its pieces).
# Layer 0 is what enters the first layer.
#
# First two sentences about one *bank* and one about the other:

# %%
from lessons_lib.contextual import layer_vectors
from lessons_lib.texts import senses

labelled = senses()
word_layers = layer_vectors(labelled, transformer)  # layer, sentence, dimension


def cosine(u, v):
    return float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))


bank = labelled.index[labelled.word == "bank"]
money, river = bank[labelled.sense[bank] == "money"], bank[labelled.sense[bank] == "river"]
for row in (money[0], money[2], river[0]):
    print(labelled.sense[row], "-", labelled.text[row])
pd.DataFrame([[cosine(layer[money[0]], layer[row]) for row in (money[2], river[0])] for layer in word_layers],
             columns=["money, money", "money, river"]).rename_axis("layer").round(2)

# %% [markdown]
# One trio is an anecdote, and the money sentences need not be the closer pair.
# Now all words: the mean cosine of two sentences with the *same* sense of a word and with *different* senses.

# %%
pairs = [(i, j) for _, rows in labelled.groupby("word") for n, i in enumerate(rows.index) for j in rows.index[n + 1 :]]
first, second = np.array(pairs).T
same_sense = (labelled.sense.to_numpy()[first] == labelled.sense.to_numpy()[second])
unit_layers = word_layers / np.linalg.norm(word_layers, axis=2, keepdims=True)
pair_cosines = np.array([np.einsum("pd,pd->p", rows[first], rows[second]) for rows in unit_layers])
means = {"same sense": pair_cosines[:, same_sense].mean(1), "different senses": pair_cosines[:, ~same_sense].mean(1)}
gap = means["same sense"] - means["different senses"]

figure, (levels, gaps) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=[1.35, 1], layout="constrained")
for (name, values), colour, shift in zip(means.items(), ("#0072B2", "#D55E00"), (0.04, -0.04), strict=True):
    levels.plot(values, marker="o", color=colour)
    label_end(levels, len(values) - 1, values[-1] + shift, name, colour)
levels.set(title="One word in two sentences", xlabel="layer", ylabel="mean cosine", xticks=range(len(gap)),
           xlim=(-0.2, len(gap) + 1.2), ylim=(0, 1.02))
gaps.bar(range(len(gap)), gap, color="#009E73", width=0.6)
gaps.axhline(0, color="#767676", linewidth=1)
gaps.set(title="Same minus different", xlabel="layer", ylabel="difference of the two means", xticks=range(len(gap)))
show(figure, alt=f"Mean cosine of a word in two sentences falls from {means['same sense'][0]:.2f} at layer 0 to "
                 f"{means['same sense'][-1]:.2f}; same minus different grows from {gap[0]:.3f} to {gap[-1]:.3f}.")

# %% [markdown]
# At layer 0 the word is nearly the same everywhere; only its place and its ending differ.
# From layer to layer the lines fall: context flows in, and two occurrences of a word move apart.
# Same sense or not makes little difference beside that (on the right, on a scale of its own), but it grows.
# Is it enough to tell the senses apart?

# %% [markdown]
# ## Tell the senses apart
#
# Give each sentence to the sense whose **centroid** (the mean vector of its sentences) is nearest in cosine,
# with the sentence itself left out of its own centroid.
#
# Two static rivals. The *word alone* has the same vector everywhere and can only guess.
# The *mean of 20 neighbours* averages the word2vec vectors of up to ten words on each side: no transformer,
# and it was trained on the same encyclopaedia.

# %%
predict("07-senses", "Who tells the senses apart best, the last layer of mini-bert or the mean of the neighbours?",
        ["the last layer, clearly", "no clear difference", "the mean of the neighbours, clearly"])

# %%
from lessons_lib.contextual import neighbour_means, right_senses, sense_accuracy

by_layer = sense_accuracy(word_layers, labelled, seed)
static = sense_accuracy(vectors, labelled, seed)
right_last = right_senses(word_layers[-1], labelled)
right_static = right_senses(neighbour_means(vectors, labelled), labelled)
sense_lead = bootstrap(np.mean, right_last - right_static, seed=seed)  # the same sentences, so compare one by one
reveal("07-senses", measured=f"last layer minus neighbours: {sense_lead}",
       right=2 if sense_lead.low <= 0 <= sense_lead.high else 1 if sense_lead.value > 0 else 3)
pd.concat([static, by_layer]).round(3)

# %% [markdown]
# Does a larger transformer do better? *all-MiniLM-L6-v2* was trained on pairs of texts that belong together.
# It is too large to ship, so its numbers come from a run that was recorded (`data/experiments/contextual.json`):
# the dashed line. The course ships a cut of it, *cut-minilm*: its lower four layers and 8,000 of its pieces.
# That one runs here.

# %%
import json

from lessons_lib.bundled import bundled_path

recorded = json.loads(bundled_path("experiments/contextual.json").read_text())
large = pd.DataFrame(recorded["senses"]).T
cut_layers = layer_vectors(labelled, "cut-minilm")
cut = sense_accuracy(cut_layers, labelled, seed)
cut_lead = bootstrap(np.mean, right_senses(cut_layers[-1], labelled) - right_static, seed=seed)
print(f"last layer of cut-minilm minus neighbours: {cut_lead}")

# %%
figure, axes = plt.subplots()
places = np.arange(len(by_layer))
axes.fill_between(places, by_layer.low, by_layer.high, alpha=0.2)
axes.plot(places, by_layer.accuracy, marker="o")
label_end(axes, places[-1], by_layer.accuracy.iloc[-1], MODEL, "#0072B2")
axes.plot(cut.accuracy.to_numpy(), color="#AA4499", marker="^")
label_end(axes, len(cut) - 1, cut.accuracy.iloc[-1] - 0.012, "cut-minilm", "#AA4499")
axes.plot(large.accuracy.to_numpy(), color="#009E73", linestyle="--", marker="s")
label_end(axes, len(large) - 1, large.accuracy.iloc[-1], recorded["model"], "#009E73")
for name, row in static.iterrows():
    axes.axhline(row.accuracy, color="#D55E00", linewidth=1.2)
    axes.text(len(large) - 0.6, row.accuracy - 0.008, name, color="#D55E00", ha="left", va="top")
axes.set(title="Senses told apart", xlabel="layer", ylabel="accuracy", xlim=(-0.2, len(large) + 1.9), ylim=(0.3, 0.85),
         xticks=range(len(large)))
first_layer, last_layer = by_layer.accuracy.iloc[[0, -1]]
show(figure, alt=f"Accuracy by layer: {MODEL} {first_layer:.2f} at layer 0, {last_layer:.2f} at the last, cut-minilm "
                 f"{cut.accuracy.iloc[-1]:.2f}, {recorded['model']} {large.accuracy.iloc[-1]:.2f}; mean of neighbours "
                 f"{static.accuracy.iloc[1]:.2f}, word alone {static.accuracy.iloc[0]:.2f}.")

# %% [markdown]
# Layer 0 does no better than guessing. From there each layer tells more senses apart,
# though neighbouring intervals overlap (the shaded band is mini-bert's).
# The mean of the neighbours is a strong rival: most of what a context says about a sense is *which* words are in it.
# The larger network does pass it, whole and cut: the printed difference has an interval above zero.
# Any sense-labelled set with the columns `word`, `sense`, `text` and `position` goes through the same call,
# and so does any model folder: `sense_accuracy("path/to/model", my_sentences)`.

# %% [markdown]
# ## Measure the cone, and take it out
#
# Random words should have a cosine near zero.
# In many transformers they do not: all vectors share a large part, as if they lay in a narrow cone.
# That is called **anisotropy**, and its measure is the mean cosine of random pairs.
# The repair takes out what is shared: the mean, and the direction of greatest spread.

# %%
predict("07-cone", "What is the mean cosine of two random rows (20 words in their sentences), at the last layer?",
        ["below 0.1", "0.1 to 0.4", "above 0.4"])

# %%
def mean_cosine(rows):
    """Mean cosine of 10,000 random pairs of different rows."""
    rng = np.random.default_rng(seed)
    a = rng.integers(0, len(rows), 10_000)
    b = (a + rng.integers(1, len(rows), 10_000)) % len(rows)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return float((rows[a] * rows[b]).sum(1).mean())


def repaired(rows):
    """Take out the mean and the first principal direction."""
    rows = rows - rows.mean(0)
    _, directions = np.linalg.eigh(rows.T @ rows)  # one a column, the strongest last
    return rows - np.outer(rows @ directions[:, -1], directions[:, -1])


repaired_layers = [repaired(layer) for layer in word_layers]
cone = pd.DataFrame({"mean cosine": [mean_cosine(layer) for layer in word_layers],
                     "repaired": [mean_cosine(layer) for layer in repaired_layers],
                     "senses": by_layer.accuracy.to_numpy(),
                     "senses, repaired": [right_senses(layer, labelled).mean() for layer in repaired_layers]})

# %%
reveal("07-cone", measured=f"{cone['mean cosine'].iloc[-1]:.2f}",
       right=1 + int(cone["mean cosine"].iloc[-1] >= 0.1) + int(cone["mean cosine"].iloc[-1] > 0.4))
cone.rename_axis("layer").round(3)

# %% [markdown]
# The repair brings the mean cosine to zero, and the senses are told apart about as well as before:
# what is shared by all pairs changes no ranking by much.
# What it changes is how you may read a number.
# A cosine of 0 or of one half says nothing until you know what two random items have.

# %% [markdown]
# ## Encode texts quickly
#
# A learner's loop reads one text at a time.
# Batches are faster, because large matrix products are; but a batch is as long as its longest text,
# and the rest is padding. Sort by length, and little padding is left.
# Some processors also calculate in *bfloat16*, numbers of half the size.
# The texts are what you will search: the documentation of seven installed libraries.
# Each way is timed twice, in turn, and the faster time counts, because other programs only ever make one slower.

# %%
from lessons_lib.documentation import entries
from lessons_lib.retrieval import searched_texts

library = entries().drop(columns="text")
documents = searched_texts(library)
print(f"{len(documents):,} functions, classes and methods. For example:", *documents[:2], sep="\n  ")


def in_batches(texts, reader, size=64):
    """Encode in batches in the order given: what happens if nobody sorts."""
    return np.concatenate([encode(texts[i : i + size], reader, most_pieces=10**9) for i in range(0, len(texts), size)])


# %%
import time

some = list(np.random.default_rng(seed).choice(documents, 384, replace=False))
quick = load_transformer(MODEL, "auto")
ways = {"one at a time": lambda: [encode([text], transformer) for text in some[:128]],
        "batches of 64": lambda: in_batches(some, transformer),
        "sorted by length": lambda: encode(some, transformer),
        f"sorted, {str(quick.network.dtype).removeprefix('torch.')}": lambda: encode(some, quick)}
speed = dict.fromkeys(ways, 0.0)
for name, way in [*ways.items()] * 2:
    begin = time.perf_counter()
    n_texts = len(way())
    speed[name] = max(speed[name], n_texts / (time.perf_counter() - begin))
speed = pd.Series(speed)
pd.DataFrame({"texts a second": speed, "times as fast": speed / speed["one at a time"]}).round(1)

# %% [markdown]
# ## Pool the pieces into one vector
#
# A transformer gives a vector for each piece, and a search needs one for each text.
# **Pooling** makes one of many: the mean of the pieces, the vector of the first mark ([CLS]),
# or the largest number in each dimension.
# One pass over all documents gives all three.

# %%
predict("07-pooling", "Which pooling finds the right function most often?",
        ["the mean, clearly", "[CLS], clearly", "the largest numbers, clearly", "no clear winner"])

# %%
from lessons_lib.contextual import pool
from lessons_lib.texts import questions


def three_poolings(hidden, inside):
    return torch.cat([pool(hidden, inside, how) for how in ("mean", "first", "max")], dim=1)


questioned = questions()
begin = time.perf_counter()
pooled = np.split(encode(documents, quick, three_poolings), 3, axis=1)
encode_seconds = time.perf_counter() - begin
asked_pooled = np.split(encode(list(questioned.question), quick, three_poolings), 3, axis=1)
print(f"{len(documents):,} texts in {encode_seconds:.0f} s: {len(documents) / encode_seconds:,.0f} a second")

# %% [markdown]
# Judge a search as information retrieval does.
# **Recall** at 10 is the share of questions with a right answer among the first ten;
# the **mean reciprocal rank** (MRR) gives 1 for a right answer in first place, a half for second place, and so on.

# %%
from lessons_lib.retrieval import retrieval_scores


def unit_rows(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


poolings = {}
for how, asked_rows, rows in zip(("mean", "first", "max"), asked_pooled, pooled, strict=True):
    similarity = unit_rows(asked_rows) @ unit_rows(rows).T
    poolings[how] = retrieval_scores(similarity, questioned.answers, library.name, seed=seed)
document_rows, question_rows = pooled[0].copy(), asked_pooled[0]
del pooled, asked_pooled  # only the means are needed from here on
first, second = sorted(poolings, key=lambda how: -poolings[how].mrr.value)[:2]
pooling_lead = bootstrap(np.mean, 1 / poolings[first].ranks - 1 / poolings[second].ranks, seed=seed)
reveal("07-pooling", measured=", ".join(f"{how} {scores.mrr.value:.3f}" for how, scores in poolings.items()),
       right=1 + list(poolings).index(first) if pooling_lead.low > 0 else 4)
pd.DataFrame({how: scores.row() for how, scores in poolings.items()}).T

# %% [markdown]
# The intervals overlap, so with these questions no order is certain.
# Go on with the mean, because mini-bert was trained with it:
# it learnt to say something about a whole passage with its mean, and nobody ever asked its [CLS].
# The card of a published model names its pooling: use that one.
# Picking the best of three on the questions that you judge by would flatter it.

# %% [markdown]
# ## Search by meaning
#
# Five ways to search the same texts with the same 144 questions, from matching words to a large transformer.
# *BM25* is the formula of ordinary search engines: rare words count more, long texts less.
# The *weighted mean* gives rare words more weight in the mean vector.
# Many questions share only small words with their answers, on purpose.

# %%
predict("07-search", "Does mini-bert find the right function more often than the best of the simple ways?",
        ["yes, clearly", "no clear difference", "no, the simple way does, clearly"])

# %%
from lessons_lib.retrieval import rarity, similarities

asked_for = list(questioned.question)
ways = {"TF-IDF": similarities("tfidf", asked_for, documents), "BM25": similarities("bm25", asked_for, documents),
        "mean of word2vec": similarities(vectors, asked_for, documents),
        "weighted mean": similarities(vectors, asked_for, documents, rarity(documents)),
        MODEL: unit_rows(question_rows) @ unit_rows(document_rows).T}
search = {name: retrieval_scores(way, questioned.answers, library.name, seed=seed) for name, way in ways.items()}
del ways  # large, and only the scores are needed from here on
table = pd.DataFrame({name: scores.row() for name, scores in search.items()}).T
large_ranks = np.array([recorded["ranks"][name] for name in questioned.id])
large_mrr = bootstrap(np.mean, 1 / large_ranks, seed=seed)
table.loc[f"{recorded['model']} (recorded)"] = [*(str(bootstrap(np.mean, large_ranks <= n, seed=seed))
                                                  for n in (1, 5, 10)), str(large_mrr)]

# %%
mrr = {name: scores.mrr.value for name, scores in search.items()}
best_simple = max((name for name in search if name != MODEL), key=mrr.get)
reciprocal = {name: 1 / scores.ranks for name, scores in search.items()}
search_lead = bootstrap(np.mean, reciprocal[MODEL] - reciprocal[best_simple], seed=seed)
reveal("07-search", measured=f"{MODEL} minus {best_simple}, question by question: {search_lead}",
       right=1 if search_lead.low > 0 else 3 if search_lead.high < 0 else 2)
table

# %%
large_lead = bootstrap(np.mean, 1 / large_ranks - reciprocal[best_simple], seed=seed)
print(f"{recorded['model']} minus {best_simple}: {large_lead}")
print("Highest number of those that run here offline, clear or not:", max(mrr, key=mrr.get))

# %%
def ask(question, way, n=5):
    """Return the names of the n best entries for a question."""
    scores = way([question])
    return [library.name[place] for place in np.argsort(-scores[0])[:n]]


unit_documents = unit_rows(document_rows)
by_meaning = lambda texts: unit_rows(encode(texts, quick)) @ unit_documents.T  # noqa: E731
for question in ("remove duplicates", "chop a long text into lines of 70 characters"):
    print(question, "\n   by meaning:", ", ".join(ask(question, by_meaning)),
          "\n   by words:  ", ", ".join(ask(question, lambda texts: similarities("bm25", texts, documents))))

# %% [markdown]
# Only a small part of the questions is answered at first place by any of them; these questions are hard.
# Read the interval of the difference before you call a winner:
# a lead whose interval holds zero is not a lead.
# The recorded network, trained on pairs of texts that belong together, is clearly ahead.
# That it is a transformer does not explain it: mini-bert is one, too.

# %% [markdown]
# ## Make static vectors out of a transformer
#
# A transformer can fill a table, too: let it read a word in several sentences and keep the mean.
# Such **distilled vectors** cost a lookup and need no network afterwards.
# Two ways: the word *alone*, as a text of one word; and the word *in sentences*,
# at most three a word, from the 106 articles that no bundled vector has seen.

# %%
from lessons_lib import word_pairs
from lessons_lib.contextual import words_alone, words_in_sentences

generations = {name: load_vectors(name) for name in ("counts", "word2vec", "glove", "fasttext")}
common = [word for word in generations["fasttext"].index_to_key if word in vectors]
tests = ("wordsim353", "simlex999")
pair_words = {word for test in tests for word in word_pairs(test)[["word1", "word2"]].to_numpy().ravel()}
generations["distilled, alone"] = words_alone(common, quick)
in_sentences = words_in_sentences(sentences, sorted(pair_words & set(common)), quick, most=3)
generations["distilled, in sentences"] = in_sentences
print(f"{len(in_sentences):,} words of the yardsticks stand in the articles")

# %% [markdown]
# Lesson 1's yardstick, for the whole course in one table: the four kinds of vectors of lessons 2 and 5,
# and what came out of the transformer, on the same pairs; all but the last row answer the same 3,000 analogies, too.

# %%
from lessons_lib import analogy_questions, answer_analogies, pair_score
from lessons_lib.scores import restrict

asked_analogies = analogy_questions().sample(3000, random_state=seed)
rows, cosine_scores = {}, {}
for name, of_generation in generations.items():
    found = {test: pair_score(restrict(of_generation, in_sentences.index_to_key), test, seed) for test in tests}
    cosine_scores[name] = {test: score.correlation for test, score in found.items()}
    all_words = name != "distilled, in sentences"
    answered = answer_analogies(restrict(of_generation, common), asked_analogies) if all_words else None
    rows[name] = {"dimensions": of_generation.vector_size, "WordSim-353": str(found[tests[0]].correlation),
                  "SimLex-999": str(found[tests[1]].correlation),
                  "analogies": f"{answered.right.mean():.3f}" if all_words else "too few words"}
course_table = pd.DataFrame(rows).T
del generations, in_sentences  # the table is all that is needed from here on
course_table

# %% [markdown]
# A word by itself is not what a transformer was trained to read; give it a few sentences, and it does far better.
# Compare the last row with word2vec, and mind the intervals.
# It is no fair fifth generation, though: mini-bert read the same encyclopaedia,
# but a larger model was its teacher (all-MiniLM-L6-v2), and that one has read a great deal more.

# %% [markdown]
# ## Start a transformer from word vectors
#
# The static table inside a transformer has to be filled with something when training begins.
# Two small transformers were trained on masked words alone, the same text in the same order:
# one began with random rows, one with the rows of word2vec. This was recorded when the course was built.

# %%
predict("07-start", "In the second half of that short training, which has the lower mean loss?",
        ["the one that began with word2vec", "less than 0.05 apart", "the one that began at random"])

# %%
from lessons_lib.scores import build_log

curves = {start: pd.DataFrame(rows) for start, rows in build_log()["bert"]["masked_words_alone"]["losses"].items()}
tail = {start: curve.masked.tail(4).mean() for start, curve in curves.items()}
head_start = tail["random"] - tail["word2vec"]
reveal("07-start", measured=f"loss {tail['word2vec']:.2f} from word2vec, {tail['random']:.2f} from random rows",
       right=1 if head_start > 0.05 else 3 if head_start < -0.05 else 2)

# %%
cut = tokenizer(list(sentences[:6000]), add_special_tokens=False, truncation=True, max_length=transformer.longest)
counted = np.bincount(np.concatenate(cut["input_ids"]))
frequency = counted[counted > 0] / counted.sum()
frequency_loss = -(frequency * np.log(frequency)).sum()
figure, axes = plt.subplots()
ends = sorted(curves, key=lambda start: curves[start].masked.iloc[-1])
for start, shift in zip(ends, (-0.05, 0.05), strict=True):
    curve, colour = curves[start], {"random": "#D55E00", "word2vec": "#0072B2"}[start]
    axes.plot(curve.tokens / 1e6, curve.masked, color=colour, linestyle="--" if start == "random" else "-")
    label_end(axes, curve.tokens.iloc[-1] / 1e6, curve.masked.iloc[-1] + shift, f"from {start}", colour)
axes.axhline(frequency_loss, color="#767676", linewidth=1, linestyle=":")
axes.text(0.02, frequency_loss - 0.02, "knows frequencies only", color="#767676", va="top")
axes.set(title="Filling gaps: loss while training", xlabel="million pieces read", ylabel="loss (lower is better)",
         xlim=(0, 1.3 * curves["random"].tokens.iloc[-1] / 1e6), ylim=(frequency_loss - 0.4, None))
show(figure, alt=f"Two loss curves, in the second half {tail['word2vec']:.2f} from word2vec rows and "
                 f"{tail['random']:.2f} from random rows; knowing frequencies alone gives {frequency_loss:.2f}.")

# %% [markdown]
# Nothing is gained here, which contradicts what you may have read.
# The dotted line is the loss of somebody who knows how frequent each piece is and nothing else
# (measured on the articles). So far both networks have learnt hardly more than that,
# and likeness of words is of no use to a network that does not yet use its context.
#
# Both curves are short and come from one run each. They say that the start is no gift by itself;
# they do not say what a long training would show.

# %% [markdown]
# ## Ask the vectors about bias
#
# Vectors learn what stands in the text, prejudice included.
# An **association test** asks whether two groups of words (names of men, names of women) lean towards
# two groups of attributes (career, family).
# The leaning of a word is its mean cosine with one group minus that with the other;
# the **effect size** is the difference of the two groups' mean leanings, divided by their spread.
#
# How likely is such a difference by chance? The permutation test of lesson 1 answers.

# %%
from lessons_lib.association import association_test, seed_sensitivity, sentence_vectors
from lessons_lib.texts import association_tests


def unit(vectors, words):
    return np.stack([vectors.get_vector(word, norm=True) for word in words])


tests_of = association_tests()
roles = ("target1", "target2", "attribute1", "attribute2")
sets = {number: [list(tests_of.word[(tests_of.test == number) & (tests_of.role == role)]) for role in roles]
        for number in (1, 2, 6, 7, 8)}
men, women, career, family = sets[6]
leaning = {word: (unit(vectors, [word]) @ unit(vectors, career).T).mean() -
                 (unit(vectors, [word]) @ unit(vectors, family).T).mean() for word in men + women}
effect_by_hand = ((np.mean([leaning[w] for w in men]) - np.mean([leaning[w] for w in women]))
                  / np.std(list(leaning.values()), ddof=1))
print(f"by hand {effect_by_hand:.3f}; the library: {association_test(vectors, *sets[6], seed=seed)}")

# %%
predict("07-bias", "What does the test find with mini-bert's vectors of the names, in sentences like 'This is Amy.'?",
        ["no effect left", "a smaller effect, still clear", "as strong or stronger"])

# %% [markdown]
# The words of such a test are somebody's choice.
# So draw half of each set, 200 times, and look how far the effect moves:
# the **seed-word sensitivity**. The thin line holds the middle 95 of 100 draws.

# %%
names_of = {1: "flowers, insects: pleasant", 2: "instruments, weapons: pleasant", 6: "men, women: career, family",
            7: "maths, arts: male, female", 8: "science, arts: male, female"}
contextual = sentence_vectors([word for four in sets.values() for group in four for word in group], MODEL)
spaces = {"word2vec": vectors, MODEL: contextual}
bias = {(space, number): (association_test(rows, *sets[number], seed=seed),
                          np.quantile(seed_sensitivity(rows, *sets[number], seed=seed), [0.025, 0.975]))
        for space, rows in spaces.items() for number in sets}
static_bias, contextual_bias = bias["word2vec", 6][0], bias[MODEL, 6][0]
reveal("07-bias", measured=f"word2vec: {static_bias}; {MODEL}: {contextual_bias}",
       right=1 if contextual_bias.p_value > 0.05 else 2 if contextual_bias.effect < static_bias.effect else 3)

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.8))
for (space, number), (test, ends) in bias.items():
    colour, shift = ("#0072B2", 0.12) if space == "word2vec" else ("#D55E00", -0.12)
    place = len(sets) - 1 - list(sets).index(number) + shift
    axes.plot(ends, [place, place], color=colour, linewidth=1.5)
    axes.plot(test.effect, place, "o" if space == "word2vec" else "s", color=colour,
              label=space if number == 1 else None)
    axes.text(2.05, place, f"p = {test.p_value:.4f}", va="center", size=8.5, color=colour)
axes.axvline(0, color="#767676", linewidth=1)
axes.set(yticks=range(len(sets)), yticklabels=[names_of[number] for number in reversed(sets)],
         xlim=(-1.3, 2.6), xticks=[-1, 0, 1, 2], xlabel="effect size", title="Association tests")
axes.legend(loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)
show(figure, alt="Effect sizes of five association tests with the range over half word lists: men and women against "
                 f"career and family {static_bias.effect:.2f} in word2vec, {contextual_bias.effect:.2f} in {MODEL}.")

# %% [markdown]
# The first two tests are harmless: in word2vec the method finds what everybody knows.
# The next three measure what the texts say about men and women.
# Look at the lines before you quote a number: with half of the words some effects become doubtful.
#
# Can it be taken out? Find the direction in which *he* and *she*, *father* and *mother* differ,
# and remove it from every vector: what is left of the test, and what remains in the vectors?

# %%
from lessons_lib.association import direction, what_remains, without_direction

he_she = [pair.split("-") for pair in "he-she him-her man-woman men-women boy-girl father-mother son-daughter "
          "brother-sister husband-wife king-queen himself-herself uncle-aunt".split()]
gender = direction(vectors, he_she)
removed = without_direction(vectors, gender)
given = {word for pair in he_she for word in pair}
candidates = [word for word in vectors.index_to_key[:20_000] if word.isalpha() and word not in given]
along = unit(vectors, candidates) @ gender
ranked = [candidates[place] for place in np.argsort(-along)]
leaning_male, leaning_female = ranked[:300], ranked[-300:]
print("most male:  ", " ".join(leaning_male[:8]), "\nmost female:", " ".join(leaning_female[::-1][:8]))
after = association_test(removed, *sets[7], seed=seed)
print(f"maths, arts: before {bias['word2vec', 7][0]}; after {after}")

# %%
shuffled = list(np.random.default_rng(seed).permutation(candidates)[:600])
remains = {"before": what_remains(vectors, leaning_male, leaning_female, seed),
           "direction removed": what_remains(removed, leaning_male, leaning_female, seed),
           "two groups drawn at random": what_remains(removed, shuffled[:300], shuffled[300:], seed)}
leak = abs(unit(removed, candidates) @ gender).max()
print(f"largest share along the direction, after: {leak:.1e}")
pd.Series(remains, name="groups told apart").round(3).to_frame()

# %% [markdown]
# The words at both ends are those of war and rank, and of bodies and birth: that is what the texts say.
# Along the direction nothing is left, the test finds no clear effect any more,
# and a classifier still tells the two groups apart nearly always:
# a word that leant to one side still has the neighbours of that side.
# Removing a direction hides a bias from the test that looks along it.
# Do not use these vectors to decide about people, repaired or not.

# %% [markdown]
# ## Under the hood
#
# One whole layer in plain torch: questions, keys and values; attention; then a small network for each place.
# After each of the two, what went in is added to what comes out, and normalised.

# %%
def one_layer(hidden, layer, n_heads):
    """Output of one BERT layer for hidden vectors of shape (n_places, n_dims)."""
    attend, n_places = layer.attention, len(hidden)

    def heads(linear):  # (n_heads, n_places, n_dims / n_heads)
        return linear(hidden).view(n_places, n_heads, -1).transpose(0, 1)

    query, key, value = (heads(getattr(attend.self, name)) for name in ("query", "key", "value"))
    fits = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5
    mixed = (fits.softmax(-1) @ value).transpose(0, 1).reshape(n_places, -1)
    hidden = attend.output.LayerNorm(hidden + attend.output.dense(mixed))
    widened = torch.nn.functional.gelu(layer.intermediate.dense(hidden))
    return layer.output.LayerNorm(hidden + layer.output.dense(widened))


with torch.inference_mode():
    hidden = layers_of[0][0]
    for layer in network.encoder.layer:
        hidden = one_layer(hidden, layer, network.config.num_attention_heads)
layer_difference = (hidden - layers_of[-1][0]).abs().max().item()
print(f"all {transformer.n_layers} layers by hand; largest difference to the library: {layer_difference:.1e}")

# %% [markdown]
# That is the whole transformer. The first layer reads a static table, and every layer mixes the places once more.

# %% [markdown]
# ## Myth: contextual vectors always beat static ones
#
# You have two results: senses and search. Here is the third, the reviews of lesson 3:
# a logistic regression on each of three kinds of features, with one strength for sparse and one for dense numbers.

# %%
predict("07-myth", "On how many of the three tasks does mini-bert clearly beat its best simple rival?",
        ["none", "one or two", "all three"])

# %%
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from lessons_lib.retrieval import mean_vectors
from lessons_lib.text import tokenise
from lessons_lib.texts import reviews

opinions = reviews()
train, test = (opinions.split == "train").to_numpy(), (opinions.split == "test").to_numpy()
counter = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, sublinear_tf=True).fit(opinions.text[train])
begin = time.perf_counter()
contextual_rows = encode(list(opinions.text), quick)
review_seconds = time.perf_counter() - begin
features = {"TF-IDF": counter.transform(opinions.text), "mean of word2vec": mean_vectors(vectors, opinions.text),
            MODEL: contextual_rows}
right_reviews = {}
for name, rows in features.items():
    scaled = rows if name == "TF-IDF" else StandardScaler().fit(rows[train]).transform(rows)
    model = LogisticRegression(max_iter=3000, C=1 if name == "TF-IDF" else 0.01)
    right_reviews[name] = model.fit(scaled[train], opinions.label[train]).predict(scaled[test]) == opinions.label[test]

# %%
accuracy = {name: bootstrap(np.mean, right.to_numpy(), seed=seed) for name, right in right_reviews.items()}
best_rival = max(("TF-IDF", "mean of word2vec"), key=lambda name: accuracy[name].value)
won, lost = (right_reviews[name].to_numpy(float) for name in (MODEL, best_rival))
review_lead = bootstrap(np.mean, won - lost, seed=seed)
leads = {"senses (accuracy)": ("mean of 20 neighbours", sense_lead), "search (MRR)": (best_simple, search_lead),
         "reviews (accuracy)": (best_rival, review_lead)}
clear_wins = sum(lead.low > 0 for _, lead in leads.values())
reveal("07-myth", measured=f"{clear_wins} of 3", right=1 if clear_wins == 0 else 3 if clear_wins == 3 else 2)
pd.DataFrame({task: {"best simple rival": rival, f"{MODEL} minus rival": str(lead),
                     "clear": "yes" if lead.low > 0 else "no" if lead.high >= 0 else "the rival wins"}
              for task, (rival, lead) in leads.items()}).T

# %% [markdown]
# **Verdict.** An interval that holds zero is no win, and the table has the verdict for each task.
# A transformer is not one thing: the small one does not clearly win here,
# and the larger one wins the two tasks on which it was measured, senses and search.
# The simple rival costs seconds. Measure it first, or you will pay for a network that adds nothing.

# %% [markdown]
# ## Connection: vector space models of retrieval
#
# In 1975 Gerard Salton and his colleagues proposed to write each document as a vector, one dimension a word,
# and to rank by the angle to the question.
# Here is that whole idea for three documents.

# %% tags=["compare"]
shelf = ["sort the list", "find the list", "draw a line"]
words_known = sorted({word for text in shelf for word in text.split()})
counts = np.array([[text.split().count(word) for word in words_known] for text in shelf], dtype=float)
rare = np.log((1 + len(shelf)) / (1 + (counts > 0).sum(0))) + 1  # the rarer a word, the more it counts
wanted = np.array([["sort", "list"].count(word) for word in words_known]) * rare
angles = [cosine(wanted, row * rare) for row in counts]
pd.DataFrame({"document": shelf, "cosine with: sort list": np.round(angles, 2)})

# %%
by_library = TfidfVectorizer(token_pattern=r"\w+").fit(shelf)
theirs = (by_library.transform(["sort list"]) @ by_library.transform(shelf).T).toarray()[0]
salton_difference = np.abs(theirs - angles).max()
print(f"largest difference to scikit-learn: {salton_difference:.1e}")

# %% [markdown]
# A document is a weighted sum of one-hot vectors. Replace each one-hot vector by a row of an embedding table
# and you have the mean vector; replace it by the output of a transformer and you have semantic search.
# Fifty years later the ranking is still one matrix product, `questions @ documents.T`.
# What changed is where the vectors come from.

# %% [markdown]
# ## Pitfall: padding inside the mean
#
# This code runs, and its vectors look like vectors.

# %%
def mean_wrong(hidden, inside):
    return hidden.float().mean(dim=1)  # the padding is in it, too


short = "Sort a list."
with_short = [short, "Return the sorted copy of an array."]
with_long = [short, " ".join(documents[:3])]
blunder = {}
for name, how in {"wrong": mean_wrong, "right": "mean"}.items():
    a = encode(with_short, transformer, how)[0]
    b = encode(with_long, transformer, how)[0]
    blunder[name] = 1 - cosine(a, b)
    print(f"{name}: the same text beside another neighbour has moved by {blunder[name]:.6f} in cosine")

# %% [markdown]
# What it does: the vector of a text depends on which other texts happen to be in its batch.
# Nothing fails, and a second run in another order gives other vectors and other neighbours.

# %%
sample = np.random.default_rng(seed).choice(len(documents), 400, replace=False)
some = [documents[place] for place in sample]
orders = [np.arange(len(some)), np.random.default_rng(seed + 1).permutation(len(some))]


def neighbours_in(order, how):
    """Return the five nearest texts of each text, encoded in batches of 64 in the given order."""
    shuffled = [some[place] for place in order]
    parts = [encode(shuffled[i : i + 64], quick, how, most_pieces=10**9) for i in range(0, len(some), 64)]
    rows = unit_rows(np.concatenate(parts)[np.argsort(order)])
    return np.argsort(-(rows @ rows.T), axis=1)[:, 1:6]


kept = {}
for name, how in {"wrong": mean_wrong, "right": "mean"}.items():
    before, behind = (neighbours_in(order, how) for order in orders)
    kept[name] = np.mean([len(set(a) & set(b)) / 5 for a, b in zip(before, behind, strict=True)])
print("neighbours that stay when the order of the texts changes:", {k: f"{v:.3f}" for k, v in kept.items()})

# %% [markdown]
# **Root cause.** The network returns a vector for each place of the padded matrix.
# The attention mask keeps padding out of the *layers*; the mean comes afterwards, and is yours.
#
# **Right code.** Multiply by the mask, sum, and divide by the number of real pieces:
# `(hidden * mask).sum(1) / mask.sum(1)`. And test it: the same text in two batches must give the same vector.

# %% [markdown]
# ## In practice
#
# A search that runs once is a demonstration. A search that runs every day has to answer five questions:
# what is calculated again, how fast it answers, what else the vectors can do, what it costs,
# and what happens when the texts outgrow the machine.
#
# First: calculate nothing twice. The store keeps each vector under a **content key**,
# the SHA-256 of the text and of a name for all else that decides its vector: model, pooling, precision.
# A text that changes has a new key; one that was only moved has not.

# %%
from lessons_lib.embedding_store import EmbeddingStore

numpy_part = library[library.library == "numpy"]
today = dict(zip(numpy_part.name, searched_texts(numpy_part), strict=True))
store = EmbeddingStore(lambda texts: encode(texts, quick), model=f"{MODEL}, mean, {quick.network.dtype}")
steps = []


def step(what, documents):
    """Bring the store to this state, and note what that took."""
    begin, hits, misses = time.perf_counter(), store.hits, store.misses
    store.update(documents)
    found, made = store.hits - hits, store.misses - misses
    steps.append((what, len(store), made, found / (found + made), time.perf_counter() - begin))


# %%
step("first time", today)
step("nothing has changed", today)
tomorrow = dict(list(today.items())[50:]) | {f"new.function{i}": f"{text} In another unit." for i, text in
                                             enumerate(list(today.values())[:20])}
step("50 removed, 20 added", tomorrow)
renamed = {f"numpy2.{name}": text for name, text in tomorrow.items()}
step("all renamed", renamed)
store_table = pd.DataFrame(steps, columns=["what", "documents", "calculated", "hit rate", "seconds"])
store_table.round({"hit rate": 3, "seconds": 3})

# %% [markdown]
# Even the first time some texts were there twice (the hit rate is not 0).
# Adding calculates what is new, and removing and moving calculate nothing.
# Give a changed model or pooling a new name, and every key changes.
# Old and new vectors must never meet: they are two spaces (lesson 4).

# %% [markdown]
# Second: answer fast. Exact search compares the question with every document.
# An **approximate index** looks only where it expects neighbours.
# This one (IVF, from the library *faiss*) puts the documents into 128 groups by k-means,
# which moves group centres until they settle, and searches the few groups whose centres are nearest.
# *Recall* now means the share of the true ten that it finds.
# As questions take 200 of the documents; so one of the ten is always the document itself.

# %%
import faiss

faiss.omp_set_num_threads(1)
database = np.ascontiguousarray(unit_documents, dtype=np.float32)
probes = database[np.random.default_rng(seed).choice(len(database), 200, replace=False)]


def timed_search(index):
    """Return the ten nearest of each probe, asked one by one, and the median of the milliseconds."""
    found, milliseconds = [], []
    for probe in probes:
        begin = time.perf_counter()
        found.append(index.search(probe[None], 10)[1][0])
        milliseconds.append(1000 * (time.perf_counter() - begin))
    return found, float(np.median(milliseconds))


# %%
exact = faiss.IndexFlatIP(database.shape[1])
exact.add(database)
truth, exact_ms = timed_search(exact)
centres = faiss.IndexFlatIP(database.shape[1])
index = faiss.IndexIVFFlat(centres, database.shape[1], 128, faiss.METRIC_INNER_PRODUCT)
index.cp.seed = 1234 + seed
index.train(database)
index.add(database)
visits = {}
for n_groups in (1, 2, 4, 8, 16, 32):
    index.nprobe = n_groups
    found, milliseconds = timed_search(index)
    visits[n_groups] = (milliseconds, np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, truth, strict=True)]))

# %%
index_times, index_recalls = zip(*visits.values(), strict=True)
figure, axes = plt.subplots()
axes.plot(index_times, index_recalls, marker="o")
for n_groups, (milliseconds, recall) in visits.items():
    axes.annotate(f"{n_groups}", (milliseconds, recall), xytext=(5, -12), textcoords="offset points", color="#0072B2")
axes.axvline(exact_ms, color="#D55E00", linewidth=1.2)
axes.text(exact_ms * 0.94, 0.42, "exact search", color="#D55E00", ha="right", rotation=90, va="bottom")
axes.set(title="Approximate search: groups visited, of 128", xlabel="milliseconds a question (each mark: twice)",
         ylabel="share of the true ten found", ylim=(0.4, 1.02))
axes.set_xscale("log", base=2)
axes.xaxis.set_major_formatter(lambda value, _: f"{value:.2g}")
show(figure, alt=f"Recall against time: 1 group finds {index_recalls[0]:.2f} of the true ten in {index_times[0]:.2f} "
                 f"ms, 16 groups {index_recalls[4]:.2f} in {index_times[4]:.2f} ms; exact search {exact_ms:.2f} ms.")

# %% [markdown]
# With so few documents exact search is fast enough, and it is the yardstick: in recall an index can at best draw level.
# Take an index when exact search has become too slow, and report its recall with its speed.

# %% [markdown]
# Third: the same vectors do more than search. *Clustering* sorts the documents into groups that nobody named;
# *recommendation* shows what lies near what somebody reads. Both can be judged: documents of one library should meet.

# %%
from sklearn.cluster import MiniBatchKMeans

grouped = MiniBatchKMeans(40, random_state=seed, n_init=1, batch_size=2048).fit_predict(unit_documents)
library_names = library.library.to_numpy()
majority = sum(pd.Series(library_names[grouped == group]).value_counts().iloc[0] for group in set(grouped))
purity, chance_purity = majority / len(library), pd.Series(library_names).value_counts(normalize=True).iloc[0]
print(f"documents in the library of their group's majority: {purity:.2f} (one group for all: {chance_purity:.2f})")
for group in np.random.default_rng(seed).choice(40, 3, replace=False):
    print("  group:", ", ".join(library.name[grouped == group].sample(4, random_state=seed)))

# %%
module_of = library.module.to_numpy()
reader_of = np.random.default_rng(seed).choice(len(library), 300, replace=False)
beside = np.argsort(-(unit_documents[reader_of] @ unit_documents.T), axis=1)[:, 1:6]
same_module = (module_of[beside] == module_of[reader_of][:, None]).mean()
drawn = np.random.default_rng(seed).integers(0, len(library), 1500)
by_chance = (module_of[drawn] == np.repeat(module_of[reader_of], 5)).mean()
row = library.index[library.name == "numpy.unique"][0]
near = [library.name[place] for place in np.argsort(-(unit_documents @ unit_documents[row]))[1:7]]
print("Who reads numpy.unique may look at:", ", ".join(near))
print(f"recommended from the same module: {same_module:.2f}, at random: {by_chance:.3f}")

# %% [markdown]
# The groups have no names, and reading four members tells what most of them hold.
# Both numbers lie far above chance, so texts of one library and one module do lie together,
# and nobody told the transformer about libraries.
#
# Fourth: what does it cost? Megabytes on disk, milliseconds of one core a text, and what you get for them.

# %%
def milliseconds_a_text(way, texts):
    """Milliseconds of one core for one text."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    begin = time.process_time()
    way(texts)
    spent = time.process_time() - begin
    torch.set_num_threads(threads)
    return 1000 * spent / len(texts)


word_megabytes = bundled_path("vectors/word2vec.bin").stat().st_size / 1e6
price = {
    "TF-IDF": (0.0, milliseconds_a_text(counter.transform, some), mrr["TF-IDF"], np.nan, accuracy["TF-IDF"].value),
    "mean of word2vec": (word_megabytes, milliseconds_a_text(lambda texts: mean_vectors(vectors, texts), some),
                         mrr["mean of word2vec"], static.accuracy.iloc[1], accuracy["mean of word2vec"].value),
    MODEL: (model_megabytes, milliseconds_a_text(lambda texts: encode(texts, quick), some), mrr[MODEL],
            by_layer.accuracy.iloc[-1], accuracy[MODEL].value),
    f"{recorded['model']} (recorded)": (
        recorded["megabytes"], 1000 * recorded["seconds"]["processor"] / recorded["texts"], large_mrr.value,
        large.accuracy.iloc[-1], np.nan)}
columns = ["MB", "ms a text", "search (MRR)", "senses", "reviews"]
price_table = pd.DataFrame.from_dict(price, orient="index", columns=columns)
price_table.round({"MB": 0, "ms a text": 3, "search (MRR)": 3, "senses": 3, "reviews": 3})

# %% [markdown]
# (Milliseconds are those of one core; the last row is from the record. A gap was not measured.)
# The mean vector costs a small part of what the small transformer costs, and on these tasks it loses hardly anything.
# What you would pay for is search by meaning, and only the larger network delivers that.

# %% [markdown]
# Fifth: when the texts no longer fit one machine.
# *Ray Data* cuts them into blocks and hands these to workers, each with a transformer of its own:
# here on the cores of one machine, on a cluster by the same code.
# Ray is not installed with the course; `pip install -e .[ray]` adds it.

# %%
import inspect

from lessons_lib import distributed
from lessons_lib.bundled import data_folder

print(inspect.getsource(distributed.embed_with_ray).split('"""')[-1])
runs = json.loads((data_folder() / "experiments" / "ray_throughput.json").read_text())
print(f"recorded: {runs['texts']:,} texts, {runs['processor']}, ray {runs['versions']['ray']}")
pd.DataFrame(runs["runs"]).set_index("workers")[["seconds", "texts_per_second"]]

# %%
if distributed.ray_is_installed():
    rows, seconds = distributed.embed_with_ray(documents[:1000], MODEL, workers=2)
    print(f"here: {len(rows):,} texts in {seconds:.1f} s with 2 workers")
else:
    print("Ray is not installed here, so only the recorded run is shown.")

# %% [markdown]
# Zero workers means: without Ray. One worker is slower than none, and two gain little on two cores.
# The seconds leave out starting the workers and loading a model in each, which come on top.

# %% [markdown]
# ## When not to use pre-trained embeddings
#
# The whole course as a chart: begin at the top, and stop at the first yes.

# %%
chart = [
    ("Do exact words decide (names, codes, part numbers)?", "Search by words: BM25.", "lesson 7"),
    ("Do decisions about people hang on it?", "Not these vectors: the bias stays.", "lesson 7"),
    ("Are most of your words missing from the vocabulary?", "Subwords, or vectors of your domain.", "lessons 4, 5"),
    ("Have you plenty of labelled text of your own?", "Try training from scratch beside them.", "lessons 3, 6"),
    ("Does TF-IDF already reach what you need?", "Keep it: nothing is cheaper.", "lesson 3"),
    ("Do you search by meaning?", "A transformer trained for search; BM25 beside it.", "lesson 7"),
    ("Does one word have several senses that matter?", "Contextual vectors; measure neighbours first.", "lesson 7"),
]

# %%
figure, axes = plt.subplots(figsize=(9, 6.2))
for place, (question, advice, where) in enumerate(chart):
    y = len(chart) - place
    box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": "#0072B2"}
    asked_in = axes.text(0, y, question, va="center", bbox=box, size=10)
    axes.annotate("", (5.55, y), xytext=(1.03, 0.5), textcoords=asked_in,
                  arrowprops={"arrowstyle": "->", "color": "#D55E00"})
    axes.text(5.25, y + 0.14, "yes", color="#D55E00", ha="center", size=9)
    axes.text(5.65, y, f"{advice}\n({where})", va="center", size=9.5)
    axes.annotate("", (0.5, y - 0.72), xytext=(0.5, y - 0.28), arrowprops={"arrowstyle": "->", "color": "#767676"})
    axes.text(0.6, y - 0.5, "no", color="#767676", va="center", size=9)
last = "Use pre-trained static vectors: a mean, a lookup, a good start."
axes.text(0, 0, last, va="center", size=10, weight="bold",
          bbox={"boxstyle": "round,pad=0.45", "facecolor": "#E8F2F9", "edgecolor": "#0072B2"})
axes.set(xlim=(-0.2, 9.3), ylim=(-0.5, len(chart) + 0.5))
axes.axis("off")
show(figure, alt=f"Decision chart with {len(chart)} questions from top to bottom; each yes leads to another method, "
                 "no to all of them to pre-trained static vectors.")

# %% [markdown]
# ## Claims
#
# The headline statements of this lesson, checked against what was just measured.

# %%
sorting_gain = speed["sorted by length"] / speed["batches of 64"]
batch_gain = speed.max() / speed["one at a time"]
claim("Pieces cut by hand are the tokenizer's (1: yes)", same_pieces, at_least=1)
claim("The network computed by hand gives the library's numbers (largest difference)", layer_difference, at_most=1e-3)
claim("Without positions the order of words changes nothing", changes["without"], at_most=1e-4)
claim("With positions it does", changes["with positions"], at_least=0.005)
claim("Sorting by length makes batches faster (times)", sorting_gain, at_least=1.3)
claim("The fastest way is at least twice as fast as one text at a time (times)", batch_gain, at_least=2)
claim("A gap is filled right more often than by always guessing the", filled.value - np.mean(rival), at_least=0.05)

# %%
claim("The layers add sense: last layer minus layer 0", by_layer.accuracy.iloc[-1] - by_layer.accuracy.iloc[0],
      at_least=0.15)
claim("The mean of static neighbours comes close to the last layer", sense_lead, at_most=0.1)
claim("A larger transformer, cut to fit, tells senses better than the neighbours", cut_lead, at_least=0.02)
claim("Repaired vectors have a mean cosine near 0", abs(cone["repaired"]).max(), at_most=0.02)
claim("The repair costs hardly any accuracy", (cone["senses"] - cone["senses, repaired"]).max(), at_most=0.03)
claim("A transformer trained for search beats the best simple one", large_lead, at_least=0.05)

# %%
scored = cosine_scores["distilled, in sentences"]["wordsim353"].value
claim("Distilled vectors gain from sentences", scored - cosine_scores["distilled, alone"]["wordsim353"].value,
      at_least=0.03)
claim("word2vec beats vectors distilled from a word alone",
      cosine_scores["word2vec"]["wordsim353"].value - cosine_scores["distilled, alone"]["wordsim353"].value,
      at_least=0.1)
claim("In so short a training a start from word2vec saves no loss", head_start, at_most=0.05)
claim("mini-bert does not win clearly everywhere (tasks won of 3)", clear_wins, at_most=2)

# %%
claim("A forgotten mask: neighbours change with the order of the texts", kept["right"] - kept["wrong"], at_least=0.03)
claim("Nothing is calculated twice (hit rate, nothing changed)", store_table["hit rate"][1], at_least=1)
claim("An index that visits 16 of 128 groups finds nearly all", index_recalls[4], at_least=0.9)
claim("Names of men and women lean apart in word2vec", static_bias.effect, at_least=1)
claim("And in the transformer", contextual_bias.effect, at_least=0.3)
claim("After removing the direction the groups are still told apart", remains["direction removed"], at_least=0.8)

# %% [markdown]
# ## Takeaways
#
# Of this lesson:
#
# - A transformer begins with a static table; its layers mix in the places around,
#   and senses become easier to tell apart.
# - The mean of the neighbours' static vectors is a strong rival. Measure it first.
# - Encode in batches of similar length, pool as the model was trained, and never let padding into the mean.
# - Key vectors by content, and report an index with its recall.
# - Bias is measured with p-values and other word lists; removing a direction hides it.

# %% [markdown]
# Of the whole course:
#
# - Using an embedding is a lookup; what matters is how the rows were filled (1, 2).
# - Coverage before anything else; the cheap baseline before the network (3, 5).
# - A format is a promise about bytes, a source a promise about text; two spaces need an alignment (4).
# - Pre-trained rows help most where labels are few; tuning moves only the rows that it meets (3, 6).
# - One run is an anecdote. Seeds, intervals and a rival make it a result.

# %% [markdown]
# And your own record: what you predicted in seven lessons, beside what was measured.
# (Empty if you skipped the questions; it is also at `python course.py progress`.)

# %%
from lessons_lib.commands.progress import progress

progress()

# %%
from lessons_lib import flash_cards

flash_cards("07")

# %% [markdown]
# Ask yourself before you open a card. Then the last quiz:

# %%
quiz("07")

# %% [markdown]
# ## Where to read more
#
# - Vaswani et al. (2017), *Attention Is All You Need*, and Devlin et al. (2019), *BERT*: the papers behind this lesson.
# - Ethayarajh (2019), *How Contextual are Contextualized Word Representations?*: anisotropy and layers, large models.
# - Mu and Viswanath (2018), *All-but-the-Top*: the repair, and how much it gains for static vectors.
# - Reimers and Gurevych (2019), *Sentence-BERT*: why a raw BERT is a poor search engine, and what training changes.
# - Caliskan, Bryson and Narayanan (2017), *Semantics derived automatically from language corpora contain human-like
#   biases*; Gonen and Goldberg (2019), *Lipstick on a Pig*: the test, and why the repair is cosmetic.
# - Salton, Wong and Yang (1975), *A vector space model for automatic indexing*: six pages that still hold.
#
# This was the last lesson. Next comes a text of your own:
# `exercises/07_contextual.ipynb` ends with it, and every measuring function of the course takes it.
