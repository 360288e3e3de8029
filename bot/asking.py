"""``tsunagari ask``: one question, or one JSON request a line."""

import json
from typing import Any, BinaryIO, Final, TextIO

from pydantic import BaseModel, ValidationError
from rich.console import Console

from bot import explaining
from bot.app import App
from bot.console import show
from bot.contract import Contract, RequestError, dumps
from knowledge.faq_index import FaqIndex

_ASKED: Final = ("text", "role", "prefecture")


def ask_one(
    app: App,
    asked: tuple[str, str | None, str | None],
    out: TextIO,
    *,
    as_json: bool,
    why: bool = False,
) -> bool:
    """Answer one question (text, role, prefecture); False if it was wrong, which is said.

    ``why`` explains the answer as well, and keeps nothing.
    """
    contract = Contract(app.library.gazetteer, app.clock)
    try:
        read = contract.request(json.dumps(dict(zip(_ASKED, asked, strict=True))))
        incoming = contract.incoming(read, 1)
    except RequestError as error:
        said = dumps({"error": str(error)}) if as_json else f"tsunagari ask: {error}"
        out.write(f"{said}\n")
        return False
    console = Console(file=out, highlight=False)
    reply, turn = (
        app.assistant.explain(incoming) if why else (app.assistant.answer(incoming), None)
    )
    if as_json:
        reasons = {"why": explaining.as_json(reply, turn)} if turn else {}
        out.write(dumps({**contract.answer(read, reply), **reasons}) + "\n")
        return True
    show(console, reply)
    if turn:
        explaining.show_reasons(console, app.library.replies, reply, turn)
    return True


def find_many(index: FaqIndex, lines: BinaryIO, out: TextIO, limit: int) -> None:
    """Answer each line (a text) with the best rows of a FAQ: ``{"entries": [{id, score}]}``."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            text = _Sought.model_validate_json(line).text
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            answer: dict[str, Any] = {"error": problems[0]["msg"], "line": number}
        else:
            found = index.search(text, limit)
            answer = {"entries": [{"id": match.id, "score": match.score} for match in found]}
        out.write(dumps(answer) + "\n")
        out.flush()


class _Sought(BaseModel):
    """One question to a FAQ; other fields are not read."""

    text: str


def ask_many(app: App, lines: BinaryIO, out: TextIO) -> None:
    """Answer each line with one line; a wrong line gets an error that names it, and on it goes."""
    contract = Contract(app.library.gazetteer, app.clock)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answer = _answer(app, contract, line, number)
        except (RequestError, UnicodeDecodeError) as error:
            why = str(error) if isinstance(error, RequestError) else "not UTF-8"
            answer = {"error": why, "line": number}
        out.write(dumps(answer) + "\n")
        out.flush()


def _answer(app: App, contract: Contract, line: bytes, number: int) -> dict[str, Any]:
    request = contract.request(line.decode("utf-8-sig"))
    return contract.answer(request, app.assistant.answer(contract.incoming(request, number)))
