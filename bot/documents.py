"""The whole guideline as a file: Markdown, or a Word document that opens with Japanese fonts."""

import io
from collections.abc import Iterator
from typing import Final

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt

from knowledge.editions import digest
from knowledge.entries import Guideline
from knowledge.replies import Replies

FONT: Final = "MS Mincho"
"""On every Windows; other systems put their own Japanese serif in its place."""
EXTENSIONS: Final = {"docx": "docx", "markdown": "md"}


def make(kind: str, guideline: Guideline, replies: Replies) -> tuple[str, bytes]:
    """The name of a file and its content; ``kind`` is a key of EXTENSIONS."""
    name = replies.say("document.name", edition=guideline.edition)
    content = (
        _docx(guideline, replies) if kind == "docx" else markdown(guideline, replies).encode()
    )
    return f"{name}.{EXTENSIONS[kind]}", content


def markdown(guideline: Guideline, replies: Replies) -> str:
    """The document as Markdown: headings of sections, every clause as it stands."""
    lines = [f"# {guideline.document}", "", _notice(guideline, replies), ""]
    for heading, place, text in _body(guideline):
        lines += [f"## {heading}", ""] if heading else []
        lines += [f"**{place}** " + text.replace("\n", "  \n"), ""]
    return "\n".join([*lines, "---", "", _source(guideline, replies), ""])


def _docx(guideline: Guideline, replies: Replies) -> bytes:
    document = Document()
    for style in ("Normal", "Title", "Heading 1"):
        japanese(document, style)
    document.styles["Normal"].font.size = Pt(10.5)
    document.core_properties.title = guideline.document
    document.core_properties.author = guideline.issuer
    heading = document.add_paragraph(guideline.document, style="Title")
    heading.runs[0].font.size = Pt(15)
    document.add_paragraph(_notice(guideline, replies))
    for section, place, text in _body(guideline):
        if section:
            document.add_heading(section, level=1)
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{place}\u3000").bold = True
        paragraph.add_run(text)
    document.add_paragraph(_source(guideline, replies)).runs[0].font.size = Pt(8)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def japanese(document: WordDocument, style: str, name: str = FONT) -> None:
    """Word keeps the font of Japanese letters apart from that of Latin ones."""
    font = document.styles[style].font
    font.name = name
    fonts = font.element.get_or_add_rPr().get_or_add_rFonts()
    for letters in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(letters), name)


def _body(guideline: Guideline) -> Iterator[tuple[str, str, str]]:
    """Section (where a new one begins), place and text of every clause after the title."""
    section = ""
    for clause in guideline.clauses[1:]:
        yield (clause.section if clause.section != section else ""), clause.place, clause.text
        section = clause.section


def _notice(guideline: Guideline, replies: Replies) -> str:
    return replies.say(
        "document.notice",
        issued=guideline.issued,
        notice=guideline.notice_number,
        issuer=guideline.issuer,
        in_force=guideline.in_force_from.isoformat(),
    )


def _source(guideline: Guideline, replies: Replies) -> str:
    checked = guideline.source.checked
    return replies.say(
        "document.source",
        source=guideline.source.title,
        checked=checked.isoformat() if checked else "",
        digest=digest("".join(clause.text for clause in guideline.clauses)),
    )
