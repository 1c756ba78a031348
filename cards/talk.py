"""Questions as cards: what is asked now, with its buttons or fields, and the check card with everything on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cards.remarks import plain_view
from cards.several import along_blocks, deal_blocks, in_order
from cards.view import (
    MOST_ACTIONS,
    Action,
    Block,
    Bullets,
    Input,
    Line,
    Lines,
    Link,
    Option,
    Text,
    Typed,
    View,
)
from dialogs.comply import APPLY, EXPLANATION, Comply, Proposal
from dialogs.engine import Answered, Asking, Finished
from dialogs.existing import Reserving
from dialogs.express import express_questions
from dialogs.listed import Meant, Requests
from dialogs.numbers import AmountQuestion, Count
from dialogs.product import Product
from dialogs.questions import Choice, Question, Several
from dialogs.questions import Text as TextQuestion
from dialogs.several import Deal, GoAlong
from knowledge.knowledge import Knowledge

UNSHOWN = frozenset({"categorie", "versturen", "reken", "mvoi"})
"""Steps that are no answers of their own, so they have no line on the check card."""


ONE_LINE = 100
A_BOX = 500
"""Characters that a field takes; one line high, or a box for a few sentences."""
OF_ANOTHER_WAY = "-anders"
"""How the name of a question ends that is asked again for another way; in a link it is the same question."""
IN_THE_REQUEST = frozenset({"aantal", "waarde"})
"""What was heard in the first sentence is shown with what was understood."""


def asking_view(
    asking: Asking, talk: str, remaining: tuple[int, int] | None = None, *, once_more: bool = False
) -> View:
    """The card of the question that is asked now. `talk` goes into every button, so that an old card is recognised;
    asked `once_more`, Moi does not repeat what it said before the question."""
    remarks = [] if once_more else [remark.text for remark in asking.remarks]
    blocks: list[Block] = list(spoken(remarks))
    ends_here = [question for question in asking.questions if question.name == "versturen"]
    fields = in_order([question for question in asking.questions if question.name != "versturen"])
    single = len(fields) == 1 and not ends_here
    actions: list[Action | Link] = []
    if ends_here:
        blocks += heading(ends_here[0])
        # The lines of a list stand below, each with its own words.
        given = tuple(line for line in given_lines(asking) if line.change != "regels")
        blocks += [Lines(given)] if given else []
    if single and (buttons := choice_buttons(fields[0], talk)):
        blocks += heading(fields[0])
        actions += buttons
    else:
        for question in fields:
            blocks += field_blocks(question)
        actions += form_actions(asking, fields, talk)
    ask = asking.question.words.ask
    extra = {"talk": talk, "key": asking.question.key, "remaining": remaining_text(remaining)}
    return View(tuple(blocks), tuple(actions[:MOST_ACTIONS]), summary=ask, extra=extra)


def remaining_text(remaining: tuple[int, int] | None) -> str:
    """ "nog 2 tot 4 vragen", or nothing at the end."""
    if remaining is None or remaining[1] == 0:
        return ""
    low, high = remaining
    count = str(low) if low == high else f"{low} tot {high}"
    return f"nog {count} {'vraag' if high == 1 else 'vragen'}"


def spoken(remarks: list[str]) -> Iterator[Block]:
    """Remarks as text; lines that start with a bullet belong together."""
    bullets: list[str] = []
    for remark in remarks:
        if remark.startswith("• "):
            bullets.append(remark.removeprefix("• "))
            continue
        if bullets:
            yield Bullets(tuple(bullets))
            bullets = []
        yield Text(remark)
    if bullets:
        yield Bullets(tuple(bullets))


def heading(question: Question[Any]) -> list[Block]:
    """What is asked, and a line of explanation where there is one."""
    blocks: list[Block] = [Text(question.words.ask, "lead")]
    if isinstance(question, Meant):
        blocks.append(Typed(question.line.request.said))
    if question.words.explain:
        blocks.append(Text(question.words.explain, "small"))
    return blocks


def choice_buttons(question: Question[Any], talk: str) -> list[Action]:
    """One button per option, when a card can hold them all and a choice is one tap."""
    if not isinstance(question, Choice | AmountQuestion) or len(question.options) > MOST_ACTIONS:
        return []
    return [
        Action(option.label, {"do": "answer", "talk": talk, "key": question.key, "answer": id_})
        for id_, option in question.options.items()
    ]


def form_actions(asking: Asking, fields: list[Question[Any]], talk: str) -> list[Action | Link]:
    """The buttons under a card with fields."""
    data = {"do": "form", "talk": talk}
    comply = next((question for question in fields if isinstance(question, Comply | GoAlong)), None)
    sends = any(question.name == "versturen" for question in asking.questions)
    actions: list[Action | Link] = []
    if comply is not None:
        label = "Neem ik mee en versturen" if sends else "Neem ik mee"
        actions.append(Action(label, {**data, comply.key: APPLY}, "positive"))
    if comply is not None and sends:
        actions.append(Action("Versturen met mijn keuze", data))
    elif sends:
        actions.append(Action("Versturen", data, "positive"))
    else:
        actions.append(Action("Verder" if comply is None else "Verder met mijn keuze", data))
    can_reckon = any(question.key == "reken" for question in asking.unsaid)
    if can_reckon and any(question.name == "hoe" for question in fields):
        actions.append(
            Action(
                "Reken de levensduur uit",
                {"do": "answer", "talk": talk, "key": "reken", "answer": "ja"},
                fields=False,
            )
        )
    if sends:
        actions += [
            Action(
                option.label, {"do": "answer", "talk": talk, "key": question.key, "answer": id_}, fields=False
            )
            for question in asking.questions
            if question.name == "versturen" and isinstance(question, Choice)
            for id_, option in question.options.items()
            if id_ != "ja"
        ]
        actions.append(Action("Stop", {"do": "stop", "talk": talk}, fields=False))
    elif comply is None:
        actions.append(Action("Terug", {"do": "back", "talk": talk}, fields=False))
    return actions


def field_blocks(question: Question[Any]) -> list[Block]:
    """The fields of a question on a shared card."""
    match question:
        case Comply():
            return list(comply_blocks(question))
        case Deal():
            return list(deal_blocks(question))
        case GoAlong():
            return list(along_blocks(question))
        case Meant(options=options):
            return [Typed(question.line.request.said), _input(question, "choice", options)]
        case Several(options=options):
            return [_input(question, "several", options)]
        case Choice(options=options):
            return [_input(question, "choice", options)]
        case AmountQuestion() | TextQuestion() | Product() | Requests() | Count():
            numeric = isinstance(question, AmountQuestion | Count)
            return [
                Input(
                    question.key,
                    question.words.ask,
                    "text",
                    hint=question.words.explain or "",
                    required=not question.optional,
                    most=ONE_LINE if numeric else A_BOX,
                )
            ]
        case _:
            return heading(question)


def _input(question: Question[Any], kind: Any, options: Mapping[str, Any]) -> Input:
    return Input(
        question.key,
        question.words.ask,
        kind,
        tuple(Option(id_, option.label) for id_, option in options.items()),
        required=not question.optional and kind == "choice",
        hint=question.words.explain or "",
        expanded=len(options) <= 5,
    )


def comply_blocks(question: Comply) -> Iterator[Block]:
    """Every proposal with its type, level, proof, why and source, and a field to apply or explain."""
    count = ("Eén ding", "Twee dingen", "Drie dingen")[len(question.proposals) - 1]
    yield Text(f"{count} om mee te nemen. {question.words.ask}", "lead")
    for number, proposal in enumerate(question.proposals, 1):
        prefix = f"{number}. " if len(question.proposals) > 1 else ""
        yield Text(f"{prefix}**“{proposal.criterion.text}”**")
        yield Text(criterion_small(proposal), "small")
        options = tuple(Option(code, option.label) for code, option in question.answers.items())
        yield Input(
            f"{question.key}:{proposal.criterion.id}",
            f"{proposal.theme.short}: wat doe je?",
            "choice",
            options,
            required=False,
            hint="Maak een keuze",
        )
    yield Input(
        f"{question.key}:{EXPLANATION}",
        "Uitleg in één regel (als je iets niet meeneemt)",
        "text",
        required=False,
        hint="Noem geen namen van mensen of bedrijven",
        most=2 * ONE_LINE,
    )
    yield Text(question.explains, "small")


def criterion_small(proposal: Proposal) -> str:
    """The small print under a criterion."""
    criterion = proposal.criterion
    goal = f"ons doel: niveau {proposal.level}" + (f" ({proposal.level_name})" if proposal.level_name else "")
    certainty = "" if criterion.certainty == "zeker" else f", {criterion.certainty}"
    lines = [
        f"*{criterion.type}, {proposal.theme.short.lower()}, {criterion.level}* · {goal}",
        f"bewijs: {criterion.proof}",
        f"omdat {criterion.because}",
        f"bron: {criterion.source}{certainty}",
    ]
    if criterion.caution:
        lines.append(f"let op: {criterion.caution}")
    return " · ".join(lines)


def given_lines(given: Asking | Finished[Any]) -> Iterator[Line]:
    """All answers; what was said unasked has no "wijzig" of its own: it goes with the words it was said in."""
    yield from answer_lines(given.trail)
    unasked = tuple(answered for answered in given.said if answered.question.name not in IN_THE_REQUEST)
    yield from (replace(line, change=None) for line in answer_lines(unasked))


def answer_lines(trail: tuple[Answered, ...]) -> Iterator[Line]:
    """Everything that was answered, each line with its own "wijzig"."""
    for answered in trail:
        question = answered.question
        if question.name in UNSHOWN:
            continue
        shown = question.show(answered.value)
        if not shown:
            continue
        literal = isinstance(question, TextQuestion | Product | Requests | Reserving)
        label = question.words.short or question.words.ask
        yield Line(
            label,
            Typed(shown) if literal else shown,
            question.key,
            question.name.removesuffix(OF_ANOTHER_WAY),
        )


def changes_view(given: Asking | Finished[Any], talk: str, text: str) -> View:
    """Everything that was answered, each line with its own "wijzig"."""
    lines = Lines(tuple(given_lines(given)))
    return View((Text(text, "lead"), lines), summary=text, extra={"talk": talk})


def known_view(asking: Asking, talk: str, text: str) -> View:
    """What was answered so far, to read; nothing more than `text` where the card of the question shows it already."""
    lines = tuple(replace(line, change=None) for line in given_lines(asking))
    if not lines or any(question.name == "versturen" for question in asking.questions):
        return plain_view(text)
    return View((Text(text), Lines(lines)), summary=text, extra={"talk": talk})


def express_view(knowledge: Knowledge, given: Mapping[str, str] | None = None) -> View:
    """The express card: the short route on one card; what was filled in before stays."""
    fields = [
        replace(block, value=(given or {}).get(block.id, ""))
        for question in express_questions(knowledge)
        for block in field_blocks(question)
        if isinstance(block, Input)
    ]
    return View(
        (Text("Alles op één kaart", "heading"), *fields),
        (Action("Verder", {"do": "express-send"}, "positive"),),
        summary="Alles op één kaart",
    )
