"""Campaigns in the talk: their buttons, what one says back, and getting none of them any more. One way for all channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.campaign_chat import ACTS, in_chat
from bot.campaign_ledger import Shown
from bot.campaign_optouts import has_opted_out, opt_in, opt_out
from bot.campaign_pictures import PICTURES
from bot.campaign_replies import about, last_campaign, put_through, told_late, waits_for
from bot.campaign_returns import answer, in_totals, press, see
from bot.campaigns import NO_MORE, Campaign, read
from bot.channel_place import first_time, targets
from bot.kept_turn import keep_person
from bot.people import Person
from bot.records import Records
from bot.talk_state import Answer, Message, Place, Response
from bot.web_log import append
from cards.campaign import (
    BACK,
    BEGIN,
    CHOICE,
    DO,
    FILE,
    LAST,
    POLL,
    TALK,
    campaign_view,
    stopped_view,
    subject_names,
)
from cards.campaign_back import (
    AGAIN,
    ASK,
    FIELD,
    SEND,
    again_view,
    answer_view,
    ask_view,
    no_more_view,
    pass_on_view,
    said_view,
    thanks_view,
)
from cards.marks import legible
from cards.remarks import plain_view
from cards.view import Picture, View
from dialogs.hearing import plain
from knowledge.shelf import Shelf

NOT_FOR_ALL = frozenset({NO_MORE, AGAIN, ASK, SEND})
"""What is about oneself, and is not done where others read along."""
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

    def said(self, name: str) -> str:
        """What was filled in here, or went along with the button; empty when nothing was."""
        return self.fields.get(name, "")

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
        await self._records.write(lambda connection: press(connection, wish.campaign, person.id, wish.number))
        if wish.to == BEGIN:
            return replace(message, tap={"do": "say", "text": GREETING})
        return replace(message, tap={"do": "about", "package": wish.to})

    async def turn(
        self, person: Person, message: Message, place: Place, wish: CampaignWish, log: Log | None
    ) -> Answer:
        """Do it and say what became of it, as a whole or not at all; a message that comes twice does nothing twice."""

        if place.shared and wish.act in NOT_FOR_ALL:
            return Answer((plain_view(self._shelf.current.words.say(BACK, "eigen-gesprek")),))

        def work(connection: Connection) -> tuple[Answer, str]:
            repeated = not first_time(connection, message.id)
            now = datetime.now(UTC)
            if not repeated:
                keep_person(connection, person, now.date(), knows_roles=place.channel != "teams")
            view, record = self._carry_out(connection, person, place, wish, now, repeated=repeated)
            if log and not repeated:
                append(connection, place.conversation, log((view,)))
            return Answer((view,), repeated=repeated), record

        answer, record = await self._records.write(work)
        if record:
            self._records.deliver_again(record)
        return answer

    async def seen(self, person: Person, conversation: str, last: str) -> None:
        """Note which campaigns somebody saw, who lets Teams tell up to which message they read."""
        await self._records.write(partial(_see, person.id, conversation, last))

    async def late(self, person: Person) -> tuple[View, ...]:
        """What the MVOI team answered while this person was nowhere to be told; once."""
        if not await self._records.read(partial(waits_for, person.id)):
            return ()
        found = await self._records.write(partial(told_late, person.id))
        knowledge = self._shelf.current
        return tuple(
            answer_view(knowledge, asked.by, record.advice, asked.question, record.id)
            for record, asked in found
        )

    def pass_on(
        self, person: Person, message: Message, place: Place, connection: Connection, response: Response
    ) -> Response:
        """The response, with the way to the MVOI team when Moi did not understand words that may be about a campaign."""
        if not response.puzzled or place.shared or not message.text:
            return response
        subject = last_campaign(connection, person.id, datetime.now(UTC))
        if subject is None:
            return response
        offer = pass_on_view(self._shelf.current, subject.id, legible(message.text))
        return replace(response, views=(*response.views, offer))

    def _carry_out(
        self,
        connection: Connection,
        person: Person,
        place: Place,
        wish: CampaignWish,
        now: datetime,
        *,
        repeated: bool,
    ) -> tuple[View, str]:
        """Do it, unless it is done already; gives what to say, and the record that must be delivered, if any."""
        knowledge, say = self._shelf.current, self._shelf.current.words.say
        if wish.act in ACTS:
            return self._write(connection, person, place, wish, now, repeated=repeated), ""
        if not repeated and wish.campaign and wish.act != POLL:
            press(connection, wish.campaign, person.id, wish.number or wish.act)
        match wish.act:
            case "geen":
                return self._no_more(connection, person, wish, now), ""
            case "weer":
                return self._again(connection, person, wish), ""
            case "team-vraag":
                subject = about(connection, wish.campaign)
                return ask_view(knowledge, subject.id, subject.title), ""
            case "team-stuur":
                subject, to = about(connection, wish.campaign), targets(connection, self._records.targets)
                record = put_through(
                    connection,
                    person,
                    subject,
                    wish.said(FIELD),
                    knowledge.version,
                    to,
                    now,
                    wish.said("after"),
                )
                return plain_view(say(BACK, "gestuurd" if record else "lege-vraag")), record
            case "vraag":
                return self._answer(connection, person, wish), ""
            case "laat-maar":
                return said_view(knowledge, say(FILE, LAST), wish.campaign), ""
        return plain_view(say(FILE, "onbekend")), ""

    def _write(
        self,
        connection: Connection,
        person: Person,
        place: Place,
        wish: CampaignWish,
        now: datetime,
        *,
        repeated: bool,
    ) -> View:
        """Writing a campaign in the talk."""
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

    def _answer(self, connection: Connection, person: Person, wish: CampaignWish) -> View:
        """Keep an answer to the question of a campaign, in the place of an earlier one, and tell what others said."""
        knowledge = self._shelf.current
        if (counted := answer(connection, wish.campaign, person.id, wish.choice)) is None:
            return said_view(knowledge, knowledge.words.say(BACK, "peiling-dicht"), wish.campaign)
        mine = list(counted)[int(wish.choice) - 1]
        return thanks_view(knowledge, wish.campaign, mine, in_totals(counted))

    def _no_more(self, connection: Connection, person: Person, wish: CampaignWish, now: datetime) -> View:
        """None about the subject of this campaign, or none at all."""
        campaign = read(connection, wish.campaign)
        subject = campaign.draft.subject if campaign else ""
        opt_out(connection, person.id, now, subject)
        name = self._subject(subject)
        return no_more_view(self._shelf.current, subject, name) if name else stopped_view(self._shelf.current)

    def _again(self, connection: Connection, person: Person, wish: CampaignWish) -> View:
        opt_in(connection, person.id, wish.said("subject"))
        if name := self._subject(wish.said("subject")):
            return again_view(self._shelf.current, name, none_at_all=has_opted_out(connection, person.id))
        return plain_view(self._shelf.current.words.say(FILE, AGAIN))

    def _subject(self, id_: str) -> str:
        """What a subject is called in a sentence; "" for what is none."""
        name = subject_names(self._shelf.current).get(id_, "")
        return name and name[0].lower() + name[1:]


def _see(person_id: str, conversation: str, last: str, connection: Connection) -> None:
    see(connection, person_id, conversation, last)
