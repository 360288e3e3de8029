"""The shapes of everything we know. One line of documentation under every field.

Entries are immutable and carry only text, dates and ids: what YAML holds, checked for shape.
What a shape cannot say (verbatim, complete, fresh) is in ``knowledge.check``.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from knowledge.vocabulary import Activity, Channel, Cost, Kind, People, Publication, Topic

Text = Annotated[str, StringConstraints(min_length=1)]
"""A text that is not empty."""

NATIONWIDE = "全国"
"""The ``area`` of a window that serves all prefectures."""


class Shape(BaseModel):
    """Unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Shape):
    """Where a fact or a text comes from."""

    title: Text
    """What the page or document is, or what was read there."""
    url: str = ""
    """Address, or the page's name where no address was readable; empty if there is none."""
    seen: str = ""
    """Date or year of the page that was read, as far as known; empty if not known."""
    checked: date | None = None
    """The day a person compared the entry with this source."""
    checked_by: str = ""
    """Who compared it."""


class Law(Shape):
    """A law or rule that a clause names."""

    name: Text
    """Its name, as the clause writes it."""
    number: str = ""
    """Its number in the clause's own words, such as 令和５年法律第45号."""
    article: str = ""
    """The article named, such as 第11条; empty where the clause names the whole."""


class Entry(Shape):
    """What clauses, programs and windows share."""

    id: Text
    """Never changes: ``guideline/2-2``, ``program/gifu``, ``window/yorisoi``."""
    asks: tuple[Text, ...] = ()
    """Ways people ask for it, at least three; an ask belongs to one entry only."""


class Clause(Entry):
    """One clause of the guideline, word for word."""

    kind: Literal[Kind.CLAUSE] = Kind.CLAUSE
    """The kind of entry."""
    place: Text
    """Its place as the document numbers it: ２（２）, ３（２）⑧, 附則."""
    section: Text
    """The heading of the section it stands in: ２ 実施主体."""
    title: Text
    """A short label for lists and buttons; not part of the document."""
    text: Text
    """The clause, character for character; only layout white space is ours."""
    plain: str = ""
    """An explanation by the editors, always shown as such; empty if there is none."""
    see: tuple[Text, ...] = ()
    """Ids of clauses this one refers to or cannot be read without."""
    laws: tuple[Law, ...] = ()
    """Laws and rules the clause names."""


class Guideline(Shape):
    """One edition of the implementation guideline."""

    edition: Text
    """Short name of the edition: R6."""
    document: Text
    """Full title of the document."""
    notice_number: Text
    """Number of the notice: 府孤推第７号."""
    issuer: Text
    """Who issued it."""
    issued: str = ""
    """The day of the notice as the document writes it: 令和６年４月３日; empty if not known."""
    in_force_from: date
    """The day it came into force."""
    source: Source
    """The document itself."""
    clauses: tuple[Clause, ...]
    """Every clause in the document's order."""


class Facets(Shape):
    """What people ask programs by, in the program text's own words."""

    targets: tuple[Text, ...] = ()
    """Target groups: 若い世代, 県民（16歳以上）."""
    media: tuple[Text, ...] = ()
    """Media used: SNS, 新聞, ラジオ, チラシ, ポータルサイト."""
    partners: tuple[Text, ...] = ()
    """Partners named: （特非）ぎふＮＰＯセンター, 市町村社協."""
    sizes: tuple[Text, ...] = ()
    """Sizes named: 約4,000人, 約500団体."""
    products: tuple[Text, ...] = ()
    """Names of things made: とっとり孤独・孤立サポーター."""
    methods: tuple[Text, ...] = ()
    """Ways of working people ask for: 委託, 補助, 準備会議, 好事例の共有, 視察受入れ."""


class Program(Entry):
    """The program of one recipient, word for word; also the overview and ``program/none``."""

    kind: Literal[Kind.PROGRAM] = Kind.PROGRAM
    """The kind of entry."""
    prefecture: str = ""
    """Name of the prefecture: 山梨県; empty for the overview and ``program/none``."""
    title: Text
    """A short label for lists and buttons; not part of the document."""
    text: Text
    """The program, character for character; for ``program/none`` our own fixed sentence."""
    plain: str = ""
    """An explanation by the editors, always shown as such; empty if there is none."""
    activities: tuple[Activity, ...] = ()
    """Every activity of the guideline that the text names."""
    facets: Facets = Facets()
    """What people ask this program by."""
    see: tuple[Text, ...] = ()
    """Ids of entries to read with it."""


class Platform(Shape):
    """What public pages say of a recipient's platform."""

    prefecture: Text
    """Name of the prefecture."""
    name: str = ""
    """Name of the platform; empty = not confirmed."""
    established: str = ""
    """Year, month or day it was set up; empty = not confirmed."""
    secretariat: str = ""
    """Who runs its office; empty = not confirmed."""
    url: str = ""
    """Its page; empty = not confirmed."""
    status: Literal["confirmed", "partly", "not-confirmed"]
    """How far public pages confirm it."""
    sources: tuple[Source, ...] = ()
    """The pages read."""


class ProgramList(Shape):
    """The programs of one fiscal year."""

    fiscal_year: Text
    """Short name of the fiscal year: R6."""
    document: Text
    """Full title of the document."""
    source: Source
    """The document itself."""
    programs: tuple[Program, ...]
    """The overview, every recipient, and ``program/none``."""


class Contact(Shape):
    """One way to reach a window."""

    kind: Channel
    """The channel."""
    value: Text
    """Number, address or account, as text."""
    label: str = ""
    """What is particular about this contact: 岩手・宮城・福島から; empty for the usual one."""


class Window(Entry):
    """A consultation window. Every fact has a source; what is not known is empty, not guessed."""

    kind: Literal[Kind.WINDOW] = Kind.WINDOW
    """The kind of entry."""
    status: Publication
    """Only published windows are shown; a withdrawn one is kept."""
    name: Text
    """Its name."""
    kana: str = ""
    """Reading of the name in hiragana."""
    name_en: str = ""
    """Its English name, where it has one."""
    operator: Text
    """Who runs it."""
    audience: str = Field("", alias="for")
    """Whom it is for, in our words."""
    note: str = ""
    """How to use it: what to press, where it does not reach; in our words."""
    topics: tuple[Topic, ...] = Field(min_length=1)
    """The troubles it is for."""
    area: Text
    """全国, a prefecture or a city."""
    only_in: tuple[Text, ...] = ()
    """Prefectures outside which a national window cannot be used; empty = everywhere."""
    people: tuple[People, ...] = ()
    """Whom it is only for, as its source says; empty = anybody."""
    contacts: tuple[Contact, ...] = ()
    """The ways to reach it; a page to look one up has only a ``url``."""
    url: str = ""
    """Its page."""
    hours: str = ""
    """Hours as people read them; empty = not known."""
    opening_hours: str = ""
    """Hours in OpenStreetMap syntax without ``PH`` rules; empty = not known or it varies."""
    holidays: str = "unknown"
    """On public holidays: open (as on other days), closed, unknown, or times 09:00-18:00."""
    cost: Cost = Cost.UNKNOWN
    """What it costs to reach."""
    anonymous: Literal["yes", "no", "unknown"] = "unknown"
    """Whether one can stay anonymous."""
    languages: tuple[Text, ...] = ("ja",)
    """ISO 639-1 codes (fil where there is none) of the languages spoken."""
    assured: date
    """The day a person last confirmed the whole record."""
    assured_by: Text
    """Who confirmed it."""
    confidence: Literal["high", "medium"]
    """high: two sources agree, one of them official; medium: one official or two others."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """The pages read."""

    @property
    def title(self) -> str:
        """The name, under the word every entry has for it."""
        return self.name


class WindowFile(Shape):
    """The windows of one area: the whole country, or one prefecture."""

    area: Text
    """全国 or the prefecture's name."""
    windows: tuple[Window, ...] = ()
    """Its windows; empty where no checked fact exists yet."""
