"""Whatever stands in data, or was written by a person, is text on Telegram and never markup."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.rendering import render
from bot.telegram.splitting import LIMIT, units
from handlers.messages import Card, Choice, Reply, Status
from knowledge.vocabulary import Kind
from tests.bot.fakes import telegram_replies
from tests.bot_api.checks import check_message, visible_text

REPLIES = telegram_replies()
PIECES = st.sampled_from(
    [
        "<b>", "</b>", "</blockquote>", "<a href='x'>", '"', "'", "&", "&amp;", "&lt;b&gt;",
        "&#60;", "&#x3c;script&#x3e;", "<!--", "-->", "<![CDATA[", "]]>", "<tg-spoiler>",
        "\x00", "\u202e", "<", ">", "\n", " ", "あ", "🍚", "tg://user?id=1", "javascript:x",
    ]
)  # fmt: skip
ANY = st.text(max_size=60) | st.lists(PIECES, max_size=12).map("".join)
TAGS = re.compile(r'</?(?:b|blockquote)>|<a href="[^"<>]*">|</a>')
"""All that the bot itself marks up with."""


def seen(*texts: str) -> str:
    return "".join("".join(text.split()) for text in texts)


@given(
    around=st.tuples(ANY, ANY),
    title=ANY.filter(str.strip),
    quote=ANY,
    lines=st.lists(ANY, max_size=3),
    limit=st.sampled_from([200, LIMIT]),
)
def test_any_text_is_shown_as_it_is(
    around: tuple[str, str], title: str, quote: str, lines: list[str], limit: int
) -> None:
    opening, closing = around
    card = Card("window/x", Kind.WINDOW, title, 1.0, quote=quote, lines=tuple(lines))
    reply = Reply(Status.ANSWERED, opening=(opening,), cards=(card,), closing=(closing,))

    parts = render(reply, REPLIES, limit=limit)

    shown = "".join(visible_text(part.html) for part in parts)
    assert seen(shown) == seen(opening, title, quote, *lines, closing)
    for part in parts:
        assert units(part.html) <= limit
        assert check_message({"text": part.html, "parse_mode": "HTML"})
        left = TAGS.sub("", part.html)
        assert "<" not in left
        assert ">" not in left
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", left)


@given(url=ANY.map(lambda text: f"https://example.jp/?a={text}"), label=ANY.filter(str.strip))
def test_an_address_never_leaves_its_tag_nor_a_label_its_button(url: str, label: str) -> None:
    card = replace(Card("window/x", Kind.WINDOW, "題", 1.0), url=url)
    reply = Reply(Status.ANSWERED, cards=(card,), choices=(Choice("a", label),))

    (part,) = render(reply, REPLIES)

    assert visible_text(part.html).startswith("題")
    assert part.html.count("<a ") == part.html.count("</a>") <= 1
    assert TAGS.sub("", part.html).count("<") == 0
    assert part.keyboard is not None
    assert part.keyboard.inline_keyboard[-1][0].text == label  # Telegram reads no markup in it
