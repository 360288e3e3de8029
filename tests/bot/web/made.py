"""A console with real pages and a real database, and fakes for what is outside."""

import asyncio
import re
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from argon2 import PasswordHasher
from sqlite_utils import Database
from starlette.applications import Starlette

from bot.publishing.outcome import Outcome as Ended
from bot.publishing.outcome import Problem, Warned
from bot.publishing.replay import Changed, Replay
from bot.settings import Settings, load_settings
from bot.store.accounts import add_account, set_password
from bot.store.database import open_database
from bot.store.edits import Edit
from bot.store.rows import row_of, row_of_outcome
from bot.web.app import build_console
from bot.web.attempts import Attempts
from handlers.library import Library
from handlers.ports import Outcome, OutcomeKind
from handlers.staff import StaffRole
from knowledge.findings import Finding
from tests.bot.queries import AT, KEY, unanswered
from tests.fakes import FakeClock

BASE = "http://127.0.0.1:8090"
PASSWORD = "correct horse battery staple"
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Made with little effort, so that tests are quick."""
NAMES = {"mita": StaffRole.VIEWER, "kaku": StaffRole.EDITOR, "dasu": StaffRole.PUBLISHER}
"""An account of each role."""
CHAT = 4242
FARE = ("交通費は出ますか", "交通費の助成は出ますか", "交通費、出ますか")
"""Three people ask alike."""
ANSWERED = Changed(FARE[0], "log", 1, "unanswered_no_match", "answered", (), ("guideline/4-1",))
CHANGED = replace(ANSWERED, text=None, before_status="answered", before=("guideline/1",))
NEAR_TIE = replace(CHANGED, text="委託できますか", source="tests", group=None)
REPLAY = Replay(answered=(ANSWERED,), changed=(CHANGED,), near_ties=(NEAR_TIE,), asked=120)


@dataclass
class FakeSource:
    """The knowledge, which changes only when a test says so."""

    current: Library
    findings: tuple[Finding, ...] = ()
    looked: int = 0

    def refresh(self) -> None:
        self.looked += 1


@dataclass
class FakePublisher:
    """Remembers what it was asked to do."""

    findings: list[Finding] = field(default_factory=list)
    replay: Replay | None = None
    runs: bool = False
    problem: Problem | None = None
    done: list[tuple[object, ...]] = field(default_factory=list)
    checked: int = 0
    troubles: tuple[Finding, ...] = ()
    warnings: tuple[Warned, ...] = ()

    def check(self, edit: Edit) -> list[Finding]:
        del edit
        self.checked += 1
        return self.findings

    def begin_replay(self, edit: Edit) -> None:
        self.done.append(("replay", edit.id))
        self.runs = True

    def replay_of(self, edit: Edit) -> Replay | None:
        del edit
        return self.replay

    def running(self, edit: Edit) -> bool:
        del edit
        return self.runs

    def publish(self, edit: Edit, who: str) -> Ended:
        self.done.append(("publish", edit.id, who))
        version = None if self.problem else "0123456789ab"
        return Ended(self.problem, version, tuple(self.findings), self.warnings)

    def trouble(self, edit: Edit) -> tuple[Finding, ...]:
        del edit
        return self.troubles

    def undo(self, edit: Edit, who: str) -> Ended:
        self.done.append(("undo", edit.id, who))
        return Ended(self.problem)


@dataclass
class Console:
    """The console, and everything behind it."""

    settings: Settings
    source: FakeSource
    publisher: FakePublisher = field(default_factory=FakePublisher)
    clock: FakeClock = field(default_factory=FakeClock)
    sent: list[tuple[int, str]] = field(default_factory=list)
    codes: bool = True

    def __post_init__(self) -> None:
        self.app: Starlette = build_console(
            self.settings,
            self.source,
            self.publisher,
            self.clock,
            self._send if self.codes else None,
        )

    async def _send(self, chat: int, sentence: str) -> None:
        self.sent.append((chat, sentence))

    @property
    def attempts(self) -> Attempts:
        """What the console counted of log-ins."""
        return self.app.state.attempts  # type: ignore[no-any-return]

    def db(self) -> closing[Database]:
        return closing(open_database(self.settings.database_path))

    def staff(self) -> None:
        """Make an account of each role."""
        with self.db() as db:
            for name, role in NAMES.items():
                add_account(db, AT, name, role, CHAT if name == "kaku" else None)
                set_password(db, AT, name, HASHED)

    def told(self, window: str, *kinds: OutcomeKind) -> None:
        """People told something of a window."""
        with self.db() as db:
            for kind in kinds:
                db.table("outcomes").insert(row_of_outcome(Outcome(AT, window, kind)))

    def browser(self, base: str = BASE) -> "Browser":
        return Browser(self, base)

    def logged_in(self, name: str = "kaku", base: str = BASE) -> "Browser":
        browser = self.browser(base)
        assert browser.log_in(name).headers["location"] == "/"
        return browser

    def ask(self, *texts: str, permitted: bool = False, **values: object) -> None:
        """Each text is asked by another person."""
        with self.db() as db:
            for number, text in enumerate(texts):
                person = {"conversation": f"telegram:{number}"}
                row = row_of(unanswered(text, **person | values), KEY)
                db.table("queries").insert({**row, "permitted": int(permitted)})


@dataclass
class Browser:
    """Somebody's browser: cookies, and the secret of the last form it saw."""

    console: Console
    base: str = BASE
    address: str = "192.0.2.1"

    def __post_init__(self) -> None:
        transport = httpx.ASGITransport(self.console.app, False, client=(self.address, 5000))
        self.client = httpx.AsyncClient(transport=transport, base_url=self.base)

    def request(self, method: str, path: str, **values: object) -> httpx.Response:
        return asyncio.run(self.client.request(method, path, **values))  # type: ignore[arg-type]

    def get(self, path: str, **values: object) -> httpx.Response:
        return self.request("GET", path, **values)

    def secret(self, path: str = "/") -> str:
        """The secret in the forms of a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        return found.group(1) if found else ""

    def field(self, path: str, name: str) -> str:
        """The value of a hidden field of a page."""
        return re.search(rf'name="{name}" value="([^"]*)"', self.get(path).text)[1]  # type: ignore[index]

    def post(self, path: str, csrf: str | None = None, **form: str | list[str]) -> httpx.Response:
        token = self.secret() if csrf is None else csrf
        return self.request("POST", path, data={"csrf": token, **form})

    def log_in(self, name: str = "kaku", password: str = PASSWORD) -> httpx.Response:
        return self.post("/login", self.secret("/login"), name=name, password=password)


def settings(folder: Path, **values: str) -> Settings:
    """Settings with a database in a folder."""
    environ = {"DATABASE_URL": f"sqlite:///{folder}/tsunagari.db", "PSEUDONYM_KEY": KEY}
    return load_settings(environ | values, env_file=None)
