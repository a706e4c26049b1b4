"""What cannot go now is tried again, a few times; what fails for good is told once, without an address."""

import threading

import pytest

from data.storage.contacts import Contact
from serving.logs import configure_logs
from serving.mailing.letters import opening_letter
from serving.mailing.mailer import HandedOver
from serving.mailing.outbox import MOST_WAITING, Outbox
from tests.fakes.mailbox import Mailbox

LATER, REFUSED = HandedOver.LATER, HandedOver.REFUSED


def letter():
    return opening_letter(Contact("ada@example.com", ""), order_id="O-SECRET", url="https://x.example/track/y/open", minutes=15)


@pytest.fixture
def outbox():
    """Makes outboxes that hardly pause, and closes them."""
    made = []

    def maker(mailbox, pauses=(0.01, 0.01, 0.01)):
        made.append(Outbox(mailbox, pauses_seconds=pauses))
        return made[-1]

    yield maker
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("answers", "tries", "arrives"),
    [((), 1, True), ((LATER, LATER, LATER), 4, True), ((LATER,) * 5, 4, False), ((REFUSED,), 1, False), ((LATER, REFUSED), 2, False)],
    ids=["taken", "away for a while", "away too long", "refused", "busy, then refused"],
)
def test_tries(outbox, capsys, answers, tries, arrives):
    """Four tries at most; a refusal ends them. The log says why and names neither address nor order."""
    configure_logs("INFO")
    mailbox = Mailbox(*answers)
    box = outbox(mailbox)
    box.post(letter())
    assert mailbox.wait(tries=tries)
    done = threading.Event()
    box.later(done.set, after_seconds=0.1)
    assert done.wait(5)
    written = capsys.readouterr().err

    assert (mailbox.tries, len(mailbox.letters)) == (tries, int(arrives))
    assert ("letter sent" if arrives else "letter not sent") in written
    assert "ada@" not in written
    assert "O-SECRET" not in written


def test_one_that_waits_holds_nobody_up(outbox):
    """While a letter waits for its next try the following ones go."""
    mailbox = Mailbox(LATER)
    box = outbox(mailbox, pauses=(60,))
    box.post(letter())
    box.post(letter())

    assert mailbox.wait(letters=1, tries=2)


def test_work_that_fails_ends_nothing(outbox):
    """The thread lives on after a mistake."""
    box, done = outbox(Mailbox()), threading.Event()
    box.later(lambda: 1 / 0, after_seconds=0)
    box.later(done.set, after_seconds=0)

    assert done.wait(5)


def test_memory_is_bounded(outbox):
    """More than so many works are dropped, and closing does not wait for what is due in an hour."""
    box, ran = outbox(Mailbox()), []
    for number in range(MOST_WAITING + 50):
        box.later(lambda number=number: ran.append(number), after_seconds=3600)

    assert len(box._waiting) == MOST_WAITING
    box.close()
    box.later(lambda: ran.append(0), after_seconds=0)
    assert ran == []


def test_without_a_mail_server_nothing_is_posted(outbox, capsys):
    """The outbox says so, and a letter that is posted all the same ends with a line in the log."""
    configure_logs("INFO")
    box, done = outbox(None), threading.Event()
    box.post(letter())
    box.later(done.set, after_seconds=0.05)

    assert done.wait(5)
    assert not box.posts
    assert "DOORCAST_SMTP_HOST" in capsys.readouterr().err
