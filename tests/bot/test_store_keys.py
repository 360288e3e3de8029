"""A new key over the old one: nobody is lost, and the old key alone leads nowhere."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.key_side import check_key
from bot.log_commands import app
from bot.settings import Settings, SettingsError, load_settings
from bot.store.database import open_database, writing
from bot.store.keys import KEYED, is_of, note_key, rekey
from bot.store.members import SqliteMembers
from bot.store.pseudonym import pseudonym_of
from bot.store.rows import row_of
from handlers.membership import Redeemed, Watch
from tests.bot.fakes import SettledLatches
from tests.bot.queries import AT, query
from tests.fakes import FakeClock

OLD, NEW, NEWER = "o" * 32, "n" * 40, "m" * 32
CHAIN = f"{OLD}\n{NEW}"
CHATS = [f"telegram:{number}" for number in range(1, 40)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "db" / "x.db"


def members(path: Path, key: str) -> SqliteMembers:
    return SqliteMembers(f"sqlite:///{path}", key)


def fill(path: Path, key: str = OLD) -> str:
    """One row of everything for each chat; give an invitation that was not used yet."""
    kept = members(path, key)
    for chat in CHATS:
        kept.redeem(kept.issue(AT + timedelta(days=1)), chat, AT, private=True)
        kept.watch(chat, Watch(chat, "guideline/2-2", "R6", "d", AT + timedelta(days=9)))
        SettledLatches(path, key, FakeClock()).put(chat, "suicide")
    code = kept.issue(AT + timedelta(days=1))
    kept.close()
    with closing(open_database(path)) as db, writing(db):
        for chat in CHATS:
            db.table("queries").insert(row_of(query(conversation=chat), key))
            own = {"entry": "window/x", "pseudonym": pseudonym_of(chat, key)}
            db.table("owners").insert({**own, "conversation": chat, "since": "x"})
            db.table("attestations").insert({**own, "at": "x", "answer": "yes"})
        db.execute("update attestations set pseudonym = '' where id = 1")
    return code


def test_a_member_stays_a_member_and_an_invitation_is_good(path: Path) -> None:
    code = fill(path)
    with closing(open_database(path)) as db:
        rekey(db, OLD, NEW, AT)

    kept = members(path, CHAIN)
    assert all(kept.is_member(chat) for chat in CHATS)
    assert len(kept.watched(CHATS[0], AT)) == 1
    assert kept.redeem(code, "telegram:99", AT, private=True) is Redeemed.JOINED
    kept.close()
    assert SettledLatches(path, CHAIN, FakeClock()).holds(CHATS[0])


def test_the_thread_of_a_conversation_goes_on(path: Path) -> None:
    fill(path)
    with closing(open_database(path)) as db:
        rekey(db, OLD, NEW, AT)
        with writing(db):
            db.table("queries").insert(row_of(query(conversation=CHATS[0]), CHAIN))
        who = [pseudonym_of(CHATS[0], CHAIN)]

        assert db.table("queries").count_where("pseudonym = ?", who) == 2


@pytest.mark.parametrize("key", [OLD, NEW, f"{NEW}\n{OLD}"])
def test_one_key_alone_gives_no_pseudonym_of_the_database(path: Path, key: str) -> None:
    fill(path)
    with closing(open_database(path)) as db:
        rekey(db, OLD, NEW, AT)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert not [chat for chat in CHATS if pseudonym_of(chat, key).encode() in content]
    assert [chat for chat in CHATS if pseudonym_of(chat, CHAIN).encode() in content] == CHATS


def test_who_was_made_nobody_stays_nobody(path: Path) -> None:
    fill(path)
    with closing(open_database(path)) as db:
        changed = rekey(db, OLD, NEW, AT)

        assert db.table("attestations").count_where("pseudonym = ''") == 1
    assert changed == dict.fromkeys(KEYED, len(CHATS)) | {
        "attestations": len(CHATS) - 1,
        "invitations": len(CHATS) + 1,
    }


def test_a_third_key_goes_over_the_second(path: Path) -> None:
    fill(path)
    with closing(open_database(path)) as db:
        rekey(db, OLD, NEW, AT)
        rekey(db, CHAIN, NEWER, AT)
        assert is_of(db, f"{CHAIN}\n{NEWER}")

    kept = members(path, f"{CHAIN}\n{NEWER}")
    assert kept.is_member(CHATS[0])
    kept.close()


def test_every_column_that_a_key_makes_is_known(path: Path) -> None:
    with closing(open_database(path)) as db:
        tables = {t for t in db.table_names() if "pseudonym" in db.table(t).columns_dict}

    assert tables | {"invitations"} == set(KEYED)


def test_a_chain_is_one_key_after_the_other() -> None:
    assert pseudonym_of("telegram:1", CHAIN) == pseudonym_of(pseudonym_of("telegram:1", OLD), NEW)


@pytest.mark.parametrize("key", ["", f"{OLD}\n", f"\n{NEW}"])
def test_no_key_is_empty(key: str) -> None:
    with pytest.raises(ValueError, match="empty"):
        pseudonym_of("telegram:1", key)


# the command, and the start ──────────────────────────────────────────────────────────────────


def settings(path: Path, key: str = NEW, old: str = OLD) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{path}",
        "PSEUDONYM_KEY": key,
        "PSEUDONYM_KEYS_OLD": old,
    }


def run(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> tuple[int, str]:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["rekey"])
    return result.exit_code, result.output


def test_the_command_does_it_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path)
    status, said = run(monkeypatch, settings(path))
    again = run(monkeypatch, settings(path))

    assert (status, again[0]) == (0, 0)
    assert str(len(CHATS) * 7) in said
    assert "もう" in again[1]
    kept = members(path, CHAIN)
    assert kept.is_member(CHATS[0])
    kept.close()
    assert OLD not in said + again[1]


def test_a_database_of_another_key_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path, NEWER)
    with closing(open_database(path)) as db:
        note_key(db, NEWER, AT)
    status, said = run(monkeypatch, settings(path))

    assert status == 1
    assert "何も変えていません" in said
    kept = members(path, NEWER)
    assert kept.is_member(CHATS[0])
    kept.close()


@pytest.mark.parametrize("missing", ["PSEUDONYM_KEY", "PSEUDONYM_KEYS_OLD"])
def test_both_keys_are_needed(path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    status, said = run(monkeypatch, settings(path) | {missing: ""})

    assert status == 1
    assert "PSEUDONYM_KEYS_OLD" in said


def test_without_a_database_there_is_nothing_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, settings(path))[0] == 1
    assert not path.exists()


def test_a_database_that_cannot_be_written_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path)
    with closing(open_database(path)) as db:
        db.execute("drop table latches")

    assert run(monkeypatch, settings(path))[0] == 1


def loaded(path: Path, key: str, old: str = "") -> Settings:
    return load_settings(settings(path, key, old), env_file=None)


def test_the_start_notes_the_key_and_refuses_another(path: Path) -> None:
    check_key(loaded(path, OLD))
    check_key(loaded(path, OLD))
    with pytest.raises(SettingsError, match="log rekey"):
        check_key(loaded(path, NEW))
    with pytest.raises(SettingsError):
        check_key(loaded(path, NEW, OLD))

    with closing(open_database(path)) as db:
        rekey(db, OLD, NEW, AT)
    check_key(loaded(path, NEW, OLD))


def test_a_start_without_a_key_or_with_a_bad_disk_goes_on(
    tmp_path: Path, logged: list[dict[str, object]]
) -> None:
    check_key(load_settings({}, env_file=None))
    (tmp_path / "x.db").write_bytes(b"no database" * 100)
    check_key(loaded(tmp_path / "x.db", OLD))

    assert [line["error"] for line in logged] == ["SQLITE_NOTADB"]
