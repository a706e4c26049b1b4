"""Find the one shipment that a number and a second fact name, by the same work whether there is one or not."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.storage.finding import MOST_CANDIDATES, Candidate
from data.storage.store import Store
from serving.finding.digests import Digests, spellings

__all__ = ["LookUp", "Match"]

NOBODY = Candidate("", "", None, None, None)
NO_NUMBER = "\x01"
NO_DIGEST = "-" * 64


@dataclass(frozen=True, slots=True)
class Match:
    """Name the shipment that was found, and its order."""

    shipment_id: str
    order_id: str


class LookUp:
    """Hold the store and the key of the comparisons."""

    def __init__(self, store: Store, digests: Digests, *, findable_after_end: timedelta) -> None:
        self._store = store
        self._digests = digests
        self._findable_after_end = findable_after_end
        self._decoy = ""

    def match(self, number: str, fact: str, *, now: datetime) -> Match | None:
        """Give the shipment whose number and postal code, or whose number and e-mail address, are these; ``None`` for every other pair.

        Each try asks the store twice by one statement, once for something and once for nothing: after a number that finds nobody a decoy is
        asked for that finds somebody, and after one that finds somebody a decoy that finds nobody. Then there are as many comparisons as a
        number may have shipments; places that no shipment fills are compared with nothing. A shipment whose end was heard of longer ago than its links live is not found any more, so a number that a carrier uses
        again opens nothing of long ago.
        """
        found = self._store.finding.candidates(spellings(number))
        self._ask_decoy(for_nothing=bool(found))
        typed = self._digests.postal_code(fact), self._digests.email(fact)
        first: Match | None = None
        for place in range(MOST_CANDIDATES):
            candidate = found[place] if place < len(found) else NOBODY
            same = self._same(candidate, typed)
            over = candidate.ended_known_at is not None and candidate.ended_known_at + self._findable_after_end <= now
            if same and not over and first is None:
                first = Match(candidate.shipment_id, candidate.order_id)
        return first

    def _ask_decoy(self, *, for_nothing: bool) -> None:
        met = self._store.finding.candidates(spellings(NO_NUMBER if for_nothing else self._decoy))
        if not for_nothing and not met:  # the first try of this process
            self._decoy = self._store.finding.some_number()

    def _same(self, candidate: Candidate, typed: tuple[str, str]) -> bool:
        postal_code = self._digests.postal_code(candidate.postal_code or "")
        by_place = hmac.compare_digest(postal_code if candidate.postal_code else NO_DIGEST, typed[0])
        by_email = hmac.compare_digest(candidate.email_digest or NO_DIGEST, typed[1])
        return by_place | by_email  # no early exit: both are always compared
