"""``tsunagari ask``: one question, or one JSON request a line."""

import json
from typing import Any, BinaryIO, Final, TextIO

from rich.console import Console

from bot.app import App
from bot.console import show
from bot.contract import Contract, RequestError, dumps

_ASKED: Final = ("text", "role", "prefecture")


def ask_one(
    app: App, asked: tuple[str, str | None, str | None], out: TextIO, *, as_json: bool
) -> bool:
    """Answer one question (text, role, prefecture); False if it was wrong, which is said."""
    contract = Contract(app.library.gazetteer, app.clock)
    try:
        read = contract.request(json.dumps(dict(zip(_ASKED, asked, strict=True))))
        incoming = contract.incoming(read, 1)
    except RequestError as error:
        out.write(dumps({"error": str(error)}) + "\n")
        return False
    reply = app.assistant.answer(incoming)
    if as_json:
        out.write(dumps(contract.answer(read, reply)) + "\n")
    else:
        show(Console(file=out, highlight=False), reply)
    return True


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
