"""From a draft to what people are answered: replayed, checked, signed, written, loaded.

source (the library of today) · placing (a draft in its file, on trial) · questions, asking and
replays (what a draft would change) · git (the commit) · publisher (all of them in order)
"""
