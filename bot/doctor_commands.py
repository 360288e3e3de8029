"""``tsunagari doctor``: what is in order, what is not, and what to do about it."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.operation.doctor import Check, Line
    from bot.settings import Settings
    from knowledge.replies import Replies


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    language: Annotated[str, typer.Option(help="ja or en.")] = "ja",
) -> None:
    """Look at all that serving needs: one line each; exit status 1 if anything is bad."""
    from bot.operation.doctor import Level, bad, examine
    from bot.settings import SettingsError, load_settings
    from knowledge.load import DATA
    from knowledge.replies import load_replies

    try:
        settings = load_settings()
    except SettingsError as error:
        found = [bad("settings", "wrong", name=error.setting)]
    else:
        found = list(examine(_checks(settings)))
    replies = load_replies(DATA)  # the program's own: those of the settings may be broken
    if as_json:
        typer.echo(json.dumps(_plain(found, replies, language), ensure_ascii=False, indent=2))
    else:
        for line in found:
            typer.echo(_told(line, replies, language))
        typer.echo(_summary(found, replies, language))
    raise typer.Exit(1 if any(line.level is Level.BAD for line in found) else 0)


def _checks(settings: "Settings") -> "Iterable[Check]":
    from bot.clock import SystemClock
    from bot.operation import doctor_database, doctor_machine, doctor_telegram
    from bot.settings import ENV_FILE

    clock = SystemClock()
    return (
        lambda: doctor_machine.settings_line(settings),
        lambda: doctor_telegram.telegram(settings, clock.now),
        lambda: doctor_machine.disk(settings),
        lambda: doctor_machine.permissions(settings, ENV_FILE),
        lambda: doctor_database.database(settings, clock.now()),
        lambda: doctor_machine.knowledge(settings, clock.now().date()),
        doctor_machine.vectors,
        lambda: doctor_machine.cache(settings),
    )


def _told(line: "Line", replies: "Replies", language: str) -> str:
    mark = replies.say(f"doctor.level.{line.level}", language)
    remedy = line.remedy(replies, language)
    title = replies.say(f"doctor.{line.check}", language)
    after = f"\n      → {remedy}" if remedy else ""
    return f"{mark}  {title}: {line.what(replies, language)}{after}"


def _summary(found: "list[Line]", replies: "Replies", language: str) -> str:
    from bot.operation.doctor import Level

    counts = {level.value: str(sum(line.level is level for line in found)) for level in Level}
    return replies.say("doctor.summary", language, **counts)


def _plain(found: "list[Line]", replies: "Replies", language: str) -> dict[str, object]:
    from bot.operation.doctor import Level

    lines = [
        {
            "check": line.check,
            "level": line.level.value,
            "result": line.result,
            "what": line.what(replies, language),
            "remedy": line.remedy(replies, language),
        }
        for line in found
    ]
    return {"sound": all(line.level is not Level.BAD for line in found), "lines": lines}
