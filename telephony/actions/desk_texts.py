"""Text messages of the desk itself to one number; of a one-time code the words are kept, the digits never are."""

from crmcore import clock
from crmcore.models import OneTimeCode, Queue
from telephony.actions.text_states import lock_thread
from telephony.actions.texting import new_text
from telephony.queries.texting import outlet_to
from telephony.text_states import TextChannel


def text_from_desk(number: str, words: str, *, queue: Queue | None, code: OneTimeCode | None = None) -> bool:
    """Send words to a number (E.164) within the caller's transaction; `{code}` in them stands for the code.

    False where no way leads there, or nothing may be sent there.
    """
    thread = lock_thread(TextChannel.SMS, number)
    outlet = outlet_to(number, TextChannel.SMS, queue=queue)
    now = clock.now()
    if outlet is None or outlet.is_opted_out or not thread.takes_free_text(now):
        return False
    text = new_text(thread, outlet.route, words, now=now)
    text.code = code
    text.save(force_insert=True)
    return True
