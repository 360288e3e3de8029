"""Writes docs/conversations.md and docs/window-cards.md from what the assistant really says.

Run ``python -m tests.conversations``. A test compares both files with what would be written.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from handlers.answer import Assistant
from handlers.library import Library, open_library
from handlers.messages import Card, Choice, Incoming, Reply, Role
from knowledge.entries import NATIONWIDE, Window
from knowledge.load import read_yaml
from tests.fakes import TOKYO, FakeClock, FakeConversations, FakeLog

ROOT: Final = Path(__file__).parents[1]
SCRIPTS: Final = ROOT / "tests" / "data" / "conversations.yaml"
MEMBERS: Final = ROOT / "tests" / "data" / "conversations_members.yaml"
CONVERSATIONS: Final = ROOT / "docs" / "conversations.md"
CARDS: Final = ROOT / "docs" / "window-cards.md"
OFFICE_HOURS: Final = "2026-11-20T11:00:00+09:00"
"""When organizations and officers ask."""
WHO: Final = {"member": "、構成団体の人", "staff": "、県の職員"}
SHORT: Final = 3
"""Lines shown of every card but the first of a reply."""

MOMENTS: Final = {
    "平日の昼（11月25日 水曜 12:00）": datetime(2026, 11, 25, 12, tzinfo=TOKYO),
    "日曜の午前3時（11月29日）": datetime(2026, 11, 29, 3, tzinfo=TOKYO),
    "1月2日（土曜 12:00）": datetime(2027, 1, 2, 12, tzinfo=TOKYO),
}

_CONVERSATIONS_HEAD: Final = """\
# 会話の見本

`tests/data/conversations.yaml`（住民）と
`tests/data/conversations_members.yaml`（構成団体と職員）の会話を、ほんとうのつながりに話して作りました。手では直しません。
作り直す：`python -m tests.conversations`（中身が古くなると、ためしが知らせます）。
窓口の記録は、一つの答えの二つ目から、はじめの三行だけを写しています。［ ］はボタンです。
"""
_CARDS_HEAD: Final = """\
# 全国の窓口の見え方

このページは、公開している全国の窓口の記録から作ったものです。手では直しません。
作り直す：`python -m tests.conversations`（中身が古くなると、ためしが知らせます）。
受付の行は、三つのときにどう見えるかを並べています。
"""


def main() -> None:
    """Write both documents."""
    library = open_library()
    CONVERSATIONS.write_text(conversations(library), encoding="utf-8")
    CARDS.write_text(cards(library), encoding="utf-8")


# Conversations


def conversations(library: Library) -> str:
    """All conversations: those of residents, then those of organizations and officers."""
    scripts = [*read_yaml(SCRIPTS).data["conversations"], *_of_members()]
    told = (_conversation(library, n, script) for n, script in enumerate(scripts, start=1))
    return "\n".join([_CONVERSATIONS_HEAD, *told])


def _of_members() -> Iterator[dict[str, Any]]:
    for situation in read_yaml(MEMBERS).data:
        turns = [{"says": text} for text in situation["turns"]]
        yield {"title": situation["name"], "at": OFFICE_HOURS, **situation, "turns": turns}


def _conversation(library: Library, number: int, script: dict[str, Any]) -> str:
    assistant = Assistant(library, FakeLog(), FakeConversations(), FakeClock())
    at = datetime.fromisoformat(script["at"])
    when = f"{at:%Y-%m-%d %H:%M}{WHO.get(script.get('role', ''), '')}"
    lines = [f"## {number}. {script['title']}", "", when, ""]
    buttons: dict[str, str] = {}
    for turn in script["turns"]:
        at = datetime.fromisoformat(turn["at"]) if "at" in turn else at
        tapped = turn.get("taps")
        incoming = Incoming(
            text=turn.get("says", ""),
            conversation="docs:1",
            at=at,
            channel="docs",
            role=Role(script["role"]) if "role" in script else None,
            language=script.get("language"),
            choice=buttons[tapped] if tapped else None,
        )
        reply = assistant.answer(incoming)
        buttons = {choice.label: choice.id for choice in reply.choices}
        lines += [f"**▶ {_button(tapped) if tapped else turn['says']}**", "", *_reply(reply), ""]
    return "\n".join(lines)


def _reply(reply: Reply) -> Iterator[str]:
    paragraphs = [
        *reply.opening,
        *(_card(card, whole=n == 0) for n, card in enumerate(reply.cards)),
        *reply.closing,
        *([_buttons(reply.choices)] if reply.choices else []),
    ]
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ">"
        lines = paragraph.split("\n")
        yield from (f"> {line}  " for line in lines[:-1])
        yield f"> {lines[-1]}"


def _card(card: Card, *, whole: bool) -> str:
    lines = card.lines if whole else (*card.lines[:SHORT], "…")
    return "\n".join([f"**{card.title}**", *([card.quote] if card.quote else []), *lines])


def _buttons(choices: tuple[Choice, ...]) -> str:
    return " ".join(_button(choice.label) for choice in choices)


def _button(label: str) -> str:
    return f"［{label}］"


# Cards


def cards(library: Library) -> str:
    """The card of every national window, at three moments."""
    windows = (w for w in library.knowledge.windows if w.area == NATIONWIDE)
    return "\n".join([_CARDS_HEAD, *(_window(library, window) for window in windows)])


def _window(library: Library, window: Window) -> str:
    written = [library.windows.card(window, 1.0, at, "ja") for at in MOMENTS.values()]
    # The line of the hours stands behind the ways to reach the window.
    place = len(window.contacts) or 1 + bool(window.url)
    lines = list(written[0].lines)
    del lines[place]
    hours = [card.lines[place] for card in written]
    return "\n".join(
        [
            f"## {written[0].title}",
            "",
            *(f"{line}  " for line in lines),
            "",
            f"| {' | '.join(MOMENTS)} |",
            f"|{'---|' * len(MOMENTS)}",
            f"| {' | '.join(hours)} |",
            "",
        ]
    )


if __name__ == "__main__":
    main()
