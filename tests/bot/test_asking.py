"""``tsunagari ask``: one question, or a stream of them that no wrong line stops."""

import io
import json

import pytest

from bot.app import App
from bot.asking import ask_many, ask_one, find_many
from handlers.library import Library
from knowledge.faq import Question
from knowledge.faq_index import FaqIndex
from knowledge.vectors import load_vectors
from tests.bot.made import Json, app_of, line
from tests.fakes import FakeLog


@pytest.fixture
def app(library: Library) -> App:
    return app_of(library)


def stream(app: App, *lines: str | bytes) -> list[Json]:
    """The answers to lines of standard input."""
    written = b"".join(
        (text if isinstance(text, bytes) else text.encode()) + b"\n" for text in lines
    )
    out = io.StringIO()
    ask_many(app, io.BytesIO(written), out)
    return [json.loads(answer) for answer in out.getvalue().splitlines()]


def one(
    app: App,
    text: str,
    role: str | None = None,
    prefecture: str | None = None,
    *,
    as_json: bool = False,
    why: bool = False,
) -> tuple[bool, str]:
    out = io.StringIO()
    answered = ask_one(app, (text, role, prefecture), out, as_json=as_json, why=why)
    return answered, out.getvalue()


# A stream


def test_every_line_is_answered_with_one_line(app: App) -> None:
    answers = stream(app, line(text="さみしい"), line(text="NPOに委託できますか", role="member"))

    assert [answer["status"] for answer in answers] == ["answered", "answered"]
    assert answers[1]["entries"][0]["id"] == "guideline/2-2"


def test_a_wrong_line_is_answered_with_its_number_and_on_it_goes(app: App) -> None:
    answers = stream(app, line(text="さみしい"), "{", line(text="さみしい"), line(mood="sad"))

    assert answers[0]["status"] == answers[2]["status"] == "answered"
    assert set(answers[1]) == set(answers[3]) == {"error", "line"}
    assert (answers[1]["line"], answers[3]["line"]) == (2, 4)
    assert answers[1]["error"].startswith("line: Invalid JSON")
    assert answers[3]["error"] == ("text: Field required; mood: Extra inputs are not permitted")


@pytest.mark.parametrize(
    "wrong",
    [b"\xff\xfe", b'{"text": "\xe3\x81"}', "さみしい".encode("cp932")],
    ids=["no text", "half a letter", "Shift JIS"],
)
def test_a_line_that_is_no_utf_8_is_answered_and_on_it_goes(app: App, wrong: bytes) -> None:
    first, second = stream(app, wrong, line(text="さみしい"))

    assert first == {"error": "not UTF-8", "line": 1}
    assert second["status"] == "answered"


def test_a_prefecture_nobody_knows_is_answered_with_its_line(app: App) -> None:
    (answer,) = stream(app, line(text="さみしい", prefecture="火星"))

    assert answer == {"error": "prefecture: not one of the 47 prefectures", "line": 1}


def test_a_clock_gone_mad_is_answered_with_its_line(app: App) -> None:
    first, second = stream(
        app, line(text="死にたい", at="9999-12-31T23:59:59Z"), line(text="死にたい")
    )

    assert first["line"] == 1
    assert second["status"] == "crisis_signposted"


def test_blank_lines_are_passed_over_and_counted(app: App) -> None:
    answers = stream(app, "", "   ", "\t", "{", "")

    assert answers == [{"error": answers[0]["error"], "line": 4}]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(app: App) -> None:
    answers = stream(app, b"\xef\xbb\xbf" + line(text="さみしい").encode() + b"\r")

    assert answers[0]["status"] == "answered"


def test_the_last_line_needs_no_end(app: App) -> None:
    out = io.StringIO()
    ask_many(app, io.BytesIO(line(text="さみしい").encode()), out)

    assert json.loads(out.getvalue())["status"] == "answered"


def test_nothing_asked_is_nothing_answered(app: App) -> None:
    assert stream(app) == [] or stream(app, "") == []


def test_conversations_go_on_between_lines(app: App) -> None:
    *_, last, stranger = stream(
        app,
        line(text="山梨県は何を調査しますか", conversation="c1", role="member"),
        line(text="死にたい"),
        line(text="じゃあ岐阜は？", conversation="c1", role="member"),
        line(text="こんにちは"),
    )

    assert last["entries"][0]["id"] == "program/gifu"
    assert stranger["crisis"] is False


def test_each_answer_is_there_before_the_next_question(app: App) -> None:
    """A tool may wait for the answer before it writes its next line."""
    out = io.StringIO()

    def questions():
        yield line(text="こんにちは").encode()
        assert out.getvalue().count("\n") == 1
        yield line(text="ありがとう").encode()

    ask_many(app, questions(), out)  # type: ignore[arg-type]

    assert out.getvalue().count("\n") == 2


# One question


def test_one_question_is_answered_for_people(app: App) -> None:
    answered, told = one(app, "NPOに委託できますか", "member")

    assert answered
    assert "実施要領 ２（２）" in told
    assert "{" not in told


def test_one_question_is_answered_for_tools(app: App) -> None:
    answered, told = one(app, "さみしい", "resident", "山梨", as_json=True)
    answer = json.loads(told)

    assert answered
    assert answer["status"] == "answered"
    assert {entry["prefecture"] for entry in answer["entries"]} <= {"山梨県", None}
    assert told.count("\n") == 1


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    ("text", "prefecture", "error"),
    [
        ("さみしい", "火星", "prefecture: not one of the 47 prefectures"),
        ("あ" * 100_001, None, "text: String should have at most 100000 characters"),
        ("さみしい\udcff", None, "line: Invalid JSON"),
    ],
    ids=["prefecture", "length", "bytes"],
)
def test_a_wrong_question_is_said_to_be_wrong(
    app: App, text: str, prefecture: str | None, error: str, *, as_json: bool
) -> None:
    answered, told = one(app, text, None, prefecture, as_json=as_json)

    assert not answered
    said = json.loads(told)["error"] if as_json else told.removeprefix("tsunagari ask: ")
    assert said.startswith(error)


def test_an_empty_question_is_offered_choices(app: App) -> None:
    assert "1. 相談先をさがす" in one(app, "")[1]


def test_what_is_asked_reaches_the_log_of_the_app(library: Library, log: FakeLog) -> None:
    """Whether there is one is decided where the app is built: see test_cli."""
    stream(app_of(library, log), line(text="さみしい"), "{")

    assert [(query.channel, query.conversation) for query in log.queries] == [("ask", "ask:#1")]


# Why


def test_an_answer_can_be_explained(app: App) -> None:
    answered, said = one(app, "うちのNPOに仕事を頼めますか", "member", why=True)

    assert answered
    assert "実施要領 ２（２）" in said
    assert "いちばん近い文" in said
    assert "仕事" in said.split("同じ言葉")[1]


def test_an_explanation_is_json_too(app: App) -> None:
    _, said = one(app, "富山の調査", "member", as_json=True, why=True)
    why = json.loads(said)["why"]

    assert why["slots"]["prefectures"] == ["富山県"]
    assert why["entries"][0]["id"] == "program/toyama"
    assert why["entries"][0]["words"]["富山"] > 1


def test_what_danger_answered_needs_no_explanation(app: App) -> None:
    _, said = one(app, "死にたい", as_json=True, why=True)

    assert json.loads(said)["why"]["entries"] == []


# Any other FAQ


@pytest.fixture
def faq() -> FaqIndex:
    return FaqIndex(
        [
            Question("1", "ごみの収集日はいつですか", "月曜日と木曜日です"),
            Question("2", "保育園の申し込みはどこでできますか", "区役所の窓口です"),
            Question("3", "一人暮らしの高齢者の見守りはありますか", "配食のときに声をかけます"),
        ],
        load_vectors(),
    )


def find(faq: FaqIndex, *lines: str | bytes, limit: int = 10) -> list[Json]:
    written = b"".join((x if isinstance(x, bytes) else x.encode()) + b"\n" for x in lines)
    out = io.StringIO()
    find_many(faq, io.BytesIO(written), out, limit)
    return [json.loads(answer) for answer in out.getvalue().splitlines()]


def test_a_question_finds_the_nearest_row_of_a_faq(faq: FaqIndex) -> None:
    (answer,) = find(faq, line(text="ひとり暮らしの親の見守り", id="unread"))
    best, *rest = answer["entries"]

    assert best["id"] == "3"
    assert set(best) == {"id", "score"}
    assert all(best["score"] >= other["score"] for other in rest)


def test_no_more_rows_are_told_than_asked_for(faq: FaqIndex) -> None:
    assert len(find(faq, line(text="どこで申し込みできますか"), limit=1)[0]["entries"]) == 1


def test_a_wrong_line_to_a_faq_is_answered_with_its_number_and_on_it_goes(faq: FaqIndex) -> None:
    answers = find(faq, "", "{", line(mood="sad"), b"\xff", line(text="ごみ"))

    assert [answer.get("line") for answer in answers] == [2, 3, 4, None]
    assert answers[1]["error"] == "Field required"
    assert answers[3]["entries"][0]["id"] == "1"
