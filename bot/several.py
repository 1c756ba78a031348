"""What comes of a message with several requests: a talk and a record of its own for every line. Pure, as `bot/respond.py` is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.desk import DIALOG, STARTED, Desk
from bot.talk_state import RecordDraft, Talk
from cards.several import OpenLine, SentLine, apart_view, settled_view
from cards.view import View
from dialogs.advice import Advice, dump
from dialogs.engine import Finished
from dialogs.listed import DIALOG as LIST
from dialogs.several import Settled


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list becomes: the talks of its lines with their records, those that go on first, and what is said about it."""

    sent: tuple[tuple[Talk, RecordDraft], ...]
    later: tuple[Talk, ...]
    view: View


def is_settled(talk: Talk) -> bool:
    """Whether this is a list that was sent: from then on every line is a talk of its own."""
    return talk.dialog == LIST and talk.state == "done"


def outcome(desk: Desk, talk: Talk, settled: Sequence[Settled]) -> Outcome:
    """Make a talk of every line that stays, and a record of every one that is whole; what still asks something goes on."""
    sent: list[tuple[Talk, RecordDraft]] = []
    later: list[Talk] = []
    shown: list[SentLine] = []
    open_lines: list[OpenLine] = []
    for one in settled:
        if one.end == "gone":
            continue
        own = talk_of_line(talk, one)
        now = desk.run(own)
        if isinstance(now, Finished):
            draft = draft_of(now.outcome, line_id(talk, one, "record"))
            sent.append((replace(own, state="done", record=draft.id), draft))
            shown.append(SentLine(one.line.number, one.named, now.outcome))
        else:
            # Until somebody opens it: a person has one open talk.
            later.append(replace(own, state="stopped"))
            open_lines.append(OpenLine(one.line.number, one.line.request.said, own.id))
    kept = talk.answers["regels"]
    rest = str(kept.get("rest", "")) if isinstance(kept, dict) else ""
    view = settled_view(desk.knowledge.words, shown, open_lines, talk.id, rest)
    return Outcome(tuple(sent), tuple(later), view)


def apart(desk: Desk, talk: Talk) -> View:
    """The lines of a list that was sent, each to be changed by itself."""
    now = desk.run(talk)
    settled: Sequence[Settled] = now.outcome if isinstance(now, Finished) else ()
    lines = [
        OpenLine(one.line.number, one.named or one.line.request.said, line_id(talk, one, "talk"))
        for one in settled
        if one.end != "gone"
    ]
    return apart_view(desk.knowledge.words, lines)


def talk_of_line(talk: Talk, one: Settled) -> Talk:
    """The purchase talk of a line, with what is known of it."""
    answers = {STARTED: talk.answers[STARTED], **one.answers}
    return Talk(line_id(talk, one, "talk"), talk.person_id, DIALOG, answers)


def line_id(talk: Talk, one: Settled, kind: str) -> str:
    """The id of the talk or record of a line: always the same, so that nothing is ever made twice."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{talk.id}/{one.line.number}/{kind}").hex


def draft_of(advice: Advice, record: str) -> RecordDraft:
    """What must be recorded of a talk that came to its end."""
    return RecordDraft(
        outcome=advice.outcome,
        category=advice.category,
        group=advice.group,
        value_band=advice.value_band,
        advice=dump(advice),
        knowledge_version=advice.knowledge_version,
        id=record,
    )
