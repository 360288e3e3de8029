"""Broken data is found: code, file, line, entry, and a remedy that an officer can read."""

from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.check import check, summary
from knowledge.findings import Severity
from knowledge.load import DATA, read_yaml
from tests.knowledge.broken import ANSWERS, Copy, newest_date

GUIDELINE = "guideline/r6.yaml"
PROGRAMS = "programs/r6.yaml"
NATIONAL = "windows/00-national.yaml"
AKITA = "windows/05-akita.yaml"
TOKYO = "windows/13-tokyo.yaml"
DAY = "2099-01-01"


def test_the_curated_data_is_sound() -> None:
    findings = check(today=newest_date(), answers=ANSWERS)

    assert [f.seen_from(Path.cwd()).message for f in findings] == []


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.relative_to(root).as_posix())
        for root in (DATA, ANSWERS.parent)
        for path in sorted((root if root == DATA else ANSWERS).rglob("*.yaml"))
    ],
)
def test_file_can_be_read(path: Path) -> None:
    assert read_yaml(path).data


# One thing broken, one finding, on the line that was changed:
# (file, entry, what is replaced, by what, code), for windows without file and entry.

TEXTS = {
    "a clause with a word too many": (
        GUIDELINE, "guideline/2-1", "都道府県とする。", "都道府県等とする。", "not_verbatim",
    ),
    "a clause that differs from its first letter on": (
        GUIDELINE, "guideline/2-1", "text: 本事業", "text: 当事業", "not_verbatim_at_first",
    ),
    "a clause with ordinary digits for full-width ones": (
        GUIDELINE, "guideline/supplement", "要領は、令和６年", "要領は、令和6年", "not_verbatim",
    ),
    "a clause under another number": (
        GUIDELINE, "guideline/2-3", "place: ２（３）", "place: ２（５）", "label_differs",
    ),
    "a program with another verb": (
        PROGRAMS, "program/shiga", "啓発事業を実施する。", "啓発事業を検討する。", "not_verbatim",
    ),
    "a law the clause does not name": (
        GUIDELINE, "guideline/3-1", "article: 第11条}", "article: 第12条}", "not_in_text",
    ),
    "a facet the program does not name": (
        PROGRAMS, "program/hokkaido", "media: [広報啓発資材]", "media: [テレビ]", "not_in_text",
    ),
    "a program without an activity": (
        PROGRAMS, "program/yamanashi", "activities: [survey]", "activities: []", "no_activity",
    ),
    "a reference to a clause that does not exist": (
        GUIDELINE, "guideline/2-2", "see: [guideline/2-3]", "see: [guideline/2-9]", "unknown_see",
    ),
    "a clause that refers to itself": (
        GUIDELINE, "guideline/2-2", "see: [guideline/2-3]", "see: [guideline/2-2]", "unknown_see",
    ),
}  # fmt: skip

FIELDS = {
    "a phone number with a digit too few": ('"018-835-9052"', '"018-835-905"', "wrong_phone"),
    "a phone number with a letter": ('"018-835-9052"', '"O18-835-9052"', "wrong_phone"),
    "a phone number in full-width digits": ('"018-835-9052"', '"０１８-835-9052"', "wrong_phone"),
    "a phone number without its leading zero": ('"018-835-9052"', '"18-835-9052"', "wrong_phone"),
    "a phone number with dots": ('"018-835-9052"', '"018.835.9052"', "wrong_phone"),
    "a phone number with a double hyphen": ('"018-835-9052"', '"018--835-9052"', "wrong_phone"),
    "a phone number of the template": ('"018-835-9052"', '"0120-000-000"', "wrong_phone"),
    "a short number that does not exist": ('"018-835-9052"', '"112"', "wrong_phone"),
    "a fax number with a word": (
        'phone, value: "018-835-9052"', 'fax, value: "018-835-9052 まで"', "wrong_phone",
    ),
    "a mail address without its domain": (
        'phone, value: "018-835-9052"', "mail, value: soudan@pref", "wrong_mail",
    ),
    "a chat without an address": (
        'phone, value: "018-835-9052"', "webchat, value: チャット相談", "wrong_address",
    ),
    "an address of LINE with a space": (
        'phone, value: "018-835-9052"', 'line, value: "https://line.me/R x"', "wrong_address",
    ),
    "an address without its colon": ('url: "https://www', 'url: "https//www', "wrong_address"),
    "an address that only begins like one": ('url: "https://www', 'url: "www', "wrong_address"),
    "hours that are no opening_hours": (
        'opening_hours: "Mo-Fr 08:30-21:00', 'opening_hours: "月-金 08:30-21:00', "hours_syntax",
    ),
    "hours with public holidays": (
        "; Dec 29-Jan 03 off", "; PH off", "hours_holiday_rule",
    ),
    "hours with a comment as their times": (
        '"Mo-Fr 08:30-21:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off"',
        '"Mo-Fr sunrise-sunset"', "hours_form",
    ),
    "hours in which a week undoes an exception": (
        '"Mo-Fr 08:30-21:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off"',
        '"Dec 29-Jan 03 off; Mo-Fr 08:30-21:00"', "hours_order",
    ),
    "hours that end when they begin": (
        '"Mo-Fr 08:30-21:00; Sa,Su 09:00-18:00; Dec 29-Jan 03 off"',
        '"Mo-Fr 09:00-09:00"', "hours_no_length",
    ),
    "a prefecture's window for another prefecture": (
        "area: 秋田県\n    contacts", "area: 岩手県\n    contacts", "wrong_area",
    ),
    "a window for no place at all": (
        "area: 秋田県\n    contacts", "area: 秋田のほう\n    contacts", "wrong_area",
    ),
    "a language without a name": ("languages: [ja]", "languages: [ja, jp]", "unknown_language"),
    "an operator to fill in": ("operator: 秋田県", "operator: 記入", "not_filled_in"),
    "an operator to fill in, in English": (
        "operator: 秋田県", "operator: fill in", "not_filled_in",
    ),
    "a source to fill in": (
        "{title: 内閣府一覧と県の頁からの書き写し(番号・時間)", "{title: 記入", "not_filled_in",
    ),
    "nobody who assured it": ("assured_by: つながり編集", "assured_by: 記入", "not_filled_in"),
    "a window assured in the future": ('assured: "', f'assured: "{DAY}" # "', "future_date"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_is_found_in_a_document(copy: Copy, kind: str) -> None:
    name, entry, old, new, code = TEXTS[kind]

    line = copy.replace(name, f"- id: {entry}", old, new)

    assert copy.found() == [(code, name, line, entry)]


@pytest.mark.parametrize("kind", FIELDS)
def test_is_found_in_a_window(copy: Copy, kind: str) -> None:
    old, new, code = FIELDS[kind]

    line = copy.replace(AKITA, "- id: window/akita-dv", old, new)

    assert copy.found() == [(code, AKITA, line, "window/akita-dv")]


def test_every_finding_of_the_tables_is_an_error(copy: Copy) -> None:
    copy.replace(AKITA, "- id: window/akita-dv", '"018-835-9052"', '"018-835-905"')

    (finding,) = copy.new()

    assert finding.severity is Severity.ERROR
    assert summary([finding]) == {Severity.ERROR: 1, Severity.WARNING: 0}


def test_the_first_differing_place_is_shown(copy: Copy) -> None:
    copy.replace(GUIDELINE, "- id: guideline/2-1", "は、都道府県とする", "は、都道府県等とする")

    (finding,) = copy.new()

    assert finding.values == {
        "before": "本事業の実施主体は、都道府県",
        "ours": "等とする。",
        "source": "とする。（２）都道府県は、地域",
    }


def test_layout_is_not_the_text(copy: Copy) -> None:
    copy.replace(
        GUIDELINE, "- id: guideline/2-1", "本事業の実施主体は、", "本事業の 実施主体は、　"
    )

    assert copy.found() == []


@pytest.mark.parametrize(
    ("age", "code", "severity"),
    [
        (179, None, None),
        (180, "assured_soon", Severity.WARNING),
        (364, "assured_soon", Severity.WARNING),
        (365, "assured_late", Severity.ERROR),
    ],
)
def test_a_window_assured_long_ago_is_found(
    copy: Copy, age: int, code: str | None, severity: Severity | None
) -> None:
    day = copy.today - timedelta(days=age)
    line = copy.replace(AKITA, "- id: window/akita-dv", 'assured: "', f'assured: "{day}" # "')

    assert copy.found() == ([(code, AKITA, line, "window/akita-dv")] if code else [])
    assert [finding.severity for finding in copy.new()] == ([severity] if severity else [])


def test_a_draft_may_be_old_and_without_asks(copy: Copy) -> None:
    copy.replace(AKITA, "- id: window/akita-dv", "status: published", "status: draft")
    copy.replace(AKITA, "- id: window/akita-dv", 'assured: "', 'assured: "2020-01-01" # "')
    copy.cut(AKITA, "- id: window/akita-dv", "    asks:\n", "    assured:")

    assert copy.found() == []


def test_a_page_or_a_check_of_the_future_is_found(copy: Copy) -> None:
    seen = copy.replace(AKITA, "sources:", "seen: 未読", f"seen: {DAY}, checked: {DAY} #")
    copy.replace(AKITA, "seen: 2099", "#", "} #")

    assert copy.found() == [("future_date", AKITA, seen, "window/akita-dv")] * 2


def test_a_window_that_cannot_be_reached_is_found(copy: Copy) -> None:
    line = copy.replace(AKITA, "windows:", "- id: window/akita-dv", "- id: window/akita-dv")
    copy.cut(AKITA, "- id: window/akita-dv", "    contacts:\n", "    hours:")

    assert copy.found() == [("no_contact", AKITA, line, "window/akita-dv")]


def test_a_municipality_of_two_prefectures_is_found(copy: Copy) -> None:
    line = copy.replace(TOKYO, "- id:", "area: 東京都", "area: 府中市")

    ((code, name, found, _),) = copy.found()
    assert (code, name, found) == ("ambiguous_area", TOKYO, line)


def test_a_city_is_no_national_area(copy: Copy) -> None:
    line = copy.replace(NATIONAL, "- id: window/118", "area: 全国", "area: 横浜市")

    assert ("wrong_area", NATIONAL, line, "window/118") in copy.found()


@pytest.mark.parametrize(
    ("name", "after", "place"),
    [
        (NATIONAL, "- id: window/118", "岩手"),
        (AKITA, "- id: window/akita-dv", "秋田県"),
    ],
)
def test_a_limit_to_no_prefecture_is_found(copy: Copy, name: str, after: str, place: str) -> None:
    line = copy.replace(name, after, "    contacts:", f"    only_in: [{place}]\n    contacts:")

    assert copy.found() == [("wrong_only_in", name, line, after.removeprefix("- id: "))]


def test_the_documents_are_compared_by_somebody(copy: Copy) -> None:
    by = copy.replace(GUIDELINE, "source:", "  checked_by:", "  #")
    day = copy.replace(PROGRAMS, "source:", 'checked: "', f'checked: "{DAY}" # "')
    force = copy.replace(GUIDELINE, "in_force_from:", ' "', f' "{DAY}" # "')

    assert copy.found() == [
        ("future_date", GUIDELINE, force, ""),
        ("source_unchecked", GUIDELINE, by - 4, ""),
        ("future_date", PROGRAMS, day, ""),
    ]


def test_a_new_window_is_filled_in_before_it_is_published(copy: Copy) -> None:
    path = copy.path(AKITA)
    text = path.read_text(encoding="utf-8")
    blank = text.replace("window/akita-dv", "window/new-3", 1)
    copy.write(AKITA, blank)

    assert ("id_not_chosen", "window/new-3") in {(one.code, one.entry) for one in copy.new()}
    copy.write(AKITA, blank.replace("status: published", "status: draft", 1))
    assert "id_not_chosen" not in {one.code for one in copy.new()}
