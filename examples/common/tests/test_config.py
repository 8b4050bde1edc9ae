"""Settings from the environment."""

import pytest

from bookshop_common.config import SettingError, read_integer, read_list, read_text


def test_a_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_NAME", "Corner")
    assert read_text("SHOP_NAME") == "Corner"


@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SHOP_NAME", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_NAME", value)
    with pytest.raises(SettingError, match="SHOP_NAME is not set"):
        read_text("SHOP_NAME")


def test_a_default_stands_in_for_a_missing_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_NAME", raising=False)
    assert read_text("SHOP_NAME", default="") == ""
    assert read_integer("SHOP_NAME", default=4) == 4


def test_a_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SIZE", "12")
    assert read_integer("SHOP_SIZE", default=4) == 12


def test_what_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SIZE", "large")
    with pytest.raises(SettingError, match="SHOP_SIZE must be a whole number, not 'large'"):
        read_integer("SHOP_SIZE", default=4)


def test_a_list_is_split_at_its_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_HOSTS", "a.example, b.example,")
    assert read_list("SHOP_HOSTS") == ["a.example", "b.example"]
