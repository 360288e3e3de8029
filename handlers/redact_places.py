"""Where the names of houses, schools and workplaces stand; ``handlers.redact`` takes them out.

A small school or shop tells who somebody is. What kind of place it is stays (「[organization]
小学校」), and so does every place that is named by its kind alone: 総合病院, 通信制高校, 株式会社.
"""

from typing import Final

from handlers.redact_names import HAN, KATA

_WORD = rf"[{HAN}{KATA}]"
_HERE = rf"(?<![{HAN}{KATA}])"
"""A name in kanji or katakana begins where another run of them ends."""
_LIKED = "(?:⟨liked⟩)(?:が丘|[一-龥ヶ]{1,2})?"
"""What schools, shops and homes in hiragana are called: flowers, birds, light; and families."""
_HIRAGANA = rf"""(?:{_LIKED}|(?:^|(?<=[\s、。,「(のはがをにへでと・立]))
    (?!より|まで|から|など|その|この|あの|ここ|うち|ほか|おな|やす|わた|みん|ちか)
    [ぁ-ゖー]{{1,6}}[びぶぼまみめゆぎぐげごねほ])"""
"""A name in hiragana, as far as anybody can tell it from words."""

# --- houses -----------------------------------------------------------------------------------
_HOUSE = "(?:⟨houses⟩)"
_BEFORE = rf"""(?:(?<![{HAN}{KATA}])|(?<=[市区町村]))
    (?:(?![市区町村](?!営))[{HAN}{KATA}a-z・·]){{0,12}}"""
_ROOM = r"(?:[a-z\d]{1,2}号?棟)?\s?\d{1,4}(?:-\d{1,4}){0,2}(?:号室?)?(?!\d)"
_COUNTED = r"(?![年月日時分人世円歳戸棟件か軒階回箇個])"
_LIVES = r"(?=\s?(?:に(?:住|引|入居|越)|の(?:上|下|隣|部屋|ベランダ|人)))"
BUILDING: Final = rf"""
    ({_BEFORE}(?:[ぁ-ゖー]{{0,6}}(?<=[んらりばぎみかとこま])[{HAN}]{{0,2}})?{_HOUSE}
      (?:・[{HAN}{KATA}ぁ-ゖ・]{{1,10}}|[{HAN}{KATA}]{{1,8}}|[ぁ-ゖー]{{2,5}}
        (?=\s?\d))?\s?{_ROOM}){_COUNTED}
    | ({_HIRAGANA}{_HOUSE}\s?{_ROOM}){_COUNTED}
    | ({_HERE}[{KATA}・]{{3,12}}[{HAN}]{{0,5}}(?:[a-z]棟)?\s?\d{{1,4}}号室?)
    | ({_HERE}[{KATA}・]{{3,12}}[{HAN}]{{0,5}}\s?\d{{2,4}}){_LIVES}
    | (?:(?:アパート|マンション|建物|団地|寮|物件)の?名前?(?:は|:|\s)|シェアハウス|ゲストハウス
        |女子寮
        |社員寮)\s?[「『]?({_WORD}{{2,16}})(?=[」』]|\s?(?:です|で|に|の|だ|と|、|。|$))
    | \b(?:apartment|apt|building|flat|mansion|condo)(?:\s(?:is|name\sis|called))?:?\s
      ((?:(?-i:[A-Z])[a-z]{{1,15}}\s){{1,3}}\#?\d{{1,4}})
    | \b((?:(?-i:[A-Z])[a-z]{{1,15}}\s){{1,3}}
      (?:heights|mansion|court|hills|residence|tower|apartments?)\s\#?\d{{1,4}})
"""
"""Over folded digits: the house with its room; without one only what is named as a house."""

# --- schools ----------------------------------------------------------------------------------
_KIND = "(?:⟨kinds⟩|[国都道府県市区町村]{1,3}立)"


def _generic(kind: str) -> str:
    """Nothing but kinds of places stands before this kind: 県立の通信制高校."""
    return rf"(?!{_KIND}{{1,3}}(?:の|等|など)?{kind})"


_OWNER = rf"(?:[{HAN}]{{1,6}}[都道府県市区町村])?[国公私都道府県市区町村]立"
_SCHOOL = """(?:⟨schools⟩
    |高校(?!生)|学園(?!祭|都市)|学院(?!生)|大学(?!生|院|病院|進学|入試|受験)|短大(?!生))"""
_SHORT = r"""(?:[東西南北]?[小中]|高|大)(?=の?\s?[一二三四五六1-6]年|に通|を休学|を中退|の生徒
        |に入学)"""


def _named(kind: str, *, least: int = 1) -> str:
    """A name before its kind, in any writing; what is named by its kind alone is let through."""
    generic = _generic(kind)
    return rf"""
    (?:{_OWNER}|{_HERE}) {generic} ({_WORD}{{{least},12}}?)(?<!的) (?={kind})
    | ({_HIRAGANA}) (?={kind})
    | {_HERE}([{HAN}]{{1,2}}(?:が丘|の[木里森丘杜]|なみ|ばら|みどり)) (?={kind})
    """


SCHOOL: Final = rf"""
    {_named(_SCHOOL)}
    | (?:{_OWNER}|{_HERE}){_generic(_SHORT)}([{HAN}]{{2,6}}?)(?={_SHORT})
    | フリースクール[「『\s]?({_HIRAGANA}|{_WORD}{{2,10}})(?=[」』]|に|で|の|へ|、|。|$)
    | \b((?:(?-i:[A-Z])[A-Za-z]{{1,20}}\s){{1,2}}?)(?=(?-i:(?:Elementary|Primary|Junior|Senior
      |High|Middle|Technical|Vocational)\s(?:High\s)?School|University|College)\b)
"""

# --- workplaces -------------------------------------------------------------------------------
_COMPANY = r"(?:株式会社|有限会社|合同会社|合資会社|\((?:株|有|同|資)\)|㈱|㈲)"
_NOT_AFTER = r"""(?!利用|職員|事業|入居|入所|施設|管理|運営|世話|料金|費用|代表|経営|店|屋|員
        |菓子|勤|通
    |以外|等|内|側|送迎|体験|見学|探|希望|申|待|生活|支援|開設|指定|協会|協議会|連絡|所長|長
        |社会|社員|設立
    |委託|補助|参加|団体|法人|地域|自治体|市町村|病院|又は|または|及び|および|か|協働|会社|市場
        |勧誘|間|[型風式系])"""
_NAMED_AFTER = rf"""(?:{_NOT_AFTER}[{HAN}{KATA}a-z・&]{{1,14}}(?=[でにのをはがへとも、。\s()」]
        |です|$)
    |[ぁ-ゖー]{{2,8}}(?:会|園|苑|荘|院|の里|の家|村|舎)
    |{_HIRAGANA})"""
_FACILITY = "(?:⟨facilities⟩)"
_TRADE = r"(?:⟨strong_trades⟩|⟨trades⟩|第[一二三四五\d]工場)"
_STRONG = r"(?:⟨strong_trades⟩|第[一二三四五\d]工場)"
_WORKS = r"""(?=で|に|を|の) (?=.{0,2}[^。、]{0,4}(?:働|勤|バイト|パート|アルバイト|くび|クビ
        |首に|解雇|やめ
    |辞め|退職|入社|就職|派遣|社長|店長|寮|工場長|面接))"""
_MEDICAL = "(?:⟨clinics⟩)"
_JOB = "(?:⟨jobs⟩)"
WORKPLACE: Final = rf"""
    {_COMPANY}\s?({_NAMED_AFTER})
    | {_HERE}({_NOT_AFTER}{_WORD}{{2,14}}?)(?={_COMPANY}(?![ぁ-ゖ]{{0,3}}(?:委託|補助)))
    | (?:社会福祉法人|医療法人(?:社団|財団)?|学校法人)
      ([{HAN}{KATA}ぁ-ゖー]{{1,8}}?)(?=会(?![社議])|学園|病院)
    | (?:{_JOB}の名前?|{_JOB}名)\s?(?:は|:|\s)\s?[「『]?
      ([{HAN}{KATA}a-z・]{{2,16}})(?=[」』]|\s?(?:です|で|と|、|。|$))
    | {_JOB}\s?(?:は|が|:|→)\s?[「『]?{_generic(_TRADE)}
      ([{HAN}{KATA}ぁ-ゖー]{{2,12}}?)(?={_TRADE})
    | {_HERE}{_generic(_STRONG)}({_WORD}{{2,10}}?)(?={_STRONG})
    | {_HERE}{_generic(_TRADE)}({_WORD}{{2,14}}?)(?={_TRADE}{_WORKS})
    | {_FACILITY}[「『\s]?({_NAMED_AFTER})
    | {_named(_MEDICAL)}
"""
"""Over letters as they are."""
