"""Everything that is shown has its words, and numbers of windows stand only with the windows."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from knowledge.canary import CANARY
from knowledge.checks.complete import is_published
from knowledge.checks.files import CRISIS, MISSING, PROGRAMS, SPOKEN
from knowledge.checks.material import Material, at, texts
from knowledge.danger.model import MODEL
from knowledge.danger.training import SENTENCES, is_stale
from knowledge.entries import ProgramList
from knowledge.findings import Finding, KnowledgeError
from knowledge.replies import BASE, FRAME, load_replies
from knowledge.to_say import TO_SAY, Phrase, PhraseFile
from knowledge.vocabulary import Activity, Channel, Need, Topic

WEEKDAYS: Final = "weekdays"
_DAYS: Final = 7

_SHOWN: Final = (
    *(f"topic.{topic}" for topic in Topic),
    *(f"need.{need}" for need in Need),
    *(f"activity.{activity}" for activity in Activity),
    *(f"card.{channel}" for channel in Channel),
    f"language.{BASE}",
    WEEKDAYS,
)
"""The keys of everything whose name can be shown."""

_HYPHEN: Final = "[-‐―－ー]"
_NUMBER: Final = re.compile(
    rf"(?<!\d)(?<!\d{_HYPHEN})"
    rf"(?:[0０]\d{{1,4}}{_HYPHEN}\d{{1,4}}{_HYPHEN}\d{{3,4}}|[0０]\d{{9,10}}|[#＃]\d{{4}})"
    rf"(?!{_HYPHEN}?\d)"
)
"""A number of ten or eleven digits, or #8008, half or full width."""


def replies(material: Material) -> Iterator[Finding]:
    """Sentences are whole, and every name that can be shown is there."""
    keys = material.reply_keys
    if keys is None:
        return
    try:
        load_replies(material.data)
    except KnowledgeError as error:
        yield from error.findings
    programs = material.shaped(PROGRAMS, ProgramList)
    year = (f"year.{programs.fiscal_year}",) if programs else ()
    for key in (*_SHOWN, *year):
        if key not in keys:
            yield at(material.documents[SPOKEN[BASE]], "missing_reply", key=key)


def translations(material: Material) -> Iterator[Finding]:
    """Every file of ``replies/`` has the keys of the Japanese one, and no others."""
    if not material.sound(*SPOKEN.values()):
        return
    japanese = material.documents[SPOKEN[BASE]]
    for language, name in SPOKEN.items():
        document = material.documents[name]
        for key in japanese.data:
            if key not in document.data:
                yield at(japanese, "reply_untranslated", key, key=key, language=language)
        for key in document.data:
            if key not in japanese.data:
                yield at(document, "reply_unknown", key, key=key)


def phrases(material: Material) -> Iterator[Finding]:
    """Something to say stands under every topic, in every language of the frame."""
    file = material.shaped(TO_SAY, PhraseFile)
    if file is None:
        return
    document = material.documents[TO_SAY]
    for topic in Topic:
        if not file.topics.get(topic):
            yield at(document, "phrase_missing", "topics", topic=topic)
    groups: dict[tuple[str, ...], Sequence[Phrase]] = {
        ("anything",): file.anything,
        ("abroad",): file.abroad,
        **{("topics", topic): listed for topic, listed in file.topics.items()},
    }
    for place, listed in groups.items():
        for number, phrase in enumerate(listed):
            if phrase.keys() != set(FRAME):
                wrong = ", ".join(sorted(phrase.keys() ^ set(FRAME)))
                yield at(document, "phrase_languages", *place, number, languages=wrong)


def weekdays(material: Material) -> Iterator[Finding]:
    """The weekdays are seven words in every language."""
    for document in material.reply_documents:
        for place, text in texts(document.data.get(WEEKDAYS, {}), (WEEKDAYS,)):
            if len(text.split()) != _DAYS:
                yield at(document, "wrong_weekdays", *place, text=text)


def crisis(material: Material) -> Iterator[Finding]:
    """People in danger are shown windows that exist and are published."""
    files = material.window_names
    if not material.sound(*files):
        return
    published = {record.entry.id for record in material.windows if is_published(record)}
    found = (material.documents[name] for name in (CRISIS, CANARY) if name in material.documents)
    for document in found:
        for place, text in texts(document.data):
            if text.startswith("window/") and text not in published:
                yield at(document, "crisis_window", *place, id=text)


def model(material: Material) -> Iterator[Finding]:
    """The model of danger was trained on the sentences as they are."""
    document = material.documents.get(SENTENCES)
    path = material.data / MODEL
    if document and path.exists() and is_stale(material.data):
        yield Finding("crisis_model_stale", path, 1)


def numbers(material: Material) -> Iterator[Finding]:
    """A number that is corrected in its window must not live on in a sentence."""
    others = [
        material.documents[name]
        for name in (CRISIS, MISSING, TO_SAY)
        if name in material.documents
    ]
    for document in (*material.reply_documents, *others):
        for place, text in texts(document.data):
            for match in _NUMBER.finditer(text):
                yield at(document, "number_outside_windows", *place, value=match.group())
