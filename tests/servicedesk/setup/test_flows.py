"""The editor of call flows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from crmcore import clock
from crmcore.models import AuditEntry
from telephony.actions import flows as actions
from telephony.models import CallFlow, FlowRecording, FlowVersion, PhoneLine
from tests.cast import Cast, make_cast
from tests.telephony.flows.trees import hang_up, menu, message, queue, tree

TREE = tree("hi", hi=message("Hello", "menu"), menu=menu(key1="line", key2="bye", timeout="bye", wrong="bye"))
TREE["nodes"] |= {"line": queue("support"), "bye": hang_up()}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def flow(cast: Cast) -> CallFlow:
    flow = actions.create_flow("Main", "总机", by=cast.ada)
    flow.versions.update(tree=TREE)
    return flow


def draft(flow: CallFlow) -> FlowVersion:
    found = flow.draft
    assert found is not None
    return found


def form_of(client: Client, flow: CallFlow, node: str) -> dict[str, Any]:
    """What the open form would send."""
    page = client.get(f"/settings/flows/{flow.pk}/?node={node}")
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields if not name.startswith("file_")}
    return {"seen": page.context["seen"], **{name: "" if value is None else value for name, value in fields.items()}}


def save(client: Client, flow: CallFlow, node: str, **changes: Any) -> Any:
    return client.post(f"/settings/flows/{flow.pk}/steps/{node}/", form_of(client, flow, node) | changes)


def test_agents_do_not_come_in(client: Client, cast: Cast, flow: CallFlow) -> None:
    client.force_login(cast.mei)
    assert client.get(f"/settings/flows/{flow.pk}/").status_code == 403
    assert client.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "0"}).status_code == 403


def test_new_flow_opens_its_editor(ada: Client) -> None:
    answer = ada.post("/settings/flows/", {"name": "Night", "name_zh": ""})
    flow = CallFlow.objects.get(name="Night")
    assert answer.headers["Location"] == f"/settings/flows/{flow.pk}/"
    assert flow.in_use is None


def test_saved_words_stand_in_the_draft(ada: Client, flow: CallFlow) -> None:
    assert save(ada, flow, "hi", text_en="Good day").status_code == 302
    assert draft(flow).tree["nodes"]["hi"]["prompt"]["en"] == {"text": "Good day"}
    assert draft(flow).tree["nodes"]["hi"]["exits"] == {"next": "menu"}


def test_step_that_somebody_else_changed_is_not_overwritten_unseen(ada: Client, flow: CallFlow, cast: Cast) -> None:
    form = form_of(ada, flow, "hi")
    save(ada, flow, "hi", text_en="Theirs")
    answer = ada.post(f"/settings/flows/{flow.pk}/steps/hi/", form | {"text_en": "Mine"})
    assert answer.status_code == 422 and "Mine" in answer.content.decode()
    assert draft(flow).tree["nodes"]["hi"]["prompt"]["en"]["text"] == "Theirs"


def test_way_may_lead_to_a_new_step(ada: Client, flow: CallFlow) -> None:
    save(ada, flow, "menu", way_1="new:message")
    nodes = draft(flow).tree["nodes"]
    added = nodes["menu"]["exits"]["1"]
    assert nodes[added]["kind"] == "message"


def test_way_may_lead_to_an_older_step(ada: Client, flow: CallFlow) -> None:
    save(ada, flow, "menu", way_1="hi")
    assert draft(flow).tree["nodes"]["menu"]["exits"]["1"] == "hi"


def test_steps_are_added_and_removed_in_the_tree(ada: Client, flow: CallFlow) -> None:
    answer = ada.post(f"/settings/flows/{flow.pk}/steps/", {"at": "hi", "way": "next", "kind": "hours"})
    added = answer.headers["Location"].rpartition("=")[2]
    assert draft(flow).tree["nodes"][added]["exits"] == {"open": "menu"}
    ada.post(f"/settings/flows/{flow.pk}/steps/{added}/change/", {"remove": "1"})
    assert added not in draft(flow).tree["nodes"]


def test_menu_gets_and_loses_keys(ada: Client, flow: CallFlow) -> None:
    ada.post(f"/settings/flows/{flow.pk}/steps/menu/change/", {"add_key": "5"})
    assert "5" in draft(flow).tree["nodes"]["menu"]["labels"]
    ada.post(f"/settings/flows/{flow.pk}/steps/menu/change/", {"drop_key": "5"})
    assert "5" not in draft(flow).tree["nodes"]["menu"]["labels"]


def test_recording_is_played_instead_of_the_text(
    ada: Client, flow: CallFlow, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sound = SimpleUploadedFile("hello.wav", b"RIFF", content_type="audio/wav")
    save(ada, flow, "hi", file_en=sound)
    recording = FlowRecording.objects.get(flow=flow)
    assert draft(flow).tree["nodes"]["hi"]["prompt"]["en"]["recording"] == recording.pk
    save(ada, flow, "hi", drop_en="on")
    assert "recording" not in draft(flow).tree["nodes"]["hi"]["prompt"]["en"]


def test_file_that_is_no_sound_is_refused(ada: Client, flow: CallFlow) -> None:
    page = SimpleUploadedFile("hello.html", b"<script>", content_type="text/html")
    answer = save(ada, flow, "hi", file_en=page)
    assert answer.status_code == 422
    assert not FlowRecording.objects.exists()


def test_flow_with_a_fault_is_not_published(ada: Client, flow: CallFlow) -> None:
    FlowVersion.objects.filter(flow=flow).update(tree=tree("hi", hi=message("Hi", "gone")))
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "0"})
    assert flow.in_use is None


def test_fault_stands_at_its_step(ada: Client, flow: CallFlow) -> None:
    FlowVersion.objects.filter(flow=flow).update(tree=tree("hi", hi=message("Hi", "gone")))
    page = ada.get(f"/settings/flows/{flow.pk}/")
    [bad] = [step for step in page.context["steps"] if step.faults]
    assert bad.row.node.id == "hi"


def test_only_what_was_looked_at_is_published(ada: Client, flow: CallFlow, cast: Cast) -> None:
    save(ada, flow, "hi", text_en="Changed meanwhile")
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "0"})
    assert flow.in_use is None
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "1"})
    assert flow.in_use is not None and flow.draft is None
    assert AuditEntry.objects.filter(verb="flow.published").exists()


def test_published_version_stays_while_a_draft_is_written(ada: Client, flow: CallFlow) -> None:
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "0"})
    save(ada, flow, "hi", text_en="Next year")
    assert flow.in_use is not None and flow.in_use.tree["nodes"]["hi"]["prompt"]["en"]["text"] == "Hello"
    assert draft(flow).number == 2


def test_earlier_version_can_be_taken_up_again(ada: Client, flow: CallFlow) -> None:
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": "0"})
    save(ada, flow, "hi", text_en="Other")
    ada.post(f"/settings/flows/{flow.pk}/publish/", {"revision": str(draft(flow).revision)})
    ada.post(f"/settings/flows/{flow.pk}/version/", {"number": "1"})
    assert draft(flow).tree["nodes"]["hi"]["prompt"]["en"]["text"] == "Hello"
    ada.post(f"/settings/flows/{flow.pk}/version/", {"discard": "1"})
    assert flow.draft is None


def test_number_is_led_to_a_flow(ada: Client, flow: CallFlow, cast: Cast) -> None:
    line = PhoneLine.objects.create(number="+862151008000", name="Main", queue=cast.support_queue)
    ada.post(f"/settings/flows/lines/{line.pk}/", {"flow": str(flow.pk)})
    line.refresh_from_db()
    assert line.flow == flow
    ada.post(f"/settings/flows/lines/{line.pk}/", {"flow": ""})
    line.refresh_from_db()
    assert line.flow is None


def test_test_call_walks_the_draft(ada: Client, flow: CallFlow) -> None:
    page = ada.get(f"/settings/flows/{flow.pk}/test/?keys=9,-&entered=1")
    call = page.context["call"]
    assert [turn.pressed for turn in call.turns] == ["", "9", "-", "1"]
    assert call.end.id == "line"


@pytest.mark.parametrize("kind", ["message", "menu", "hours", "language", "collect", "grade", "queue", "number"])
def test_every_kind_of_step_can_be_added_and_saved(ada: Client, flow: CallFlow, kind: str) -> None:
    answer = ada.post(f"/settings/flows/{flow.pk}/steps/", {"at": "hi", "way": "next", "kind": kind})
    node = answer.headers["Location"].rpartition("=")[2]
    assert ada.get(answer.headers["Location"]).status_code == 200
    assert save(ada, flow, node).status_code in (302, 422)
    assert draft(flow).changed_at <= clock.now()
