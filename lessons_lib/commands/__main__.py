"""``python -m lessons_lib.commands`` is the console script ``lessons`` where no script is installed."""

from lessons_lib.commands import main

main()
