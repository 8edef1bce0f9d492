"""Checks of lesson 6: rows, drifts and penalties small enough to compute by hand, and two short trainings."""

from typing import Any

import numpy as np

from lessons_lib.checks import Wrong, call, exercise, expect

LEAST_GAIN, MOST_LOST = 0.05, 0.03  # a fifth of the full rate reaches both, with room on either side


@exercise(
    "06-1",
    "A row gets a gradient if its word stands in the batch, however often.",
    "np.unique(rows) gives every number once, in rising order.",
    "Row 0 is padding: it counts for nothing and gets no gradient. numbers[numbers != 0] leaves it out.",
)
def rows_with_gradient(answer: Any) -> None:
    """Ask for the rows of a batch with repeated words and padding."""
    for rows in (np.array([[7, 3, 7, 0], [2, 3, 0, 0], [9, 7, 2, 4]]), np.array([[9, 7, 2, 4]])):
        right = np.unique(rows[rows != 0])
        found = np.asarray(call(answer, rows)).ravel()
        where = f"For the batch {rows.tolist()} you return {found.tolist()}:"
        if 0 in found:
            raise Wrong(f"{where} row 0 is padding and gets no gradient, so leave it out.")
        if len(found) > len(set(found.tolist())):
            raise Wrong(f"{where} a row is listed once for each time that its word occurs; list it once.")
        if set(found.tolist()) == set(right.tolist()) and (found != right).any():
            raise Wrong(f"{where} these are the right rows; sort them.")
        expect(found, right, f"For the batch {rows.tolist()}")


@exercise(
    "06-2",
    "Two norms are needed for each row: that of the difference, and that of the row before.",
    "np.linalg.norm(matrix, axis=1) gives the norm of each row.",
    "Divide np.linalg.norm(after - before, axis=1) by np.linalg.norm(before, axis=1).",
)
def drift(answer: Any) -> None:
    """Ask for the drift of three rows, one of which stayed."""
    before = np.array([[3.0, 4.0], [1.0, 0.0], [0.0, 2.0]])
    after = np.array([[3.0, 4.0], [4.0, 4.0], [0.0, 1.0]])
    moved = np.linalg.norm(after - before, axis=1)
    lengths = np.linalg.norm(before, axis=1)
    cosines = (before * after).sum(axis=1) / lengths / np.linalg.norm(after, axis=1)
    wrong = {
        "that is the distance itself: divide it by the length of the row before.": moved,
        "you divide by the length after: a row would make its drift small by growing.":
            moved / np.linalg.norm(after, axis=1),
        "that is the squared drift: take the norm, not its square.": (moved / lengths) ** 2,
        "that is the drift of the whole table: one number for each row is asked for.": np.linalg.norm(after - before)
            / np.linalg.norm(before),
        "that is 1 - cosine: it does not notice a row that shrinks.": 1 - cosines,
    }  # fmt: skip
    expect(call(answer, before, after), moved / lengths, "For three rows", wrong)


@exercise(
    "06-3",
    "Nothing moved: the penalty is 0. The further a row is from its start, the more it costs.",
    "The difference of table and start, squared, and everything added up.",
    "strength * ((table - start) ** 2).sum()",
)
def pull_to_start(answer: Any) -> None:
    """Ask for the penalty of a small table and for its gradient."""
    import torch

    start = torch.tensor([[1.0, 2.0], [0.0, -1.0]])
    table = (start + torch.tensor([[0.5, 0.0], [-1.0, 2.0]])).requires_grad_()
    found = call(answer, table, start, 0.1)
    if not isinstance(found, torch.Tensor) or not found.requires_grad:
        raise Wrong("The result carries no gradient: return the tensor itself, without float(), .item() or .detach().")
    moved = (table - start).detach()
    wrong = {
        "this pulls towards zero: that is weight decay. Take the difference from the start.":
            0.1 * float((table.detach() ** 2).sum()),
        "the differences are not squared.": 0.1 * float(moved.abs().sum()),
        "the strength is missing.": float((moved**2).sum()),
        "that is the mean of the squares: add them up.": 0.1 * float((moved**2).mean()),
        "that is the norm of the difference: leave it squared.": 0.1 * float(moved.norm()),
    }  # fmt: skip
    expect(
        found.detach().numpy(), 0.1 * float((moved**2).sum()), "For a table that moved by [[0.5, 0], [-1, 2]]", wrong
    )
    found.backward()
    expect(table.grad.numpy(), 0.2 * moved.numpy(), "For its gradient")


@exercise(
    "06-4",
    "torch.optim.AdamW takes a list of dictionaries, one a group.",
    'A group: {"params": [model.table], "lr": ..., "weight_decay": ...}; for the head model.head.parameters().',
    "The table's group has the rate rate * share and weight_decay=0.0; AdamW's own default is 0.01, so write it out.",
)
def make_optimiser(answer: Any) -> None:
    """Look at the groups of the learner's optimiser: parameters, rates, decay."""
    import torch

    from lessons_lib.classifiers import BagOfEmbeddings

    model = BagOfEmbeddings(np.ones((4, 3), dtype=np.float32), 2, np.array([[1, 2, 3]]))
    optimiser = call(answer, model, 0.02, 0.1)
    if not isinstance(optimiser, torch.optim.AdamW):
        raise Wrong(f"You return {type(optimiser).__name__}; torch.optim.AdamW is asked for.")
    group_of = {id(p): group for group in optimiser.param_groups for p in group["params"]}
    for name, wanted in {"table": [model.table], "head": list(model.head.parameters())}.items():
        if any(id(parameter) not in group_of for parameter in wanted):
            raise Wrong(f"The {name} is missing from the optimiser, or not all of it is there.")
    table, head = group_of[id(model.table)], group_of[id(model.head[0].weight)]
    if table is head:
        raise Wrong("Table and head are in one group: they need a group each.")
    swapped = {"the share belongs to the table, not to the head.": 0.02}
    expect(table["lr"], 0.002, "For rate 0.02 and share 0.1, as the learning rate of the table,", swapped)
    expect(head["lr"], 0.02, "For rate 0.02 and share 0.1, as the learning rate of the head,")
    default = {"that is AdamW's default, which shrinks rows that no text has: write weight_decay=0.0.": 0.01}
    expect(table["weight_decay"], 0.0, "As the weight decay of the table", default)
    expect(head["weight_decay"], 0.01, "As the weight decay of the head")


@exercise(
    "06-5",
    "Compare the lengths of the rows before and after. What does AdamW do beside following the gradient?",
    "Weight decay acts on every parameter that the optimiser holds and that has a gradient, even one of zeros.",
    "Give the optimiser head.parameters() alone; then the line that sets the gradient to zero can go.",
)
def train_head(answer: Any) -> None:
    """Train on two tiny classes: the table has to stay and the head has to learn."""
    import torch

    torch.manual_seed(0)
    table, head = torch.nn.Embedding(6, 8), torch.nn.Linear(8, 2)
    rows, labels = torch.arange(6), torch.tensor([0, 0, 0, 1, 1, 1])
    start, first = table.weight.detach().clone(), head.weight.detach().clone()
    loss = call(answer, table, head, rows, labels)
    found = table.weight.detach()
    if not torch.equal(found, start):
        shrunk = torch.nn.functional.cosine_similarity(found, start).min() > 0.9999
        why = "shorter, in their old directions: that is weight decay" if shrunk else "elsewhere: they were trained"
        raise Wrong(f"The rows of the table are {why}. They have to stay exactly as they were.")
    if torch.equal(head.weight.detach(), first):
        raise Wrong("The head has not moved: it has to be trained.")
    if float(loss) > 0.3:
        raise Wrong(f"The loss after training is {float(loss):.2f}; a head that learns gets below 0.3.")


@exercise(
    "06-6",
    "Divide each row by its norm; then unit @ unit.T holds all cosines.",
    "np.fill_diagonal(cosines, -np.inf) keeps each row out of its own neighbours; np.argsort(-cosines, axis=1)[:, :n].",
    "For each row 1 - len(old & new) / n, with sets of the nearest rows before and after; then the mean.",
)
def neighbours_lost(answer: Any) -> None:
    """Ask for the mean share over random rows, some of which moved and some of which only grew."""
    rng = np.random.default_rng(3)
    before = rng.normal(size=(12, 5)) * rng.uniform(0.2, 3, (12, 1))
    after = before * rng.uniform(0.3, 3, (12, 1))
    after[:3] += rng.normal(size=(3, 5)) * 2
    right = _lost(before, after, 3)
    wrong = {
        "each row is counted among its own neighbours: leave it out.": _lost(before, after, 3, itself=True),
        "these are neighbours by dot product, where long rows win: divide by the norms.":
            _lost(before, after, 3, unit=False),
        "that is the share that is kept: 1 minus it is asked for.": 1 - right,
        "that is how many are lost: divide by n.": 3 * right,
    }  # fmt: skip
    expect(call(answer, before, after, 3), right, "For 12 rows and n = 3", wrong)
    expect(call(answer, before, 2 * before, 4), 0.0, "For rows that only became twice as long")


def _lost(before: np.ndarray, after: np.ndarray, n: int, itself: bool = False, unit: bool = True) -> float:
    """Return the mean share of the n nearest rows lost, right or with a known mistake."""
    sets = []
    for matrix in (before, after):
        rows = matrix / np.linalg.norm(matrix, axis=1, keepdims=True) if unit else matrix
        products = rows @ rows.T
        if not itself:
            np.fill_diagonal(products, -np.inf)
        sets.append([set(row) for row in np.argsort(-products, axis=1)[:, :n]])
    return float(np.mean([1 - len(old & new) / n for old, new in zip(*sets, strict=True)]))


@exercise(
    "06-7",
    "A frozen table gains nothing, and full tuning loses too many neighbours: look between them.",
    "table_share is the table's learning rate as a share of that of the head. Try a half, a fifth, a tenth.",
    "Policy(table_share=0.2) is inside both bounds; see what a pull or frozen epochs add to it.",
)
def my_policy(answer: Any) -> str:
    """Train the learner's policy and a frozen table with two seeds; ask for a gain and a limit of forgetting."""
    from lessons_lib.bundled import load_vectors
    from lessons_lib.fine_tuning import POLICIES, Policy, fine_tuning_policies
    from lessons_lib.tuning_record import split_reviews

    if not isinstance(answer, Policy):
        raise Wrong(f"This is {type(answer).__name__}; a Policy is asked for, such as Policy(table_share=0.5).")
    texts, labels, tests = split_reviews()
    tests = {"ordinary": tests["ordinary"]}
    policies = {"frozen": POLICIES["frozen"], "yours": answer}
    runs = fine_tuning_policies(texts, labels, tests, load_vectors(), policies, [1000], [0, 1])
    means = runs.groupby("policy")[["ordinary", "neighbours_lost"]].mean()
    gain = means.ordinary["yours"] - means.ordinary["frozen"]
    lost = means.neighbours_lost["yours"]
    said = f"your policy gains {100 * gain:.1f} points over a frozen table and loses {lost:.1%} of the neighbours"
    if gain < LEAST_GAIN:
        raise Wrong(f"Measured: {said}; a gain of at least {100 * LEAST_GAIN:.0f} points is asked for.")
    if lost > MOST_LOST:
        raise Wrong(f"Measured: {said}; at most {MOST_LOST:.0%} is allowed.")
    return f"Right: {said}."
