"""The cast of the tickets, their desk, and a way to open tickets."""

from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
