"""What the check finds of a draft, beside the field in which it is written."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

from bot.store.edits import Edit
from bot.web.ports import Publisher
from knowledge.findings import Finding, KnowledgeError
from knowledge.typed import AnyEntry, read_entry

KEPT: Final = 50
"""Drafts whose findings are kept: the page of one is drawn anew every few seconds."""
OTHER_ID: Final = "unexpected_entry"
"""Code of the finding for an entry whose id was changed."""

_Key: TypeAlias = tuple[int, str, str, str]


class Checked:
    """Findings of drafts, found once for each text and state of the knowledge."""

    def __init__(self, publisher: Publisher) -> None:
        """Take what checks the draft in its file."""
        self._publisher = publisher
        self._found: OrderedDict[_Key, tuple[Finding, ...]] = OrderedDict()
        self._lock = Lock()

    def findings(self, edit: Edit, version: str) -> tuple[Finding, ...]:
        """What is wrong with a draft: as text, and only if it can be read, in its file."""
        key = (edit.id, edit.text, edit.file, version)
        with self._lock:
            known = self._found.get(key)
        if known is None:
            known = tuple(self._of(edit))
            with self._lock:
                self._found[key] = known
                while len(self._found) > KEPT:
                    self._found.popitem(last=False)
        return known

    def _of(self, edit: Edit) -> Sequence[Finding]:
        entry, findings = read(edit.text, edit)
        return self._publisher.check(edit) if entry else findings


def read(text: str, edit: Edit) -> tuple[AnyEntry | None, tuple[Finding, ...]]:
    """A text typed for an edit as an entry, or None and what is wrong with it."""
    file = Path(edit.file)
    try:
        entry = read_entry(text, file)
    except KnowledgeError as error:
        return None, error.findings
    if edit.base and entry.id != edit.entry:
        values = {"id": entry.id}
        return None, (Finding(OTHER_ID, file, 1, values, entry.id),)
    return entry, ()
