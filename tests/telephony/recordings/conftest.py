"""A recorded call: Mei spoke, Omar is of another team, Sun leads, Ada runs the desk."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from crmcore import clock
from crmcore.models import User
from telephony.models import Call, Recording
from telephony.states import CallOutcome, CallState
from tests.cast import Cast, make_cast

SOUND = b"RIFF" + bytes(range(256)) * 1000


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def call(cast: Cast) -> Call:
    end = clock.now()
    start = end - timedelta(minutes=5)
    return Call.objects.create(
        provider="quiet",
        provider_call_id="recorded",
        state=CallState.ENDED,
        outcome=CallOutcome.COMPLETED,
        queue=cast.support_queue,
        agent=cast.mei,
        from_e164="+8613800138000",
        started_at=start,
        queued_at=start,
        answered_at=start + timedelta(seconds=20),
        ended_at=end,
        state_since=end,
        last_evidence_at=end,
    )


@pytest.fixture
def recording(call: Call, cast: Cast, recordings: Path) -> Recording:
    assert call.answered_at is not None
    made = Recording(
        call=call,
        agent=cast.mei,
        source=Recording.Source.BROWSER,
        state=Recording.State.FINISHED,
        started_at=call.answered_at,
        ended_at=call.ended_at,
        heard_at=call.answered_at,
        stored_at=call.ended_at,
        duration_ms=280_000,
        content_type="audio/wav",
        size=len(SOUND),
    )
    made.file.save("one.wav", ContentFile(SOUND))
    return made


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def sun(cast: Cast, signed_in: Callable[[User], Client]) -> Any:
    return signed_in(cast.sun)
