"""Every field of a window can be used: numbers can be dialled, hours read, dates believed."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from knowledge.checks.complete import is_national, is_published, prefecture_names
from knowledge.checks.files import GUIDELINE, MUNICIPALITIES, PROGRAMS
from knowledge.checks.material import Material, Record, at
from knowledge.entries import NATIONWIDE, Contact, Guideline, ProgramList, Source, Window
from knowledge.findings import Finding, Severity
from knowledge.gaps import dates_seen
from knowledge.hours import Hours
from knowledge.hours_rules import HoursError
from knowledge.vocabulary import Channel

SOON: Final = 180
"""Days after which an assured window is to be looked at again."""
LATE: Final = 365
"""Days after which it must not be shown any more."""

SHORT_NUMBERS: Final = frozenset({"110", "118", "119", "171", "188", "189"})
_SHARP: Final = re.compile(r"#\d{4}")
_GROUPS: Final = re.compile(r"0\d+(?:-\d+)*")
_ELEVEN_DIGITS: Final = ("0800", "050", "060", "070", "080", "090")
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ADDRESS: Final = re.compile(r"https?://[!-.0-~]+\.[!-.0-~]+(?:/[!-~]*)?")
_BLANK_ID: Final = re.compile(r"window/new-\d+")
_TO_FILL: Final = ("name", "operator", "for", "assured_by")
_LIKE_AN_ADDRESS: Final = re.compile(r"://|^www\.|^https?\b", re.IGNORECASE)


def contacts(material: Material) -> Iterator[Finding]:
    """There is a way to reach it, and every number and address has the form of one."""
    for record in material.windows:
        window = record.entry
        if not window.contacts and not window.url:
            yield record.finding("no_contact")
        if window.url and not _ADDRESS.fullmatch(window.url):
            yield record.finding("wrong_address", "url", value=window.url)
        for number, contact in enumerate(window.contacts):
            if code := _fault(contact):
                yield record.finding(code, "contacts", number, value=contact.value)


def is_phone(value: str) -> bool:
    """Whether a number can be dialled in Japan: 110, #8008, 0570-064-556, 018-835-9052."""
    if value in SHORT_NUMBERS or _SHARP.fullmatch(value):
        return True
    digits = value.replace("-", "")
    expected = 11 if value.startswith(_ELEVEN_DIGITS) else 10
    # Numbers that end in six zeros stand in examples.
    return bool(_GROUPS.fullmatch(value)) and len(digits) == expected and digits[-6:] != "000000"


def _fault(contact: Contact) -> str:
    value = contact.value
    if contact.kind in {Channel.PHONE, Channel.FAX}:
        return "" if is_phone(value) else "wrong_phone"
    if _LIKE_AN_ADDRESS.search(value):
        return "" if _ADDRESS.fullmatch(value) else "wrong_address"
    if contact.kind is Channel.MAIL:
        return "" if _MAIL.fullmatch(value) else "wrong_mail"
    return "wrong_address" if contact.kind is Channel.WEBCHAT else ""


def hours(material: Material) -> Iterator[Finding]:
    """Hours can be evaluated."""
    for record in material.windows:
        try:
            Hours.parse(record.entry.opening_hours, record.entry.holidays)
        except HoursError as error:
            code = f"hours_{error.fault.name.lower()}"
            yield record.finding(code, "opening_hours", part=error.part)


def areas(material: Material) -> Iterator[Finding]:
    """A window serves the area of its file, or a municipality in it.

    A name that two prefectures share would leave open whose window it is.
    """
    if MUNICIPALITIES not in material.plain:
        return
    for record in material.windows:
        area, home = record.entry.area, record.document.data.get("area")
        if area == home:
            continue
        prefectures = material.municipalities.get(area, frozenset())
        if home == NATIONWIDE or home not in prefectures:
            yield record.finding("wrong_area", "area", area=area, file=str(home))
        elif len(prefectures) > 1:
            yield record.finding("ambiguous_area", "area", area=area, file=str(home))


def limits(material: Material) -> Iterator[Finding]:
    """A national window that serves only some prefectures names them."""
    names = set(prefecture_names(material).values())
    for record in material.windows:
        for number, name in enumerate(record.entry.only_in):
            if names and (name not in names or not is_national(record)):
                yield record.finding("wrong_only_in", "only_in", number, value=name)


def languages(material: Material) -> Iterator[Finding]:
    """Every language has a name that can be shown."""
    names = material.reply_keys
    for record in material.windows:
        for number, code in enumerate(record.entry.languages):
            if names is not None and f"language.{code}" not in names:
                yield record.finding("unknown_language", "languages", number, value=code)


def dates(material: Material) -> Iterator[Finding]:
    """Nothing was confirmed in the future, and nothing too long ago."""
    today = material.today
    for record in material.windows:
        yield from _assured(record, (today - record.entry.assured).days)
        for number, source in enumerate(record.entry.sources):
            for value in _future(source, today):
                yield record.finding("future_date", "sources", number, value=value)


def _future(source: Source, today: date) -> Iterator[str]:
    # A page's date may be a month or a year only: 2026-12 is later than 2026-11-21, 2026 is not.
    for text in dates_seen(source):
        if text > today.isoformat()[: len(text)]:
            yield text
    if _later(source.checked, today):
        yield str(source.checked)


def _assured(record: Record[Window], days: int) -> Iterator[Finding]:
    day = str(record.entry.assured)
    if days < 0:
        yield record.finding("future_date", "assured", value=day)
    elif days >= LATE and is_published(record):
        yield record.finding("assured_late", "assured", value=day, days=str(days))
    elif days >= SOON and is_published(record):
        soon = Severity.WARNING
        yield record.finding("assured_soon", "assured", severity=soon, value=day, days=str(days))


def documents(material: Material) -> Iterator[Finding]:
    """A person has compared both documents with their sources, and not in the future."""
    guideline = material.shaped(GUIDELINE, Guideline)
    programs = material.shaped(PROGRAMS, ProgramList)
    if guideline and _later(guideline.in_force_from, material.today):
        yield at(
            material.documents[GUIDELINE],
            "future_date",
            "in_force_from",
            value=str(guideline.in_force_from),
        )
    for name, file in ((GUIDELINE, guideline), (PROGRAMS, programs)):
        if file:
            yield from _source(material, name, file.source)


def _source(material: Material, name: str, source: Source) -> Iterator[Finding]:
    if source.checked is None or not source.checked_by:
        yield at(material.documents[name], "source_unchecked", "source")
    elif _later(source.checked, material.today):
        yield at(
            material.documents[name], "future_date", "source", "checked", value=str(source.checked)
        )


def filled_in(material: Material) -> Iterator[Finding]:
    """Nothing of the form with which a new window begins is left in a published one."""
    fill = material.fill_words
    for record in material.windows:
        if not is_published(record):
            continue
        window = record.entry
        if _BLANK_ID.fullmatch(window.id):
            yield record.finding("id_not_chosen", "id", value=window.id)
        data = window.model_dump(by_alias=True)
        for field in _TO_FILL:
            if data[field] in fill:
                yield record.finding("not_filled_in", field, field=field, value=data[field])
        for number, source in enumerate(window.sources):
            if source.title in fill:
                yield record.finding(
                    "not_filled_in", "sources", number, field="sources", value=source.title
                )


def _later(day: date | None, today: date) -> bool:
    return day is not None and day > today
