"""Who may do what, where a request comes from, and what every answer says."""

import sqlite3
from pathlib import Path

import httpx
import pytest

from bot.store.accounts import remove_account, set_role
from bot.web.app import READ, WRITE
from bot.web.guards import LARGEST
from handlers.library import Library
from handlers.staff import StaffRole
from tests.bot.queries import AT
from tests.bot.web.made import BASE, Browser, Console, FakeSource, settings

FORM = {"content-type": "application/x-www-form-urlencoded"}
EXAMPLES = {
    "{month}/{kind}": "2026-11/csv",
    "{number:short}": "1",
    "{kind}": "window",
    "{slug}": "yorisoi",
}


def example(path: str) -> str:
    for name, value in EXAMPLES.items():
        path = path.replace(name, value)
    return path


@pytest.fixture
def filled(console: Console) -> Console:
    """There is a group 1 and an edit 1."""
    console.ask("様式はどこですか", permitted=True)
    editor = console.logged_in("kaku")
    editor.get("/groups")
    editor.post("/entries/window/yorisoi/edit")
    return console


@pytest.mark.parametrize("path", [*READ, *WRITE])
def test_nobody_gets_in_without_a_session(console: Console, path: str) -> None:
    browser = console.browser()
    response = browser.post(example(path), "") if path in WRITE else browser.get(example(path))

    assert (response.status_code, response.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("path", READ)
def test_every_account_may_read(filled: Console, path: str) -> None:
    assert filled.logged_in("mita").get(example(path)).status_code == 200


@pytest.mark.parametrize("path", WRITE)
@pytest.mark.parametrize("name", ["mita", "kaku"])
def test_the_server_checks_the_role_of_every_form(filled: Console, path: str, name: str) -> None:
    needed = WRITE[path][1]
    role = {"mita": StaffRole.VIEWER, "kaku": StaffRole.EDITOR}[name]

    response = filled.logged_in(name).post(example(path))

    assert (response.status_code == 403) == (not role.may(needed))


@pytest.mark.parametrize("path", WRITE)
def test_a_form_without_the_secret_is_refused(filled: Console, path: str) -> None:
    publisher = filled.logged_in("dasu")

    assert publisher.post(example(path), "").status_code == 403
    assert publisher.post(example(path), filled.logged_in("kaku").secret()).status_code == 403


def test_the_secret_may_stand_in_a_header(editor: Browser) -> None:
    given = {**FORM, "x-csrf-token": editor.secret()}

    response = editor.request("POST", "/entries/window/yorisoi/edit", headers=given)

    assert response.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "null"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
def test_a_form_of_another_site_is_refused(editor: Browser, headers: dict[str, str]) -> None:
    data = {"csrf": editor.secret()}
    response = editor.request("POST", "/logout", headers=headers, data=data)

    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": BASE},
        {"origin": "null", "sec-fetch-site": "same-origin"},
    ],
)
def test_a_form_of_the_console_is_taken(editor: Browser, headers: dict[str, str]) -> None:
    data = {"csrf": editor.secret()}
    response = editor.request("POST", "/logout", headers=headers, data=data)

    assert response.status_code == 303


def test_a_forged_session_is_none(console: Console) -> None:
    browser = console.browser()
    for token in ("x", "", "0" * 43, "'; drop table sessions; --"):
        response = browser.get("/", headers={"cookie": f"session={token}"})
        assert response.headers["location"] == "/login"


def test_the_database_has_no_token_that_would_open_a_session(
    console: Console, editor: Browser
) -> None:
    with console.db() as db:
        kept = [row["token"] for row in db.table("sessions").rows]

    assert editor.client.cookies["session"] not in kept
    response = console.browser().get("/", headers={"cookie": f"session={kept[0]}"})
    assert response.status_code == 303


def test_another_role_counts_at_once_and_a_removed_account_is_out(
    console: Console, editor: Browser
) -> None:
    with console.db() as db:
        set_role(db, AT, "kaku", StaffRole.VIEWER)
    assert editor.post("/entries/new").status_code == 403
    with console.db() as db:
        remove_account(db, AT, "kaku")

    assert editor.get("/").headers["location"] == "/login"


@pytest.mark.parametrize("path", ["/", "/login", "/nothing", "/static/console.css"])
def test_every_answer_has_its_headers(editor: Browser, path: str) -> None:
    headers = editor.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    kept = "public, max-age=3600" if path.startswith("/static") else "no-store"
    assert headers["cache-control"] == kept
    assert "strict-transport-security" not in headers


def test_with_https_cookies_are_safe_and_browsers_stay_with_it(
    tmp_path: Path, library: Library
) -> None:
    console = Console(
        settings(tmp_path, CONSOLE_URL="https://console.example.jp"), FakeSource(library)
    )
    console.staff()
    browser = console.browser("https://console.example.jp")

    shown = browser.get("/login")
    response = browser.request(
        "POST",
        "/login",
        data={"csrf": browser.secret("/login"), "name": "kaku", "password": "x"},
        headers={"sec-fetch-site": "same-origin"},
    )

    assert shown.headers["strict-transport-security"].startswith("max-age=")
    assert "Secure" in shown.headers["set-cookie"]
    assert shown.headers["set-cookie"].startswith("__Host-before=")
    assert response.status_code == 401
    silent = browser.post("/login", browser.secret("/login"), name="kaku", password="x")
    assert silent.status_code == 403
    data = {"csrf": browser.secret("/login")}
    plain = {"origin": "http://console.example.jp"}
    assert browser.request("POST", "/login", data=data, headers=plain).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "", "127.0.0.1:8090.evil.example"])
def test_another_host_is_refused(console: Console, host: str) -> None:
    response = console.browser().get("/login", headers={"host": host})

    assert response.status_code == 400
    assert "set-cookie" not in response.headers


def test_fifty_megabytes_are_refused(editor: Browser) -> None:
    megabytes = b"x" * 50 * 1024 * 1024
    response = editor.request("POST", "/edits/1/save", content=megabytes, headers=FORM)

    assert response.status_code == 413
    assert "1 MiB" in response.text


def test_no_more_is_read_of_a_stream_than_need_be(editor: Browser) -> None:
    given = 0

    async def stream():
        nonlocal given
        for _ in range(50):
            given += 1
            yield b"x" * 1024 * 1024

    response = editor.request("POST", "/edits/1/save", content=stream(), headers=FORM)

    assert response.status_code == 413
    assert given <= LARGEST // (1024 * 1024) + 2


@pytest.mark.parametrize("length", ["-1", "many", "9" * 40])
def test_a_length_that_is_none_is_refused(editor: Browser, length: str) -> None:
    headers = {**FORM, "content-length": length}
    response = editor.request("POST", "/logout", content=b"x", headers=headers)

    assert response.status_code == 413


def test_files_and_many_fields_are_refused(editor: Browser) -> None:
    secret = editor.secret()
    upload = editor.request("POST", "/logout", files={"csrf": ("../../x", secret)})
    many = editor.request("POST", "/logout", data={f"a{n}": "1" for n in range(199)})

    assert (upload.status_code, many.status_code) == (415, 400)


@pytest.mark.parametrize(
    "path",
    [
        "/entries/window/..%2f..",
        "/entries/..%2f..%2fetc/passwd",
        "/entries/window/%2e%2e",
        "/static/..%2f..%2fdesk.py",
        "/static/%2e%2e/desk.py",
        "/groups/99999999999999999999999",
        "/groups/-1",
        "/edits/9",
        "/groups/9",
    ],
)
def test_a_path_leads_nowhere_else(editor: Browser, path: str) -> None:
    assert editor.get(path).status_code == 404


def test_what_breaks_tells_nothing(
    console: Console, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "a secret"
        raise RuntimeError(message)

    monkeypatch.setattr(console.clock, "now", broken)
    response = editor.get("/")

    assert response.status_code == 500
    assert "secret" not in response.text
    assert response.headers["cache-control"] == "no-store"


def test_without_a_database_there_is_a_clear_page(
    console: Console, editor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        message = "database is locked"
        raise sqlite3.OperationalError(message)

    browser = console.browser()
    secret = browser.secret("/login")
    monkeypatch.setattr("bot.web.desk.open_database", locked)
    responses: list[httpx.Response] = [
        editor.get("/"),
        browser.post("/login", secret, name="kaku", password="x"),
    ]

    assert [response.status_code for response in responses] == [503, 503]
    assert "locked" not in responses[0].text


@pytest.mark.parametrize("path", ["/groups/", "/edits/"])
def test_a_number_that_is_endless_does_not_exist(editor: Browser, path: str) -> None:
    for digits in (19, 5000):
        assert editor.get(path + "9" * digits).status_code == 404
        assert editor.post(f"{path}{'9' * digits}/claim").status_code in {404, 405}


def test_that_the_console_lives_is_told_to_anybody_and_nothing_else(console: Console) -> None:
    stranger = console.browser()
    response = stranger.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in response.headers
    assert [stranger.get(path).status_code for path in ("/readyz", "/metrics")] == [404, 404]
    assert stranger.post("/healthz", "").status_code == 405
