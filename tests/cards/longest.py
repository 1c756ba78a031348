"""What is as long as it may be, for cards that must hold it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channel_work import Exchange, Work

MOI = "https://moi.example"
TALK, RECORD = "t" * 32, "f" * 32
WHO = "Een naam die niet zo kort is (Team Inkoop)"
WORDS = "Woorden die iemand typt, met “tekens” & een koppeling naar https://voorbeeld.example. " * 5
ASKED = Exchange("q" * 32, WHO, WORDS)
DONE = Work(WHO, "p", datetime(2026, 11, 24, tzinfo=UTC), (ASKED, Exchange("r" * 32, WHO, WORDS, WORDS)))
