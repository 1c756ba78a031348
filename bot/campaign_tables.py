"""The tables of campaigns, beside those in `bot/tables.py`: what was written, its picture, who gets it, and who wants none."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from bot.tables import AnyJson, Moment, metadata

# What the MVOI team wrote, and how far it is. `version` counts edits, `run` each time that something must be sent.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    # What a phone shows of it.
    Column("line", String, nullable=False),
    # An option of `onderwerpen` in woorden/campagne.yaml; none in what was written before there were any.
    Column("subject", String),
    Column("picture", String),
    # What is on the picture, for whoever does not see it.
    Column("alt", String),
    Column("buttons", AnyJson, nullable=False),
    Column("audience", AnyJson, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("written_by", String, nullable=False),
    Column("released_by", String),
    # Other words for what was sent, until a second person lets them go.
    Column("correction", AnyJson, nullable=False),
    Column("due", Moment),
    Column("made", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    # What its people asked Moi before and after, in totals: counted when it is forgotten who they are.
    Column("effect", AnyJson),
)

# Pictures on campaigns, under an id that nobody can guess: whoever has it may see the picture.
campaign_pictures = Table(
    "campaign_pictures",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# The ledger: everybody who was meant to get a campaign, each in exactly one state.
campaign_recipients = Table(
    "campaign_recipients",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, ForeignKey("campaigns.id"), nullable=False),
    Column("person_id", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("after", Moment),
    Column("run", Integer, nullable=False),
    Column("sent", Moment, index=True),
    # Where it is: the conversation, and what the channel calls the message there.
    Column("conversation", String),
    Column("activity", String),
    # The line of a pasted list by which somebody is in it; who is nobody to Moi is only there by that line.
    Column("address", String),
)
# Who is next, without sorting everybody who waits.
Index(
    "ix_campaign_recipients_next",
    campaign_recipients.c.campaign,
    campaign_recipients.c.state,
    campaign_recipients.c.id,
)
# Nobody is in it twice; whoever had their data deleted is nobody.
Index(
    "ix_campaign_recipients_once",
    campaign_recipients.c.campaign,
    campaign_recipients.c.person_id,
    unique=True,
    sqlite_where=text("person_id <> 'verwijderd'"),
    postgresql_where=text("person_id <> 'verwijderd'"),
)

# What came back, once per person and thing: `kind` is tap, answer, question or seen, and `what` says which.
campaign_returns = Table(
    "campaign_returns",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, ForeignKey("campaigns.id"), nullable=False, index=True),
    Column("person_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("what", String, nullable=False),
)
Index(
    "ix_campaign_returns_once",
    campaign_returns.c.campaign,
    campaign_returns.c.person_id,
    campaign_returns.c.kind,
    campaign_returns.c.what,
    unique=True,
    sqlite_where=text("person_id <> 'verwijderd'"),
    postgresql_where=text("person_id <> 'verwijderd'"),
)

# Who wants no campaigns on a subject, or, when that is empty, none at all.
campaign_optouts = Table(
    "campaign_optouts",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("since", Moment, nullable=False),
)

# One row: from when on the next call to Teams may begin, at the pace itself and at that of catching up, and until when there is
# no room, for all campaigns together.
campaign_pace = Table(
    "campaign_pace",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("turn", Moment),
    Column("free", Moment),
    Column("hold", Moment),
    # How many were refused in a row, and about which row of a ledger the last one was.
    Column("refused", Integer, nullable=False),
    Column("last", String),
)
