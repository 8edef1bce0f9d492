"""Make every bundled file again.

python -m authoring.pretrain all               every step whose inputs or settings changed (about two hours, two cores)
python -m authoring.pretrain glove curve       these steps only
python -m authoring.pretrain all --sample      the whole pipeline on a few articles, in a folder of its own (a minute)
python -m authoring.pretrain try glove EPOCHS=20 X_MAX=100     measure other settings and write them down; nothing ships
"""

import argparse
import ast

from authoring.pretrain import files

SAMPLE = 12  # articles of each corpus file


def use_sample_folders() -> None:
    """Let every step write into ``build/sample``, not ``build/pretrain`` and ``data``; must come before the steps."""
    files.WORK = files.ROOT / "build" / "sample" / "work"
    files.DATA = files.ROOT / "build" / "sample" / "data"
    if not any(files.SHARED.glob("enwiki-*.jsonl.xz")):
        from authoring.pretrain.made_up import write_corpora

        files.SHARED = write_corpora(files.ROOT / "build" / "sample" / "shared")


def try_settings(name: str, changes: list[str]) -> None:
    """Train a step with other settings, print the scores and add them to the list of what was tried."""
    from authoring.pretrain import steps, tried

    module = steps.find(name).module
    values = {}
    for change in changes:
        key, _, value = change.partition("=")
        if key not in steps.settings(module):
            raise KeyError(f"{name} has no setting {key!r}. There are: {', '.join(steps.settings(module))}")
        values[key] = ast.literal_eval(value)
        setattr(module, key, values[key])
    print(tried.record(name, values, module.trial()))


def main() -> None:
    """Read the command line and run the steps that it names."""
    parser = argparse.ArgumentParser(prog="python -m authoring.pretrain", description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="+", help="all, or names of steps; or: try STEP SETTING=VALUE ...")
    parser.add_argument("--sample", action="store_true", help="a few articles only, in build/sample")
    parser.add_argument("--force", action="store_true", help="run even what did not change")
    arguments = parser.parse_args()
    if arguments.sample:
        use_sample_folders()
    if arguments.steps[0] == "try":
        try_settings(arguments.steps[1], arguments.steps[2:])
        return
    from authoring.pretrain import steps

    chosen = steps.STEPS if arguments.steps == ["all"] else [steps.find(name) for name in arguments.steps]
    for step in chosen:
        steps.run(step, SAMPLE if arguments.sample else None, arguments.force)


if __name__ == "__main__":
    main()
