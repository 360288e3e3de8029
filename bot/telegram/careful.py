"""The library's ways in, made so that an update it cannot read keeps out no other.

The library parses what getUpdates brought as a whole: one bad update, and the whole is thrown
away and asked for again, for ever. Its webhook answers 400, and Telegram calls again.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, ContextTypes, ExtBot, Updater
from telegram.ext._utils.webhookhandler import TelegramHandler, WebhookAppClass, WebhookServer
from telegram.request import HTTPXRequest

from bot.telegram.malformed import (
    is_malformed,
    parsed,
    place_of_malformed,
    readable,
    sound,
)
from bot.telegram.sending import Sender
from bot.telegram.tolerant import Json, load

NO_ANSWER: Final = "Invalid server response"
NO_NUMBERS: Final = "updates without numbers"
_ASK: Final = "getUpdates"


class CarefulRequest(HTTPXRequest):
    """A way to Telegram that reads JSON of any depth."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """Read the server's answer. Raises TelegramError if it is none."""
        answer = load(payload)
        if not isinstance(answer, dict) or not answer.keys() & {"result", "description"}:
            raise TelegramError(NO_ANSWER)
        return answer


class CarefulBot(ExtBot[Any]):
    """Reads each update for itself."""

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:  # noqa: ANN401
        """See the library. What has no number is left out, as it cannot be confirmed."""
        self._brought: list[Json] = []
        await super().get_updates(*args, **kwargs)
        return tuple(parsed(one, self) for one in self._brought)

    async def _do_post(self, endpoint: str, data: Json, **kwargs: Any) -> Any:  # noqa: ANN401
        result = await super()._do_post(endpoint, data, **kwargs)
        if endpoint != _ASK:
            return result
        if not isinstance(result, list):
            raise TelegramError(NO_ANSWER)
        found = (sound(one) for one in result)
        self._brought = [one for one in found if one is not None]
        if result and not self._brought:  # nothing can be confirmed: they would come at once again
            raise TelegramError(NO_NUMBERS)
        return []  # the library is to read none


class CarefulUpdater(Updater):
    """Listens for the webhook with a handler that says yes to what cannot be read too."""

    async def _start_webhook(  # type: ignore[override]  # noqa: PLR0913  what ``serve`` gives
        self,
        *,
        listen: str,
        port: int,
        url_path: str,
        ready: asyncio.Event,
        secret_token: str | None,
        bootstrap_retries: int,
        allowed_updates: Sequence[str] | None,
        webhook_url: str,
        drop_pending_updates: bool | None,
        max_connections: int,
        **_others: object,
    ) -> None:
        path = f"/{url_path.removeprefix('/')}"
        app = WebhookAppClass(path, self.bot, self.update_queue, secret_token)
        app.add_handlers(".*", [(rf"{path}/?", Receiver, app.shared_objects)])
        self._httpd = WebhookServer(listen, port, app, None)
        await self._bootstrap(
            max_retries=bootstrap_retries,
            webhook_url=webhook_url,
            allowed_updates=allowed_updates,
            drop_pending_updates=drop_pending_updates,
            max_connections=max_connections,
            secret_token=secret_token,
        )
        await self._httpd.serve_forever(ready=ready)


class Receiver(TelegramHandler):
    """Takes one update of the webhook."""

    async def post(self) -> None:
        """Take it, and say yes once it is kept, whatever it is."""
        self._validate_post()
        update = readable(self.request.body, self.bot)
        if update is not None:
            await self.update_queue.put(update)


class MalformedHandler(BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]):
    """Shows a national window to who awaits an answer to what could not be read."""

    def __init__(self, sender: Sender) -> None:
        """``sender``: has the words and the way."""

        async def apologize(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            if place := place_of_malformed(update):
                await sender.say(context.bot, place, "telegram.error")

        super().__init__(apologize)

    def check_update(self, update: object) -> bool:
        """Whether it could not be read, nor the words in it."""
        return (
            isinstance(update, Update)
            and is_malformed(update)
            and not (update.effective_user or update.effective_message)
        )
