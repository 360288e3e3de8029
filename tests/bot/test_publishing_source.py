"""The library is loaded anew when the data changes; what is broken is refused, and told once."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.publishing.source import LibrarySource
from bot.publishing.watching import DataWatch
from handlers.library import Library
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import load
from knowledge.version import version
from tests.bot.publishing_made import DV, IWATE, House, house, quick, with_ask

ASK = "夫がこわくて家に帰れない"
YAMAGATA = "windows/06-yamagata.yaml"


@pytest.fixture
def here(tmp_path: Path, library: Library) -> House:
    return house(tmp_path, library)


def say(here: House, old: str, new: str, file: str = IWATE) -> None:
    path = here.data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def asks(source: LibrarySource) -> tuple[str, ...]:
    return source.current.knowledge.entries[DV].asks


def test_what_was_changed_is_loaded_once(here: House, logged: list[dict[str, object]]) -> None:
    before = here.source.current
    assert here.source.refresh() is None

    say(here, "    asks:\n", f"    asks:\n      - {ASK}\n")
    change = here.source.refresh()

    assert change
    assert (change.version, change.library, change.findings) == (
        version(here.data), here.source.current, (),
    )  # fmt: skip
    assert ASK in asks(here.source)
    assert ASK not in before.knowledge.entries[DV].asks
    assert here.source.refresh() is None
    assert logged == [
        {"event": "knowledge loaded", "version": change.version, "log_level": "info"}
    ]


def test_a_touched_file_is_no_change(here: House) -> None:
    here.file.touch()

    assert here.source.refresh() is None


def test_broken_data_is_told_once_and_the_old_knowledge_stays(
    here: House, logged: list[dict[str, object]]
) -> None:
    before = here.source.current
    say(here, "area: 岩手県", "area: [岩手県")

    change = here.source.refresh()

    assert change
    assert change.library is None
    assert {finding.path for finding in change.findings} == {Path(IWATE)}
    assert here.source.findings == change.findings
    assert here.source.current is before
    assert here.source.refresh() is None
    (line,) = logged
    assert (line["event"], line["log_level"]) == ("knowledge refused", "error")
    assert str(line["findings"]).startswith(f"['{IWATE}:")

    say(here, "area: [岩手県", "area: 岩手県")
    assert here.source.refresh() is None
    assert here.source.findings == ()


def test_another_fault_is_told_again(here: House) -> None:
    say(here, "019-629-9610", "019")
    first = here.source.refresh()
    say(here, 'value: "019"', 'value: "018"')
    second = here.source.refresh()

    assert first
    assert second
    assert [f.code for f in (*first.findings, *second.findings)] == ["wrong_phone"] * 2


def test_what_was_wrong_all_along_stops_nothing(here: House) -> None:
    """The house lacks most window files, which the check tells of."""
    for ask in (ASK, "別の聞き方をする"):
        say(here, "    asks:\n", f"    asks:\n      - {ask}\n")
        change = here.source.refresh()
        assert change
        assert change.library

    strict = LibrarySource(here.data, here.clock, opened=quick(here.library))
    say(here, ASK, "帰りたくない夜")
    change = strict.refresh()
    assert change
    assert "missing_window_file" in {finding.code for finding in change.findings}


def test_windows_that_grow_old_stop_nothing(here: House) -> None:
    here.clock.pass_by(timedelta(days=700))
    say(here, "    asks:\n", f"    asks:\n      - {ASK}\n")

    change = here.source.refresh()

    assert change
    assert change.library


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyError("x"), "not_loaded"),
        (EOFError(), "not_loaded"),
        (OSError(), "unreadable"),
        (KnowledgeError([Finding("empty_list", Path("x.yaml"), 1)]), "empty_list"),
    ],
)
def test_data_of_a_kind_that_no_check_knows_is_refused(
    here: House, error: Exception, code: str
) -> None:
    def fail(*_: object) -> Library:
        raise error

    source = LibrarySource(here.data, here.clock, library=here.source.current, opened=fail)
    source.refresh()
    say(here, "    asks:\n", f"    asks:\n      - {ASK}\n")

    change = source.refresh()

    assert change
    assert [finding.code for finding in change.findings] == [code]
    assert source.current is here.source.current


def test_a_file_that_cannot_be_read_is_told(here: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path) -> str:
        raise PermissionError

    say(here, "    asks:\n", f"    asks:\n      - {ASK}\n")
    with monkeypatch.context() as patch:
        patch.setattr("bot.publishing.watching.version", fail)
        patch.setattr(here.source, "_open", lambda *_: fail(here.data))
        change = here.source.refresh()
        assert here.source.refresh() is None

    assert change
    assert [finding.code for finding in change.findings] == ["unreadable"]
    assert here.source.refresh()


def test_data_that_changes_while_it_is_read_is_read_again(here: House) -> None:
    opened, asked = quick(here.library), [ASK, "別の聞き方をする"]

    def meanwhile(data: Path, _shelf: object) -> Library:
        library = opened(data)
        if asked:
            say(here, "    asks:\n", f"    asks:\n      - {asked.pop()}\n")
        return replace(library, version=version(data))

    here.source._open = meanwhile
    say(here, "019-629-9610", "019-629-9611")

    change = here.source.refresh()

    assert change
    assert asks(here.source)[:2] == load(here.data).entries[DV].asks[:2]
    assert asked == []


def test_data_that_never_rests_is_left_for_the_next_look(here: House) -> None:
    opened, count = quick(here.library), [0]

    def meanwhile(data: Path, _shelf: object) -> Library:
        library = opened(data)
        count[0] += 1
        say(here, "    asks:\n", f"    asks:\n      - 聞き方の{count[0]}番目\n")
        return library

    before = here.source.current
    here.source._open = meanwhile
    say(here, "019-629-9610", "019-629-9611")

    assert here.source.refresh() is None
    assert here.source.current is before
    here.source._open = opened
    assert here.source.refresh()


def test_many_threads_load_once(here: House) -> None:
    say(here, "    asks:\n", f"    asks:\n      - {ASK}\n")
    changes: list[object] = []
    threads = [
        threading.Thread(target=lambda: changes.append(here.source.refresh())) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([change for change in changes if change]) == 1


def test_a_file_that_goes_while_one_looks_is_passed_over(here: House) -> None:
    (here.data / "windows" / ".gone").symlink_to(here.data / "nowhere")

    assert DataWatch(here.data).version() == version(here.data)


def test_with_ask_adds_a_line() -> None:
    assert with_ask("asks:\n  - x\n", "y") == "asks:\n  - y\n  - x\n"
