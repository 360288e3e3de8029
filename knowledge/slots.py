"""What a sentence names exactly: places, clauses, years, topics, needs, activities.

Slots come before the score: an entry that contradicts a slot is never the answer.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from knowledge.lexicon import Lexicon
from knowledge.needs import NeedReader
from knowledge.places import Gazetteer
from knowledge.references import References, references
from knowledge.text import Sentence
from knowledge.topics import TopicModel
from knowledge.vocabulary import About, Activity, Age, Need, Topic

_AGAIN: Final = re.compile("再委託|再々委託|さいいたく|又貸し|また貸し|孫請|subcontract")
UNRELATED: Final = 0.5
"""From this probability a sentence is about no trouble at all."""
STORY: Final = 30
"""From so many letters on a message may tell of two troubles."""
CLEAR: Final = 0.7
"""From this probability a part of a message is about a trouble of its own."""
_PART: Final = re.compile(r"[^、。,.!?！？\n]{4,}")
_WORD: Final = re.compile(r"[^\W\d]")
_LATIN: Final = re.compile(r"[a-zà-ỹ]+", re.IGNORECASE)
_HANGUL: Final = re.compile("[가-힣]")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_DEVANAGARI: Final = re.compile("[\u0900-\u097f]")
_KANA: Final = re.compile("[ぁ-ゖァ-ヺ]")
_HAN: Final = re.compile("[一-龥]")


@dataclass(frozen=True, slots=True)
class Slots:
    """Everything a sentence names exactly."""

    prefectures: tuple[str, ...] = ()
    """Names of prefectures, in order; 「〜じゃなくて」 ones left out."""
    ambiguous: tuple[str, ...] = ()
    """Prefectures of a place name that several of them have (府中)."""
    surfaces: tuple[str, ...] = ()
    """The words that named places, as they stand in the text after NFKC."""
    references: References = field(default_factory=References)
    """Clauses, articles and fiscal years."""
    topics: dict[Topic, float] = field(default_factory=dict)
    """Topics of trouble with weights, heaviest first."""
    likely: dict[Topic, float] = field(default_factory=dict)
    """Topics the sentence sounds like, with probabilities, most probable first."""
    told: dict[Topic, float] = field(default_factory=dict)
    """Topics that a part of a long message is about by itself, with the letters of its phrases."""
    needs: tuple[Need, ...] = ()
    """Properties asked of a window."""
    speaks: str | None = None
    """ISO 639-1 code of a language asked for by its name: 英語で."""
    about: About = About.ME
    """Whose trouble it is."""
    age: Age | None = None
    """How old the person is who writes; None = not told."""
    activities: tuple[Activity, ...] = ()
    """Activities of programs."""
    facets: tuple[str, ...] = ()
    """Facets of programs, as the programs write them."""
    asks_program: bool = False
    """Whether it asks for a prefecture's program, or whether the prefecture is listed."""
    again: bool = False
    """再委託: not the same as 委託."""
    language: str = "ja"
    """ISO 639-1 code of the language it is written in."""

    def plain(self) -> dict[str, object]:
        """As JSON values; what is empty is left out."""
        values: dict[str, object] = {
            "prefectures": list(self.prefectures),
            "ambiguous": list(self.ambiguous),
            "clauses": list(self.references.clauses),
            "articles": list(self.references.articles),
            "years": list(self.references.years),
            "topics": [topic.value for topic in self.topics],
            "likely": {topic.value: round(share, 2) for topic, share in self.likely.items()},
            "told": [topic.value for topic in self.told],
            "needs": [need.value for need in self.needs],
            "speaks": self.speaks,
            "about": self.about.value if self.about is not About.ME else "",
            "age": self.age.value if self.age else "",
            "activities": [activity.value for activity in self.activities],
            "facets": list(self.facets),
            "again": self.again,
            "language": self.language if self.language != "ja" else "",
        }
        return {key: value for key, value in values.items() if value}


class Understanding:
    """Reads slots from sentences."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        lexicon: Lexicon,
        needs: NeedReader,
        model: TopicModel | None = None,
    ) -> None:
        """Join the tables of places and words; without a model no topic is likely."""
        self.gazetteer = gazetteer
        self.lexicon = lexicon
        self._needs = needs
        self._model = model

    def slots(self, said: str | Sentence) -> Slots:
        """Everything a sentence names."""
        sentence = Sentence.of(said)
        text, folded = sentence.text, sentence.folded
        places = self.gazetteer.places(sentence)
        named = [place for place in places if not place.negated]
        certain = [next(iter(p.prefectures)) for p in named if len(p.prefectures) == 1]
        unclear = [p.prefectures for p in named if len(p.prefectures) > 1]
        surfaces = tuple(place.surface for place in places)
        topics = self.lexicon.topics(folded, sentence.lemmas)
        needs = {*self.lexicon.needs(folded, sentence.lemmas), *self._needs.needs(sentence)}
        return Slots(
            prefectures=tuple(dict.fromkeys(certain)),
            ambiguous=tuple(sorted(unclear[0])) if unclear and not certain else (),
            surfaces=surfaces,
            references=references(text),
            topics=topics,
            likely=self._likely(sentence.without(surfaces), topics),
            told=self._told(text),
            needs=tuple(need for need in Need if need in needs),
            about=self._needs.about(sentence),
            age=self._needs.age(sentence),
            speaks=self._needs.speaks(sentence) if Need.FOREIGN_LANGUAGE in needs else None,
            activities=self.lexicon.activities(folded),
            facets=self.lexicon.facets(folded),
            asks_program=self.lexicon.asks_program(folded),
            again=bool(_AGAIN.search(sentence.normal.lower())),
            language=self._language(text),
        )

    def _likely(self, rest: Sentence, topics: Mapping[Topic, float]) -> dict[Topic, float]:
        """Topics by the model; none where the sentence is rather about no trouble."""
        found = self._model.of(rest, topics) if self._model and _WORD.search(rest.folded) else {}
        if found.pop(None, 0.0) >= UNRELATED:
            return {}
        return {topic: share for topic, share in found.items() if topic}

    def _told(self, text: str) -> dict[Topic, float]:
        """Topics of parts of a long message: the model is sure and a phrase stands there."""
        told: dict[Topic, float] = {}
        parts = _PART.findall(text) if len(text) >= STORY else []
        for part in map(Sentence, parts):
            topics = self.lexicon.topics(part.folded, part.lemmas)
            likely = self._likely(part, topics) if topics else {}
            topic = next(iter(likely), None)
            if topic and likely[topic] >= CLEAR and topic in topics:
                told[topic] = max(told.get(topic, 0.0), topics[topic])
        return dict(sorted(told.items(), key=lambda item: -item[1]))

    def spoken(self, text: str) -> Slots:
        """Only the language and the places: enough for help in danger, without the index."""
        places = self.gazetteer.places(text)
        named = [p for p in places if len(p.prefectures) == 1 and not p.negated]
        prefectures = tuple(name for place in named for name in place.prefectures)
        return Slots(prefectures=prefectures, language=self._language(text))

    def _language(self, text: str) -> str:
        """The language of a message by its script, then by its words; Japanese when in doubt."""
        for pattern, code in ((_HANGUL, "ko"), (_THAI, "th"), (_DEVANAGARI, "ne")):
            if pattern.search(text):
                return code
        if _KANA.search(text):
            return "ja"
        listed = self.lexicon.file.languages
        if _HAN.search(text):
            return "zh" if any(mark in text for mark in listed.get("zh", ())) else "ja"
        spoken = [word.lower() for word in _LATIN.findall(unicodedata.normalize("NFKC", text))]
        if not spoken:
            return "ja"
        counts = {code: sum(word in listed[code] for word in spoken) for code in listed}
        best = max(counts, key=lambda code: counts[code], default="en")
        return best if counts.get(best) else ("en" if len(spoken) > 1 else "ja")
