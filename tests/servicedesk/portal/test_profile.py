"""What customers may change about themselves."""

from django.test import Client

from tests.cast import Cast


def test_name_language_and_zone_are_kept(zhao: Client, cast: Cast) -> None:
    zhao.post("/portal/profile/", {"name": "赵小敏", "language": "zh-hans", "time_zone": "Asia/Shanghai"})
    cast.zhao.refresh_from_db()
    assert (cast.zhao.name, cast.zhao.language, cast.zhao.time_zone) == ("赵小敏", "zh-hans", "Asia/Shanghai")


def test_an_empty_name_is_refused(zhao: Client, cast: Cast) -> None:
    assert zhao.post("/portal/profile/", {"name": "", "language": "en", "time_zone": "UTC"}).status_code == 200
    cast.zhao.refresh_from_db()
    assert cast.zhao.name == "赵敏"


def test_nothing_else_can_be_changed(zhao: Client, cast: Cast) -> None:
    form = {"name": "X", "language": "en", "time_zone": "UTC", "kind": "staff", "email": "x@example.com"}
    zhao.post("/portal/profile/", form)
    cast.zhao.refresh_from_db()
    assert (cast.zhao.kind, cast.zhao.email) == ("portal", "zhao@example.com")
