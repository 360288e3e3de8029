"""Owners are asked in turn, and answer; what is overdue sinks a little and is marked."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from handlers.answer import Assistant
from handlers.attesting import AttestingDesk, Ownable, Question
from handlers.library import Library
from handlers.messages import Choice, Incoming, Reply
from handlers.ports import NO_CONFIRMATIONS
from handlers.programs import ProgramDesk
from handlers.ranking import Asked
from handlers.windows import WindowDesk
from knowledge.attesting import Answer, Attested, Overdue, Standing
from knowledge.entries import Window
from knowledge.replies import FRAME
from knowledge.vocabulary import Topic
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog
from tests.handlers.made import ask, ids, knowledge_of, library_of, window
from tests.handlers.owned import ATTEST_DAYS, FakeConfirmations, FakeOwners

GIFU = "program/gifu"
LATER = datetime(2027, 8, 2, 8, 30, tzinfo=FRIDAY_MORNING.tzinfo)
"""More than 150 and less than 365 days after every date in the files."""
OLD, OLDER = "window/old", "window/older"
RECENT = Attested(1, yes=LATER.date() - timedelta(days=3))


@pytest.fixture
def owners() -> FakeOwners:
    return FakeOwners()


@pytest.fixture
def two(library: Library) -> Library:
    return library_of(
        library, window("old", assured="2026-11-02"), window("older", assured="2026-11-01")
    )


def asked_today(
    library: Library,
    owners: FakeOwners,
    at: datetime = LATER,
    confirmations: FakeConfirmations | None = None,
) -> list[Question]:
    ownable = Ownable(library.knowledge, library.programs, library.windows)
    desk = AttestingDesk(owners, ownable, library.replies)
    return list(desk.questions(confirmations or FakeConfirmations(), at, ATTEST_DAYS))


# Asking


def test_a_chat_is_asked_about_the_entry_confirmed_longest_ago(
    two: Library, owners: FakeOwners
) -> None:
    for entry in (OLD, OLDER):
        owners.own(entry)
    owners.own(OLD, chat="telegram:8")
    found = [(q.ownership.conversation, q.ownership.entry) for q in asked_today(two, owners)]

    assert found == [("telegram:7", OLDER), ("telegram:8", OLD)]


def test_the_card_is_the_one_people_see(two: Library, owners: FakeOwners) -> None:
    owners.own(OLD)
    (question,) = asked_today(two, owners)
    card = two.windows.card(two.windows.windows[OLD], 1.0, LATER, "ja")

    assert question.reply.cards == (card,)
    assert question.reply.closing == ("番号・受付時間はこのままですか。",)
    assert [choice.label for choice in question.reply.choices] == ["はい", "直す"]
    assert question.confirmed == date(2026, 11, 2)


def test_every_button_is_short_enough_for_telegram(library: Library, owners: FakeOwners) -> None:
    ownable = Ownable(library.knowledge, library.programs, library.windows)
    for entry in ownable.entries:
        owners.own(entry, chat=f"telegram:{entry}")
    choices = [c for q in asked_today(library, owners) for c in q.reply.choices]

    assert len(choices) == 2 * len(ownable.entries)
    assert max(len(choice.id.encode()) for choice in choices) <= 64


def test_nothing_is_asked_before_it_is_due(two: Library, owners: FakeOwners) -> None:
    owners.own(OLD)
    day = FRIDAY_MORNING.replace(year=2027, month=4)

    assert asked_today(two, owners, day.replace(day=1)) == []
    assert len(asked_today(two, owners, day.replace(day=2))) == 1


def test_a_chat_is_asked_about_one_entry_a_day_and_one_a_week(
    two: Library, owners: FakeOwners
) -> None:
    for entry in (OLD, OLDER):
        owners.own(entry)
    asked = []
    for day in range(9):
        at = LATER + timedelta(days=day)
        for _ in range(2):  # as after a restart
            for question in asked_today(two, owners, at):
                owners.asked(question.ownership, question.confirmed, at)
                asked.append((day, question.ownership.entry))

    assert asked == [(0, OLDER), (1, OLD), (7, OLDER), (8, OLD)]


def test_who_confirmed_or_waits_for_staff_is_not_asked(two: Library, owners: FakeOwners) -> None:
    told = {
        OLD: RECENT,
        OLDER: Attested(1, answer=Answer.CHANGE, answered=LATER.date() - timedelta(days=30)),
    }
    for entry in (OLD, OLDER):
        owners.own(entry)

    assert asked_today(two, owners, confirmations=FakeConfirmations(told)) == []


def test_an_entry_that_is_gone_is_asked_about_no_more(two: Library, owners: FakeOwners) -> None:
    owners.own("window/gone")

    assert asked_today(two, owners) == []


def test_programs_are_asked_about_too(library: Library, owners: FakeOwners) -> None:
    owners.own(GIFU)
    (question,) = asked_today(library, owners)

    assert question.reply.cards[0].quote == library.programs.programs[GIFU].text
    assert question.reply.closing == ("取組は、この内容のままですか。",)
    assert question.confirmed == library.knowledge.programs.source.checked


def test_a_program_that_was_never_compared_comes_first(
    library: Library, owners: FakeOwners
) -> None:
    programs = library.knowledge.programs
    undated = programs.model_copy(
        update={"source": programs.source.model_copy(update={"checked": None})}
    )
    knowledge = replace(library.knowledge, programs=undated)
    owners.own("window/yorisoi")
    owners.own(GIFU)
    (question,) = asked_today(replace(library, knowledge=knowledge), owners)

    assert (question.ownership.entry, question.confirmed) == (GIFU, None)


# Answering


@pytest.fixture
def assistant(two: Library, owners: FakeOwners, log: FakeLog) -> Assistant:
    return Assistant(two, log, FakeConversations(), FakeClock(), owners=owners)


@pytest.fixture
def buttons(two: Library, owners: FakeOwners) -> tuple[Choice, ...]:
    owners.own(OLD)
    (question,) = asked_today(two, owners)
    return question.reply.choices


def tap(assistant: Assistant, choice: str, **known: object) -> Reply:
    incoming = Incoming("", "telegram:7", LATER, choice=choice, reachable=True)
    return assistant.answer(replace(incoming, **known))  # type: ignore[arg-type]


def test_yes_confirms(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...]
) -> None:
    reply = tap(assistant, buttons[0].id)

    assert "今日確かめた" in reply.text
    assert owners.said[OLD].yes == LATER.date()


def test_change_is_for_staff_and_takes_no_words(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...], log: FakeLog
) -> None:
    reply = tap(assistant, buttons[1].id)

    assert "ここには書かないで" in reply.text
    assert owners.said[OLD].answer is Answer.CHANGE
    assert log.queries[-1].text is None


def test_an_answer_that_cannot_be_kept_is_not_thanked_for(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...]
) -> None:
    owners.works = False

    assert "残せませんでした" in tap(assistant, buttons[0].id).text


def test_after_the_ownership_ended_buttons_are_stale(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...], library: Library
) -> None:
    owners.leave("telegram:7", LATER)

    assert tap(assistant, buttons[0].id).opening == (library.replies.say("fallback.stale"),)
    assert owners.said == {}


@pytest.mark.parametrize(
    "known",
    [
        {"conversation": "telegram:8"},
        {"conversation": "telegram:-5:7", "reachable": False},
        {"choice": "still:00000000:window/older"},
        {"choice": "still:00000000:window/gone"},
        {"choice": "still:"},
        {"choice": "correct:x:y:z"},
    ],
)
def test_forged_answers_are_stale_and_nothing_is_kept(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...], known: dict
) -> None:
    reply = tap(assistant, **{"choice": buttons[0].id, **known})

    assert reply.opening[0].startswith("この選択肢は古くなりました")
    assert owners.said == {}


def test_an_entry_that_changed_since_is_shown_again(
    assistant: Assistant, owners: FakeOwners, buttons: tuple[Choice, ...]
) -> None:
    reply = tap(assistant, f"still:00000000:{OLD}")

    assert reply.choices == buttons
    assert ids(reply) == [OLD]
    assert owners.said == {}


# What people see


def desk(library: Library, confirmations: FakeConfirmations, *windows: Window) -> WindowDesk:
    return WindowDesk(
        knowledge_of(library, *windows), library.gazetteer, library.replies, confirmations,
        frozenset({"window/always"}),
    )  # fmt: skip


def order(windows: WindowDesk, *topics: Topic) -> list[str]:
    asked = Asked(dict.fromkeys(topics or (Topic.LONELINESS,), 1.0), {})
    return [found.id for _, found in windows.ranked(asked, LATER)]


UNANSWERED = Attested(1, waits=LATER.date() - timedelta(days=20))


def test_among_windows_that_fit_equally_well_confirmed_ones_come_first(library: Library) -> None:
    told = FakeConfirmations({"window/a": UNANSWERED, "window/c": UNANSWERED})
    found = desk(library, told, *(window(slug) for slug in "abcd"))

    assert order(found) == ["window/b", "window/d", "window/a", "window/c"]


@pytest.mark.parametrize(
    "other",
    [
        {"opening_hours": ""},
        {"opening_hours": "Su 10:00-11:00"},
        {"topics": ["mental-health", "loneliness"]},
    ],
)
def test_an_overdue_window_that_fits_better_stays_first(library: Library, other: dict) -> None:
    told = FakeConfirmations({"window/a": UNANSWERED})
    found = desk(library, told, window("b", **other), window("a"))

    assert order(found) == ["window/a", "window/b"]


def test_a_window_near_by_stays_before_one_of_the_whole_country(library: Library) -> None:
    told = FakeConfirmations({"window/a": UNANSWERED})
    found = desk(library, told, window("b"), window("a", area="岐阜県"))
    asked = Asked({Topic.LONELINESS: 1.0}, {}, prefecture="岐阜県")

    assert [one.id for _, one in found.ranked(asked, LATER)] == ["window/a", "window/b"]


def test_windows_shown_in_danger_never_sink_and_are_never_marked(library: Library) -> None:
    told = FakeConfirmations({"window/always": UNANSWERED})
    found = desk(library, told, window("always"), window("b"))
    card = found.card(found.windows["window/always"], 1.0, LATER, "ja")

    assert order(found) == ["window/always", "window/b"]
    assert library.replies.say("card.overdue") not in card.lines


def test_the_windows_of_every_danger_are_such(library: Library) -> None:
    named = library.watch.named

    assert {"window/119", "window/110", "window/189", "window/inochi-sos"} <= named
    assert named <= library.windows.windows.keys()


@pytest.mark.parametrize("language", FRAME)
def test_an_overdue_window_is_marked_in_every_language(library: Library, language: str) -> None:
    found = desk(library, FakeConfirmations({"window/a": UNANSWERED}), window("a"), window("b"))
    line = library.replies.say("card.overdue", language)
    cards = [found.card(one, 1.0, LATER, language) for one in found.windows.values()]

    assert [line in card.lines for card in cards] == [True, False]
    assert len({library.replies.say("card.overdue", each) for each in FRAME}) == len(FRAME)


def test_the_date_line_shows_the_newer_confirmation(library: Library) -> None:
    found = desk(library, FakeConfirmations({"window/a": RECENT}), window("a"))
    card = found.card(found.windows["window/a"], 1.0, LATER, "ja")

    assert card.lines[-1].endswith("（2027-07-30 確認）")


def test_programs_are_marked_and_dated_likewise(library: Library) -> None:
    change = Attested(1, date(2027, 7, 1), Answer.CHANGE, date(2027, 7, 30))
    programs = ProgramDesk(
        library.knowledge, library.replies,
        FakeConfirmations({GIFU: change, "program/overview": change}, LATER.date()),
    )  # fmt: skip
    line = library.replies.say("program.overdue")
    gifu, overview, other = (
        programs.card(programs.programs[f"program/{name}"], 1.0)
        for name in ("gifu", "overview", "nagano")
    )

    assert gifu.lines[-1].endswith("2026-11-21 照合、2027-07-01 担当が確認")
    assert other.lines[-1].endswith("2026-11-21 照合")
    assert [line in card.lines for card in (gifu, overview, other)] == [True, False, False]


def test_where_no_owner_is_kept_only_the_age_of_the_file_counts() -> None:
    day = date(2026, 11, 1)
    year = timedelta(days=365)

    assert NO_CONFIRMATIONS.standing("x", day, day + year) == Standing(day)
    assert NO_CONFIRMATIONS.standing("x", day, day + 2 * year).overdue is Overdue.AGE
    assert NO_CONFIRMATIONS.standing("x", day) == Standing(day)
    assert NO_CONFIRMATIONS.standing("x", None, day) == Standing(None)


def test_a_window_alone_is_shown_however_old_it_is(library: Library) -> None:
    made = library_of(library, window("old", assured="2020-01-01", topics=["consumer"]))
    assistant = Assistant(made, FakeLog(), FakeConversations(), FakeClock())

    assert "window/old" in ids(ask(assistant, "通信販売の契約のトラブル"))
