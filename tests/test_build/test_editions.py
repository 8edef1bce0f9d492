"""What the builder makes of a source: lesson, solution, exercise, their cells, tags and ids."""

import json
import sys
import types

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from authoring.build import find_drift
from authoring.links import launch_links

from .small_course import BUILT, LESSON, REPOSITORY, edition, notebook, printed, sources


def test_the_first_build_writes_everything_and_tells_every_cell(built_once):
    root, written, steps = built_once
    assert sorted(written) == BUILT
    assert sorted(str(path.relative_to(root).as_posix()) for path in root.rglob("*.ipynb")) == BUILT[2:]
    lesson, solution = "notebooks/01_count.ipynb", "solutions/01_count.ipynb"
    assert steps == [*((lesson, done, 4) for done in (1, 2, 3, 4)), *((solution, done, 3) for done in (1, 2, 3))]
    assert find_drift(root) == []


def test_lessons_run_strictly_in_their_folder_with_a_home_of_their_own(built_once):
    assert printed(notebook(built_once[0] / "notebooks/01_count.ipynb")) == "notebooks 1 1 small\nTrue False\n"


def test_solutions_keep_answers_and_exercises_hold_stubs(built_once):
    solution, exercise = (notebook(built_once[0] / f"{folder}/01_count.ipynb") for folder in ("solutions", "exercises"))
    assert printed(solution) == "share: 0.4\n"
    head = 'def frequency(words, word):\n    """Share of the words that are ``word``."""\n'
    assert sources(solution)[1] == head + "    return words.count(word) / len(words)"
    assert sources(exercise)[1] == head + "    ...  # your code here"
    assert sources(exercise)[2] == 'share = None\nprint("share:", share)'
    assert sources(solution)[2].startswith("share = frequency(")
    assert sources(solution, "markdown")[1:] == ["Divide the count by the number of words."]
    assert sources(exercise, "markdown")[1:] == []
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in exercise["cells"][1:])


def test_an_unsolved_exercise_runs_from_top_to_bottom(built_once):
    namespace: dict = {}
    for code in sources(notebook(built_once[0] / "exercises/01_count.ipynb"))[1:]:
        exec(code, namespace)
    assert namespace["frequency"](["a"], "a") is None


def test_the_title_carries_links_to_binder_and_colab(built_once):
    for folder in ("notebooks", "exercises", "solutions"):
        title, links = sources(notebook(built_once[0] / f"{folder}/01_count.ipynb"), "markdown")[0].splitlines()[:2]
        assert title.startswith("# ")
        assert links == (
            f"[Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/{folder}/01_count.ipynb) · "
            f"[Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/{folder}/01_count.ipynb)"
        )
        for address in launch_links(REPOSITORY, f"{folder}/01_count.ipynb").values():
            assert f"({address})" in links


@pytest.mark.parametrize("in_colab", [True, False])
def test_the_colab_cell_installs_the_course_in_colab_only(built_once, monkeypatch, in_colab):
    cell = notebook(built_once[0] / "notebooks/01_count.ipynb")["cells"][1]
    assert cell["metadata"] == {"jupyter": {"source_hidden": True}, "tags": ["colab"]}
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    if in_colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    calls: list[tuple[str, str]] = []
    shell = types.SimpleNamespace(run_line_magic=lambda *call: calls.append(call))
    exec(TransformerManager().transform_cell("".join(cell["source"])), {"get_ipython": lambda: shell})
    assert calls == ([("pip", f'install --quiet "lessons-lib @ git+{REPOSITORY}"')] if in_colab else [])


def test_notebooks_follow_the_format_and_name_no_machine(built_once):
    for name in BUILT[2:]:
        text = (built_once[0] / name).read_text(encoding="utf-8")
        built = notebook(built_once[0] / name)
        nbformat.validate(nbformat.from_dict(built))
        assert (built["nbformat"], built["nbformat_minor"]) == (4, 5)
        assert built["metadata"]["kernelspec"]["name"] == "python3"
        assert set(built["metadata"]["language_info"]) == {"file_extension", "mimetype", "name"}
        assert not any("execution" in cell["metadata"] for cell in built["cells"])
        assert text == json.dumps(built, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_tags_reach_nbval(built_once):
    cells = notebook(built_once[0] / "notebooks/01_count.ipynb")["cells"]
    assert cells[-2]["metadata"]["tags"] == ["compare", "nbval-check-output"]
    assert cells[-1]["metadata"]["tags"] == ["raises-exception", "nbval-raises-exception"]
    assert cells[-1]["outputs"][0]["ename"] == "ZeroDivisionError"


def test_ids_stay_when_another_cell_is_inserted():
    before = edition(LESSON, "notebooks/01_count.ipynb")
    after = edition(
        LESSON.replace('# %% tags=["compare"]', '# %%\nlen("new")\n\n# %% tags=["compare"]'), "notebooks/01_count.ipynb"
    )
    ids_before, ids_after = ([cell.id for cell in made.cells] for made in (before, after))
    assert ids_after == [*ids_before[:3], ids_after[3], *ids_before[3:]]


def test_repeated_cells_get_different_ids_and_the_same_ones_each_time():
    text = LESSON + "\n# %%\nlen('twice')\n\n# %%\nlen('twice')\n"
    first, second = ([cell.id for cell in edition(text, "notebooks/01_count.ipynb").cells] for _ in range(2))
    assert first == second
    assert len(set(first)) == 7
