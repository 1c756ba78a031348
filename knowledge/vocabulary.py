"""The words by which a purchase is recognised, as content owners write them in `herkenning.yaml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Refusal(_Part):
    """By what a text shows that it is no purchase."""

    question_words: tuple[str, ...] = Field(alias="vraagwoorden")
    asking_verbs: tuple[str, ...] = Field(alias="vragende_werkwoorden")
    told_verbs: tuple[str, ...] = Field(alias="vertellende_werkwoorden")
    orders: tuple[str, ...] = Field(alias="opdrachten")
    persons: tuple[str, ...] = Field(alias="personen")
    defects: tuple[str, ...] = Field(alias="storingen")
    switching: tuple[str, ...] = Field(alias="schakelen")
    subjects: tuple[str, ...] = Field(alias="onderwerpen")
    procedure: tuple[str, ...] = Field(alias="inkoopregels")


class Intent(_Part):
    """By what a text shows that somebody wants to buy."""

    verbs: tuple[str, ...] = Field(alias="koopwoorden")
    wishes: tuple[str, ...] = Field(alias="wensen")
    tender: tuple[str, ...] = Field(alias="aanbestedingstaal")


class Jobs(_Part):
    """Names of functions: on their own they mean that somebody is hired."""

    category: str = Field(alias="categorie")
    group: str = Field(alias="productgroep")
    heads: tuple[str, ...] = Field(alias="functies")
    grades: tuple[str, ...] = Field(alias="niveaus")


class Vocabulary(_Part):
    """Everything that recognition knows beside the search words of the product groups."""

    words: dict[str, dict[str, tuple[str, ...]]] = Field(alias="woorden")
    strong: tuple[str, ...] = Field(alias="sterke_woorden")
    weak: tuple[str, ...] = Field(alias="zwakke_woorden")
    ignored: tuple[str, ...] = Field(alias="negeren")
    places: tuple[str, ...] = Field(alias="plaatsen")
    contexts: tuple[str, ...] = Field(alias="voorzetsels")
    jobs: Jobs = Field(alias="functies")
    intent: Intent = Field(alias="koopbedoeling")
    refusal: Refusal = Field(alias="geen_inkoop")
    cpv: dict[str, str]
