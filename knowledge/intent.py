"""Whether a text is about buying something at all.

Most of what people say to an assistant is no purchase: a greeting, a question, a report that a lamp is broken. The
form of the sentence tells: a purchase is a name of things or work, or somebody's own wish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from itertools import pairwise

from knowledge.dutch import fold, words
from knowledge.vocabulary import Vocabulary
from knowledge.weighed import Weighed

# A colleague who asks another one to see to it: "kun je 12 lunches regelen voor dinsdag".
_REQUEST = re.compile(
    r"\b(kun|kan|wil|zou|mag)\s+(je|jij|jullie|u|iemand)\b.*\b(regelen|bestellen|kopen|aanschaffen|inkopen|huren)\b"
    # And who asks for a new one: "de stoel is kapot, kan ik een nieuwe krijgen?"
    r"|\b(kan|mag|mogen|kunnen)\s+(ik|we|wij)\b.*\b(nieuwe?|extra)\b.*\b(krijgen|hebben)\b"
)
# "4 zitzakken voor de hal, kan dat?" asks for the things, not about them.
_MAY_I = re.compile(r"(?<=\w), ?(?:kan|mag|lukt) dat ?\?+\s*$")
_WORD = re.compile(r"[a-z0-9][a-z0-9'&-]*")
# "Een stuk grond" is not broken, and a chair of "900,- stuk" neither; "95/u" speaks to nobody.
_PIECE = re.compile(
    r"(?:\b(?:een|per|elk|ieder)|€ ?[\d.,]+-?|,-|\b(?:euro|eur)) stuks?\b|(?:/|\bper |\bp/) ?u\b"
)
_DEVICE_PARTS = ("timer", "wekker", "lampje")  # keukentimer, kookwekker
_CLEAR = 2.0  # the weight of one plain word of a category
_SOME = 1.2  # more than a single word of the CPV list
_SHORT = 4  # words; a name of things is seldom longer
_TITLE = 3.0  # the weight of a word that decides by itself
_ALIKE = 1.0  # of at most 1.6: like known words beyond coincidence
_TITLE_WORD = 8  # letters of a word that may be the name of something nobody listed


class Refusal(Enum):
    """Why a text is no purchase; the value is Dutch, for whoever asks why."""

    CHAT = "het is een groet of een praatje"
    QUESTION = "het is een vraag"
    RULES = "het gaat over de regels of de papieren van inkoop"
    ORDER = "het is een opdracht aan mij of aan een apparaat"
    PRIVATE = "het gaat over iets van een inwoner of een collega zelf"
    DEFECT = "er is iets stuk of er gaat iets mis: dat is een melding"
    REPORT = "het is een melding of een klacht"
    ERRAND = "je wilt iets regelen, maar niets kopen"
    TELLING = "je vertelt iets, en zegt niet dat je iets wilt kopen"
    UNKNOWN = "ik herken geen woord voor iets wat je kunt kopen"


class _Terms:
    """A list of words and phrases, and whether a text has one of them."""

    def __init__(self, terms: Iterable[str]) -> None:
        folded = [fold(term) for term in terms]
        self.words = frozenset(term for term in folded if " " not in term)
        self._phrases = tuple(f" {term} " for term in folded if " " in term)

    def within(self, said: list[str]) -> bool:
        if not self.words.isdisjoint(said):
            return True
        whole = f" {' '.join(said)} "
        return any(phrase in whole for phrase in self._phrases)


class Purpose:
    """Tells a purchase from everything else that people say."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        wants, refusal = vocabulary.intent, vocabulary.refusal
        self._verbs = _Terms(wants.verbs)
        self._strong_verbs = _Terms(wants.strong_verbs)
        self._wishes = _Terms(wants.wishes)
        self._own = _Terms(wants.own)
        self._tender = _Terms(wants.tender)
        self._question_words = _Terms(refusal.question_words)
        self._asking = _Terms(refusal.asking_verbs)
        self._subjects = _Terms(refusal.subjects)
        self._telling = _Terms(refusal.telling_verbs)
        self._orders = _Terms(refusal.orders)
        self._orders_with_object = _Terms(refusal.orders_with_object)
        self._persons = _Terms(refusal.persons)
        self._defects = _Terms(refusal.defects)
        self._switching = _Terms(refusal.switching)
        self._private = _Terms(refusal.private)
        self._reports = _Terms(refusal.reports)
        self._errands = _Terms(refusal.errands)
        self._chat = _Terms(refusal.chat)
        self._rules = _Terms(refusal.rules)
        self._pleas = frozenset(refusal.pleas)
        self._asks_leave = frozenset(refusal.asks_leave)
        self._new = frozenset(refusal.new)
        self._asks_first = frozenset(refusal.asks_first)
        self._asks_later = frozenset(refusal.asks_later)
        self._pointing = frozenset(refusal.pointing)
        self._is = frozenset(refusal.is_verbs)
        self._stand = frozenset(refusal.stand_verbs)
        self._no_verb = frozenset(refusal.no_verbs)
        self._relative = frozenset(refusal.relative)
        self._thanks = frozenset(refusal.thanks)

    def refusal(self, folded: str, weighed: Weighed) -> Refusal | None:
        """Why a text is no purchase, or None when it is one; `weighed` is what its words say about categories."""
        folded = _MAY_I.sub("", folded)
        spoken = _WORD.findall(_PIECE.sub(" ", folded))
        said = self._after_greeting(spoken)
        buys, wishes = self._strong_verbs.within(said), self._wishes.within(said)
        if all(word in self._chat.words for word in said) or (spoken[0] in self._thanks and not buys):
            return Refusal.CHAT
        weight = weighed.understood()
        own_wish = self._own.within(said) and (buys or wishes)
        tender = self._tender.within(words(folded))
        if self._rules.within(said) and weight < _TITLE:
            return Refusal.RULES
        if _REQUEST.search(folded) and weight >= _CLEAR:
            return None
        if self._asks(folded, said) or self._asks_along(said, buys=buys or wishes):
            proposes = own_wish and buys and weight >= _CLEAR and "mijn" not in said
            only_asks = said[0] in self._asks_leave or self._question_words.within(said[:2])
            return None if proposes and not only_asks else Refusal.QUESTION
        if self._orders_something(said):
            return Refusal.ORDER
        if self._private.within(said) and not (tender or (buys and weight >= _CLEAR) or weight >= _TITLE):
            return Refusal.PRIVATE
        if any(word.endswith(_DEVICE_PARTS) for word in said) and not (tender or buys):
            return Refusal.PRIVATE
        if own_wish:
            return self._refuse_wish(said, weight, buys=buys)
        return self._refuse_words(said, weighed, buys=buys, tender=tender)

    def _refuse_wish(self, said: list[str], weight: float, *, buys: bool) -> Refusal | None:
        """Refuse what somebody wants, when it is something else than buying: to speak to a person, to sign up."""
        if said[-1] in self._errands.words:
            return Refusal.ERRAND
        if buys:
            return None
        if "niet" in said:
            return Refusal.TELLING
        if weight < _SOME:
            return Refusal.UNKNOWN
        return Refusal.ERRAND if self._errands.within(said) else None

    def _refuse_words(self, said: list[str], weighed: Weighed, *, buys: bool, tender: bool) -> Refusal | None:
        """Refuse what is only said, without a wish: a report, a story, or words that name nothing to buy."""
        weight, wants = weighed.understood(), buys or tender
        pleads = not self._pleas.isdisjoint(said) and not self._persons.within(said)
        if (pleads or said[0] in self._new) and weight >= _SOME:
            return None
        if self._defects.within(said) and not (wants or self._verbs.within(said)):
            return Refusal.DEFECT
        if self._reports.within(said) and (weight < _TITLE or self._reports.within(said[:2])):
            return Refusal.REPORT
        if self._says_of_something(said, weighed) and not buys:
            return Refusal.TELLING
        if wants:
            return None if weighed.categories or weighed.unknown else Refusal.UNKNOWN
        # "10 tasjes, mag ook tweedehands" tells no more than how many and which.
        counts = said[0].isdecimal() and weight >= _TITLE
        if (self._tells(said) and not counts) or self._switches(said):
            return Refusal.TELLING
        if weight >= _SOME or (weight > 0 and (len(said) <= _SHORT or weighed.known >= weighed.unknown)):
            return None
        return None if self._is_title(said, weighed) else Refusal.UNKNOWN

    def _after_greeting(self, said: list[str]) -> list[str]:
        while len(said) > 1 and said[0] in self._chat.words:
            said = said[1:]
        return said

    def _asks_along(self, said: list[str], *, buys: bool) -> bool:
        """Whether a question comes after a beginning: "ik ga verhuizen hoe geef ik dat door"."""
        return not buys and any(word in self._asks_later for word in said[1:])

    def _says_of_something(self, said: list[str], weighed: Weighed) -> bool:
        """Whether something is told of a thing: "het bureau wiebelt", "printen lukt niet", "er vliegen wespen"."""
        if len(said) < 2 or self._wishes.within(said):
            return False
        if "niet" in said or said[0] == "er" or said[1] in self._stand:
            return True
        if said[1] in self._is and said[0] not in self._own.words:
            return True
        if said[0] not in self._pointing:
            return False
        if not self._is.isdisjoint(said[2:4]):
            return True
        known = {word for clue in weighed.clues for word in clue.word.split()}
        return any(
            word.endswith("t") and len(word) > 3 and word not in known | self._no_verb for word in said[2:]
        )

    def _is_title(self, said: list[str], weighed: Weighed) -> bool:
        """Whether unknown words look like a name of things or work: long, alike known ones, and no sentence."""
        alike = max((clue.weight for clue in weighed.clues if len(clue.word) >= _TITLE_WORD), default=0.0)
        return alike >= _ALIKE and len(said) <= 2 * _SHORT and not self._subjects.within(said[:1])

    def is_report(self, folded: str) -> bool:
        """True when the words are about something that is broken."""
        return self._defects.within(_WORD.findall(_PIECE.sub(" ", folded)))

    def _asks(self, folded: str, said: list[str]) -> bool:
        if folded.rstrip().endswith("?") or said[0] in self._question_words.words:
            return True
        if len(said) == 1:
            return False
        if said[0] in self._asks_first:
            return True
        after_preposition = len(said[0]) <= 5 and said[1] in self._question_words.words
        # In a question the verb comes first, and most Dutch verbs then end in t: "registreert de sensor".
        verb = said[0] in self._asking.words or (
            said[0].endswith("t") and said[1] in {"de", "het", "er", "je", "een"}
        )
        return after_preposition or (verb and said[1] in self._subjects.words)

    def _orders_something(self, said: list[str]) -> bool:
        if said[0] in self._orders.words:
            return said[1:2] not in (["en"], ["van"])  # "druk en verzending" is a name of work
        return said[0] in self._orders_with_object.words and len(said) > 1 and said[1] in self._subjects.words

    def _tells(self, said: list[str]) -> bool:
        if (
            said[0] not in self._pointing
        ):  # "een app waarmee inwoners kunnen melden" tells of the app, not of what happened
            said = said[: next((at for at, word in enumerate(said) if at and word in self._relative), None)]
        return self._telling.within(said) or self._persons.within(said)

    def _switches(self, said: list[str]) -> bool:
        if said[-1] in self._switching.words:
            return True
        return any(
            word in self._switching.words and after in {"in", "op", "zetten", "doen", "maken", "van"}
            for word, after in pairwise(said)
        )
