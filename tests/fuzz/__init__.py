"""Updates of every kind and damage, brought to the real assistant; what people get is looked at.

``python -m tests.fuzz --cases 50000 --seed 1`` writes the table of docs/reliability.md.
"""
