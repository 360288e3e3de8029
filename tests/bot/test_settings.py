"""Settings: each wrong one is named in one line with its remedy, and no secret is told."""

from pathlib import Path

import pytest

from bot.settings import REMEDIES, Settings, SettingsError, check_to_serve, load_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
KEY = "0123456789abcdef0123456789abcdef"
TO_SERVE = {"TELEGRAM_BOT_TOKEN": "123456789:AAE-secret_token", "PSEUDONYM_KEY": KEY}


def settings(environ: dict[str, str] | None = None) -> Settings:
    return load_settings(environ or {}, env_file=None)


def refusal(environ: dict[str, str], env_file: Path | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, env_file)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{caught.value.setting}: ")
    return message


def test_nothing_set_is_enough_for_the_console() -> None:
    plain = settings()
    assert plain.telegram_bot_token is None
    assert plain.telegram_base_url == "https://api.telegram.org/bot"
    assert plain.telegram_staff_ids == frozenset()
    assert plain.database_path == Path("data/tsunagari.db")
    assert (plain.telegram_webhook_listen, plain.telegram_webhook_port) == ("127.0.0.1", 8080)
    assert plain.retention_days == 90
    assert plain.log_level == "INFO"


def test_every_setting_is_read() -> None:
    full = settings(
        TO_SERVE
        | {
            "TELEGRAM_BASE_URL": "http://127.0.0.1:8081/bot/",
            "TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram",
            "TELEGRAM_WEBHOOK_SECRET": "web-hook_1",
            "TELEGRAM_WEBHOOK_LISTEN": "0.0.0.0",  # noqa: S104  only read, not listened on
            "TELEGRAM_WEBHOOK_PORT": "9000",
            "TELEGRAM_STAFF_IDS": " 11, 22,33, ",
            "DATABASE_URL": "sqlite:////var/lib/tsunagari.db",
            "RETENTION_DAYS": "30",
            "LOG_LEVEL": "debug",
        }
    )
    assert full.bot_token == TO_SERVE["TELEGRAM_BOT_TOKEN"]
    assert full.telegram_base_url == "http://127.0.0.1:8081/bot"
    assert full.telegram_staff_ids == {11, 22, 33}
    assert full.database_path == Path("/var/lib/tsunagari.db")
    assert full.log_level == "DEBUG"
    assert full.missing_to_serve == ()
    check_to_serve(full)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "AAE-no-number"),
        ("TELEGRAM_BOT_TOKEN", "123:two words"),
        ("TELEGRAM_BASE_URL", "https://api.telegram.org"),
        ("TELEGRAM_BASE_URL", "api.telegram.org/bot"),
        ("TELEGRAM_BASE_URL", "https://[/bot"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.jp"),
        ("TELEGRAM_WEBHOOK_SECRET", "with space"),
        ("TELEGRAM_WEBHOOK_SECRET", "a" * 257),
        ("TELEGRAM_WEBHOOK_PORT", "0"),
        ("TELEGRAM_WEBHOOK_PORT", "https"),
        ("TELEGRAM_STAFF_IDS", "@officer"),
        ("TELEGRAM_STAFF_IDS", "1;2"),
        ("DATABASE_URL", "postgresql://localhost/tsunagari"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "data/tsunagari.db"),
        ("PSEUDONYM_KEY", "too-short-a-key"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "ninety"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy_alone(name: str, value: str) -> None:
    assert refusal({name: value}) == f"{name}: {REMEDIES[name]}"


def test_a_webhook_needs_its_secret() -> None:
    message = refusal({"TELEGRAM_WEBHOOK_URL": "https://bot.example.jp/telegram"})
    assert message.startswith("TELEGRAM_WEBHOOK_SECRET: ")


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "PSEUDONYM_KEY"])
def test_missing_token_or_key_is_named_when_serving(name: str) -> None:
    incomplete = settings({key: value for key, value in TO_SERVE.items() if key != name})
    assert incomplete.missing_to_serve == (name,)
    with pytest.raises(SettingsError, match=rf"^{name}: "):
        check_to_serve(incomplete)


def test_there_is_no_token_to_take_where_none_is_set() -> None:
    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN: "):
        _ = settings().bot_token


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    printed = repr(settings(TO_SERVE | {"TELEGRAM_WEBHOOK_SECRET": "hook-secret"}))
    assert "AAE-secret" not in printed
    assert KEY not in printed
    assert "hook-secret" not in printed


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("RETENTION_DAYS=10\nLOG_LEVEL=ERROR\nOTHER=1\n", encoding="utf-8-sig")
    both = load_settings({"RETENTION_DAYS": "20", "LOG_LEVEL": ""}, file)
    assert both.retention_days == 20
    assert both.log_level == "ERROR"


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "7")
    assert load_settings(env_file=None).retention_days == 7


def test_an_environment_given_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "7")
    assert settings().retention_days == 90


def test_a_wrong_setting_in_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PSEUDONYM_KEY=short\n")
    assert refusal({}, file).startswith("PSEUDONYM_KEY: ")


def test_a_file_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / ".env").retention_days == 90


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("PSEUDONYM_KEY=鍵".encode("cp932"))
    assert refusal({}, file) == f"{file}: must be a readable file in UTF-8"


def test_env_example_lists_every_setting() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    assert sorted(names) == sorted(REMEDIES)


def test_env_example_copied_as_it_is_holds_the_defaults() -> None:
    assert load_settings({}, EXAMPLE) == settings()


def test_the_key_of_pseudonyms_is_a_chain_oldest_first() -> None:
    old, older = "o" * 32, "a" * 32

    assert settings().key_chain is None
    assert settings({"PSEUDONYM_KEY": KEY}).key_chain == KEY
    chained = settings({"PSEUDONYM_KEY": KEY, "PSEUDONYM_KEYS_OLD": f"{older}  {old}"})
    assert chained.key_chain == f"{older}\n{old}\n{KEY}"
    assert old not in repr(chained)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PSEUDONYM_KEYS_OLD", "short"),
        ("PSEUDONYM_KEYS_OLD", f"{KEY} short"),
        ("PSEUDONYM_KEY", f"{KEY}\n{KEY}"),
        ("PRIVACY_CONTACT", "a\nb"),
        ("PRIVACY_CONTACT", "a" * 201),
    ],
)
def test_a_wrong_one_for_privacy_is_named(name: str, value: str) -> None:
    assert refusal({name: value}) == f"{name}: {REMEDIES[name]}"


@pytest.mark.parametrize("name", ["nowhere", "file", "n" * 300, "two\nlines"])
def test_knowledge_that_is_no_folder_is_named_with_its_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    folder = str(tmp_path / name)

    remedy = REMEDIES["KNOWLEDGE_FOLDER"]
    said = refusal({"KNOWLEDGE_FOLDER": folder})
    assert said == f"KNOWLEDGE_FOLDER: there is no folder at {folder!r}: {remedy}"


def test_knowledge_in_a_folder_is_taken(tmp_path: Path) -> None:
    assert settings({"KNOWLEDGE_FOLDER": str(tmp_path)}).data == tmp_path.resolve()
