"""Logs: nothing a person wrote can come through."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up_logs


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Logs as the operator reads them; everything is as it was afterwards."""
    handlers, level = logging.getLogger().handlers, logging.getLogger("telegram").level
    stream = io.StringIO()
    set_up_logs("INFO", stream)
    yield stream
    logging.captureWarnings(capture=False)
    logging.getLogger().handlers = handlers
    logging.getLogger("telegram").setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object(stream: io.StringIO) -> None:
    structlog.get_logger().info("answered", status="answered", entries=["window/119"])
    (line,) = lines(stream)
    assert line.pop("timestamp")
    assert line == {
        "event": "answered",
        "level": "info",
        "status": "answered",
        "entries": ["window/119"],
    }


def test_a_field_no_one_named_is_dropped(stream: io.StringIO) -> None:
    structlog.get_logger().info("answered", text="さみしい", status="answered")
    structlog.get_logger().info("さみしい")
    assert "さみしい" not in stream.getvalue()
    assert [line["event"] for line in lines(stream)] == ["answered", "unnamed"]


def test_an_exception_is_told_by_its_type_alone(stream: io.StringIO) -> None:
    try:
        int("さみしい")
    except ValueError:
        structlog.get_logger().exception("update failed")
        logging.getLogger("some.library").exception("went wrong: %s", "さみしい")
    assert "さみしい" not in stream.getvalue()
    assert lines(stream)[1]["error"] == "ValueError"
    assert lines(stream)[1]["library"] == "some.library"


def test_other_libraries_are_heard_from_warnings_on(stream: io.StringIO) -> None:
    logging.getLogger("some.library").info("さみしい")
    logging.getLogger("httpx").warning("POST https://api.telegram.org/bot42:TEST/getMe")
    logging.getLogger("telegram.ext.Application").error("update さみしい")
    logging.getLogger("py.warnings").warning("さみしい")
    assert [line["library"] for line in lines(stream)] == ["py.warnings"]
    assert "42:TEST" not in stream.getvalue()


def test_less_than_the_level_is_not_written(stream: io.StringIO) -> None:
    structlog.get_logger().debug("tick")
    assert stream.getvalue() == ""
