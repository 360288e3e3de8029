"""Every page in a real browser: usable by everybody (axe), on a phone, and without JavaScript."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from handlers.library import Library
from handlers.ports import OutcomeKind
from tests.bot.queries import AT, days
from tests.bot.web.made import FARE, PASSWORD, REPLAY, Console, FakeSource, settings

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
PAGES = {
    "overview": "/",
    "groups": "/groups",
    "group": "/groups/1",
    "group-hidden": "/groups/2",
    "group-window": "/groups/4",
    "entries": "/entries?q=居場所",
    "entry": "/entries/window/yorisoi",
    "edits": "/edits",
    "edit": "/edits/1",
    "edit-new": "/edits/2",
    "checks": "/checks",
    "figures": "/figures",
    "audit": "/audit",
    "error": "/nothing/here",
}
PICTURES = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Console]:
    """A console that listens, with something to see on every page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    values = settings(tmp_path_factory.mktemp("web"), CONSOLE_URL=url, CONSOLE_PORT=port)
    console = Console(values, FakeSource(library))
    fill(console)
    server = uvicorn.Server(
        uvicorn.Config(console.app, port=int(port), log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield console
    server.should_exit = True
    thread.join()


def fill(console: Console) -> None:
    console.clock.pass_by(days(8))
    console.staff()
    slots = {"topics": ["poverty"], "prefectures": ["岐阜県"], "language": "ja"}
    console.ask(*FARE, slots=slots)
    console.ask("名簿の様式をください", slots={"topics": ["loneliness"]})
    console.ask("オンラインの居場所は対象ですか", permitted=True, about="guideline/3-2-7")
    console.told("window/yorisoi", OutcomeKind.FAILED, OutcomeKind.WRONG)
    browser = console.logged_in("kaku", console.settings.console_url)
    browser.post("/groups/1/claim")
    browser.post("/groups/1/cover", entry="guideline/4-1", wording=FARE[0])
    browser.post("/groups/3/new")
    console.publisher.replay = REPLAY


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def logged_in(browser: Browser, console: Console, width: int, *, scripts: bool = True) -> Page:
    context: BrowserContext = browser.new_context(
        base_url=console.settings.console_url,
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        locale="ja-JP",
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/login")
    if scripts:
        judge(page, f"login at {width}")
        picture(page, "login", width)
    page.get_by_label("名前").fill("kaku")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="ログインする").click()
    page.wait_for_url("**/")
    return page


def judge(page: Page, where: str) -> None:
    result = Axe().run(page, options=RULES)
    assert result.violations_count == 0, f"{where}\n{result.generate_report()}"


def picture(page: Page, name: str, width: int) -> None:
    if PICTURES:
        path = Path(PICTURES, f"console-{name}{'' if width > 1000 else f'-{width}'}.png")
        page.screenshot(path=path, full_page=True)


@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_use_every_page(console: Console, chromium: Browser, width: int) -> None:
    page = logged_in(chromium, console, width)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for name, path in PAGES.items():
        page.goto(path)
        judge(page, f"{name} at {width}")
        picture(page, name, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} wide"
        assert page.locator("h1").count() == 1, name

    assert [fault for fault in faults if "404" not in fault] == []
    page.context.close()


def test_every_page_works_without_javascript(console: Console, chromium: Browser) -> None:
    page = logged_in(chromium, console, 1280, scripts=False)
    for name, path in PAGES.items():
        page.goto(path)
        assert page.locator("h1").is_visible(), name
    page.goto("/groups")
    page.get_by_label("状態").select_option("claimed")
    page.get_by_role("button", name="しぼりこむ").click()
    page.get_by_role("link", name=FARE[-1]).first.click()
    page.get_by_role("button", name="手放す").click()
    assert page.get_by_role("status").inner_text() == "手放しました。"
    page.context.close()


def test_a_list_is_filtered_in_place_and_a_replay_shows_itself(
    console: Console, chromium: Browser
) -> None:
    console.publisher.runs = True
    page = logged_in(chromium, console, 1280)
    page.goto("/groups")
    page.get_by_label("種類").select_option("window")
    page.get_by_text("1 の群があります。").wait_for()
    page.goto("/edits/1")
    page.get_by_text("ためしています。").wait_for()
    console.publisher.runs = False
    page.get_by_text("未回答 → 回答 1").wait_for()
    page.context.close()


def test_a_keyboard_reaches_the_content_first(console: Console, chromium: Browser) -> None:
    page = logged_in(chromium, console, 1280)
    page.goto("/groups")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_a_script_in_a_question_is_text(console: Console, chromium: Browser) -> None:
    console.ask("<script>document.title='x'</script>とは何ですか", permitted=True, at=AT)
    page = logged_in(chromium, console, 1280)
    page.goto("/groups")

    assert page.get_by_text("<script>document.title='x'</script>とは何ですか").is_visible()
    assert page.title() != "x"
    page.context.close()
