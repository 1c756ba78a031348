"""Every view of a campaign: what is sent, what comes back of it, and writing it in the talk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.campaign_replies import LONGEST as REPLY_LIMIT
from bot.campaigns import LONGEST as LIMITS
from bot.campaigns import RECIPIENT_NAMES
from bot.channel_work import NOTHING_YET
from bot.summaries import with_buttons
from cards import campaign, campaign_back, campaign_write
from cards.view import Picture, View
from knowledge.knowledge import Knowledge
from tests.cards.longest import DONE, MOI, RECORD, WORDS


def campaign_views(knowledge: Knowledge) -> Iterator[View]:
    """What the MVOI team sends, as long as it may be, and getting none of it any more."""
    long = (WORDS * 9)[: LIMITS["text"]]
    label = WORDS[: LIMITS["label"]]
    buttons = [campaign.Button(campaign.TALK, label, "bedrijfskleding")] * 3 + [
        campaign.Button(campaign.LINK, label, f"{MOI}/depot"),
        campaign.Button(campaign.LAST, label),
    ]
    about = {"id_": RECORD, "title": WORDS[: LIMITS["title"]], "line": WORDS[: LIMITS["line"]]}
    yield campaign.campaign_view(knowledge, text=long, buttons=buttons, **about)
    choices = tuple(f"{n} {WORDS}"[: LIMITS["choice"]] for n in range(5))
    poll = campaign.Button(campaign.POLL, label, WORDS[: LIMITS["question"]], choices)
    picture = Picture("/beeld/" + RECORD, WORDS[: LIMITS["alt"]], MOI)
    subject = next(iter(campaign.subject_names(knowledge)))
    yield campaign.campaign_view(
        knowledge, text=long, buttons=[*buttons[:4], poll], subject=subject, picture=picture, **about
    )
    yield campaign.stopped_view(knowledge)
    yield from _back(knowledge, choices, about["title"])
    yield from _writing(knowledge)


def _back(knowledge: Knowledge, choices: Sequence[str], title: str) -> Iterator[View]:
    """What comes back of a campaign, as long as it may be, in the own chat and in the channel."""
    words = (WORDS * 9)[:REPLY_LIMIT]
    asked = {"campaign": RECORD, "title": title, "words": words, "earlier": [words, words * 2]}
    yield campaign_back.said_view(knowledge, "Prima, dan laten we dit zo.", RECORD)
    for others in ((), [(choice, "minder dan 5") for choice in choices]):
        yield campaign_back.thanks_view(knowledge, RECORD, choices[0], others)
    yield campaign_back.ask_view(knowledge, RECORD, title)
    yield campaign_back.ask_view(knowledge, "", "")
    yield campaign_back.pass_on_view(knowledge, RECORD, words)
    yield campaign_back.answer_view(knowledge, WORDS, asked, words * 2, RECORD)
    yield campaign_back.no_more_view(knowledge, "klimaat", "klimaat")
    yield from (campaign_back.again_view(knowledge, "klimaat", none_at_all=none) for none in (True, False))
    yield with_buttons(campaign_back.reply_view(asked), RECORD, DONE, reply=True)
    yield with_buttons(
        campaign_back.reply_view(asked | {"title": "", "earlier": []}), RECORD, NOTHING_YET, reply=True
    )
    lines = [[name, "20000"] for name in RECIPIENT_NAMES.values()]
    done = {"title": "Campagne verstuurd", "campaign": RECORD, "campaign_title": title, "lines": lines}
    yield from (campaign_back.done_view(done, url) for url in (None, f"{MOI}/campagnes/{RECORD}"))


def _writing(knowledge: Knowledge) -> Iterator[View]:
    """Writing what the MVOI team sends in the talk, with everything as long as it may be."""
    title, page = WORDS[: LIMITS["title"]], f"{MOI}/campagnes/{RECORD}"
    given = {"titel": title, "tekst": (WORDS * 9)[: LIMITS["text"]], "regel": WORDS[: LIMITS["line"]]}
    yield campaign_write.write_view(knowledge, given, wrong=WORDS)
    yield campaign_write.write_view(knowledge, given, campaign=RECORD, version=9)
    for link in (None, page):
        yield campaign_write.kept_view(knowledge, RECORD, title, [WORDS] * 9 if link else [], link)
        found = [campaign_write.Shown(title, WORDS, link)] * 8
        yield campaign_write.list_view(knowledge, found if link else [], link)
    yield campaign_write.not_yours_view(knowledge)
