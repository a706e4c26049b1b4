"""Hand letters to an SMTP server (RFC 5321), encrypted unless the settings say otherwise."""

import smtplib
import ssl
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from data.domain.errors import InvalidFact
from serving.mailing.mailer import Handed, HandedOver
from serving.settings import Settings

__all__ = ["SmtpMailer", "smtp_mailer"]

PORTS = {"starttls": 587, "ssl": 465, "none": 25}
"""Submission (RFC 6409), submission over TLS (RFC 8314), relay."""


def smtp_mailer(settings: Settings) -> "SmtpMailer | None":
    """Give the mailer of the settings, ``None`` where no server is named; raises `InvalidFact` for settings that do not fit together."""
    if settings.smtp_host is None:
        return None
    if settings.mail_from is None:
        raise InvalidFact("DOORCAST_SMTP_HOST is set and DOORCAST_MAIL_FROM is not; name the sender, such as parcels@shop.example.")
    if settings.smtp_security == "none" and settings.smtp_password is not None:
        raise InvalidFact("DOORCAST_SMTP_SECURITY is none: the password would be sent in the clear; use starttls or ssl.")
    for name, text in (("FROM", settings.mail_from), ("REPLY_TO", settings.mail_reply_to)):
        if text is not None:
            sender_of(name, text)
    return SmtpMailer(settings)


def sender_of(name: str, text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise InvalidFact(f"DOORCAST_MAIL_{name} {text[:80]!r} is no address, such as parcels@shop.example.") from error


class SmtpMailer:
    """Open one connection for each letter: there are few, and a kept connection is one more thing that can be stale."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._port = settings.smtp_port or PORTS[settings.smtp_security]

    def hand(self, letter: EmailMessage) -> Handed:
        """Send one letter; see `Mailer`."""
        try:
            self._sign(letter)
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            return judged(max((code for code, _ in error.recipients.values()), default=550), "recipient")
        except smtplib.SMTPResponseException as error:
            return judged(error.smtp_code, "server")
        except (OSError, smtplib.SMTPException) as error:  # away, hung, no STARTTLS, a certificate that does not hold
            return Handed(HandedOver.LATER, f"{type(error).__name__} from {self._settings.smtp_host}:{self._port}")
        except (ValueError, MessageError) as error:
            return Handed(HandedOver.REFUSED, f"{type(error).__name__}: the letter cannot be written")
        return Handed(HandedOver.TAKEN)

    def _sign(self, letter: EmailMessage) -> None:
        settings = self._settings
        sender = sender_of("FROM", settings.mail_from or "")
        for name in ("From", "Reply-To", "Date", "Message-ID"):  # set anew when a letter is tried again
            del letter[name]
        letter["From"] = Address(settings.mail_name, addr_spec=sender.addr_spec)
        if settings.mail_reply_to:
            letter["Reply-To"] = Address(addr_spec=settings.mail_reply_to)
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = make_msgid(domain=sender.domain or "localhost")

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        reach = (settings.smtp_host or "", self._port)
        if settings.smtp_security == "ssl":
            return self._entered(lambda: smtplib.SMTP_SSL(*reach, timeout=settings.smtp_timeout_seconds, context=self._context()))
        return self._entered(lambda: smtplib.SMTP(*reach, timeout=settings.smtp_timeout_seconds))

    def _entered(self, connect: Callable[[], smtplib.SMTP]) -> smtplib.SMTP:
        server = connect()
        try:
            if self._settings.smtp_security == "starttls":
                server.starttls(context=self._context())  # raises where the server does not offer it: never on in the clear
            if self._settings.smtp_user is not None and self._settings.smtp_password is not None:
                server.login(self._settings.smtp_user, self._settings.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        authority = self._settings.smtp_ca_file
        return ssl.create_default_context(cafile=None if authority is None else str(authority))


def judged(code: int, who: str) -> Handed:
    """Judge by the code of the answer (RFC 5321, 4.2.1): 4yz may change, 5yz will not."""
    return Handed(HandedOver.LATER if code < 500 else HandedOver.REFUSED, f"{who} answered {code}")
