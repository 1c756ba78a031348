"""The tables of campaigns, beside those in `bot/tables.py`: what was written, who gets it, and who wants none."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

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
    # Until then Teams has no room.
    Column("hold", Moment),
    Column("made", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
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
    Column("pressed", String),
    # The line of a pasted list by which somebody is in it; who is nobody to Moi is only there by that line.
    Column("address", String),
)
Index("ix_campaign_recipients_campaign_state", campaign_recipients.c.campaign, campaign_recipients.c.state)
# Nobody is in it twice; whoever had their data deleted is nobody.
Index(
    "ix_campaign_recipients_once",
    campaign_recipients.c.campaign,
    campaign_recipients.c.person_id,
    unique=True,
    sqlite_where=text("person_id <> 'verwijderd'"),
    postgresql_where=text("person_id <> 'verwijderd'"),
)

# Who wants no campaigns.
campaign_optouts = Table(
    "campaign_optouts",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("since", Moment, nullable=False),
)
