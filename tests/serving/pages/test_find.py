"""The look-up page opens what a pair names, and tells nothing about any other."""

import re
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from serving.app import create_app
from serving.finding.link_desk import OPENING_MINUTES
from serving.logs import configure_logs
from serving.pages.find_words import say
from serving.settings import Settings
from serving.wiring import open_wiring
from tests.fakes.mailbox import Mailbox
from tests.makers import after
from tests.maps.hostile import HOSTILE, RUN, SUMS
from tests.serving.conftest import TurnableClock
from tests.serving.finding.conftest import fill
from tests.serving.pages.stored import NoModel

RIGHT, WRONG = "11215", "90210"
FORM = {"content-type": "application/x-www-form-urlencoded"}


class Visitor:
    """Somebody with a browser in front of the look-up page."""

    def __init__(self, folder, mailbox=None, **settings):
        self.clock, self.mailbox = TurnableClock(after(1)), mailbox
        made = Settings(state_folder=folder, public_url="https://parcels.shop.example", **settings)
        self.wiring = open_wiring(made, clock=self.clock, models=NoModel(), mailer=mailbox, pause=lambda: 0)
        fill(self.wiring.store, self.wiring.digests)
        self.client = TestClient(create_app(made, wiring=self.wiring), headers={"Accept": "text/html"}, follow_redirects=False)

    def ticket(self):
        return re.search(r'name="ticket" value="([^"]+)"', self.client.get("/track").text)[1]

    def asks(self, number, fact, errand="open", **headers):
        form = {"number": number, "fact": fact, "errand": errand, "ticket": self.ticket()}
        return self.client.post("/track", data=form, headers=headers)


@pytest.fixture
def visit(tmp_path):
    """Open houses with these settings, and close them."""
    opened = []

    def visitor(mailbox=None, **settings):
        opened.append(
            Visitor(tmp_path / str(len(opened)), mailbox, **{"lookups_per_network": 10_000, "lookups_per_number": 1_000} | settings)
        )
        return opened[-1]

    yield visitor
    for one in opened:
        one.wiring.close()


def plain(answer):
    """Give the page without what is new in every answer: the nonce and the form's ticket."""
    text = re.sub(r'nonce="[^"]*"', "", answer.text)
    return re.sub(r'name="ticket" value="[^"]*"', "", text)


@pytest.mark.parametrize(("number", "fact"), [("TN-PLAIN", RIGHT), ("tn-plain", "11215-3344"), ("O-ADA", "ADA@example.com")])
def test_a_right_pair_opens_the_journey_without_its_numbers(visit, number, fact):
    """By a fresh link of the scope status, which ends after two hours."""
    visitor = visit()
    answer = visitor.asks(number, fact)
    page = visitor.client.get(answer.headers["location"])
    visitor.clock.turn(minutes=121)

    assert answer.status_code == 303
    assert re.fullmatch(r"/track/[\w-]{32}", answer.headers["location"])
    assert page.status_code == 200
    assert "TN-PLAIN" not in page.text
    assert "O-ADA" not in page.text
    assert visitor.client.get(answer.headers["location"]).status_code == 404


@pytest.mark.parametrize("errand", ["open", "mail"])
def test_found_and_not_found_are_the_same_page(visit, errand):
    """An unknown number, a known one with a wrong fact, and one of long ago: the same status, the same headers, the same bytes."""
    visitor = visit(Mailbox(), mails_per_number=100)
    pairs = [("TN-NONE0", RIGHT), ("TN-PLAIN", WRONG), ("TN-GONE0", WRONG), ("O-PLAIN0", RIGHT), ("TN-PLAIN", "no@one.example")]
    pairs += [("TN-GONE", RIGHT)] if errand == "open" else [("O-ADA", "ada@example.com"), ("TN-PLAIN", RIGHT)]
    answers = [visitor.asks(number, fact, errand) for number, fact in pairs]
    pages = {plain(answer).replace(number, "") for answer, (number, _) in zip(answers, pairs, strict=True)}
    headers = {tuple(sorted(set(answer.headers) - {"content-length"})) for answer in answers}

    assert {answer.status_code for answer in answers} == {200}
    assert len(pages) == 1
    assert len(headers) == 1


def test_the_length_of_an_answer_tells_nothing(visit):
    """Two numbers of one length get answers of one length, whichever is known."""
    visitor = visit()
    lengths = {
        visitor.asks(number, WRONG, **{"accept-encoding": "identity"}).headers["content-length"] for number in ("TN-PLAIN", "TN-OTHER") * 3
    }

    assert len(lengths) == 1


def test_a_mailed_link_opens_everything_once(visit):
    """To the address on file, in fifteen minutes, by a button; fetching it as scanners do uses nothing up."""
    mailbox = Mailbox()
    visitor = visit(mailbox)
    answer = visitor.asks("O-ADA", RIGHT, "mail")
    assert mailbox.wait(letters=1)
    letter = mailbox.letters[0]
    address = re.search(r"https://parcels\.shop\.example(/track/[\w-]+/open)", letter.get_body(("plain",)).get_content())[1]
    fetched = [visitor.client.get(address) for _ in range(5)]
    ticket = re.search(r'name="ticket" value="([^"]+)"', fetched[0].text)[1]
    opened = visitor.client.post(address, data={"ticket": ticket})
    again = visitor.client.post(address, data={"ticket": ticket})

    assert letter["To"] == "Ada@Example.com"
    assert say("sent_text", duration="15 minutes") in answer.text
    assert {one.status_code for one in fetched} == {200}
    assert opened.status_code == 303
    assert "O-ADA" in visitor.client.get(opened.headers["location"]).text
    assert again.status_code == 404
    assert visitor.client.post("/track/never-made/open", data={"ticket": ticket}).text.count("<h1>") == 1


def test_a_mailed_link_is_dead_after_fifteen_minutes(visit):
    """Whoever opens the mailbox tomorrow sees nothing."""
    mailbox = Mailbox()
    visitor = visit(mailbox)
    visitor.asks("O-ADA", "ada@example.com", "mail")
    assert mailbox.wait(letters=1)
    address = re.search(r"(/track/[\w-]+/open)", mailbox.letters[0].get_body(("plain",)).get_content())[1]
    visitor.clock.turn(minutes=OPENING_MINUTES)

    assert visitor.client.post(address, data={"ticket": visitor.ticket()}).status_code == 404


def test_nothing_is_mailed_to_a_typed_address_or_to_nobody(visit):
    """A wrong pair, an order without an address, and one of long ago cause no letter, and the same number of written links."""
    mailbox = Mailbox()
    visitor = visit(mailbox, mails_per_number=100)
    for number, fact in [("O-ADA", "thief@example.com"), ("TN-NONE", "thief@example.com"), ("O-PLAIN", RIGHT), ("TN-GONE", RIGHT)]:
        visitor.asks(number, fact, "mail")
    visitor.asks("O-ADA", RIGHT, "mail")
    assert mailbox.wait(letters=1)

    assert [letter["To"] for letter in mailbox.letters] == ["Ada@Example.com"]
    assert visitor.wiring.store.counts()["opening_links"] == 5


def test_without_a_mail_server_the_page_says_so(visit):
    """The button is not there, and a form that asks for a mail all the same gets the form."""
    visitor = visit()
    page = visitor.client.get("/track").text

    assert say("no_mail") in page
    assert 'value="mail"' not in page
    assert say("no_mail") in visitor.asks("O-ADA", RIGHT, "mail").text


def test_limits_refuse_known_and_unknown_numbers_alike(visit):
    """429 with the seconds to wait, for a right pair too; a machine gets a problem document."""
    visitor = visit(lookups_per_number=2)
    for number in ("TN-NOBODY", "TN-PLAIN"):
        assert [visitor.asks(number, WRONG).status_code for _ in range(3)] == [200, 200, 429]
    refused = visitor.asks("TN-PLAIN", RIGHT)
    machine = visitor.asks("TN-PLAIN", RIGHT, accept="application/json")

    assert refused.status_code == machine.status_code == 429
    assert 3500 < int(refused.headers["retry-after"]) <= 3600
    assert "60 minutes" in refused.text
    assert machine.headers["content-type"] == "application/problem+json"
    assert machine.headers["retry-after"]


def test_an_enumeration_is_logged_and_counted_without_numbers(visit, capsys):
    """One line with the network, one count by pattern; no number and no fact anywhere in log or metrics."""
    configure_logs("INFO")
    visitor = visit(lookup_alarm_numbers=5)
    for number in range(8):
        visitor.asks(f"TN-GUESS{number}", WRONG)
    written, counted = capsys.readouterr().err, visitor.client.get("/metrics").text

    assert written.count('"event": "enumeration"') == 1
    assert 'doorcast_lookup_alarms_total{pattern="network"} 1.0' in counted
    assert 'doorcast_lookups_total{answer="form"} 8.0' in counted
    for text in (written, counted):
        assert "GUESS" not in text
        assert WRONG not in text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_forms_of_other_sites_are_not_taken(visit, site):
    """Nor one without our ticket, with a forged one, or one that lay open for five hours."""
    visitor = visit()
    form = {"number": "TN-PLAIN", "fact": RIGHT, "errand": "open"}
    ticket = visitor.ticket()
    answers = [
        visitor.asks("TN-PLAIN", RIGHT, **{"sec-fetch-site": site}),
        visitor.client.post("/track", data={**form, "ticket": ticket + "x"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert visitor.client.post("/track", data=form).status_code == 422
    assert visitor.client.post("/track", data={**form, "ticket": ticket}).status_code == 303
    assert visitor.client.post("/track/x/open", data={"ticket": "forged"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"number=TN-PLAIN",
        b"number=&fact=&ticket=",
        b"\xff\xfe\x00",
        b"number=%00&fact=%ED%A0%80&ticket=x",
        b"&".join(b"f%d=1" % number for number in range(50)),
        b"number=" + b"x" * 5000,
        b"number=a&number=b&fact=c&fact[]=d",
        urlencode({"number": "TN-PLAIN", "fact": RIGHT, "errand": "steal", "ticket": "x"}).encode(),
        urlencode({"number": "TN-PLAIN", "fact": RIGHT, "extra": "1", "ticket": "x"}).encode(),
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_form_that_is_none_gets_the_form(visit, body):
    """Whatever is sent: the page again with a sentence, and nothing is looked up."""
    visitor = visit()

    assert visitor.client.post("/track", content=body, headers=FORM).status_code == 422
    assert visitor.client.post("/track", content=body, headers={"content-type": "multipart/form-data; boundary=x"}).status_code == 422


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """One house for all hostile texts."""
    settings = {"lookups_per_network": 100_000, "lookups_per_number": 1_000, "mails_per_number": 1_000, "lookups_per_minute": 100_000}
    visitor = Visitor(tmp_path_factory.mktemp("state"), Mailbox(), **settings)
    yield visitor
    visitor.wiring.close()


@pytest.mark.parametrize("errand", ["open", "mail"])
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:24]))
def test_hostile_text_is_shown_or_left_out_and_never_obeyed(poisoned, text, errand):
    """In each field of the form and in the address of a mailed link: no 5xx, nothing computed, nothing executed."""
    text = text.encode("utf-8", "replace").decode()
    ticket = poisoned.ticket()
    forms = [
        {"number": text, "fact": RIGHT, "errand": errand, "ticket": ticket},
        {"number": "TN-PLAIN", "fact": text, "errand": errand, "ticket": ticket},
        {"number": text, "fact": text, "errand": errand, "ticket": ticket},
        {"number": "TN-PLAIN", "fact": RIGHT, "errand": text, "ticket": ticket},
        {"number": "TN-PLAIN", "fact": RIGHT, "errand": errand, "ticket": text},
    ]
    answers = [poisoned.client.post("/track", data=form) for form in forms]
    if len(text) < 2000:
        answers += [poisoned.client.request(method, f"/track/{part(text)}/open", data={"ticket": ticket}) for method in ("GET", "POST")]

    for answer in answers:
        assert answer.status_code < 500
        assert not [result for result in SUMS if result in answer.text]
        tags = re.findall(r"<(?!input)[^>]*>", re.sub(r"<style\b.*?</style>", "", answer.text, flags=re.DOTALL))
        assert RUN not in "".join(tags)
        assert "<script" not in answer.text.lower()


def part(text):
    return urlencode({"x": text}, errors="replace")[2:]
