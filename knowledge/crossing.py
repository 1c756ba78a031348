"""What must agree between files of the knowledge: names that exist, ids that are used once, periods that follow each other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from knowledge.agreements import FILE as AGREEMENTS
from knowledge.campaigns import FILE as CAMPAIGNS
from knowledge.lines import Document, Step
from knowledge.mistakes import Problem, nearest
from knowledge.model import Codes, Dated, WrittenCriterion, WrittenGroup
from knowledge.words import DialogWords, placeholders

Path = tuple[Step, ...]
WORDS_OF_CAMPAIGNS = "woorden/campagne.yaml"


def cross(
    documents: Mapping[str, Document], values: Mapping[str, Any], cpv: Collection[str]
) -> Iterator[Problem]:
    """Name every mistake between files; a file that is itself not right is left out, so one mistake is named once."""
    for check in (_ids, _criterion_ids, _own_theme, _references, _periods, _codes):
        yield from check(documents, values)
    for name, value in values.items():
        if isinstance(value, WrittenGroup):
            yield from _group(documents[name], name, value, cpv)
        elif isinstance(value, DialogWords):
            yield from _fill_ins(documents[name], value)


NAMES = {"themes": "het thema", "categories": "de categorie", "contract_forms": "de contractvorm"} | {
    "examples": "het voorbeeld",
    "groups": "de productgroep",
    "labels": "het keurmerk",
    "costs": "de kostenpost",
    "general": "het algemene criterium",
    "criteria": "het criterium",
    "laws": "de wet",
    "templates": "het sjabloon",
    "campaign_subjects": "het onderwerp",
    "talks": "de productgroep of categorie",
}

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("categorieen.yaml", "*/themas/*", "themes"),
    ("rollen.yaml", "*/themas/*", "themes"),
    ("rollen.yaml", "*/categorieen/*", "categories"),
    ("vindwoorden.yaml", "themas/~", "themes"),
    ("vindwoorden.yaml", "categorieen/~", "categories"),
    ("voorbeelden.yaml", "*/thema", "themes"),
    ("voorbeelden.yaml", "*/productgroepen/*", "groups"),
    ("dubbelzinnig.yaml", "*/keuzes/*/productgroep", "groups"),
    ("ambities.yaml", "ambities/*/thema", "themes"),
    ("naslag.yaml", "campagnemomenten/*/themas/*", "themes"),
    ("naslag.yaml", "campagnemomenten/*/sjabloon", "templates"),
    (CAMPAIGNS, "*/onderwerp", "campaign_subjects"),
    (CAMPAIGNS, "*/knoppen/*/over", "talks"),
    ("eforms.yaml", "per_thema/*/thema", "themes"),
    ("herkenning.yaml", "woorden/~", "categories"),
    ("herkenning.yaml", "functies/categorie", "categories"),
    ("herkenning.yaml", "functies/productgroep", "groups"),
    ("herkenning.yaml", "samenhang/*/van/*", "groups"),
    ("herkenning.yaml", "samenhang/*/naar", "groups"),
    ("wetten.yaml", "*/productgroepen/*", "groups"),
    ("wetten.yaml", "*/themas/*", "themes"),
    ("wetten.yaml", "*/criteria/*", "criteria"),
    ("wetten.yaml", "*/vervangt", "laws"),
    (AGREEMENTS, "*/productgroep", "groups"),
    ("productgroepen/*", "categorie", "categories"),
    ("productgroepen/*", "themas/*", "themes"),
    ("productgroepen/*", "criteria/*/thema", "themes"),
    ("productgroepen/*", "kansen/*/thema", "themes"),
    ("productgroepen/*", "contractvormen/*/vorm", "contract_forms"),
    ("productgroepen/*", "kosten/*/post", "costs"),
    ("productgroepen/*", "keurmerken/*", "labels"),
    ("productgroepen/*", "algemene_criteria/*/id", "general"),
    ("productgroepen/*", "voorbeelden/*", "examples"),
)
"""In which files, and where in them, something is named that must exist elsewhere."""


def _known(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Mapping[str, Collection[str]]:
    """List which names exist; a kind whose file is not right is left out, so that nothing is said about it."""
    files = {
        "themes": "themas.yaml",
        "categories": "categorieen.yaml",
        "contract_forms": "contractvormen.yaml",
        "examples": "voorbeelden.yaml",
        "labels": "keurmerken.yaml",
        "laws": "wetten.yaml",
        "templates": CAMPAIGNS,
    }
    known: dict[str, Collection[str]] = {
        kind: {item.id for item in values[name]} for kind, name in files.items() if name in values
    }
    if "naslag.yaml" in values:
        known["costs"] = {item.id for item in values["naslag.yaml"].tco_items}
    if "themas.yaml" in values:
        known["general"] = {c.id for theme in values["themas.yaml"] for c in theme.general_criteria}
    groups = {PurePosixPath(name).stem for name in documents if name.startswith("productgroepen/")}
    if groups and all(name in values for name in documents if name.startswith("productgroepen/")):
        known["criteria"] = {criterion.id for _, _, criterion in criteria(values)}
    if WORDS_OF_CAMPAIGNS in values:
        subjects = values[WORDS_OF_CAMPAIGNS].questions.get("onderwerpen")
        known["campaign_subjects"] = subjects.options if subjects else ()
    if groups and "categories" in known:
        known["talks"] = {*groups, *known["categories"]}
    return known | ({"groups": groups} if groups else {})


def _references(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    known = _known(documents, values)
    for files, pattern, kind in REFERENCES:
        if kind not in known:
            continue
        for name in values:
            if name != files and name.rpartition("/")[0] != files.removesuffix("/*"):
                continue
            for path, word in _found(documents[name].value, pattern.split("/")):
                if word not in known[kind]:
                    message = f"{NAMES[kind]} '{word}' bestaat niet. {nearest(word, known[kind])}"
                    yield documents[name].problem(path, message)


def _found(value: Any, pattern: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Give every place in a parsed value that fits a pattern, with what stands there; `*` is any item of a list, `~` any key."""
    if not pattern:
        yield path, value
    elif pattern[0] == "~":
        for key in value:
            yield (*path, key), key
    elif pattern[0] == "*":
        for place, item in enumerate(value):
            yield from _found(item, pattern[1:], (*path, place))
    elif pattern[0] in value:
        yield from _found(value[pattern[0]], pattern[1:], (*path, pattern[0]))


def _twice(document: Document, found: Iterable[tuple[Path, str]], what: str) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, word in found:
        same = word.casefold().strip()
        if same in first:
            line = document.line(first[same])
            yield document.problem(
                path, f"{what} '{word}' staat er dubbel (ook op regel {line}). Haal er een weg."
            )
        first.setdefault(same, path)


def _ids(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in values.items():
        if isinstance(value, tuple) and value and name not in ("dubbelzinnig.yaml", AGREEMENTS):
            key = "code" if hasattr(value[0], "code") else "id"
            found = [((place, key), getattr(item, key)) for place, item in enumerate(value)]
            yield from _twice(documents[name], found, f"de {key}")
    agreed = [((place, "productgroep"), item.group) for place, item in enumerate(values.get(AGREEMENTS, ()))]
    if agreed:
        yield from _twice(documents[AGREEMENTS], agreed, "de werkafspraak voor")
    words = values.get("dubbelzinnig.yaml", ())
    spellings = [
        ((place, "woord"), word) for place, item in enumerate(words) for word in (item.word, *item.also)
    ]
    if words:
        yield from _twice(documents["dubbelzinnig.yaml"], spellings, "het woord")


def _criterion_ids(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, path, criterion in criteria(values):
        here = documents[name]
        place = (*path, "id")
        if criterion.id in first:
            message = f"de id '{criterion.id}' is al gebruikt ({first[criterion.id]}). Kies een andere."
            yield here.problem(place, message)
        first.setdefault(criterion.id, f"{here.file}:{here.line(place)}")


def _own_theme(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    for row, theme in enumerate(values.get("themas.yaml", ())):
        for place, criterion in enumerate(theme.general_criteria):
            if criterion.theme != theme.id:
                path = (row, "algemene_criteria", place, "thema")
                message = f"dit criterium staat bij het thema '{theme.id}'. Schrijf 'thema: {theme.id}'."
                yield documents["themas.yaml"].problem(path, message)


def criteria(values: Mapping[str, Any]) -> Iterator[tuple[str, Path, WrittenCriterion]]:
    """Give every criterion with its file and its place in it: those of the groups and the general ones of themes."""
    for name, value in values.items():
        if isinstance(value, WrittenGroup):
            for place, criterion in enumerate(value.criteria):
                yield name, ("criteria", place), criterion
        elif name == "themas.yaml":
            for row, theme in enumerate(value):
                for place, criterion in enumerate(theme.general_criteria):
                    yield name, (row, "algemene_criteria", place), criterion


def _codes(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    if "eforms.yaml" not in values:
        return
    eforms = values["eforms.yaml"]
    known = {listed.term: listed.codes for listed in eforms.lists}
    used: list[tuple[str, Path, Codes]] = [
        ("eforms.yaml", ("per_thema", row, "codes"), item.codes) for row, item in enumerate(eforms.themes)
    ]
    used += [(name, (*path, "eforms"), c.eforms) for name, path, c in criteria(values) if c.eforms]
    for name, path, codes in used:
        for term, chosen in codes.items():
            for place, code in enumerate(chosen):
                if term not in known:
                    message = f"het veld '{term}' staat niet in eforms.yaml. {nearest(term, known)}"
                elif code not in known[term]:
                    message = f"de code '{code}' bestaat niet bij {term}. {nearest(code, known[term])}"
                else:
                    continue
                yield documents[name].problem((*path, term, place), message)


def _periods(documents: Mapping[str, Document], values: Mapping[str, Any]) -> Iterator[Problem]:
    def overlapping(
        name: str, path: Path, items: Sequence[Dated], key: Callable[[Any], object]
    ) -> Iterator[Problem]:
        for place, item in enumerate(items):
            for before in items[:place]:
                if key(before) == key(item) and _overlap(before, item):
                    message = "deze periode loopt over een andere heen. Pas geldig_van of geldig_tot aan."
                    yield documents[name].problem((*path, place), message)

    if "grenzen.yaml" in values:
        limits = values["grenzen.yaml"]
        yield from overlapping("grenzen.yaml", ("grenzen",), limits.limits, lambda item: item.id)
        yield from overlapping("grenzen.yaml", ("social_return",), limits.social_return, lambda item: 0)
    yield from overlapping("fasen.yaml", (), values.get("fasen.yaml", ()), lambda item: 0)
    if "ambities.yaml" in values:
        ambitions = values["ambities.yaml"].ambitions
        yield from overlapping(
            "ambities.yaml", ("ambities",), ambitions, lambda item: (item.theme, item.team)
        )


def _overlap(one: Dated, other: Dated) -> bool:
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_to or date.max)


def _group(document: Document, name: str, group: WrittenGroup, cpv: Collection[str]) -> Iterator[Problem]:
    stem = PurePosixPath(name).stem
    if group.id != stem:
        yield document.problem(
            ("id",), f"de id '{group.id}' is niet de naam van het bestand. Schrijf 'id: {stem}'."
        )
    words = [(("zoekwoorden", place), word) for place, word in enumerate(group.search_words)]
    yield from _twice(document, words, "het zoekwoord")
    if cpv and group.cpv not in cpv:
        message = f"de CPV-code {group.cpv} bestaat niet. Zoek de code op in cpv_nl.csv."
        yield document.problem(("cpv",), message)


def _fill_ins(document: Document, words: DialogWords) -> Iterator[Problem]:
    texts: list[tuple[Path, str | None]] = [(("zinnen", key), text) for key, text in words.sentences.items()]
    for key, question in words.questions.items():
        texts += [
            ((key, "vraag"), question.ask),
            ((key, "uitleg"), question.explain),
            ((key, "waarom"), question.why),
        ]
        for name, option in question.options.items():
            texts += [((key, "opties", name), option.label), ((key, "opties", name), option.explain)]
    for path, text in texts:
        try:
            names = placeholders(text or "")
        except ValueError:
            message = "een accolade klopt hier niet. Schrijf een invulwoord als {bedrag}, en een gewone accolade dubbel."
            yield document.problem(path, message)
            continue
        for name in sorted(names - words.fill_ins.keys()):
            message = (
                f"het invulwoord {{{name}}} ken ik niet. {nearest(name, words.fill_ins.keys())} "
                "De invulwoorden staan bij 'invulwoorden' in dit bestand."
            )
            yield document.problem(path, message)
