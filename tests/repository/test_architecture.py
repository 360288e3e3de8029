"""The one arrow: bot → handlers → knowledge. Read from the imports of every file."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "handlers": {"handlers", "knowledge"},
    "bot": {"bot", "handlers", "knowledge"},
}
OUTSIDE = {"telegram", "sqlite3", "sqlite_utils", "typer", "rich", "dotenv", "pydantic_settings"}
NETWORK = {"socket", "ssl", "http", "httpx", "urllib", "requests", "aiohttp", "ftplib", "smtplib"}
PROCESS = {"os", "sys", "subprocess", "asyncio", "signal", "time", "random", "secrets", "tempfile"}
FORBIDDEN = {
    "knowledge": OUTSIDE | NETWORK | PROCESS | {"logging", "structlog"},
    "handlers": OUTSIDE | NETWORK | PROCESS,
    "bot": {"tests"},
}
ASKS_THE_CLOCK = {
    f"{kind}.{call}" for kind in ("datetime", "date") for call in ("now", "utcnow", "today")
}
HIDES_AN_IMPORT = {"__import__", "import_module", "eval", "exec"}
FILES = [path for layer in MAY_IMPORT for path in sorted((ROOT / layer).rglob("*.py"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Every module that is imported, wherever in the file: knowledge.text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def called(tree: ast.Module) -> Iterator[str]:
    """The last names of everything that is called: datetime.now, import_module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            *_, last = parts = ast.unparse(node.func).split(".")
            yield from (last, ".".join(parts[-2:]))


def faults(source: str, path: str) -> list[str]:
    """What a file may not import or call."""
    tree = ast.parse(source)
    layer, *_ = path.split("/")
    package = ".".join(path.split("/")[:-1])
    tops = {module.split(".")[0] for module in imported(tree, package)}
    ours = tops & (MAY_IMPORT.keys() | {"tests"})
    wrong = (ours - MAY_IMPORT[layer]) | (tops & FORBIDDEN[layer])
    calls = set(called(tree)) & (ASKS_THE_CLOCK | HIDES_AN_IMPORT) if layer != "bot" else set()
    return sorted(wrong | calls)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8"), name(path)) == []


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("knowledge/bad.py", "import handlers.answer", "handlers"),
        ("knowledge/bad.py", "from bot import app", "bot"),
        ("knowledge/bad.py", "def late():\n    import telegram", "telegram"),
        ("knowledge/bad.py", "from urllib.request import urlopen", "urllib"),
        ("knowledge/bad.py", "import asyncio", "asyncio"),
        ("knowledge/bad.py", "import sqlite_utils as db", "sqlite_utils"),
        ("knowledge/bad.py", "import logging", "logging"),
        ("knowledge/bad.py", "if TYPE_CHECKING:\n    from handlers import ports", "handlers"),
        ("knowledge/bad.py", "from datetime import date\ndate.today()", "date.today"),
        ("knowledge/bad.py", "import datetime as d\nd.datetime.now()", "datetime.now"),
        ("knowledge/bad.py", "from time import time\ntime()", "time"),
        ("knowledge/bad.py", "import importlib\nimportlib.import_module('bot')", "import_module"),
        ("knowledge/checks/bad.py", "from ...bot import app", "bot"),
        ("handlers/bad.py", "from telegram import Update", "telegram"),
        ("handlers/bad.py", "import sqlite3", "sqlite3"),
        ("handlers/bad.py", "from os import environ", "os"),
        ("handlers/bad.py", "from bot.settings import Settings", "bot"),
        ("handlers/bad.py", "from tests.fakes import FakeClock", "tests"),
        ("bot/bad.py", "from tests import fakes", "tests"),
    ],
)
def test_a_wrong_import_is_noticed(path: str, source: str, fault: str) -> None:
    assert faults(source, path) == [fault]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("knowledge/good.py", "from knowledge.text import fold\nfrom datetime import date"),
        ("knowledge/checks/good.py", "from ..text import fold\nfrom . import ids"),
        ("handlers/good.py", "from knowledge.load import load\nimport structlog"),
        ("handlers/good.py", "def ask(clock):\n    return clock.now()"),
        ("bot/good.py", "import os, telegram\nfrom handlers import ports\nos.getpid()"),
    ],
)
def test_a_right_import_is_let_through(path: str, source: str) -> None:
    assert faults(source, path) == []


def test_no_file_imports_itself_round_a_corner() -> None:
    modules = {
        name(p).removesuffix(".py").removesuffix("/__init__").replace("/", "."): p for p in FILES
    }
    graph = {
        module: {
            other
            for other in imported(
                ast.parse(path.read_text(encoding="utf-8")), name(path.parent).replace("/", ".")
            )
            if other in modules and other != module
        }
        for module, path in modules.items()
    }

    assert len(list(TopologicalSorter(graph).static_order())) == len(FILES)
