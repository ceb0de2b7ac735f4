"""Changes that the present state of a ticket forbids, as the API says them."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError

from tickets.actions.changing import StaleTicket
from tickets.actions.fields import BadFields
from tickets.actions.moves import WrongMove


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 to a change that comes too late or cannot be, 400 to fields that were refused."""
    try:
        yield
    except StaleTicket as error:
        raise Conflict("The ticket has entries after this seq.") from error
    except WrongMove as error:
        raise Conflict(str(error)) from error
    except BadFields as refused:
        problems = {code: ErrorDetail(bad.message, code=bad.code) for code, bad in refused.problems.items()}
        raise ValidationError({"fields": problems}) from refused
