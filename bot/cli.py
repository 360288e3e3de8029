"""The command line: ``tsunagari chat | ask | serve | console | figures | knowledge | log …``.

Heavy imports happen inside the commands, so that ``--help`` is quick.
"""

import os
import secrets
import sys
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from bot.account_commands import app as account_app
from bot.backup_commands import backup, restore
from bot.doctor_commands import doctor
from bot.figures_commands import figures
from bot.knowledge_commands import app as knowledge_app
from bot.log_commands import app as log_app
from bot.settings import Settings, SettingsError, check_to_serve, load_settings
from handlers.messages import Role
from knowledge.findings import KnowledgeError

if TYPE_CHECKING:
    from bot.app import App
    from bot.operation.metrics import Metrics, Reload

UNSOUND: Final = 1
"""Exit status when the knowledge is unsound."""
WRONG: Final = 2
"""Exit status when a setting or an argument is wrong."""

app = typer.Typer(
    name="tsunagari",
    help="A chat assistant for Japan's support network against loneliness and isolation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(
    knowledge_app, name="knowledge", help="The curated knowledge: check, count, show, import."
)
app.command()(figures)
app.command()(backup)
app.command()(restore)
app.command()(doctor)
app.add_typer(log_app, name="log", help="What people asked: list, show, export, count, purge.")
app.add_typer(account_app, name="account", help="Who may use the console: add, password, role.")


def main() -> None:
    """Run the command line; unsound knowledge or a wrong setting stops it with its remedy."""
    # The matrices are small: more threads only wait for each other. Before numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except KnowledgeError as error:
        _stop(str(error), UNSOUND)
    except SettingsError as error:
        _stop(str(error), WRONG)


def _stop(message: str, status: int) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(status)


@app.command()
def chat() -> None:
    """Talk to the assistant in this terminal; needs no token and no network."""
    from rich.console import Console

    from bot.app import logging_app
    from bot.console import Conversation
    from bot.logs import set_up_logs
    from bot.machine_side import corrupt_line

    settings = load_settings()
    if line := corrupt_line(settings):  # it answers all the same, and keeps nothing
        typer.echo(line, err=True)
    set_up_logs("ERROR")
    with logging_app(settings, _key(settings)) as joined:
        Conversation(joined, Console(highlight=False)).run()


def _key(settings: Settings) -> str:
    """The key of pseudonyms; without one the console makes one for this run only."""
    return settings.key_chain or secrets.token_hex(32)


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON request a line on standard input.")
    ] = False,
    why: Annotated[bool, typer.Option(help="Say which words, slots and asks made it.")] = False,
    log: Annotated[bool, typer.Option("--log", help="Write to the query log.")] = False,
    role: Annotated[Role | None, typer.Option(help="Who is asking.")] = None,
    prefecture: Annotated[str | None, typer.Option(help="The person's prefecture.")] = None,
) -> None:
    """Answer one question, or a stream of them."""
    from bot.asking import ask_many, ask_one
    from bot.logs import set_up_logs

    if jsonl == (text is not None):
        _stop("tsunagari ask: give either TEXT or --jsonl", WRONG)
    settings = load_settings()
    set_up_logs("ERROR")
    with _asked(settings, log=log) as joined:
        if jsonl:
            ask_many(joined, sys.stdin.buffer, sys.stdout)
        elif not ask_one(
            joined, (text or "", role, prefecture), sys.stdout, as_json=as_json, why=why
        ):
            raise SystemExit(WRONG)


def _asked(settings: Settings, *, log: bool) -> "AbstractContextManager[App]":
    from bot.app import NoLog, build, logging_app
    from bot.shelf import FolderShelf

    if log:
        return logging_app(settings, _key(settings))
    return nullcontext(build(NoLog(), settings.data, FolderShelf(settings.cache_folder)))


@app.command()
def find(
    *,
    faq: Annotated[Path, typer.Option(help="A FAQ: CSV with columns id, question, answer.")],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON question a line on standard input.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Rows for each question.")] = 10,
) -> None:
    """Search any FAQ: {"text"} a line in, {"entries": [{"id", "score"}]} a line out."""
    from bot.asking import find_many
    from bot.shelf import FolderShelf
    from knowledge.faq import faq_index, read_faq

    if not jsonl:
        _stop("tsunagari find: questions are read from standard input with --jsonl", WRONG)
    settings = load_settings()
    read = read_faq(faq)
    for finding in read.findings:
        sys.stderr.write(f"{finding.message}\n")
    find_many(
        faq_index(read, FolderShelf(settings.cache_folder)), sys.stdin.buffer, sys.stdout, limit
    )


@app.command()
def serve() -> None:
    """Answer on Telegram: long polling, or a webhook when TELEGRAM_WEBHOOK_URL is set."""
    from bot.app import logging_app
    from bot.canary import canary_of
    from bot.logs import set_up_logs
    from bot.machine_side import machine_side
    from bot.member_side import member_side
    from bot.operation.counted import CountedLog
    from bot.operation.metrics import Metrics
    from bot.operation_side import operation_side
    from bot.owner_side import owner_side
    from bot.pauses import without_pauses
    from bot.staff_side import staff_side
    from bot.store.post import SqlitePost
    from bot.telegram import serve as serve_telegram

    settings = load_settings()
    check_to_serve(settings)
    # Standard error stays free for the one clear line that says why serving stopped.
    set_up_logs(settings.log_level, sys.stdout)
    machine, counts, key = machine_side(settings), Metrics(), _key(settings)
    clock, corruption = machine.clock, machine.corruption
    with (
        logging_app(
            settings, key, lambda log: CountedLog(log, counts), guided=clock, corruption=corruption
        ) as joined,
        closing(
            SqlitePost(
                settings.database_path,
                key,
                settings.bot_id,
                clock,
                corruption=corruption,
                sure=lambda: clock.sure,
            )
        ) as post,
    ):
        side = member_side(joined, joined.members) if joined.members else None
        canary = canary_of(joined, settings) if settings.canary_minutes else None
        owners = owner_side(joined, joined.owners, settings) if joined.owners else None
        staff = (
            staff_side(
                joined,
                joined.queue,
                settings.attest_days,
                lambda: canary is not None and canary.silent,
                lambda result: _reloaded(counts, result),
            )
            if joined.queue
            else None
        )
        sings = (lambda: not canary.silent) if canary else None
        without_pauses()
        status = serve_telegram(
            settings,
            joined.assistant,
            joined.assistant,
            joined.clock,
            members=side,
            canary=canary,
            post=post,
            owners=owners,
            staff=staff,
            expire=joined.expire,
            operation=operation_side(
                joined, settings, counts, sings, notices=machine.notices, clock=clock
            ),
        )
    raise SystemExit(status)


def _reloaded(counts: "Metrics", result: "Reload") -> None:
    from bot.pauses import without_pauses

    counts.reloaded(result)
    without_pauses()


@app.command()
def console() -> None:
    """Serve the console for staff on CONSOLE_LISTEN and CONSOLE_PORT."""
    from bot.logs import set_up_logs
    from bot.machine_side import corrupt_line
    from bot.web.serving import serve as serve_console
    from knowledge.replies import load_replies

    settings = load_settings()
    if line := corrupt_line(settings):
        _stop(line, UNSOUND)
    set_up_logs(settings.log_level, sys.stdout)
    begun = load_replies(settings.data).say("console.serving", url=settings.console_url)
    serve_console(settings, lambda: typer.echo(begun))


@app.command()
def canary() -> None:
    """Say every synthetic cry for help once; exit status 1 when one gets no window, or late."""
    from bot.app import NoLog, build
    from bot.canary import canary_of, sing_once
    from bot.logs import set_up_logs
    from bot.shelf import FolderShelf

    settings = load_settings()
    set_up_logs("ERROR")
    joined = build(NoLog(), settings.data, FolderShelf(settings.cache_folder))
    if not sing_once(canary_of(joined, settings), typer.echo):
        raise SystemExit(UNSOUND)
