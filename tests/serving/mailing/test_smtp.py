"""Letters go over a real SMTP server: there, away, busy, refusing, encrypted or not."""

import shutil
import socket
import ssl
import subprocess

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from data.domain.errors import InvalidFact
from data.storage.contacts import Contact
from serving.mailing.letters import opening_letter
from serving.mailing.mailer import HandedOver
from serving.mailing.smtp import smtp_mailer
from serving.settings import Settings

OPENSSL = shutil.which("openssl")
needs_certificate = pytest.mark.skipif(OPENSSL is None, reason="openssl is absent; install it to run this test")


class Handler:
    """Keep what arrives, and answer as it is told."""

    def __init__(self, *, recipient="250 OK", data="250 OK"):
        self.recipient, self.data, self.arrived = recipient, data, []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the name is aiosmtpd's
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.arrived.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content.decode(), session.ssl is not None))
        return self.data


class OneConnection(Controller):
    """A server on a free port."""

    def __init__(self, handler, **options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.encrypted = options.pop("encrypted", None)
        self.options = options
        super().__init__(handler, hostname="127.0.0.1", port=port, ssl_context=self.encrypted)

    def factory(self):
        return SMTP(self.handler, hostname="mail.test", **self.options)


@pytest.fixture
def serve():
    """Start servers, and stop them after the test."""
    started = []

    def starter(handler, **options):
        server = OneConnection(handler, **options)
        server.start()
        started.append(server)
        return server.port

    yield starter
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself."""
    folder = tmp_path_factory.mktemp("tls")
    command = [
        *(OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30000"),
        *("-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=mail.test", "-addext", "subjectAltName=IP:127.0.0.1"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def context(certificate):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*certificate)
    return made


def mailer(tmp_path, port, security="none", **more):
    values = {"mail_from": "parcels@shop.example", "smtp_timeout_seconds": 2, **more}
    return smtp_mailer(Settings(state_folder=tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_security=security, **values))


def letter():
    return opening_letter(Contact("ada@example.com", ""), order_id="O-1", url="https://x.example/track/y/open", minutes=15)


def test_a_letter_arrives_with_its_sender(serve, tmp_path):
    """From, Reply-To, date and id are added; the name beside the sender may hold any letter; a second try sets them anew."""
    handler = Handler()
    one = mailer(tmp_path, serve(handler), mail_name='Bücher, "& Söhne"', mail_reply_to="help@shop.example")
    sent = letter()

    assert [one.hand(sent).result, one.hand(sent).result] == [HandedOver.TAKEN] * 2
    mail_from, recipients, content, encrypted = handler.arrived[1]
    assert (mail_from, recipients, encrypted) == ("parcels@shop.example", ("ada@example.com",), False)
    for name in ("From: ", "Reply-To: help@shop.example", "Date: ", "Message-ID: ", "Auto-Submitted: auto-generated"):
        assert content.count(f"\r\n{name}") == 1


@pytest.mark.parametrize(
    ("answers", "result", "code"),
    [
        ({"recipient": "450 greylisted"}, HandedOver.LATER, "450"),
        ({"recipient": "550 no such user"}, HandedOver.REFUSED, "550"),
        ({"data": "451 disk full"}, HandedOver.LATER, "451"),
        ({"data": "554 looks like spam"}, HandedOver.REFUSED, "554"),
    ],
)
def test_refusals_are_judged_by_their_code(serve, tmp_path, answers, result, code):
    """4yz may change, 5yz will not; the reason holds the code and no address."""
    handed = mailer(tmp_path, serve(Handler(**answers))).hand(letter())

    assert handed.result is result
    assert code in handed.reason
    assert "@" not in handed.reason


def test_a_server_that_is_away_or_silent_is_tried_later(tmp_path):
    """Nobody listens; somebody listens and says nothing; the name cannot be resolved."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        refused = mailer(tmp_path, port).hand(letter())
        silent.listen()
        hung = mailer(tmp_path, port, smtp_timeout_seconds=0.3).hand(letter())
    settings = Settings(state_folder=tmp_path, smtp_host="nowhere.invalid", mail_from="a@b.example", smtp_timeout_seconds=2)
    lost = smtp_mailer(settings).hand(letter())

    assert [handed.result for handed in (refused, hung, lost)] == [HandedOver.LATER] * 3


def test_no_letter_goes_in_the_clear_where_tls_is_asked_for(serve, tmp_path):
    """A server without STARTTLS gets nothing, and one that speaks no TLS at all neither."""
    handler = Handler()
    port = serve(handler)

    assert mailer(tmp_path, port, "starttls").hand(letter()).result is HandedOver.LATER
    assert mailer(tmp_path, port, "ssl").hand(letter()).result is HandedOver.LATER
    assert handler.arrived == []


@needs_certificate
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the whole connection is encrypted there
@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_an_encrypted_way_with_a_password(serve, tmp_path, context, certificate, security):
    """The certificate is checked: with its authority the letter goes, without it nothing does, not even the password."""
    handler, seen = Handler(), []

    def authenticate(server, session, envelope, mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"right")

    encrypted = {"encrypted": context} if security == "ssl" else {"tls_context": context, "require_starttls": True}
    required = {"auth_required": True, "authenticator": authenticate, "auth_require_tls": security == "starttls"}
    port = serve(handler, **encrypted, **required)
    login = {"smtp_user": "parcels", "smtp_password": "right"}
    unknown = mailer(tmp_path, port, security, **login).hand(letter())
    seen_before = list(seen)
    wrong = mailer(tmp_path, port, security, smtp_ca_file=certificate[0], smtp_user="parcels", smtp_password="wrong").hand(letter())
    taken = mailer(tmp_path, port, security, smtp_ca_file=certificate[0], **login).hand(letter())

    assert (unknown.result, seen_before) == (HandedOver.LATER, [])
    assert wrong.result is not HandedOver.TAKEN
    assert taken.result is HandedOver.TAKEN
    assert len(handler.arrived) == 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "MAIL_FROM"),
        ({"mail_from": "no address"}, "no address"),
        ({"mail_from": "a@b.example\r\nBcc: c@d.example"}, "MAIL_FROM"),
        ({"mail_from": "a@b.example", "mail_reply_to": "x"}, "REPLY_TO"),
        ({"mail_from": "a@b.example", "smtp_security": "none", "smtp_password": "p"}, "in the clear"),
    ],
)
def test_settings_that_do_not_fit_are_refused_at_the_start(tmp_path, wrong, named):
    """With the name of the variable; a server without mail settings has no mailer and is fine."""
    with pytest.raises(InvalidFact, match=named):
        smtp_mailer(Settings(state_folder=tmp_path, smtp_host="mail.example", **wrong))

    assert smtp_mailer(Settings(state_folder=tmp_path)) is None
