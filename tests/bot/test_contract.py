"""The JSON other tools speak: every field of DESIGN section 5, in and out."""

import json

import pytest

from bot.contract import Contract, RequestError, dumps
from handlers.library import Library
from handlers.messages import Role, Status
from knowledge.vocabulary import Channel, Topic
from tests.bot.made import Json, app_of, line
from tests.fakes import FRIDAY_MORNING, FakeClock

ANSWER = ["conversation", "status", "crisis", "entries", "slots", "reply", "choices"]
ENTRY = [
    "id", "kind", "title", "score", "place", "prefecture", "topics", "area", "channels",
    "languages", "free", "always_open", "open_now",
]  # fmt: skip
EVENING = "2026-11-20T23:30:00+09:00"


@pytest.fixture
def contract(library: Library) -> Contract:
    return Contract(library.gazetteer, FakeClock())


class Tool:
    """Asks through the contract, as an outside tool does."""

    def __init__(self, library: Library) -> None:
        self.app = app_of(library)
        self.contract = Contract(library.gazetteer, self.app.clock)
        self.number = 0

    def __call__(self, **fields: object) -> Json:
        self.number += 1
        request = self.contract.request(line(**fields))
        reply = self.app.assistant.answer(self.contract.incoming(request, self.number))
        answer: Json = json.loads(dumps(self.contract.answer(request, reply)))
        return answer


@pytest.fixture
def ask(library: Library) -> Tool:
    return Tool(library)


# What may be asked


def test_a_text_is_enough(contract: Contract) -> None:
    incoming = contract.incoming(contract.request(line(text="さみしい")), 7)

    assert (incoming.text, incoming.conversation, incoming.channel) == (
        "さみしい",
        "ask:#7",
        "ask",
    )
    assert incoming.at == FRIDAY_MORNING
    assert (incoming.role, incoming.prefecture, incoming.language, incoming.choice) == (None,) * 4


def test_every_field_may_be_null_but_the_text(contract: Contract) -> None:
    fields = dict.fromkeys(["conversation", "role", "prefecture", "language", "at", "choice"])
    request = contract.request(line(text="さみしい", **fields))

    assert contract.incoming(request, 1) == contract.incoming(
        contract.request(line(text="さみしい")), 1
    )


def test_every_field_is_understood(contract: Contract) -> None:
    request = contract.request(
        line(
            text="",
            conversation="c1",
            role="staff",
            prefecture="山梨県",
            language="en",
            at=EVENING,
            choice="start:windows",
        )
    )
    incoming = contract.incoming(request, 1)

    assert (incoming.conversation, incoming.role) == ("ask:c1", Role.STAFF)
    assert (incoming.prefecture, incoming.language) == ("山梨県", "en")
    assert (incoming.at.isoformat(), incoming.choice) == (EVENING, "start:windows")


@pytest.mark.parametrize("role", ["resident", "member", "staff"])
def test_three_kinds_of_people_ask(contract: Contract, role: str) -> None:
    assert contract.incoming(contract.request(line(text="x", role=role)), 1).role == role


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("山梨県", "山梨県"),
        ("山梨", "山梨県"),
        ("yamanashi", "山梨県"),
        ("やまなしけん", "山梨県"),
        ("東京", "東京都"),
        ("北海道", "北海道"),
        ("京都", "京都府"),
        ("", None),
    ],
)
def test_a_prefecture_may_have_its_short_name(
    contract: Contract, written: str, name: str | None
) -> None:
    request = contract.request(line(text="x", prefecture=written))

    assert contract.incoming(request, 1).prefecture == name


@pytest.mark.parametrize("written", ["火星", "山", "横浜市", "Japan"])
def test_a_prefecture_that_does_not_exist_is_refused(contract: Contract, written: str) -> None:
    request = contract.request(line(text="x", prefecture=written))

    with pytest.raises(RequestError, match=r"^prefecture: not one of the 47 prefectures$"):
        contract.incoming(request, 1)


# What is refused, and how it is said


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("{", "line: Invalid JSON"),
        ("さみしい", "line: Invalid JSON"),
        ("", "line: Invalid JSON"),
        ('{"text": "さみ', "line: Invalid JSON"),
        ('{"text": "\\ud800"}', "line: Invalid JSON"),
        ("[]", "line: Input should be an object"),
        ('"さみしい"', "line: Input should be an object"),
        ("null", "line: Input should be an object"),
        ("{}", "text: Field required"),
        ('{"conversation": "c1"}', "text: Field required"),
        ('{"text": null}', "text: Input should be a valid string"),
        ('{"text": 5}', "text: Input should be a valid string"),
        ('{"text": ["さみしい"]}', "text: Input should be a valid string"),
        ('{"text": "x", "role": "boss"}', "role: Input should be 'resident', 'member' or 'staff'"),
        ('{"text": "x", "conversation": 5}', "conversation: Input should be a valid string"),
        ('{"text": "x", "prefecture": []}', "prefecture: Input should be a valid string"),
        ('{"text": "x", "mood": "sad"}', "mood: Extra inputs are not permitted"),
        ('{"text": "x", "at": "昨日"}', "at: Input should be a valid datetime"),
        ('{"text": "x", "at": "2026-11-20T11:00:00"}', "at: Input should have timezone info"),
        (
            '{"text": "x", "at": "0001-01-01T00:00:00Z"}',
            "at: Value error, the year should be 2000",
        ),
        (
            '{"text": "x", "at": "9999-12-31T23:59:59Z"}',
            "at: Value error, the year should be 2000",
        ),
    ],
)
def test_a_wrong_request_is_refused_with_the_field_and_the_reason(
    contract: Contract, written: str, why: str
) -> None:
    with pytest.raises(RequestError) as refused:
        contract.request(written)

    assert str(refused.value).startswith(why)
    assert "\n" not in str(refused.value)


def test_a_refusal_never_tells_what_a_person_wrote(contract: Contract) -> None:
    wrong = line(text=["やまだはなこ"], role="やまだはなこ", at="やまだはなこ")

    with pytest.raises(RequestError) as refused:
        contract.request(wrong)

    assert "やまだ" not in str(refused.value)
    assert str(refused.value).count("; ") == 2


def test_a_text_of_any_human_length_is_taken(contract: Contract) -> None:
    contract.request(line(text="あ" * 100_000))

    with pytest.raises(RequestError, match=r"^text: String should have at most 100000"):
        contract.request(line(text="あ" * 100_001))


# What is answered


def test_an_answer_has_every_field_in_order(ask: Tool) -> None:
    answer = ask(text="さみしい", conversation="c1", role="resident")

    assert list(answer) == ANSWER
    assert [list(entry) for entry in answer["entries"]] == [ENTRY] * len(answer["entries"])


def test_a_conversation_without_a_name_has_none_in_the_answer(ask: Tool) -> None:
    assert ask(text="さみしい")["conversation"] is None
    assert ask(text="さみしい", conversation="c1")["conversation"] == "c1"


def test_every_value_of_a_window_is_of_its_kind(ask: Tool) -> None:
    for entry in ask(text="さみしい", role="resident", at=EVENING)["entries"]:
        assert entry["id"].startswith("window/")
        assert entry["kind"] == "window"
        assert 0 <= entry["score"] <= 1
        assert (entry["place"], entry["prefecture"]) == (None, None)
        assert set(entry["topics"]) <= {topic.value for topic in Topic}
        assert set(entry["channels"]) <= {channel.value for channel in Channel}
        assert entry["area"] == "全国"
        assert "ja" in entry["languages"]
        assert entry["free"] in {True, False, None}
        assert entry["open_now"] in {True, False, None}
        assert isinstance(entry["always_open"], bool)


def test_a_clause_tells_its_place(ask: Tool) -> None:
    (entry,) = ask(text="４（３）", role="member")["entries"]

    assert (entry["id"], entry["kind"], entry["place"]) == (
        "guideline/4-3",
        "guideline",
        "４（３）",
    )
    assert (entry["topics"], entry["channels"], entry["languages"]) == ([], [], [])
    assert (entry["area"], entry["free"], entry["open_now"]) == (None, None, None)
    assert entry["always_open"] is False


def test_a_program_tells_its_prefecture(ask: Tool) -> None:
    (entry,) = ask(text="山梨県は何を調査しますか", role="member")["entries"]

    assert (entry["id"], entry["kind"]) == ("program/yamanashi", "program")
    assert entry["prefecture"] == "山梨県"


def test_not_listed_tells_the_prefecture_that_was_asked_for(ask: Tool) -> None:
    answer = ask(text="東京は入ってますか", role="member")

    assert answer["status"] == "answered_not_listed"
    assert (answer["entries"][0]["id"], answer["entries"][0]["prefecture"]) == (
        "program/none",
        "東京都",
    )


def test_entries_stand_in_the_order_shown(ask: Tool) -> None:
    answer = ask(text="さみしい", role="resident")
    places = [answer["reply"].index(entry["title"]) for entry in answer["entries"]]

    assert places == sorted(places)


def test_entries_behind_choices_are_entries_too(ask: Tool) -> None:
    answer = ask(text="要領の3", role="member")

    assert answer["status"] == "clarify_choice"
    assert [entry["id"] for entry in answer["entries"]] == [c["id"] for c in answer["choices"]]
    assert answer["choices"][0]["label"] in answer["reply"]


def test_a_person_in_danger_is_told_of_in_the_answer(ask: Tool) -> None:
    first = ask(text="死にたい", conversation="c1")
    second = ask(text="こんにちは", conversation="c1")
    other = ask(text="こんにちは", conversation="c2")

    assert (first["status"], first["crisis"]) == ("crisis_signposted", True)
    assert (second["status"], second["crisis"]) == ("smalltalk", True)
    assert other["crisis"] is False


def test_what_was_understood_is_told_in_plain_values(ask: Tool) -> None:
    assert ask(text="山梨県は何を調査しますか")["slots"]["prefectures"] == ["山梨県"]


def test_the_same_name_continues_a_conversation(ask: Tool) -> None:
    ask(text="山梨県は何を調査しますか", conversation="c1", role="member")
    answer = ask(text="じゃあ岐阜は？", conversation="c1", role="member")

    assert [entry["id"] for entry in answer["entries"]] == ["program/gifu"]


@pytest.mark.parametrize("name", [None, ""])
def test_requests_without_a_name_are_strangers(ask: Tool, name: str | None) -> None:
    ask(text="死にたい", conversation=name)

    assert ask(text="こんにちは", conversation=name)["crisis"] is False


def test_the_clock_is_the_requests(ask: Tool) -> None:
    """いのちの電話 takes calls from ten to twenty-two."""
    day = ask(text="いのちの電話", role="resident", at="2026-11-20T11:00:00+09:00")["entries"]
    night = ask(text="いのちの電話", role="resident", at=EVENING)["entries"]
    states = [{entry["id"]: entry["open_now"] for entry in found} for found in (day, night)]

    assert states[0]["window/inochi-navi"] is True
    assert states[1]["window/inochi-navi"] is False


def test_a_clock_elsewhere_is_the_same_moment(ask: Tool) -> None:
    japan = ask(text="さみしい", role="resident", at=EVENING)
    london = ask(text="さみしい", role="resident", at="2026-11-20T14:30:00Z")

    assert japan["entries"] == london["entries"]


def test_a_choice_can_be_taken(ask: Tool) -> None:
    first = ask(text="こんにちは", conversation="c1")
    second = ask(text="", choice=first["choices"][1]["id"], conversation="c1")

    assert second["status"] == "clarify_choice"
    assert "guideline/2-2" in [choice["id"] for choice in second["choices"]]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("NPOに委託できますか", Status.ANSWERED),
        ("9(2)", Status.CLARIFY_CHOICE),
        ("補助率は何割ですか", Status.UNANSWERED_OUT_OF_SCOPE),
        ("", Status.CLARIFY_CHOICE),
        ("あ" * 1001, Status.BLOCKED_TOO_LONG),
    ],
)
def test_an_answer_ends_in_one_status(ask: Tool, text: str, status: Status) -> None:
    assert ask(text=text, role="member")["status"] == status.value


def test_japanese_stays_readable_and_on_one_line(ask: Tool) -> None:
    told = dumps(ask(text="さみしい", role="resident"))

    assert "いま受付中" in told
    assert "\n" not in told
