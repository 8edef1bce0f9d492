"""Predict, reveal, claim, check, show, quiz: what learners meet in every lesson."""

import json
import threading

import pytest

from lessons_lib import answer, check, claim, predict, reveal, store
from lessons_lib.checks import EXERCISES, CheckError, Unsolved, Wrong, call, exercise, expect
from lessons_lib.claims import ClaimError
from lessons_lib.statistics import Estimate

pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def strict(monkeypatch):
    monkeypatch.setenv("LESSONS_STRICT", "1")


def test_prediction_is_recorded_and_compared(capsys):
    predict("99-q", "Which wins?", ["left", "right"])
    answer("99-q", 2)
    reveal("99-q", measured="right by 3", right=1)
    printed = capsys.readouterr().out
    assert "Predict: Which wins?" in printed
    assert "Measured: right by 3" in printed
    assert "You predicted: right. What came out: left." in printed
    record = store.read("predictions")["99-q"]
    assert (record["answer"], record["right"], record["measured"]) == (1, 0, "right by 3")


def test_unanswered_prediction_stops_nothing(capsys):
    predict("99-q", "Which wins?", ["left", "right"])
    reveal("99-q", measured="left", right=1)
    assert "You made no prediction here. The answer: left." in capsys.readouterr().out


def test_running_the_question_again_keeps_the_answer_and_rewording_drops_it():
    predict("99-q", "Which wins?", ["left", "right"])
    answer("99-q", 1)
    predict("99-q", "Which wins?", ["left", "right"])
    assert store.read("predictions")["99-q"]["answer"] == 0
    predict("99-q", "Which wins now?", ["left", "right"])
    assert store.read("predictions")["99-q"]["answer"] is None


@pytest.mark.parametrize("use", [lambda: answer("99-none", 1), lambda: reveal("99-none", measured="x")])
def test_answer_and_reveal_need_a_question(use):
    with pytest.raises(KeyError, match="run the cell with predict"):
        use()


def test_impossible_answers_are_refused():
    predict("99-q", "Which wins?", ["left", "right"])
    with pytest.raises(ValueError, match="answers 1 to 2, got 3"):
        answer("99-q", 3)
    with pytest.raises(ValueError, match="2 to 5 options, got 1"):
        predict("99-q", "Which wins?", ["left"])
    with pytest.raises(ValueError, match="got right=0"):
        reveal("99-q", measured="x", right=0)


def test_damaged_record_is_kept_and_a_new_one_begins(own_home):
    (own_home / "predictions.json").write_text('{"99-q": {"quest')
    with pytest.warns(UserWarning, match="is kept as"):
        assert store.read("predictions") == {}
    assert (own_home / "predictions.damaged").read_text() == '{"99-q": {"quest'


def test_a_crash_while_writing_keeps_the_old_record(own_home, monkeypatch):
    store.write("predictions", {"old": 1})
    with pytest.raises(TypeError):
        store.write("predictions", {"new": object()})
    assert store.read("predictions") == {"old": 1}
    assert [path.name for path in own_home.iterdir()] == ["predictions.json"]


def test_readers_never_see_half_a_file():
    store.write("topic", {"rows": list(range(2000))})
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(len(store.read("topic")["rows"]))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(100):
        store.write("topic", {"rows": list(range(2000))})
    stop.set()
    reader.join()
    assert set(seen) == {2000}


@pytest.mark.parametrize(
    ("value", "bounds", "holds"),
    [(0.1, {"at_least": 0.1}, True), (0.09, {"at_least": 0.1}, False), (0.1, {"at_most": 0.05}, False),
     (0.5, {"at_least": 0, "at_most": 1}, True), (float("nan"), {"at_least": 0}, False),
     (Estimate(0.3, 0.1, 0.5), {"at_least": 0.2}, True)],
)  # fmt: skip
def test_claim_holds_or_not_without_a_crash(value, bounds, holds, capsys):
    claim("Water is wet", value, **bounds)
    assert capsys.readouterr().out.startswith("HOLDS: Water" if holds else "DOES NOT HOLD: Water")


def test_claim_raises_when_strict(strict):
    with pytest.raises(ClaimError, match="Water is dry: 0 \\(at least 1\\)"):
        claim("Water is dry", 0, at_least=1)


def test_claim_without_bound_could_not_fail():
    with pytest.raises(ValueError, match="needs a bound"):
        claim("Anything", 3)


@pytest.fixture
def doubling():
    @exercise("99-1", "First.", "Second.", "Third.")
    def test(answer):
        expect(call(answer, 3), 6, "For 3", {"you square; double it.": 9})

    yield
    del EXERCISES["99-1"]


def test_check_counts_tries_and_gives_one_hint_each(doubling, capsys):
    for number, hint in enumerate(["Hint 1 of 3: First.", "Hint 2 of 3: Second.", "Hint 3 of 3: Third.", "All hints"]):
        check("99-1", lambda x, wrong=number + 10: x + wrong)
        assert hint in capsys.readouterr().out
    check("99-1", lambda x: 2 * x)
    assert "Solved, 99-1" in capsys.readouterr().out
    assert store.read("exercises")["99-1"] == {"tries": 4, "solved": True}


def test_check_names_the_mistake(doubling, capsys):
    check("99-1", lambda x: x * x)
    assert "For 3 you return 9: you square; double it." in capsys.readouterr().out


@pytest.mark.parametrize("stub", [..., None, lambda x: None, lambda x: ...])
def test_unsolved_costs_no_hint_but_fails_when_strict(doubling, stub, capsys, monkeypatch):
    check("99-1", stub)
    printed = capsys.readouterr().out
    assert printed.startswith("Open, 99-1") and "Hint" not in printed
    monkeypatch.setenv("LESSONS_STRICT", "1")
    with pytest.raises(CheckError):
        check("99-1", stub)


def test_check_reports_errors_of_the_learners_code(doubling, capsys):
    check("99-1", lambda x: x / 0)
    assert "Your code stops with ZeroDivisionError" in capsys.readouterr().out


def test_check_of_an_unknown_exercise_lists_the_known_ones():
    with pytest.raises(KeyError, match="01-1, 01-2"):
        check("01-99", 1)


def test_an_exercise_needs_three_hints_and_its_own_name(doubling):
    for name, hints in (("99-2", ["one"]), ("99-1", ["a", "b", "c"])):
        with pytest.raises(ValueError, match="3 hints"):
            exercise(name, *hints)


def test_expect_names_shapes_and_call_asks_for_a_function():
    with pytest.raises(Wrong, match=r"shape \(2,\); shape \(3,\) is expected"):
        expect([1, 2], [1, 2, 3], "Here")
    with pytest.raises(Wrong, match="Give its name without brackets"):
        call(3)
    with pytest.raises(Unsolved):
        call(lambda: None)


@pytest.fixture
def displayed(monkeypatch):
    """Collect display bundles as a notebook would."""
    bundles = []
    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def test_claim_carries_a_record_for_programs(displayed):
    claim("Water < ice", 1.5, at_least=1)
    bundle = displayed[0]
    assert bundle["application/vnd.lessons.claim+json"] == {
        "lesson": "", "statement": "Water < ice", "value": 1.5, "at_least": 1, "at_most": None, "holds": True
    }  # fmt: skip
    assert "Water &lt; ice" in bundle["text/html"]
    json.dumps(bundle)


def test_show_needs_alt_text_and_writes_it_into_html(displayed):
    from matplotlib.figure import Figure

    from lessons_lib import show

    figure = Figure()
    with pytest.raises(ValueError, match="say in a sentence"):
        show(figure, alt="A plot")
    show(figure, alt='The curve rises from 1 to 2 and is "flat" after 3')
    html, plain = displayed[0]["text/html"], displayed[0]["text/plain"]
    assert 'alt="The curve rises from 1 to 2 and is &quot;flat&quot; after 3"' in html
    assert plain.startswith("Figure: The curve rises")
    assert displayed[0]["image/png"].startswith("iVBOR")


def test_show_closes_the_figure_so_that_it_does_not_come_twice():
    import matplotlib.pyplot as plt

    from lessons_lib import show

    plt.close("all")  # what other tests left open
    figure, _ = plt.subplots()
    assert plt.get_fignums()
    show(figure, alt="An empty pair of axes, from 0 to 1 both ways")
    assert not plt.get_fignums()


def test_quiz_explains_every_option(displayed):
    from lessons_lib import flash_cards, quiz
    from lessons_lib.quizzes import recall_data

    quiz("01")
    flash_cards("01")
    data = recall_data("01")
    options = [option for item in data["quiz"] for option in item["options"]]
    assert displayed[0]["text/html"].count("<details") == len(options) == len([o for o in options if o["why"]])
    assert displayed[1]["text/html"].count("<details") == len(data["cards"])
    with pytest.raises(KeyError, match="No quiz for lesson '88'"):
        quiz("88")


def test_every_public_name_can_be_imported():
    import lessons_lib

    for name in lessons_lib.__all__:
        assert getattr(lessons_lib, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        lessons_lib.nothing  # noqa: B018
