"""One message in a talk, worked out without a channel or a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.desk import Desk
from bot.people import Person
from bot.respond import again, respond
from bot.talk_state import Message, Response, Talk
from cards.plain import text
from cards.record import Shown, summary_view
from dialogs import advice
from dialogs.engine import Asking
from dialogs.express import express_questions
from knowledge.knowledge import Knowledge

DAY = date(2026, 11, 23)


@pytest.fixture
def desk(knowledge: Knowledge) -> Desk:
    """What a turn may use, on a day in 2026."""
    return Desk(knowledge, Person("p", "collega"), DAY, "gesprek", "record")


def said(response: Response) -> str:
    """All that Moi says, as plain text."""
    return "\n".join(text(view) for view in response.views)


def talk_of(desk: Desk, *lines: str) -> Talk:
    """A talk in which these lines were typed."""
    talk = None
    for line in lines:
        talk = respond(desk, Message("m", line), talk).talk
    assert talk is not None
    return talk


def tap(desk: Desk, now: Talk | None, **fields: Any) -> Response:
    """What Moi says to a tap, on a card of this talk unless another is named."""
    return respond(desk, Message("m", tap={"talk": now.id if now else "", **fields}), now)


def test_welcome(desk: Desk) -> None:
    """Whoever opens Moi hears that it is a digital assistant, and no talk begins."""
    response = respond(desk, Message("m", arrived=True), None)

    assert "digitale assistent" in said(response)
    assert response.talk is None


def test_resume(desk: Desk) -> None:
    """Whoever opens Moi in the middle of a talk goes on where they were."""
    talk = talk_of(desk, "20 laptops", "ja")

    assert "Hebben we het wel nodig?" in said(respond(desk, Message("m", arrived=True), talk))


def test_same_tap_twice(desk: Desk) -> None:
    """A tap on a question that was answered changes nothing and shows where the talk is."""
    talk = talk_of(desk, "20 laptops")
    key = talk.asked
    first = tap(desk, talk, do="answer", key=key, answer="ja")
    second = tap(desk, first.talk, do="answer", key=key, answer="anders")

    assert first.talk is not None
    assert second.talk is not None
    assert second.talk.answers == first.talk.answers
    assert "Hebben we het wel nodig?" in said(second)


@pytest.mark.parametrize("do", ["answer", "form", "change", "review", "back", "stop", "why", "onzin"])
def test_card_of_another_talk(desk: Desk, do: str) -> None:
    """A card of another talk changes nothing."""
    talk = talk_of(desk, "20 laptops")
    response = tap(desk, talk, talk="een ander gesprek", do=do, key=talk.asked, answer="ja")

    assert response.talk is not None
    assert (response.talk.answers, response.talk.state) == (talk.answers, "open")


def test_tap_after_sending(desk: Desk) -> None:
    """After sending, an answer on an old card changes nothing; "wijzig" does."""
    done = talk_of(desk, "20 laptops", "ja", "niet nodig", "versturen")

    assert done.state == "done"
    assert "Dit heb je al verstuurd." in said(tap(desk, done, do="answer", key="versturen", answer="ja"))
    assert "Dit heb je al verstuurd." in said(tap(desk, done, do="form"))


def test_record(desk: Desk) -> None:
    """The end of a talk is a record of its outcome; changing it keeps its id."""
    talk = talk_of(desk, "20 laptops", "ja", "niet nodig")
    sent = respond(desk, Message("m", "versturen"), talk)
    assert sent.record is not None
    assert sent.talk is not None
    changed = tap(desk, sent.talk, do="change", key="nodig/ict-hardware")
    again_sent = talk_of_more(
        replace(desk, new_record="ander"), changed.talk, "kapot", "toch kopen", "900", "ja", "ja"
    )

    assert (sent.record.outcome, sent.record.id) == ("niet-gekocht", "record")
    assert again_sent.record is not None
    assert (again_sent.record.outcome, again_sent.record.id) == ("koop-met-mvoi", "record")


def test_word_that_looks_alike(desk: Desk) -> None:
    """At "klopt dat?" a clear other thing takes the place of what was understood; a word that only looks like one does not."""
    talk = talk_of(desk, "8 bureaustoelen")
    clear = respond(desk, Message("m", "20 laptops"), talk)
    doubtful = respond(desk, Message("m", "opknapen"), talk)

    assert clear.talk is not None
    assert doubtful.talk is not None
    assert clear.talk.answers["wat"] != talk.answers["wat"]
    assert doubtful.talk.answers == talk.answers
    assert "Dat lijkt een nieuwe aanvraag." in said(doubtful)


def test_not_understood_twice(desk: Desk) -> None:
    """Words that mean nothing change no answer; the second time there is a way on instead of the same question."""
    talk = talk_of(desk, "stoelen opknapen")
    once = respond(desk, Message("m", "asdf"), talk)
    twice = respond(desk, Message("m", "asdf"), once.talk)
    after = respond(desk, Message("m", "ja"), twice.talk)

    assert "Bedoel je dit?" in said(once)
    assert [action.label for view in twice.views for action in view.actions] == [
        "Kies een categorie",
        "Vraag Team Inkoop",
        "Begin opnieuw",
    ]
    assert "Hebben we het wel nodig?" in said(after)


@pytest.mark.parametrize("words", ["nee", "weet ik niet"])
def test_no_category(desk: Desk, words: str) -> None:
    """Who knows no category either gets a way on at once."""
    talk = talk_of(desk, "opknapen")

    assert "Vraag Team Inkoop" in said(respond(desk, Message("m", words), talk))


def test_unknown_wish(desk: Desk) -> None:
    """A wish in words that Moi does not know is not called no purchase; what is told is."""
    wish, told = (
        said(respond(desk, Message("m", words), None))
        for words in (
            "wij willen graag een nieuwe gronsel voor de hal",
            "wat een mooi weer is het vandaag toch",
        )
    )

    assert "Dat begreep ik niet." in wish
    assert "Dat is geen inkoop" in told


def test_refused_before(desk: Desk) -> None:
    """Other words that turn out to mean what was refused are asked about again."""
    talk = talk_of(desk, "whiteboardfolie", "nee", "whiteboard")

    assert talk.asked == "klopt/kantoorartikelen"


def test_put_off(desk: Desk) -> None:
    """Who buys nothing says in the same tap that it is only put off, or types it."""
    talk = talk_of(desk, "20 laptops", "ja", "niet nodig")
    asked = respond(desk, Message("m", "hallo"), talk)
    sent = tap(desk, talk, do="answer", key="versturen", answer="uitgesteld")
    typed = respond(desk, Message("m", "we stellen het uit"), talk)
    kept = [response.record for response in (sent, typed) if response.record]

    assert "Versturen als uitgesteld" in [action.label for view in asked.views for action in view.actions]
    assert [(record.outcome, record.advice["put_off"]) for record in kept] == [("niet-gekocht", True)] * 2
    assert "Uitgesteld" in text(summary_view(advice.load(dict(kept[0].advice)), Shown("r", 1)))


def talk_of_more(desk: Desk, talk: Talk | None, *lines: str) -> Response:
    """The last answer of Moi when these lines follow in a talk."""
    response = Response(talk, ())
    for line in lines:
        response = respond(desk, Message("m", line), response.talk)
    return response


def test_change_forgets_what_belongs_to_it(desk: Desk) -> None:
    """With another product its quantity and amount go too."""
    talk = talk_of(desk, "20 laptops van 900 euro", "ja")
    response = tap(desk, talk, do="change", key="wat")

    assert response.talk is not None
    assert not {"wat", "aantal", "waarde"} & response.talk.answers.keys()
    assert "Wat wil je kopen of laten doen?" in said(response)


def test_another_purchase_instead(desk: Desk) -> None:
    """While Moi asks whether it understood, other words may name another purchase."""
    talk = talk_of(desk, "20 laptops", "nee, 12 bureaustoelen")

    assert talk.asked == "klopt/kantoormeubilair"


def test_amount_said_besides(desk: Desk) -> None:
    """What it costs is kept when it is said at another question, corrects what was said before, and is not asked again."""
    talk = talk_of(desk, "burostoelen", "ja")
    response = respond(desk, Message("m", "het kost zo'n 15k"), talk)
    corrected = talk_of(desk, "burostoelen, 20k", "ja", "ik bedoel 15 duizend euro")

    assert response.talk is not None
    assert (
        response.talk.answers["waarde"] == {"low": 15_000.0, "high": 15_000.0} == corrected.answers["waarde"]
    )
    assert response.talk.asked == talk.asked == corrected.asked
    assert "€ 15.000" in said(response)


def test_only_an_amount(desk: Desk) -> None:
    """Whoever names a price and nothing to buy is asked what it is for, and not told that it is no purchase."""
    assert "nog niet waarvoor" in said(
        respond(desk, Message("m", "we moeten een nieuwe hebben, 4 mille"), None)
    )


def test_capitals(desk: Desk) -> None:
    """A name is written small in a sentence, an abbreviation is not."""
    assert "20 × ICT-hardware" in said(respond(desk, Message("m", "20 laptops"), None))
    assert "12 × kantoormeubilair" in said(respond(desk, Message("m", "12 bureaustoelen"), None))


def test_start_again(desk: Desk) -> None:
    """ "Opnieuw" begins a talk without answers."""
    response = respond(desk, Message("m", "opnieuw"), talk_of(desk, "20 laptops"))

    assert response.talk is not None
    assert response.talk.answers.keys() == {"_op"}


def test_limits_stay_as_they_began(desk: Desk) -> None:
    """A talk keeps to the limits of the day on which it began."""
    talk = talk_of(desk, "20 laptops")

    assert talk.answers["_op"] == "2026-11-23"
    assert isinstance(replace(desk, today=date(2031, 1, 1)).run(talk), Asking)


def test_express_keeps_what_was_filled_in(desk: Desk, knowledge: Knowledge) -> None:
    """An express card with a mistake comes back with what was filled in."""
    fields = {question.key: "" for question in express_questions(knowledge)}
    response = respond(desk, Message("m", tap={**fields, "do": "express-send", "doel": "Zitten"}), None)

    assert "Vul nog in" in said(response)
    assert any(getattr(block, "value", "") == "Zitten" for view in response.views for block in view.blocks)


def test_doubled_delivery(desk: Desk) -> None:
    """A message that was dealt with before gets the open question again, and changes nothing."""
    talk = talk_of(desk, "20 laptops")

    assert "Klopt dat?" in "\n".join(text(view) for view in again(desk, talk))
    assert "digitale assistent" in text(again(desk, None)[0])


def test_worked_out_twice(desk: Desk) -> None:
    """The same message in the same talk gives the same, however often it is worked out."""
    talk = talk_of(desk, "20 laptops", "ja")

    assert respond(desk, Message("m", "kapot"), talk) == respond(desk, Message("m", "kapot"), talk)


def test_person_gets_no_words_of_others(desk: Desk) -> None:
    """A question for the channel holds what was told, without the lines of free text."""
    fields = {"wat": "20 laptops", "doel": "Geheim doel", "nodig": "kapot"}
    talk = respond(desk, Message("m", tap={**fields, "do": "express-send"}), None).talk
    note = tap(desk, talk, do="human-yes").note

    assert note is not None
    assert "Geheim" not in str(note.advice)
    assert "20 laptops" in str(note.advice)
