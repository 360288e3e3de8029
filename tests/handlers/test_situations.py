"""Twenty situations of members and staff: what they are shown first, turn after turn."""

from pathlib import Path

import pytest
import yaml

from handlers.answer import Assistant
from handlers.library import Library
from handlers.messages import Incoming, Role
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog

FILE = Path(__file__).parents[1] / "data" / "conversations_members.yaml"
SITUATIONS = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)

FIRST = {
    "NPOが県の仕事を受けたい": ["guideline/2-2", "guideline/2-3"],
    "ほかの省の補助金と重なる": ["guideline/4-3"],
    "お寺が母体の団体": ["guideline/2-2"],
    "随意契約にしたい": ["guideline/2-3"],
    "番号で開く": ["guideline/3-2-7", "guideline/2-4"],
    "ない項を言う": ["clarify_choice"],
    "ほかの年度": ["unanswered_out_of_scope"],
    "補助率をたずねる": ["unanswered_out_of_scope"],
    "取組を一つにしたい": ["guideline/3-2"],
    "方針がまだない": ["guideline/3-2-1"],
    "会議を増やしたくない": ["guideline/4-1-3"],
    "役所が仕切る": ["guideline/4-1-1"],
    "県だけで決めた": ["guideline/4-2"],
    "国が見に来る": ["guideline/5-1"],
    "決まりに反したら": ["guideline/5-2"],
    "居場所に助成したい": ["guideline/2-4"],
    "英語でたずねる": ["guideline/2-2"],
    "よその県を見る": ["program/kagawa", "program/yamanashi"],
    "うちの県はない": ["program/none"],
    "二つの県を比べる": ["program/gifu"],
}
"""By situation: the first entry of each turn, or the status where nothing is quoted."""


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation["name"])
def test_a_situation_gets_what_bears_on_it(library: Library, situation: dict) -> None:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    role = Role(situation["role"])
    shown = []
    for turn in situation["turns"]:
        reply = assistant.answer(Incoming(turn, "test:1", FRIDAY_MORNING, role=role))
        quoted = [card.id for card in reply.cards if reply.status.group == "answered"]
        shown.append(quoted[0] if quoted else reply.status.value)

    assert shown == FIRST[situation["name"]]


def test_there_are_twenty_situations() -> None:
    assert {situation["name"] for situation in SITUATIONS} == FIRST.keys()
    assert len(SITUATIONS) == 20
