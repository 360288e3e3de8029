"""Everything the assistant reads, loaded once: knowledge, words, index, sentences."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from handlers.changes import ChangeDesk
from handlers.clauses import ClauseDesk
from handlers.crisis import CrisisWatch
from handlers.ports import NO_CONFIRMATIONS, Confirmations
from handlers.programs import ProgramDesk
from handlers.redact import rules
from handlers.windows import WindowDesk
from knowledge.checklists import Checklist, load_checklists
from knowledge.commands import Commands
from knowledge.domains import Domain, Domains
from knowledge.entries import Clause, Program, Window
from knowledge.lexicon import Lexicon
from knowledge.load import DATA, Knowledge, load
from knowledge.needs import NeedReader
from knowledge.places import Gazetteer
from knowledge.regions import RegionFile, load_regions
from knowledge.replies import Replies, load_replies
from knowledge.search import ENTRIES, Document, Index
from knowledge.shelf import NO_SHELF, Shelf
from knowledge.slots import Understanding
from knowledge.text import words
from knowledge.to_say import PhrasesToSay
from knowledge.topics import TopicModel, lessons
from knowledge.vectors import load_vectors
from knowledge.version import version


@dataclass(frozen=True, slots=True)
class Library:
    """What the assistant reads; never changes while it runs."""

    knowledge: Knowledge
    """Clauses, programs and windows."""
    gazetteer: Gazetteer
    """Places."""
    lexicon: Lexicon
    """Word lists."""
    understanding: Understanding
    """Reads slots."""
    index: Index
    """Compares a question with every entry."""
    replies: Replies
    """Sentences."""
    commands: Commands
    """Words that are commands."""
    to_say: PhrasesToSay
    """What people can say to a window."""
    watch: CrisisWatch
    """Notices people in danger."""
    domains: Domains
    """Tells the rules, troubles and other matters apart by their words."""
    clauses: ClauseDesk
    """Quotes clauses."""
    programs: ProgramDesk
    """Quotes programs."""
    windows: WindowDesk
    """Shows windows."""
    checklists: tuple[Checklist, ...]
    """Questions to go through, each with its clause."""
    regions: RegionFile
    """Which prefectures lie together."""
    changes: ChangeDesk
    """Compares the editions of the guideline."""
    version: str = ""
    """Names this state of the data: 12 hexadecimal digits."""


def open_library(
    data: Path = DATA,
    shelf: Shelf = NO_SHELF,
    confirmations: Confirmations = NO_CONFIRMATIONS,
) -> Library:
    """Load everything; ``shelf`` keeps what takes seconds to make.

    ``confirmations`` tell what the owners of entries said.

    Raises:
        KnowledgeError: something is unsound; the message names every file and line.
    """
    rules()  # made now, so that no question is kept waiting or finds a broken list
    knowledge = load(data)
    lexicon = Lexicon.load(data)
    gazetteer = Gazetteer(data)
    vectors = load_vectors()
    model = TopicModel(lessons(knowledge, lexicon, data), vectors, shelf)
    replies = load_replies(data).with_numbers_of(knowledge.windows)
    index = Index(
        map(document, knowledge.entries.values()), lexicon.synonyms, vectors, ENTRIES, shelf
    )
    watch = CrisisWatch.load(data / "crisis.yaml")
    return Library(
        knowledge=knowledge,
        gazetteer=gazetteer,
        lexicon=lexicon,
        understanding=Understanding(gazetteer, lexicon, NeedReader.load(data), model),
        index=index,
        replies=replies,
        commands=Commands(data),
        to_say=PhrasesToSay(data),
        watch=watch,
        domains=_domains(index, lexicon),
        clauses=ClauseDesk(knowledge, replies),
        programs=ProgramDesk(knowledge, replies, confirmations),
        windows=WindowDesk(knowledge, gazetteer, replies, confirmations, watch.named),
        checklists=load_checklists(data),
        regions=load_regions(data),
        changes=ChangeDesk(knowledge.editions, replies),
        version=version(data),
    )


def _domains(index: Index, lexicon: Lexicon) -> Domains:
    outside: Counter[str] = Counter()
    for subject in lexicon.out_of_scope:
        for ask in subject.asks:
            outside.update({lexicon.synonyms.get(form, form) for form in words(ask).forms})
    counts = {
        Domain.RULES: index.said(("guideline/", "program/")),
        Domain.WINDOWS: index.said(("window/",)),
        Domain.OUTSIDE: outside,
    }
    return Domains(counts, lexicon.synonyms)


def document(entry: Clause | Program | Window) -> Document:
    """An entry as the index sees it."""
    if isinstance(entry, Window):
        names = (entry.name, entry.kana, entry.name_en)
        return Document(entry.id, (*filter(None, names), *entry.asks), (entry.audience,))
    text = entry.text.replace("\n", "。").split("。")
    return Document(entry.id, (entry.title, *entry.asks), tuple(filter(None, text)))
