"""An odd value in the environment is refused in one line."""

from pathlib import Path

import pytest

from servicedesk import env


@pytest.fixture(autouse=True)
def _variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_X", raising=False)


@pytest.mark.parametrize(("value", "meaning"), [("1", True), ("Yes", True), ("0", False), ("off", False), ("", False)])
def test_flag_reads_yes_and_no(monkeypatch: pytest.MonkeyPatch, value: str, meaning: bool) -> None:
    monkeypatch.setenv("DESK_X", value)
    assert env.flag("DESK_X", default=not meaning) is meaning


def test_flag_refuses_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_X", "maybe")
    with pytest.raises(env.BadSetting, match="DESK_X=maybe"):
        env.flag("DESK_X", default=False)


@pytest.mark.parametrize("value", ["-1", "ten", "1.5", "٣"])
def test_number_refuses_what_is_no_whole_number(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DESK_X", value)
    with pytest.raises(env.BadSetting):
        env.number("DESK_X", default=1)


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_X", " ")
    assert env.text("DESK_X", default="a") == "a"
    assert env.number("DESK_X", default=7) == 7
    assert env.words("DESK_X", default=["b"]) == ["b"]


def test_value_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden\n")
    monkeypatch.setenv("DESK_X_FILE", str(tmp_path / "secret"))
    assert env.text("DESK_X", default="") == "hidden"
    monkeypatch.setenv("DESK_X", "open")
    assert env.text("DESK_X", default="") == "open"


def test_missing_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_X_FILE", "/no/such/file")
    with pytest.raises(env.BadSetting, match="DESK_X_FILE=/no/such/file"):
        env.text("DESK_X", default="")


def test_words_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_X", "a, b,,c ")
    assert env.words("DESK_X", default=[]) == ["a", "b", "c"]


def test_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    file = tmp_path / "new" / "key"
    first = env.secret("DESK_X", stored_in=file)
    assert len(first) > 40
    assert env.secret("DESK_X", stored_in=file) == first
    assert file.stat().st_mode & 0o777 == 0o600


def test_secret_in_a_place_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(env.BadSetting, match="DATA_DIR"):
        env.secret("DESK_X", stored_in=blocked / "key")
