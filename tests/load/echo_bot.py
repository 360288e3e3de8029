"""A bare echo bot of python-telegram-bot: ``python -m tests.load.echo_bot ADDRESS TOKEN``.

With ``--together`` it handles updates side by side, as the library can; without, one by one.
"""

import argparse
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler


async def echo(update: Update, context: Any) -> None:
    """Say what was said or tapped."""
    if query := update.callback_query:
        await query.answer()
        await context.bot.send_message(query.from_user.id, query.data)
    elif update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.echo_bot")
    parser.add_argument("address")
    parser.add_argument("token")
    parser.add_argument("--together", action="store_true")
    given = parser.parse_args()
    application = (
        ApplicationBuilder()
        .token(given.token)
        .base_url(given.address)
        .concurrent_updates(given.together)
        .build()
    )
    application.add_handler(TypeHandler(Update, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
