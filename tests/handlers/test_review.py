"""Staff review what could not be answered, one group after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from handlers.answer import Assistant
from handlers.gaps import Group, NoQueue, Question
from handlers.library import Library
from handlers.messages import Incoming, Reply, Role
from handlers.review import COVERED
from handlers.staff import GroupState, Resolution
from knowledge.entries import Clause, Program, Window
from knowledge.typed import read_entry
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog

ASKED = ("交通費は委託先に払えますか", "委託先の交通費")


def question(text: str | None = None, **values) -> Question:
    usual = {"cause": None, "about": None, "topics": (), "prefectures": (), "language": "ja"}
    return Question(**{"id": 1, "at": FRIDAY_MORNING, "text": text, **usual, **values})


def group(number: int = 1, *questions: Question, **values) -> Group:
    usual = {
        "window": None, "state": GroupState.OPEN, "claimed_by": None, "resolution": None,
        "entry": None, "changed": None, "people": 3, "rank": 1.0,
        "first": FRIDAY_MORNING, "last": FRIDAY_MORNING,
    }  # fmt: skip
    return Group(**{**usual, "id": number, "questions": questions, **values})


@dataclass
class FakeQueue:
    """Groups in a list; remembers what was done."""

    kept: list[Group] = field(default_factory=list)
    done: list[tuple[object, ...]] = field(default_factory=list)
    refuses: bool = False
    keeps_drafts: bool = True

    def groups(self, officer: str) -> Sequence[Group]:
        del officer
        return list(self.kept)

    def wordings(self, group: int) -> Sequence[str]:
        return ASKED if group == 1 else ("名簿の様式",)

    def claim(self, group: int, officer: str) -> bool:
        return not self.refuses and self._do(group, GroupState.CLAIMED, "claim", group, officer)

    def release(self, group: int, officer: str) -> bool:
        return not self.refuses and self._do(group, GroupState.OPEN, "release", group, officer)

    def resolve(
        self, group: int, officer: str, resolution: Resolution, entry: str | None = None
    ) -> bool:
        return not self.refuses and self._do(
            group, GroupState.RESOLVED, "resolve", group, officer, resolution.value, entry
        )

    def draft(
        self, group: int, officer: str, entry: Clause | Program | Window, base: str
    ) -> int | None:
        self.done.append(("draft", group, officer, entry, base))
        return 12 if self.keeps_drafts else None

    def _do(self, group: int, state: GroupState, *deed: object) -> bool:
        self.done.append(deed)
        self.kept = [
            replace(one, state=state) if one.id == group else one
            for one in self.kept
            if one.id != group or state is not GroupState.RESOLVED
        ]
        return True


@pytest.fixture
def queue() -> FakeQueue:
    first = group(1, question(ASKED[0], topics=("work",), prefectures=("岐阜県",)), question(None))
    return FakeQueue([first, group(2, question(None), people=1)])


@pytest.fixture
def tap(library: Library, queue: FakeQueue):
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock(), queue=queue)

    def tapped(choice: str = "review", role: str | None = "staff", *, private: bool = True):
        who = Role(role) if role else None
        incoming = Incoming("", "telegram:1", FRIDAY_MORNING, choice=choice, role=who)
        return assistant.answer(replace(incoming, reachable=private))

    return tapped


def button(reply: Reply, prefix: str) -> str:
    return next(choice.id for choice in reply.choices if choice.id.startswith(prefix))


def said(library: Library, key: str, **values: str) -> str:
    return library.replies.say(f"review.{key}", **values)


def test_the_largest_gap_comes_first_with_what_may_be_read(tap, library) -> None:
    reply = tap()

    assert reply.opening[0].startswith("群1：3人")
    assert ASKED[0] in reply.opening[1]
    assert said(library, "hidden", count="1") in reply.opening
    assert any("仕事" in line for line in reply.opening)
    assert len([c for c in reply.choices if c.id.startswith(COVERED)]) == 3
    assert all(len(choice.id.encode()) <= 64 for choice in reply.choices)


@pytest.mark.parametrize("role", [None, "member", "resident"])
@pytest.mark.parametrize(
    "choice",
    ["review", "review:covered:1:guideline/2-2", "review:new:1", "review:outside:1",
     "review:none:1", "review:checked:1", "review:later:1", "review:release:1"],
)  # fmt: skip
def test_nobody_else_reviews(tap, queue: FakeQueue, library, role: str, choice: str) -> None:
    reply = tap(choice, role=role)

    assert ASKED[0] not in reply.text
    assert reply.opening in {
        (said(library, "staff_only"),), (library.replies.say("fallback.stale"),),
    }  # fmt: skip
    assert queue.done == []


@pytest.mark.parametrize("choice", ["review", "review:later:1", "review:none:1"])
def test_wordings_are_not_shown_where_others_read_along(tap, queue, choice: str) -> None:
    assert ASKED[0] not in tap(choice, private=False).text
    assert queue.done == []


def test_later_comes_the_next_and_at_the_end_it_is_said(tap, library) -> None:
    second = tap(button(tap(), "review:later:"))
    assert second.opening[0].startswith("群2：1人")

    assert tap(button(second, "review:later:")).opening == (said(library, "end"),)
    assert tap("review:later:x").opening[0].startswith("群1")


def test_an_entry_that_answers_gets_the_readable_wordings_as_a_draft(
    tap, queue: FakeQueue, library
) -> None:
    reply = tap("review:covered:1:guideline/2-2")

    (claimed, (_, number, officer, entry, base)) = queue.done
    assert claimed == ("claim", 1, "telegram:1")
    assert (number, officer) == (1, "telegram:1")
    assert entry.asks == (*library.knowledge.entries["guideline/2-2"].asks, ASKED[0])
    assert base.startswith("id: guideline/2-2")
    assert reply.opening[0] == said(library, "drafted", edit="12", title="２（２）") or (
        "下書き12" in reply.opening[0]
    )
    assert reply.opening[1].startswith("群2")


def test_a_draft_that_could_not_be_kept_is_told(tap, queue: FakeQueue) -> None:
    queue.keeps_drafts = False

    assert "残せませんでした" in tap("review:covered:1:guideline/2-2").opening[0]


def test_where_nothing_may_be_read_the_entry_is_marked_alone(tap, queue: FakeQueue) -> None:
    reply = tap("review:covered:2:window/yorisoi")

    assert queue.done[-1] == ("resolve", 2, "telegram:1", "covered_by", "window/yorisoi")
    assert "よりそいホットライン" in reply.opening[0]


@pytest.mark.parametrize(
    ("choice", "resolution"),
    [
        ("review:wanted:1", "needs_entry"),
        ("review:outside:1", "out_of_scope"),
        ("review:none:1", "not_a_question"),
    ],
)
def test_a_group_is_ended(tap, queue: FakeQueue, library, choice: str, resolution: str) -> None:
    reply = tap(choice)

    assert queue.done == [("resolve", 1, "telegram:1", resolution, None)]
    assert reply.opening[0] == said(library, "done")
    assert reply.opening[1].startswith("群2")


def test_a_new_entry_comes_filled_in_as_a_file_reads_it(tap, queue, tmp_path) -> None:
    reply = tap("review:new:1")

    assert [deed[0] for deed in queue.done] == ["claim", "draft"]
    assert "下書き12" in reply.opening[0]
    entry = read_entry(reply.opening[1], tmp_path / "x.yaml")
    assert isinstance(entry, Window)
    assert (entry.area, entry.topics, entry.asks) == ("岐阜県", ("work",), (ASKED[0],))
    assert entry.status == "draft"
    assert [choice.id for choice in reply.choices] == ["review"]


def test_what_is_not_known_of_a_new_entry_is_left_to_fill_in(tap, tmp_path) -> None:
    entry = read_entry(tap("review:new:2").opening[1], tmp_path / "x.yaml")

    assert isinstance(entry, Window)
    assert (entry.area, entry.topics, entry.asks) == ("全国", ("loneliness",), ())


@pytest.mark.parametrize(
    "choice", ["review:covered:1:guideline/2-2", "review:new:1", "review:outside:1"]
)
def test_what_somebody_else_holds_is_left_to_them(tap, queue, library, choice: str) -> None:
    queue.refuses = True

    assert tap(choice).opening[0] == said(library, "taken")
    assert queue.done == []


@pytest.mark.parametrize(
    "choice",
    ["review:covered:1:guideline/9-9", "review:covered:7:guideline/2-2", "review:new:7",
     "review:outside:x", "review:none:" + "1" * 40, "review:checked:７"],
)  # fmt: skip
def test_a_made_up_button_is_stale(tap, queue, library, choice: str) -> None:
    assert tap(choice).opening == (library.replies.say("fallback.stale"),)
    assert queue.done == []


def test_a_window_with_trouble_is_shown_with_what_was_told(tap, queue, library) -> None:
    told = {"wrong": 2, "reached": 1}
    queue.kept = [group(3, window="window/yorisoi", told=told, last=None)]
    reply = tap()

    assert said(library, "told", wrong="2", reached="1", failed="0") in reply.opening
    assert [card.id for card in reply.cards] == ["window/yorisoi"]
    tap(button(reply, "review:checked:"))
    assert queue.done == [("resolve", 3, "telegram:1", "covered_by", "window/yorisoi")]


def test_a_window_nobody_told_anything_of_any_more_is_shown_too(tap, queue, library) -> None:
    queue.kept = [group(3, window="window/yorisoi")]

    assert said(library, "told", wrong="0", reached="0", failed="0") in tap().opening


def test_when_nothing_waits_it_is_said(tap, queue: FakeQueue, library) -> None:
    queue.kept = []

    assert tap().opening == (said(library, "nothing"),)


def test_what_an_officer_holds_can_be_given_back(tap, queue: FakeQueue, library) -> None:
    queue.kept = [group(1, question(None), state=GroupState.CLAIMED)]
    choice = button(tap(), "review:release:")

    assert tap(choice).opening[0] == said(library, "released")
    assert queue.done == [("release", 1, "telegram:1")]
    assert not [c for c in tap().choices if c.id.startswith("review:release:")]
    assert tap("review:release:9").opening == (library.replies.say("fallback.stale"),)
    queue.refuses = True
    assert tap(choice).opening[0] == said(library, "taken")


def test_where_nothing_is_kept_nothing_waits(library: Library) -> None:
    queue = NoQueue()

    assert (queue.groups("x"), queue.wordings(1)) == ((), ())
    assert not queue.claim(1, "x")
    assert not queue.release(1, "x")
    assert not queue.resolve(1, "x", Resolution.OUT_OF_SCOPE)
    assert queue.draft(1, "x", library.knowledge.windows[0], "") is None


def test_who_waited_is_told_the_entry(library: Library) -> None:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    reply = assistant.told("guideline/2-2", "telegram:5", "ja")

    assert reply is not None
    assert reply.opening[0] == library.replies.say("unanswered.told")
    assert [card.id for card in reply.cards] == ["guideline/2-2"]
    assert assistant.told("guideline/9-9", "telegram:5", "ja") is None
