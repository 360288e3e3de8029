"""Faults, one by one: each row of docs/reliability.md names its tests, most of which are here."""
