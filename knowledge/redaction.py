"""The word lists by which names, houses, schools and workplaces are recognised and taken out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from knowledge.entries import Shape, Text
from knowledge.load import DATA, read_yaml, shape
from knowledge.placenames import PrefectureFile

REDACTION: Final = "redaction.yaml"
PREFECTURES: Final = "prefectures"
"""The list that is not in the file: how prefectures are called without 県, 府, 都."""
_KINDS: Final = ("都", "府", "県")
"""What a name ends in besides; 北海道 is called so in whole."""


class RedactionFile(Shape):
    """``redaction.yaml``. A longer word stands before a shorter one that begins it."""

    family_letters: tuple[Text, ...]
    """Families of one letter: 林."""
    chinese_family_letters: tuple[Text, ...]
    """The usual Chinese families, in simplified letters."""
    given_letters: tuple[Text, ...]
    """Letters that hardly stand in anything but given names."""
    given_names: tuple[Text, ...]
    """Given names in hiragana."""
    old_given_names: tuple[Text, ...]
    """Given names of the old in katakana, without an ending such as コ."""
    name_labels: tuple[Text, ...]
    """What a name follows: 氏名."""
    titles: tuple[Text, ...]
    """What follows a name: さん, 課長."""
    kin: tuple[Text, ...]
    """Family, before a name: 娘."""
    colleagues: tuple[Text, ...]
    """Others, before a name: 担任."""
    liked: tuple[Text, ...]
    """What schools, shops and homes in hiragana are called: flowers, birds, light; families."""
    houses: tuple[Text, ...]
    """What the names of houses end in: ハイツ."""
    kinds: tuple[Text, ...]
    """What tells a kind of place and no name: 通信制 before 高校."""
    schools: tuple[Text, ...]
    """Kinds of schools and nurseries."""
    facilities: tuple[Text, ...]
    """Kinds of homes and shops whose name follows."""
    strong_trades: tuple[Text, ...]
    """Endings of names that only a company has: 工務店."""
    trades: tuple[Text, ...]
    """Endings that a company has where work is told of: 店."""
    clinics: tuple[Text, ...]
    """Kinds of hospitals and pharmacies."""
    jobs: tuple[Text, ...]
    """What a workplace is called before its name: 勤め先."""


def load_redaction(data: Path = DATA) -> Mapping[str, tuple[str, ...]]:
    """The lists by name: those of ``RedactionFile``, and ``PREFECTURES``.

    Raises:
        KnowledgeError: a file is broken.
    """
    lists = shape(read_yaml(data / REDACTION), RedactionFile)
    table = shape(read_yaml(data / "prefectures.yaml"), PrefectureFile)
    names = [prefecture.name for prefecture in table.prefectures]
    short = tuple(name[:-1] if name.endswith(_KINDS) else name for name in names)
    return {**dict(lists), PREFECTURES: short}
