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


@migrations()
def m006_staff_side(db: Database) -> None:
    """What staff work with: groups of unanswered questions, who asked to be told, an audit.

    From here on a group knows how its queries stand; of the columns of m002 only ``state`` is
    written, which tells that a query needed somebody.
    """
    queries = db.table("queries")
    queries.add_column("knowledge", str)  # version of the knowledge that answered
    queries.add_column("cause", str)  # none_chosen, disliked; null where nothing was found
    queries.add_column("about", str)  # id of the entry that was disliked
    queries.add_column("permitted", int)  # 1: the asker lets staff read the wording
    queries.add_column("group_id", int)
    # Of the person: who asks in a group and in private is one. Null for nobody in particular.
    queries.add_column("person", str)
    queries.create_index(["group_id"])
    groups = db.table("groups")
    groups.create(
        {
            "id": int,  # never changes, and is never used again
            "made": str,  # like ``queries.at``
            "window": str,  # of which people told something; null for questions
            "state": str,  # open, claimed, resolved
            "claimed_by": str,  # name of a staff account
            "resolution": str,  # covered_by, needs_entry, out_of_scope, not_a_question
            "entry": str,  # that covers it
            "changed": str,
            "published": str,  # version of the knowledge that answers it; null until then
        },
        pk="id",
        not_null={"made", "state"},
    )
    groups.create_index(["window"])
    db.table("askers").create(
        {
            "query": int,
            "conversation": str,  # whom to tell: in clear, only until it was told
            "language": str,
            "until": str,
            "entry": str,  # that answers it; null until there is one
            "since": str,  # when that was decided
            "published": str,  # version of the knowledge that answers; null if any does
        },
        pk="query",
        not_null={"conversation", "language", "until"},
    )
    db.table("invitations").add_column("owns", str)  # JSON list of entry ids; null for members
    _audit(db)
    _accounts(db)
    _editing(db)
    _attesting(db)


@migrations()
def m007_inbox(db: Database) -> None:
    """Updates until they are answered, and messages until they are sent; all words encrypted."""
    db.table("inbox").create(
        {
            "bot": int,  # each bot has update ids of its own
            "update_id": int,
            "at": str,  # like ``queries.at``
            "tries": int,  # starts of the program since
            "payload": str,  # the update, see bot.store.sealing; null once it was handled
        },
        pk=("bot", "update_id"),
        not_null={"at", "tries"},
    )
    db.execute("create index idx_inbox_unfinished on inbox (bot) where payload is not null")
    # autoincrement: the number of a message that was sent is never another one's.
    db.execute(
        """
        create table outbox (
            id integer primary key autoincrement,
            at text not null,
            due text not null,  -- not to be sent before
            priority integer not null,  -- 0: help for somebody in danger; 1: all others
            tries integer not null,
            payload text not null  -- chat, method and parameters, see bot.store.sealing
        )
        """
    )


@migrations()
def m008_privacy(db: Database) -> None:
    """Which key the pseudonyms were made with; a proof of it, never the key."""
    db.table("keys").create(
        {"proof": str, "since": str},  # see bot.store.keys
        pk="proof",
        not_null={"since"},
    )


def _audit(db: Database) -> None:
    """Who did what, and when; never what a person wrote. Nothing can be changed or deleted."""
    db.table("audit").create(
        {"id": int, "at": str, "who": str, "what": str, "target": str, "detail": str},
        pk="id",
        not_null={"at", "who", "what", "target"},
    )
    for change in ("update", "delete"):
        db.execute(
            f"create trigger audit_no_{change} before {change} on audit "
            "begin select raise(abort, 'the audit is append-only'); end"
        )


def _accounts(db: Database) -> None:
    """Staff of the console. Their names and chats are their employer's business, so in clear."""
    db.table("accounts").create(
        {
            "name": str,
            "role": str,  # viewer, editor, publisher
            "password": str,  # argon2; null: codes only
            "telegram": int,  # id of the chat that gets codes; null: password only
            "since": str,
        },
        pk="name",
        not_null={"role", "since"},
    )
    db.table("sessions").create(
        {
            "token": str,  # SHA-256; the token itself is in the browser only
            "account": str,
            "csrf": str,
            "until": str,  # its end, whatever happens
            "seen": str,  # when it was last used; it ends when that is long ago
        },
        pk="token",
        not_null={"account", "csrf", "until", "seen"},
    )


def _editing(db: Database) -> None:
    """Edits of entries: drafts, signed and published ones, and what undoes them."""
    edits = db.table("edits")
    edits.create(
        {
            "id": int,
            "at": str,
            "author": str,  # who wrote its text last
            "writers": str,  # JSON list: everybody who ever wrote in it
            "entry": str,
            "file": str,  # within the data folder
            "base": str,  # the entry's text when the edit began; empty for a new one
            "text": str,  # the entry's text as it shall be
            "group_id": int,  # that it answers; null if none
            "state": str,  # draft, published, undone, discarded
            "signed_by": str,
            "signed": str,
            "replay": str,  # JSON: what the replay showed when it was signed
            "before": str,  # the file as it was before publication
            "after": str,  # the file as published
            "version": str,  # of the knowledge since
        },
        pk="id",
        not_null={"at", "author", "writers", "entry", "file", "base", "text", "state"},
    )
    edits.create_index(["state"])


def _attesting(db: Database) -> None:
    """Who answers for an entry, and what they said when asked."""
    db.table("owners").create(
        {
            "entry": str,
            "pseudonym": str,  # of the chat
            "conversation": str,  # whom to ask: in clear, only while it owns something
            "since": str,
            "asked": str,  # when last; null if never
            "waits": str,  # since when an answer is awaited; null if none is
        },
        pk=("entry", "pseudonym"),
        not_null={"conversation", "since"},
    )
    attestations = db.table("attestations")
    attestations.create(
        {"id": int, "entry": str, "at": str, "pseudonym": str, "answer": str},  # yes, change
        pk="id",
        not_null={"entry", "at", "pseudonym", "answer"},
    )
    attestations.create_index(["entry", "at"])
