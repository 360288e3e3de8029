"""The files of the curated data: their names, and the shapes of their own."""

from typing import Final

from pydantic import BaseModel, RootModel

from knowledge.canary import CANARY, CanaryFile
from knowledge.checklists import ChecklistFile
from knowledge.commands import COMMANDS, CommandFile
from knowledge.danger.training import SENTENCES, SentenceFile
from knowledge.drafts import FOLDER
from knowledge.entries import Guideline, ProgramList, Shape, Text
from knowledge.faq_sheet import COLUMNS_FILE, Columns
from knowledge.gaps import MissingFile
from knowledge.lexicon import ScopeFile, WordFile
from knowledge.load import PlatformFile
from knowledge.needs import NeedFile
from knowledge.places import PrefectureFile
from knowledge.redaction import REDACTION, RedactionFile
from knowledge.regions import RegionFile
from knowledge.replies import FRAME
from knowledge.to_say import TO_SAY, PhraseFile
from knowledge.topics import ExampleFile

GUIDELINE: Final = "guideline/r6.yaml"
PROGRAMS: Final = "programs/r6.yaml"
PLATFORMS: Final = "programs/platforms.yaml"
PREFECTURES: Final = "prefectures.yaml"
NATIONAL: Final = "windows/00-national.yaml"
REPLIES: Final = "replies.yaml"
CRISIS: Final = "crisis.yaml"
MISSING: Final = "missing.yaml"
SCOPE: Final = "out_of_scope.yaml"
CHECKLISTS: Final = "checklists.yaml"
REGIONS: Final = "regions.yaml"
LAYOUT: Final = "sources/layout.yaml"
GUIDELINE_TEXT: Final = "sources/guideline_r6.txt"
PROGRAMS_TEXT: Final = "sources/programs_r6.txt"
MUNICIPALITIES: Final = "municipalities.csv"
REPLY_FILES: Final = "replies*.yaml"
FRAME_FILES: Final = "replies/*.yaml"
"""The files of sentences: all languages of a key together, and a file for each language."""
DRAFT_FILES: Final = f"{FOLDER}/*.yaml"
"""The drafts of imported FAQs; there may be none."""
SPOKEN: Final = {language: f"replies/{language}.yaml" for language in FRAME}
"""The file of sentences of each language."""
PLAIN: Final = (GUIDELINE_TEXT, PROGRAMS_TEXT, MUNICIPALITIES)
"""The files that are not YAML."""


class LayoutFile(Shape):
    """``sources/layout.yaml``: what stands in the sources and in no entry."""

    guideline: tuple[Text, ...]
    """Furniture of the guideline's pages."""
    programs: tuple[Text, ...]
    """Furniture of the list of programs: headings of pages and tables."""


class AnyFile(RootModel[dict[str, object]]):
    """``crisis.yaml``, which ``handlers`` reads; here it is only looked through."""


class ReplyFile(RootModel[dict[str, dict[str, str]]]):
    """``replies*.yaml``: {key: {language: sentence}}."""


class FrameFile(RootModel[dict[str, str]]):
    """``replies/<language>.yaml``: {key: sentence}."""


SHAPES: Final[dict[str, type[BaseModel]]] = {
    GUIDELINE: Guideline,
    PROGRAMS: ProgramList,
    PLATFORMS: PlatformFile,
    PREFECTURES: PrefectureFile,
    MISSING: MissingFile,
    SCOPE: ScopeFile,
    LAYOUT: LayoutFile,
    CHECKLISTS: ChecklistFile,
    REGIONS: RegionFile,
    REDACTION: RedactionFile,
    CRISIS: AnyFile,
    SENTENCES: SentenceFile,
    REPLIES: ReplyFile,
    "words.yaml": WordFile,
    "examples.yaml": ExampleFile,
    "needs.yaml": NeedFile,
    COMMANDS: CommandFile,
    CANARY: CanaryFile,
    TO_SAY: PhraseFile,
    COLUMNS_FILE: Columns,
    **dict.fromkeys(SPOKEN.values(), FrameFile),
}
"""The files with a shape of their own, windows apart."""
