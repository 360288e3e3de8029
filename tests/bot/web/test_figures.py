"""Figures are handed out by month; who took them is in the audit."""

import json

import pytest

from bot.store.audit import read_audit
from tests.bot.web.made import Browser, Console


@pytest.fixture
def viewer(console: Console) -> Browser:
    console.ask("様式はどこですか")
    return console.logged_in("mita")


def test_the_months_there_are_can_be_chosen(viewer: Browser) -> None:
    page = viewer.get("/figures?month=2026-11").text

    assert "/figures/2026-11/csv" in page
    assert "様式" not in page


@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("json", "application/json", b"{"),
        ("markdown", "text/markdown; charset=utf-8", b"#"),
        ("docx", "application/vnd.openxmlformats", b"PK"),
    ],
    ids=["csv", "json", "markdown", "docx"],
)
def test_a_file_is_given_and_noted(
    console: Console, viewer: Browser, kind: str, media_type: str, begins: bytes
) -> None:
    response = viewer.get(f"/figures/2026-11/{kind}")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert response.content.startswith(begins)
    with console.db() as db:
        deed = next(read_audit(db))
    assert (deed.who, deed.what, deed.target) == ("mita", "figures.export", "figures/2026-11")
    assert deed.detail == {"kind": kind}


def test_so_few_people_leave_no_figures(viewer: Browser) -> None:
    told = json.loads(viewer.get("/figures/2026-11/json").content)

    assert "様式" not in str(told)


@pytest.mark.parametrize(
    "path", ["/figures?month=x", "/figures/2026-13/csv", "/figures/2026-11/exe", "/figures/x/csv"]
)
def test_what_does_not_exist_is_not_found(viewer: Browser, path: str) -> None:
    assert viewer.get(path).status_code == 404


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1-01", "2026-13", "x"])
def test_a_month_at_the_edge_of_the_calendar_does_not_exist(viewer: Browser, month: str) -> None:
    assert viewer.get(f"/figures/{month}/csv").status_code == 404
    assert viewer.get(f"/figures?month={month}").status_code == 404
