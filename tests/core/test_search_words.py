"""What a text is cut into and what is asked of it: pairs of characters, words, initials, whole names and numbers."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core.search_words import Phrase, asked, grams, initials, marked

WEN, MIAO, LU = "06587", "05e99", "08def"


def test_chinese_is_cut_into_pairs_and_the_last_character_of_a_run_stands_alone() -> None:
    assert grams("文庙路\n").split()[1:] == [f"h{WEN}{MIAO}", f"h{MIAO}{LU}", f"h{LU}"]


def test_a_name_and_a_number_of_the_first_line_are_whole_and_what_is_below_is_not() -> None:
    whole = [token for token in grams("文庙路 11-0512\n22-0001").split() if token.startswith("e")]
    assert whole == [f"ez{WEN}z{MIAO}z{LU}", "e110512"]
    assert asked("11-0512").exact == "e110512"
    assert asked("11-0512 文庙").exact == asked("路").exact == ""


def test_full_width_and_capital_letters_are_the_same_letters() -> None:
    assert grams("ＤＥＭＯ－１２") == grams("demo-12")


def test_initials_come_in_threes_for_every_reading_that_a_run_has() -> None:
    assert initials("文庙路").split() == ["iwml", "iml", "il"]
    assert {"iyh", "ich"} >= {token for token in initials("银行").split() if len(token) == 3}
    two = initials("石狮路")
    assert "issl" in two
    assert "idsl" in two


def test_where_a_character_has_many_readings_the_common_one_is_kept() -> None:
    long = "中国人民银行长沙支行车站石狮路行"
    assert initials(long).split()[0] == "izgr"
    assert " i " not in initials(long)


def test_a_character_that_no_dictionary_reads_matches_no_letter() -> None:
    assert initials("文\U00031351路").split() == ["iw0l", "i0l", "il"]
    assert "h31351" in grams("\U00031351")


def test_a_word_of_letters_is_looked_for_as_a_word_and_as_initials() -> None:
    assert asked("wml").words == ((Phrase(("wwml",), open_end=True), Phrase(("iwml",))),)
    assert asked("wm").words == ((Phrase(("wwm",), open_end=True), Phrase(("iwm",), open_end=True)),)
    assert asked("wmlk").words[0][1] == Phrase(("iwml", "imlk"))
    assert asked("w").words == ((Phrase(("ww",)),),)


def test_one_character_is_looked_for_by_the_pairs_that_begin_with_it() -> None:
    assert asked("文").words == ((Phrase((f"h{WEN}",), open_end=True),),)
    assert asked("文庙").words == ((Phrase((f"h{WEN}{MIAO}",)),),)


def test_every_word_is_asked_for_and_signs_ask_for_nothing() -> None:
    assert len(asked("文庙 井盖\t11").words) == 3
    assert asked("。？ '\" * <>").words == asked("").words == ()


@given(st.text(max_size=300))
def test_whatever_is_written_tokens_are_plain(text: str) -> None:
    plain = re.compile(r"[ehwi][a-z0-9]*")
    found = [*grams(text).split(), *initials(text).split()]
    found += [token for phrases in asked(text).words for phrase in phrases for token in phrase.tokens]
    assert all(plain.fullmatch(token) for token in found)
    assert all(phrase.tokens for phrases in asked(text).words for phrase in phrases)


@given(st.text(max_size=60), st.text(max_size=12))
def test_a_marked_label_is_the_label(label: str, words: str) -> None:
    assert "".join(text for text, _hit in marked(label, words)) == label


def test_the_words_are_marked_wherever_they_stand() -> None:
    assert marked("望山路文庙路路口", "文庙路 望") == [("望", True), ("山路", False), ("文庙路", True), ("路口", False)]
    assert marked("a.b", ".") == [("a", False), (".", True), ("b", False)]
