"""The first page: what there is to do."""

from collections import Counter

from starlette.responses import Response

from bot.store.edits import read_edits
from bot.store.groups import read_groups
from bot.web.checks import due
from bot.web.desk import Call
from bot.web.groups import group_questions
from handlers.staff import EditState, GroupState


def show_overview(call: Call) -> Response:
    """Counts of groups, drafts and checks, each leading to its list."""
    group_questions(call)
    states = Counter(group.state for group in read_groups(call.db, call.now))
    return call.draw(
        "overview.html",
        open=states[GroupState.OPEN],
        claimed=states[GroupState.CLAIMED],
        drafts=len(read_edits(call.db, [EditState.DRAFT])),
        due=len(due(call.library.knowledge.windows, call.now.date())),
    )
