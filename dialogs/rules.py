"""What follows from the value: the startformulier, social return, the European procedure (PRODUCT §2, step 3).

The limits are data with a period and a source (`knowledge/data/grenzen.yaml`); here is only what they mean for the talk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dialogs.advice import RuleLine
from dialogs.numbers import Value
from dialogs.questions import UNKNOWN
from dialogs.what import DIALOG
from knowledge.amounts import euros
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.limit_shapes import Limit
from knowledge.limits import Route, SocialReturn, route, social_return
from knowledge.model import ProductGroup

LABOUR_SHARE = {"vanaf-30": 100.0, "onder-30": 0.0}
"""The two answers as a labour share in percent, on either side of the limit in the rule."""
PLAN = "plan-van-aanpak"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a value leads to: whether a startformulier is taken for granted, what Moi says, and lines for the advice."""

    value: Value | None
    route: Route | None
    startform: bool
    social_return: SocialReturn | None
    remarks: tuple[str, ...]
    lines: tuple[RuleLine, ...]

    def band(self, value: Value | None) -> str:
        """The value as a band for the channel: never the amount itself."""
        if value is None:
            return "geen uitgave"
        if self.route is None:
            return "nog niet bekend"
        low = self.route.start_form_limit
        high = self.route.social_return_limit
        if low is None or high is None:
            return "nog niet bekend"
        if self.route.start_form is False:
            return f"tot {euros(low.amount)}"
        if self.route.start_form == "misschien":
            return (
                f"rond {euros(low.amount)}"
                if self.route.social_return is False
                else f"misschien boven {euros(high.amount)}"
            )
        if self.route.social_return is False:
            return f"{euros(low.amount)} tot {euros(high.amount)}"
        return (
            f"boven {euros(high.amount)}"
            if self.route.social_return is True
            else f"misschien boven {euros(high.amount)}"
        )

    def social_return_line(self, knowledge: Knowledge, share: str | None) -> str:
        """The agreed form of social return in one line, or nothing when it does not apply."""
        rule = self.social_return
        if rule is None:
            return ""
        doubt = "als de waarde boven de grens komt: " if rule.applies == "misschien" else ""
        if share == PLAN:
            return f"{doubt}plan van aanpak. Bron: {rule.source}."
        labour = LABOUR_SHARE.get(share or UNKNOWN)
        low_labour = None if labour is None else labour < 30.0
        options = [option for option in rule.options if low_labour is None or option.low_labour == low_labour]
        reckoned = " of ".join(f"{option.percentage:g}% ({euros(option.euros)})" for option in options)
        return f"{doubt}{reckoned}. Bron: {rule.source}."


NO_RULES = Rules(None, None, startform=False, social_return=None, remarks=(), lines=())


@once_per_version
def apply_rules(knowledge: Knowledge, group: str, value: Value, on: date) -> Rules:
    """What this value leads to for a product group ("" when only the category is known), read back in words before it is used."""
    about = knowledge.groups.get(group)
    say = knowledge.words.say
    if value.amount is None:
        unknown = say(DIALOG, "waarde-onbekend")
        return Rules(
            value,
            None,
            startform=False,
            social_return=None,
            remarks=(unknown,),
            lines=(RuleLine(unknown, "MVOI-actieplan §4.2"),),
        )
    kind = about.kind if about else "levering"
    found = route(knowledge, value.amount, kind, on)
    read_back = {True: "waarde-boven", False: "waarde-onder", "misschien": "waarde-misschien"}[
        found.start_form
    ]
    remarks = [say(DIALOG, read_back, waarde=str(value))]
    lines = [RuleLine(start_form_line(found), limit_source(found.start_form_limit))]

    obligation = social_return(knowledge, value.amount, None, on)
    if obligation:
        lines.append(RuleLine(obligation.rule, obligation.source))
        remarks.append(social_return_remark(knowledge, about, found, obligation))
    if found.european is not False and found.european_limit:
        procedure = european_line(knowledge, found, found.european_limit)
        remarks.append(f"{procedure} *({found.european_limit.source})*")
        lines.append(RuleLine(procedure, found.european_limit.source))
    elif found.start_form is True:
        lines.append(RuleLine(found.national or found.national_otherwise, knowledge.national.source))
    return Rules(value, found, found.start_form is not False, obligation, tuple(remarks), tuple(lines))


def start_form_line(found: Route) -> str:
    """Whether a startformulier is needed, in one line."""
    match found.start_form:
        case True:
            return "Er hoort een startformulier bij, en een intake met Team Inkoop."
        case False:
            return "Er is geen startformulier nodig."
        case _:
            return "De waarde kan boven de grens van het startformulier komen. Ga ervan uit dat het nodig is."


def limit_source(bound: Limit | None) -> str:
    """Where a limit comes from."""
    return bound.source if bound else "onbekend"


def social_return_remark(
    knowledge: Knowledge, group: ProductGroup | None, found: Route, obligation: SocialReturn
) -> str:
    """Social return in euro, both percentages, and what the labour share of this group suggests."""
    say = knowledge.words.say
    by_labour = {option.low_labour: euros(option.euros) for option in obligation.options}
    reckoned = say(DIALOG, "social-return-keuze", hoog=by_labour[False], laag=by_labour[True])
    name = "social-return" if obligation.applies is True else "social-return-misschien"
    bound = found.social_return_limit.amount if found.social_return_limit else 0
    remark = say(DIALOG, name, grens=euros(bound), berekening=reckoned, bron=obligation.source)
    if group and group.labour_share == "hoog":
        remark += " " + say(DIALOG, "social-return-loon", groep=group.name.lower())
    return remark


def european_line(knowledge: Knowledge, found: Route, bound: Limit) -> str:
    """The European procedure, certain or perhaps, with its limit."""
    name = "europees" if found.european is True else "europees-misschien"
    kind = bound.name.removeprefix("Europese grens voor ")
    return knowledge.words.say(DIALOG, name, grens=euros(bound.amount), soort=kind)
