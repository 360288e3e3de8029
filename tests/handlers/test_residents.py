"""People looking for help: windows that fit, in danger help first, and care where it is due."""

from dataclasses import replace

import pytest

from handlers.crisis import DangerKind
from handlers.library import Library
from handlers.messages import Reply, Role
from handlers.ranking import SHOWN
from handlers.residents import CARE, LOCAL_SHOWN
from knowledge.places import Gazetteer
from knowledge.vocabulary import Need, Topic
from tests.conftest import Say
from tests.fakes import FRIDAY_MORNING, FRIDAY_NIGHT
from tests.handlers.made import Watch, ask, assistant_of, contact, danger, ids, library_of, window

AFTERWARDS = {"reached", "failed", "wrong", "another", "say"}
"""What the buttons below windows tell of, or help with."""
PREFECTURES = [prefecture.name for prefecture in Gazetteer().prefectures]


@pytest.fixture
def calm(library: Library) -> Library:
    """Hears no danger in any message."""
    return replace(library, watch=Watch(None))


def taps(reply: Reply) -> list[str]:
    return [choice.id for choice in reply.choices]


# In danger


@pytest.mark.parametrize("kind", DangerKind)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_whatever_the_danger_help_is_named_first(
    library: Library, kind: DangerKind, language: str
) -> None:
    text = {"ja": "たすけて", "en": "please help me now"}[language]
    watching = replace(library, watch=Watch(danger(kind, "window/119", "window/110")))
    reply = ask(assistant_of(watching), text)
    own, general = f"crisis.opening.{kind}", "crisis.opening"
    key = own if own in library.replies.texts else general
    first = library.replies.say("safe.first_line", language)

    assert reply.status == "crisis_signposted"
    assert reply.crisis
    assert [said for said in reply.opening if said != first] == [
        library.replies.say(key, language)
    ]
    assert ids(reply) == ["window/119", "window/110"]
    assert reply.closing[0] == library.replies.say("crisis.closing", language)


def test_in_danger_nothing_is_asked_and_nothing_has_to_be_chosen(say: Say) -> None:
    """The buttons below tell what came of a window; help does not wait for them."""
    reply = say("死にたい")

    assert reply.offered == ()
    assert {choice.id.partition(":")[0] for choice in reply.choices} == AFTERWARDS
    assert len(reply.cards) >= 3


def test_in_danger_somebody_is_there_at_any_hour(say: Say) -> None:
    for at in (FRIDAY_MORNING, FRIDAY_NIGHT):
        assert any(card.always_open for card in say("死にたい", at=at).cards[:2])


def test_in_danger_a_person_in_fukushima_gets_the_number_that_works_there(say: Say) -> None:
    reply = say("死にたい", prefecture="福島県")

    assert "window/yorisoi-tohoku" in ids(reply)
    assert "window/yorisoi" not in ids(reply)


# Soft signs


def test_soft_signs_are_met_with_care_and_without_alarm(library: Library) -> None:
    watching = replace(library, watch=Watch(danger(soft=True)))
    reply = ask(assistant_of(watching), "もう何もかもがつらいです")

    assert reply.status == "answered"
    assert not reply.crisis
    assert reply.opening[0] == library.replies.say("care.opening")
    assert {topic for card in reply.cards for topic in card.topics} & set(CARE)


def test_care_for_somebody_in_a_prefecture_names_it(library: Library) -> None:
    watching = replace(library, watch=Watch(danger(soft=True)))
    reply = ask(assistant_of(watching), "山梨でひとりです。もう何もかもがつらい")

    assert reply.opening[0] == library.replies.say("care.opening")
    assert "山梨県" in reply.opening[1]


# Windows that fit


def test_a_lonely_person_gets_windows_for_loneliness(say: Say) -> None:
    reply = say("さみしい。だれかと話したい", "resident")

    assert reply.status == "answered"
    assert 1 <= len(reply.cards) <= SHOWN
    assert all(Topic.LONELINESS in card.topics for card in reply.cards)


def test_the_first_window_is_the_surest(say: Say) -> None:
    scores = [card.score for card in say("さみしい", "resident").cards]

    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[0] <= 1


def test_who_has_not_said_where_they_live_can_add_it(say: Say, library: Library) -> None:
    reply = say("さみしい", "resident")

    assert taps(reply)[0] == "place"
    assert reply.closing[0] == library.replies.say("windows.closing")


def test_who_has_said_where_they_live_is_not_asked_again(say: Say) -> None:
    assert "place" not in taps(say("山梨でさみしい", "resident"))
    assert "place" not in taps(say("やっぱりさみしい", "resident"))


def test_the_channels_prefecture_is_as_good_as_a_said_one(say: Say) -> None:
    assert "place" not in taps(say("さみしい", "resident", prefecture="山梨県"))


def test_a_said_prefecture_outranks_the_channels(say: Say) -> None:
    reply = say("岐阜でさみしい", "resident", prefecture="山梨県")

    assert {card.prefecture for card in reply.cards} <= {"岐阜県", None}


def test_windows_near_home_are_announced(calm: Library) -> None:
    near = window("near", area="山梨県")
    reply = ask(assistant_of(library_of(calm, near)), "山梨でさみしい")

    assert "window/near" in ids(reply)
    assert reply.opening == (calm.replies.say("windows.opening_place", prefecture="山梨県"),)


def test_where_none_is_known_near_home_it_is_said(calm: Library) -> None:
    far = window("far", area="岐阜県")
    reply = ask(assistant_of(library_of(calm, far)), "山梨でさみしい")

    assert "window/far" not in ids(reply)
    assert reply.opening == (calm.replies.say("windows.no_local", prefecture="山梨県"),)


def test_without_a_place_the_opening_names_none(calm: Library) -> None:
    reply = ask(assistant_of(library_of(calm, window())), "さみしい")

    assert reply.opening == (calm.replies.say("windows.opening"),)


def test_a_need_nobody_meets_is_admitted_and_others_listen(calm: Library) -> None:
    reply = ask(assistant_of(library_of(calm, window())), "さみしい。LINEで相談したい")

    assert reply.slots["needs"] == ["line"]
    assert reply.opening == (calm.replies.say("windows.none"),)
    assert reply.cards


def test_a_need_somebody_meets_is_kept(calm: Library) -> None:
    line = window("line", contacts=[contact("line", "@x")])
    reply = ask(assistant_of(library_of(calm, line, window())), "さみしい。LINEで相談したい")

    assert ids(reply) == ["window/line"]


def test_care_is_said_even_where_a_need_is_not_met(library: Library) -> None:
    watching = replace(library_of(library, window()), watch=Watch(danger(soft=True)))
    reply = ask(assistant_of(watching), "つらい。LINEで相談したい")

    assert reply.opening == (
        library.replies.say("care.opening"),
        library.replies.say("windows.none"),
    )


def test_who_asks_for_a_window_without_saying_why_is_listened_to(calm: Library) -> None:
    """No word tells what it is about: windows that take time for anybody."""
    windows = library_of(calm, window(), window("debt", topics=["debt-legal"]))
    reply = ask(assistant_of(windows), "電話したい")

    assert reply.slots["needs"] == [Need.PHONE]
    assert ids(reply)[:2] == ["window/yorisoi", "window/hanasou"]


def test_english_is_answered_in_english_with_people_who_speak_it(calm: Library) -> None:
    reply = ask(assistant_of(calm), "I feel so lonely, I want to talk to someone in English")

    assert reply.opening == ("These consultation windows seem to fit.",)
    assert all("en" in card.languages for card in reply.cards)
    assert any(line.startswith("Languages: ") for line in reply.cards[0].lines)
    assert reply.choices[0].label == "Also show windows in my prefecture"


def test_a_language_without_sentences_here_is_answered_in_english(calm: Library) -> None:
    reply = ask(assistant_of(calm), "외로워요. 한국어로 상담하고 싶어요", role=Role.RESIDENT)

    assert reply.slots["language"] == "ko"
    assert reply.opening == ("These consultation windows seem to fit.",)


def test_simple_japanese_stays_japanese_on_an_english_phone(say: Say) -> None:
    reply = say("さみしい", "resident", language="en")

    assert reply.closing[0].startswith("いまの受付は")


# The windows of a place


@pytest.mark.parametrize("role", [None, "resident", "member"])
@pytest.mark.parametrize("prefecture", PREFECTURES)
def test_the_windows_of_every_prefecture_can_be_asked_for(
    say: Say, prefecture: str, role: str | None
) -> None:
    reply = say(f"{prefecture}の相談窓口", role)

    assert reply.status == "answered"
    assert len(reply.cards) == SHOWN
    assert reply.cards[0].prefecture == prefecture
    assert {card.prefecture for card in reply.cards} == {prefecture, None}


@pytest.mark.parametrize("text", ["横浜で相談したい", "札幌市 窓口を教えて", "京都、どうしよう"])
def test_a_city_and_a_cry_are_enough(say: Say, text: str) -> None:
    reply = say(text)

    assert reply.status == "answered"
    assert 1 <= sum(card.prefecture is not None for card in reply.cards) <= LOCAL_SHOWN


def test_where_no_window_is_known_national_ones_listen(library: Library) -> None:
    reply = ask(assistant_of(library_of(library, window())), "山梨県の相談窓口")

    assert reply.opening == (library.replies.say("windows.no_local", prefecture="山梨県"),)
    assert {card.area for card in reply.cards} == {"全国"}


@pytest.mark.parametrize("role", [None, "resident", "member"])
def test_a_name_that_two_prefectures_have_is_asked_back_once(
    say: Say, library: Library, role: str | None
) -> None:
    reply = say("府中で相談したい", role)

    assert reply.status == "clarify_prefecture"
    assert reply.opening == (library.replies.say("windows.ambiguous_place"),)
    assert {choice.label for choice in reply.choices} == {"東京都", "広島県"}
    assert say("さみしい", role).status == "answered"


def test_a_trouble_in_a_place_of_two_prefectures_is_asked_back(say: Say) -> None:
    reply = say("府中で一人暮らし、さみしくて話し相手がほしい", "resident")

    assert reply.status in {"clarify_prefecture", "answered"}
    assert {card.prefecture for card in reply.cards} <= {None}


def test_where_the_home_is_known_nothing_is_asked_back(say: Say) -> None:
    reply = say("府中で一人、話し相手がほしい", "resident", prefecture="東京都")

    assert reply.status == "answered"


# What a message is about, and what is asked of the windows


def test_a_need_met_only_elsewhere_is_admitted_and_holds_for_every_window(calm: Library) -> None:
    chat = window("chat", contacts=[contact("webchat")])
    debt = window("debt", topics=["debt-legal"])
    small = library_of(calm, chat, debt)
    reply = ask(assistant_of(small), "借金が返せない。チャットで相談したい", role=Role.RESIDENT)

    assert reply.opening == (calm.replies.say("windows.near"),)
    assert ids(reply)
    assert all("webchat" in card.channels for card in reply.cards)


def test_of_the_trouble_and_not_known_to_be_anonymous_is_better_than_the_reverse(
    calm: Library,
) -> None:
    debt = window("debt", topics=["debt-legal"])
    reply = ask(assistant_of(library_of(calm, debt)), "借金が返せない。匿名で", role=Role.RESIDENT)

    assert ids(reply)[0] == "window/debt"
    assert reply.opening == (calm.replies.say("windows.none"),)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Meu patrão não paga o salário", Topic.WORK),
        ("Mi hijo tiene fiebre y no hablo japonés", Topic.MEDICAL_EMERGENCY),
    ],
)
def test_people_from_abroad_get_windows_in_their_language_and_for_their_trouble(
    say: Say, text: str, topic: Topic
) -> None:
    reply = say(text, "resident")

    assert Topic.FOREIGN_LANGUAGE in reply.cards[0].topics
    assert any(topic in card.topics for card in reply.cards[:3])


def test_while_the_place_is_asked_back_national_windows_are_at_hand(say: Say) -> None:
    reply = say("府中で一人暮らし、さみしくて話し相手がほしい", "resident")

    assert reply.cards
    assert all(card.prefecture is None for card in reply.cards)


@pytest.mark.parametrize("text", ["…", "SOS", "う"])
def test_who_finds_no_words_gets_choices_and_somebody_who_listens(say: Say, text: str) -> None:
    reply = say(text, "resident")

    assert reply.status == "clarify_choice"
    assert reply.choices
    assert [card for card in reply.cards if card.numbers or card.url]
