"""How it reaches people: console, Telegram, storage, settings and the clock."""
