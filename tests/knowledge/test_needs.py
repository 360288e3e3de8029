"""How a person wants to be helped, whose trouble it is, how old they are."""

import pytest

from knowledge.needs import NeedReader
from knowledge.text import Sentence
from knowledge.vocabulary import About, Age, Need


@pytest.fixture(scope="module")
def reader() -> NeedReader:
    return NeedReader.load()


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("LINEで話を聞いてほしい", Need.LINE),
        ("らいんdできるとこありますか", Need.LINE),
        ("家計 悩み LINE", Need.LINE),
        ("チャットなら話せそう", Need.CHAT),
        ("返事が遅くてもいいのでメールで受け付けてくれる所", Need.MAIL),
        ("ファックスしか使えません", Need.FAX),
        ("でんわは にがて", Need.TEXT),
        ("電話をかけるのが怖い", Need.TEXT),
        ("深夜に話せるところ", Need.NIGHT),
        ("こんな時間に相談できますか", Need.OPEN_NOW),
        ("まだあいてるとこある？", Need.OPEN_NOW),
    ],
)
def test_a_way_or_a_time_counts_where_it_is_wished_for(
    reader: NeedReader, text: str, need: Need
) -> None:
    assert need in reader.needs(Sentence(text))


@pytest.mark.parametrize(
    "text",
    [
        "LINEで悪口を書かれた",
        "グループLINEだけ自分がいない",
        "知らない会社からメールが届いた",
        "取り立ての電話が来る",
        "メール",
        "深夜に夫がどなる、相談したい",
    ],
)
def test_a_way_or_a_time_within_the_story_is_no_wish(reader: NeedReader, text: str) -> None:
    assert not reader.needs(Sentence(text))


def test_what_cannot_be_used_and_has_no_other_is_only_not_wished_for(reader: NeedReader) -> None:
    assert not reader.needs(Sentence("メールは苦手"))


@pytest.mark.parametrize(
    ("text", "language"),
    [("えいごで はなしたい", "en"), ("ベトナム語の窓口", "vi"), ("窓口", None)],
)
def test_a_language_is_asked_for_by_its_name(
    reader: NeedReader, text: str, language: str | None
) -> None:
    assert reader.speaks(Sentence(text)) == language


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("息子が部屋から出ない", About.CHILD),
        ("母の物忘れが心配", About.PARENT),
        ("夫がどなる", About.PARTNER),
        ("友人の様子がおかしい", About.FRIEND),
        ("つらい", About.ME),
        ("大丈夫じゃない", About.ME),
        ("つまらない毎日", About.ME),
    ],
)
def test_whose_trouble_it_is_is_read(reader: NeedReader, text: str, about: About) -> None:
    assert reader.about(Sentence(text)) is about


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("中学生です", Age.CHILD),
        ("40代の会社員", Age.ADULT),
        ("70代、年金暮らし", Age.ELDER),
        ("さみしい", None),
        ("だいじょうぶじゃない、大丈夫って言うけど", None),
        ("大人に言えない", None),
    ],
)
def test_the_age_is_read_as_far_as_it_is_told(
    reader: NeedReader, text: str, age: Age | None
) -> None:
    assert reader.age(Sentence(text)) is age
