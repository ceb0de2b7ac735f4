"""WeChat accounts in the settings: who may, what is needed, what is never shown, and what the test says."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.actions.people import create_team
from crmcore.models import Queue
from servicedesk.checkup import wechat_findings
from telephony.actions import wechat_access
from telephony.models import WechatAccess, WechatAccount
from telephony.providers.base import CarrierBusy
from telephony.providers.wechat.rest import Answer, Api
from tests.cast import Cast, make_cast

APP_ID, SECRET, TOKEN, KEY = "wx0123456789abcdef", "0123456789abcdef" * 2, "aTokenOfOurs", "A" * 43


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def good(db: None) -> dict[str, Any]:
    queue = Queue.objects.create(code="wechat", name="WeChat", team=create_team("wechat-team", "Team"))
    facts = {"name": "Service", "app_id": APP_ID, "queue": queue.pk, "language": "zh-hans", "mode": "safe"}
    return {**facts, "secret": SECRET, "token": TOKEN, "key": KEY}


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def platform(monkeypatch: pytest.MonkeyPatch, answer: bytes | Exception) -> None:
    def ask(url: str, body: bytes | None) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return Answer(200, "application/json", "", answer)

    monkeypatch.setattr(wechat_access, "api", lambda: Api("https://wechat.example", ask))


def test_account_is_set_up_and_its_address_shown(cast: Cast, good: dict[str, Any], settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "https://desk.example"
    client = browser(cast.ada)
    answer = client.post("/settings/wechat/new/", good)
    account = WechatAccount.objects.get()
    assert answer.status_code == 302 and [account.opened(name) for name in ("secret", "token", "key")] == [
        SECRET,
        TOKEN,
        KEY,
    ]
    page = client.get(f"/settings/wechat/{account.pk}/").content.decode()
    assert f"https://desk.example/telephony/wechat/{APP_ID}/" in page


def test_secrets_are_stored_sealed_and_never_shown(cast: Cast, good: dict[str, Any]) -> None:
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    account = WechatAccount.objects.get()
    page = client.get(f"/settings/wechat/{account.pk}/").content.decode()
    stored = account.secret_sealed + account.token_sealed + account.key_sealed
    assert not any(secret in page or secret in stored for secret in (SECRET, TOKEN, KEY))


def test_empty_secrets_keep_those_of_before_and_the_access_token_is_forgotten(cast: Cast, good: dict[str, Any]) -> None:
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    account = WechatAccount.objects.get()
    access = WechatAccess(account=account, fault="40125")
    access.keep("old")
    access.save()
    client.post(f"/settings/wechat/{account.pk}/", {**good, "secret": "", "token": "", "key": "", "name": "Other"})
    account.refresh_from_db()
    access.refresh_from_db()
    assert (account.name, account.opened("secret"), account.opened("key")) == ("Other", SECRET, KEY)
    assert (access.opened(), access.fault) == ("", "")


def test_app_id_of_an_account_cannot_change(cast: Cast, good: dict[str, Any]) -> None:
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    client.post(f"/settings/wechat/{WechatAccount.objects.get().pk}/", {**good, "app_id": "wxffffffffffffffff"})
    assert WechatAccount.objects.get().app_id == APP_ID


@pytest.mark.parametrize(
    "wrong",
    [
        {"app_id": "gh_0123456789ab"},
        {"app_id": APP_ID + "\n0"},
        {"secret": ""},
        {"secret": "short"},
        {"token": ""},
        {"token": "no"},
        {"token": "with space"},
        {"key": ""},
        {"key": "A" * 42},
        {"mode": "open"},
        {"queue": "0"},
        {"language": "xx"},
        {"name": ""},
    ],
)
def test_what_cannot_work_is_refused(cast: Cast, good: dict[str, Any], wrong: dict[str, str]) -> None:
    answer = browser(cast.ada).post("/settings/wechat/new/", {**good, **wrong})
    assert answer.status_code == 422 and not WechatAccount.objects.exists()


def test_plain_mode_needs_no_key(cast: Cast, good: dict[str, Any]) -> None:
    assert browser(cast.ada).post("/settings/wechat/new/", {**good, "mode": "plain", "key": ""}).status_code == 302


def test_same_account_twice_is_refused(cast: Cast, good: dict[str, Any]) -> None:
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    assert client.post("/settings/wechat/new/", good).status_code == 422
    assert WechatAccount.objects.count() == 1


def test_only_who_may_change_settings_comes_here(cast: Cast, good: dict[str, Any]) -> None:
    for user in (cast.mei, cast.omar):
        assert browser(user).get("/settings/wechat/").status_code == 403
        assert browser(user).post("/settings/wechat/new/", good).status_code == 403
    assert not WechatAccount.objects.exists()


def test_retiring_twice_is_once_and_can_be_taken_back(cast: Cast, good: dict[str, Any]) -> None:
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    here = f"/settings/wechat/{WechatAccount.objects.get().pk}"
    for _ in range(2):
        client.post(f"{here}/retire/")
    assert not WechatAccount.objects.get().is_active
    client.post(f"{here}/restore/")
    assert WechatAccount.objects.get().is_active


def test_test_says_what_the_platform_says(
    cast: Cast, good: dict[str, Any], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "https://desk.example"
    client = browser(cast.ada)
    client.post("/settings/wechat/new/", good)
    here = f"/settings/wechat/{WechatAccount.objects.get().pk}/test/"
    platform(monkeypatch, b'{"errcode":40164,"errmsg":"invalid ip 1.2.3.4, not in whitelist"}')
    page = client.post(here).content.decode()
    assert "1.2.3.4" in page and "allowlist" in page and "has not come to our door" in page
    platform(monkeypatch, b'{"access_token":"t","expires_in":7200}')
    assert "lets us in" in client.post(here).content.decode()


def test_doctor_names_accounts_that_do_not_work(
    cast: Cast, good: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser(cast.ada).post("/settings/wechat/new/", good)
    platform(monkeypatch, CarrierBusy("unreachable"))
    texts = [finding.text for finding in wechat_findings()]
    assert len(texts) == 3 and all(text.startswith(APP_ID) for text in texts)
