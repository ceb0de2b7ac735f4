"""Handing a mail to the server that sends it."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass

from tickets.mail.servers import TIMEOUT_S, Security, Server, ServerRefused, tls, told


@dataclass(frozen=True)
class Refusal:
    """Why the server does not take a mail for one recipient."""

    text: str
    is_final: bool


def send(server: Server, *, sender: str, recipients: Sequence[str], data: bytes) -> dict[str, Refusal]:
    """Send to all recipients and return those that were refused. Raises ServerRefused when nobody gets it."""
    try:
        with _connected(server) as client:
            try:
                refused = client.sendmail(sender, list(recipients), data)
            except smtplib.SMTPRecipientsRefused as all_of_them:
                refused = all_of_them.recipients
    except smtplib.SMTPResponseException as answer:
        raise ServerRefused(f"{answer.smtp_code} {told(answer.smtp_error)}", is_final=_is_final(answer)) from answer
    except (smtplib.SMTPException, OSError) as error:
        raise ServerRefused(told(error) or type(error).__name__) from error
    return {email: Refusal(f"{code} {told(text)}", 500 <= code < 600) for email, (code, text) in refused.items()}


def check(server: Server) -> None:
    """Connect and sign in. Raises ServerRefused."""
    try:
        with _connected(server) as client:
            client.noop()
    except smtplib.SMTPResponseException as answer:
        raise ServerRefused(f"{answer.smtp_code} {told(answer.smtp_error)}", is_final=True) from answer
    except (smtplib.SMTPException, OSError) as error:
        raise ServerRefused(told(error) or type(error).__name__) from error


def _is_final(answer: smtplib.SMTPResponseException) -> bool:
    """A wrong password is set right one day: the mail waits for it."""
    return 500 <= answer.smtp_code < 600 and not isinstance(answer, smtplib.SMTPAuthenticationError)


def _connected(server: Server) -> smtplib.SMTP:
    client: smtplib.SMTP
    if server.security == Security.TLS:
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=tls())
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == Security.STARTTLS:
            client.starttls(context=tls())
        _sign_in(client, server)
    except BaseException:
        client.close()
        raise
    return client


def _sign_in(client: smtplib.SMTP, server: Server) -> None:
    if not server.username:
        return
    client.ehlo_or_helo_if_needed()
    if server.uses_token:
        client.auth("XOAUTH2", lambda challenge=None: server.bearer if challenge is None else "")
    else:
        client.login(server.username, server.secret)
