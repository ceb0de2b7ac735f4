"""The steps of a quote by the names under which pages and the API ask for them."""

from crmcore.actions import quote_steps, quotes
from crmcore.models import Quote, User

_PLAIN = {
    "reopen": quote_steps.reopen_quote,
    "send": quote_steps.send_quote,
    "accept": quote_steps.accept_quote,
    "revise": quotes.revise_quote,
}
STEPS = ("ask", "decline", *_PLAIN)


def take_step(quote: Quote, do: str, *, by: User, reason: str = "") -> Quote:
    """The quote afterwards, for `revise` its next version. Raises KeyError, ValidationError, PermissionDenied."""
    if do == "ask":
        return quote_steps.ask_for_leave(quote, by=by, reason=reason)
    if do == "decline":
        return quote_steps.decline_quote(quote, by=by, reason=reason)
    return _PLAIN[do](quote, by=by)
