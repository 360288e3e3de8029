"""The shape of the database, step by step. A step that was released is never edited.

sqlite-utils records each by name, with the time it was applied, in the table
``_sqlite_migrations``, and applies each in one transaction.
"""

from typing import Final

from sqlite_utils import Database, Migrations

migrations: Final = Migrations("tsunagari")

_ALL: Final = {"at", "window", "kind"}


@migrations()
def m001_queries(db: Database) -> None:
    """One row for every message."""
    queries = db.table("queries")
    queries.create(
        {
            "id": int,
            "at": str,  # 2026-11-20T11:00:00.000+09:00, so that text sorts as time
            "pseudonym": str,  # of the conversation, see bot.store.pseudonym
            "channel": str,
            "role": str,  # null where not known
            "status": str,
            "entries": str,  # JSON list of entry ids, best first
            "scores": str,  # JSON list of their scores
            "slots": str,  # JSON object
            "latency_ms": float,
            "text": str,  # redacted, of unanswered ones only; null for all others
        },
        pk="id",
        not_null={"at", "pseudonym", "channel", "status", "entries", "scores", "slots"},
    )
    queries.create_index(["at"])
    queries.create_index(["status", "at"])
    queries.create_index(["pseudonym"])


@migrations()
def m002_states(db: Database) -> None:
    """What staff do with an unanswered query: open, claimed, resolved, and how."""
    queries = db.table("queries")
    queries.add_column("state", str)  # null for queries that need no one
    queries.add_column("resolution", str)  # covered_by, needs_entry, out_of_scope, not_a_question
    queries.add_column("resolved_by_entry", str)  # id of the entry that covers it
    queries.add_column("claimed_by", str)
    queries.add_column("changed_at", str)  # when the state last changed, like ``at``
    db.execute("update queries set state = 'open' where status like 'unanswered%'")
    db.execute("create index idx_queries_state on queries (state, at) where state is not null")


@migrations()
def m003_outcomes(db: Database) -> None:
    """What people told of windows: reached, not reached, wrong number. No one's pseudonym."""
    outcomes = db.table("outcomes")
    outcomes.create({"id": int, "at": str, "window": str, "kind": str}, pk="id", not_null=_ALL)
    outcomes.create_index(["at"])
    outcomes.create_index(["window"])


@migrations()
def m004_members(db: Database) -> None:
    """Invitations, member organizations, and the clauses they want to be told of."""
    db.table("invitations").create(
        {
            "code": str,  # keyed hash; the code itself is never kept
            "until": str,  # like ``at`` of queries
            "used": str,  # when; null until then
        },
        pk="code",
        not_null={"until"},
    )
    db.table("members").create(
        {"pseudonym": str, "since": str},  # of the person, see bot.store.pseudonym
        pk="pseudonym",
        not_null={"since"},
    )
    db.table("watches").create(
        {
            "pseudonym": str,
            "clause": str,
            "conversation": str,  # whom to tell: in clear, only while it wants to be told
            "edition": str,
            "digest": str,  # of the text it knows
            "until": str,
        },
        pk=("pseudonym", "clause"),
        not_null={"conversation", "edition", "digest", "until"},
    )


@migrations()
def m005_latches(db: Database) -> None:
    """Who was in danger not long ago: no words, no name."""
    latches = db.table("latches")
    latches.create(
        {
            "pseudonym": str,  # of the conversation
            "kind": str,  # of the danger
            "at": str,  # of the person's last message since, like ``queries.at``
        },
        pk="pseudonym",
        not_null={"kind", "at"},
    )
    latches.create_index(["at"])
