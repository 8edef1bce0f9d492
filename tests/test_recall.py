"""Spaced repetition: cards and their names, when they are due, the record on disk, terminal and notebook."""

import io
import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from rich.console import Console
from typer.testing import CliRunner

import lessons_lib
from lessons_lib import cards, recall_buttons, recall_cells, repetition, store
from lessons_lib.cards import all_cards
from lessons_lib.commands import app
from lessons_lib.commands import recall as terminal
from lessons_lib.recall_queue import queue
from lessons_lib.recall_report import outlook, overview
from lessons_lib.repetition import Memory, grade, intervals, memories, read_record

pytestmark = pytest.mark.usefixtures("own_home")
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def flash():
    return next(card for card in all_cards() if not card.options)


@pytest.fixture
def question():
    return next(card for card in all_cards() if card.options)


def known(card, at=MONDAY) -> Memory:
    return next(memory for memory in memories((), at) if memory.card.name == card.name)


def test_every_card_and_question_of_every_lesson_is_there_under_a_name_of_its_own(root):
    recall = [json.loads(path.read_text()) for path in sorted((root / "data/recall").glob("*.json"))]
    assert len(all_cards()) == sum(len(lesson["cards"]) + len(lesson["quiz"]) for lesson in recall)
    assert len({card.name for card in all_cards()}) == len(all_cards())
    assert {card.lesson for card in all_cards()} == {f"0{number}" for number in range(1, 8)}
    for card in all_cards():
        assert sum(option.right for option in card.options) == bool(card.options)
        assert bool(card.options) != bool(card.back)


def test_the_name_of_a_card_hangs_on_its_front_alone_and_its_version_on_every_word():
    entry = {"cards": [{"front": "Cosine?", "back": "An angle."}], "quiz": []}
    [first] = cards._cards("01", entry)
    [other_back] = cards._cards("01", {"cards": [{"front": "Cosine?", "back": "Of an angle."}], "quiz": []})
    [other_front] = cards._cards("01", {"cards": [{"front": "Cosine of?", "back": "An angle."}], "quiz": []})
    assert first.name == other_back.name != other_front.name
    assert len({first.version, other_back.version, other_front.version}) == 3


def test_better_grades_come_back_later_and_every_further_review_doubles_the_interval_or_more(flash):
    offered = intervals(Memory(flash), MONDAY)
    assert offered[1] == timedelta(minutes=10) < offered[2] < DAY <= offered[3] < offered[4]
    found, at = [], MONDAY
    for _ in range(4):
        memory = grade(flash, 3, at)
        found.append(memory.interval)
        at = memory.due
    assert all(later >= 2 * earlier for earlier, later in pairwise(found)), found
    assert grade(flash, 1, at).interval == timedelta(minutes=10)


def test_the_intervals_that_are_offered_are_those_that_follow(flash):
    grade(flash, 3, MONDAY)
    for number in repetition.GRADES:
        before = store.read("recall")
        at = MONDAY + 3 * DAY
        offered = intervals(known(flash, at), at)[number]
        assert grade(flash, number, at).interval == offered
        store.write("recall", before)


def test_schedules_are_those_of_fsrs(flash):
    """The same reviews, handed to the library by hand on whole days, give the same days."""
    from fsrs import Card, Rating, Scheduler

    step = [timedelta(minutes=10)]
    scheduler = Scheduler(learning_steps=step, relearning_steps=step, enable_fuzzing=False)
    expected, day = Card(card_id=1), 0
    for number, wait in ((3, 0), (3, 2), (2, 9), (1, 30), (3, 0), (4, 5)):
        day += wait
        expected, _ = scheduler.review_card(expected, Rating(number), MONDAY + day * DAY)
        memory = grade(flash, number, MONDAY + day * DAY)
        assert memory.interval == expected.due - expected.last_review
        at = MONDAY + (day + 3) * DAY
        assert known(flash, at).chance == pytest.approx(scheduler.get_card_retrievability(expected, at))


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has one time zone for a program")
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def test_what_was_learnt_late_is_due_in_the_morning_also_when_clocks_change(flash, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for month, day in ((3, 7), (4, 4), (9, 26), (10, 31)):  # clocks change in one of the nights after these
            store.write("recall", {})
            evening = datetime(2026, month, day, 23, 30).astimezone(UTC)
            memory = grade(flash, 3, evening)
            due = (datetime(2026, month, day) + memory.interval).astimezone(UTC)
            assert (memory.due, memory.interval) == (due, 2 * DAY)
            early = due + timedelta(hours=6)
            assert [memory.card.name for memory in queue(new=0, at=early).due] == [flash.name]
            assert known(flash, early).chance == pytest.approx(0.9, abs=0.02)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_reworded_card_is_due_at_once_and_keeps_its_reviews(flash, monkeypatch):
    grade(flash, 4, MONDAY)
    assert known(flash).due > MONDAY
    reworded = replace(flash, back="Otherwise.", version="00000000")
    monkeypatch.setattr(repetition, "all_cards", lambda: (reworded,))
    assert known(reworded).due == MONDAY
    assert grade(reworded, 3, MONDAY + DAY).grades == (4, 3)
    assert known(reworded, MONDAY + DAY).due > MONDAY + DAY


def test_a_card_that_left_the_course_is_not_asked_and_stays_on_record(flash, question, monkeypatch):
    grade(flash, 3, MONDAY)
    monkeypatch.setattr(repetition, "all_cards", lambda: (question,))
    grade(question, 3, MONDAY)
    assert [memory.card for memory in memories((), MONDAY)] == [question]
    assert set(store.read("recall")) == {flash.name, question.name}


@pytest.mark.parametrize("number", [0, 5, "3", None])
def test_grades_are_1_to_4(flash, number):
    with pytest.raises(ValueError, match="A grade is 1, 2, 3 or 4"):
        grade(flash, number)
    assert store.read("recall") == {}


# The record


def test_a_file_that_is_no_json_is_kept_and_a_new_record_begins(own_home, flash):
    for number, kept in enumerate(["recall.damaged", "recall.damaged-2"]):
        (own_home / "recall.json").write_text(f'{{"01-q1": {number}')
        with pytest.warns(UserWarning, match="is kept as"):
            grade(flash, 3, MONDAY)
        assert (own_home / kept).read_text() == f'{{"01-q1": {number}'
        assert set(store.read("recall")) == {flash.name}


@pytest.mark.parametrize(
    "entry",
    [5, {}, {"version": "x", "reviews": []}, {"version": "x", "reviews": [["2026-03-01T10:00:00", 3]]},
     {"version": "x", "reviews": [["2026-03-01T10:00:00+00:00", 7]]}, {"reviews": [["2026-03-01T10:00:00+00:00", 3]]},
     {"version": "x", "reviews": [["soon", 3]]}, {"version": "x", "reviews": [3]}],
)  # fmt: skip
def test_a_damaged_entry_counts_as_new_the_others_stay_and_the_file_is_kept(own_home, flash, question, entry):
    grade(flash, 3, MONDAY)
    store.write("recall", store.read("recall") | {question.name: entry})
    before = (own_home / "recall.json").read_bytes()
    with pytest.warns(UserWarning, match=rf"{question.name} could not be read; .* kept as"):
        assert known(question).due is None
    assert (own_home / "recall.damaged").read_bytes() == before
    assert set(read_record()) == {flash.name}
    assert known(flash).grades == (3,)


def test_answers_of_programs_that_run_at_once_are_all_kept(own_home):
    code = (
        "import sys\nfrom lessons_lib.cards import all_cards\nfrom lessons_lib.repetition import grade\n"
        "for card in all_cards()[:15]: grade(card, int(sys.argv[1]))"
    )
    programs = [subprocess.Popen([sys.executable, "-c", code, str(number)]) for number in (1, 2, 3, 4)]
    assert [program.wait(timeout=120) for program in programs] == [0, 0, 0, 0]
    found = [Counter(number for _, number in entry["reviews"]) for entry in store.read("recall").values()]
    assert found == [Counter([1, 2, 3, 4])] * 15


def test_an_error_while_a_topic_is_changed_stores_nothing():
    store.write("recall", {"a": 1})
    with pytest.raises(RuntimeError), store.changing("recall") as content:
        content["b"] = 2
        raise RuntimeError
    assert store.read("recall") == {"a": 1}


# Which card comes next


def test_new_cards_are_limited_by_the_day_and_mixed_over_lessons():
    asked = queue(new=9, at=MONDAY).asked
    assert [memory.card.lesson for memory in asked] == [f"0{n}" for n in (1, 2, 3, 4, 5, 6, 7, 1, 2)]
    for number, memory in enumerate(asked[:4]):
        grade(memory.card, 3, MONDAY + number * SECOND)
    found = queue(new=9, at=MONDAY + 4 * SECOND)
    assert [memory.card.name for memory in found.asked] == [memory.card.name for memory in asked[4:]]
    assert found.held == len(all_cards()) - 9
    assert queue(new=4, at=MONDAY).asked == []
    assert len(queue(new=4, at=MONDAY + DAY).asked) == 4


def test_due_cards_come_before_new_ones_and_unknown_ones_come_again():
    first, second, third = (memory.card for memory in queue(new=3, at=MONDAY).asked)
    grade(first, 3, MONDAY)
    grade(second, 1, MONDAY + SECOND)
    found = queue(new=3, at=MONDAY + SECOND)
    assert [memory.card for memory in found.asked] == [third, second]
    assert [memory.card for memory in found.later] == [first]
    found = queue(new=3, at=MONDAY + 5 * DAY)
    assert {memory.card for memory in found.due} == {first, second}
    assert found.asked[:2] == found.due
    assert len(found.new) == 3


def test_new_cards_come_from_lessons_that_were_begun_or_are_named():
    store.write("predictions", {"02-window": {}, "05-hidden": {}})
    store.write("exercises", {"01-3": {}})
    found = queue(at=MONDAY)
    assert {memory.card.lesson for memory in found.new} == {"01", "02", "05"}
    assert found.unopened == ["03", "04", "06", "07"]
    assert "recall 3" in outlook(found)[-1]
    assert {memory.card.lesson for memory in queue(["04"], at=MONDAY).asked} == {"04"}


def test_everything_is_every_card_once():
    for memory in queue(["03"], new=3, at=MONDAY).asked:
        grade(memory.card, 4, MONDAY)
    since, asked = MONDAY + timedelta(hours=1), []
    while waiting := queue(["03"], since=since, at=since).asked:
        asked.append(waiting[0].card.name)
        grade(waiting[0].card, 3, since)
    assert sorted(asked) == sorted(card.name for card in all_cards() if card.lesson == "03")


def test_overview_counts_what_is_new_due_and_known():
    asked = [memory.card for memory in queue(["02"], at=MONDAY).asked]
    for card, number in zip(asked, (3, 3, 4), strict=False):
        grade(card, number, MONDAY)
    assert overview(["02"], MONDAY) == [
        {"lesson": "02", "cards": len(asked), "new": len(asked) - 3, "due": 0, "later": 3, "known": 3}
    ]
    [row] = overview(["02"], MONDAY + 4 * DAY)
    assert (row["due"], row["later"]) == (2, 1)
    [row] = overview(["02"], MONDAY + 4000 * DAY)
    assert (row["due"], row["known"]) == (3, 1)


# The terminal


def session(keys: str, **options) -> str:
    """Play a session with these keys (~ is Ctrl-C); return what was shown."""

    def press() -> str:
        key = next(waiting)
        if key == "~":
            raise KeyboardInterrupt
        return key

    waiting = iter(keys)
    console = Console(file=io.StringIO(), width=400)
    terminal.session(console, lambda: queue(**options), press)
    return console.file.getvalue()


def test_a_session_shows_asks_records_and_says_when_to_come_back(flash):
    shown = session("x \r3" + " 1" + " 3", new=2)
    assert shown.index(flash.front) < shown.index("Say the answer") < shown.index(flash.back)
    assert "good: comes back in 2 days" in shown
    assert "3 answers recorded.\nNothing is due.\nThe next card comes back on" in shown
    assert [len(entry["reviews"]) for entry in store.read("recall").values()] == [1, 2]


@pytest.mark.parametrize("end", ["q", "Q", "\x1b", "~"])
def test_a_session_that_is_stopped_keeps_what_was_answered(flash, end):
    shown = session(f" 4 {end}", new=5)
    assert "Stopped." in shown
    assert "1 answer recorded." in shown
    assert "4 cards to go" in shown
    assert known(flash).grades == (4,)


@pytest.mark.parametrize("right", [True, False])
def test_a_question_is_explained_and_a_wrong_answer_is_not_known(question, monkeypatch, right):
    monkeypatch.setattr(repetition, "all_cards", lambda: (question,))
    number, option = next((n, o) for n, o in enumerate(question.options, 1) if o.right == right)
    shown = " ".join(session(f"9{number}{'2' if right else ''}q").split())
    explained = " ".join(option.why.split())
    assert f"{'Right.' if right else 'Not this one.'} {explained}" in shown
    assert ("Right is:" in shown) != right
    assert known(question).grades == ((2,) if right else (1,))


def test_square_brackets_on_cards_are_shown():
    console = Console(file=io.StringIO(), width=100)
    console.print(terminal.escaped("only [UNK] and [bold]"))
    assert console.file.getvalue() == "only [UNK] and [bold]\n"


def lessons(*arguments: str):
    return CliRunner().invoke(app(), ["recall", *arguments])


def test_without_a_terminal_it_says_what_is_due_and_how_to_go_on():
    shown = lessons("--new", "3")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("0 cards due, 3 new.")
    assert "3 cards to go. Go on: python course.py recall" in shown.stdout
    assert store.read("recall") == {}


def test_stats_are_a_table_and_unknown_lessons_are_refused(own_home):
    shown = lessons("--stats", "2", "03_loading")
    assert shown.exit_code == 0
    assert f"Stored in {own_home}" in shown.stdout
    wanted = [card for card in all_cards() if card.lesson in ("02", "03")]
    assert [line.split()[3] for line in shown.stdout.splitlines() if " all " in line] == [str(len(wanted))]
    refused = lessons("9")
    assert (refused.exit_code, refused.stderr.partition(".")[0]) == (2, "No lesson is called 9")


def test_a_damaged_record_is_told_in_a_line_and_not_as_a_warning_of_python(own_home):
    (own_home / "recall.json").write_text("{")
    shown = lessons()
    assert shown.exit_code == 0
    assert shown.stderr.startswith(f"Note: {own_home / 'recall.json'} could not be read")
    assert "UserWarning" not in shown.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_in_a_real_terminal_keys_work_and_ctrl_c_keeps_the_answers(own_home, flash):
    import pexpect

    arguments = ["-m", "lessons_lib.commands", "recall", "--new", "2"]
    child = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=60, dimensions=(40, 100))
    child.expect("press Space")
    child.send(" ")
    child.expect("How well did you know it")
    child.expect("8 days")
    child.send("3")
    child.expect("good: comes back in 2 days")
    child.expect("press Space")
    child.sendintr()
    child.expect("Stopped.")
    child.expect("1 answer recorded")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert list(store.read("recall")) == [flash.name]


# The notebook


def test_in_plain_text_a_card_is_shown_and_know_records_it(flash, capsys):
    lessons_lib.recall(new=2)
    assert flash.front in capsys.readouterr().out
    lessons_lib.know(3)
    said = capsys.readouterr().out
    assert said.startswith("good: comes back in 2 days.\nLesson 2")
    assert known(flash).grades == (3,)
    lessons_lib.know(4)
    assert "Nothing is due." in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="run a cell with recall"):
        lessons_lib.know(3)


def test_recall_of_a_lesson_that_is_not_there_names_those_that_are():
    with pytest.raises(KeyError, match=r"No lesson is called 12\. There are: 01_vectors"):
        lessons_lib.recall("12")
    assert list(lessons_lib.recall_overview("3", "1").index) == ["01", "03"]


@pytest.fixture
def panel(monkeypatch):
    """Return the buttons of a notebook for two new cards."""
    monkeypatch.setattr(recall_buttons, "DOUBLE_CLICK", 0)
    panel = recall_buttons.Panel(lambda: queue(new=2))
    panel.ask()
    return panel


def visible(panel) -> list[str]:
    return [button.description for button in panel.buttons if button.layout.display != "none"]


def test_buttons_show_the_answer_take_the_grade_and_go_on(panel, flash):
    assert flash.front in panel.text.value and flash.back not in panel.text.value
    assert visible(panel) == ["Show the answer"]
    panel.buttons[0].click()
    assert flash.back in panel.text.value
    assert [text.split(":")[0] for text in visible(panel)] == ["again", "hard", "good", "easy"]
    panel.buttons[2].click()
    assert "Recorded as good: comes back in 2 days." in panel.status.value
    assert known(flash).grades == (3,)
    assert "Lesson 2, new; 1 to go" in panel.text.value
    for place in (0, 3):
        panel.buttons[place].click()
    assert "Nothing is due." in panel.text.value
    assert visible(panel) == []


@pytest.mark.parametrize("right", [True, False])
def test_buttons_of_a_question_explain_the_option(monkeypatch, question, right):
    monkeypatch.setattr(recall_buttons, "DOUBLE_CLICK", 0)
    monkeypatch.setattr(repetition, "all_cards", lambda: (question,))
    panel = recall_buttons.Panel(lambda: queue(new=2))
    panel.ask()
    assert visible(panel) == [option.text for option in question.options]
    place, option = next((n, o) for n, o in enumerate(question.options) if o.right == right)
    panel.buttons[place].click()
    assert recall_buttons.escape(option.why) in panel.text.value
    if right:
        panel.buttons[3].click()
        assert known(question).grades == (4,)
    else:
        assert recall_buttons.escape(next(o for o in question.options if o.right).why) in panel.text.value
        assert known(question).grades == (1,)
        panel.buttons[0].click()
        assert visible(panel) == [option.text for option in question.options]


def test_a_double_click_shows_the_answer_and_grades_nothing(flash):
    panel = recall_buttons.Panel(lambda: queue(new=2))
    panel.ask()
    panel.shown_at -= 1
    panel.buttons[0].click()
    panel.buttons[0].click()
    assert flash.back in panel.text.value
    assert known(flash).grades == ()


def test_the_notebook_uses_buttons_where_there_is_a_kernel(monkeypatch):
    displayed = []
    monkeypatch.setattr(recall_cells.session, "interactive", lambda: True)
    monkeypatch.setattr("IPython.display.display", displayed.append)
    recall_cells.recall()
    assert type(displayed[0]).__name__ == "VBox"
