"""Files from outside may be of any size and depth: each is refused quickly, with its reason."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import faq_rows, faq_sheet, reading
from knowledge.faq import read_faq
from knowledge.findings import Finding, KnowledgeError
from knowledge.load import DATA, load
from knowledge.reading import DEEPEST, LARGEST_FILE, read_text, read_yaml, yaml_of
from knowledge.version import version

HERE = Path("x.yaml")
SECONDS = 20.0
"""Far more than a busy machine needs for any of these."""
GIGABYTE = 2**30
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{letter}: &{letter} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
)
"""A gigabyte and a half, in three hundred letters."""


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < SECONDS


def refused(text: str) -> list[tuple[str, int]]:
    with pytest.raises(KnowledgeError) as caught:
        yaml_of(text, HERE)
    return [(finding.code, finding.line) for finding in caught.value.findings]


def sparse(path: Path, size: int = GIGABYTE) -> Path:
    """A file of any size that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 5_000_000, "entry_deep"),
        ("{a: " * 1_000_000, "entry_deep"),
        ("- " * 100_000 + "x", "entry_deep"),
        ("".join(f"{' ' * level}a:\n" for level in range(2_000)), "entry_deep"),
        (LAUGHS, "yaml_sign"),
        ("a: *b", "yaml_sign"),
        ("a: &b c", "yaml_sign"),
        ("a: &b [c]", "yaml_sign"),
        ("a: !!python/object/apply:os.system [id]", "yaml_sign"),
        ("a: !x y", "yaml_sign"),
        ("{[a, b]: c}", "not_yaml"),
        ("{{a: b}: c}", "not_yaml"),
        ("a: b\n---\nc: d", "not_yaml"),
        ('a: "' + "\n" * 5_000_000, "yaml_quote"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_yaml_bomb_is_one_finding(text: str, code: str) -> None:
    ((found, _),) = refused(text)

    assert found == code


def test_what_is_as_deep_as_allowed_is_read() -> None:
    assert yaml_of("[" * DEEPEST + "]" * DEEPEST, HERE).data
    assert refused("[" * (DEEPEST + 1)) == [("entry_deep", 1)]


def test_a_huge_value_is_a_text_like_any_other() -> None:
    assert len(yaml_of("a: " + "x" * 10_000_000, HERE).data["a"]) == 10_000_000


def test_the_line_of_a_bomb_is_named() -> None:
    assert refused("a: b\nc:\n  - d\n  - *e\n") == [("yaml_sign", 4)]


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = sparse(tmp_path / "00-national.yaml")

    for read in (read_text, read_yaml):
        with pytest.raises(KnowledgeError) as caught:
            read(path)
        (finding,) = caught.value.findings
        assert finding.code == "file_large"
        assert str(LARGEST_FILE // 1_000_000) in finding.what


def test_line_ends_of_other_systems_are_read_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: b\r\nc: d\re: f\n")

    assert read_text(path) == "a: b\nc: d\ne: f\n"


def test_a_bomb_among_the_data_stops_the_start_with_its_file(tmp_path: Path) -> None:
    for folder in ("guideline", "programs", "windows"):
        (tmp_path / folder).mkdir()
        for path in (DATA / folder).glob("*.yaml"):
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "windows" / "01-hokkaido.yaml").write_text(LAUGHS, encoding="utf-8")
    sparse(tmp_path / "windows" / "99-huge.yaml")

    with pytest.raises(KnowledgeError) as caught:
        load(tmp_path)

    assert [(f.code, f.path.name) for f in caught.value.findings] == [
        ("yaml_sign", "01-hokkaido.yaml"),
        ("file_large", "99-huge.yaml"),
    ]


def test_the_version_of_a_folder_with_a_huge_file_is_told(tmp_path: Path) -> None:
    sparse(tmp_path / "huge.yaml", 50_000_000)

    assert len(version(tmp_path)) == 12


# a FAQ ─────────────────────────────────────────────────────────────────────────────────────────

HEAD = "id,question,answer\n"


def faq_of(folder: Path, text: str) -> Path:
    path = folder / "faq.csv"
    path.write_text(text, encoding="utf-8")
    return path


def last(path: Path) -> Finding:
    return read_faq(path).findings[-1]


def test_a_faq_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_faq(sparse(tmp_path / "faq.csv"))

    assert [finding.code for finding in caught.value.findings] == ["faq_large"]


def test_quotes_that_open_again_and_again_do_not_read_the_file_again_and_again(
    tmp_path: Path,
) -> None:
    """Each line ends one quoted field and begins another, so no row would end before the file."""
    path = faq_of(tmp_path, HEAD + 'a","x\n' * 500_000)

    assert last(path).code == "faq_hopeless"


def test_a_row_has_no_more_lines_than_allowed(tmp_path: Path) -> None:
    lines = "x\n" * (faq_rows.LONGEST_ROW - 2)

    assert read_faq(faq_of(tmp_path, f'{HEAD}1,q,"{lines}"\n2,q,a\n')).rows == 2
    assert last(faq_of(tmp_path, f'{HEAD}1,q,"{lines}{lines}"\n')).code != "faq_markup"


def test_broken_rows_are_listed_up_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faq_rows, "MOST_BROKEN", 3)
    faq = read_faq(faq_of(tmp_path, HEAD + "1,q\n" * 3 + "2,q,a\n"))

    assert [finding.code for finding in faq.findings] == ["faq_few"] * 3 + ["faq_hopeless"]
    assert faq.findings[-1].line == 4
    assert faq.questions == ()


@pytest.mark.parametrize(
    ("name", "code"), [("MOST_LINES", "faq_lines"), ("MOST_ROWS", "faq_rows")]
)
def test_too_many_lines_or_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    monkeypatch.setattr(faq_sheet, name, 4)
    rows = "".join(f"{n},q{n},a\n" for n in range(9))

    with pytest.raises(KnowledgeError) as caught:
        read_faq(faq_of(tmp_path, HEAD + rows))
    (finding,) = caught.value.findings
    assert (finding.code, finding.values["limit"]) == (code, "4")


def test_nothing_but_line_ends_and_nothing_but_separators(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError):
        read_faq(faq_of(tmp_path, "x" + "\n" * 5_000_000))
    assert read_faq(faq_of(tmp_path, HEAD + "," * 5_000_000)).questions == ()


def test_every_limit_is_far_above_what_we_have() -> None:
    files = [path for path in DATA.rglob("*") if path.suffix in {".yaml", ".csv", ".txt"}]

    assert max(path.stat().st_size for path in files) * 10 < LARGEST_FILE
    assert max(len(p) for f in files if f.suffix == ".yaml" for p in read_yaml(f).lines) < (
        reading.DEEPEST // 2
    )
