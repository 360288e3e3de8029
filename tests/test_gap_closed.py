"""From a question nobody could answer to the answer, with everything real but Telegram.

Three people ask alike, one wants to be told. An officer finds the group in the console, drafts,
replays; a second one publishes. The running bot answers the next person, and tells who waited.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from knowledge.load import DATA
from knowledge.trial import trial
from tests.bot.test_serve import TSUNAGARI, bot, free_port
from tests.bot.web.test_browser import ARGUMENTS, CHROMIUM
from tests.bot_api import TOKEN, BotApiServer

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")

ASKED = ("ゆるキャラの着ぐるみを借りたい", "ゆるキャラの着ぐるみ", "着ぐるみを借りてもいいですか")
LATER = "ゆるキャラの着ぐるみを借りてもいいですか"
ENTRY = "guideline/3-2-4"
PASSWORD = "kouhyou-no-mae-ni-tamesu"
SECONDS = 180.0
COMMAND = TSUNAGARI[0]
GIT = shutil.which("git") or "git"


@dataclass
class Officer:
    """Somebody at the console; every press counts."""

    page: Page
    steps: list[str] = field(default_factory=list)

    async def press(self, name: str) -> None:
        self.steps.append(name)
        await self.page.get_by_role("button", name=name, exact=True).first.click()
        await self.page.wait_for_load_state()

    async def opens(self, path: str) -> None:
        self.steps.append(path)
        await self.page.goto(path)

    async def picture(self, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            path = Path(folder) / f"gap-{name}.png"
            await self.page.screenshot(path=path, full_page=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of knowledge that is kept in git."""
    folder = trial(DATA, {}, tmp_path / "kept")
    git = [GIT, "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.jp"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "knowledge"]):
        subprocess.run([*git, *command], check=True)
    return folder


@pytest.fixture
def environment(tmp_path: Path, data: Path) -> dict[str, str]:
    port = str(free_port())
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", str(tmp_path)),
        "PSEUDONYM_KEY": "k" * 32,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tsunagari.db'}",
        "KNOWLEDGE_FOLDER": str(data),
        "CONSOLE_PORT": port,
        "CONSOLE_URL": f"http://127.0.0.1:{port}",
        "CANARY_MINUTES": "0",
        "DIGEST_TIME": "off",
    }


@pytest.fixture
def accounts(tmp_path: Path, environment: dict[str, str]) -> tuple[str, ...]:
    roles = {"kaku": "editor", "dasu": "publisher"}
    for name, role in roles.items():
        for arguments in (["add", name, "--role", role], ["password", name]):
            subprocess.run(
                [COMMAND, "account", *arguments], env=environment, cwd=tmp_path, check=True,
                input=f"{PASSWORD}\n{PASSWORD}\n".encode(), capture_output=True,
            )  # fmt: skip
    return tuple(roles)


@pytest.fixture
def console(
    tmp_path: Path, environment: dict[str, str], accounts: tuple[str, ...]
) -> Iterator[str]:
    assert accounts
    process = subprocess.Popen(
        [COMMAND, "console"], env=environment, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    yield environment["CONSOLE_URL"]
    process.terminate()
    process.communicate(timeout=30)


@asynccontextmanager
async def officer(browser: Browser, url: str, name: str) -> AsyncIterator[Officer]:
    context = await browser.new_context(base_url=url, locale="ja-JP")
    page = await context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    one = Officer(page)
    await reachable(url)
    await one.opens("/login")
    await page.get_by_label("名前").fill(name)
    await page.get_by_label("パスワード").fill(PASSWORD)
    await one.press("ログインする")
    await page.wait_for_url("**/")
    yield one
    await context.close()


async def reachable(url: str) -> None:
    """Wait until the console listens."""
    host, port = url.removeprefix("http://").split(":")
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                return


async def draft(editor: Officer) -> str:
    """Claim the group, choose the entry, replay; give the address of the draft."""
    page = editor.page
    await editor.opens("/groups/1")
    await editor.picture("group")
    await editor.press("引き受ける")
    await page.get_by_label("一覧にない記録の id").fill(ENTRY)
    await page.locator("input[name=wording]").first.check()
    await editor.press("この記録で答えられる")
    await page.wait_for_url("**/edits/1*")
    await editor.press("ためす")
    await page.get_by_text("未回答 → 回答").first.wait_for()
    await editor.picture("replayed")
    return page.url.partition("?")[0]


def committed(data: Path) -> str:
    """Who wrote and who signed the last commit, and what it changed."""
    command = [GIT, "-C", str(data), "show", "--stat", "--format=%an|%cn|%s"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


async def test_from_an_unanswered_question_to_the_answer_and_who_waited(
    tmp_path: Path, data: Path, environment: dict[str, str], console: str
) -> None:
    async with (
        BotApiServer() as server,
        async_playwright() as playwright,
        bot(server.base_url, TSUNAGARI, tmp_path, **{**environment, "TELEGRAM_BOT_TOKEN": TOKEN}),
    ):
        people = [server.person() for _ in ASKED]
        for person, text in zip(people, ASKED, strict=True):
            person.says(text)
        replies = [(await server.sent(person, 1, SECONDS))[0] for person in people]
        assert all(reply.text.startswith("それについては、まだ答え") for reply in replies)
        people[0].taps(replies[0].button("回答ができたら知らせる"))
        await server.sent(people[0], 2, SECONDS)
        asked = time.monotonic()

        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        async with officer(browser, console, "kaku") as editor:
            edit = await draft(editor)
        async with officer(browser, console, "dasu") as publisher:
            await publisher.opens(edit)
            await publisher.press("確かめたので公開する")
            await publisher.page.get_by_text("公開しました。").first.wait_for()
            await publisher.picture("published")
        published = time.monotonic()

        told = (await server.sent(people[0], 3, SECONDS))[-1]
        answered = time.monotonic()
        later = server.person()
        later.says(LATER)
        (answer,) = await server.sent(later, 1, SECONDS)
        await browser.close()

    steps = [*editor.steps, *publisher.steps]
    sys.stdout.write(
        f"{len(steps)} steps, {published - asked:.0f} s from question to publication, "
        f"{answered - published:.0f} s until who waited was told\n"
    )
    assert "お答えできるようになりました" in told.text
    assert "３（２）④" in told.text
    assert "３（２）④" in answer.text
    assert "着ぐるみ" not in told.text
    changed = committed(data)
    assert changed.startswith(f"kaku|dasu|knowledge: {ENTRY}")
    assert "1 file changed, 1 insertion(+)" in changed
    assert len(steps) <= 12
