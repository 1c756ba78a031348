"""Moi in the terminal: the same talk as plain text, kept in a SQLite file of its own."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import Sequence
from contextlib import suppress

from bot.conversation import Conversation
from bot.logs import set_up_logs
from bot.people import Person
from bot.records import Records
from bot.settings import Settings
from bot.talk_state import Message, Place
from cards.plain import choices, text
from cards.view import Action, Input, Option, View
from knowledge.shelf import Shelf

ME = Person("terminal:ik", "collega")
PROOF = "Dit is Moi om te proberen: wat je hier verstuurt, blijft op deze machine. Stoppen met Ctrl+D."
HERE = Place("terminal", "terminal")


def run(settings: Settings) -> None:
    """Talk until the input ends; Ctrl+C or Ctrl+D stops, and the talk can be resumed later."""
    set_up_logs("WARNING", readable=True)
    with asyncio.Runner() as runner:
        shelf = Shelf(settings.knowledge_dir)
        records = runner.run(Records.open(f"sqlite:///{settings.data_dir.absolute()}/chat.sqlite"))
        records.keep_knowledge(shelf.edition)
        conversation = Conversation(shelf, records)
        print(PROOF)
        try:
            message = Message(_new_id(), arrived=True)
            while True:
                answer = runner.run(conversation.turn(ME, message, HERE))
                for view in answer.views:
                    print(f"\n{text(view)}")
                message = heard(_read(), answer.views)
        except (EOFError, KeyboardInterrupt):
            print()
        finally:
            runner.run(records.close())


def heard(line: str, shown: Sequence[View]) -> Message:
    """What a line says: a number is the button or option with that number, unless a number can be an answer itself."""
    view = shown[-1] if shown else View(())
    offered = choices(view)
    asks_number = any(isinstance(block, Input) and block.kind in ("text", "number") for block in view.blocks)
    if line.strip().isdecimal() and 1 <= int(line) <= len(offered) and not asks_number:
        match offered[int(line) - 1]:
            case Action(data=data):
                return Message(_new_id(), tap=data)
            case Option(label=label):
                return Message(_new_id(), text=label)
    return Message(_new_id(), text=line)


def _read() -> str:
    """The next line; editing with arrows works where the terminal can do that."""
    line = ""
    while not line.strip():
        line = input("\n> " if sys.stdin.isatty() else "")
    return line


def _new_id() -> str:
    return f"terminal:{uuid.uuid4().hex}"


with suppress(ImportError):  # Windows has no readline.
    import readline  # noqa: F401
