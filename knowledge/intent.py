"""Whether a text is about buying something at all.

Most of what people say to an assistant is no purchase: a greeting, a question, a report that a lamp is broken. The
form of the sentence tells: a purchase is a name of things or work, or somebody's own wish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from knowledge.dutch import fold, words
from knowledge.evidence import Weighed
from knowledge.vocabulary import Vocabulary

# A colleague who asks another one to see to it: "kun je 12 lunches regelen voor dinsdag".
_REQUEST = re.compile(
    r"\b(kun|kan|wil|zou|mag)\s+(je|jij|jullie|u|iemand)\b.*\b(regelen|bestellen|kopen|aanschaffen|inkopen|huren)\b"
)
_WORD = re.compile(r"[a-z0-9][a-z0-9'&-]*")
_PIECE = re.compile(r"\b(?:een|per|elk|ieder) stuks?\b")  # "een stuk grond" is not broken
_DEVICE_PARTS = ("timer", "wekker", "lampje")  # keukentimer, kookwekker
_CLEAR = 2.0  # the weight of one plain word of a category
_SOME = 1.2  # more than a single word of the CPV list
_SHORT = 4  # words; a name of things is seldom longer
_TITLE = 3.0  # the weight of a word that decides by itself


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

    def is_purchase(self, folded: str, weighed: Weighed) -> bool:
        """True when somebody wants to buy; `weighed` is what the words of this text say about categories."""
        weight = max(weighed.categories.values(), default=0.0)
        said = _WORD.findall(_PIECE.sub(" ", folded))
        while len(said) > 1 and said[0] in self._chat.words:
            said = said[1:]
        if not said or all(word in self._chat.words for word in said):
            return False
        buys = self._strong_verbs.within(said)
        own_wish = self._own.within(said) and (buys or self._wishes.within(said))
        tender = self._tender.within(words(folded))
        if self._rules.within(said) and weight < _TITLE:
            return False
        if _REQUEST.search(folded) and weight >= _CLEAR:
            return True
        if self._asks(folded, said):
            return own_wish and buys and weight >= _CLEAR and not self._question_words.within(said[:2])
        if self._orders_something(said):
            return False
        if self._is_private(said) and not (tender or (buys and weight >= _CLEAR) or weight >= 1.5 * _TITLE):
            return False
        if own_wish:
            return buys or (weight >= _SOME and not self._errands.within(said))
        if self._defects.within(said) and not (buys or tender or self._verbs.within(said)):
            return False
        if self._reports.within(said) and (weight < _TITLE or self._reports.within(said[:2])):
            return False
        if tender or buys:
            return weight > 0 or weighed.unknown > 0
        if self._tells(said) or self._switches(said):
            return False
        return weight >= _SOME or (weight > 0 and (len(said) <= _SHORT or weighed.known > weighed.unknown))

    def is_report(self, folded: str) -> bool:
        """True when the words are about something that is broken."""
        return self._defects.within(_WORD.findall(_PIECE.sub(" ", folded)))

    def _asks(self, folded: str, said: list[str]) -> bool:
        if folded.rstrip().endswith("?") or said[0] in self._question_words.words:
            return True
        if len(said) == 1:
            return False
        after_preposition = len(said[0]) <= 5 and said[1] in self._question_words.words
        # In a question the verb comes first, and most Dutch verbs then end in t: "registreert de sensor".
        verb = said[0] in self._asking.words or (
            said[0].endswith("t") and said[1] in {"de", "het", "er", "je", "een"}
        )
        return after_preposition or (verb and said[1] in self._subjects.words)

    def _orders_something(self, said: list[str]) -> bool:
        if said[0] in self._orders.words:
            return True
        return said[0] in self._orders_with_object.words and len(said) > 1 and said[1] in self._subjects.words

    def _is_private(self, said: list[str]) -> bool:
        return self._private.within(said) or any(word.endswith(_DEVICE_PARTS) for word in said)

    def _tells(self, said: list[str]) -> bool:
        return self._telling.within(said) or self._persons.within(said)

    def _switches(self, said: list[str]) -> bool:
        if said[-1] in self._switching.words:
            return True
        return any(
            word in self._switching.words and after in {"in", "op", "zetten", "doen", "maken", "van"}
            for word, after in pairwise(said)
        )
