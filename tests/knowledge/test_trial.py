"""Changes are tried on a copy, and the same data has the same version everywhere."""

from pathlib import Path

import pytest

from knowledge.load import DATA, load
from knowledge.trial import trial
from knowledge.version import version
from tests.knowledge.broken import Copy

AKITA = "windows/05-akita.yaml"


def test_a_trial_has_the_changes_and_the_data_has_not(tmp_path: Path) -> None:
    before = version(DATA)
    text = (DATA / AKITA).read_text(encoding="utf-8").replace("window/akita-dv", "window/akita-x")

    data = trial(
        DATA, {DATA / AKITA: text, DATA / "drafts" / "new.yaml": "drafts: []\n"}, tmp_path
    )

    assert "window/akita-x" in load(data).places
    assert (data / "drafts" / "new.yaml").read_text(encoding="utf-8") == "drafts: []\n"
    assert version(data) != before == version(DATA)
    assert (data / "crisis_model.npz").is_symlink()
    assert not (data / AKITA).is_symlink()


def test_a_trial_can_be_checked(copy: Copy, tmp_path: Path) -> None:
    text = copy.path(AKITA).read_text(encoding="utf-8").replace('"018-835-9052"', '"018"')

    copy.data = trial(copy.data, {copy.path(AKITA): text}, tmp_path)

    assert [(code, file) for code, file, _, _ in copy.found()] == [("wrong_phone", AKITA)]


def test_a_trial_without_changes_is_the_same_data(tmp_path: Path) -> None:
    assert version(trial(DATA, {}, tmp_path)) == version()


@pytest.mark.parametrize("name", ["../x.yaml", "windows/../../x.yaml"])
def test_nothing_is_written_outside_the_trial(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"x\.yaml"):
        trial(DATA, {DATA / name: ""}, tmp_path)

    assert not list(tmp_path.iterdir())


def folder(at: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(text.encode())
    return at


def test_a_version_is_the_same_on_every_machine(tmp_path: Path) -> None:
    files = {"b.yaml": "x\n", "a/c.csv": "y\n"}

    first = version(folder(tmp_path / "one", files))

    assert first == version(folder(tmp_path / "two", dict(reversed(files.items()))))
    assert first == "f6ead278ab8e"


@pytest.mark.parametrize(
    ("name", "text", "same"),
    [
        ("b.yaml", "z\n", False),
        ("c.yaml", "", False),
        ("a/c.csv", "", False),
        ("_template.yaml", "x", True),
        (".b.yaml.part", "x", True),
        (".b.yaml", "x", True),
        ("README.md", "x", True),
        ("folder.yaml/README.md", "x", True),
    ],
)
def test_a_version_tells_what_is_read_from_what_is_not(
    tmp_path: Path, name: str, text: str, *, same: bool
) -> None:
    data = folder(tmp_path, {"b.yaml": "x\n", "a/c.csv": "y\n"})
    before = version(data)

    assert (version(folder(data, {name: text})) == before) is same
