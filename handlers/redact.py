"""Takes personal data out of a text before it is kept for staff. Pure; any text, no error.

Better too much than too little, but clause references (3-2-8, ４（３）, 第11条), years, hours,
sums and short public numbers (110, #8000) stay: staff cannot judge a question without them.
Every quantifier is bounded or possessive, so that the time grows with the length and no faster.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from handlers.redact_names import HAN, KATA, PATTERN, mark
from handlers.redact_places import BUILDING, SCHOOL, WORKPLACE
from handlers.redact_words import with_words

_PASSES: Final = 8
"""Taking one thing out can lay open another; a text of a person settles in two or three passes."""

_UNSETTLED: Final = "[text]"
"""Stands for a whole text that does not settle: it was made not to, so nothing of it is kept."""

_KEYCAP: Final = re.compile("[\ufe0e\ufe0f]?\u20e3")
"""What makes a digit look like a key; between digits it would hide a number."""


class _Fold(dict[int, int]):
    """Maps a character to the plain one it stands for, one to one, so that positions hold."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        super().__init__({ord(key): ord(value) for key, value in pairs.items()})

    def __missing__(self, code: int) -> int:
        """The half-width form, or an ASCII digit; ⑧ stays ⑧, for it is a clause's number."""
        char = chr(code)
        digit = unicodedata.decimal(char, None)
        plain = unicodedata.normalize("NFKC", char)
        keep = len(plain) != 1 or unicodedata.category(char) == "No"
        self[code] = code if keep else ord(plain)
        if digit is not None:
            self[code] = ord("0") + digit
        return self[code]


_DASHES: Final = dict.fromkeys("‐‑‒–—―−─━﹣⁻₋", "-")
_KANJI_DIGITS: Final = dict(zip("〇○◯零一二三四五六七八九", "0000123456789", strict=True))
_PLAIN: Final = _Fold(_DASHES)
_PLAIN_DIGITS: Final = _Fold(_DASHES | _KANJI_DIGITS)


def _letters(text: str) -> str:
    return text.translate(_PLAIN)


def _digits(text: str) -> str:
    """With kanji digits folded too. Names need those as they are: 三浦, 五十嵐."""
    return text.translate(_PLAIN_DIGITS)


def _names(text: str) -> str:
    return mark(_letters(text))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What to look for, and what stands in its place."""

    placeholder: str
    """The closed token that staff see."""
    pattern: re.Pattern[str]
    """Its group, if one took part, is what is taken out; otherwise all of it is."""
    view: Callable[[str], str]
    """Gives the form of the text that the pattern is matched against, of the same length."""

    def apply(self, text: str) -> str:
        """The text with every match replaced."""
        pieces, end = [], 0
        for match in self.pattern.finditer(self.view(text)):
            start, stop = match.span(match.lastindex or 0)
            pieces += [text[end:start], self.placeholder]
            end = stop
        return "".join([*pieces, text[end:]])


def _rule(name: str, pattern: str, view: Callable[[str], str] = _digits) -> _Rule:
    # Verbose: white space in a pattern is layout, which \s and [ ] are not.
    return _Rule(f"[{name}]", re.compile(with_words(pattern), re.IGNORECASE | re.VERBOSE), view)


_IS = r"(?:\s|は|が|も|の|:|=|→|「|『|\(|,|、|番号|\bis\b){0,5}"
_UNIT = r"""(?:\s?(?:[年月日時分秒円人名件万億千社校票字回歳才週割章節項条版部冊階%:]
    |[かヶカ][月所年]|箇所|団体|世帯|市町村|都道府県|ページ|以[上下]|程度))"""
"""What shows that a number counts something."""

# --- pages, mail and accounts -----------------------------------------------------------------
_OFFICIAL = r"""(?!(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,6}(?:go|lg)\.jp
    (?:/[a-z0-9/_.-]*)?+(?![?\#%&=@:~]))"""
"""Pages of the state and of municipalities name no person, unless by what follows a question
mark."""
_LINK = rf"""
    {_OFFICIAL} (?: https?://[!-~]++
    | (?<![a-z0-9@._/-]) www\.[!-~]++
    | (?<![a-z0-9@._/-]) (?:[a-z0-9-]{{1,63}}\.){{1,5}} [a-z]{{2,10}} / [!-~]++ )
"""
_LOCAL = r"[a-z0-9._%+'-]"
_LABEL = r"[a-z0-9-]{1,63}"
_AT = r"""(?:[\[(<{«*_|]\s?(?:at|a|アット(?:マーク)?|@)\s?[\])>}»*_|]
    |アットマーク|アット|あっと(?:まーく)?|[★☆●◎])"""
_DOT = r"(?:\.|\s?[\[(]dot[\])]\s?|\s?ドット\s?|\s?どっと\s?)"
_MAIL = rf"""
    {_LOCAL}{{1,64}} @ {_LOCAL}{{1,255}}
    | {_LOCAL}{{1,64}} \s?@\s? {_LABEL} (?:\.{_LABEL}){{1,6}}
    | {_LOCAL}{{1,64}} \s?{_AT}\s? {_LABEL} (?:{_DOT}{_LABEL}){{1,6}}
"""
_SERVICE = r"""(?:LINE|ライン|らいん|インスタ(?:グラム)?|Instagram|Twitter|ツイッター|Facebook
    |フェイスブック|FB|PSN|Zalo|Kakao|マストドン|ブルースカイ|Bluesky|カカオ|TikTok
        |ティックトック|Discord|ディスコード|Skype|スカイプ|Kakao(?:Talk)?
    |カカオ(?:トーク)?|WeChat|微信|WhatsApp|Telegram|テレグラム|Threads|mixi|Zoom|Steam
    |Messenger|YouTube|\bX)(?:\(旧?(?:Twitter|ツイッター)\))?"""
_ACCOUNT = r"""(?:ID|アイディー?|アカウント(?:名|ID)?|account|垢|アカ|ユーザー?(?:名|ネーム|ID)
    |user\s?name|user\s?id|ハンドル(?:ネーム)?|名)"""
_SAID = r"""(?=です(?!か)|だよ|[。、」』!\n]|って(?!何|なに)|で(?:検索|登録)
    |を(?:追加|登録|フォロー)|\s{0,3}$)"""
_HANDLE = rf"""
    (?<![a-z0-9._%+-]) @[a-z0-9_.]{{2,40}}
    | {_SERVICE}\s?[のは]?\s?{_ACCOUNT}(?:検索で)? {_IS}
      (?!(?:is|are|was|will|required|needed|necessary|search|or|and|for|to)\b)
      ([a-z0-9_.@:\#-]{{3,40}}+)
    | (?<![a-z])(?:ID|アカウント名?|垢名?|ユーザー名|user\s?name|user\s?id)
      \s?(?:は|が|:|=|→|「|\bis\b|\s)\s?「? (?!guideline|program|window)
      ((?=[a-z]{{0,30}}[\d_.\#-])[a-z0-9_.@\#-]{{3,40}}+ | [a-z]{{3,40}}+{_SAID})
    | {_SERVICE}\s?(?:は|が|:|=|→)\s?「? ((?=[\d_.\#-]{{0,20}}[a-z])
      (?:(?=[a-z]{{0,30}}[\d_.\#-])[a-z0-9_.\#-]{{4,40}}+ | [a-z]{{4,40}}+{_SAID}))
    | (?:{_SERVICE}|ディスコ)(?:の名前)?(?:の|は|が|:|\s|\sis\s)\s?((?=[a-z.:]{{0,20}}[\d_])
        (?=[\d_.]{{0,20}}[a-z])[a-z0-9_.\#:-]{{4,40}}+)
    | \bID((?=[a-z]{{0,20}}[\d_.-])(?!-)[a-z0-9_.-]{{5,30}}+)
    | (?:フレンド(?:コード)?|招待コード|友達コード|微信号|QQ号?)(?:は|:|\s)?\s?
      ((?:sw-)?[a-z0-9_-]{{5,20}}(?:\s\d{{4}}){{0,2}})
    | (?<![a-z0-9_.-])(?=[a-z.]{{2,20}}[\d_])[a-z0-9_.]{{5,30}}+(?=です(?!か)|だよ)
"""

# --- dates of birth ---------------------------------------------------------------------------
_N = r"[\d十百元]{1,5}"
_YEAR = rf"(?:(?:19|20)\d\d|(?:明治|大正|昭和|平成|令和|[MTSHR明大昭平令])\s?{_N})"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = rf"""(?:{_YEAR}\s?[年./-]\s?{_N}\s?[月./-]\s?{_N}日?|{_YEAR}年(?:{_N}月)?(?![代度])
    |{_N}月{_N}日|(?<!\d)(?:19|20)\d{{6}}(?!\d)|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?
    |{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s\d{{4}})?|\d{{1,2}}\s{_MONTH},?\s\d{{4}})"""
_BIRTH = rf"""
    ({_DATE}) (?:に|の|、|\s){{0,2}}
      (?:生まれ|うまれ|産まれ|生れ|出生(?!率)|生(?![活徒涯産前後命存き]))
    | (?:生年月日|誕生日|バースデー|(?:生|う|産)まれ(?:た(?:の|日|年)?)?
      |date\sof\sbirth|\bDOB|birthday|\bborn|\bnasci(?:d[oa])?(?:\sem)?|nascimento|aniversário
      |sinh\s(?:ngày|năm)|ngày\ssinh|出生日期|出生年月日?|生日)
      (?:\(.{{1,4}}\))?(?:は|が|も|:|\s|\bis\b|\bon\b|\bin\b){{0,5}} ({_DATE})
"""

# --- telephone, postal code, other numbers ----------------------------------------------------
_GAP = r"[-ー\s().・·…/_の]{0,3}"
_TOLL_FREE = r"(?:0120|0570)[-ー\s]?\d{2,3}[-ー\s]?\d{3,4}(?![-ー]?\d)"
"""Numbers of organizations: no person has one, and staff need them to judge a question."""
_PHONE = rf"""
    \+ (?:{_GAP}\d){{8,14}}
    | \bo[5-9]o[-ー\s]?\d{{4}}[-ー\s]?\d{{4}}
    | (?<!\d)(?<!\d[-./]) (?!{_TOLL_FREE}) (?: 0{_GAP}[5-9]{_GAP}0 (?:{_GAP}\d){{8}}(?!\d)
      | 0 (?:{_GAP}\d){{9}}(?!\d) | 0 (?:{_GAP}\d){{9,}}+ )
    | (?:電話|携帯|ケータイ|スマホ|TEL|FAX|ファックス|℡|☎|📞|番号|連絡先)(?:番号)?
      \s?(?:は|が|:|\s){{0,3}} (?!(?:19|20)\d\d[-ー](?:19|20)\d\d)
      (\d{{2,4}}[-ー]\d{{4}}(?![-ー]?\d|{_UNIT}))
    | (?<!\d)(\d{{2,4}}[-ー]\d{{4}})(?=[はが][^。\n]{{0,8}}(?:電話|番号|携帯))
"""
_KANA_DIGIT = r"""(?>ゼロ|ぜろ|レイ|れい|マル|まる|オー|イチ|いち|ニー|ニイ|にー|にい|ニ|に
    |サン|さん|ヨン|よん|シチ|しち|ゴー|ゴ|ごー|ご|ロク|ろく|ナナ|なな|ハチ|はち
    |キュー|キュウ|きゅー|きゅう)"""
_SPOKEN = rf"{_KANA_DIGIT}(?:[、,\s・の-]{{0,3}}{_KANA_DIGIT}){{8,}}+"
_MARKED_POSTAL = rf"(?:〒|郵便番号){_IS}\d{{3}}[-ー\sの]{{0,3}}\d{{4}}(?!\d)"
_POSTAL = rf"""\d{{3}}[-ー\sの]\d{{4}}(?=[^\d]{{0,6}}郵便)
    | (?<![\d-])\d{{3}}[-ー]\d{{4}}(?![-ー\d]|{_UNIT})"""
_DOCUMENT = r"""(?:(?:口座|カード|会員|社員|職員|学籍|個人|受付|患者|整理|契約|旅券|年金|免許
    |お客様|被保険者|受給者|ケース)(?:証の?)?番号|マイナンバー|暗証(?:番号)?|パスワード|保険証
    |免許証|診察券|パスポート|在留カード)"""
_NUMBER = rf"""
    (?<!\d)(?!{_TOLL_FREE})(?=(?:[-ー\s]?\d){{9}})(?!(?:19|20)\d\d[-\s](?:19|20)\d\d(?!\d))
      \d{{3,8}}(?:[-ー\s]\d{{3,8}}){{1,4}}+(?!\d|{_UNIT})
    | (?<!\d)(?!{_TOLL_FREE})[a-z]{{0,3}}(?<!\d)\d{{7,}}+[a-z]{{0,3}}(?!{_UNIT})
    | (?<!\d)\d(?:\s\d){{6,}}+(?!\d)
    | {_DOCUMENT}{_IS}((?=[a-z-]{{0,12}}\d)[a-z0-9-]{{4,40}}+(?:\s\d{{2,7}}){{0,4}}+)(?!{_UNIT})
    | (?:普通(?:預金)?|当座|記号|番号){_IS}(?:第\s?)?([a-z]{{0,2}}\d{{5,}}+)(?!{_UNIT})
    | (?:口座|普|店番|支店(?:番号|コード)|店舗番号|保険証?の?記号|(?<=険証の)記号){_IS}
        (\d{{3,8}})(?!\d|{_UNIT})
    | (?:セキュリティ(?:コード|番号)|CVC2?|CVV2?|(?:カードの?)?裏(?:面|側)?の(?:番号
        |数字)?){_IS}(\d{{3,4}})(?!\d)
    | (?:有効)?期限{_IS}(\d{{2}}/\d{{2,4}})(?!\d|/)
    | (?:保険|年金|会員|手帳|番号)(?:の番号)?{_IS}((?!\d-\d-)\d{{2,8}}[-ー]\d{{3,8}}
        (?:[-ー]\d{{1,6}})?)(?!\d|{_UNIT})
    | 第(\d{{4,}}+)号
"""
_PLATE = rf"""
    [{HAN}]{{1,4}}\s?\d{{2,3}}[a-z]?\s?[ぁ-ゖa-z]\s?(?:\d{{1,2}}[-ー]\d{{2}}
        |[・.\s]{{1,3}}\d{{0,2}}[-ー]?\d{{1,2}})(?!\d|{_UNIT})
    | [{HAN}]{{1,4}}\s?\d{{2,3}}[a-z]?(?:\s[ぁ-ゖa-z]\s?
        |[さすせそたちつぬねひふほまみむめゆよらりるろれわ]\s?)\d{{1,4}}(?!\d|{_UNIT})
    | [{HAN}]{{1,5}}[市区町村]\s[ぁ-ゖ]\s\d{{1,4}}(?!\d|{_UNIT})
    | (?:(?<!マイ)ナンバー(?:プレート)?|車番|登録番号){_IS}([・.]{{0,3}}\d{{1,2}}[-ー]\d{{2}}
        |\d{{4}})(?!\d|{_UNIT})
"""

# --- street addresses -------------------------------------------------------------------------
_OTHER = r"""(?:は|を|に(?!し)|で|へ|から|まで|って|など|なら|なの|より|について|という|みたい|さん
    |支援|事業|対策|委託|補助|要領|規定|職員|担当|役所|役場|住民|市民|町民|村民|社協|議会|窓口
    |町村|実施|項|版|県|丁目|様式|別紙|資料|通知|条例)"""
"""After a municipality these begin a sentence about it and are not the rest of an address."""
_TOWN = rf"(?:(?!{_OTHER})[{HAN}{KATA}ぁ-ゖa-z\d\s])"
_LOT = r"\d{1,5}(?:[-ーの]\d{1,5}){1,4}+"
_CLAUSE = r"[1-5]-[1-4](?:-(?:10|[1-9]))?(?![\d-])"
_TAIL = r"[\d十百]{1,5}(?:(?:番地?の?|号|[-ーの])\s?[\d十百]{1,5}){0,4}+(?:番地?|号室?)?"
_HOUSE = r"""(?:ハイツ|コーポ|メゾン|マンション|アパート|レジデンス|ハイム|荘|ビル|団地|コート
    |パレス|ヴィラ|タワー|住宅)"""
_ADDRESS = rf"""
    [\d十百]{{1,4}}丁目\s?{_TAIL} | (?<=[{HAN}{KATA}])[\d十百]{{1,4}}丁目
    | \d[\d十百千]{{0,5}}番地(?:の?\s?\d{{1,4}}(?:[-ー]\d{{1,4}}){{0,2}}号?)?
    | \d{{1,5}}番\s?\d{{1,4}}(?:[-ー]\d{{1,4}})?号
    | \d{{1,3}}号?棟\s?\d{{1,4}}(?:号室?)? | \d{{1,5}}号室
    | (?:[市区町村郡]|大字|通り?|筋)(?<!市区)(?<!市町)(?<!区町)(?<!町村)
      (?:の(?=[{HAN}{KATA}]|(?!{_CLAUSE})\d))?+(?![がともやかの外立営長民]|内[\dでにの])
      {_TOWN}{{0,14}}? ((?<!\d){_LOT}(?!\d|{_UNIT}))
    | [市区町村郡](?:(?!{_OTHER})[{HAN}{KATA}]){{2,6}}
      ((?!19|20)\d{{3,5}}(?!\d|{_UNIT})(?=です|に住|[、。\s]|$))
    | 住所{_IS}((?<!\d){_LOT}(?!\d|{_UNIT}))
    | (?:大|(?<=[市町村]))字{_TOWN}{{1,10}}?((?<!\d){_TAIL}(?!\d|{_UNIT}))
    | (?<=[北南東西])\d{{1,2}}条(?:[東西南北]?\d{{1,2}}丁目)?(?:\s?{_TAIL})?
    | (?:大通り?|通り)(\d{{1,4}}番地?)(?![目線組\d])
    | {_HOUSE}{_TOWN}{{0,10}}?(?<!\d)
      ((?:\d{{1,3}}号?棟\s?)?\d{{2,4}}(?:号室?)?(?!\d|番|棟|{_UNIT}))
    | (?<![\d-])(?!(?:19|20)\d\d-)\d{{1,4}}(?:[-ー]\d{{1,4}}){{3}}(?![\d-])
    | \d{{1,4}}(?:-\d{{1,4}}){{1,3}}(?=[ ,][a-z ,-]{{1,40}}-(?:ku|shi|cho|machi|gun|mura)\b)
    | \b(?:my\saddress\sis|i\slive\sat)\s(\d[\d-]{{0,12}})
    | \b(?:apt|room)\.?\s?(\d{{1,4}})
"""


@cache
def rules() -> tuple[_Rule, ...]:
    """Every rule, in the order in which they are applied.

    A mail address holds what would pass for a handle, a telephone number for a postal code.
    They are made once, which takes a second; whoever starts the program asks for them early.

    Raises:
        KnowledgeError: the word lists are broken.
    """
    return (
        _rule("url", _LINK, _letters),
        _rule("mail", _MAIL, _letters),
        _rule("handle", _HANDLE, _letters),
        _rule("date", _BIRTH),
        _rule("postal-code", _MARKED_POSTAL),
        _rule("phone", _PHONE),
        _rule("phone", _SPOKEN, _letters),
        _rule("postal-code", _POSTAL),
        _rule("number", _PLATE),
        _rule("address", BUILDING),
        _rule("number", _NUMBER),
        _rule("address", _ADDRESS),
        _rule("organization", SCHOOL, _letters),
        _rule("organization", WORKPLACE, _letters),
        _Rule("[name]", re.compile(with_words(PATTERN), re.VERBOSE), _names),
    )


def redact(text: str) -> str:
    """Replace personal data by closed tokens such as ``[phone]``; twice gives the same as once.

    The tokens: phone, mail, url, handle, date (of birth), postal-code, number, address,
    organization (school or workplace), name;
    ``[text]`` for a whole text that would not settle. Invisible characters are taken out too.
    Takes any string and never raises; like the search, it is used by one thread at a time.
    """
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    redacted = _KEYCAP.sub("", visible)
    for _ in range(_PASSES):
        before = redacted
        for rule in rules():
            redacted = rule.apply(redacted)
        if redacted == before:
            return redacted
    return _UNSETTLED
