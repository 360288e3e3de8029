"""What a person can do about a question that was not answered."""

from datetime import timedelta

import pytest

from handlers.library import Library
from handlers.messages import Reply
from handlers.ports import Asked, Cause
from handlers.unanswered import FOLLOW_LASTS
from tests.fakes import FRIDAY_MORNING, FakeLog
from tests.handlers.made import ask, assistant_of

NONSENSE = "ぬるぽがっ、もげもげ"
RULE = "２（２）"
MOMENT = "19a9ef4b4c0"


def button(reply: Reply, prefix: str) -> str:
    return next(choice.id for choice in reply.choices if choice.id.startswith(prefix))


def prefixes(reply: Reply) -> set[str]:
    return {choice.id.partition(":")[0] for choice in reply.choices}


@pytest.fixture
def assistant(library: Library, log: FakeLog):
    return assistant_of(library, log)


def test_who_gets_no_answer_may_show_the_question_and_be_told_later(assistant, library) -> None:
    reply = ask(assistant, NONSENSE, reachable=True)

    assert {"permit", "follow"} <= prefixes(reply)
    assert library.replies.say("unanswered.offer") in reply.closing


def test_who_cannot_be_reached_later_is_not_promised_an_answer(assistant) -> None:
    assert "follow" not in prefixes(ask(assistant, NONSENSE))


def test_where_nothing_is_kept_nothing_is_promised(library) -> None:
    log = FakeLog(keeps=False)
    reply = ask(assistant_of(library, log), NONSENSE, reachable=True)

    assert not {"permit", "follow", "not_it"} & prefixes(reply)


@pytest.mark.parametrize("text", ["死にたい", "もう疲れた。消えてしまいたい"])
def test_in_danger_nothing_of_it_is_offered(assistant, text: str) -> None:
    assert not {"permit", "follow", "not_it"} & prefixes(ask(assistant, text, reachable=True))
    later = ask(assistant, NONSENSE, reachable=True)
    assert not {"permit", "follow", "not_it"} & prefixes(later)


def test_permitting_names_the_question_by_its_moment(assistant, log: FakeLog, library) -> None:
    tapped = ask(assistant, "", choice=button(ask(assistant, NONSENSE), "permit:"))

    assert log.wishes == [("permit", Asked("test:1", FRIDAY_MORNING))]
    assert tapped.opening == (library.replies.say("unanswered.permitted"),)


def test_following_lasts_thirty_days_and_can_be_ended(assistant, log: FakeLog) -> None:
    reply = ask(assistant, NONSENSE, reachable=True)
    followed = ask(assistant, "", choice=button(reply, "follow:"), reachable=True)
    ended = ask(assistant, "", choice=button(followed, "unfollow:"), reachable=True)

    asked, until = Asked("test:1", FRIDAY_MORNING), FRIDAY_MORNING + FOLLOW_LASTS
    assert log.wishes == [("follow", asked, "ja", until), ("unfollow", asked)]
    assert "2026-12-20" in followed.opening[0]
    assert ended.status == "smalltalk"


def test_following_without_being_reachable_is_refused(assistant, log: FakeLog) -> None:
    reply = ask(assistant, NONSENSE, reachable=True)
    ask(assistant, "", choice=button(reply, "follow:"))

    assert log.wishes == []


@pytest.mark.parametrize(
    "moment",
    ["", "x", "zz", "-1", "+1", "1_0", "f" * 12, "f" * 13, "f" * 40, "１", "ﾟ", "1 "],
)
@pytest.mark.parametrize("prefix", ["permit:", "follow:", "unfollow:", "not_it:"])
def test_a_made_up_button_is_stale(
    assistant, log: FakeLog, library, prefix: str, moment: str
) -> None:
    reply = ask(assistant, "", choice=prefix + moment, reachable=True)

    assert reply.opening == (library.replies.say("fallback.stale"),)
    assert log.wishes == []


def test_an_answer_that_is_none_is_logged_with_its_wording(assistant, log: FakeLog) -> None:
    reply = ask(assistant, f"{RULE} 090-1234-5678", role="member")
    later = {"at": FRIDAY_MORNING + timedelta(minutes=1), "role": "member"}
    told = ask(assistant, "", choice=button(reply, "not_it:"), **later)

    assert told.status == "unanswered_no_match"
    assert log.queries[-1].text == f"{RULE} [phone]"
    assert (log.queries[-1].cause, log.queries[-1].about) == (Cause.DISLIKED, "guideline/2-2")
    assert button(told, "permit:") != button(reply, "not_it:").replace("not_it", "permit")


def test_an_answer_is_disliked_once(assistant, log: FakeLog, library) -> None:
    choice = button(ask(assistant, RULE, role="member"), "not_it:")
    ask(assistant, "", choice=choice)
    again = ask(assistant, "", choice=choice)

    assert again.opening == (library.replies.say("fallback.stale"),)
    assert [query.text for query in log.queries] == [None, RULE, None]


def test_an_older_answer_cannot_be_disliked_in_the_name_of_a_newer_one(assistant, library) -> None:
    choice = button(ask(assistant, RULE, role="member"), "not_it:")
    ask(assistant, "３（１）", role="member", at=FRIDAY_MORNING + timedelta(minutes=1))

    assert ask(assistant, "", choice=choice).opening == (library.replies.say("fallback.stale"),)


def test_what_was_chosen_can_be_disliked_too(library: Library, log: FakeLog) -> None:
    assistant = assistant_of(library, log)
    ask(assistant, RULE, role="member")
    reply = ask(assistant, "", choice="guideline/3-1", role="member")
    ask(assistant, "", choice=button(reply, "not_it:"), role="member")

    assert (log.queries[-1].text, log.queries[-1].about) == (RULE, "guideline/3-1")


def test_from_a_menu_there_is_no_wording_to_keep(assistant) -> None:
    assert "not_it" not in prefixes(ask(assistant, "", choice="guideline/3-1", role="member"))


def test_none_of_these_without_anything_offered_is_not_about_an_older_question(
    assistant, log: FakeLog
) -> None:
    ask(assistant, RULE, role="member")
    reply = ask(assistant, "", choice="none", role="member")

    assert (log.queries[-1].text, log.queries[-1].cause) == (None, None)
    assert "permit" not in prefixes(reply)


def test_the_version_of_the_knowledge_is_logged(library: Library, log: FakeLog) -> None:
    ask(assistant_of(library, log), RULE)

    assert log.queries[0].knowledge == library.version
    assert len(library.version) == 12


def test_clearing_the_screen_ends_the_wait_too(assistant, log: FakeLog) -> None:
    ask(assistant, NONSENSE, reachable=True)
    ask(assistant, "消す")

    assert ("hush", "test:1") in log.wishes


def test_who_waited_for_a_delicate_answer_reads_the_neutral_line_first(library, log) -> None:
    reply = assistant_of(library, log).told("window/dv-plus", "test:1", "ja")

    assert reply is not None
    assert reply.opening[:2] == (
        library.replies.say("safe.first_line"), library.replies.say("unanswered.told"),
    )  # fmt: skip
