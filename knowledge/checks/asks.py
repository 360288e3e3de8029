"""People's ways of asking: enough of them, each for one entry, and other ones for the tests."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from knowledge.checks.complete import is_national, is_published
from knowledge.checks.files import GUIDELINE, PROGRAMS, SCOPE
from knowledge.checks.material import Material, listed, texts
from knowledge.findings import Finding
from knowledge.load import Document, Place
from knowledge.text import fold as folded

fold: Final = lru_cache(maxsize=1 << 15)(folded)
"""Two questions of this file fold every ask."""

FEWEST_ASKS: Final = 3
"""Ways of asking that every published entry has."""
FEWEST_QUESTIONS: Final = 2
"""Test questions that every clause, program and published national window has."""
EXPECTED: Final = ("expect", "expect_set", "topic")
"""One of these entries is the right answer, or all of them are, or windows of a topic."""


class Ask(NamedTuple):
    """A way of asking and where it stands."""

    text: str
    """As people say it."""
    owner: str
    """Id of the entry or of the subject outside the documents."""
    document: Document
    """Its file."""
    place: Place
    """Its place in the file."""

    def finding(self, code: str, **values: str) -> Finding:
        """Something wrong with it."""
        line = self.document.line(self.place)
        return Finding(code, self.document.path, line, {"text": self.text, **values}, self.owner)


def enough(material: Material) -> Iterator[Finding]:
    """Every published entry can be asked for in several ways."""
    hidden = {record.entry.id for record in material.windows if not is_published(record)}
    for record in material.records:
        count = len(record.entry.asks)
        if count < FEWEST_ASKS and record.entry.id not in hidden:
            fewest = str(FEWEST_ASKS)
            yield record.finding("few_asks", "asks", count=str(count), fewest=fewest)


def once(material: Material) -> Iterator[Finding]:
    """No way of asking stands twice, in one entry or in two: which one should answer?"""
    first: dict[str, Ask] = {}
    for ask in _asks(material):
        earlier = first.setdefault(fold(ask.text), ask)
        if earlier is not ask:
            line = earlier.document.line(earlier.place)
            where = f"{earlier.owner} {earlier.document.path.name}:{line}"
            yield ask.finding("repeated_ask", first=where)


def unseen(material: Material) -> Iterator[Finding]:
    """No test question is a way of asking: it would only measure that a copy is found."""
    asks = {fold(ask.text): ask for ask in _asks(material)}
    for document in material.questions or ():
        for place, item in _items(document):
            for where, text in _spoken(item):
                if ask := asks.get(fold(text)):
                    question = Ask(text, "", document, (*place, *where))
                    yield question.finding("question_is_ask", owner=ask.owner)


def expected(material: Material) -> Iterator[Finding]:
    """Test questions expect entries that exist, and say what they expect."""
    files = (GUIDELINE, PROGRAMS, *material.window_names)
    if not all(name in material.documents for name in files):
        return
    for document in material.questions or ():
        for place, item in _items(document):
            if not any(_spoken(item)) or not any(item.get(key) for key in EXPECTED):
                yield Ask("", "", document, place).finding("wrong_question")
            for key in (*EXPECTED, "also"):
                for where, name in texts(item.get(key, []), (key,)):
                    if "/" in name and name not in material.ids:
                        yield Ask(name, "", document, (*place, *where)).finding("unknown_expected")


def questions(material: Material) -> Iterator[Finding]:
    """Every clause, program and national window is asked for in the tests.

    A set is the answer to another kind of question and does not count.
    """
    if material.questions is None:
        return
    counts = Counter(
        name
        for document in material.questions
        for _, item in _items(document)
        for name in {name for _, name in texts(item.get("expect", []))}
    )
    national = (r for r in material.windows if is_national(r) and is_published(r))
    for record in (*material.clauses, *material.programs, *national):
        count = counts[record.entry.id]
        if count < FEWEST_QUESTIONS:
            fewest = str(FEWEST_QUESTIONS)
            yield record.finding("few_questions", count=str(count), fewest=fewest)


def _asks(material: Material) -> Iterator[Ask]:
    lists = [(GUIDELINE, "clauses"), (PROGRAMS, "programs"), (SCOPE, "subjects")]
    lists += [(name, "windows") for name in material.window_names]
    for name, key in lists:
        if name in material.documents:
            document = material.documents[name]
            for place, item in listed(document, key):
                for where, text in texts(item.get("asks"), (*place, "asks")):
                    yield Ask(text, str(item.get("id", "")), document, where)


def _items(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield from listed(document, "questions")
    yield from listed(document, "dialogues")


def _spoken(item: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    yield from texts(item.get("q"), ("q",))
    yield from texts(item.get("turns"), ("turns",))
