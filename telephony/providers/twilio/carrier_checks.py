"""Checks of the carrier's account from the outside in: each line says what is the case and what to do."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from django.utils.translation import gettext as _

from crmcore.findings import Finding, Level
from telephony.providers.base import CarrierError
from telephony.providers.twilio import provider, public_address
from telephony.providers.twilio.account import Account, address
from telephony.providers.twilio.faults import Gone

if TYPE_CHECKING:
    from telephony.providers.twilio.onboarding import CarrierNumber

VARIABLES = (
    ("TWILIO_ACCOUNT_SID", "sid"),
    ("TWILIO_AUTH_TOKEN", "secrets"),
    ("TWILIO_API_KEY_SID", "api_key_sid"),
    ("TWILIO_API_KEY_SECRET", "api_key_secret"),
    ("TWILIO_TWIML_APP_SID", "application_sid"),
    ("PUBLIC_BASE_URL", "public_base_url"),
)


def credentials(account: Account) -> list[tuple[str, bool]]:
    """Which variables are set; never what they hold."""
    return [(name, bool(getattr(account, field))) for name, field in VARIABLES]


def check_carrier(numbers: Iterable[str], texting: Collection[str] = ()) -> Iterator[Finding]:
    """Every check that makes sense with what is set, for our own `numbers` in E.164, some of them for `texting`."""
    account = Account.configured()
    if not account.sid and not account.secrets:
        yield Finding(_("Carrier"), _("No account is set: calls come from browsers and other telephone systems only"))
        return
    missing = [name for name, is_set in credentials(account) if not is_set]
    if missing:
        yield _fault(_("Credentials"), _("Missing: %s") % ", ".join(missing), _("Set them in the environment."))
    if account.public_base_url:
        yield _address_form(account)
    if account.takes_webhooks:
        yield _echo(account)
    if account.takes_commands:
        yield from _at_the_carrier(account, list(numbers), texting)


def _address_form(account: Account) -> Finding:
    subject, parts = _("Public address"), urlsplit(account.public_base_url)
    remedy = _("Set PUBLIC_BASE_URL to the address that customers and carriers reach.")
    if parts.scheme != "https":
        return _fault(subject, _("It does not begin with https://"), remedy)
    if "_" in (parts.hostname or ""):
        return _fault(subject, _("The carrier reports nothing to a name with an underscore"), remedy)
    return Finding(subject, account.public_base_url)


def _echo(account: Account) -> Finding:
    try:
        public_address.echo(account)
    except public_address.Unreachable as error:
        return _fault(
            _("Signature echo"),
            _("A signed webhook did not come through: %s") % error,
            _("Compare PUBLIC_BASE_URL with the proxy: scheme, host, path and query must arrive unchanged."),
        )
    return Finding(_("Signature echo"), _("A signed webhook comes through the public address"))


def _at_the_carrier(account: Account, numbers: list[str], texting: Collection[str]) -> Iterator[Finding]:
    try:
        desk = provider.onboarding()
        status = desk.account_status()
        if status != "active":
            yield _fault(_("Account"), _("The account is %s") % status, _("Settle it in the carrier's console."))
        else:
            yield Finding(_("Account"), _("The carrier knows the account and its token"))
        yield from _keys(account)
        known = desk.numbers()
    except (CarrierError, Gone) as error:
        yield _fault(
            _("Account"), _("The carrier refused: %s") % error, _("Check the account's SID and token, and the region.")
        )
        return
    for number in numbers:
        yield from check_number(number, known, account)
        if number in texting and number in known:
            yield check_texting(known[number])


def _keys(account: Account) -> Iterator[Finding]:
    desk, elsewhere = provider.onboarding(), _("Make it in the region %s.") % account.region_name
    if account.api_key_sid:
        try:
            desk.has_key(account.api_key_sid)
            yield Finding(_("API key"), _("It belongs to the region %s") % account.region_name)
        except Gone:
            yield _fault(_("API key"), _("It is not known in the region %s") % account.region_name, elsewhere)
    if not account.application_sid:
        return
    try:
        application = desk.application(account.application_sid)
    except Gone:
        yield _fault(_("TwiML App"), _("It is not known in the region %s") % account.region_name, elsewhere)
        return
    if (application.voice_url, application.voice_method) == (address("agent"), "POST"):
        yield Finding(_("TwiML App"), _("Agents' browsers reach this desk"))
    else:
        yield _fault(_("TwiML App"), _("It leads to %s") % (application.voice_url or "–"), _("Set the webhooks."))


def check_number(number: str, known: dict[str, "CarrierNumber"], account: Account) -> Iterator[Finding]:
    """What the carrier has written down for one of our numbers."""
    row = known.get(number)
    if row is None:
        yield _fault(
            number, _("The account does not have this number"), _("Retire the line, or bring the number over.")
        )
        return
    if row.owner:
        yield _fault(number, _("An application or trunk takes its calls: %s") % row.owner, _("Set the webhooks."))
    elif (urldefrag(row.voice_url).url, row.voice_method) != (address("voice"), "POST"):
        yield _fault(number, _("Its calls go to %s") % (row.voice_url or "–"), _("Set the webhooks."))
    elif urldefrag(row.status_url).url != address("status"):
        yield _warning(number, _("Ends of calls are not reported"), _("Set the webhooks."))
    elif not row.fallback_url:
        yield _warning(number, _("Callers hear an error when the desk is down"), _("Set the webhooks."))
    else:
        yield Finding(number, _("Its calls come here"))
    region = provider.onboarding().voice_region(number)
    if region != account.region_name:
        yield _fault(
            number,
            _("Its calls are handled in the region %(there)s, the desk works in %(here)s")
            % {"there": region, "here": account.region_name},
            _("Callers and agents would wait in two rooms: move the number, or set TWILIO_REGION."),
        )


def check_texting(row: "CarrierNumber") -> Finding:
    """Whether messages to one of our numbers come here."""
    if not row.takes_texts:
        remedy = _("Take “Text messages” off this number, or get one that has them.")
        return _fault(row.number, _("This number cannot do text messages"), remedy)
    if row.text_owner:
        text = _("An application takes its text messages: %s") % row.text_owner
        return _fault(row.number, text, _("Set the webhooks."))
    if (urldefrag(row.text_url).url, row.text_method) != (address("text"), "POST"):
        text = _("Its text messages go to %s") % (row.text_url or "–")
        return _fault(row.number, text, _("Set the webhooks."))
    return Finding(row.number, _("Its text messages come here"))


def _fault(subject: str, text: str, remedy: str) -> Finding:
    return Finding(subject, text, Level.FAULT, remedy)


def _warning(subject: str, text: str, remedy: str) -> Finding:
    return Finding(subject, text, Level.WARNING, remedy)
