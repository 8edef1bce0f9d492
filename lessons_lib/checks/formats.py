"""Checks of lesson 4: headers, lines, formats, quantising, rotations, precision, anchors."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

MOST_ANCHORS = 150
ANCHOR_BAR = 0.8  # precision at 1; a test shows that words drawn from the whole vocabulary miss it
ASKED = slice(400, 2400, 4)


@exercise(
    "04-1",
    "Only the first line counts: cut the bytes at the first line end.",
    "data[: data.index(b'\\n')].split() gives two pieces of bytes.",
    "Turn both pieces into int and return them in their order: words, then dimensions.",
)
def read_header(answer: Any) -> None:
    """Ask for the header of a text file and of a binary file whose numbers are no text."""
    text = b"3 2\nthe 1 2\nof 3 4\n9 9 9\n"
    binary = b"1200 50\nthe " + np.full(50, -1.7, "<f4").tobytes()
    wrong = {"the two numbers are exchanged: words come first.": (2, 3)}
    expect(tuple(call(answer, text)), (3, 2), "For a file that begins with '3 2'", wrong)
    expect(tuple(call(answer, binary)), (1200, 50), "For a binary file that begins with '1200 50'")


@exercise(
    "04-2",
    "You know how many numbers there are. From which end of the line must you count?",
    "fields[-n_dims:] are the numbers; all fields before them make up the word.",
    'Put the word together again with " ".join(fields[:-n_dims]).',
)
def parse_line(answer: Any) -> None:
    """Ask for a plain word, a word with blanks, a word that is a number."""
    for line, word in (("cat 0.5 -1 2\n", "cat"), ("new york 0.5 -1 2\n", "new york"), ("1984 0.5 -1 2", "1984"),
                       (". . . 0.5 -1 2\n", ". . .")):  # fmt: skip
        found = call(answer, line, 3)
        if not isinstance(found, tuple | list) or len(found) != 2:
            raise Wrong("Return two things: the word and its numbers.")
        if found[0] == word.split(" ")[0] != word:
            raise Wrong(
                f"For the line {line!r} the word is {found[0]!r}: you cut at the first blank. Count from the end."
            )
        expect(found[0], word, f"For the line {line!r} the word:")
        if np.asarray(found[1]).dtype.kind not in "fiu":
            raise Wrong(f"For the line {line!r} the numbers are still text: give np.array a dtype, such as float.")
        expect(np.asarray(found[1], dtype=float), [0.5, -1.0, 2.0], f"For the line {line!r} the numbers:")


@exercise(
    "04-3",
    "First the four bytes of fastText. Then: does the first line consist of two whole numbers?",
    "Without such a line it is GloVe. With it, look at what stands behind the first word of the next line.",
    "Try float() on the last fields of that line: as many as the header promises for text, an error for binary.",
)
def which_format(answer: Any) -> None:
    """Show files of four kinds, a binary one whose numbers look like letters among them."""
    from lessons_lib.bundled import bundled_path

    letters = b"2 3\nthe " + b"ABCD" * 3 + b"of " + b"EFGH" * 3
    fasttext = bundled_path("vectors/fasttext.bin").read_bytes()[:5000]
    word2vec = bundled_path("vectors/word2vec.bin").read_bytes()[:50_000]
    cases = [("fastText .bin", fasttext), ("word2vec binary", word2vec), ("word2vec binary", letters),
             ("word2vec text", b"2 3\nthe 1 2 3\nof 4 5 6\n"),
             ("GloVe", b"the 1 2 3\nof 4 5 6\n"), ("GloVe", b"1984 1 2 3\n7 4 5 6\n")]  # fmt: skip
    for right, data in cases:
        found = call(answer, data)
        if found not in {name for name, _ in cases}:
            raise Wrong(f"You return {found!r}, which is none of the four names.")
        if found != right:
            raise Wrong(f"A file of the format {right} that begins with {data[:24]!r} is called {found!r}.")


@exercise(
    "04-4",
    "Quantise a single row, [1, 0.5, -1], and look at every number of the result.",
    "Which whole numbers fit into int8? What becomes of 128?",
    "Divide the largest number by 127, so that no result is larger than 127.",
)
def quantise(answer: Any) -> None:
    """Ask for rows whose largest number is positive, negative, and for an error of at most half a step."""
    matrix = np.array([[1.0, 0.5, -1.0], [0.1, 0.03, -0.07], [-8.0, 2.0, 1.0]])
    found = call(answer, matrix)
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise Wrong("Return two things: the whole numbers and the step of each row.")
    numbers, step = np.asarray(found[0]), np.asarray(found[1])
    if numbers.dtype != np.int8:
        raise Wrong(f"The numbers are of the type {numbers.dtype}; int8 is asked for.")
    if step.shape != (3, 1):
        raise Wrong(f"The steps have the shape {step.shape}; one a row as a column, (3, 1), is expected.")
    back = numbers * step
    turned = np.sign(back) * np.sign(matrix) < 0
    if turned.any():
        row = int(turned.any(axis=1).argmax())
        raise Wrong(
            f"The row {matrix[row].tolist()} comes back as {back[row].round(2).tolist()}: a number changed its sign."
        )
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    errors = np.abs(back - matrix) / (largest / 127)  # in steps
    if (errors[np.abs(matrix) < largest] > 0.51).any():
        raise Wrong("The error is larger than half a step of the largest number divided by 127: round, do not cut off.")
    if (errors > 0.51).any():
        row, column = np.unravel_index(errors.argmax(), errors.shape)
        raise Wrong(f"The largest number of its row, {matrix[row, column]:g}, comes back as {back[row, column]:.4f}: "
                    "it must be exactly 127 steps.")  # fmt: skip


@exercise(
    "04-5",
    "Decompose the product of the transposed source with the target.",
    "left, sizes, right = np.linalg.svd(source.T @ target); the sizes are not needed.",
    "Return left @ right: svd gives its third part already transposed.",
)
def rotation(answer: Any) -> None:
    """Ask for a known rotation, and for one that fits only roughly."""
    rng = np.random.default_rng(4)
    source, turn = rng.normal(size=(40, 5)), np.linalg.qr(rng.normal(size=(5, 5)))[0]
    target = source @ turn
    left, sizes, right = np.linalg.svd(source.T @ target)
    wrong = {
        "that is the product itself, put together again: leave the sizes away.": left @ np.diag(sizes) @ right,
        "that is the way back, from target to source: transpose it.": turn.T,
        "right is transposed already: leave it as svd gives it.": left @ right.T,
    }
    expect(call(answer, source, target), turn, "For a space and the same space turned", wrong)
    noisy = target + rng.normal(0, 0.5, target.shape)
    found = np.asarray(call(answer, source, noisy))
    if not np.allclose(found @ found.T, np.eye(5), atol=1e-6):
        raise Wrong(
            "With noise your matrix stretches the space (R times its transpose is not the identity): "
            "only the two outer parts of the decomposition belong into it."
        )
    left, _, right = np.linalg.svd(source.T @ noisy)
    expect(found, left @ right, "For a turned space with noise")


@exercise(
    "04-6",
    "np.argsort(-cosines, axis=1)[:, :n] gives the columns of the n largest in each row.",
    "Compare each row of them with the right column of that row.",
    "(nearest == right[:, None]).any(axis=1) is true for the rows that are right; take the mean.",
)
def precision_at(answer: Any) -> None:
    """Ask at 1, 2 and 3 on a small table."""
    cosines = np.array([[0.9, 0.1, 0.5, 0.2], [0.3, 0.8, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4], [0.6, 0.5, 0.4, 0.9]])
    right = np.array([0, 0, 0, 2])
    ranked = np.argsort(-cosines, axis=1)
    for n in (1, 2, 3):
        share = (ranked[:, :n] == right[:, None]).any(axis=1).mean()
        wrong = {
            "that is a number of words: divide by how many were asked.": share * 4,
            "you divide by all words on the lists: ask of each row whether any is right, then take the mean.":
                share / n,
            "you look at the n smallest cosines: sort the other way round.":
                (ranked[:, ::-1][:, :n] == right[:, None]).any(axis=1).mean(),
            "you ask only whether the n-th is right: any of the first n counts.": (ranked[:, n - 1] == right).mean(),
        }  # fmt: skip
        expect(float(call(answer, cosines, right, n)), share, f"For four words at n = {n}", wrong)


@exercise(
    "04-7",
    "An anchor helps if both methods place it well. Which words do they know well: frequent or rare ones?",
    "Stay within the first few thousand words, and cover many subjects.",
    "Take every fortieth word or so from row 300 to row 6,300, without the 500 that are asked.",
)
def anchors(answer: Any) -> str:
    """Lay word2vec over GloVe by the learner's anchors and ask 500 other words."""
    from lessons_lib.alignment import precision_across, rotation_between
    from lessons_lib.bundled import load_vectors
    from lessons_lib.scores import restrict
    from lessons_lib.statistics import Estimate

    if isinstance(answer, str) or not all(isinstance(word, str) for word in answer):
        raise Wrong("A list of words is asked for.")
    chosen = list(dict.fromkeys(answer))
    if not chosen:
        raise Wrong("The list is empty: name at least one word.")
    if len(chosen) > MOST_ANCHORS:
        raise Wrong(f"You name {len(chosen)} anchors; at most {MOST_ANCHORS} are allowed.")
    word2vec, glove = load_vectors("word2vec"), load_vectors("glove")
    asked = word2vec.index_to_key[ASKED]
    if both := set(chosen) & set(asked):
        raise Wrong(
            f"{len(both)} of your anchors are among the words that are asked, such as {min(both)!r}: leave them out."
        )
    if unknown := [word for word in chosen if word not in word2vec]:
        raise Wrong(f"Some of your anchors ({len(unknown)}) have no vector, the first is {unknown[0]!r}.")
    candidates = restrict(glove, word2vec.index_to_key[:5000])

    def precision(words: list[str]) -> Estimate:
        turn = rotation_between(word2vec, glove, [(word, word) for word in words])
        return precision_across(word2vec, candidates, [(word, word) for word in asked], turn, at=(1,)).at[1]

    found = precision(chosen)
    if found.value < ANCHOR_BAR:
        raise Wrong(f"The right word is the nearest for a share of {found}; at least {ANCHOR_BAR} is asked for.")
    rival = precision(word2vec.index_to_key[:MOST_ANCHORS])
    return (
        f"Right: the right word is the nearest for a share of {found}, with {len(chosen)} anchors. "
        f"The {MOST_ANCHORS} most frequent words, taken without a thought, reach {rival.value:.3f}."
    )
