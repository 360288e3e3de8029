"""A window to fill in, for questions that no entry answers: what is known stands there already."""

from datetime import date
from typing import Final

from handlers.gaps import Group
from knowledge.entries import NATIONWIDE, Contact, Source, Window
from knowledge.replies import Replies
from knowledge.vocabulary import Channel, Publication, Topic

NUMBER: Final = "0000-000-000"
"""Nobody's number: the check refuses a published window that has it."""


def blank_window(replies: Replies, group: Group, today: date) -> Window:
    """A draft with the topics, the place and the readable wordings of a group."""
    fill = replies.say("review.fill")
    known = set(Topic)
    topics = [Topic(t) for q in group.questions for t in q.topics if t in known]
    places = [place for q in group.questions for place in q.prefectures]
    return Window.model_validate(
        {
            "id": f"window/new-{group.id}",
            "status": Publication.DRAFT,
            "name": fill,
            "operator": fill,
            "for": fill,
            "topics": tuple(dict.fromkeys(topics)) or (Topic.LONELINESS,),
            "area": places[0] if places else NATIONWIDE,
            "contacts": (Contact(kind=Channel.PHONE, value=NUMBER),),
            "assured": today,
            "assured_by": fill,
            "confidence": "medium",
            "sources": (Source(title=fill),),
            "asks": group.readable,
        }
    )
