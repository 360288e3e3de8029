"""Windows, desks, libraries and assistants made for one test; pieces that break on purpose."""

from dataclasses import dataclass, replace

from handlers.answer import Assistant
from handlers.crisis import Danger, DangerKind
from handlers.library import Library, document
from handlers.messages import Incoming, Reply
from handlers.windows import WindowDesk
from knowledge.entries import Window
from knowledge.load import Knowledge
from knowledge.search import Index
from tests.fakes import FRIDAY_MORNING, FakeClock, FakeConversations, FakeLog

SECRET = "やまだはなこ"
"""What a person wrote; no log line may hold it."""

FACTS = {
    "status": "published",
    "name": "はなそうダイヤル",
    "operator": "例の団体",
    "topics": ["loneliness"],
    "area": "全国",
    "contacts": [{"kind": "phone", "value": "0120-000-000"}],
    "url": "https://www.example.jp/",
    "opening_hours": "24/7",
    "holidays": "open",
    "cost": "free",
    "assured": "2026-11-01",
    "assured_by": "試験",
    "confidence": "high",
    "sources": [{"title": "見本"}],
}


def window(slug: str = "hanasou", **changes: object) -> Window:
    """A national window for loneliness, free, open round the clock, with these changes."""
    return Window.model_validate({"id": f"window/{slug}", **FACTS, **changes})


def contact(kind: str, value: str = "x", label: str = "") -> dict[str, str]:
    return {"kind": kind, "value": value, "label": label}


def knowledge_of(library: Library, *windows: Window) -> Knowledge:
    return replace(library.knowledge, windows=windows)


def desk_of(library: Library, *windows: Window) -> WindowDesk:
    return WindowDesk(knowledge_of(library, *windows), library.gazetteer, library.replies)


def library_of(library: Library, *windows: Window) -> Library:
    """The library with these windows instead of its own, and those every failure shows."""
    always = [library.windows.windows[i] for i in ("window/yorisoi", "window/anatanoibasho")]
    knowledge = knowledge_of(library, *always, *windows)
    return replace(
        library,
        knowledge=knowledge,
        index=Index(map(document, knowledge.entries.values()), library.lexicon.synonyms),
        windows=WindowDesk(knowledge, library.gazetteer, library.replies),
    )


def ids(reply: Reply) -> list[str]:
    return [card.id for card in reply.cards]


def assistant_of(library: Library, log: FakeLog | None = None) -> Assistant:
    return Assistant(library, log or FakeLog(), FakeConversations(), FakeClock())


def ask(assistant: Assistant, text: str, **known: object) -> Reply:
    """Say something at FRIDAY_MORNING, if not at another time."""
    return assistant.answer(Incoming(text, "test:1", **{"at": FRIDAY_MORNING, **known}))  # type: ignore[arg-type]


class Broken:
    """A piece of the library that raises whatever is asked of it, quoting the person."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(SECRET)


def broken(*_: object, **__: object) -> object:
    """A method that raises, quoting the person."""
    raise RuntimeError(SECRET)


@dataclass(frozen=True)
class Watch:
    """Notices the same in every message."""

    danger: Danger | None

    def notice(self, text: str) -> Danger | None:
        return self.danger if text else None


def danger(kind: DangerKind = DangerKind.SUICIDE, *windows: str, soft: bool = False) -> Danger:
    return Danger(kind, soft, windows or ("window/inochi-sos", "window/119"))
