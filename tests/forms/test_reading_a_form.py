"""A form's JSON is read whole or not at all, and every mistake is named with its place."""

from typing import Any

import pytest

from chuangwen.forms.messages import MESSAGES, OF_FORMS, said
from chuangwen.forms.rules.parsing import parse
from chuangwen.forms.rules.problems import BadForm
from tests.factories.forms import checklist, question, source, text


def wrong(given: object) -> list[tuple[str, str]]:
    with pytest.raises(BadForm) as caught:
        parse(given)
    assert all(said(each)[0] and said(each)[1] for each in caught.value.problems)
    return [(each.code, each.where) for each in caught.value.problems]


def test_a_form_is_read_with_all_that_it_says() -> None:
    form = parse(checklist())
    assert [each.key for each in form.questions()] == ["clean", "notices", "recited", "lit", "remark"]
    notices = list(form.questions())[1]
    assert (notices.at_least, notices.measure.en, notices.proof) == (5, "places", frozenset({"note"}))
    assert notices.ratio == (0, 1)


@pytest.mark.parametrize("nonsense", [None, 3, "form", [], {}, {"sections": []}, {"sections": {}}])
def test_what_is_no_form_is_refused(nonsense: object) -> None:
    assert wrong(nonsense)


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("unknown_kind", question("a", "matrix"), "sections[0].questions[0]"),
    ("unknown_entry", question("a", "text", colour="red"), "sections[0].questions[0]"),
    ("bad_key", question("A b", "text"), "sections[0].questions[0].key"),
    ("bad_key", question("a__b", "text"), "sections[0].questions[0].key"),
    ("bad_key", question("empty", "text"), "sections[0].questions[0].key"),
    ("text_missing", {"key": "a", "kind": "text", "label": {"en": "only"}}, "sections[0].questions[0].label"),
    ("text_long", question("a", "text", help=text("长" * 401)), "sections[0].questions[0].help"),
    ("not_yes_or_no", question("a", "text", required="yes"), "sections[0].questions[0].required"),
    ("number_out", question("a", "text", most=0), "sections[0].questions[0].most"),
    ("number_out", question("a", "text", most=True), "sections[0].questions[0].most"),
    ("number_out", question("a", "whole", low=1.5), "sections[0].questions[0].low"),
    ("number_out", question("a", "decimal", low=float("inf")), "sections[0].questions[0].low"),
    ("limits_crossed", question("a", "whole", low=5, high=1), "sections[0].questions[0]"),
    ("not_a_list", question("a", "one"), "sections[0].questions[0].choices"),
    ("choice_twice", question("a", "one", choices=[{"key": "x", "label": text("甲")}] * 2),
     "sections[0].questions[0].choices[1]"),
    ("counted_rule", question("a", "counted"), "sections[0].questions[0]"),
    ("counted_rule", question("a", "counted", at_least=1, at_most=2), "sections[0].questions[0]"),
    ("asked_rule", question("a", "asked", asked=3, correct=5), "sections[0].questions[0]"),
    ("share_rule", question("a", "share"), "sections[0].questions[0]"),
    ("unknown_word", question("a", "check", sources=["S9"]), "sections[0].questions[0].sources"),
    ("unknown_word", question("a", "check", methods=["guess"]), "sections[0].questions[0].methods"),
    ("unknown_word", question("a", "check", proof=["video"]), "sections[0].questions[0].proof"),
    ("not_an_object", question("a", "check", exceptions=["划线内"]), "sections[0].questions[0].exceptions[0]"),
    ("expression_empty", question("a", "text", shown_if=True), "sections[0].questions[0].shown_if"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "asked", "where"), MISTAKES, ids=[f"{each[0]} {n}" for n, each in enumerate(MISTAKES)]
)
def test_a_mistake_is_named_with_its_place(code: str, asked: dict[str, Any], where: str) -> None:
    assert wrong(source(asked)) == [(code, where)]


def test_two_questions_with_one_key_are_refused() -> None:
    assert wrong(source(question("a", "text"), question("a", "whole"))) == [
        ("key_twice", "sections[0].questions[1].key")
    ]


def test_every_mistake_is_named_at_once() -> None:
    found = wrong(source(question("a", "matrix"), question("b", "counted"), question("B", "text")))
    assert [code for code, _where in found] == ["unknown_kind", "counted_rule", "bad_key"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"id": "S1", "title": "转载", "grade": "D", "url": "http://example.org"}, "source_linked"),
        ({"id": "S1", "title": "报", "grade": "B", "url": "javascript:alert(1)"}, "source_linked"),
        ({"id": "S1", "title": "报", "grade": "E"}, "bad_source"),
        ({"title": "报", "grade": "B"}, "bad_source"),
    ],
)
def test_a_source_of_unknown_hand_has_no_link(entry: dict[str, str], code: str) -> None:
    assert wrong(source(question("a", "text"), sources=[entry])) == [(code, "sources[0]")]


def conditioned(*conditions: str | None) -> dict[str, Any]:
    """Whole-number questions a, b, c … each with its condition."""
    asked = [
        question("abcdef"[at], "whole", low=0, high=1000) | ({} if condition is None else {"shown_if": condition})
        for at, condition in enumerate(conditions)
    ]
    return source(*asked)


def test_a_circle_of_conditions_is_named_with_its_path() -> None:
    with pytest.raises(BadForm) as caught:
        parse(conditioned("{c} > 1", "{a} > 1", "{b} > 1"))
    (problem,) = caught.value.problems
    assert problem.code == "circle"
    assert problem.params["path"] == "a → c → b → a"
    assert "a → c → b → a" in said(problem)[0]


def test_a_question_that_asks_about_itself_is_a_circle() -> None:
    with pytest.raises(BadForm) as caught:
        parse(conditioned("{a} > 1"))
    assert caught.value.problems[0].params["path"] == "a → a"


def test_a_circle_through_a_section_is_found() -> None:
    given = conditioned(None, "{a} > 1")
    given["sections"][0]["shown_if"] = "{b} > 1"
    assert [code for code, _where in wrong(given)] == ["circle"]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{z} > 1", "condition_unknown"),
        ("{c} > 1", "condition_below"),
        ("{a} / 0 > 1", "expression_divides"),
        ("{a} * {a} * {a} * {a} * {a} * {a} > 1", "expression_grows"),
        ("{a} * 999999999999 * 999999 > 1", "expression_grows"),
        ("{a} + 1.5 > 1", "expression_whole"),
        ("{a} = 'yes'", "expression_mixed"),
        ("{a} = true", "expression_mixed"),
        ("{a} contains 'x'", "expression_contains"),
        ("{a} + 1", "expression_no_condition"),
        ("{a}", "expression_no_condition"),
        ("{a} > 1 and {a}", "expression_no_condition"),
        ("{a} > ", "expression_ends"),
        ("({a} > 1", "expression_ends"),
        ("{a} > 1)", "expression_sign"),
        ("{a} == 1", "expression_sign"),
        ("{a} > 1; drop", "expression_sign"),
        ("__import__('os')", "expression_sign"),
        ("{a} ** 9 > 1", "expression_sign"),
        ("", "expression_empty"),
        ("not " * 13 + "{a} > 1", "expression_deep"),
        ("(" * 13 + "{a} > 1" + ")" * 13, "expression_deep"),
        ("{a} > 1 or " * 60 + "{a} > 1", "expression_long"),
        ("{a} > 1e9", "expression_sign"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_with_a_sentence(condition: str, code: str) -> None:
    assert [each for each, _where in wrong(conditioned(None, condition, None))] == [code]


def test_a_condition_names_only_choices_that_the_question_has() -> None:
    one = question("a", "one", choices=[{"key": "x", "label": text("甲")}])
    assert wrong(source(one, question("b", "text", shown_if="{a} = 'y'")))[0][0] == "expression_choice"
    assert parse(source(one, question("b", "text", shown_if="{a} != 'x'")))


def test_texts_dates_and_photos_are_only_asked_whether_they_are_there() -> None:
    for kind in ("text", "date", "time", "photo"):
        given = source(question("a", kind), question("b", "text", shown_if="{a} = 'x'"))
        assert wrong(given)[0][0] == "expression_mixed"
        assert parse(source(question("a", kind), question("b", "text", shown_if="empty({a})")))


def test_a_form_of_five_thousand_questions_is_refused() -> None:
    assert wrong(source(*[question(f"q{number}", "text") for number in range(5000)]))[0][0] == "too_many"


def test_every_mistake_has_a_sentence_and_every_sentence_its_code() -> None:
    written = set(OF_FORMS)
    tried = {code for code, _asked, _where in MISTAKES}
    assert tried <= written
    assert all(what and mend for what, mend in MESSAGES.values())
