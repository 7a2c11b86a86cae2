"""`make race`: many processes ask the gate for the seats of a session, on PostgreSQL.

    make race PEOPLE=900 SEATS=30
    make race PEOPLE=20 SEATS=1 ROUNDS=200 CHURN=1
    make race LOCKS=off

The last line is one JSON object. Exit code 1 when anybody was wronged with the locks on; with them
off (the negative control) people are wronged, and that is what it shows.
"""

import sys

from tests.bench.command import carry_out

if __name__ == "__main__":
    sys.exit(carry_out("tests.bench.contest", needs=("postgresql",), people=300, seats=30))
