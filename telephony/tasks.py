"""Background work of telephony; how often the beat runs what is not asked for, the settings say."""

from crmcore import clock
from crmcore.later import task
from telephony.actions import commands, fold, recording, recording_fetch, voicemail
from telephony.actions.campaign_pacing import pace_campaigns
from telephony.actions.reconcile import reconcile as reconcile_calls
from telephony.actions.retention import delete_expired
from telephony.actions.roll_up import roll_up as sum_up
from telephony.actions.survey_texts import send_survey_texts
from telephony.actions.sweep import sweep
from telephony.actions.text_media import fetch_due_media
from telephony.actions.text_media import fetch_text_media as fetch_one_media
from telephony.actions.text_outbox import deliver_due_texts
from telephony.actions.text_outbox import deliver_text as send_one_text
from telephony.simulated_people import let_people_act


@task("telephony.tick")
def tick() -> None:
    """End what is due, distribute what waits, then dial for who is ready; whom the simulated carrier called answers."""
    sweep()
    pace_campaigns()
    let_people_act()


@task("telephony.reconcile")
def reconcile() -> None:
    """Look up quiet calls at their carriers."""
    reconcile_calls()


@task("telephony.deliver_command")
def deliver_command(command_id: int) -> None:
    """Send one command of the outbox."""
    commands.deliver(command_id)


@task("telephony.deliver_text")
def deliver_text(text_id: int) -> None:
    """Send one text message."""
    send_one_text(text_id)


@task("telephony.texts_tick")
def texts_tick() -> None:
    """Send what waits, and ask about messages of which nothing is heard."""
    send_survey_texts()
    deliver_due_texts(clock.now())
    fetch_due_media(clock.now())


@task("telephony.fetch_text_media")
def fetch_text_media(media_id: int) -> None:
    """Bring what a customer sent along into our own storage."""
    fetch_one_media(media_id)


@task("telephony.fold_pending")
def fold_pending(provider: str, provider_call_id: str) -> None:
    """Take in what a carrier answered to a command."""
    fold.fold_pending(provider, provider_call_id)


@task("telephony.roll_up")
def roll_up() -> None:
    """Sum up the figures of the last hours."""
    sum_up()


@task("telephony.fetch_voicemail")
def fetch_voicemail(voicemail_id: int) -> None:
    """Bring a message's sound into our own storage."""
    voicemail.fetch_voicemail(voicemail_id)


@task("telephony.follow_recording")
def follow_recording(recording_id: int) -> None:
    """Tell a carrier what is wanted of a recording."""
    recording.follow_at_carrier(recording_id)


@task("telephony.store_recording")
def store_recording(recording_id: int) -> None:
    """Put the sound of a recording away."""
    recording_fetch.store_recording(recording_id)


@task("telephony.delete_old_sound")
def delete_old_sound() -> None:
    """Delete recordings and messages after their last day."""
    delete_expired()
