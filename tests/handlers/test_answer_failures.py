"""Whatever breaks: a national window is shown, and no log line holds what a person wrote."""

from dataclasses import replace

import pytest
import structlog

from handlers.fallback import HUMAN
from handlers.library import Library
from handlers.members import MemberDesk
from handlers.messages import Role
from handlers.windows import WindowDesk
from tests.fakes import FakeConversations, FakeLog
from tests.handlers.made import SECRET, Broken, ask, assistant_of, broken, ids


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        ("watch", "職場のパワハラ"),
        ("understanding", "職場のパワハラ"),
        ("lexicon", "職場のパワハラ"),
        ("index", "職場のパワハラ"),
        ("clauses", "NPOに委託できますか"),
        ("programs", "山梨県は何を調査しますか"),
        ("knowledge", "R7の交付団体はどこですか"),
    ],
)
def test_a_broken_desk_still_shows_a_national_window(
    library: Library, log: FakeLog, piece: str, text: str
) -> None:
    assistant = assistant_of(replace(library, **{piece: Broken()}), log)  # type: ignore[arg-type]
    with structlog.testing.capture_logs() as lines:
        reply = ask(assistant, text, role=Role.MEMBER)

    assert reply.status == "error_internal"
    assert ids(reply) == list(HUMAN)
    assert reply.opening == (library.replies.say("fallback.error"),)
    assert [(query.status, query.text) for query in log.queries] == [("error_internal", None)]
    assert [(line["event"], line["error"]) for line in lines] == [
        ("answer_failed", "RuntimeError")
    ]
    assert SECRET not in str(lines)
    assert text not in str(lines)


def test_a_failure_names_its_place_and_nothing_else(library: Library) -> None:
    assistant = assistant_of(replace(library, index=Broken()))
    with structlog.testing.capture_logs() as lines:
        ask(assistant, "職場のパワハラ")

    (line,) = lines
    assert set(line) == {"event", "error", "where", "log_level"}
    assert line["where"].startswith("made.py:")


@pytest.mark.parametrize("method", ["get", "put"])
def test_a_forgetful_store_of_conversations_still_shows_a_national_window(
    library: Library, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeConversations, method, broken)
    with structlog.testing.capture_logs() as lines:
        reply = ask(assistant_of(library), "さみしい")

    assert (reply.status, ids(reply)) == ("error_internal", list(HUMAN))
    assert SECRET not in str(lines)


def test_a_broken_window_desk_still_shows_a_national_window(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = assistant_of(library)
    monkeypatch.setattr(WindowDesk, "ranked", broken)
    monkeypatch.setattr(WindowDesk, "card", broken)
    reply = ask(assistant, "さみしい")

    assert (reply.status, ids(reply)) == ("error_internal", list(HUMAN))


def test_after_a_failure_the_conversation_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = assistant_of(library)
    ask(assistant, "山梨県は何を調査しますか", role=Role.MEMBER)
    with monkeypatch.context() as patch:
        patch.setattr(MemberDesk, "quote", broken)
        assert ask(assistant, "４（３）は？", role=Role.MEMBER).status == "error_internal"

    assert ids(ask(assistant, "じゃあ岐阜は？", role=Role.MEMBER)) == ["program/gifu"]
