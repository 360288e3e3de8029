"""``tsunagari serve`` with a fake assistant, as a process: ``python -m tests.serve_process``.

It says on standard output when the store would be closed.
"""

import sys
import time
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.logs import set_up_logs
from bot.settings import Settings, SettingsError, load_settings
from bot.store.post import Post, SqlitePost
from bot.telegram import Answers, serve
from tests.bot.fakes import FakeAssistant, telegram_replies


class JapanClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(ZoneInfo("Asia/Tokyo"))

    def seconds(self) -> float:
        return time.monotonic()


def main(assistant: Answers | None = None) -> int:
    """Serve as the environment says, and give the exit status."""
    assistant = assistant or FakeAssistant()
    try:
        settings = load_settings(env_file=None)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    set_up_logs(settings.log_level, sys.stdout)
    if settings.missing_to_serve:  # serve() says so
        return run(settings, assistant, None)
    key = settings.pseudonym_key.get_secret_value() if settings.pseudonym_key else ""
    with closing(SqlitePost(settings.database_path, key, settings.bot_id, JapanClock())) as post:
        return run(settings, assistant, post)


def run(settings: Settings, assistant: Answers, post: Post | None) -> int:
    """Serve until the end."""
    return serve(
        settings,
        assistant,
        telegram_replies(),
        JapanClock(),
        closing=lambda: sys.stdout.write("closed\n"),
        post=post,
    )


if __name__ == "__main__":
    sys.exit(main())
