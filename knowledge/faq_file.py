"""The text of a file that a spreadsheet saved: UTF-8 with or without BOM, or CP932."""

import re
from pathlib import Path
from typing import Final

from knowledge.findings import Finding, KnowledgeError

LARGEST_FILE: Final = 50_000_000
"""Bytes; no municipality's FAQ comes near."""
UNREADABLE: Final = "\x00\x80\uf8f0-\uf8f3\ufffd"
"""What Python makes of bytes that are no letter in CP932 or UTF-8 (for a character class)."""
TOO_MANY: Final = 0.05
"""The share of unreadable letters from which a file is no text at all."""

_BROKEN: Final = re.compile(f"[{UNREADABLE}]")
_UNLIKELY: Final = re.compile(f"[{UNREADABLE}\uff61-\uff9f]")
"""UTF-8 that is read as CP932 is full of half-width katakana."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_faq_text(path: Path) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    A few broken letters become U+FFFD: they spoil their rows, not the file.

    Raises:
        KnowledgeError: it cannot be read, is too large or empty, or is not text.
    """
    content = _content(path)
    if len(content) > LARGEST_FILE:
        limit = {"limit": str(LARGEST_FILE // 1_000_000)}
        raise KnowledgeError([Finding("faq_large", path, 1, limit)])
    text, encoding = _decoded(content)
    if not text.strip():
        raise KnowledgeError([Finding("faq_nothing", path, 1)])
    broken = len(_BROKEN.findall(text))
    if content.startswith(_UTF_16) or broken > TOO_MANY * len(text):
        raise KnowledgeError([Finding("faq_encoding", path, 1)])
    return text, encoding


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        code = "faq_missing"
    except IsADirectoryError:
        code = "faq_folder"
    except OSError:
        code = "unreadable"
    raise KnowledgeError([Finding(code, path, 1)])


def _decoded(content: bytes) -> tuple[str, str]:
    utf_8 = content.decode("utf-8-sig", "replace")
    name = "UTF-8 (BOM)" if content.startswith(b"\xef\xbb\xbf") else "UTF-8"
    if "\ufffd" not in utf_8:
        return utf_8, name
    # One broken byte in UTF-8 must not turn the whole file into CP932, which takes nearly any.
    cp932 = content.decode("cp932", "replace")
    if len(_UNLIKELY.findall(cp932)) < len(_UNLIKELY.findall(utf_8)):
        return cp932, "CP932"
    return utf_8, name
