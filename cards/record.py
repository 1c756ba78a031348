"""A record as cards: the advice for the buyer, the summary for the procurement channel, the startformulier part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from babel.dates import format_date

from cards.agreement import agreement_said
from cards.startformulier import StartformPart, copyable
from cards.view import Action, Block, Bullets, Line, Lines, Link, Text, Typed, View
from dialogs.advice import Advice, Figure, ThemeChoice
from knowledge.amounts import Amount, euros

END_NAMES = {
    "niet-gekocht": "Niet gekocht",
    "anders-opgelost": "Anders opgelost",
    "koop-met-mvoi": "Koop met MVOI",
    "koop-zonder-mvoi": "Koop zonder MVOI, met uitleg",
}
MONEY_NAMES = {
    "niet uitgegeven": "Niet uitgegeven",
    "levensduurverschil": "Levensduurverschil",
    "meerkosten": "Duurder",
}
ABOUT = "advies"  # What these cards are about, as a question has its name.
NOT_A_DECISION = "Advies, geen besluit. Ik ben een digitale assistent."


@dataclass(frozen=True, slots=True)
class Shown:
    """Which record a card is about: its id, its version, and the address of its page if Moi knows its own."""

    record: str
    version: int
    url: str | None = None


def summary_view(advice: Advice, shown: Shown) -> View:
    """What the procurement channel sees: no names, no prices of offers, no suppliers."""
    title = f"{END_NAMES[advice.outcome]} · {advice.title}"
    blocks: list[Block] = [Text(title, "heading"), Text(advice.category_name, "small")]
    blocks.append(Typed(advice.said, "Gevraagd", "wat"))
    lines = [Line("Waarom nodig", advice.need, about="nodig")]
    if advice.quantity:
        asked = f" (gevraagd: {advice.requested})" if advice.requested not in (None, advice.quantity) else ""
        lines.append(Line("Aantal", f"{advice.quantity}{asked}", about="aantal"))
    if advice.way:
        lines.append(Line("Gekozen weg", advice.way, about="anders"))
    if advice.put_off:
        lines.append(Line("Uitgesteld", "ja, misschien later alsnog"))
    if advice.from_depot:
        lines.append(Line("Uit het depot gereserveerd", Typed(str(advice.from_depot))))
    if advice.contract:
        lines.append(Line("Lopend contract", Typed(advice.contract)))
    if advice.agreement:
        lines.append(Line("Werkafspraak", agreement_said(advice.agreement)))
    lines.append(Line("Waarde", advice.value_band, about="waarde"))
    lines.append(Line("Team en domein", f"{', '.join(advice.teams)} · {', '.join(advice.domains)}"))
    for number, choice in enumerate(advice.themes):
        # One question, so one place to link to.
        lines.append(replace(theme_line(choice), about="" if number else "pas-toe"))
    if advice.social_return:
        lines.append(Line("Social return", advice.social_return, about="loonaandeel"))
    lines += [figure_line(figure) for figure in advice.money]
    if advice.contract_form:
        lines.append(Line("Contractvorm", advice.contract_form, about="hoe"))
    lines.append(Line("Hulp gevraagd", ", ".join(advice.help) or "nee", about="hulp"))
    lines.append(Line("Pilotkandidaat", "ja" if advice.pilot else "nee"))
    blocks.append(Lines(tuple(lines)))
    blocks += typed_blocks(advice)
    blocks.append(
        Text(
            f"Versie {shown.version} · kennis van {day(advice.knowledge_date)} ({advice.knowledge_version})",
            "small",
        )
    )
    actions = (Link("Open op de pagina", shown.url),) if shown.url else ()
    return View(tuple(blocks), actions, summary=title)


def day(iso: str) -> str:
    """A date as people write it: "23 november 2026"."""
    return format_date(date.fromisoformat(iso), "d MMMM yyyy", locale="nl")


def theme_line(choice: ThemeChoice) -> Line:
    """One theme: applied with what, or explained with the reason; a typed explanation stands below."""
    decided = (
        f"toegepast ({choice.criterion.text})" if choice.applied else f"uitgelegd, *{choice.reason.lower()}*"
    )
    return Line(choice.name, decided)


def figure_line(figure: Figure) -> Line:
    """One of the three money figures with its assumption; they are never added up."""
    name = MONEY_NAMES[figure.kind]
    shown = spread(figure) if figure.kind == "levensduurverschil" else euros(Amount(figure.low, figure.high))
    return Line(name, f"{shown} · {figure.status} ({figure.assumption})")


def without_assumption(label: str, value: str) -> str:
    """Of the value of a `figure_line` only the figure; of any other line the whole value."""
    return value.partition(" · ")[0] if label in MONEY_NAMES.values() else value


def spread(figure: Figure) -> str:
    """A lifetime difference in words: cheaper, more expensive, or from the one to the other."""
    low, high = figure.low, figure.low if figure.high is None else figure.high
    if low >= 0:
        return f"{euros(Amount(low, high))} goedkoper"
    if high <= 0:
        return f"{euros(Amount(-high, -low))} duurder"
    return f"{euros(-low)} duurder tot {euros(high)} goedkoper"


def typed_blocks(advice: Advice) -> Iterator[Block]:
    """The words that the buyer typed, each to the letter."""
    explanations = dict.fromkeys(choice.explanation for choice in advice.themes if choice.explanation)
    for explanation in explanations:
        yield Typed(explanation, "Uitleg")
    for label, words, about in (
        ("Uitleg bij de standaardkeuze", advice.agreement.explanation if advice.agreement else "", ""),
        ("Doel", advice.goal, "doel"),
        ("Wanneer", advice.when, "wanneer"),
        ("Kansen", advice.chances, "kansen"),
    ):
        if words:
            yield Typed(words, label, about)


def advice_views(advice: Advice, shown: Shown, *, talk: str, changed: bool) -> tuple[View, ...]:
    """What the buyer gets after sending: what is done, and below it the advice line by line."""
    views = (done_view(advice, shown, talk=talk, changed=changed), *details(advice))
    about = {"about": ABOUT}
    # Thumbs come once, under the last of them.
    return (
        *(replace(view, extra=about) for view in views[:-1]),
        replace(views[-1], extra=about | {"thumbs": True}),
    )


def details(advice: Advice) -> Iterator[View]:
    """The advice per line, who to contact and what to copy; nothing when there is nothing to advise."""
    blocks: list[Block] = []
    if advice.way_text:
        blocks.append(Text(f"**{advice.way}**: {advice.way_text} *Omdat {advice.way_because}.*"))
    if advice.agreement and advice.agreement.followed:
        status = agreement_said(advice.agreement)
        blocks.append(Text(f"**Werkafspraak**: {status}. **Zo regel je het**: {advice.agreement.ordering}"))
    if advice.rules:
        blocks.append(Bullets(tuple(f"{rule.text} *({rule.source})*" for rule in advice.rules)))
    if applied := [choice for choice in advice.themes if choice.applied]:
        blocks.append(Text("Dit neem je mee", "heading"))
        blocks.append(Bullets(tuple(applied_line(choice) for choice in applied)))
    if advice.contract_caution:
        caution = f"{advice.contract_caution[0].lower()}{advice.contract_caution[1:]}"
        blocks.append(Text(f"**{advice.contract_form}**: let op: {caution}."))
    if advice.startform:
        blocks.append(copyable(startform_part(advice)))
    if blocks:
        yield View((Text("Mijn advies", "heading"), *blocks), summary="Mijn advies")


def done_view(advice: Advice, shown: Shown, *, talk: str, changed: bool) -> View:
    """That it is in the channel, what it saves or costs, who can help, and what one can do next."""
    done = (
        "Aangepast. De kaart in het inkoopkanaal is bijgewerkt."
        if changed
        else "Gedaan. Het staat in het inkoopkanaal."
    )
    blocks: list[Block] = [Text(done, "lead")]
    blocks += [Text(sentence(figure)) for figure in advice.money]
    blocks.append(Bullets(tuple(f"**{contact.name}**: {contact.because}" for contact in advice.contacts)))
    closing = (advice.asked_later, NOT_A_DECISION)
    blocks.append(Text(" ".join(said for said in closing if said), "small"))
    actions: list[Action | Link] = []
    if shown.url:
        actions.append(Link("Bekijk je aanvraag", shown.url))
        if advice.startform:
            actions.append(Link("Download als Word", f"{shown.url}.docx"))
    actions.append(Action("Nog iets wijzigen", {"do": "review", "talk": talk}))
    actions.append(Action("Nieuwe vraag", {"do": "new"}))
    return View(tuple(blocks), tuple(actions), summary=done)


def sentence(figure: Figure) -> str:
    """A money figure as a sentence to the buyer."""
    amount = euros(Amount(abs(figure.low), None if figure.high is None else abs(figure.high)))
    match figure.kind:
        case "niet uitgegeven":
            return f"Je geeft naar schatting **{amount} niet uit** ({figure.assumption})."
        case "meerkosten":
            return f"Het is naar schatting **{amount} duurder** ({figure.assumption})."
        case "levensduurverschil":
            line = figure_line(figure)
            return f"Over de levensduur: **{line.value}**."


def applied_line(choice: ThemeChoice) -> str:
    """A criterion that is taken along, with everything a tender text needs."""
    criterion = choice.criterion
    caution = f" · let op: {criterion.caution}" if criterion.caution else ""
    return (
        f"**“{criterion.text}”** *({criterion.type}, {choice.name.lower()}, {criterion.level})* · bewijs: {criterion.proof} · "
        f"omdat {criterion.because} · bron: {criterion.source}{caution}"
    )


def startform_part(advice: Advice) -> StartformPart:
    """The MVOI part of the startformulier as ready text, with why and from where per line."""
    sections: list[tuple[str, tuple[str | Typed, ...]]] = [
        (
            "Wat we willen inkopen",
            (
                Typed(advice.said, "Aanvraag"),
                f"Productgroep: {advice.title} ({advice.category_name}).",
                f"Geraamde waarde: {advice.value}, zonder btw, over de hele looptijd.",
            ),
        ),
        ("Hebben we het wel nodig?", tuple(need_lines(advice))),
        ("MVOI: pas toe, of leg uit", tuple(compliance_lines(advice))),
    ]
    if advice.rules:
        sections.append(
            ("Regels bij deze waarde", tuple(f"{rule.text} Bron: {rule.source}." for rule in advice.rules))
        )
    form = (
        [f"Contractvorm: {advice.contract_form}. Let op: {advice.contract_caution}."]
        if advice.contract_form
        else []
    )
    form += [f"Wie profiteert: {advice.benefits}."] if advice.benefits else []
    form.append(f"Gevraagde hulp: {', '.join(advice.help) or 'geen'}.")
    sections.append(("Hoe, en met welke hulp", tuple(form)))
    if advice.cpv or advice.codes:
        sections.append(("Codes voor de aankondiging", tuple(code_lines(advice))))
    return StartformPart(
        f"MVOI-deel van het startformulier: {advice.title}", tuple(sections), advice.knowledge_version
    )


def code_lines(advice: Advice) -> Iterator[str]:
    """What a tender notice asks for: the CPV code, and the eForms codes of what is applied."""
    if advice.cpv:
        yield f"CPV: {advice.cpv}."
    yield from (f"{line.term} {line.name}: {line.codes} ({line.meaning})." for line in advice.codes)
    yield "Voorstel: kijk de codes na met Team Inkoop."


def need_lines(advice: Advice) -> Iterator[str | Typed]:
    """Why it is needed, and which other way was weighed."""
    yield f"Aanleiding: {advice.need}."
    if advice.goal:
        yield Typed(advice.goal, "Doel")
    yield f"Afweging: {advice.way}." if advice.way else "Afweging: niet kopen."
    if advice.from_depot:
        yield Typed(str(advice.from_depot), "Uit het depot gereserveerd")
    if advice.contract:
        yield Typed(advice.contract, "Lopend contract")
    if advice.agreement:
        yield f"Werkafspraak: {agreement_said(advice.agreement)}."
        if advice.agreement.explanation:
            yield Typed(advice.agreement.explanation, "Uitleg bij de standaardkeuze")
    for figure in advice.money:
        yield f"{figure_line(figure).label}: {figure_line(figure).value}."


def compliance_lines(advice: Advice) -> Iterator[str | Typed]:
    """Every theme, applied or explained."""
    for choice in advice.themes:
        if choice.applied:
            criterion = choice.criterion
            yield (
                f"{choice.name} (ambitie: niveau {choice.level}): toegepast. “{criterion.text}” Type: {criterion.type}. Niveau: {criterion.level}. "
                f"Bewijs: {criterion.proof}. Omdat {criterion.because}. Bron: {criterion.source} ({criterion.certainty})."
            )
        else:
            yield f"{choice.name} (ambitie: niveau {choice.level}): niet toegepast. Reden: {choice.reason.lower()}."
    explanations = dict.fromkeys(choice.explanation for choice in advice.themes if choice.explanation)
    yield from (Typed(explanation, "Toelichting") for explanation in explanations)
    if advice.social_return:
        yield f"Social return: {advice.social_return}"
    yield f"Fase: {advice.phase}. {advice.explained_by}"
