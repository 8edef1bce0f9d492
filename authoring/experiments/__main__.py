"""Run an experiment and write its record into data/experiments/.

    python -m authoring.experiments learning_curves

What is finished stays in build/experiments/, so a run that was broken off goes on where it stopped;
``--force`` begins again. Run ``python -m authoring.pretrain registry cards`` afterwards.
"""

import argparse
from importlib import import_module

EXPERIMENTS = ("learning_curves", "fine_tuning", "contextual", "ray_throughput")


def main() -> None:
    """Read the names of the experiments and run them."""
    parser = argparse.ArgumentParser(prog="python -m authoring.experiments", description=__doc__.splitlines()[0])
    parser.add_argument(
        "experiments", nargs="+", choices=EXPERIMENTS, metavar="EXPERIMENT", help=", ".join(EXPERIMENTS)
    )
    parser.add_argument("--force", action="store_true", help="forget what is finished already")
    arguments = parser.parse_args()
    for name in arguments.experiments:
        import_module(f"authoring.experiments.{name}").build(force=arguments.force)


if __name__ == "__main__":
    main()
