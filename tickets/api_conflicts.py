"""Changes that the present state of a ticket forbids, as the API says them."""

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework import status
from rest_framework.exceptions import APIException

from tickets.actions.changing import StaleTicket
from tickets.actions.moves import WrongMove


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


@contextmanager
def conflicts() -> Iterator[None]:
    """Answer 409 to a change that comes too late or cannot be."""
    try:
        yield
    except StaleTicket as error:
        raise Conflict("The ticket has entries after this seq.") from error
    except WrongMove as error:
        raise Conflict(str(error)) from error
