"""How good the answers are, measured: ``make eval`` and ``make bench``."""
