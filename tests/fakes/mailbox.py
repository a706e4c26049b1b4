"""A mail server that keeps letters for the test to read."""

import threading
from email.message import EmailMessage

from serving.mailing.mailer import Handed, HandedOver


class Mailbox:
    """Answers as it is told, in order, then takes everything."""

    def __init__(self, *answers: HandedOver) -> None:
        self.letters: list[EmailMessage] = []
        self.tries = 0
        self._answers = list(answers)
        self._changed = threading.Condition()

    def hand(self, letter: EmailMessage) -> Handed:
        with self._changed:
            self.tries += 1
            answer = self._answers.pop(0) if self._answers else HandedOver.TAKEN
            if answer is HandedOver.TAKEN:
                self.letters.append(letter)
            self._changed.notify_all()
            return Handed(answer, "as told")

    def wait(self, *, letters: int = 0, tries: int = 0, seconds: float = 10) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.letters) >= letters and self.tries >= tries, seconds)
