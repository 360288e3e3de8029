"""Log in by password or code: the same answer whoever exists, and no guessing."""

import re
from datetime import timedelta

import pytest

from bot.store.audit import read_audit
from bot.web.attempts import MOST, MOST_ADDRESS, MOST_NAME, Attempts
from bot.web.codes import TRIES, Codes
from bot.web.login import SLOWLY
from tests.bot.web.made import CHAT, PASSWORD, Browser, Console
from tests.fakes import FakeClock

MINUTE = timedelta(minutes=1)


def code_of(console: Console) -> str:
    return re.search(r"\d{8}", console.sent[-1][1])[0]  # type: ignore[index]


def ask_for_code(browser: Browser, name: str) -> str:
    return browser.post("/login/send", browser.secret("/login"), name=name).text


def try_code(browser: Browser, name: str, code: str) -> int:
    return browser.post("/login/code", browser.secret("/login"), name=name, code=code).status_code


@pytest.mark.parametrize("name", ["kaku", "ＫＡＫＵ", " Kaku "])
def test_a_password_opens_a_session(console: Console, name: str) -> None:
    browser = console.browser()
    response = browser.log_in(name)

    assert (response.status_code, response.headers["location"]) == (303, "/")
    cookie = next(c for c in response.headers.get_list("set-cookie") if "session=" in c)
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert browser.get("/").status_code == 200


def test_the_answer_is_the_same_whoever_exists(console: Console) -> None:
    def refused(name: str) -> str:
        browser = console.browser()
        response = browser.log_in(name, "wrong password")
        assert response.status_code == 401
        text = re.sub(r'name="csrf" value="[^"]+"', "", response.text)
        return text.replace(name, "")

    assert refused("kaku") == refused("nobody")


def test_an_account_without_a_password_has_none(console: Console) -> None:
    with console.db() as db:
        db.execute("update accounts set password = null")
        db.commit()

    assert console.browser().log_in("kaku", "").status_code == 401
    assert console.browser().log_in("mita").status_code == 401


def test_guessing_has_to_wait_even_for_the_right_password(console: Console) -> None:
    browser = console.browser()
    tries = [browser.log_in("kaku", f"guess {n}").status_code for n in range(MOST + 1)]
    assert tries == [401] * MOST + [429]
    assert browser.log_in("kaku").status_code == 429
    elsewhere = console.browser()
    elsewhere.address = "192.0.2.7"
    elsewhere.__post_init__()
    assert elsewhere.log_in("kaku").status_code == 303
    assert browser.log_in("mita").status_code == 303
    console.clock.pass_by(15 * MINUTE)

    assert browser.log_in("kaku").status_code == 303


def test_one_address_cannot_try_many_names(console: Console) -> None:
    browser = console.browser()
    tries = [browser.log_in(f"name{n}", "guess").status_code for n in range(MOST_ADDRESS + 1)]

    assert tries == [401] * MOST_ADDRESS + [429]


def test_attempts_at_the_same_moment_are_counted_before_they_are_made() -> None:
    attempts = Attempts(FakeClock())

    assert [attempts.take({"name:a": MOST}) for _ in range(MOST + 2)] == [True] * MOST + [
        False
    ] * 2
    assert attempts.take({"name:b": MOST})
    attempts.forget("name:a")
    assert attempts.take({"name:a": MOST})


def strangers_try(console: Console, how: str) -> None:
    """Somebody tries a name from everywhere."""
    key = f"{how}:kaku"
    while console.attempts.take({key: MOST_NAME}):
        pass


def test_nobody_is_locked_out_by_strangers_but_slowed_down(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.web.login.asyncio.sleep", sleep)
    strangers_try(console, "password")

    assert console.browser().log_in("mita").status_code == 303
    assert waited == []
    assert console.browser().log_in("kaku").status_code == 303
    assert waited == [SLOWLY]


def test_a_name_that_is_tried_from_everywhere_gets_no_codes(console: Console) -> None:
    browser = console.browser()
    ask_for_code(browser, "kaku")
    strangers_try(console, "code")
    told = browser.post("/login/send", browser.secret("/login"), name="kaku")
    assert (told.status_code, len(console.sent)) == (429, 1)

    assert try_code(browser, "kaku", code_of(console)) == 429


def test_a_code_comes_by_telegram_and_opens_a_session_once(console: Console) -> None:
    browser = console.browser()
    ask_for_code(browser, "kaku")
    ((chat, _),) = console.sent
    code = code_of(console)

    assert chat == CHAT
    assert try_code(browser, "kaku", "00000000") == 401
    assert try_code(browser, "kaku", code) == 303
    assert try_code(console.browser(), "kaku", code) == 401
    with console.db() as db:
        begun = next(deed for deed in read_audit(db) if deed.what == "session.begin")
    assert (begun.who, begun.detail) == ("kaku", {"how": "code"})


@pytest.mark.parametrize("name", ["mita", "nobody", ""])
def test_where_no_code_is_sent_the_answer_is_the_same(console: Console, name: str) -> None:
    told = ask_for_code(console.browser(), name)

    assert console.sent == []
    assert "コードを送りました" in told
    assert try_code(console.browser(), name, "12345678") == 401


def test_codes_are_not_sent_without_end(console: Console) -> None:
    for _ in range(MOST):
        ask_for_code(console.browser(), "kaku")
    browser = console.browser()
    response = browser.post("/login/send", browser.secret("/login"), name="kaku")

    assert response.status_code == 429
    assert len(console.sent) == MOST


def test_a_code_is_old_after_five_minutes_and_spent_after_five_tries() -> None:
    clock = FakeClock()
    codes = Codes(clock)
    code = codes.issue("kaku")
    clock.pass_by(5 * MINUTE)
    assert not codes.redeem("kaku", code)
    code = codes.issue("kaku")
    assert not codes.redeem("mita", code)
    assert [codes.redeem("kaku", "wrong") for _ in range(TRIES)] == [False] * TRIES

    assert not codes.redeem("kaku", code)


def test_without_a_bot_there_is_no_log_in_by_code(console: Console) -> None:
    alone = Console(console.settings, console.source, codes=False)
    browser = alone.browser()

    assert "Telegram" not in browser.get("/login").text
    for path in ("/login/send", "/login/code"):
        assert browser.post(path, browser.secret("/login"), name="kaku").status_code == 404


@pytest.mark.parametrize("path", ["/login", "/login/send", "/login/code"])
def test_the_form_of_the_log_in_is_protected_too(console: Console, path: str) -> None:
    browser = console.browser()
    assert browser.post(path, "", name="kaku").status_code == 403
    browser.get("/login")
    assert browser.post(path, "another", name="kaku").status_code == 403
    data = {"csrf": browser.secret("/login"), "name": "kaku"}
    foreign = browser.request("POST", path, data=data, headers={"origin": "https://evil.example"})

    assert foreign.status_code == 403


def test_a_new_session_has_a_new_token_and_ends_the_old_one(console: Console) -> None:
    browser = console.logged_in("kaku")
    old = browser.client.cookies["session"]
    browser.log_in("kaku")

    assert browser.client.cookies["session"] != old
    response = console.browser().get("/", headers={"cookie": f"session={old}"})
    assert response.headers["location"] == "/login"


def test_log_out_ends_the_session_on_the_server(console: Console, editor: Browser) -> None:
    token = editor.client.cookies["session"]
    assert editor.post("/logout").headers["location"] == "/login"

    response = console.browser().get("/", headers={"cookie": f"session={token}"})
    assert response.headers["location"] == "/login"
    with console.db() as db:
        assert next(read_audit(db)).what == "session.end"


def test_a_session_ends_when_it_is_not_used(console: Console, editor: Browser) -> None:
    console.clock.pass_by(59 * MINUTE)
    assert editor.get("/").status_code == 200
    console.clock.pass_by(60 * MINUTE)

    assert editor.get("/").status_code == 303


def test_a_session_ends_after_eight_hours_whatever_happens(
    console: Console, editor: Browser
) -> None:
    for _ in range(15):
        console.clock.pass_by(30 * MINUTE)
        assert editor.get("/").status_code == 200
    console.clock.pass_by(30 * MINUTE)

    assert editor.get("/").status_code == 303
    assert editor.log_in("kaku", PASSWORD).status_code == 303
    with console.db() as db:
        assert db.table("sessions").count == 1
