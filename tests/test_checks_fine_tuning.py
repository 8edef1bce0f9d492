"""The checks of lesson 6: right answers pass, and each known mistake is called by its name."""

import numpy as np
import pytest
import torch

from lessons_lib import check
from lessons_lib.checks.fine_tuning import _lost
from lessons_lib.fine_tuning import Policy

pytestmark = pytest.mark.usefixtures("own_home")


def distance(before, after):
    return np.linalg.norm(after - before, axis=1)


def groups(model, rate, share, decay=0.0, head_decay=0.01, table=True, swap=False):
    rates = (rate, rate * share) if swap else (rate * share, rate)
    parts = [{"params": [model.table], "lr": rates[0], "weight_decay": decay}] if table else []
    return torch.optim.AdamW([*parts, {"params": model.head.parameters(), "lr": rates[1], "weight_decay": head_decay}])


def train(table, head, rows, labels, which="head", optimiser=torch.optim.AdamW, zero=False, steps=50):
    parameters = list(head.parameters()) + (list(table.parameters()) if which == "both" else [])
    steps_of = optimiser(parameters, lr=0.1)
    for _ in range(steps):
        loss = torch.nn.functional.cross_entropy(head(table(rows)), labels)
        steps_of.zero_grad()
        loss.backward()
        if zero:
            table.weight.grad.zero_()
        steps_of.step()
    return float(loss)


MISTAKES = [
    ("06-1", lambda rows: np.unique(rows), "row 0 is padding"),
    ("06-1", lambda rows: sorted(rows[rows != 0]), "list it once"),
    ("06-1", lambda rows: [row for row in dict.fromkeys(rows.ravel()) if row], "sort them"),
    ("06-2", distance, "divide it by the length of the row before"),
    ("06-2", lambda b, a: distance(b, a) / np.linalg.norm(a, axis=1), "divide by the length after"),
    ("06-2", lambda b, a: (distance(b, a) / np.linalg.norm(b, axis=1)) ** 2, "squared drift"),
    ("06-2", lambda b, a: np.linalg.norm(a - b) / np.linalg.norm(b), "shape ()"),
    ("06-2", lambda b, a: 1 - (b * a).sum(1) / np.linalg.norm(b, axis=1) / np.linalg.norm(a, axis=1), "1 - cosine"),
    ("06-3", lambda t, s, c: float(c * ((t - s) ** 2).sum()), "carries no gradient"),
    ("06-3", lambda t, s, c: c * (t**2).sum(), "that is weight decay"),
    ("06-3", lambda t, s, c: c * (t - s).abs().sum(), "not squared"),
    ("06-3", lambda t, s, c: ((t - s) ** 2).sum(), "strength is missing"),
    ("06-3", lambda t, s, c: c * ((t - s) ** 2).mean(), "add them up"),
    ("06-3", lambda t, s, c: c * (t - s).norm(), "leave it squared"),
    ("06-4", lambda m, rate, share: torch.optim.Adam(m.parameters(), lr=rate), "torch.optim.AdamW is asked for"),
    ("06-4", lambda m, rate, share: torch.optim.AdamW(m.parameters(), lr=rate), "a group each"),
    ("06-4", lambda m, rate, share: groups(m, rate, share, table=False), "The table is missing"),
    ("06-4", lambda m, rate, share: groups(m, rate, share, swap=True), "belongs to the table"),
    ("06-4", lambda m, rate, share: groups(m, rate, share, decay=0.01), "AdamW's default"),
    ("06-4", lambda m, rate, share: groups(m, rate, share, head_decay=0.0), "weight decay of the head"),
    ("06-5", lambda *parts: train(*parts, which="both", zero=True), "that is weight decay"),
    ("06-5", lambda *parts: train(*parts, which="both"), "they were trained"),
    ("06-5", lambda table, head, rows, labels: 0.1, "The head has not moved"),
    ("06-5", lambda *parts: train(*parts, steps=1), "The loss after training"),
    ("06-6", lambda b, a, n: _lost(b, a, n, itself=True), "among its own neighbours"),
    ("06-6", lambda b, a, n: _lost(b, a, n, unit=False), "by dot product"),
    ("06-6", lambda b, a, n: 1 - _lost(b, a, n), "that is kept"),
    ("06-6", lambda b, a, n: n * _lost(b, a, n), "how many are lost"),
    ("06-7", 0.5, "a Policy is asked for"),
]


@pytest.mark.parametrize(("name", "answer", "diagnosis"), MISTAKES)
def test_known_mistakes_are_named(name, answer, diagnosis, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Not yet, {name}")
    assert diagnosis in printed


RIGHT = [
    ("06-1", lambda rows: sorted(set(rows.ravel().tolist()) - {0})),
    ("06-2", lambda b, a: np.sqrt(((a - b) ** 2).sum(1) / (b**2).sum(1))),
    ("06-3", lambda t, s, c: c * torch.nn.functional.mse_loss(t, s, reduction="sum")),
    ("06-4", groups),
    ("06-5", train),
    ("06-5", lambda *parts: train(*parts, optimiser=torch.optim.Adam)),
    ("06-6", _lost),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_other_right_answers_than_ours_pass(name, answer, capsys):
    check(name, answer)
    assert capsys.readouterr().out.startswith(f"Solved, {name}")


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(table_share=0), "a gain of at least 5 points"),
        (Policy(table_share=3), "at most 3% is allowed"),
        (Policy(table_share=0.2), "Right: your policy gains"),
    ],
)
def test_a_policy_is_judged_by_its_gain_and_by_what_it_forgets(policy, said, capsys):
    check("06-7", policy)
    assert said in capsys.readouterr().out
