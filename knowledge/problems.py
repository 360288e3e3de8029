"""Which finding a problem of YAML or of a shape becomes.

PyYAML and pydantic speak English to programmers. Officers read ``data/findings.yaml``, which says
what to look for in the file; here are only the codes.
"""

import re
from typing import Any, Final

import yaml

_YAML: Final = (
    ("tab character", "yaml_tab"),
    ("cannot start any token", "yaml_sign"),
    ("undefined alias", "yaml_sign"),
    ("expected alphabetic or numeric character", "yaml_sign"),
    ("mapping values are not allowed", "yaml_colon"),
    ("could not find expected ':'", "yaml_no_colon"),
    ("unexpected end of stream", "yaml_quote"),
    ("did not find expected ',' or", "yaml_bracket"),
    ("did not find expected node content", "yaml_bracket"),
    ("did not find expected key", "yaml_indent"),
    ("did not find expected '-' indicator", "yaml_indent"),
)
"""Words in libyaml's message → code."""

_BEGUN_EARLIER: Final = frozenset({"yaml_quote", "yaml_bracket", "yaml_no_colon"})
"""Noticed only later, at worst at the end of the file: the place to mend is where it began."""

_SHAPE: Final = {
    "extra_forbidden": "unknown_key",
    "missing": "missing_key",
    "string_too_short": "empty_value",
    "too_short": "empty_list",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "string_type": "not_a_text",
    "tuple_type": "not_a_list",
    "mapping_type": "not_a_mapping",
    "model_type": "not_a_mapping",
    "dict_type": "not_a_mapping",
}
"""Pydantic's type of error → code; what is not here but ``date…`` is ``wrong_value``."""

_SHOWN: Final = 60
"""Characters of a wrong value that a message quotes."""

_MAPPING_KEY: Final = "[key]"
"""What pydantic adds to the place of a key, as against its value."""

_QUOTED: Final = re.compile("'([^']*)'")


def yaml_problem(error: yaml.YAMLError, text: str) -> tuple[str, int]:
    """The code of a problem of YAML, and its line from 1."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:  # a control character; this error only counts bytes
        before = text.encode()[: getattr(error, "position", 0)]
        return "yaml_control", before.count(b"\n") + 1
    problem = str(getattr(error, "problem", ""))
    code = next((code for words, code in _YAML if words in problem), "not_yaml")
    if code == "yaml_sign" and text.startswith("\t", mark.index):
        code = "yaml_tab"
    begun = getattr(error, "context_mark", None)
    return code, (begun if begun and code in _BEGUN_EARLIER else mark).line + 1


def shape_problem(problem: Any) -> tuple[str, tuple[str | int, ...], dict[str, str]]:  # noqa: ANN401
    """The code, place and values of one of pydantic's error dicts."""
    kind = str(problem["type"])
    code = _SHAPE.get(kind, "wrong_date" if kind.startswith("date") else "wrong_value")
    place = tuple(part for part in problem["loc"] if part != _MAPPING_KEY)
    expected = str(problem.get("ctx", {}).get("expected", ""))
    values = {
        "key": _key(place),
        "value": str(problem["input"])[:_SHOWN],
        "expected": " / ".join(_QUOTED.findall(expected)),
    }
    return code, place, values


def _key(place: tuple[str | int, ...]) -> str:
    """``contacts[1].kind`` for ("windows", 3, "contacts", 0, "kind"): entries are named anyway."""
    match place:
        case (str(), int(), _, *_):
            place = place[2:]
    numbered = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(numbered).removeprefix(".")
