"""``python -m tests.fuzz --cases 50000 --seed 1``: the cases, and a table of what came of them."""

import argparse
import logging
import os
import sys
import time

# Small sums in several threads cost more than they save, the more so on a shared machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.fuzz.damage import DAMAGE
from tests.fuzz.running import run
from tests.fuzz.served import serve_cases
from tests.fuzz.tables import faults, fields, table


def main(cases: int, served: int, number: int, only: str) -> int:
    """Bring the cases; 1 if anything happened that should not."""
    began = time.monotonic()
    tally = run(cases, number, only=only)
    sys.stdout.write(f"{table(tally)}\n{faults(tally)}\n{fields(tally)}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    sys.stdout.flush()
    logging.disable()  # of the server
    runs = serve_cases(served, number) if served else []
    for one in runs:
        sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return int(bool(tally.failed.total() or any(one.faults for one in runs)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--served", type=int, default=2_000, help="over HTTP")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", default="", choices=["", *DAMAGE], help="bring the cases of one damage"
    )
    given = parser.parse_args()
    sys.exit(main(given.cases, given.served, given.seed, given.only))
