"""The report of a period as a Word document: bars are shaded paragraphs, so no picture is needed.

A screen reader reads the numbers beside them, and nothing of the bars.
"""

import io
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell

from bot.documents import japanese
from bot.figures_report import Grid, Heading, Note, Part, report, title
from bot.figures_tables import Handout
from knowledge.replies import BASE

_FONT: Final = "MS Gothic"
_BAR: Final = 6.2
"""Centimetres of the longest bar; it fills the last column."""
_SHORTEST: Final = 0.1
"""Centimetres of a bar that stands for little, but not for nothing."""
_COLOUR: Final = "1F5FA8"
_HEADER: Final = "E8EEF6"
_WIDTH: Final = 17.0
"""Centimetres between the margins of A4."""
_WITH_BARS: Final = (6.0, 2.2, 2.2, 6.6)
"""Centimetres of the columns: label, queries, people, bar."""


_AFTER_SHADING: Final = ("w:tabs", "w:spacing", "w:ind", "w:jc")
"""Word refuses a paragraph whose properties are not in its order."""


def to_docx(given: Handout) -> bytes:
    """The report as a Word document."""
    document = Document()
    _page(document, given)
    document.add_heading(title(given), level=0)
    column = given.words.say("figures.column.bar")
    for part in report(given):
        _add(document, part, column)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _page(document: WordDocument, given: Handout) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    for style in ("Normal", "Title", "Heading 1", "Heading 2"):
        japanese(document, style, _FONT)
        document.styles[style].font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Title"].font.size = Pt(18)
    document.core_properties.title = title(given)
    document.core_properties.author = ""
    code = "ja-JP" if given.words.language == BASE else "en-GB"
    document.core_properties.language = code
    _speak(document, code)


def _speak(document: WordDocument, code: str) -> None:
    """The language in which a screen reader reads it."""
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), code)
    language.set(qn("w:eastAsia"), "ja-JP")
    properties = document.styles["Normal"].element.get_or_add_rPr()
    properties.append(language)


def _add(document: WordDocument, part: Part, bar_column: str) -> None:
    if isinstance(part, Heading):
        document.add_heading(part.text, level=part.level - 1)
    elif isinstance(part, Note):
        document.add_paragraph(part.text)
    else:
        _table(document, part, bar_column)
        document.add_paragraph().paragraph_format.space_after = Pt(2)


def _table(document: WordDocument, grid: Grid, bar_column: str) -> None:
    header = (*grid.header, bar_column) if grid.bars else grid.header
    table = document.add_table(rows=1, cols=len(header), style="Table Grid")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, header, strict=True):
        _write(cell, text, bold=True)
        _shade(cell._tc.get_or_add_tcPr(), _HEADER)  # noqa: SLF001  python-docx has no shading
    _repeat(table)
    for number, row in enumerate(grid.rows):
        cells = table.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=False)):
            _write(cell, text, right=bool(grid.bars) and column > 0)
        if grid.bars:
            _bar(cells[-1], grid.bars[number])
    _set_widths(table, _WITH_BARS if grid.bars else _widths(grid))


def _widths(grid: Grid) -> tuple[float, ...]:
    """Centimetres of each column by the longest text in it."""
    longest = [
        min(max(len(row[column]) for row in (grid.header, *grid.rows)), 22)
        for column in range(len(grid.header))
    ]
    return tuple(_WIDTH * (length + 2) / sum(n + 2 for n in longest) for length in longest)


def _set_widths(table: Table, widths: tuple[float, ...]) -> None:
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)


def _write(cell: _Cell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else None
    run = paragraph.add_run(text)
    run.bold = bold
    run.font.size = Pt(9)


def _bar(cell: _Cell, share: float | None) -> None:
    """An empty paragraph on a dark ground, indented from the right; none for a hidden number."""
    _write(cell, "")
    if share:
        paragraph = cell.paragraphs[0]
        length = max(share * _BAR, _SHORTEST)
        paragraph.paragraph_format.right_indent = Cm(_BAR - length)
        _shade(paragraph._p.get_or_add_pPr(), _COLOUR)  # noqa: SLF001  the same


def _shade(properties: Any, colour: str) -> None:  # noqa: ANN401  an element of lxml
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    if properties.tag == qn("w:pPr"):
        properties.insert_element_before(shading, *_AFTER_SHADING)
    else:
        properties.append(shading)


def _repeat(table: Table) -> None:
    """The first row is a heading: repeated on every page, and told as such by a screen reader."""
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  the same
    heading = OxmlElement("w:tblHeader")
    heading.set(qn("w:val"), "true")
    properties.append(heading)
    for row in table.rows:
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)  # noqa: SLF001  the same
