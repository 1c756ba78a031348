"""Inspiration as pages: everything by category and theme, searchable without JavaScript, and a page to share or print for
every package. For every colleague who is signed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import format_date

from bot.html import Html, in_words, wants_json
from bot.signin import SignIn
from cards.agreement import agreement_name
from cards.inspiration import FILE, goal_text, way_name, who_lines
from cards.marks import unmarked
from knowledge.finding import Hit
from knowledge.knowledge import Knowledge
from knowledge.model import Criterion
from knowledge.package import Opportunity, Package, ThemePart, address
from knowledge.packages import package
from knowledge.search_index import Match

if TYPE_CHECKING:
    from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
LONGEST = 200  # characters of a question that are repeated on the page
MOST_ON_PAPER = (
    8  # Chances for each theme of a whole category; nobody reads more, and it stays within four sheets.
)


class InspirationPage:
    """The page to search on, and the page of one package."""

    def __init__(self, html: Html, sign_in: SignIn, shelf: Shelf, home: str) -> None:
        self._html = html
        self._sign_in = sign_in
        self._shelf = shelf
        self._home = home

    def add_routes(self, app: web.Application) -> None:
        """Add both pages."""
        app.router.add_get("/inspiratie", self.search)
        app.router.add_get("/inspiratie/{package:[a-z0-9_-]+}", self.package)

    async def search(self, request: web.Request) -> web.Response:
        """What fits the question and the chosen category and theme; without them, where to look."""
        self._sign_in.known(request)
        knowledge = self._shelf.current
        asked = " ".join(request.query.get("q", "").split())[:LONGEST]
        category = _known(request.query.get("categorie"), knowledge.categories)
        theme = _known(request.query.get("thema"), knowledge.themes)
        found = knowledge.finder.find(asked, category=category, theme=theme)
        if wants_json(request):
            hits = found.hits if found.asked else knowledge.finder.everything()
            return web.json_response([_hit(knowledge, hit) for hit in hits], dumps=in_words)
        return self._html.page(
            request,
            "inspiratie.html",
            knowledge=knowledge,
            asked=asked,
            category=category,
            theme=theme,
            found=found,
            hits=[_hit(knowledge, hit) for hit in found.hits],
        )

    async def package(self, request: web.Request) -> web.Response:
        """One package: a page, or JSON for a program."""
        self._sign_in.known(request)
        knowledge = self._shelf.current
        theme = request.query.get("thema") or None
        about = package(knowledge, request.match_info["package"], datetime.now(HERE).date(), theme)
        if about is None:
            raise web.HTTPNotFound(text="Dit pakket is er niet (meer). Zoek het op de pagina Inspiratie.")
        if wants_json(request):
            return web.json_response(_package(knowledge, about), dumps=in_words)
        themes = [part.theme for part in about.parts]
        if about.theme and about.kind != "thema":
            whole = package(knowledge, about.id, datetime.now(HERE).date())
            themes = [part.theme for part in whole.parts] if whole else themes
            themes += [about.theme] if about.theme not in themes else []
        return self._html.page(
            request,
            "pakket.html",
            knowledge=knowledge,
            about=about,
            themes=themes,
            goals={part.theme.id: goal_text(knowledge, part) for part in about.parts},
            who=list(who_lines(knowledge, about)),
            on_paper={part.theme.id: _on_paper(about, part) for part in about.parts},
            way_name=way_name,
            agreement_name=agreement_name,
            day=_day,
            address=address,
            home=self._home,
        )


def _known(given: str | None, known: Any) -> str | None:
    """What was chosen, when it exists."""
    return given if given in known else None


def _on_paper(about: Package, part: ThemePart) -> tuple[Opportunity, ...]:
    """The chances that are printed: of a whole category those of the groups that name the theme first."""
    if about.kind != "categorie" or about.theme:
        return part.opportunities
    theme = part.theme.id

    def rank(one: Opportunity) -> int:
        return (*one.group.themes, theme).index(theme)

    return tuple(sorted(part.opportunities, key=rank)[:MOST_ON_PAPER])


def _day(on: date) -> str:
    return format_date(on, "d MMMM y", locale="nl")


def _hit(knowledge: Knowledge, hit: Hit) -> dict[str, Any]:
    """A hit as the page and programs show it: what it is, and why it was found."""
    group = knowledge.groups.get(hit.id) if hit.kind == "productgroep" else None
    return {
        "id": hit.id,
        "kind": hit.kind,
        "kind_name": knowledge.words.question(FILE, "soorten").options[hit.kind].label,
        "name": hit.name,
        "theme": hit.theme,
        "theme_name": knowledge.themes[hit.theme].short if hit.theme else None,
        "category": knowledge.categories[group.category].name if group else None,
        "address": address(hit.id, hit.theme),
        "why": list(dict.fromkeys(_why(knowledge, match) for match in hit.matches)),
    }


def _why(knowledge: Knowledge, match: Match) -> str:
    """ "lijkt op “werkschoenen”", in the words of the content owners."""
    how = knowledge.words.question(FILE, "gevonden").options[match.how].label
    if match.how == "naam":
        return how
    if match.how == "tekst":
        return f"“{match.word}” {how}"
    return f"{how} “{match.ours}”"


def _package(knowledge: Knowledge, about: Package) -> dict[str, Any]:
    return {
        "id": about.id,
        "kind": about.kind,
        "title": about.title,
        "address": about.path,
        "version": knowledge.version,
        "questions": list(about.questions),
        "agreement": _agreement(about),
        "alternatives": [
            {
                "kind": way.alternative.kind,
                "text": way.alternative.text,
                "because": way.alternative.because,
                "group": way.group.id,
            }
            for way in about.alternatives
        ],
        "themes": [
            {
                "id": part.theme.id,
                "main": part.main,
                "goal": goal_text(knowledge, part),
                "policy": [{"text": goal.text, "source": goal.source} for goal in part.goals],
                "chances": [{"text": one.text, "group": one.group.id} for one in part.opportunities],
                "criteria": [_criterion(criterion) for criterion in part.criteria],
                "examples": [{"text": one.text, "source": one.source} for one in part.examples],
            }
            for part in about.parts
        ],
        "labels": list(about.labels),
        "contract_forms": [
            {"name": form.name, "when": form.when, "pitfall": form.pitfall} for form in about.forms
        ],
        "costs": [{"name": cost.name, "because": cost.because} for cost in about.costs],
        "helps": [unmarked(line) for line in who_lines(knowledge, about)],
        "groups": [group.id for group in about.groups],
        "source": about.source,
        "certainty": about.certainty,
    }


def _agreement(about: Package) -> dict[str, Any] | None:
    """The agreement of a product group; `agreed_on` is None as long as it is a proposal."""
    if about.agreement is None:
        return None
    one = about.agreement
    return {
        "choice": one.choice,
        "because": one.because,
        "when": one.when,
        "when_not": one.when_not,
        "ordering": one.ordering,
        "agreed_on": one.agreed_on.isoformat() if one.agreed_on and about.agreed else None,
        "owner": one.owner,
        "review_on": one.review_on.isoformat(),
        "source": one.source,
        "certainty": one.certainty,
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "type": criterion.type,
        "level": criterion.level,
        "text": criterion.text,
        "proof": criterion.proof,
        "because": criterion.because,
        "caution": criterion.caution,
        "source": criterion.source,
        "certainty": criterion.certainty,
        "group": criterion.group,
    }
