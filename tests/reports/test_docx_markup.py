"""A paragraph is edited as text with marks for its figures and its lead, and reads back as it was written."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.reports.docx import (
    Block,
    MarkupError,
    Piece,
    Run,
    markup,
    names_in_markup,
    parse_markup,
    write_markup,
)
from chuangwen.reports.template_messages import explain
from tests.reports.docx_samples import figure

NAMES = ["劝导人次", "捡拾垃圾次数", "活动次数"]
MARKS = {name: figure(name, "7", "7", f"c{place}") for place, name in enumerate(NAMES)}
BY_URL = {mark.url: name for name, mark in MARKS.items()}
# Every character that means something in a marked text, among some that do not.
WORDS = st.text(st.sampled_from("共次。a \n*⟦⟧\\（）"), min_size=1, max_size=8)
PIECES = st.lists(
    st.one_of(
        st.builds(Piece, WORDS, lead=st.booleans()),
        st.builds(Piece, st.sampled_from(NAMES), figure=st.just(True), lead=st.booleans()),
    )
)


def joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one look as one piece, as a paragraph holds them."""
    found: list[Piece] = []
    for (is_figure, lead), same in groupby(pieces, key=lambda piece: (piece.figure, piece.lead)):
        texts = [piece.text for piece in same]
        whole = texts if is_figure else ["".join(texts)]
        found += [Piece(text, figure=is_figure, lead=lead) for text in whole]
    return found


def block_of(pieces: list[Piece]) -> Block:
    runs = [
        Run("700余", MARKS[piece.text].url, kai=piece.lead) if piece.figure else Run(piece.text, kai=piece.lead)
        for piece in pieces
    ]
    return Block("p", tuple(runs))


def test_a_figure_and_a_lead_have_marks_and_all_else_is_plain() -> None:
    runs = (
        Run("（一）上街", kai=True), Run("7", MARKS["活动次数"].url, kai=True), Run("次。", kai=True),
        Run("捡拾"), Run("700余", MARKS["捡拾垃圾次数"].url), Run("次，见", bold=True), Run("网站", "https://a.cn"),
    )  # fmt: skip
    text = markup(Block("p", runs), BY_URL)
    assert text == "**（一）上街⟦活动次数⟧次。**捡拾⟦捡拾垃圾次数⟧次，见网站"
    assert names_in_markup(text) == ["活动次数", "捡拾垃圾次数"]
    assert parse_markup("共⟦ 活动次数 ⟧次") == [Piece("共"), Piece("活动次数", figure=True), Piece("次")]


@given(PIECES)
def test_what_is_written_reads_back_whatever_characters_stand_in_it(pieces: list[Piece]) -> None:
    assert parse_markup(markup(block_of(pieces), BY_URL)) == joined(pieces)
    assert parse_markup(write_markup(pieces)) == joined(pieces)


@given(st.text(st.sampled_from("共a \n*⟦⟧\\"), max_size=12))
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written_again(text: str) -> None:
    try:
        pieces = parse_markup(text)
    except MarkupError:
        return
    assert parse_markup(write_markup(pieces)) == pieces


def test_single_stars_and_backslashes_stay_as_they_are_typed() -> None:
    assert write_markup([Piece("3*4，a\\b")]) == "3*4，a\\b"
    assert parse_markup("3*4，a\\b") == [Piece("3*4，a\\b")]


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("共⟦活动次数次", "unclosed-figure", "⟦活动次数次"),
        ("共活动次数⟧次", "unclosed-figure", "⟧"),
        ("共⟦活动⟦次数⟧", "unclosed-figure", "⟦活动"),
        ("共⟦ ⟧次", "empty-figure", "⟦ ⟧"),
        ("**（一）上街。", "unclosed-lead", "**（一）上街。"),
        ("**甲**乙**丙", "unclosed-lead", "**丙"),
    ],
)
def test_a_mark_that_is_not_whole_is_refused_and_shown(text: str, code: str, name: str) -> None:
    with pytest.raises(MarkupError) as caught:
        parse_markup(text)
    assert (caught.value.code, caught.value.params) == (code, {"name": name})
    assert name in explain(code, caught.value.params)[0]
