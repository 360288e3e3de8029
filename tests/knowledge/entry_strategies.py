"""Any entry that has its shape, whatever its texts are."""

from hypothesis import strategies as st

from knowledge.entries import Clause, Contact, Facets, Law, Program, Source, Window
from knowledge.vocabulary import Activity, Channel, Cost, People, Publication, Topic

ODD = [
    "yes",
    "１２",
    "0570",
    "a: b",
    "a #b",
    "#8008",
    "2026-11-21",
    "a,b",
    "[",
    "?",
    "𠮷",
    " ",
    "a\nb",
]
TEXTS = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
)
MAYBE = st.one_of(st.just(""), TEXTS)


def several(strategy: st.SearchStrategy[object], least: int = 0) -> st.SearchStrategy[object]:
    return st.lists(strategy, min_size=least, max_size=12).map(tuple)


SOURCES = st.builds(
    Source, title=TEXTS, url=MAYBE, seen=MAYBE, checked=st.none() | st.dates(), checked_by=MAYBE
)
CLAUSES = st.builds(
    Clause,
    id=TEXTS.map("guideline/{}".format),
    asks=several(TEXTS),
    place=TEXTS,
    section=TEXTS,
    title=TEXTS,
    text=TEXTS,
    plain=MAYBE,
    see=several(TEXTS),
    laws=several(st.builds(Law, name=TEXTS, number=MAYBE, article=MAYBE)),
)
FACETS = st.builds(Facets, targets=several(TEXTS), sizes=several(TEXTS), methods=several(TEXTS))
PROGRAMS = st.builds(
    Program,
    id=TEXTS.map("program/{}".format),
    asks=several(TEXTS),
    prefecture=MAYBE,
    title=TEXTS,
    text=TEXTS,
    plain=MAYBE,
    activities=several(st.sampled_from(Activity)),
    facets=FACETS,
    see=several(TEXTS),
)
WINDOWS = st.fixed_dictionaries(
    {
        "id": TEXTS.map("window/{}".format),
        "asks": several(TEXTS),
        "status": st.sampled_from(Publication),
        "name": TEXTS,
        "operator": TEXTS,
        "for": MAYBE,
        "note": MAYBE,
        "topics": several(st.sampled_from(Topic), 1),
        "area": TEXTS,
        "only_in": several(TEXTS),
        "people": several(st.sampled_from(People)),
        "contacts": several(
            st.builds(Contact, kind=st.sampled_from(Channel), value=TEXTS, label=MAYBE)
        ),
        "hours": MAYBE,
        "holidays": MAYBE,
        "cost": st.sampled_from(Cost),
        "anonymous": st.sampled_from(["yes", "no", "unknown"]),
        "languages": several(TEXTS),
        "assured": st.dates(),
        "assured_by": TEXTS,
        "confidence": st.sampled_from(["high", "medium"]),
        "sources": several(SOURCES, 1),
    }
).map(Window.model_validate)
ENTRIES = st.one_of(CLAUSES, PROGRAMS, WINDOWS)
