"""Writes ``docs/quality.md`` from what was measured."""
