"""What is missing and how much there is, counted from the published windows."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.census import Age, by_area, census
from knowledge.entries import NATIONWIDE, Clause, Entry, Program, Source, Window, WindowFile
from knowledge.gaps import dates_seen, gaps
from knowledge.load import DATA, load, read_yaml, shape
from knowledge.vocabulary import Kind, Topic
from tests.knowledge.broken import newest_date

TODAY = date(2026, 11, 21)
TEMPLATES: dict[str, tuple[Path, str, type[Entry]]] = {
    "clause": (DATA / "_template_clause.yaml", "clauses", Clause),
    "program": (DATA / "_template_program.yaml", "programs", Program),
    "window": (DATA / "windows" / "_template.yaml", "windows", Window),
}


def template() -> Window:
    """The example of the template."""
    (window,) = shape(read_yaml(TEMPLATES["window"][0]), WindowFile).windows
    return window


def seen(*days: str) -> Window:
    sources = tuple(Source(title="x", seen=day) for day in days)
    return template().model_copy(update={"sources": sources})


def found(*windows: Window) -> dict[str, tuple[Window, ...]]:
    return {NATIONWIDE: (), "山梨県": windows, "秋田県": ()}


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2025", ["2025"]),
        ("検索の抜粋で確認・頁の日付 2025-03", ["2025-03"]),
        ("取得した写し・2026-07-28 確認済みの印", ["2026-07-28"]),
        ("2015・2022", ["2015", "2022"]),
        ("2017頃", ["2017"]),
        ("未読", []),
    ],
)
def test_the_date_of_a_page_is_read_as_far_as_it_goes(text: str, dates: list[str]) -> None:
    assert dates_seen(Source(title="x", seen=text)) == dates


@pytest.mark.parametrize(
    ("days", "newest"),
    [
        (["2023-11-20"], "2023-11-20"),
        (["2023-11-21"], None),
        (["2023-10"], "2023-10"),
        (["2023-11"], None),
        (["2022"], "2022"),
        (["2023"], None),
        (["2013", "2026-07"], None),
        (["", "未読"], ""),
    ],
)
def test_a_window_with_old_or_undated_pages_is_reported(
    days: list[str], newest: str | None
) -> None:
    window = seen(*days)

    expected = () if newest is None else ((window, newest),)
    assert gaps(found(window), TODAY).old == expected


def test_unknown_hours_are_reported() -> None:
    known = template()
    unknown = known.model_copy(update={"opening_hours": ""})

    assert gaps(found(known, unknown), TODAY).hours_unknown == (unknown,)


def test_prefectures_without_an_own_window_are_reported_by_topic() -> None:
    without = gaps(found(template()), TODAY).without

    assert without[Topic.LONELINESS] == ("秋田県",)
    assert without[Topic.DV] == ("山梨県", "秋田県")
    assert without.keys() == set(Topic)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, Age.FRESH),
        (89, Age.FRESH),
        (90, Age.HALFWAY),
        (179, Age.HALFWAY),
        (180, Age.SOON),
        (364, Age.SOON),
        (365, Age.LATE),
    ],
)
def test_ages_are_those_of_the_check(days: int, age: Age) -> None:
    assert Age.of(days) is age


def test_everything_is_counted() -> None:
    knowledge = load()
    areas = by_area(knowledge, DATA)

    counted = census(knowledge, areas, newest_date())

    assert counted.kinds[Kind.CLAUSE] == 27
    assert counted.kinds[Kind.WINDOW] == len(knowledge.windows) == sum(counted.areas.values())
    assert list(counted.areas)[:2] == [NATIONWIDE, "北海道"]
    assert len(counted.areas) == 48
    assert counted.topics[Topic.SUICIDE][0] >= 1
    assert sum(counted.ages.values()) == len(knowledge.windows)


def test_without_a_national_file_the_national_ones_are_none() -> None:
    knowledge = replace(load(), areas=(), windows=())

    assert census(knowledge, {}, TODAY).topics[Topic.DV] == (0, 0)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_templates_have_the_fields_of_their_entries(kind: str) -> None:
    """A field that is added to an entry has to be explained in its template."""
    path, key, model = TEMPLATES[kind]
    (entry,) = read_yaml(path).data[key]

    names = {field.alias or name for name, field in model.model_fields.items()}
    assert entry.keys() == names - {"kind"}
    assert model.model_validate(entry)
    assert path.read_text(encoding="utf-8").count("#") >= len(entry)
