"""State of the service core; each noun in its own module, all importable from here."""

from tickets.models.bulk import BulkChange as BulkChange
from tickets.models.bulk import BulkItem as BulkItem
from tickets.models.capacity import TicketCapacity as TicketCapacity
from tickets.models.draft import Draft as Draft
from tickets.models.interaction import Interaction as Interaction
from tickets.models.policy import SlaPolicy as SlaPolicy
from tickets.models.policy import SlaPolicyVersion as SlaPolicyVersion
from tickets.models.policy import SlaTarget as SlaTarget
from tickets.models.saved_view import SavedView as SavedView
from tickets.models.sla import SlaClock as SlaClock
from tickets.models.sla import SlaEvent as SlaEvent
from tickets.models.sla import SlaSegment as SlaSegment
from tickets.models.ticket import Ticket as Ticket
from tickets.models.ticket import TicketOpportunity as TicketOpportunity
from tickets.models.wording import Category as Category
from tickets.models.wording import Priority as Priority
from tickets.models.wording import TicketStatus as TicketStatus
from tickets.models.wording import TicketType as TicketType
