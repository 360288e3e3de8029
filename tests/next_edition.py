"""An invented next edition of the guideline. It exists in tests only and says nothing true."""

import shutil
from datetime import date
from pathlib import Path

from knowledge.entries import Guideline
from knowledge.load import DATA

REPLACED = (
    "各府省が所管する補助金等の交付を受けてはならない。",
    "国又は見本の補助金等の交付を受けてはならない。",
)
REMOVED = "guideline/3-2-10"
ADDED = "guideline/4-4"


def next_edition(old: Guideline) -> Guideline:
    """R7 as nobody issued it: 4(3) changed, 3(2)⑩ removed, 4(4) added."""
    clauses = []
    for clause in old.clauses:
        if clause.id == REMOVED:
            continue
        see = tuple(other for other in clause.see if other != REMOVED)
        text = clause.text.replace(*REPLACED)
        clauses.append(clause.model_copy(update={"text": text, "see": see}))
        if clause.id == "guideline/4-3":
            new = {
                "id": ADDED,
                "place": "４（４）",
                "title": "見本",
                "text": "見本の項。",
                "asks": (),
            }
            clauses.append(clause.model_copy(update=new))
    return old.model_copy(
        update={"edition": "R7", "in_force_from": date(2025, 4, 1), "clauses": tuple(clauses)}
    )


def data_with_next_edition(folder: Path) -> Path:
    """A copy of the curated data that also holds R7, with one clause changed."""
    data = folder / "data"
    shutil.copytree(DATA, data)
    text = (data / "guideline" / "r6.yaml").read_text(encoding="utf-8")
    source = (data / "sources" / "guideline_r6.txt").read_text(encoding="utf-8")
    later = text.replace("edition: R6", "edition: R7").replace("2024-04-03", "2025-04-01")
    later = later.replace(*REPLACED)
    (data / "guideline" / "r7.yaml").write_text(later, encoding="utf-8")
    tight = "".join(source.split()).replace(*REPLACED)
    (data / "sources" / "guideline_r7.txt").write_text(tight, encoding="utf-8")
    return data
