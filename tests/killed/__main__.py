"""``python -m tests.killed --runs 200 --seed 1``: the runs, and a table of what they came to."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from tests.killed.lives import Nursery
from tests.killed.running import Run, run

HEADS = (
    "updates come by", "runs", "updates", "messages", "kills", "lost", "doubled",
    "unavoidable: at a kill", "unavoidable: answer lost", "out of order", "left on disk",
)  # fmt: skip


def table(runs: Sequence[Run]) -> str:
    """The figures, as docs/reliability.md shows them."""
    lines = [
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * len(HEADS)}",
    ]
    for name, of_kind in (
        ("polling", [one for one in runs if not one.webhook]),
        ("webhook", [one for one in runs if one.webhook]),
        ("both", list(runs)),
    ):
        found = [one.comparison for one in of_kind]
        figures = [
            len(of_kind),
            sum(one.updates for one in of_kind),
            sum(one.messages for one in of_kind),
            sum(one.kills for one in of_kind),
            sum(len(one.lost) for one in found),
            sum(len(one.doubled) + len(one.stray) for one in found),
            sum(len(one.at_kills) for one in found),
            sum(len(one.unanswered) for one in found),
            sum(one.disordered for one in found),
            sum(sum(one.left) for one in of_kind),
        ]
        lines.append(f"| {name} | {' | '.join(f'{figure:,}' for figure in figures)} |")
    return "\n".join(lines)


async def main(runs: int, seed: int, *, faults: bool) -> int:
    """Do the runs one after the other; 1 if one was not sound."""
    done: list[Run] = []
    async with Nursery.open() as nursery:
        for number in range(runs):
            one = await run(nursery, seed + number, faults=faults)
            done.append(one)
            if not one.sound:
                sys.stdout.write(f"not sound: {one}\n")
            sys.stderr.write(f"{number + 1}/{runs} {one.seconds:.1f} s\n")
    sys.stdout.write(f"{table(done)}\n")
    seconds = [one.seconds for one in done]
    if gaps := sorted(gap for one in done for gap in one.comparison.gaps):
        middle, most = gaps[len(gaps) // 2], gaps[len(gaps) * 95 // 100]
        sys.stdout.write(
            "from Telegram's taking a message to the kill, where it was sent again: "
            f"half within {middle * 1000:.0f} ms, .95 within {most * 1000:.0f} ms, "
            f"the longest {gaps[-1] * 1000:.0f} ms\n"
        )
    sys.stdout.write(f"{sum(seconds):.0f} s, the longest run {max(seconds):.1f} s\n")
    return int(not all(one.sound for one in done))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.killed", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-faults", action="store_true", help="only kills, no bad line")
    given = parser.parse_args()
    logging.disable()  # of the server, which repeats its planned faults
    sys.exit(asyncio.run(main(given.runs, given.seed, faults=not given.no_faults)))
