"""The overview of the console, its charts, and the page from which figures are handed out."""

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined

from bot.figures_tables import handout
from bot.figures_words import Words
from bot.store.counting import Period
from bot.store.rows import row_of, row_of_outcome
from bot.web.charts import FIRST, SECOND, WIDTH, About, Value, bars, columns
from bot.web.downloads import KINDS, content_of, download, figures_values
from bot.web.overview import overview_values
from handlers.messages import Status
from handlers.ports import Outcome, OutcomeKind
from tests.bot.queries import AT, KEY, days, kept, query, unanswered

BASE = "<title>{% block title %}{% endblock %}</title><main>{% block main %}{% endblock %}</main>"
SCRIPT = "<script>alert(1)</script>"
ABOUT = About("topic", "困りごと", "多いのは仕事", ("困りごと", "質問数"))
TEMPLATES = Path(__file__).parents[2] / "bot/web/templates"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pages() -> Environment:
    loader = ChoiceLoader([DictLoader({"layout.html": BASE}), FileSystemLoader(TEMPLATES)])
    return Environment(autoescape=True, loader=loader, undefined=StrictUndefined)


def overview(pages, db, library, **values) -> str:
    shown = overview_values(db, library, library.replies, AT, **values)
    tasks = [("/groups", "待っている群", 1), ("/checks", "確かめるもの", 1234)]
    return pages.get_template("overview.html").render(shown, tasks=tasks)


def pictures(page: str) -> list[ET.Element]:
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]  # noqa: S314


# ---- charts


def test_the_longest_bar_is_as_wide_as_the_picture():
    chart = bars(
        ABOUT, [Value("仕事", 8, cells=("8",)), Value("妊娠", 2, cells=("2",)), Value("他", 0)]
    )

    assert [rect.width for rect in chart.rects] == [WIDTH, WIDTH / 4]
    assert [label.text for label in chart.labels] == ["仕事", "8", "妊娠", "2", "他", "0"]
    assert chart.rows == (("仕事", "8"), ("妊娠", "2"), ("他",))


def test_a_long_label_is_cut_in_the_picture_and_whole_in_the_table():
    chart = bars(ABOUT, [Value("あ" * 40, 1)])

    assert chart.labels[0].text == "あ" * 25 + "…"
    assert chart.rows[0][0] == "あ" * 40


def test_columns_are_as_high_as_their_numbers_and_in_two_parts():
    chart = columns(ABOUT, [Value("1", 10, 4), Value("2", 5), Value("3", 0)], [0])
    parts = [(r.height, r.fill) for r in chart.rects if r.fill in {FIRST, SECOND}]

    assert parts == [(72, FIRST), (47, SECOND), (60, FIRST)]


def test_a_chart_of_nothing_is_empty():
    assert bars(ABOUT, []).rects == ()
    assert [rect.width for rect in columns(ABOUT, [], []).rects] == [WIDTH]


def test_no_label_below_a_column_is_cut_off_at_the_edge():
    chart = columns(ABOUT, [Value(f"11/{n}", n) for n in range(30)], [0, 29])
    below = [label.x for label in chart.labels if label.anchor == "middle"]

    assert (min(below) >= 18, max(below) <= WIDTH - 18) == (True, True)


@pytest.mark.parametrize("colour", [FIRST, SECOND])
@pytest.mark.parametrize("ground", ["#ffffff", "#f3f5f8"])
def test_colours_are_seen_well_enough(colour: str, ground: str):
    def light(code: str) -> float:
        parts = [int(code[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (light(ground) + 0.05) / (light(colour) + 0.05) >= 3


# ---- the overview


@pytest.fixture
def busy(db):
    """Three weeks of questions, a gap, a draft and a window in trouble."""
    kept(db, query(), query(at=AT - days(3)), unanswered(), unanswered(at=AT - days(9)))
    kept(db, query(at=AT - days(9)), query(slots={"topics": [SCRIPT], "prefectures": ["岐阜県"]}))
    kept(db, query(at=AT - days(31)), query(status=Status.SMALLTALK, entries=(), scores=()))
    db.table("groups").insert({"id": 1, "made": AT.isoformat(), "state": "open"})
    group = {"id": 2, "made": AT.isoformat(), "window": "window/yorisoi", "state": "claimed"}
    db.table("groups").insert(group)
    draft = {"at": "", "author": "sato", "entry": "e", "file": "f", "base": "", "text": "t"}
    for state in ("draft", "draft", "discarded"):
        db.table("edits").insert({**draft, "state": state, "writers": "[]"})
    for window, kind in (("yorisoi", "wrong"), ("110", "failed"), ("119", "reached")):
        told = Outcome(AT, f"window/{window}", OutcomeKind(kind))
        db.table("outcomes").insert(row_of_outcome(told))


@pytest.mark.usefixtures("busy")
def test_it_leads_to_what_waits_for_staff(pages, db, library):
    page = overview(pages, db, library)
    links = re.findall(r'<a href="(/\w+)"><strong>([\d,]+)</strong> (.*?)</a>', page)

    assert links == [("/groups", "1", "待っている群"), ("/checks", "1,234", "確かめるもの")]


@pytest.mark.usefixtures("busy")
def test_it_tells_the_share_of_unanswered_ones_of_both_weeks(pages, db, library):
    page = overview(pages, db, library)

    assert "この30日の質問は 7 件、1 人からです。" in page
    assert "この7日で 20.0%、その前の7日で 50.0% です。" in page


@pytest.mark.usefixtures("busy")
def test_charts_have_a_name_a_description_and_their_numbers(pages, db, library):
    page = overview(pages, db, library)
    drawn = pictures(page)

    assert len(drawn) == 5
    for picture in drawn:
        title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
        assert picture.get("role") == "img"
        assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert title.text
        assert description.text
    assert page.count("<details>") == 5
    assert "多いのは 答えた（4件）、" in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("busy")
def test_windows_in_trouble_are_named_with_what_is_done(pages, db, library):
    page = overview(pages, db, library)

    assert "<td>0</td><td>0</td><td>1</td><td>対応中</td>" in page
    assert "<td>0</td><td>1</td><td>0</td><td></td>" in page
    assert "119番（火事・救急）</th><td>1</td>" not in page
    assert page.count("<td>2026-11-21</td>") == 10


@pytest.mark.usefixtures("busy")
def test_nothing_in_it_is_a_script_or_a_style_of_its_own(pages, db, library):
    page = overview(pages, db, library)

    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)


@pytest.mark.usefixtures("busy")
def test_no_wording_stands_in_it(pages, db, library):
    assert "ここにない質問" not in overview(pages, db, library)


def test_an_empty_house_says_so(pages, db, library):
    page = overview(pages, db, library)

    assert "なし、その前の7日で なし" in page
    assert page.count("ありません。") >= 6
    assert len(pictures(page)) == 5


def test_it_speaks_english(pages, db, library):
    assert "<h1>Today&#39;s work</h1>" in overview(pages, db, library, language="en")


# ---- what is handed out


def test_the_page_offers_the_months_there_are_and_the_files_of_one(pages, library):
    words = Words(library.replies, library.knowledge)
    chosen = Period.month("2026-10")
    values = figures_values(words, AT.date(), date(2026, 9, 30), chosen)
    page = pages.get_template("figures.html").render(values)

    assert [name for name, _ in values["months"]] == ["2026-11", "2026-10", "2026-09"]
    assert '<option value="2026-10" selected>2026年10月</option>' in page
    for kind in KINDS:
        assert f'href="/figures/2026-10/{kind}"' in page


def test_where_nothing_is_kept_there_is_this_month(library):
    values = figures_values(
        Words(library.replies, library.knowledge), AT.date(), None, Period.month("2026-11")
    )

    assert values["months"] == [("2026-11", "2026年11月")]


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [
        ("csv", "つながり_集計_2026-11.csv", "efbbbf"),
        ("json", "つながり_集計_2026-11.json", "7b"),
        ("markdown", "つながり_報告_2026-11.md", "2320"),
        ("docx", "つながり_報告_2026-11.docx", "504b"),
    ],
)
def test_a_file_has_its_name_and_its_kind(db, library, kind: str, name: str, begins: str):
    db.table("queries").insert(row_of(query(), KEY))
    given = handout(db, Period.month("2026-11"), library.knowledge, library.replies, AT)
    file = download(kind, given)

    assert file.name == name
    assert file.content.hex().startswith(begins)
    assert kind == "docx" or content_of(kind, given) == file.content
