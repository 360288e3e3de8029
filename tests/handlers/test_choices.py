"""The buttons: what they say, what comes back, and that every one leads somewhere."""

import pytest

from handlers import choices as ids
from handlers.choices import FIRST_TOPICS, Choices
from handlers.library import Library
from handlers.messages import Card, Choice
from knowledge.vocabulary import Kind, Topic
from tests.conftest import Say

LONGEST = 64
"""Bytes of callback data on Telegram."""
WINDOWS = ("window/119", "window/yorisoi")
REGIONS = ("北海道", "東北", "関東", "中部", "近畿", "中国", "四国", "九州・沖縄")


@pytest.fixture
def choices(library: Library) -> Choices:
    return Choices(library.replies, library.gazetteer)


def every(choices: Choices) -> list[Choice]:
    prefectures = [p for region in REGIONS for p in choices.within(region)]
    return [
        *choices.start("ja"),
        *choices.topics("ja", Topic),
        *choices.place("ja"),
        choices.none("ja"),
        *choices.place_kept("ja")[1:],
        *choices.languages(),
        *(choices.to_say(topic, "ja") for topic in Topic),
        *(choice for window in WINDOWS for choice in choices.outcomes(window, "ja")),
        *choices.about((window, window) for window in WINDOWS),
        *choices.regions(ids.REGION),
        *choices.regions(ids.PROGRAM_REGION),
        *choices.homes(prefectures),
    ]


def test_three_large_buttons_open_the_conversation(choices: Choices) -> None:
    assert choices.start("ja") == (
        Choice("start:windows", "相談先をさがす"),
        Choice("start:rules", "実施要領を調べる"),
        Choice("start:programs", "県の取組を見る"),
    )


def test_a_person_who_reads_english_gets_english_buttons(choices: Choices) -> None:
    assert choices.start("en")[0].label == "Find someone to talk to"
    assert choices.none("en").label == "None of these"


def test_a_person_whose_language_we_lack_gets_english_buttons(choices: Choices) -> None:
    assert choices.start("ko") == choices.start("en")


def test_loneliness_is_the_first_trouble_offered(choices: Choices) -> None:
    offered = [choice.id for choice in choices.topics("ja")]

    assert offered == [f"topic:{topic}" for topic in FIRST_TOPICS]
    assert offered[0] == "topic:loneliness"


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_trouble_has_a_button(choices: Choices, topic: Topic, language: str) -> None:
    (choice,) = choices.topics(language, [topic])

    assert choice.label
    assert choice.label != topic.value


def test_the_47_prefectures_stand_in_eight_regions(choices: Choices) -> None:
    regions = choices.regions(ids.REGION)

    assert tuple(choice.label for choice in regions) == REGIONS
    assert sum(len(choices.within(choice.label)) for choice in regions) == 47


def test_a_region_nobody_knows_has_no_prefectures(choices: Choices) -> None:
    assert choices.within("火星") == ()


def test_homes_are_shown_by_name_and_come_back_by_id(choices: Choices) -> None:
    homes = choices.homes(choices.within("四国"))

    assert homes[0] == Choice("home:tokushima", "徳島県")
    assert [home.label for home in homes] == ["徳島県", "香川県", "愛媛県", "高知県"]


def test_the_button_of_an_entry_is_its_title(choices: Choices) -> None:
    card = Card("guideline/2-2", Kind.CLAUSE, "２（２） 委託", 0.4)

    assert choices.entries([card]) == (Choice("guideline/2-2", "２（２） 委託"),)


def test_every_id_fits_a_telegram_button(choices: Choices, library: Library) -> None:
    every_id = [choice.id for choice in every(choices)] + list(library.knowledge.entries)

    assert [i for i in every_id if len(i.encode()) > LONGEST] == []


def test_no_two_buttons_come_back_alike(choices: Choices) -> None:
    every_id = [choice.id for choice in every(choices)]

    assert len(every_id) == len(set(every_id))


def test_every_button_leads_somewhere(choices: Choices, say: Say, library: Library) -> None:
    stale = library.replies.say("fallback.stale")
    lost = [c.id for c in every(choices) if stale in say(choice=c.id).text]

    assert lost == []


def test_every_button_a_reply_shows_leads_somewhere(say: Say, library: Library) -> None:
    stale = library.replies.say("fallback.stale")
    texts = (
        "。",
        "さみしい",
        "9(2)",
        "要領の3",
        "明日の天気は",
        "府中で相談したい",
        "死にたい",
        "/lang",
    )
    lost = {
        choice.id
        for text in texts
        for choice in say(text, "resident", conversation=text).choices
        if stale in say(choice=choice.id, conversation=text).text
    }

    assert lost == set()
