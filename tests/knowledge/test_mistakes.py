"""Whatever a content owner does wrong, the file, the line and the remedy are named, in Dutch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.loading import load
from knowledge.mistakes import Problem

ENGLISH = re.compile(r"Input should|required|valid|expected|found|while", re.IGNORECASE)
GROUP = "productgroepen/kantoormeubilair.yaml"
AGREEMENTS = "werkafspraken.yaml"
WORDS = "woorden/koop.yaml"


@dataclass(frozen=True)
class Mistake:
    """Replace `old` by `new` in a file; the problem is on the line of `at` and its message holds all of `says`."""

    kind: str
    file: str
    old: str
    new: str
    at: str
    says: tuple[str, ...]


MISTAKES = [
    Mistake("misspelt key", GROUP, "zoekwoorden:", "zoekworden:", "zoekworden:", ("ken ik hier niet", "'zoekwoorden'")),
    Mistake("key like no other", GROUP, "aard: spullen", "aard: spullen\nqqq: 1", "qqq: 1", ("'qqq'", "Kijk welke namen", "Haal hem anders weg")),
    Mistake("missing key", GROUP, "aard: spullen\n", "", "id: kantoor", ("'aard' ontbreekt", "Voeg een regel")),
    Mistake("missing proof", GROUP, '    bewijs: "Verklaring van de leverancier"\n', "", "- id: kme-01", ("'bewijs' ontbreekt", "Voeg")),
    Mistake("empty value", GROUP, "naam: Kantoormeubilair", "naam:", "naam:", ("leeg", "aanhalingstekens")),
    Mistake("empty text", GROUP, "naam: Kantoormeubilair", 'naam: ""', 'naam: ""', ("is leeg", "Vul het in")),
    Mistake("wrong choice", GROUP, "soort: levering", "soort: leverng", "soort: leverng", ("'leverng'", "Bedoel je 'levering'?")),
    Mistake("far from any choice", GROUP, "aard: spullen", "aard: xyz", "aard: xyz", ("Kies uit: dienst, mensen, spullen, werk",)),
    Mistake("text for a list", GROUP, "[bureau, stoel, kast]", "bureau", "zoekwoorden:", ("hoort een lijst", "streepje")),
    Mistake("empty list", GROUP, "[bureau, stoel, kast]", "[]", "zoekwoorden:", ("leeg of te kort", "Vul het in")),
    Mistake("list for text", GROUP, "naam: Kantoormeubilair", "naam: [Kantoor]", "naam:", ("hoort tekst", "aanhalingstekens")),
    Mistake("number for text", GROUP, "naam: Kantoormeubilair", "naam: 2026", "naam:", ("hoort tekst", "aanhalingstekens")),
    Mistake("text for true or false", GROUP, "isv_risico: false", "isv_risico: nee", "isv_risico:", ("true of false",)),
    Mistake("code without quotes", GROUP, '"39130000"', "39130000", "cpv:", ("hoort tekst", "aanhalingstekens")),
    Mistake("code with a check digit", GROUP, '"39130000"', '"39130000-2"', "cpv:", ("acht cijfers",)),
    Mistake("code that does not exist", GROUP, '"39130000"', '"99999999"', "cpv:", ("bestaat niet", "cpv_nl.csv")),
    Mistake("date as text", GROUP, "2027-06-01", "1 juni 2027", "herzien_op:", ("hoort een datum", "jaar-maand-dag")),
    Mistake("date that does not exist", GROUP, "2027-06-01", "2027-02-30", "herzien_op:", ("bestaat niet", "jaar-maand-dag")),
    Mistake("unknown category", GROUP, "categorie: kantoorinrichting_benodigdheden", "categorie: kantoorinrichting", "categorie:", ("de categorie", "Bedoel je 'kantoorinrichting_benodigdheden'?")),
    Mistake("unknown theme", GROUP, "thema: circulariteit", "thema: circulair", "thema: circulair", ("het thema", "Bedoel je 'circulariteit'?")),
    Mistake("unknown contract form", GROUP, "koop_met_terugkoop", "terugkoop", "vorm: terugkoop", ("de contractvorm", "Bedoel je")),
    Mistake("unknown label", GROUP, "keurmerken: [fsc-pefc]", "keurmerken: [fsc]", "keurmerken:", ("het keurmerk 'fsc'",)),
    Mistake("unknown cost", GROUP, "post: onderhoud", "post: onderhuod", "post: onderhuod", ("de kostenpost", "Bedoel je 'onderhoud'?")),
    Mistake("unknown general criterion", GROUP, "- id: ket-a1", "- id: ket-b1", "- id: ket-b1", ("het algemene criterium", "Bedoel je 'ket-a1'?")),
    Mistake("unknown code", GROUP, "    niveau: basis\n    tekst: \"Hout", "    niveau: basis\n    eforms: {BT-774: [circ-ecn]}\n    tekst: \"Hout", "eforms:", ("de code 'circ-ecn'", "Bedoel je 'circ-econ'?")),
    Mistake("unknown field of a notice", "eforms.yaml", "BT-06: [soc-obj], BT-775: [opp]", "BT-06: [soc-obj], BT-776: [opp]", "codes: {BT-06: [soc-obj], BT-776", ("het veld 'BT-776'", "Bedoel je")),
    Mistake("unknown theme of a chance", GROUP, "thema: klimaat", "thema: klimat", "thema: klimat", ("het thema", "Bedoel je 'klimaat'?")),
    Mistake("unknown example", GROUP, "[trapliften]", "[traplift]", "voorbeelden:", ("het voorbeeld", "Bedoel je 'trapliften'?")),
    Mistake("id is not the name of the file", GROUP, "id: kantoormeubilair", "id: meubels", "id: meubels", ("naam van het bestand", "Schrijf 'id: kantoormeubilair'")),
    Mistake("odd id", GROUP, "id: kme-01", "id: KME 01", "id: KME 01", ("kleine letters",)),
    Mistake("id used twice", GROUP, "id: kme-02", "id: kme-01", "- id: kme-01\n    type: eis\n    thema: milieu", ("al gebruikt", "Kies een andere")),
    Mistake("id used in another group", GROUP, "id: kme-02", "id: zzp-02", "", ("al gebruikt", "Kies een andere")),
    Mistake("search word twice", GROUP, "stoel, kast", "stoel, Bureau", "zoekwoorden:", ("het zoekwoord 'Bureau'", "dubbel", "Haal er een weg")),
    Mistake("key twice", GROUP, "aard: spullen\n", "aard: spullen\naard: dienst\n", "aard: dienst", ("'aard' staat er dubbel", "regel 7")),
    Mistake("label alone", GROUP, "FSC of gelijkwaardig", "FSC", 'bewijs: "FSC"', ("'FSC'", "of gelijkwaardig")),
    Mistake("tab", GROUP, "  - soort: bestaand", "\t- soort: bestaand", "\t- soort", ("een tab", "spaties")),
    Mistake("bad indentation", GROUP, "isv_risico: false", "  isv_risico: false", "  isv_risico", ("inspringen",)),
    Mistake("indentation too small", GROUP, '    tekst: "Onderdelen', '   tekst: "Onderdelen', 'tekst: "Onderdelen', ("inspringen", "spaties")),
    Mistake("colon in a text", GROUP, "naam: Kantoormeubilair", "naam: Let op: meubels", "naam:", ("dubbele punt", "aanhalingstekens")),
    Mistake("quote not closed", GROUP, 'staan?"', "staan?", "behoeftevraag:", ("aanhalingsteken",)),
    Mistake("bracket not closed", GROUP, "[bureau, stoel, kast]", "[bureau, stoel, kast", "zoekwoorden:", ("haakje",)),
    Mistake("star at the start", GROUP, "naam: Kantoormeubilair", "naam: *Kantoor", "naam:", ("Zet de tekst tussen aanhalingstekens",)),
    Mistake("percent at the start", GROUP, "naam: Kantoormeubilair", "naam: %meubels", "naam:", ("begint met een teken",)),
    Mistake("hidden character", GROUP, "naam: Kantoormeubilair", "naam: Kantoor\x07", "naam:", ("onzichtbaar teken",)),
    Mistake("own type", GROUP, "naam: Kantoormeubilair", "naam: !python/name:os.system x", "naam:", ("zonder uitroepteken",)),
    Mistake("amount as text", "grenzen.yaml", "bedrag: 25000\n", 'bedrag: "25.000"\n', 'bedrag: "25.000"', ("hoort een getal", "bijvoorbeeld 25000")),
    Mistake("negative amount", "grenzen.yaml", "bedrag: 25000\n", "bedrag: -25000\n", "bedrag: -25000", ("minstens 0",)),
    Mistake("percentage over a hundred", "grenzen.yaml", "percentage: 5\n", "percentage: 500\n", "percentage: 500", ("hoogstens 100",)),
    Mistake("endless amount", "grenzen.yaml", "bedrag: 25000\n", "bedrag: .inf\n", "bedrag: .inf", ("hoort een getal",)),
    Mistake("operator", "grenzen.yaml", 'operator: ">"', 'operator: "=>"', 'operator: "=>"', ("mogelijk: >, >=",)),
    Mistake("end before start", "fasen.yaml", "geldig_tot: 2027-12-31", "geldig_tot: 2024-12-31", "- id: startpunt", ("ligt voor geldig_van", "Draai")),
    Mistake("periods overlap", "fasen.yaml", "geldig_van: 2028-01-01", "geldig_van: 2027-01-01", "- id: uitvoering", ("over een andere heen", "Pas geldig_van")),
    Mistake("level as text", "ambities.yaml", "    niveau: 3\n", '    niveau: "3"\n', 'niveau: "3"', ("heel getal", "zonder aanhalingstekens")),
    Mistake("level that does not exist", "ambities.yaml", "    niveau: 5\n    geldig", "    niveau: 6\n    geldig", "niveau: 6", ("hoogstens 5",)),
    Mistake("unknown group in a word", "dubbelzinnig.yaml", "productgroep: straatmeubilair", "productgroep: straatmeubels", "straatmeubels", ("de productgroep", "Bedoel je 'straatmeubilair'?")),
    Mistake("unknown group in an example", "voorbeelden.yaml", "[kantoormeubilair]", "[kantoormeubels]", "productgroepen:", ("de productgroep", "Bedoel je")),
    Mistake("unknown group that a word leads to", "herkenning.yaml", "samenhang: []", "samenhang:\n  - woorden: [wassen]\n    van: [kantoormeubilair]\n    naar: kantoormeubels", "naar:", ("de productgroep 'kantoormeubels'", "Bedoel je")),
    Mistake("agreement about an unknown group", AGREEMENTS, "productgroep: kantoormeubilair", "productgroep: kantoormeubels", "- productgroep:", ("de productgroep", "Bedoel je 'kantoormeubilair'?")),
    Mistake("agreement of no day", AGREEMENTS, "zekerheid: voorstel", "zekerheid: zeker", "- productgroep:", ("zonder afgesproken_op", "Schrijf 'zekerheid: voorstel'")),
    Mistake("agreed proposal", AGREEMENTS, "zekerheid: voorstel", "zekerheid: voorstel\n  afgesproken_op: 2026-11-20", "- productgroep:", ("geen voorstel meer", "Schrijf 'zekerheid: zeker'")),
    Mistake("agreement without a way to order", AGREEMENTS, "bestelroute:", "bestelweg:", "", ("bestelroute",)),
    Mistake("word twice", "dubbelzinnig.yaml", "ook: [bankje]", "ook: [Bank]", "- woord: bank", ("het woord 'Bank'", "dubbel")),
    Mistake("code twice", "redenen.yaml", "code: te-laat", "code: te-duur", "code: te-duur\n  label: \"Kost", ("de code 'te-duur'", "dubbel")),
    Mistake("criterion of another theme", "themas.yaml", "- id: kli-a1\n      type: eis\n      thema: klimaat", "- id: kli-a1\n      type: eis\n      thema: circulariteit", "thema: circulariteit\n      niveau: basis\n      tekst: \"De leverancier beperkt", ("Schrijf 'thema: klimaat'",)),
    Mistake("unknown placeholder", WORDS, "**{bedrag}**", "**{bedrga}**", "onder-grens:", ("{bedrga}", "Bedoel je 'bedrag'?")),
    Mistake("placeholder without a list", WORDS, 'invulwoorden:\n  bedrag: "het bedrag"\n  wat: "wat iemand koopt"\n', "", "vraag: \"Wat", ("{wat}", "nog niets om uit te kiezen", "'invulwoorden'")),
    Mistake("brace not closed", WORDS, "**{bedrag}**", "**{bedrag**", "onder-grens:", ("accolade",)),
    Mistake("reaching into a placeholder", WORDS, "**{bedrag}**", "**{bedrag.low}**", "onder-grens:", ("accolade",)),
    Mistake("question without a question", WORDS, '  vraag: "Hebben we het wel nodig?"\n', "", "nodig:", ("'vraag' ontbreekt",)),
    Mistake("option with an unknown key", WORDS, "woorden: [niet", "worden: [niet", "nee:", ("'worden'", "Bedoel je 'woorden'?")),
    Mistake("sentence that is a list", WORDS, '"**{bedrag}**, dus onder de grens."', "[a, b]", "onder-grens:", ("hoort tekst",)),
    Mistake("sentences that are a list", WORDS, 'zinnen:\n  onder-grens: "**{bedrag}**, dus onder de grens."', "zinnen: [a]", "zinnen:", ("bij 'zinnen'", "blok met sleutels")),
]  # fmt: skip


def line_of(text: str, part: str) -> int:
    """The line on which the first line of a part of a text stands."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.kind)
def test_named(folder: Path, mistake: Mistake) -> None:
    """Each kind of mistake is named with its file and line, and with what to do."""
    path = folder / mistake.file
    text = path.read_text(encoding="utf-8")
    spoilt = text.replace(mistake.old, mistake.new, 1)
    path.write_text(spoilt, encoding="utf-8")
    problems = check(folder)
    said = [problem for problem in problems if all(part in problem.message for part in mistake.says)]

    assert spoilt != text
    assert said, problems
    assert len(problems) <= 2  # A misspelt key is also a missing one; nothing else follows from a mistake.
    assert not [problem for problem in problems if ENGLISH.search(problem.message)]
    if mistake.at:
        assert (said[0].file, said[0].line) == (mistake.file, line_of(spoilt, mistake.at))


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "dit bestand is leeg. Vul het in"),
        (b"# alleen een opmerking\n", 1, "dit bestand is leeg. Vul het in"),
        (b"zomaar een zin\n", 1, "hoort een blok met sleutels"),
        (b"- id: kantoormeubilair\n", 1, "hoort een blok met sleutels"),
        (b"id: x\nnaam: Caf\xe9\n", 2, "niet als UTF-8 bewaard. Bewaar het opnieuw"),
        (b"[a, b]: c\n", 1, "een sleutel is een woord"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, 1, "te veel blokken in elkaar"),
        (b"a: &b [*b]\n", 1, "te veel blokken in elkaar"),
        (b"id: x\n---\nid: y\n", 2, "Zet deze regel precies"),
    ],
)
def test_whole_file(folder: Path, content: bytes, line: int, says: str) -> None:
    """A file that holds something else altogether is named as well."""
    (folder / GROUP).write_bytes(content)

    found = [problem for problem in check(folder) if says in problem.message]

    assert [(problem.file, problem.line) for problem in found] == [(GROUP, line)]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("themas.yaml", "het bestand themas.yaml ontbreekt. Zet het terug"),
        ("cpv_nl.csv", "het bestand cpv_nl.csv ontbreekt. Zet het terug"),
    ],
)
def test_file_gone(folder: Path, name: str, says: str) -> None:
    """A file that must be there is missed."""
    (folder / name).unlink()

    assert Problem(name, 1, f"{says} in de map.") in check(folder)


def test_odd_files(folder: Path) -> None:
    """A file with a name that is not known would be forgotten in silence, so it is named."""
    (folder / "fasen.yaml").rename(folder / "fases.yaml")
    (folder / GROUP).rename((folder / GROUP).with_suffix(".yml"))
    said = "\n".join(str(problem) for problem in check(folder))

    assert "fases.yaml:1: dit bestand ken ik niet. Bedoel je 'fasen.yaml'?" in said
    assert "Noem het bestand productgroepen/kantoormeubilair.yaml." in said


def test_no_groups(folder: Path) -> None:
    """A folder of product groups without any is a mistake, and the only one that is named for it."""
    for path in (folder / "productgroepen").iterdir():
        path.unlink()

    assert [problem.file for problem in check(folder)] == ["productgroepen"]


def test_empty_folder(tmp_path: Path) -> None:
    """An empty folder is one problem, not one for every file that is not in it."""
    problems = check(tmp_path)

    assert len(problems) == 1
    assert "leeg of bestaat niet" in problems[0].message


def test_unreadable(folder: Path) -> None:
    """A file that cannot be read is named, and a folder with the name of a file is no file."""
    (folder / "woorden" / "map.yaml").mkdir()
    (folder / "woorden" / "stuk.yaml").symlink_to("/proc/self/mem")

    assert [(problem.file, problem.message[:31]) for problem in check(folder)] == [
        ("woorden/stuk.yaml", "dit bestand kan ik niet lezen. ")
    ]


def test_words_that_are_a_list(folder: Path) -> None:
    """A file of texts that is a list is named at its first line."""
    (folder / WORDS).write_text("- nodig\n", encoding="utf-8")

    assert [(problem.file, problem.line) for problem in check(folder)] == [(WORDS, 1)]


def test_csv_in_another_coding(folder: Path) -> None:
    """CPV codes that were saved by an old spreadsheet are named by the line with the odd letter."""
    with (folder / "cpv_nl.csv").open("ab") as file:
        file.write(b"39131000,Caf\xe9meubels\n")

    assert [(problem.file, problem.line) for problem in check(folder)] == [("cpv_nl.csv", 5)]


def test_bad_csv(folder: Path) -> None:
    """A row of CPV codes with too many columns is named by its line."""
    with (folder / "cpv_nl.csv").open("a", encoding="utf-8") as file:
        file.write("39131000,Kasten,archief\n")

    assert [(problem.file, problem.line) for problem in check(folder)] == [("cpv_nl.csv", 5)]


def test_second_agreement(folder: Path) -> None:
    """A product group has at most one agreement; the second one is named with the line of the first."""
    path = folder / AGREEMENTS
    one = path.read_text(encoding="utf-8")
    path.write_text(one + one, encoding="utf-8")
    (problem,) = check(folder)

    assert "de werkafspraak voor 'kantoormeubilair' staat er dubbel (ook op regel 1)" in problem.message


def test_no_agreements(folder: Path) -> None:
    """A version from before there were agreements can still be read: it has none."""
    (folder / AGREEMENTS).unlink()

    assert load(folder).agreements == {}
