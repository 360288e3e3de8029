"""The figures, as docs/reliability.md shows them."""

from tests.fuzz.damage import DAMAGE
from tests.fuzz.running import Tally
from tests.fuzz.schema import parts, reachable

HEADS = ("what was bad", "cases", "answered", "left alone by design", "window", "failures")


def table(tally: Tally) -> str:
    """A row for each damage, and one for all."""
    rows = [
        (
            name,
            tally.cases[name],
            *(tally.results[name][result] for result in ("answered", "left alone", "window")),
            tally.failed[name],
        )
        for name in DAMAGE
    ]
    rows.append(("all", *(sum(column) for column in list(zip(*rows, strict=True))[1:])))  # type: ignore[arg-type]
    lines = [f"| {' | '.join(HEADS)} |", f"|{'---|' * len(HEADS)}"]
    lines += [f"| {name} | {' | '.join(f'{n:,}' for n in numbers)} |" for name, *numbers in rows]
    return "\n".join(lines)


def fields(tally: Tally) -> str:
    """How much of the Bot API was there."""
    objects = list(reachable())
    known = {(kind, part.name) for kind in objects for part in parts(kind)}
    seen = tally.covered & known
    kinds = {kind for kind, _ in seen}
    return (
        f"{len(seen):,} of {len(known):,} fields of {len(kinds)} of {len(objects)} kinds of "
        f"objects, {len(tally.kinds)} kinds of updates"
    )


def faults(tally: Tally) -> str:
    """What was wrong, with the first update it was wrong with."""
    lines = [
        f"{name}: {fault}, {count} times"
        for name, found in tally.faults.items()
        for fault, count in found.items()
    ]
    lines += [f"{fault}: {example[:2000]!r}" for fault, example in tally.examples.items()]
    return "\n".join(lines)
