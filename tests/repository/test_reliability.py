"""Every fault of docs/reliability.md has tests, and each of them is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
COLUMNS = 4


def rows() -> list[list[str]]:
    """The table of faults, row by row, without its heads."""
    _, _, after = DOCUMENT.read_text(encoding="utf-8").partition("## Fault by fault")
    section, _, _ = after.partition("\n## ")
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


ROWS = rows()
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])})


def defined(file: Path) -> set[str]:
    """The names of the functions of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_fault_says_what_people_and_staff_see_and_has_a_test(row: list[str]) -> None:
    assert len(row) == COLUMNS
    assert all(row)
    assert "`test_" in row[-1]


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_is_there(named: str) -> None:
    file, _, test = named.partition("::")
    (found,) = (ROOT / "tests").rglob(file)
    assert not test or test in defined(found)


def test_every_fault_that_is_tried_is_in_the_table() -> None:
    folder = ROOT / "tests" / "bot" / "faults"
    files = {file.name for file in folder.glob("test_*.py")}
    assert files == {named.partition("::")[0] for named in NAMED} & files
