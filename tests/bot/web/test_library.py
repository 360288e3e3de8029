"""While it runs the console looks at the data folder."""

import asyncio
from pathlib import Path

import pytest

from bot.web import app as web_app
from handlers.library import Library
from tests.bot.web.made import Console, FakeSource, settings


def test_while_it_runs_the_console_looks_at_the_folder(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_app, "REFRESH", 0.001)
    console = Console(settings(tmp_path), FakeSource(library))
    looked = asyncio.Event()
    monkeypatch.setattr(FakeSource, "refresh", lambda _: looked.set())

    async def run() -> None:
        async with console.app.router.lifespan_context(console.app):
            await asyncio.wait_for(looked.wait(), 20)

    asyncio.run(run())
