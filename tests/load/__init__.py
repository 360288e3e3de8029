"""Many people at once, over HTTP: ``tsunagari serve`` beside a bare echo bot of its library.

``python -m tests.load`` starts a Bot API server on loopback and the bots as processes, lets people
write, and prints what they waited. Everything goes to 127.0.0.1 and ends by itself.
"""
