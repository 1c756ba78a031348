"""The words by which a purchase is recognised, as content owners write them in `herkenning.yaml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Intent(_Part):
    """By what a text shows that somebody wants to buy."""

    verbs: tuple[str, ...] = Field(alias="koopwoorden")
    strong_verbs: tuple[str, ...] = Field(alias="sterke_koopwoorden")
    wishes: tuple[str, ...] = Field(alias="wensen")
    own: tuple[str, ...] = Field(alias="eigen")
    tender: tuple[str, ...] = Field(alias="aanbestedingstaal")


class Refusal(_Part):
    """By what a text shows that it is a question, a report, an order to a device or small talk."""

    question_words: tuple[str, ...] = Field(alias="vraagwoorden")
    asking_verbs: tuple[str, ...] = Field(alias="vragende_werkwoorden")
    subjects: tuple[str, ...] = Field(alias="onderwerpwoorden")
    telling_verbs: tuple[str, ...] = Field(alias="vertellende_werkwoorden")
    orders: tuple[str, ...] = Field(alias="opdrachten")
    orders_with_object: tuple[str, ...] = Field(alias="opdracht_met_voorwerp")
    persons: tuple[str, ...] = Field(alias="personen")
    defects: tuple[str, ...] = Field(alias="storingen")
    switching: tuple[str, ...] = Field(alias="schakelen")
    private: tuple[str, ...] = Field(alias="huis_en_burger")
    reports: tuple[str, ...] = Field(alias="meldwoorden")
    errands: tuple[str, ...] = Field(alias="geen_koop_werkwoorden")
    chat: tuple[str, ...] = Field(alias="praatjes")
    rules: tuple[str, ...] = Field(alias="inkoopregels")
    pleas: tuple[str, ...] = Field(alias="vragen_om")
    asks_leave: tuple[str, ...] = Field(alias="vraag_of_het_mag")
    new: tuple[str, ...] = Field(alias="iets_nieuws")
    asks_first: tuple[str, ...] = Field(alias="vraag_vooraan")
    asks_later: tuple[str, ...] = Field(alias="vraag_verderop")
    pointing: tuple[str, ...] = Field(alias="aanwijzen")
    is_verbs: tuple[str, ...] = Field(alias="zijn_werkwoorden")
    stand_verbs: tuple[str, ...] = Field(alias="staan_werkwoorden")
    no_verbs: tuple[str, ...] = Field(alias="geen_werkwoorden_op_t")
    relative: tuple[str, ...] = Field(alias="betrekkelijke_woorden")
    thanks: tuple[str, ...] = Field(alias="dankwoorden")


class Jobs(_Part):
    """Names of functions: on their own they mean that somebody is hired."""

    category: str = Field(alias="categorie")
    group: str = Field(alias="productgroep")
    heads: tuple[str, ...] = Field(alias="functies")
    grades: tuple[str, ...] = Field(alias="niveaus")
    endings: tuple[str, ...] = Field(alias="uitgangen")


class Streets(_Part):
    """Endings of street names: they only say that something happens outside."""

    category: str = Field(alias="categorie")
    endings: tuple[str, ...] = Field(alias="uitgangen")


class Beside(_Part):
    """A word that makes one product group out of another: buying a bus is one thing, its upkeep something else."""

    words: tuple[str, ...] = Field(alias="woorden")
    of: tuple[str, ...] = Field(alias="van")
    to: str = Field(alias="naar")


class Vocabulary(_Part):
    """Everything that recognition knows beside the search words of the product groups."""

    words: dict[str, dict[str, tuple[str, ...]]] = Field(alias="woorden")
    strong: tuple[str, ...] = Field(alias="sterke_woorden")
    deciding: tuple[str, ...] = Field(alias="beslissende_woorden")
    weak: tuple[str, ...] = Field(alias="zwakke_woorden")
    regional: dict[str, str] = Field(alias="streektaal")
    ignored: tuple[str, ...] = Field(alias="negeren")
    places: tuple[str, ...] = Field(alias="plaatsen")
    contexts: tuple[str, ...] = Field(alias="voorzetsels")
    beside: tuple[Beside, ...] = Field(alias="samenhang")
    jobs: Jobs = Field(alias="functies")
    streets: Streets = Field(alias="straatnamen")
    around: dict[str, dict[str, tuple[str, ...]]] = Field(alias="omgeving")
    intent: Intent = Field(alias="koopbedoeling")
    refusal: Refusal = Field(alias="geen_inkoop")
    cpv: dict[str, str]
