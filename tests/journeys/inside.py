"""A process of the product that runs what a journey sends it, one JSON line a time.

Receives {"code": …, "values": {…}} and answers {"answer": …}, the value the code left in the name
`answer`, or {"error": traceback}. Started by tests/journeys/product.py with its environment.
"""

import contextlib
import json
import sys
import traceback

import django
from django.db import close_old_connections


def main() -> None:
    replies, sys.stdout = sys.stdout, sys.stderr  # what the code prints goes to the log
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        names = dict(asked["values"])
        close_old_connections()
        try:
            exec(compile(asked["code"], "<journey>", "exec"), names)  # the journey's own words
            reply = json.dumps({"answer": names.get("answer")}, default=str)
        except Exception:  # noqa: BLE001 - told to the journey, whatever it is
            reply = json.dumps({"error": traceback.format_exc()})
        replies.write(reply + "\n")
        replies.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
