"""A small invented list of words, so that no test depends on what people curate."""

from pathlib import Path

from knowledge.lexicon import Lexicon, WordFile

WORDS = """
topics:
  loneliness: [さみしい, 寂しい, 相手, 話し相手, 相手がいない, "！？"]
  poverty: [お金がない, 食べ物, 家賃]
  mental-health: [眠れない, 死にたい, 食べられない]
  parenting: [子育て, 夜泣き, よなき]
strong:
  poverty: [家賃]
  mental-health: [眠れない]
  parenting: [よなき]
needs:
  free: [無料, お金がかからない]
  night: [夜中, 深夜]
languages:
  en: [help, the]
  pt: [ajuda, preciso]
  zh: [我, 们]
activities:
  survey: [実態調査, アンケート]
  training: [研修]
facets:
  SNS: [インスタ, エックス]
programs: [取組, とりくみ]
groups:
  - [委託, 外注, アウトソーシング]
  - [補助金, 助成金, 交付 金]
  - [団体, 外注]
smalltalk:
  greeting: [こんにちは, はじめまして]
  thanks: [ありがとう, 助かりました]
wordless: [たすけて, つらい]
"""
SCOPE = """
subjects:
  - {id: rate, label: 補助率, words: [補助率, 何割], unless: [県の割合]}
  - {id: deadline, label: 締切, words: [締切, いつまで]}
"""


def load_from(folder: Path, words: str = WORDS, scope: str = SCOPE) -> Lexicon:
    """The lexicon of these lists; lists they do not have are empty."""
    for name, field in WordFile.model_fields.items():
        if f"\n{name}:" not in WORDS:
            words += f"{name}: {'[]' if 'tuple' in str(field.annotation)[:7] else '{}'}\n"
    (folder / "words.yaml").write_text(words, encoding="utf-8")
    (folder / "out_of_scope.yaml").write_text(scope, encoding="utf-8")
    return Lexicon.load(folder)
