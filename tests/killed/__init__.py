"""Kills the bot at random moments, and compares what was sent with what was asked.

``python -m tests.killed --runs 200 --seed 1`` writes the table of docs/reliability.md.
"""
