"""Inspiration is found by the words of colleagues: with typos, as compounds, by theme; and Moi knows what it did not find."""

from __future__ import annotations

import pytest

from knowledge.knowledge import Knowledge


@pytest.mark.parametrize(
    ("text", "id_", "theme"),
    [
        ("bedrijfskleding", "bedrijfskleding", None),
        ("wat kan ik doen voor klimaat bij bedrijfskleding?", "bedrijfskleding", "klimaat"),
        ("bedrijfskledng", "bedrijfskleding", None),
        ("werkschoenen", "bedrijfskleding", None),
        ("Veiligheidshelmen", "bedrijfskleding", None),
        ("circulaire bureaustoelen", "kantoormeubilair", "circulariteit"),
        ("bureaustoe", "kantoormeubilair", None),
        ("afval bij catering", "catering", "circulariteit"),
        ("social return bij schoonmaak", "schoonmaak", "social_return"),
        ("toegankelijke website", "software-cloud", "diversiteit_inclusie"),
        ("duurzame bedrijfskleding", "bedrijfskleding", None),
        ("formaldehyde", "kantoormeubilair", None),
        ("klimaat in de openbare ruimte", "gww", "klimaat"),
        ("ict", "automatisering_telecommunicatie", None),
        ("gww", "gww", None),
    ],
)
def test_best_hit(knowledge: Knowledge, text: str, id_: str, theme: str | None) -> None:
    """The best hit is what a colleague means, about the theme that they named."""
    best = knowledge.find(text).hits[0]

    assert (best.id, best.theme) == (id_, theme)


@pytest.mark.parametrize(
    ("word", "theme"),
    [
        ("klimaat", "klimaat"),
        ("klimat", "klimaat"),
        ("CO2", "klimaat"),
        ("energie", "klimaat"),
        ("klimaatneutraal", "klimaat"),
        ("afval", "circulariteit"),
        ("hergebruik", "circulariteit"),
        ("circulair", "circulariteit"),
        ("stagiair", "social_return"),
        ("stagiairs", "social_return"),
        ("afstand tot de arbeidsmarkt", "social_return"),
        ("fairtrade", "ketenverantwoordelijkheid"),
        ("kinderarbeid", "ketenverantwoordelijkheid"),
        ("toegankelijk", "diversiteit_inclusie"),
        ("biodiversiteit", "milieu_biodiversiteit"),
    ],
)
def test_words_of_a_theme(knowledge: Knowledge, word: str, theme: str) -> None:
    """A theme has many words; it comes first, and after it where it matters."""
    found = knowledge.find(word)

    assert (found.hits[0].kind, found.hits[0].id) == ("thema", theme)
    assert found.themes == (theme,)
    assert len(found.hits) > 5


def test_every_theme_has_words(knowledge: Knowledge) -> None:
    """No theme and no category is left without words of its own."""
    words = knowledge.finding_words

    assert words.themes.keys() == knowledge.themes.keys()
    assert words.categories.keys() == knowledge.categories.keys()


def test_every_package_by_its_name(knowledge: Knowledge) -> None:
    """Every product group, category and theme is found first by its own name."""
    named = {**knowledge.groups, **knowledge.categories, **knowledge.themes}
    wrong = [item.name for id_, item in named.items() if knowledge.find(item.name).hits[0].id != id_]

    assert wrong == []


def test_word_of_a_theme_and_a_group(knowledge: Knowledge) -> None:
    """ "Afval" is a theme and a product group; alone it finds both, beside another subject it is the theme."""
    alone = [hit.id for hit in knowledge.find("afval").hits]
    beside = [hit.id for hit in knowledge.find("afval catering").hits]

    assert alone[:2] == ["circulariteit", "afvalinzameling"]
    assert "afvalinzameling" not in beside


def test_sustainable_in_general(knowledge: Knowledge) -> None:
    """ "Duurzaam" alone is every theme."""
    assert [hit.id for hit in knowledge.find("duurzaam").hits] == list(knowledge.themes)


def test_two_themes(knowledge: Knowledge) -> None:
    """With two themes the package is there for both."""
    found = knowledge.find("zonnepanelen klimaat en hergebruik")

    assert [(hit.id, hit.theme) for hit in found.hits[:2]] == [
        ("zonnepanelen", "klimaat"),
        ("zonnepanelen", "circulariteit"),
    ]


def test_why(knowledge: Knowledge) -> None:
    """A hit says which word it was found by, and how."""
    typo = knowledge.find("werkscohenen").hits[0].matches[0]
    said = knowledge.find("formaldehyde").hits[0].matches[0]

    assert (typo.word, typo.how, typo.ours) == ("werkscohenen", "lijkt-op", "werkschoenen")
    assert said.how == "tekst"


def test_recogniser_helps(knowledge: Knowledge) -> None:
    """What only the CPV knows is found through the recogniser."""
    found = knowledge.find("tandheelkundige")

    assert not found.hits or found.hits[0].matches[0].how == "herkend"
    assert knowledge.find("beademingsapparatuur").asked


@pytest.mark.parametrize("text", ["asdf", "xyzzy qwerty", "🙂🙂 zzzz", "?!# qqq"])
def test_nothing_found(knowledge: Knowledge, text: str) -> None:
    """Moi knows that it found nothing."""
    found = knowledge.find(text)

    assert found.nothing
    assert found.unknown


@pytest.mark.parametrize("text", ["", "   ", "?", "wat kan ik doen", "inspiratie voor de inkoop"])
def test_nothing_asked(knowledge: Knowledge, text: str) -> None:
    """Words that name nothing are no question that fails."""
    found = knowledge.find(text)

    assert not found.asked
    assert not found.nothing
    assert found.hits == ()


def test_within_a_category(knowledge: Knowledge) -> None:
    """With a category only what belongs to it is found; without words everything in it, the category itself first."""
    found = knowledge.finder.find("", category="gww")
    named = knowledge.finder.find("bank", category="gww")

    assert found.hits[0].id == "gww"
    assert {knowledge.groups[hit.id].category for hit in found.hits[1:]} == {"gww"}
    assert named.hits[0].id == "straatmeubilair"
    assert {knowledge.groups[hit.id].category for hit in named.hits} == {"gww"}


def test_within_a_theme(knowledge: Knowledge) -> None:
    """With a theme every package is about that theme."""
    found = knowledge.finder.find("catering", theme="klimaat")
    all_ = knowledge.finder.find("", theme="klimaat")
    both = knowledge.finder.find("", category="gww", theme="klimaat")

    assert {hit.theme for hit in found.hits} == {"klimaat"}
    assert all_.hits[0].id == "klimaat"
    assert {hit.theme for hit in both.hits} == {"klimaat"}


def test_any_text(knowledge: Knowledge) -> None:
    """Very long and odd texts are no trouble."""
    for text in ("stoel " * 5000, "a" * 100_000, "<script>", "\x00\ud83d", "'; drop table"):
        assert knowledge.find(text) is not None
