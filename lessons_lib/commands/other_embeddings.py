"""Run lessons on other embeddings: ``--vectors NAME`` and ``--model NAME`` replace one line in memory, never in a file.

A lesson names what it uses in a line of its own: ``VECTORS = "word2vec"``, ``MODEL = "mini-bert"``.
"""

from pathlib import Path

from lessons_lib.commands.checkout import stop
from lessons_lib.commands.execution import read_without_outputs, replace_setting


def settings_of(vectors: str | None, model: str | None) -> dict[str, str]:
    """Return what the lines say instead; a name that cannot be loaded ends the command before anything runs.

    Files and folders become absolute paths, because a lesson runs in a folder of its own.
    """
    settings = {}
    if vectors is not None:
        settings["VECTORS"] = known_vectors(vectors)
    if model is not None:
        settings["MODEL"] = known_model(model)
    return settings


def known_vectors(name: str) -> str:
    """Return the name of bundled or fetched vectors, or the absolute path of a file that can be read."""
    from lessons_lib.bundled import VECTORS, DamagedFileError
    from lessons_lib.formats import VectorFileError, load
    from lessons_lib.sources import catalogue, fetched_path, find

    source = catalogue().get(name)
    if source and source.kind == "model":
        stop(f"{name} is a model, not a set of word vectors: --model {name}", code=2)
    if source and not fetched_path(name):
        stop(f"{name} is not here. With a network: lessons fetch {name}. Until then: {', '.join(VECTORS)}.", code=2)
    try:
        load(name, limit=10)
    except (VectorFileError, DamagedFileError) as error:
        stop(f"{name} cannot be read: {error}", code=2)
    except FileNotFoundError:
        fetched = [other.name for other in catalogue().values() if other.kind == "vectors" and fetched_path(other.name)]
        try:
            find(name)
        except KeyError as error:
            hint = error.args[0]
        stop(
            f"No vectors and no file are called {name!r}. Here are: {', '.join([*VECTORS, *fetched])}.\n{hint}\n"
            "To get one: lessons fetch NAME",
            code=2,
        )
    return name if source or name in VECTORS or not is_path(name) else str(Path(name).expanduser().resolve())


def is_path(name: str) -> bool:
    """Tell whether a name means a file here, or a member of an archive here."""
    path = Path(name).expanduser()
    return any(each.is_file() for each in (path, *path.parents))


def known_model(name: str) -> str:
    """Return the name of the bundled or a fetched model, or the absolute path of a folder with one."""
    from lessons_lib.bundled import DamagedFileError
    from lessons_lib.contextual.models import transformer_folder
    from lessons_lib.sources import FetchError
    from lessons_lib.sources.models import model_names

    try:
        folder = transformer_folder(name)
    except KeyError as error:
        stop(
            f"{error.args[0]}\nModels: {', '.join(model_names())}; or a folder of one. To get one: lessons fetch NAME",
            code=2,
        )
    except (FetchError, FileNotFoundError, DamagedFileError) as error:
        stop(str(error), code=2)
    return name if name in model_names() else str(folder.resolve())


def without_line(paths: list[Path], settings: dict[str, str]) -> list[str]:
    """Return the names of the lessons that no setting changes; end the command if that is all of them."""
    unchanged = []
    for path in paths:
        notebook = read_without_outputs(path)
        if not any(replace_setting(notebook, name, value) for name, value in settings.items()):
            unchanged.append(path.stem)
    if settings and len(unchanged) == len(paths):
        lines = " or ".join(f'{name} = "..."' for name in settings)
        stop(f"There is nothing to replace: no line {lines} in {', '.join(unchanged)}.", code=2)
    return unchanged if settings else []
