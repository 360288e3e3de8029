"""A new window, as far as it is known: what an officer begins with. What is not known is empty."""

import json
from collections.abc import Iterable

_TEXT = """\
id: window/
status: draft
name: ""
kana: ""
operator: ""
for: ""
topics: [{topics}]
area: {area}
contacts:
  - {{kind: phone, value: ""}}
url: ""
hours: ""
opening_hours: ""
holidays: unknown
cost: unknown
languages: [{languages}]
asks:
{asks}
assured: ""
assured_by: ""
confidence: medium
sources:
  - {{title: "", url: "", seen: ""}}
"""


def new_window(
    *,
    topics: Iterable[str] = (),
    area: str = "",
    languages: Iterable[str] = (),
    asks: Iterable[str] = (),
) -> str:
    """The text of a window's entry, to be completed; it does not pass the check as it is.

    Args:
        topics: ids of its topics.
        area: 全国, a prefecture or a city; empty if not known.
        languages: codes of the languages people asked in; Japanese is always there.
        asks: ways people asked for it.
    """
    every = dict.fromkeys(("ja", *languages))
    lines = [f"  - {json.dumps(ask, ensure_ascii=False)}" for ask in asks]
    return _TEXT.format(
        topics=", ".join(topics),
        area=area or '""',
        languages=", ".join(code for code in every if "-" not in code),
        asks="\n".join(lines or ['  - ""']),
    )
