"""One benchmark as a command: options from the environment, figures as one line of JSON."""

import importlib
import json
import os
import sys

import django

from tests.bench.options import BadOption, Options
from tests.packages import bring


def carry_out(module: str, *, needs: tuple[str, ...], people: int, seats: int) -> int:
    """Run `module`.run(options) and print its figures last. Returns the exit code.

    `needs` names Debian packages, `people` and `seats` are what stands where none is chosen. Django
    is set up first, as for tests: the modules of a benchmark import models.
    """
    try:
        options = Options.read(people=people, seats=seats)
    except BadOption as refusal:
        print(refusal, file=sys.stderr)
        return 2
    missing = bring(needs)
    if missing:
        print(f"This needs what is missing here: apt-get install {' '.join(missing)}")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings.test")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    figures = importlib.import_module(module).run(options)
    print(json.dumps(figures), flush=True)
    if options.locks and figures["faults"]:
        print("With the locks on, nobody may be wronged: see above.", file=sys.stderr)
        return 1
    if not (options.locks or figures["oversold"]):
        print("Without locks nothing was oversold: this race proves nothing.", file=sys.stderr)
    return 0
