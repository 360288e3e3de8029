"""Draws pages from templates; everything that is put in is escaped."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from bot.clock import TOKYO
from knowledge.replies import Replies

HERE: Final = Path(__file__).parent
"""The folder of templates and static files."""
STATIC: Final = HERE / "static"


class Pages:
    """The templates, with the sentences of the knowledge as it is now."""

    def __init__(self, replies: Callable[[], Replies]) -> None:
        """Take where the sentences are."""
        self._replies = replies
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(say=self.say, known=self.known)
        self._templates.filters.update(moment=moment, day=day, percent=percent)

    def say(self, key: str, **values: object) -> str:
        """The sentence of a key."""
        return self._replies().say(key, **{name: str(value) for name, value in values.items()})

    def known(self, prefix: str, name: object) -> str:
        """The sentence of a closed id, or the id itself where there is no sentence for it."""
        key = f"{prefix}{name}"
        return self.say(key) if key in self._replies().texts else str(name)

    def draw(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401  whatever a template shows
        """A page."""
        return HTMLResponse(self._templates.get_template(template).render(**values), status)

    def refuse(self, status: int) -> HTMLResponse:
        """The page of an HTTP status that is an error; it tells nothing of what broke."""
        key = f"console.error.{status}"
        what = key if key in self._replies().texts else "console.error.other"
        return self.draw("error.html", status, what=what, said="", session=None)


def moment(at: datetime) -> Markup:
    """A moment, to the minute."""
    local = at.astimezone(TOKYO)
    shown = Markup('<time datetime="{}">{:%Y-%m-%d %H:%M}</time>')
    return shown.format(local.isoformat(timespec="seconds"), local)


def day(at: date) -> Markup:
    """A day."""
    return Markup('<time datetime="{0}">{0}</time>').format(at.isoformat()[:10])


def percent(share: float) -> str:
    """A share of one, as whole percent."""
    return f"{share:.0%}"
