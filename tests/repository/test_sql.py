"""SQL is constant: values are bound, never written into it. Read from every call there is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TAKES_SQL = {
    "execute", "executemany", "executescript", "query", "rows_where", "count_where",
    "delete_where", "pks_and_rows_where", "create_view",
}  # fmt: skip
PARAMETERS = {"where", "sql", "order_by", "select"}
"""Named arguments of those calls that are SQL."""
RELAYS = {
    "bot/store/attested.py": "_rows",
    "bot/store/digest.py": "_count",
    "bot/store/members.py": "_watches",
}
"""Functions whose second argument is SQL, which they hand on; their callers are looked at."""
RELAY = "hands on what its callers give, which are looked at here"
REVIEWED = {
    ("bot/log_commands.py", "{read_query(desk.db, number)}"): "draws a table; no SQL",
    ("bot/operation/doctor_database.py", "select name from {_MIGRATED}"): "a constant",
    ("bot/store/attested.py", "{sql}"): RELAY,
    ("bot/store/copying.py", "delete from [{table}]"): "a name that SQLite itself gave",
    ("bot/store/database.py", "pragma {pragma}"): "one of three constants in the line above",
    ("bot/store/digest.py", "{sql}"): RELAY,
    ("bot/store/digest.py", "{_GROUPS} and window is null and made >= ?"): "a constant",
    ("bot/store/digest.py", "{_GROUPS} and state = ?"): "a constant",
    (
        "bot/store/concerned.py",
        (
            "select count(distinct q.person) from queries q join groups g on g.id = q.group_id "
            "where g.window is null and {which}"
        ),
    ): "conditions of constants with bound values",
    (
        "bot/store/keys.py",
        "update {table} set {column} = laid_over({column}) where {column} != ''",
    ): "names of KEYED, a constant of the file",
    ("bot/store/privacy.py", "update {table} set pseudonym = '' where {theirs}"): "of TIES",
    ("bot/store/privacy.py", "delete from {table} where {theirs}"): "of TIES, a constant",
    ("bot/store/privacy.py", "{theirs}"): "of TIES, a constant of the file",
    ("bot/store/retention.py", "delete from {table} where {ended}"): "of ENDED, a constant",
    (
        "bot/store/edits.py",
        "update edits set {names} where id = :edit and state = :was",
    ): "names of columns, each from a call within the file",
    (
        "bot/store/figures.py",
        "select {columns} from queries where at >= ? and at < ?",
    ): "names of columns, a constant of the file",
    ("bot/store/groups.py", "select * from groups where state in ({marks})"): "question marks",
    (
        "bot/store/groups.py",
        (
            "select id, at, case when {OUTSIDE} then person end as asker, "
            "text, cause, about, slots, group_id from queries "
            "where group_id is not null and (:number is null or group_id = :number) "
            "order by id desc"
        ),
    ): "a constant of bot/store/reading.py",
    (
        "bot/store/reading.py",
        (
            "select id from queries where permitted = 1 or group_id in ("
            "select group_id from queries where {OUTSIDE} "
            "group by group_id having count(distinct person) >= ?)"
        ),
    ): "a constant of the file",
    ("bot/store/members.py", "{column} = ?"): "a constant of each caller, all within the file",
    ("bot/store/members.py", "{where}"): RELAY,
    (
        "bot/store/migrations.py",
        (
            "create trigger audit_no_{change} before {change} on audit "
            "begin select raise(abort, 'the audit is append-only'); end"
        ),
    ): "update or delete, in the line above",
    ("bot/store/reading.py", "{where}"): "conditions of constants with bound values",
    (
        "bot/store/reading.py",
        "select window, kind from {OUTCOMES} where {where}",
    ): "the same, and a constant",
    (
        "bot/store/wishes.py",
        "update queries set permitted = 1 where id in ({ids})",
    ): "constants of the file",
    (
        "bot/store/wishes.py",
        (
            "insert or replace into askers (query, conversation, language, until) "
            "select id, :conversation, :language, :until {_OWN}"
        ),
    ): "a constant of the file",
    (
        "bot/store/wishes.py",
        "delete from askers where query in (select id {_OWN})",
    ): "a constant of the file",
}
"""What is put together, each with the reason why nobody's words can be in it."""
FILES = [path for path in sorted((ROOT / "bot").rglob("*.py")) if path.is_file()]


def sql_of(call: ast.Call, file: str) -> Iterator[ast.expr]:
    """The arguments of a call that are SQL."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name in TAKES_SQL:
        yield from call.args[:1]
        yield from (k.value for k in call.keywords if k.arg in PARAMETERS)
    if isinstance(call.func, ast.Name) and call.func.id == RELAYS.get(file):
        yield from call.args[1:2]


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Every call with the function it stands in."""

    def walk(node: ast.AST, around: ast.AST) -> Iterator[tuple[ast.Call, ast.AST]]:
        inside = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else around
        if isinstance(node, ast.Call):
            yield node, around
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    yield from walk(tree, tree)


def pieces(node: ast.expr, around: ast.AST, tree: ast.Module) -> Iterator[str]:
    """The text of SQL, ``{…}`` for what is filled in; names are looked up where they are set."""
    match node:
        case ast.Constant(value=str() | None as value):
            yield value or ""
        case ast.JoinedStr():
            yield "".join(
                str(v.value) if isinstance(v, ast.Constant) else f"{{{ast.unparse(v.value)}}}"  # type: ignore[attr-defined]
                for v in node.values
            )
        case ast.BinOp():
            for left in pieces(node.left, around, tree):
                for right in pieces(node.right, around, tree):
                    yield left + right
        case ast.IfExp():
            yield from pieces(node.body, around, tree)
            yield from pieces(node.orelse, around, tree)
        case ast.Name():
            found = [*values_of(node.id, around), *values_of(node.id, tree)]
            if not found:
                yield f"{{{node.id}}}"
            for value in found:
                yield from pieces(value, around, tree)
        case _:
            yield f"{{{ast.unparse(node)}}}"


def values_of(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """What a name is set to within a function or at the top of a file."""
    within = ast.walk(scope) if not isinstance(scope, ast.Module) else scope.body
    for node in within:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if (
                found == name
            ):
                yield value
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                place = next((n for n, e in enumerate(names) if ast.unparse(e) == name), None)
                alternatives = (
                    [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                )
                for one in alternatives:
                    if place is not None and isinstance(one, ast.Tuple):
                        yield one.elts[place]


def put_together(file: str, source: str) -> Iterator[str]:
    """SQL of a file that is not constant."""
    tree = ast.parse(source)
    for call, around in calls(tree):
        for node in sql_of(call, file):
            yield from (text for text in pieces(node, around, tree) if "{" in text)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sql_is_constant_or_reviewed(path: Path) -> None:
    found = put_together(name(path), path.read_text(encoding="utf-8"))

    assert [text for text in found if (name(path), text) not in REVIEWED] == []


def test_what_was_reviewed_is_still_there() -> None:
    found = {
        (name(path), text)
        for path in FILES
        for text in put_together(name(path), path.read_text(encoding="utf-8"))
    }

    assert REVIEWED.keys() - found == set()


@pytest.mark.parametrize(
    "source",
    [
        "db.execute(f'select * from t where a = {a}')",
        "db.execute('select * from t where a = ' + a)",
        "db.execute('select * from t where a = %s' % a)",
        "db.execute('select {}'.format(a))",
        "def f(a):\n    sql = f'delete from t where a = {a}'\n    db.execute(sql, [])",
        "sql = 'select 1' if x else f'select {a}'\ndb.query(sql)",
        "db.table('t').rows_where(where=f'a = {a}')",
        "db.table('t').rows_where('a = ?', [1], order_by=a)",
        "_rows(db, f'select {a}', 1)",
        "a, b = f'x = {y}', 1\ndb.table('t').delete_where(a)",
    ],
)
def test_sql_that_is_put_together_is_found(source: str) -> None:
    assert list(put_together("bot/store/attested.py", source))


@pytest.mark.parametrize(
    "source",
    [
        "db.execute('select * from t where a = ?', [a])",
        "SQL: Final = 'select 1'\ndb.execute(SQL)",
        "db.execute('select 1 ' 'from t')",
        "db.table('t').rows_where('a = ?', [a], order_by='a desc')",
        "db.table('t').rows_where(None, [])",
    ],
)
def test_constant_sql_is_let_through(source: str) -> None:
    assert list(put_together("bot/store/attested.py", source)) == []
