"""The shapes of what Moi knows: one frozen model per kind of item, with Dutch keys in YAML and English names in code.

Four scales live here and must never be mixed: the organisation levels 1-5 of PIANOo (`OrganisationLevel`), the levels of
criteria (`CriteriaLevel`), the levels of the Ambitieweb (`AmbitiewebLevel`) and the ladders of products (`LadderStep`).
Ambitions and phases are in `policy.py`, limits in `limit_shapes.py`, ladders, labels and lists in `reference.py`. No files
are read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, NewType, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Certainty = Literal["zeker", "waarschijnlijk", "voorstel", "onbekend"]
CriteriaLevel = Literal["basis", "significant", "ambitieus"]
OrganisationLevel = NewType("OrganisationLevel", int)
AmbitiewebLevel = NewType("AmbitiewebLevel", int)
CriterionType = Literal[
    "eis", "geschiktheidseis", "selectiecriterium", "gunningscriterium", "contractbepaling"
]
AlternativeKind = Literal[
    "niet_kopen",
    "minder",
    "bestaand_gebruiken",
    "lenen",
    "delen",
    "repareren",
    "refurbished",
    "huren",
    "intern",
    "samen_inkopen",
    "anders",
]
LADDER: tuple[AlternativeKind, ...] = get_args(AlternativeKind)
"""The kinds in the order of the R-ladder: what saves most comes first, in the talk and in every package."""
PurchaseKind = Literal["levering", "dienst", "werk", "sociale_dienst", "concessie"]
Nature = Literal["spullen", "dienst", "werk", "mensen"]
LabourShare = Literal["hoog", "laag", "onbekend"]
NameStatus = Literal["geverifieerd", "geverifieerd_oud", "deels", "geheugen", "eigen"]
Cluster = Literal[
    "automatisering_telecommunicatie",
    "energie",
    "gww",
    "kantoorfaciliteiten_diensten",
    "kantoorgebouwen",
    "transport_vervoer",
    "buiten_tool",
]

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]
Line = Annotated[str, Field(min_length=1)]
Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Euros = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Item(BaseModel):
    """Anything that is read from YAML: it never changes, and knows no other keys than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Sourced(Item):
    """An item that says where it comes from and how sure that is."""

    source: Line = Field(alias="bron")
    certainty: Certainty = Field(alias="zekerheid")
    remark: Line | None = Field(default=None, alias="opmerking")


class Colophon(Item):
    """The day on which the content as a whole was last gone through."""

    day: date = Field(alias="peildatum")
    owner: Line = Field(alias="eigenaar")


Term = Annotated[str, Field(pattern=r"^BT-[0-9]+$")]
Codes = Mapping[Term, tuple[Line, ...]]
"""Codes of eForms by the field of the notice: {"BT-774": ("clim-mitig",)}."""


class WrittenCriterion(Item):
    """One thing to ask of a supplier, as it is written: what it leaves out, its product group or theme says for it."""

    id: Id
    type: CriterionType
    theme: Id = Field(alias="thema")
    level: CriteriaLevel = Field(alias="niveau")
    text: Line = Field(alias="tekst")
    proof: Line = Field(alias="bewijs")
    because: Line = Field(alias="omdat")
    caution: Line | None = Field(default=None, alias="let_op")
    source: Line | None = Field(default=None, alias="bron")
    certainty: Certainty | None = Field(default=None, alias="zekerheid")
    owner: Line | None = Field(default=None, alias="eigenaar")
    review_on: date | None = Field(default=None, alias="herzien_op")
    eforms: Codes | None = None


class Criterion(WrittenCriterion):
    """One thing to ask of a supplier, with everything that holds for it; `group` is None for a general one of a theme."""

    group: Id | None = None
    source: Line = Field(alias="bron")
    certainty: Certainty = Field(alias="zekerheid")
    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")


class SharedCriterion(Item):
    """A general criterion of a theme that a product group takes over, with a reason of its own where it has one."""

    id: Id
    because: Line | None = Field(default=None, alias="omdat")


class Chance(Item):
    """Where most can be won for a theme with this product group, in one or two sentences."""

    theme: Id = Field(alias="thema")
    text: Line = Field(alias="tekst")


class Alternative(Item):
    """A way to meet the need without buying new."""

    kind: AlternativeKind = Field(alias="soort")
    text: Line = Field(alias="tekst")
    because: Line = Field(alias="omdat")


class GroupForm(Item):
    """A contract form that suits a product group: when, and where it goes wrong."""

    form: Id = Field(alias="vorm")
    when: Line = Field(alias="wanneer")
    pitfall: Line = Field(alias="let_op")


class CostItem(Item):
    """A cost over the whole life that matters for a product group, and why."""

    item: Id = Field(alias="post")
    because: Line = Field(alias="waarom")


class WrittenGroup(Sourced):
    """What belongs together when buying: its words, its alternatives and its own criteria."""

    id: Id
    name: Line = Field(alias="naam")
    category: Id = Field(alias="categorie")
    cluster: Cluster
    name_status: NameStatus = Field(alias="naam_status")
    kind: PurchaseKind = Field(alias="soort")
    nature: Nature = Field(alias="aard")
    labour_share: LabourShare = Field(alias="loonaandeel")
    isv_risk: bool = Field(alias="isv_risico")
    cpv: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    themes: tuple[Id, ...] = Field(alias="themas", min_length=1)
    search_words: tuple[Line, ...] = Field(alias="zoekwoorden", min_length=1)
    chances: tuple[Chance, ...] = Field(default=(), alias="kansen")
    need_question: Line = Field(alias="behoeftevraag")
    more_questions: tuple[Line, ...] = Field(default=(), alias="doorvragen")
    alternatives: tuple[Alternative, ...] = Field(alias="alternatieven", min_length=1)
    contract_forms: tuple[GroupForm, ...] = Field(alias="contractvormen", min_length=1)
    costs: tuple[CostItem, ...] = Field(default=(), alias="kosten")
    labels: tuple[Id, ...] = Field(default=(), alias="keurmerken")
    criteria: tuple[WrittenCriterion, ...] = Field(min_length=1)
    shared: tuple[SharedCriterion, ...] = Field(default=(), alias="algemene_criteria")
    examples: tuple[Id, ...] = Field(default=(), alias="voorbeelden")
    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")


class ProductGroup(WrittenGroup):
    """A product group once loaded: its own criteria, and after them the general ones that it takes over (`shared`)."""

    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Category(Sourced):
    """One of the ten inkoopcategorieën, with the teams and domeinen that are closest to it."""

    id: Id
    name: Line = Field(alias="naam")
    themes: tuple[Id, ...] = Field(alias="themas", min_length=1)
    teams: tuple[Line, ...] = Field(min_length=1)
    domains: tuple[Line, ...] = Field(alias="domeinen", min_length=1)


class PolicyGoal(Sourced):
    """A goal from the municipality's own policy; `smart` when it can be measured at a date."""

    text: Line = Field(alias="tekst")
    smart: bool


class SdgLink(Sourced):
    """The Sustainable Development Goals that a theme contributes to."""

    numbers: tuple[Annotated[int, Field(ge=1, le=17)], ...] = Field(alias="nummers")


class WrittenTheme(Sourced):
    """One of the six MVOI themes; its general criteria serve groups that take them over or have none for it."""

    id: Id
    name: Line = Field(alias="naam")
    short: Line = Field(alias="kort")
    explanation: Line = Field(alias="uitleg")
    goals: tuple[PolicyGoal, ...] = Field(alias="beleidsdoelen", min_length=1)
    sdg: SdgLink
    general_criteria: tuple[WrittenCriterion, ...] = Field(alias="algemene_criteria", min_length=1)
    owner: Line = Field(alias="eigenaar")
    review_on: date = Field(alias="herzien_op")


class Theme(WrittenTheme):
    """A theme once loaded."""

    general_criteria: tuple[Criterion, ...] = Field(alias="algemene_criteria", min_length=1)


class Dated(Sourced):
    """An item that holds from one day up to and including another; an open end is None."""

    valid_from: date | None = Field(default=None, alias="geldig_van")
    valid_to: date | None = Field(default=None, alias="geldig_tot")

    @model_validator(mode="after")
    def dates_in_order(self) -> Dated:
        """Refuse a period that ends before it starts."""
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(
                f"geldig_tot ({self.valid_to}) ligt voor geldig_van ({self.valid_from}). Draai de datums om of verbeter ze."
            )
        return self

    def holds(self, on: date) -> bool:
        """Say whether this item holds on a day; both ends of the period are included."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


class ContractForm(Sourced):
    """A way to have something for as long as it lasts."""

    id: Id
    name: Line = Field(alias="naam")
    suits: Line = Field(alias="past_bij")
    caution: Line = Field(alias="let_op")


class Reason(Sourced):
    """Why a theme is not applied, and by which words people say so."""

    code: Id
    label: Line
    needs_explanation: bool = Field(alias="toelichting_nodig")
    said: tuple[Line, ...] = Field(alias="woorden", min_length=1)


class Role(Sourced):
    """Somebody to contact, by role and never by name; with categories only for those, with themes for those too."""

    id: Id
    name: Line = Field(alias="naam")
    for_what: Line = Field(alias="waarvoor")
    when: Line = Field(alias="wanneer")
    themes: tuple[Id, ...] = Field(default=(), alias="themas")
    categories: tuple[Id, ...] = Field(default=(), alias="categorieen")


class Example(Sourced):
    """Something the municipality already does, from its Nulmeting."""

    id: Id
    name: Line = Field(alias="naam")
    theme: Id = Field(alias="thema")
    text: Line = Field(alias="tekst")
    groups: tuple[Id, ...] = Field(alias="productgroepen")


class Choice(Item):
    """One meaning of an ambiguous word."""

    label: Line
    group: Id = Field(alias="productgroep")


class AmbiguousWord(Sourced):
    """A word with several meanings, and the question that tells them apart."""

    word: Line = Field(alias="woord")
    also: tuple[Line, ...] = Field(default=(), alias="ook")
    question: Line = Field(alias="vraag")
    choices: tuple[Choice, ...] = Field(alias="keuzes", min_length=2)
