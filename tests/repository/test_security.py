"""``docs/security.md`` says what is true: every control it tells of has a test that is there."""

import ast
import re
from pathlib import Path

import pytest

from bot.logs import FIELDS
from bot.operation.metrics import Metrics, State

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
OPERATION = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
TABLE = DOCUMENT.partition("## Threat, control, test")[2].partition("\n## ")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and "| threat |" not in line]


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}

    assert name in defined


@pytest.mark.parametrize("row", ROWS)
def test_every_threat_has_a_control_and_a_test(row: str) -> None:
    threat, control, test = (cell.strip() for cell in row.strip("|").split(" | "))

    assert threat
    assert control
    assert re.search(r"`tests/\S+::\w+`", test)


def test_there_are_threats() -> None:
    assert len(ROWS) >= 20


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_of_the_log_is_told_to_those_who_run_it(field: str) -> None:
    assert f"| `{field}` |" in OPERATION


def test_every_metric_is_told_to_those_who_run_it() -> None:
    metrics = Metrics()
    metrics.state = lambda: State({"log": 1}, sings=True, contact=1.0)
    text = metrics.text().decode()
    names = re.findall(r"^# HELP (\w+?)(?:_total|_info|_created)? ", text, re.MULTILINE)

    assert [name for name in names if f"`{name}" not in OPERATION] == []
