"""How fast Moi may send to Teams: counted before a call is made, so that Teams has no reason to refuse.

Source: Microsoft's rate-limit page for Teams bots. The global rate there is 50 a second; Moi stays at or under 40.
"""

from __future__ import annotations

from collections import OrderedDict, deque

PER_CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""At most so many messages in so many seconds, in one conversation; the threads of a channel are one conversation."""
OF_OWN_ACCORD = ((40, 1.0),)
"""The same over all conversations, for what Moi sends of its own accord; an answer goes before that."""
MOST_KNOWN = 10_000  # Conversations that are counted at the same time.

Windows = tuple[tuple[int, float], ...]


class Pace:
    """Counts what is sent. Knows of one process only; what several instances send together, Teams itself limits."""

    def __init__(self) -> None:
        self._conversations: OrderedDict[str, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=_most(OF_OWN_ACCORD))

    def take(self, conversation: str, now: float, *, answer: bool) -> float:
        """Take a place now, and give 0.0; or the seconds after which there is one, and nothing is taken."""
        key = conversation.partition(";")[0]
        sent = self._conversations.get(key)
        if sent is None:
            sent = deque(maxlen=_most(PER_CONVERSATION))
        wait = _wait(sent, PER_CONVERSATION, now)
        if not answer:
            wait = max(wait, _wait(self._all, OF_OWN_ACCORD, now))
        if wait > 0:
            return wait
        self._conversations[key] = sent
        self._conversations.move_to_end(key)
        if len(self._conversations) > MOST_KNOWN:
            self._conversations.popitem(last=False)
        sent.append(now)
        if not answer:
            self._all.append(now)
        return 0.0


def _wait(sent: deque[float], windows: Windows, now: float) -> float:
    """Seconds until one more fits in every window."""
    return max(sent[-most] + seconds - now if len(sent) >= most else 0.0 for most, seconds in windows)


def _most(windows: Windows) -> int:
    return max(most for most, _ in windows)
