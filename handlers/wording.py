"""What the wording of a question asks for, whatever it is about: prefectures, or a clause."""

import re
from typing import Final

from knowledge.text import without_space

_WHICH_PREFECTURES: Final = re.compile(
    "(?:どの|どこの|ほかの|他の|何|なに|よその|いくつの)(?:都道府)?県|他県|よそ(?:の|で|に|は)|ほかでは"
    "|県(?:は|って|を)?(?:どこ|どれ|いくつ|ある|ありますか|あげて|挙げて|教えて|一覧|知りたい)|県$|県の(?:やり方|進め方|例|事例|先例|実例)"
    "|(?:いる|する|してる|やってる|出す|予定の|ある|あった|使った|作った|つくる|始めた|段階の|進める)"
    "(?:都道府)?県|都道府県(?:は|を|って|の一覧)|(?:どの|どこの)けん|けんは(?:どこ|どれ)"
    "|先(?:に|行)(?:やって|して)?(?:る|いる)?(?:とこ|ところ|県)"
    "|whichprefectures|whichotherprefectures|otherprefectures",
    re.IGNORECASE,
)
_WHICH_CLAUSE: Final = re.compile(
    "何番(?!に電話|へ電話|にかけ|へかけ)|なんばん|(?:どの|何の|どこの)(?:番号|項|号|条|取組|取り組み|項目|メニュー)"
    "|番号(?:は|で|でいう|を)|何項|何号|どれに(?:入|当|あた|該当)|に当てはま|に当たる|要領|実施主体"
    "|which(?:item|clause|number|activity)|guideline",
    re.IGNORECASE,
)
_MAY_WE: Final = re.compile(
    "許され|認められ|(?:ても|でも|って)(?:いい|よい|良い|ええ|かまわ|構わ|大丈夫)|(?:の|は)可否|可能か|可能でしょう"
    "|留意|義務|根拠|(?:と|って)書いて|と定め|項目",
)


_OF_REGION: Final = re.compile(
    "(?:東北|関東|甲信越|北陸|東海|中部|近畿|関西|中国地方|山陰|山陽|四国|九州|とうほく|しこく)"
    "(?:の中)?(?:から|で|では|の|は|には|に)(?:.*(?:入|もら|受け|交付|団体|取組|事業|県)|$)"
    "|(?:tohoku|kanto|chubu|kansai|kinki|shikoku|kyushu).*(?:recipient|receive|list|program)"
    "|(?:recipient|receive|list|program|prefecture).*(?:tohoku|kanto|chubu|kansai|kinki|shikoku|kyushu)",
    re.IGNORECASE,
)


def asks_of_region(text: str) -> bool:
    """Whether it asks which prefectures of a region are listed."""
    return bool(_OF_REGION.search(without_space(text)))


def asks_which_prefectures(text: str) -> bool:
    """Whether it asks which prefectures do something, and not by which number it stands."""
    tight = without_space(text)
    return bool(_WHICH_PREFECTURES.search(tight)) and not _WHICH_CLAUSE.search(tight)


def asks_which_clause(text: str) -> bool:
    """Whether it asks where something stands in the guideline: by which number, which item."""
    return bool(_WHICH_CLAUSE.search(without_space(text)))


def asks_permission(text: str) -> bool:
    """Whether it asks what may or must be done, as members ask and seldom people in trouble."""
    return bool(_MAY_WE.search(without_space(text)))
