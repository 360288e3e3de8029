"""Everything that must be there is there: 27 clauses, 18 programs and 2, windows, platforms."""

from collections.abc import Iterator
from typing import Final

from knowledge.checks.files import GUIDELINE, NATIONAL, PLATFORMS, PREFECTURES, PROGRAMS
from knowledge.checks.material import Material, Record, at, listed
from knowledge.entries import NATIONWIDE, Window
from knowledge.findings import Finding
from knowledge.hours import Hours
from knowledge.hours_rules import HoursError
from knowledge.load import PlatformFile
from knowledge.places import Prefecture, PrefectureFile
from knowledge.vocabulary import Channel, Publication, Topic

_LISTS: Final = {
    "": ("0", "1"),
    "2-": range(1, 5),
    "3-": range(1, 3),
    "3-2-": range(1, 11),
    "4-": range(1, 4),
    "4-1-": range(1, 4),
    "5-": range(1, 3),
}
"""What the guideline numbers, by what stands before the number."""

CLAUSES: Final = frozenset(
    {f"guideline/{before}{n}" for before, numbers in _LISTS.items() for n in numbers}
    | {"guideline/supplement"}
)
"""The ids of the 27 clauses."""

RECIPIENTS: Final = frozenset({
    "hokkaido", "aomori", "yamagata", "fukushima", "gunma", "saitama", "kanagawa", "toyama",
    "yamanashi", "nagano", "gifu", "shiga", "hyogo", "tottori", "tokushima", "kagawa", "ehime",
    "kumamoto",
})  # fmt: skip
"""The ids of the 18 prefectures that received the grant of R6."""

OVERVIEW: Final = "program/overview"
ABSENT: Final = "program/none"
"""The answer for a prefecture that is not among the 18."""

ALL_PROGRAMS: Final = frozenset({f"program/{r}" for r in RECIPIENTS} | {OVERVIEW, ABSENT})
"""The ids of the programs."""

PREFECTURE_CODES: Final = frozenset(f"{number:02}" for number in range(1, 48))


def entries(material: Material) -> Iterator[Finding]:
    """Every clause and every program, and no other."""
    for name, key, expected in (
        (GUIDELINE, "clauses", CLAUSES),
        (PROGRAMS, "programs", ALL_PROGRAMS),
    ):
        if name not in material.documents:
            continue
        document = material.documents[name]
        for missing in sorted(expected - material.ids):
            yield at(document, "missing_entry", key, id=missing)
        for place, item in listed(document, key):
            if item.get("id", "") not in {"", *expected}:
                yield at(document, "unexpected_entry", *place, "id", id=str(item["id"]))


def platforms(material: Material) -> Iterator[Finding]:
    """What is known of the platform of each recipient, and of no other prefecture."""
    file = material.shaped(PLATFORMS, PlatformFile)
    prefectures = _prefectures(material)
    if file is None or prefectures is None:
        return
    document = material.documents[PLATFORMS]
    recipients = [p.name for p in prefectures if p.id in RECIPIENTS]
    listed_names = [platform.prefecture for platform in file.platforms]
    for name in recipients:
        if name not in listed_names:
            yield at(document, "missing_platform", "platforms", prefecture=name)
    for number, name in enumerate(listed_names):
        if name not in recipients or name in listed_names[:number]:
            yield at(document, "unexpected_platform", "platforms", number, prefecture=name)


def prefectures(material: Material) -> Iterator[Finding]:
    """All 47 of them."""
    found = _prefectures(material)
    if found is not None:
        for code in sorted(PREFECTURE_CODES - {prefecture.code for prefecture in found}):
            yield at(
                material.documents[PREFECTURES], "missing_prefecture", "prefectures", number=code
            )


def window_files(material: Material) -> Iterator[Finding]:
    """A file for the whole country and for every prefecture, with its area, and no other."""
    found = _prefectures(material)
    if found is None:
        return
    areas = {NATIONAL: NATIONWIDE} | {window_file(p): p.name for p in found}
    for name, area in areas.items():
        if name not in material.window_names:
            yield Finding("missing_window_file", material.data / name, 1, {"area": area})
    for name in material.window_names:
        if name not in areas:
            yield Finding("unexpected_window_file", material.data / name, 1)
        elif material.sound(name) and material.documents[name].data["area"] != areas[name]:
            yield at(material.documents[name], "area_of_file", "area", area=areas[name])


def window_file(prefecture: Prefecture) -> str:
    """The name of a prefecture's file of windows."""
    return f"windows/{prefecture.code}-{prefecture.id}.yaml"


def topics(material: Material) -> Iterator[Finding]:
    """A national window for every trouble; one by phone, day and night, for those in danger."""
    if not material.sound(NATIONAL):
        return
    document = material.documents[NATIONAL]
    national = [
        record.entry
        for record in material.windows
        if is_national(record) and is_published(record) and not record.entry.only_in
    ]
    for topic in Topic:
        if not any(topic in window.topics for window in national):
            yield at(document, "topic_without_window", "windows", topic=topic)
    if not any(Topic.SUICIDE in w.topics and _answers_always(w) for w in national):
        yield at(document, "no_day_and_night", "windows", topic=Topic.SUICIDE)


def is_national(record: Record[Window]) -> bool:
    """Whether a window belongs to no prefecture; ``only_in`` limits some of these to a few."""
    return record.entry.area == NATIONWIDE


def is_published(record: Record[Window]) -> bool:
    """Whether people are shown a window."""
    return record.entry.status is Publication.PUBLISHED


def _answers_always(window: Window) -> bool:
    try:
        always = Hours.parse(window.opening_hours, window.holidays).always_open
    except HoursError:  # has its own finding
        return False
    return always and any(contact.kind is Channel.PHONE for contact in window.contacts)


def _prefectures(material: Material) -> tuple[Prefecture, ...] | None:
    file = material.shaped(PREFECTURES, PrefectureFile)
    return file.prefectures if file else None


def prefecture_names(material: Material) -> dict[str, str]:
    """The names of the prefectures by their ids; nothing where the table is not sound."""
    return {prefecture.id: prefecture.name for prefecture in _prefectures(material) or ()}
