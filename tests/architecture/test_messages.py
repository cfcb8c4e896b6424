"""English is complete: no message untranslated, none fuzzy, none left over, placeholders the same."""

from chuangwen.core import i18n


def test_every_message_has_its_english() -> None:
    assert i18n.problems() == []
