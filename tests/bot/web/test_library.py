"""The data folder changes while the console runs: what is broken is told, the old stays."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.web import app as web_app
from bot.web.library import FolderLibrary
from bot.web.no_publisher import NoPublisher
from handlers.library import Library
from knowledge.findings import KnowledgeError
from knowledge.load import load
from knowledge.version import version
from tests.bot.web.made import Console, FakeSource, settings
from tests.knowledge.broken import Copy

GIFU = "windows/21-gifu.yaml"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def copy(tmp_path: Path, whole: Copy) -> Copy:
    return Copy(tmp_path, whole)


@pytest.fixture
def source(copy: Copy, library: Library) -> FolderLibrary:
    """Reads the copy; all but its knowledge is that of the real one, which takes no time."""

    def opened() -> Library:
        return replace(library, knowledge=load(copy.data), version=version(copy.data))

    return FolderLibrary(copy.data, opened, version)


def test_a_change_is_read(copy: Copy, source: FolderLibrary) -> None:
    before = source.library
    source.refresh()
    assert source.library is before
    copy.replace(
        GIFU, "window/gifu-inochi", "name: 岐阜いのちの電話", "name: いのちの電話（岐阜）"
    )
    source.refresh()

    assert source.library.knowledge.entries["window/gifu-inochi"].title == "いのちの電話（岐阜）"
    assert source.library.version != before.version


def test_a_file_that_was_only_touched_is_not_read_again(copy: Copy, source: FolderLibrary) -> None:
    before = source.library
    copy.write(GIFU, copy.path(GIFU).read_bytes())
    source.refresh()

    assert source.library is before


def test_broken_yaml_leaves_the_old_knowledge_and_is_told_to_who_is_logged_in(
    tmp_path: Path, copy: Copy, source: FolderLibrary
) -> None:
    values = settings(tmp_path).model_copy(update={"knowledge_folder": copy.data})
    console = Console(values, source)  # type: ignore[arg-type]
    console.staff()
    viewer = console.logged_in("mita")
    before, right = source.library, copy.path(GIFU).read_bytes()
    line = copy.replace(GIFU, "window/gifu-inochi", "name: ", "name: [")
    source.refresh()
    page = viewer.get("/entries").text

    assert source.library is before
    assert "記録のファイルに誤りがあります" in page
    assert f"{GIFU}:{line}" in page
    assert "記録のファイルに誤り" not in console.browser().get("/login").text
    copy.write(GIFU, right)
    source.refresh()
    assert source.findings == ()
    assert "記録のファイルに誤り" not in viewer.get("/entries").text


def test_a_folder_that_is_gone_is_told_and_looked_at_again(
    copy: Copy, source: FolderLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> Iterator[Path]:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rglob", gone)
        source.refresh()
    assert [finding.code for finding in source.findings] == ["unreadable"]
    assert str(copy.folder) not in source.findings[0].message


def test_while_it_loads_nobody_waits(copy: Copy, source: FolderLibrary) -> None:
    before = source.library
    copy.replace(GIFU, "window/gifu-inochi", "name: 岐阜いのちの電話", "name: いのちの電話")
    with source._loading:
        source.refresh()

    assert source.library is before


def test_unsound_knowledge_stops_the_start(copy: Copy) -> None:
    copy.write(GIFU, "windows: [")

    with pytest.raises(KnowledgeError):
        FolderLibrary(copy.data, lambda: load(copy.data), version)  # type: ignore[arg-type, return-value]


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


def test_where_nothing_can_be_published_it_is_said(tmp_path: Path, library: Library) -> None:
    console = Console(settings(tmp_path), FakeSource(library), NoPublisher())  # type: ignore[arg-type]
    console.staff()
    publisher = console.logged_in("dasu")
    publisher.post("/entries/window/yorisoi/edit")
    publisher.post("/edits/1/replay")
    response = publisher.post("/edits/1/sign", was=publisher.field("/edits/1", "was"))

    assert "ファイルに書けなかった" in response.text
    assert "ファイルに書けなかった" in publisher.post("/edits/1/undo").text
