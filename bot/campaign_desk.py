"""Campaigns in the talk: their buttons, and getting none of them any more. One way for all channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.campaign_audience import opt_in, opt_out
from bot.campaign_chat import ACTS, in_chat
from bot.campaign_ledger import Shown
from bot.campaign_pictures import PICTURES
from bot.campaigns import NO_MORE, Campaign, press
from bot.channel_place import first_time
from bot.kept_turn import keep_person
from bot.people import Person
from bot.records import Records
from bot.talk_state import Answer, Message, Place
from bot.web_log import append
from cards.campaign import BEGIN, CHOICE, DO, FILE, LAST, POLL, TALK, campaign_view, stopped_view
from cards.marks import legible
from cards.talk import plain_view
from cards.view import Picture, View
from dialogs.hearing import plain
from knowledge.shelf import Shelf

AGAIN = "weer"
GREETING = "hallo"  # Goes on where a talk was, or begins one.
Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class CampaignWish:
    """What somebody wants: which button of which campaign, where it leads `to`, and the `choice` in a poll."""

    act: str
    campaign: str = ""
    number: str = ""
    to: str = ""
    choice: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    """All that was filled in."""

    @property
    def answered(self) -> bool:
        """Whether it is answered here, and not by the talk that it opens."""
        return self.act != TALK


class CampaignDesk:
    """Answers the buttons of campaigns, and shows a campaign as a card."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self._shelf = shelf
        self._records = records
        self._address = address

    def show(self, campaign: Campaign) -> Shown:
        """How the message looks, and what stands in its place on the web when it was taken back."""
        draft = campaign.draft
        knowledge = self._shelf.current
        picture = None
        if draft.picture and self._address:
            picture = Picture(f"{PICTURES}{draft.picture}", draft.alt, self._address)
        message = campaign_view(
            knowledge,
            id_=campaign.id,
            title=draft.title,
            text=draft.text,
            line=draft.line,
            buttons=draft.buttons,
            subject=draft.subject,
            picture=picture,
        )
        return Shown(message, plain_view(knowledge.words.say(FILE, "ingetrokken")))

    def wish(self, message: Message) -> CampaignWish | None:
        """What a message or a tap asks of a campaign; None when it is about something else."""
        if message.changed:
            return None
        if message.tap is not None:
            tap = {name: legible(str(value or "")) for name, value in message.tap.items()}
            if tap.get("do") != DO:
                return None
            act, campaign, number, to, choice = (
                tap.get(name, "") for name in ("act", "campaign", "number", "to", CHOICE)
            )
            return CampaignWish(act, campaign, number, to, choice, tap)
        said = plain(legible(message.text)) if message.text else ""
        for name, option in self._shelf.current.words.question(FILE, "opdrachten").options.items():
            if said and said in map(plain, (option.label, *option.said)):
                return CampaignWish(name)
        return None

    async def talk(self, person: Person, message: Message, wish: CampaignWish) -> Message:
        """Note that this button was pressed; gives the tap that opens the talk."""
        await self._records.write(partial(self._press, person, wish))
        if wish.to == BEGIN:
            return replace(message, tap={"do": "say", "text": GREETING})
        return replace(message, tap={"do": "about", "package": wish.to})

    async def turn(
        self, person: Person, message: Message, place: Place, wish: CampaignWish, log: Log | None
    ) -> Answer:
        """Do it and say what became of it, as a whole or not at all; a message that comes twice does nothing twice."""

        def work(connection: Connection) -> Answer:
            repeated, now = not first_time(connection, message.id), datetime.now(UTC)
            if not repeated:
                keep_person(connection, person, now.date(), knows_roles=place.channel != "teams")
            views = (self._answer(connection, person, place, wish, now, repeated),)
            if log and not repeated:
                append(connection, place.conversation, log(views))
            return Answer(views, repeated=repeated)

        return await self._records.write(work)

    def _answer(
        self,
        connection: Connection,
        person: Person,
        place: Place,
        wish: CampaignWish,
        now: datetime,
        repeated: bool,
    ) -> View:
        if wish.act in ACTS:
            return in_chat(
                connection,
                self._shelf.current,
                person,
                wish.fields,
                now,
                act=wish.act,
                address=self._address,
                shared=place.shared,
                repeated=repeated,
            )
        if not repeated:
            self._carry_out(connection, person, wish, now)
        return self._view(wish)

    def _carry_out(self, connection: Connection, person: Person, wish: CampaignWish, now: datetime) -> None:
        if wish.act == NO_MORE:
            opt_out(connection, person.id, now)
        elif wish.act == AGAIN:
            opt_in(connection, person.id)
        if wish.act != POLL:
            self._press(person, wish, connection)

    def _press(self, person: Person, wish: CampaignWish, connection: Connection) -> None:
        if wish.campaign:
            press(connection, wish.campaign, person.id, wish.number or wish.act)

    def _view(self, wish: CampaignWish) -> View:
        if wish.act == NO_MORE:
            return stopped_view(self._shelf.current)
        known = {AGAIN: "weer", LAST: "laat-maar", POLL: "antwoord"}
        return plain_view(self._shelf.current.words.say(FILE, known.get(wish.act, "onbekend")))
