"""What a reply looks like on Telegram."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from bot.telegram.rendering import NUMBERS, Part, render
from bot.telegram.splitting import LIMIT, Piece, Style, split, units
from handlers.messages import Card, Choice, Reply, Status
from knowledge.vocabulary import Kind
from tests.bot.fakes import CLAUSE, LIFELINE, telegram_replies
from tests.bot_api.checks import visible_text

REPLIES = telegram_replies()


def rendered(**parts: object) -> list[Part]:
    return render(Reply(Status.ANSWERED, **parts), REPLIES)  # type: ignore[arg-type]


def buttons(part: Part) -> list[InlineKeyboardButton]:
    assert part.keyboard is not None
    return [button for row in part.keyboard.inline_keyboard for button in row]


# cards ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_is_a_bold_title_its_lines_and_a_link() -> None:
    (part,) = rendered(cards=(LIFELINE,))
    assert part.html == (
        "<b>よりそいホットライン</b>\n電話 0120-279-338\n24時間・無料\n"
        '<a href="https://www.since2011.net/yorisoi/">くわしいページ</a>'
    )
    assert part.plain == (
        "■ よりそいホットライン\n電話 0120-279-338\n24時間・無料\n"
        "くわしいページ: https://www.since2011.net/yorisoi/"
    )


def test_a_quote_is_a_blockquote() -> None:
    (part,) = rendered(cards=(replace(CLAUSE, quote="原文\nのまま", lines=()),))
    assert part.html == "<b>実施要領 2-2</b>\n<blockquote>原文\nのまま</blockquote>"
    assert part.plain == "■ 実施要領 2-2\n「原文\nのまま」"


def test_angle_brackets_from_data_are_escaped() -> None:
    card = Card("window/x", Kind.WINDOW, "<b>&", 1.0, quote="<i>", lines=("a & b",))
    (part,) = rendered(opening=("1 < 2",), cards=(card,), closing=('"</b>"',))
    assert part.html == (
        "1 &lt; 2\n\n<b>&lt;b&gt;&amp;</b>\n<blockquote>&lt;i&gt;</blockquote>\na &amp; b"
        '\n\n"&lt;/b&gt;"'
    )
    assert visible_text(part.html) == '1 < 2\n\n<b>&\n<i>\na & b\n\n"</b>"'


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "tg://user?id=1", "http://", "http://[", "a" * 9]
)
def test_only_web_addresses_are_linked(url: str) -> None:
    (part,) = rendered(cards=(replace(LIFELINE, url=url),))
    assert "<a" not in part.html


def test_an_address_with_quotes_cannot_leave_its_tag() -> None:
    (part,) = rendered(cards=(replace(LIFELINE, url='https://example.jp/?a="><b>&c'),))
    assert 'href="https://example.jp/?a=&quot;&gt;&lt;b&gt;&amp;c"' in part.html


def test_an_address_printed_on_the_card_or_far_too_long_is_not_linked() -> None:
    printed = replace(LIFELINE, lines=(f"ページ {LIFELINE.url}",))
    endless = replace(LIFELINE, url="https://example.jp/" + "a" * LIMIT)
    for card in (printed, endless):
        (part,) = rendered(cards=(card,))
        assert "<a" not in part.html


def test_blank_lines_and_paragraphs_are_left_out() -> None:
    card = replace(LIFELINE, lines=("", " "), url="", quote=" ")
    (part,) = rendered(opening=("", " \n"), cards=(card,), closing=("おわり",))
    assert part.html == "<b>よりそいホットライン</b>\n\nおわり"


def test_an_empty_reply_has_no_messages() -> None:
    assert rendered(opening=(" ",), choices=(Choice("a", "あ"),)) == []


def test_cards_stand_between_opening_and_closing_in_their_order() -> None:
    (part,) = rendered(opening=("はじめ",), cards=(LIFELINE, CLAUSE), closing=("おわり",))
    places = [part.html.index(word) for word in ("はじめ", "よりそい", "実施要領", "おわり")]
    assert places == sorted(places)


# buttons ───────────────────────────────────────────────────────────────────────────────────────


def test_each_number_once_has_a_copy_button() -> None:
    (part,) = rendered(cards=(LIFELINE, replace(LIFELINE, numbers=("119", "0120-279-338"))))
    copies = [(button.text, button.copy_text.text) for button in buttons(part) if button.copy_text]
    assert copies == [
        ("📋 0120-279-338", "0120-279-338"),
        ("📋 0120-279-226", "0120-279-226"),
        ("📋 119", "119"),
    ]


def test_copy_buttons_are_a_handful_and_two_in_a_row() -> None:
    numbers = tuple(f"03-0000-{n:04}" for n in range(20))
    (part,) = rendered(cards=(replace(LIFELINE, numbers=numbers),))
    assert part.keyboard
    assert [len(row) for row in part.keyboard.inline_keyboard] == [2, 2, 2]
    assert len(buttons(part)) == NUMBERS


def test_choices_stand_below_the_numbers_short_ones_side_by_side() -> None:
    choices = (
        Choice("prefecture:19", "山梨県"),
        Choice("none", "この中にない"),
        Choice("place", "住んでいる都道府県の窓口も見る"),
        Choice("reached", "つながった"),
        Choice("failed", "つながらなかった"),
        Choice("wrong", "番号が違う"),
        Choice("en", "I got through"),
    )
    (part,) = rendered(cards=(LIFELINE,), choices=choices)
    assert part.keyboard
    rows = part.keyboard.inline_keyboard
    assert [[button.callback_data for button in row] for row in rows[1:]] == [
        ["prefecture:19", "none"],
        ["place"],
        ["reached", "failed"],
        ["wrong", "en"],
    ]


def test_a_choice_telegram_would_refuse_is_left_out_and_not_the_whole_reply() -> None:
    choices = (
        Choice("あ" * 22, "66 bytes"),
        Choice("", "なし"),
        Choice("a", " "),
        Choice("b", "可"),
    )
    (part,) = rendered(opening=("どれですか",), choices=choices)
    assert [button.callback_data for button in buttons(part)] == ["b"]


def test_a_reply_without_choices_has_no_keyboard() -> None:
    (part,) = rendered(opening=("はい",))
    assert part.keyboard is None


def test_the_keyboard_is_on_the_last_message_alone() -> None:
    parts = rendered(opening=("あ" * 3000, "い" * 3000), choices=(Choice("a", "次"),))
    assert [part.keyboard is None for part in parts] == [True, False]


def test_labels_are_in_the_language_of_the_app() -> None:
    (part,) = render(Reply(Status.ANSWERED, cards=(LIFELINE,)), REPLIES, "en")
    assert "Web page</a>" in part.html


# splitting ─────────────────────────────────────────────────────────────────────────────────────


def test_long_reply_is_split_below_4096() -> None:
    parts = rendered(opening=tuple("文。" * 600 for _ in range(9)), cards=(CLAUSE,) * 9)
    assert len(parts) > 2
    assert all(units(part.html) <= 4096 and units(part.plain) <= 4096 for part in parts)


def test_a_short_reply_is_one_message() -> None:
    assert len(rendered(opening=("あ" * 2000, "い" * 2094))) == 1
    assert len(rendered(opening=("あ" * 2000, "い" * 2095))) == 2


def test_a_card_that_fits_one_message_is_never_torn() -> None:
    cards = tuple(replace(CLAUSE, id=f"c{n}", quote="条" * 1500) for n in range(5))
    parts = rendered(opening=("はじめに。" * 100,), cards=cards)
    for part in parts:
        assert part.html.count("<b>") == part.html.count("府孤推第７号")


def test_a_long_quote_is_cut_at_its_lines_and_quoted_again() -> None:
    lines = [f"第{n}条　" + "条文" * 60 for n in range(60)]
    parts = rendered(cards=(replace(CLAUSE, quote="\n".join(lines)),))
    assert len(parts) == 2
    for part in parts:
        visible_text(part.html)
        assert part.html.count("<blockquote>") == part.html.count("</blockquote>") == 1
    quotes = [part.html.split("blockquote>")[1].removesuffix("</") for part in parts]
    assert "\n".join(quotes).split("\n") == lines


def test_paragraph_ends_are_preferred_to_lines_and_lines_to_sentences() -> None:
    (first, *_) = split([(Piece("あ" * 50 + "\n\n" + "い。\n" * 20),)], limit=90)
    assert first.plain == "あ" * 50
    (first, *_) = split([(Piece("い。い。\n" * 30),)], limit=90)
    assert first.plain.endswith("い。い。")
    (first, *_) = split([(Piece("文です。" * 30),)], limit=90)
    assert first.plain.endswith("。")
    (first, *_) = split([(Piece("word " * 30),)], limit=91)
    assert first.plain.endswith("word")
    (first, *_) = split([(Piece("あ" * 200),)], limit=90)
    assert first.plain == "あ" * 90


def test_emoji_and_rare_kanji_count_twice() -> None:
    assert units("𠮷野家🍚") == 6
    bodies = split([(Piece("🍚" * 3000),)])
    assert [units(body.html) for body in bodies] == [4096, 1904]


def test_escaped_signs_count_as_they_are_sent() -> None:
    bodies = split([(Piece("&" * 3000),)])
    assert all(units(body.html) <= LIMIT for body in bodies)
    assert "".join(body.plain for body in bodies) == "&" * 3000


@given(
    texts=st.lists(
        st.text(st.sampled_from("あ。\n <>&\"'🍚a"), min_size=1).filter(str.strip), min_size=1
    ),
    style=st.sampled_from(Style),
    limit=st.integers(60, 200),
)
def test_nothing_is_lost_or_torn_whatever_the_text(
    texts: list[str], style: Style, limit: int
) -> None:
    bodies = split([(Piece(text, style),) for text in texts], limit)
    assert all(units(body.html) <= limit for body in bodies)
    assert all(units(body.plain) <= units(body.html) for body in bodies)
    seen = "".join(visible_text(body.html) for body in bodies)
    assert "".join(seen.split()) == "".join("".join(texts).split())
