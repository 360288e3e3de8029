"""A small Telegram Bot API server on loopback, with people to talk to the bot through it.

    async with BotApiServer() as server:    # the bot's TELEGRAM_BASE_URL is server.base_url
        person = server.person()
        person.says("/start")
        (welcome,) = await server.sent(person, 1)    # waits for it
        person.taps(welcome.buttons[0])
        server.fail_next("sendMessage", status=429, retry_after=1)

It speaks real HTTP and refuses what Telegram refuses (``server.refusals``), but is no Telegram:
one bot, text messages, inline buttons. Every call is kept in ``server.calls``.
"""

from tests.bot_api.people import Button, Group, Person, Sent
from tests.bot_api.server import TOKEN, BotApiServer, Fault

__all__ = ["TOKEN", "BotApiServer", "Button", "Fault", "Group", "Person", "Sent"]
