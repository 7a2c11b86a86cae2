"""`make rush`: the doors open, over HTTP, through the production server with its worker.

    make rush PEOPLE=400 SEATS=100

Most are signed in; one in eight signs in by a code on the way. The last line is one JSON object;
exit code 1 when anybody was wronged.
"""

import sys

from tests.bench.command import carry_out

if __name__ == "__main__":
    sys.exit(
        carry_out(
            "tests.bench.opening", needs=("postgresql", "redis-server"), people=400, seats=100
        )
    )
