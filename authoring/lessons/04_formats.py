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
# # Choose a format and a source
#
# In this lesson you read files of word vectors byte by byte,
# measure what each format costs,
# and find out which sources may be put together and how.
#
# **You will be able to**
#
# - tell the formats of word vectors apart, and say what is wrong with a damaged file;
# - choose between text, binary, memory-mapped and quantised vectors by numbers;
# - choose a source and a number of dimensions by measuring on your own texts;
# - lay one vector space over another, and recognise when somebody forgot to.
#
# **You need** lessons 1 to 3: cosine, neighbours, analogies, coverage, the four ways to train.
#
# **Time** about 80 minutes to read and try, about a minute to compute.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from lessons_lib import bootstrap, claim, inspect, label_end, load, predict, quiz, reveal, setup, show

seed = setup("04")

# %% [markdown]
# ## Look at the bytes
#
# The vectors of lesson 3 came from one file in one format.
# There are several formats, and a name like `vectors.bin` does not say which one it is.
# A file is a row of bytes, numbers from 0 to 255.
# A **hex view** prints 16 of them in a line, each with two digits of the base-16 system (0 to 9, then a to f).
# At the left it counts the bytes; at the right stand the letters that they mean, or a dot where there is none.

# %%
import gzip

from lessons_lib.bundled import bundled_path


def hex_view(data, rows=3, start=0):
    for at in range(start, min(start + 16 * rows, len(data)), 16):
        part = data[at : at + 16]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        print(f"{at:8}  {part.hex(' '):<47}  {letters}")


# %% tags=["compare"]
files = {"word2vec binary": "word2vec.bin", "GloVe text": "glove.txt.gz", "fastText .vec": "fasttext.vec.gz",
         "fastText .bin": "fasttext.bin"}
content = {}
for kind, name in files.items():
    data = bundled_path(f"vectors/{name}").read_bytes()
    content[kind] = data = gzip.decompress(data) if name.endswith(".gz") else data
    print(f"{kind}, {len(data):,} bytes")
    hex_view(data)

# %% [markdown]
# - *word2vec binary*: a **header** (a first line that says what follows), here the numbers of words and of dimensions;
#   then a word, a blank (`20`), its numbers, and at once the next word (other programs put a line end, `0a`, between).
# - *GloVe*: a word and its numbers as text in each line, no header.
# - *fastText .vec*: the same with a header. word2vec's text format looks exactly like it.
# - *fastText .bin*: no text at first. Four fixed bytes, then numbers of four bytes, the lowest byte first:
#   `40 00 00 00` is 64, the dimensions.

# %%
predict("04-bytes", "The binary file has 100 numbers a word. How many bytes lie between the words the and of?",
        ["about 100", "about 400", "about 800"])

# %%
binary = content["word2vec binary"]
between = binary.index(b"of ") - binary.index(b"the ") - len(b"the")
reveal("04-bytes", measured=f"{between} bytes: a blank, and 100 numbers of 4 bytes each",
       right=1 + int(between > 200) + int(between > 600))

# %% [markdown]
# ## Read and write them by hand
#
# `<f4` is numpy's name for a number with a fraction in four bytes (`f4`), the lowest byte first (`<`).
# Each reader below fits on a few lines.
# The proof that it understood everything is a **round trip**: read, write, and compare with the original, byte by byte.

# %%
def parse_binary(data):
    header, at = data[: data.index(b"\n")], data.index(b"\n") + 1
    n_words, n_dims = map(int, header.split())
    words, matrix = [], np.empty((n_words, n_dims), dtype="<f4")
    for row in range(n_words):
        blank = data.index(b" ", at)
        words.append(data[at:blank].decode())
        end = blank + 1 + 4 * n_dims
        matrix[row] = np.frombuffer(data[blank + 1 : end], dtype="<f4")
        at = end + (data[end : end + 1] == b"\n")  # behind the line end, if there is one
    return words, matrix


def write_binary(words, matrix):
    entries = [word.encode() + b" " + row.tobytes() for word, row in zip(words, matrix, strict=True)]
    return b"%d %d\n" % matrix.shape + b"".join(entries)


# %% [markdown]
# Text is read line by line. To be written back, the numbers must be printed as they were:
# four decimals at most, without zeros at the end.

# %%
def parse_text(data, header):
    lines = data.decode().split("\n")[int(header) : -1]
    words = [line[: line.index(" ")] for line in lines]
    return words, np.stack([np.array(line.split(" ")[1:], dtype="f4") for line in lines])


def write_text(words, matrix, header):
    first = "{} {}\n".format(*matrix.shape) if header else ""
    rows = (" ".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in row) for row in matrix.tolist())
    return (first + "".join(f"{word} {row}\n" for word, row in zip(words, rows, strict=True))).encode()


# %% tags=["compare"]
round_trips = {
    "word2vec binary": write_binary(*parse_binary(binary)) == binary,
    "GloVe text": write_text(*parse_text(content["GloVe text"], False), False) == content["GloVe text"],
    "fastText .vec": write_text(*parse_text(content["fastText .vec"], True), True) == content["fastText .vec"],
}
round_trips

# %% [markdown]
# Three formats, read and written back without a changed byte.
# The fourth is taken apart in *Under the hood*.
#
# You need not do this yourself again: `inspect` says what a file is, and `load` reads it, whichever format it has.

# %%
inspect(bundled_path("vectors/glove.txt.gz"))

# %% [markdown]
# ## Measure what a format costs
#
# The same 30,000 vectors, written in six ways.
# Text may be packed (`.gz`).
# A **memory-mapped** file is not read at all: the system shows its bytes as if they were in memory
# and fetches only the parts that are touched. The first `load` of a file leaves such a copy, and later ones use it.
# The last two ways store the numbers with fewer bits.
#
# `VECTORS` names the vectors that are measured; another name, such as `"glove"`, will do as well.

# %%
predict("04-load", "A text file of 30,000 vectors: how much faster is the course's second load than gensim's load?",
        ["less than 10 times", "10 to 50 times", "more than 50 times"])

# %%
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lessons_lib import save_glove, save_word2vec

VECTORS = "word2vec"
vectors = load(VECTORS, limit=30_000)
workplace = tempfile.TemporaryDirectory()
folder = Path(workplace.name)
save_glove(vectors, folder / "vectors.txt")
save_word2vec(vectors, folder / "vectors.bin", binary=True)
packed = gzip.compress((folder / "vectors.txt").read_bytes(), compresslevel=1)
(folder / "vectors.txt.gz").write_bytes(packed)
print(f"{len(vectors):,} vectors, written to", ", ".join(path.name for path in sorted(folder.iterdir())))

# %% [markdown]
# Memory that a program once took stays with it, so each load runs in a fresh Python program, which reports
# its seconds and the memory that it took for itself (`own_bytes`).

# %%
def cost(loader, name):
    """Load a file in a program of its own; return its seconds, and the megabytes it has for itself afterwards."""
    command = [sys.executable, "-m", "lessons_lib.benchmark.measured", loader, str(folder / name)]
    environment = {**os.environ, "LESSONS_CACHE": str(folder / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    found = json.loads(done.stdout)
    return found["seconds"], found["own_bytes"] / 1e6


costs, names = {}, {"text": "vectors.txt", "text, packed": "vectors.txt.gz", "binary": "vectors.bin"}
for kind, name in names.items():
    costs[kind, "gensim"] = cost("gensim binary" if kind == "binary" else "gensim text", name)
    costs[kind, "course, first load"] = cost("course", name)
costs["memory-mapped copy", "course, later loads"] = cost("course", "vectors.txt")

# %% [markdown]
# Smaller numbers save more than packing does. A byte has eight bits, and each number above takes 32.
# To **quantise** is to store it with fewer. `float16` keeps two bytes.
# `int8` keeps one, a whole number from -127 to 127:
# take the largest number of a row, divide it by 127, and call that a *step*.
# Each number becomes the nearest whole number of steps; one step a row is kept beside them.

# %%
import time


def quantise(matrix, bits):
    """Round each row to whole numbers of so many bits; return them, and what one step is worth in each row."""
    step = np.abs(matrix).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 1)
    return np.round(matrix / step).astype("int8"), step.astype("float32")


whole = vectors.vectors
small, step = quantise(whole, bits=8)
np.savez(folder / "float16.npz", numbers=whole.astype("float16"))
np.savez(folder / "int8.npz", numbers=small, step=step)
for name in ("float16", "int8"):
    started = time.perf_counter()
    stored = np.load(folder / f"{name}.npz")
    megabytes = sum(stored[part].nbytes for part in stored.files) / 1e6
    costs[name, "numpy, the matrix alone"] = time.perf_counter() - started, megabytes

# %% [markdown]
# And what is lost? Draw 4,000 analogies (those with an unknown word are not asked) and take the pairs of WordSim-353.
# Ask the whole numbers and the rounded ones, and compare question by question.

# %%
from lessons_lib import analogy_questions, answer_analogies, pair_score, spearman
from lessons_lib.formats.opening import keyed_vectors

questions = analogy_questions().sample(4000, random_state=seed)


def space(matrix):
    return keyed_vectors(vectors.index_to_key, np.ascontiguousarray(matrix, "f4"))


def right_answers(matrix):
    return answer_analogies(space(matrix), questions).right.to_numpy(float)


def fall(before, after, ratings):
    return spearman(before, ratings) - spearman(after, ratings)


# %%
exact, people_exact = right_answers(whole), pair_score(vectors, "wordsim353")


def lost(matrix):
    """Return what a changed matrix loses: right analogies and rank correlation, each with an interval."""
    cosines = pair_score(space(matrix), "wordsim353").cosines
    return (bootstrap(np.mean, exact - right_answers(matrix), rounds=300, seed=seed),
            bootstrap(fall, people_exact.cosines, cosines, people_exact.ratings, rounds=300, seed=seed))


losses = {"float16": lost(whole.astype("float16")), "int8": lost(small * step)}

# %% [markdown]
# Where every number comes back as it was, there is nothing to ask: the same numbers give the same answers.

# %%
copy = next((folder / "cache" / "vectors").iterdir())
stored = {kind: load(folder / name, limit=len(whole)).vectors for kind, name in names.items()}
stored["memory-mapped copy"] = np.load(copy / "vectors.npy", mmap_mode="r")
unchanged = {kind: np.array_equal(matrix, whole) for kind, matrix in stored.items()}
losses |= {kind: ("nothing", "nothing") if same else lost(stored[kind]) for kind, same in unchanged.items()}

megabytes = {kind: (folder / name).stat().st_size / 1e6 for kind, name in names.items()}
megabytes |= {kind: (folder / f"{kind}.npz").stat().st_size / 1e6 for kind in ("float16", "int8")}
megabytes["memory-mapped copy"] = sum(part.stat().st_size for part in copy.iterdir()) / 1e6
pd.DataFrame([{"format": kind, "loaded by": loader, "MB on disk": round(megabytes[kind], 1),
               "seconds": round(seconds, 3), "MB in memory": round(own, 1),
               "analogies lost": str(losses[kind][0]), "WordSim lost": str(losses[kind][1])}
              for (kind, loader), (seconds, own) in costs.items()])

# %%
gensim_text, course_first = costs["text", "gensim"][0], costs["text", "course, first load"][0]
later, _ = costs["memory-mapped copy", "course, later loads"]
reveal("04-load", measured=f"{gensim_text:.2f} s with gensim, {course_first:.2f} s the first time with the course, "
                           f"{later:.3f} s later: {gensim_text / later:,.0f} times faster",
       right=1 + int(gensim_text >= 10 * later) + int(gensim_text > 50 * later))

# %% [markdown]
# Text is the largest and slowest; packing it saves space and no time.
# The memory-mapped copy opens at once, whatever the file was.
# (Opening it checks some rows, and the system fetches what lies around them:
# that is its memory, which the system can take back at any time.)
# `int8` takes a quarter of the space of the binary file. What it loses is given with an interval,
# and both ends of it are close to 0. How few bits are too few?

# %%
predict("04-bits", "From 32 bits a number, how far down can you go and still keep nine of ten right analogies?",
        ["to 16", "to 8 or a little less", "to 4 or fewer"])

# %%
by_bits = {16: losses["float16"][0], 8: losses["int8"][0]}
for bits in (6, 5, 4, 3, 2):
    numbers, step = quantise(whole, bits)
    by_bits[bits] = bootstrap(np.mean, exact - right_answers(numbers * step), rounds=300, seed=seed)
good = min(bits for bits, loss in by_bits.items() if loss.value < 0.1 * exact.mean())
reveal("04-bits", measured=f"{good} bits still keep nine of ten. Of all {len(exact):,} questions, right with 32 bits: "
                           f"{exact.mean():.3f}; fewer with 4 bits: {by_bits[4]}, with 2 bits: {by_bits[2]}",
       right=1 + int(good <= 8) + int(good <= 4))

# %%
figure, axes = plt.subplots(figsize=(7, 3.6))
places = range(len(by_bits))
values = np.array([exact.mean() - loss.value for loss in by_bits.values()])
axes.plot(places, values, marker="o")
axes.axhline(exact.mean(), color="#767676", linestyle="--", linewidth=1)
axes.text(0, exact.mean() + 0.02, "32 bits", color="#767676")
axes.set(xticks=places, xticklabels=by_bits, xlabel="bits a number", ylabel="share of right analogies", ylim=(0, 0.75),
         title="Vectors survive coarse rounding, up to a point")
show(figure, alt=f"Share of right analogies: {exact.mean():.2f} with 32 bits, {values[1]:.2f} with 8, "
                 f"{exact.mean() - by_bits[4].value:.2f} with 4, {exact.mean() - by_bits[2].value:.2f} with 2.")

# %% [markdown]
# Eight bits are as good as thirty-two, four nearly so, and then the score drops steeply.
# A hundred numbers share the meaning, so the rounding errors of the single numbers cancel.

# %% [markdown]
# ## Visit the clinic
#
# Downloads break off, editors change encodings, programs write headers that do not fit.
# Here are ten damaged files, made from 300 good vectors. First the good ones, then the damage.

# %%
from lessons_lib import save_vec

few = load("word2vec", limit=300)
save_word2vec(few, folder / "good.bin", binary=True)
save_vec(few, folder / "good.vec")
save_glove(few, folder / "good.txt")
good_binary, good_vec = (folder / "good.bin").read_bytes(), (folder / "good.vec").read_text(encoding="utf-8")
lines = (folder / "good.txt").read_text(encoding="utf-8").splitlines(keepends=True)

# %%
import pickle

page = b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>No such file</body></html>"
shorter = lines[56].rsplit(" ", 1)[0] + "\n"  # line 57 without its last number
no_number = lines[9].rsplit(" ", 1)[0] + " nan\n"
patients = {
    "the download broke off": good_binary[: 2 * len(good_binary) // 3],
    "the header promises too many words": good_vec.replace("300 100", "400 100", 1).encode(),
    "the header promises other dimensions": good_vec.replace("300 100", "300 50", 1).encode(),
    "a web page was saved in its place": page,
    "a number is missing in one line": "".join([*lines[:56], shorter, *lines[57:]]).encode(),
    "an editor saved it as UTF-16": "".join(lines).encode("utf-16"),
    "a line stands there twice": "".join([*lines, lines[3]]).encode(),
    "the packed file was cut": gzip.compress("".join(lines).encode(), mtime=0)[:-5000],
    "it is a pickle, a program in disguise": pickle.dumps({"the": [1.0, 2.0]}),
    "a number is not a number": "".join([*lines[:9], no_number, *lines[10:]]).encode(),
}

# %% [markdown]
# For each patient you see its first bytes, its size, and what gensim's call does with it:
# an error, or how many words it reads.
# Make a diagnosis before you go on. (The order of the patients is drawn at random.)

# %%
from gensim.models import KeyedVectors

rng = np.random.default_rng(seed)
causes = list(rng.permutation(list(patients)))


def gensim_says(path, data):
    """Say what gensim's call does with a file: an error, or how many words it reads."""
    packed = data[:2] == b"\x1f\x8b"
    plain = not packed and data.split(b"\n")[0].count(b" ") != 1
    try:
        read = KeyedVectors.load_word2vec_format(path, binary=path.suffix == ".bin", no_header=plain or packed)
    except Exception as error:  # whatever it is, it is the symptom
        return f"{type(error).__name__}: {str(error)[:70] or 'no message'}"
    return f"no complaint: {len(read)} words of {read.vector_size} dimensions"


# %%
def ending(data):
    return ".gz" if data[:2] == b"\x1f\x8b" else ".bin" if data is patients["the download broke off"] else ".txt"


options, paths = {}, {}
for number, cause in enumerate(causes, start=1):
    data = patients[cause]
    paths[cause] = folder / f"patient-{number}{ending(data)}"
    paths[cause].write_bytes(data)
    decoys = rng.choice([other for other in causes if other != cause], 3, replace=False)
    options[cause] = [str(option) for option in rng.permutation([cause, *decoys])]
    print(f"\nPatient {number}: {paths[cause].name}")
    hex_view(data, rows=2)
    symptom = f"{len(data):,} bytes, gensim says '{gensim_says(paths[cause], data)}'"
    predict(f"04-patient-{number}", f"Patient {number}: {symptom}. What is wrong?", options[cause])

# %% [markdown]
# Now `inspect` looks. It reads the whole file and says where the trouble is, what was found, and what to do.

# %%
diagnosed = {}
for number, cause in enumerate(causes, start=1):
    report = inspect(paths[cause])
    diagnosed[cause] = bool(report.problems)
    said = str(report.problems[0]) if report.problems else "nothing wrong"
    reveal(f"04-patient-{number}", measured=said, right=1 + options[cause].index(cause))

# %% [markdown]
# Two of these files gensim read *without a word*: a loader that does not complain proves nothing.
# `load` reads those that can be read and warns; the others it refuses.
# A pickle is never opened: opening it would run whatever is inside.

# %% [markdown]
# ## Compare four methods on one corpus
#
# Count vectors, word2vec, GloVe and fastText, all trained on the same text.
# To be fair, take the words that all four have, and the same number of dimensions:
# fastText has 64, so the singular value decomposition (lesson 2) cuts the others down to 64 as well.
#
# The analogies fall into *semantic* ones (facts about the world) and *syntactic* ones (grammar).
# A question counts as *rare* if one of its words is not among the 8,000 most frequent.

# %%
predict("04-methods", "Which method answers the grammatical questions about rare words best?",
        ["word2vec", "GloVe", "fastText"])

# %%
def cut(matrix, n_dims):
    """Keep the n_dims directions that hold most of the matrix, the largest of its singular value decomposition."""
    return matrix @ np.linalg.svd(matrix.T @ matrix)[0][:, :n_dims]


from lessons_lib.scores import restrict

names = {"counts": "counts.bin.gz", "word2vec": "word2vec.bin", "glove": "glove.txt.gz", "fasttext": "fasttext.bin"}
all_four = {name: load(bundled_path(f"vectors/{file}")) for name, file in names.items()}
common = [word for word in all_four["word2vec"].index_to_key if word in all_four["fasttext"].key_to_index]
methods = {name: restrict(its, common) for name, its in all_four.items()}
equal = {name: keyed_vectors(common, cut(its.get_normed_vectors(), 64).astype("f4")) for name, its in methods.items()}
print(f"{len(common):,} words in all four")

# %%
all_questions, answered = analogy_questions(), {}
for name, its in equal.items():
    answered[name] = answer_analogies(its, all_questions)
asked = answered["word2vec"]
rarest = asked[list("abcd")].apply(lambda column: column.map(equal["word2vec"].key_to_index)).max(axis=1)
grammar = asked.section.str.startswith("gram").to_numpy()
kinds = {"semantic": ~grammar, "syntactic": grammar, "semantic, rare": ~grammar & (rarest >= 8000),
         "syntactic, rare": grammar & (rarest >= 8000)}
scores = {name: {kind: bootstrap(np.mean, table.right.to_numpy(float)[which], rounds=300, seed=seed)
                 for kind, which in kinds.items()} for name, table in answered.items()}
pd.DataFrame({name: {kind: str(score) for kind, score in row.items()} for name, row in scores.items()}).T

# %%
best_rare = max(scores, key=lambda name: scores[name]["syntactic, rare"].value)
reveal("04-methods", measured=f"{best_rare}, {scores[best_rare]['syntactic, rare']}",
       right={"word2vec": 1, "glove": 2, "fasttext": 3}.get(best_rare))
sections = pd.DataFrame({name: table.groupby("section").right.mean() for name, table in answered.items()})
about_grammar = sections.index.str.startswith("gram")
sections = pd.concat([sections[~about_grammar].sort_values("glove"), sections[about_grammar].sort_values("fasttext")])

# %%
figure, axes = plt.subplots(figsize=(8, 5))
labels = sections.index.str.replace(r"^gram\d-", "", regex=True).str.replace("-", " ")
line = (~about_grammar).sum() - 0.5
for (name, column), mark, colour in zip(sections.items(), "svo^", ("#767676", "#0072B2", "#009E73", "#D55E00"),
                                        strict=True):
    axes.plot(column, labels, mark, color=colour, markersize=7)
    axes.annotate(name, (column["city-in-state"], "city in state"), xytext=(0, 7), textcoords="offset points",
                  ha="center", color=colour, fontweight="bold")
axes.axhline(line, color="#767676", linewidth=1)
axes.text(1, line + 0.1, "grammar", ha="right", va="bottom", color="#767676", fontweight="bold")
axes.text(1, line - 0.1, "facts", ha="right", va="top", color="#767676", fontweight="bold")
axes.set(xlim=(-0.03, 1), xlabel="share of right answers", title="GloVe leads on facts, fastText on grammar")
facts, endings = ({name: row[kind].value for name, row in scores.items()} for kind in ("semantic", "syntactic"))
show(figure, alt="Right answers by section: GloVe leads in most about facts, fastText in most about grammar; facts "
                 f"{facts['glove']:.2f} against {facts['fasttext']:.2f}, "
                 f"grammar {endings['glove']:.2f} against {endings['fasttext']:.2f}.")

# %% [markdown]
# No method wins everywhere. fastText sees the endings of words and is strong on grammar,
# most of all where a word is rare. GloVe is strong on facts.
# (That it fits counts of the whole corpus does not explain it: the count vectors are the weakest there.)
# word2vec comes second in both.
#
# One limit: each method ran once, with its own number of rounds.
# Now look at neighbours, and count how many two methods agree on.

# %%
def neighbours(word):
    return {name: ", ".join(near for near, _ in its.most_similar(word, topn=4)) for name, its in equal.items()}


pd.DataFrame({word: neighbours(word) for word in ("swimming", "oxygen", "quickly", "madrid")}).T

# %% [markdown]
# The same subjects, but other words: sports around *swimming* with three of them, the pool with GloVe.
# How many neighbours do two methods share? Look up the ten nearest of 3,000 words with each.

# %%
from lessons_lib.relations import nearest_rows

top = {name: nearest_rows(its.get_normed_vectors()[:3000], 10) for name, its in equal.items()}


def shared(a, b):
    return np.mean([len(set(one) & set(other)) / 10 for one, other in zip(top[a], top[b], strict=True)])


agreement = pd.DataFrame({a: {b: shared(a, b) for b in top} for a in top})
mean_agreement = agreement.to_numpy()[np.triu_indices(4, k=1)].mean()
agreement.round(2)

# %% [markdown]
# On the same corpus two methods agree on about half of the ten nearest words.
# So a list of neighbours is a property of text *and* method; do not read too much into a single name on it.

# %% [markdown]
# ## Choose a source by your own texts
#
# Published vectors differ in what they were trained on, in their vocabulary,
# in whether capital letters were kept, and in their licence.
# A high score on a yardstick does not help if your words are not in the file.
# Here are vectors from an encyclopaedia, once with all their words and once with the 8,000 most frequent ones,
# and vectors of 8,000 words from novels of the nineteenth century, all with 100 dimensions.
# Their coverage (lesson 3) is measured on three kinds of text.

# %%
from lessons_lib import coverage, tokenise
from lessons_lib.texts import questions as technical_questions
from lessons_lib.texts import reviews, senses

novels = load("novels-english")
encyclopaedia = all_four["word2vec"]
sources = {"encyclopaedia, 30,000 words": encyclopaedia,
           "encyclopaedia, 8,000 words": restrict(encyclopaedia, encyclopaedia.index_to_key[:8000]),
           "novels, 8,000 words": novels}
texts = {"reviews": reviews().text, "single sentences": senses().text,
         "technical questions": technical_questions().question}
covered = pd.DataFrame({kind: {name: coverage(source, text).tokens for name, source in sources.items()}
                        for kind, text in texts.items()})
covered.map("{:.1%}".format)

# %% [markdown]
# The larger vocabulary covers most everywhere. Of two with equally many words, the novels know more of the reviews
# and the encyclopaedia more of the technical questions: no source is best for all texts.
#
# Does coverage decide? Train the same classifier on the mean vectors of the reviews (lesson 3), with each source.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def mean_vectors(source, texts):
    known = [[word for word in tokenise(text) if word in source] for text in texts]
    return np.stack([source[words].mean(axis=0) if words else np.zeros(source.vector_size) for words in known])


table = reviews()
train, test = table[table.split == "train"], table[(table.split == "test") & ~table.unseen]
hits = {}
for name, source in sources.items():
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
    model.fit(mean_vectors(source, train.text), train.label)
    hits[name] = (model.predict(mean_vectors(source, test.text)) == test.label).to_numpy(float)
_, small_source, novel_source = hits.values()
print("novels minus encyclopaedia, 8,000 words each:", bootstrap(np.mean, novel_source - small_source, seed=seed))
pd.DataFrame({"coverage of reviews": covered["reviews"].map("{:.1%}".format),
              "accuracy": {name: str(bootstrap(np.mean, its, seed=seed)) for name, its in hits.items()}})

# %% [markdown]
# The novels look better here even than the larger encyclopaedia, but the intervals overlap widely.
# Between two vocabularies of one size, compared review by review,
# the interval begins at about 0: so few test reviews cannot tell for sure.
# Coverage rules out what cannot work; between the rest a measurement on your task decides, if it is large enough.

# %% [markdown]
# Here is what others publish. Nothing of it is needed offline, and no result of this lesson comes from it.
# *Running words* is the size of the corpus, in thousand millions (G); a question mark stands where
# the publisher says nothing.

# %%
from lessons_lib.sources import catalogue


def count(number):
    return "?" if number is None else f"{number / 1e9:,.0f} G" if number >= 1e9 else f"{number:,}"


published = pd.DataFrame([
    {"name": entry.name, "method": entry.method, "languages": ", ".join(entry.languages),
     "running words": count(entry.tokens), "words": count(entry.words), "dims": entry.dims,
     "case": entry.case or "?", "licence": entry.licence or "not stated",
     "download MB": round(entry.download_bytes / 1e6) if entry.download_bytes else "?"}
    for entry in catalogue().values() if entry.kind == "vectors"])
published

# %% [markdown]
# Each is one name away. In a terminal: `lessons fetch glove-6b-100` (or `googlenews`; `lessons sources` lists all).
# Then `load("glove-6b-100", limit=100_000)` returns the most frequent words of it,
# and with `VECTORS = "glove-6b-100"` you measure above what its formats cost.

# %% [markdown]
# What to take, in short:
#
# | your case | take |
# |---|---|
# | your own domain, millions of words | train your own (lesson 2) |
# | general English, clean text | word2vec or GloVe, by coverage |
# | names and capital letters matter | a source that kept the case |
# | typing mistakes, many word forms | fastText `.bin` (lesson 5) |
# | little memory | `limit=`, memory-mapped, `int8` |
# | a product that is sold | read the licence first; "not stated" is no permission |

# %% [markdown]
# ## Lay one space over another
#
# word2vec and GloVe have 100 columns each. Column 1 of the one has nothing to do with column 1 of the other.
# Take a word in word2vec's space and look for the nearest of the 5,000 most frequent words in GloVe's.
# Is it the same word?

# %%
predict("04-across", "500 words of word2vec: for how many is the nearest vector of GloVe that of the same word?",
        ["none or nearly none", "about 100", "more than 250"])

# %%
from lessons_lib.alignment import precision_across

frequent = all_four["word2vec"].index_to_key[:5000]
word2vec, glove = (restrict(all_four[name], frequent) for name in ("word2vec", "glove"))
order = np.random.default_rng(seed).permutation(frequent)
held_out, rest = [(word, word) for word in order[:500]], order[500:]
as_is = precision_across(word2vec, glove, held_out, seed=seed)
found = round(as_is.at[1].value * as_is.asked)
reveal("04-across", measured=f"for {found} of {as_is.asked} (chance: {as_is.asked / len(frequent):.1f})",
       right=1 + int(found > 20) + int(found > 250))

# %% [markdown]
# Pure chance. But the *distances inside* each space are alike,
# as with two maps that were printed turned against each other.
# So turn one: some words whose place is known in both serve as **anchors**.
# The **Procrustes rotation** is the turn (a mirror is allowed)
# that brings the anchors as near to each other as possible.
# Multiply the two matrices of anchors, split the product by singular value decomposition (lesson 2)
# into three parts, and multiply the two outer ones, without the sizes in the middle:

# %%
def rotation_from(anchors):
    a = np.stack([word2vec.get_vector(word, norm=True) for word in anchors])
    b = np.stack([glove.get_vector(word, norm=True) for word in anchors])
    left, _, right = np.linalg.svd(a.T @ b)
    return left @ right


anchor_counts = (10, 30, 100, 300, 1000, 3000)
curve = {}
for n in anchor_counts:
    draws = [np.random.default_rng(10 * seed + draw).choice(rest, n, replace=False) for draw in range(3)]
    curve[n] = [precision_across(word2vec, glove, held_out, rotation_from(anchors), seed=seed) for anchors in draws]

# %% [markdown]
# The judge is **precision at n**: for how many words is the right one among the n nearest?
# The 500 words that are asked were never anchors. The dots are three draws of the anchors.

# %%
figure, axes = plt.subplots(figsize=(7.5, 3.8))
for n, colour, label in ((1, "#0072B2", "precision at 1"), (5, "#D55E00", "precision at 5")):
    draws = np.array([[result.at[n].value for result in curve[count]] for count in anchor_counts])
    axes.plot(anchor_counts, draws.mean(axis=1), color=colour)
    axes.plot(anchor_counts, draws, "o", color=colour, alpha=0.5)
    label_end(axes, anchor_counts[-1], draws[-1].mean(), label, colour)
axes.set(xscale="log", xlabel="anchors", ylabel="share of 500 held-out words", xlim=(8, 14_000), ylim=(0, 1.05),
         xticks=anchor_counts, xticklabels=anchor_counts, title="A hundred anchors repair a lot")
axes.minorticks_off()
repaired = {count: float(np.mean([result.at[1].value for result in curve[count]])) for count in anchor_counts}
show(figure, alt=f"Precision at 1 by number of anchors: {repaired[10]:.2f} with 10, {repaired[100]:.2f} with 100, "
                 f"{repaired[1000]:.2f} with 1,000, {repaired[3000]:.2f} with 3,000.")

# %% [markdown]
# With fewer anchors than dimensions the rotation is left open in many directions; from about a hundred on it holds.
# A rotation changes no length and no angle: whatever the vectors knew, they still know.

# %% [markdown]
# ## Under the hood
#
# fastText's `.bin` holds more than words: the settings of its training, and rows for *parts* of words.
# Ten lines take it apart. `<2i12id3i2q` is how Python's `struct` writes what the head of the file holds:
# two whole numbers of four bytes (`2i`), twelve settings (`12i`), a number with a fraction (`d`), and so on.

# %%
import struct


def parse_fasttext(data):
    head = struct.unpack_from("<2i12id3i2q", data)  # mark, version, 12 settings, sampling rate, then five counts
    at, entries = struct.calcsize("<2i12id3i2q"), []
    for _ in range(head[15]):
        end = data.index(b"\0", at)
        entries.append((data[at:end], *struct.unpack_from("<qb", data, end + 1)))  # word, count, kind
        at = end + 10
    packed, rows, dims = struct.unpack_from("<?2q", data, at)
    matrix = np.frombuffer(data, "<f4", rows * dims, at + 17).reshape(rows, dims)
    return head, entries, packed, matrix, data[at + 17 + matrix.nbytes :]


def write_fasttext(head, entries, packed, matrix, rest):
    words = b"".join(word + b"\0" + struct.pack("<qb", count, kind) for word, count, kind in entries)
    size = struct.pack("<?2q", packed, *matrix.shape)
    return struct.pack("<2i12id3i2q", *head) + words + size + matrix.tobytes() + rest


# %% tags=["compare"]
data = content["fastText .bin"]
head, entries, packed, matrix, rest_of_file = parse_fasttext(data)
round_trips["fastText .bin"] = write_fasttext(head, entries, packed, matrix, rest_of_file) == data
n_words, n_buckets, shortest, longest = head[16], head[10], head[11], head[12]
print(f"{n_words:,} words and {n_buckets:,} buckets of n-grams ({shortest} to {longest} letters): {len(matrix):,} rows")
print("the most frequent words:", [(word.decode(), count) for word, count, _ in entries[:3]])
print("written back equal to the original:", round_trips["fastText .bin"])
hex_view(data, rows=3, start=data.index(matrix[n_words].tobytes()))

# %% [markdown]
# The last bytes shown are the first *bucket*: a row that a few n-grams (runs of letters) share.
# A word that is not in the file gets the mean of the rows of its n-grams.
# Here for a word that is not in the file, by hand and by the library:

# %%
from gensim.models.fasttext import ft_ngram_hashes

buckets = ft_ngram_hashes("violinistic", shortest, longest, n_buckets)  # lesson 5 computes these by hand
by_hand = matrix[n_words:][buckets].mean(axis=0)
same_subwords = np.allclose(by_hand, all_four["fasttext"]["violinistic"], atol=1e-6)
print(f"{len(buckets)} n-grams; the same vector: {same_subwords};",
      "nearest words:", [word for word, _ in all_four["fasttext"].similar_by_vector(by_hand, topn=4)])

# %% [markdown]
# The `.vec` of the same training lacks these rows: load it, and unknown words stay unknown.
# If you have the choice, keep the `.bin`.

# %% [markdown]
# ## Myth: more dimensions are always better
#
# Published vectors come with 50 to 300 dimensions, and the larger ones have the better scores.
# So take the largest?
#
# The record of the build has count vectors of 10 to 300 dimensions, everything else equal:
# scores, seconds, and the accuracy of a classifier (topic of a sentence, eight topics)
# trained on few and on many sentences.

# %%
predict("04-dims", "80 training sentences: with how many dimensions is the topic classifier best?",
        ["up to 50", "100 or 200", "300"])

# %%
from lessons_lib.scores import build_log

by_dims = build_log()["dimensions"]["by_dims"]
dims = sorted(map(int, by_dims))
topics = pd.DataFrame({size: {n: by_dims[str(n)]["topics"][size]["accuracy"] for n in dims}
                       for size in by_dims[str(dims[0])]["topics"]})
sentiment = pd.DataFrame({size: {n: by_dims[str(n)]["reviews"][size]["accuracy"] for n in dims}
                          for size in by_dims[str(dims[0])]["reviews"]})
best = int(topics["80"].idxmax())
reveal("04-dims", measured=f"{best} dimensions, {topics['80'][best]:.3f}; with {dims[-1]} {topics['80'][dims[-1]]:.3f}",
       right=1 + int(best > 50) + int(best > 200))
pd.DataFrame({"seconds to make": {n: by_dims[str(n)]["processor_seconds"] for n in dims},
              "analogies": {n: by_dims[str(n)]["scores"]["analogies"] for n in dims},
              **{f"topics, {size} sentences": topics[size] for size in topics},
              **{f"reviews, {size}": sentiment[size] for size in sentiment}})

# %% [markdown]
# Read each column downwards: that is what happens when the vectors grow and nothing else changes.
# Beside the record, a small experiment that runs here: word2vec, cut down to fewer dimensions.

# %%
unit, most = vectors.get_normed_vectors(), vectors.vector_size
live = {n: right_answers(cut(unit, n)).mean() for n in (10, 25, 50)} | {most: exact.mean()}
analogies = {n: by_dims[str(n)]["scores"]["analogies"] for n in dims}
spread = {n: by_dims[str(n)]["topics"]["80"]["spread"] / by_dims[str(n)]["topics"]["80"]["draws"] ** 0.5 for n in dims}
seconds = {n: by_dims[str(n)]["processor_seconds"] for n in dims}

# %%
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.6))
left.plot(dims, list(analogies.values()), marker="o", color="#0072B2")
left.plot(list(live), list(live.values()), "--s", color="#009E73")
left.annotate("counts,\nrecord", (dims[-1], analogies[dims[-1]]), xytext=(4, -70), ha="right",
              textcoords="offset points", color="#0072B2")
left.annotate(f"{VECTORS}, cut here", (most, live[most]), xytext=(8, 9), ha="right",
              textcoords="offset points", color="#009E73")
left.set(title="Right analogies", ylim=(0, 0.72))
for size, colour, up in zip(topics, ("#D55E00", "#CC79A7", "#767676"), (-24, 20, 17), strict=True):
    middle.plot(dims, topics[size], marker="o", color=colour)
    middle.annotate(f"{int(size):,} sentences", (dims[-1], topics[size][dims[-1]]), xytext=(4, up), ha="right",
                    textcoords="offset points", color=colour)
middle.errorbar(dims, topics["80"], 2 * np.array(list(spread.values())), color="#D55E00", linewidth=1)
middle.set(title="Accuracy of topics", ylim=(0.25, 0.65))
right.plot(dims, list(seconds.values()), marker="o", color="#000000")
right.set(title="Seconds to make", ylim=(0, None))
for panel in (left, middle, right):
    panel.set(xscale="log", xlabel="dimensions", xticks=dims, xticklabels=dims)
    panel.minorticks_off()
show(figure, alt=f"From {dims[0]} to {dims[-1]} dimensions right analogies rise from {analogies[dims[0]]:.2f} to "
                 f"{analogies[dims[-1]]:.2f}; topics from 80 sentences fall from {topics['80'][best]:.2f} at {best} to "
                 f"{topics['80'][dims[-1]]:.2f}; seconds rise from {seconds[dims[0]]:.0f} to {seconds[dims[-1]]:.0f}.")

# %% [markdown]
# **Verdict.** On the yardstick more is better all the way, with less and less gain.
# On the task it depends on the number of labels: with 80 sentences small vectors win clearly,
# for the classifier has a weight for each dimension and topic, and can learn so few sentences by heart;
# with thousands the curve is nearly flat from 25 dimensions on.
# And the price grows all the way.
# (The whiskers are twice the standard error over the draws of training sentences.)

# %% [markdown]
# The reviews, in the table, say the opposite: at every size 100 dimensions and more are ahead of 50 and fewer.
# Measure on *your* task.

# %% [markdown]
# ## Connection: translation
#
# If spaces of two methods differ by a rotation, what about two *languages*?
# Words stand among similar words in English and in French: *bread* near *butter*, *pain* near *beurre*.
# In 2013 Mikolov, Le and Sutskever tried it: learn the step between two spaces from a small dictionary,
# and translate words that the dictionary lacks.
#
# The bundled vectors come from English and from French novels, which are not translations of each other.
# Of a dictionary, 900 pairs of words may serve as anchors; those of the other 300 are asked that both files know.

# %%
predict("04-french", "For how many of the held-out English words is the right French word among the 5 nearest?",
        ["fewer than 1 in 10", "1 in 10 to 4 in 10", "more than 4 in 10"])

# %%
from lessons_lib.alignment import nearest_across, rotation_between
from lessons_lib.texts import translations

french = load("novels-french")
dictionary = translations("french")
pairs = {part: list(zip(rows.english, rows.translation, strict=True)) for part, rows in dictionary.groupby("part")}
turn = rotation_between(novels, french, pairs["train"])
before = precision_across(novels, french, pairs["test"], seed=seed)
after = precision_across(novels, french, pairs["test"], turn, seed=seed)
reveal("04-french", measured=f"precision at 1 {after.at[1]}, at 5 {after.at[5]} of {after.asked} words; "
                             f"without the rotation at 5 {before.at[5]}",
       right=1 + int(after.at[5].value >= 0.1) + int(after.at[5].value > 0.4))
nearest_across(novels, french, ["horse", "mother", "winter", "church", "sad", "monday"], turn, n=4)

# %% [markdown]
# Nobody showed the program a translated sentence. The right word is often among the first five,
# and the wrong ones are mostly of the same kind: before the right *cheval* for *horse* comes *monture*, a mount.
# Fitted on a few hundred words, the rotation holds for words that it never saw: the two languages cut the world alike.
#
# The same two functions work for your own spaces and pairs:
#
# ```python
# from lessons_lib.alignment import precision_across, rotation_between
# turn = rotation_between(old_vectors, new_vectors, anchors)
# precision_across(old_vectors, new_vectors, other_pairs, turn).at
# ```

# %% [markdown]
# ## Pitfall: mixing sources without alignment
#
# Your vectors lack some words, another file has them, both have 100 dimensions.
# So you fill the gaps from the other file. It runs.
# Here every word comes from word2vec or from GloVe, by the toss of a coin.

# %%
rng = np.random.default_rng(seed)
ours, theirs = (methods[name].get_normed_vectors() for name in ("word2vec", "glove"))
from_glove = rng.random(len(common)) < 0.5
mixed = np.where(from_glove[:, None], theirs, ours)  # the wrong code: two spaces in one table

anchors = rng.choice(len(common), 3000, replace=False)
left, _, right = np.linalg.svd(theirs[anchors].T @ ours[anchors])
turned = theirs @ (left @ right)
mended = np.where(from_glove[:, None], turned, ours)  # the right code: one space

# %% [markdown]
# And three ways to put *both* vectors of each word together: their mean, as they are and after the rotation,
# and side by side (200 numbers), cut back to 100, so that all rows of the table are of one size.

# %%
ways = {"word2vec alone": ours, "GloVe alone": theirs,
        "half and half, not aligned": mixed, "half and half, aligned": mended,
        "mean, not aligned": (ours + theirs) / 2, "mean, aligned": (ours + turned) / 2,
        "side by side, cut to 100": cut(np.hstack([ours, theirs]), 100)}
some = asked.sample(5000, random_state=seed)  # questions that these words can answer
forms = some.section.str.startswith("gram").to_numpy()
result, mixing, people = {}, {}, {}
for name, way in ways.items():
    table = keyed_vectors(common, np.ascontiguousarray(way, "f4"))
    hits = answer_analogies(table, some).right.to_numpy(float)
    mixing[name] = {"semantic": hits[~forms].mean(), "syntactic": hits[forms].mean(), "all": hits.mean()}
    interval = {kind: bootstrap(np.mean, hits[which], rounds=300, seed=seed)
                for kind, which in (("semantic", ~forms), ("syntactic", forms))}
    result[name] = {kind: str(value) for kind, value in interval.items()}
    people[name] = pair_score(table, "wordsim353", seed=seed)
    result[name]["WordSim-353"] = str(people[name].correlation)
pd.DataFrame(result).T

# %% [markdown]
# What it does: two words from different files are as similar as chance has it, so most of what the table knew is gone.
# No error, no warning. Turned first, the same mixture ranks pairs of words nearly as well as its parents;
# analogies, which live on small differences, come back only in part. So mend gaps this way, not half a table.

# %% [markdown]
# **Root cause.** The columns of two trainings have nothing to do with each other, even when their number is the same.
#
# **Right code.** Fit a rotation on the words that both have, turn one space, and only then fill the gaps.
#
# The means are a surprise: even without alignment they hold up, since two random vectors disturb each other little.
# Against word2vec they gain on facts and lose on grammar, and so does the pair side by side.

# %% [markdown]
# ## In practice
#
# - **Convert once:** text for exchange, then a memory-mapped copy or `int8` for use.
# - **Inspect every download.** Compare its checksum with the publisher's; never open a pickle from outside.
# - **Write down the source:** name, version, licence, tokeniser, case.
# - **Dimensions:** with few labels try small vectors first, and measure; more when there is data and memory.
# - **When not to mix:** if one source covers your texts, one source is enough.

# %% [markdown]
# ## Claims
#
# The headline statements of this lesson, checked against what was just measured and against the record.

# %%
claim("All four formats come back byte for byte after reading and writing by hand (files)", sum(round_trips.values()),
      at_least=4)
claim("Text, packed text, binary and mapped copy give every number back unchanged (of 4)", sum(unchanged.values()),
      at_least=4)
claim("Opening a memory-mapped copy is many times faster than gensim's reading of text", gensim_text / later,
      at_least=10)
claim("The course's first load of text is faster than gensim's", gensim_text / course_first, at_least=1.5)
claim("int8 loses next to nothing of the analogies", losses["int8"][0], at_most=0.01)
claim("Two bits lose most of them, as a share of the score", by_bits[2].value / exact.mean(), at_least=0.5)
claim("inspect finds the damage of all ten patients", sum(diagnosed.values()), at_least=10)

# %%
claim("GloVe is better at facts than fastText", facts["glove"] - facts["fasttext"], at_least=0.15)
claim("Counts are the weakest at facts, by this much", sorted(facts.values())[1] - facts["counts"], at_least=0.05)
claim("word2vec is ahead of fastText at facts and of GloVe at grammar (the smaller lead)",
      min(facts["word2vec"] - facts["fasttext"], endings["word2vec"] - endings["glove"]), at_least=0.1)
claim("fastText is better at the grammar of rare words than word2vec",
      scores["fasttext"]["syntactic, rare"].value - scores["word2vec"]["syntactic, rare"].value, at_least=0.03)
claim("Two methods on one corpus share only about half of the neighbours", mean_agreement, at_least=0.3,
      at_most=0.7)
claim("The vector of an unknown word, put together by hand, is the library's (1: yes)", same_subwords, at_least=1)
claim("Of equally many words, the novels cover the reviews better than the encyclopaedia does",
      covered["reviews"].iloc[2] - covered["reviews"].iloc[1], at_least=0.02)
claim("and the technical questions worse",
      covered["technical questions"].iloc[1] - covered["technical questions"].iloc[2], at_least=0.05)

# %%
claim("Without alignment the nearest word across is the same word only by chance", as_is.at[1], at_most=0.01)
claim("A hundred anchors find the same word for many held-out words", repaired[100], at_least=0.3)
claim("A thousand anchors find it for most", repaired[1000], at_least=0.6)

# %%
claim("Held-out English words find their French word among the five nearest", after.at[5], at_least=0.5)
claim("Without the rotation they do not", before.at[5], at_most=0.03)
claim("A table mixed without alignment loses most of word2vec's analogies",
      1 - mixing["half and half, not aligned"]["all"] / mixing["word2vec alone"]["all"], at_least=0.6)
claim("Alignment brings a part of them back", mixing["half and half, aligned"]["all"]
      - mixing["half and half, not aligned"]["all"], at_least=0.1)
claim("and most of the agreement with people (WordSim-353)", people["half and half, aligned"].correlation.value
      - people["half and half, not aligned"].correlation.value, at_least=0.2)
claim("The mean of both spaces loses grammar against word2vec alone",
      mixing["word2vec alone"]["syntactic"] - mixing["mean, not aligned"]["syntactic"], at_least=0.05)
claim("With 80 sentences the best small vectors beat 300 dimensions", topics["80"].loc[:50].max() - topics["80"][300],
      at_least=0.05)
claim("On the reviews, at every size, 100 dimensions and more beat 50 and fewer (the smallest lead)",
      (sentiment.loc[100:].min() - sentiment.loc[:50].max()).min(), at_least=0.005)
claim("On the yardstick 300 dimensions beat 50", analogies[300] - analogies[50], at_least=0.1)

# %% [markdown]
# ## Takeaways
#
# - A format is a few lines of code; `inspect` before you trust a file, and a silent loader proves nothing.
# - Text for exchange, binary or memory-mapped for use; eight bits a number are enough.
# - Methods differ by kind of question: facts, grammar, rare words. Coverage of your own texts comes first.
# - More dimensions help the yardstick; with few labels they can hurt. Measure on your task.
# - Two spaces never fit as they are. A rotation on a few hundred anchors repairs that, even between languages.

# %%
from lessons_lib import flash_cards

workplace.cleanup()
flash_cards("04")

# %% [markdown]
# Ask yourself before you open a card. Then try the quiz: every option says why it is right or wrong.

# %%
quiz("04")

# %% [markdown]
# ## Where to read more
#
# - Mikolov, Le and Sutskever (2013), *Exploiting Similarities among Languages for Machine Translation*:
#   the first translation by a linear map; see how many anchors they used.
# - Conneau, Lample, Ranzato, Denoyer and Jégou (2018), *Word Translation Without Parallel Data*:
#   how to find the rotation without any dictionary, and a better search than the plain nearest neighbour.
# - Schönemann (1966), *A Generalized Solution of the Orthogonal Procrustes Problem*:
#   where the two lines of the rotation come from.
# - Levy, Goldberg and Dagan (2015), *Improving Distributional Similarity with Lessons Learned from Word Embeddings*:
#   how much of the difference between methods is in their settings.
# - Yin and Shen (2018), *On the Dimensionality of Word Embedding*: a theory of what too many dimensions do.
# - The documentation of numpy's `memmap` and Python's `struct`: the two tools behind the readers of this lesson.
#
# Whichever source you choose, some words of your texts are not in it.
# The next lesson asks what to do with those.
