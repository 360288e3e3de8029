"""The conversation in a terminal, as people have it: what is said, and what the answer holds."""

import io
import re
from collections.abc import Iterator

import pytest
from rich.console import Console

from bot.app import App
from bot.console import Conversation, show
from handlers.library import Library
from handlers.messages import Card, Choice, Reply, Status
from knowledge.vocabulary import Kind
from tests.bot.made import app_of
from tests.fakes import FakeLog

CONVERSATION = [
    ("", ""),
    ("こんにちは", "1. 相談先をさがす"),
    ("1", "さみしい・話したい"),
    ("99", "その番号の選択肢はありません。"),
    ("0", "その番号の選択肢はありません。"),
    ("１", "いま受付中（24時間）"),
    ("/help", "困っていることを、そのままのことばで打ってください"),
    ("／ＨＥＬＰ", "困っていることを"),
    ("/?", "困っていることを"),
    ("/dance", "その命令はありません。/help と /quit が使えます。"),
    ("/start", "つながり — 孤独・孤立の相談窓口"),
    ("NPOに委託できますか", "実施要領 ２（２）"),
    ("3", "この項を使う県"),  # a button under the clause
    ("/rules 4(3)", "各府省が所管する補助金等"),  # words after a command are a question
    ("/programs", "どうさがしますか"),
    ("さみしくて眠れません", "1. 住んでいる都道府県の窓口も見る"),
    ("1", "お住まいの地方を選んでください。"),
    ("2", "都道府県を選んでください。"),
    ("2", "岩手県ですね。"),
    ("山梨県は何を調査しますか", "実態"),
    ("じゃあ岐阜は？", "岐阜"),
    ("東京都は入っていますか", "東京都：交付団体の一覧にありません"),
    ("9(2)", "実施要領に 9(2) はありません。"),
    ("/place", "東京都の窓口もいっしょに出しています"),
    ("2", "お住まいの都道府県は忘れました"),
    ("ことばを変える", "2. やさしい日本語"),
    ("2", "これからは、やさしい日本語で 書きます。"),
    ("/help", "こまっていることを、そのまま 書いてください"),
    ("日本語で", "ここからは日本語で書きます。"),
    ("消す", "こんにちは。ご用のときは、いつでも書いてください。"),
    ("119", "119番（火事・救急）"),  # a number to call is no number of a choice
    ("こんにちは", "1. 相談先をさがす"),
    ("/quit", "またいつでもどうぞ。"),
]


class Reader:
    """Reads prepared lines; what was shown before each is kept."""

    def __init__(self, lines: list[str | BaseException], output: io.StringIO) -> None:
        self.lines: Iterator[str | BaseException] = iter(lines)
        self.output = output
        self.prompts: list[str] = []
        self.shown: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.keep()
        self.prompts.append(prompt)
        line = next(self.lines)
        if isinstance(line, BaseException):
            raise line
        return line

    def keep(self) -> None:
        self.shown.append(self.output.getvalue())
        self.output.seek(0)
        self.output.truncate()


@pytest.fixture
def app(library: Library) -> App:
    return app_of(library)


def talk(app: App, *lines: str | BaseException) -> Reader:
    """Have a whole conversation; ``shown`` holds the welcome and then what followed each line."""
    output = io.StringIO()
    reader = Reader(list(lines), output)
    Conversation(app, Console(file=output, width=120, highlight=False), reader).run()
    reader.keep()
    return reader


def plain(shown: str) -> str:
    """Without the frames and line ends of the terminal."""
    return re.sub(r"[\s│╭╮╰╯─]+", "", shown)


def test_one_whole_conversation(app: App) -> None:
    reader = talk(app, *(said for said, _ in CONVERSATION))

    answers = reader.shown[1:]
    assert len(answers) == len(CONVERSATION)
    for (said, expected), shown in zip(CONVERSATION, answers, strict=True):
        assert plain(expected) in plain(shown), said


def test_it_begins_with_a_welcome_and_asks_by_name(app: App) -> None:
    reader = talk(app, "/quit")

    assert reader.shown[0].startswith("つながり — 孤独・孤立の相談窓口")
    assert "/quit で終わります" in reader.shown[0]
    assert reader.prompts == ["\nあなた > "]


@pytest.mark.parametrize("command", ["/quit", "/exit", "/q", "/QUIT", "／ｑｕｉｔ", " /quit "])
def test_it_ends_when_the_person_wants(app: App, command: str) -> None:
    reader = talk(app, command, "これは読まれない")

    assert reader.shown[-1].strip() == "またいつでもどうぞ。"
    assert len(reader.prompts) == 1


@pytest.mark.parametrize("end", [EOFError(), KeyboardInterrupt()], ids=["end of input", "Ctrl-C"])
def test_it_ends_cleanly_when_the_line_ends(app: App, end: BaseException) -> None:
    reader = talk(app, "こんにちは", end)

    assert reader.shown[-1].strip() == "またいつでもどうぞ。"


def test_an_empty_line_is_passed_over(library: Library, log: FakeLog) -> None:
    reader = talk(app_of(library, log), "", "   ", "/quit")

    assert reader.shown[1] == reader.shown[2] == ""
    assert log.queries == []


def test_commands_are_no_messages(library: Library, log: FakeLog) -> None:
    talk(app_of(library, log), "/help", "/start", "/dance", "/quit")

    assert log.queries == []


def test_everything_said_here_is_one_conversation(library: Library, log: FakeLog) -> None:
    talk(app_of(library, log), "山梨県は何を調査しますか", "じゃあ岐阜は？", "/quit")

    assert [query.entries for query in log.queries] == [("program/yamanashi",), ("program/gifu",)]
    assert {(query.channel, query.conversation) for query in log.queries} == {
        ("console", "console:here")
    }


def test_a_taken_choice_is_shown_again_before_its_answer(app: App) -> None:
    reader = talk(app, "こんにちは", "2", "/quit")

    assert reader.shown[2].startswith("  実施要領を調べる\n")


def test_a_wrong_number_leaves_the_choices_open(app: App) -> None:
    reader = talk(app, "こんにちは", "12", "3", "/quit")

    assert "その番号の選択肢はありません。" in reader.shown[2]
    assert "県の取組を見る" in reader.shown[3]


def test_choices_of_an_earlier_answer_are_gone(app: App) -> None:
    conversation = Conversation(app, Console(file=io.StringIO()))
    conversation._turn("こんにちは")
    assert len(conversation.choices) == 3

    conversation._turn("ありがとう")
    assert conversation.choices == ()


# What it looks like


def shown(reply: Reply) -> str:
    output = io.StringIO()
    show(Console(file=output, width=60, highlight=False), reply)
    return output.getvalue()


def test_a_card_stands_in_a_frame_with_its_quote_first() -> None:
    card = Card(
        "guideline/1", Kind.CLAUSE, "１ 目的", 1.0, quote="全文です", lines=("出典：通知",)
    )
    told = shown(Reply(Status.ANSWERED, ("はじめ",), (card,), ("おわり",)))

    assert told.index("はじめ") < told.index("１ 目的") < told.index("全文です")
    assert told.index("全文です") < told.index("出典：通知") < told.index("おわり")
    assert "╭─ １ 目的 " in told


def test_a_window_has_no_empty_quote() -> None:
    told = shown(
        Reply(Status.ANSWERED, cards=(Card("window/x", Kind.WINDOW, "甲", 1.0, lines=("電話",)),))
    )

    assert [line.strip("│ ") for line in told.splitlines()[1:-1]] == ["電話"]


def test_choices_are_numbered_from_one() -> None:
    told = shown(Reply(Status.CLARIFY_CHOICE, choices=(Choice("a", "甲"), Choice("b", "乙"))))

    assert told == "  1. 甲\n  2. 乙\n"


def test_signs_in_a_text_are_shown_as_they_are() -> None:
    """Square brackets are no markup: [bold] is what somebody wrote."""
    card = Card("window/x", Kind.WINDOW, "[red]題[/red]", 1.0, lines=("[bold]電話[/]", ":smile:"))
    told = shown(
        Reply(Status.ANSWERED, ("[b]はじめ[/b]",), (card,), ("[i]",), (Choice("a", "[u]"),))
    )

    for text in ("[b]はじめ[/b]", "[red]題[/red]", "[bold]電話[/]", ":smile:", "[i]", "1. [u]"):
        assert text in told


def test_in_danger_the_first_words_are_bold() -> None:
    output = io.StringIO()
    console = Console(file=output, width=60, force_terminal=True, color_system="standard")
    show(console, Reply(Status.CRISIS_SIGNPOSTED, ("119に電話してください。",), crisis=True))

    assert "\x1b[1m119に電話してください。" in output.getvalue()


def test_a_cleared_screen_is_empty_but_for_one_line(app: App, library: Library) -> None:
    output = io.StringIO()
    lines = iter(["夫に殴られます", "/clear", "/quit"])
    console = Console(file=output, width=120, force_terminal=True, color_system=None)
    Conversation(app, console, lambda _: next(lines)).run()

    after = output.getvalue().rpartition("\x1b[2J")[2]
    assert library.replies.say("safe.cleared") in after
    assert "殴" not in after


def test_a_window_that_did_not_answer_is_told_by_its_number(library: Library) -> None:
    log = FakeLog()
    reader = talk(app_of(library, log), "東京でさみしい", "2", "/quit")

    assert "知らせてくださって" in reader.shown[2]
    assert [outcome.kind for outcome in log.outcomes] == ["failed"]
