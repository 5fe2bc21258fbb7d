"""Words for phones by mail: a gateway of the house takes a mail to ``number@gateway`` and makes a text message of it."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from competition.core.config import Settings
from competition.notices.channels import ChannelFailed, ChannelRefused, ChannelUnsure

TIMEOUT = 20.0
SUBJECT = "通知"
Connect = Callable[[], smtplib.SMTP]


class MailGateway:
    """Hands words over SMTP. What the server says about a recipient never leaves this class: it may name the number."""

    def __init__(self, connect: Connect, sender: str, pattern: str) -> None:
        self.connect, self.sender, self.pattern = connect, sender, pattern

    def text(self, phone: str, words: str) -> None:
        """One mail. Raises ChannelFailed (later again), ChannelRefused (never), ChannelUnsure (nobody knows whether it went)."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, self.pattern.replace("{phone}", phone.removeprefix("+")), SUBJECT
        message.set_content(words, cte="base64")  # no server of the way needs to know more than ASCII
        try:
            server = self.connect()
        except smtplib.SMTPAuthenticationError as error:
            raise ChannelFailed("smtp_sign_in") from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelFailed("smtp_connect") from error
        with server:
            self._hand_over(server, message)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _said in error.recipients.values()]
            # 4yz asks to come back, 5yz does not.
            raise (ChannelRefused if codes and all(code >= 500 for code in codes) else ChannelFailed)("smtp_recipient") from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError, smtplib.SMTPNotSupportedError) as error:
            raise ChannelFailed("smtp_refused") from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelUnsure("smtp_broke_off") from error


def mail_gateway(settings: Settings) -> MailGateway | None:
    """The gateway of this installation, where ``COMP_SMTP_URL`` names one."""
    if not settings.smtp_url:
        return None
    address = urlsplit(settings.smtp_url)
    return MailGateway(lambda: _connect(address), settings.smtp_from, settings.sms_by_mail)


def _connect(address: SplitResult) -> smtplib.SMTP:
    """A session that is signed in; encrypted, but with a server on this machine."""
    host, context = address.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, address.port or 25, timeout=TIMEOUT)
        if host not in ("localhost", "127.0.0.1", "::1"):
            server.starttls(context=context)
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server
