"""The settings of teams and skills: the tree stays a tree, what is needed stays."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crmcore.models import Skill, Team, UserSkill
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def save(client: Client, team: Team | None, **fields: Any) -> Any:
    address = reverse("setup:team", args=[team.pk]) if team else reverse("setup:new_team")
    return client.post(address, fields)


def path(team: Team) -> str:
    return Team.objects.get(pk=team.pk).path


def test_supervisors_and_agents_are_refused(client: Client, cast: Cast) -> None:
    for user in (cast.sun, cast.mei):
        client.force_login(user)
        assert {client.get(reverse(f"setup:{page}")).status_code for page in ("teams", "skills")} == {403}


def test_a_team_moves_with_those_below_it(ada: Client, cast: Cast) -> None:
    save(ada, None, name="Night", parent=cast.support.pk)
    night = Team.objects.get(name="Night")
    save(ada, cast.support, name="Support", parent=cast.billing.pk)
    assert path(cast.support) == f"{path(cast.billing)}{cast.support.pk}/"
    assert path(night) == f"{path(cast.support)}{night.pk}/"


def test_a_team_cannot_stand_below_itself(ada: Client, cast: Cast) -> None:
    save(ada, cast.billing, name="Billing", parent=cast.support.pk)
    before = path(cast.support)
    for parent in (cast.support, cast.billing):
        assert save(ada, cast.support, name="Support", parent=parent.pk).status_code == 422
    assert path(cast.support) == before


def test_a_team_with_people_or_queues_stays(ada: Client, cast: Cast) -> None:
    ada.post(reverse("setup:remove_team", args=[cast.billing.pk]))
    assert Team.objects.filter(pk=cast.billing.pk).exists()


def test_an_empty_team_can_be_removed(ada: Client) -> None:
    save(ada, None, name="Nobody")
    ada.post(reverse("setup:remove_team", args=[Team.objects.get(name="Nobody").pk]))
    assert not Team.objects.filter(name="Nobody").exists()


def test_a_skill_that_somebody_has_stays(ada: Client, cast: Cast) -> None:
    ada.post(reverse("setup:new_skill"), {"name": "Chinese", "name_zh": "中文"})
    skill = Skill.objects.get(name="Chinese")
    held = UserSkill.objects.create(user=cast.mei, skill=skill)
    ada.post(reverse("setup:remove_skill", args=[skill.pk]))
    assert Skill.objects.filter(pk=skill.pk).exists()
    held.delete()
    ada.post(reverse("setup:remove_skill", args=[skill.pk]))
    assert not Skill.objects.filter(pk=skill.pk).exists()
