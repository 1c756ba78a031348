"""The form in which a campaign is written: read as it is, and what must still be done before it can go."""

from __future__ import annotations

from collections.abc import Mapping

from bot.addresses import is_safe_address
from bot.campaign_audience import Audience
from bot.campaign_reach import Size
from bot.campaign_who import audience_problems
from bot.campaigns import LONGEST, Draft
from cards.campaign import KINDS, LAST, LINK, MOST_BUTTONS, Button
from cards.marks import legible
from knowledge.knowledge import Knowledge

TO = {LINK: "adres", "praat": "over"}
"""The field of a button that says where it leads."""


def read_draft(form: Mapping[str, object], audience: Audience | None = None) -> Draft:
    """What was filled in; what is left empty stays empty. Who gets it has a page of its own, so that is as it was."""
    buttons = [_button(form, number) for number in range(1, MOST_BUTTONS + 1)]
    return Draft(
        _words(form, "titel", "title"),
        _text(form),
        _words(form, "regel", "line"),
        tuple(button for button in buttons if button),
        audience or Audience(),
    )


def problems(knowledge: Knowledge, draft: Draft, size: Size) -> list[str]:
    """What must be done before it can be released, in words for whoever writes it."""
    found = [
        said
        for said, there in (
            ("Schrijf een titel.", draft.title),
            ("Schrijf de tekst.", draft.text),
            ("Schrijf de regel voor de melding.", draft.line),
        )
        if not there
    ]
    for button in draft.buttons:
        if not button.label:
            found.append("Geef elke knop een tekst.")
        elif button.kind == LINK and not is_safe_address(button.to):
            found.append(f"De link van knop “{button.label}” moet beginnen met https://.")
        elif button.kind not in (LINK, LAST) and not _is_subject(knowledge, button.to):
            found.append(f"Kies bij knop “{button.label}” waarover het gesprek gaat.")
    found += audience_problems(draft.audience, size)
    return list(dict.fromkeys(found))


def shown_buttons(knowledge: Knowledge, draft: Draft) -> tuple[Button, ...]:
    """The buttons that can be shown already."""
    return tuple(
        button
        for button in draft.buttons
        if button.label
        and (button.kind == LAST or is_safe_address(button.to) or _is_subject(knowledge, button.to))
    )


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
    return id_ in knowledge.groups or id_ in knowledge.categories


def _button(form: Mapping[str, object], number: int) -> Button | None:
    kind = form.get(f"knop-{number}-soort")
    if kind not in KINDS:
        return None
    to = _words(form, f"knop-{number}-{TO[str(kind)]}", "to") if kind in TO else ""
    return Button(str(kind), _words(form, f"knop-{number}-tekst", "label"), to)


def _words(form: Mapping[str, object], name: str, kind: str) -> str:
    return " ".join(legible(str(form.get(name, ""))).split())[: LONGEST[kind]]


def _text(form: Mapping[str, object]) -> str:
    return legible(str(form.get("tekst", ""))).strip()[: LONGEST["text"]]
