"""What the installation needs, checked line by line: engines, worker, disk, mail, clock, address, relay, carrier."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.findings import Finding, Level
from servicedesk.health import CHECKS
from telephony.actions.wechat_checks import check_account
from telephony.models import WechatAccount
from telephony.providers.browser.ice import ice_servers
from telephony.providers.browser.turn_check import NoRelay, borrow_relay
from telephony.providers.twilio.public_address import Unreachable, reach
from telephony.queries.carrier_state import carrier_findings
from tickets.intake.checking import check_mailbox
from tickets.models import Mailbox

LITTLE_MB, TOO_LITTLE_MB = 2_000, 200
CLOCKS_MAY_DIFFER = timedelta(seconds=2)
MAIL_TIMEOUT_S = 5
REMEDIES = {
    "database": "Start PostgreSQL, or correct DATABASE_URL.",
    "migrations": "Run: python manage.py migrate",
    "redis": "Start Redis, or correct REDIS_URL.",
    "worker": "Start the desk, or a Celery worker with the beat.",
}


def check_installation(*, network: bool = True) -> Iterator[Finding]:
    """Every line; without `network` nothing beyond this machine's own engines is asked."""
    faults = {name: check() for name, check in CHECKS.items()}
    for name, fault in faults.items():
        yield Finding(name, fault, Level.FAULT, REMEDIES[name]) if fault else Finding(name, "")
    if not faults["database"]:
        yield _clock()
    yield _disk()
    yield _public_address()
    if not network:
        return
    yield from _reachable()
    yield _mail()
    yield from relay_findings()
    if not faults["database"] and not faults["migrations"]:
        yield from carrier_findings()
        yield from mailbox_findings()
        yield from wechat_findings()


def _clock() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
    except DatabaseError as error:
        return Finding("clock", str(error).strip(), Level.FAULT, REMEDIES["database"])
    apart = abs(clock.now() - row[0]) if row else timedelta()
    if apart > CLOCKS_MAY_DIFFER:
        text = f"this machine and the database are {apart.total_seconds():.0f} s apart"
        return Finding("clock", text, Level.FAULT, "Let both follow a time server.")
    return Finding("clock", "")


def _disk() -> Finding:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.DATA_DIR).free // 1_000_000
    level = Level.FAULT if free < TOO_LITTLE_MB else Level.WARNING if free < LITTLE_MB else Level.OK
    return Finding("disk", f"{free} MB free in {settings.DATA_DIR}", level, "Make room, or move DATA_DIR.")


def _public_address() -> Finding:
    if not settings.PUBLIC_BASE_URL:
        return Finding(
            "address",
            "PUBLIC_BASE_URL is not set",
            Level.WARNING,
            "Set it to the https address of the desk: microphones, passes and carriers need it.",
        )
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        return Finding(
            "address",
            f"PUBLIC_BASE_URL is {settings.PUBLIC_BASE_URL}, without https",
            Level.FAULT,
            "Put a certificate before the desk: browsers give no microphone without it.",
        )
    return Finding("address", settings.PUBLIC_BASE_URL)


def _reachable() -> Iterator[Finding]:
    if not settings.PUBLIC_BASE_URL:
        return
    try:
        reach(f"{settings.PUBLIC_BASE_URL}/healthz/live")
    except Unreachable as error:
        text = f"PUBLIC_BASE_URL does not answer: {error}"
        yield Finding("reachable", text, Level.FAULT, "Check name, certificate and proxy.")
    else:
        yield Finding("reachable", "the desk answers at its public address")


def _mail() -> Finding:
    if "smtp" not in settings.EMAIL_BACKEND:
        text = f"mail goes to {settings.EMAIL_BACKEND.rsplit('.', 2)[-2]}, not to people"
        return Finding("mail", text, Level.WARNING, "Set EMAIL_BACKEND and EMAIL_HOST.")
    server = get_connection(timeout=MAIL_TIMEOUT_S)
    try:
        server.open()
        server.close()
    except OSError as error:
        text = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}"
        return Finding("mail", text, Level.FAULT, "Check EMAIL_HOST, EMAIL_PORT and the sign-in.")
    return Finding("mail", f"{settings.EMAIL_HOST} takes mail")


def mailbox_findings() -> Iterator[Finding]:
    """Two lines for each mailbox in use: fetching and sending."""
    for mailbox in Mailbox.objects.filter(is_active=True, is_demo=False).order_by("pk"):
        for finding in check_mailbox(mailbox, with_echo=False):
            yield replace(finding, subject=finding.subject.lower(), text=f"{mailbox.address}: {finding.text}")


def wechat_findings() -> Iterator[Finding]:
    """Three lines for each WeChat account in use: sending, address, receiving."""
    for account in WechatAccount.objects.filter(is_active=True, is_demo=False).order_by("pk"):
        for finding in check_account(account):
            yield replace(finding, subject=finding.subject.lower(), text=f"{account.app_id}: {finding.text}")


def relay_findings() -> Iterator[Finding]:
    """One line for each TURN server; none are needed on one network."""
    subject = _("Relay")
    if not settings.TURN_URLS:
        yield Finding(subject, _("No TURN server is set: browser calls may fail across strict networks"))
    for server in ice_servers("doctor"):
        for url in server["urls"]:
            yield _relay(subject, url, server.get("username", ""), server.get("credential", ""))


def _relay(subject: str, url: str, user: str, password: str) -> Finding:
    if url.startswith("stun"):
        return Finding(subject, url)
    try:
        borrow_relay(url, user, password)
    except NoRelay as error:
        return Finding(
            subject,
            _("%(url)s lends no relay: %(reason)s") % {"url": url, "reason": error},
            Level.FAULT,
            _("Check TURN_URLS, TURN_SECRET and the firewall."),
        )
    return Finding(subject, _("%s lends a relay") % url)
