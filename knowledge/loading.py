"""From a folder of YAML to `Knowledge`: everything is checked, and every mistake is named at once."""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from knowledge.agreements import FILE as AGREEMENTS
from knowledge.agreements import Agreement
from knowledge.campaigns import FILE as CAMPAIGNS
from knowledge.campaigns import CampaignTemplate
from knowledge.crossing import cross
from knowledge.eforms import EformsFile
from knowledge.folder import read_files, version_of
from knowledge.follow_up import FILE as FOLLOW_UP
from knowledge.follow_up import FollowUpPolicy
from knowledge.knowledge import Knowledge
from knowledge.laws import Law
from knowledge.limit_shapes import LimitsFile
from knowledge.lines import Document, Step, decoded, parse
from knowledge.mistakes import KnowledgeError, Problem, in_dutch, keys_at, nearest
from knowledge.model import (
    AmbiguousWord,
    Category,
    Colophon,
    ContractForm,
    Example,
    Reason,
    Role,
    WrittenGroup,
    WrittenTheme,
)
from knowledge.plain_words import PlainWords
from knowledge.policy import AmbitionsFile, Phase
from knowledge.reference import FindingWords, Label, ReferenceFile
from knowledge.tenders import FILE as TENDERS
from knowledge.tenders import TenderPolicy
from knowledge.vocabulary import Vocabulary
from knowledge.whole import whole_group, whole_theme
from knowledge.words import FILL_INS, SENTENCES, DialogWords, QuestionText, Words, dialog_words

T = TypeVar("T")

DATA = Path(__file__).parent / "data"
PROJECT = Path(__file__).parents[1]
GROUPS, WORDS, CPV = "productgroepen", "woorden", "cpv_nl.csv"
CPV_COLUMNS = ("code", "omschrijving")

SHAPES: Mapping[str, Any] = {
    "kennis.yaml": Colophon,
    "themas.yaml": tuple[WrittenTheme, ...],
    "categorieen.yaml": tuple[Category, ...],
    "ambities.yaml": AmbitionsFile,
    "fasen.yaml": tuple[Phase, ...],
    "grenzen.yaml": LimitsFile,
    "contractvormen.yaml": tuple[ContractForm, ...],
    "keurmerken.yaml": tuple[Label, ...],
    "redenen.yaml": tuple[Reason, ...],
    "rollen.yaml": tuple[Role, ...],
    "voorbeelden.yaml": tuple[Example, ...],
    "dubbelzinnig.yaml": tuple[AmbiguousWord, ...],
    "naslag.yaml": ReferenceFile,
    "herkenning.yaml": Vocabulary,
    "eforms.yaml": EformsFile,
    "vindwoorden.yaml": FindingWords,
    "wetten.yaml": tuple[Law, ...],
    AGREEMENTS: tuple[Agreement, ...],
    FOLLOW_UP: FollowUpPolicy,
    TENDERS: TenderPolicy,
    CAMPAIGNS: tuple[CampaignTemplate, ...],
}
"""What each file of the data folder holds; `productgroepen/` and `woorden/` hold one file per item."""

LANGUAGE = "taal.yaml"
"""What only the check reads: it is no part of the version, and a mistake in it never keeps an edit from being used."""

_ADAPTERS: Mapping[Any, TypeAdapter[Any]] = {
    shape: TypeAdapter(shape)
    for shape in (
        *SHAPES.values(),
        PlainWords,
        WrittenGroup,
        Mapping[str, QuestionText],
        Mapping[str, str],
        Mapping[str, Any],
    )
}


@dataclass
class Contents:
    """What was read from a folder so far, by name of file, and what was wrong with it."""

    folder: Path
    version: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    cpv: tuple[tuple[str, str], ...] = ()
    documents: dict[str, Document] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def shown(self, name: str) -> str:
        """Name a file as a person finds it: from the project folder when it is in there."""
        path = (self.folder / name).absolute()
        return path.relative_to(
            PROJECT if path.is_relative_to(PROJECT) else self.folder.absolute()
        ).as_posix()

    def validate(self, document: Document, shape: Any, value: Any, path: tuple[Step, ...] = ()) -> Any:
        """Give the value as its model, or None after noting what is wrong with it."""
        try:
            return _ADAPTERS[shape].validate_python(value, strict=True)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                place = (*path, *detail["loc"])
                message = in_dutch(detail, place, keys_at(shape, detail["loc"]))
                self.problems.append(document.problem(place, message))
            return None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector away: it would go through all nodes of all files again and again, which takes longer
    than reading them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_uncollected()
def load(folder: Path = DATA) -> Knowledge:
    """Read the knowledge from a folder; KnowledgeError with every problem in it when it is not right."""
    return assembled(gather(folder))


@_uncollected()
def gather(folder: Path, files: Mapping[str, bytes] | None = None) -> Contents:
    """Read and check everything in a folder, and go on after a mistake: all of them are in `problems`.

    With `files` (name to content) these are checked instead, as if they were in the folder.
    """
    contents = Contents(folder)
    if files is None:
        files, unread = read_files(folder, without=LANGUAGE)
        contents.problems.extend(Problem(contents.shown(name), 1, message) for name, message in unread)
    raw = contents.files = files
    contents.version = version_of(raw)
    contents.problems.extend(_odd_files(contents, raw))
    for name, content in raw.items():
        if name.endswith(".yaml"):
            _interpret(contents, name, content)
    contents.cpv = tuple(_interpret_cpv(contents, raw.get(CPV, b"")))
    codes = frozenset(code for code, _ in contents.cpv)
    contents.problems.extend(cross(contents.documents, contents.values, codes))
    return contents


def add_language(contents: Contents) -> PlainWords | None:
    """Read `taal.yaml` as well, for who checks texts; None after noting what is wrong with it."""
    try:
        content = (contents.folder / LANGUAGE).read_bytes()
    except OSError:
        if contents.documents:  # Of an empty folder enough is said already.
            message = f"het bestand {LANGUAGE} ontbreekt of is niet te lezen. Zet het terug in de map."
            contents.problems.append(Problem(contents.shown(LANGUAGE), 1, message))
        return None
    _interpret(contents, LANGUAGE, content)
    words: PlainWords | None = contents.values.get(LANGUAGE)
    return words


def _odd_files(contents: Contents, raw: Mapping[str, bytes]) -> Iterator[Problem]:
    if not raw:
        yield Problem(
            contents.shown("."),
            1,
            "de map is leeg of bestaat niet. Zet de kennis terug of kies een andere map.",
        )
        return
    known = {*SHAPES, CPV}
    for name in sorted(known - raw.keys() - {AGREEMENTS, FOLLOW_UP, TENDERS, CAMPAIGNS}):
        yield Problem(contents.shown(name), 1, f"het bestand {name} ontbreekt. Zet het terug in de map.")
    if not any(name.startswith(f"{GROUPS}/") for name in raw):
        yield Problem(
            contents.shown(GROUPS), 1, "er is geen enkele productgroep. Zet de bestanden terug in deze map."
        )
    for name in raw:
        if name.endswith(".yml"):
            yield Problem(
                contents.shown(name), 1, f"de naam eindigt op .yml. Noem het bestand {name[:-4]}.yaml."
            )
        elif name not in known and name.split("/")[0] not in (GROUPS, WORDS):
            yield Problem(
                contents.shown(name),
                1,
                f"dit bestand ken ik niet. {nearest(name, known)} Haal het anders weg.",
            )


def _interpret(contents: Contents, name: str, content: bytes) -> None:
    file = contents.shown(name)
    try:
        document = contents.documents[name] = parse(file, content)
    except KnowledgeError as error:
        contents.documents[name] = Document(file, None, None)
        contents.problems.extend(error.problems)
        return
    if document.value is None:
        contents.problems.append(document.problem((), "dit bestand is leeg. Vul het in of haal het weg."))
    elif name.startswith(f"{WORDS}/"):
        _interpret_words(contents, name, document)
    else:
        shape = PlainWords if name == LANGUAGE else SHAPES.get(name, WrittenGroup)
        value = contents.validate(document, shape, document.value)
        if value is not None:
            contents.values[name] = value


def _interpret_words(contents: Contents, name: str, document: Document) -> None:
    whole = contents.validate(document, Mapping[str, Any], document.value)
    if whole is None:
        return
    sentences = contents.validate(document, Mapping[str, str], whole.get(SENTENCES, {}), (SENTENCES,))
    fill_ins = contents.validate(document, Mapping[str, str], whole.get(FILL_INS, {}), (FILL_INS,))
    asked = {key: value for key, value in whole.items() if key not in (SENTENCES, FILL_INS)}
    questions = contents.validate(document, Mapping[str, QuestionText], asked)
    if sentences is not None and fill_ins is not None and questions is not None:
        contents.values[name] = dialog_words(questions, sentences, fill_ins)


def _interpret_cpv(contents: Contents, content: bytes) -> Iterator[tuple[str, str]]:
    file = contents.shown(CPV)
    try:
        rows = list(csv.reader(StringIO(decoded(file, content))))
    except KnowledgeError as error:
        contents.problems.extend(error.problems)
        return
    for line, row in enumerate(rows[1:], 2):
        if len(row) == len(CPV_COLUMNS):
            yield row[0], row[1]
        else:
            message = f"deze regel heeft {len(row)} kolommen. Schrijf er twee: {' en '.join(CPV_COLUMNS)}."
            contents.problems.append(Problem(file, line, message))


def _by(items: tuple[T, ...], key: str = "id") -> Mapping[str, T]:
    return MappingProxyType({getattr(item, key): item for item in items})


def assembled(contents: Contents) -> Knowledge:
    """The knowledge in what was read; KnowledgeError with every problem in it when it is not right."""
    if contents.problems:
        raise KnowledgeError(contents.problems)
    values = contents.values
    ambitions: AmbitionsFile = values["ambities.yaml"]
    limits: LimitsFile = values["grenzen.yaml"]
    reference: ReferenceFile = values["naslag.yaml"]
    themes = tuple(whole_theme(theme) for theme in values["themas.yaml"])
    general = {criterion.id: criterion for theme in themes for criterion in theme.general_criteria}
    groups = tuple(
        whole_group(value, general) for name, value in values.items() if name.startswith(f"{GROUPS}/")
    )
    dialogs: dict[str, DialogWords] = {
        Path(name).stem: value for name, value in values.items() if name.startswith(f"{WORDS}/")
    }
    return Knowledge(
        version=contents.version,
        date=values["kennis.yaml"].day,
        themes=_by(themes),
        categories=_by(values["categorieen.yaml"]),
        groups=_by(groups),
        contract_forms=_by(values["contractvormen.yaml"]),
        reasons=_by(values["redenen.yaml"], "code"),
        roles=_by(values["rollen.yaml"]),
        examples=_by(values["voorbeelden.yaml"]),
        labels=_by(values["keurmerken.yaml"]),
        ambiguous=values["dubbelzinnig.yaml"],
        limits=limits.limits,
        social_return=limits.social_return,
        national=limits.national,
        phases=values["fasen.yaml"],
        ambitions=ambitions.ambitions,
        level_names=ambitions.level_names,
        level_matches=ambitions.level_matches,
        r_ladder=reference.r_ladder,
        ambitieweb=reference.ambitieweb,
        ladders=reference.ladders,
        tco_items=reference.tco_items,
        campaign_moments=reference.campaign_moments,
        words=Words(MappingProxyType(dialogs)),
        vocabulary=values["herkenning.yaml"],
        eforms=values["eforms.yaml"],
        finding_words=values["vindwoorden.yaml"],
        laws=values["wetten.yaml"],
        agreements=_by(values.get(AGREEMENTS, ()), "group"),
        follow_up=values.get(FOLLOW_UP),
        tenders=values.get(TENDERS),
        campaign_templates=_by(values.get(CAMPAIGNS, ())),
        cpv=contents.cpv,
    )
