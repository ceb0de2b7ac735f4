"""What can be the matter at the carrier besides an outage."""


class Gone(Exception):
    """The call, participant or room that was meant does not exist any more."""
