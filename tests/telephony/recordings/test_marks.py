"""What a player marks in a recording, and where its sound is found again."""

from datetime import timedelta

from django.test import Client

from telephony.actions.contact_record import show_recording
from telephony.actions.wrap_up import save_note
from telephony.models import CallHold, CallLeg, NoteMark, Recording, RecordingPause
from telephony.queries.marks import Mark, MarkKind, marks_of
from telephony.states import LegKind, LegState
from tests.cast import Cast
from tests.telephony.desk import Desk
from tickets.actions.interactions import log_interaction
from tickets.models import Interaction


def test_marks_say_what_happened_and_when(recording: Recording, cast: Cast) -> None:
    begin, end = recording.started_at, recording.ended_at
    assert end is not None

    def at(seconds: float) -> object:
        return begin + timedelta(seconds=seconds)

    leg = CallLeg.objects.create(
        call=recording.call, kind=LegKind.AGENT, agent=cast.mei, state=LegState.LEFT, invited_at=begin,
        joined_at=begin, left_at=end,
    )  # fmt: skip
    Recording.objects.update(leg=leg)
    recording.refresh_from_db()
    CallHold.objects.create(leg=leg, started_at=at(30), ended_at=at(42))
    CallHold.objects.create(leg=leg, started_at=at(270), ended_at=at(900))
    CallHold.objects.create(leg=leg, started_at=at(-90), ended_at=at(-60))
    RecordingPause.objects.create(recording=recording, started_at=at(60), until=at(90), ended_at=at(80))
    NoteMark.objects.create(call=recording.call, at=at(100))
    CallLeg.objects.create(
        call=recording.call, kind=LegKind.CONSULT, agent=cast.omar, state=LegState.LEFT, invited_at=at(110),
        joined_at=at(120), left_at=at(150),
    )  # fmt: skip
    assert marks_of(recording) == [
        Mark(MarkKind.HOLD, 30, 42),
        Mark(MarkKind.PAUSE, 60, 80),
        Mark(MarkKind.NOTE, 100),
        Mark(MarkKind.TRANSFER, 120, name="Omar"),
        Mark(MarkKind.HOLD, 270, 280),
    ]


def test_writing_on_leaves_one_mark_and_writing_later_another(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    for version, pause in enumerate((0, 5, 5, 60)):
        desk.wait(pause, tick=False)
        desk.do(save_note, call.pk, by=mei, text=f"Note {version}", version=version)
    assert NoteMark.objects.filter(call=call).count() == 2


def test_sound_that_comes_late_still_stands_in_the_history(recording: Recording, cast: Cast, sun: Client) -> None:
    call = recording.call
    log_interaction(
        ticket=None, account=cast.account, contact=None, channel=Interaction.Channel.CALL, direction="in",
        body="Asked for a price", is_public=False, by=cast.mei, reference=f"call:{call.public_id}",
    )  # fmt: skip
    show_recording(call)
    show_recording(call)
    assert Interaction.objects.get().detail == {"sound": f"/telephony/calls/{call.public_id}/"}
    page = sun.get(f"/crm/accounts/{cast.account.pk}/").content.decode()
    assert f'hx-get="/telephony/calls/{call.public_id}/player/"' in page
    assert "data-player-act" in sun.get(f"/telephony/calls/{call.public_id}/player/").content.decode()
