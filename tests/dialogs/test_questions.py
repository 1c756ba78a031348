"""Questions: what is typed, what is kept and what it means are opposites that meet again."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.comply import APPLY, Comply, Proposal, numbered, proposals
from dialogs.need import WayQuestion
from dialogs.product import NOTHING_SAID, Product, Request
from dialogs.questions import Choice, Question, Several, Text, Unclear, YesNo
from dialogs.what import Subject, product_examples
from knowledge.knowledge import Knowledge
from knowledge.words import OptionWords, QuestionWords
from tests.dialogs.conftest import DAY

OPTIONS = {
    "rood": OptionWords("Rood", ("vuurrood",)),
    "blauw": OptionWords("Blauw"),
    "nee": OptionWords("Nee"),
}
WORDS = QuestionWords("Welke kleur?", "Kies er een.", None, OPTIONS)
SAID = Request("iets", None, None, (), None)


def test_about_makes_the_key() -> None:
    """The same question about two subjects has two answers."""
    keys = [Choice("kleur", WORDS, about=about).key for about in ("", "deur", "muur")]

    assert keys == ["kleur", "kleur/deur", "kleur/muur"]


def test_typed_on_a_card() -> None:
    """A field of a card is read like typed words."""
    assert Choice("kleur", WORDS).take({"kleur": "vuurrood"}) == "rood"


def test_nothing_chosen() -> None:
    """A card that comes back without a choice gets the question again, in words."""
    with pytest.raises(Unclear, match=r"Kies eerst een antwoord bij: Welke kleur\?"):
        Choice("kleur", WORDS).take({})


def test_only_some_options() -> None:
    """A question may offer only some of its options; another is then no answer."""
    question = Choice("kleur", WORDS, only=("blauw",))

    with pytest.raises(Unclear, match="“Blauw”"):
        question.read("rood")
    with pytest.raises(ValueError, match="no option"):
        question.value("rood")


def test_yes_or_no() -> None:
    """Yes and no are called by their labels."""
    words = QuestionWords("Ja?", None, None, {"ja": OptionWords("Ja"), "nee": OptionWords("Nee")})

    assert (YesNo("vraag", words).read("ja"), YesNo("vraag", words).read("Nee.")) == ("ja", "nee")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rood, blauw", ["rood", "blauw"]),
        ("vuurrood en rood", ["rood"]),
        ("niemand", []),
        ("blauw", ["blauw"]),
    ],
)
def test_several(typed: str, kept: list[str]) -> None:
    """Several options can be named in one line, or none."""
    assert Several("kleuren", WORDS).read(typed) == kept


def test_several_tapped() -> None:
    """Several options come back from a card with commas between them; none is an answer as well."""
    question = Several("kleuren", WORDS)

    assert question.take({"kleuren": "rood,blauw"}) == ["rood", "blauw"]
    assert question.take({"kleuren": "Rood en blauw"}) == ["rood", "blauw"]
    assert question.take({}) == []
    assert question.show(()) == "nee"


def test_several_unclear() -> None:
    """What names none of the options gets them read out."""
    with pytest.raises(Unclear, match="“Rood”, “Blauw”"):
        Several("kleuren", WORDS).read("paars")


@pytest.mark.parametrize("kept", ["rood", ["paars"], None, [1]])
def test_several_kept_wrongly(kept: Any) -> None:
    """What is no list of options is no answer."""
    with pytest.raises(ValueError, match="no options"):
        Several("kleuren", WORDS).value(kept)


def test_own_words() -> None:
    """Own words are kept on one line and not for ever."""
    question = Text("naam", WORDS, most=10)

    assert question.read("  een \n lange   naam ") == "een lange "
    assert question.take({"naam": "kort"}) == "kort"
    assert question.value("x" * 20) == "x" * 10
    with pytest.raises(Unclear, match="in een paar woorden"):
        question.read("  ")
    with pytest.raises(ValueError, match="no text"):
        question.value(7)


def test_own_words_may_be_left_out() -> None:
    """An optional line may stay empty."""
    assert Text("naam", WORDS, optional=True).read("") == ""


@pytest.mark.parametrize("method", ["read", "value", "show"])
def test_bare_question(method: str) -> None:
    """A question of no kind can do nothing by itself."""
    with pytest.raises(NotImplementedError):
        getattr(Question[str]("kleur", WORDS), method)("rood")


def product(knowledge: Knowledge) -> Product:
    """The question what somebody wants."""
    words = knowledge.words.question("koop", "wat")
    return Product("wat", words, knowledge.recognise, lambda: product_examples(knowledge))


def test_everything_at_once(knowledge: Knowledge) -> None:
    """One sentence may hold what, how many, for how much, and that MVOI is not wanted."""
    heard = product(knowledge).hear("50 bureaustoelen, zo'n 15k, en mvoi doen we niet")

    assert heard["wat"]["groep"] == "kantoormeubilair"
    assert heard["aantal"] == 50
    assert heard["waarde"] == {"low": 15_000.0, "high": 15_000.0}
    assert heard["mvoi"] == "nee"


def test_only_what(knowledge: Knowledge) -> None:
    """What was not said is not kept."""
    assert product(knowledge).hear("bureaustoelen").keys() == {"wat"}


def test_no_purchase(knowledge: Knowledge) -> None:
    """What is no purchase is not kept as one."""
    with pytest.raises(Unclear, match="20 laptops"):
        product(knowledge).read("asdf")


@pytest.mark.parametrize(
    "kept", [{}, None, "tekst", {**NOTHING_SAID, "groep": 3}, {**NOTHING_SAID, "suggesties": None}]
)
def test_request_kept_wrongly(knowledge: Knowledge, kept: Any) -> None:
    """What is no request is asked again, not believed."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        product(knowledge).value(kept)


def comply(knowledge: Knowledge) -> Comply:
    """Pas toe, of leg uit, for furniture."""
    group = knowledge.groups["kantoormeubilair"]
    subject = Subject(SAID, knowledge.categories[group.category], group, None, None)
    found: tuple[Proposal, ...] = proposals(knowledge, subject, DAY, small=True, by_rule=frozenset())
    return Comply(knowledge, subject, found, "")


def decided(question: Comply, text: str) -> list[str]:
    """What is kept for each proposal of typed words."""
    kept = question.read(text)
    return [kept[proposal.criterion.id] for proposal in question.proposals]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("neem ik mee", [APPLY, APPLY]),
        ("te duur", ["te-duur", "te-duur"]),
        ("1 ja, 2 te duur", [APPLY, "te-duur"]),
        ("2 past niet", [APPLY, "past-niet"]),
        ("1: te laat; 2: ja", ["te-laat", APPLY]),
    ],
)
def test_apply_or_explain(knowledge: Knowledge, typed: str, kept: list[str]) -> None:
    """All proposals are decided in one line, together or by number."""
    assert decided(comply(knowledge), typed) == kept


@pytest.mark.parametrize("typed", ["nee", "nee hoor", "misschien later", "1 ja, 2 zomaar"])
def test_no_reason(knowledge: Knowledge, typed: str) -> None:
    """Without a reason Moi asks for it and names them all."""
    with pytest.raises(Unclear, match="“Past niet bij deze inkoop”"):
        comply(knowledge).read(typed)


def test_reason_that_needs_a_line(knowledge: Knowledge) -> None:
    """Some reasons need a line of explanation; their bare name is none."""
    question = comply(knowledge)

    with pytest.raises(Unclear, match="Schrijf er in één regel bij waarom"):
        question.read("advies klopt niet")
    assert question.read("advies klopt niet, dit hout groeit hier niet")["uitleg"].endswith(
        "groeit hier niet"
    )


def test_explanation_is_kept(knowledge: Knowledge) -> None:
    """An explanation that is not asked for is kept too, but not when everything is applied."""
    question = comply(knowledge)

    assert question.read("te duur want het kost drie keer zoveel")["uitleg"].startswith("te duur want")
    assert "uitleg" not in question.read("neem ik graag mee, goed idee")


def test_fields_of_the_card(knowledge: Knowledge) -> None:
    """On the card each proposal has its own field; what is left open is asked for by its theme."""
    question = comply(knowledge)
    ids = [proposal.criterion.id for proposal in question.proposals]
    fields = {f"pas-toe/kantoormeubilair:{id_}": "te-duur" for id_ in ids}

    assert question.take(fields) == dict.fromkeys(ids, "te-duur")
    assert question.take({question.key: APPLY}) == dict.fromkeys(ids, APPLY)
    assert question.take(dict(list(fields.items())[:1]) | {question.key: APPLY}) == {
        id_: "te-duur" if id_ == ids[0] else APPLY for id_ in ids
    }
    with pytest.raises(Unclear, match="Kies nog bij"):
        question.take(dict(list(fields.items())[:1]))


def test_numbers_in_words() -> None:
    """Only a line that begins with a number is numbered."""
    assert numbered("1 ja, 2 te duur") == [(1, "ja"), (2, "te duur")]
    assert numbered("we doen alles") == []


def test_read_out() -> None:
    """A few options are read out, many are not."""
    many = {f"kleur-{n}": OptionWords(f"Kleur {n}") for n in range(9)}

    with pytest.raises(Unclear, match="Kies een van deze: “Rood”, “Blauw”, “Nee”"):
        Choice("kleur", WORDS).read("qzx wvj")
    with pytest.raises(Unclear, match=r"Kies uit de lijst\.$"):
        Choice("kleur", WORDS, options=many).read("qzx wvj")


def test_in_doubt(knowledge: Knowledge) -> None:
    """Whoever does not know whether to apply is told what can be done."""
    with pytest.raises(Unclear, match="bespreek het met Team Inkoop"):
        comply(knowledge).read("weet ik niet")


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("opknappen, maar dan 30 want de rest hoeft niet", {"anders": "repareren", "aantal-anders": 30}),
        ("opknappen", {"anders": "repareren"}),
        ("1", {"anders": "repareren"}),
    ],
)
def test_way_with_a_number(knowledge: Knowledge, typed: str, heard: dict[str, Any]) -> None:
    """With another way somebody may say how many; a bare number is the option with that number."""
    words = knowledge.words.question("koop", "anders")
    question = WayQuestion("anders", words, only=("repareren", "toch-kopen"))
    question.quantity_key = "aantal-anders"

    assert question.hear(typed) == heard


@pytest.mark.parametrize("kept", [0, None, "toe", [], {}, {"kme-01": []}])
def test_decisions_kept_wrongly(knowledge: Knowledge, kept: Any) -> None:
    """What decides nothing about the proposals is asked again, not believed."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        comply(knowledge).value(kept)
