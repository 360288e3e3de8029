"""Settings, from the environment or ``.env``; every one is explained in ``.env.example``."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, NoReturn
from urllib.parse import urlsplit

from platformdirs import user_cache_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from knowledge.load import DATA

ENV_FILE = Path(".env")
"""Read when it is there, relative to the working directory."""

REMEDIES = {
    "TELEGRAM_BOT_TOKEN": "set it to the token @BotFather issued, such as 123456789:AAE…",
    "TELEGRAM_BASE_URL": "must be an http(s) address ending in /bot, "
    "such as https://api.telegram.org/bot",
    "TELEGRAM_RATE": "must be a whole number of messages a second, 1 to 1000; Telegram allows 30",
    "TELEGRAM_WEBHOOK_URL": "must be an https address Telegram can reach, or empty for polling",
    "TELEGRAM_WEBHOOK_SECRET": "set 1 to 256 characters of A-Z a-z 0-9 _ - "
    "(required with TELEGRAM_WEBHOOK_URL)",
    "TELEGRAM_WEBHOOK_LISTEN": "set the address to listen on, such as 127.0.0.1",
    "TELEGRAM_WEBHOOK_PORT": "must be a port, 1 to 65535",
    "TELEGRAM_STAFF_IDS": "must be numbers separated by commas, such as 12345678,23456789",
    "DATABASE_URL": "must be sqlite:/// and a file, such as sqlite:///data/tsunagari.db",
    "PSEUDONYM_KEY": "set at least 32 characters; make them with: "
    'python3 -c "import secrets; print(secrets.token_hex(32))"',
    "RETENTION_DAYS": "must be a whole number of days, 1 or more",
    "PRIVACY_CONTACT": "must be one line of at most 200 characters, such as an office and its "
    "telephone number",
    "PSEUDONYM_KEYS_OLD": "must be the keys of before, oldest first, separated by spaces, "
    "each of at least 32 characters",
    "CACHE_FOLDER": "must be the path of a folder, or empty for the system's own",
    "CRISIS_HOURS": "must be a whole number of hours, 1 or more",
    "CANARY_MINUTES": "must be a whole number of minutes, 0 for none",
    "KNOWLEDGE_FOLDER": "must be the path of a folder like knowledge/data, or empty for that one",
    "CONSOLE_URL": "must be an http(s) address, such as https://console.example.jp",
    "CONSOLE_LISTEN": "set the address to listen on, such as 127.0.0.1",
    "CONSOLE_PORT": "must be a port, 1 to 65535",
    "HEALTH_LISTEN": "set the address to listen on, such as 127.0.0.1",
    "HEALTH_PORT": "must be a port, 1 to 65535, or 0 for none",
    "PUBLISH_ALONE": "must be true or false",
    "DIGEST_TIME": "must be a time of day in Japan such as 08:30, or off",
    "ATTEST_DAYS": "must be a whole number of days, 1 or more",
    "LOG_LEVEL": "must be one of DEBUG, INFO, WARNING, ERROR",
}
"""How to mend each setting. No value is printed but a folder's path: it may be a secret."""


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one line that names it and the remedy."""

    def __init__(self, setting: str, remedy: str) -> None:
        """Say which setting (``PSEUDONYM_KEY``) or file (``.env``), and what to do."""
        super().__init__(f"{setting}: {remedy}")
        self.setting = setting


def _matching(pattern: str) -> AfterValidator:
    def check(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, secret.get_secret_value(), re.DOTALL):
            raise ValueError
        return secret

    return AfterValidator(check)


def _address(value: str, *schemes: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError
    return value


def _base_url(value: str) -> str:
    value = _address(value, "http", "https").rstrip("/")
    if not value.endswith("/bot"):
        raise ValueError
    return value


def _webhook_url(value: str) -> str:
    return _address(value, "https")


def _web_url(value: str) -> str:
    return _address(value, "http", "https").rstrip("/")


def _numbers(value: object) -> object:
    return re.split(r"[,\s]+", value.strip(", ")) if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What the operator decides. Build it with :func:`load_settings`, which words the errors."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        env_file_encoding="utf-8-sig",
        hide_input_in_errors=True,
    )

    REQUIRED_TO_SERVE: ClassVar[tuple[str, ...]] = ("telegram_bot_token", "pseudonym_key")

    telegram_bot_token: Annotated[SecretStr, _matching(r"\d+:[\w-]+")] | None = None
    """Token of the bot; needed to serve."""
    telegram_base_url: Annotated[str, AfterValidator(_base_url)] = "https://api.telegram.org/bot"
    """Address of the Bot API server, ending in /bot."""
    telegram_rate: Annotated[int, Field(ge=1, le=1000)] = 30
    """Messages a second to all chats together, as many as Telegram allows."""
    telegram_webhook_url: Annotated[str, AfterValidator(_webhook_url)] | None = None
    """Public address Telegram calls; None means long polling."""
    telegram_webhook_secret: Annotated[SecretStr, _matching(r"[A-Za-z0-9_-]{1,256}")] | None = None
    """What Telegram proves itself with; set whenever the webhook URL is."""
    telegram_webhook_listen: str = "127.0.0.1"
    """Address the webhook listens on."""
    telegram_webhook_port: Annotated[int, Field(ge=1, le=65535)] = 8080
    """Port the webhook listens on."""
    telegram_staff_ids: Annotated[frozenset[int], NoDecode, BeforeValidator(_numbers)] = (
        frozenset()
    )
    """Telegram ids of prefectural staff."""
    database_url: Annotated[str, Field(pattern=r"^sqlite:///.*[^/]$")] = (
        "sqlite:///data/tsunagari.db"
    )
    """Where queries are kept; three slashes and a relative path, or four and an absolute one."""
    pseudonym_key: Annotated[SecretStr, _matching(r"[^\r\n]{32,}")] | None = None
    """Key of the pseudonyms, at least 32 characters; needed to serve."""
    pseudonym_keys_old: Annotated[SecretStr, _matching(r"\S{32,}( +\S{32,})*")] | None = None
    """Keys of before, oldest first, separated by spaces; None if the key was never changed."""
    retention_days: Annotated[int, Field(ge=1)] = 90
    """Days until a query is deleted."""
    privacy_contact: Annotated[str, Field(pattern=r"^[^\r\n]{0,200}$")] = ""
    """Who to ask about what is kept: an office and how to reach it; empty: nobody is named."""
    crisis_hours: Annotated[int, Field(ge=1)] = 24
    """Hours for which a contact stays in sight after danger was noticed."""
    canary_minutes: Annotated[int, Field(ge=0)] = 60
    """Minutes between two tests of the answer in danger; 0: none."""
    cache_folder: Path = Field(default_factory=lambda: user_cache_path("tsunagari", False))  # noqa: FBT003
    """Where indexes are kept, so that the next start is quicker; losing it loses nothing."""
    knowledge_folder: Path | None = None
    """Folder of the curated data that is served and edited; None: the one that is installed."""
    console_url: Annotated[str, AfterValidator(_web_url)] = "http://127.0.0.1:8090"
    """Address staff open in their browser; https makes cookies secure."""
    console_listen: str = "127.0.0.1"
    """Address the console listens on."""
    console_port: Annotated[int, Field(ge=1, le=65535)] = 8090
    """Port the console listens on."""
    health_listen: str = "127.0.0.1"
    """Address on which ``serve`` tells its health and metrics; never a public one."""
    health_port: Annotated[int, Field(ge=0, le=65535)] = 0
    """Port for it; 0: none."""
    publish_alone: bool = False
    """Whether an account may sign its own draft."""
    digest_time: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|off)$")] = "08:30"
    """When staff are told what there is to do, in Japan; off: never."""
    attest_days: Annotated[int, Field(ge=1)] = 150
    """Days after which the owner of an entry is asked whether it is still right."""
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = (
        "INFO"
    )
    """The least level that is logged."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment only as given to :func:`load_settings`, then the file."""
        return init_settings, dotenv_settings

    @property
    def data(self) -> Path:
        """Folder of the curated data."""
        return (self.knowledge_folder or DATA).resolve()

    @property
    def database_path(self) -> Path:
        """File of the database, relative to the working directory unless absolute."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def key_chain(self) -> str | None:
        """The key of the pseudonyms as ``bot.store.pseudonym`` takes it; None without one.

        Former keys and today's, a line each. Never log it.
        """
        if self.pseudonym_key is None:
            return None
        former = self.pseudonym_keys_old.get_secret_value() if self.pseudonym_keys_old else ""
        return "\n".join([*former.split(), self.pseudonym_key.get_secret_value()])

    @property
    def missing_to_serve(self) -> tuple[str, ...]:
        """Names of the settings that ``tsunagari serve`` still needs, as in ``.env``."""
        return tuple(
            name.upper() for name in self.REQUIRED_TO_SERVE if getattr(self, name) is None
        )

    @property
    def bot_token(self) -> str:
        """The token in clear; raises SettingsError if there is none. Never log it."""
        if self.telegram_bot_token is None:
            _refuse("TELEGRAM_BOT_TOKEN")
        return self.telegram_bot_token.get_secret_value()

    @property
    def bot_id(self) -> int:
        """Telegram's id of the bot, which its token begins with."""
        return int(self.bot_token.partition(":")[0])


def load_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | str | None = ENV_FILE
) -> Settings:
    """Read the settings; ``environ`` (default: the process's own) wins over ``env_file``.

    Names are upper case; an empty value counts as not set; a missing file is no error.
    Raises SettingsError on the first wrong setting.
    """
    environ = os.environ if environ is None else environ
    given = {
        name: value
        for name in Settings.model_fields
        if (value := environ.get(name.upper(), "").strip())
    }
    # pydantic-settings reads ``_env_file`` besides the fields, which types do not tell.
    build: Callable[..., Settings] = Settings
    try:
        settings = build(_env_file=env_file, **given)
    except ValidationError as error:
        setting = str(error.errors()[0]["loc"][0]).upper()
        raise SettingsError(setting, REMEDIES[setting]) from None  # its own text quotes values
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(env_file), "must be a readable file in UTF-8") from error
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        _refuse("TELEGRAM_WEBHOOK_SECRET")
    _check_folder(settings.knowledge_folder)
    return settings


def check_to_serve(settings: Settings) -> None:
    """Raise SettingsError naming the first setting that ``tsunagari serve`` still needs."""
    for setting in settings.missing_to_serve:
        _refuse(setting)


def _check_folder(folder: Path | None) -> None:
    """Without this check, each file of the knowledge would be missed for itself."""
    try:
        there = folder is None or folder.is_dir()
    except OSError:  # it may not be looked at, or its name is too long
        there = False
    if not there:
        setting = "KNOWLEDGE_FOLDER"
        remedy = f"there is no folder at {str(folder)!r}: {REMEDIES[setting]}"
        raise SettingsError(setting, remedy)


def _refuse(setting: str) -> NoReturn:
    raise SettingsError(setting, REMEDIES[setting])
