"""What the owners of entries said, read from the database as it is."""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from knowledge.attesting import Answer, Attested
from knowledge.findings import KnowledgeError
from knowledge.load import yaml_of

_BESIDE: Final = "asks"
"""Ways to ask are no facts: a new one does not mend an entry."""

_NEWEST: Final = (
    "select entry, at, answer from attestations "
    "where id in (select max(id) from attestations group by entry)"
)
_OWNERS: Final = "select entry, count(*), max(asked), min(waits) from owners group by entry"
_PUBLISHED: Final = (
    "select base, text from edits where entry = ? and state = 'published' and signed > ?"
)


def read_attested(db: Database) -> dict[str, Attested]:
    """By entry; those nobody ever owned are left out, and so are all in an older database."""
    if "waits" not in db.table("owners").columns_dict:
        return {}
    yes = dict(
        _rows(db, "select entry, max(at) from attestations where answer = 'yes' group by 1")
    )
    newest = {entry: (at, said) for entry, at, said in _rows(db, _NEWEST)}
    owners = {entry: rest for entry, *rest in _rows(db, _OWNERS)}
    found = {}
    for entry in sorted({*newest, *owners}):
        at, said = newest.get(entry, (None, None))
        count, asked, waits = owners.get(entry, (0, None, None))
        found[entry] = Attested(
            owners=count,
            yes=_day(yes.get(entry)),
            answer=Answer(said) if said else None,
            answered=_day(at),
            mended=said == Answer.CHANGE and _mended(db, entry, at),
            asked=_day(asked),
            waits=_day(waits),
        )
    return found


def _mended(db: Database, entry: str, at: str) -> bool:
    """Whether facts of an entry were published after a moment."""
    return any(_facts(base) != _facts(text) for base, text in _rows(db, _PUBLISHED, entry, at))


def _facts(text: str) -> dict[str, Any]:
    """What an entry says; all of its text, should it not be readable: no answer hangs on it."""
    try:
        data = yaml_of(text, Path()).data
    except KnowledgeError:
        data = None
    if not isinstance(data, dict):
        return {"": text}
    return {key: value for key, value in data.items() if key != _BESIDE}


def _rows(db: Database, sql: str, *values: str) -> list[tuple[Any, ...]]:
    return list(db.execute(sql, values).fetchall())


def _day(at: str | None) -> date | None:
    """The day of a moment as it is kept, in Japan."""
    return datetime.fromisoformat(at).date() if at else None
