"""The console script ``lessons``: one module a verb, put together here.

A new verb is a module with one function, a line in ``main``, and a line in ``VERBS`` of course.py.
Modules import what they need inside their functions, so that ``lessons --help`` starts at once.
"""


def main() -> None:
    """Run the console script."""
    app()()


def app() -> "typer.Typer":  # noqa: F821 (typer is imported when the command starts, not with the package)
    """Return the command with its verbs."""
    import typer

    from lessons_lib.commands import (
        bench,
        build,
        cache,
        doctor,
        fetch,
        glossary,
        lab,
        progress,
        recall,
        run,
        scores,
        sources,
        test,
    )

    lessons = typer.Typer(
        help="A course on pre-trained embeddings in NLP.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    pass_on = {"allow_extra_args": True, "ignore_unknown_options": True}
    lessons.command()(lab.lab)
    lessons.command()(run.run)
    lessons.command(context_settings=pass_on)(test.test)
    lessons.command()(build.build)
    lessons.command()(doctor.doctor)
    lessons.command()(progress.progress)
    lessons.command()(recall.recall)
    lessons.command()(glossary.glossary)
    lessons.command()(scores.scores)
    lessons.command()(sources.sources)
    lessons.command()(fetch.fetch)
    lessons.command()(cache.cache)
    lessons.command()(bench.bench)
    return lessons
