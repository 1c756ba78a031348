"""What nobody reaches: items that no product group uses, texts the program never says, groups that no word leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from knowledge.care.material import Finding, Material, Path
from knowledge.loading import PROJECT
from knowledge.words import DialogWords, placeholders

ROOMS = ("dialogs", "cards", "bot")
SOURCES = (".py", ".html", ".j2")
# Our formatter writes texts between these quotes; a key inside another text stands between single ones.
TEXT_IN_SOURCE = re.compile(r'(f?)"((?:[^"\\\n]|\\.)*)"')
KEY_IN_SOURCE = re.compile(r"'([\w-]+)'")


def unreachable(material: Material) -> Iterator[Finding]:
    """Say what is written and never seen."""
    for check in (_items, _general_criteria, _ambiguous, _words, _said_twice, _groups):
        for name, path, message in check(material):
            yield material.finding("onbereikbaar", name, path, message)


Found = Iterator[tuple[str, Path, str]]


def _items(material: Material) -> Found:
    known = material.knowledge
    groups = tuple(known.groups.values())
    owners = {group.owner for group in groups} | {theme.owner for theme in known.themes.values()}
    owners |= {law.owner for law in known.laws} | {one.owner for one in known.agreements.values()}
    lists: tuple[tuple[str, Path, Mapping[str, object], set[str], str], ...] = (
        ("contractvormen.yaml", (), known.contract_forms, {form.form for group in groups for form in group.contract_forms}, "deze contractvorm"),
        ("keurmerken.yaml", (), known.labels, {label for group in groups for label in group.labels}, "dit keurmerk"),
        ("voorbeelden.yaml", (), known.examples, {example for group in groups for example in group.examples}, "dit voorbeeld"),
        ("naslag.yaml", ("tco_posten",), {item.id: item for item in known.tco_items}, {cost.item for group in groups for cost in group.costs} | {item.id for item in known.tco_items if item.asked}, "deze kostenpost"),
    )  # fmt: skip
    for name, path, items, used, what in lists:
        for place, id_ in enumerate(items):
            if id_ not in used:
                message = f"geen enkele productgroep gebruikt {what} ('{id_}'). Zet '{id_}' bij een productgroep, of haal het weg."
                yield name, (*path, place, "id"), message
    for place, role in enumerate(known.roles.values()):
        if not (role.themes or {role.id, role.name} & owners or program_says(role.id)):
            message = f"niemand wordt naar de rol '{role.id}' gestuurd: er staat geen thema bij en ze is van niets eigenaar. Zet er 'themas' bij, of haal de rol weg."
            yield "rollen.yaml", (place, "id"), message
    yield from _reasons(material)


def _reasons(material: Material) -> Found:
    first: dict[str, str] = {}
    for place, reason in enumerate(material.knowledge.reasons.values()):
        for row, word in enumerate(reason.said):
            if (same := word.casefold()) in first:
                message = (
                    f"'{word}' hoort al bij de reden '{first[same]}' en komt hier nooit aan. Haal er een weg."
                )
                yield "redenen.yaml", (place, "woorden", row), message
            first.setdefault(same, reason.code)


def _general_criteria(material: Material) -> Found:
    known = material.knowledge
    taken = {shared.id for group in known.groups.values() for shared in group.shared}
    own = {(group.id, criterion.theme) for group in known.groups.values() for criterion in group.criteria}
    themes = {
        theme
        for group in known.groups.values()
        for theme in (*group.themes, *known.categories[group.category].themes)
        if (group.id, theme) not in own
    }
    for row, theme in enumerate(known.themes.values()):
        for place, criterion in enumerate(theme.general_criteria):
            if criterion.id not in taken and theme.id not in themes:
                message = (
                    f"geen enkele productgroep neemt '{criterion.id}' over, en elke productgroep heeft eigen criteria voor dit thema. "
                    "Zet het bij 'algemene_criteria' van een productgroep, of haal het weg."
                )
                yield "themas.yaml", (row, "algemene_criteria", place, "id"), message


def _ambiguous(material: Material) -> Found:
    for place, item in enumerate(material.knowledge.ambiguous):
        if all(material.knowledge.recognise(word).ambiguous is None for word in (item.word, *item.also)):
            message = f"op '{item.word}' vraagt Moi nooit deze vraag: het woord betekent al iets anders. Haal het daar weg, of haal deze vraag weg."
            yield "dubbelzinnig.yaml", (place, "woord"), message


def _words(material: Material) -> Found:
    for name, value in material.contents.values.items():
        if not isinstance(value, DialogWords):
            continue
        for key in value.sentences:
            if not program_says(key):
                yield name, ("zinnen", key), f"Moi zegt de zin '{key}' nergens. Haal de zin weg."
        for key in value.questions:
            if not program_says(key):
                yield name, (key,), f"Moi stelt de vraag '{key}' nergens. Haal de vraag weg."
        filled = {name for text in _filled_in(value) for name in placeholders(text)}
        for key in value.fill_ins.keys() - filled:
            yield (
                name,
                ("invulwoorden", key),
                f"het invulwoord '{key}' staat in geen enkele zin. Haal het weg.",
            )


def _filled_in(value: DialogWords) -> Iterator[str]:
    yield from value.sentences.values()
    for question in value.questions.values():
        yield from filter(None, (question.ask, question.explain, question.why))
        for option in question.options.values():
            yield from filter(None, (option.label, option.explain))


def _said_twice(material: Material) -> Found:
    """Words that people say which stand at two options of one question: the second is never chosen by them."""
    for name, value in material.contents.values.items():
        if not isinstance(value, DialogWords):
            continue
        for key, question in value.questions.items():
            first: dict[str, str] = {}
            for option, words in question.options.items():
                said = {word.casefold() for word in words.said}
                first.setdefault(words.label.casefold(), option)
                for word in sorted(said):
                    if first.setdefault(word, option) != option:
                        message = f"'{word}' hoort al bij '{first[word]}' en kiest '{option}' dus nooit. Haal er een weg."
                        yield name, (key, "opties", option), message


def _groups(material: Material) -> Found:
    """Groups whose name and search words are all recognised as something else; one word that leads there is enough."""
    recognise: Callable[[str], object] = material.knowledge.recognise
    for group in material.knowledge.groups.values():
        texts = (group.name, *group.search_words)
        if not any(group.id in _meant(recognise(text)) for text in texts):
            message = f"geen enkel woord leidt naar '{group.name}': Moi herkent ze allemaal als iets anders. Kies zoekwoorden die alleen hier horen."
            yield f"productgroepen/{group.id}.yaml", ("zoekwoorden",), message


def _meant(recognition: object) -> set[object]:
    asked = getattr(recognition, "ambiguous", None)
    return {getattr(recognition, "group", None)} | (
        {choice.group for choice in asked.choices} if asked else set()
    )


def program_says(key: str) -> bool:
    """Whether the program names a key: as a text in its source, or as what a text with a gap in it could become."""
    whole, patterns = _texts_of_the_program()
    return key in whole or any(pattern.fullmatch(key) for pattern in patterns)


@lru_cache(maxsize=1)
def _texts_of_the_program() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    whole: set[str] = set()
    gaps: set[str] = set()
    rooms = (path for room in ROOMS for path in (PROJECT / room).rglob("*") if path.suffix in SOURCES)
    for file in (*rooms, *(PROJECT / "knowledge").glob("*.py")):
        source = file.read_text(encoding="utf-8")
        whole.update(KEY_IN_SOURCE.findall(source))
        for formatted, text in TEXT_IN_SOURCE.findall(source):
            if not formatted:
                whole.add(text)
            elif re.fullmatch(r"[\w-]*\{[^{}]*\}[\w-]*", text):
                before, after = re.split(r"\{.*\}", text)
                if "-" in before + after:
                    gaps.add(f"{re.escape(before)}.+{re.escape(after)}")
    return frozenset(whole), tuple(re.compile(gap) for gap in sorted(gaps))
