"""Each role may what the one before may."""

import pytest

from handlers.staff import StaffRole


@pytest.mark.parametrize(
    ("role", "wanted", "may"),
    [
        ("viewer", "viewer", True),
        ("viewer", "editor", False),
        ("editor", "viewer", True),
        ("editor", "publisher", False),
        ("publisher", "editor", True),
    ],
)
def test_roles(role: str, wanted: str, may: bool) -> None:
    assert StaffRole(role).may(StaffRole(wanted)) is may
