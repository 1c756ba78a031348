"""What somebody wants: the product group, and through it the category, its themes and its team (PRODUCT §2, step 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from dialogs.numbers import AmountQuestion, Count, Value
from dialogs.product import Product, Request
from dialogs.questions import UNKNOWN, Choice, Remark
from knowledge.amounts import euros
from knowledge.knowledge import Knowledge
from knowledge.model import AmbiguousWord, Category, ProductGroup
from knowledge.words import OptionWords, QuestionWords

DIALOG = "koop"
OTHER = "anders"
NOT_LISTED = "staat-er-niet-bij"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the talk is about. Without a group only the category is known, and Moi says general things."""

    request: Request
    category: Category
    group: ProductGroup | None
    quantity: int | None
    estimate: Value | None

    @property
    def id(self) -> str:
        """The id under which questions about this subject are kept."""
        return self.group.id if self.group else self.category.id

    @property
    def name(self) -> str:
        """How the subject is called in a sentence."""
        return self.group.name if self.group else self.category.name

    @property
    def phrase(self) -> str:
        """ "50 × kantoormeubilair, ongeveer € 15.000", as far as it is known."""
        # "Schoonmaak" gets a small letter in a sentence, "ICT-hardware" does not.
        name = self.name if self.name[:2].isupper() else self.name[0].lower() + self.name[1:]
        counted = f"{self.quantity} × {name}" if self.quantity else name
        if self.estimate is None or self.estimate.amount is None:
            return counted
        return f"{counted}, ongeveer {euros(self.estimate.amount)}"


class Confirmation(Choice):
    """Is this what you mean? In the overview it reads as what was understood."""

    def __init__(self, subject: Subject, words: QuestionWords) -> None:
        super().__init__("klopt", words, about=subject.id)
        self.subject = subject
        self.detours = frozenset({OTHER})

    def show(self, value: str) -> str:
        return (
            f"{self.subject.phrase} ({self.subject.category.name})" if value == "ja" else super().show(value)
        )


async def what(knowledge: Knowledge) -> Subject:
    """Find out what it is about: sure, confirmed in one tap; unsure, three suggestions; else from the list."""
    words = knowledge.words.question
    request = await Product(
        "wat", words(DIALOG, "wat"), knowledge.recognise, partial(product_examples, knowledge)
    )
    quantity = await Count("aantal", words(DIALOG, "aantal")).if_said()
    estimate = await AmountQuestion("waarde", words(DIALOG, "waarde"), examples=ESTIMATES).if_said()

    found = await confirmed(knowledge, request, quantity, estimate)
    if isinstance(found, ProductGroup):
        return Subject(request, knowledge.categories[found.category], found, quantity, estimate)
    category = found or knowledge.categories[await ask_category(knowledge)]
    subject = Subject(request, category, await ask_group(knowledge, category), quantity, estimate)
    understood = "begrepen" if subject.group else "begrepen-categorie"
    await Remark(knowledge.words.say(DIALOG, understood, wat=subject.phrase, categorie=category.name))
    return subject


async def confirmed(
    knowledge: Knowledge, request: Request, quantity: int | None, estimate: Value | None
) -> ProductGroup | Category | None:
    """What the person says yes to: a product group, only a category, or neither."""
    words = knowledge.words.question
    if group := knowledge.groups.get(request.group or ""):
        subject = Subject(request, knowledge.categories[group.category], group, quantity, estimate)
        await Remark(
            knowledge.words.say(DIALOG, "begrepen", wat=subject.phrase, categorie=subject.category.name)
        )
        return group if await Confirmation(subject, words(DIALOG, "klopt")) == "ja" else None
    if category := knowledge.categories.get(request.category or ""):
        return category
    suggestions = suggestion_options(knowledge, request)
    if not suggestions:
        if request.said:
            await Remark(knowledge.words.say(DIALOG, "ken-ik-niet"))
        return None
    asked = words(DIALOG, "welke")
    if word := ambiguous_word(knowledge, request):
        asked = replace(asked, ask=word.question)
    elif len(suggestions) == 1:
        asked = replace(asked, ask=knowledge.words.say(DIALOG, "bedoel-je"))
    options = {**suggestions, OTHER: asked.options[OTHER]}
    question = Choice(
        "welke",
        asked,
        about=word.word if word else "",
        options=options,
        examples=(next(iter(suggestions)), OTHER),
    )
    question.detours = frozenset({OTHER})
    chosen = await question
    return knowledge.groups.get(chosen) or knowledge.categories.get(chosen)


async def ask_category(knowledge: Knowledge) -> str:
    """One of the ten categories, from the list."""
    words = knowledge.words.question(DIALOG, "categorie")
    options = {category.id: option(category.name) for category in knowledge.categories.values()}
    return await Choice("categorie", words, options=options, examples=tuple(options)[:1])


async def ask_group(knowledge: Knowledge, category: Category) -> ProductGroup | None:
    """A product group of the category, from the list; None when it is not there."""
    words = knowledge.words.question(DIALOG, "groep")
    own = {group.id: option(group.name) for group in knowledge.groups_in[category.id]}
    options = {**own, NOT_LISTED: words.options[NOT_LISTED]}
    chosen = await Choice(
        "groep", words, about=category.id, options=options, examples=(next(iter(options)), NOT_LISTED)
    )
    return knowledge.groups.get(chosen)


def suggestion_options(knowledge: Knowledge, request: Request) -> dict[str, OptionWords]:
    """At most three product groups to choose from; an ambiguous word brings its own choices."""
    if word := ambiguous_word(knowledge, request):
        return {choice.group: option(choice.label) for choice in word.choices}
    found = (
        (id_, knowledge.groups.get(id_) or knowledge.categories.get(id_)) for id_ in request.suggestions[:3]
    )
    options = {id_: option(item.name) for id_, item in found if item}
    if len(options) > 1:
        return options
    # What is asked about one thing can be answered with "ja".
    yes = knowledge.words.question(DIALOG, "klopt").options["ja"].said
    return {id_: replace(words, said=yes) for id_, words in options.items()}


def refused(key: str, kept: object) -> bool:
    """Whether an answer says that something else was meant than Moi understood."""
    return key.partition("/")[0] in ("klopt", "welke") and kept == OTHER


def ambiguous_word(knowledge: Knowledge, request: Request) -> AmbiguousWord | None:
    """The word with several meanings that the request turns on, if any."""
    return next((word for word in knowledge.ambiguous if word.word == request.ambiguous), None)


@lru_cache(maxsize=1024)
def option(label: str) -> OptionWords:
    """An option that is called by its label only."""
    return OptionWords(label=label)


ESTIMATES = ({"low": 15_000.0, "high": 15_000.0}, UNKNOWN)


def product_examples(knowledge: Knowledge) -> tuple[dict[str, Any], ...]:
    """Everything the dialog could treat differently about a request: sure, unsure, ambiguous, unknown; of the groups,
    one for each number of main themes and each kind of thing."""
    kinds = {
        (len(knowledge.categories[g.category].themes), g.kind, g.nature, bool(g.examples)): g.id
        for g in knowledge.groups.values()
    }
    sure = [_kept(group=group) for group in kinds.values()]
    some = (*list(kinds.values())[:2], next(iter(knowledge.categories)))
    word = knowledge.ambiguous[0].word
    return (
        *sure,
        _kept(category=some[-1]),
        _kept(suggestions=some),
        _kept(suggestions=some[-1:]),
        _kept(word=word),
        _kept(),
    )


def _kept(
    *,
    group: str | None = None,
    category: str | None = None,
    suggestions: tuple[str, ...] = (),
    word: str | None = None,
) -> dict[str, Any]:
    return {
        "tekst": "voorbeeld",
        "categorie": category,
        "groep": group,
        "suggesties": list(suggestions),
        "dubbelzinnig": word,
    }
