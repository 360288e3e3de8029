"""Whatever people send: a kind answer, the next message is understood, nothing is leaked."""

import io
import json
from collections.abc import Callable

import pytest
import structlog
from rich.console import Console

from bot.app import App
from bot.console import Conversation
from bot.live import Live
from handlers.answer import Assistant
from handlers.library import Library
from knowledge.replies import Replies
from tests.bot.fakes import FakeBotApi, Talk
from tests.bot_api import Person
from tests.fakes import FakeClock as StillClock
from tests.fakes import FakeConversations, FakeLog
from tests.handlers.made import ask, ids

SECRET = "ひみつのはなし"
TEXTS = {
    "5,000 characters": (SECRET + "です。") * 500,
    "5,000 characters without a word": "あ" * 5000,
    "4,000 emoji": "😢" * 4000,
    "only emoji": "😢😢🏠",
    "one emoji of many parts": "👨‍👩‍👧‍👦",
    "right to left": f"أشعر بالوحدة {SECRET}",
    "right to left turned round": f"\u202e{SECRET}\u202c",
    "nothing but invisible characters": "\u200b\u200d\ufeff\u2060",
    "invisible characters between letters": "\u200b".join(f"{SECRET}さみしい"),
    "HTML": f"<b>{SECRET}</b><script>alert(1)</script>&amp;&lt;",
    "broken HTML": f"<a href='{SECRET}",
    "markup of the console": f"[bold red]{SECRET}[/bold red] [link=x]",
    "the person's own number": f"電話してください 090-1234-5678 {SECRET}",
    "a lone surrogate": f"\ud83d {SECRET}",
    "format signs": f"%s {{0}} {{name}} {SECRET}",
    "a command for a database": f"'; drop table queries; -- {SECRET}",
    "line ends": "\n\n\r\n\t",
    "a letter with a hundred accents": "e" + "\u0301" * 100,
}
SENDABLE = {name: text for name, text in TEXTS.items() if name != "a lone surrogate"}
"""Telegram itself sends no half of a character."""
NUMBERS = ("090-1234-5678", "09012345678", "1234-5678")
NOT_TEXTS = [
    "sends_photo",
    "sends_sticker",
    "sends_voice",
    "sends_document",
    "sends_location",
    "sends_contact",
    "sends_poll",
]
KINDS = ["picture", "sticker", "voice", "document", "location", "contact", "unreadable"]


@pytest.fixture
def query_log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def assistant(library: Library, query_log: FakeLog) -> Assistant:
    return Assistant(library, query_log, FakeConversations(), StillClock())


@pytest.fixture
def replies(library: Library) -> Replies:
    return library.replies


def leaked(query_log: FakeLog, lines: object) -> list[str]:
    """What of the person's words or numbers stands where it must not."""
    said = json.dumps(lines, ensure_ascii=False, default=str)
    numbers = [n for n in NUMBERS if n in said + str([query.text for query in query_log.queries])]
    answered = [q.text for q in query_log.queries if q.text and q.status.group != "unanswered"]
    return numbers + answered + [word for word in (SECRET,) if word in said]


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE)
async def test_any_text_is_answered_on_telegram(
    talk: Talk, person: Person, query_log: FakeLog, text: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        person.says(text)
        answers = await talk.go_on()
        person.says("さみしい")
        following = await talk.go_on()

    assert answers
    assert all(answer.text.strip() for answer in answers)
    assert SECRET not in "".join(answer.text for answer in answers)
    assert "いま受付中" in following[-1].text
    assert query_log.queries[0].status != "error_internal"
    assert leaked(query_log, lines) == []


@pytest.mark.parametrize("sends", NOT_TEXTS)
async def test_what_is_no_text_is_met_kindly_and_not_logged(
    talk: Talk, person: Person, query_log: FakeLog, sends: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        getattr(person, sends)()
        answers = await talk.go_on()
        person.says("さみしい")
        following = await talk.go_on()

    assert len(answers) == 1
    assert any(word in answers[0].text for word in ("ありがとう", "ごめんなさい", "使わず"))
    assert "いま受付中" in following[-1].text
    assert "35.0" not in str(lines) + str(query_log.queries)
    assert leaked(query_log, lines) == []


@pytest.mark.parametrize("language", ["en", "zh-hans", "pt-br", "vi", "ko", "ar", None])
@pytest.mark.parametrize("sends", NOT_TEXTS)
async def test_it_is_met_in_the_persons_language(
    talk: Talk, api: FakeBotApi, library: Library, sends: str, language: str | None
) -> None:
    getattr(api.person(language), sends)()
    (answer,) = await talk.go_on()

    spoken = language.split("-")[0] if language else "ja"
    said = {library.replies.say(f"telegram.{kind}", spoken) for kind in KINDS}
    assert answer.text in said


@pytest.fixture
def console(
    library: Library, assistant: Assistant
) -> Callable[[str], tuple[str, list[dict[str, object]]]]:
    def say(text: str) -> tuple[str, list[dict[str, object]]]:
        output = io.StringIO()
        lines = iter([text, "さみしい", "/quit"])
        app = App(Live(lambda: library, lambda _: assistant, StillClock()), StillClock())
        with structlog.testing.capture_logs() as logged:
            Conversation(
                app, Console(file=output, width=100, highlight=False), lambda _: next(lines)
            ).run()
        return output.getvalue(), logged  # type: ignore[return-value]

    return say


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_line_is_answered_in_the_console(
    console: Callable[[str], tuple[str, list[dict[str, object]]]],
    query_log: FakeLog,
    text: str,
) -> None:
    shown, logged = console(text)

    assert "いま受付中" in shown
    assert SECRET not in shown
    assert leaked(query_log, logged) == []


def test_who_writes_very_much_is_shown_people_who_listen(assistant: Assistant) -> None:
    reply = ask(assistant, "きいてください。" * 700)

    assert reply.status == "blocked_too_long"
    assert "window/yorisoi" in ids(reply)


def test_a_cry_for_help_at_the_end_of_a_long_message_is_heard(assistant: Assistant) -> None:
    assert ask(assistant, "きのうの話です。" * 600 + "もう死にたい").crisis
