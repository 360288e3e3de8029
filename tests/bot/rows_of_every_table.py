"""A database with a row in every table, whatever tables and columns it has."""

import sqlite3
from itertools import count

from sqlite_utils import Database

MANY = 3
"""Rows of each table."""
KNOWN = {
    "at": "2026-11-20T11:00:00.000+09:00",
    "until": "2026-12-20T11:00:00.000+09:00",
    "status": "unanswered_no_match",
    "entries": "[]",
    "scores": "[]",
    "slots": "{}",
    "detail": "{}",
    "state": "open",
}
"""Columns whose values mean something to the program."""


OWN = "_sqlite_migrations"
"""The program's own table."""


def fill(db: Database) -> None:
    """Put rows into every table but the program's own."""
    numbers = count(1)
    for table in db.table_names():
        if table == OWN or table.startswith("sqlite_"):
            continue
        columns = db.table(table).columns_dict
        for _ in range(MANY if table != "queries" else 1):
            db.table(table).insert(
                {
                    name: KNOWN.get(name) or (number if kind is int else _value(kind, number))
                    for number in [next(numbers)]
                    for name, kind in columns.items()
                }
            )
    db.conn.commit()


def _value(kind: type, number: int) -> object:
    return {float: number + 0.25, bytes: b"\x00\xff" + bytes([number % 256])}.get(
        kind, f"値{number}\n'\";\x00"
    )


def rows(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order."""
    tables = db.execute("select name from sqlite_master where type = 'table' order by name")
    names = [name for (name,) in tables.fetchall() if not name.startswith("sqlite_")]
    return {
        name: sorted(db.execute(f"select * from [{name}]").fetchall(), key=repr)  # noqa: S608
        for name in names
    }
