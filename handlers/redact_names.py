"""Where personal names stand in a sentence; ``handlers.redact`` takes them out.

The dictionary of the search (SudachiPy) knows family and given names, and tells 福島 the place
from 福島さん. A name is taken out only where its surroundings show that it is one (名前は…,
…と申します, …さん, 娘の…, a family before a given name): 川口 is also a city, and 恵 a word.
"""

import re
from functools import cache
from typing import Final

from handlers.redact_words import with_words
from knowledge.text import tokenizer

_FAMILY, _GIVEN, _FOREIGN, _PLACE = "\ue000", "\ue001", "\ue002", "\ue003"
_KANA_FAMILY, _KANA_GIVEN = "\ue004", "\ue005"
_MARKS: Final = {"姓": _FAMILY, "名": _GIVEN, "一般": _FOREIGN}
_KANA_MARKS: Final = {"姓": _KANA_FAMILY, "名": _KANA_GIVEN}
"""In hiragana they are less sure: ちょう|ふく is no person but 重複."""
_PRIVATE: Final = dict.fromkeys(range(0xE000, 0xE006), "?")

_CHUNK: Final = 8_000
"""Characters analysed at once; SudachiPy takes up to 49,149 bytes."""

HAN: Final = r"\u3400-\u9fff\uf900-\ufaff々〆ヶ"
"""Inside a character class: kanji."""
KATA: Final = r"ァ-ヺー\u3099\u309a"
"""Inside a character class: katakana, with the voicing marks of folded half-width ones."""

_NOT_NAMED: Final = re.compile(
    r"[市区町県郡名駅]$|(?<![中木西北松河田吉今稲岡奥志藤沢島杉竹野有植梅])村$|^けん$|^[!-~]*$|^[ぁ-ゖ莉央]$"
)
"""No mark for 南市 in 周南市, 長名 in 室長名, けん in みやざきけん, Latin words, one letter."""
_LOAN: Final = re.compile(rf"[{KATA}]{{2,}}")
_HIRAGANA: Final = re.compile("[ぁ-ゖー]+")


def mark(text: str) -> str:
    """The text, as long as before, with every letter of a name replaced by its kind of name."""
    # A lone surrogate is no text to the analyser; a private character would pose as a mark.
    plain = text.encode("utf-8", "replace").decode().translate(_PRIVATE)
    starts = range(0, len(plain), _CHUNK)
    return "".join(_mark(plain[start : start + _CHUNK]) for start in starts)


def _mark(plain: str) -> str:
    marked = []
    for morpheme in tokenizer().tokenize(plain):
        surface = plain[morpheme.begin() : morpheme.end()]
        kind = _kind(morpheme.part_of_speech(), surface, oov=morpheme.is_oov())
        marked.append(kind * len(surface) if kind else surface)
    return "".join(marked)


@cache
def _place_named() -> re.Pattern[str]:
    """Places that are so before they are families, where the dictionary knows no better."""
    return re.compile(with_words("[都道府]$|^(?:日本|⟨prefectures⟩)$"))


def _kind(part: tuple[str, ...], surface: str, *, oov: bool) -> str | None:
    """The mark of a word, or None if it is not a name."""
    if _NOT_NAMED.search(surface):
        return None
    if part[2] == "地名":
        return None if _place_named().search(surface) else _PLACE
    if oov and _LOAN.fullmatch(surface):
        return _FOREIGN
    marks = _KANA_MARKS if _HIRAGANA.fullmatch(surface) else _MARKS
    return marks.get(part[3]) if part[2] == "人名" else None


# Regular expressions over marked text, verbose: white space in them is layout.
_F = f"[{_FAMILY}{_KANA_FAMILY}]{{1,8}}"
_G = f"[{_GIVEN}{_KANA_GIVEN}]{{1,8}}"
_P = f"{_FOREIGN}{{1,12}}(?:[・=]{_FOREIGN}{{1,12}}){{0,3}}"
_L = f"{_PLACE}{{1,8}}"
_HAN = HAN + _FAMILY + _GIVEN + _PLACE + _FOREIGN
_KATA = KATA + _FAMILY + _GIVEN + _FOREIGN
_HIRA = "ぁ-ゖー" + _KANA_FAMILY + _KANA_GIVEN
_SINGLE = "(?:⟨family_letters⟩)"
_LIKELY_GIVEN = rf"(?:[{HAN}]?(?:⟨given_letters⟩)[{HAN}]?|⟨given_names⟩)"
"""What may stand where a given name must: kanji of names only, and common names in hiragana."""
_OLD = "(?:⟨old_given_names⟩)[エコヨ]?"
_FULL = rf"(?:{_F}|{_L}|[{HAN}]{{1,3}})[\s・]?{_G}"
_SURE = rf"(?:{_FULL}|{_F}(?:\s?[{KATA}ぁ-ゖ]{{2,5}}(?=\s?(?:です|と)))?|{_P}|{_G})"
_REST = rf"(?:[\s・]?(?:[{_HAN}]{{1,4}}|[{_HIRA}]{{1,5}}|[{_KATA}]{{1,8}}))"
_LOANED = rf"[{_KATA}]{{1,12}}(?:[\s・][{_KATA}]{{1,12}}){{1,2}}"

_IS = r"""\s?(?:です(?!か)|でござ|っす|だ(?=[よがとし。、!\s]|$)|と申|ともう|といい|と言い
    |っていい|って言い|と名乗)"""
_LABEL = r"(?:⟨name_labels⟩)(?:\(.{0,6}\))?"
_NO_NAME = r"""(?!必|不|匿|仮|偽|何|なん|なに|言|い[わえうっ]|書|聞|き[かくい]|出|だ[しすれ]|伏|秘
    |ひみつ|ひつよ|誰|ど[うこれ]|教|おし|いら|いる|いり|変|へん|要|後|任意|自由|公|非|記|入|知
        |し[らり]
    |なし|無|本名|そ[のれ]|こ[のれ]|あ[のりる]|掲|内[緒密]|イニシ|わか|分|覚|忘|わす|な[いく]
        |同じ|おな
    |別|決|未|事業|団体|委託|県|国|正し|間違|ちが|違|使|つか|載|呼|よ[ばび]|隠|かく|頭文|見
        |み[せら]
    |付|つけ|考|思|ま[だず]|ぜんぶ|全|ふつう|普通|略|各|法人|個人|会社|下の|フル|ニック|カタ
        |ひら|漢字)"""
"""How a sentence goes on that is about names and tells none: 名前は言わなくても…."""
_END = rf"(?={_IS}|\s?(?:でした|で(?![すも])|、|。|,|\.|!|\)|」|/|\n|$)|\s)"
_LABELLED = rf"""{_LABEL}\s?(?:は|が|も|:|=|→|\s)\s?「?{_NO_NAME}
    ( [{_HIRA}]{{2,6}}\s[{_HIRA}]{{2,6}}(?={_IS}|[、。,!\n」)]|$)
    | {_LOANED}(?={_IS}|{_END})
    | {_SURE}(?={_IS}|{_END})
    | [{_HAN}]{{1,6}}{_REST}?{_END}
    | {_LOANED}{_END} | [{_KATA}]{{2,12}}{_END}
    | [{_HIRA}]{{2,6}}?(?:\s[{_HIRA}]{{2,6}}?)?(?={_IS}|[、。,!\n」]|$)
    | [A-Za-z][a-z]{{1,20}}(?:\s[A-Z][a-z]{{1,20}}){{0,2}}{_END} )"""

_HUMBLE = rf"""
    (?<![{_HAN}])([{_HAN}]{{1,6}}{_REST}??)(?=\s?と(?:申し|もうし|申す))
    | ({_LOANED}|[{_KATA}]{{2,12}}|[A-Za-z]{{2,20}}(?:\s[A-Z][a-z]{{1,20}}){{0,2}})
      (?=\s?(?:と|って)(?:申し|もうし|申す|いいます(?!か)|言います(?!か)))
    | (?<=[\s、。はの])([{_HIRA}]{{2,8}}?)(?=\s?と(?:申し|もうし))
    | ((?:{_FULL}|{_F}|{_G}|{_P}))(?=\s?(?:と|って)(?:名乗
      |(?:い|言)(?:います|う(?:者|もの|人|職員|男|女|先生|方|担当|子))
      |(?<=って)(?:人|やつ|奴|職員|男|女|先生|子|医者|上司|担当)))
"""

_SELF = rf"""
    (?:私|わたし|わたくし|僕|ぼく|俺|おれ|自分|あたし|うち|こちら|当方)(?:は|、|が|\s|:){{1,3}}
      ({_SURE}|{_SINGLE}|[{_HAN}]{{1,4}}\s[{_HAN}]{{1,4}}) (?={_IS}|\s?と(?!も))
    | (?:^|[、。!?\sの「]|こんにちは|こんばんは|はじめまして|初めまして|ございます|ます|した)
      ({_FULL}|{_F}(?:\s?[ぁ-ゖ]{{2,5}})?|(?<=[んて、。のた]){_L})(?={_IS})
    | (?:^|[、。!?\n])({_FULL}|{_F}|[{_GIVEN}{_KANA_GIVEN}]{{2,4}}|{_LIKELY_GIVEN})
      (?=です(?!か)|だよ|\(|より(?:$|\n))
    | (?:^|[、。!?\n])([{_KATA}{_PLACE}]{{2,12}}(?:[\s・][{_KATA}{_PLACE}]{{2,12}}){{1,2}})
        (?=です(?!か)|だよ)
    | (?:^|[、。\n])({_GIVEN}{{2,3}})(?=[がはも](?!い))
    | (?:はじめまして|初めまして|こんにちは|こんばんは|失礼します)[、。!]?\s?({_L})(?={_IS})
    | 担当者?:\s?([{_HAN}]{{2,4}}(?<![課係部局室長]))(?=[\s(、。]|$)
    | (?:署名|差出人|差し出し人|代筆|記入者|申請者|相談者|届出人|担当者?|代表者?|連絡者|対象者
        |利用者|保護者|世帯員
        |(?:申請|届出|本)人(?:氏名)?)\s?(?:は|:|\s)\s?({_FULL}|{_F}\s?[{KATA}ぁ-ゖ]{{1,5}}|
        (?:[A-Za-z]\.\s?)?{_F}|{_LOANED})(?=[\s(、。です/]|$)
"""

_TITLE = "(?:⟨titles⟩|氏(?!名)|くん(?!れん)|ちゃん(?!と)|弁護士(?!会))"
_NOT_CHILD = (
    "(?<!ばあ)(?<!じい)(?<!にい)(?<!ねえ)(?<!かあ)(?<!とう)(?<!あか)(?<!わん)(?<!にゃん)(?<!ぼっ)"
    "(?<!ぼう)(?<!おっ)(?<!あん)(?<!じょう)(?<!お)(?<!ばー)(?<!じー)"
)
_TITLED = rf"""
    ({_FULL}|{_F}|{_G}|{_P}|(?<![{_HAN}]){_SINGLE}|{_LIKELY_GIVEN}(?=さん|くん))(?=\s?{_TITLE})
    | ({_L}|⟨prefectures⟩)(?={_TITLE})
    | (?:^|[\s、。のがはと「])([ぁ-ゖ]{{2,4}})(?=くん(?![だでれじな]))
    | (?<![{_HAN}])([{_HAN}]{{1,4}}(?<![兄姉爺婆父母坊嬢赤孫]))(?=くん|ちゃん(?!と))
    | ([ぁ-ゖー]{{1,3}}{_NOT_CHILD})(?=ちゃん(?!と|した))
    | ({_F}|{_L})(?=の(?:お(?:ばあ|じい|ばさん|じさん|かあ|とう|宅|子さん|母さん|父さん)
      |奥さん|旦那さん|息子さん|娘さん|ご主人))
"""

_KIN = "(?:⟨kin⟩)"
_COLLEAGUE = "(?:⟨colleagues⟩)"
_AFTER = r"(?=[がはをにもとへで、。\s」)]|から|まで|より|です|だ|$)"
_RELATED = rf"""
    (?:{_KIN}|{_COLLEAGUE})(?:の|、|・|\s|:|\(|は)({_FULL}|{_F}|{_G}|{_LIKELY_GIVEN}
        |[和洋陽良幸光文正秀]子|{_KANA_GIVEN}{{1,4}}[ぁ-ゖ]{{1,2}}|{_OLD}){_AFTER}
    | (?!隣|近所|うち|本人){_KIN}の(?!騒音|様子|息子|迷子|親子|帽子|菓子|調子|双子|障子|世代
        |時代|年代|古希|郷里|介護)
      ([{HAN}][海斗翔太郎美香菜奈恵代江乃音花華希紀織里莉央也哉樹輝吾羽葵桜咲結陽蓮子春])
        (?=[がはをにもと、。]|$)
    | ([{KATA}]{{2,4}})(?=(?:ばあ|じい|ばー|じー)(?:ちゃん|さん))
    | {_COLLEAGUE}の({_L})(?=[がはをにも、。]|から)
    | ((?=[{_FAMILY}{_GIVEN}{_PLACE}\s]{{3}})[{_FAMILY}{_PLACE}]{{1,8}}\s?{_GIVEN}{{1,8}}+)
    | ({_FULL}|{_F}|{_L})
      (?=\s?(?:まで(?:ご?連絡|お?電話|お願い|折り?返)|様方|より\s{{0,3}}$|宛|あて))
"""

_LATIN = r"[A-Z][A-Za-z'’-]{1,30}"
_LATIN_FULL = rf"{_LATIN}(?:\s(?:da|de|del|dela|dos|van|von|bin|al))?(?:\s{_LATIN}){{1,2}}"
_WORD = r"[^\W\d_]{1,30}"
_ABROAD = rf"""
    (?i:\b(?:my\sname\sis|my\sname['’]s|name\s?:|call\sme))\s+
      (?!(?:required|needed|necessary|not|public|secret|on|in|kept|asked|being|optional|the|an?
      |shown|known|back|at|when|anonymous|recorded|stored|used|to|private|hidden|safe|visible|and
      |or|by|if|please|later)\b)
      ([A-Za-z][A-Za-z'’-]{{1,30}}(?:\s{_LATIN}){{0,2}})
    | \b(?:I'm|I’m|I\sam|This\sis)\s(?!(?:Japanese|Chinese|Korean|Filipin[oa]|Vietnamese|American
      |Brazilian|Indian|Nepal|Thai|Indonesian|British|Canadian|French|German|Russian|Peruvian
      |Muslim|Very|So|Not|Too|In|The|Really|Always|From|At)\b) ({_LATIN_FULL})
    | \b({_LATIN_FULL})(?=\s?(?:です(?!か)|と申|といい|と言い))
    | \b([A-Z]{{2,12}}(?:\s[A-Z]{{2,12}})?)(?=\s?(?:と申|といいます(?!か)))
    | (?i:\b(?:em|mình|tôi|con|cháu|anh|chị)\slà)\s((?=[A-ZÀ-Þ]){_WORD}(?:\s
        (?=[A-ZÀ-Þ]){_WORD}){{0,3}})
    | 我是((?:⟨chinese_family_letters⟩|[{_FAMILY}{_GIVEN}])[{_HAN}]{{1,2}})(?=[,.、。!\s]|$)
    | (?:저는|나는)\s?([가-힣]{{3,4}}?)(?=입니다)
    | \b(?:Mr|Mrs|Ms|Dr|Miss)\b\.?\s?({_LATIN}(?:\s{_LATIN})?)
    | \b([A-Za-z]{{2,20}})(?=-(?:san|sama|kun|chan|sensei)\b)
    | (?i:\b(?:me\sllamo|mi\snombre\ses|meu\snome\sé|me\schamo|je\sm'appelle
      |ang\spangalan\sko\say|tôi\stên\slà|tên\stôi\slà|nama\ssaya|namae\swa))\s+
      ({_WORD}(?:\s(?=[A-ZÀ-Þ]){_WORD}){{0,3}})
    | (?:我叫|我的名字是|我的名字叫|我名字叫)\s?([{_HAN}]{{2,3}})
    | (?:제|내)\s?이름은\s?([가-힣]{{2,4}}?)(?=입니다|이에요|예요|이고|[\s.,]|$)
"""

PATTERN: Final = f"{_LABELLED}|{_HUMBLE}|{_SELF}|{_TITLED}|{_RELATED}|{_ABROAD}"
"""Verbose, over marked text, its lists not yet filled in; the group that matches is the name."""
