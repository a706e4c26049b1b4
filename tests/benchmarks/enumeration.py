"""Guess numbers at the look-up page and read every answer: ``python -m tests.benchmarks.enumeration``.

In process, over ASGI, against a store of simulated parcels with addresses on file. The guesses, in random order:

- **series**: the demo's own numbers, carried on: prefix of a carrier and the next members of its series, so each is a number that could exist;
- **form**: a prefix and ten random digits; order numbers in the form of the store;
- **checked**: numbers with valid check digits of other houses (UPS 1Z, FedEx 12, S10 of the postal union);
- **hidden**: real tracking and order numbers of the store, each with a wrong second fact (a postal code or an address of somebody else);
- **tokens**: random links, ``/track/…`` and ``/track/…/open``.

Nine of ten guesses at the form want the journey, one a mail. The second facts are real postal codes of other parcels and likely addresses; a right pair
is never guessed on purpose, since that opens a journey by right: how far guessing second facts leads is what the limits bound.

A guess *learns* when its answer differs from the answers to all numbers that do not exist, goes to a journey, or when any value of any
shipment (id, order, number, merchant, carrier, service, city, region, postal code, e-mail, stage) stands in it as a word that the page for nothing at all does not hold. What the guesser typed, the
nonce and the form's ticket are taken out before. The script fails when one guess learns.
"""

import argparse
import asyncio
import random
import re
import secrets
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from data.domain.statuses import Status
from maps.words import STATUS_WORDS
from serving.logs import configure_logs
from tests.benchmarks.lookup_house import Answer, House

__all__ = ["Learnt", "guess"]

MANY = 10**9
NEW_IN_EACH = re.compile(r'nonce="[^"]*"|name="ticket" value="[^"]*"')
PERSONAL = (
    "shipment_id",
    "order_id",
    "tracking_number",
    "carrier",
    "service",
    *(f"destination_{x}" for x in ("city", "region", "postal_code")),
)
NOTHING = "NOTHING-AT-ALL"
SHORTEST = 3
"""A value of fewer characters (a state such as OR) stands in any English text; what differs is caught by comparing whole answers."""


class Learnt:
    """Hold what the guesses saw: kinds of guesses, statuses, distinct answers, and every value that was learnt."""

    def __init__(self) -> None:
        self.guesses: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.answers: set[str] = set()
        self.values: list[str] = []


def ups(body: str) -> str:
    """Give a UPS number of 15 characters: letters count by their place in the alphabet, every second one twice, modulo 10."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return f"1Z{body}{-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10}"


def fedex(body: str) -> str:
    """Give a FedEx number of 11 digits: weights 3, 1, 7 from the left, sum modulo 11, where 10 counts as 0."""
    return f"{body}{sum(int(c) * (3, 1, 7)[i % 3] for i, c in enumerate(body)) % 11 % 10}"


def s10(body: str, service: str = "RB", country: str = "US") -> str:
    """Give a number of 8 digits by UPU standard S10: weights 8 6 4 2 3 5 9 7, 11 minus the sum modulo 11; 10 counts as 0, 11 as 5."""
    check = 11 - sum(int(c) * w for c, w in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"{service}{body}{ {10: 0, 11: 5}.get(check, check) }{country}"


def checked(rng: random.Random) -> str:
    """Give a number with a valid check digit of one of the three houses."""
    shipper = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(6))
    made = (ups(f"{shipper}{rng.randrange(10**9):09}"), fedex(f"{rng.randrange(10**11):011}"), s10(f"{rng.randrange(10**8):08}"))
    return rng.choice(made)


class Guesser:
    """Draw guesses; ``truth`` is what it must not learn."""

    def __init__(self, house: House, seed: int) -> None:
        self.rng = random.Random(seed)
        self.rows = house.shipments.to_dicts()
        self.numbers = {row["tracking_number"] for row in self.rows} | {row["order_id"] for row in self.rows}
        self.prefixes = sorted({re.match(r"\D*", row["tracking_number"])[0] for row in self.rows})
        self.postal_codes = sorted({row["destination_postal_code"] for row in self.rows})
        self.house = house

    def draw(self) -> tuple[str, str, str]:
        """Give the kind of a guess, a number and a second fact."""
        rng = self.rng
        kind = rng.choices(("series", "form", "checked", "hidden", "tokens"), (35, 25, 15, 15, 10))[0]
        fact = rng.choice(self.postal_codes) if rng.random() < 0.6 else f"customer-{rng.randrange(10**6)}@mail.example"
        if kind == "hidden":
            row = rng.choice(self.rows)
            while fact == row["destination_postal_code"]:
                fact = rng.choice(self.postal_codes)
            return kind, row[rng.choice(("tracking_number", "order_id"))], fact
        return kind, self._stranger(kind), fact

    def _stranger(self, kind: str) -> str:
        rng = self.rng
        while True:
            if kind == "series":
                member = len(self.rows) + rng.randrange(10**6)
                number = f"{rng.choice(self.prefixes)}{(member + 1) * 7_368_787 % 10**10:010}"
            elif kind == "form":
                order = f"O{rng.randrange(10 ** (len(self.rows[0]['order_id']) - 1)):0{len(self.rows[0]['order_id']) - 1}}"
                number = rng.choice((f"{rng.choice(self.prefixes)}{rng.randrange(10**10):010}", order))
            elif kind == "checked":
                number = checked(rng)
            else:
                number = secrets.token_urlsafe(24)
            if number not in self.numbers:
                return number


async def guess(house: House, guesses: int, seed: int = 1) -> Learnt:
    """Send the guesses and give what they learnt."""
    guesser, learnt, ticket = Guesser(house, seed), Learnt(), await house.ticket()
    nothing = [await house.ask(NOTHING, "00000", errand, ticket) for errand in ("open", "mail")]
    allowed = {without(answer, NOTHING, "") for answer in nothing}
    empty = [*nothing, await house.get("/track"), await house.get(f"/track/{NOTHING}"), await house.get(f"/track/{NOTHING}/open")]
    secret = personal(house)
    secret -= {value for answer in empty for value in told(answer.text, secret)}  # a service called "parcel" is a word of every page
    for turn in range(guesses):
        kind, number, fact = guesser.draw()
        learnt.guesses[kind] += 1
        if kind == "tokens":
            answer = await house.get(f"/track/{number}" + ("/open" if turn % 2 else ""))
        else:
            answer = await house.ask(number, fact, "mail" if turn % 10 == 0 else "open", ticket)
            await house.keep_up()
        learnt.statuses[answer.status] += 1
        text = without(answer, number, fact)
        learnt.answers.add(text)
        if "location" in answer.headers or (kind == "hidden" and answer.status != 429 and text not in allowed):
            learnt.values.append(f"{kind}: answered {answer.status} unlike an unknown number")
    learnt.values += [value for text in learnt.answers for value in told(text, secret)]
    return learnt


def without(answer: Answer, number: str, fact: str) -> str:
    """Give an answer with its headers, without what is new in each and what the guesser typed."""
    headers = {
        k: v for k, v in answer.headers.items() if k not in {"x-request-id", "content-security-policy", "content-length", "retry-after"}
    }
    text = re.sub(r"in (one minute|\d+ minutes|one hour|\d+ hours);", "", NEW_IN_EACH.sub("", answer.text))
    for typed in filter(None, (number, fact)):
        text = text.replace(typed, "")
    return f"{answer.status} {sorted(headers.items())} {text}"


def personal(house: House) -> set[str]:
    """Give every value of every shipment that no guess may see."""
    values = {str(row[name]) for row in house.shipments.to_dicts() for name in PERSONAL if row[name] is not None}
    values |= {str(merchant) for merchant in house.orders["merchant"] if merchant}
    values |= {house.address_of(order_id) for order_id in house.orders["order_id"]}
    values |= {status.value for status in Status} | {str(words) for words in STATUS_WORDS.values()}
    return {value for value in values if len(value) >= SHORTEST}


def told(text: str, values: set[str]) -> list[str]:
    """Give the values that stand in a text as words, whatever their capitals; the styles of the page are no text."""
    shown = re.sub(r"<style\b.*?</style>", "", text, flags=re.DOTALL).casefold()
    return [value for value in values if re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", shown)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--limits", choices=("none", "set", "both"), default="both", help="let every try through, keep the usual limits, or both"
    )
    told = parser.parse_args()
    configure_logs("ERROR")
    failed = False
    print("| limits | guesses | answers by status | distinct answers | values learnt | letters | seconds |")
    print("|---|---|---|---|---|---|---|")
    for limits in {"none": (False,), "set": (True,), "both": (False, True)}[told.limits]:
        with tempfile.TemporaryDirectory() as folder:
            house = House(Path(folder), orders=told.orders)
            if not limits:
                house.without_limits()
            began = perf_counter()
            learnt = asyncio.run(guess(house, told.guesses, told.seed))
            statuses = ", ".join(f"{status}: {count:,}" for status, count in sorted(learnt.statuses.items()))
            row = (f"{sum(learnt.guesses.values()):,}", statuses, len(learnt.answers), len(learnt.values), house.mailer.letters)
            print(f"| {'as set' if limits else 'none'} | {' | '.join(map(str, row))} | {perf_counter() - began:.0f} |")
            house.wiring.close()
            failed |= bool(learnt.values)
            for value in sorted(set(learnt.values))[:20]:
                print(f"learnt: {value}")
    print(f"\nGuesses by kind: {dict(learnt.guesses)}; {len(house.shipments):,} shipments in the store.")
    if failed:
        sys.exit("a guess learnt something.")


if __name__ == "__main__":
    main()
