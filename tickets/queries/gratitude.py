"""Whether what a customer wrote since our last answer asks for none."""

from django.db.models import Exists, Max, OuterRef

from tickets.models import Attachment, Interaction, Ticket
from tickets.thanks import is_thanks_only

MOST = 3


def only_thanks_unanswered(ticket: Ticket) -> bool:
    """All that came since the desk last spoke says thank you and nothing else; a file or a call says more."""
    public = Interaction.objects.filter(ticket=ticket, is_public=True)
    answered = public.filter(direction=Interaction.Direction.OUT, by__isnull=False).aggregate(seq=Max("seq"))["seq"]
    if answered is None:
        return False
    enclosed = Exists(Attachment.objects.filter(interaction=OuterRef("pk")))
    came = public.filter(direction=Interaction.Direction.IN, seq__gt=answered)
    rows = list(came.annotate(enclosed=enclosed).values_list("body", "enclosed", "channel")[: MOST + 1])
    spoken = Interaction.Channel.CALL
    return 0 < len(rows) <= MOST and all(
        channel != spoken and not has_file and is_thanks_only(body) for body, has_file, channel in rows
    )
