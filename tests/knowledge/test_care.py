"""Care for the content: what may not go out is an error, what asks for attention a warning, each with line and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from knowledge.care.calendar import starting
from knowledge.care.depth import LEVELS, matrix, missing
from knowledge.care.doubles import clusters
from knowledge.care.language import Reader, sentences
from knowledge.care.material import Finding
from knowledge.care.report import report
from knowledge.check import Checked, check, check_with_care
from knowledge.loading import LANGUAGE, load
from knowledge.plain_words import PlainWords
from knowledge.shelf import Shelf
from tests.knowledge.test_mistakes import line_of

TODAY = date(2026, 11, 25)
GROUP = "productgroepen/kantoormeubilair.yaml"
OTHER = "productgroepen/straatmeubilair.yaml"
WORDS = "woorden/koop.yaml"


@dataclass(frozen=True)
class Flaw:
    """Replace `old` by `new` in a file; then this is said on the line of `at`."""

    what: str
    file: str
    old: str
    new: str
    at: str
    says: tuple[str, ...]
    kind: str = ""
    today: date = TODAY


ERRORS = [
    Flaw("label alone in a text", GROUP, 'tekst: "Hout komt uit goed beheerd bos."', 'tekst: "Hout heeft FSC."', "tekst: \"Hout heeft", ("'FSC'", "of gelijkwaardig")),
    Flaw("label alone in a general criterion", "themas.yaml", "CO2-rapport per jaar, CO2-Prestatieladder of gelijkwaardig", "FSC", 'bewijs: "FSC"', ("'FSC'", "of gelijkwaardig")),
    Flaw("brand in a criterion", GROUP, '"Onderdelen blijven', '"Onderdelen van IKEA blijven', "tekst: \"Onderdelen van", ("'IKEA' is een merk", "merk noem je niet")),
    Flaw("brand in a chance", GROUP, '"Opknappen kost', '"Een Philips opknappen kost', "tekst: \"Een Philips", ("'Philips' is een merk",)),
    Flaw("unknown brand", GROUP, '"Onderdelen blijven', '"Onderdelen van het merk Fantasia blijven', "tekst: \"Onderdelen van", ("'Fantasia' is een merk",)),
    Flaw("registered name", GROUP, '"Onderdelen blijven', '"Onderdelen van Kliko® blijven', "tekst: \"Onderdelen van", ("'Kliko' is een merk",)),
    Flaw("proof that says nothing", GROUP, '"Verklaring van de leverancier"', '"n.v.t."', 'bewijs: "n.v.t."', ("bij 'bewijs' staat 'n.v.t.'", "Vul het in")),
    Flaw("reason of spaces", GROUP, 'omdat: "bos dan bos blijft"', 'omdat: "  "', 'omdat: "  "', ("'omdat'", "zegt niets")),
    Flaw("source that says nothing", GROUP, 'bron: "MVOI-team, werkmateriaal 23 november 2026"', 'bron: "onbekend"', "bron:", ("'bron'", "zegt niets")),
    Flaw("owner that is no role", GROUP, "eigenaar: MVOI-team", "eigenaar: MVOI-taem", "eigenaar:", ("geen rol in rollen.yaml", "Bedoel je 'MVOI-team'?")),
    Flaw("owner of an agreement that is no role", "werkafspraken.yaml", "eigenaar: Facilitair", "eigenaar: Faciliteur", "eigenaar: Fac", ("geen rol in rollen.yaml",)),
    Flaw("owner of a criterion that is a person", GROUP, '    omdat: "bos dan bos blijft"', '    omdat: "bos dan bos blijft"\n    eigenaar: Iemand', "eigenaar: Iemand", ("'Iemand' is geen rol",)),
    Flaw("organisation level in a criterion", GROUP, '"Onderdelen blijven', '"De leverancier werkt op niveau 3 en onderdelen blijven', "tekst: \"De lev", ("'niveau 3' is een niveau van de organisatie", "basis, significant of ambitieus")),
    Flaw("level of criteria for an ambition", "themas.yaml", '"We besparen 1,5% energie per jaar."', '"Onze ambitie is significant: 1,5% energie per jaar."', "tekst: \"Onze ambitie", ("niveau van 1 tot en met 5",)),
    Flaw("level of criteria on the Ambitieweb", GROUP, '"Onderdelen blijven', '"Op het Ambitieweb is dit niveau basis; onderdelen blijven', "tekst: \"Op het", ("niveaus van criteria", "nummer")),
    Flaw("level that the Ambitieweb has not", GROUP, '"Onderdelen blijven', '"Niveau 4 van het Ambitieweb: onderdelen blijven', "tekst: \"Niveau", ("geen niveau 4",)),
    Flaw("level on a ladder", GROUP, '"Verklaring van de leverancier"', '"CO2-Prestatieladder niveau 3 of gelijkwaardig"', "bewijs: \"CO2", ("heeft treden", "trede 3")),
    Flaw("step that a ladder has not", GROUP, '"Verklaring van de leverancier"', '"CO2-Prestatieladder trede 5 of gelijkwaardig"', "bewijs: \"CO2", ("geen trede 5",)),
    Flaw("step of no ladder", GROUP, '"Verklaring van de leverancier"', '"Certificaat op trede 2"', "bewijs: \"Cert", ("niet van welke ladder",)),
    Flaw("step beyond the R-ladder", GROUP, '"Opknappen kost', '"R10 betekent: opknappen kost', "tekst: \"R10", ("R0 tot en met R9",)),
    Flaw("law about an unknown criterion", "wetten.yaml", "criteria: [kme-02]", "criteria: [kme-20]", "criteria:", ("het criterium 'kme-20'", "Bedoel je")),
    Flaw("law about an unknown group", "wetten.yaml", "[kantoormeubilair]", "[kantoormeubel]", "productgroepen:", ("de productgroep", "Bedoel je")),
    Flaw("mistake in the list of words", LANGUAGE, "liever: over}", "leiver: over}", "- {woord: aangaande", ("'leiver'", "Bedoel je 'liever'?")),
]  # fmt: skip

FINDINGS = [
    Flaw("review of a group is late", GROUP, "herzien_op: 2027-06-01", "herzien_op: 2026-11-24", "herzien_op:", ("24 november 2026", "zet een nieuwe datum"), "herziening"),
    Flaw("review of a criterion is late", GROUP, '    omdat: "bos dan bos blijft"', '    omdat: "bos dan bos blijft"\n    herzien_op: 2026-01-01', "    herzien_op: 2026", ("1 januari 2026",), "herziening"),
    Flaw("review of a theme is late", "themas.yaml", "herzien_op: 2027-06-01", "herzien_op: 2026-11-01", "herzien_op: 2026", ("1 november 2026",), "herziening"),
    Flaw("review of a law is late", "wetten.yaml", "herzien_op: 2027-06-01", "herzien_op: 2026-11-01", "herzien_op: 2026", ("1 november 2026",), "herziening"),
    Flaw("limit ends soon", "grenzen.yaml", "geldig_tot: 2027-12-31", "geldig_tot: 2027-03-31", "geldig_tot: 2027-03", ("'Europese grens voor leveringen en diensten' geldt tot en met 31 maart 2027", "opvolger is er niet"), "einddatum"),
    Flaw("limit has ended", "grenzen.yaml", "geldig_tot: 2027-12-31", "geldig_tot: 2026-10-31", "geldig_tot: 2026-10", ("gold tot en met 31 oktober 2026",), "einddatum"),
    Flaw("successor comes too late", "grenzen.yaml", "geldig_tot: 2025-12-31", "geldig_tot: 2025-11-30", "geldig_tot: 2025-11", ("pas vanaf 1 januari 2026", "Sluit de periodes"), "einddatum"),
    Flaw("phase ends", "fasen.yaml", "geldig_van: 2030-01-01", "geldig_van: 2030-02-01", "  geldig_tot: 2029-12-31", ("de fase geldt tot en met 31 december 2029",), "einddatum", date(2029, 9, 1)),
    Flaw("ambition ends", "ambities.yaml", "    team: BOR\n    niveau: 1\n    ervaring_opdoen_met: 3\n    geldig_van: 2025-01-01\n    geldig_tot: 2027-12-31", "    team: BOR\n    niveau: 1\n    ervaring_opdoen_met: 3\n    geldig_van: 2025-01-01\n    geldig_tot: 2027-02-28", "geldig_tot: 2027-02", ("de ambitie voor circulariteit van BOR",), "einddatum"),
    Flaw("review of an agreement is late", "werkafspraken.yaml", "herzien_op: 2027-06-01", "herzien_op: 2026-11-01", "herzien_op: 2026", ("1 november 2026",), "herziening"),
    Flaw("law ends", "wetten.yaml", "geldig_van: 2026-12-30", "geldig_tot: 2026-12-30", "geldig_tot:", ("'Ontbossingsverordening' geldt tot en met 30 december 2026",), "einddatum"),
    Flaw("contract form nobody uses", GROUP, "vorm: koop_met_terugkoop", "vorm: huur", "", ("deze contractvorm ('onderhoudscontract')",), "onbereikbaar"),
    Flaw("label nobody uses", GROUP, "keurmerken: [fsc-pefc]\n", "", "", ("dit keurmerk ('fsc-pefc')", "Zet 'fsc-pefc' bij een productgroep"), "onbereikbaar"),
    Flaw("cost nobody uses", "naslag.yaml", "id: levering", "id: leveren", "- id: leveren", ("deze kostenpost ('leveren')",), "onbereikbaar"),
    Flaw("example nobody uses", "voorbeelden.yaml", "- id: trapliften", '- id: lift\n  naam: "Lift"\n  thema: klimaat\n  tekst: "We nemen de trap."\n  productgroepen: []\n  bron: "Nulmeting"\n  zekerheid: zeker\n- id: trapliften', "- id: lift", ("dit voorbeeld ('lift')",), "onbereikbaar"),
    Flaw("role nobody is sent to", "rollen.yaml", "- id: team-inkoop", '- id: nergens-bekend\n  naam: "Niemand"\n  waarvoor: "niets"\n  wanneer: "Nooit."\n  bron: "x1"\n  zekerheid: voorstel\n- id: team-inkoop', "- id: nergens-bekend", ("de rol 'nergens-bekend'",), "onbereikbaar"),
    Flaw("word of two reasons", "redenen.yaml", 'woorden: ["te laat"', 'woorden: ["te duur", "te laat"', "", ("'te duur' hoort al bij de reden 'te-laat'",), "onbereikbaar"),
    Flaw("ambiguous word that means something", "dubbelzinnig.yaml", "woord: bank\n  ook: [bankje]", "woord: xyz zzp inhuur xyz", "", ("op 'xyz zzp inhuur xyz' vraagt Moi nooit",), "onbereikbaar"),
    Flaw("sentence that is never said", WORDS, "zinnen:", 'zinnen:\n  nooit-gezegd: "Dit zegt niemand."', "nooit-gezegd:", ("de zin 'nooit-gezegd' nergens",), "onbereikbaar"),
    Flaw("question that is never asked", WORDS, "nodig:", 'nooit-gevraagd:\n  vraag: "Vraagt iemand dit?"\nnodig:', "nooit-gevraagd:", ("de vraag 'nooit-gevraagd' nergens",), "onbereikbaar"),
    Flaw("fill-in that is never filled in", WORDS, "invulwoorden:", 'invulwoorden:\n  leeg: "niets"', "leeg:", ("het invulwoord 'leeg'",), "onbereikbaar"),
    Flaw("word of two options", WORDS, "[niet nodig, hoeft niet]", "[niet nodig, ja]", "nee:", ("'ja' hoort al bij 'ja'",), "onbereikbaar"),
    Flaw("sentence in two groups", OTHER, '"Onderdelen blijven tien jaar leverbaar."', '"Onderdelen van de bank blijven tien jaar leverbaar."', "", ("criterium 'Onderdelen blijven tien jaar leverbaar.'", "haal er een weg"), "dubbel"),
    Flaw("shallow group", GROUP, "algemene_criteria:\n  - id: ket-a1\n", "algemene_criteria:\n  - id: mil-a1\n", "id: kantoor", ("2 van 3 thema's", "geen criterium voor ketenverantwoordelijkheid", "niveau ambitieus"), "diepte"),
    Flaw("word of officials", GROUP, '"Onderdelen blijven', '"Onderdelen dienen te blijven, blijven', "tekst: \"Onderdelen dienen", ("'Onderdelen dienen te", "liever 'moeten' dan 'dienen te'"), "taal"),
    Flaw("word of officials in a proof", GROUP, '"Verklaring van de leverancier"', '"Verklaring conform de offerte"', "bewijs: \"Verklaring conf", ("liever 'volgens' dan 'conform'",), "taal"),
    Flaw("long word", GROUP, '"Onderdelen blijven', '"Het verantwoordingsmechanisme blijft en onderdelen blijven', "tekst: \"Het verant", ("'verantwoordingsmechanisme' is een lang woord",), "taal"),
    Flaw("long sentence", GROUP, '"Opknappen kost veel minder energie dan nieuw maken."', f'"{"Je kiest een stoel en " * 6}je kiest er nog een."', "tekst: \"Je kiest", ("De zin telt", "Maak er twee van"), "taal"),
    Flaw("twice the passive", GROUP, '"Opknappen kost veel minder energie dan nieuw maken."', '"De stoelen worden eerst door ons schoon gemaakt en daarna worden ze naar jouw kamer gebracht."', "tekst: \"De stoelen", ("Zeg wie het doet",), "taal"),
    Flaw("text like a law", GROUP, '"Opknappen kost veel minder energie dan nieuw maken."', '"Onverminderd contractuele verantwoordelijkheden garandeert opdrachtnemer adequate implementatie van organisatorische beveiligingsmaatregelen en continuïteitsvoorzieningen."', "tekst: \"Onvermind", ("Leesbaarheid",), "taal"),
]  # fmt: skip


def spoil(folder: Path, flaw: Flaw) -> str:
    """Put the flaw in its file; gives the text of the file with it."""
    path = folder / flaw.file
    text = path.read_text(encoding="utf-8")
    spoilt = text.replace(flaw.old, flaw.new, 1)
    assert spoilt != text
    path.write_text(spoilt, encoding="utf-8")
    return spoilt


@pytest.mark.parametrize("flaw", ERRORS, ids=lambda flaw: flaw.what)
def test_may_not_go_out(folder: Path, flaw: Flaw) -> None:
    """What may not go out like this is one error, with its line and what to do."""
    spoilt = spoil(folder, flaw)
    problems = check(folder)
    said = [problem for problem in problems if all(part in problem.message for part in flaw.says)]

    assert [(problem.file, problem.line) for problem in said] == [(flaw.file, line_of(spoilt, flaw.at))]
    assert len(problems) <= 2  # A misspelt key is also a missing one.


@pytest.mark.parametrize("flaw", FINDINGS, ids=lambda flaw: flaw.what)
def test_asks_for_care(folder: Path, flaw: Flaw) -> None:
    """What asks for care is a warning of its kind, new where it was not, and no error."""
    before = {str(finding.problem.message) for finding in check_with_care(flaw.today, folder).findings}
    spoilt = spoil(folder, flaw)
    checked = check_with_care(flaw.today, folder)
    said = [
        finding
        for finding in checked.findings
        if finding.kind == flaw.kind and all(part in finding.problem.message for part in flaw.says)
    ]

    assert checked.errors == ()
    assert said, [str(finding) for finding in checked.findings if finding.problem.message not in before]
    if flaw.at:
        assert (flaw.file, line_of(spoilt, flaw.at)) in [(r.problem.file, r.problem.line) for r in said]


@pytest.fixture(scope="module")
def real() -> Checked:
    """The real knowledge, as it is cared for today."""
    return check_with_care(TODAY)


def of_kind(checked: Checked, kind: str) -> list[Finding]:
    return [finding for finding in checked.findings if finding.kind == kind]


def test_brands_as_search_words(folder: Path) -> None:
    """People type brands, so a search word may be one."""
    path = folder / GROUP
    path.write_text(path.read_text().replace("[bureau, ", "[bureau, IKEA, "))

    assert check(folder) == []


def test_errors_of_care_stop_nothing(folder: Path) -> None:
    """A text that may not go out is an error of the check, and a running Moi goes on and takes the edit over."""
    shelf = Shelf(folder)
    before = shelf.current.version
    spoil(folder, ERRORS[0])

    assert check(folder)
    assert shelf.refresh() == []
    assert shelf.current.version != before


@pytest.mark.parametrize("content", [b"woorden: [\n", b"\xff", b""])
def test_words_stop_nothing(folder: Path, content: bytes) -> None:
    """The list of plain words is only for the check: a mistake in it is named, changes no version and stops nothing."""
    version = load(folder).version
    (folder / LANGUAGE).write_bytes(content)

    assert {problem.file for problem in check(folder)} == {LANGUAGE}
    assert load(folder).version == version


def test_words_gone(folder: Path) -> None:
    """Without the list of plain words the check says so, and says nothing about language."""
    (folder / LANGUAGE).unlink()
    checked = check_with_care(TODAY, folder)

    assert [problem.file for problem in checked.errors] == [LANGUAGE]
    assert of_kind(checked, "taal") == []


def test_no_findings_on_what_does_not_load(folder: Path) -> None:
    """While something keeps the knowledge from loading, that is all that is said."""
    (folder / "fasen.yaml").write_text("- id: [\n")
    checked = check_with_care(TODAY, folder)

    assert checked.errors
    assert checked.findings == ()


def test_few_false_alarms(real: Checked) -> None:
    """On the real texts so few language warnings are left that they are read, and each names its sentence."""
    found = of_kind(real, "taal")

    assert len(found) < 60
    assert all(finding.problem.message.startswith("'") for finding in found)


def test_every_group_is_reached(real: Checked) -> None:
    """To every real product group at least one word leads."""
    assert [str(r) for r in of_kind(real, "onbereikbaar") if "geen enkel woord leidt" in str(r)] == []


def test_group_without_a_word(folder: Path) -> None:
    """A group whose name and search words all mean another group is named."""
    path = folder / OTHER
    text = path.read_text().replace("naam: Straatmeubilair", "naam: Inhuur")
    path.write_text(text.replace("[parkbank, prullenbak]", "[zzp]"))
    found = of_kind(check_with_care(TODAY, folder), "onbereikbaar")

    assert ["geen enkel woord leidt naar 'Inhuur'" in str(finding) for finding in found].count(True) == 1


def test_laws(real: Checked) -> None:
    """The calendar knows what begins within half a year, the first one first."""
    assert real.material
    laws = [law.id for law in starting(real.material)]

    assert laws == ["ontbossing", "wtta", "accupaspoort"]


def test_law_with_a_successor(folder: Path) -> None:
    """A law that ended is no longer mentioned once another takes its place."""
    path = folder / "wetten.yaml"
    law = path.read_text().replace("geldig_van: 2026-12-30", "geldig_tot: 2025-12-31")
    successor = law.replace("id: ontbossing", "id: nieuw\n  vervangt: ontbossing")
    path.write_text(law + successor.replace("geldig_tot: 2025-12-31", "geldig_van: 2026-01-01"))

    assert of_kind(check_with_care(TODAY, folder), "einddatum") == []


def test_matrix(folder: Path) -> None:
    """The matrix counts own and general criteria, and only a main theme without a level is a hole."""
    cells = {(cell.category, cell.theme): cell for cell in matrix(load(folder))}
    chain = cells["kantoorinrichting_benodigdheden", "ketenverantwoordelijkheid"]
    nature = cells["kantoorinrichting_benodigdheden", "milieu_biodiversiteit"]

    assert chain.counts == {"basis": 1, "significant": 0, "ambitieus": 0}
    assert chain.holes == ("significant", "ambitieus")
    assert (nature.counts["basis"], nature.holes) == (1, ())
    assert len(cells) == 60
    assert tuple(chain.counts) == LEVELS


def test_deep_enough(folder: Path) -> None:
    """A group that has all that was agreed lacks nothing."""
    knowledge = load(folder)
    group = knowledge.groups["kantoormeubilair"]
    levels = [
        group.criteria[place % 3].model_copy(update={"level": LEVELS[place % 3], "theme": theme})
        for place, theme in enumerate([*knowledge.themes][:6])
    ]
    deep = group.model_copy(
        update={
            "criteria": tuple(levels),
            "alternatives": group.alternatives * 4,
            "costs": group.costs * 3,
            "chances": group.chances * 3,
        }
    )

    assert missing(knowledge, deep) == []
    assert "1 van 4 alternatieven" in missing(knowledge, group)


def test_report_per_role(folder: Path) -> None:
    """Everything stands with the role that owns it, whether it is named by its name or by its id."""
    path = folder / GROUP
    path.write_text(
        path.read_text()
        .replace("eigenaar: MVOI-team", "eigenaar: facilitair")
        .replace("2027-06-01", "2026-12-10")
    )
    checked = check_with_care(TODAY, folder)
    assert checked.material
    made = report(checked.material, checked.errors, checked.findings)
    facilities = next(part for part in made.roles if part.role == "Facilitair")

    assert [finding.problem.file for finding in facilities.findings["diepte"]] == [GROUP]
    assert facilities.soon == [
        f"{GROUP}:{line_of(path.read_text(), 'herzien_op:')}: nakijken voor 10 december 2026"
    ]
    assert any("31 december 2027" in line and "leveringen en diensten" in line for line in made.ends)
    assert made.starts == [
        "Ontbossingsverordening, vanaf 30 december 2026: Hout mag niet komen van grond waar pas bos is gekapt."
    ]


def test_sentences() -> None:
    """A text is cut where a sentence ends, and not inside a number or an abbreviation."""
    assert sentences("Boven € 25.000 geldt dit. Vraag **Team Inkoop**, bijv. vandaag; dan weet je het.") == [
        "Boven € 25.000 geldt dit.",
        "Vraag Team Inkoop, bijv. vandaag;",
        "dan weet je het.",
    ]


LIST = PlainWords.model_validate(
    {"woorden": ({"woord": "middels", "liever": "met"},), "vaktaal": ("gunningscriterium",), "merken": ()}
)


def test_reading_ease() -> None:
    """Plain words score high, a legal text under nothing."""
    reader = Reader(LIST, (), ())
    plain = reader.ease(
        [
            "we",
            "maken",
            "de",
            "stoel",
            "weer",
            "heel",
            "en",
            "dan",
            "staat",
            "hij",
            "er",
            "nog",
            "tien",
            "jaar",
        ]
    )
    legal = reader.ease(
        [
            "onverminderd",
            "contractuele",
            "verantwoordelijkheden",
            "garandeert",
            "opdrachtnemer",
            "adequate",
            "implementatie",
        ]
    )

    assert plain > 80
    assert legal < 0


def test_terms_stay() -> None:
    """A term of the field is not called hard, and a word of officials is."""
    reader = Reader(LIST, (), ())

    assert reader.trouble("Dit is een gunningscriterium.") == []
    assert [trouble.said for trouble in reader.trouble("Dat doe je middels een brief.")] == [
        "Schrijf liever 'met' dan 'middels'"
    ]


def test_clusters() -> None:
    """Sentences that differ in a word are one group; those that only look alike in form are not."""
    texts = [
        "Meer punten voor een groter deel hergebruikt meubilair in de levering.",
        "Meer punten voor een groter deel hergebruikt materiaal in de levering.",
        "Meer punten voor minder ritten naar de stad.",
        "Plan van aanpak",
        "Plan van aanpak",
    ]

    assert clusters(texts) == [[0, 1]]
