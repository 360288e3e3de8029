"""What we know: the documents, the programs, the windows, and how to find them.

Pure and synchronous: no chat, no network, no clock, no database.
"""
