"""What we say: from one incoming message to one reply. Knows no Telegram and no SQL."""
