"""Telegram: the channel, and nothing else. It carries questions in and replies out.

reading (Telegram → Incoming) · rendering and splitting (Reply → messages) · sending ·
updates (what happens on each kind) · members (commands, files and cards for
members) · staff (what runs beside the answers for staff) · attesting (questions to
owners) · app (all handlers in one list) · process (what runs)
"""

from bot.telegram.app import build_application
from bot.telegram.attesting import OwnerSide
from bot.telegram.members import MemberSide
from bot.telegram.outside import Answers, Says
from bot.telegram.process import serve
from bot.telegram.staff import StaffSide

__all__ = [
    "Answers",
    "MemberSide",
    "OwnerSide",
    "Says",
    "StaffSide",
    "build_application",
    "serve",
]
