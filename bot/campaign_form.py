"""The form in which a campaign is written: read as it is, and what must still be done before it can go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.addresses import is_safe_address
from bot.campaign_audience import Audience, Size
from bot.campaigns import FLOOR, LONGEST, Draft
from cards.campaign import BEGIN, KINDS, LINK, MOST_BUTTONS, POLL, TALK, Button, subject_names
from cards.marks import legible
from knowledge.knowledge import Knowledge

TO = {LINK: "adres", TALK: "over", POLL: "vraag"}
"""The field of a button that says where it leads, or what it asks."""
ANSWER = "Antwoord"
"""What is on the button of a poll unless somebody says so."""
FEWEST_CHOICES, MOST_CHOICES = 2, 5
LINES = 20  # Of the choices in a form; somebody who pasted a whole text is told that it is too much.
PICTURE_FIELD = "beeld"
LARGEST_FORM = 12 * 1024 * 1024  # bytes; a larger picture than Teams takes is told with the words kept.


async def sent_form(request: web.Request) -> dict[str, Any]:
    """What a form says, by field; a file as its bytes. Raises 413 for far more than a campaign can be."""
    form: dict[str, Any] = {}
    for name, value in (await request.clone(client_max_size=LARGEST_FORM).post()).items():
        if isinstance(value, FileField):
            with value.file as file:
                form[name] = await asyncio.to_thread(file.read)
        else:
            form[name] = value
    return form


def read_draft(knowledge: Knowledge, form: Mapping[str, object], picture: str = "") -> Draft:
    """What was filled in; what is left empty stays empty. `picture` is the id of the one that is kept, or of a new one."""
    audience = Audience()
    if form.get("wie") == "vroeg":
        audience = Audience(_words(form, "waarover", "to"), _day(form, "van"), _day(form, "tot"))
    buttons = [_button(form, number) for number in range(1, MOST_BUTTONS + 1)]
    known = subject_names(knowledge)
    subject = str(form.get("onderwerp", ""))
    return Draft(
        _words(form, "titel", "title"),
        _text(form),
        _words(form, "regel", "line"),
        tuple(button for button in buttons if button),
        audience,
        subject if subject in known else next(iter(known), ""),
        picture,
        _words(form, "beeld-tekst", "alt"),
    )


def problems(knowledge: Knowledge, draft: Draft, size: Size) -> list[str]:
    """What must be done before it can be released, in words for whoever writes it."""
    found = unfinished(knowledge, draft)
    audience = draft.audience
    if audience.first and audience.last and audience.first > audience.last:
        found.append("De eerste dag ligt na de laatste.")
    if audience.about and size.everybody < FLOOR:
        found.append(
            f"Dit zijn minder dan {FLOOR} mensen. Kies een ruimere groep, want zo is te raden wie het zijn."
        )
    elif size.everybody == 0:
        found.append("Er is nog niemand die Moi kent.")
    return found


def unfinished(knowledge: Knowledge, draft: Draft) -> list[str]:
    """What must still be written, whoever gets it."""
    found = [
        said
        for said, there in (
            ("Schrijf een titel.", draft.title),
            ("Schrijf de tekst.", draft.text),
            ("Schrijf de regel voor de melding.", draft.line),
        )
        if not there
    ]
    if draft.picture and not draft.alt:
        found.append("Beschrijf de afbeelding voor wie haar niet ziet.")
    for button in draft.buttons:
        found += _problems_of(knowledge, button)
    if [button.kind for button in draft.buttons].count(POLL) > 1:
        found.append("Stel in één bericht hoogstens één vraag.")
    return list(dict.fromkeys(found))


def _problems_of(knowledge: Knowledge, button: Button) -> Iterator[str]:
    if not button.label:
        yield "Geef elke knop een tekst."
    elif button.kind == LINK and not is_safe_address(button.to):
        yield f"De link van knop “{button.label}” moet beginnen met https://."
    elif button.kind == TALK and not _is_subject(knowledge, button.to):
        yield f"Kies bij knop “{button.label}” waarover het gesprek gaat."
    elif button.kind == POLL:
        if not button.to:
            yield f"Schrijf bij knop “{button.label}” de vraag."
        if not FEWEST_CHOICES <= len(button.choices) <= MOST_CHOICES:
            yield f"Geef bij knop “{button.label}” twee tot vijf antwoorden, elk op een eigen regel."
        if len(set(map(str.casefold, button.choices))) < len(button.choices):
            yield f"Bij knop “{button.label}” staat een antwoord twee keer."


def shown_buttons(knowledge: Knowledge, draft: Draft) -> tuple[Button, ...]:
    """The buttons that can be shown already."""
    return tuple(button for button in draft.buttons if not list(_problems_of(knowledge, button)))


def subjects(knowledge: Knowledge) -> list[tuple[str, str]]:
    """What a talk can be about, by id: categories, and the product groups of each."""
    found = []
    for category in knowledge.categories.values():
        found.append((category.id, category.name))
        found += [
            (group.id, f"{category.name}: {group.name}")
            for group in knowledge.groups.values()
            if group.category == category.id
        ]
    return found


def _is_subject(knowledge: Knowledge, id_: str) -> bool:
    return id_ == BEGIN or id_ in knowledge.groups or id_ in knowledge.categories


def _button(form: Mapping[str, object], number: int) -> Button | None:
    kind = form.get(f"knop-{number}-soort")
    if kind not in KINDS:
        return None
    to = (
        _words(form, f"knop-{number}-{TO[str(kind)]}", "question" if kind == POLL else "to")
        if kind in TO
        else ""
    )
    label = _words(form, f"knop-{number}-tekst", "label")
    if kind != POLL:
        return Button(str(kind), label, to)
    said = legible(str(form.get(f"knop-{number}-keuzes", ""))).splitlines()[:LINES]
    choices = (" ".join(line.split())[: LONGEST["choice"]] for line in said)
    return Button(POLL, label or ANSWER, to, tuple(filter(None, choices)))


def _words(form: Mapping[str, object], name: str, kind: str) -> str:
    return " ".join(legible(str(form.get(name, ""))).split())[: LONGEST[kind]]


def _text(form: Mapping[str, object]) -> str:
    return legible(str(form.get("tekst", ""))).strip()[: LONGEST["text"]]


def _day(form: Mapping[str, object], name: str) -> date | None:
    try:
        return date.fromisoformat(str(form.get(name, "")))
    except ValueError:
        return None
